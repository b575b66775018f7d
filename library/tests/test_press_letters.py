"""Letters, keys and signatures of vectors/press: what is refused, and as what. The site's script reads the same files."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from sanduq import errors
from sanduq.press import (
    Block,
    Letter,
    PressKey,
    SignedLetter,
    check_key,
    check_letter,
    check_signature,
    fingerprint,
    judge,
    read_any,
    read_fingerprint,
    read_letter,
    read_signature,
    read_signed,
    require_keys,
    sign,
)

ROOT = Path(__file__).resolve().parents[2]
LETTERS, KEYS, SIGNATURES = (
    json.loads((ROOT / "vectors/press" / f"{name}.json").read_text(encoding="utf-8"))
    for name in ("letters", "keys", "signatures")
)
LETTER = read_letter(LETTERS[0]["text"].encode())


def what(case: dict[str, Any]) -> str:
    return case["what"]


def refused(case: dict[str, Any], caught: errors.Refused) -> None:
    assert (caught.step, type(caught).__name__) == (case["step"], case["error"]), str(caught)


def key(number: int) -> PressKey:
    return PressKey.from_file(KEYS["secret"][number]["file"])


@pytest.mark.parametrize("case", LETTERS, ids=what)
def test_a_letter_is_read_or_refused(case: dict[str, Any]) -> None:
    if "accept" in case:
        read = read_letter(case["text"].encode())
        assert (read.sha256, read.to_bytes()) == (case["accept"], case["text"].encode())
        return
    with pytest.raises(errors.Refused) as caught:
        read_letter(case["text"].encode())
    refused(case, caught.value)


@pytest.mark.parametrize("case", KEYS["public"], ids=what)
def test_a_key_is_accepted_or_refused(case: dict[str, Any]) -> None:
    if "accept" in case:
        check_key(case["key"])
        return
    with pytest.raises(errors.Refused) as caught:
        check_key(case["key"])
    refused(case, caught.value)


@pytest.mark.parametrize("case", SIGNATURES["judged"], ids=what)
def test_a_signature_holds_or_is_refused(case: dict[str, Any]) -> None:
    letter = read_letter(case["letter"].encode())
    if "accept" in case:
        check_signature(read_signature(case["signature"].encode()), letter)
        return
    with pytest.raises(errors.Refused) as caught:
        check_signature(read_signature(case["signature"].encode()), letter)
    refused(case, caught.value)


def test_without_looking_at_the_key_one_signature_holds_for_any_text() -> None:
    (case,) = [case for case in SIGNATURES["judged"] if case["what"] == "the identity as key"]
    given = read_signature(case["signature"].encode())
    public = Ed25519PublicKey.from_public_bytes(bytes.fromhex(given.key))
    for text in (given.signed_bytes(), b"anything else"):
        public.verify(bytes.fromhex(given.signature), text)


@pytest.mark.parametrize("text", KEYS["not_secret"])
def test_what_is_no_secret_key_is_not_repeated(text: str) -> None:
    with pytest.raises(errors.PressKeyMalformed) as caught:
        PressKey.from_file(text)
    assert len(text) < 30 or text[-30:] not in str(caught.value)


@pytest.mark.parametrize("case", KEYS["secret"], ids=lambda case: case["fingerprint"])
def test_a_key_has_its_public_half_and_its_fingerprint(case: dict[str, Any]) -> None:
    made = PressKey.from_file(case["file"])
    assert (made.public, fingerprint(made.public)) == (case["public"], case["fingerprint"])
    assert made.file_text() + "\n" == case["file"]
    assert made.file_text()[-64:] not in repr(made)


@pytest.mark.parametrize("case", SIGNATURES["signed"], ids=lambda case: case["organisation"])
def test_what_is_signed_is_what_comes_out(case: dict[str, Any]) -> None:
    letter = read_letter(case["letter"].encode())
    names = (case["organisation"], case["representative"], case["office"], case["date"])
    made = sign(letter, PressKey.from_file(case["file"]), *names)
    assert made.to_bytes().decode() == case["signature"]
    assert read_signature(made.to_bytes()) == made


@pytest.mark.parametrize("fields", [("", "", ""), ("A", "b\nc", ""), ("A", "", "\u202eb"), ("A" * 301, "", "")])
def test_nobody_signs_under_a_name_that_would_be_refused(fields: tuple[str, str, str]) -> None:
    with pytest.raises(errors.CosignerText):
        sign(LETTER, key(0), *fields, "2026-11-23")


@pytest.mark.parametrize("data", [b"\xff", b"", b"[" * 100_000, b"x" * (1 << 20) + b"x"])
def test_any_bytes_are_refused(data: bytes) -> None:
    for reads in (read_letter, read_signature, read_signed, read_any):
        with pytest.raises(errors.Refused):
            reads(data)


@pytest.mark.parametrize(
    ("changed", "refusal"),
    [
        ({"body": (Block("paragraph", "<p>a</p><script>"),)}, errors.LetterMarkup),
        ({"body": (Block("quote", " a"),)}, errors.LetterText),
        ({"body": (Block("quote", "a", "b\nc"),)}, errors.LetterText),
        ({"date": "yesterday"}, errors.LetterMalformed),
        ({"body": (Block("paragraph", f"<p>{'x' * 99_000}</p>"),) * 12}, errors.LetterMalformed),
    ],
)
def test_what_could_not_be_read_back_is_not_made(changed: dict[str, Any], refusal: type[errors.Refused]) -> None:
    with pytest.raises(refusal):
        check_letter(replace(LETTER, **changed))


# --- a letter with its signatures --------------------------------------------------------------------------------------------


def signed(letter: Letter, *organisations: str) -> SignedLetter:
    return SignedLetter(letter, tuple(sign(letter, key(n), name, "", "", "2026-11-23") for n, name in enumerate(organisations)))


def test_a_changed_text_voids_every_signature() -> None:
    before = signed(LETTER, "Lake Society", "Union of Ferrymen")
    assert [each.holds for each in judge(before)] == [True, True]
    after = SignedLetter(replace(LETTER, title=f"{LETTER.title}."), before.signatures)
    found = judge(read_signed(after.to_bytes()))
    assert [type(each.refusal) for each in found] == [errors.CosignatureOtherText] * 2


def test_a_key_signs_once_and_a_bad_signature_takes_nobodys_place() -> None:
    one = sign(LETTER, key(0), "Lake Society", "", "", "2026-11-23")
    forged = replace(one, organisation="Others")
    again = sign(LETTER, key(0), "Lake Society, Port Anna", "", "", "2026-11-23")
    found = judge(SignedLetter(LETTER, (forged, one, again)))
    assert [type(each.refusal) for each in found] == [errors.CosignatureInvalid, type(None), errors.CosignerTwice]


def test_a_key_that_is_asked_for_has_signed_this_text() -> None:
    found = judge(signed(LETTER, "Lake Society"))
    require_keys(found, [KEYS["secret"][0]["fingerprint"]])
    with pytest.raises(errors.CosignerMissing):
        require_keys(found, [KEYS["secret"][1]["fingerprint"]])
    voided = judge(SignedLetter(replace(LETTER, place=""), signed(LETTER, "Lake Society").signatures))
    with pytest.raises(errors.CosignerMissing):
        require_keys(voided, [KEYS["secret"][0]["fingerprint"]])


@pytest.mark.parametrize(
    ("before", "after", "refusal"),
    [
        ('"version":1}', '"version":2}', errors.LetterMalformed),
        ('{"format"', '{ "format"', errors.PressNotCanonical),
        ('"signatures":[', '"signatures":[7,', errors.CosignatureMalformed),
        ('{"format":"sanduq-press-signed-letter"', '{"format":"sanduq-press-letters"', errors.LetterMalformed),
        ('{"format"', '{"apart":1,"format"', errors.LetterMalformed),
    ],
)
def test_a_signed_letter_has_one_form(before: str, after: str, refusal: type[errors.Refused]) -> None:
    text = signed(LETTER, "Lake Society").to_bytes().decode()
    changed = re.sub(re.escape(before) + (r"\Z" if before.endswith("}") else ""), lambda _: after, text, count=1)
    assert changed != text
    with pytest.raises(refusal):
        read_signed(changed.encode())


@pytest.mark.parametrize("text", ["", "12", "g" * 40, "0" * 41, "٠" * 40])
def test_what_is_no_fingerprint(text: str) -> None:
    with pytest.raises(errors.Unusable, match="not a fingerprint"):
        read_fingerprint(text)


def test_a_fingerprint_may_be_typed_in_groups_and_in_capitals() -> None:
    known = KEYS["secret"][0]["fingerprint"]
    assert read_fingerprint(" ".join(known[n : n + 4] for n in range(0, 40, 4)).upper() + "\n") == known
