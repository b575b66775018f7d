"""The result: the page, the tables, the map and the downloads say the same; before there is one, nothing is said."""

from __future__ import annotations

import csv
import io
import json
import re
import xml.etree.ElementTree as ET
from dataclasses import replace
from fractions import Fraction
from functools import cache
from pathlib import Path

import jsonschema_rs
import pytest
from django.test import Client
from django.utils import translation

from conftest import Api, Now
from rehearsed import NAMES, rehearsed
from rig import ENGINE, Rig
from sanduq.algebra.numbers import sha256_hex
from sanduq.box.journal import Act
from sanduq.box.record import Record
from sanduq.count.outcome import AreaTally, decide
from sanduq.count.steps import append_sum
from sanduq.question.setup import canonical
from sanduq.watch.trustee import verify_area
from sanduq_web import clock
from sanduq_web.box import api as box
from sanduq_web.count import api
from sanduq_web.count.models import Decided, Tally
from sanduq_web.count.views import pages, tables
from sanduq_web.count.views.progress import tell_progress
from sanduq_web.count.views.tables import tell_tables
from sanduq_web.count.views.telling import tell_regions
from sanduq_web.question.actions import keep_beside
from sanduq_web.question.api import Frozen, Shown, beside, tell
from sanduq_web.records import export_record, import_record
from test_beside import topology
from test_pages import LANGUAGES, page

SCHEMAS = Path(__file__).resolve().parents[2] / "library" / "tests" / "schemas"
NOTHING = Shown(None, (), "")
FILES = ("results.csv", "results.json", "outcome.json")


def _get(rig: Rig, name: str) -> bytes:
    answer = Client().get(f"/api/v1/referendums/{rig.anchor}/{name}")
    assert answer.status_code == 200
    return bytes(answer.content)


# --- the page and the downloads --------------------------------------------------------------------------------------------


@pytest.mark.django_db
@pytest.mark.parametrize("name", FILES)
def test_nothing_is_downloaded_before_there_is_an_outcome(opened: Api, rig: Rig, now: Now, name: str) -> None:
    for time in ("06:00", "18:00"):
        now.at(time)
        answer = opened.get(f"/{name}")
        assert answer.status_code == 404
        assert answer["Content-Type"] == "application/problem+json"
        assert "a result of this referendum is not here" in answer.json()["detail"]
    assert Client().get(f"/en/{rig.anchor}/protocol.pdf").status_code == 404
    assert name not in page(f"/en/{rig.anchor}/result/")


@pytest.mark.django_db
def test_the_downloads_are_what_was_decided(decided: Frozen, rig: Rig) -> None:
    stored = Decided.objects.get(referendum_id=rig.anchor).outcome
    outcome = json.loads(_get(rig, "outcome.json"))
    assert outcome == stored
    assert sha256_hex(canonical(outcome)) == box.journal(rig.anchor)[-1].details["outcome_sha256"]
    votes = [n % 3 for code in ("A", "B") for n in range(len(rig.ballots[code]))]
    rows = list(csv.DictReader(io.StringIO(_get(rig, "results.csv").decode())))
    for index, choice in enumerate(("blank", "yes", "no")):
        assert sum(int(row["votes"]) for row in rows if row["choice"] == choice) == votes.count(index)
    assert {(row["area"], row["electorate"], row["ballots"]) for row in rows} == {("A", "17", "12"), ("B", "10", "5")}


@pytest.mark.django_db
def test_the_report_is_valid_by_the_schema_and_has_the_time_of_the_decision(decided: Frozen, rig: Rig) -> None:
    report = json.loads(_get(rig, "results.json"))
    jsonschema_rs.Draft4Validator(json.loads((SCHEMAS / "nist-sp-1500-100-v2.json").read_text("utf-8"))).validate(report)
    assert report["GeneratedDate"] == "2030-05-01T20:00:00Z"
    assert rig.anchor in report["Notes"]


@pytest.mark.django_db
def test_a_result_that_the_journal_does_not_name_is_not_shown(decided: Frozen, rig: Rig) -> None:
    row = Tally.objects.get(area_id=decided.places["A"].id)
    row.votes[0][1] += 1
    row.votes[0][2] -= 1
    row.save()
    api._result.cache_clear()
    answer = Client(raise_request_exception=False).get(f"/en/{rig.anchor}/result/")
    assert answer.status_code == 500
    assert Client().get(f"/api/v1/referendums/{rig.anchor}/results.csv").status_code == 422


@pytest.mark.long
@pytest.mark.django_db
def test_the_page_has_the_numbers_of_the_files(decided: Frozen, rig: Rig) -> None:
    text = page(f"/en/{rig.anchor}/result/")
    cells = re.findall(r"<td>([\d,]+)(?:<br>|</td>)", text)
    for row in csv.DictReader(io.StringIO(_get(rig, "results.csv").decode())):
        assert row["votes"] in cells
        assert row["ballots"] in cells
        assert row["electorate"] in cells
    told = json.loads(_get(rig, "outcome.json"))["regions"][0]
    assert text.index(f'<p class="verdict">{told["decisions"][0]["decision"]}</p>') < text.index("<table")
    for condition in told["questions"][0]["conditions"]:
        assert f"<b>{condition['numerator']}</b>" in text
        assert f"<b>{condition['denominator']}</b>" in text
    for name, size in ((name, len(_get(rig, name))) for name in FILES):
        said = re.search(rf'href="[^"]*{re.escape(name)}">{re.escape(name)}</a> \(([\d.]+)\xa0(bytes|KB)\)', text)
        assert said, name
        assert float(said[1]) == pytest.approx(size if said[2] == "bytes" else size / 1024, abs=0.051)


@pytest.mark.django_db
@pytest.mark.parametrize(("by", "first"), [("area", "A"), ("votes", "B"), ("turnout", "A"), ("<script>", "A")])
def test_tables_are_sorted_and_say_by_what(decided: Frozen, rig: Rig, by: str, first: str) -> None:
    text = page(f"/en/{rig.anchor}/result/?by={by}")
    body = text[text.index('<table class="areas">') :]
    assert re.findall(r"<bdi>Area (\w)</bdi>", body)[0] == first
    assert len(re.findall("aria-sort=", body)) == 1
    assert "<script" not in text


# --- words -----------------------------------------------------------------------------------------------------------------


@cache
def _played(name: str) -> tuple[Frozen, api.Result]:
    setup, tallies = rehearsed(name)
    frozen = Frozen(setup.anchor, setup, setup.to_bytes(), b"", {})
    return frozen, api.Result(decide(setup.rule, setup.shapes, tallies), tuple(tallies), setup.calendar.closes)


def _words(name: str, language: str) -> list[str]:
    """Every word of our own about an outcome: no text of the setup, no number."""
    frozen, found = _played(name)
    text = replace(tell(frozen, language), names={}, title="")
    with translation.override(language):
        words = []
        for region in tell_regions(frozen, found, text):
            words += [verdict.word for verdict in region.verdicts]
            for question in region.questions:
                for row in question.rows:
                    words += [row.name, row.counted, row.of, row.needed]
    return words


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("language", [language for language in LANGUAGES if language != "en"])
def test_every_condition_is_told_in_the_language(name: str, language: str) -> None:
    english, told = _words(name, "en"), _words(name, language)
    assert len(english) == len(told) > 3
    for before, after in zip(english, told, strict=True):
        assert before != after, before
        assert re.findall(r"\d+", before) == re.findall(r"\d+", after)


@pytest.mark.parametrize("name", NAMES)
def test_tables_add_up_to_the_outcome(name: str) -> None:
    frozen, found = _played(name)
    for table, asked in zip(tell_tables(frozen, found, tell(frozen, "en"), NOTHING), frozen.setup.questions, strict=True):
        for place, answer in enumerate(asked.answers):
            votes = [dict(region.question(asked.id).votes)[answer.id] for region in found.outcome.regions]
            assert table.total.cells[place].votes == sum(votes) == sum(line.cells[place].votes for line in table.lines)
        assert table.total.electorate == sum(line.electorate for line in table.lines)
        assert table.total.ballots == sum(line.ballots for line in table.lines)
        assert [line.name for line in table.lines] != [area.name for area in frozen.setup.areas] or len(table.lines) < 3


def test_the_majority_of_areas_is_told_with_its_weights() -> None:
    frozen, found = _played("swiss-636")
    (region,) = tell_regions(frozen, found, tell(frozen, "en"))
    (question,) = region.questions
    assert region.verdicts[0].word == "rejected"
    assert question.weight == 23
    assert dict(question.sums) == {"Accepts": Fraction(17, 2), "Rejects": Fraction(29, 2)}
    assert [(row.share, row.met) for row in question.rows] == [("50.73\xa0%", True), ("36.96\xa0%", False)]


def test_a_table_is_sorted_by_what_is_asked() -> None:
    frozen, found = _played("swiss-636")
    text = tell(frozen, "en")
    (by_votes,) = tell_tables(frozen, found, text, NOTHING, "votes")
    shares = [float(line.cells[0].share.removesuffix("\xa0%")) for line in by_votes.lines]
    assert shares == sorted(shares, reverse=True)
    assert len(set(shares)) > 20
    (by_turnout,) = tell_tables(frozen, found, text, NOTHING, "turnout")
    turnouts = [float(line.turnout.removesuffix("\xa0%")) for line in by_turnout.lines]
    assert turnouts == sorted(turnouts, reverse=True)
    (by_area,) = tell_tables(frozen, found, text, NOTHING, "area")
    assert [line.name for line in by_area.lines][:2] == ["Aargau", "Appenzell Ausserrhoden"]


def test_areas_that_are_not_counted_stand_in_no_sum() -> None:
    setup, tallies = rehearsed("swiss-636")
    some = [replace(tally, questions=None) if tally.code == "AI" else tally for tally in tallies]
    frozen = Frozen(setup.anchor, setup, b"", b"", {})
    found = api.Result(decide(setup.rule, setup.shapes, some), tuple(some), "")
    (table,) = tell_tables(frozen, found, tell(frozen, "en"), NOTHING)
    assert [line.name for line in table.lines if not line.cells] == ["Appenzell Innerrhoden"]
    assert table.total.ballots == sum(tally.ballots for tally in some if tally.code != "AI")
    assert table.total.electorate == sum(tally.electorate for tally in some)
    (region,) = tell_regions(frozen, found, tell(frozen, "en"))
    assert [name for name, _ballots, _electorate in region.uncounted] == ["Appenzell Innerrhoden"]
    assert ("Not counted", Fraction(1, 2)) in region.questions[0].sums


# --- maps ------------------------------------------------------------------------------------------------------------------


@pytest.mark.django_db
@pytest.mark.parametrize("language", LANGUAGES)
def test_under_the_map_stands_that_boundaries_imply_no_endorsement(decided: Frozen, rig: Rig, language: str) -> None:
    keep_beside(rig.anchor, topology(["A", "B", "land"]), ["© <b>Somebody</b>"])
    with translation.override(language):
        sentence = translation.gettext("Names and boundaries of areas imply no endorsement.")
    for name in ("result", "watch"):
        text = page(f"/{language}/{rig.anchor}/{name}/")
        figure = re.search(r'<figure class="land-map">.*?</figure>', text, re.DOTALL)
        assert figure, name
        assert sentence in figure[0]
        assert "© &lt;b&gt;Somebody&lt;/b&gt;" in figure[0]
        assert figure[0].count('class="area ') == 2
        assert figure[0].count('class="land"') == 1


@pytest.mark.django_db
def test_hostile_names_are_text_everywhere(decided: Frozen, rig: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    evil = "\"><script>alert('x')</script>&amp;\u202e"
    keep_beside(rig.anchor, topology(["A", "B"]), None)
    areas = tuple(replace(area, name=evil + area.code) for area in decided.setup.areas)
    hostile = replace(decided, setup=replace(decided.setup, areas=areas))
    monkeypatch.setattr(pages, "referendum", lambda anchor: hostile)
    text = page(f"/fa/{rig.anchor}/result/")
    assert "<script" not in text
    assert "&lt;script&gt;" in text
    with translation.override("fa"):
        found = api.result(hostile)
        assert found is not None
        (table,) = tell_tables(hostile, found, tell(hostile, "fa"), beside(rig.anchor))
    tree = ET.fromstring(str(table.map))
    assert any(evil in (title.text or "") for title in tree.iter("title"))
    assert not list(tree.iter("script"))


def test_the_map_says_in_words_what_it_paints() -> None:
    frozen, _found = _played("swiss-636")
    tally = AreaTally("ZH", None, 100, 60, ((2, 40, 18),))
    maker = tables._Maker(frozen, api.Result(_played("swiss-636")[1].outcome, (tally,), ""), tell(frozen, "en"), 0)
    drawn = maker.drawn(tally)
    assert drawn.kind == "for-3"
    assert "Zürich" in drawn.label
    assert "68.97" in drawn.label
    assert maker.drawn(replace(tally, questions=None)).kind == "none"
    assert len({key.text for key in maker.legend("map")}) == 8
    assert len({str(key.sample) for key in maker.legend("map")}) == 8


# --- the trustees' progress ------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_progress_says_who_has_decrypted_and_who_must_still(frozen: Frozen) -> None:
    def tally(owners: list[int], votes: object = None, counted: int = 9) -> Tally:
        return Tally(counted=counted, weight=counted, owners=owners, votes=votes)

    found = tell_progress(frozen, {"A": tally([2])})
    assert [(area.name, area.state) for area in found.areas] == [("Area A", "decrypting"), ("Area B", "waiting")]
    assert ([trustee.owner for trustee in found.areas[0].done], found.areas[0].more) == ([2], 1)
    assert [share.areas for share in found.trustees] == [0, 1, 0]
    found = tell_progress(frozen, {"A": tally([1, 3], [[1, 2, 3]]), "B": tally([3])})
    assert [(area.name, area.state) for area in found.areas] == [("Area B", "decrypting"), ("Area A", "done")]
    assert (found.done, found.to_count) == (1, 2)
    few = replace(frozen, setup=replace(frozen.setup, minimum_ballots=10))
    found = tell_progress(few, {"A": tally([]), "B": tally([1, 2], [[0, 0, 0]], 0)})
    assert [(area.name, area.state) for area in found.areas] == [("Area A", "few"), ("Area B", "done")]
    assert (found.done, found.to_count) == (1, 1)


@pytest.mark.django_db
@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_while_trustees_decrypt(opened: Api, rig: Rig, now: Now, tmp_path: Path, language: str) -> None:
    opened.cast(rig.ballots["A"][0])
    now.at("18:00")
    opened.get()
    text = page(f"/{language}/{rig.anchor}/result/")
    assert "0 / 2" in text
    export_record(rig.anchor, tmp_path / "record")
    record = Record(tmp_path / "record")
    heads = {}
    for area in record.setup.areas:
        heads[area.code] = append_sum(record.archive(area), verify_area(record, area, ENGINE)).hash
    record.write_act(Act.SUMMED, clock.now(), {"heads": heads})
    record.write_fingerprints()
    import_record(tmp_path / "record", clock.now(), rig.anchor)
    text = page(f"/{language}/{rig.anchor}/result/")
    if language == "en":
        assert text.count("2 more") == 2
    assert 'class="outcome' not in text
    assert Client().get(f"/api/v1/referendums/{rig.anchor}/outcome.json").status_code == 404
