"""Archives that are wrong, with their hashes mended: what a box that cheats could publish.

An archive is taken apart into events with their data (:class:`Link`); something is changed, in one record, in the order of
things or in what the numbers mean; then names, references, payloads, parents and heights are made right again, all of them or
all but one kind.
"""

from __future__ import annotations

import io
import random
from collections.abc import Callable
from dataclasses import dataclass, field

from mutate import change_text, change_tree, parse, write
from mutate import field as field_of
from mutate_ballot import mutant as ballot_mutant
from mutate_values import Fields
from sanduq.algebra.numbers import sha256_hex
from sanduq.archive.events import Kind
from sanduq.archive.reader import ArchiveReader
from sanduq.archive.tar import BLOCK, Header, padding
from sanduq.archive.writer import first_record
from sanduq.count.decryption import decrypt
from sanduq.roll import public_credential
from small import TIME, Small

MENDS = ("names", "references", "payload", "parent", "height")


@dataclass
class Link:
    """An event as it will be written: its kind and data, and fields that are not to be mended."""

    kind: str
    data: list[bytes]
    fixed: dict[str, object] = field(default_factory=dict)
    event: Callable[[bytes], bytes] | None = None


@dataclass
class Chain:
    """An archive in the making."""

    small: Small
    links: list[Link]
    mended: frozenset[str] = frozenset(MENDS)
    first: bytes = first_record(TIME)
    time: int = TIME

    def find(self, kind: Kind) -> list[int]:
        """The places of all events of a kind."""
        return [index for index, link in enumerate(self.links) if link.kind == kind]

    def to_bytes(self) -> bytes:
        """The archive, mended as far as it is to be."""
        parts, parent, was_parent, height = [self.first], None, None, 0
        for link in self.links:
            data = self._with_references(link)
            names = [sha256_hex(item) for item in data]
            value = self._event(link, names, parent if "parent" in self.mended else was_parent, height)
            raw = write(value).encode("utf-8", "surrogatepass")
            raw = link.event(raw) if link.event else raw
            parts += [
                self._record(f"{name}.data.json", item) for name, item in zip(self._names(link, names), data, strict=True)
            ]
            digest = sha256_hex(raw)
            parts.append(self._record(f"{digest}.event.json", raw))
            parent, was_parent, height = digest, link.fixed.get("own hash", digest), height + 1
        return b"".join(parts)

    def _names(self, link: Link, names: list[str]) -> list[str]:
        old = link.fixed.get("names")
        return names if "names" in self.mended or not isinstance(old, list) else (old + names)[: len(names)]

    def _event(self, link: Link, names: list[str], parent: object, height: int) -> Fields:
        old_height, old_payload = link.fixed.get("height", height), link.fixed.get("payload")
        payload = (names[-1] if names else None) if "payload" in self.mended else old_payload
        fields: list[tuple[str, object]] = [] if parent is None else [("parent", parent)]
        fields += [("height", height if "height" in self.mended else old_height), ("type", link.kind)]
        return Fields(fields if payload is None else [*fields, ("payload", payload)])

    def _with_references(self, link: Link) -> list[bytes]:
        """The data with the last record naming those before it."""
        if "references" not in self.mended or len(link.data) < 2:
            return link.data
        last = parse_or_none(link.data[-1])
        if not isinstance(last, Fields):
            return link.data
        hashes = [sha256_hex(item) for item in link.data[:-1]]
        names = {
            Kind.SETUP: ["election", "trustees", "credentials", "credentials_certificate"],
            Kind.ENCRYPTED_TALLY: ["encrypted_tally"],
            Kind.PARTIAL_DECRYPTION: ["payload"],
        }.get(Kind(link.kind) if link.kind in list(Kind) else Kind.RESULT, [])
        right = dict(zip(names, hashes, strict=False))
        fields = Fields((name, right.get(name, value)) for name, value in last)
        if link.kind == Kind.SETUP and len(hashes) == 4 and field_of(fields, "credentials_certificate") is None:
            fields.append(("credentials_certificate", hashes[3]))
        return [*link.data[:-1], write(fields).encode("utf-8", "surrogatepass")]

    def _record(self, name: str, content: bytes) -> bytes:
        return Header(name, len(content), self.time).to_bytes() + content + bytes(padding(len(content)))


def parse_or_none(data: bytes) -> object:
    """The tree of a record, if it is JSON."""
    try:
        return parse(data.decode())
    except ValueError:
        return None


def chain_of(small: Small) -> Chain:
    """The archive of a small election, taken apart."""
    links = []
    for entry in ArchiveReader(io.BytesIO(small.archive)):
        names = [sha256_hex(item) for item in entry.data]
        fixed = {"names": names, "height": entry.event.height, "payload": entry.event.payload, "own hash": entry.hash}
        links.append(Link(entry.event.kind.value, list(entry.data), fixed))
    return Chain(small, links)


# --- what is changed --------------------------------------------------------------------------------------------------------

Change = Callable[[Chain, random.Random], str]


def _some_link(chain: Chain, rng: random.Random) -> Link:
    """Not the ballots most of the time: they have changes of their own."""
    links = [link for link in chain.links if link.data and (link.kind != Kind.BALLOT or rng.random() < 0.1)]
    return rng.choice(links)


def _record_tree(chain: Chain, rng: random.Random) -> str:
    link = _some_link(chain, rng)
    place = rng.randrange(len(link.data))
    tree = parse_or_none(link.data[place])
    if not isinstance(tree, list):
        return "a record that is no JSON any more"
    what = [change_tree(rng, tree) for _ in range(rng.choice([1, 1, 1, 2]))]
    link.data[place] = write(tree).encode("utf-8", "surrogatepass")
    return f"{link.kind} record {place + 1}: {', '.join(what)}"


def _record_text(chain: Chain, rng: random.Random) -> str:
    link = _some_link(chain, rng)
    place = rng.randrange(len(link.data))
    what, link.data[place] = change_text(rng, link.data[place])
    return f"{link.kind} record {place + 1}: {what}"


def _ballot(chain: Chain, rng: random.Random) -> str:
    what, raw = ballot_mutant(chain.small, rng)
    places = chain.find(Kind.BALLOT)
    if places and rng.random() < 0.5:
        chain.links[rng.choice(places)].data = [raw]
    else:
        chain.links.insert(rng.randint(1, 1 + len(places)), Link(Kind.BALLOT.value, [raw]))
    return f"ballot: {what}"


def _event_text(chain: Chain, rng: random.Random) -> str:
    link = rng.choice(chain.links)
    seed = rng.random()

    def change(raw: bytes) -> bytes:
        again = random.Random(seed)
        tree = parse(raw.decode())
        change_tree(again, tree)
        return write(tree).encode("utf-8", "surrogatepass") if again.random() < 0.8 else change_text(again, raw)[1]

    link.event = change
    return f"text of the event {link.kind}"


def _event_removed(chain: Chain, rng: random.Random) -> str:
    link = chain.links.pop(rng.randrange(len(chain.links)))
    return f"{link.kind} removed"


def _events_cut(chain: Chain, rng: random.Random) -> str:
    del chain.links[rng.randrange(1, len(chain.links) + 1) :]
    return f"ends after {len(chain.links)} events"


def _event_moved(chain: Chain, rng: random.Random) -> str:
    link = chain.links.pop(rng.randrange(len(chain.links)))
    chain.links.insert(rng.randint(0, len(chain.links)), link)
    return f"{link.kind} moved"


def _event_twice(chain: Chain, rng: random.Random) -> str:
    link = rng.choice(chain.links)
    chain.links.insert(rng.randint(0, len(chain.links)), Link(link.kind, list(link.data), link.fixed))
    return f"{link.kind} twice"


def _event_other_kind(chain: Chain, rng: random.Random) -> str:
    link = rng.choice(chain.links)
    before, link.kind = link.kind, rng.choice([*list(Kind), "ballot", "", "Accident"])
    return f"{before} becomes {link.kind!r}"


def _event_new(chain: Chain, rng: random.Random) -> str:
    kind = rng.choice([Kind.END_SHUFFLES, Kind.END_SHUFFLES, Kind.END_BALLOTS, Kind.SHUFFLE])
    place = rng.choice([rng.randint(0, len(chain.links)), *(index + 1 for index in chain.find(Kind.ENCRYPTED_TALLY))])
    chain.links.insert(place, Link(kind.value, []))
    return f"{kind} at {place}"


def _data_records(chain: Chain, rng: random.Random) -> str:
    link = rng.choice(chain.links)
    what = rng.choice(["removed", "twice", "moved", "foreign", "empty"])
    if what in ("removed", "moved", "twice") and not link.data:
        what = "foreign"
    if what == "removed":
        link.data.pop(rng.randrange(len(link.data)))
    elif what == "moved":
        rng.shuffle(link.data)
    elif what == "twice":
        link.data.insert(0, rng.choice(link.data))
    else:
        other = rng.choice([other for other in chain.links if other.data]).data
        link.data.insert(rng.randint(0, len(link.data)), b"" if what == "empty" else rng.choice(other))
    return f"data of {link.kind} {what}"


def _ballots_shuffled(chain: Chain, rng: random.Random) -> str:
    """Right as long as each voter's last ballot stays the last."""
    places = chain.find(Kind.BALLOT)
    links = [chain.links[place] for place in places]
    rng.shuffle(links)
    for place, link in zip(places, links, strict=True):
        chain.links[place] = link
    return "ballots in another order"


def _decryptions_shuffled(chain: Chain, rng: random.Random) -> str:
    """Right: they may stand in any order."""
    places = chain.find(Kind.PARTIAL_DECRYPTION)
    links = [chain.links[place] for place in places]
    rng.shuffle(links)
    for place, link in zip(places, links, strict=True):
        chain.links[place] = link
    return "decryptions in another order"


def _decryption_more(chain: Chain, rng: random.Random) -> str:
    """One more decryption, right or by another key, of its owner or of another one."""
    small = chain.small
    places = chain.find(Kind.PARTIAL_DECRYPTION)
    if not places:
        return "nobody decrypts"
    owner, claimed = rng.choice(list(small.keys)), rng.choice([*small.keys, 0, len(small.keys) + 1])
    data = decrypt(sums_of(small), small.election, small.keys[owner], lambda: rng.getrandbits(250)).to_bytes()
    owned = f'{{"owner":{claimed},"payload":"{sha256_hex(data)}"}}'.encode()
    chain.links.insert(rng.choice([places[0], places[-1] + 1]), Link(Kind.PARTIAL_DECRYPTION.value, [data, owned]))
    return f"decryption by {owner} as {claimed}"


def _roll(chain: Chain, rng: random.Random) -> str:
    tree = parse_or_none(chain.links[0].data[2]) if len(chain.links[0].data) > 2 else None
    if not isinstance(tree, list) or isinstance(tree, Fields) or not tree:
        return "no roll to change"
    what = rng.choice(["removed", "shuffled", "added", "weight"])
    if what == "removed":
        tree.pop(rng.randrange(len(tree)))
    elif what == "shuffled":
        rng.shuffle(tree)
    elif what == "added":
        tree.append(public_credential(chain.small.election.uuid, "AAAAA-AAAAAA-AAAAA-AAAAAA"))
    else:
        place = rng.randrange(len(tree))
        tree[place] = (
            f"{str(tree[place])[:64]},{rng.choice(['0', '1', '2', '01', '-1', '100000000000', '100000000001', '1e3', ''])}"
        )
    chain.links[0].data[2] = write(tree).encode()
    return f"roll: {what}"


def sums_of(small: Small) -> tuple[tuple[object, ...], ...]:
    """The encrypted sums in the archive."""
    from sanduq.count.tally import read_tally

    for entry in ArchiveReader(io.BytesIO(small.archive)):
        if entry.event.kind is Kind.ENCRYPTED_TALLY:
            return read_tally(entry.data[0], small.election)
    raise AssertionError("the archive has no sums")


CHANGES: list[Change] = [
    *[_record_tree] * 10,
    *[_record_text] * 2,
    *[_ballot] * 5,
    *[_event_text] * 3,
    _event_removed,
    _events_cut,
    _event_moved,
    _event_twice,
    _event_other_kind,
    _event_new,
    _data_records,
    _data_records,
    _ballots_shuffled,
    _decryptions_shuffled,
    _decryption_more,
    _roll,
    _roll,
]


def _container(rng: random.Random, archive: bytes) -> tuple[str, bytes]:
    """Change a header, the padding or the end of the file."""
    what = rng.choice(["header byte", "header field", "padding", "end", "text"])
    headers = [place for place in range(0, len(archive), BLOCK) if archive[place + 100 : place + 108] == b"0000644\0"]
    at = rng.choice(headers)
    if what == "header byte":
        at += rng.randrange(BLOCK)
        return what, archive[:at] + rng.randbytes(1) + archive[at + 1 :]
    if what == "header field":
        return what, archive[:at] + _other_header(rng, archive[at : at + BLOCK]) + archive[at + BLOCK :]
    if what == "padding":
        at += BLOCK - 1
        return what, archive[:at] + b"\1" + archive[at + 1 :]
    if what == "end":
        return what, rng.choice(
            [archive + bytes(1024), archive + bytes(1), archive[: rng.randrange(len(archive))], archive * 2]
        )
    return change_text(rng, archive)


def _other_header(rng: random.Random, block: bytes) -> bytes:
    """Another field, with the checksum made right."""
    start, value = rng.choice(
        [
            (0, b"../" + block[:97]),
            (100, b"0000755\0"),
            (
                124,
                rng.choice(
                    [
                        b"77777777777\0",
                        b"777777777777",
                        b"\x80" + bytes(11),
                        b"-0000000001\0",
                        b"00000000000\0",
                        b"           \0",
                    ]
                ),
            ),
            (136, b"%011o\0" % (TIME + 1)),
            (156, b"5"),
            (257, b"ustar\x0000"),
        ]
    )
    header = bytearray(block)
    header[start : start + len(value)] = value
    header[148:156] = b" " * 8
    header[148:156] = b"%06o\0 " % sum(header)
    return bytes(header)


def mutant(small: Small, rng: random.Random) -> tuple[str, bytes]:
    """An archive of this election, most often a wrong one, and what was done to it."""
    chain = chain_of(small)
    names = []
    for _ in range(rng.choice([1, 1, 1, 1, 2, 3])):
        if not chain.links:
            break
        names.append(rng.choice(CHANGES)(chain, rng))
    if rng.random() < 0.15:
        left = rng.choice(MENDS)
        chain.mended -= {left}
        names.append(f"{left} not mended")
    archive = chain.to_bytes()
    if rng.random() < 0.1:
        what, archive = _container(rng, archive)
        names.append(what)
    return "; ".join(names), archive
