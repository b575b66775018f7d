"""The board: who sits where, which messages are there, and what the ceremony waits for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sanduq import errors
from sanduq.keys import ceremony as keys
from sanduq.keys.certificates import Cert
from sanduq.keys.trustees import Trustees, read_trustees
from sanduq_web.box import api as box_api
from sanduq_web.console.ceremony.models import Ceremony, Kind, Message, Seat
from sanduq_web.console.office.models import Post, Vote

GROUP = (Kind.CERT, Kind.COMMITMENT, Kind.POLYNOMIAL, Kind.VOUTPUT)
"""Messages of the threshold group, in their order."""


@dataclass(frozen=True)
class Board:
    """One ceremony with all that was handed over; ``texts`` by kind and owner."""

    ceremony: Ceremony
    seats: Sequence[Seat]
    texts: dict[tuple[str, int], bytes]
    phase: str | None
    """The last act of the record's journal; None before the freezing."""

    def of_group(self, kind: Kind) -> list[bytes | None]:
        """The messages of the threshold group, by index."""
        first = self.ceremony.mandatory + 1
        return [self.texts.get((kind.value, owner)) for owner in range(first, first + self.ceremony.size)]

    def of_all(self, kind: Kind) -> list[bytes | None]:
        """The messages of all trustees, by owner."""
        return [self.texts.get((kind.value, seat.owner)) for seat in self.seats]

    def is_there(self, kind: Kind) -> bool:
        """Whether all of the group have handed this over."""
        return all(each is not None for each in self.of_group(kind))

    def is_mandatory(self, seat: Seat) -> bool:
        """Whether a trustee is one that must always take part."""
        return seat.owner <= self.ceremony.mandatory

    def index(self, seat: Seat) -> int:
        """A trustee's number in its part: in the threshold group, or among the mandatory ones."""
        return seat.owner if self.is_mandatory(seat) else seat.owner - self.ceremony.mandatory

    @property
    def certs(self) -> tuple[Cert, ...]:
        """The certificates of the group, checked together."""
        return keys.read_certs([each for each in self.of_group(Kind.CERT) if each is not None])

    @property
    def polynomials(self) -> list[keys.Polynomial]:
        """The coefficients of all of the group."""
        return [keys.read_polynomial(each) for each in self.of_group(Kind.POLYNOMIAL) if each is not None]

    @property
    def trustees(self) -> Trustees | None:
        """The keys, once the ceremony is complete."""
        text = bytes(self.ceremony.trustees)
        return read_trustees(text) if text else None

    @property
    def step(self) -> str:
        """What the ceremony waits for."""
        if not self.ceremony.trustees:
            return next((kind.value for kind in GROUP if not self.is_there(kind)), Kind.PUBKEY.value)
        if any(each is None for each in self.of_all(Kind.TRIAL)) and self.phase in (None, "frozen"):
            return "trial"
        if self.phase in ("counted", "decided"):
            return "done"
        return "decryption" if self.phase == "summed" else "open"

    def wants(self, seat: Seat) -> tuple[Kind, ...]:
        """What this trustee may hand over now, the next thing first."""
        if self.ceremony.trustees:
            counting = self.phase == "summed"
            return (Kind.HEADS, Kind.DECRYPTION) if counting else (Kind.TRIAL,) if self.phase in (None, "frozen") else ()
        if self.is_mandatory(seat):
            return (Kind.PUBKEY,)
        return next(((kind,) for kind in GROUP if not self.is_there(kind)), ())


def _last_act(vote: Vote) -> str | None:
    return box_api.journal(vote.referendum_id)[-1].act.value if vote.referendum_id else None


def board(vote: Vote, number: int | None = None) -> Board | None:
    """The ceremony of a vote (the newest round), with its messages; None before the first."""
    found = Ceremony.objects.filter(vote=vote, **({"round": number} if number else {})).order_by("-round").first()
    if found is None:
        return None
    seats = list(Seat.objects.filter(ceremony=found).select_related("post__officer").order_by("owner"))
    rows = Message.objects.filter(seat__ceremony=found).values_list("kind", "seat__owner", "text")
    texts = {(kind, owner): bytes(text) for kind, owner, text in rows}
    return Board(found, seats, texts, _last_act(vote))


def seat_of(found: Board, post: Post) -> Seat:
    """Where somebody sits. Raises :class:`sanduq.errors.Unusable` for who has no seat."""
    for seat in found.seats:
        if seat.post_id == post.pk:
            return seat
    raise errors.Unusable("you have no seat in this ceremony", hint="it was begun before you became a trustee")


def as_json(found: Board, seat: Seat, csrf: str, title: str, record: list[dict[str, Any]] | None) -> dict[str, Any]:
    """What the trustees' page is told. Others' coefficients are not shown before all commitments are there: they are not taken
    before, either."""

    def told(texts: list[bytes | None]) -> list[str | None]:
        return [None if each is None else each.decode("utf-8", "replace") for each in texts]

    mandatory = found.is_mandatory(seat)
    group = {"size": found.ceremony.size, "threshold": found.ceremony.threshold, "index": found.index(seat)}
    messages = {kind.value: told(found.of_group(kind)) for kind in GROUP}
    messages |= {kind.value: told(found.of_all(kind)) for kind in (Kind.TRIAL, Kind.HEADS, Kind.DECRYPTION)}
    own = found.texts.get((Kind.PUBKEY.value, seat.owner))
    return {
        "format": "sanduq-ceremony-1",
        "csrf": csrf,
        "title": title,
        "round": found.ceremony.round,
        "group": None if mandatory else group,
        "mandatory": seat.owner if mandatory else 0,
        "owner": seat.owner,
        "step": found.step,
        "messages": messages,
        "pubkey": own.decode() if own else None,
        "trustees": bytes(found.ceremony.trustees).decode() or None,
        "record": record,
    }
