"""The office: who gets in, who sees what, what needs two persons; most of it about refusals."""

from __future__ import annotations

import json
import re
from datetime import timedelta
from hashlib import sha256
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from django.utils import timezone
from django_otp.plugins.otp_totp.models import TOTPDevice

from rig import PASSWORD, Person, Staff, code, person, signed_in, staff
from sanduq import errors
from sanduq_web.console.middleware import _HALFWAY, _OPEN
from sanduq_web.console.office import actions
from sanduq_web.console.office.api import acts, journal
from sanduq_web.console.office.deeds import KNOWN, Deed
from sanduq_web.console.office.models import Act, Invitation, Officer, Post, Proposal, Role, Vote

OWN = {"votes", "own"}
"""Addresses of everybody who is in, which show one's own alone."""


def addresses(patterns: Any = None, before: str = "") -> list[tuple[str, URLPattern]]:
    """All addresses of the console."""
    found: list[tuple[str, URLPattern]] = []
    for each in patterns if patterns is not None else get_resolver().url_patterns:
        at = before + str(each.pattern)
        if isinstance(each, URLResolver):
            found += addresses(each.url_patterns, at)
        else:
            found.append((at, each))
    return found


def filled(at: str, vote: UUID) -> str:
    """An address with something in the place of each argument."""
    values = {"vote": str(vote), "of": str(vote), "int": "1", "str": "x", "slug": "x", "uuid": str(uuid4()), "anchor": "0" * 64}
    path = re.sub(r"<(\w+):(\w+)>", lambda match: values.get(match[2], values.get(match[1], "x")), at)
    return f"/{path}"


def test_every_screen_names_its_roles() -> None:
    nameless = [
        at for at, each in addresses()
        if each.name not in _OPEN | _HALFWAY | OWN and not getattr(each.callback, "roles", None)
    ]  # fmt: skip
    assert nameless == []


@pytest.mark.django_db
def test_nobody_gets_in_without_both_factors(people: Staff) -> None:
    half = Client()
    half.force_login(people.commission.user)
    for at, each in addresses():
        if each.name in _OPEN:
            continue
        path = filled(at, people.vote.pk)
        for browser, door in ((Client(), "/login/"), (half, "/second/")):
            if each.name in _HALFWAY and browser is half:
                continue
            told = browser.get(path)
            if path.endswith(("/ceremony/state", "/ceremony/message")):
                assert told.status_code == browser.post(path).status_code == 401, path
                continue
            assert told.status_code == 302 and door in told["Location"], path
            assert browser.post(path).status_code == 403, path


@pytest.mark.django_db
def test_each_role_sees_its_own_screens_and_nobody_anothers_vote(people: Staff) -> None:
    other = staff("Another")
    for at, each in addresses():
        roles = getattr(each.callback, "roles", None)
        if roles is None:
            continue
        for who in people.all:
            is_there = who.browser.get(filled(at, people.vote.pk)).status_code
            allowed = Role(who.post.role) in roles and ("<uuid:vote>" in at) != (who is people.operator)
            if not allowed:
                assert is_there == 404, (at, who)
                assert who.browser.post(filled(at, people.vote.pk)).status_code in (404, 405), (at, who)
            if "<uuid:vote>" in at:
                assert who.browser.get(filled(at, other.vote.pk)).status_code == 404, (at, who)
                assert who.browser.post(filled(at, other.vote.pk)).status_code in (404, 405), (at, who)


@pytest.mark.django_db
def test_a_form_from_elsewhere_does_nothing(people: Staff) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = people.commission.browser.cookies
    told = strict.post(f"/en/{people.of('people/')}", {"do": "end", "number": people.observer.post.pk})
    assert told.status_code == 403
    assert Post.objects.get(pk=people.observer.post.pk).ended_at is None
    assert strict.post("/en/login/", {"email": "a@example.org", "password": "x"}).status_code == 403


@pytest.mark.django_db
def test_from_invitation_to_second_factor() -> None:
    vote = actions.make_vote(None, "The bridge")
    _made, token = actions.invite(None, "New.Officer@Example.org", "New Officer", Role.COMMISSION, vote)
    browser = Client()
    assert b'name="password"' in browser.post("/en/invitation/", {"invitation": token}).content
    weak = browser.post("/en/invitation/", {"invitation": token, "password": "password1234"}).content
    assert b"too common" in weak and not User.objects.exists()
    told = browser.post("/en/invitation/", {"invitation": token, "password": PASSWORD})
    assert told["Location"] == "/en/enrol/"
    before = browser.session.session_key
    assert browser.get("/en/").status_code == 302, "a password alone opens nothing"
    page = browser.get("/en/enrol/").content.decode()
    assert "<svg" in page
    user = User.objects.get(username="new.officer@example.org")
    assert b"wrong" in browser.post("/en/enrol/", {"code": "000000"}).content
    codes = browser.post("/en/enrol/", {"code": code(user)}).content.decode()
    assert codes.count("<li><code") == 10
    assert browser.session.session_key != before, "a session key that somebody planted is worth nothing"
    assert b"The bridge" in browser.get("/en/").content
    # Used once; whoever has it now gets nothing.
    assert b"was used" in Client().post("/en/invitation/", {"invitation": token}).content
    assert token not in "".join(str(each.__dict__) for each in Invitation.objects.all())
    assert browser.get("/en/enrol/")["Location"] == "/en/second/", "a second enrolment would need no second factor"


@pytest.mark.django_db
def test_an_invitation_that_is_over_withdrawn_or_anothers(people: Staff) -> None:
    made, token = actions.invite(people.commission.desk, "x@example.org", "X", Role.OBSERVER, people.vote)
    with pytest.raises(errors.Unusable, match="another address"):
        actions.take_up(token, None, people.trustee.user)
    actions.withdraw_invitation(people.commission.desk, made.pk)
    with pytest.raises(errors.Unusable, match="is over"):
        actions.take_up(token, PASSWORD, None)
    made, token = actions.invite(people.commission.desk, "x@example.org", "X", Role.OBSERVER, people.vote)
    Invitation.objects.filter(pk=made.pk).update(until=timezone.now() - timedelta(seconds=1))
    with pytest.raises(errors.Unusable, match="is over"):
        actions.take_up(token, PASSWORD, None)
    with pytest.raises(errors.Unusable, match="a role here already"):
        actions.invite(people.commission.desk, people.observer.user.username, "X", Role.TRUSTEE, people.vote)
    for bad in ("", "x", "a b@example.org", "x@example.org\nBcc: y@example.org"):
        with pytest.raises(errors.Unusable, match="e-mail"):
            actions.invite(people.commission.desk, bad, "X", Role.TRUSTEE, people.vote)
    for bad in ("", " ", "x" * 121, "a\nb", "\u202eevil"):
        with pytest.raises(errors.Unusable, match="name"):
            actions.invite(people.commission.desk, "y@example.org", bad, Role.TRUSTEE, people.vote)


@pytest.mark.django_db
def test_sign_in_and_the_wait_after_wrong_passwords(people: Staff) -> None:
    name, user = people.observer.user.username, people.observer.user
    browser = Client()
    for typed in ({"email": name, "password": "wrong"}, {"email": "nobody@example.org", "password": PASSWORD}):
        told = browser.post("/en/login/", typed)
        assert told.status_code == 200 and b"wrong" in told.content
    # Right, but too early; the code lets its owner in at once, and a guess with it does not.
    assert browser.post("/en/login/", {"email": name, "password": PASSWORD}).status_code == 200
    assert browser.post("/en/login/", {"email": name, "password": "wrong", "code": code(user)}).status_code == 200
    told = browser.post("/en/login/", {"email": name.upper(), "password": PASSWORD, "code": code(user)})
    assert told["Location"] == "/en/"
    Officer.objects.update(wrong=0, wrong_at=None)
    other = Client()
    told = other.post("/en/login/", {"email": name, "password": PASSWORD, "next": "//evil.example/"})
    assert told["Location"] == "/en/second/"
    assert other.get("/en/").status_code == 302
    good = code(user)
    assert other.post("/en/second/", {"code": good})["Location"] == "/en/", "no address elsewhere"
    third = Client()
    third.post("/en/login/", {"email": name, "password": PASSWORD})
    assert b"was used already" in third.post("/en/second/", {"code": good}).content


@pytest.mark.django_db
def test_a_session_ends(people: Staff) -> None:
    who = people.observer
    session = who.browser.session
    session["seen"] = session["begun"] = 1
    session.save()
    assert "/login/" in who.browser.get("/en/")["Location"]
    # Whose post is ended is out at once, in every browser.
    first, second = people.commission, people.second
    first.post_to(people.of("people/"), {"do": "end", "number": people.trustee.post.pk, "code": first.code()})
    assert people.trustee.browser.get("/en/").status_code == 200, "one alone ends nobody's role"
    by_two(people, second)
    assert "/login/" in people.trustee.browser.get("/en/")["Location"]
    with pytest.raises(errors.Unusable, match="by two others"):
        actions.propose(first.desk, "end-post", {"post": first.post.pk})
    for number in (people.operator.post.pk, people.trustee.post.pk, 10**9):
        with pytest.raises(errors.Unusable, match="no such post"):
            actions.propose(first.desk, "end-post", {"post": number})
    third = person(Role.COMMISSION, people.vote)
    made = actions.propose(first.desk, "end-post", {"post": second.post.pk})
    with pytest.raises(errors.Unusable, match="by two others"):
        actions.confirm(second.desk, made.pk, made.sha256)
    actions.confirm(third.desk, made.pk, made.sha256)


@pytest.mark.django_db
@pytest.mark.parametrize("role", [Role.COMMISSION, Role.SUPERVISOR, Role.REGISTRAR, Role.TRUSTEE])
def test_whom_one_invites_can_do_nothing_before_two_admit_them(people: Staff, role: Role) -> None:
    first, second = people.commission, people.second
    _made, token = actions.invite(first.desk, "self@example.org", "A second self", role, people.vote)
    post = actions.take_up(token, PASSWORD, None)
    TOTPDevice.objects.create(user=post.officer.user, name="telephone", confirmed=True)
    guest = Person(post, signed_in(post.officer.user))
    made = actions.propose(first.desk, "end-post", {"post": people.observer.post.pk})
    for path in ("", "people/", "acts/", f"proposals/{made.pk}/"):
        told = guest.post_to(people.of(path), {"sha256": made.sha256, "code": guest.code()})
        assert told.status_code in (403, 404, 405) and guest.get(people.of(path)).status_code in (403, 404), path
    assert b"have admitted you" in guest.get(people.of()).content
    actions.withdraw(first.desk, made.pk)
    first.post_to(people.of("people/"), {"do": "admit", "code": first.code()})
    assert b"A second self" in second.get(people.of(f"proposals/{Proposal.objects.latest('pk').pk}/")).content
    by_two(people, second)
    assert guest.get(people.of()).status_code == 200
    with pytest.raises(errors.Unusable, match="no such post"):
        actions.propose(first.desk, "admit", {"posts": [post.pk]})
    with pytest.raises(errors.Unusable, match="no such post"):
        actions.propose(first.desk, "admit", {"posts": []})


@pytest.mark.django_db
def test_an_observer_needs_no_admission(people: Staff) -> None:
    _made, token = actions.invite(people.commission.desk, "o@example.org", "O", Role.OBSERVER, people.vote)
    assert actions.take_up(token, PASSWORD, None).admitted


def by_two(people: Staff, second: Person) -> None:
    """What was proposed last is confirmed by another person."""
    made = Proposal.objects.filter(vote=people.vote, done_at=None, withdrawn_at=None).latest("pk")
    told = second.post_to(people.of(f"proposals/{made.pk}/"), {"sha256": made.sha256, "code": second.code()})
    assert b"Done." in told.content


@pytest.mark.django_db
def test_another_password_and_new_codes(people: Staff) -> None:
    who = people.observer
    wrong = who.post_to("account/", {"do": "password", "old": "no", "password": "another long password"})
    assert b"not your password" in wrong.content
    who.post_to("account/", {"do": "password", "old": PASSWORD, "password": "another long password"})
    who.user.refresh_from_db()
    assert who.user.check_password("another long password") and who.browser.get("/en/").status_code == 200
    assert b"code is wrong" in who.post_to("account/", {"do": "codes", "code": "123456"}).content
    assert who.post_to("account/", {"do": "codes", "code": who.code()}).content.count(b"<li><code") == 10
    again = actions.begin_again(who.user.username)
    assert "/login/" in who.browser.get("/en/")["Location"] and not TOTPDevice.objects.filter(user=who.user).exists()
    assert again not in journal(people.vote).decode()


@pytest.mark.django_db
def test_the_journal_is_a_chain_without_addresses(people: Staff) -> None:
    lines = journal(people.vote).splitlines()
    assert len(lines) > 10
    parent = None
    for height, line in enumerate(lines):
        told = json.loads(line)
        assert (told["height"], told["parent"]) == (height, parent)
        parent = sha256(line).hexdigest()
    assert b"@" not in journal(people.vote) + journal(None)
    assert people.observer.get(people.of("acts.jsonl")).content == journal(people.vote)
    assert people.observer.get(people.of("acts/")).status_code == 200
    assert Act.objects.filter(vote=None).exists()


@pytest.fixture
def deed(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    done: list[Any] = []

    def check(vote: Any, payload: Any) -> None:
        if done:
            raise errors.Unusable("it was done")

    made = Deed("test", "A test", Role.COMMISSION, check, lambda vote, payload, now: done.append(payload) or {"so": "it is"})
    monkeypatch.setitem(KNOWN, "test", made)
    return done


@pytest.mark.django_db
def test_what_cannot_be_undone_needs_two_persons_and_a_code(people: Staff, deed: list[Any]) -> None:
    first, second = people.commission, people.second
    made = actions.propose(first.desk, "test", {"x": 1})
    at = people.of(f"proposals/{made.pk}/")
    with pytest.raises(errors.Unusable, match="already"):
        actions.propose(second.desk, "test", {"x": 2})
    told = {"sha256": made.sha256, "code": first.code()}
    assert b"another person" in first.post_to(at, told).content
    assert b"code is wrong" in second.post_to(at, {"sha256": made.sha256, "code": "000000"}).content
    assert b"not what was proposed" in second.post_to(at, {"sha256": "0" * 64, "code": second.code()}).content
    for who in (people.observer, people.trustee, people.registrar, people.supervisor):
        assert who.post_to(at, {"sha256": made.sha256, "code": who.code()}).status_code == 404
    assert deed == []
    assert b"Done." in second.post_to(at, {"sha256": made.sha256, "code": second.code()}).content
    assert deed == [{"x": 1}]
    # The same form again.
    assert b"nothing to confirm" in second.post_to(at, {"sha256": made.sha256, "code": second.code()}).content
    assert deed == [{"x": 1}]
    with pytest.raises(errors.Unusable, match="it was done"):
        actions.propose(first.desk, "test", {"x": 1})
    assert [each["act"] for each in acts(people.vote)][-2:] == ["proposed", "done"]


@pytest.mark.django_db
def test_a_proposal_is_withdrawn_by_its_role_and_ends_with_its_post_or_time(people: Staff, deed: list[Any]) -> None:
    made = actions.propose(people.commission.desk, "test", {})
    with pytest.raises(errors.Unusable, match="not yours"):
        actions.withdraw(people.observer.desk, made.pk)
    people.second.post_to(people.of(f"proposals/{made.pk}/"), {"do": "withdraw"})
    with pytest.raises(errors.Unusable, match="nothing to confirm"):
        actions.confirm(people.second.desk, made.pk, made.sha256)
    made = actions.propose(people.commission.desk, "test", {})
    actions.end_post(people.vote, people.commission.post.pk)
    with pytest.raises(errors.Unusable, match="nothing to confirm"):
        actions.confirm(people.second.desk, made.pk, made.sha256)
    third = person(Role.COMMISSION, people.vote)
    made = actions.propose(third.desk, "test", {})
    Proposal.objects.filter(pk=made.pk).update(at=timezone.now() - timedelta(days=8))
    with pytest.raises(errors.Unusable, match="nothing to confirm"):
        actions.confirm(people.second.desk, made.pk, made.sha256)
    with pytest.raises(errors.Unusable, match="for the commission"):
        actions.propose(people.observer.desk, "test", {})
    with pytest.raises(errors.Unusable, match="no deed"):
        actions.propose(people.second.desk, "anything", {})
    assert deed == []


@pytest.mark.django_db
def test_the_operator_begins_a_commission_and_sees_no_more(people: Staff) -> None:
    operator = people.operator
    told = operator.post_to(f"operator/{people.vote.pk}/", {"name": "Third", "email": "t@example.org", "role": "commission"})
    assert b"has its commission" in told.content
    assert not Invitation.objects.filter(email="t@example.org").exists()
    assert b"The new road" in operator.post_to("operator/", {"name": "The new road"}).content
    assert operator.get(people.of()).status_code == 404
    # What it does for a vote stands in that vote's journal, under its name.
    vote = Vote.objects.get(name="The new road")
    operator.post_to(f"operator/{vote.pk}/", {"name": "First", "email": "f@example.org", "role": "commission"})
    told = [(each["act"], each["by"]["name"]) for each in acts(vote)]
    assert told == [("vote-made", operator.post.officer.name), ("invited", operator.post.officer.name)]


def test_pages_are_plain(people: Staff) -> None:
    told = people.commission.get(people.of())
    assert told["Cache-Control"] == "no-store" and "script-src 'self'" in told["Content-Security-Policy"]
    assert told["X-Frame-Options"] == "DENY"
    cookies: Any = people.commission.browser.cookies
    assert set(cookies) <= {"console", "csrf", "messages"}
    fresh = Client().get("/en/login/")
    assert fresh.cookies["csrf"]["samesite"] == "Strict" and fresh.cookies["csrf"]["httponly"]


def test_someone_else_is_named(people: Staff) -> None:
    assert isinstance(people.second, Person)
    assert people.second.desk.officer != people.commission.desk.officer
