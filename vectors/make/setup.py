"""Chapter 2: the setup of a record; and 3.19, the policy of its trustees."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sanduq.algebra.numbers import Random
from sanduq.archive import json
from sanduq.keys.trustees import Trustees, read_trustees
from sanduq.question.rule import read_rule

from .catalogue import Folder, vector
from .foundations_text import swap
from .group import Group
from .kit import MAJORITY, RULE, Kit, Value, spaced
from .world import single


def frozen(name: str, edit: Callable[[Value], object], codes: tuple[str, ...] = ("A",), **other: Any) -> Folder:
    """A record that was just frozen, with another setup."""
    return Kit(name, codes, edit=edit, **other).folder()


def set_to(*path: str | int, to: Any) -> Callable[[Value], None]:
    """Set one value of a setup."""

    def edit(value: Any) -> None:
        for step in path[:-1]:
            value = value[step]
        value[path[-1]] = to

    return edit


# --- 2.7, 2.8 ---------------------------------------------------------------------------------------------------------------


@vector("2.7-format", "a setup of a later format", reader=True)
def _(rng: Random) -> Folder:
    return frozen("2.7", set_to("format", to="sanduq-setup-2"))


@vector("2.7-unknown-field", "a setup with a field that the format does not know", "B13", reader=True)
def _(rng: Random) -> Folder:
    return frozen("2.7", set_to("note", to="hidden"))


@vector("2.7-other-digits", "a time in Arabic digits, which stand behind all others when texts are compared", reader=True)
def _(rng: Random) -> Folder:
    return frozen("2.7", set_to("calendar", "closes", to="٢٠٢٦-٠٥-٠١T١٨:٠٠:٠٠Z"))


@vector("2.7-calendar", "a vote that closes before it opens")
def _(rng: Random) -> Folder:
    return frozen("2.7", set_to("calendar", "closes", to="2026-04-30T00:00:00Z"))


@vector("2.7-below-minimum", "a setup that does not say what follows from too few ballots")
def _(rng: Random) -> Folder:
    return frozen("2.7", set_to("below_minimum", to="whatever"))


@vector("2.8-white-space", "the setup with white space, verified without an anchor", "B13")
def _(rng: Random) -> Folder:
    return Kit("2.8", text=spaced).folder(anchor=None)


@vector("2.8-anchored", "the setup with white space, announced so", "B13", group="spelling of an anchored setup")
def _(rng: Random) -> Folder:
    return Kit("2.8", text=spaced).folder()


@vector("2.8-rule", "the rule without a field whose absence means the same, verified without an anchor", "B13")
def _(rng: Random) -> Folder:
    return Kit("2.8", text=swap(b',"tie":"fails"', b"")).folder(anchor=None)


@vector("2.8-half-a-character", "a text of the setup has half of a surrogate pair", reader=True)
def _(rng: Random) -> Folder:
    return Kit("2.8", text=swap(b'"Registrar"', b'"\\ud800"')).folder()


# --- 2.9, 2.10 --------------------------------------------------------------------------------------------------------------


@vector("2.9-code-twice", "two areas whose codes differ in nothing but case")
def _(rng: Random) -> Folder:
    return frozen("2.9", lambda value: None, ("A", "a"))


@vector("2.9-uuid-twice", "two areas with the same uuid")
def _(rng: Random) -> Folder:
    def edit(value: Value) -> None:
        first, second = value["areas"]
        second |= {"uuid": first["uuid"], "roll_sha256": first["roll_sha256"]}

    return frozen("2.9", edit, ("A", "B"))


@vector("2.9-no-parent", "an area in a region that is not there")
def _(rng: Random) -> Folder:
    return frozen("2.9", set_to("areas", 0, "parent", to="R"))


@vector("2.9-own-ancestor", "two regions that lie in each other")
def _(rng: Random) -> Folder:
    regions = [{"code": "R", "name": "R", "parent": "S"}, {"code": "S", "name": "S", "parent": "R"}]
    return frozen("2.9", set_to("regions", to=regions))


@vector("2.9-path", "an area whose code is a path", reader=True)
def _(rng: Random) -> Folder:
    kit = Kit("2.9")
    kit.setup = kit.setup.replace(b'"code":"A"', b'"code":"../A"')
    return kit.folder(anchor=None)


@vector("2.10-empty", "an area without a name")
def _(rng: Random) -> Folder:
    return frozen("2.10", set_to("areas", 0, "name", to=" "))


@vector("2.10-language-missing", "a question without a text in one of the languages", reader=True)
def _(rng: Random) -> Folder:
    return frozen("2.10", set_to("languages", to=[["en", "ltr"], ["fa", "rtl"]]))


@vector("2.10-language-more", "a title in a language that the setup does not have", group="language of a text")
def _(rng: Random) -> Folder:
    return Kit("2.10", text=swap(b'"title":{', b'"title":{"aa":"Something else",')).folder(anchor=None)


@vector("2.10-no-tag", "a language whose tag is none")
def _(rng: Random) -> Folder:
    def edit(value: Value) -> None:
        text = json.write(value).replace('"en"', '"English"')
        value |= json.read(text.encode())

    return frozen("2.10", edit)


# --- 2.11 -------------------------------------------------------------------------------------------------------------------


def ruled(**proposal: Any) -> Folder:
    """A record whose rule is another (None: without that field)."""
    rule = read_rule(RULE).to_json()
    item = rule["items"][0] | proposal
    rule["items"] = [{name: value for name, value in item.items() if value is not None}]
    return frozen("2.11", set_to("rule", to=rule))


@vector("2.11-minority", "a third of the valid votes carries the proposal")
def _(rng: Random) -> Folder:
    return ruled(share=MAJORITY | {"needed": "1/3"}, tie=None)


@vector("2.11-other-question", "the rule decides a question that is not asked", reader=True)
def _(rng: Random) -> Folder:
    return ruled(id="other")


@vector("2.11-undecided", "a question that the rule does not decide")
def _(rng: Random) -> Folder:
    def edit(value: Value) -> None:
        value["questions"].append(value["questions"][0] | {"id": "other"})

    return frozen("2.11", edit)


@vector("2.11-several-answers", "a question of which two answers can be chosen, where the rule counts one a ballot")
def _(rng: Random) -> Folder:
    return frozen("2.11", set_to("questions", 0, "max", to=2))


@vector("2.11-no-such-answer", "the proposal is carried by an answer that is not there")
def _(rng: Random) -> Folder:
    return ruled(accept="perhaps")


@vector("2.11-answers-alike", "two answers with the same name")
def _(rng: Random) -> Folder:
    return frozen("2.11", set_to("questions", 0, "answers", 1, "id", to="yes"))


@vector("2.11-unknown-field", "the rule has a field that it does not know", "B13", reader=True)
def _(rng: Random) -> Folder:
    return ruled(note="hidden")


@vector("2.11-fraction", "a share that is no fraction", reader=True)
def _(rng: Random) -> Folder:
    return ruled(share=MAJORITY | {"needed": "0.5"})


# --- 2.12 -------------------------------------------------------------------------------------------------------------------

SAID = "Something is said about it here."


def informed(text: str = SAID, *sides: tuple[str, str]) -> Folder:
    """A record with information: a text, and sides of a heading and a text."""
    both = sides or (("For", SAID), ("Against", SAID))
    value = {"text": {"en": text}, "sides": [{"heading": {"en": heading}, "text": {"en": said}} for heading, said in both]}
    return frozen("2.12", set_to("information", to=value))


@vector("2.12-one-side", "one side is heard alone")
def _(rng: Random) -> Folder:
    return informed(SAID, ("For", SAID))


@vector("2.12-unequal", "one side has more than 5/4 of the space of the other")
def _(rng: Random) -> Folder:
    return informed(SAID, ("For", "x" * 101), ("Against", "x" * 80))


@vector("2.12-paragraphs", "one side has two paragraphs more")
def _(rng: Random) -> Folder:
    return informed(SAID, ("For", "one\n\ntwo\n\nthree"), ("Against", "one two three"))


@vector("2.12-turned", "a character turns the writing around", "B13")
def _(rng: Random) -> Folder:
    return informed("It was \u202erejected.")


@vector("2.12-hidden", "a text goes on in characters that nobody sees", "B13")
def _(rng: Random) -> Folder:
    return informed(SAID + "\U000e0041")


@vector("2.12-long", "a text is longer than anybody reads")
def _(rng: Random) -> Folder:
    return informed("x" * 6001)


@vector("2.12-heading", "a heading of two lines")
def _(rng: Random) -> Folder:
    return informed(SAID, ("For\nit", SAID), ("Against", SAID))


@vector("2.12-white-space", "a text begins with empty lines")
def _(rng: Random) -> Folder:
    return informed("\n\n" + SAID)


# --- 3.19 -------------------------------------------------------------------------------------------------------------------


def held_by(trustees: Trustees, mandatory: int, size: int, threshold: int) -> Folder:
    """A record whose key is held so, and whose setup says so."""
    policy = {"mandatory": mandatory, "size": size, "threshold": threshold}
    return Kit("3.19", trustees=trustees, edit=set_to("trustees", to=policy)).folder()


def group_of(rng: Random, *sizes: tuple[int, int]) -> Trustees:
    """Threshold groups."""
    groups = [Group(rng, size, threshold).run().to_json() for size, threshold in sizes]
    return read_trustees(json.write(groups).encode())


@vector("3.19-other-policy", "one trustee holds the key where the setup says two", "T2")
def _(rng: Random) -> Folder:
    return held_by(Trustees((single(rng)[1],)), 2, 0, 0)


@vector("3.19-nobody", "nobody is to hold the key", "T2")
def _(rng: Random) -> Folder:
    return held_by(Trustees((single(rng)[1],)), 0, 0, 0)


@vector("3.19-half", "two of four trustees can decrypt", "T2")
def _(rng: Random) -> Folder:
    return held_by(group_of(rng, (4, 2)), 0, 4, 2)


@vector("3.19-all", "all three of three trustees are needed: if one is lost, so is the result", "T2")
def _(rng: Random) -> Folder:
    return held_by(group_of(rng, (3, 3)), 0, 3, 3)


@vector("3.19-two-groups", "two threshold groups, of which the setup names one", "T2")
def _(rng: Random) -> Folder:
    return held_by(group_of(rng, (3, 2), (3, 2)), 0, 3, 2)
