"""The root of the error tree, and the one door through which checks refuse."""

from __future__ import annotations

from typing import ClassVar


class SanduqError(Exception):
    """The root. ``hint`` says what to do, if we know."""

    def __init__(self, message: str, *, hint: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


class Unusable(SanduqError):
    """The call cannot be carried out: not the fault of any data. Exit status 2."""


class EnginesDisagree(SanduqError):
    """The Rust engine and the Python engine differ on one ballot. A fault of ours, and never a pass."""


class Refused(SanduqError):
    """What we were given is refused.

    ``step`` is the number in ``spec/``, ``places`` the way to the culprit from the outside in (area, event, question, …),
    ``expected`` and ``got`` what was compared, as short texts.
    """

    step: ClassVar[str] = ""

    def __init__(
        self,
        message: str | None = None,
        *,
        expected: object = None,
        got: object = None,
        hint: str | None = None,
    ) -> None:
        general = self.sentence()
        super().__init__(general if message is None else f"{general}: {message}", hint=hint)
        self.particular = message or general
        self.expected = None if expected is None else _short(expected)
        self.got = None if got is None else _short(got)
        self.places: list[str] = []

    @classmethod
    def sentence(cls) -> str:
        """The first sentence of the class's docstring: what is wrong, in general."""
        text = (cls.__doc__ or cls.__name__).strip().split("\n")[0].rstrip(".")
        return text[:1].lower() + text[1:]

    def within(self, place: str) -> Refused:
        """Say that this happened inside ``place``; returns itself, for ``raise refusal.within("area X")``."""
        self.places.insert(0, place)
        return self

    def __str__(self) -> str:
        return self._told(self.message)

    @property
    def brief(self) -> str:
        """The same without what is wrong in general: for lists of problems, where it would stand again and again."""
        return self._told(self.particular)

    def _told(self, message: str) -> str:
        where = "".join(f"{place}: " for place in self.places)
        tail = ""
        if self.expected is not None:
            tail += f"; expected {self.expected}"
        if self.got is not None:
            tail += f"; got {self.got}"
        return f"{where}{message}{tail}"


def _short(value: object, limit: int = 120) -> str:
    """At most ``limit`` characters, none of which moves a terminal: the text may come from whoever forged the data."""
    text = str(value)
    text = text if len(text) <= limit else f"{text[: limit - 1]}…"
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode("ascii") for c in text)


def require(
    refusal: type[Refused],
    holds: bool,
    message: str | None = None,
    *,
    expected: object = None,
    got: object = None,
    hint: str | None = None,
) -> None:
    """Raise ``refusal`` unless ``holds``. All checks of the verifier go through here.

    (The tests take one check out at a time by replacing this function, and see that its vector then passes:
    ``vectors/README.md``.)
    """
    if not holds:
        raise refusal(message, expected=expected, got=got, hint=hint)
