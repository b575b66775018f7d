"""Editions, their keys and signatures, good and bad. Written to ``disc/``; read by the library's tests and by those of the page
that verifies a disc in the browser.
"""

from __future__ import annotations

import base64
import hashlib
import json
import tempfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from sanduq import errors
from sanduq.algebra.group import G, Q
from sanduq.disc import (
    Edition,
    EditionKey,
    SecretKey,
    Signature,
    as_words,
    fingerprint,
    read_key,
    read_keys,
    read_signature,
    read_sums,
    renewed,
    sum_folder,
    verify,
)
from sanduq.disc.minisign import id_bytes

from .press import _public as points

Case = dict[str, Any]
Files = dict[str, str]
COMMENT = Edition(13, "2026-11-22").comment


def write(folder: Path) -> None:
    """Write the four files anew."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, cases in {"keys": keys(), "sums": sums(), "signatures": signatures(), "editions": editions()}.items():
        (folder / f"{name}.json").write_text(json.dumps(cases, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def _verdict(act: Callable[[], Any]) -> Case:
    try:
        return {"accept": act()}
    except errors.Refused as refusal:
        return {"step": refusal.step, "error": type(refusal).__name__}


def key(number: int) -> SecretKey:
    """A secret that everybody knows."""
    seed = hashlib.sha256(f"disc key {number}".encode()).digest()
    return SecretKey(hashlib.sha256(seed).hexdigest()[:16].upper(), Ed25519PrivateKey.from_private_bytes(seed))


# --- keys -------------------------------------------------------------------------------------------------------------------


def keys() -> Case:
    """Secret keys with what follows from them, public keys that are accepted or refused, and files KEYS."""
    secret = [
        {
            "file": each.to_bytes(None).decode(),
            "public": each.public.to_bytes().decode(),
            "fingerprint": fingerprint(each.public.public),
            "words": as_words(fingerprint(each.public.public)),
        }
        for each in (key(number) for number in range(3))
    ]
    public = [
        {"what": what, "file": text} | _verdict(lambda text=text: fingerprint(read_key(text.encode()).public))
        for what, text in _public()
    ]
    rings = [
        {"what": what, "file": text} | _verdict(lambda text=text: [each.key.id for each in read_keys(text.encode())])
        for what, text in _rings()
    ]
    return {"secret": secret, "public": public, "rings": rings}


def _public() -> list[tuple[str, str]]:
    good = key(0).public
    text = good.to_bytes().decode()
    comment, line = text.split("\n")[:2]
    raw = base64.b64decode(line)
    as_text = lambda data: f"{comment}\n{base64.b64encode(data).decode()}\n"  # noqa: E731
    found = [
        ("a key", text),
        ("its line alone", line),
        ("another comment", text.replace("minisign public key", "made at night by")),
        ("no comment", f"key\n{line}\n"),
        ("CRLF", text.replace("\n", "\r\n")),
        ("three lines", text + "more\n"),
        ("nothing", ""),
        ("a byte less", as_text(raw[:-1])),
        ("a byte more", as_text(raw + b"\0")),
        ("another algorithm", as_text(b"ED" + raw[2:])),
        ("no base64", text.replace("RW", "R*")),
        ("a turned direction in the comment", text.replace("public", "\u202epublic")),
    ]
    strange = [(what, hexed) for what, hexed in points() if len(hexed) == 64 and hexed == hexed.lower()]
    return found + [(f"a point: {what}", as_text(raw[:10] + bytes.fromhex(hexed))) for what, hexed in strange]


def _ring(*entries: Any) -> str:
    return b"".join(each.to_bytes() for each in entries).decode()


def _rings() -> list[tuple[str, str]]:
    one, two = key(0), key(1)
    good = _ring(one.public, renewed(one, two.public, "2026-12-01"))
    return [
        ("one key", _ring(one.public)),
        ("two signers", _ring(one.public, two.public)),
        ("a key that follows another", good),
        ("nothing", ""),
        ("a line alone", "untrusted comment: x\n"),
        ("another comment", good.replace("minisign public key", "a key", 1)),
        ("an empty line more", good + "\n"),
        ("the last line has no end", good[:-1]),
        ("a signature cut", "".join(good.splitlines(keepends=True)[:-1])),
        ("CRLF", good.replace("\n", "\r\n")),
        ("a signature first", "".join(good.splitlines(keepends=True)[4:])),
    ]


# --- sums -------------------------------------------------------------------------------------------------------------------


def _line(path: str, of: str = "x") -> str:
    return f"{hashlib.sha256(of.encode()).hexdigest()}  {path}\n"


def sums() -> list[Case]:
    """Texts of SHA256SUMS, each with its paths or why it is refused."""
    return [
        {"what": what, "text": text} | _verdict(lambda text=text: [*read_sums(text.encode()).files]) for what, text in _sums()
    ]


def _sums() -> list[tuple[str, str]]:
    two = _line("a") + _line("b/c")
    paths = {
        "absolute": "/a",
        "upwards": "../a",
        "upwards within": "a/../b",
        "a dot": "./a",
        "two slashes": "a//b",
        "a slash at the end": "a/",
        "a backslash": "a\\b",
        "a drive": "c:a",
        "a star": "*a",
        "a control character": "a\x07",
        "a carriage return": "a\r",
        "a separator of lines": "a\u2028b",
        "a turned direction": "a\u202ednp.exe",
        "a byte order mark": "\ufeffa",
        "not NFC": "u\u0308.html",
        "a space at the end": "a ",
        "a space at the beginning of a name": "a/ b",
        "a dot at the end": "a./b",
        "too long": "a" * 241,
        "the sums themselves": "SHA256SUMS",
        "the sums in other letters": "sha256sums",
        "a signature": "SHA256SUMS.minisig",
        "what systems leave behind": "System Volume Information/a",
        "what systems leave behind, deep": "a/.DS_Store",
        "a folder like a signature": "SHA256SUMS.minisig/a",
    }
    return [
        ("two files", two),
        ("other scripts", _line("az/səs.html") + _line("fa/صندوق.html") + _line("z/\U000103a0")),
        ("beyond the basic plane, after what JavaScript sorts last", _line("\ufb01") + _line("\U000103a0")),
        ("the longest path", _line("a" * 240)),
        ("a path of half the length beyond the basic plane", _line("\U000103a0" * 240)),
        ("sums of an edition within", _line("edition-12/SHA256SUMS")),
        ("names that differ in more than A to Z", _line("a/É") + _line("a/é")),
        ("nothing", ""),
        ("an empty line", "\n"),
        ("CRLF", two.replace("\n", "\r\n")),
        ("an empty line at the end", two + "\n"),
        ("a comment", "# sums\n" + two),
        ("the last line has no end", two[:-1]),
        ("hash in capitals", two.replace(two[:64], two[:64].upper(), 1)),
        ("a digit less", two[1:]),
        ("one space", two.replace("  ", " ", 1)),
        ("binary mode", two.replace("  ", " *", 1)),
        ("no path", two[:66] + "\n"),
        ("a byte order mark first", "\ufeff" + two),
        ("another order", _line("b/c") + _line("a")),
        ("an order that is not of bytes", _line("a/b") + _line("a.b")),
        ("twice the same", _line("a") + _line("a")),
        ("twice, with two hashes", _line("a") + _line("a", "y")),
        ("two names in letters of two sizes", _line("A") + _line("a")),
        ("two folders in letters of two sizes", _line("A/a") + _line("a/b")),
        ("a file where a folder is", _line("a") + _line("a/b")),
        *((f"a path: {what}", _line(path)) for what, path in paths.items()),
    ]


# --- signatures -------------------------------------------------------------------------------------------------------------


def signatures() -> Case:
    """What comes out of signing (Ed25519 is deterministic), and files of signatures that can be read or not."""
    data = (_line("a") + _line("b/c")).encode()
    signed = [
        {"file": key(n).to_bytes(None).decode(), "data": data.decode(), "comment": COMMENT}
        | {"signature": key(n).sign(data, COMMENT).to_bytes().decode()}
        for n in range(2)
    ]
    read = [
        {"what": what, "file": text} | _verdict(lambda text=text: read_signature(text.encode()).key_id)
        for what, text in _signatures(data)
    ]
    return {"signed": signed, "read": read}


def _signatures(data: bytes) -> list[tuple[str, str]]:
    good = key(0).sign(data, COMMENT).to_bytes().decode()
    lines = good.splitlines(keepends=True)
    raw = base64.b64decode(lines[1])
    with_line = lambda line: lines[0] + line + "\n" + "".join(lines[2:])  # noqa: E731
    return [
        ("a signature", good),
        ("another untrusted comment", good.replace("signature from minisign secret key", "عزیز")),
        ("prehashed", with_line(base64.b64encode(b"ED" + raw[2:]).decode())),
        ("another algorithm", with_line(base64.b64encode(b"RS" + raw[2:]).decode())),
        ("a byte less", with_line(base64.b64encode(raw[:-1]).decode())),
        ("base64 with bits that nobody reads", good[:-4] + chr(ord(good[-4]) + 1) + good[-3:]),
        ("base64 with a space", with_line(" " + lines[1].rstrip("\n"))),
        ("no base64", with_line("*")),
        ("CRLF", good.replace("\n", "\r\n")),
        ("a line more", good + "more\n"),
        ("a line less", "".join(lines[:3])),
        ("the last line has no end", good[:-1]),
        ("no trusted comment", good.replace("trusted comment: sanduq", "comment: sanduq")),
        ("no untrusted comment", good.replace("untrusted comment", "comment")),
        ("a tab in the comment", good.replace("of 2026", "of\t2026")),
        ("nothing", ""),
        ("too large", good.replace("signature from", "x" * 20_000)),
    ]


# --- editions ---------------------------------------------------------------------------------------------------------------

CONTENT = {"START.html": "<p>13</p>", "az/index.html": "<p>on üç</p>", "fa/index.html": "<p>۱۳</p>", "VERIFY.html": "page"}


def editions() -> list[Case]:
    """Folders, with whom the reader trusts, the verdict, and what of each list there is."""
    cases = []
    for what, files, trusted, fingerprints in _editions():
        with tempfile.TemporaryDirectory() as name:
            for path, content in files.items():
                Path(name, path).parent.mkdir(parents=True, exist_ok=True)
                Path(name, path).write_bytes(content.encode())
            report = verify(Path(name), [read_key(each.encode()) for each in trusted], fingerprints)
        refusal = report.refusal
        case: Case = {"what": what, "files": files, "trusted": trusted, "fingerprints": fingerprints}
        case |= {"verdict": report.verdict.value, "edition": report.edition.comment if report.edition else None}
        case |= {"step": refusal.step if refusal else None, "error": type(refusal).__name__ if refusal else None}
        case |= {"changed": report.changed, "extra": report.extra, "missing": report.missing, "left_behind": report.left_behind}
        case["ways"] = [[each.id for each in signed.way] for signed in report.signed]
        cases.append(case)
    return cases


def _summed(files: Files) -> str:
    with tempfile.TemporaryDirectory() as name:
        for path, content in files.items():
            Path(name, path).parent.mkdir(parents=True, exist_ok=True)
            Path(name, path).write_bytes(content.encode())
        return sum_folder(Path(name)).to_bytes().decode()


def edition(*signers: SecretKey, ring: str = "", comment: str = COMMENT, content: Files = CONTENT) -> Files:
    """A whole edition: the first signer's signature, and those of others."""
    files = content | ({"KEYS": ring} if ring else {})
    text = _summed(files)
    files = files | {"SHA256SUMS": text}
    for number, signer in enumerate(signers):
        name = f"SHA256SUMS.{signer.id}.minisig" if number else "SHA256SUMS.minisig"
        files[name] = signer.sign(text.encode(), comment).to_bytes().decode()
    return files


def _changed(files: Files, name: str, change: Callable[[Signature], Signature]) -> Files:
    return files | {name: change(read_signature(files[name].encode())).to_bytes().decode()}


def _editions() -> list[tuple[str, Files, list[str], list[str]]]:
    one, two, three = key(0), key(1), key(2)
    trusted = [one.public.to_bytes().decode()]
    good = edition(one)
    rows: list[tuple[str, Files, list[str], list[str]]] = [
        ("an edition", good, trusted, []),
        ("two signers, one of them trusted", edition(one, two), trusted, []),
        ("two signers, the second one trusted", edition(two, one), trusted, []),
        ("another signer's file alone", {n.replace("MS.m", f"MS.{one.id}.m"): t for n, t in good.items()}, trusted, []),
        ("a file less", _without(good, "fa/index.html"), trusted, []),
        ("nothing left but the sums", {n: good[n] for n in ("SHA256SUMS", "SHA256SUMS.minisig")}, trusted, []),
        ("what systems leave behind", good | {"System Volume Information/x": "x", "az/.DS_Store": "x"}, trusted, []),
        ("a letter changed", good | {"fa/index.html": "<p>۱۴</p>"}, trusted, []),
        ("a letter changed and a file less", _without(good, "az/index.html") | {"START.html": ""}, trusted, []),
        ("a file more", good | {"new.html": "x"}, trusted, []),
        ("a file more and a file less", _without(good, "START.html") | {"start.htm": "x"}, trusted, []),
        ("a file like a signature", good | {"SHA256SUMS.txt": "x"}, trusted, []),
        ("a file like a signature, in small letters", good | {f"SHA256SUMS.{one.id.lower()}.minisig": "x"}, trusted, []),
        ("what systems leave behind, elsewhere", good | {"az/System Volume Information/x": "x"}, trusted, []),
        ("a file and its line", _relined(good), trusted, []),
        ("no sums", _without(good, "SHA256SUMS"), trusted, []),
        ("no signature", _without(good, "SHA256SUMS.minisig"), trusted, []),
        ("an empty signature", good | {"SHA256SUMS.minisig": ""}, trusted, []),
        ("nobody is trusted", good, [], []),
        ("nobody is trusted, the key is there", edition(one, ring=_ring(one.public)), [], []),
        ("another key is trusted", good, [three.public.to_bytes().decode()], []),
        ("an empty signature beside a good one", good | {f"SHA256SUMS.{two.id}.minisig": ""}, trusted, []),
        (
            "sums in another order",
            _signed_again(good, "".join(good["SHA256SUMS"].splitlines(keepends=True)[::-1])),
            trusted,
            [],
        ),
        ("a path upwards, signed", _signed_again(good, _line("../START.html")), trusted, []),
        ("sums with CRLF, signed", _signed_again(good, good["SHA256SUMS"].replace("\n", "\r\n")), trusted, []),
    ]
    return rows + _signature_rows(good, trusted) + _ring_rows(trusted)


def _without(files: Files, name: str) -> Files:
    return {path: text for path, text in files.items() if path != name}


def _relined(files: Files) -> Files:
    """A file changed, and the line of the sums with it."""
    before, after = (hashlib.sha256(text.encode()).hexdigest() for text in (files["START.html"], "evil"))
    return files | {"START.html": "evil", "SHA256SUMS": files["SHA256SUMS"].replace(before, after)}


def _signed_again(files: Files, text: str) -> Files:
    return files | {
        "SHA256SUMS": text,
        "SHA256SUMS.minisig": key(0).sign(text.encode(), COMMENT).to_bytes().decode(),
    }


def _signature_rows(good: Files, trusted: list[str]) -> list[tuple[str, Files, list[str], list[str]]]:
    name, one, two = "SHA256SUMS.minisig", key(0), key(1)
    sums = good["SHA256SUMS"].encode()

    def malleated(given: Signature) -> Signature:
        s = int.from_bytes(given.signature[32:], "little") + Q
        return replace(given, signature=given.signature[:32] + s.to_bytes(32, "little"))

    def prehashed(given: Signature) -> str:
        line = base64.b64encode(b"ED" + id_bytes(one.id) + one.private.sign(hashlib.blake2b(sums).digest())).decode()
        lines = given.to_bytes().decode().splitlines()
        return "\n".join([lines[0], line, *lines[2:]]) + "\n"

    # With the identity as key, R = S·B holds for every text; such a key must not even be read.
    identity = EditionKey(one.id, bytes([1]) + bytes(31))
    universal = bytes.fromhex((G**5).hex)[::-1] + bytes([5]) + bytes(31)
    by_identity = Signature(one.id, universal, COMMENT, universal)
    changes: dict[str, Callable[[Signature], Signature]] = {
        "a bit of the signature changed": lambda given: replace(
            given, signature=bytes([given.signature[0] ^ 1, *given.signature[1:]])
        ),
        "a signature of zeros": lambda given: replace(given, signature=bytes(64)),
        "S not reduced": malleated,
        "another number in the trusted comment": lambda given: replace(given, comment=given.comment.replace("13", "14")),
        "a space more in the trusted comment": lambda given: replace(given, comment=f"{given.comment} "),
        "the seal of another signature": lambda given: replace(given, seal=one.sign(b"x", COMMENT).seal),
        "another key's signature under this id": lambda given: replace(two.sign(sums, COMMENT), key_id=one.id),
    }
    comments = ["", "timestamp:1", "sanduq edition 0 of 2026-11-22", "sanduq edition 013 of 2026-11-22"]
    comments += ["sanduq edition 13 of 2026-02-30", "sanduq edition 13 of 2026-11-22.", "sanduq edition ۱۳ of 2026-11-22"]
    rows = [(what, _changed(good, name, change), trusted, []) for what, change in changes.items()]
    rows += [(f"the comment {each!r}, signed", edition(one, comment=each), trusted, []) for each in comments]
    other = good | {f"SHA256SUMS.{two.id}.minisig": one.sign(sums, COMMENT).to_bytes().decode()}
    twelfth = two.sign(sums, COMMENT.replace("13", "12")).to_bytes().decode()
    differing = good | {f"SHA256SUMS.{two.id}.minisig": twelfth}
    return [
        *rows,
        ("prehashed", good | {name: prehashed(read_signature(good[name].encode()))}, trusted, []),
        ("a signature under another key's name", other, trusted, []),
        ("another edition's signature", good | {name: one.sign(b"x", COMMENT).to_bytes().decode()}, trusted, []),
        ("two trusted signers name two editions", differing, [*trusted, two.public.to_bytes().decode()], []),
        ("the identity as a key", edition(ring=identity.to_bytes().decode()) | {name: by_identity.to_bytes().decode()}, [], []),
    ]


def _ring_rows(trusted: list[str]) -> list[tuple[str, Files, list[str], list[str]]]:
    one, two, three = key(0), key(1), key(2)
    second = renewed(one, two.public, "2026-12-01")
    third = renewed(two, three.public, "2027-01-01")
    chain = _ring(one.public, second, third)
    forged = replace(second, key=three.public)
    words = [fingerprint(three.public.public)]
    unsaid = replace(second, by=one.sign(two.public.to_bytes(), COMMENT))
    elsewhere = replace(
        second, by=one.sign(two.public.to_bytes(), f"sanduq key {three.public.id} after {one.id} of 2026-12-01")
    )
    twin = EditionKey(one.id, two.public.public)
    return [
        ("a chain of three keys", edition(three, ring=chain), trusted, []),
        ("a chain whose first key stands in no file", edition(three, ring=_ring(second, third)), trusted, []),
        ("the end of the chain is trusted by its fingerprint", edition(three, ring=chain), [], words),
        ("the end of the chain is trusted, the old key signs", edition(one, ring=chain), [], words),
        ("a fingerprint of nobody", edition(three, ring=chain), [], ["0" * 40]),
        ("the middle of the chain is trusted", edition(three, ring=chain), [two.public.to_bytes().decode()], []),
        ("a chain in another order leads nowhere", edition(three, ring=_ring(one.public, third, second)), trusted, []),
        ("a link is missing", edition(three, ring=_ring(one.public, third)), trusted, []),
        ("a link of an unknown key leads nowhere", edition(one, ring=_ring(one.public, third)), trusted, []),
        ("a link's key is another one", edition(three, ring=_ring(one.public, forged)), trusted, []),
        ("a link is signed by another key", edition(two, ring=_ring(one.public, _by(second, three, one.id))), trusted, []),
        ("a link's comment is an edition's", edition(two, ring=_ring(one.public, unsaid)), trusted, []),
        ("a link's comment names another key", edition(two, ring=_ring(one.public, elsewhere)), trusted, []),
        ("the key is changed after the edition", edition(one, ring=chain) | {"KEYS": _ring(one.public)}, trusted, []),
        ("KEYS cannot be read", edition(one, ring=chain) | {"KEYS": "x"}, trusted, []),
        ("another key under a trusted key's id", edition(replace(two, id=one.id), ring=_ring(twin)), trusted, []),
        ("both keys under one id are trusted", edition(one, ring=_ring(twin)), [*trusted, twin.to_bytes().decode()], []),
    ]


def _by(entry: Any, signer: SecretKey, key_id: str) -> Any:
    """The entry, signed by somebody else under this id."""
    return replace(entry, by=replace(signer.sign(entry.key.to_bytes(), entry.by.comment), key_id=key_id))
