"""The demo's organisation: one of those that have signed the letter, with all that a page of an organisation can show."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from html import escape
from typing import Any, Final

from sanduq_web.press.courier.texts import blocks
from sanduq_web.press.models import (
    Contact,
    CoSignature,
    Office,
    OfficialSite,
    OrganisationEvent,
    OrganisationKey,
    OrganisationPage,
    SigningKey,
    StatuteArticle,
)
from sanduq_web.press.models.organisations import Precision

_KNOWN_TO: Final = {4: Precision.YEAR, 7: Precision.MONTH, 10: Precision.DAY}
"""By how much of ``2011-02-28`` is written."""


def described(plan: Mapping[str, Any], words: Mapping[str, Any], name: str, pictures: Mapping[str, Any]) -> OrganisationPage:
    """The page of the organisation of this name, which has signed already, with its key."""
    page = OrganisationPage(
        title=name,
        slug=plan["slug"],
        acronym=words["acronym"],
        emblem=pictures[plan["emblem"]],
        emblem_explained=words["emblem_explained"],
        founded_on=plan["founded"],
        introduction="".join(html for _, html in blocks(words["introduction"], {})),
    )
    page.events = [_event(on, text) for on, text in zip(plan["events"], words["events"], strict=True)]
    page.articles = [
        StatuteArticle(number=number, heading=each["heading"], text=f"<p>{escape(each['text'], quote=False)}</p>")
        for number, each in enumerate(words["articles"], 1)
    ]
    page.offices = [Office(**each, since=since) for each, since in zip(words["offices"], plan["since"], strict=True)]
    page.sites = [OfficialSite(title=words["sites"][key], url=url) for key, url in plan["sites"].items()]
    page.contacts = [Contact(**each) for each in words["contacts"]]
    page.keys = [OrganisationKey(key=SigningKey.objects.get(owners=name))]
    return page


def _event(on: str, text: str) -> OrganisationEvent:
    first = date.fromisoformat(on + "-01-01"[len(on) - 4 :])
    return OrganisationEvent(on=first, precision=_KNOWN_TO[len(on)], text=text)


def signed_with(page: OrganisationPage) -> None:
    """From its signatures one comes to its page."""
    CoSignature.objects.filter(key__in=[each.key.key for each in page.keys.all()]).update(page=page)
