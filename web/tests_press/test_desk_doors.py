"""Every address of the desk, Wagtail's among them: nobody gets in, and no account reads of what is another desk's."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.files.base import ContentFile
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from wagtail.models import Collection

from newsroom import article, member, picture, section, submitted, written
from sanduq_web.press.models import ArticlePage, Byline, Comment, Enquiry, PressDocument
from sanduq_web.press.talk.actions import today

SECRET = "Zanbaq"
TEXT: dict[str, Any] = {"title": f"{SECRET} rises", "summary": SECRET, "text": f"<p>{SECRET}</p>", "topics": SECRET}
WRITER = "zeynab-writes"
OPEN = {"/desk/login/"}


def patterns(resolver: Any, before: str = "") -> Iterator[str]:
    """The patterns of all addresses."""
    for each in resolver.url_patterns:
        if isinstance(each, URLResolver):
            yield from patterns(each, before + str(each.pattern))
        elif isinstance(each, URLPattern):
            yield before + str(each.pattern)


@pytest.fixture
def addresses(site: Any) -> list[str]:
    """All of the desk's, each about something that is there: a text of the English desk, and all that hangs on it."""
    here = section("en")
    ada = member(WRITER, "editor", ["en/news"])
    page = written(ada, here, **TEXT)
    submitted(ada, page, **TEXT)
    page = ArticlePage.objects.get(pk=page.pk)
    folder = Collection.objects.get(name="en/news")
    image = picture(title=SECRET, description=SECRET, collection=folder)
    document = PressDocument.objects.create(title=SECRET, file=ContentFile(b"x", "a.txt"), collection=folder)
    enquiry = Enquiry.objects.create(reference_hash="x", sealed=b"x", language="en", arrived_on=today(), question=SECRET)
    known = article(here, "Known")
    comment = Comment.objects.create(page=known, name=SECRET, text="x", email_sealed=b"x", arrived_on=today())
    byline = Byline.objects.create(kind="pseudonym", name="Heron")
    state: Any = page.current_workflow_task_state
    user = User.objects.get(username=WRITER)
    numbers = {
        "page_id": page.pk, "page_pk": page.pk, "page_to_move_id": page.pk, "parent_page_id": here.pk,
        "destination_id": here.pk, "action_name": "approve", "task_state_id": state.pk, "task_id": state.task_id,
        "workflow_state_id": state.workflow_state_id, "workflow_pk": state.workflow_state.workflow_id,
        "revision_id": page.latest_revision_id, "collection_id": folder.pk,
        "document_id": document.pk, "doc_id": document.pk, "image_id": image.pk, "filter_spec": "max-100x100",
        "number": comment.pk, "app_label": "wagtailcore", "model_name": "page", "action": "delete", "object_id": page.pk,
        "content_type_app_name": "press", "content_type_model_name": "articlepage", "app_name": "taggit",
    }  # fmt: skip
    kinds: dict[str, Any] = {
        "byline": byline, "enquiry": enquiry, "/users": user, "/groups": user.groups.get(), "images": image,
        "documents": document, "collections": folder, "tasks": state.task, "workflows": state.workflow_state.workflow,
    }  # fmt: skip

    def filled(pattern: str) -> str:
        about = next((thing for name, thing in kinds.items() if name in pattern), page)
        text = re.sub(r"\(\\d\+\)(?=/revisions)", str(page.pk), pattern).replace("(.*)", "x").replace("$", "").replace("^", "")
        text = re.sub(r"\(live\|[^)]*\)", "latest", text).replace("\\.", ".")
        text = text.replace("(?:[0-9]+/)?", "1/").replace("[0-9]+", str(image.pk))
        text = re.sub(r"\((?:\?:)?(\w+)\|[^)]*\)", r"\1", text)
        return "/" + re.sub(r"<(?:\w+:)?(\w+)>", lambda one: str(numbers.get(one[1], about.pk)), text)

    found = {filled(each) for each in patterns(get_resolver()) if each.startswith("desk/") and "^.*/" not in each}
    more = [
        f"choose-page/?page_type=press.articlepage&parent={here.pk}", f"choose-page/search/?q={SECRET[:4]}",
        f"choose-page/chosen-multiple/?id={page.pk}", f"tag-autocomplete/?term={SECRET[:3]}", f"pages/search/?q={SECRET[:4]}",
        f"images/chooser/chosen-multiple/?id={image.pk}", f"documents/chooser/chosen-multiple/?id={document.pk}",
        f"bulk/wagtailcore/page/delete/?id={page.pk}", "bulk/wagtailcore/page/delete/?id=all",
        "bulk/wagtailimages/image/delete/?id=all", f"bulk/wagtailcore/page/move/?id={page.pk}",
        f"bulk/auth/user/delete/?id={user.pk}", f"api/main/pages/?child_of={here.pk}",
    ]  # fmt: skip
    return sorted(found - {"/desk/logout/"} | {f"/desk/{each}" for each in more})


def test_nobody_gets_in(addresses: list[str]) -> None:
    assert len(addresses) > 230
    nobody = Client()
    for address in addresses:
        for ask in (nobody.get, nobody.post):
            answer: Any = ask(address)
            inside = answer.status_code not in (302, 403) or SECRET in answer.text
            elsewhere = answer.status_code == 302 and not answer.headers["Location"].startswith("/desk/login/?next=")
            assert address in OPEN or not (inside or elsewhere), (address, answer.status_code)


WHO = {
    "editor of another section": ("editor", ["fa/news"], set()),
    "moderator": ("moderator", [], {"/desk/talk/comments/"}),
    "spokesperson": ("spokesperson", [], {"/desk/snippets/press/enquiry/edit/"}),
}


@pytest.mark.parametrize("who", WHO)
def test_no_account_reads_of_another_desk_s_drafts(addresses: list[str], who: str) -> None:
    role, sections, theirs = WHO[who]
    section("fa")
    client = member("Eve", role, sections)
    client.raise_request_exception = False
    told = set()
    for address in addresses:
        answer: Any = client.get(address)
        text = "" if answer.streaming else answer.text
        # (Editors know each other by account: Wagtail's filters have all of them.)
        if SECRET in text or (WRITER in text and role != "editor"):
            told.add(re.sub(r"\d+/$", "", address))
        assert answer.status_code < 500, address
    assert told == theirs


def test_links_lead_to_what_readers_have_and_to_drafts_of_one_s_own(addresses: list[str]) -> None:
    here = ArticlePage.objects.get(title="Known").get_parent()
    for name, sections, mine in (("Bob", ["en"], True), ("Eve", ["fa"], False)):
        shown = member(name, "editor", sections).get(f"/desk/choose-page/{here.pk}/").text
        assert "Known" in shown
        assert (SECRET in shown) == mine


def test_topics_are_completed_once_readers_know_them(site: Any) -> None:
    page = article(section("en"))
    page.topics.add("Lakes")
    page.save_revision().publish()
    assert member("Eve", "editor", ["fa"]).get("/desk/tag-autocomplete/?term=La").json() == ["Lakes"]


def test_what_is_ticked_is_deleted_with_one_s_own_pages_only(site: Any) -> None:
    mine, other = section("fa"), section("en")
    pages = [written(member(name, "editor", [where]), here, slug=name)
             for name, where, here in (("Eve", "fa", mine), ("Ada", "en", other))]  # fmt: skip
    eve = member("Eve2", "editor", ["fa"])
    ids = "&".join(f"id={each.pk}" for each in pages)
    assert eve.post(f"/desk/bulk/wagtailcore/page/delete/?{ids}&next=/desk/").status_code == 302
    assert ArticlePage.objects.get() == pages[1]
