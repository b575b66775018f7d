"""Open letters, keys and signatures, good and bad. Written to ``press/``; read by the library's tests and by those of the press
site's script in the browser.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

from sanduq import errors
from sanduq.algebra.group import G, Q, unchecked_point
from sanduq.archive.json import write as compact
from sanduq.press import (
    Attached,
    Block,
    Cosignature,
    Letter,
    PressKey,
    check_key,
    check_signature,
    fingerprint,
    read_letter,
    read_signature,
    sign,
)
from sanduq.press.key import FILE_PREFIX

Case = dict[str, Any]

PLAIN = Letter(
    "3b241101-e2bb-4255-8caf-4136c566a962",
    "en",
    "On the level of the lake",
    "The Council of the Valley",
    "Port Anna",
    "2026-11-22",
    (
        Block("heading", "What we ask"),
        Block("paragraph", "<p>The lake is <b>lower</b> &amp; nobody says why.</p><hr><ul><li>Measure it.</li></ul>"),
        Block("quote", "It was always so.\nIt was never so.", "The keeper of the gauge"),
    ),
    (Attached("Gauge readings", hashlib.sha256(b"readings").hexdigest()),),
)
PERSIAN = replace(
    PLAIN,
    id="9c1f0b3e-5f0a-4b39-a5f5-1d1f6a7a2c11",
    language="fa",
    title="درباره‌ی سطح دریاچه",
    addressee="شورای دره",
    place="",
    body=(Block("paragraph", "<p>آب دریاچه <i>پایین‌تر</i> رفته است.<br>چرا؟</p>"),),
    attachments=(),
)


def write(folder: Path) -> None:
    """Write the three files anew."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, cases in {"letters": letters(), "keys": keys(), "signatures": signatures()}.items():
        (folder / f"{name}.json").write_text(json.dumps(cases, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def _verdict(act: Callable[[], Any]) -> Case:
    try:
        return {"accept": act()}
    except errors.Refused as refusal:
        return {"step": refusal.step, "error": type(refusal).__name__}


# --- letters ----------------------------------------------------------------------------------------------------------------


def letters() -> list[Case]:
    """Texts, each with the letter's SHA-256 or why it is refused."""
    return [
        {"what": what, "text": text} | _verdict(lambda text=text: read_letter(text.encode()).sha256) for what, text in _texts()
    ]


def _with(**changed: Any) -> str:
    value = PLAIN.to_json() | changed
    return compact({name: value[name] for name in sorted(value)})


def _paragraph(html: str) -> str:
    return _with(body=[{"paragraph": html}])


def _texts() -> list[tuple[str, str]]:
    good = PLAIN.to_bytes().decode()
    value = PLAIN.to_json()
    found = [
        ("a letter", good),
        ("a letter in Persian, without a place", PERSIAN.to_bytes().decode()),
        ("lists in lists", _paragraph("<ol><li>a<ul><li><b>b</b></li></ul></li><li>c<br>d</li></ol>")),
        ("escaped brackets", _paragraph("<p>1 &lt; 2 &gt; 0 &amp;lt;</p>")),
        ("quotation marks and a backslash", _with(title='The "lake\\"')),
        ("no JSON", "letter"),
        ("a list", "[]"),
        ("a field twice", good.replace('{"addressee"', '{"addressee":"x","addressee"', 1)),
        ("white space", good.replace('":', '": ', 1)),
        ("a line feed at the end", good + "\n"),
        ("another order of fields", compact(value)),
        ("an escape instead of the letter", good.replace("Port", "\\u0050ort")),
        ("an unknown field", _with(zeal=1)),
        ("a field less", compact({name: value[name] for name in sorted(value) if name != "place"})),
        ("another format", _with(format="sanduq-press-signature")),
        ("another version", _with(version=2)),
        ("a version that is true", _with(version=True)),
        ("a version that is a text", _with(version="1")),
        ("a fraction", good.replace('"version":1', '"version":1.0')),
        ("an id in capitals", _with(id=PLAIN.id.upper())),
        ("no language", _with(language="english!")),
        ("a day that is none", _with(date="2026-02-30")),
        ("a day in another order", _with(date="22-11-2026")),
        ("a day with other digits", _with(date="۲۰۲۶-11-22")),
        ("no title", _with(title="")),
        ("a title of two lines", _with(title="On the\nlake")),
        ("white space around the addressee", _with(addressee=" The Council")),
        ("a long title", _with(title="x" * 301)),
        ("a long title beyond the basic plane", _with(title="𐎠" * 301)),
        ("the longest title beyond the basic plane", _with(title="𐎠" * 300)),
        ("a title that is a number", _with(title=7)),
        ("half of a pair", good.replace("Port", "\\ud800ort")),
        ("a control character", _with(title="The\x07lake")),
        ("a turned direction", _with(addressee="The \u202elicnuoC")),
        ("an isolate that never ends", _paragraph("<p>\u2067The lake</p>")),
        ("a separator of lines", _with(place="Port\u2028Anna")),
        ("a tag character", _with(title="The lake\U000e0041")),
        ("a byte order mark", _with(title="The\ufefflake")),
        ("an empty body", _with(body=[])),
        ("an unknown block", _with(body=[{"picture": "x"}])),
        ("two blocks in one", _with(body=[{"heading": "a", "paragraph": "<p>b</p>"}])),
        ("a quote that is a text", _with(body=[{"quote": "x"}])),
        ("an empty paragraph", _paragraph(" ")),
        ("a long paragraph", _paragraph(f"<p>{'x' * 100_000}</p>")),
        ("a document without its hash", _with(attachments=[{"name": "a", "sha256": "0"}])),
        ("a document without a name", _with(attachments=[{"name": "", "sha256": "0" * 64}])),
    ]
    return [*found, *_markup()]


def _markup() -> list[tuple[str, str]]:
    bad = {
        "a link": '<p><a href="https://example.org">a</a></p>',
        "an attribute": '<p class="x">a</p>',
        "a space in a tag": "<p >a</p>",
        "a tag in capitals": "<P>a</P>",
        "a slash in a void tag": "<p>a<br/>b</p>",
        "an end of a void tag": "<p>a<br></br></p>",
        "a script": "<script>alert(1)</script>",
        "a comment": "<p>a<!-- b --></p>",
        "text outside of a paragraph": "a<p>b</p>",
        "an open paragraph": "<p>a",
        "an end without a beginning": "a</p>",
        "crossed tags": "<p><b>a<i>b</b>c</i></p>",
        "a paragraph in a paragraph": "<p><p>a</p></p>",
        "a list in a paragraph": "<p><ul><li>a</li></ul></p>",
        "text in a list": "<ul>a</ul>",
        "an item without a list": "<li>a</li>",
        "a bare ampersand": "<p>a & b</p>",
        "a bare bracket": "<p>1 > 0</p>",
        "another reference": "<p>&nbsp;</p>",
        "a number for a character": "<p>&#8238;a</p>",
        "nested too deep": "<p>" + "<b>" * 16 + "a" + "</b>" * 16 + "</p>",
    }
    return [(what, _paragraph(html)) for what, html in bad.items()] + [
        ("a line feed in a paragraph", _paragraph("<p>a\nb</p>"))
    ]


# --- keys -------------------------------------------------------------------------------------------------------------------


def key(number: int) -> PressKey:
    """A secret that everybody knows."""
    return PressKey.from_file(FILE_PREFIX + hashlib.sha256(f"press key {number}".encode()).hexdigest())


def keys() -> Case:
    """Files of secret keys, and public keys that are accepted or refused."""
    secret = [
        {"file": each.file_text() + "\n", "public": each.public, "fingerprint": fingerprint(each.public)}
        for each in (key(number) for number in range(3))
    ]
    good = key(0).file_text()
    wrong = ["", good[:-1], good + "0", good.upper(), good.removeprefix(FILE_PREFIX), good.replace("press", "box", 1)]
    public = [{"what": what, "key": text} | _verdict(lambda text=text: check_key(text)) for what, text in _public()]
    return {"secret": secret, "not_secret": wrong, "public": public}


def _little(hex_of_point: str) -> str:
    return bytes.fromhex(hex_of_point)[::-1].hex()


ORDER_4 = unchecked_point("0" * 64)
"""The point with y = 0: (√−1, 0), of order 4."""


def _public() -> list[tuple[str, str]]:
    good = key(0).public
    prime = 2**255 - 19
    mixed = unchecked_point(bytes.fromhex(good)[::-1].hex()) * ORDER_4
    return [
        ("a key", good),
        ("in capitals", good.upper()),
        ("too short", good[:-2]),
        ("no point", next(text for n in range(2, 99) if _none(text := _little(f"{n:064x}")))),
        ("the identity", _little(f"{1:064x}")),
        ("the identity, its sign set", _little(f"{1 | 1 << 255:064x}")),
        ("of order 2", _little(f"{prime - 1:064x}")),
        ("of order 4", _little("0" * 64)),
        ("of order 8", _little(_order_8())),
        ("y is p", _little(f"{prime:064x}")),
        ("y is p + 1: the identity once more", _little(f"{prime + 1:064x}")),
        ("a key with a component of order 4", _little(mixed.hex)),
    ]


def _none(text: str) -> bool:
    try:
        unchecked_point(bytes.fromhex(text)[::-1].hex())
    except errors.PointInvalid:
        return True
    return False


def _order_8() -> str:
    """A point of order 8: any point of the curve outside of the group, to the power of Q, if it is of full order."""
    for n in range(2, 99):
        text = f"{n:064x}"
        if not _none(_little(text)):
            small = unchecked_point(text) ** Q
            if not (small**4).is_identity:
                return small.hex
    raise AssertionError


# --- signatures -------------------------------------------------------------------------------------------------------------


def _signed(letter: Letter, number: int, organisation: str, representative: str = "", office: str = "") -> Cosignature:
    return sign(letter, key(number), organisation, representative, office, "2026-11-23")


def signatures() -> Case:
    """What comes out of signing (Ed25519 is deterministic), and signatures judged under a text."""
    made = [
        (PLAIN, 0, ("Lake Society", "", "")),
        (PLAIN, 1, ("Union of Ferrymen", "R. Example", "Secretary")),
        (PERSIAN, 2, ("انجمن دریاچه", "", "دبیر")),
    ]
    signed = []
    for letter, number, (organisation, representative, office) in made:
        asked = {"organisation": organisation, "representative": representative, "office": office, "date": "2026-11-23"}
        out = _signed(letter, number, organisation, representative, office).to_bytes().decode()
        signed.append({"letter": letter.to_bytes().decode(), "file": key(number).file_text()} | asked | {"signature": out})
    judged = []
    for what, letter, text in _judged():
        verdict = _verdict(lambda letter=letter, text=text: check_signature(read_signature(text.encode()), letter))
        judged.append({"what": what, "letter": letter.to_bytes().decode(), "signature": text} | verdict)
    return {"signed": signed, "judged": judged}


def _judged() -> list[tuple[str, Letter, str]]:
    good = _signed(PLAIN, 0, "Lake Society", "R. Example", "Chair")
    text = good.to_bytes().decode()
    value = good.to_json()
    s = int.from_bytes(bytes.fromhex(good.signature)[32:], "little")
    malleated = good.signature[:64] + (s + Q).to_bytes(32, "little").hex()
    identity = f"{1:02x}" + "0" * 62
    # With the identity as key, R = S·B holds for every text.
    universal = replace(good, key=identity, signature=_little((G**5).hex) + f"{5:02x}" + "0" * 62)
    one_dot = replace(PLAIN, body=(*PLAIN.body[:1], Block("paragraph", "<p>.</p>")))
    rows: list[tuple[str, Letter, str | Cosignature]] = [
        ("a signature", PLAIN, good),
        ("another letter", PERSIAN, good),
        ("the text changed", one_dot, good),
        ("another organisation's name", PLAIN, replace(good, organisation="Lake Societe")),
        ("another representative", PLAIN, replace(good, representative="")),
        ("another office", PLAIN, replace(good, office="Treasurer")),
        ("another day", PLAIN, replace(good, date="2026-11-24")),
        ("another key", PLAIN, replace(good, key=key(1).public)),
        ("a digit changed", PLAIN, replace(good, signature="0" * 128)),
        ("S not reduced", PLAIN, replace(good, signature=malleated)),
        ("the identity as key", PLAIN, universal),
        ("a key that is no point", PLAIN, replace(good, key=dict(_public())["no point"])),
        ("no name", PLAIN, replace(good, organisation="")),
        ("a turned name", PLAIN, replace(good, organisation="Lake \u202eyteicoS")),
        ("an office of two lines", PLAIN, replace(good, office="Chair\nand more")),
        ("a signature in capitals", PLAIN, replace(good, signature=good.signature.upper())),
        ("a day that is none", PLAIN, replace(good, date="2026-13-01")),
        ("white space", PLAIN, text.replace('":', '": ', 1)),
        ("an unknown field", PLAIN, compact({name: (value | {"zeal": 1})[name] for name in sorted([*value, "zeal"])})),
        ("another version", PLAIN, compact({name: (value | {"version": 2})[name] for name in sorted(value)})),
        ("a letter", PLAIN, PLAIN.to_bytes().decode()),
        ("no JSON", PLAIN, "x"),
    ]
    return [(what, letter, each if isinstance(each, str) else each.to_bytes().decode()) for what, letter, each in rows]
