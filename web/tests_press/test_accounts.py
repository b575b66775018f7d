"""Accounts of the desk: a first password for one log-in, a second factor for every address, sessions that end."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import Group, User
from django.contrib.sessions.models import Session
from django.core import mail
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from django.utils import timezone
from django_otp.oath import totp
from django_otp.plugins.otp_static.models import StaticDevice
from django_otp.plugins.otp_totp.models import TOTPDevice

from newsroom import article, member, section
from sanduq import errors
from sanduq_web.press import command
from sanduq_web.press.desk.accounts import begin_again, make_account
from sanduq_web.press.desk.tick import tick

NEW = "a long new password 7"
OPEN = {"/desk/login/"}


def code(user: User) -> str:
    """What the telephone shows now."""
    device = TOTPDevice.objects.get(user=user)
    return str(totp(device.bin_key, device.step, device.t0, device.digits, device.drift)).zfill(6)


def log_in(client: Client, name: str, password: str) -> Any:
    """As somebody would."""
    return client.post("/desk/login/", {"username": name, "password": password})


def enrolled(name: str = "Ada") -> tuple[Client, User, list[str]]:
    """Somebody who has logged in for the first time; and the codes for emergencies."""
    made = make_account(name, "editor", ["en"])
    client = Client()
    assert log_in(client, name, made.password).headers["Location"] == "/desk/second/"
    assert client.get("/desk/second/").headers["Location"] == "/desk/enrol/"
    page = client.get("/desk/enrol/").text
    assert "<svg" in page
    answer = client.post("/desk/enrol/", {"new": NEW, "code": code(made.user)})
    return client, made.user, re.findall('<code dir="ltr">([a-z2-7]{8})</code>', answer.text)


def addresses(patterns: Any, before: str = "/desk/") -> Iterator[str]:
    """Every address of the desk, with something in place of what changes."""
    for each in patterns:
        route = str(each.pattern).lstrip("^").rstrip("$")
        route = re.sub(r"<(?:\w+:)?\w+>", "1", route)
        route = re.sub(r"\(\?P<\w+>[^)]*\)|\([^)]*\)", "1", route).replace("\\", "")
        if isinstance(each, URLResolver):
            yield from addresses(each.url_patterns, before + route)
        elif isinstance(each, URLPattern) and ".*" not in route:
            yield before + route


def all_addresses() -> list[str]:
    """Of all that is under the desk's path."""
    under = [each for each in get_resolver().url_patterns if str(each.pattern) == "desk/"]
    return sorted({address for each in under for address in addresses(each.url_patterns)})


def test_the_first_log_in_asks_for_a_password_and_a_second_factor(site: Any) -> None:
    client, user, codes = enrolled()
    assert len(codes) == 10
    assert client.get("/desk/").status_code == 200
    user.refresh_from_db()
    assert (user.check_password(NEW), user.email, user.last_login) == (True, "", None)


@pytest.mark.parametrize(
    ("new", "right", "why"),
    [
        (NEW, False, "The code is wrong"),
        ("short", True, "too short"),
        ("", True, "required"),
        ("first", True, "first password"),
    ],
)
def test_enrolment_that_is_not_complete(site: Any, new: str, right: bool, why: str) -> None:
    made = make_account("Ada", "editor", ["en"])
    client = Client()
    log_in(client, "Ada", made.password)
    client.get("/desk/enrol/")
    given = made.password if new == "first" else new
    answer = client.post("/desk/enrol/", {"new": given, "code": code(made.user) if right else "000000"})
    assert why in answer.text
    assert client.get("/desk/").headers["Location"].startswith("/desk/second/")


def test_no_address_of_the_desk_answers_somebody_who_is_not_logged_in_twice(site: Any) -> None:
    assert len(all_addresses()) > 200
    made = make_account("Ada", "administrator")
    half = Client()
    log_in(half, "Ada", made.password)
    for client, there, known in (
        (Client(), "/desk/login/", OPEN),
        (half, "/desk/second/", {*OPEN, "/desk/enrol/", "/desk/logout/"}),
    ):
        for address in set(all_addresses()) - known:
            answer = client.get(address)
            opened = address == "/desk/second/" and client is half
            assert opened or answer.headers["Location"].split("?")[0] == there, address
            assert opened or client.post(address).status_code == 403, address


def test_the_second_factor(site: Any) -> None:
    _client, user, codes = enrolled()
    other = Client()
    log_in(other, "Ada", NEW)
    TOTPDevice.objects.update(last_t=-1)
    for wrong in ("000000", "aaaaaaaa", "", code(user)[:5]):
        assert other.post("/desk/second/", {"code": wrong}).status_code == 200
        assert other.get("/desk/").status_code == 302
    # A stolen password cannot set up a second factor where there is one.
    assert other.get("/desk/enrol/").headers["Location"] == "/desk/second/"
    assert TOTPDevice.objects.filter(user=user).count() == 1
    StaticDevice.objects.update(throttling_failure_count=0, throttling_failure_timestamp=None)
    assert other.post("/desk/second/", {"code": codes[0].upper()}).headers["Location"] == "/desk/"
    assert other.get("/desk/").status_code == 200
    third = Client()
    log_in(third, "Ada", NEW)
    assert "used already" in third.post("/desk/second/", {"code": codes[0]}).text


def test_when_somebody_logged_in_last_is_not_kept(site: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    client, _user, _codes = enrolled()
    assert client.get("/desk/").status_code == 200
    assert TOTPDevice.objects.get().last_t > 0
    tick()
    assert TOTPDevice.objects.get().last_t > 0  # a code is good once
    later = timezone.now() + timedelta(minutes=3)
    monkeypatch.setattr(timezone, "now", lambda: later)
    tick()
    device = TOTPDevice.objects.get()
    assert (device.last_t, device.last_used_at, User.objects.get().last_login) == (-1, None, None)


def test_a_code_is_good_once_and_wrong_ones_make_it_wait(site: Any) -> None:
    client, user, _codes = enrolled()
    other = Client()
    log_in(other, "Ada", NEW)
    # The one with which somebody enrolled, seen over the shoulder.
    assert "used already" in other.post("/desk/second/", {"code": code(user)}).text
    TOTPDevice.objects.update(last_t=-1)
    for _try in range(3):
        other.post("/desk/second/", {"code": "000000"})
    TOTPDevice.objects.update(last_t=-1)
    assert "wait a minute" in other.post("/desk/second/", {"code": code(user)}).text
    assert client.get("/desk/").status_code == 200


def test_wrong_passwords_make_the_account_wait_and_nobody_learns_whether_there_is_one(site: Any) -> None:
    _client, user, _codes = enrolled()
    other = Client()
    answers = [log_in(other, name, "wrong").text for name in ("Ada", "Nobody")]
    assert re.sub("Ada|Nobody|csrf.*?>", "", answers[0]) == re.sub("Ada|Nobody|csrf.*?>", "", answers[1])
    user.account.refresh_from_db()
    assert user.account.wrong == 1
    for _try in range(3):
        user.account.wrong_at = None
        user.account.save()
        log_in(other, "Ada", "wrong")
        user.account.refresh_from_db()
    assert user.account.wrong == 4
    assert log_in(other, "Ada", NEW).status_code == 200  # right, but too early
    typed = {"username": "Ada", "password": NEW, "code": "000000"}
    assert other.post("/desk/login/", typed).status_code == 200
    TOTPDevice.objects.update(last_t=-1, throttling_failure_count=0)
    assert other.post("/desk/login/", typed | {"password": "wrong", "code": code(user)}).status_code == 200
    assert TOTPDevice.objects.get(user=user).throttling_failure_count == 0, "of a wrong password no code is tried"
    assert other.post("/desk/login/", typed | {"code": code(user)})["Location"] == "/desk/", "nobody keeps its owner out"
    assert other.get("/desk/").status_code == 200
    user.account.refresh_from_db()
    assert user.account.wrong == 0
    log_in(other := Client(), "Ada", "wrong")
    assert other.post("/desk/login/", typed | {"code": code(user)}).status_code == 200, "a code is good once"


def test_a_first_password_ends(site: Any) -> None:
    made = make_account("Ada", "editor", ["en"])
    made.user.account.first_password_until = "2020-01-01T00:00:00Z"
    made.user.account.save()
    assert log_in(Client(), "Ada", made.password).status_code == 200


def test_a_new_first_password_ends_everything_before(site: Any) -> None:
    client, user, _codes = enrolled()
    made = begin_again("Ada")
    assert client.get("/desk/").headers["Location"].startswith("/desk/login/")
    assert (Session.objects.count(), TOTPDevice.objects.count(), StaticDevice.objects.count()) == (0, 0, 0)
    assert log_in(client, "Ada", NEW).status_code == 200
    user.account.wrong_at = None
    user.account.save()
    assert log_in(client, "Ada", made.password).status_code == 302


@pytest.mark.parametrize(("setting", "key"), [("SESSION_COOKIE_AGE", "begun"), ("SANDUQ_PRESS_IDLE", "seen")])
def test_a_session_ends_by_its_age_and_when_nobody_is_there(site: Any, settings: Any, setting: str, key: str) -> None:
    client, _user, _codes = enrolled()
    session = client.session
    session[key] -= getattr(settings, setting) + 1
    session.save()
    assert client.get("/desk/").headers["Location"].startswith("/desk/login/")
    assert "_auth_user_id" not in client.session


def test_what_a_page_asks_by_itself_does_not_keep_a_session_open(site: Any) -> None:
    client, _user, _codes = enrolled()
    session = client.session
    session["seen"] -= 300
    session.save()
    client.post("/desk/editing-sessions/ping/press/articlepage/1/1/")
    assert client.session["seen"] == session["seen"]
    client.get("/desk/due/")
    assert client.session["seen"] > session["seen"]


def test_a_new_password_logs_out_everywhere_else(site: Any) -> None:
    client, _user, codes = enrolled()
    other = Client()
    log_in(other, "Ada", NEW)
    other.post("/desk/second/", {"code": codes[0]})
    assert other.get("/desk/").status_code == 200
    new = {"password-old_password": NEW, "password-new_password1": NEW + "x", "password-new_password2": NEW + "x"}
    forms = {"locale-preferred_language": "en", "theme-theme": "system", "theme-contrast": "system", "theme-density": "default"}
    answer = client.post("/desk/account/", new | forms)
    assert answer.status_code == 302, answer.text
    assert client.get("/desk/").status_code == 200
    assert other.get("/desk/").headers["Location"].startswith("/desk/login/")


def test_one_s_account_has_neither_face_nor_name_nor_mail(site: Any) -> None:
    page = member("Ada", "editor", ["en"]).get("/desk/account/").text
    assert not any(each in page for each in ("avatar-avatar", "name_email-", 'type="email"', "gravatar"))


def test_users_are_made_without_an_address(site: Any) -> None:
    boss = member("Boss", "administrator", [])
    page = boss.get("/desk/users/new/").text
    assert not any(f'name="{each}"' in page for each in ("email", "first_name", "last_name"))
    given = {"username": "Eve", "password1": NEW, "password2": NEW, "shared": "on"}
    assert boss.post("/desk/users/new/", given).status_code == 302
    eve = User.objects.get(username="Eve")
    assert (eve.email, eve.account.shared, eve.account.first_password_until is not None) == ("", True, True)
    # It does not become a person's afterwards.
    assert boss.post(f"/desk/users/edit/{eve.pk}/", {"username": "Eve", "is_active": "on"}).status_code == 302
    eve.account.refresh_from_db()
    assert eve.account.shared
    assert mail.outbox == []


@pytest.mark.parametrize("address", ["/desk/password_reset/", "/desk/password_reset/confirm/MQ/x/"])
def test_no_password_is_sent(site: Any, address: str) -> None:
    assert member("Ada", "administrator", []).get(address).status_code == 404


def test_the_interface_for_programs_only_reads(site: Any) -> None:
    page = article(section("en"))
    boss = member("Boss", "administrator", [])
    assert boss.post(f"/desk/api/main/pages/{page.pk}/action/unpublish/").status_code == 403
    page.refresh_from_db()
    assert page.live


def test_log_in_leads_nowhere_else(site: Any) -> None:
    made = make_account("Ada", "editor", ["en"])
    for there in ("https://evil.example/", "//evil.example/", "/en/", "javascript:alert(1)"):
        client = Client()
        client.post("/desk/login/", {"username": "Ada", "password": made.password, "next": there})
        assert client.session["after"] == "/desk/"


def test_editors_have_their_sections_and_no_others(site: Any) -> None:
    mine, other = section("en"), section("en", title="Research", slug="research")
    here, there = article(mine), article(other)
    ada = member("Ada", "editor", ["en/news"])
    assert ada.get(f"/desk/pages/{here.pk}/edit/").status_code == 200
    assert ada.get(f"/desk/pages/{there.pk}/edit/").status_code == 302
    assert ada.get(f"/desk/pages/add/press/articlepage/{other.pk}/").status_code == 302
    assert ada.get("/desk/users/").status_code == 302
    publishing = Group.objects.filter(page_permissions__permission__codename__in=["publish_page", "bulk_delete_page"])
    assert not publishing.exists()


@pytest.mark.parametrize(
    ("given", "why"),
    [
        (["Ada", "editor", ["en/nothing"]], "no section en/nothing"),
        (["Ada", "editor", []], "in which sections"),
        (["Ada", "chief", ["en"]], "expected one of"),
        (["BOB", "editor", ["en"]], "there is an account"),
    ],
)
def test_accounts_that_are_not_made(site: Any, given: list[Any], why: str) -> None:
    make_account("Bob", "editor", ["en"])
    with pytest.raises(errors.Unusable, match=why):
        make_account(*given)
    assert User.objects.filter(username="Ada").count() == 0


def test_an_administrator_is_one_person(site: Any) -> None:
    with pytest.raises(errors.Unusable, match="one person"):
        make_account("Ada", "administrator", shared=True)


def test_the_command_prints_the_password_once(site: Any, capsys: pytest.CaptureFixture[str]) -> None:
    assert command.run(["account", "Desk of news", "--role", "editor", "--sections", "en,fa", "--desk"]) == 0
    out, err = capsys.readouterr()
    password = re.search(r"password +(\S+)", out)
    assert password is not None
    assert err == ""
    assert log_in(Client(), "Desk of news", password[1]).status_code == 302
    assert command.run(["account", "Desk of news", "--sections", "en"]) == 2
    assert "there is an account Desk of news" in capsys.readouterr().err
    assert command.run(["account", "Desk of news", "--again"]) == 0


def test_several_processes_have_one_secret(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """Else an editor would be logged in at one of them only, and a picture to be read would differ from one to the next."""
    monkeypatch.delenv("SANDUQ_PRESS_SECRET", raising=False)
    assert command.run(["serve", "--processes", "2", "--port", "0"]) == 2
    assert "one secret" in capsys.readouterr().err
