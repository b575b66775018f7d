"""The forms of a draft's texts: from the fields of a posted form to the draft's content, and what the buttons change.

A field's name is a path: ``title:en``, ``q0:text:fa``, ``q0:a1:text:en``, ``side1:heading:en``. What is posted is kept as it
stands; whether it will do, the library says.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

from sanduq import errors

MOST_QUESTIONS: Final = 10
MOST_ANSWERS: Final = 30
MOST_LANGUAGES: Final = 12
MOST_SIDES: Final = 6
_LANGUAGE: Final = re.compile(r"[a-z]{2,3}(?:-[A-Za-z0-9]{2,8}){0,3}\Z")
Post = Mapping[str, str]


def _text(post: Post, name: str) -> str:
    return post.get(name, "").replace("\r\n", "\n").strip()


def languages_of(text: str) -> list[str]:
    """Language tags separated by commas or spaces. Raises :class:`sanduq.errors.Unusable` for what is none."""
    found = list(dict.fromkeys(each for each in re.split(r"[\s,]+", text) if each))
    wrong = [each for each in found if not _LANGUAGE.match(each)]
    if wrong or not 1 <= len(found) <= MOST_LANGUAGES:
        hint = ", ".join(each[:20] for each in wrong) or None
        raise errors.Unusable(f"languages: expected 1 to {MOST_LANGUAGES} tags such as en or az-Arab", hint=hint)
    return found


def empty() -> dict[str, Any]:
    """What a new draft begins with: one question with yes, no and blank."""
    answers = [{"id": "yes", "text": {}}, {"id": "no", "text": {}}]
    return {"languages": ["en"], "title": {}, "questions": [{"id": "question", "text": {}, "blank": True, "answers": answers}]}


def read_texts(post: Post, before: Mapping[str, Any]) -> dict[str, Any]:
    """Languages, title and questions from a form that showed ``before``."""
    languages = languages_of(post.get("languages", "") or " ".join(before["languages"]))
    shown = [*before["languages"], *(each for each in languages if each not in before["languages"])]

    def by_language(name: str) -> dict[str, str]:
        return {each: text for each in shown if each in languages and (text := _text(post, f"{name}:{each}"))}

    questions = []
    for q, question in enumerate(before["questions"]):
        answers = [
            {"id": _text(post, f"q{q}:a{a}:id"), "text": by_language(f"q{q}:a{a}:text")}
            for a in range(len(question["answers"]))
        ]
        asked = {"id": _text(post, f"q{q}:id"), "text": by_language(f"q{q}:text"), "blank": post.get(f"q{q}:blank") == "on"}
        questions.append({**asked, "answers": answers})
    return {"languages": languages, "title": by_language("title"), "questions": questions}


def change(content: dict[str, Any], do: str) -> dict[str, Any]:
    """What a button does: ``add-question``, ``remove-question:0``, ``add-answer:0``, ``remove-answer:0:1``.

    Raises :class:`sanduq.errors.Unusable` for a button that there is none of, and beyond the limits.
    """
    verb, *numbers = do.split(":")
    try:
        at = [int(each) for each in numbers]
        questions = content["questions"]
        match verb, len(at):
            case "add-question", 0 if len(questions) < MOST_QUESTIONS:
                questions.append({**empty()["questions"][0], "id": f"question-{len(questions) + 1}"})
            case "remove-question", 1 if len(questions) > 1:
                del questions[at[0]]
            case "add-answer", 1 if len(questions[at[0]]["answers"]) < MOST_ANSWERS:
                questions[at[0]]["answers"].append({"id": f"answer-{len(questions[at[0]]['answers']) + 1}", "text": {}})
            case "remove-answer", 2 if len(questions[at[0]]["answers"]) > 1:
                del questions[at[0]]["answers"][at[1]]
            case _:
                raise errors.Unusable("this cannot be added or removed")
    except (ValueError, IndexError):
        raise errors.Unusable("this cannot be added or removed") from None
    return content


def read_sides(post: Post, languages: list[str], count: int) -> dict[str, Any] | None:
    """The explanation and the sides; None where all fields are empty."""

    def by_language(name: str) -> dict[str, str]:
        return {each: text for each in languages if (text := _text(post, f"{name}:{each}"))}

    sides = [{"heading": by_language(f"side{n}:heading"), "text": by_language(f"side{n}:text")} for n in range(count)]
    found = {"text": by_language("explanation"), "sides": sides}
    return found if found["text"] or any(side["heading"] or side["text"] for side in sides) else None


def missing(content: Mapping[str, Any]) -> dict[str, list[str]]:
    """By language, the paths of texts that are not there yet."""
    found: dict[str, list[str]] = {}
    for language in content.get("languages", []):
        lacks = [] if content.get("title", {}).get(language) else ["title"]
        for question in content.get("questions", []):
            lacks += [] if question["text"].get(language) else [str(question["id"])]
            lacks += [f"{question['id']}/{each['id']}" for each in question["answers"] if not each["text"].get(language)]
        information = content.get("information")
        if information:
            lacks += [] if information["text"].get(language) else ["explanation"]
            for number, side in enumerate(information["sides"], 1):
                lacks += [f"side {number}, {part}" for part in ("heading", "text") if not side[part].get(language)]
        found[language] = lacks
    return found
