"""The search: one word however it is written; only what is published, always what is."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from newsroom import article, front, section
from sanduq_web.press.fold import asked_words, fold, fold_for_index
from sanduq_web.press.search import MOST, search, snippet

PAIRS = [
    ("fa", "كتاب", "کتاب"),
    ("fa", "علي", "علی"),
    ("fa", "می‌شود", "میشود"),
    ("fa", "آرَام", "ارام"),
    ("fa", "خانهٔ", "خانه"),
    ("fa", "۱۴۰۵", "1405"),
    ("fa", "کـــتاب", "کتاب"),
    ("ar", "مُحَمَّد", "محمد"),
    ("ar", "الكتاب", "كتاب"),
    ("ar", "كتاب", "الكتاب"),
    ("ar", "إعلان", "اعلان"),
    ("ar", "مدرسة", "مدرسه"),
    ("ar", "ﻻجئ", "لاجي"),
    ("ar", "٢٠٢٦", "2026"),
    ("azb", "گؤل", "گۆل"),
    ("azb", "تۆرکجه", "تورکجه"),
    ("azb", "سئس", "سیس"),
    ("az", "gələcək", "gelecek"),
    ("az", "İŞIQ", "işıq"),
    ("az", "ÇÖRƏK", "corek"),
    ("tr", "IĞDIR", "iğdır"),
    ("tr", "İstanbul", "istanbul"),
    ("tr", "şöyle", "soyle"),
    ("en", "Café", "cafe"),
    ("en", "ﬁne", "FINE"),
]


@pytest.mark.parametrize(("language", "written", "asked"), PAIRS)
def test_a_word_is_found_however_it_is_written(language: str, written: str, asked: str) -> None:
    assert set(asked_words(asked, language)) <= set(fold_for_index(written, language).split())


@pytest.mark.parametrize(("one", "other"), [("گل", "گیل"), ("kol", "kul"), ("در", "دار"), ("çay", "say"), ("ال", "ل")])
def test_other_words_stay_other_words(one: str, other: str) -> None:
    assert fold(one) != fold(other)


def test_the_search_finds_words_in_headlines_and_texts_of_each_language(site: Any, reader: Client) -> None:
    made = {
        "fa": ("آبِ درياچه", "پایین‌تر", ["اب", "دریاچه", "پایین تر".replace(" ", ""), "دریاچ"]),
        "ar": ("البحيرة", "ينخفض الماء", ["بحيره", "الماء", "ماء"]),
        "az": ("Göl azalır", "gələn il", ["gol", "gelen", "azal"]),
        "azb": ("گؤلون سویو", "آزالیر", ["گۆلون", "ازالیر"]),
    }
    for language, (title, text, words) in made.items():
        article(section(language), title, summary="–", text=f"<p>{text}</p>")
        for word in words:
            found = reader.get(f"/{language}/search/", {"q": word}).text
            assert title in found, (language, word)


def test_a_language_finds_its_own_articles(site: Any, reader: Client) -> None:
    article(section("en"), "Lake")
    assert search("lake", front("fa")) == []
    assert [each.article.title for each in search("lake", front("en"))] == ["Lake"]


def test_headlines_come_first_then_the_newest(site: Any) -> None:
    news = section("en")
    article(news, "About lakes")
    for n in range(3):
        article(news, f"Something {n}", text="<p>lakes</p>")
    assert [each.article.title for each in search("lakes", front("en"))] == [
        "About lakes",
        "Something 2",
        "Something 1",
        "Something 0",
    ]


def test_all_words_must_be_there(site: Any) -> None:
    news = section("en")
    article(news, "Blue lake")
    article(news, "Blue sky")
    assert [each.article.title for each in search("lake blue", front("en"))] == ["Blue lake"]


def test_the_index_follows_what_is_published(site: Any) -> None:
    tale = article(section("en"), "Heron")
    assert len(search("heron", front("en"))) == 1
    tale.title = "Stork"
    tale.save_revision()
    assert (len(search("heron", front("en"))), len(search("stork", front("en")))) == (1, 0), "a draft's words are not found"
    tale.save_revision().publish()
    assert (len(search("heron", front("en"))), len(search("stork", front("en")))) == (0, 1)
    tale.unpublish()
    assert search("stork", front("en")) == []
    tale.save_revision().publish()
    assert len(search("stork", front("en"))) == 1
    tale.delete()
    assert search("stork", front("en")) == []


def test_blocks_are_found_by_their_words_and_no_other(site: Any) -> None:
    body = [
        ("heading", "Heading a < b"),
        ("quote", {"text": "Quoted", "source": "Somebody"}),
        ("table", {"caption": "Levels", "rows": "year | metres\n2026 | twelve"}),
        ("paragraph", '<p>caf&eacute; <a href="https://hidden.example/">link</a></p>'),
    ]
    article(section("en"), "Blocks", body=body)
    for word in ("heading", "quoted", "somebody", "levels", "twelve", "cafe", "link"):
        assert len(search(word, front("en"))) == 1, word
    for word in ("hidden", "href", "paragraph", "source"):
        assert search(word, front("en")) == [], word


HOSTILE = [
    "", " ", '"', "'", "*", "a*b", "NEAR(", "AND", "lake AND NOT", "(", "title:lake", "^", "-", "%", "_", "\\", ";--", "ال",
    "\u200c", "🜁", "x" * 100_000, "w " * 500, "<script>alert(1)</script>", "a\x00b", "localeen", "\u202e",
]  # fmt: skip


def test_whatever_is_asked_gets_an_answer(site: Any, reader: Client) -> None:
    article(section("en"))
    for asked in HOSTILE:
        answer = reader.get("/en/search/", {"q": asked})
        assert answer.status_code == 200, asked[:50]
        assert "<script" not in answer.text
        assert len(answer.content) < 60_000, asked[:50]
    assert reader.get("/en/search/?q=%ff%00%ed%a0%80").status_code == 200


def test_what_somebody_looks_for_is_kept_nowhere(site: Any, reader: Client) -> None:
    answer = reader.get("/en/search/?q=lake")
    assert answer["Cache-Control"] == "no-store"
    assert "ETag" not in answer.headers


@pytest.mark.long
def test_there_is_an_end(site: Any, reader: Client) -> None:
    news = section("en")
    for n in range(MOST + 3):
        article(news, f"Lake {n}")
    assert len(search("lake", front("en"))) == MOST
    assert "more words find fewer" in reader.get("/en/search/?q=lake").text


def test_a_snippet_marks_what_was_found() -> None:
    text = " ".join(["و"] * 30 + ["«کتاب‌ها»،", "<b>"] + ["و"] * 60)
    found = snippet(text, ["کتاب"])
    assert "<mark>«کتاب‌ها»،</mark> &lt;b&gt;" in found
    assert found.startswith("… ") and found.endswith(" …")
    assert snippet("one two", ["three"]) == "one two"
