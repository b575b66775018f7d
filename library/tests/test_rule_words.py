"""The rule in words: every language says everything, with the same things put in, and directions do not mix."""

from __future__ import annotations

import re
import string
from importlib.resources import files

import pytest

from rule_makers import choice, linked, proposal
from rule_makers import value as rule
from sanduq import errors
from sanduq.question.rule import LANGUAGES, describe, read_rule
from sanduq.question.rule.words import sentences

OTHERS = [language for language in LANGUAGES if language != "en"]


def placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


def test_there_is_a_file_a_language_and_no_other() -> None:
    found = {path.name for path in files("sanduq.question.rule").joinpath("sentences").iterdir()}
    assert found == {f"{language}.toml" for language in LANGUAGES}


@pytest.mark.parametrize("language", OTHERS)
def test_every_language_has_every_sentence_with_the_same_placeholders(language: str) -> None:
    english, found = sentences("en").by_name, sentences(language).by_name
    assert list(found) == list(english)
    for name, text in english.items():
        assert placeholders(found[name]) == placeholders(text), name
        assert found[name].strip(), name
        assert found[name] != text or not re.search(r"[a-z]{3}", re.sub(r"{.*?}", "", text)), name


@pytest.mark.parametrize("language", ["azb", "fa", "ar"])
def test_letters_that_run_the_other_way_stand_apart(language: str) -> None:
    names = {"q": "Soll es?", "q/yes": "Ja", "q/no": "خیر"}
    said = " ".join(describe(read_rule(rule(proposal(tie="no"))), language, names))
    assert "\u2068Soll es?\u2069 " in said
    assert "«\u2068Ja\u2069»" in said
    assert "«خیر»" in said


@pytest.mark.parametrize("language", ["en", "az", "tr"])
def test_right_to_left_stands_apart_in_left_to_right(language: str) -> None:
    said = " ".join(describe(read_rule(rule(proposal())), language, {"q": "Sual", "q/yes": "بلی"}))
    assert "Sual: " in said
    assert "\u2068بلی\u2069" in said


def test_a_question_has_its_own_answers_first() -> None:
    two = read_rule(rule(proposal("a"), proposal("b")))
    said = " ".join(describe(two, "en", {"yes": "Yes", "b/yes": "Agreed"}))
    assert "a: “Yes” is accepted" in said
    assert "b: “Agreed” is accepted" in said


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("value", [rule(proposal()), rule(choice()), rule(linked())], ids=["proposal", "choice", "linked"])
def test_nothing_is_left_open(language: str, value: dict[str, object]) -> None:
    for said in describe(read_rule(value), language):
        assert said.strip()
        assert not set("{}") & set(said)


@pytest.mark.parametrize("language", ["", "EN", "../en", "tlh", "en.toml"])
def test_no_other_language_is_looked_for(language: str) -> None:
    with pytest.raises(errors.Unusable, match="no words for the language"):
        sentences(language)


def test_linked_proposals_have_no_text_and_are_not_called_by_their_id() -> None:
    names = {"a": "Shall A be?", "b": "Shall B be?", "t": "Which?"}
    assert describe(read_rule(rule(linked())), "en", names)[1].startswith("The proposals Shall A be?")
    assert describe(read_rule(rule(linked())), "en")[1].startswith("g: The proposals a and b")
