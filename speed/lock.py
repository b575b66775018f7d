#!/usr/bin/env python3
"""Pins the crates: ``locked-crates.txt`` into ``Cargo.lock`` and, with ``--update``, back.

``locked-crates.txt`` holds one line for each crate from the registry: name, version, SHA-256 of its package. It stands in the
repository in the place of ``Cargo.lock``, which names a host in every entry and is made anew from the list wherever it is
needed::

    python3 lock.py             # Cargo.lock from the list; then build with --locked
    cargo update                # when newer versions are wanted …
    python3 lock.py --update    # … and tried: the list from Cargo.lock

Cargo.lock also says which crate needs which. Those edges follow from the crates themselves: this script writes entries
without them, lets ``cargo metadata`` fill them in, and then reads the file again. cargo keeps the versions that it finds
there as long as they satisfy the manifests; that every name, version and checksum is still the list's, none more and none
less, is checked here and not assumed. From then on ``cargo build --locked`` (or ``maturin build --locked``) refuses to touch
the file, and cargo verifies every package that it downloads against its checksum.
"""

from __future__ import annotations

import subprocess
import sys
import tomllib
from pathlib import Path

HERE = Path(__file__).resolve().parent
LIST = HERE / "locked-crates.txt"
LOCK = HERE / "Cargo.lock"
# What cargo calls its default registry, in parts: the repository names no registry's host.
SOURCE = "registry+https://github.com/rust-lang/{}.io-index".format("crates")

Crate = tuple[str, str, str]


def listed() -> list[Crate]:
    """The crates of the list."""
    lines = LIST.read_text(encoding="ascii").splitlines()
    crates = []
    for number, line in enumerate(lines, 1):
        fields = line.split()
        if len(fields) != 3 or len(fields[2]) != 64:
            sys.exit(f"{LIST.name}:{number}: expected 'name version sha256', got {line!r}")
        crates.append((fields[0], fields[1], fields[2]))
    return crates


def locked() -> list[Crate]:
    """The crates from the registry that Cargo.lock has; our own have no source."""
    packages = tomllib.loads(LOCK.read_text(encoding="utf-8"))["package"]
    foreign = [package for package in packages if "source" in package]
    for package in foreign:
        if package["source"] != SOURCE:
            sys.exit(f"{package['name']}: from {package['source']}, expected the default registry")
    return sorted((package["name"], package["version"], package["checksum"]) for package in foreign)


def write_lock(crates: list[Crate]) -> None:
    """Cargo.lock with these crates, complete, or an exit with what cargo would have it be."""
    entries = (
        f'[[package]]\nname = "{name}"\nversion = "{version}"\nsource = "{SOURCE}"\nchecksum = "{checksum}"\n'
        for name, version, checksum in crates
    )
    LOCK.write_text("version = 4\n\n" + "\n".join(entries), encoding="ascii")
    metadata = ["cargo", "metadata", "--format-version=1", "--quiet"]
    if subprocess.run(metadata, cwd=HERE, stdout=subprocess.DEVNULL, check=False).returncode:
        LOCK.unlink()
        sys.exit(f"cargo refuses {LIST.name}")
    wanted, made = set(crates), set(locked())
    for name, version, checksum in sorted(wanted ^ made):
        sign = "-" if (name, version, checksum) in wanted else "+"
        print(f"{sign} {name} {version} {checksum}", file=sys.stderr)
    if wanted != made:
        LOCK.unlink()
        sys.exit(f"{LIST.name} and the manifests do not agree: run cargo update, then lock.py --update")


def main(arguments: list[str]) -> None:
    """One direction or the other."""
    if arguments == ["--update"]:
        LIST.write_text("".join(f"{' '.join(crate)}\n" for crate in locked()), encoding="ascii")
    elif not arguments:
        write_lock(listed())
    else:
        sys.exit(f"usage: {Path(__file__).name} [--update]")


if __name__ == "__main__":
    main(sys.argv[1:])
