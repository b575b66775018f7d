"""How quickly the press site answers with many articles: one JSON object a line.

usage: python bench/press.py [--articles N] [--seconds N] [--keep FOLDER]

A site in six languages on SQLite, with its index of words, bylines, topics, corrections and pictures; the words are made up in
the letters of each language. ``page`` is what the server takes for one page just after something was written, when nothing is
remembered (median and worst of several, in milliseconds on the wall and of the processor); ``requests`` is what
``sanduq-press serve`` answers over HTTP on loopback, where the load generator shares the machine: uncached (another page each
time) and cached, with what one took of the server's processors, which others on the machine do not change much;
``weight`` is bytes of a front page with style sheet and font, without pictures.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import secrets
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from datetime import timedelta
from itertools import accumulate, count
from pathlib import Path
from threading import Thread
from typing import Any

LANGUAGES = ["en", "az", "azb", "fa", "ar", "tr"]
LETTERS = {
    "en": "etaoinshrdlu", "az": "aəilnrdmsyüğ", "azb": "اینلردمسویشق",
    "fa": "ایرندومهتبشک", "ar": "اليمنورتبعدس", "tr": "aeinrlıkdmyş",
}  # fmt: skip
WORDS = 3000
SUMS = list(accumulate(1 / n for n in range(1, WORDS + 1)))
"""As words of a language are distributed (Zipf)."""


def line(name: str, **values: object) -> None:
    """One measurement."""
    print(json.dumps({"bench": name, **values}), flush=True)


class Maker:
    """Articles made of the words of a language, the common ones often."""

    def __init__(self, language: str) -> None:
        self.random = random.Random(language)
        letters = LETTERS[language]
        self.words = ["".join(self.random.choices(letters, k=self.random.randint(2, 9))) for _ in range(WORDS)]

    def text(self, words: int) -> str:
        return " ".join(self.random.choices(self.words, cum_weights=SUMS, k=words))


def fill(articles: int, folder: Path) -> None:
    """The whole site."""
    from django.db import transaction

    from sanduq_web.press.actions import make_site
    from sanduq_web.press.models import Byline, FrontPage, SectionPage

    make_site("The Bench", "localhost", 8001, LANGUAGES)
    people = [Byline.objects.create(kind="pseudonym", name=f"Byline {n}") for n in range(20)]
    pictures = [picture(n) for n in range(6)]
    with transaction.atomic():
        for front in FrontPage.objects.select_related("locale"):
            code = front.locale.language_code
            sections = [front.add_child(instance=SectionPage(title=f"{code} {n}", slug=f"s{n}", locale=front.locale))
                        for n in range(6)]  # fmt: skip
            for section in sections:
                fill_section(section, Maker(code), articles // 36, people, pictures)


def picture(n: int) -> Any:
    """A picture of one colour."""
    from io import BytesIO

    from django.core.files.base import ContentFile
    from PIL import Image

    from sanduq_web.press.models import PressImage

    out = BytesIO()
    Image.new("RGB", (1600, 900), (40 * n, 90, 120)).save(out, "JPEG")
    file = ContentFile(out.getvalue(), f"bench-{n}.jpg")
    return PressImage.objects.create(title=f"Picture {n}", file=file, description="A colour", credit="Nobody")


def fill_section(section: Any, maker: Maker, count: int, people: list[Any], pictures: list[Any]) -> None:
    """Rows as publishing leaves them, many at a time."""
    from django.contrib.contenttypes.models import ContentType
    from django.utils import timezone
    from taggit.models import Tag
    from wagtail.models import Page
    from wagtail.search.backends import get_search_backend

    from sanduq_web.press.models import ArticleByline, ArticlePage, Correction
    from sanduq_web.press.models.articles import Topic

    kind, now, language = ContentType.objects.get_for_model(ArticlePage), timezone.now(), section.locale.language_code
    rows = []
    for n in range(1, count + 1):
        title = maker.text(8)
        rows.append(Page(
            path=Page._get_path(section.path, section.depth + 1, n), depth=section.depth + 1, title=title, draft_title=title,
            slug=f"a{n}", url_path=f"{section.url_path}a{n}/", live=True, content_type=kind, locale=section.locale,
            has_unpublished_changes=False, first_published_at=now, last_published_at=now,
        ))  # fmt: skip
    Page.objects.bulk_create(rows)
    Page.objects.filter(pk=section.pk).update(numchild=count)
    made = []
    for n, page in enumerate(Page.objects.filter(path__startswith=section.path, depth=section.depth + 1), 1):
        body = [("paragraph", f"<p>{maker.text(120)}</p>") for _ in range(4)]
        article = ArticlePage(
            page_ptr=page, summary=maker.text(30), kicker=maker.text(2), body=body, place=maker.text(1),
            published_on=now - timedelta(minutes=7 * n + section.pk), picture=pictures[n % 6] if n % 3 == 0 else None,
        )  # fmt: skip
        article.__dict__.update({name: value for name, value in page.__dict__.items() if not name.startswith("_")})
        article.save_base(raw=True, force_insert=True)
        made.append(article)
    ArticleByline.objects.bulk_create(ArticleByline(page=each, byline=people[each.pk % 20], sort_order=0) for each in made)
    Correction.objects.bulk_create(Correction(page=each, text="One word.") for each in made if each.pk % 9 == 0)
    tags = [Tag.objects.get_or_create(name=f"{language} topic {n}", slug=f"{language}-topic-{n}")[0] for n in range(8)]
    Topic.objects.bulk_create(Topic(content_object=each, tag=tags[each.pk % 8]) for each in made)
    backend = get_search_backend()
    backend.get_index_for_model(ArticlePage).add_items(ArticlePage, made)


def once(address: str, forget: bool = True) -> tuple[float, float, int]:
    """Milliseconds on the wall and of the processor for one page, and its bytes."""
    from django.core.cache import caches
    from django.test import Client

    if forget:
        caches["pages"].clear()
    began, busy = time.perf_counter(), time.process_time()
    answer = Client().get(address, headers={"host": "localhost"})
    assert answer.status_code == 200, (address, answer.status_code)
    return 1000 * (time.perf_counter() - began), 1000 * (time.process_time() - busy), len(answer.content)


def pages(rounds: int = 12) -> None:
    """What the server takes for one page."""
    asked = {
        "front": [f"/{code}/" for code in LANGUAGES],
        "section": [f"/{code}/s2/?page=2" for code in LANGUAGES],
        "article": [f"/{code}/s1/a{n}/" for code in LANGUAGES for n in (3, 20)],
        "search rare": [f"/{code}/search/?q={Maker(code).words[700]}" for code in LANGUAGES],
        "search common": [f"/{code}/search/?q={Maker(code).words[0]}+{Maker(code).words[3]}" for code in LANGUAGES],
        "topic": [f"/{code}/topics/{code}-topic-3/" for code in LANGUAGES],
        "feed": [f"/{code}/feed.xml" for code in LANGUAGES],
        "sitemap": ["/fa/sitemap.xml"],
    }
    for name, addresses in asked.items():
        for address in addresses:
            once(address)  # renditions are made when a page is first shown
        times = [once(addresses[n % len(addresses)]) for n in range(max(rounds, len(addresses)))]
        wall, cpu, size = zip(*times, strict=True)
        line("press page", page=name, ms=round(statistics.median(wall), 1), worst_ms=round(max(wall), 1),
             cpu_ms=round(statistics.median(cpu), 1), bytes=max(size))  # fmt: skip
    others = [once(f"/{code}/?page={n}", forget=False)[0] for n in range(5) for code in LANGUAGES]
    line("press page", page="front, nothing written since", ms=round(statistics.median(others[12:]), 1))
    cached = [once("/fa/", forget=False) for _ in range(50)][1:]
    line("press page", page="front, cached", ms=round(statistics.median(each[0] for each in cached), 2))


def weights() -> None:
    """What a reader loads for the front page, without pictures."""
    from sanduq_web.press import pages as look

    style = len(look._style()[0])
    for code in LANGUAGES:
        font = len(look._fonts()["arabic.woff2" if look.direction_of(code) == "rtl" else "latin.woff2"][0])
        html = once(f"/{code}/")[2]
        line("press weight", language=code, html=html, style=style, font=font, sum=html + style + font)


def ask(port: int, addresses: list[str], end: float, done: list[int]) -> None:
    """One connection that asks for one page after the other; on the bare socket, since this machine serves, too."""
    with socket.create_connection(("127.0.0.1", port), timeout=30) as connection, connection.makefile("rb") as answers:
        for n in count(random.randrange(len(addresses))):
            if time.perf_counter() >= end:
                return
            connection.sendall(f"GET {addresses[n % len(addresses)]} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())
            assert answers.readline() == b"HTTP/1.1 200 OK\r\n"
            while (header := answers.readline().lower()) != b"\r\n":
                if header.startswith(b"content-length:"):
                    length = int(header.split(b":")[1])
            assert len(answers.read(length)) == length
            done.append(1)


def busy(pid: int) -> float:
    """Milliseconds of the processor that a process and those it started have used (Linux)."""
    family = [pid, *map(int, Path(f"/proc/{pid}/task/{pid}/children").read_text().split())]
    ticks = [Path(f"/proc/{each}/stat").read_text().rpartition(")")[2].split()[11:13] for each in family]
    return 1000 * sum(int(user) + int(system) for user, system in ticks) / os.sysconf("SC_CLK_TCK")


def over_http(seconds: float, articles: int) -> None:
    """Requests a second, uncached and cached."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "sanduq_web.press", "serve", "--port", str(port), "--processes", "2"]
    server = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    try:
        deadline = time.monotonic() + 60
        while True:
            with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
                break
            assert time.monotonic() < deadline and server.poll() is None, "the site does not answer"
            time.sleep(0.2)
        kinds = {
            "warming up": [f"/{code}/" for code in LANGUAGES],
            "uncached": [f"/{code}/s{s}/a{n}/" for n in range(1, articles // 36 + 1) for s in range(6) for code in LANGUAGES],
            "uncached front": [f"/{code}/?page={n}" for n in range(4000) for code in LANGUAGES],
            "cached": [f"/{code}/" for code in LANGUAGES],
        }
        for name, addresses in kinds.items():
            done: list[int] = []
            before = busy(server.pid)
            end = time.perf_counter() + seconds
            threads = [Thread(target=ask, args=(port, addresses, end, done)) for _ in range(4)]
            for each in threads:
                each.start()
            for each in threads:
                each.join()
            line("press requests", kind=name, per_second=round(len(done) / seconds, 1), requests=len(done),
                 cpu_ms=round((busy(server.pid) - before) / max(len(done), 1), 2))  # fmt: skip
    finally:
        server.terminate()
        server.wait(30)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--articles", type=int, default=10_000)
    parser.add_argument("--seconds", type=float, default=10)
    parser.add_argument("--keep", type=Path, help="a folder in which the site stays")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as made:
        folder = options.keep or Path(made)
        folder.mkdir(parents=True, exist_ok=True)
        os.environ["SANDUQ_PRESS_DATABASE"] = f"sqlite:///{folder}/press.db"
        os.environ["SANDUQ_PRESS_MEDIA"] = f"{folder}/media"
        (folder / "secret").write_text(secrets.token_hex(32))
        os.environ["SANDUQ_PRESS_SECRET"] = f"{folder}/secret"
        os.environ["DJANGO_SETTINGS_MODULE"] = "sanduq_web.press.settings"
        measure(options.articles, options.seconds, folder)


def measure(articles: int, seconds: float, folder: Path) -> None:
    """All of it."""
    import django

    django.setup()
    from django.core.management import call_command

    from sanduq_web.press.models import ArticlePage

    if not (folder / "press.db").exists():
        began = time.perf_counter()
        call_command("migrate", verbosity=0)
        fill(articles, folder)
        line("press fill", articles=ArticlePage.objects.count(), seconds=round(time.perf_counter() - began, 1))
    pages()
    weights()
    over_http(seconds, ArticlePage.objects.count())


if __name__ == "__main__":
    main()
