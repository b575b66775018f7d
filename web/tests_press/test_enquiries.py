"""The enquiry desk: sealed as a whole, a reference number shown once, answered by a spokesperson."""

from __future__ import annotations

import itertools
import re
from pathlib import Path
from typing import Any

import pyrage
import pytest
from django.test import Client

from sanduq_web import references
from sanduq_web.press.command import run
from sanduq_web.press.models import Byline, Enquiry
from sanduq_web.press.talk import sealing
from talking import CANARY, fields, send, solved

ASK = {"subject": "The level of the lake", "text": "How high was it in May?", "email": CANARY}
REFERENCE = re.compile('<p class="reference" dir="ltr">([0-9A-Z-]+)</p>')


@pytest.fixture
def form(site: Any, desk: Any, now: Any) -> str:
    """The address of the form."""
    return "/en/enquiries/"


def _asked(reader: Client, form: str, **more: str) -> str:
    answer = send(reader, form, **(ASK | more))
    found = REFERENCE.search(answer.text)
    assert found is not None, answer.text
    return found[1]


def _look_up(reader: Client, reference: str, language: str = "en") -> Any:
    return reader.post(f"/{language}/enquiries/answer/", {"reference": reference})


def _answered(editor: Client, **more: Any) -> Any:
    enquiry = Enquiry.objects.get()
    byline = Byline.objects.create(kind="spokesperson", name="Leyla Spokes", office="Speaker of the Lake")
    given = {"answer": "Three metres.", "answered_by": byline.pk, "question": ""} | more
    return editor.post(f"/desk/snippets/press/enquiry/edit/{enquiry.pk}/", given)


def test_what_is_kept_is_a_ciphertext_and_a_hash(form: str, reader: Client, desk: Any) -> None:
    reference = _asked(reader, form)
    row = Enquiry.objects.values().get()
    assert sealing.unseal(bytes(row["sealed"]), desk) == ASK
    kept = " ".join(str(value) for value in row.values())
    assert not [text for text in (*ASK.values(), reference, reference.replace("-", "")) if text in kept]
    assert row["reference_hash"] == references.hash_of(reference)


def test_the_number_is_in_no_address_and_not_shown_later(form: str, reader: Client, editor: Client) -> None:
    reference = _asked(reader, form)
    pages = [reader.get(form), _look_up(reader, reference), editor.get("/desk/snippets/press/enquiry/")]
    pages.append(editor.get(f"/desk/snippets/press/enquiry/edit/{Enquiry.objects.get().pk}/"))
    assert [page.status_code for page in pages] == [200] * 4
    assert not [page for page in pages if reference in page.text]
    by_address = reader.get(f"/en/enquiries/answer/?reference={reference}")
    assert "There is no answer yet" not in by_address.text


def test_a_form_sent_again_shows_the_same_number(form: str, reader: Client) -> None:
    sent = solved(reader.get(form), **ASK)
    first, second = (REFERENCE.search(reader.post(form, sent).text) for _time in range(2))
    assert first is not None
    assert second is not None
    assert (first[1], Enquiry.objects.count()) == (second[1], 1)


def test_the_answer_is_read_with_the_number(form: str, reader: Client, editor: Client) -> None:
    reference = _asked(reader, form)
    assert "There is no answer yet" in _look_up(reader, reference).text
    assert _answered(editor).status_code == 302
    answer = _look_up(reader, reference)
    assert ["Three metres." in answer.text, "Leyla Spokes" in answer.text, "Speaker of the Lake" in answer.text] == [True] * 3
    assert answer["Cache-Control"] == "no-store"
    assert "Three metres." not in reader.get(form).text


def test_it_is_read_as_people_write_it_down(form: str, reader: Client) -> None:
    reference = _asked(reader, form)
    persian = reference.translate(str.maketrans("0123456789", "۰۱۲۳۴۵۶۷۸۹"))
    for typed in (
        reference.lower(), reference.replace("-", " "), f"  {reference.replace('-', '')} ", persian,
        reference.replace("0", "O").replace("1", "l"),
    ):  # fmt: skip
        assert "There is no answer yet" in _look_up(reader, typed).text, typed


def test_a_slip_is_told_from_a_number_that_is_not_there(form: str, reader: Client) -> None:
    reference = _asked(reader, form)
    for place, character in enumerate(reference):
        if character != "-":
            wrong = reference[:place] + ("A" if character != "A" else "B") + reference[place + 1 :]
            with pytest.raises(references.NotAReference):
                references.read(wrong)
    for place, (one, other) in enumerate(itertools.pairwise(reference)):
        if one != other and "-" not in (one, other):
            with pytest.raises(references.NotAReference):
                references.read(reference[:place] + other + one + reference[place + 2 :])
    slip = _look_up(reader, wrong)
    assert (slip.status_code, "There is a slip in this number" in slip.text, wrong in slip.text) == (422, True, True)
    other = _look_up(reader, references.of_token("another"))
    assert (other.status_code, "There is no enquiry with this number" in other.text) == (422, True)


@pytest.mark.parametrize("typed", ["", "-", "A" * 18, "A" * 61, "\x00", "🜁" * 18, "ABCD-EFGH"])
def test_what_is_no_number(form: str, reader: Client, typed: str) -> None:
    assert _look_up(reader, typed).status_code == 422


def test_a_number_has_eighty_bits_and_two_characters_that_check() -> None:
    numbers = {references.of_token(str(number)) for number in range(500)}
    assert len(numbers) == 500
    assert {len(number.replace("-", "")) for number in numbers} == {18}
    assert all(references.read(number) == number for number in numbers)


@pytest.mark.parametrize("kind", ["desk", "pseudonym", "named"])
def test_only_a_spokesperson_answers(form: str, reader: Client, editor: Client, kind: str) -> None:
    _asked(reader, form)
    other = Byline.objects.create(kind=kind, name="Somebody")
    for byline in (other.pk, ""):
        answer = editor.post(
            f"/desk/snippets/press/enquiry/edit/{Enquiry.objects.get().pk}/",
            {"answer": "Three metres.", "answered_by": byline, "question": ""},
        )
        assert answer.status_code == 200
    assert Enquiry.objects.get().answer == ""


def test_the_desk_has_the_ciphertext_and_opens_it_elsewhere(
    form: str, reader: Client, editor: Client, desk: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    _asked(reader, form)
    edit = editor.get(f"/desk/snippets/press/enquiry/edit/{Enquiry.objects.get().pk}/")
    (address,) = re.findall('href="(/desk/talk/enquiries/[^"]+)"', edit.text)
    taken, key = tmp_path / "enquiry.age", tmp_path / "key"
    taken.write_bytes(editor.get(address).content)
    key.write_text(f"# a comment\n{desk}\n")
    assert run(["open", str(taken), "--identity", str(key)]) == 0
    assert ASK["text"] in capsys.readouterr().out
    key.write_text(str(pyrage.x25519.Identity.generate()))
    assert run(["open", str(taken), "--identity", str(key)]) == 2
    assert "sealed to another one" in capsys.readouterr().err
    assert reader.get(address).status_code == 302


def test_one_can_encrypt_by_oneself(
    form: str, reader: Client, desk: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    page = reader.get(form)
    (recipient,) = re.findall("--recipient (age1[a-z0-9]+)", page.text)
    armoured = pyrage.encrypt(
        b"Nobody on the way reads \xd8\xa7 this.", [pyrage.x25519.Recipient.from_str(recipient)], armored=True
    )
    _asked(reader, form, text=armoured.decode(), email="")
    (tmp_path / "enquiry.age").write_bytes(bytes(Enquiry.objects.get().sealed))
    (tmp_path / "key").write_text(str(desk))
    assert run(["open", str(tmp_path / "enquiry.age"), "--identity", str(tmp_path / "key")]) == 0
    assert "Nobody on the way reads ا this." in capsys.readouterr().out


def test_what_was_sealed_moves_no_terminal(
    tmp_path: Path, desk: Any, capsys: pytest.CaptureFixture[str], settings: Any
) -> None:
    raw = sealing.seal({"text": "a\x1b[2J\u202eb\nc"}, settings.SANDUQ_PRESS_DESK, "SANDUQ_PRESS_DESK", 4096)
    (tmp_path / "x.age").write_bytes(raw)
    (tmp_path / "key").write_text(str(desk))
    run(["open", str(tmp_path / "x.age"), "--identity", str(tmp_path / "key")])
    assert capsys.readouterr().out == "--- text\na\\x1b[2J\\u202eb\nc\n"


def test_an_answer_is_published_with_its_question(form: str, reader: Client, editor: Client) -> None:
    _asked(reader, form)
    assert _answered(editor, published="on").status_code == 200  # without a question there is nothing to publish
    Byline.objects.all().delete()
    assert _answered(editor, published="on", question="How high is the lake?").status_code == 302
    text = reader.get(form).text
    assert ("How high is the lake?" in text, "Three metres." in text, ASK["text"] in text) == (True, True, False)
    assert "How high is the lake?" not in reader.get("/fa/enquiries/").text


def test_without_a_key_the_desk_takes_nothing_but_answers(form: str, reader: Client, settings: Any) -> None:
    reference = _asked(reader, form)
    sent = solved(reader.get(form), **ASK)
    settings.SANDUQ_PRESS_DESK = []
    closed = reader.post(form, sent)
    assert ("No enquiries are taken" in closed.text, "captcha" in closed.text, Enquiry.objects.count()) == (True, False, 1)
    assert "There is no answer yet" in _look_up(reader, reference).text


def test_a_wrong_address_is_said_and_the_rest_is_kept(form: str, reader: Client) -> None:
    answer = send(reader, form, **(ASK | {"email": "nobody"}))
    assert (answer.status_code, fields(answer)["text"], Enquiry.objects.count()) == (422, ASK["text"], 0)


def test_the_length_of_a_question_is_hidden_to_a_step(form: str, reader: Client) -> None:
    for text in ("Why?", "Why? " * 400):
        _asked(reader, form, text=text)
    sizes = {len(bytes(each.sealed).partition(b"\n---")[2].partition(b"\n")[2]) for each in Enquiry.objects.all()}
    assert len(sizes) == 1
