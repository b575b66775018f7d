"""0.1 and 0.2: JSON and the canonical text."""

from __future__ import annotations

from sanduq.algebra.numbers import Random
from sanduq.archive import json
from sanduq.archive.writer import record

from . import certificate, group
from .catalogue import vector
from .chain import TIME, Chain, Edit
from .world import world


def swap(old: bytes, new: bytes) -> Edit:
    """Replace the first place of a text."""

    def edit(data: bytes) -> bytes:
        if old not in data:
            raise ValueError(f"{old!r} is not there")
        return data.replace(old, new, 1)

    return edit


def with_election(edit: Edit) -> bytes:
    """An archive whose election's text is changed."""
    w = world()
    return Chain().setup(edit(w.election.raw), w.trustees.to_bytes(), w.roll.to_bytes()).content


def with_trustees(edit: Edit) -> bytes:
    """An archive whose trustees' text is changed."""
    w = world()
    return Chain().setup(w.election.raw, edit(w.trustees.to_bytes()), w.roll.to_bytes()).content


def with_roll(edit: Edit) -> bytes:
    """An archive whose roll's text is changed."""
    w = world()
    return Chain().setup(w.election.raw, w.trustees.to_bytes(), edit(w.roll.to_bytes())).content


def in_roll(digits: str) -> bytes:
    """A roll with one more entry."""
    return with_roll(lambda data: json.write([*json.read(data), digits]).encode())


def event_text(edit: Edit) -> bytes:
    """An archive whose last event, of a vote without ballots, is changed."""
    return world().chain().event("EndBallots", text=edit).content


# --- 0.1 --------------------------------------------------------------------------------------------------------------------


@vector("0.1-key-twice", "the election has its name twice: two programs may read two names", "A11", reader=True)
def _(rng: Random) -> bytes:
    return with_election(swap(b'"name":"plain"', b'"name":"N","name":"M"'))


@vector("0.1-unknown-field", "an event has a field that the format does not know", "B13", reader=True)
def _(rng: Random) -> bytes:
    return event_text(swap(b"}", b',"note":"hidden"}'))


@vector("0.1-nested-deep", "brackets nested deeper than a stack can be", "B14", reader=True)
def _(rng: Random) -> bytes:
    return with_trustees(lambda data: b"[" * 3_000 + b"]" * 3_000)


@vector("0.1-long-number", "a height of 100 digits", "B14", reader=True)
def _(rng: Random) -> bytes:
    return event_text(swap(b'"height":1', b'"height":1' + b"0" * 99))


@vector("0.1-not-a-number", "a height that is NaN, which some readers of JSON take", reader=True)
def _(rng: Random) -> bytes:
    return event_text(swap(b'"height":1', b'"height":NaN'))


@vector("0.1-not-utf8", "the election's name is not UTF-8", reader=True)
def _(rng: Random) -> bytes:
    return with_election(swap(b'"name":"plain"', b'"name":"\xff"'))


@vector("0.1-half-a-character", "a trustee's name is half of a surrogate pair", reader=True)
def _(rng: Random) -> bytes:
    return event_text(swap(b'"EndBallots"', b'"\\ud800"'))


def spelled(edit: Edit, rng: Random) -> bytes:
    """A ballot whose first challenge is written otherwise."""
    w = world()
    raw = w.ballot(0, rng)
    at = raw.index(b'"challenge":"') + 13
    return w.chain().ballots(raw[:at] + edit(raw[at:])).content


@vector("0.1-leading-zero", "a challenge inside a ballot with a zero before it", "B12", reader=True)
def _(rng: Random) -> bytes:
    return spelled(lambda rest: b"0" + rest, rng)


@vector("0.1-plus", "a challenge inside a ballot with a sign", "B12", reader=True)
def _(rng: Random) -> bytes:
    return spelled(lambda rest: b"+" + rest, rng)


@vector("0.1-hexadecimal", "a challenge inside a ballot in hexadecimal digits", "B12", reader=True)
def _(rng: Random) -> bytes:
    return spelled(lambda rest: b"%#x" % int(rest[: rest.index(b'"')]) + rest[rest.index(b'"') :], rng)


# --- 0.2 --------------------------------------------------------------------------------------------------------------------


@vector("0.2-event-order", "an event's fields stand in another order", "B13")
def _(rng: Random) -> bytes:
    return event_text(swap(b'"height":1,"type":"EndBallots"', b'"type":"EndBallots","height":1'))


@vector("0.2-header", "the archive's first record with white space", "B13")
def _(rng: Random) -> bytes:
    w, text = world(), b'{"version":1, "timestamp":"%d"}' % TIME
    first = record("BELENIOS", text, TIME)
    return Chain(first).setup(w.election.raw, w.trustees.to_bytes(), w.roll.to_bytes()).content


@vector("0.2-version-true", "a version that is true, and so equal to 1 in some languages", "A11")
def _(rng: Random) -> bytes:
    w, text = world(), b'{"version":true,"timestamp":"%d"}' % TIME
    first = record("BELENIOS", text, TIME)
    return Chain(first).setup(w.election.raw, w.trustees.to_bytes(), w.roll.to_bytes()).content


@vector("0.2-setup-data", "the setup data with white space", "B13")
def _(rng: Random) -> bytes:
    return world().chain(setup_data=lambda data: data + b" ").content


@vector("0.2-election-escape", "the election's name written with an escape that it does not need", "B13")
def _(rng: Random) -> bytes:
    return with_election(swap(b'"plain"', b'"pl\\u0061in"'))


@vector("0.2-trustees", "the trustees with the fields of a proof in another order", "B13")
def _(rng: Random) -> bytes:
    def edit(data: bytes) -> bytes:
        value = json.read(data)
        value[0][1] = dict(reversed(value[0][1].items()))
        return json.write(value).encode()

    return with_trustees(edit)


@vector("0.2-roll", "the roll with white space", "B13")
def _(rng: Random) -> bytes:
    return with_roll(swap(b",", b", "))


@vector("0.2-certificate", "the certificate of the credentials with white space", "B13")
def _(rng: Random) -> bytes:
    return certificate.archive(rng, text=lambda data: data + b" ")


@vector("0.2-cert-message", "the signed text of a trustee's certificate has white space", "B13")
def _(rng: Random) -> bytes:
    return group.archive(rng, certs=lambda g: g.sign_cert(0, g.cert_text(0) + " "))


@vector("0.2-coefficients-message", "the signed text of a trustee's coefficients has white space", "B13")
def _(rng: Random) -> bytes:
    return group.archive(rng, coefexps=lambda g: g.sign_coefexps(0, g.coefexps[0].message + " "))


@vector("0.2-tally", "the encrypted tally with white space", "B13")
def _(rng: Random) -> bytes:
    w = world()
    return w.chain().end().tally(w.sums(), 0, text=lambda data: data + b" ").content


@vector("0.2-sized-tally", "the sized encrypted tally with white space", "B13")
def _(rng: Random) -> bytes:
    w = world()
    return w.chain().end().tally(w.sums(), 0, sized=lambda data: data + b" ").content


@vector("0.2-decryption", "a partial decryption with white space", "B13")
def _(rng: Random) -> bytes:
    w = world()
    chain = w.chain().end().tally(w.sums(), 0)
    return chain.decryption(1, w.part(1, w.sums(), rng), text=lambda data: data + b" ").content


@vector("0.2-owned-decryption", "an owned partial decryption with its fields in another order", "B13")
def _(rng: Random) -> bytes:
    def edit(data: bytes) -> bytes:
        return json.write(dict(reversed(json.read(data).items()))).encode()

    w = world()
    chain = w.chain().end().tally(w.sums(), 0)
    return chain.decryption(1, w.part(1, w.sums(), rng), owned=edit).content


@vector("0.2-result", "the result with white space", "B13")
def _(rng: Random) -> bytes:
    w = world()
    chain = w.decrypted(w.chain().end().tally(w.sums(), 0), w.sums(), rng)
    return chain.result((0, 0), text=lambda data: data + b" ").content
