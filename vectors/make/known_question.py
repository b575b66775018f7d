"""Known answers about the texts of a setup (2.10, 2.12): setups that Python and the booth both read, or both refuse."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from sanduq import errors
from sanduq.algebra.numbers import sha256_hex
from sanduq.keys.trustees import Trustees
from sanduq.question.setup import canonical, read_setup

from .catalogue import numbers
from .kit import Value, setup_value
from .world import single

SAID = {
    "en": "There is one pier.\n\nA second one would cost nine million.",
    "fa": "یک اسکله هست.\n\nدومی نُه میلیون هزینه دارد.",
}
FOR = {"heading": {"en": "For", "fa": "موافق"}, "text": {"en": "Two ships can land.", "fa": "دو کشتی پهلو می‌گیرند."}}
AGAINST = {"heading": {"en": "Against", "fa": "مخالف"}, "text": {"en": "Fishers lose places.", "fa": "جای ماهیگیران می‌رود."}}
NONE = object()


def question() -> Value:
    """Setups with their anchors, and what is said of each."""
    cases = []
    setups = [(what, _setup(information)) for what, information in (*_good(), *_bad())]
    for what, raw in (*setups, *_hidden(), *_optional()):
        case: Value = {"what": what, "setup": raw.decode(), "anchor": sha256_hex(raw)}
        try:
            found = read_setup(raw).information
            case["accept"] = None if found is None else found.to_json()
        except errors.Refused as refusal:
            case |= {"step": refusal.step, "error": type(refusal).__name__}
        cases.append(case)
    return {"setups": cases}


def _setup(information: Any) -> bytes:
    """A setup in two languages, with this information (NONE: without)."""
    area = {"code": "A", "name": "Area A", "parent": None, "electorate": 2, "language": "en", "uuid": "kPDakbEc8Brvk2"}
    trustees = Trustees((single(numbers("known setup"))[1],))
    value = setup_value(trustees, [area | {"roll_sha256": "0" * 64}])
    value |= {"title": {"en": "The pier", "fa": "اسکله"}, "languages": [["en", "ltr"], ["fa", "rtl"]]}
    (asked,) = value["questions"]
    asked["text"] = {"en": "Shall it be built?", "fa": "ساخته شود؟"}
    asked["answers"] = [{"id": "yes", "text": {"en": "Yes", "fa": "آری"}}, {"id": "no", "text": {"en": "No", "fa": "نه"}}]
    return canonical(value if information is NONE else value | {"information": information})


def _hidden() -> Iterator[tuple[str, bytes]]:
    """One text after the other with a character that turns around what follows, or with a control character (2.10)."""
    plain = _setup(NONE).decode()
    for what, text, hidden in (
        ("the title", "اسکله", "\u2067اسکله"),
        ("the question", "Shall it be built?", "Shall it\u202e be built?"),
        ("an answer", '"Yes"', '"\u202dYes"'),
        ("the name of an area", "Area A", "Area\u2066A"),
        ("the commission", '"commission":"', '"commission":"\u2028'),
        ("the registrar", '"registrar":"', '"registrar":"\u0085'),
    ):
        yield f"a hidden character: in {what}", plain.replace(text, hidden, 1).encode()


SUPERVISOR = {"name": {"en": "The court", "fa": "دادگاه"}, "key": "58" + "66" * 31}


def _optional() -> Iterator[tuple[str, bytes]]:
    """Who supervises, and the uuid of the test sum."""
    plain = json.loads(_setup(NONE))
    for what, more in (
        ("a supervisor", {"supervisor": SUPERVISOR}),
        ("a uuid for the test sum", {"test_uuid": "2eHLB5tvyNaP8E"}),
        ("a supervisor without a key", {"supervisor": {"name": SUPERVISOR["name"]}}),
        ("a supervisor with a field more", {"supervisor": SUPERVISOR | {"office": "third"}}),
        ("a supervisor whose key is too short", {"supervisor": SUPERVISOR | {"key": "58"}}),
        ("a supervisor whose key is in upper case", {"supervisor": SUPERVISOR | {"key": "A" * 64}}),
        ("a supervisor whose name is missing in a language", {"supervisor": SUPERVISOR | {"name": {"en": "The court"}}}),
        ("a supervisor without a name", {"supervisor": SUPERVISOR | {"name": {"en": "", "fa": "دادگاه"}}}),
        ("a hidden character: in the supervisor", {"supervisor": SUPERVISOR | {"name": {"en": "A\u202e", "fa": "دادگاه"}}}),
        ("nobody supervises", {"supervisor": None}),
        ("a uuid for the test sum that is none", {"test_uuid": "0OIl"}),
        ("no uuid for the test sum", {"test_uuid": None}),
    ):
        yield what, canonical(plain | more)


def _with(text: Any = SAID, *sides: Any) -> Value:
    return {"text": text, "sides": list(sides or (FOR, AGAINST))}


def _en(text: str, of: Value = FOR) -> Value:
    """A side that says something else in English."""
    return {"heading": of["heading"], "text": of["text"] | {"en": text}}


def _headed(text: str) -> Value:
    return {"heading": FOR["heading"] | {"en": text}, "text": FOR["text"]}


def _good() -> Iterator[tuple[str, Any]]:
    yield "no information", NONE
    yield "two sides", _with()
    yield "six sides", _with(SAID, *[FOR, AGAINST] * 3)
    yield "exactly 5/4", _with(SAID, _en("x" * 100), _en("y" * 80))
    yield "characters beyond the first plane count one each", _with(SAID, _en("x" * 100), _en("𝄞" * 80))
    yield "one paragraph more", _with(SAID, _en("one\n\ntwo three"), _en("one and two."))
    yield "marks and joiners of one place", _with(SAID | {"en": "a\u200cb\u200dc\u200ed\u200fe\u00adf"})
    yield "a text as long as may be", _with(SAID | {"en": "x" * 6000})
    yield "twenty paragraphs", _with(SAID | {"en": "\n\n".join("x" * 20)})
    yield "a heading as long as may be", _with(SAID, _headed("x" * 120), AGAINST)


def _bad() -> Iterator[tuple[str, Any]]:
    yield "null", None
    yield "a list", []
    yield "no sides", {"text": SAID}
    yield "sides are an object", {"text": SAID, "sides": {"for": FOR}}
    yield "an unknown field", _with() | {"source": "nobody"}
    yield "an unknown field of a side", _with(SAID, FOR | {"first": True}, AGAINST)
    yield "a side without a heading", _with(SAID, {"text": FOR["text"]}, AGAINST)
    yield "a text that is a number", _with(SAID | {"en": 7})
    yield "a language is missing", _with({"en": SAID["en"]})
    yield (
        "a side in a language more",
        _with(SAID, {"heading": FOR["heading"], "text": FOR["text"] | {"tr": "İki gemi."}}, AGAINST),
    )
    yield "an empty text", _with(SAID | {"fa": ""})
    yield "a heading of white space", _with(SAID, _headed(" "), AGAINST)
    yield "an empty list of sides", {"text": SAID, "sides": []}
    yield "one side", _with(SAID, FOR)
    yield "seven sides", _with(SAID, *[FOR] * 7)
    yield "more than 5/4", _with(SAID, _en("x" * 101), _en("y" * 80))
    yield "more than 5/4 between the first and the third", _with(SAID, _en("x" * 90), _en("y" * 100), _en("z" * 79))
    yield "more than 5/4 in the second language", _with(SAID, FOR, AGAINST | {"text": AGAINST["text"] | {"fa": "نه، هرگز."}})
    yield "two paragraphs more", _with(SAID, _en("one\n\ntwo\n\nthree"), _en("one, two, three"))
    yield "twenty-one paragraphs", _with(SAID | {"en": "\n\n".join("x" * 21)})
    yield "a text that is too long", _with(SAID | {"en": "x" * 6001})
    yield "a heading that is too long", _with(SAID, _headed("x" * 121), AGAINST)
    yield "a heading of two lines", _with(SAID, _headed("For\nit"), AGAINST)
    yield "a heading with a space behind it", _with(SAID, _headed("For "), AGAINST)
    yield "a single line feed", _with(SAID | {"en": "one\ntwo"})
    yield "two empty lines", _with(SAID | {"en": "one\n\n\ntwo"})
    yield "an empty line at the end", _with(SAID | {"en": "one\n\n"})
    yield "a paragraph that begins with a space", _with(SAID | {"en": "one\n\n two"})
    yield "a space that does not break at the end", _with(SAID | {"en": "one\u00a0"})
    named = {"\t": "tabulator", "\r": "carriage return", "\x1b": "escape", "\x7f": "delete", "\x85": "next line"}
    named |= {
        "\u2028": "line separator",
        "\u202e": "override",
        "\u2066": "isolate",
        "\ufeff": "mark of order",
        "\U000e0041": "tag",
    }
    for character, name in named.items():
        yield f"a hidden character: {name}", _with(SAID | {"en": f"one{character}two"})
