"""The verifier in an edition: only whole sets of wheels go in; installed from there it verifies, without a network."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from rig import Rig
from sanduq import errors
from sanduq_web.command import run
from sanduq_web.disc import record, software

ROOT = Path(__file__).resolve().parents[3]
DIST = Path(os.environ.get("SANDUQ_WHEELS", ROOT / "dist"))
MACHINE = "cp311-abi3-manylinux_2_34_x86_64"


def wheel(folder: Path, name: str, *needs: str, tag: str = "py3-none-any") -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{name}-1.0-{tag}.whl"
    with zipfile.ZipFile(path, "w") as archive:
        told = "".join(f"Requires-Dist: {each}\n" for each in needs)
        archive.writestr(f"{name}-1.0.dist-info/METADATA", f"Metadata-Version: 2.1\nName: {name}\n{told}")
    return path


@pytest.fixture
def dist(tmp_path: Path) -> Path:
    """As ``make wheels`` leaves it, and another wheel that is of no use to observers."""
    wheel(tmp_path / "dist", "sanduq", "cryptography>=42", "sanduq-speed; extra == 'speed'", "tzdata; sys_platform == 'win32'")
    wheel(tmp_path / "dist", "sanduq_speed", tag=MACHINE)
    wheel(tmp_path / "dist", "sanduq_web", "Django>=5.2")
    wheel(tmp_path / "dist/deps", "cryptography", "cffi>=2 ; python_version < '4'", tag=MACHINE)
    return tmp_path / "dist"


@pytest.fixture
def edition(tmp_path: Path) -> Path:
    (tmp_path / "edition").mkdir()
    return tmp_path / "edition"


def test_a_set_that_is_not_whole(dist: Path, edition: Path, tmp_path: Path) -> None:
    (dist / "deps" / f"cryptography-1.0-{MACHINE}.whl").unlink()
    with pytest.raises(errors.Unusable, match=r"not there: cryptography \(for sanduq\)"):
        software.put(edition, dist)
    (dist / "sanduq-1.0-py3-none-any.whl").unlink()
    for nothing in (dist, tmp_path / "none"):
        with pytest.raises(errors.Unusable, match="no wheel of sanduq"):
            software.put(edition, nothing)
    with pytest.raises(errors.Unusable, match="no such edition"):
        software.put(tmp_path / "none", dist)
    assert not [*edition.iterdir()]


@pytest.mark.parametrize("name", ["a b-1.0-py3-none-any.whl", "x.whl", "..-1.0-py3-none-any.whl", "x-1.0-py3-none-$(id).whl"])
def test_names_that_no_wheel_has(dist: Path, edition: Path, name: str) -> None:
    (dist / "deps" / name).write_bytes(b"PK")
    with pytest.raises(errors.Unusable, match="no wheel"):
        software.put(edition, dist)
    assert not [*edition.iterdir()]


def test_what_is_no_wheel(dist: Path, edition: Path) -> None:
    path = dist / "deps" / "other-1.0-py3-none-any.whl"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("other-1.0.dist-info/METADATA", b"\0" * (1 << 21))
    with pytest.raises(errors.Unusable, match="too long"):
        software.put(edition, dist)
    for raw in (b"", b"PK\3\4"):
        path.write_bytes(raw)
        with pytest.raises(errors.Unusable, match="no wheel"):
            software.put(edition, dist)
    path.unlink()
    path.symlink_to(dist / "sanduq-1.0-py3-none-any.whl")
    with pytest.raises(errors.Unusable, match="no wheel"):
        software.put(edition, dist)


def test_wheels_with_what_to_type(dist: Path, edition: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["disc", "software", str(edition), "--wheels", str(dist)]) == 0
    assert "sanduq_speed" in capsys.readouterr().out
    there = sorted(each.name for each in (edition / "software").iterdir())
    wheels = [f"cryptography-1.0-{MACHINE}.whl", "sanduq-1.0-py3-none-any.whl", f"sanduq_speed-1.0-{MACHINE}.whl"]
    assert there == ["README.html", "README.txt", *wheels]
    text = (edition / "software/README.txt").read_text("utf-8")
    assert text.count("-m pip install --no-index --find-links . 'sanduq[speed]'") == 6
    assert text.count(f"sanduq_speed-1.0-{MACHINE}.whl") == 6 and "sanduq-1.0-py3" not in text
    assert run(["disc", "software", str(edition), "--wheels", str(dist)]) == 2, "nothing is written over"


def test_without_the_fast_engine(dist: Path, edition: Path) -> None:
    (dist / f"sanduq_speed-1.0-{MACHINE}.whl").unlink()
    software.put(edition, dist)
    assert "--find-links . 'sanduq'\n" in (edition / "software/README.txt").read_text("utf-8")


def typed(readme: Path) -> list[str]:
    """What a README says to type on Linux, in its first language."""
    first = readme.read_text("utf-8").partition("[Az")[0]
    return [line.strip() for line in first.splitlines() if re.match(r"    (python3|~)", line)]


@pytest.mark.long
def test_installed_from_the_disc_it_verifies_the_discs_record(rig: Rig, edition: Path, tmp_path: Path) -> None:
    """What the two READMEs say is typed, by somebody who has nothing but the disc, without a network."""
    if not [*DIST.glob("sanduq-*.whl")]:
        pytest.skip(f"{DIST} has no wheels: make wheels")
    shutil.copytree(rig.path, tmp_path / "mine")
    record.put(edition, tmp_path / "mine", rig.anchor)
    software.put(edition, DIST)
    alone = ["unshare", "--map-root-user", "--net"]
    if subprocess.run([*alone, "true"], check=False, capture_output=True).returncode:
        alone = []  # where that is not allowed, pip is still told to use no index
    home = tmp_path / "home"
    home.mkdir()
    around = {"HOME": str(home), "PATH": f"{Path(sys.executable).parent}:/usr/bin:/bin", "PIP_CONFIG_FILE": "/dev/null"}

    def type_in(folder: Path, line: str) -> str:
        done = subprocess.run([*alone, "sh", "-c", line], cwd=folder, env=around, capture_output=True, text=True, check=False)
        assert done.returncode == 0, (line, done.stdout, done.stderr)
        return done.stdout

    for line in typed(edition / "software/README.txt"):
        type_in(edition / "software", line)
    [line] = typed(edition / "record/README.txt")
    told = type_in(edition, line.replace("ANCHOR", rig.anchor))
    assert "VERIFIED by the" in told
    assert ("rust engine" in told) == bool([*DIST.glob("sanduq_speed-*.whl")])
