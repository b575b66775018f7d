"""The script that signs in the browser, in Node, against the vectors that the library reads."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest

from sanduq.press import PressKey, check_signature, fingerprint, read_letter, read_signature

HERE = Path(__file__).resolve().parent
SCRIPT = HERE.parent / "src/sanduq_web/press/static/press/cosign.js"
VECTORS = HERE.parents[1] / "vectors/press"
LETTERS, KEYS, SIGNATURES = (
    json.loads((VECTORS / f"{name}.json").read_text(encoding="utf-8")) for name in ("letters", "keys", "signatures")
)
# JavaScript reads a field that stands twice, and 1.0 as 1; the text written again then differs.
OTHERWISE = {"a field twice": "PressNotCanonical", "a fraction": "PressNotCanonical"}


def asked(*requests: dict[str, Any]) -> list[dict[str, Any]]:
    """What the script answers."""
    done = subprocess.run(
        ["node", str(HERE / "cosign.mjs"), str(SCRIPT)],
        input=json.dumps(requests),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    found: list[dict[str, Any]] = json.loads(done.stdout)
    return found


def test_it_reads_and_refuses_the_same_letters() -> None:
    answers = asked(*({"act": "letter", "text": case["text"]} for case in LETTERS))
    for case, answer in zip(LETTERS, answers, strict=True):
        expected = case.get("accept") or OTHERWISE.get(case["what"], case["error"])
        assert (answer.get("accept") or answer["error"]) == expected, case["what"]


def test_it_reads_the_same_keys() -> None:
    answers = asked(*({"act": "key", "file": case["file"]} for case in KEYS["secret"]))
    assert [answer["accept"] for answer in answers] == [
        {"public": case["public"], "fingerprint": case["fingerprint"]} for case in KEYS["secret"]
    ]


def test_it_takes_nothing_else_for_a_key() -> None:
    answers = asked(*({"act": "key", "file": text} for text in KEYS["not_secret"]))
    assert answers == [{"step": "9.13", "error": "PressKeyMalformed"}] * len(KEYS["not_secret"])


def test_it_signs_to_the_same_byte() -> None:
    names = ("letter", "file", "organisation", "representative", "office", "date")
    answers = asked(*({"act": "sign"} | {name: case[name] for name in names} for case in SIGNATURES["signed"]))
    assert [answer["accept"] for answer in answers] == [case["signature"] for case in SIGNATURES["signed"]]


@pytest.mark.parametrize("organisation", ["", "a\nb", "a\u202eb", "x" * 301])
def test_it_signs_under_no_name_that_would_be_refused(organisation: str) -> None:
    case = SIGNATURES["signed"][0] | {"organisation": organisation}
    names = ("letter", "file", "organisation", "representative", "office", "date")
    assert asked({"act": "sign"} | {name: case[name] for name in names}) == [{"step": "9.6", "error": "CosignerText"}]


def test_a_key_that_it_makes_is_the_librarys() -> None:
    (made,) = asked({"act": "new"})
    key = PressKey.from_file(made["accept"])
    letter = SIGNATURES["signed"][0]["letter"]
    who = {"organisation": "Lake Society", "representative": "", "office": "", "date": "2026-11-23"}
    told, signed = asked(
        {"act": "key", "file": made["accept"]}, {"act": "sign", "letter": letter, "file": made["accept"]} | who
    )
    assert told["accept"] == {"public": key.public, "fingerprint": fingerprint(key.public)}
    check_signature(read_signature(signed["accept"].encode()), read_letter(letter.encode()))
