"""Reading exports of WordPress: what is refused, and what of people is never read."""

from __future__ import annotations

from pathlib import Path

import pytest

from exports import HEAD, TAIL, attachment, comment, export, item
from sanduq import errors
from sanduq_web.press.wxr import reader
from sanduq_web.press.wxr.reader import read

SECRET = "canary-of-this-machine"


def written(folder: Path, raw: bytes) -> Path:
    path = folder / "export.xml"
    path.write_bytes(raw)
    return path


@pytest.mark.parametrize(
    ("raw", "says"),
    [
        (b"", "not well-formed"),
        (b"not XML at all", "not well-formed"),
        ((HEAD + item("A")).encode(), "not well-formed"),
        ((HEAD + item("A") + TAIL).encode().replace(b"Some", b"\xff\xfe\xc3"), "not well-formed"),
        ((HEAD + item("A") + TAIL).encode().replace(b"Some", b"So\x08me"), "not well-formed"),
        ((HEAD + TAIL).encode().replace(b"UTF-8", b"no-such-encoding"), "encoding"),
        (b"<html><body>Export</body></html>", "outermost element is 'html'"),
        (
            b'<rss version="2.0"><channel><title>Feed</title><item><title>A</title></item></channel></rss>',
            "no export of WordPress",
        ),
        (b'<rss version="2.0"><channel><title>Feed</title></channel></rss>', "no export of WordPress"),
        ((HEAD + TAIL).replace(">1.2</wp:wxr", ">2.0</wp:wxr").encode(), "version '2.0'; expected 1.0, 1.1, 1.2"),
        (b"<rss><channel>" + b"<a>" * 60 + b"</a>" * 60 + b"</channel></rss>", "40 deep"),
    ],
)
def test_what_is_no_export_is_refused_with_a_reason(tmp_path: Path, raw: bytes, says: str) -> None:
    with pytest.raises(errors.Unusable, match=says) as told:
        read(written(tmp_path, raw))
    assert "export.xml" in str(told.value)


def test_entities_and_other_files_are_not_followed(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text(SECRET)
    laughs = '<!ENTITY a "ha">' + "".join(
        f'<!ENTITY {n} "{f"&{p};" * 10}">' for p, n in zip("abcdefgh", "bcdefghi", strict=True)
    )
    for subset in (
        f'<!ENTITY x SYSTEM "{(tmp_path / "secret").as_uri()}">',
        laughs,
        '<!ENTITY % p SYSTEM "http://203.0.113.9/p"> %p;',
    ):
        entity = "&x;" if "SYSTEM" in subset else "&i;"
        bad = (
            HEAD.replace("<rss", f"<!DOCTYPE rss [{subset}]><rss", 1) + item("A").replace("<title>A", f"<title>{entity}") + TAIL
        )
        with pytest.raises(errors.Unusable, match="document type") as told:
            read(written(tmp_path, bad.encode()))
        assert SECRET not in str(told.value)


def test_a_file_too_large_is_not_opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reader, "FILE_BYTES", 1000)
    with pytest.raises(errors.Unusable, match="at most 1000"):
        read(export(tmp_path, item("A")))


def test_too_many_items(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reader, "ITEMS", 3)
    with pytest.raises(errors.Unusable, match="more than 3 items"):
        read(export(tmp_path, *(item(str(n)) for n in range(4))))


def test_one_text_too_long_costs_that_post_only(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reader, "TEXT_CHARACTERS", 1000)
    found = read(export(tmp_path, item("Long", "a" * 1001), item("Short", number="11")))
    assert [post.title for post in found.posts] == ["Short"]
    assert found.left == {"items with a text of more than 1000 characters": 1}


def test_what_is_read(tmp_path: Path) -> None:
    extra = '<category domain="category" nicename="lake">Lake</category>'
    extra += '<category domain="post_tag" nicename="x">Water &amp; mud</category>'
    extra += '<category domain="category" nicename="uncategorized">Uncategorized</category>'
    found = read(
        export(tmp_path, item("A &amp; b", extra=extra, sticky="1", excerpt="Short."), attachment("5", "2021/a.jpg", alt="Mud"))
    )
    post = found.posts[0]
    assert (found.title, found.address, found.version) == ("The Old Courier", "https://old.example", "1.2")
    assert (post.title, post.name, post.status, post.sticky, post.excerpt) == ("A & b", "a-post", "publish", True, "Short.")
    assert post.published is not None
    assert post.published.isoformat() == "2021-05-03T08:30:00+00:00"
    assert post.topics == ("Lake", "Water & mud")
    assert found.attachments[5].alt == "Mud"


@pytest.mark.parametrize("version", ["1.0", "1.1", "1.2"])
def test_each_version(tmp_path: Path, version: str) -> None:
    head = HEAD.replace("export/1.2/", f"export/{version}/").replace(">1.2<", f">{version}<")
    assert read(export(tmp_path, item("A"), head=head)).posts[0].title == "A"


def test_nothing_that_leads_to_people_is_read(tmp_path: Path) -> None:
    said = [
        comment("Kept"),
        comment("Reply", id="2", parent="1", author="somebody@canary.example"),
        comment("Spam", approved="spam"),
        comment("Waiting", approved="0"),
        comment("Ping", type="pingback"),
        comment("Track", type="trackback"),
    ]
    found = read(
        export(tmp_path, item("A", extra="".join(said), password="canarypassword"), item("B", author="plainlogin", number="11"))
    )
    assert "canary" not in repr(found)
    assert "203.0.113.77" not in repr(found)
    assert "plainlogin" not in repr(found)
    kept = found.posts[0].comments
    assert [(each.name, each.text, each.reply_to) for each in kept] == [("A reader", "Kept", None), ("", "Reply", 1)]
    assert found.left == {"comments that were not approved": 2, "pingbacks and trackbacks": 2}
    assert [post.author for post in found.posts] == ["Orla Tavisk", ""]
    assert found.posts[0].has_password


def test_what_is_in_the_bin_or_no_text_is_counted(tmp_path: Path) -> None:
    found = read(
        export(tmp_path, item("A", status="trash"), item("Menu", type="nav_menu_item"), item("B", status="auto-draft"))
    )
    assert found.posts == ()
    assert found.left == {"in the bin": 2, "nav_menu_item": 1}
