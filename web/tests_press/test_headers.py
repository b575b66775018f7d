"""What stands on every answer; and that the desk's pages run no script but their own."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.test import Client
from pyrage import x25519
from wagtail.models import Collection, CollectionViewRestriction

import papers
from newsroom import article, member, section, typed
from sanduq_web.press.models import PressDocument


def policy(answer: Any) -> dict[str, str]:
    """Its content security policy, by directive."""
    parts = [each.strip().partition(" ") for each in answer.headers["Content-Security-Policy"].split(";")]
    return {name: value for name, _, value in parts}


def test_readers_get_what_a_secret_landing_page_would(site: Any, reader: Client) -> None:
    page = article(section("en"))
    for address in ("/en/", page.get_url(), "/en/search/?q=lake", "/en/nothing/", "/"):
        answer = reader.get(address)
        told = policy(answer)
        assert told["default-src"] == told["base-uri"] == told["frame-ancestors"] == "'none'"
        assert {value for name, value in told.items() if name.endswith("-src")} == {"'none'", "'self'"}
        assert answer.headers["Referrer-Policy"] == "no-referrer"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["X-Frame-Options"] == "DENY"
        assert answer.headers["Cross-Origin-Opener-Policy"] == "same-origin"
        assert "camera=()" in answer.headers["Permissions-Policy"]
        assert "Server" not in answer.headers


def test_the_desk_runs_no_script_that_is_not_its_own(site: Any) -> None:
    page = article(section("en"))
    boss = member("Boss", "administrator", [])
    for address in (
        "/desk/",
        f"/desk/pages/{page.pk}/edit/",
        "/desk/images/add/",
        "/desk/users/",
        "/desk/due/",
        "/desk/account/",
    ):
        answer = boss.get(address)
        told = policy(answer)
        nonce = re.fullmatch(r"'self' 'nonce-([\w-]{20,})'", told["script-src"])
        assert nonce is not None, told
        assert told["frame-ancestors"] == told["form-action"] == told["connect-src"] == "'self'"
        assert answer.headers["Cache-Control"] == "no-store"
        for script in re.findall(r"<script(?![^>]*\bsrc=)([^>]*)>", answer.text):
            harmless = re.search(r'type="(?:application|text)/(?:json|django-form-template)"', script)
            assert harmless or f'nonce="{nonce[1]}"' in script, (address, script)
        assert not re.search(r"\son(?:click|load|change|error|submit)=", answer.text)
        assert not re.search(r'(?:src|action|<link[^>]* href)="(?:https?:)?//', answer.text)
    assert policy(boss.get("/desk/"))["script-src"] != told["script-src"]


def test_a_document_is_saved_not_shown(site: Any, reader: Client) -> None:
    made = PressDocument.objects.create(title="Levels", file=ContentFile(papers.docx(), name="levels.docx"))
    answer = reader.get(made.url)
    assert answer.headers["Content-Disposition"].startswith("attachment;")
    assert policy(answer)["sandbox"] == ""
    assert reader.get(f"/documents/{made.pk}/levels.docx").status_code == 404
    assert reader.get(f"/media/{made.file.name}").status_code == 404


def test_the_onion_address_is_told(site: Any, reader: Client, settings: Any) -> None:
    assert "Onion-Location" not in reader.get("/en/").headers
    settings.SANDUQ_PRESS_ONION = "http://lake.onion"
    assert reader.get("/en/?page=1").headers["Onion-Location"] == "http://lake.onion/en/?page=1"
    assert "Onion-Location" not in reader.get("/desk/login/").headers


def test_https_is_insisted_on(site: Any, reader: Client, settings: Any) -> None:
    settings.SANDUQ_PRESS_HTTPS = True
    assert reader.get("/en/").headers["Strict-Transport-Security"] == "max-age=63072000"


@pytest.mark.long
def test_django_finds_nothing_to_say_of_a_deployment() -> None:
    given = os.environ | {"SANDUQ_PRESS_HTTPS": "1", "DJANGO_SETTINGS_MODULE": "sanduq_web.press.settings"}
    recipient = str(x25519.Identity.generate().to_public())
    given |= {f"SANDUQ_PRESS_{name}": recipient for name in ("MODERATORS", "DESK", "LIST")}
    given |= {"SANDUQ_PRESS_SMTP": "smtp://localhost:25", "SANDUQ_PRESS_MAIL_FROM": "letters@press.example"}
    command = [sys.executable, "-m", "django", "check", "--deploy", "--fail-level", "DEBUG"]
    said = subprocess.run(command, env=given, capture_output=True, text=True, check=False)
    assert (said.returncode, "no issues (2 silenced)" in said.stdout) == (0, True), said.stderr


@pytest.mark.parametrize(
    "address", ["/api/v2/pages/", "/desk/userbar/", "/admin/", "/django-admin/", "/cms/", "/en/?preview=1"]
)
def test_what_is_not_needed_is_not_there(site: Any, reader: Client, address: str) -> None:
    answer = reader.get(address)
    assert answer.status_code in (200, 302, 404)
    assert "wagtail" not in answer.text.lower()


@pytest.mark.parametrize(
    "address",
    ["/en/_util/login/", "/en/_util/authenticate_with_password/1/1/", "/documents/authenticate_with_password/1/"],
)
def test_readers_have_no_log_in(site: Any, reader: Client, address: str) -> None:
    """Wagtail has one, at which anybody could try the desk's passwords as often as they like."""
    member("Ada", "editor", ["en"])
    guess = {"username": "Ada", "password": "a guess"}
    for answer, status in ((reader.get(address, follow=True), {404}), (reader.post(address, guess, follow=True), {404, 405})):
        assert answer.status_code in status
        assert not answer.cookies


@pytest.mark.parametrize("kind", ["login", "password", "groups"])
def test_a_document_for_some_is_not_there(site: Any, reader: Client, kind: str) -> None:
    paper = PressDocument.objects.create(title="Levels", file=ContentFile(b"a,b\n", "levels.csv"))
    assert reader.get(paper.url).status_code == 200
    inner = Collection.get_first_root_node().add_child(name="Inner")
    CollectionViewRestriction.objects.create(collection=inner, restriction_type=kind, password="x")
    paper.collection = inner
    paper.save()
    assert reader.get(paper.url).status_code == 404


@pytest.mark.parametrize("where", ["original_images", "documents"])
def test_a_picture_s_address_leads_to_no_other_folder(site: Any, reader: Client, media: Path, where: str) -> None:
    (media / where).mkdir(parents=True, exist_ok=True)
    (media / where / "a.txt").write_text("SECRET")
    for address in (
        f"/media/images/../{where}/a.txt",
        f"/media/images/%2e%2e/{where}/a.txt",
        f"/media/images//../{where}/a.txt",
    ):
        assert reader.get(address).status_code == 404, address


def test_what_the_desk_tells_goes_to_the_desk_only(site: Any) -> None:
    here = section("en")
    answer = member("Ada", "editor", ["en"]).post(f"/desk/pages/add/press/articlepage/{here.pk}/", typed())
    assert answer.cookies["messages"].value
    assert {each["path"] for each in answer.cookies.values()} == {"/desk/"}


def test_a_post_without_our_token_changes_nothing(site: Any) -> None:
    strict = Client(enforce_csrf_checks=True)
    assert strict.post("/desk/login/", {"username": "a", "password": "b"}).status_code == 403


def test_too_much_is_not_taken(site: Any) -> None:
    ada = member("Ada", "editor", ["en"])
    assert ada.post("/desk/account/", {"a": "x" * (3 << 20)}).status_code == 400
    assert ada.post("/desk/account/", {f"a{number}": "x" for number in range(2100)}).status_code == 400
