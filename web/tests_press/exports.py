"""Exports of WordPress for tests, made by hand: what a newsroom's export has, and what an attacker's might."""

from __future__ import annotations

from pathlib import Path
from xml.sax.saxutils import escape

HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0" xmlns:excerpt="http://wordpress.org/export/1.2/excerpt/"
 xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/"
 xmlns:wp="http://wordpress.org/export/1.2/"><channel>
<title>The Old Courier</title><link>https://old.example</link><wp:wxr_version>1.2</wp:wxr_version>
<wp:base_blog_url>https://old.example</wp:base_blog_url>
<wp:author><wp:author_id>77001</wp:author_id><wp:author_login>canarylogin</wp:author_login>
<wp:author_email>canary.author@mail.example</wp:author_email>
<wp:author_display_name><![CDATA[Orla Tavisk]]></wp:author_display_name></wp:author>
<wp:author><wp:author_login>plainlogin</wp:author_login><wp:author_email>canary.two@mail.example</wp:author_email>
<wp:author_display_name><![CDATA[plainlogin]]></wp:author_display_name></wp:author>
"""
TAIL = "</channel></rss>"


def comment(text: str, **more: str) -> str:
    """A comment, with an address that must not be kept."""
    given = {"author": "A reader", "approved": "1", "type": "comment", "id": "1", "parent": "0"} | more
    return (
        f"<wp:comment><wp:comment_id>{given['id']}</wp:comment_id><wp:comment_author>{given['author']}</wp:comment_author>"
        "<wp:comment_author_email>canary.reader@mail.example</wp:comment_author_email>"
        "<wp:comment_author_url>https://canary-home.example</wp:comment_author_url>"
        "<wp:comment_author_IP>203.0.113.77</wp:comment_author_IP>"
        "<wp:comment_date_gmt>2021-05-04 10:00:00</wp:comment_date_gmt>"
        f"<wp:comment_content><![CDATA[{text}]]></wp:comment_content>"
        f"<wp:comment_approved>{given['approved']}</wp:comment_approved>"
        f"<wp:comment_type>{given['type']}</wp:comment_type><wp:comment_parent>{given['parent']}</wp:comment_parent></wp:comment>"
    )


def item(title: str, content: str = "<p>Some words.</p>", **more: str) -> str:
    """A post; ``more`` are fields, and ``extra`` further elements."""
    given = {
        "number": "10",
        "name": "a-post",
        "status": "publish",
        "type": "post",
        "date": "2021-05-03 08:30:00",
        "author": "canarylogin",
        "password": "",
        "parent": "0",
        "sticky": "0",
        "excerpt": "",
        "extra": "",
        "guid": "",
        "link": "",
    } | more
    link = given["link"] or f"https://old.example/2021/05/{given['name']}/"
    return (
        f"<item><title>{escape(title)}</title><link>{link}</link><dc:creator>{given['author']}</dc:creator>"
        f"<guid>{given['guid'] or 'https://old.example/?p=' + given['number']}</guid>"
        f"<content:encoded><![CDATA[{content}]]></content:encoded><excerpt:encoded>{given['excerpt']}</excerpt:encoded>"
        f"<wp:post_id>{given['number']}</wp:post_id><wp:post_date_gmt>{given['date']}</wp:post_date_gmt>"
        f"<wp:comment_status>open</wp:comment_status><wp:post_name>{given['name']}</wp:post_name>"
        f"<wp:status>{given['status']}</wp:status><wp:post_parent>{given['parent']}</wp:post_parent>"
        f"<wp:post_type>{given['type']}</wp:post_type><wp:post_password>{given['password']}</wp:post_password>"
        f"<wp:is_sticky>{given['sticky']}</wp:is_sticky>{given['extra']}</item>"
    )


def attachment(number: str, path: str, **more: str) -> str:
    """A file of the library."""
    meta = "".join(
        f"<wp:postmeta><wp:meta_key>{key}</wp:meta_key><wp:meta_value>{value}</wp:meta_value></wp:postmeta>"
        for key, value in (("_wp_attached_file", path), ("_wp_attachment_image_alt", more.get("alt", "")))
    )
    url = f"<wp:attachment_url>https://old.example/wp-content/uploads/{path}</wp:attachment_url>"
    return item(path, "", number=number, type="attachment", status="inherit", extra=url + meta, parent=more.get("parent", "0"))


def export(folder: Path, *items: str, head: str = HEAD) -> Path:
    """A file with these items."""
    path = folder / "export.xml"
    path.write_text(head + "".join(items) + TAIL, encoding="utf-8")
    return path
