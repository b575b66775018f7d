"""``sanduq press``: open letters: keys, signing, verifying."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Annotated

import typer

from sanduq.cli.common import Json, Time, clock, print_json, read_file, require_new, say, write_public, write_secret
from sanduq.cli.common import app as make_app
from sanduq.press import (
    Cosignature,
    Found,
    Letter,
    PressKey,
    SignedLetter,
    fingerprint,
    grouped,
    judge,
    read_any,
    read_fingerprint,
    read_letter,
    read_signature,
    read_signed,
    require_keys,
)
from sanduq.press import sign as sign_letter
from sanduq.press.bundle import LARGEST

app = make_app("Press: open letters that organisations sign, each with its own key.")
LetterFile = Annotated[Path, typer.Argument(help="letter.json, as the press site hands it out.")]


@app.command()
def key(out: Annotated[Path, typer.Option("--out", help="Folder for the two files.")]) -> None:
    """Make an organisation's key for letters. Tell others its fingerprint by another way than the site: by telephone, in print.

    Example: sanduq press key --out our-key
    """
    require_new(out / "press.key", out / "press.pub")
    made = PressKey.new()
    write_secret(out / "press.key", made.file_text())
    write_public(out / "press.pub", made.public.encode() + b"\n")
    say(f"public key   {made.public}")
    say(f"fingerprint  {grouped(fingerprint(made.public))}")
    say(f"keep secret  {out / 'press.key'}")


@app.command()
def sign(
    letter: LetterFile,
    key: Annotated[Path, typer.Option("--key", help="The secret key's file, press.key.")],
    organisation: Annotated[str, typer.Option("--organisation", help="Who signs, as it will stand under the letter.")],
    out: Annotated[Path, typer.Option("--out", help="The signature's file, to be sent to the press site.")],
    representative: Annotated[str, typer.Option("--representative", help="Who signs for it. Public; may be left out.")] = "",
    office: Annotated[str, typer.Option("--office", help="The representative's office. Public; may be left out.")] = "",
    time: Time = None,
) -> None:
    """Sign a letter for an organisation. Read it first, with `sanduq press show`. Names are public in every copy, for ever.

    Example: sanduq press sign letter.json --key our-key/press.key --organisation "Lake Society" --out lake.signature.json
    """
    require_new(out)
    text = read_letter(read_file(letter, LARGEST))
    secret = PressKey.from_file(read_file(key, 4096).decode("ascii", "replace"))
    made = sign_letter(text, secret, organisation, representative, office, clock(time)[:10])
    write_public(out, made.to_bytes())
    say(f"letter       {text.title}")
    say(f"SHA-256      {text.sha256}")
    say(f"signed by    {_signer(made)}")
    say(f"fingerprint  {grouped(fingerprint(made.key))}")


@app.command()
def join(
    letter: LetterFile,
    signatures: Annotated[list[Path], typer.Argument(help="Signatures, in the order in which they will stand.")],
    out: Annotated[Path, typer.Option("--out", help="The letter with its signatures.")],
) -> None:
    """Put a letter and signatures that hold into one file, which anybody verifies offline.

    Example: sanduq press join letter.json lake.signature.json --out letter-signed.json
    """
    require_new(out)
    text = read_letter(read_file(letter, LARGEST))
    signed = SignedLetter(text, tuple(read_signature(read_file(path, LARGEST)) for path in signatures))
    for each in judge(signed):
        if each.refusal is not None:
            raise each.refusal.within(f"signature of {each.signature.organisation}")
    write_public(out, signed.to_bytes())
    say(f"{len(signed.signatures)} signatures under {text.sha256}")


@app.command()
def verify(
    path: Annotated[Path, typer.Argument(help="letter-signed.json; or one signature, with --letter.")],
    keys: Annotated[
        list[str] | None, typer.Option("--key", metavar="FINGERPRINT", help="A fingerprint that you had by another way.")
    ] = None,
    letter: Annotated[Path | None, typer.Option("--letter", help="The letter that one signature is said to be of.")] = None,
    json: Json = False,
) -> None:
    """Verify a letter with its signatures, offline: which hold for this very text. Exit status 1 if one does not.

    Example: sanduq press verify letter-signed.json --key "3f21 …"
    """
    wanted = [read_fingerprint(each) for each in keys or []]
    signed = _read_signed(path, letter)
    found = judge(signed)
    if json:
        print_json(_report(signed, found, wanted))
    else:
        _tell(signed, found, wanted)
    bad = [each for each in found if each.refusal is not None]
    if bad and bad[0].refusal is not None:
        raise bad[0].refusal.within(f"signature of {bad[0].signature.organisation}")
    require_keys(found, wanted)
    if not json:
        say(f"VERIFIED {len(found)} signatures" if found else "NOBODY HAS SIGNED this letter")


def _read_signed(path: Path, letter: Path | None) -> SignedLetter:
    """The file to verify: a letter with its signatures, or one signature and beside it the letter."""
    data = read_file(path, LARGEST)
    if letter is None:
        return read_signed(data)
    return SignedLetter(read_letter(read_file(letter, LARGEST)), (read_signature(data),))


def _report(signed: SignedLetter, found: tuple[Found, ...], wanted: list[str]) -> dict[str, object]:
    rows = [
        each.signature.to_json()
        | {
            "holds": each.holds,
            "fingerprint": fingerprint(each.signature.key) if re.fullmatch("[0-9a-f]{64}", each.signature.key) else None,
            "confirmed": each.holds and fingerprint(each.signature.key) in wanted,
            "step": each.refusal.step if each.refusal else None,
            "error": type(each.refusal).__name__ if each.refusal else None,
        }
        for each in found
    ]
    return {"letter": signed.letter.sha256, "title": signed.letter.title, "signatures": rows}


def _signer(given: Cosignature) -> str:
    return ", ".join(each for each in (given.organisation, given.representative, given.office) if each)


def _tell(signed: SignedLetter, found: tuple[Found, ...], wanted: list[str]) -> None:
    say(f"letter   {signed.letter.title}")
    say(f"SHA-256  {signed.letter.sha256}")
    unconfirmed = 0
    for each in found:
        if each.refusal is not None:
            say(f"REFUSED  {_signer(each.signature)}: {each.refusal.brief} [{each.refusal.step} {type(each.refusal).__name__}]")
            continue
        print_of = fingerprint(each.signature.key)
        confirmed = print_of in wanted
        unconfirmed += not confirmed
        say(f"holds    {_signer(each.signature)}, {each.signature.date}")
        say(f"         key {grouped(print_of)}: {'the one you gave' if confirmed else 'unconfirmed'}")
    if unconfirmed:
        say("unconfirmed: whoever made such a key wrote the name. Ask the organisation for its fingerprint by another way,")
        say("by telephone or in print, and give it with --key")


@app.command()
def show(path: Annotated[Path, typer.Argument(help="A letter, a letter with its signatures, or one signature.")]) -> None:
    """Show what is in a file, without judging signatures: read a letter before you sign it.

    Example: sanduq press show letter.json
    """
    found = read_any(read_file(path, LARGEST))
    if isinstance(found, Cosignature):
        say(f"signature of {_signer(found)}, {found.date}, under the letter {found.letter}")
        say("whether it holds: sanduq press verify --letter")
        return
    if isinstance(found, SignedLetter):
        _show_letter(found.letter)
        say(f"{len(found.signatures)} signatures; whether they hold: sanduq press verify")
        return
    _show_letter(found)


def _show_letter(letter: Letter) -> None:
    say(f"{letter.title} ({letter.language})")
    say(f"To: {letter.addressee}")
    say(", ".join(each for each in (letter.place, letter.date) if each))
    for block in letter.body:
        say()
        if block.kind == "paragraph":
            for line in _lines(block.text):
                say(line)
        else:
            say(f"# {block.text}" if block.kind == "heading" else f"> {block.text}")
            if block.source:
                say(f"> — {block.source}")
    say()
    for each in letter.attachments:
        say(f"attached {each.name}  SHA-256 {each.sha256}")
    say(f"SHA-256  {letter.sha256}")


def _lines(html: str) -> list[str]:
    """A paragraph's text, its markup left out."""
    text = re.sub(r"<(?:br|hr)>|</(?:p|li|ul|ol)>", "\n", html)
    text = re.sub(r"<[^>]*>", "", text.replace("<li>", "\n- "))
    text = text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
    return [line for line in text.split("\n") if line.strip()]
