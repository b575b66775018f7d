"""A rehearsal from its files. Whatever the bytes, the answer is a plan or :class:`errors.Unusable` that lists the problems."""

from __future__ import annotations

import tomllib
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import replace
from fractions import Fraction
from pathlib import Path, PurePosixPath
from typing import Any, Final

from sanduq import errors
from sanduq.question.areas import Parent
from sanduq.question.rule import Decides, Rule, check_rule, read_rule
from sanduq.question.setup import BELOW_MINIMUM, Information, Side, check_information, joined
from sanduq.rehearse.csvs import MAX_BYTES, AreaReader, Columns, decode
from sanduq.rehearse.fields import Fields
from sanduq.rehearse.plan import (
    Calendar,
    Plan,
    PlanAnswer,
    PlanArea,
    PlanQuestion,
    PlanTrustees,
    Published,
    PublishedQuestion,
    Source,
    Text,
)
from sanduq.rehearse.problems import Problems
from sanduq.rehearse.scale import scale_plan

MAX_TOML: Final = 1 << 20
MAX_DOTS: Final = 100
MAX_INTEGER: Final = 10**18
MAX_TRUSTEES: Final = 100
MAX_MINIMUM: Final = 10**9
FORMAT: Final = 1


def read_draft(path: Path) -> Plan:
    """A referendum that is yet to be held, from the same files without figures: answers name no columns, nobody has voted.

    Raises :class:`errors.Unusable` like :func:`read_plan`.
    """
    return _read(path, Fraction(1), draft=True)


def read_plan(path: Path, scale: Fraction = Fraction(1)) -> Plan:
    """The rehearsal in a TOML file, and in the CSV files that it names, beside or below it.

    Raises :class:`errors.Unusable` with all problems of a file at once, up to 20: first those of the TOML file; if it has none,
    those of the CSV files.
    """
    return _read(path, scale, draft=False)


def draft_of(value: Mapping[str, Any], areas: bytes, name: str = "draft") -> Plan:
    """A draft that is in no file: the values of its TOML but for the table ``areas``, in whose place is the text of a CSV file
    with the columns ``code, name, parent, electorate`` (and ``language``, if its first line names it).

    Raises :class:`errors.Unusable` like :func:`read_plan`.
    """
    columns = {each: each for each in ("code", "name", "parent", "electorate")}
    if "language" in areas.split(b"\n", 1)[0].decode("utf-8", "replace").strip().split(","):
        columns["language"] = "language"
    problems = Problems()
    fields = Fields({**value, "areas": {"files": ["areas.csv"], "columns": columns}}, name, problems)
    return _whole(fields, lambda _file: areas, Fraction(1), draft=True)


def _read(path: Path, scale: Fraction, *, draft: bool) -> Plan:
    problems = Problems()
    fields = Fields(_toml(path, problems), path.name, problems)
    return _whole(fields, lambda name: _bytes(path.parent / PurePosixPath(name)), scale, draft=draft)


def _whole(fields: Fields, read: Callable[[str], bytes], scale: Fraction, *, draft: bool) -> Plan:
    problems = fields.problems
    plan, reader, files = _describe(fields, problems, draft=draft)
    fields.done()
    problems.stop()
    for name in files:
        reader.read(read(name), name)
    problems.stop()
    full = _with_areas(plan, tuple(reader.areas), fields.name, problems)
    problems.stop()
    return scale_plan(full, scale)


def _bytes(path: Path) -> bytes:
    try:
        if path.exists() and not path.is_file():
            raise errors.Unusable(f"{path.name}: cannot be read: not a file")
        with path.open("rb") as file:
            return file.read(MAX_BYTES + 1)
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        raise errors.Unusable(f"{path.name}: cannot be read: {reason}") from None


def _toml(path: Path, problems: Problems) -> dict[str, Any]:
    data = _bytes(path)
    if len(data) > MAX_TOML:
        problems.add(path.name, f"the file has more than {MAX_TOML >> 20} MiB")
    text = None if problems.count else decode(data, path.name, problems)
    for number, line in enumerate((text or "").splitlines(), 1):
        if line.count(".") > MAX_DOTS:  # tomllib takes long over keys of many parts
            problems.add(f"{path.name} line {number}", f"more than {MAX_DOTS} dots")
    problems.stop()
    try:
        value = tomllib.loads(text or "")
    except RecursionError:
        problems.add(path.name, "not TOML: nested too deep")
    except (ValueError, OverflowError) as error:  # TOMLDecodeError is a ValueError
        problems.add(path.name, f"not TOML: {error}")
    else:
        if _bounded(value):
            return value
        problems.add(path.name, f"a whole number beyond {MAX_INTEGER}")
    problems.stop()
    return {}


def _bounded(value: Any) -> bool:
    """Whether all integers are small: 0x… may be so long that it cannot even be printed."""
    waiting = [value]
    while waiting:
        item = waiting.pop()
        if isinstance(item, dict | list):
            waiting += item.values() if isinstance(item, dict) else item
        elif isinstance(item, int) and abs(item) > MAX_INTEGER:
            return False
    return True


def _describe(fields: Fields, problems: Problems, *, draft: bool) -> tuple[Plan, AreaReader, tuple[str, ...]]:
    """Everything but the areas."""
    fields.number("format", FORMAT, FORMAT)
    languages = fields.languages()
    questions = tuple(_question(question, languages, draft=draft) for question in fields.tables("questions"))
    rule = _rule(fields, problems)
    areas = fields.table("areas")
    files, separator, columns = (
        areas.names("files"),
        areas.word("separator", (",", ";", "\t"), ","),
        _columns(areas.table("columns")),
    )
    areas.done()
    for name in files:
        if PurePosixPath(name).is_absolute() or ".." in PurePosixPath(name).parts or "\\" in name or "\0" in name:
            problems.add(fields.place("areas.files"), f"not a file beside or below this one: {name[:80]!r}")
    plan = Plan(
        Text(fields.texts("title", languages)),
        languages,
        questions,
        rule,
        _trustees(fields.table("trustees")),
        fields.number("minimum", 0, MAX_MINIMUM),
        _calendar(fields.table("calendar")),
        Source("", "", "") if draft else _source(fields.table("source")),
        tuple(_parent(parent) for parent in fields.tables("parents", optional=True)),
        (),
        _published(fields.table("published"), questions) if "published" in fields else None,
        commission=fields.optional_text("commission") or "commission",
        registrar=fields.optional_text("registrar") or "registrar",
        below_minimum=fields.word("below_minimum", BELOW_MINIMUM, "uncounted"),
        bindings=fields.boolean("bindings") if "bindings" in fields else True,
        information=_information(fields.table("information"), languages) if "information" in fields else None,
        supervisor=_supervisor(fields.table("supervisor"), languages) if "supervisor" in fields else None,
        test_sum=fields.boolean("test_sum") if "test_sum" in fields else False,
    )
    _require_distinct(fields, questions)
    _require_publishable(fields, plan)
    return plan, AreaReader(columns, questions, separator, languages, problems), files


def _rule(fields: Fields, problems: Problems) -> Rule:
    try:
        return read_rule(fields.value("rule"))
    except errors.Refused as refusal:
        problems.add(fields.name, refusal.brief)
        return Rule(())


def _columns(fields: Fields) -> Columns:
    columns = Columns(
        fields.text("code"),
        fields.text("name"),
        fields.text("electorate"),
        fields.optional_text("parent"),
        fields.optional_text("ballots"),
        fields.optional_text("language"),
    )
    fields.done()
    return columns


def _question(fields: Fields, languages: tuple[str, ...], *, draft: bool) -> PlanQuestion:
    blank = fields.boolean("blank")
    answers = tuple(_answer(answer, languages, draft=draft) for answer in fields.tables("answers"))
    columns = fields.names("blank_columns", optional=True)
    if columns and not blank:
        fields.problem("blank_columns", "the question does not allow blank")
    question = PlanQuestion(fields.id("id"), Text(fields.texts("text", languages)), answers, blank, columns)
    fields.done()
    return question


def _answer(fields: Fields, languages: tuple[str, ...], *, draft: bool) -> PlanAnswer:
    column = "" if draft else fields.text("column")
    answer = PlanAnswer(fields.id("id"), Text(fields.texts("text", languages)), column)
    fields.done()
    return answer


def _information(fields: Fields, languages: tuple[str, ...]) -> Information:
    def texts(table: Fields, field: str) -> dict[str, str]:
        return {language: joined(text) for language, text in table.texts(field, languages)}

    sides = []
    for side in fields.tables("sides"):
        sides.append(Side(texts(side, "heading"), texts(side, "text")))
        side.done()
    information = Information(texts(fields, "text"), tuple(sides))
    fields.done()
    if not fields.problems.count:
        try:
            check_information(information)
        except errors.Refused as refusal:
            fields.problem("", refusal.brief)
    return information


def _supervisor(fields: Fields, languages: tuple[str, ...]) -> Text:
    name = Text(fields.texts("name", languages))
    fields.done()
    return name


def _trustees(fields: Fields) -> PlanTrustees:
    count = fields.number("count", 2, MAX_TRUSTEES)
    threshold = None
    if "threshold" in fields:
        threshold = fields.number("threshold", count // 2 + 1, max(count - 1, count // 2 + 1))
        if count == 2:
            fields.problem("threshold", "with two trustees both are needed: leave it out")
    mandatory = fields.number("mandatory", 0, MAX_TRUSTEES) if "mandatory" in fields else 0
    if mandatory and threshold is None:
        fields.problem("mandatory", "goes with a threshold: without one all are mandatory")
    fields.done()
    return PlanTrustees(count, threshold, mandatory)


def _calendar(fields: Fields) -> Calendar:
    calendar = Calendar(fields.time("opens"), fields.time("closes"))
    if calendar.opens and calendar.closes and calendar.closes <= calendar.opens:
        fields.problem("closes", "not after it opens")
    fields.done()
    return calendar


def _source(fields: Fields) -> Source:
    source = Source(fields.text("text"), fields.text("licence"), fields.text("attribution"))
    fields.done()
    return source


def _parent(fields: Fields) -> Parent:
    parent = Parent(fields.code("code"), fields.text("name"), fields.code("parent") if "parent" in fields else None)
    fields.done()
    return parent


def _published(fields: Fields, questions: tuple[PlanQuestion, ...]) -> Published:
    known = {question.id: tuple(answer.id for answer in question.answers) for question in questions}
    published = Published(
        fields.number("electorate"),
        fields.number("ballots"),
        tuple(_published_question(question, known) for question in fields.tables("questions")),
        fields.pairs("decisions", str),
        fields.optional_text("note") or "",
    )
    fields.done()
    return published


def _published_question(fields: Fields, known: dict[str, tuple[str, ...]]) -> PublishedQuestion:
    found = PublishedQuestion(
        fields.id("id"),
        fields.number("valid"),
        fields.pairs("votes", int),
        fields.pairs("percent", str, optional=True),
        fields.fractions("areas"),
    )
    if found.id not in known:
        fields.problem("id", f"no such question: {found.id[:64]}")
    else:
        named = {answer for pairs in (found.votes, found.percent, found.areas) for answer, _ in pairs}
        for answer in sorted(named - set(known[found.id])):
            fields.problem("votes, percent, areas", f"no such answer: {answer[:64]}")
    fields.done()
    return found


def _require_distinct(fields: Fields, questions: tuple[PlanQuestion, ...]) -> None:
    """No vote is counted twice. (Columns of blanks may be shared: an invalid paper is invalid for all its questions.)"""
    votes = Counter(answer.column for question in questions for answer in question.answers)
    blanks = {column for question in questions for column in question.blank_columns}
    for column in sorted(column for column in votes if column and (votes[column] > 1 or column in blanks)):
        fields.problem("questions", f"the column {column!r} is counted twice")
    for question in questions:
        ids = Counter(answer.id for answer in question.answers)
        for name in sorted(name for name in ids if name and ids[name] > 1):
            fields.problem("questions", f"two answers of {question.id} have the id {name}")


def _require_publishable(fields: Fields, plan: Plan) -> None:
    """What was published can be compared: about the whole, and about items that are there."""
    if plan.published is None or not plan.rule.items:
        return
    if plan.rule.decides is not Decides.WHOLE:
        fields.problem("published", 'goes with decides = "whole" only')
    items = {item.id for item in plan.rule.items}
    for name, _ in plan.published.decisions:
        if name not in items:
            fields.problem("published.decisions", f"no such item of the rule: {name[:64]}")


def _with_areas(plan: Plan, areas: tuple[PlanArea, ...], name: str, problems: Problems) -> Plan:
    used = sorted({area.parent for area in areas if area.parent is not None})
    known = {parent.code for parent in plan.parents}
    parents = plan.parents or tuple(Parent(code, code) for code in used)
    if plan.parents:
        for code in sorted(set(used) - known):
            problems.add(name, f"parents: the areas name {code}, which is not there")
    whole = replace(plan, areas=areas, parents=parents)
    try:
        check_rule(whole.rule, whole.shapes, ((area.code, area.parent) for area in areas))
    except errors.Refused as refusal:
        problems.add(name, refusal.brief)
    return whole
