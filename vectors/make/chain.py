"""An archive under construction: every part can be made wrong, and what depends on it is mended."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sanduq.algebra.numbers import sha256_hex
from sanduq.archive import json
from sanduq.archive.events import Owned, Sized
from sanduq.archive.tar import Header, padding
from sanduq.archive.writer import first_record
from sanduq.count.decryption import PartialDecryption
from sanduq.count.result import result_bytes
from sanduq.count.tally import tally_bytes
from sanduq.engine import Sums

TIME = 1_767_225_600
Edit = Callable[[bytes], bytes]


def same(data: bytes) -> bytes:
    """No edit."""
    return data


def header(name: str, size: int, time: int = TIME) -> bytes:
    """The 512 bytes before a record's content."""
    return Header(name, size, time).to_bytes()


def resum(block: bytes) -> bytes:
    """The header with its checksum mended, in its usual form."""
    bare = block[:148] + b" " * 8 + block[156:]
    return bare[:148] + b"%06o\0 " % sum(bare) + bare[156:]


def patched(block: bytes, at: int, new: bytes) -> bytes:
    """The header with other bytes at one place, and the checksum mended."""
    return resum(block[:at] + new + block[at + len(new) :])


class Chain:
    """The records so far, and the head that the next event names."""

    def __init__(self, first: bytes | None = None) -> None:
        self.content = first_record(TIME) if first is None else first
        self.head: str | None = None
        self.height = -1

    def raw(self, content: bytes) -> Chain:
        """Any bytes."""
        self.content += content
        return self

    def record(
        self, content: bytes, name: str | None = None, *, edit_header: Edit = same, kind: str = "data", pad: Edit = same
    ) -> str:
        """One record; gives the hash in its name."""
        digest = sha256_hex(content) if name is None else name
        block = edit_header(header(f"{digest}.{kind}.json", len(content)))
        self.content += block + content + pad(bytes(padding(len(content))))
        return digest

    def event(
        self,
        kind: str,
        *data: bytes,
        names: tuple[str | None, ...] = (),
        text: Edit = same,
        name: str | None = None,
        edit_header: Edit = same,
        **fields: Any,
    ) -> Chain:
        """An event with its data records. ``fields`` replaces parent, height, payload (None: not there), ``text`` the JSON."""
        given = names or (None,) * len(data)
        hashes = [self.record(item, said) for item, said in zip(data, given, strict=True)]
        value: dict[str, Any] = {"parent": self.head, "height": self.height + 1, "type": kind}
        value["payload"] = hashes[-1] if hashes else None
        value |= fields
        written = text(json.write({key: item for key, item in value.items() if item is not None}).encode())
        self.head = self.record(written, name, kind="event", edit_header=edit_header)
        self.height += 1
        return self

    def setup(self, election: bytes, trustees: bytes, roll: bytes, certificate: bytes | None = None, **other: Any) -> Chain:
        """The Setup event. ``setup_data`` replaces the text that links its records."""
        data = [election, trustees, roll] + ([] if certificate is None else [certificate])
        names = ("election", "trustees", "credentials", "credentials_certificate")
        links = json.write(dict(zip(names, map(sha256_hex, data), strict=False))).encode()
        edit = other.pop("setup_data", same)
        return self.event("Setup", *data, edit(links), **other)

    def ballots(self, *raws: bytes) -> Chain:
        """Ballot events."""
        for raw in raws:
            self.event("Ballot", raw)
        return self

    def end(self) -> Chain:
        """The end of the ballots."""
        return self.event("EndBallots")

    def tally(self, sums: Sums, counted: int, weight: int | None = None, *, text: Edit = same, sized: Edit = same) -> Chain:
        """The encrypted tally."""
        data = text(tally_bytes(sums))
        link = Sized(counted, counted if weight is None else weight, sha256_hex(data)).to_bytes()
        return self.event("EncryptedTally", data, sized(link))

    def decryption(self, owner: int, part: PartialDecryption, *, text: Edit = same, owned: Edit = same) -> Chain:
        """A partial decryption."""
        data = text(part.to_bytes())
        return self.event("PartialDecryption", data, owned(Owned(owner, sha256_hex(data)).to_bytes()))

    def result(self, *rows: tuple[int, ...], text: Edit = same) -> Chain:
        """The result."""
        return self.event("Result", text(result_bytes(rows)))
