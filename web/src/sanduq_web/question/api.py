"""What others ask about referendums. A setup never changes, so what was read once is kept."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from sanduq.booth.ballot import max_ballot_size
from sanduq.question.election import Election, read_election
from sanduq.question.setup import CountingArea, Information, Setup, paragraphs, read_setup
from sanduq_web.drawing import Outlines, outlines, read_boundaries
from sanduq_web.problems import Unknown
from sanduq_web.question.models import Area, Beside, Referendum


@dataclass(frozen=True, eq=False)
class Place:
    """A counting area with its election; ``id`` is its key in the database, ``largest`` the length of its longest ballot."""

    id: int
    area: CountingArea
    election: Election = field(repr=False)
    largest: int

    @property
    def code(self) -> str:
        """Its code in the setup."""
        return self.area.code


@dataclass(frozen=True, eq=False)
class Frozen:
    """A referendum: its setup, the exact texts of setup and trustees, its areas by code in the setup's order."""

    anchor: str
    setup: Setup = field(repr=False)
    raw: bytes = field(repr=False)
    trustees: bytes = field(repr=False)
    places: Mapping[str, Place] = field(repr=False)

    def place(self, code: str) -> Place:
        """An area by its code."""
        if code not in self.places:
            raise Unknown("this area")
        return self.places[code]

    def by_uuid(self, uuid: str) -> Place | None:
        """An area by its election."""
        area = self.setup.by_uuid.get(uuid)
        return None if area is None else self.places[area.code]


@lru_cache(maxsize=64)
def referendum(anchor: str) -> Frozen:
    """A referendum by its anchor."""
    found = Referendum.objects.filter(anchor=anchor).first()
    if found is None:
        raise Unknown("this referendum")
    raw = bytes(found.setup)
    setup = read_setup(raw)
    rows = {row.code: row for row in Area.objects.filter(referendum=found).order_by("position")}
    places = {}
    for area in setup.areas:
        election = read_election(bytes(rows[area.code].election))
        places[area.code] = Place(rows[area.code].pk, area, election, max_ballot_size(election))
    return Frozen(anchor, setup, raw, bytes(found.trustees), places)


def anchors() -> list[str]:
    """All referendums here."""
    return list(Referendum.objects.order_by("anchor").values_list("anchor", flat=True))


def is_here(anchor: str) -> bool:
    """Whether a referendum was imported already."""
    return Referendum.objects.filter(anchor=anchor).exists()


def largest_ballot() -> int:
    """The length of the longest ballot of all referendums here."""
    return max((place.largest for anchor in anchors() for place in referendum(anchor).places.values()), default=0)


@dataclass(frozen=True)
class Told:
    """A question in one language."""

    id: str
    text: str
    answers: tuple[str, ...]
    blank: bool


@dataclass(frozen=True)
class ToldInformation:
    """What is told beside the question, in one language: paragraphs, and each side's heading with its paragraphs."""

    text: tuple[str, ...]
    sides: tuple[tuple[str, tuple[str, ...]], ...]


@dataclass(frozen=True)
class Telling:
    """What a referendum says in one language, which is the one that was asked for if the setup has it, else its first."""

    language: str
    direction: str
    title: str
    questions: tuple[Told, ...]
    names: Mapping[str, str]
    information: ToldInformation | None


def tell(frozen: Frozen, wanted: str) -> Telling:
    """The texts of a referendum; ``names`` has those of questions and answers by their ids, and as ``Setup.names`` has them."""
    setup = frozen.setup
    language = wanted if wanted in setup.languages else next(iter(setup.languages))
    names: dict[str, str] = {}
    questions = []
    for asked in setup.questions:
        names[asked.id] = asked.text[language]
        names |= {answer.id: answer.text[language] for answer in asked.answers}
        answers = tuple(answer.text[language] for answer in asked.answers)
        questions.append(Told(asked.id, asked.text[language], answers, asked.blank))
    names |= setup.names(language)
    direction, told = setup.languages[language], _information(setup.information, language)
    return Telling(language, direction, setup.title[language], tuple(questions), names, told)


def _information(found: Information | None, language: str) -> ToldInformation | None:
    if found is None:
        return None
    sides = tuple((side.heading[language], paragraphs(side.text[language])) for side in found.sides)
    return ToldInformation(paragraphs(found.text[language]), sides)


@dataclass(frozen=True)
class Shown:
    """What is shown beside a referendum: the outlines of its areas, if there is a map, and whom all that is owed to."""

    outlines: Outlines | None
    credits: tuple[str, ...]
    version: str
    """Changes with any of it."""


def beside(anchor: str) -> Shown:
    """What is shown beside a referendum."""
    row = Beside.objects.filter(referendum_id=anchor).values_list("sha256", "credits").first()
    if row is None:
        return Shown(None, (), "")
    sha256, texts = row
    return Shown(_outlines(anchor, sha256) if sha256 else None, tuple(texts), f"{sha256}{texts}")


@lru_cache(maxsize=16)
def _outlines(anchor: str, sha256: str) -> Outlines:
    """Of the boundaries with this hash: drawn once, whoever asks."""
    row = Beside.objects.only("boundaries").get(referendum_id=anchor, sha256=sha256)
    return outlines(read_boundaries(bytes(row.boundaries)))
