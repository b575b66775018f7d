"""Changes to texts and to JSON: what a clumsy or a cunning hand might do to a ballot or to any other record.

Everything takes a ``random.Random``, so that a seed says all. A text is changed byte by byte (:func:`change_text`); a JSON
value as a tree in which fields keep their order, may stand twice and may be written in any spelling (:func:`change_tree`). What
is made is mostly wrong in one way; whoever calls mends hashes and signatures, so that not only the first check is reached.
"""

from __future__ import annotations

import copy
import json
import random
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from mutate_values import OTHER_TYPES, Fields, Raw, Tree, change_value


def parse(text: str) -> Tree:
    """JSON as a tree."""
    return json.loads(text, object_pairs_hook=Fields)


def write(tree: Tree) -> str:
    """The compact text of a tree."""
    if isinstance(tree, Raw):
        return str(tree)
    if isinstance(tree, Fields):
        return "{" + ",".join(f"{write(name)}:{write(value)}" for name, value in tree) + "}"
    if isinstance(tree, list):
        return "[" + ",".join(map(write, tree)) + "]"
    return json.dumps(tree, ensure_ascii=False)


def field(tree: Tree, name: str) -> Tree:
    """The first field of that name; None where there is none."""
    return next((value for key, value in tree if key == name), None) if isinstance(tree, Fields) else None


@dataclass(frozen=True)
class Site:
    """A place in a tree: an item of a list, or the value of a field.

    ``path`` is the way to it, ``name`` that of its field, or of the list that it is an item of.
    """

    holder: list[Any]
    path: tuple[int, ...]
    name: str

    @property
    def index(self) -> int:
        """Its place in what holds it."""
        return self.path[-1]

    def get(self) -> Tree:
        """What stands there."""
        item = self.holder[self.index]
        return item[1] if isinstance(self.holder, Fields) else item

    def put(self, value: Tree) -> None:
        """Let something else stand there."""
        self.holder[self.index] = (self.holder[self.index][0], value) if isinstance(self.holder, Fields) else value

    def apart(self, other: Site) -> bool:
        """Whether neither is a part of the other."""
        shorter = min(len(self.path), len(other.path))
        return self.path[:shorter] != other.path[:shorter]


def sites(tree: Tree, name: str = "", path: tuple[int, ...] = ()) -> Iterator[Site]:
    """All places in a tree, outer ones first."""
    if not isinstance(tree, list):
        return
    for index, item in enumerate(tree):
        key, value = item if isinstance(tree, Fields) else (name, item)
        yield Site(tree, (*path, index), key)
        yield from sites(value, key, (*path, index))


# --- trees ------------------------------------------------------------------------------------------------------------------


def _any(rng: random.Random, tree: Tree, *, fields: bool = False) -> Site | None:
    """A place, or a field if that is asked for; deep places are as likely as shallow ones."""
    found = [site for site in sites(tree) if not fields or isinstance(site.holder, Fields)]
    depth = rng.choice(sorted({len(site.path) for site in found})) if found else 0
    return rng.choice([site for site in found if len(site.path) == depth]) if found else None


def _scalar(rng: random.Random, tree: Tree, site: Site) -> str:
    leaves = [leaf for leaf in sites(tree) if not isinstance(leaf.get(), list)]
    if not leaves:
        return "no value"
    leaf = rng.choice(leaves)
    what, value = change_value(rng, leaf.get())
    leaf.put(value)
    return f"{leaf.name}: {what}"


def _exchange(rng: random.Random, tree: Tree, site: Site) -> str:
    """A challenge with a challenge, a proof with a proof: both ways, or one of them copied."""
    alike = [other for other in sites(tree) if other.name == site.name and site.apart(other)]
    if not alike:
        return f"{site.name}: alone"
    other = rng.choice(alike)
    mine, theirs = site.get(), other.get()
    site.put(copy.deepcopy(theirs))
    if rng.random() < 0.6:
        other.put(copy.deepcopy(mine))
        return f"two {site.name} exchanged"
    return f"{site.name} copied"


def _remove(rng: random.Random, tree: Tree, site: Site) -> str:
    del site.holder[site.index]
    return f"{site.name} removed"


def _twice(rng: random.Random, tree: Tree, site: Site) -> str:
    site.holder.insert(site.index + rng.randint(0, 1), copy.deepcopy(site.holder[site.index]))
    return f"{site.name} twice"


def _order(rng: random.Random, tree: Tree, site: Site) -> str:
    other = rng.randrange(len(site.holder))
    site.holder[site.index], site.holder[other] = site.holder[other], site.holder[site.index]
    return f"{site.name} moved"


def _retype(rng: random.Random, tree: Tree, site: Site) -> str:
    value = rng.choice(OTHER_TYPES)
    site.put(copy.deepcopy(value))
    return f"{site.name} is {value!r}"


def _wrap(rng: random.Random, tree: Tree, site: Site) -> str:
    site.put([site.get()] if rng.random() < 0.7 else Fields([(site.name, site.get())]))
    return f"{site.name} wrapped"


def _spelling(rng: random.Random, tree: Tree, site: Site) -> str:
    """The same value, written in another way."""
    text = write(site.get())
    if text.startswith('"') and len(text) > 2 and rng.random() < 0.7:
        place = rng.randrange(1, len(text) - 1)
        escape = rng.choice(["\\u{:04x}", "\\u{:04X}"]).format(ord(text[place]) & 0xFFFF)
        text = text[:place] + escape + text[place + 1 :] if text[place] not in '\\"u' else text.replace("/", "\\/")
    else:
        space = rng.choice([" ", "\t", "\n", "\r\n", "\u00a0", "\ufeff", "\x00"])
        text = space + text if rng.random() < 0.5 else text + space
    site.put(Raw(text))
    return f"{site.name} spelled otherwise"


def _rename(rng: random.Random, tree: Tree, site: Site) -> str:
    key = rng.choice(
        [
            site.name.upper(),
            site.name + " ",
            "",
            "blank_proof",
            "x",
            Raw(f'"\\u{ord((site.name or "x")[0]):04x}{site.name[1:]}"'),
        ]
    )
    site.holder[site.index] = (key, site.get())
    return f"{site.name} renamed"


def _unknown(rng: random.Random, tree: Tree, site: Site) -> str:
    key, value = (
        rng.choice(["x", "__proto__", "blank_proof", "weight", ""]),
        copy.deepcopy(rng.choice([*OTHER_TYPES, site.get()])),
    )
    site.holder.insert(rng.randint(0, len(site.holder)), (key, value))
    return f"a field {key!r} more"


ANYWHERE = (*[_scalar] * 6, *[_exchange] * 3, _remove, _twice, _order, _retype, _wrap, _spelling, _spelling)
FIELDS_ONLY = (_remove, _twice, _order, _rename, _unknown)


def change_tree(rng: random.Random, tree: Tree) -> str:
    """Change one thing in a tree; says what."""
    fields = rng.random() < 0.2
    site = _any(rng, tree, fields=fields)
    if site is None:
        return "nothing to change"
    return rng.choice(FIELDS_ONLY if fields else ANYWHERE)(rng, tree, site)


# --- texts ------------------------------------------------------------------------------------------------------------------

_PIECES = (
    b" ",
    b"\n",
    b"\x00",
    b"\xff",
    b"\xef\xbb\xbf",
    b",",
    b"[",
    b"}",
    b'"',
    b"0",
    b"\\u0041",
    "é".encode(),
    b"\xed\xa0\x80",
    b"null",
)


def change_text(rng: random.Random, text: bytes) -> tuple[str, bytes]:
    """Change some bytes; says how."""
    if not text:
        return "something out of nothing", rng.choice(_PIECES)
    at, piece = rng.randrange(len(text)), rng.choice(_PIECES)
    end = min(len(text), at + rng.choice([1, 1, 2, 8, 64]))
    changes = {
        "a bit flipped": lambda: text[:at] + bytes([text[at] ^ 1 << rng.randrange(8)]) + text[at + 1 :],
        "a byte replaced": lambda: text[:at] + rng.randbytes(1) + text[at + 1 :],
        "bytes removed": lambda: text[:at] + text[end:],
        "bytes twice": lambda: text[:end] + text[at:],
        "bytes inserted": lambda: text[:at] + piece + text[at:],
        "cut off": lambda: text[:at],
        "something before": lambda: piece + text,
        "something after": lambda: text + piece,
        "twice": lambda: text + text,
        "a digit changed": lambda: re.sub(rb"[0-9](?=[^0-9]*\Z)", b"%d" % rng.randrange(10), text[:at]) + text[at:],
    }
    name = rng.choice(list(changes))
    return name, changes[name]()
