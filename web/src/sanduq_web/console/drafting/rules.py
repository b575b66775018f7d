"""The form of a rule: for each question a proposal or a choice, with its conditions.

Rules of other forms (linked proposals, weights of areas) are written as JSON; the form then says that it cannot show them.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from sanduq.question.rule import Denominator

OF: Final = tuple(each.value for each in Denominator)
COMPARE: Final = ("more-than", "at-least")
_CONDITIONS: Final = ("turnout", "approval")
Post = Mapping[str, str]


def simple(content: Mapping[str, Any]) -> dict[str, Any]:
    """What a draft begins with: simple majority without any quorum for a question of two answers, plurality for others."""
    items = []
    for question in content.get("questions", []):
        answers = [each["id"] for each in question["answers"]]
        if len(answers) == 2:
            share = {"of": "valid-votes", "compare": "more-than", "needed": "1/2"}
            items.append({"id": question["id"], "kind": "proposal", "accept": answers[0], "share": share, "tie": "fails"})
        else:
            items.append({"id": question["id"], "kind": "choice", "tie": "none"})
    return {"decides": "whole", "items": items}


def read_rule_form(post: Post, content: Mapping[str, Any]) -> dict[str, Any]:
    """The rule of a posted form; whether it is one, the library says."""
    rule: dict[str, Any] = {"decides": "each" if post.get("decides") == "each" else "whole"}
    if rule["decides"] == "each":
        rule["regions"] = post.get("regions", "parents")
    items = []
    for n, question in enumerate(content.get("questions", [])):
        if post.get(f"i{n}:kind") == "choice":
            items.append(_choice(post, f"i{n}", question["id"]))
        else:
            items.append(_proposal(post, f"i{n}", question["id"]))
    if any("area_majority" in item for item in items):
        rule["area_weights"] = {"level": post.get("level", "areas")}
    return rule | {"items": items}


def _needed(post: Post, name: str) -> dict[str, str] | None:
    needed = post.get(f"{name}:needed", "").strip()
    return {"compare": post.get(f"{name}:compare", "more-than"), "needed": needed} if needed else None


def _share(post: Post, name: str) -> dict[str, str] | None:
    needed = _needed(post, name)
    return {"of": post.get(f"{name}:of", "valid-votes"), **needed} if needed else None


def _proposal(post: Post, at: str, name: str) -> dict[str, Any]:
    item: dict[str, Any] = {
        "id": name,
        "kind": "proposal",
        "accept": post.get(f"{at}:accept", ""),
        "share": _share(post, f"{at}:share"),
    }
    if item["share"] == {"of": "valid-votes", "compare": "more-than", "needed": "1/2"}:
        item["tie"] = post.get(f"{at}:tie") or "fails"
    for condition in _CONDITIONS:
        if (needed := _needed(post, f"{at}:{condition}")) is not None:
            item[condition] = needed
    if (needed := _needed(post, f"{at}:areas")) is not None:
        item["area_majority"] = {"area_accepts": "more-for-than-against", **needed}
    return item


def _choice(post: Post, at: str, name: str) -> dict[str, Any]:
    item: dict[str, Any] = {"id": name, "kind": "choice"}
    if (share := _share(post, f"{at}:share")) is not None:
        item |= {"share": share, "otherwise": post.get(f"{at}:otherwise", "none")}
    item["tie"] = post.get(f"{at}:tie") or "none"
    if (needed := _needed(post, f"{at}:turnout")) is not None:
        item["turnout"] = needed
    return item


def fits_form(rule: Mapping[str, Any], content: Mapping[str, Any]) -> bool:
    """Whether the form can show a rule without losing anything of it."""
    items, questions = rule.get("items", []), content.get("questions", [])
    plain = [each.get("id") for each in items] == [each["id"] for each in questions]
    return (
        plain
        and all(each.get("kind") in ("proposal", "choice") for each in items)
        and "weights" not in rule.get("area_weights", {})
    )
