"""Names that a copy of a site gives to files: no two addresses have one, and every system takes them."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from sanduq import errors
from sanduq_web.disc.contents import Member
from sanduq_web.disc.image import check_names
from sanduq_web.mirror import Answer, Copier, Mirror, _file

HOSTILE = [
    "con", "CON", "Con", "con.x", "aux", "nul", "com1", "lpt9", "conin$", "..", "...", ".",
    "a.", "a ", " a", "-a", "~", "a:b", "a;b",
    "a%2Fb", "a%5Cb", "a%00b", "%E2%80%AEfdp.exe", "a" * 101, "a" * 255, "ن" * 200, "é", "e\u0301", "index.html",
    "Index.html", "INDEX.HTML",
    "index-2.html", "News", "news", "NEWS", "news-0123456789", "con-0123456789", "x" * 100, "<b>", "a%3Fb",
    "desktop.ini", "*", '"', "|", "a\nb",
]  # fmt: skip
ORIGIN = "https://site.example"


def copied(folder: Path, pages: Mapping[str, str]) -> Mirror:
    """A site of these pages, copied from its first one on."""

    def ask(address: str) -> Answer:
        if address not in pages:
            return Answer(404)
        return Answer(200, is_public=True, body=(pages[address].encode(),), kind="text/html")

    mirror = Mirror(Copier(ask, ORIGIN, folder))
    mirror.copy([next(iter(pages))])
    return mirror


def test_no_two_names_are_one_and_every_system_takes_them() -> None:
    made = {name: _file(f"/en/{name}/", "text/html") for name in HOSTILE}
    assert len({each.casefold() for each in made.values()}) == len(HOSTILE)
    for name, file in made.items():
        parts = file.split("/")
        assert len(parts) == 3 and parts[0] == "en" and parts[2] == "index.html", name
        assert parts[1].isascii() and parts[1] == parts[1].lower() and parts[1][0] not in ".-" and parts[1][-1] != "."
        assert parts[1].partition(".")[0] not in ("con", "aux", "nul", "com1", "lpt9", "conin$") and len(parts[1]) <= 103
    check_names([Member(file, Path(), 0) for file in made.values()])


@pytest.mark.parametrize("name", ["lake", "index-2.html", "a_b", "2026-11-22", "edition~1", "results.csv", "x"])
def test_names_that_are_taken_as_they_are(name: str) -> None:
    assert _file(f"/en/{name}/", "text/html") == f"en/{name}/index.html"


@pytest.mark.parametrize(
    ("one", "two"), [("/en/?page=2", "/en/index-2.html"), ("/en/story", "/en/story.html"), ("/en/", "/en/index.html")]
)
def test_two_addresses_that_would_be_one_file_are_refused(tmp_path: Path, one: str, two: str) -> None:
    pages = {"/": f'<a href="{one}">1</a> <a href="{two}">2</a>', one: "one", two: "two"}
    with pytest.raises(errors.Unusable, match="would be one file"):
        copied(tmp_path, pages)


def test_a_stick_has_room_for_pages_that_differ_in_capitals_only(tmp_path: Path) -> None:
    pages = {"/": '<a href="/News/">1</a> <a href="/news/">2</a> <a href="/neWs/?page=2">3</a>'}
    pages |= {"/News/": "one", "/news/": "two", "/neWs/?page=2": "three"}
    copied(tmp_path, pages)
    files = [each for each in tmp_path.rglob("*") if each.is_file()]
    names = {each.relative_to(tmp_path).as_posix().lower() for each in files}
    assert len(names) == len(pages) and {each.read_text() for each in files} >= {"one", "two", "three"}


def test_links_that_lead_nowhere_stay_as_they_are(tmp_path: Path) -> None:
    links = "javascript:alert(1) data:text/html,x mailto:a@b.example http://[ //[ https://else.example/ #top ".split(" ")
    text = "".join(f'<a href="{link}">x</a>' for link in links)
    copied(tmp_path, {"/en/": text})
    found = (tmp_path / "en/index.html").read_text()
    for link in links[:-1]:
        assert f'href="{link}"' in found
    assert not found.replace(ORIGIN, "").startswith("/")


def test_an_address_with_letters_of_any_kind_is_one(tmp_path: Path) -> None:
    topic = "/%DA%AF%D9%84/"
    pages = {"/": f'<a href="/گل/">1</a> <a href="{topic}">2</a> <a href="{topic.lower()}">3</a>', topic: "flower"}
    mirror = copied(tmp_path, pages)
    assert mirror.addresses == sorted(pages) and mirror.broken == []
    assert (tmp_path / "index.html").read_text().count('href="gl-') == 3


def test_what_of_an_address_makes_no_other_page_is_left_out(tmp_path: Path) -> None:
    """A picture that is named with a query is copied once, and found."""
    pages = {"/": ' <img src="/a.png?v=1"> <img src="/a.png?v=2#x">'}

    def ask(address: str) -> Answer:
        kind = "text/html" if address == "/" else ""
        return Answer(200, is_public=True, body=(pages.get(address, "png").encode(),), kind=kind)

    mirror = Mirror(Copier(ask, ORIGIN, tmp_path))
    mirror.copy(["/"])
    assert mirror.addresses == ["/", "/a.png"] and (tmp_path / "a.png").read_text() == "png"
    assert 'src="a.png"' in (tmp_path / "index.html").read_text()
