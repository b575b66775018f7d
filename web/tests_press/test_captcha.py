"""The CAPTCHA: without JavaScript, with a time limit that takes nothing away, in the reader's digits or in words."""

from __future__ import annotations

import io
from datetime import timedelta
from typing import Any

import pytest
from captcha.models import CaptchaStore
from django.test import Client
from django.utils.translation import override
from PIL import Image

from sanduq_web.press.models import Comment
from sanduq_web.press.talk import challenge
from talking import COMMENT, an_article, digits, fields, solved

TIME_IS_UP = "Time is up: here is a new one"
WRONG = "These were other digits"
USED = "This one was answered already"


@pytest.fixture
def form(site: Any, moderators: Any, now: Any) -> str:
    """The address of a form."""
    return f"/en/comments/{an_article().pk}/"


def _kept(page: Any) -> None:
    got = fields(page)
    assert {name: got[name].replace("\r", "") for name in COMMENT} == COMMENT


def test_an_expired_picture_is_said_to_be_expired(reader: Client, form: str) -> None:
    sent = solved(reader.get(form), **COMMENT)
    row = CaptchaStore.objects.get()
    row.expiration -= timedelta(minutes=5)
    row.save()
    answer = reader.post(form, sent)
    assert (answer.status_code, TIME_IS_UP in answer.text, Comment.objects.count()) == (422, True, 0)
    _kept(answer)
    assert fields(answer)["captcha_key"] != sent["captcha_key"]
    assert reader.post(form, solved(answer)).status_code == 303


def test_so_is_one_whose_row_was_deleted_on_the_way(reader: Client, form: str, now: Any) -> None:
    sent = solved(reader.get(form), **COMMENT)
    now.to("2030-05-01T06:35:00Z")
    reader.get(form)
    assert not CaptchaStore.objects.filter(hashkey=sent["captcha_key"]).exists()
    answer = reader.post(form, sent)
    assert (TIME_IS_UP in answer.text, Comment.objects.count()) == (True, 0)
    _kept(answer)


def test_until_the_last_second_it_is_good(reader: Client, form: str, now: Any) -> None:
    sent = solved(reader.get(form), **COMMENT)
    now.to("2030-05-01T06:34:59Z")
    assert reader.post(form, sent).status_code == 303


def test_a_wrong_answer_is_no_expiry_and_keeps_the_text(reader: Client, form: str) -> None:
    sent = solved(reader.get(form), **COMMENT)
    right = sent["captcha_answer"]
    sent["captcha_answer"] = f"{(int(right[0]) + 1) % 10}{right[1:]}"
    answer = reader.post(form, sent)
    assert (answer.status_code, WRONG in answer.text, TIME_IS_UP in answer.text) == (422, True, False)
    _kept(answer)
    sent["captcha_answer"] = right
    assert USED in reader.post(form, sent).text
    assert Comment.objects.count() == 0


@pytest.mark.parametrize("answer", ["", " ", "12", "abcde", "٫٫٫٫٫", "9" * 5000])
def test_no_answer_is_a_wrong_one(reader: Client, form: str, answer: str) -> None:
    page = reader.get(form)
    CaptchaStore.objects.update(response="00000")
    assert WRONG in reader.post(form, fields(page) | COMMENT | {"captcha_answer": answer}).text


@pytest.mark.parametrize("key", ["", "x" * 40, "\x00", "../../", "0" * 400])
def test_a_key_that_is_none(reader: Client, form: str, key: str) -> None:
    answer = reader.post(form, fields(reader.get(form)) | COMMENT | {"captcha_key": key, "captcha_answer": "12345"})
    assert (answer.status_code, Comment.objects.count()) == (422, 0)
    _kept(answer)


def test_a_picture_is_good_for_one_comment(reader: Client, form: str) -> None:
    sent = solved(reader.get(form), **COMMENT)
    assert reader.post(form, sent).status_code == 303
    other = fields(reader.get(form))["token"]
    assert USED in reader.post(form, sent | {"token": other}).text
    assert Comment.objects.count() == 1


@pytest.mark.parametrize(("language", "zero"), [("fa", "۰"), ("azb", "۰"), ("ar", "٠"), ("en", "0"), ("az", "0"), ("tr", "0")])
def test_digits_of_the_language_and_answers_in_any(
    site: Any, moderators: Any, reader: Client, language: str, zero: str
) -> None:
    form = f"/{language}/comments/{an_article(language).pk}/"
    for typed in ("۰۱۲۳۴۵۶۷۸۹", "٠١٢٣٤٥٦٧٨٩", "0123456789"):
        sent = solved(reader.get(form), **COMMENT)
        row = CaptchaStore.objects.get(hashkey=sent["captcha_key"])
        assert set(row.challenge) <= {chr(ord(zero) + digit) for digit in range(10)}
        sent["captcha_answer"] = " ".join(row.response.translate(str.maketrans("0123456789", typed)))
        assert reader.post(form, sent).status_code == 303
    assert Comment.objects.count() == 3


def test_another_picture_keeps_all_that_was_written_and_complains_of_nothing(reader: Client, form: str) -> None:
    sent = fields(reader.get(form)) | COMMENT | {"name": "", "another": "1"}
    answer = reader.post(form, sent)
    got = fields(answer)
    assert (answer.status_code, 'role="alert"' in answer.text) == (200, False)
    assert (got["text"].replace("\r", ""), got["email"], got["token"]) == (COMMENT["text"], COMMENT["email"], sent["token"])
    assert got["captcha_key"] != sent["captcha_key"]
    assert Comment.objects.count() == 0


def test_a_slip_elsewhere_spends_no_picture(reader: Client, form: str) -> None:
    sent = solved(reader.get(form), **COMMENT | {"email": "nobody"})
    answer = reader.post(form, sent)
    got = fields(answer)
    assert (answer.status_code, got["captcha_key"], got["captcha_answer"]) == (422, sent["captcha_key"], sent["captcha_answer"])
    assert (got["email"], got["text"].replace("\r", "")) == ("nobody", COMMENT["text"])
    assert reader.post(form, got | {"email": COMMENT["email"]}).status_code == 303


def test_digits_in_words_for_whoever_cannot_see_the_picture(reader: Client, form: str) -> None:
    page = reader.post(form, fields(reader.get(form)) | COMMENT | {"words": "1"})
    key = fields(page)["captcha_key"]
    names = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"]
    assert " · ".join(names[int(digit)] for digit in digits(key)) in page.text
    assert reader.get(f"/captcha/{key}.png").status_code == 410
    _kept(page)
    other = reader.post(form, fields(page) | {"another": "1"})
    assert 'value="words"' in other.text
    wrong = reader.post(form, fields(other) | {"captcha_answer": "x"})
    assert 'value="words"' in wrong.text
    assert "<img" in reader.post(form, fields(wrong) | {"picture": "1"}).text
    assert reader.post(form, solved(wrong)).status_code == 303


def test_words_are_in_the_readers_language(site: Any, reader: Client) -> None:
    key = challenge.make("fa", in_words=True)
    CaptchaStore.objects.filter(hashkey=key).update(response="01234")
    with override("fa"):
        assert challenge.words_of(key) == ["صفر", "یک", "دو", "سه", "چهار"]


def test_the_picture_is_not_kept_by_caches_and_always_the_same(reader: Client, form: str, settings: Any) -> None:
    key = fields(reader.get(form))["captcha_key"]
    first, second = reader.get(f"/captcha/{key}.png"), reader.get(f"/captcha/{key}.png")
    assert (first["Cache-Control"], first["Content-Type"], first.content) == ("no-store", "image/png", second.content)
    assert "0" not in digits(key)  # in Arabic digits a dot among dots
    with Image.open(io.BytesIO(first.content)) as image:
        assert (image.size, len(image.getcolors())) > ((240, 80), 10)
    # Its noise cannot be drawn by whoever has only the key.
    settings.SECRET_KEY = "x" * 60
    assert challenge.picture(key) != first.content


def test_a_picture_of_nothing(reader: Client, form: str, now: Any) -> None:
    key = fields(reader.get(form))["captcha_key"]
    now.to("2030-05-01T06:35:00Z")
    assert [reader.get(f"/captcha/{each}.png").status_code for each in (key, "x", "0" * 40)] == [410, 410, 410]


@pytest.mark.parametrize("address", ["/captcha/refresh/", "/captcha/audio/x.wav", "/captcha/image/x/", "/captcha/image/x@2/"])
def test_the_packages_own_views_are_not_there(reader: Client, form: str, address: str) -> None:
    answer = reader.get(address, headers={"X-Requested-With": "XMLHttpRequest"}, follow=True)
    assert answer.status_code == 404


def test_a_flood_of_pictures_is_bounded(db: None, now: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(challenge, "MOST", 20)
    keys = [challenge.make("en") for _number in range(50)]
    assert CaptchaStore.objects.count() <= 20
    assert challenge.alive(keys[-1]) is not None


def test_expired_rows_go(db: None, now: Any) -> None:
    challenge.make("en")
    now.to("2030-05-01T07:00:00Z")
    key = challenge.make("en")
    assert list(CaptchaStore.objects.values_list("hashkey", flat=True)) == [key]
