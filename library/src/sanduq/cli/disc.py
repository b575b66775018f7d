"""``sanduq disc``: editions: keys, sums, signing, verifying."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from sanduq import errors
from sanduq.cli.common import (
    Json,
    ask_passphrase,
    new_passphrase,
    note,
    print_json,
    progress,
    read_file,
    require_new,
    say,
    write_public,
    write_secret,
)
from sanduq.cli.common import app as make_app
from sanduq.disc import (
    SUMS,
    Edition,
    EditionKey,
    KeyEntry,
    Report,
    SecretKey,
    Signed,
    Verdict,
    as_groups,
    as_words,
    fingerprint,
    follow,
    is_date,
    read_fingerprint,
    read_key,
    read_keys,
    read_secret,
    read_signature,
    read_sums,
    renewed,
    sum_folder,
    with_keys,
)
from sanduq.disc import verify as verify_folder
from sanduq.disc.keyring import LARGEST as LARGEST_KEYS
from sanduq.disc.minisign import LARGEST
from sanduq.disc.page import LARGEST as LARGEST_PAGE
from sanduq.disc.sums import LARGEST as LARGEST_SUMS

app = make_app("Disc: editions of what is published, on discs and sticks: the sums of a folder, their signatures, verifying.")
Folder = Annotated[Path, typer.Argument(help="The edition's folder.")]
SecretFile = Annotated[Path, typer.Option("--key", help="The secret key's file, edition.key. Its passphrase is asked for.")]
Date = Annotated[
    str | None, typer.Option("--date", metavar="2026-11-22", help="The day that is signed. Default: today, in UTC.")
]
_SHOWN = 20


@app.command()
def key(
    out: Annotated[Path, typer.Option("--out", help="Folder for the two files.")],
    unencrypted: Annotated[
        bool, typer.Option("--unencrypted", help="No passphrase: whoever has the file can sign in your name.")
    ] = False,
) -> None:
    """Make a key that signs editions. Print its words, read them out, have them on last year's disc: readers compare them.

    Example: sanduq disc key --out our-key
    """
    require_new(out / "edition.key", out / "edition.pub")
    made = SecretKey.new()
    text = made.to_bytes(None if unencrypted else new_passphrase("--unencrypted, to have none"))
    write_secret(out / "edition.key", text.decode().rstrip("\n"))
    write_public(out / "edition.pub", made.public.to_bytes())
    _say_key(made.public)
    say(f"keep secret  {out / 'edition.key'}")


@app.command()
def sums(folder: Folder) -> None:
    """Write SHA256SUMS: a line for each file of the folder. Names that a stick cannot hold are refused.

    Example: sanduq disc sums edition-13
    """
    require_new(folder / SUMS, folder / f"{SUMS}.minisig")
    with progress("hashing") as told:
        made = sum_folder(folder, told)
    write_public(folder / SUMS, made.to_bytes())
    say(f"{len(made.files)} files in {folder / SUMS}")


@app.command()
def sign(
    folder: Folder,
    key: SecretFile,
    edition: Annotated[int, typer.Option("--edition", min=1, max=999_999_999, help="The edition's number.")],
    date: Date = None,
    sums_only: Annotated[
        bool, typer.Option("--sums-only", help="Sign SHA256SUMS without reading the files: for a machine that has no others.")
    ] = False,
) -> None:
    """Sign the sums of a folder, after comparing every file with them. A second signer signs beside the first one.

    Example: sanduq disc sign edition-13 --key our-key/edition.key --edition 13 --date 2026-11-22
    """
    data = read_file(folder / SUMS, LARGEST_SUMS)
    named = Edition(edition, _day(date))
    listed = read_sums(data)
    if not sums_only:
        with progress("hashing") as told:
            _require_same(listed.files.items(), sum_folder(folder, told).files.items())
    secret = read_secret(read_file(key, LARGEST), ask_passphrase)
    out = _signature_file(folder, secret.public, named)
    write_public(out, secret.sign(data, named.comment).to_bytes())
    _say_key(secret.public)
    say(f"signed       edition {named.number} of {named.date}, {len(listed.files)} files: {out}")


def _require_same(listed: Iterable[tuple[str, str]], there: Iterable[tuple[str, str]]) -> None:
    differing = sorted(path for path, _ in set(listed) ^ set(there))
    if differing:
        raise errors.Unusable(
            f"{differing[0]} is not as {SUMS} says; {len(differing)} differ",
            hint=f"remove {SUMS} and make it anew with sanduq disc sums, if this is how the edition shall be",
        )


def _signature_file(folder: Path, key: EditionKey, edition: Edition) -> Path:
    """Where the signature goes: the first one's name has no id."""
    first, out = folder / f"{SUMS}.minisig", folder / f"{SUMS}.{key.id}.minisig"
    if not first.exists():
        return first
    require_new(out)
    there = read_signature(read_file(first, LARGEST))
    if there.key_id == key.id:
        raise errors.Unusable(f"{key.id} has signed already: {first}")
    if there.comment != edition.comment:
        raise errors.Unusable(f"the first signer has signed as {there.comment!r}", hint="a folder is one edition on one day")
    return out


@app.command()
def verify(
    folder: Folder,
    keys: Annotated[list[Path] | None, typer.Option("--key", help="A public key that you trust, edition.pub.")] = None,
    prints: Annotated[
        list[str] | None,
        typer.Option("--fingerprint", help="Or its fingerprint, 12 words or 40 digits; the key then comes from KEYS."),
    ] = None,
    subset: Annotated[bool, typer.Option("--subset", help="A part of an edition will do: missing files are no fault.")] = False,
    json: Json = False,
) -> None:
    """Verify a folder, offline: who has signed it, and whether it is what was signed. Exit status 1 if the verdict is not good.

    Example: sanduq disc verify edition-13 --key our-key/edition.pub
    """
    trusted = [read_key(read_file(each, LARGEST)) for each in keys or []]
    wanted = [read_fingerprint(each) for each in prints or []]
    if not folder.is_dir():
        raise errors.Unusable(f"{folder} is no folder")
    with progress("verifying") as told:
        report = verify_folder(folder, trusted, wanted, told)
    if json:
        print_json(_json(report))
    else:
        _tell(report, sure=bool(trusted or wanted))
    enough = report.verdict is Verdict.GOOD or (subset and report.verdict is Verdict.INCOMPLETE)
    if report.refusal is not None and not enough:
        raise report.refusal
    if not json:
        part = f", {len(report.missing)} more are missing" if report.missing else ""
        say(f"VERIFIED {report.files} files{part}")


def _tell(report: Report, *, sure: bool) -> None:
    if report.edition:
        say(f"edition      {report.edition.number} of {report.edition.date}")
    for each in report.signed:
        say(f"signature    {each.name}: {_about(each)}")
        if each.key and not each.refusal and not each.way:
            _say_fingerprint(each.key)
    say(f"files        {report.files}, {report.size} bytes")
    for what in ("changed", "extra", "missing", "left_behind"):
        paths = getattr(report, what)
        for path in paths[:_SHOWN]:
            say(f"{what.replace('_', ' '):11}  {path}")
        if len(paths) > _SHOWN:
            say(f"{what.replace('_', ' '):11}  and {len(paths) - _SHOWN} more")
    if not sure:
        note(
            "WARNING: you named no key that you trust: anybody could have made and signed such a folder. Compare the words with"
        )
        note("what you have by another way, then give them with --fingerprint, or the key with --key")


def _about(signed: Signed) -> str:
    if signed.refusal:
        return f"REFUSED: {signed.refusal.brief} [{signed.refusal.step} {type(signed.refusal).__name__}]"
    if not signed.key:
        return f"by {signed.key_id}, a key that nobody here knows"
    if not signed.way:
        return f"by {signed.key_id}, unconfirmed"
    if len(signed.way) == 1:
        return f"by {signed.key_id}, which you trust"
    return f"by {signed.key_id}, which follows a key that you trust: {' → '.join(each.id for each in signed.way)}"


def _json(report: Report) -> dict[str, object]:
    refusal = report.refusal
    return {
        "verdict": report.verdict.value,
        "step": refusal.step if refusal else None,
        "error": type(refusal).__name__ if refusal else None,
        "edition": {"number": report.edition.number, "date": report.edition.date} if report.edition else None,
        "signatures": [_json_signature(each) for each in report.signed],
        "files": report.files,
        "bytes": report.size,
        "changed": report.changed,
        "extra": report.extra,
        "missing": report.missing,
        "left_behind": report.left_behind,
    }


def _json_signature(signed: Signed) -> dict[str, object]:
    return {
        "name": signed.name,
        "key_id": signed.key_id or None,
        "key": signed.key.base64 if signed.key else None,
        "fingerprint": fingerprint(signed.key.public) if signed.key else None,
        "trusted": bool(signed.way),
        "way": [each.id for each in signed.way],
        "comment": signed.edition.comment if signed.edition else None,
        "step": signed.refusal.step if signed.refusal else None,
        "error": type(signed.refusal).__name__ if signed.refusal else None,
    }


@app.command("fingerprint")
def show_fingerprint(
    path: Annotated[Path, typer.Argument(metavar="KEY", help="A public key, edition.pub.")],
    json: Json = False,
) -> None:
    """Show a key's fingerprint in words and in digits, to be printed, read out and compared.

    Example: sanduq disc fingerprint our-key/edition.pub
    """
    found = read_key(read_file(path, LARGEST))
    digits = fingerprint(found.public)
    if json:
        print_json({"key_id": found.id, "key": found.base64, "fingerprint": digits, "words": as_words(digits)})
    else:
        _say_key(found)


@app.command()
def renew(
    new: Annotated[Path, typer.Argument(help="The new public key.")],
    key: SecretFile,
    keys: Annotated[Path, typer.Option("--keys", help="KEYS of the last edition, or the old public key alone.")],
    out: Annotated[Path, typer.Option("--out", help="KEYS for the next edition.")],
    date: Date = None,
) -> None:
    """Let an old key sign a new one, so that readers who trust the old one are led to the new one. Put KEYS into each edition.

    Example: sanduq disc renew new-key/edition.pub --key our-key/edition.key --keys our-key/edition.pub --out KEYS
    """
    require_new(out)
    day, added = _day(date), read_key(read_file(new, LARGEST))
    entries = read_keys(read_file(keys, LARGEST_KEYS))
    old = read_secret(read_file(key, LARGEST), ask_passphrase)
    if added in (each.key for each in entries):
        raise errors.Unusable(f"{added.id} is in {keys} already")
    if old.public not in (each.key for each in entries):
        raise errors.Unusable(f"{old.id} is not in {keys}", hint="a chain goes on from a key that is there")
    made: tuple[KeyEntry, ...] = (*entries, renewed(old, added, day))
    follow(made, [entries[0].key])
    write_public(out, b"".join(each.to_bytes() for each in made))
    _say_key(added)
    say(f"follows      {old.id}: {out}")


@app.command()
def page(
    built: Annotated[Path, typer.Argument(help="VERIFY.html as it was built, without keys.")],
    keys: Annotated[list[Path], typer.Option("--key", help="A public key that the page will trust; once for each.")],
    out: Annotated[Path, typer.Option("--out", help="VERIFY.html for the edition's folder.")],
) -> None:
    """Write the keys that readers shall trust into VERIFY.html: with it they check later editions in their browser.

    Example: sanduq disc page dist-disc/VERIFY.html --key our-key/edition.pub --out edition-13/VERIFY.html
    """
    require_new(out)
    trusted = [read_key(read_file(each, LARGEST)) for each in keys]
    text = read_file(built, LARGEST_PAGE).decode("utf-8", "replace")
    write_public(out, with_keys(text, trusted).encode())
    for each in trusted:
        _say_key(each)


def _say_key(key: EditionKey) -> None:
    say(f"key          {key.id}")
    _say_fingerprint(key)


def _say_fingerprint(key: EditionKey) -> None:
    digits = fingerprint(key.public)
    say(f"words        {as_words(digits)}")
    say(f"digits       {as_groups(digits)}")


def _day(date: str | None) -> str:
    if date is None:
        return datetime.now(UTC).date().isoformat()
    if not is_date(date):
        raise errors.Unusable(f"--date {date!r} is no day", hint="a day as 2026-11-22")
    return date
