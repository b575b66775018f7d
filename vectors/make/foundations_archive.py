"""0.6 to 0.15: records, hashes, the chain and the order of events."""

from __future__ import annotations

from sanduq.algebra.numbers import Random, sha256_hex
from sanduq.archive.events import Owned, Sized
from sanduq.archive.writer import record

from . import group
from .catalogue import vector
from .chain import TIME, Chain, Edit, header, patched
from .world import World, world

RESULT = (1, 0)


def one_ballot(rng: Random) -> tuple[World, bytes, Chain]:
    """An open vote with one ballot, and another one that is not in it."""
    w = world()
    return w, w.ballot(1, rng), w.chain().ballots(w.ballot(0, rng))


# --- 0.6 --------------------------------------------------------------------------------------------------------------------


def cut(rng: Random, where: int) -> bytes:
    """An archive cut off inside its second ballot: that many bytes behind the beginning of its record."""
    _, raw, chain = one_ballot(rng)
    start = len(chain.content)
    return chain.ballots(raw).content[: start + where]


@vector("0.6-in-a-ballot", "the file ends inside a ballot", "A4")
def _(rng: Random) -> bytes:
    return cut(rng, 1000)


@vector("0.6-in-a-header", "the file ends inside a header", "A4")
def _(rng: Random) -> bytes:
    return cut(rng, 100)


@vector("0.6-in-the-padding", "the file ends inside the zero bytes behind a ballot", "A4")
def _(rng: Random) -> bytes:
    _, raw, chain = one_ballot(rng)
    chain.record(raw)
    return chain.content[:-1]


@vector("0.6-without-its-event", "the file ends behind a ballot whose event is missing", "A3")
def _(rng: Random) -> bytes:
    _, raw, chain = one_ballot(rng)
    chain.record(raw)
    return chain.content


@vector("0.6-size-beyond-the-file", "a record says that it is longer than the rest of the file", "A4")
def _(rng: Random) -> bytes:
    _, raw, chain = one_ballot(rng)
    return chain.raw(header(f"{sha256_hex(raw)}.data.json", len(raw) + 600) + raw).content


@vector("0.6-zero-bytes", "some zero bytes behind the last record", "A3")
def _(rng: Random) -> bytes:
    return world().chain().raw(bytes(100)).content


@vector("0.6-empty", "an empty file", "A4", reader=True)
def _(rng: Random) -> bytes:
    return b""


@vector("0.6-no-setup", "nothing behind the archive's first record", "A4", reader=True)
def _(rng: Random) -> bytes:
    return Chain().content


# --- 0.7 --------------------------------------------------------------------------------------------------------------------


def odd_header(edit: Edit) -> bytes:
    """A closed vote whose last header is changed."""
    return world().chain().event("EndBallots", edit_header=edit).content


@vector("0.7-mode", "a record's mode is another: bytes that nobody reads can hide something", "A3")
def _(rng: Random) -> bytes:
    return odd_header(lambda block: patched(block, 100, b"0000600"))


@vector("0.7-magic", "a record's header is of a newer format of tar", "A3")
def _(rng: Random) -> bytes:
    return odd_header(lambda block: patched(block, 257, b"ustar\x0000"))


@vector("0.7-checksum", "a record's checksum is wrong", "A3")
def _(rng: Random) -> bytes:
    return odd_header(lambda block: block[:148] + b"000000" + block[154:])


@vector("0.7-checksum-form", "a record's checksum is right, in another form", "A3")
def _(rng: Random) -> bytes:
    return odd_header(lambda block: block[:154] + b" \0" + block[156:])


@vector("0.7-size-form", "a record's size ends with a space", "A3")
def _(rng: Random) -> bytes:
    return odd_header(lambda block: patched(block, 135, b" "))


@vector("0.7-padding", "something stands in the zero bytes behind a record", "A3")
def _(rng: Random) -> bytes:
    _, raw, chain = one_ballot(rng)
    chain.record(raw, pad=lambda zeros: b"hidden".ljust(len(zeros), b"\0"))
    payload = sha256_hex(raw)
    return chain.event("Ballot", payload=payload).content


@vector("0.7-end-of-tar", "two blocks of zeros behind the last record, as tar writes them", "A3", reader=True)
def _(rng: Random) -> bytes:
    return world().chain().raw(bytes(1024)).content


@vector("0.7-size-of-twelve-digits", "a size that has no digit to end it, above what the form can write", "A4", reader=True)
def _(rng: Random) -> bytes:
    return odd_header(lambda block: patched(block, 124, b"777777777777"))


@vector("0.7-size-below-zero", "a size with a sign", "A4", reader=True)
def _(rng: Random) -> bytes:
    return odd_header(lambda block: patched(block, 124, b"-0000000123"))


# --- 0.8 to 0.10 ------------------------------------------------------------------------------------------------------------


def stranger(name: str, content: bytes = b"{}") -> bytes:
    """An archive with a record of any name at its end."""
    return world().chain().raw(record(name, content, TIME)).content


@vector("0.8-other-name", "a record has a name of its own", "A3", reader=True)
def _(rng: Random) -> bytes:
    return stranger("README")


@vector("0.8-behind-the-name", "something stands behind the zero byte that ends a name", "A3", reader=True)
def _(rng: Random) -> bytes:
    return stranger(sha256_hex(b"{}") + ".data.json\0hidden")


@vector("0.8-begins-again", "the archive's first record comes again", "A3", reader=True)
def _(rng: Random) -> bytes:
    return world().chain().raw(Chain().content).content


@vector("0.8-no-beginning", "the archive's first record is missing", "A3", reader=True)
def _(rng: Random) -> bytes:
    return world().chain().content[len(Chain().content) :]


@vector("0.9-version", "the archive is of version 2", group="archive version")
def _(rng: Random) -> bytes:
    return begun(b'{"version":2,"timestamp":"%d"}' % TIME)


@vector("0.9-timestamp", "the time in the first record is not that of the headers", "A3")
def _(rng: Random) -> bytes:
    return begun(b'{"version":1,"timestamp":"%d"}' % (TIME + 1))


def begun(text: bytes) -> bytes:
    """An archive with another first record."""
    w = world()
    return Chain(record("BELENIOS", text, TIME)).setup(w.election.raw, w.trustees.to_bytes(), w.roll.to_bytes()).content


@vector("0.9-other-time", "a record bears another time: bytes that nobody reads can hide something", "A3")
def _(rng: Random) -> bytes:
    return odd_header(lambda block: patched(block, 136, b"%011o" % (TIME + 1)))


@vector("0.10-setup", "a record of 8 GiB before the Setup event", "A4", reader=True)
def _(rng: Random) -> bytes:
    return Chain().raw(header("0" * 64 + ".data.json", 2**33 - 1)).content


@vector("0.10-ballot", "a ballot of 100 kB of which no reader should take even a look", "B14", reader=True)
def _(rng: Random) -> bytes:
    _, raw, chain = one_ballot(rng)
    return chain.raw(header(sha256_hex(raw) + ".data.json", 100_000) + raw).content


@vector("0.10-event", "an event of 513 bytes", "B14", reader=True)
def _(rng: Random) -> bytes:
    return world().chain().event("EndBallots", text=lambda data: data.ljust(513)).content


# --- 0.11 to 0.14 -----------------------------------------------------------------------------------------------------------


@vector("0.11-ballot", "a ballot was replaced by another good one of the same voter, under the old hash", "A3")
def _(rng: Random) -> bytes:
    w, old, chain = one_ballot(rng)
    return chain.event("Ballot", w.ballot(1, rng), names=(sha256_hex(old),)).content


@vector("0.11-event", "an event's name is not its hash", "A3")
def _(rng: Random) -> bytes:
    return world().chain().event("EndBallots", name="0" * 64).content


@vector("0.12-other", "an event names another one than the one before", "A3")
def _(rng: Random) -> bytes:
    return world().chain().event("EndBallots", parent="0" * 64).content


@vector("0.12-missing", "an event in the middle names none before it", "A3")
def _(rng: Random) -> bytes:
    return world().chain().event("EndBallots", parent=None).content


@vector("0.12-before-the-first", "the Setup event names one before it, which nobody was shown", "A3")
def _(rng: Random) -> bytes:
    return world().chain(parent="0" * 64).content


@vector("0.13-skipped", "a height is left out", "A3")
def _(rng: Random) -> bytes:
    return world().chain().event("EndBallots", height=2).content


@vector("0.13-repeated", "a height stands twice", "A3")
def _(rng: Random) -> bytes:
    return world().chain().event("EndBallots", height=0).content


@vector("0.14-extra-record", "a record that no event refers to stands before an event", "A3")
def _(rng: Random) -> bytes:
    chain = world().chain()
    chain.record(b'{"note":"hidden"}')
    return chain.event("EndBallots", payload=None).content


@vector("0.14-many-records", "six records that no event refers to", "A3")
def _(rng: Random) -> bytes:
    chain = world().chain()
    for number in range(6):
        chain.record(b"%d" % number)
    return chain.event("EndBallots", payload=None).content


@vector("0.14-payload", "a Ballot event names another ballot than the one before it", "A3")
def _(rng: Random) -> bytes:
    w, raw, chain = one_ballot(rng)
    return chain.event("Ballot", raw, payload=sha256_hex(w.ballot(1, rng))).content


@vector("0.14-payload-at-the-end", "an EndBallots event names a record", "A3")
def _(rng: Random) -> bytes:
    return world().chain().event("EndBallots", payload="0" * 64).content


@vector("0.14-no-ballot", "a Ballot event without its ballot", "A3", reader=True)
def _(rng: Random) -> bytes:
    return world().chain().event("Ballot", payload="0" * 64).content


@vector("0.14-roll-elsewhere", "the setup data name another roll than the one that stands there", "A3")
def _(rng: Random) -> bytes:
    other = sha256_hex(world("other").roll.to_bytes()).encode()
    w = world()
    return w.chain(setup_data=lambda data: data.replace(sha256_hex(w.roll.to_bytes()).encode(), other)).content


@vector("0.14-tally-elsewhere", "the sized tally names another encrypted tally", "A3")
def _(rng: Random) -> bytes:
    w = world()
    return w.chain().end().tally(w.sums(), 0, sized=lambda _: Sized(0, 0, "0" * 64).to_bytes()).content


@vector("0.14-decryption-elsewhere", "an owned partial decryption names another one", "A3")
def _(rng: Random) -> bytes:
    w = world()
    chain = w.chain().end().tally(w.sums(), 0)
    return chain.decryption(1, w.part(1, w.sums(), rng), owned=lambda _: Owned(1, "0" * 64).to_bytes()).content


# --- 0.15 -------------------------------------------------------------------------------------------------------------------


@vector("0.15-hidden-ballots", "EndBallots between ballots, and only those behind it in the sum", "A1", group="hidden ballots")
def _(rng: Random) -> bytes:
    w, raw, chain = one_ballot(rng)
    return chain.end().ballots(raw).end().tally(w.sums(raw), 1).content


@vector("0.15-end-twice", "EndBallots between ballots, all of them in the sum", "A1")
def _(rng: Random) -> bytes:
    _, raw, chain = one_ballot(rng)
    return chain.end().ballots(raw).end().content


@vector("0.15-shuffles-between-ballots", "EndShuffles between ballots", "A1")
def _(rng: Random) -> bytes:
    _, raw, chain = one_ballot(rng)
    return chain.event("EndShuffles").ballots(raw).content


@vector("0.15-second-setup", "a second Setup event, with another roll and key", "A2")
def _(rng: Random) -> bytes:
    w, other = one_ballot(rng)[2], world("other")
    w.setup(other.election.raw, other.trustees.to_bytes(), other.roll.to_bytes())
    return w.ballots(other.ballot(0, rng)).content


@vector("0.15-no-end", "an encrypted tally without the end of the ballots", "A2")
def _(rng: Random) -> bytes:
    w = world()
    return w.chain().tally(w.sums(), 0).content


@vector("0.15-late-ballot", "a ballot behind the encrypted tally", "A1")
def _(rng: Random) -> bytes:
    w = world()
    return w.chain().end().tally(w.sums(), 0).ballots(w.ballot(0, rng)).content


@vector("0.15-two-tallies", "two encrypted tallies", "A2")
def _(rng: Random) -> bytes:
    w = world()
    return w.chain().end().tally(w.sums(), 0).tally(w.sums(), 0).content


@vector("0.15-two-results", "two results", "A2")
def _(rng: Random) -> bytes:
    w = world()
    chain = w.decrypted(w.chain().end().tally(w.sums(), 0), w.sums(), rng)
    return chain.result((0, 0)).result((0, 0)).content


@vector("0.15-late-decryption", "a decryption behind the result", "A1")
def _(rng: Random) -> bytes:
    w = group.world()
    chain = w.decrypted(w.chain().end().tally(w.sums(), 0), w.sums(), rng, (1, 2))
    return chain.result((0, 0)).decryption(3, w.part(3, w.sums(), rng)).content


@vector("0.15-shuffle", "a shuffle, which belongs to questions that are refused", "A1")
def _(rng: Random) -> bytes:
    w = world()
    shuffle = b"[]"
    chain = w.chain().end().tally(w.sums(), 0)
    return chain.event("Shuffle", shuffle, Owned(1, sha256_hex(shuffle)).to_bytes()).event("EndShuffles").content


@vector("0.15-ballot-first", "a ballot before the Setup event", "A1", reader=True)
def _(rng: Random) -> bytes:
    w = world()
    chain = Chain().ballots(w.ballot(0, rng))
    return chain.setup(w.election.raw, w.trustees.to_bytes(), w.roll.to_bytes()).content
