"""A record in an edition: what is refused goes onto no disc; what is there is verified as it lies there."""

from __future__ import annotations

import gzip
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from conftest import Api
from rig import ENGINE, Rig
from sanduq import errors
from sanduq.box.record import Record
from sanduq.watch.record import verify_record
from sanduq_web.command import run
from sanduq_web.disc import record, record_folder
from sanduq_web.question.api import Frozen
from sanduq_web.records import export_record


@pytest.fixture
def edition(tmp_path: Path) -> Path:
    (tmp_path / "edition").mkdir()
    return tmp_path / "edition"


@pytest.fixture
def copy(rig: Rig, tmp_path: Path) -> Path:
    """A record that is frozen, whose vote has not begun."""
    shutil.copytree(rig.path, tmp_path / "mine")
    return tmp_path / "mine"


def untouched(edition: Path) -> bool:
    return not [each for each in edition.rglob("*") if each.is_file()]


# --- refusals ---------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("anchor", ["", "x" * 64, "0" * 63, "../" + "0" * 61, "0" * 65])
def test_what_is_no_anchor(edition: Path, copy: Path, anchor: str) -> None:
    with pytest.raises(errors.Unusable, match="64 digits"):
        record.put(edition, copy, anchor)


def test_another_anchor(edition: Path, copy: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(errors.AnchorMismatch):
        record.put(edition, copy, "0" * 64)
    assert run(["disc", "record", str(edition), "--record", str(copy), "--anchor", "0" * 64]) == 1
    assert "announced" in capsys.readouterr().err and untouched(edition)


def _damage(path: Path) -> None:
    raw = bytearray(path.read_bytes())
    raw[700] ^= 1
    path.write_bytes(raw)


def _bomb(path: Path) -> None:
    path.with_name(f"{path.name}.gz").write_bytes(gzip.compress(bytes(1 << 24)))
    path.unlink()


@pytest.mark.parametrize(
    ("change", "refusal"),
    [
        (_damage, errors.Refused),
        (_bomb, errors.RecordMalformed),
        (lambda path: path.unlink(), errors.AreaMissing),
        (lambda path: path.with_name("note.txt").write_text("x"), errors.RecordMalformed),
        (lambda path: (path.parents[1] / "C").mkdir(), errors.AreaExtra),
        (lambda path: (path.parents[2] / "journal.jsonl").unlink(), errors.JournalMalformed),
        (lambda path: (path.parents[2] / "fingerprints.json").unlink(), errors.FingerprintMismatch),
        (lambda path: (path.parents[2] / "setup.json").unlink(), errors.Unusable),
        (lambda path: (path.parent / "more").symlink_to("/etc/passwd"), errors.Unusable),
        (lambda path: (path.rename(path.parents[2].parent / "away"), path.symlink_to("../../../away")), errors.Unusable),
    ],
)
def test_what_observers_would_refuse(
    edition: Path, rig: Rig, copy: Path, change: Callable[[Path], object], refusal: type[Exception]
) -> None:
    change(Record(copy).archive(rig.area("A")))
    with pytest.raises(refusal):
        record.put(edition, copy, rig.anchor)
    assert untouched(edition)


def test_no_edition_no_record_and_nothing_is_written_over(edition: Path, rig: Rig, copy: Path, tmp_path: Path) -> None:
    for given in ((tmp_path / "none", copy), (edition, tmp_path / "none")):
        with pytest.raises(errors.Unusable):
            record.put(*given, rig.anchor)
    there = record_folder(edition, rig.anchor)
    there.mkdir(parents=True)
    with pytest.raises(errors.Unusable, match="there already"):
        record.put(edition, copy, rig.anchor)
    assert untouched(edition)


@pytest.mark.django_db
def test_an_open_vote_goes_onto_no_disc(opened: Api, rig: Rig, frozen: Frozen, edition: Path, tmp_path: Path) -> None:
    """An export holds what is not public yet, and looks like any other record."""
    opened.cast(rig.ballots["A"][0])
    export_record(rig.anchor, tmp_path / "whole")
    with pytest.raises(errors.Unusable, match="the vote is open"):
        record.put(edition, tmp_path / "whole", rig.anchor)
    assert untouched(edition)


def test_fingerprints_of_another_moment(edition: Path, rig: Rig, copy: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is copied is what was verified, though somebody writes meanwhile."""
    whole = verify_record

    def verified(*given: object, **more: object) -> object:
        report = whole(*given, **more)  # type: ignore[arg-type]
        _damage(Record(copy).archive(rig.area("A")))
        return report

    monkeypatch.setattr(record, "verify_record", verified)
    with pytest.raises(errors.Unusable, match="another moment"):
        record.put(edition, copy, rig.anchor)
    assert untouched(edition) and not [*edition.glob("record/.*")]


# --- what is there ----------------------------------------------------------------------------------------------------------


def test_a_record_is_verified_as_it_lies_there(edition: Path, rig: Rig, copy: Path, tmp_path: Path) -> None:
    made = record.put(edition, copy, rig.anchor)
    assert verify_record(Record(made), ENGINE, rig.anchor).phase == "frozen"
    for area in rig.setup.areas:
        raw = gzip.decompress((made / "areas" / area.code / f"{area.uuid}.bel.gz").read_bytes())
        assert raw == Record(copy).archive(area).read_bytes()
    (tmp_path / "two").mkdir()
    again = record.put(tmp_path / "two", made, rig.anchor)
    for one in (each for each in made.parent.rglob("*") if each.is_file()):
        assert one.read_bytes() == (again.parent / one.relative_to(made.parent)).read_bytes(), "twice the same"
    text = (edition / "record/README.txt").read_text("utf-8")
    assert text.count(f"sanduq watch verify record/{rig.anchor[:12]} --anchor ANCHOR") == 6
    assert f"gzip -dc record/{rig.anchor[:12]}/areas/A/{rig.area('A').uuid}.bel.gz" in text
    assert rig.anchor not in text, "nobody is to take the anchor from here"
    page = (edition / "record/README.html").read_text("utf-8")
    assert page.count("<section ") == 6 and "سند، و چگونه آن را بیازمایید" in page and "://" not in page


@pytest.mark.long
@pytest.mark.django_db
def test_with_its_result(decided: Frozen, rig: Rig, edition: Path, tmp_path: Path) -> None:
    export_record(rig.anchor, tmp_path / "whole")
    made = record.put(edition, tmp_path / "whole", rig.anchor)
    report = verify_record(Record(made), ENGINE, rig.anchor)
    assert report.outcome is not None and report.ballots == 17
    assert [*made.glob("areas/*/*.proofs")]
