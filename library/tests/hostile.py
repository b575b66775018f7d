"""Bytes that nobody writes in good faith, for any reader: short ones, and long ones for a process with little memory."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TypeVar

from mutate import parse, sites, write
from mutate_values import Fields, Raw
from sanduq.algebra.numbers import sha256_hex
from sanduq.archive.tar import BLOCK, Header, padding
from sanduq.archive.writer import first_record
from small import TIME

T = TypeVar("T")
MILLION = 1_000_000


def spread(items: Sequence[T], most: int) -> Sequence[T]:
    """At most so many of them, evenly from all over."""
    return items if len(items) <= most else [items[i * len(items) // most] for i in range(most)]


# --- JSON -------------------------------------------------------------------------------------------------------------------

VALUES: dict[str, str] = {
    "null": "null",
    "true": "true",
    "zero": "0",
    "minus one": "-1",
    "a large number": "9" * 80,
    "a number too large": "9" * 81,
    "a million digits": "7" * MILLION,
    "a fraction": "1.5",
    "NaN": "NaN",
    "Infinity": "-Infinity",
    "1e999": "1e999",
    "1e-999999999": "1e-999999999",
    "an empty text": '""',
    "a text": '"abc"',
    "NUL": '"\\u0000"',
    "NUL itself": '"\x00"',
    "half a surrogate pair": '"\\ud800"',
    "halves in the wrong order": '"\\udc00\\ud800"',
    "a pair": '"\\ud83d\\uddf3"',
    "other digits": '"\u0663\u0661"',
    "other direction": '"\u202eabc"',
    "64 digits": '"' + "0" * 64 + '"',
    "64 letters f": '"' + "f" * 64 + '"',
    "a text of a million": '"' + "a" * MILLION + '"',
    "an empty list": "[]",
    "an empty object": "{}",
    "a list": "[0]",
    "a list of a hundred thousand": "[" + ",".join(["0"] * 100_000) + "]",
    "an object": '{"":""}',
    "a key twice": '{"a":0,"a":0}',
    "a key of half a pair": '{"\\ud800":0}',
    "__proto__": '{"__proto__":{"__class__":"x"}}',
    "100,000 brackets": "[" * 100_000 + "]" * 100_000,
    "100,000 objects": '{"a":' * 100_000 + "0" + "}" * 100_000,
    "33 brackets": "[" * 33 + "]" * 33,
    "a path": '"../../../../etc/passwd"',
}
"""Values, as they are written."""

BYTES: dict[str, bytes] = {
    "nothing": b"",
    "a space": b" ",
    "NUL": b"\x00",
    "many NULs": bytes(10_240),
    "a newline": b"\n",
    "100,000 open brackets": b"[" * 100_000,
    "100,000 open objects": b'{"a":' * 100_000,
    "an open text": b'"' + b"a" * 1000,
    "an escape that ends": b'"\\u12',
    "a comma": b"[0,]",
    "two values": b"0 0",
    "a single quote": b"'a'",
    "a comment": b"/**/0",
    "not UTF-8": b'"\xff\xfe"',
    "too long for UTF-8": b'"\xc0\x80\xe0\x80\xaf"',
    "half a pair in UTF-8": b'"\xed\xa0\x80"',
    "a byte order mark": b"\xef\xbb\xbf[]",
    "UTF-16": '{"a":1}'.encode("utf-16"),
    "UTF-32": '{"a":1}'.encode("utf-32"),
    "Latin-1": "é".encode("latin-1"),
    "all bytes": bytes(range(256)) * 4,
    "many lines": b"\n" * 100_000,
    "many quotes": b'"' * 100_000,
    "gzip": b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03",
    **{f"the value {name}": value.encode("utf-8", "surrogatepass") for name, value in VALUES.items()},
}
"""Whole inputs."""


def truncated(text: bytes, most: int) -> Iterator[bytes]:
    """The beginnings of a text."""
    yield from (text[:end] for end in spread(range(len(text)), most))


def replaced(text: bytes, most: int) -> Iterator[tuple[str, bytes]]:
    """A JSON text with one of its values replaced by each of :data:`VALUES`, or removed, or with its key changed."""
    tree = parse(text.decode())
    values = {name: Raw(value) for name, value in VALUES.items()}
    jobs = [(number, name) for number in range(len(list(sites(tree)))) for name in [*values, "removed", "twice", "renamed"]]
    for number, name in spread(jobs, most):
        copy = parse(text.decode())
        site = list(sites(copy))[number]
        if name == "removed":
            del site.holder[site.index]
        elif name == "twice":
            site.holder.insert(site.index, site.holder[site.index])
        elif name != "renamed":
            site.put(values[name])
        elif isinstance(site.holder, Fields):
            site.holder[site.index] = ("\ud800", site.get())
        yield f"{'.'.join(map(str, site.path))} {name}", write(copy).encode("utf-8", "surrogatepass")


# --- archives ---------------------------------------------------------------------------------------------------------------


def header(
    name: bytes = b"BELENIOS", size: bytes = b"00000000003\0", time: bytes = b"%011o\0" % TIME, kind: bytes = b"0"
) -> bytes:
    """A header with any bytes in its fields, and the right checksum."""
    block = name.ljust(100, b"\0") + b"0000644\0" + b"0000000\0" * 2 + size + time + b" " * 8 + kind
    block = block.ljust(BLOCK, b"\0")
    return block[:148] + b"%06o\0 " % sum(block) + block[156:]


def archive_record(content: bytes, extension: str = "data") -> bytes:
    """A record with the right name."""
    name = f"{sha256_hex(content)}.{extension}.json"
    return Header(name, len(content), TIME).to_bytes() + content + bytes(padding(len(content)))


FIRST = first_record(TIME)

SIZES = {
    "terabytes": b"77777777777\0",
    "twelve digits": b"777777777777",
    "base 256": b"\x80" + bytes(10) + b"\xff",
    "negative, base 256": b"\xff" * 12,
    "negative": b"-0000000001\0",
    "no digits": b" " * 12,
    "nothing": bytes(12),
    "not octal": b"00000000008\0",
    "other digits": "٠٠٠٠٠١".encode(),
    "a gigabyte": b"%011o\0" % (1 << 30),
    "more than a gigabyte": b"%011o\0" % ((1 << 30) + 1),
    "a space behind": b"0000000003 \0",
}

NAMES = {
    "climbing": b"../" * 20 + b"etc/passwd",
    "absolute": b"/etc/passwd",
    "in a folder": b"a/" + b"0" * 64 + b".data.json",
    "no NUL": b"0" * 64 + b".data.json" + b"x" * 26,
    "100 letters": b"x" * 100,
    "a NUL within": b"BELENIOS\0x",
    "empty": b"",
    "not ASCII": "é".encode() * 20,
    "uppercase": b"A" * 64 + b".data.json",
    "a newline behind": b"0" * 64 + b".data.json\n",
    "another ending": b"0" * 64 + b".event.json.gz",
    "BELENIOS again": b"BELENIOS",
}


def archives() -> Iterator[tuple[str, bytes]]:
    """Wrong archives, each a header or two long."""
    for name, size in SIZES.items():
        yield f"size: {name}", header(size=size)
        yield f"size: {name}, later", FIRST + header(b"0" * 64 + b".data.json", size)
        yield f"time: {name}", header(time=size)
    for name, text in NAMES.items():
        yield f"name: {name}", header(text) + bytes(BLOCK)
        yield f"name: {name}, later", FIRST + header(text) + bytes(BLOCK)
    yield "another kind", header(kind=b"5")
    yield "a link", header(kind=b"2")
    yield "zeros", bytes(BLOCK * 20)
    yield "ones", b"\xff" * BLOCK
    yield "the first alone", FIRST
    yield "empty records", FIRST + archive_record(b"") * 1000
    yield "empty events", FIRST + archive_record(b"", "event") * 1000
    yield "no setup", FIRST + archive_record(b'{"height":0,"type":"EndBallots"}', "event")
    brackets = b"[" * 100_000
    for count in range(6):
        data = [archive_record(brackets + b" " * number) for number in range(count)]
        for kind in ("Setup", "Ballot", "Result", "Shuffle"):
            event = b'{"height":0,"type":"%s","payload":"%s"}' % (kind.encode(), sha256_hex(brackets).encode())
            yield f"{kind} with {count} records", FIRST + b"".join(data) + archive_record(event, "event")
