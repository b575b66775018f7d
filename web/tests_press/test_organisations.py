"""Organisations: statute with addresses, chronology by date, keys and how they were confirmed."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client

from letter_rig import accept, edited, key, letter, send, signature
from newsroom import LANGUAGES, front, publish
from sanduq.press import fingerprint, grouped
from sanduq_web.press.models import (
    Contact,
    Office,
    OfficialSite,
    OrganisationEvent,
    OrganisationKey,
    OrganisationPage,
    SigningKey,
    StatuteArticle,
)

pytestmark = pytest.mark.usefixtures("site")


def signing_key(number: int = 1, owners: str = "Lake Society", **more: Any) -> SigningKey:
    return SigningKey.objects.create(key=key(number).public, owners=owners, **more)


def organisation(language: str = "en", **more: Any) -> OrganisationPage:
    page = OrganisationPage(
        **{
            "title": "Lake Society",
            "slug": "lake-society",
            "acronym": "LS",
            "introduction": "<p>It looks after the lake.</p>",
            "founded_on": date(1999, 3, 21),
        }
        | {name: value for name, value in more.items() if not isinstance(value, list)}
    )
    for name, rows in more.items():
        if isinstance(rows, list):
            setattr(page, name, rows)
    return publish(page, front(language))


def shown(reader: Client, page: OrganisationPage) -> str:
    answer = reader.get(page.get_url())
    assert answer.status_code == 200
    return answer.text


def test_a_key_of_another_name_is_not_its_own() -> None:
    page = organisation()
    other = OrganisationKey(page=page, key=signing_key(owners="Union of Ferrymen\nLake Society, Port Anna"))
    with pytest.raises(ValidationError, match="not said to be of an organisation of this name"):
        other.full_clean()
    other.save()
    assert "<svg" not in shown(Client(), page)


def test_a_statute_has_one_article_of_a_number() -> None:
    page = organisation(articles=[StatuteArticle(number=1, text="<p>a</p>")])
    with pytest.raises(ValidationError):
        StatuteArticle(page=page, number=1, text="<p>b</p>").full_clean()


def test_articles_of_the_statute_have_addresses(reader: Client) -> None:
    rows = [StatuteArticle(number=number, heading=f"On {number}", text=f"<p>Text {number}.</p>") for number in (3, 1, 2)]
    html = shown(reader, organisation(articles=rows))
    assert re.findall(r'<section id="article-(\d)">', html) == ["1", "2", "3"]
    assert re.findall(r'<li><a href="#article-(\d)">', html) == ["1", "2", "3"]


def test_the_chronology_is_by_date_and_says_what_is_known(reader: Client) -> None:
    rows = [
        OrganisationEvent(on=date(2010, 5, 3), text="The gauge"),
        OrganisationEvent(on=date(1999, 3, 21), text="The meeting", precision="month"),
        OrganisationEvent(on=date(1990, 7, 1), text="The drought", precision="year"),
    ]
    html = shown(reader, organisation(events=rows))
    assert [html.index(text) for text in ("drought", "meeting", "gauge")] == sorted(
        html.index(text) for text in ("gauge", "meeting", "drought")
    )
    times = re.findall(r'<time datetime="([^"]*)"', html[html.index('id="chronology"') :])
    assert times[:3] == ["1990", "1999-03", "2010-05-03"]


def test_all_of_it_is_shown(reader: Client) -> None:
    page = organisation(
        offices=[Office(title="Chair", holder="R. Example", since=date(2020, 1, 1)), Office(title="Treasurer")],
        sites=[OfficialSite(title="Own site", url="https://lake.example")],
        contacts=[Contact(way="Post", address="Box 1, Port Anna")],
    )
    html = shown(reader, page)
    for text in ("(<bdi>LS</bdi>)", "1999", "Chair", "R. Example", "Treasurer", "https://lake.example", "Box 1, Port Anna"):
        assert text in html
    assert 'rel="noreferrer"' in html


@pytest.mark.parametrize(
    ("known", "said"),
    [
        ({}, "Unconfirmed"),
        ({"confirmed_on": date(2026, 1, 2), "confirmed_how": "printed in bulletin 12"}, "printed in bulletin 12"),
        (
            {"confirmed_on": date(2026, 1, 2), "confirmed_how": "printed", "withdrawn_on": date(2026, 2, 2)},
            "The key was withdrawn",
        ),
    ],
)
def test_a_key_is_shown_with_how_it_was_confirmed(reader: Client, known: dict[str, Any], said: str) -> None:
    html = shown(reader, organisation(keys=[OrganisationKey(key=signing_key(**known))]))
    assert grouped(fingerprint(key(1).public)) in html
    assert said in html
    assert html.count("<svg") == 1


def test_letters_it_signed_are_those_whose_signature_holds(reader: Client) -> None:
    page = organisation()
    text = letter()
    send(reader, text, signature(reader, text))
    accept(text, page=page)
    assert "On the level of the lake" in shown(reader, page)
    text = edited(text, place="Port Berta")
    assert "On the level of the lake" not in shown(reader, page)
    assert 'href="/en/lake-society/"' in reader.get(text.get_url()).text
    page.unpublish()
    assert "lake-society" not in reader.get(text.get_url()).text


@pytest.mark.parametrize("language", LANGUAGES)
def test_days_stand_in_both_calendars(reader: Client, language: str) -> None:
    html = shown(reader, organisation(language))
    (day,) = re.findall(r'<time datetime="1999-03-21"><bdi>([^<(]* \([^<]*\))</bdi></time>', html)
    assert [int(each) for each in re.findall(r"\d{4}", day)] == [1999, 1378]  # in the digits of the language
