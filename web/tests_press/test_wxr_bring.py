"""Writing what an export holds: what is published and what is not, once and not twice, and nobody's address anywhere."""

from __future__ import annotations

import csv
import io
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.core.management import call_command
from django.test import Client
from PIL import Image

from exports import attachment, comment, export, item
from newsroom import front, section
from sanduq import errors
from sanduq_web.press import command
from sanduq_web.press.models import ArticlePage, Byline, Comment, InfoPage, PressImage
from sanduq_web.press.wxr.bring import Place, bring, place_of
from sanduq_web.press.wxr.reader import read
from sanduq_web.press.wxr.report import Report

pytestmark = pytest.mark.long

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)


@pytest.fixture
def place(site: Any) -> Place:
    section("fa")
    return place_of("testserver", 80, "fa", "news")


def brought(place: Place, path: Path, media: Path | None = None, **more: Any) -> Report:
    return bring(read(path), place, media, now=NOW, **more)


def results(report: Report) -> list[str]:
    return [line.result for line in report.lines]


def picture(folder: Path, name: str) -> None:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.new("RGB", (40, 30), (10, 90, 120)).save(path)


@pytest.mark.parametrize(
    ("where", "says"),
    [
        (("other.example", 80, "fa", "news"), "no such site; there is testserver:80"),
        (("testserver", 80, "xx", "news"), "the site has ar, az, azb, en, fa, tr"),
        (("testserver", 80, "fa", "nothing"), "no section of that slug in fa; there is news"),
    ],
)
def test_a_place_that_is_not_there(place: Place, where: Any, says: str) -> None:
    with pytest.raises(errors.Unusable, match=says):
        place_of(*where)


def test_a_post_is_an_article_and_its_old_address_leads_to_it(place: Place, reader: Client, tmp_path: Path) -> None:
    extra = '<category domain="post_tag" nicename="mud">Mud</category>'
    slug = "%d8%af%d8%b1%db%8c%d8%a7%da%86%d9%87"
    report = brought(place, export(tmp_path, item("دریاچه پایین است", name=slug, extra=extra)))
    assert results(report) == ["imported (published)"]
    page = ArticlePage.objects.get()
    assert page.slug.isascii()
    assert page.locale.language_code == "fa"
    assert page.published_on == page.first_published_at == datetime(2021, 5, 3, 8, 30, tzinfo=UTC)
    assert [each.name for each in page.topics.all()] == ["Mud"]
    old = reader.get(f"/2021/05/{slug}/")
    assert (old.status_code, old["Location"]) == (301, page.url)
    shown = reader.get(page.url)
    assert shown.status_code == 200
    assert "Some words." in shown.text


@pytest.mark.parametrize("status", ["draft", "pending", "private", "unheard-of"])
def test_what_not_everybody_could_read_stays_a_draft(place: Place, reader: Client, tmp_path: Path, status: str) -> None:
    report = brought(place, export(tmp_path, item("Not yet", status=status)))
    assert results(report) == ["imported (draft)"]
    assert not ArticlePage.objects.get().live
    assert reader.get("/fa/news/a-post/").status_code == 404


def test_what_had_a_password_stays_a_draft_without_it(place: Place, tmp_path: Path) -> None:
    report = brought(place, export(tmp_path, item("Hidden", password="canarypassword")))
    assert results(report) == ["imported (draft)"]
    assert "without it" in report.lines[0].remarks[0]
    assert not ArticlePage.objects.get().live


def test_what_was_scheduled_is_published_when_its_time_comes(place: Place, tmp_path: Path) -> None:
    later = item("Later", status="future", date="2999-01-01 00:00:00")
    missed = item("Missed", status="future", date="2020-01-01 00:00:00", number="11", name="b")
    assert results(brought(place, export(tmp_path, later, missed))) == ["imported (scheduled)", "imported (draft)"]
    page = ArticlePage.objects.get(slug="a-post")
    assert not page.live
    assert page.go_live_at.year == 2999
    call_command("publish_scheduled", verbosity=0)
    assert not ArticlePage.objects.filter(live=True).exists()


def test_twice_brings_nothing_twice_and_what_was_deleted_stays_so(place: Place, tmp_path: Path) -> None:
    path = export(tmp_path, item("A"), item("B", number="11", name="b"))
    assert results(brought(place, path)) == ["imported (published)"] * 2
    ArticlePage.objects.get(slug="b").delete()
    assert results(brought(place, path)) == ["imported before"] * 2
    assert [page.slug for page in ArticlePage.objects.all()] == ["a-post"]


def test_two_posts_with_one_guid_are_two(place: Place, tmp_path: Path) -> None:
    path = export(tmp_path, item("A", guid="https://old.example/same"), item("B", number="11", guid="https://old.example/same"))
    assert results(brought(place, path)) == ["imported (published)"] * 2
    assert sorted(page.slug for page in ArticlePage.objects.all()) == ["a-post", "a-post-2"]


def test_a_bad_post_does_not_stop_the_others(place: Place, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = ArticlePage.full_clean

    def refusing(page: Any, *args: Any, **more: Any) -> None:
        if page.title == "Bad":
            raise ValueError("canary-secret")
        whole(page, *args, **more)

    monkeypatch.setattr(ArticlePage, "full_clean", refusing)
    report = brought(place, export(tmp_path, item("Bad"), item("Good", number="11", name="b")))
    assert results(report) == ["refused", "imported (published)"]
    assert report.lines[0].remarks[-1] == "ValueError: it could not be written"
    assert [page.title for page in ArticlePage.objects.all()] == ["Good"]


def test_a_dry_run_writes_nothing(place: Place, media: Path, tmp_path: Path) -> None:
    picture(tmp_path / "up", "2021/a.jpg")
    text = '<img src="https://old.example/wp-content/uploads/2021/a.jpg"/><img src="https://old.example/wp-content/uploads/b.jpg"/>'
    report = brought(place, export(tmp_path, item("A", text)), tmp_path / "up", dry=True)
    assert results(report) == ["would be imported (published)"]
    assert "picture b.jpg: not in the folder of files" in report.lines[0].remarks
    assert (ArticlePage.objects.count(), PressImage.objects.count(), Byline.objects.count()) == (0, 0, 0)
    assert not media.exists()


def test_pages_are_information_below_their_parents(place: Place, reader: Client, tmp_path: Path) -> None:
    below = item("Where", number="21", name="where", type="page", parent="20", link="https://old.example/about/where/")
    above = item("About", number="20", name="about", type="page", link="https://old.example/about/")
    brought(place, export(tmp_path, below, above))
    assert InfoPage.objects.get(slug="where").get_parent().slug == "about"
    assert reader.get("/fa/about/where/").status_code == 200
    assert reader.get("/about/where/")["Location"] == "/fa/about/where/"


def test_a_summary_is_the_excerpt_or_the_first_words(place: Place, tmp_path: Path) -> None:
    long = "<h3>Small head</h3><p>" + "word " * 60 + "</p>"
    own = item("B", long, number="11", name="b", excerpt="Said shortly.")
    brought(place, export(tmp_path, item("A", long), own, item("C", "x" * 900, number="12", name="c")))
    found = {page.title: page.summary for page in ArticlePage.objects.all()}
    assert found == {"A": "word " * 45 + "…", "B": "Said shortly.", "C": "x" * 499 + "…"}


def test_the_first_sticky_post_leads(place: Place, tmp_path: Path) -> None:
    report = brought(place, export(tmp_path, item("A", sticky="1"), item("B", sticky="1", number="11", name="b")))
    assert front("fa").lead.title == "A"
    assert "lead already" in report.lines[1].remarks[0]


def test_a_byline_says_no_more_than_is_known(place: Place, tmp_path: Path) -> None:
    report = brought(place, export(tmp_path, item("A"), item("B", number="11", name="b", author="plainlogin")))
    assert [(each.kind, each.name) for each in Byline.objects.all()] == [("desk", "Orla Tavisk")]
    assert report.bylines == ["Orla Tavisk"]
    assert "no byline" in report.lines[1].remarks[0]


def test_pictures_come_from_the_folder(place: Place, reader: Client, tmp_path: Path) -> None:
    picture(tmp_path / "up", "2021/05/Mud and more.jpg")
    small = '<img src="https://old.example/wp-content/uploads/2021/05/Mud and more-300x200.jpg" alt=""/>'
    files = attachment("5", "2021/05/Mud and more.jpg", alt="Mud", parent="10")
    thumbnail = "<wp:postmeta><wp:meta_key>_thumbnail_id</wp:meta_key><wp:meta_value>5</wp:meta_value></wp:postmeta>"
    path = export(tmp_path, item("A", f"Words. {small}[gallery]", extra=thumbnail), files)
    assert brought(place, path, tmp_path / "up").lines[0].remarks == []
    image = PressImage.objects.get()
    assert (image.description, image.credit) == ("Mud", "The Old Courier")
    page = ArticlePage.objects.get()
    assert page.picture == image
    assert [block.value["image"] for block in page.body if block.block_type == "figure"] == [image, image]
    assert 'alt="Mud"' in reader.get(page.url).text


def test_pictures_that_are_none_or_lie_elsewhere(place: Place, tmp_path: Path) -> None:
    up = tmp_path / "up"
    picture(tmp_path, "outside.jpg")
    up.mkdir()
    (up / "page.jpg").write_text("<html>")
    (up / "drawing.svg").write_text("<svg xmlns='http://www.w3.org/2000/svg'/>")
    (up / "link.jpg").symlink_to(tmp_path / "outside.jpg")
    names = [
        "../outside.jpg",
        "%2e%2e/outside.jpg",
        "page.jpg",
        "drawing.svg",
        "link.jpg",
        "absent.jpg",
        "/" + str(tmp_path / "outside.jpg"),
    ]
    text = "".join(f'<img src="https://old.example/wp-content/uploads/{name}"/>' for name in names)
    report = brought(place, export(tmp_path, item("A", text)), up)
    assert results(report) == ["imported (published)"]
    assert PressImage.objects.count() == 0
    assert len(report.lines[0].remarks) >= 5
    assert list(ArticlePage.objects.get().body) == []


def everything() -> str:
    """All that the database holds, as text."""
    out = io.StringIO()
    for model in apps.get_models(include_auto_created=True):
        for row in model._default_manager.values():
            out.write(repr(row))
    return out.getvalue()


def test_no_address_of_anybody_is_in_the_database_or_the_report(place: Place, tmp_path: Path) -> None:
    said = comment("A word") + comment("Spam", approved="spam", id="2")
    report = brought(
        place, export(tmp_path, item("A", extra=said, password="canarypassword"), item("B", number="11", name="b"))
    )
    report.write(tmp_path / "table.csv")
    kept = everything() + (tmp_path / "table.csv").read_text() + "\n".join(report.summary())
    assert "Orla Tavisk" in kept
    for canary in ("canary", "mail.example", "203.0.113.77", "plainlogin", "77001"):
        assert canary not in kept, canary
    assert (report.comments, report.comments_kept) == (1, 1)


def test_approved_comments_stand_under_their_articles(place: Place, tmp_path: Path) -> None:
    said = comment("First") + comment("Answer", id="2", parent="1") + comment("Deeper", id="3", parent="2")
    brought(place, export(tmp_path, item("A", extra=said)))
    kept = [(each.text, each.reply_to and each.reply_to.text, each.state) for each in Comment.objects.all()]
    assert kept == [("First", None, "shown"), ("Answer", "First", "shown"), ("Deeper", "First", "shown")]


def test_the_table_holds_no_formulas(place: Place, tmp_path: Path) -> None:
    report = brought(place, export(tmp_path, item("=HYPERLINK(1)")))
    report.write(tmp_path / "table.csv")
    rows = list(csv.DictReader((tmp_path / "table.csv").read_text(encoding="utf-8-sig").splitlines()))
    assert rows[0]["title"] == "'=HYPERLINK(1)"
    assert rows[0]["new address"] == "/fa/news/a-post/"


@pytest.fixture
def run(place: Place, monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setattr(command.django, "setup", lambda: None)
    return lambda *more: command.run(["import", *more, "--language", "fa", "--section", "news"])


def test_the_command(run: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = export(tmp_path, item("A"))
    assert run(str(path), "--site", "testserver:80") == 0
    assert "1 imported (published)" in capsys.readouterr().out
    assert run(str(path), "--site", "testserver:80") == 0
    assert sorted(each.name for each in tmp_path.glob("*.csv")) == ["export.import-2.csv", "export.import.csv"]


@pytest.mark.parametrize(
    ("more", "says"),
    [
        (["--site", "testserver"], "expected HOST:PORT"),
        (["--site", "testserver:80", "--media", "/nowhere/at/all"], "there is no such folder"),
        (["--site", "testserver:81"], "no such site"),
    ],
)
def test_the_command_says_what_is_wrong(run: Any, tmp_path: Path, capsys: Any, more: list[str], says: str) -> None:
    assert run(str(export(tmp_path, item("A"))), *more) == 2
    assert says in capsys.readouterr().err
    assert list(tmp_path.glob("*.csv")) == []
