"""What a stranger could do by readers' forms: write as somebody else, past the CAPTCHA, or so that others cannot."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client, RequestFactory

from sanduq_web.press.models import Enquiry
from sanduq_web.press.talk import limits, plain
from sanduq_web.press.talk.limits import Rate
from talking import COMMENT, an_article, solved


@pytest.mark.parametrize(
    "name",
    [
        "\u3164", "\uffa0\u115f", "The Lake\u3164Courier",  # letters that are blank
        "The \u0399ake Courier", "The Iake C0urier", "The |ake Courier", "\u03a4\u04bb\u0435 L\u0251k\u0435 \u0421ourier",
        "Newsroom", "Aylin, Newsroom", "NEWSR00M", "Yazı İşleri", "Redaksiya", "تحریریه",  # the badge
    ],
)  # fmt: skip
def test_a_name_is_seen_and_nobody_elses(site: Any, name: str) -> None:
    with pytest.raises(ValidationError):
        plain.name(name)


@pytest.mark.parametrize("name", ["Ayl\u0131n", "Illia", "\u6d77", "\u0646\u0647\u200c\u0646\u0647", "Newton Room"])
def test_other_names_are_taken(site: Any, name: str) -> None:
    assert plain.name(name) == name


@pytest.mark.parametrize("mark", ["\u0e49", "\u1dc4", "\ufe20", "\u0345\u200d", "\u0301\u034f"])
def test_marks_do_not_pile_up_over_the_lines_of_others(site: Any, mark: str) -> None:
    with pytest.raises(ValidationError):
        plain.text("a" + mark * 5)
    assert plain.text("a\u0301\u0323b\u0e49") and plain.text("\U0001f469\u200d\u2764\ufe0f\u200d\U0001f468")


def test_a_form_that_was_taken_opens_no_other_one(site: Any, moderators: Any, desk: Any, now: Any, reader: Client) -> None:
    """One CAPTCHA, one thing done; and the limits of enquiries are those of enquiries."""
    form = f"/en/comments/{an_article().pk}/"
    sent = solved(reader.get(form), **COMMENT)
    assert reader.post(form, sent).status_code == 303
    ask = {"subject": "Level", "text": "How high?", "email": "", "token": sent["token"]}
    reader.post("/en/enquiries/", ask)
    assert Enquiry.objects.count() == 0


def test_readers_of_two_networks_are_two_also_where_a_socket_is_for_both(
    site: Any, now: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(limits.RATES, "comment", Rate(100, 1))
    for address in ("::ffff:203.0.113.1", "::ffff:203.0.113.2", "::ffff:127.0.0.1", "::ffff:127.0.0.1"):
        limits.spend("comment", RequestFactory().get("/", REMOTE_ADDR=address))
    with pytest.raises(limits.TooMany):
        limits.spend("comment", RequestFactory().get("/", REMOTE_ADDR="203.0.113.2"))
