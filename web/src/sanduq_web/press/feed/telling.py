"""The state of the vote in the words of a page's language."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from django.conf import settings
from django.utils.translation import gettext as _

from sanduq.count.outcome import ACCEPTED, REJECTED, RUN_OFF, TIE, UNCOUNTED
from sanduq_web import dates
from sanduq_web.press.edition import depends_on_more, now
from sanduq_web.press.models import VoteState

_OLD: Final = timedelta(minutes=15)


@dataclass(frozen=True)
class Text:
    """A text of the referendum, in the page's language or else in its leading one."""

    text: str
    language: str
    direction: str


@dataclass(frozen=True)
class Answer:
    """An answer with its votes and their share of the valid ones."""

    text: Text
    votes: str
    share: str


@dataclass(frozen=True)
class Verdict:
    """What was decided, by whom if not by the whole."""

    region: str
    text: Text
    word: str


@dataclass(frozen=True)
class Vote:
    """What the box on the front page shows."""

    title: Text
    phase: str
    opens: datetime
    closes: datetime
    days: int | None
    """Until it closes, or while it has not begun until it opens."""
    turnout: str
    voters: int
    electorate: int
    verdicts: tuple[Verdict, ...]
    answers: tuple[tuple[Text, tuple[Answer, ...]], ...]
    """Of each question, where the whole decides."""
    address: str
    read_on: datetime
    is_old: bool


def told(language: str) -> Vote | None:
    """The state as it was read last; None without a vote site, or before it has answered once."""
    row = VoteState.objects.filter(pk=1, origin=settings.SANDUQ_PRESS_VOTE).first() if settings.SANDUQ_PRESS_VOTE else None
    return _Teller(row, language).vote() if row is not None and row.value else None


def _time(text: str) -> datetime:
    return datetime.strptime(text, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)


class _Teller:
    def __init__(self, row: VoteState, language: str) -> None:
        self.row = row
        self.value: dict[str, Any] = row.value
        self.language = language

    def text(self, texts: dict[str, str]) -> Text:
        languages = self.value["languages"]
        chosen = self.language if self.language in texts else next(iter(languages))
        return Text(texts[chosen], chosen, languages[chosen])

    def vote(self) -> Vote:
        value, at = self.value, now()
        depends_on_more()
        opens, closes = _time(value["opens"]), _time(value["closes"])
        until = {"frozen": opens, "open": closes}.get(value["phase"])
        result = value["result"] or []
        voters, electorate = sum(voters for _height, voters in value["areas"].values()), value["electorate"]
        return Vote(
            title=self.text(value["title"]),
            phase=value["phase"],
            opens=opens,
            closes=closes,
            days=None if until is None else max((until - at).days, 0),
            turnout=dates.percent(voters, electorate, self.language) if value["phase"] != "frozen" else "",
            voters=voters,
            electorate=electorate,
            verdicts=tuple(self.verdict(region["name"], each) for region in result for each in region["decisions"]),
            answers=tuple(self.question(each) for each in result[0]["questions"]) if len(result) == 1 else (),
            address=f"{self.row.origin}/{self.language}/{value['anchor']}/",
            read_on=self.row.read_on,
            is_old=at - self.row.read_on > _OLD,
        )

    def verdict(self, region: str, decided: dict[str, Any]) -> Verdict:
        asked = self.value["questions"].get(decided["id"])
        words = {
            ACCEPTED: _("accepted"), REJECTED: _("rejected"), RUN_OFF: _("a run-off"), TIE: _("a tie"),
            UNCOUNTED: _("not counted: too few ballots"),
        }  # fmt: skip
        word = words.get(decided["decision"]) or self.named(decided["id"], decided["decision"])
        text = self.text(asked["text"]) if asked else self.text(self.value["title"])
        return Verdict(region, text, word)

    def named(self, item: str, what: str) -> str:
        """The text of an answer or a proposal."""
        questions = self.value["questions"]
        texts = questions.get(item, {}).get("answers", {}).get(what) or questions.get(what, {}).get("text")
        return self.text(texts).text if texts else what

    def question(self, counted: dict[str, Any]) -> tuple[Text, tuple[Answer, ...]]:
        asked = self.value["questions"][counted["id"]]
        answers = tuple(
            Answer(
                self.text(asked["answers"][answer]),
                dates.number(votes, self.language),
                dates.percent(votes, counted["valid"], self.language),
            )
            for answer, votes in counted["votes"]
        )
        return self.text(asked["text"]), answers
