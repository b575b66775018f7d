"""Disc images and archives: what is refused; that every name and byte comes back; the same bytes from every copy."""

from __future__ import annotations

import subprocess
import zipfile
from pathlib import Path

import pytest

from disc_rig import KEY, copied, edition, signed
from sanduq import errors
from sanduq.disc import Verdict, verify
from sanduq_web.command import run
from sanduq_web.disc import image, pack
from sanduq_web.disc.contents import Member


def xorriso(*words: str) -> str:
    command = ["xorriso", "-no_rc", *words]
    around = {"LC_ALL": "C.UTF-8", "PATH": "/usr/bin:/bin"}
    return subprocess.run(command, env=around, capture_output=True, check=True, encoding="utf-8").stdout


@pytest.fixture(scope="module", autouse=True)
def _there() -> None:
    done = subprocess.run(["sh", "-c", "command -v xorriso || scripts/debian.sh xorriso tests"], check=False, cwd=ROOT)
    if done.returncode:
        pytest.skip("xorriso is not installed: apt-get install xorriso")


ROOT = Path(__file__).resolve().parents[3]


def test_what_is_no_edition_or_not_signed_makes_no_image(tmp_path: Path) -> None:
    out = tmp_path / "out.iso"
    with pytest.raises(errors.Unusable, match="no edition"):
        image.build(tmp_path, out)
    whole = edition(tmp_path / "e")
    with pytest.raises(errors.SumsMalformed):
        image.build(whole, out)
    signed(whole).joinpath("SHA256SUMS.minisig").unlink()
    with pytest.raises(errors.EditionUnsigned):
        image.build(whole, out)
    assert not out.exists()


@pytest.mark.parametrize(
    ("change", "refusal"),
    [
        (lambda e: e.joinpath("press/en/index.html").write_text("other"), errors.FileChanged),
        (lambda e: e.joinpath("zim/more.zim").write_text("other"), errors.FileExtra),
        (lambda e: e.joinpath("zim/more").symlink_to("/etc/passwd"), errors.FileExtra),
    ],
)
def test_what_readers_would_find_bad_makes_no_image(tmp_path: Path, change: object, refusal: type[errors.Refused]) -> None:
    whole = signed(tmp_path / "e")
    change(whole)  # type: ignore[operator]
    with pytest.raises(refusal):
        pack.pack(whole, tmp_path / "out")
    assert not [*tmp_path.joinpath("out").iterdir()]


@pytest.mark.parametrize("name", ["n" * 104, "😀" * 52, "a;b"])
def test_names_that_windows_does_not_show_are_refused_by_name(tmp_path: Path, name: str) -> None:
    with pytest.raises(errors.Unusable, match=name):
        image.build(signed(tmp_path / "e", **{f"press/{name}/x": "x"}), tmp_path / "out.iso")


def test_files_of_4_gib_are_refused_by_name() -> None:
    image.check_names([Member("zim/a", Path(), (1 << 32) - 1)])
    with pytest.raises(errors.Unusable, match="zim/a"):
        image.check_names([Member("zim/a", Path(), 1 << 32)])


def test_what_does_not_fit_is_told_with_its_folders(tmp_path: Path) -> None:
    whole = signed(tmp_path / "e")
    with pytest.raises(errors.Unusable, match=r"do not fit into 90000; folders: zim 30000, press \d+, deep 1"):
        image.build(whole, tmp_path / "out.iso", 90_000)
    exact = image.build(whole, tmp_path / "out.iso")
    with pytest.raises(errors.Unusable, match=f"{exact} bytes do not fit into {exact - 1};"):
        image.build(whole, tmp_path / "other.iso", exact - 1)
    assert image.build(whole, tmp_path / "other.iso", exact) == exact
    assert image.build(whole, tmp_path / "small.iso", exact - 1, ["zim"]) < exact


def test_sizes_are_those_of_discs() -> None:
    assert [image.size(text) for text in ("cd", "dvd", "stick", "5")] == [737_280_000, 4_700_000_000, None, 5]


def test_nothing_is_written_over_nor_into_the_edition(tmp_path: Path) -> None:
    whole = signed(tmp_path / "e")
    tmp_path.joinpath("out.iso").write_text("mine")
    for out in (tmp_path / "out.iso", whole / "out.iso", whole / "press" / ".." / "out.iso", tmp_path / "none" / "out.iso"):
        with pytest.raises(errors.Unusable):
            image.build(whole, out)
    assert tmp_path.joinpath("out.iso").read_text() == "mine"


@pytest.mark.parametrize("folder", ["none", "", "..", "/", "START-HERE.html", "press/e"])
def test_only_folders_of_the_edition_are_left_out(tmp_path: Path, folder: str) -> None:
    with pytest.raises(errors.Unusable, match="no folder"):
        image.build(signed(tmp_path / "e"), tmp_path / "out.iso", without=[folder])


def test_without_xorriso_its_package_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(errors.Unusable, match="xorriso is not installed") as caught:
        image.build(signed(tmp_path / "e"), tmp_path / "out.iso")
    assert caught.value.hint == "apt-get install xorriso"


def test_every_file_comes_back_under_its_name_from_either_tree(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    whole = signed(tmp_path / "e")
    whole.joinpath(".DS_Store").write_text("left behind")
    assert run(["disc", "image", str(whole), str(tmp_path / "out.iso"), "--size", "cd"]) == 0
    assert capsys.readouterr().out.endswith(f"out.iso: {(tmp_path / 'out.iso').stat().st_size} bytes\n")
    for tree in ("any", "norock"):  # with Rock Ridge; as Windows reads it, by Joliet
        xorriso("-read_fs", tree, "-osirrox", "on", "-indev", str(tmp_path / "out.iso"), "-extract", "/", str(tmp_path / tree))
        assert verify(tmp_path / tree, [KEY.public]).verdict is Verdict.GOOD
        assert not tmp_path.joinpath(tree, ".DS_Store").exists()
    assert "SANDUQ_13" in xorriso("-indev", str(tmp_path / "out.iso"), "-toc")


def test_a_disc_without_a_folder_is_incomplete_not_bad(tmp_path: Path) -> None:
    image.build(signed(tmp_path / "e"), tmp_path / "out.iso", without=["zim/", "press/fa"])
    xorriso("-osirrox", "on", "-indev", str(tmp_path / "out.iso"), "-extract", "/", str(tmp_path / "read"))
    report = verify(tmp_path / "read", [KEY.public])
    assert (report.verdict, report.missing) == (Verdict.INCOMPLETE, ("press/fa/نامه‌ها/یک.html", "zim/en.zim"))


def test_every_copy_makes_the_same_bytes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = signed(tmp_path / "e", **{f"press/en/{each}.html": f"{each % 5}" for each in range(40)})
    made = [pack.pack(whole, tmp_path / "0")]
    for seed in (1, 2):
        monkeypatch.setenv("TZ", "Asia/Tehran")
        made.append(pack.pack(copied(whole, tmp_path / f"e{seed}", seed), tmp_path / str(seed)))
    for files in zip(*made, strict=True):
        assert len({each.read_bytes() for each in files}) == 1, files[0].name


def test_the_archive_holds_one_folder_that_verifies(tmp_path: Path) -> None:
    archive, _, sums = pack.pack(signed(tmp_path / "e"), tmp_path / "out")
    assert archive.name == "edition-13-2026-11-22.zip"
    assert (
        subprocess.run(["sha256sum", "--strict", "-c", sums.name], cwd=sums.parent, capture_output=True, check=False).returncode
        == 0
    )
    with zipfile.ZipFile(archive) as packed:
        assert {each.date_time for each in packed.infolist()} == {(2026, 11, 22, 12, 0, 0)}
        packed.extractall(tmp_path / "read")
    assert verify(tmp_path / "read" / "edition-13-2026-11-22", [KEY.public]).verdict is Verdict.GOOD
