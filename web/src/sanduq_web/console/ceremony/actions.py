"""Beginning a ceremony, and taking what the trustees hand over. Each message is judged by the library before it is kept."""

from __future__ import annotations

import re
from http import HTTPStatus
from typing import Final

from django.db import transaction

from sanduq import errors
from sanduq.algebra.numbers import sha256_hex
from sanduq.count.trial import check_trial, read_trial
from sanduq.count.trustee import read_heads
from sanduq.keys import ceremony as keys
from sanduq.keys.certificates import Context
from sanduq.keys.trustees import Pedersen, Single, Trustees, check_trustees
from sanduq_web.console.ceremony.board import Board, board, seat_of
from sanduq_web.console.ceremony.judging import judge_decryption
from sanduq_web.console.ceremony.models import Ceremony, Kind, Message, Seat
from sanduq_web.console.drafting.freezing import plan_of
from sanduq_web.console.office.actions import one_line, write_down
from sanduq_web.console.office.api import Desk
from sanduq_web.console.office.models import Post, Role, Vote
from sanduq_web.problems import Problem

LARGEST: Final = {Kind.DECRYPTION: 16 << 20, Kind.HEADS: 1 << 20}
_OTHERWISE: Final = 256 << 10
_COMMITMENT: Final = re.compile(rb"[0-9a-f]{64}\Z")


@transaction.atomic
def begin(desk: Desk, reason: str = "") -> Ceremony:
    """Begin a ceremony of all trustees there are, or a new one, with the reason, where a key was lost. All before is void.

    Raises :class:`sanduq.errors.Unusable` after the freezing, and where there are not as many trustees as the draft has.
    """
    vote = Vote.objects.select_for_update().get(pk=desk.of.pk)
    if vote.referendum_id is not None:
        raise errors.Unusable("this vote is frozen, with its keys", hint="a key that is lost now is what the threshold is for")
    wanted = plan_of(vote).trustees
    mandatory, size = (wanted.count, 0) if wanted.threshold is None else (wanted.mandatory, wanted.count)
    posts = list(Post.objects.filter(vote=vote, role=Role.TRUSTEE, admitted=True, ended_at=None).order_by("pk"))
    if len(posts) != mandatory + size:
        raise errors.Unusable(f"{len(posts)} trustees are there; the draft has {mandatory + size}", hint="invite them first")
    last = Ceremony.objects.filter(vote=vote).order_by("-round").first()
    if last is not None:
        reason = one_line(reason, "reason", 500)
    made = Ceremony.objects.create(
        vote=vote, round=last.round + 1 if last else 1, mandatory=mandatory, size=size, threshold=wanted.threshold or 0
    )
    Seat.objects.bulk_create(Seat(ceremony=made, owner=n, post=post) for n, post in enumerate(posts, 1))
    write_down(desk, "ceremony-begun", {"reason": reason, "round": made.round})
    return made


def take(desk: Desk, round_: int, kind: Kind, text: bytes) -> Board:
    """Keep what a trustee hands over. The same text again changes nothing.

    Raises :class:`sanduq.errors.Refused` with the check that it does not pass, and a :class:`sanduq_web.problems.Problem` for
    what is not wanted now.
    """
    text = text.removesuffix(b"\n").removesuffix(b"\r")
    if len(text) > LARGEST.get(kind, _OTHERWISE):
        raise Problem(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, f"{kind.value}: at most {LARGEST.get(kind, _OTHERWISE)} bytes")
    with transaction.atomic():
        Vote.objects.select_for_update().get(pk=desk.of.pk)
        found = board(desk.of)
        if found is None or found.ceremony.round != round_:
            raise Problem(
                HTTPStatus.CONFLICT, "another ceremony has begun meanwhile: all before is void", hint="make a new key"
            )
        seat = seat_of(found, desk.post)
        before = found.texts.get((kind.value, seat.owner))
        if before is not None:
            if before == text:
                return found
            raise Problem(HTTPStatus.CONFLICT, f"another {kind.value} of yours is there", hint="what is handed over stays")
        if kind not in found.wants(seat):
            raise Problem(HTTPStatus.CONFLICT, f"{kind.value} is not wanted now", hint=f"the ceremony is at: {found.step}")
        _judge(found, seat, kind, text)
        Message.objects.create(seat=seat, kind=kind, text=text, sha256=sha256_hex(text))
        write_down(
            desk, "ceremony-message", {"kind": kind.value, "owner": seat.owner, "round": round_, "sha256": sha256_hex(text)}
        )
        after = board(desk.of)
        assert after is not None  # noqa: S101  # for the checker of types
        return _complete(desk, after)


def _judge(found: Board, seat: Seat, kind: Kind, text: bytes) -> None:
    """The checks of the library on one message (spec 3.c, 7.i, 7.b)."""
    group, index, known = found.ceremony, found.index(seat), found.trustees
    match kind:
        case Kind.PUBKEY:
            keys.read_single(text)
        case Kind.CERT:
            keys.check_cert_for(text, Context(group.size, group.threshold, index))
            given = [each for each in found.of_group(Kind.CERT) if each is not None]
            if len(given) + 1 == group.size:
                together = found.of_group(Kind.CERT)
                together[index - 1] = text
                keys.read_certs([each for each in together if each is not None])
        case Kind.COMMITMENT:
            if not _COMMITMENT.match(text):
                raise Problem(HTTPStatus.BAD_REQUEST, "a commitment has 64 digits from 0 to f")
        case Kind.POLYNOMIAL:
            commitment = found.of_group(Kind.COMMITMENT)[index - 1] or b""
            keys.check_polynomial(found.certs, index, text, commitment.decode())
        case Kind.VOUTPUT:
            keys.check_voutput(found.certs, found.polynomials, index, text)
        case Kind.TRIAL:
            if known is not None and read_trial(known, text).owner != seat.owner:
                raise errors.DecryptionOwner("this is another trustee's", expected=seat.owner)
        case Kind.HEADS:
            if read_heads(text).owner != seat.owner:
                raise errors.DecryptionOwner("these are another trustee's heads", expected=seat.owner)
        case Kind.DECRYPTION:
            judge_decryption(str(found.ceremony.vote.referendum_id), seat, text)


def _complete(desk: Desk, found: Board) -> Board:
    """Put the keys together when all is there; open the trial when all have tried."""
    singles = [found.texts.get((Kind.PUBKEY.value, seat.owner)) for seat in found.seats if found.is_mandatory(seat)]
    whole = all(each is not None for each in singles) and (not found.ceremony.size or found.is_there(Kind.VOUTPUT))
    if whole and not found.ceremony.trustees:
        items: list[Single | Pedersen] = [Single(keys.read_single(each)) for each in singles if each is not None]
        if found.ceremony.size:
            outputs = [keys.read_voutput(each) for each in found.of_group(Kind.VOUTPUT) if each is not None]
            items.append(keys.assemble(found.certs, found.polynomials, outputs))
        trustees = Trustees(tuple(items))
        check_trustees(trustees)
        Ceremony.objects.filter(pk=found.ceremony.pk).update(trustees=trustees.to_bytes())
        write_down(desk, "ceremony-complete", {"round": found.ceremony.round, "trustees_sha256": trustees.sha256})
    elif found.trustees is not None and found.phase is None and all(each is not None for each in found.of_all(Kind.TRIAL)):
        known = found.trustees
        check_trial(known, [read_trial(known, each) for each in found.of_all(Kind.TRIAL) if each is not None])
    again = board(desk.of)
    assert again is not None  # noqa: S101  # for the checker of types
    return again
