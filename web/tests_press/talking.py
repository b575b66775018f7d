"""Readers who fill in forms, for tests."""

from __future__ import annotations

from html.parser import HTMLParser
from typing import Any

import pyrage
from captcha.models import CaptchaStore
from django.test import Client

from newsroom import article, section
from sanduq_web.press.models import Comment, CommentState

CANARY = "canary.of.nobody@reader.example"


class _Fields(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: dict[str, str] = {}
        self._area: str | None = None

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        given = dict(attributes)
        name = given.get("name")
        if name and tag == "input":
            self.found[name] = given.get("value") or ""
        elif name and tag == "textarea":
            self.found[name], self._area = "", name

    def handle_data(self, data: str) -> None:
        if self._area:
            self.found[self._area] += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea" and self._area:
            # A browser takes away the line break with which Django begins the text.
            self.found[self._area] = self.found[self._area].removeprefix("\r\n").removeprefix("\n")
            self._area = None


def fields(page: Any) -> dict[str, str]:
    """What a browser would send from a page, if nobody typed anything."""
    parser = _Fields()
    parser.feed(page.text)
    parser.found.pop("reference", None)
    parser.found.pop("q", None)
    return parser.found


def digits(key: str) -> str:
    """What is on a picture."""
    return str(CaptchaStore.objects.get(hashkey=key).response)


def solved(page: Any, **typed: str) -> dict[str, str]:
    """A page's form, filled in."""
    sent = fields(page) | typed
    return {"captcha_answer": digits(sent["captcha_key"])} | typed | {
        name: value for name, value in sent.items() if name != "captcha_answer"
    }  # fmt: skip


def send(client: Client, address: str, **typed: str) -> Any:
    """Open a form, fill it in rightly, send it."""
    return client.post(address, solved(client.get(address), **typed))


COMMENT = {"name": "Aylin", "email": CANARY, "text": "The lake was higher.\n\nI remember."}


def commented(client: Client, page: Any, language: str = "en", **typed: str) -> Any:
    """A comment that arrives."""
    answer = send(client, f"/{language}/comments/{page.pk}/", **(COMMENT | typed))
    assert answer.status_code == 303, answer.text
    return Comment.objects.order_by("-pk").first()


def shown(page: Any, name: str = "Aylin", text: str = "It was higher.", **more: Any) -> Comment:
    """A comment that is shown."""
    day = {"arrived_on": "2030-05-01", "state": CommentState.SHOWN} | more
    return Comment.objects.create(page=page, name=name, text=text, **day)


def keys() -> tuple[Any, list[str]]:
    """An identity, and the setting with its recipient."""
    identity = pyrage.x25519.Identity.generate()
    return identity, [str(identity.to_public())]


def an_article(language: str = "en", **more: Any) -> Any:
    """An article in a language."""
    return article(section(language), **more)
