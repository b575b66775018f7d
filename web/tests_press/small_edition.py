"""A small exported edition, made by hand: what the press site writes, without the press site."""

from __future__ import annotations

import io
from collections.abc import Mapping
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from PIL import Image

from sanduq.disc import SecretKey
from sanduq_web.disc import About, about
from sanduq_web.disc.books.compose import Book, compose, keys_of, plans

NAMES = {"en": "The Lake Courier", "fa": "پیک دریاچه", "azb": "گؤل خبرچیسی"}
HEADLINES = {"en": "The lake rises", "fa": "تراز دریاچه بالا آمد", "azb": "گؤلون سویو قالخدی"}
KEY = SecretKey("9CD2B455D92FF3C4", Ed25519PrivateKey.from_private_bytes(bytes(range(32))))
TABLE = """<div class="wide" role="region" tabindex="0"><table><caption>Birds</caption>
<thead><tr><th scope="col">Kind</th><th scope="col">this year</th></tr></thead>
<tbody><tr><td>Heron</td><td>52</td></tr></tbody></table></div>"""
PICTURE = (
    '<figure><img src="../../../media/images/lake.jpg" width="60" height="40" alt="A lake" loading="lazy">'
    "<figcaption>Seen</figcaption></figure>"
)


def picture(colour: str = "teal") -> bytes:
    """A small JPEG."""
    out = io.BytesIO()
    Image.new("RGB", (60, 40), colour).save(out, "JPEG")
    return out.getvalue()


def page(language: str, article: str, title: str = "x") -> str:
    """A whole page around an article."""
    direction = "ltr" if language == "en" else "rtl"
    return (
        f'<!DOCTYPE html><html lang="{language}" dir="{direction}"><head><title>{title}</title>'
        '<script src="x.js"></script></head><body>'
        f'<header class="top"><a class="name" href="../../index.html"><bdi>{NAMES[language]}</bdi></a></header>'
        f'<main id="main"><p class="when edition">Edition 3</p>\n{article}\n'
        '<aside class="related"><h2>Related</h2></aside></main></body></html>'
    )


def article(title: str, time: str, body: str = "<p>Text.</p>") -> str:
    """An article's own part of a page."""
    return (
        f'<article class="article">\n<header><p class="kicker">Lake</p><h1>{title}</h1>'
        f'<p class="bylines"><span class="byline"><bdi>Orla Tavisk</bdi></span></p>'
        f'<p class="when"><time datetime="{time}"><bdi>a day</bdi>, <bdi dir="ltr">17:20 UTC</bdi></time>'
        ' <a href="#corrections">corrected</a></p></header>'
        f'<p class="summary">In short.</p><div class="body">{body}</div>'
        '<section class="corrections" id="corrections"><h2 id="corrections-title">Corrections</h2><p>None.</p></section>'
        f'<details class="share"><summary>Short address</summary><img src="../../../a/q.svg" alt="QR"></details></article>'
    )


def letter(title: str) -> str:
    """A letter with a signature."""
    return (
        f'<article class="letter"><p class="kicker">Open letter</p><h1>{title}</h1><dl class="of-letter">'
        "<div><dt>To</dt><dd>The Ferry Company</dd></div>"
        '<div><dt>Date</dt><dd><time datetime="2026-11-20"><bdi>20</bdi></time></dd></div>'
        '<div><dt>Signatures</dt><dd><a href="#signatures">one</a></dd></div></dl><div class="text"><p>We ask.</p></div>'
        '<section id="signatures"><h2>Signatures</h2>'
        '<ol class="signatures"><li><p class="who"><b><bdi>Rowing Circle</bdi></b></p>'
        '<p class="key"><small>fingerprint <code dir="ltr">8ad1 2ea5</code></small></p></li></ol></section>'
        '<section class="invitation"><h2>Sign this letter</h2></section>'
        '<section><h2>Other languages</h2><ul><li><a href="../x.html" hreflang="fa">fa</a></li></ul></section></article>'
    )


def publication(title: str, chapters: Mapping[str, str] = {}) -> str:
    """A publication with links to its chapters."""
    links = "".join(f'<li><a href="{name}/index.html">{told}</a></li>' for name, told in chapters.items())
    return (
        f'<article class="publication">\n<p class="kicker">Booklet</p><h1>{title}</h1>'
        '<p>Second edition · <time datetime="2026-11-15"><bdi>15 November 2026</bdi></time></p>'
        '<p class="bylines"><bdi>Harbour desk</bdi></p>'
        '<figure class="cover"><img src="../../../media/images/lake.jpg" width="60" height="40" alt="The cover"></figure>'
        f'<p class="summary">In short.</p><nav><h2 id="contents">Contents</h2><ol class="contents">{links}</ol></nav>'
        '<div class="text"><p>Before.</p></div></article>'
    )


def chapter(title: str, body: str = "<p>Text.</p>") -> str:
    """A chapter of one."""
    return (
        f'<article class="chapter"><p class="kicker"><a href="../index.html">x</a> · 1 of 2</p><h1>{title}</h1>'
        f'<div class="text">{body}</div><nav class="turn"><a href="../index.html">Contents</a></nav></article>'
    )


def put(folder: Path, path: str, text: str) -> None:
    """A page at a path below ``press``."""
    file = folder / "press" / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, "utf-8")


def edition(folder: Path, languages: tuple[str, ...] = ("en",)) -> Path:
    """In each language one article and one publication of two chapters; in the first also a letter."""
    moment = datetime(2026, 11, 22, 20, 21, 26, tzinfo=UTC)
    folder.mkdir()
    About(3, date(2026, 11, 22), moment, languages, "https://press.example").write(folder)
    (folder / "KEYS").write_bytes(KEY.public.to_bytes())
    media = folder / "press" / "media" / "images"
    media.mkdir(parents=True)
    (media / "lake.jpg").write_bytes(picture())
    for language in languages:
        put(folder, f"{language}/index.html", page(language, ""))
        put(
            folder,
            f"{language}/news/lake/index.html",
            page(language, article(HEADLINES[language], "2026-11-19T17:20:47Z", TABLE + PICTURE)),
        )
        bridge = f"{language}/publications/bridge"
        put(
            folder,
            f"{bridge}/index.html",
            page(language, publication(HEADLINES[language], {"boats": "Boats", "after": "After"})),
        )
        put(
            folder,
            f"{bridge}/boats/index.html",
            page(language, chapter("Boats", '<h2>Cost</h2><p><a href="../after/index.html">on</a></p>')),
        )
        put(folder, f"{bridge}/after/index.html", page(language, chapter("After")))
    put(folder, f"{languages[0]}/letters/ferry/index.html", page(languages[0], letter("For a ferry")))
    return folder


def composed(folder: Path, name: str = "news", **options: Any) -> Book:
    """A book of the first language that has one with this name."""
    told = about(folder)
    chosen = next(each for each in plans(folder, told, options.get("since"), options.get("most", 60)) if each.name == name)
    return compose(folder, told, chosen, keys_of(folder))
