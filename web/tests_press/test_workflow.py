"""Two pairs of eyes: nobody publishes what they worked on, by no way that the desk has."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.test import Client
from django.utils import timezone
from wagtail.models import GroupApprovalTask, GroupPagePermission, Page, PageLogEntry, WorkflowTask

from newsroom import approved, article, member, section, submitted, typed, written
from sanduq_web.press.desk.tick import tick
from sanduq_web.press.models import ArticlePage


def is_read(page: ArticlePage) -> bool:
    """Whether a reader gets it."""
    return Client().get(page.get_url()).status_code == 200


def fresh(page: ArticlePage) -> ArticlePage:
    """As the database has it now."""
    return ArticlePage.objects.get(pk=page.pk)


def test_an_editor_writes_and_an_approver_publishes(site: Any) -> None:
    here = section("en")
    ada, bob = member("Ada", "editor", ["en/news"]), member("Bob", "approver", ["en/news"])
    page = written(ada, here)
    assert not is_read(page)
    submitted(ada, page)
    assert "yours to approve" in bob.get("/desk/due/").text
    assert "yours to approve" not in ada.get("/desk/due/").text
    approved(bob, page)
    assert is_read(page)


@pytest.mark.parametrize("role", ["editor", "approver", "administrator"])
def test_nobody_approves_what_they_wrote(site: Any, role: str) -> None:
    here = section("en")
    ada = member("Ada", role, ["en"] if role != "administrator" else [])
    page = written(ada, here)
    submitted(ada, page)
    assert approved(ada, page).status_code == 302
    again = {"action-workflow-action": "1", "workflow-action-name": "approve"}
    ada.post(f"/desk/pages/{page.pk}/edit/", typed() | again)
    assert not is_read(page)
    assert fresh(page).current_workflow_state is not None


def test_an_approver_who_changes_a_word_is_a_writer(site: Any) -> None:
    here = section("en")
    ada, bob, eve = (member(name, role, ["en"]) for name, role in (("Ada", "editor"), ("Bob", "approver"), ("Eve", "approver")))
    page = written(ada, here)
    submitted(ada, page)
    with_a_word = typed(title="The lake falls") | {"action-workflow-action": "1", "workflow-action-name": "approve"}
    bob.post(f"/desk/pages/{page.pk}/edit/", with_a_word)
    assert not is_read(page)
    approved(bob, page)
    assert not is_read(page)
    # What is before the approvers is the version that was submitted: approved, it brings the newer one before them.
    approved(eve, page)
    assert not is_read(page)
    approved(bob, fresh(page))
    assert not is_read(page)
    approved(eve, fresh(page))
    assert "The lake falls" in Client().get(fresh(page).get_url()).text


def test_what_was_submitted_is_not_saved_over(site: Any) -> None:
    here = section("en")
    ada, bob = member("Ada", "approver", ["en"]), member("Bob", "approver", ["en"])
    page = written(ada, here)
    submitted(ada, page)
    # As her browser does by itself, while Bob reads.
    over = typed(title="Not what Bob read") | {"overwrite_revision_id": str(fresh(page).latest_revision_id)}
    ada.post(f"/desk/pages/{page.pk}/edit/", over)
    approved(bob, page)
    assert not is_read(page)
    approved(bob, fresh(page))
    assert is_read(page)


def test_a_workflow_without_a_second_pair_of_eyes_publishes_nothing(site: Any) -> None:
    here, boss = section("en"), member("Boss", "administrator", [])
    mine = GroupApprovalTask.objects.create(name="Mine")
    mine.groups.add(Group.objects.create(name="Mine"))
    WorkflowTask.objects.update(task=mine)
    page = written(boss, here)
    submitted(boss, page)
    approved(boss, page)
    assert not is_read(page)


def test_after_publication_it_begins_anew(site: Any) -> None:
    here = section("en")
    ada, bob, eve = (member(name, role, ["en"]) for name, role in (("Ada", "approver"), ("Bob", "approver"), ("Eve", "editor")))
    page = written(ada, here)
    submitted(ada, page)
    approved(bob, page)
    submitted(eve, fresh(page), title="The lake stands")
    approved(ada, fresh(page))
    assert "The lake stands" in Client().get(fresh(page).get_url()).text


def test_approvers_have_their_sections(site: Any) -> None:
    section("en", title="Research", slug="research")
    ada, bob = member("Ada", "editor", ["en/news"] if section("en") else []), member("Bob", "approver", ["en/research"])
    page = written(ada, section_of("news"))
    submitted(ada, page)
    assert approved(bob, page).status_code == 302
    assert not is_read(page)


def section_of(slug: str) -> Any:
    """A section that is there."""
    return Page.objects.get(slug=slug).specific


def test_no_button_address_or_bulk_publishes(site: Any) -> None:
    boss = member("Boss", "administrator", [])
    page = written(boss, section("en"))
    edit = boss.get(f"/desk/pages/{page.pk}/edit/").text
    assert 'name="action-publish"' not in edit
    ways = [
        (f"/desk/pages/{page.pk}/edit/", typed() | {"action-publish": "1"}),
        (f"/desk/pages/add/press/articlepage/{page.get_parent().pk}/", typed(slug="two") | {"action-publish": "1"}),
        (f"/desk/bulk/wagtailcore/page/publish/?next=/desk/&id={page.pk}", {}),
        (f"/desk/api/main/pages/{page.pk}/action/publish/", {}),
        (f"/desk/pages/{page.pk}/copy/", {"new_title": "x", "new_slug": "x", "new_parent_page": page.get_parent().pk}
         | {"publish_copies": "on"}),
    ]  # fmt: skip
    for address, given in ways:
        answer = boss.post(address, given)
        assert answer.status_code in (302, 403), address
    assert ArticlePage.objects.filter(live=True).count() == 0
    assert not GroupPagePermission.objects.filter(permission__codename="publish_page").exists()


def test_publishing_alone_is_an_administrator_s_and_is_written_down(site: Any) -> None:
    boss, ada = member("Boss", "administrator", []), member("Ada", "approver", ["en"])
    page = written(ada, section("en"))
    assert ada.post(f"/desk/alone/{page.pk}/", {"reason": "I may"}).status_code == 302
    assert boss.post(f"/desk/alone/{page.pk}/", {"reason": ""}).status_code == 200
    assert not is_read(page)
    boss.post(f"/desk/alone/{page.pk}/", {"reason": "Both approvers are away."})
    assert is_read(page)
    for address in (f"/desk/pages/{page.pk}/history/", "/desk/due/"):
        shown = ada.get(address).text
        assert "Published WITHOUT a second pair of eyes: Both approvers are away." in shown
        assert "Boss" in shown


def test_withdrawing_takes_one_approver_and_a_reason(site: Any) -> None:
    page = article(section("en"))
    ada, bob, eve = member("Ada", "editor", ["en"]), member("Bob", "approver", ["en"]), member("Eve", "approver", ["fa"])
    boss = member("Boss", "administrator", [])
    for client in (ada, eve):
        client.post(f"/desk/withdraw/{page.pk}/", {"reason": "I want it."})
    bob.post(f"/desk/withdraw/{page.pk}/", {"reason": ""})
    boss.post(f"/desk/pages/{page.pk}/unpublish/")
    assert is_read(page)
    bob.post(f"/desk/withdraw/{page.pk}/", {"reason": "It names a child."})
    assert not is_read(page)
    assert "Withdrawn: It names a child." in ada.get(f"/desk/pages/{page.pk}/history/").text


def test_an_approved_text_appears_and_disappears_by_the_clock(site: Any) -> None:
    ada, bob = member("Ada", "editor", ["en"]), member("Bob", "approver", ["en"])
    page = written(ada, section("en"))
    soon = timezone.now() + timedelta(days=1)
    later = soon + timedelta(days=1)
    times = {"go_live_at": f"{soon:%Y-%m-%d %H:%M}", "expire_at": f"{later:%Y-%m-%d %H:%M}"}
    submitted(ada, page, **times)
    approved(bob, page)
    tick()
    assert not is_read(page)
    shown = ada.get("/desk/due/").text
    assert f"{soon:%Y-%m-%d}" in shown
    assert "appears" in shown
    revision = fresh(page).scheduled_revision
    revision.approved_go_live_at -= timedelta(days=2)
    revision.content["go_live_at"] = None
    revision.save()
    tick()
    assert is_read(page)
    assert "disappears" in ada.get("/desk/due/").text
    ArticlePage.objects.filter(pk=page.pk).update(expire_at=timezone.now() - timedelta(minutes=1))
    tick()
    assert not is_read(page)


def test_what_is_due_is_that_of_one_s_sections(site: Any) -> None:
    ada, eve = member("Ada", "editor", ["en"]), member("Eve", "editor", ["fa"])
    page = written(ada, section("en"), title="A secret of the English desk")
    submitted(ada, page, title="A secret of the English desk")
    assert "A secret of the English desk" in ada.get("/desk/due/").text
    assert "A secret of the English desk" not in eve.get("/desk/due/").text


def test_versions_can_be_compared(site: Any) -> None:
    ada = member("Ada", "editor", ["en"])
    page = written(ada, section("en"))
    ada.post(f"/desk/pages/{page.pk}/edit/", typed(text="<p>By another hand.</p>"))
    first, second = fresh(page).revisions.order_by("created_at")
    shown = ada.get(f"/desk/pages/{page.pk}/revisions/compare/{first.pk}...{second.pk}/").text
    assert '<span class="addition">another</span>' in shown or "addition" in shown


def test_wagtail_s_own_groups_and_workflow_are_gone(site: Any) -> None:
    ada, bob = member("Ada", "editor", ["en"]), member("Bob", "approver", ["en"])
    page = written(ada, section("en"))
    assert page.get_workflow().name == "Two pairs of eyes"
    assert page.owner is None
    assert PageLogEntry.objects.filter(page=page.pk).count() >= 1
    assert bob.get(f"/desk/pages/{page.pk}/edit/").status_code == 200
