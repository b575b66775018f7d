"""HTML from elsewhere: nothing of it runs, nothing of it is fetched, and links carry nothing along."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from django.test import Client
from django.utils.html import escape

from newsroom import article, member, section, typed, written
from sanduq_web.press.clean import clean_html, is_safe_link

PAYLOADS = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<svg/onload=alert(1)>",
    "<svg><script>alert(1)</script></svg>",
    "<math><mtext><table><mglyph><style><!--</style><img title='--&gt;&lt;img src=1 onerror=alert(1)&gt;'>",
    "<a href='javascript:alert(1)'>x</a>",
    "<a href='jAvAsCrIpT:alert(1)'>x</a>",
    "<a href='java\tscript:alert(1)'>x</a>",
    "<a href='&#106;avascript:alert(1)'>x</a>",
    "<a href='data:text/html,<script>alert(1)</script>'>x</a>",
    "<a href='vbscript:x'>x</a>",
    "<iframe srcdoc='<script>alert(1)</script>'></iframe>",
    "<object data='javascript:alert(1)'></object><embed src=//evil.example>",
    "<form action=//evil.example><input name=q><button>x</button></form>",
    "<p style='background:url(//evil.example)' onclick=alert(1)>x</p>",
    "<link rel=stylesheet href=//evil.example><meta http-equiv=refresh content='0;//evil.example'>",
    "<base href=//evil.example>",
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'>",
    "<template><img src=x onerror=alert(1)></template>",
    "<video src=//evil.example><track src=//evil.example></video>",
    "<p id=location name=cookie class=x>x</p>",
    "<!--[if IE]><script>alert(1)</script><![endif]-->",
    "<textarea></textarea><img src=x onerror=alert(1)></textarea>",
]
_ALIVE = re.compile(r"<(?!/?(?:a|b|p|em|strong|br)\b)|\son\w+\s*=|script:|data:|src=|style=|id=|class=|evil", re.IGNORECASE)


@pytest.mark.parametrize("payload", PAYLOADS)
def test_nothing_runs_and_nothing_is_fetched(payload: str) -> None:
    clean = clean_html(f"<p>before</p>{payload}")
    assert _ALIVE.search(clean) is None, clean
    assert "before" in clean
    assert clean_html(clean) == clean


def test_text_keeps_its_form() -> None:
    text = '<h2>Göl</h2><p lang="fa" dir="rtl">دریاچه <strong>پایین</strong></p><ul><li>a</li></ul>'
    assert clean_html(text) == text


def test_links_tell_nothing() -> None:
    clean = clean_html('<a href="https://lake.example/?a=1&amp;b=2" target="_blank" ping="//evil.example">x</a>')
    assert clean == '<a href="https://lake.example/?a=1&amp;b=2" rel="noopener noreferrer">x</a>'


@pytest.mark.parametrize(
    ("address", "safe"),
    [
        ("https://lake.example/", True), ("mailto:desk@lake.example", True), ("/en/news/", True), ("#top", True),
        ("javascript:alert(1)", False), (" java\nscript:alert(1)", False), ("data:text/html,x", False),
        ("//evil.example", False), ("https:", False), ("http://[", False),
        ("vbscript:x", False), ("file:///etc/passwd", False), ("x", False),
    ],
)  # fmt: skip
def test_where_a_page_may_link(address: str, safe: bool) -> None:
    assert is_safe_link(address) is safe


def linked(address: str) -> str:
    """What the editor's script sends of a link."""
    part = {"offset": 0, "length": 5, "key": 0}
    block = {"key": "a", "text": "there", "type": "unstyled", "depth": 0, "inlineStyleRanges": [], "entityRanges": [part]}
    link = {"type": "LINK", "mutability": "MUTABLE", "data": {"url": address}}
    return json.dumps({"blocks": [block], "entityMap": {"0": link}})


@pytest.mark.parametrize("address", ["javascript:alert(1)", "data:text/html,<script>", "JaVaScript:alert(1)", "vbscript:x"])
def test_the_editor_takes_no_code(site: Any, reader: Client, address: str) -> None:
    here = section("en")
    # Stored by another way than the form: it is no link for readers all the same.
    page = article(here, text=f'<p><a href="{escape(address)}">there</a></p>')
    shown = reader.get(page.get_url()).text.lower()
    assert not any(each in shown for each in ("script:", "data:text"))
    assert ">there</a>" in shown
    from_the_form = written(member("Ada", "editor", ["en"]), here, draft=linked(address))
    from_the_form.get_latest_revision().publish()
    shown = reader.get(from_the_form.get_url()).text.lower()
    assert not any(each in shown for each in ("script:", "data:text"))
    assert ">there</a>" in shown


@pytest.mark.parametrize("address", ["javascript:alert(1)", "data:text/html,x"])
def test_an_address_in_a_field_is_one_of_the_web(site: Any, address: str) -> None:
    here = section("en")
    ada = member("Ada", "editor", ["en"])
    answer = ada.post(f"/desk/pages/add/press/articlepage/{here.pk}/", typed(republished_url=address) | {"action-submit": "1"})
    assert "Enter a valid URL" in answer.text


def test_a_link_to_elsewhere_tells_nothing(site: Any, reader: Client) -> None:
    page = article(
        section("en"), text='<p><a href="https://lake.example/">there</a> <a linktype="page" id="99999">gone</a></p>'
    )
    assert '<a href="https://lake.example/" rel="noopener noreferrer">there</a>' in reader.get(page.get_url()).text
