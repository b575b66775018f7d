"""The supervisor's signatures and suspensions: 2.13, 8.16 to 8.18, and what 8.8, 8.10 and 8.11 say of them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sanduq.algebra.group import G
from sanduq.algebra.numbers import Random

from .catalogue import Folder, vector
from .foundations_text import swap
from .kit import Kit, Value, signature_of, signer_of
from .setup import frozen, set_to

NEUTRAL = "01" + "00" * 31
"""The identity, as RFC 8032 writes it: under this key R = B, S = 1 signs everything."""


def supervised(name: str, codes: tuple[str, ...] = ("A",), **other: Any) -> Kit:
    """A record whose setup names a supervisor."""
    return Kit(name, codes, supervised=True, **other)


def forged(kit: Kit, number: int, change: Callable[[Value], object]) -> Folder:
    """The record with another countersignature in its last line, whose number is given for the reader."""
    if number != len(kit.lines):
        raise ValueError(number)
    change(kit.lines[-1]["supervisor"])
    return kit.folder()


# --- 2.13 -------------------------------------------------------------------------------------------------------------------


@vector("2.13-no-point", "the supervisor's key is no point of the curve", reader=True)
def _(rng: Random) -> Folder:
    return frozen("2.13", set_to("supervisor", to={"name": {"en": "Supervisor"}, "key": "02" + "00" * 31}))


@vector("2.13-identity", "the supervisor's key is the identity: everybody can sign in its name", "B10")
def _(rng: Random) -> Folder:
    kit = supervised("2.13", edit=set_to("supervisor", "key", to=NEUTRAL))
    signature = bytes.fromhex(G.hex)[::-1].hex() + "01" + "00" * 31
    return forged(kit, 1, lambda signed: signed.update(signature=signature))


@vector("2.13-box", "the supervisor's key is the box's: whoever runs the box signs in its name")
def _(rng: Random) -> Folder:
    key = signer_of("2.13").public_key().public_bytes_raw().hex()
    return supervised("2.13", edit=set_to("box_key", to=key)).folder()


# --- 8.8, 8.10 --------------------------------------------------------------------------------------------------------------


@vector("8.8-no-reason", "the vote was suspended and nobody said why")
def _(rng: Random) -> Folder:
    kit = supervised("8.8").open()
    return kit.suspend(details={"heads": kit.heads()}).folder()


@vector("8.8-empty-reason", "the reason for a suspension is empty", reader=True)
def _(rng: Random) -> Folder:
    kit = supervised("8.8").open()
    return kit.suspend(details={"heads": kit.heads(), "reason": {"en": " "}}).folder()


@vector("8.8-reason-of-nobody", "a reason in no language", reader=True)
def _(rng: Random) -> Folder:
    kit = supervised("8.8").open()
    return kit.suspend(details={"heads": kit.heads(), "reason": {}}).folder()


@vector("8.8-short-signature", "a countersignature is too short", reader=True)
def _(rng: Random) -> Folder:
    return forged(supervised("8.8").open(), 2, lambda signed: signed.update(signature=signed["signature"][:-2]))


@vector("8.10-suspended-before", "the vote was suspended before it was opened", "A2")
def _(rng: Random) -> Folder:
    return supervised("8.10").suspend().folder()


@vector("8.10-resumed-twice", "the vote was resumed, and was not suspended", "A2")
def _(rng: Random) -> Folder:
    return supervised("8.10").open().suspend().resume().resume().folder()


# --- 8.11, 8.18 -------------------------------------------------------------------------------------------------------------


@vector("8.11-head-of-suspension", "the box says that it stopped at an event that no archive has", "A5")
def _(rng: Random) -> Folder:
    details = {"heads": {"A": "0" * 64}, "reason": {"en": "A storm."}}
    return supervised("8.11").open().suspend(details=details).resume(details=details).folder()


@vector("8.18-between", "a ballot came in while the vote was suspended", "A5")
def _(rng: Random) -> Folder:
    return supervised("8.18").open().vote("A").suspend().vote("A", 1).resume().folder()


@vector("8.18-closed", "a ballot came in between a suspension and the close", "A5")
def _(rng: Random) -> Folder:
    return supervised("8.18").open().vote("A").suspend().vote("A", 1).close().folder()


@vector("8.18-still", "a ballot has come in though the vote is suspended", "A5")
def _(rng: Random) -> Folder:
    return supervised("8.18").open().suspend().vote("A").folder()


# --- 8.16, 8.17 -------------------------------------------------------------------------------------------------------------


@vector("8.16-frozen", "the supervisor has not signed what was frozen")
def _(rng: Random) -> Folder:
    kit = supervised("8.16")
    del kit.lines[0]["supervisor"]
    return kit.folder()


@vector("8.16-opened", "the vote was opened without the supervisor")
def _(rng: Random) -> Folder:
    return supervised("8.16").act("opened", supervisor=None).folder()


@vector("8.16-closed", "the vote was closed without the supervisor")
def _(rng: Random) -> Folder:
    return supervised("8.16").open().vote("A").close(supervisor=None).folder()


@vector("8.16-decided", "the supervisor has not signed the outcome")
def _(rng: Random) -> Folder:
    return supervised("8.16").open().vote("A").close().sum().count().decide(supervisor=None).folder()


@vector("8.16-nobody", "the vote was suspended, and the setup names nobody who may")
def _(rng: Random) -> Folder:
    return Kit("8.16").open().suspend().resume().folder()


@vector("8.17-other-key", "somebody else signed the opening")
def _(rng: Random) -> Folder:
    kit = supervised("8.17").open()
    made = signature_of(kit.anchor, kit.lines[-1], signer_of("somebody else"))
    return forged(kit, 2, lambda signed: signed.update(made))


@vector("8.17-other-referendum", "the supervisor signed the opening of another referendum", "B5")
def _(rng: Random) -> Folder:
    kit = supervised("8.17").open()
    made = signature_of(Kit("other").anchor, kit.lines[-1], signer_of("8.17"))
    return forged(kit, 2, lambda signed: signed.update(made))


@vector("8.17-other-act", "the supervisor signed that it is frozen, not that it is opened", "B8")
def _(rng: Random) -> Folder:
    kit = supervised("8.17").open()
    return forged(kit, 2, lambda signed: signed.update(signature=kit.lines[0]["supervisor"]["signature"]))


@vector("8.17-again", "a suspension is done a second time with the same signature", "B8")
def _(rng: Random) -> Folder:
    kit = supervised("8.17").open().suspend().resume()
    first = kit.lines[2]["supervisor"]
    return kit.suspend(supervisor=first, time="2026-05-01T12:00:00Z").folder()


@vector("8.17-other-reason", "the published reason is not the one that the supervisor signed")
def _(rng: Random) -> Folder:
    kit = supervised("8.17").open().suspend()
    kit.lines[-1]["details"]["reason"] = {"en": "A ballot too many."}
    return kit.folder()


@vector("8.17-other-heads", "the supervisor signed a close with fewer ballots", "A5")
def _(rng: Random) -> Folder:
    kit = supervised("8.17").open().vote("A").close()
    made = signature_of(kit.anchor, kit.lines[-1], signer_of("8.17"), details={"heads": {"A": "0" * 64}})
    return forged(kit, 3, lambda signed: signed.update(made))


@vector("8.17-outcome", "the supervisor signed another outcome")
def _(rng: Random) -> Folder:
    kit = supervised("8.17").open().vote("A").close().sum().count().decide()
    made = signature_of(kit.anchor, kit.lines[-1], signer_of("8.17"), details={"outcome_sha256": "0" * 64})
    return forged(kit, 6, lambda signed: signed.update(made))


@vector("8.17-early", "the vote was opened before the time from which on the supervisor allows it")
def _(rng: Random) -> Folder:
    kit = supervised("8.17").open()
    made = signature_of(kit.anchor, kit.lines[-1], signer_of("8.17"), earliest="2026-05-01T08:00:00Z")
    return forged(kit, 2, lambda signed: signed.update(made))


@vector("8.17-earliest", "the time from which on it is allowed was moved")
def _(rng: Random) -> Folder:
    return forged(supervised("8.17").open(), 2, lambda signed: signed.update(earliest="2026-04-30T06:00:00Z"))


@vector("8.17-nobody", "a line is signed, and the setup names no supervisor", "B13")
def _(rng: Random) -> Folder:
    kit = Kit("8.17")
    kit.lines[0]["supervisor"] = signature_of(kit.anchor, kit.lines[0], signer_of("8.17"))
    return kit.folder()


@vector("8.17-sum", "a line is signed that nobody signs", "B13")
def _(rng: Random) -> Folder:
    kit = supervised("8.17").open().vote("A").close().sum()
    kit.lines[-1]["supervisor"] = kit.lines[-2]["supervisor"]
    return kit.folder()


@vector("8.8-other-field", "a countersignature with a field more", "B13", reader=True)
def _(rng: Random) -> Folder:
    return supervised("8.8").open().folder(journal=swap(b'"earliest":"2026-05-01', b'"by":"me","earliest":"2026-05-01'))
