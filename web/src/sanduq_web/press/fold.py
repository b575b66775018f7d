"""Words as the search knows them: one form for the letters that keyboards of the same language write differently.

The same folding is applied to what is indexed and to what is asked for. Sources: Unicode's decompositions; the pairs of Arabic
and Persian keyboards (ك/ک, ي/ی/ى, ه/ة/ۀ), the carriers of hamza, and the letters of South Azerbaijani (ۆ, ؤ); Azerbaijani ə,
which keyboards without it write as e; the dotless ı. A word that is asked for may be the beginning of one (on PostgreSQL the
last one only), which in languages that build words by endings finds most of their forms; Arabic words are known with and
without their article.
"""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from sanduq_web.press.models import ArticlePage

ONE: Final = str.maketrans(
    {
        "ك": "ک", "ڪ": "ک", "ي": "ی", "ى": "ی", "ې": "ی", "ێ": "ی", "ئ": "ی", "ة": "ه", "ۀ": "ه", "ە": "ه", "ھ": "ه", "ہ": "ه",
        "أ": "ا", "إ": "ا", "آ": "ا", "ٱ": "ا", "ؤ": "و", "ۆ": "و", "ۇ": "و", "ۉ": "و", "ۋ": "و", "ء": "",
        "ə": "e", "ı": "i", "ø": "o", "đ": "d", "ł": "l", "ß": "ss",
        "ـ": "", "\N{ZERO WIDTH NON-JOINER}": "", "\N{ZERO WIDTH JOINER}": "", "\N{SOFT HYPHEN}": "",
    }
)  # fmt: skip
_TAGS: Final = re.compile(r"</?[a-zA-Z][^>]*>")
_WORD: Final = re.compile(r"\w+")
_ARTICLE: Final = "ال"
_WITH_ARTICLE: Final = frozenset({"ar"})


def fold(text: str) -> str:
    """A text in the one form: lower case, no marks, one letter for each pair, European digits."""
    bare = "".join(c for c in unicodedata.normalize("NFKD", text.translate(ONE).casefold()) if not unicodedata.combining(c))
    return "".join(str(unicodedata.decimal(c, c)) for c in bare.translate(ONE))


def _bare(word: str, language: str) -> str:
    """An Arabic word without its article, if enough is left."""
    return word[2:] if language in _WITH_ARTICLE and word.startswith(_ARTICLE) and len(word) >= 4 else word


def fold_for_index(text: str, language: str) -> str:
    """The words as they are indexed."""
    words = _WORD.findall(fold(text))
    return " ".join([*words, *(bare for word in words if (bare := _bare(word, language)) != word)])


def asked_words(text: str, language: str) -> list[str]:
    """The words that are asked for; signs are none."""
    return [_bare(word, language) for word in _WORD.findall(fold(text))]


def plain(value: Any) -> Iterator[str]:
    """The texts within a stored block, whatever its kind; pictures and documents are numbers there."""
    if isinstance(value, str):
        yield html.unescape(_TAGS.sub(" ", value))
    elif isinstance(value, Mapping):
        for each in (value["value"],) if "type" in value and "value" in value else value.values():
            yield from plain(each)
    elif isinstance(value, list | tuple):
        for each in value:
            yield from plain(each)


def _body(page: Any) -> Iterator[str]:
    for block in page.body.raw_data:  # as it is stored: nothing is rendered, no picture is asked for
        yield from plain(block)


def text_of(page: ArticlePage) -> str:
    """The text of an article without its headline."""
    return " ".join(" ".join([page.summary, page.kicker, page.place, page.caption, *_body(page)]).split())


def words_in(chapter: Any) -> str:
    """The title and the text of a chapter."""
    return " ".join(" ".join([chapter.title, *_body(chapter)]).split())


def mark_of(language: str) -> str:
    """A word that all articles of a language have in the index, so that a search reads no other's."""
    return f"locale{language}"


def words_of(page: ArticlePage) -> str:
    """All words of an article, folded: those of its bylines and chapters, too."""
    language = page.locale.language_code
    names = [each.byline.name for each in page.bylines.all()]
    text = " ".join([page.title, text_of(page), *names, *map(words_in, page.chapters())])
    return f"{mark_of(language)} {fold_for_index(text, language)}"
