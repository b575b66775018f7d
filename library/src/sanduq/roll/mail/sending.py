"""The run: one mail after the other, at a pace, with tries again, until all are done or somebody says stop."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Final, Protocol

from sanduq import errors
from sanduq.roll.mail.journal import Journal, State, Told
from sanduq.roll.mail.template import Address

_LONGEST_ANSWER: Final = 200
_LOST_IN_A_ROW: Final = 6


class Lost(Exception):
    """The connection ended before the server had the mail in full: nothing was handed over."""


@dataclass(frozen=True)
class Answer:
    """What the server said to a mail: SMTP's code (0: nothing, after the mail had gone out) and its text."""

    code: int
    text: str

    @property
    def state(self) -> State:
        """What that means (RFC 5321, 4.2.1)."""
        if self.code == 0:
            return State.UNKNOWN
        return {2: State.SENT, 4: State.DEFERRED}.get(self.code // 100, State.REFUSED)


class Transport(Protocol):
    """A connection to a server, made when it is needed."""

    def deliver(self, to: Address, raw: bytes, begins: Callable[[], None]) -> Answer:
        """Hand over a mail; ``begins`` is called before the server can have all of it. Raises :class:`Lost`."""


@dataclass(frozen=True)
class Queued:
    """A mail that is to go out. ``compose`` makes it, given its Message-ID; ``secrets`` must not come back in a report."""

    voter: str
    to: Address = field(repr=False)
    compose: Callable[[str], bytes] = field(repr=False)
    secrets: tuple[str, ...] = field(default=(), repr=False)


@dataclass
class Pace:
    """Time, as an argument: the clock in seconds, sleeping, the time as text, and whether to stop."""

    per_minute: int
    now: Callable[[], float]
    sleep: Callable[[float], None]
    text: Callable[[], str]
    stopped: Callable[[], bool]
    identifier: Callable[[], str]
    tries: int = 3
    pause: float = 60
    _next: float = field(default=0, init=False)

    def wait(self) -> None:
        """Until the next mail may go out."""
        current = self.now()
        self.rest(self._next - current)
        self._next = max(self._next, current) + 60 / self.per_minute

    def rest(self, seconds: float) -> None:
        """Sleep, in pieces, so that a stop is heard."""
        while seconds > 0 and not self.stopped():
            piece = min(seconds, 0.5)
            self.sleep(piece)
            seconds -= piece


def send_all(
    queue: Sequence[Queued], transport: Transport, journal: Journal, pace: Pace, told: Callable[[int, int], None]
) -> bool:
    """Send what is queued; what the server puts off is tried again after a pause. Gives whether all was gone through.

    Raises :class:`errors.Unusable` if the server cannot be reached again and again: the journal says how far it came.
    """
    waiting = list(queue)
    done = 0
    for attempt in range(pace.tries):
        again = []
        for mail in waiting:
            pace.wait()
            if pace.stopped():
                return False
            if _send(mail, transport, journal, pace) is State.DEFERRED:
                again.append(mail)
            else:
                done += 1
            told(done, len(queue))
        waiting = again
        if not waiting:
            break
        if attempt + 1 < pace.tries:
            pace.rest(pace.pause * (attempt + 1))
    return True


def _send(mail: Queued, transport: Transport, journal: Journal, pace: Pace) -> State:
    identifier = pace.identifier()
    raw = mail.compose(identifier)
    for lost in range(_LOST_IN_A_ROW):
        try:
            answer = transport.deliver(
                mail.to, raw, lambda: journal.write(Told(mail.voter, State.SENDING, pace.text(), identifier))
            )
        except Lost as error:
            if lost + 1 == _LOST_IN_A_ROW or pace.stopped():
                said = _plain(str(error), mail.secrets)
                raise errors.Unusable(f"the mail server cannot be reached: {said}", hint="run it again: it goes on") from None
            pace.rest(min(2.0**lost, 30))
        else:
            journal.write(Told(mail.voter, answer.state, pace.text(), identifier, _answer(answer, mail.secrets)))
            return answer.state
    raise AssertionError


def _answer(answer: Answer, secrets: tuple[str, ...]) -> str:
    return f"{answer.code or ''} {_plain(answer.text, secrets)}".strip()


def _plain(text: str, secrets: tuple[str, ...]) -> str:
    """A server's words on one line, bounded; none that repeat a secret."""
    if any(part in text for secret in secrets for part in (secret, *secret.split("-")) if len(part) > 4):
        return "(withheld: it repeats the mail)"
    return re.sub(r"[^\x20-\x7e]+", " ", text)[:_LONGEST_ANSWER].strip()
