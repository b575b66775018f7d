"""Who wrote under a pseudonym cannot be got: not from a page, name, picture, log or revision, nor from any table."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.core.files.base import ContentFile
from django.core.serializers import serialize
from django.db import connection
from django.test import Client
from wagtail.admin.models import FormState
from wagtail.models import ModelLogEntry, PageLogEntry, PageSubscription, Revision

import papers
from newsroom import approved, member, section, submitted, typed, typed_chapter, typed_publication, written
from sanduq_web.press.desk.pseudonyms import persons_in
from sanduq_web.press.models import ArticlePage, Byline, ChapterPage, PressImage, PublicationPage

PERSON = "zeynab-the-person"
HIDDEN = "A lake that nobody may write of"


@pytest.fixture
def pseudonym(db: None) -> Byline:
    """A name under which somebody writes."""
    return Byline.objects.create(kind="pseudonym", name="Heron")


@pytest.fixture
def named(db: None) -> Byline:
    """A person who signs."""
    return Byline.objects.create(kind="named", name="Ada of the Lake")


def rows_beside(person: User) -> list[str]:
    """Every row of the database that names an account, but those that are the account."""
    found = []
    own = {"auth_user", "press_account", "auth_user_groups", "otp_totp_totpdevice", "otp_static_staticdevice", "django_session",
           "wagtailusers_userprofile"}  # fmt: skip
    with connection.cursor() as cursor:
        for table in set(connection.introspection.table_names(cursor)) - own:
            columns = [each.name for each in connection.introspection.get_table_description(cursor, table)]
            links = connection.introspection.get_relations(cursor, table)
            to_users = [column for column, (_other, there) in links.items() if there == "auth_user"]
            cursor.execute(f'SELECT * FROM "{table}"')
            for row in cursor.fetchall():
                told = dict(zip(columns, row, strict=True))
                if any(told[column] == person.pk for column in to_users) or PERSON in str(row):
                    found.append(f"{table}: {told}")
    return found


def test_a_person_s_account_files_nothing_under_a_pseudonym(site: Any, pseudonym: Byline) -> None:
    here = section("en")
    ada = member(PERSON, "editor", ["en"])
    answer = ada.post(f"/desk/pages/add/press/articlepage/{here.pk}/", typed(title=HIDDEN, bylines=[pseudonym]))
    assert answer.status_code == 200
    assert "filed by a desk account" in answer.text
    assert HIDDEN in answer.text  # what was typed is still there
    assert ArticlePage.objects.count() == 0
    assert rows_beside(User.objects.get(username=PERSON)) == []


def test_nor_is_what_a_person_typed_for_a_preview_kept(site: Any, pseudonym: Byline) -> None:
    here = section("en")
    ada = member(PERSON, "editor", ["en"])
    there = f"/desk/pages/add/press/articlepage/{here.pk}/preview/"
    ada.post(there, typed(title=HIDDEN))
    assert FormState.objects.count() == 1
    ada.post(there, typed(title=HIDDEN, bylines=[pseudonym]))
    assert FormState.objects.count() == 0
    ada.post(there, typed(title="Of the weather"))
    ada.post("/desk/logout/")
    assert FormState.objects.count() == 0


def test_a_draft_that_was_begun_by_a_person_does_not_become_a_pseudonym_s(site: Any, pseudonym: Byline) -> None:
    here = section("en")
    ada, desk = member(PERSON, "editor", ["en"]), member("desk", "editor", ["en"], shared=True)
    page = written(ada, here, title=HIDDEN)
    for client, why in ((ada, "filed by a desk account"), (desk, "begun under a personal account")):
        answer = client.post(f"/desk/pages/{page.pk}/edit/", typed(title=HIDDEN, bylines=[pseudonym]))
        assert why in answer.text
    assert "Heron" not in json.dumps([each.content for each in Revision.objects.all()])
    # As the desk, anew; and the draft goes, with its history.
    other = written(desk, here, title=HIDDEN, slug="anew", bylines=[pseudonym])
    assert ada.post(f"/desk/pages/{page.pk}/delete/").status_code == 302
    assert rows_beside(User.objects.get(username=PERSON)) == []
    assert ArticlePage.objects.get() == other


@pytest.mark.parametrize("way", ["copy", "translation"])
def test_neither_do_its_copies_and_translations(site: Any, pseudonym: Byline, way: str) -> None:
    here, there = section("en"), section("fa")
    ada, desk = member(PERSON, "editor", ["en"]), member("desk", "editor", ["en", "fa"], shared=True)
    page = written(ada, here)
    user = User.objects.get(username="desk")
    if way == "copy":
        desk.post(f"/desk/pages/{page.pk}/copy/", {"new_title": "x", "new_slug": "x", "new_parent_page": here.pk})
        copied = ArticlePage.objects.exclude(pk=page.pk).get()
    else:
        there.translation_key = here.translation_key
        there.save()
        copied = page.copy_for_translation(there.locale)
    copied = ArticlePage.objects.get(pk=copied.pk)
    copied.bylines.add(copied.bylines.model(byline=pseudonym))
    with pytest.raises(PermissionDenied, match="begun under a personal account"):
        copied.save_revision(user=user)


def test_a_person_s_account_does_not_touch_what_the_desk_filed(site: Any, pseudonym: Byline) -> None:
    here = section("en")
    ada, desk = member(PERSON, "editor", ["en"]), member("desk", "editor", ["en"], shared=True)
    boss = member("boss", "administrator", [])
    page = written(desk, here, bylines=[pseudonym])
    other = section("en", title="Research", slug="research")
    for client in (ada, boss):
        assert client.get(f"/desk/pages/{page.pk}/edit/").status_code == 302
        client.post(f"/desk/pages/{page.pk}/edit/", typed(title="Mine", bylines=[]))
        client.post(f"/desk/pages/{page.pk}/copy/", {"new_title": "x", "new_slug": "x", "new_parent_page": here.pk})
        client.post(f"/desk/pages/{page.pk}/move/{other.pk}/confirm/")
    assert ArticlePage.objects.get().title == page.title
    assert rows_beside(User.objects.get(username=PERSON)) == []
    with pytest.raises(PermissionDenied):
        page.save_revision(user=User.objects.get(username=PERSON))


def test_a_pseudonym_that_is_taken_off_stays_the_desk_s(site: Any, pseudonym: Byline, named: Byline) -> None:
    here = section("en")
    ada, desk = member(PERSON, "editor", ["en"]), member("desk", "editor", ["en"], shared=True)
    page = written(desk, here, bylines=[pseudonym])
    desk.post(f"/desk/pages/{page.pk}/edit/", typed(bylines=[named]))
    assert ada.get(f"/desk/pages/{page.pk}/edit/").status_code == 302


def test_a_publication_and_its_chapters_are_the_desk_s_too(site: Any, pseudonym: Byline) -> None:
    here = section("en")
    ada, desk = member(PERSON, "editor", ["en"]), member("desk", "editor", ["en"], shared=True)
    begin = f"/desk/pages/add/press/publicationpage/{here.pk}/"
    assert "filed by a desk account" in ada.post(begin, typed_publication(bylines=[pseudonym])).text
    desk.post(begin, typed_publication(bylines=[pseudonym]))
    book = PublicationPage.objects.get()
    chapter = f"/desk/pages/add/press/chapterpage/{book.pk}/"
    assert ada.get(chapter).status_code == ada.post(chapter, typed_chapter(slug="one")).status_code == 302
    assert ChapterPage.objects.count() == 0
    desk.post(chapter, typed_chapter(slug="one"))
    ada.post(f"/desk/pages/{ChapterPage.objects.get().pk}/edit/", typed_chapter(slug="one", title="Mine"))
    assert rows_beside(User.objects.get(username=PERSON)) == []


def test_a_publication_with_a_person_s_chapter_gets_no_pseudonym(site: Any, pseudonym: Byline) -> None:
    here = section("en")
    ada, desk = member(PERSON, "editor", ["en"]), member("desk", "editor", ["en"], shared=True)
    for slug in ("a", "b"):
        desk.post(
            f"/desk/pages/add/press/publicationpage/{here.pk}/",
            typed_publication(slug=slug, bylines=[pseudonym] if slug == "b" else []),
        )
    book, other = PublicationPage.objects.order_by("slug")
    ada.post(f"/desk/pages/add/press/chapterpage/{book.pk}/", typed_chapter(slug="one"))
    chapter = ChapterPage.objects.get()
    answer = desk.post(f"/desk/pages/{book.pk}/edit/", typed_publication(slug="a", bylines=[pseudonym]))
    assert "begun under a personal account" in answer.text
    desk.post(f"/desk/pages/{chapter.pk}/move/{other.pk}/confirm/")
    assert ChapterPage.objects.get().get_parent().pk == book.pk
    assert chapter.owner is None


def test_an_administrator_begins_no_translation_of_it(site: Any, pseudonym: Byline) -> None:
    here, there = section("en"), section("fa")
    type(there).objects.filter(pk=there.pk).update(translation_key=here.translation_key)
    desk, boss = member("desk", "editor", ["en"], shared=True), member(PERSON, "administrator", [])
    for slug, byline in (("a", [pseudonym]), ("b", [])):
        page = written(desk, here, slug=slug, bylines=byline)
        given = {"locales": [there.locale_id], "include_subtree": ""}
        assert boss.post(f"/desk/translation/submit/page/{page.pk}/", given).status_code == 302
    assert ArticlePage.objects.filter(locale=there.locale).count() == 1
    assert not persons_in(ArticlePage.objects.get(slug="a"))


def test_the_desk_goes_on_with_what_was_scheduled_or_renamed(site: Any, pseudonym: Byline) -> None:
    here = section("en")
    desk, bob = member("desk", "editor", ["en"], shared=True), member("bob", "approver", ["en"])
    page = written(desk, here, bylines=[pseudonym])
    for title in ("A lake", "Another lake"):
        submitted(desk, page, bylines=[pseudonym], title=title)
        approved(bob, ArticlePage.objects.get(pk=page.pk))
    submitted(desk, page, bylines=[pseudonym], go_live_at="2099-01-01 10:00")
    approved(bob, ArticlePage.objects.get(pk=page.pk))
    assert {"wagtail.rename", "wagtail.publish.schedule"} <= {each.action for each in PageLogEntry.objects.filter(page=page.pk)}
    assert not persons_in(ArticlePage.objects.get(pk=page.pk))


def test_no_byline_is_a_pseudonym_for_some_time_only(site: Any, pseudonym: Byline, named: Byline) -> None:
    bob = member(PERSON, "approver", ["en"])
    written(bob, section("en"), bylines=[named])
    for byline, kind, why in ((pseudonym, "desk", "stays one"), (named, "pseudonym", "filed by accounts of persons")):
        given = {"kind": kind, "name": byline.name, "office": "", "about": "", "photo": ""}
        assert why in bob.post(f"/desk/snippets/press/byline/edit/{byline.pk}/", given).text
    unused = Byline.objects.create(kind="desk", name="Egret")
    bob.post(f"/desk/snippets/press/byline/edit/{unused.pk}/", given | {"name": "Egret"})
    assert Byline.objects.get(pk=unused.pk).is_pseudonym


def test_under_one_s_own_name_everybody_writes(site: Any, named: Byline) -> None:
    page = written(member(PERSON, "editor", ["en"]), section("en"), bylines=[named])
    assert page.get_latest_revision().user.username == PERSON


def test_whoever_made_a_picture_or_a_pseudonym_is_not_kept(site: Any) -> None:
    ada = member(PERSON, "approver", ["en"])
    given = {"description": "A lake.", "credit": "By a hand."}
    ada.post("/desk/images/add/", given | {"file": ContentFile(papers.picture(), name=f"{PERSON}.jpg")})
    [image] = PressImage.objects.all()
    ada.post(f"/desk/images/{image.pk}/", given | {"title": "A lake", "collection": image.collection_id})
    ada.post("/desk/documents/add/", {"title": "Levels", "file": ContentFile(papers.docx(), name=f"{PERSON}.docx")})
    made = ada.post(
        "/desk/snippets/press/byline/add/", {"kind": "pseudonym", "name": "Heron", "office": "", "about": "", "photo": ""}
    )
    assert made.status_code == 302, made.text
    assert ModelLogEntry.objects.filter(content_type__app_label="press").count() >= 4
    assert rows_beside(User.objects.get(username=PERSON)) == []


def test_nobody_finds_the_person(site: Any, pseudonym: Byline, media: Path) -> None:
    """The whole way: a person looks, uploads and leaves; the desk files; an approver publishes; then everything is searched."""
    here = section("en")
    ada, desk, bob = (
        member(PERSON, "editor", ["en"]),
        member("desk", "editor", ["en"], shared=True),
        member("bob", "approver", ["en"]),
    )
    for address in ("/desk/", f"/desk/pages/add/press/articlepage/{here.pk}/", "/desk/images/", "/desk/due/"):
        assert ada.get(address).status_code == 200
    photo = {"description": "A lake.", "credit": "Heron", "file": ContentFile(papers.picture(), name=f"{PERSON}.jpg")}
    ada.post("/desk/images/add/", photo)
    [image] = PressImage.objects.all()
    page = written(desk, here, title=HIDDEN, bylines=[pseudonym], picture=image.pk)
    ada.get(f"/desk/pages/{page.pk}/edit/")
    submitted(desk, page, title=HIDDEN, bylines=[pseudonym], picture=image.pk)
    bob.get(f"/desk/pages/{page.pk}/edit/")
    approved(bob, page)
    assert rows_beside(User.objects.get(username=PERSON)) == []
    assert PageSubscription.objects.count() == 0
    assert {each.user.username for each in PageLogEntry.objects.filter(page=page.pk)} == {"desk", "bob"}
    shown = bob.get(f"/desk/pages/{page.pk}/history/").text + bob.get("/desk/reports/site-history/").text
    reader = Client()
    pages = ["/en/", "/en/news/", page.get_url(), "/en/search/?q=lake"]
    shown += "".join(reader.get(address).text for address in pages)
    assert HIDDEN in shown
    shown += serialize("json", Revision.objects.all()) + serialize("json", ArticlePage.objects.all())
    for path in media.rglob("*"):
        shown += path.name + (path.read_bytes().decode("latin-1") if path.is_file() else "")
    assert PERSON not in shown.replace("filter", "")
    assert b"Canary" not in shown.encode()
