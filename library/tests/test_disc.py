"""Editions of vectors/disc: what is refused, and as what. The page in the browser that verifies a disc reads the same files."""

from __future__ import annotations

import contextlib
import json
from pathlib import Path
from typing import Any

import pytest

from sanduq import errors
from sanduq.disc import (
    EditionKey,
    SecretKey,
    Verdict,
    as_groups,
    as_words,
    fingerprint,
    read_fingerprint,
    read_key,
    read_keys,
    read_secret,
    read_signature,
    read_sums,
    verify,
)
from sanduq.disc.words import word_list

ROOT = Path(__file__).resolve().parents[2]
KEYS, SUMS, SIGNATURES, EDITIONS = (
    json.loads((ROOT / "vectors/disc" / f"{name}.json").read_text(encoding="utf-8"))
    for name in ("keys", "sums", "signatures", "editions")
)


def what(case: dict[str, Any]) -> str:
    return case["what"]


def judged(case: dict[str, Any], act: Any) -> None:
    """``act`` gives what is accepted, or is refused as the case says."""
    if "accept" in case:
        assert act() == case["accept"]
        return
    with pytest.raises(errors.Refused) as caught:
        act()
    assert (caught.value.step, type(caught.value).__name__) == (case["step"], case["error"]), str(caught.value)


def written(case: dict[str, Any], folder: Path) -> Path:
    """The case's files in a folder."""
    for path, content in case["files"].items():
        folder.joinpath(path).parent.mkdir(parents=True, exist_ok=True)
        folder.joinpath(path).write_bytes(content.encode())
    return folder


def secret(number: int) -> SecretKey:
    return read_secret(KEYS["secret"][number]["file"].encode(), lambda: pytest.fail("no passphrase is needed"))


@pytest.mark.parametrize("case", SUMS, ids=what)
def test_sums_are_read_or_refused(case: dict[str, Any]) -> None:
    judged(case, lambda: [*read_sums(case["text"].encode()).files])
    if "accept" in case:
        assert read_sums(case["text"].encode()).to_bytes() == case["text"].encode()


@pytest.mark.parametrize("case", KEYS["public"], ids=what)
def test_a_public_key_is_accepted_or_refused(case: dict[str, Any]) -> None:
    judged(case, lambda: fingerprint(read_key(case["file"].encode()).public))


@pytest.mark.parametrize("case", KEYS["rings"], ids=what)
def test_a_file_of_keys_is_read_or_refused(case: dict[str, Any]) -> None:
    judged(case, lambda: [each.key.id for each in read_keys(case["file"].encode())])


@pytest.mark.parametrize("case", SIGNATURES["read"], ids=what)
def test_a_signature_is_read_or_refused(case: dict[str, Any]) -> None:
    judged(case, lambda: read_signature(case["file"].encode()).key_id)
    if "accept" in case:
        assert read_signature(case["file"].encode()).to_bytes() == case["file"].encode()


@pytest.mark.parametrize("case", SIGNATURES["signed"], ids=lambda case: case["signature"][40:60])
def test_what_is_signed_is_what_comes_out(case: dict[str, Any]) -> None:
    key = read_secret(case["file"].encode(), lambda: "")
    assert key.sign(case["data"].encode(), case["comment"]).to_bytes().decode() == case["signature"]


@pytest.mark.parametrize("case", EDITIONS, ids=what)
def test_an_edition_has_its_verdict(case: dict[str, Any], tmp_path: Path) -> None:
    report = verify(written(case, tmp_path), [read_key(each.encode()) for each in case["trusted"]], case["fingerprints"])
    refusal = report.refusal
    found = {
        "verdict": report.verdict.value,
        "edition": report.edition.comment if report.edition else None,
        "step": refusal.step if refusal else None,
        "error": type(refusal).__name__ if refusal else None,
        "ways": [[key.id for key in each.way] for each in report.signed],
    } | {name: [*getattr(report, name)] for name in ("changed", "extra", "missing", "left_behind")}
    assert found == {name: case[name] for name in found}


def test_every_step_has_a_case() -> None:
    cases = [*SUMS, *KEYS["public"], *KEYS["rings"], *SIGNATURES["read"], *EDITIONS]
    steps = {case.get("step") for case in cases} - {None}
    assert steps == {f"10.{n}" for n in range(1, 18)}  # 10.18 is of secret keys: test_disc_keys.py
    assert {case["verdict"] for case in EDITIONS} == {"good", "incomplete", "unconfirmed", "bad"}


CHECKS = "SumsPath SumsOrder SumsCollision EditionKeySmallOrder SignatureOtherKey EditionSignatureInvalid EditionCommentInvalid"
CHECKS += " EditionComment RenewalInvalid"


@pytest.mark.parametrize("name", CHECKS.split())
def test_something_bad_passes_when_a_check_is_taken_out(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    require = errors.require
    out = getattr(errors, name)

    def requiring(refusal: type[errors.Refused], holds: bool, *args: Any, **named: Any) -> None:
        require(refusal, holds or refusal is out, *args, **named)

    monkeypatch.setattr(errors, "require", requiring)
    passed = 0
    readers = [(SUMS, "text", read_sums), (KEYS["public"], "file", read_key)]
    for case, field, reads in ((case, field, reads) for cases, field, reads in readers for case in cases):
        if case.get("error") == name:
            with contextlib.suppress(errors.Refused):  # another check may see the same
                passed += bool(reads(case[field].encode()))
    for number, case in enumerate(case for case in EDITIONS if case["error"] == name):
        trusted = [read_key(each.encode()) for each in case["trusted"]]
        passed += verify(written(case, tmp_path / str(number)), trusted, case["fingerprints"]).verdict is not Verdict.BAD
    assert passed


@pytest.mark.parametrize("data", [b"\xff\n", b"", b"\n" * 5000, b"x" * (1 << 18) + b"\n", b"untrusted comment: \n" * 6])
def test_any_bytes_are_refused(data: bytes) -> None:
    for reads in (read_sums, read_key, read_keys, read_signature, lambda data: read_secret(data, lambda: "")):
        with pytest.raises(errors.Refused):
            reads(data)


# --- fingerprints ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("case", KEYS["secret"], ids=lambda case: case["fingerprint"])
def test_a_fingerprint_is_read_in_words_and_in_digits(case: dict[str, Any]) -> None:
    digits, words = case["fingerprint"], case["words"]
    assert (fingerprint(read_key(case["public"].encode()).public), as_words(digits), len(words.split())) == (digits, words, 12)
    persian = digits.translate({ord("0") + n: chr(0x6F0 + n) for n in range(10)})
    for typed in (words, words.upper(), f"  {words}\n", digits, as_groups(digits), persian, as_groups(persian)):
        assert read_fingerprint(typed) == digits


@pytest.mark.parametrize("text", ["", "1", "9" * 40, "0" * 41, "abandon " * 11, "abandon " * 13, "abandon " * 11 + "sanduq"])
def test_what_is_no_fingerprint(text: str) -> None:
    with pytest.raises(errors.Unusable, match="not a fingerprint"):
        read_fingerprint(text)


def test_the_words_are_those_of_the_list_that_everybody_has() -> None:
    """No two share their first four letters, so that a word that was heard half is still one word."""
    assert len({word[:4] for word in word_list()}) == len(word_list()) == 2048
    assert (as_words("0" * 40), as_words(str((1 << 132) - 1))) == (" ".join(["abandon"] * 12), " ".join(["zoo"] * 12))


def test_a_key_under_another_id_has_the_same_fingerprint() -> None:
    """An id is a name that anybody can give: nothing hangs on it but where to look."""
    key = secret(0).public
    assert fingerprint(EditionKey("0" * 16, key.public).public) == fingerprint(key.public)
