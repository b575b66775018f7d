"""Folders as they come from disks: links, strange names, many files, large files, and what sha256sum says of the same."""

from __future__ import annotations

import os
import subprocess
import sys
import tracemalloc
import unicodedata
from pathlib import Path

import pytest

from sanduq import errors
from sanduq.disc import Edition, SecretKey, Sums, Verdict, fingerprint, read_sums, sum_folder, verify

COMMENT = Edition(13, "2026-11-22").comment
KEY = SecretKey.new()


def fill(folder: Path, **files: str) -> None:
    for name, content in ({"START.html": "x", "az/səs.html": "y", "az/a b.html": "z"} | files).items():
        folder.joinpath(name).parent.mkdir(parents=True, exist_ok=True)
        folder.joinpath(name).write_text(content, "utf-8")


def signed(folder: Path, **files: str) -> Sums:
    fill(folder, **files)
    made = sum_folder(folder)
    folder.joinpath("SHA256SUMS").write_bytes(made.to_bytes())
    folder.joinpath("SHA256SUMS.minisig").write_bytes(KEY.sign(made.to_bytes(), COMMENT).to_bytes())
    return made


def sha256sum(folder: Path) -> int:
    command = ["sha256sum", "--strict", "--quiet", "-c", "SHA256SUMS"]
    return subprocess.run(command, cwd=folder, capture_output=True, check=False).returncode


def test_sha256sum_says_the_same(tmp_path: Path) -> None:
    made = signed(tmp_path)
    assert [*made.files] == ["START.html", "az/a b.html", "az/səs.html"]
    assert (sha256sum(tmp_path), verify(tmp_path, [KEY.public]).verdict) == (0, Verdict.GOOD)
    written = subprocess.run(["sha256sum", *made.files], cwd=tmp_path, capture_output=True, check=True).stdout
    assert written == made.to_bytes()
    tmp_path.joinpath("az/a b.html").write_text("other")
    assert (sha256sum(tmp_path), verify(tmp_path, [KEY.public]).verdict) == (1, Verdict.BAD)


def test_sums_and_their_signatures_are_not_summed(tmp_path: Path) -> None:
    before = signed(tmp_path)
    tmp_path.joinpath(f"SHA256SUMS.{KEY.id}.minisig").write_text("x")
    assert sum_folder(tmp_path) == before


@pytest.mark.parametrize(
    ("name", "refusal"),
    [
        ("a\nb", errors.SumsPath),
        ("a\\b", errors.SumsPath),
        ("a:b", errors.SumsPath),
        ("a.", errors.SumsPath),
        ("a\x1b[2J", errors.SumsPath),
        ("\u202egnp.exe", errors.SumsPath),
        (unicodedata.normalize("NFD", "ü.html"), errors.SumsPath),
        (os.fsdecode(b"caf\xe9"), errors.SumsPath),
        ("SHA256SUMS.bak", errors.SumsPath),
        ("START.HTML", errors.SumsCollision),
        ("az/SƏS.html", errors.SumsCollision),
        ("x" * 200 + "/" + "y" * 60, errors.SumsPath),
    ],
)
def test_a_name_that_some_disks_do_not_hold_is_not_summed(tmp_path: Path, name: str, refusal: type[errors.Refused]) -> None:
    fill(tmp_path)
    tmp_path.joinpath(name).parent.mkdir(exist_ok=True)
    tmp_path.joinpath(name).write_text("")
    with pytest.raises(refusal) as caught:
        sum_folder(tmp_path)
    assert "\n" not in str(caught.value)
    assert "\x1b" not in str(caught.value)


def test_links_and_pipes_are_not_summed(tmp_path: Path) -> None:
    fill(tmp_path)
    for make in (lambda path: path.symlink_to("START.html"), lambda path: path.symlink_to("az"), os.mkfifo):
        make(tmp_path / "link")
        with pytest.raises(errors.SumsPath, match="link"):
            sum_folder(tmp_path)
        tmp_path.joinpath("link").unlink()


def test_an_empty_folder_is_no_edition(tmp_path: Path) -> None:
    with pytest.raises(errors.SumsMalformed, match="empty"):
        sum_folder(tmp_path)
    assert verify(tmp_path, [KEY.public]).verdict is Verdict.BAD


@pytest.mark.parametrize("target", ["../outside", "START.html", "nowhere", "link"])
def test_a_link_in_the_place_of_a_file_is_a_change(tmp_path: Path, target: str) -> None:
    """Even if it leads to the same content: whoever copies the folder would take something else along."""
    folder = tmp_path / "edition"
    signed(folder, link="x")
    tmp_path.joinpath("outside").write_text("x")
    folder.joinpath("link").unlink()
    folder.joinpath("link").symlink_to(target)
    report = verify(folder, [KEY.public])
    assert (report.verdict, report.changed) == (Verdict.BAD, ("link",))
    folder.joinpath("more").symlink_to("az")
    assert verify(folder, [KEY.public]).extra == ("more",)


@pytest.mark.parametrize("name", ["SHA256SUMS", "SHA256SUMS.minisig"])
def test_sums_and_signatures_that_are_links_or_folders_are_refused(tmp_path: Path, name: str) -> None:
    signed(tmp_path)
    tmp_path.joinpath(name).rename(tmp_path.parent / f"{tmp_path.name}-{name}")
    tmp_path.joinpath(name).symlink_to(tmp_path.parent / f"{tmp_path.name}-{name}")
    assert verify(tmp_path, [KEY.public]).verdict is Verdict.BAD
    tmp_path.joinpath(name).unlink()
    tmp_path.joinpath(name).mkdir()
    assert verify(tmp_path, [KEY.public]).verdict is Verdict.BAD


def test_a_part_packed_anew_is_incomplete_and_not_forged(tmp_path: Path) -> None:
    signed(tmp_path)
    tmp_path.joinpath("az/səs.html").unlink()
    report = verify(tmp_path, [KEY.public])
    assert (report.verdict, report.missing, report.files) == (Verdict.INCOMPLETE, ("az/səs.html",), 2)
    assert isinstance(report.refusal, errors.FileMissing)


def test_whom_the_reader_trusts_decides(tmp_path: Path) -> None:
    signed(tmp_path)
    assert verify(tmp_path).verdict is Verdict.UNCONFIRMED
    assert verify(tmp_path, [SecretKey.new().public]).verdict is Verdict.UNCONFIRMED
    # By a fingerprint only if the disc brings the key.
    assert verify(tmp_path, (), [fingerprint(KEY.public.public)]).verdict is Verdict.UNCONFIRMED
    signed(tmp_path, KEYS=KEY.public.to_bytes().decode())
    assert verify(tmp_path, (), [fingerprint(KEY.public.public)]).verdict is Verdict.GOOD


def test_a_name_in_the_form_of_another_system_is_the_same_name(tmp_path: Path) -> None:
    signed(tmp_path, ü="x")
    tmp_path.joinpath("ü").rename(tmp_path / "u\u0308")
    assert verify(tmp_path, [KEY.public]).verdict is Verdict.GOOD
    tmp_path.joinpath("ü").write_text("other")
    assert verify(tmp_path, [KEY.public]).verdict is Verdict.BAD


def test_what_the_disc_does_not_give_any_more_is_a_change(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    signed(tmp_path)

    def scratched(path: Path) -> str:
        raise OSError(5, "Input/output error", str(path))

    monkeypatch.setattr(sys.modules["sanduq.disc.verify"], "hash_file", scratched)
    assert len(verify(tmp_path, [KEY.public]).changed) == 3


def test_large_files_are_read_piece_by_piece(tmp_path: Path) -> None:
    fill(tmp_path)
    with tmp_path.joinpath("large").open("wb") as file:
        file.truncate(1 << 26)
    seen: list[tuple[int, int]] = []
    tracemalloc.start()
    made = sum_folder(tmp_path, lambda done, total: seen.append((done, total)))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert made.files["large"] == "3b6a07d0d404fab4e23b6d34bc6696a6a312dd92821332385e5af7c01c421351"
    assert peak < 4 << 20
    assert seen[-1] == ((1 << 26) + 3, (1 << 26) + 3)


def test_sums_that_are_too_large_are_not_read(tmp_path: Path) -> None:
    signed(tmp_path)
    with tmp_path.joinpath("SHA256SUMS").open("r+b") as file:
        file.truncate(1 << 34)
    report = verify(tmp_path, [KEY.public])
    assert (report.verdict, type(report.refusal)) == (Verdict.BAD, errors.SumsMalformed)


def test_many_files_are_read_in_a_moment() -> None:
    line = "0" * 64
    text = "".join(f"{line}  a/b/c/{number:06}.html\n" for number in range(100_000))
    assert len(read_sums(text.encode()).files) == 100_000
