"""Reading ``setup.json``: strict, and everything in it fits together (spec 2.7 to 2.14, 3.19)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from sanduq import errors
from sanduq.algebra.ed25519 import check_public
from sanduq.archive import json
from sanduq.question.areas import Parent
from sanduq.question.election import check_bounds
from sanduq.question.rule import check_id, check_rule, read_rule
from sanduq.question.setup.information import Information, Side, check_information, hidden_in
from sanduq.question.setup.types import (
    BELOW_MINIMUM,
    FORMAT,
    Answer,
    Asked,
    Calendar,
    CountingArea,
    Setup,
    Supervisor,
    Texts,
    TrusteePolicy,
    require_canonical,
)
from sanduq.roll import check_uuid

_form = json.Form(errors.SetupMalformed)
_CODE: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}\Z")
_LANGUAGE: Final = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*\Z")
_TIME: Final = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ\Z", re.ASCII)  # times are compared as texts
_LONGEST_TEXT: Final = 20_000


def _words(value: Any, what: str) -> str:
    text = _form.text(value, what)
    errors.require(errors.SetupTexts, bool(text.strip()) and len(text) <= _LONGEST_TEXT, f"{what}: empty, or too long")
    return text


def _texts(value: Any, what: str, languages: Mapping[str, str]) -> Texts:
    if not isinstance(value, dict):
        _form.fail(what, value)
    expected, got = ", ".join(languages), ", ".join(sorted(value))
    errors.require(errors.SetupTexts, set(value) == set(languages), what, expected=expected, got=got)
    return {language: _words(value[language], f"{what} ({language})") for language in languages}


def _code(value: Any, what: str) -> str:
    text = _form.text(value, what)
    if not _CODE.match(text):
        raise errors.SetupAreas(f"{what}: not a code", expected="letters, digits, . _ -", got=text)
    return text


def _parent(value: Any) -> str | None:
    return None if value is None else _code(value, "parent")


def _read_languages(value: Any) -> dict[str, str]:
    pairs = _form.items(value, "language", lambda item: item)
    languages: dict[str, str] = {}
    for pair in pairs:
        if not (isinstance(pair, list) and len(pair) == 2 and isinstance(pair[0], str) and pair[1] in ("ltr", "rtl")):
            _form.fail("language with direction", pair)
        fits = _LANGUAGE.match(pair[0]) is not None and pair[0] not in languages
        errors.require(errors.SetupTexts, fits, "languages", got=pair[0])
        languages[pair[0]] = pair[1]
    if not languages:
        raise errors.SetupTexts("no language")
    return languages


def _read_asked(value: Any, languages: Mapping[str, str]) -> Asked:
    fields = _form.fields(value, ("id", "text", "answers", "blank", "min", "max"))

    def read_answer(item: Any) -> Answer:
        answer = _form.fields(item, ("id", "text"))
        return Answer(check_id(_form.text(answer["id"], "id"), "answer"), _texts(answer["text"], "answer", languages))

    asked = Asked(
        check_id(_form.text(fields["id"], "id"), "question"),
        _texts(fields["text"], "question", languages),
        _form.items(fields["answers"], "answer", read_answer),
        _form.boolean(fields["blank"], "blank"),
        _form.number(fields["min"], "min"),
        _form.number(fields["max"], "max"),
    )
    check_bounds(asked.in_language(next(iter(languages))))
    errors.require(errors.RuleInvalid, asked.max == 1, "max", expected="1: a rule counts one answer a ballot", got=asked.max)
    return asked


def _read_area(value: Any, languages: Mapping[str, str]) -> CountingArea:
    fields = _form.fields(value, ("code", "name", "parent", "electorate", "language", "uuid", "roll_sha256"))
    language = _form.text(fields["language"], "language")
    if language not in languages:
        raise errors.SetupTexts("an area's language is not among the setup's", expected=", ".join(languages), got=language)
    return CountingArea(
        _code(fields["code"], "code"),
        _words(fields["name"], "name"),
        _parent(fields["parent"]),
        _form.number(fields["electorate"], "electorate"),
        language,
        check_uuid(_form.text(fields["uuid"], "uuid")),
        _form.hash(fields["roll_sha256"], "roll_sha256"),
    )


def _read_region(value: Any) -> Parent:
    fields = _form.fields(value, ("code", "name", "parent"))
    return Parent(_code(fields["code"], "code"), _words(fields["name"], "name"), _parent(fields["parent"]))


def read_time(value: Any, what: str, form: json.Form = _form) -> str:
    """A moment in UTC, to the second, as text; it must exist in the calendar."""
    text = form.text(value, what)
    try:
        if not _TIME.match(text):
            raise ValueError
        datetime.strptime(text, "%Y-%m-%dT%H:%M:%S%z")
    except ValueError:
        raise form.refusal(what, expected="2026-05-01T06:00:00Z", got=text) from None
    return text


def _read_calendar(value: Any) -> Calendar:
    fields = _form.fields(value, ("opens", "closes"))
    calendar = Calendar(read_time(fields["opens"], "opens"), read_time(fields["closes"], "closes"))
    errors.require(errors.SetupMalformed, calendar.opens < calendar.closes, "closes before it opens", got=calendar.closes)
    return calendar


def _read_policy(value: Any) -> TrusteePolicy:
    fields = _form.fields(value, ("mandatory", "size", "threshold"))
    policy = TrusteePolicy(*(_form.number(fields[name], name, 0, 100) for name in ("mandatory", "size", "threshold")))
    check_policy(policy)
    return policy


def check_policy(policy: TrusteePolicy) -> None:
    """Some trustees; more than half of a threshold group must agree, and not all need to (3.19): n/2 < t < n."""
    size, threshold = policy.size, policy.threshold
    errors.require(errors.TrusteePolicy, policy.mandatory + size > 0, "no trustees")
    fits = size < 2 * threshold and threshold < size if size else threshold == 0
    errors.require(
        errors.TrusteePolicy,
        fits,
        expected="more than half of the threshold trustees, and fewer than all",
        got=f"{threshold} of {size}",
    )


_FIELDS: Final = (
    "format title languages questions rule calendar minimum_ballots below_minimum commission registrar trustees "
    "trustees_sha256 box_key booth_sha256 bindings regions areas"
).split()
_OPTIONAL: Final = ("information", "supervisor", "test_uuid")


def _read_information(value: Any, languages: Mapping[str, str]) -> Information:
    fields = _form.fields(value, ("text", "sides"))

    def read_side(item: Any) -> Side:
        side = _form.fields(item, ("heading", "text"))
        return Side(_texts(side["heading"], "heading", languages), _texts(side["text"], "text", languages))

    information = Information(_texts(fields["text"], "text", languages), _form.items(fields["sides"], "side", read_side))
    check_information(information)
    return information


def _read_supervisor(value: Any, languages: Mapping[str, str]) -> Supervisor:
    fields = _form.fields(value, ("name", "key"))
    return Supervisor(_texts(fields["name"], "supervisor", languages), _form.hash(fields["key"], "key"))


def check_supervisor(supervisor: Supervisor, box_key: str) -> None:
    """The supervisor's key is the one way to write a point of the group, and not the key of the box (2.13)."""
    check_public(bytes.fromhex(supervisor.key), errors.SupervisorKeyInvalid, errors.SupervisorKeyInvalid)
    errors.require(errors.SupervisorKeyInvalid, supervisor.key != box_key, "the key of the box", got=supervisor.key)


def read_setup(data: bytes) -> Setup:
    """The setup in ``data`` (2.5 to 2.14)."""
    value = json.read(data)
    fields = _form.fields(value, tuple(_FIELDS), _OPTIONAL)
    if fields["format"] != FORMAT:
        raise errors.SetupMalformed("format", expected=FORMAT, got=fields["format"])
    require_canonical(data, value, errors.SetupNotCanonical)
    languages = _read_languages(fields["languages"])
    setup = Setup(
        title=_texts(fields["title"], "title", languages),
        languages=languages,
        questions=_form.items(fields["questions"], "question", lambda item: _read_asked(item, languages)),
        rule=read_rule(fields["rule"]),
        calendar=_read_calendar(fields["calendar"]),
        minimum_ballots=_form.number(fields["minimum_ballots"], "minimum_ballots"),
        below_minimum=_form.text(fields["below_minimum"], "below_minimum"),
        commission=_words(fields["commission"], "commission"),
        registrar=_words(fields["registrar"], "registrar"),
        trustees=_read_policy(fields["trustees"]),
        trustees_sha256=_form.hash(fields["trustees_sha256"], "trustees_sha256"),
        box_key=_form.hash(fields["box_key"], "box_key"),
        booth_sha256=None if fields["booth_sha256"] is None else _form.hash(fields["booth_sha256"], "booth_sha256"),
        bindings=_form.boolean(fields["bindings"], "bindings"),
        regions=_form.items(fields["regions"], "region", _read_region),
        areas=_form.items(fields["areas"], "area", lambda item: _read_area(item, languages)),
        information=_read_information(fields["information"], languages) if "information" in fields else None,
        supervisor=_read_supervisor(fields["supervisor"], languages) if "supervisor" in fields else None,
        test_uuid=check_uuid(_form.text(fields["test_uuid"], "test_uuid")) if "test_uuid" in fields else None,
    )
    known = setup.below_minimum in BELOW_MINIMUM
    errors.require(errors.SetupMalformed, known, "below_minimum", expected=", ".join(BELOW_MINIMUM), got=setup.below_minimum)
    check_plain(setup)
    check_areas(setup)
    if setup.supervisor is not None:
        check_supervisor(setup.supervisor, setup.box_key)
    errors.require(errors.TestUuid, setup.test_uuid not in setup.by_uuid, got=setup.test_uuid)
    check_rule(setup.rule, setup.shapes, [(area.code, area.parent) for area in setup.areas])
    # Written again: the rule's own form may have more than one spelling.
    errors.require(errors.SetupNotCanonical, setup.to_bytes() == data)
    return setup


def check_plain(setup: Setup) -> None:
    """Titles, questions, answers and names are plain text (2.10): else a yes could be made to look like a no."""
    texts = [("title", text) for text in setup.title.values()] + [
        ("commission", setup.commission),
        ("registrar", setup.registrar),
    ]
    texts += [("supervisor", text) for text in (setup.supervisor.name.values() if setup.supervisor else ())]
    for asked in setup.questions:
        texts += [("question", text) for text in asked.text.values()]
        texts += [("answer", text) for answer in asked.answers for text in answer.text.values()]
    texts += [("name", region.name) for region in setup.regions] + [("name", area.name) for area in setup.areas]
    for what, text in texts:
        got = hidden_in(text)
        errors.require(errors.SetupTexts, got is None, f"{what}: a character that plain text does not have", got=got)


def check_areas(setup: Setup) -> None:
    """Codes and uuids are unique, parents exist, and no region is its own ancestor (2.9)."""
    errors.require(errors.SetupAreas, len(setup.areas) > 0, "there is no area")
    for what, codes in (("area", [area.code for area in setup.areas]), ("region", [region.code for region in setup.regions])):
        # Folders are named by codes, and some file systems do not tell A from a. (An area and its region may share a code.)
        different = len({code.lower() for code in codes}) == len(codes)
        errors.require(errors.SetupAreas, different, f"the code of a {what} stands twice")
    errors.require(errors.SetupAreas, len(setup.by_uuid) == len(setup.areas), "a uuid stands twice")
    parents = {region.code: region.parent for region in setup.regions}
    for code, parent in [*parents.items(), *((area.code, area.parent) for area in setup.areas)]:
        errors.require(errors.SetupAreas, parent is None or parent in parents, f"{code}: its parent is no region", got=parent)
    safe: set[str] = set()  # from here upwards comes an end
    for code in parents:
        way: dict[str, None] = {}
        above: str | None = code
        while above is not None and above in parents and above not in safe and above not in way:
            way[above] = None
            above = parents[above]
        errors.require(errors.SetupAreas, above not in way, f"{above}: is its own ancestor")
        safe.update(way)
