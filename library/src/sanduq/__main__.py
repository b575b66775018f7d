"""``python -m sanduq``."""

from sanduq.cli import main

if __name__ == "__main__":
    main()
