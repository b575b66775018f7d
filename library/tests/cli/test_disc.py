"""Editions at the command line: made, signed by two, handed on under a new key, packed anew, forged."""

from __future__ import annotations

import base64
import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from cli.hand import Done, no_trace, ok, run
from sanduq.disc import SecretKey, as_words, fingerprint, read_key

DAY = ("--edition", "13", "--date", "2026-11-22")


@pytest.fixture
def edition(tmp_path: Path) -> Path:
    """A folder with an edition in ``edition``, and keys of three."""
    for name in ("ann", "bob", "cem"):
        ok("disc", "key", "--unencrypted", "--out", name, cwd=tmp_path)
    for path in ("START.html", "fa/index.html", "KEYS"):
        tmp_path.joinpath("edition", path).parent.mkdir(parents=True, exist_ok=True)
        tmp_path.joinpath("edition", path).write_text(path)
    shutil.copy(tmp_path / "ann/edition.pub", tmp_path / "edition/KEYS")
    ok("disc", "sums", "edition", cwd=tmp_path)
    ok("disc", "sign", "edition", "--key", "ann/edition.key", *DAY, cwd=tmp_path)
    return tmp_path


def verified(folder: Path, *words: str) -> tuple[int, dict[str, Any]]:
    done = run("disc", "verify", "edition", *words, "--json", cwd=folder)
    value = json.loads(done.out)
    assert (done.code == 0) is (value["verdict"] == "good" or "--subset" in words), done
    return done.code, value


def words_of(folder: Path, name: str) -> str:
    return as_words(fingerprint(read_key((folder / name / "edition.pub").read_bytes()).public))


def refused(done: Done, step: str) -> None:
    no_trace(done)
    assert (done.code, f"[{step} " in done.err) == (1, True), done


def test_an_edition_is_verified_with_a_key_or_with_its_words(edition: Path) -> None:
    words = words_of(edition, "ann")
    for trust in (("--key", "ann/edition.pub"), ("--fingerprint", words), ("--fingerprint", words.upper())):
        done = ok("disc", "verify", "edition", *trust, cwd=edition)
        assert done.out.startswith("edition      13 of 2026-11-22\n")
        assert done.out.endswith("VERIFIED 3 files\n")
        assert verified(edition, *trust)[1]["edition"] == {"number": 13, "date": "2026-11-22"}


def test_without_a_key_that_is_trusted_nothing_is_verified(edition: Path) -> None:
    done = run("disc", "verify", "edition", cwd=edition)
    refused(done, "10.16")
    assert (words_of(edition, "ann") in done.out, done.err.startswith("WARNING: you named no key")) == (True, True)
    assert verified(edition, "--key", "bob/edition.pub")[1]["verdict"] == "unconfirmed"


def test_a_part_is_accepted_only_if_a_part_will_do(edition: Path) -> None:
    edition.joinpath("edition/START.html").unlink()
    refused(run("disc", "verify", "edition", "--key", "ann/edition.pub", cwd=edition), "10.17")
    done = ok("disc", "verify", "edition", "--key", "ann/edition.pub", "--subset", cwd=edition)
    assert done.out.endswith("missing      START.html\nVERIFIED 2 files, 1 more are missing\n")
    edition.joinpath("edition/new").write_text("")
    refused(run("disc", "verify", "edition", "--key", "ann/edition.pub", "--subset", cwd=edition), "10.15")


def test_what_was_changed_is_named_and_cannot_move_the_terminal(edition: Path) -> None:
    edition.joinpath("edition/START.html").write_text("x")
    edition.joinpath("edition/\x1b[2J\nVERIFIED").write_text("x")
    done = run("disc", "verify", "edition", "--key", "ann/edition.pub", cwd=edition)
    refused(done, "10.14")
    assert ("changed      START.html" in done.out, "\x1b" in done.said, "\nVERIFIED" in done.said) == (True, False, False)


def test_many_extra_files_are_not_all_told(edition: Path) -> None:
    for number in range(50):
        edition.joinpath("edition", f"x{number}").write_text("x")
    done = run("disc", "verify", "edition", "--key", "ann/edition.pub", cwd=edition)
    assert (done.out.count("extra  "), "and 30 more" in done.out) == (21, True)


def test_two_sign_the_same_edition_and_no_other(edition: Path) -> None:
    sign = ("disc", "sign", "edition", "--key", "bob/edition.key")
    for other in (("--edition", "14", "--date", "2026-11-22"), ("--edition", "13", "--date", "2026-11-23")):
        assert "one edition on one day" in run(*sign, *other, cwd=edition).err
    ok(*sign, *DAY, cwd=edition)
    assert verified(edition, "--key", "bob/edition.pub")[0] == 0
    for name in ("ann", "bob"):
        again = run("disc", "sign", "edition", "--key", f"{name}/edition.key", *DAY, cwd=edition)
        no_trace(again)
        assert again.code == 2
    assert len([*edition.glob("edition/*.minisig")]) == 2


def test_nobody_signs_what_is_not_as_the_sums_say(edition: Path) -> None:
    sign = ("disc", "sign", "edition", "--key", "bob/edition.key", *DAY)
    for name, content in (("START.html", "other"), ("new", "x")):
        before = edition.joinpath("edition", name)
        old = before.read_text() if before.exists() else None
        before.write_text(content)
        done = run(*sign, cwd=edition)
        no_trace(done)
        assert (done.code, name in done.err) == (2, True)
        before.unlink() if old is None else before.write_text(old)
    for path in ("START.html", "fa/index.html"):
        edition.joinpath("edition", path).unlink()
    no_trace(run(*sign, cwd=edition))
    ok(*sign, "--sums-only", cwd=edition)


def test_a_new_key_follows_the_old_one(edition: Path) -> None:
    renew = ("disc", "renew", "bob/edition.pub", "--key", "ann/edition.key", "--keys", "edition/KEYS")
    ok(*renew, "--date", "2026-12-01", "--out", "KEYS", cwd=edition)
    on = ("disc", "renew", "cem/edition.pub", "--key", "bob/edition.key", "--keys", "KEYS", "--out", "KEYS.2")
    ok(*on, cwd=edition)
    for name in ("KEYS", "SHA256SUMS", "SHA256SUMS.minisig"):
        edition.joinpath("edition", name).unlink()
    shutil.copy(edition / "KEYS.2", edition / "edition/KEYS")
    ok("disc", "sums", "edition", cwd=edition)
    ok("disc", "sign", "edition", "--key", "cem/edition.key", *DAY, cwd=edition)
    for trust in (("--key", "ann/edition.pub"), ("--fingerprint", words_of(edition, "ann"))):
        _, value = verified(edition, *trust)
        assert (value["verdict"], len(value["signatures"][0]["way"])) == ("good", 3)
        said = ok("disc", "verify", "edition", *trust, cwd=edition).out
        assert "follows a key that you trust" in said
        assert " → ".join(value["signatures"][0]["way"]) in said


@pytest.mark.parametrize("words", [("ann/edition.pub", "ann"), ("bob/edition.pub", "cem")])
def test_a_chain_goes_on_from_a_key_that_is_there(edition: Path, words: tuple[str, str]) -> None:
    renew = ("disc", "renew", words[0], "--key", f"{words[1]}/edition.key", "--keys", "edition/KEYS", "--out", "x")
    done = run(*renew, cwd=edition)
    no_trace(done)
    assert (done.code, edition.joinpath("x").exists()) == (2, False)


@pytest.mark.long
def test_a_passphrase_is_asked_for_and_never_shown(tmp_path: Path) -> None:
    done = run("disc", "key", "--out", "k", cwd=tmp_path, typed="سلام dünya\nسلام dünya\n".encode())
    assert (done.code, "dünya" in done.said) == (0, False), done
    assert tmp_path.joinpath("k/edition.key").stat().st_mode & 0o777 == 0o600
    tmp_path.joinpath("e").mkdir()
    tmp_path.joinpath("e/a").write_text("x")
    ok("disc", "sums", "e", cwd=tmp_path)
    sign = ("disc", "sign", "e", "--key", "k/edition.key", *DAY)
    refused(run(*sign, cwd=tmp_path, typed=b"wrong\n"), "10.18")
    refused(run(*sign, cwd=tmp_path), "10.18")
    assert run(*sign, cwd=tmp_path, typed="سلام dünya\n".encode()).code == 0


@pytest.mark.parametrize("typed", [b"", b"\n\n", b"one\ntwo\n", b"one\n"])
def test_no_key_is_made_without_a_passphrase_twice(tmp_path: Path, typed: bytes) -> None:
    done = run("disc", "key", "--out", "k", cwd=tmp_path, typed=typed)
    no_trace(done)
    assert (done.code, tmp_path.joinpath("k").exists()) == (2, False)


@pytest.mark.parametrize("day", ["", "22-11-2026", "2026-02-30", "20261122", "2026-W47-7"])
def test_a_day_that_is_none(edition: Path, day: str) -> None:
    done = run("disc", "sign", "edition", "--key", "bob/edition.key", "--edition", "13", "--date", day, cwd=edition)
    no_trace(done)
    assert done.code == 2


def test_nothing_is_written_over(edition: Path) -> None:
    before = edition.joinpath("edition/SHA256SUMS").read_bytes()
    for words in (("sums", "edition"), ("key", "--unencrypted", "--out", "ann")):
        done = run("disc", *words, cwd=edition)
        no_trace(done)
        assert (done.code, "exists already" in done.err) == (2, True)
    assert edition.joinpath("edition/SHA256SUMS").read_bytes() == before


def test_a_fingerprint_for_machines(edition: Path) -> None:
    value = json.loads(ok("disc", "fingerprint", "ann/edition.pub", "--json", cwd=edition).out)
    assert (value["words"], len(value["fingerprint"])) == (words_of(edition, "ann"), 40)
    assert base64.b64decode(value["key"])[10:] == read_key((edition / "ann/edition.pub").read_bytes()).public
    assert SecretKey.new().public.base64 != value["key"]


def test_a_page_is_given_the_keys_that_it_trusts_once(edition: Path) -> None:
    empty = '<script id="keys" type="application/json">[]</script>'
    edition.joinpath("built").write_text(f"<p>{empty}</p>")
    page = ("disc", "page", "built", "--key", "ann/edition.pub", "--key", "bob/edition.pub")
    ok(*page, "--out", "VERIFY.html", cwd=edition)
    text = edition.joinpath("VERIFY.html").read_text()
    assert json.loads(text.split(">", 2)[2].split("<")[0]) == [
        read_key((edition / name / "edition.pub").read_bytes()).base64 for name in ("ann", "bob")
    ]
    for wrong in (text, "", empty * 2):
        edition.joinpath("built").write_text(wrong)
        done = run(*page, "--out", "x", cwd=edition)
        no_trace(done)
        assert (done.code, edition.joinpath("x").exists()) == (2, False)
