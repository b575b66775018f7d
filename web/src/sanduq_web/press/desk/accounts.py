"""Accounts, groups, sections: verbs. An account has a name and a role; no e-mail, no address."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from typing import Any, Final, NamedTuple

from django.contrib.auth.models import Group, Permission, User
from django.contrib.sessions.models import Session
from django.db import transaction
from django_otp.plugins.otp_static.models import StaticDevice
from django_otp.plugins.otp_totp.models import TOTPDevice
from wagtail.models import (
    Collection,
    GroupCollectionPermission,
    GroupPagePermission,
    Page,
    Workflow,
    WorkflowPage,
    WorkflowTask,
)

from sanduq import errors
from sanduq_web.press.models import SectionPage
from sanduq_web.press.models.accounts import Account, account_of
from sanduq_web.press.models.workflow import SecondPair

ROLES: Final = ("editor", "approver", "moderator", "spokesperson", "administrator")
_IN_SECTIONS: Final = ("editor", "approver")
_WORKFLOW: Final = "Two pairs of eyes"
_MEDIA: Final = (("wagtailimages", "image"), ("wagtaildocs", "document"))
# Beside what they do with pages and media of their sections; other parts of the desk add theirs here.
PERMISSIONS: Final[dict[str, list[str]]] = {
    "editor": ["wagtailadmin.access_admin"],
    "approver": [
        "wagtailadmin.access_admin",
        "press.approve_pages",
        *(f"press.{verb}_{kind}" for verb in ("add", "change", "view") for kind in ("byline", "signingkey")),
        *(f"press.{verb}_cosignature" for verb in ("change", "view")),
    ],
    "moderator": ["wagtailadmin.access_admin", "press.change_comment"],
    "spokesperson": ["wagtailadmin.access_admin", "press.change_enquiry", "press.view_enquiry"],
}


class Made(NamedTuple):
    """A new account, and the password with which its owner begins."""

    user: User
    password: str


@transaction.atomic
def make_desk() -> Workflow:
    """The workflow for all pages of all sites, in place of Wagtail's own, whose groups may publish alone."""
    for name in ("Moderators", "Editors"):
        Group.objects.filter(name=name, user__isnull=True).delete()
    workflow, _ = Workflow.objects.get_or_create(name=_WORKFLOW, defaults={"active": True})
    if not workflow.workflow_tasks.exists():
        task = SecondPair.objects.first() or SecondPair.objects.create(name="Second pair of eyes")
        WorkflowTask.objects.create(workflow=workflow, task=task, sort_order=0)
    Workflow.objects.exclude(pk=workflow.pk).update(active=False)
    WorkflowPage.objects.exclude(workflow=workflow).delete()
    root = Page.get_first_root_node() or Page.add_root(title="Root", slug="root")
    WorkflowPage.objects.update_or_create(page=root, defaults={"workflow": workflow})
    return workflow


def sections_named(names: Sequence[str]) -> list[Any]:
    """Pages for names such as ``en/news``; ``en`` is the whole tree of a language.

    Raises :class:`sanduq.errors.Unusable` for a name that is none.
    """
    found = []
    for name in names:
        language, _, slug = name.strip("/").partition("/")
        pages = Page.objects.filter(locale__language_code=language)
        pages = pages.type(SectionPage).filter(slug=slug) if slug else pages.filter(depth=2)
        if not pages.exists():
            known = [f"{each.locale.language_code}/{each.slug}" for each in SectionPage.objects.select_related("locale")]
            raise errors.Unusable(f"there is no section {name}", hint=f"sections: {', '.join(known) or 'none yet'}")
        found += list(pages)
    return found


@transaction.atomic
def group_of(role: str, page: Any) -> Group:
    """The group of a role in a section: its pages, and the section's own collection of pictures and documents."""
    where = page.locale.language_code + ("" if page.depth == 2 else f"/{page.slug}")
    group, _ = Group.objects.get_or_create(name=f"{role} {where}")
    group.permissions.set([_permission(each) for each in PERMISSIONS[role]])
    for codename in ("add_page", "change_page"):
        GroupPagePermission.objects.get_or_create(group=group, page=page, permission=_permission(f"wagtailcore.{codename}"))
    collection = Collection.objects.filter(name=where).first()
    collection = collection or Collection.get_first_root_node().add_child(name=where)
    for app, kind in _MEDIA:
        for verb in ("add", "change", "choose"):
            permission = _permission(f"{app}.{verb}_{kind}")
            GroupCollectionPermission.objects.get_or_create(group=group, collection=collection, permission=permission)
    return group


def _groups(role: str, sections: Sequence[str]) -> list[Group]:
    if role in _IN_SECTIONS:
        return [group_of(role, page) for page in sections_named(sections)]
    if role == "administrator":
        return []
    group, _ = Group.objects.get_or_create(name=role)
    group.permissions.set([_permission(each) for each in PERMISSIONS[role]])
    return [group]


def _permission(name: str) -> Permission:
    app, _, codename = name.partition(".")
    return Permission.objects.get(content_type__app_label=app, codename=codename)


@transaction.atomic
def make_account(name: str, role: str, sections: Sequence[str] = (), *, shared: bool = False) -> Made:
    """An account with a first password, which holds for three days and is changed at the first log-in.

    Raises :class:`sanduq.errors.Unusable` for a name that is taken, a role or section that is none.
    """
    if role not in ROLES:
        raise errors.Unusable(f"role {role}: expected one of {', '.join(ROLES)}")
    if User.objects.filter(username__iexact=name).exists():
        raise errors.Unusable(f"there is an account {name}", hint="with --again it gets a new first password")
    if role in _IN_SECTIONS and not sections:
        raise errors.Unusable("in which sections?", hint="--sections en/news,fa/news; --sections en for all of a language")
    if shared and role == "administrator":
        raise errors.Unusable("an administrator is one person: what administrators do is written down by name")
    make_desk()
    password = secrets.token_urlsafe(15)
    user = User.objects.create_user(name, password=password)
    user.is_superuser = role == "administrator"
    user.save()
    user.groups.set(_groups(role, sections))
    account = Account(user=user, shared=shared)
    account.begins_anew()
    account.save()
    return Made(user, password)


@transaction.atomic
def begin_again(name: str) -> Made:
    """A new first password; the second factor is forgotten, and the account is logged out everywhere."""
    user = User.objects.filter(username=name).first()
    if user is None:
        raise errors.Unusable(f"there is no account {name}")
    password = secrets.token_urlsafe(15)
    user.set_password(password)
    user.save()
    begins_anew(user)
    return Made(user, password)


def begins_anew(user: Any) -> None:
    """The account's password is a first one from now on, it has no second factor, and no session of it goes on."""
    TOTPDevice.objects.filter(user=user).delete()
    StaticDevice.objects.filter(user=user).delete()
    account = account_of(user)
    account.begins_anew()
    account.save()
    log_out_everywhere(user)


def log_out_everywhere(user: Any) -> None:
    """No session of a user goes on. (A new password ends them too; this also takes the rows away.)"""
    for session in Session.objects.all():
        if session.get_decoded().get("_auth_user_id") == str(user.pk):
            session.delete()
