"""Comments: read by a moderator first, in threads, plain; the address sealed; posted once."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

import pytest
from django.test import Client

from newsroom import LANGUAGES, article, member, section
from sanduq import errors
from sanduq_web.press.models import Byline, Comment, CommentState, Report
from sanduq_web.press.talk import actions, sealing
from talking import CANARY, COMMENT, an_article, commented, fields, send, shown, solved

DESK = "/desk/talk/comments/"
OVERRIDE, ISOLATE, FEED = "\N{RIGHT-TO-LEFT OVERRIDE}", "\N{LEFT-TO-RIGHT ISOLATE}", "\x1b[2J"


@pytest.fixture
def page(site: Any, moderators: Any, now: Any) -> Any:
    """An article under which comments are taken."""
    return an_article()


def _decide(editor: Client, comment: Comment, decision: str, **more: str) -> Any:
    return editor.post(DESK, {"comment": comment.pk, "decision": decision, **more})


def test_a_comment_is_shown_when_a_moderator_has_read_it(page: Any, reader: Client, editor: Client) -> None:
    found = commented(reader, page)
    assert (found.state, found.text, found.arrived_on) == (CommentState.WAITING, COMMENT["text"], date(2030, 5, 1))
    assert "I remember." not in reader.get(page.url).text
    desk = editor.get(DESK)
    assert "I remember." in desk.text
    assert _decide(editor, found, "show").status_code == 302
    there = reader.get(page.url)
    assert f'id="c{found.pk}"' in there.text
    assert "<p>I remember.</p>" in there.text
    assert CANARY not in there.text + desk.text


def test_the_address_is_for_the_moderators_only(page: Any, reader: Client, editor: Client, moderators: Any) -> None:
    found = commented(reader, page)
    sealed = editor.get(f"{DESK}{found.pk}/email.age")
    assert sealing.unseal(sealed.content, moderators) == {"email": CANARY}
    _, other = sealing.pyrage.x25519.Identity.generate(), sealing.pyrage.x25519.Identity.generate()
    with pytest.raises(errors.Unusable, match="sealed to another one"):
        sealing.unseal(sealed.content, other)
    short = commented(reader, page, email="a@b.example")
    # age adds a line of random length to its header; what comes after it says nothing of the address either.
    lengths = {len(raw.partition(b"\n---")[2].partition(b"\n")[2]) for raw in (bytes(short.email_sealed), sealed.content)}
    assert len(lengths) == 1


def test_nothing_of_a_refused_one_is_shown_and_its_address_goes(page: Any, reader: Client, editor: Client) -> None:
    found = commented(reader, page)
    _decide(editor, found, "refuse")
    found.refresh_from_db()
    assert (found.state, bytes(found.email_sealed)) == (CommentState.REFUSED, b"")
    assert "I remember." not in reader.get(page.url).text
    assert "I remember." not in editor.get(DESK).text


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_wrong_is_said_in_the_readers_language(site: Any, moderators: Any, reader: Client, language: str) -> None:
    said = {"en": "no e-mail address", "az": "e-poçt ünvanı deyil", "azb": "ایمیل آدرسی دئییل", "fa": "نشانی ایمیل نیست"}
    said |= {"ar": "ليس هذا عنوان بريد", "tr": "e-posta adresi değil"}
    answer = send(reader, f"/{language}/comments/{an_article(language).pk}/", name="a" * 61, email="nobody", text="")
    assert (said[language] in answer.text, "61" in answer.text) == (True, True)
    assert language == "en" or not re.findall("This |Ensure |Enter ", answer.text)


def test_a_moderators_buttons_need_no_answer_to_be_written(page: Any, reader: Client, editor: Client) -> None:
    commented(reader, page)
    found = editor.get(DESK).text
    assert 'value="refuse"' in found
    assert not re.search(r'<(?:textarea|select)[^>]*name="(?:text|byline)"[^>]* required', found)


@pytest.mark.parametrize("name", ["name", "email", "text"])
def test_what_is_missing_is_said_beside_it(page: Any, reader: Client, name: str) -> None:
    answer = send(reader, f"/en/comments/{page.pk}/", **(COMMENT | {name: " "}))
    assert answer.status_code == 422
    assert re.search(f'<a href="#id_{name}">[^<]+: This is needed', answer.text)
    assert f'id="id_{name}_error"' in answer.text
    assert Comment.objects.count() == 0


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("text", f"Harmless {OVERRIDE}txet", "U+202E"),
        ("text", f"Harmless {ISOLATE}text", "U+2066"),
        ("text", FEED, "U+001B"),
        ("name", f"Ay{OVERRIDE}lin", "U+202E"),
        ("text", "a" + "\u0301" * 40, "U+0301"),
        ("text", "a" * 3001, "at most 3000"),
        ("name", "a" * 61, "at most 60"),
        ("name", "۱۲۳", "A name has letters"),
        ("email", "nobody", "no e-mail address"),
        ("email", "a@b.example\nBcc: c@d.example", "no e-mail address"),
        ("website", "https://buy.example", "One field is there to be left empty"),
    ],
)
def test_what_is_refused_is_kept_on_the_page(page: Any, reader: Client, field: str, value: str, said: str) -> None:
    answer = send(reader, f"/en/comments/{page.pk}/", **(COMMENT | {field: value}))
    assert (answer.status_code, said in answer.text, Comment.objects.count()) == (422, True, 0)
    kept = fields(answer)
    assert all(kept[name].replace("\r", "") == COMMENT[name] for name in COMMENT if name != field)


def test_marks_and_joiners_of_real_scripts_are_taken(page: Any, reader: Client) -> None:
    text = "می‌خواهم؛ مُحَمَّدٌ؛ Ağrı, şəhər. 👩‍🌾"
    assert commented(reader, page, text=text, name="نه‌نه").text == text


@pytest.mark.parametrize(
    "name",
    ["The Lake Desk", "the lake  desk", "Thе Lаkе Dеsk", "Editor (The Lake Desk)", "T-h-e L.a.k.e Desk", "The Lake Courier"],
)
def test_nobody_writes_under_a_name_of_the_newsroom(page: Any, reader: Client, name: str) -> None:
    Byline.objects.create(kind="desk", name="The Lake Desk")
    answer = send(reader, f"/en/comments/{page.pk}/", **(COMMENT | {"name": name}))
    assert "This is a name of the newsroom" in answer.text
    assert Comment.objects.count() == 0


def test_letters_that_keyboards_write_differently_imitate_too(page: Any, reader: Client) -> None:
    Byline.objects.create(kind="desk", name="کمیسیون یاشیل")
    assert "newsroom" in send(reader, f"/en/comments/{page.pk}/", **(COMMENT | {"name": "كميسيون ياشيل"})).text


def test_text_is_text(page: Any, reader: Client, editor: Client) -> None:
    found = commented(reader, page, text="<script>alert(1)</script> https://evil.example/ [a](b)", name="<b>A</b>")
    actions.decide(found, CommentState.SHOWN)
    text = reader.get(page.url).text
    assert "&lt;script&gt;" in text
    assert "&lt;b&gt;A" in text
    assert 'href="https://evil' not in text


def test_a_form_sent_twice_posts_once(page: Any, reader: Client) -> None:
    sent = solved(reader.get(f"/en/comments/{page.pk}/"), **COMMENT)
    first, second = (reader.post(f"/en/comments/{page.pk}/", sent) for _time in range(2))
    assert first.status_code == second.status_code == 303
    assert first["Location"] == second["Location"] == f"/en/comments/{page.pk}/sent/"
    assert Comment.objects.count() == 1
    there = reader.get(first["Location"])
    assert ("A moderator reads it first" in there.text, dict(there.cookies), dict(reader.cookies)) == (True, {}, {})


def test_the_mark_of_a_form_points_at_no_comment(page: Any, reader: Client) -> None:
    sent = solved(reader.get(f"/en/comments/{page.pk}/"), **COMMENT)
    reader.post(f"/en/comments/{page.pk}/", sent)
    row = Comment.objects.values().get()
    assert not [value for value in row.values() if sent["token"] in str(value) or sent["captcha_key"] in str(value)]


def test_answers_stand_under_their_comment_one_level_deep(page: Any, reader: Client) -> None:
    top = shown(page, "Aylin", "First")
    form = f"/en/comments/{page.pk}/?to={top.pk}"
    assert "First" in reader.get(form).text
    assert send(reader, form, **(COMMENT | {"text": "Second"})).status_code == 303
    second = Comment.objects.get(text="Second")
    actions.decide(second, CommentState.SHOWN)
    assert send(reader, f"/en/comments/{page.pk}/?to={second.pk}", **(COMMENT | {"text": "Third"})).status_code == 303
    third = Comment.objects.get(text="Third")
    assert second.reply_to == third.reply_to == top
    actions.decide(third, CommentState.SHOWN)
    text = re.sub(r"\s+", " ", reader.get(page.url).text)
    assert re.search(
        f'<li><article[^>]* id="c{top.pk}".*<ol><li><article[^>]*id="c{second.pk}".*<li><article[^>]*id="c{third.pk}"', text
    )
    actions.decide(top, CommentState.REFUSED)
    assert "Third" not in reader.get(page.url).text


@pytest.mark.parametrize("state", [CommentState.WAITING, CommentState.REFUSED])
def test_no_answer_to_what_is_not_shown(page: Any, reader: Client, state: CommentState) -> None:
    hidden = shown(page, text="A secret", state=state)
    other = shown(article(section("tr")), text="Elsewhere")
    for number in (hidden.pk, other.pk, 10**30, -1):
        form = reader.get(f"/en/comments/{page.pk}/?to={number}")
        assert ("A secret" in form.text, "Elsewhere" in form.text) == (False, False)
    sent = solved(reader.get(f"/en/comments/{page.pk}/"), **COMMENT) | {"reply_to": str(hidden.pk)}
    assert reader.post(f"/en/comments/{page.pk}/", sent).status_code == 303
    assert Comment.objects.order_by("-pk").first().reply_to is None


@pytest.mark.parametrize("language", ["fa", "en"])
def test_each_text_has_its_own_direction(site: Any, moderators: Any, reader: Client, language: str) -> None:
    page = an_article(language)
    shown(page, "Aylin", "It was higher.")
    shown(page, "آیلین", "دریاچه بلندتر بود.")
    assert reader.get(page.url).text.count('<div class="said" dir="auto">') == 2


def test_without_a_key_comments_are_closed_and_no_reader_is_told_why(site: Any, reader: Client, settings: Any) -> None:
    settings.SANDUQ_PRESS_MODERATORS = []
    page = an_article()
    before = reader.get(page.url).text
    assert "/comments/" not in before
    assert "Comments" not in before
    shown(page)
    assert "It was higher." in reader.get(page.url).text
    form = reader.get(f"/en/comments/{page.pk}/")
    assert (form.status_code, "captcha" in form.text, "key" in form.text.lower()) == (403, False, False)


def test_a_key_that_is_none_closes_too(site: Any, reader: Client, settings: Any) -> None:
    settings.SANDUQ_PRESS_MODERATORS = ["age1nonsense"]
    assert reader.get(f"/en/comments/{an_article().pk}/").status_code == 403


def test_comments_closed_while_somebody_writes(page: Any, reader: Client) -> None:
    sent = solved(reader.get(f"/en/comments/{page.pk}/"), **COMMENT)
    page.comments_open = False
    page.save()
    answer = reader.post(f"/en/comments/{page.pk}/", sent)
    assert (answer.status_code, "I remember." in answer.text, Comment.objects.count()) == (403, True, 0)
    assert f"/en/comments/{page.pk}/" not in reader.get(page.url).text


def test_no_comments_on_what_nobody_can_read(page: Any, reader: Client) -> None:
    page.unpublish()
    assert reader.get(f"/en/comments/{page.pk}/").status_code == 404
    assert reader.get("/en/comments/999999/").status_code == 404
    assert reader.get(f"/fa/comments/{page.pk}/").status_code == 404


def test_a_report_hides_nothing_and_comes_to_the_moderators(page: Any, reader: Client, editor: Client) -> None:
    waits = commented(reader, page, text="I wait.")
    there = shown(page, text="Disputed")
    for number in range(5):
        assert send(reader, f"/en/comments/report/{there.pk}/", reason=f"Reason {number}").status_code == 303
    assert "Disputed" in reader.get(page.url).text
    desk = editor.get(DESK).text
    assert desk.index("Disputed") < desk.index("I wait.")
    assert desk.count("Reason ") == 5
    _decide(editor, there, "keep")
    assert (Report.objects.count(), "Disputed" in editor.get(DESK).text, "Disputed" in reader.get(page.url).text) == (
        0,
        False,
        True,
    )
    send(reader, f"/en/comments/report/{there.pk}/")
    _decide(editor, there, "refuse")
    assert "Disputed" not in reader.get(page.url).text
    assert reader.get(f"/en/comments/report/{there.pk}/").status_code == 404
    assert reader.get(f"/en/comments/report/{waits.pk}/").status_code == 404


def test_a_report_wants_the_captcha(page: Any, reader: Client) -> None:
    address = f"/en/comments/report/{shown(page).pk}/"
    sent = fields(reader.get(address)) | {"captcha_answer": "x", "reason": "It lies."}
    answer = reader.post(address, sent)
    assert (answer.status_code, "It lies." in answer.text, Report.objects.count()) == (422, True, 0)


def test_the_newsroom_answers_under_a_byline(page: Any, reader: Client, editor: Client) -> None:
    byline = Byline.objects.create(kind="spokesperson", name="Leyla Spokes", office="Speaker of the Lake")
    found = commented(reader, page)
    refused = _decide(editor, found, "reply", byline=str(byline.pk), text=f"We {OVERRIDE}")
    assert (refused.status_code, "U+202E" in refused.text) == (200, True)
    _decide(editor, found, "reply", byline=str(byline.pk), text="We measured it.")
    text = reader.get(page.url).text
    assert "We measured it." in text
    assert "Speaker of the Lake" in text
    assert text.count('class="badge"') == 1


def test_a_decision_can_be_changed(page: Any, reader: Client, editor: Client) -> None:
    there = shown(page, text="On second thought")
    assert "On second thought" in editor.get(f"{DESK}?state=shown").text
    _decide(editor, there, "refuse")
    assert "On second thought" not in reader.get(page.url).text
    assert "On second thought" in editor.get(f"{DESK}?state=refused").text
    _decide(editor, there, "show")
    assert "On second thought" in reader.get(page.url).text
    assert "On second thought" not in editor.get(f"{DESK}?state=nonsense").text


def test_the_newsroom_has_no_pseudonym(page: Any, editor: Client) -> None:
    byline = Byline.objects.create(kind="pseudonym", name="Somebody")
    there = shown(page)
    assert _decide(editor, there, "reply", byline=str(byline.pk), text="We").status_code == 200
    with pytest.raises(errors.Unusable, match="byline of a desk or of a spokesperson"):
        actions.reply_as_desk(there, byline, "We")
    assert Comment.objects.count() == 1


@pytest.mark.parametrize(("role", "allowed"), [("editor", False), ("spokesperson", False), ("moderator", True)])
def test_moderators_need_the_permission(page: Any, role: str, allowed: bool) -> None:
    there = shown(page, email_sealed=b"sealed")
    client = member("helper", role, ["en"] if role == "editor" else [])
    statuses = {client.get(DESK).status_code, client.get(f"{DESK}{there.pk}/email.age").status_code}
    assert statuses == ({200} if allowed else {302})
    _decide(client, there, "refuse")
    there.refresh_from_db()
    assert (there.state == CommentState.REFUSED) is allowed


def test_nobody_moderates_without_an_account(page: Any, reader: Client) -> None:
    there = shown(page)
    assert reader.get(DESK).status_code == 302
    assert _decide(reader, there, "refuse").status_code in (302, 403)
    there.refresh_from_db()
    assert there.state == CommentState.SHOWN


def test_what_is_over_is_deleted(page: Any, reader: Client, editor: Client, now: Any) -> None:
    waits, refused, stays = commented(reader, page), commented(reader, page), commented(reader, page)
    actions.decide(refused, CommentState.REFUSED)
    actions.decide(stays, CommentState.SHOWN)
    now.to("2030-06-01T06:30:00Z")
    actions.clean()
    assert set(Comment.objects.values_list("pk", flat=True)) == {waits.pk, stays.pk}
    now.to("2030-08-01T06:30:00Z")
    actions.clean()
    assert list(Comment.objects.values_list("pk", flat=True)) == [stays.pk]
