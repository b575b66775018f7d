"""The page of one referendum: what is asked, every side, who may vote, how, when, how it is decided, and the anchor."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from sanduq.count.outcome import Example, examples
from sanduq.keys.trustees import PublicKey, Single, read_trustees
from sanduq.question.rule import LANGUAGES, describe
from sanduq_web.box import api as box
from sanduq_web.question.api import Frozen, referendum, tell
from sanduq_web.question.examples import items
from sanduq_web.watch.views.pages import current, page


@require_safe
def one(request: HttpRequest, anchor: str) -> HttpResponse:
    """What is asked, who may vote, when, how it is decided, and the anchor."""
    frozen, language = current(anchor), get_language() or ""
    words = language if language in LANGUAGES else "en"
    names = tell(frozen, words).names
    more: dict[str, Any] = {"rule": describe(frozen.setup.rule, words, names), "rule_language": words}
    more |= {"electorate": sum(area.electorate for area in frozen.setup.areas), "booth": settings.SANDUQ_BOOTH}
    more |= {
        "items": items(frozen.setup.rule, frozen.setup.questions, _examples(anchor), names),
        "places": _places(frozen),
        "trustees": _trustees(frozen),
    }
    more["authentication"] = box.authentication(anchor)
    return page(request, "watch/referendum.html", anchor, "referendum", more)


@lru_cache(maxsize=64)
def _examples(anchor: str) -> tuple[Example, ...]:
    setup = referendum(anchor).setup
    return examples(setup.rule, setup.shapes, [(area.code, area.parent) for area in setup.areas])


# --- who may vote, and who counts -------------------------------------------------------------------------------------------


def _places(frozen: Frozen) -> list[dict[str, Any]]:
    """The highest regions with their areas and electorate, in the order of the setup; or the areas where there are none."""
    parents = {region.code: region.parent for region in frozen.setup.regions}

    def top(code: str | None) -> str | None:
        while code is not None and parents.get(code) is not None:
            code = parents[code]
        return code

    rows: dict[str, dict[str, Any]] = {
        region.code: {"name": region.name, "areas": 0, "electorate": 0}
        for region in frozen.setup.regions
        if region.parent is None
    }
    alone = []
    for area in frozen.setup.areas:
        above = top(area.parent)
        if above is None:
            alone.append({"name": area.name, "areas": 1, "electorate": area.electorate})
        else:
            rows[above]["areas"] += 1
            rows[above]["electorate"] += area.electorate
    return [row for row in rows.values() if row["areas"]] + alone


def _trustees(frozen: Frozen) -> dict[str, Any]:
    """How many there are and are needed, and each one's name and key."""
    policy = frozen.setup.trustees
    public: list[PublicKey] = []
    for item in read_trustees(frozen.trustees).items:
        public += [item.public_key] if isinstance(item, Single) else item.verification_keys
    people = [{"name": one.name or "", "key": one.key.hex} for one in public]
    always = policy.mandatory if policy.size else 0
    return {
        "people": people,
        "size": policy.mandatory + policy.size,
        "needed": policy.mandatory + policy.threshold,
        "always": always,
    }
