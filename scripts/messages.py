"""Compiles the catalogues of all languages of the web (``django.po`` to ``django.mo``), and refuses one that is not whole.

usage: python scripts/messages.py [FOLDER]

Without a folder of catalogues, those of the vote site, of the press site and of editions. A language is added by a catalogue,
and a line in SANDUQ_LANGUAGES of sanduq_web/environment.py.
"""

from __future__ import annotations

import sys
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

WEB = Path(__file__).resolve().parent.parent / "web" / "src" / "sanduq_web"


def main() -> int:
    complaints = []
    folders = [Path(sys.argv[1])] if len(sys.argv) > 1 else [WEB / "locale", WEB / "press" / "locale", WEB / "disc" / "locale"]
    for path in sorted(path for folder in folders for path in folder.glob("*/LC_MESSAGES/django.po")):
        language = path.parent.parent.name
        with path.open("rb") as file:
            # Babel need not know the language (it has no South Azerbaijani): the catalogue says its own plural forms.
            catalog = read_po(file, abort_invalid=True)
        for message in catalog:
            texts = message.string if isinstance(message.string, tuple) else (message.string,)
            if message.id and not all(texts):
                complaints.append(f"{language}: not translated: {message.id}")
        compiled = path.with_suffix(".mo")
        partial = compiled.with_suffix(".mo.partial")
        with partial.open("wb") as file:
            write_mo(file, catalog, use_fuzzy=True)
        partial.replace(compiled)
    for complaint in complaints:
        print(complaint)
    return 1 if complaints else 0


if __name__ == "__main__":
    sys.exit(main())
