"""Open letters: signatures that are refused, voided, unconfirmed; and those that hold."""

from __future__ import annotations

import io
import re
from datetime import date, timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError
from django.test import Client
from django.utils import timezone
from wagtail.models import Locale

from letter_rig import BODY, accept, address, edited, key, letter, send, shown, signature
from newsroom import LANGUAGES
from sanduq.press import judge, read_letter, read_signed
from sanduq_web.press.letters import letter_of, plain_html
from sanduq_web.press.models import Attachment, CoSignature, LetterPage, PressDocument, SigningKey
from talking import solved

pytestmark = [pytest.mark.usefixtures("site"), pytest.mark.long]


def confirm(number: int, owners: str = "Lake Society", **more: Any) -> SigningKey:
    given = {"confirmed_on": date(2026, 11, 20), "confirmed_how": "read out by telephone"} | more
    row = SigningKey(key=key(number).public, owners=owners, **given)
    row.full_clean()
    row.save()
    return row


def standings(page: str) -> list[str]:
    return re.findall(r'class="standing (\w+)"', page)


# --- the text ---------------------------------------------------------------------------------------------------------------


def test_the_site_hands_out_the_text_that_it_shows(reader: Client) -> None:
    page = letter()
    got = reader.get(f"{address(page)}letter.json")
    assert (got["Content-Type"], "attachment" in got["Content-Disposition"]) == ("application/json", True)
    read = read_letter(got.content)
    assert (read.title, read.addressee, read.place, read.date) == (page.title, page.addressee, "Port Anna", "2026-11-22")
    html = shown(reader, page)
    assert read.sha256 in html
    for block in read.body:
        if block.kind == "paragraph":
            assert block.text in html
            assert block.text.startswith("<p>The lake is <b>lower</b> &amp; nobody")


@pytest.mark.parametrize(
    ("source", "plain"),
    [
        ('<p data-block-key="x">a</p>', "<p>a</p>"),
        ("<p>a<br/>b<br>c</p>\n<hr/>", "<p>a<br>b<br>c</p><hr>"),
        ("<p><strong>a</strong><em>b</em></p>", "<p><b>a</b><i>b</i></p>"),
        ("<p>1 &lt; 2 &amp;&nbsp;&quot;&#x27;</p>", "<p>1 &lt; 2 &amp;\xa0\"'</p>"),
        ('<p onclick="x" style="color:red">a\nb</p>', "<p>a b</p>"),
    ],
)
def test_rich_text_becomes_the_one_form(source: str, plain: str) -> None:
    assert plain_html(source) == plain


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"text": [("paragraph", '<p>Read <a href="https://example.org">this</a>.</p>')]}, "LetterMarkup|markup"),
        ({"text": [("paragraph", "<h3>a</h3>")]}, "markup"),
        ({"text": [("heading", "The \u202elake")]}, r"U\+202E"),
        ({"addressee": "The\u2066Council"}, r"U\+2066"),
        ({"title": "The\u2028lake"}, r"U\+2028"),
        ({"text": [("quote", {"text": "  ", "source": ""})]}, "empty"),
    ],
)
def test_what_nobody_could_sign_is_not_published(changed: dict[str, Any], said: str) -> None:
    with pytest.raises(ValidationError, match=said):
        letter(**changed)


def test_a_letter_is_found_by_its_words(reader: Client) -> None:
    letter()
    assert "On the level of the lake" in reader.get("/en/search/?q=measure").text


def test_a_document_is_part_of_what_is_signed(reader: Client) -> None:
    page = letter()
    before = letter_of(page).sha256
    document = PressDocument(title="Gauge\u202e readings")
    document.file.save("gauge.txt", ContentFile(b"1 2 3"))
    page.attachments = [Attachment(document=document)]
    page.save_revision().publish()
    with_document = letter_of(page)
    assert with_document.sha256 != before
    assert with_document.attachments[0].name == "Gauge readings"
    html = shown(reader, page)
    assert with_document.attachments[0].sha256 in html
    document.file.save("gauge.txt", ContentFile(b"1 2 4"))
    document.save()
    replaced = letter_of(LetterPage.objects.get(pk=page.pk)).sha256
    assert replaced != with_document.sha256
    document.file.delete(save=False)
    assert letter_of(LetterPage.objects.get(pk=page.pk)).sha256 not in (replaced, with_document.sha256)


# --- what is refused --------------------------------------------------------------------------------------------------------


def refused(reader: Client, page: LetterPage, text: str, step: str) -> str:
    answer = send(reader, page, text)
    assert (answer.status_code, page.cosignatures.count()) == (422, 0)
    assert step in answer.text
    return answer.text


@pytest.mark.parametrize(
    ("change", "step"),
    [
        (lambda text: "", "0.1 MalformedJson"),
        (lambda text: "<script>alert(1)</script>", "0.1 MalformedJson"),
        (lambda text: text.replace("Lake Society", "Lake Council"), "9.10 CosignatureInvalid"),
        (lambda text: text.replace("Chair", "Treasurer"), "9.10 CosignatureInvalid"),
        (lambda text: text.replace("Lake Society", ""), "9.6 CosignerText"),
        (lambda text: text.replace('{"date"', '{ "date"'), "9.2 PressNotCanonical"),
        (lambda text: re.sub('"key":"[0-9a-f]*"', f'"key":"01{"0" * 62}"', text), "9.8 CosignerKeySmallOrder"),
        (lambda text: re.sub('"key":"[0-9a-f]*"', '"key":"zz"', text), "9.7 CosignerKeyInvalid"),
        (lambda text: re.sub('"letter":"[0-9a-f]*"', f'"letter":"{"0" * 64}"', text), "9.9 CosignatureOtherText"),
        (lambda text: text.replace("Chair", "x" * 20000), "9.5 CosignatureMalformed"),
    ],
)
def test_what_does_not_hold_is_refused_with_its_reason(reader: Client, change: Any, step: str) -> None:
    page = letter()
    text = change(signature(reader, page))
    html = refused(reader, page, text, step)
    assert "<script>alert" not in html
    if 0 < len(text) < 16384 and "<" not in text:
        assert text.replace('"', "&quot;") in html  # what was typed is kept


def test_a_signature_of_another_language_is_of_another_text(reader: Client) -> None:
    page, other = letter(), letter("fa", title="درباره‌ی دریاچه", slug="darya")
    refused(reader, page, signature(reader, other), "9.9 CosignatureOtherText")


def test_a_secret_key_that_was_pasted_is_not_shown_again(reader: Client) -> None:
    page = letter()
    for given in ({"signature": key(1).file_text()}, {"file": SimpleUploadedFile("press.key", key(1).file_text().encode())}):
        answer = reader.post(address(page), given)
        assert (answer.status_code, "This is your secret key" in answer.text) == (422, True)
        assert key(1).file_text()[-64:] not in answer.text
    assert page.cosignatures.count() == 0


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Sec-Fetch-Site": "", "Origin": "https://other.example"},
    ],
)
def test_a_form_of_another_site_is_refused(reader: Client, headers: dict[str, str]) -> None:
    page = letter()
    answer = send(reader, page, signature(reader, page), **headers)
    assert (answer.status_code, page.cosignatures.count()) == (403, 0)


def test_browsers_that_say_little_can_send(reader: Client) -> None:
    page = letter()
    sent = solved(reader.get(address(page)), signature=signature(reader, page))
    assert reader.post(address(page), sent, headers={"Origin": "null"}).status_code == 303


@pytest.mark.parametrize("until", [None, -1])
def test_nobody_signs_a_letter_that_is_not_open(reader: Client, until: int | None) -> None:
    page = letter()
    text = signature(reader, page)
    page = edited(page, open_until=until and timezone.localdate() + timedelta(days=until))
    answer = send(reader, page, text)
    assert (answer.status_code, "This letter is not open for signatures." in answer.text) == (422, True)
    assert page.cosignatures.count() == 0
    assert 'method="post"' not in answer.text
    assert "/co-sign/" not in re.sub(r'href="[^"]*\.json"', "", shown(reader, page))


def test_a_key_signs_a_text_once_and_the_same_again_changes_nothing(reader: Client) -> None:
    page = letter()
    text = signature(reader, page)
    assert [send(reader, page, text).status_code for _ in range(2)] == [303, 303]
    again = send(reader, page, signature(reader, page, name="Another name"))
    assert (again.status_code, "signed this letter already" in again.text) == (422, True)
    assert page.cosignatures.count() == 1
    with pytest.raises(IntegrityError):
        CoSignature(letter=page, given=signature(reader, page, name="Another name")).save()


@pytest.mark.parametrize("end", ["", "letter.json", "letter-signed.json"])
def test_a_letter_that_is_not_published_cannot_be_signed_or_read(reader: Client, end: str) -> None:
    page = letter()
    page.unpublish()
    assert reader.get(address(page) + end).status_code == 404
    other = letter("tr")
    assert reader.get(address(other).replace("/tr/", "/en/") + end).status_code == 404


def test_an_editor_cannot_enter_what_nobody_signed(reader: Client) -> None:
    page = letter()
    text = signature(reader, page)
    for given in (text.replace("Lake Society", "Lake Council"), "Lake Council", key(1).file_text()):
        with pytest.raises(ValidationError):
            CoSignature(letter=page, given=given, state="accepted").full_clean()


@pytest.mark.parametrize(
    "given",
    [
        {"key": "01" + "0" * 62},
        {"key": "x"},
        {"confirmed_on": None},
        {"confirmed_how": ""},
    ],
)
def test_a_key_is_one_and_its_confirmation_says_how(given: dict[str, Any]) -> None:
    whole = {"key": key(1).public, "owners": "A", "confirmed_on": date(2026, 1, 1), "confirmed_how": "by telephone"}
    with pytest.raises(ValidationError):
        SigningKey(**whole | given).full_clean()


# --- what stands under a letter ---------------------------------------------------------------------------------------------


def test_nothing_is_shown_before_an_editor_accepts(reader: Client) -> None:
    page = letter()
    answer = send(reader, page, signature(reader, page))
    assert (answer.status_code, answer["Location"]) == (303, f"{address(page)}?received")
    assert "was received" in reader.get(answer["Location"]).text
    assert "Lake Society" not in shown(reader, page)
    accept(page, state="declined")
    assert "Lake Society" not in shown(reader, page)
    assert read_signed(reader.get(f"{address(page)}letter-signed.json").content).signatures == ()
    accept(page)
    assert standings(shown(reader, page)) == ["unconfirmed"]


def test_a_file_that_the_command_made_is_taken_too(reader: Client) -> None:
    page = letter()
    file = io.BytesIO(signature(reader, page).encode())
    file.name = "signature.json"
    assert reader.post(address(page), solved(reader.get(address(page)), signature="") | {"file": file}).status_code == 303
    accept(page)
    signed = read_signed(reader.get(f"{address(page)}letter-signed.json").content)
    assert [each.holds for each in judge(signed)] == [True]


@pytest.mark.parametrize(
    "changed",
    [
        {"text": [*BODY, ("paragraph", "<p>And more.</p>")]},
        {"text": [BODY[0], ("paragraph", str(BODY[1][1]).replace("lower", "higher")), BODY[2]]},
        {"title": "On the level of the sea"},
        {"addressee": "The Council of the Hill"},
        {"place": ""},
        {"letter_date": date(2026, 11, 21)},
    ],
)
def test_a_change_of_the_text_voids_visibly(reader: Client, changed: dict[str, Any]) -> None:
    page = letter()
    send(reader, page, signature(reader, page))
    accept(page)
    confirm(1)
    assert standings(shown(reader, page)) == ["confirmed"]
    before = {name: getattr(page, name) for name in changed}
    page = edited(page, **changed)
    html = shown(reader, page)
    assert standings(html) == ["void"]
    assert html.index("Signatures that do not hold") < html.index("Lake Society")
    assert "No signature stands under this text." in html
    assert read_signed(reader.get(f"{address(page)}letter-signed.json").content).signatures == ()
    assert standings(shown(reader, edited(page, **before))) == ["confirmed"]


def test_what_is_not_signed_can_be_changed(reader: Client) -> None:
    page = letter()
    send(reader, page, signature(reader, page))
    accept(page)
    page = edited(page, summary="Another summary.", invitation="Sign!", comments_open=False)
    assert standings(shown(reader, page)) == ["unconfirmed"]


def test_an_older_revision_does_not_bring_signatures_back_or_lose_them(reader: Client) -> None:
    page = letter()
    older = page.latest_revision
    send(reader, page, signature(reader, page))
    accept(page)
    older.publish()
    assert standings(shown(reader, page)) == ["unconfirmed"]


@pytest.mark.parametrize(
    ("known", "expected"),
    [
        ({}, "confirmed"),
        ({"owners": "Göl Derneği\nLake Society"}, "confirmed"),
        ({"owners": "Union of Ferrymen"}, "unconfirmed"),
        ({"confirmed_on": None, "confirmed_how": ""}, "unconfirmed"),
        ({"withdrawn_on": date(2026, 11, 30)}, "withdrawn"),
    ],
)
def test_a_key_is_confirmed_for_a_name_and_until_it_is_withdrawn(reader: Client, known: dict[str, Any], expected: str) -> None:
    page = letter()
    send(reader, page, signature(reader, page))
    accept(page)
    confirm(1, **known)
    html = shown(reader, page)
    assert standings(html) == [expected]
    assert ("read out by telephone" in html) is (expected == "confirmed")


def test_a_row_that_was_changed_in_the_database_does_not_stand(reader: Client) -> None:
    page = letter()
    send(reader, page, signature(reader, page))
    row = accept(page)
    CoSignature.objects.filter(pk=row.pk).update(given=row.given.replace("Lake Society", "Lake Council"))
    html = shown(reader, page)
    assert standings(html) == ["wrong"]
    assert html.index("Signatures that do not hold") < html.index("Lake Council")


def test_the_order_is_the_editors(reader: Client) -> None:
    page = letter()
    for number, place in ((1, 3), (2, 1), (3, 2)):
        send(reader, page, signature(reader, page, number, f"Society {number}"))
        accept(page, order=place)
    assert re.findall(r"Society \d", shown(reader, page)) == ["Society 2", "Society 3", "Society 1"]
    signed = read_signed(reader.get(f"{address(page)}letter-signed.json").content)
    assert [each.organisation for each in signed.signatures] == ["Society 2", "Society 3", "Society 1"]


def test_a_translation_is_another_letter_and_says_so(reader: Client) -> None:
    page = letter()
    send(reader, page, signature(reader, page))
    accept(page)
    persian = Locale.objects.get(language_code="fa")
    page.get_parent().copy_for_translation(persian).save_revision().publish()
    other = page.copy_for_translation(persian)
    other.title = "درباره‌ی دریاچه"
    other.save_revision().publish()
    assert other.letter_id != page.letter_id
    html = shown(reader, other)
    assert standings(html) == []
    assert f'href="{page.get_url()}"' in html
    assert other.title in shown(reader, page)


@pytest.mark.parametrize("language", LANGUAGES)
def test_pages_of_a_letter_in_every_language_give_nothing_away(reader: Client, language: str) -> None:
    page = letter(language)
    send(reader, page, signature(reader, page))
    accept(page)
    for where in (page.get_url(), address(page), f"{address(page)}?received"):
        answer = reader.get(where)
        policy = answer["Content-Security-Policy"]
        assert (answer.status_code, dict(answer.cookies), "default-src 'none'" in policy) == (200, {}, True)
        assert "connect-src" not in policy  # so a script can send nothing
        assert 'style="' not in answer.text
        assert not re.findall(r'(?:src|href|action)="(?:https?:)?//(?!testserver)', answer.text)
        assert re.search(r"\{[{%]", answer.text) is None


def test_the_key_and_the_names_are_in_no_form(reader: Client) -> None:
    html = reader.get(address(letter())).text
    inside = "".join(re.findall(r"<form.*?</form>", html, re.DOTALL))
    for name in ("key", "organisation", "representative", "office", "read"):
        (field,) = re.findall(rf'<input[^>]* id="{name}"[^>]*>', html)
        assert " name=" not in field
        assert field not in inside
