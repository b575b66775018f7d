"""Words as the search knows them: one form for the letters that keyboards of the same language write differently.

The same folding is applied to what is indexed and to what is asked for. Sources: Unicode's decompositions; the pairs of Arabic
and Persian keyboards (ك/ک, ي/ی/ى, ه/ة/ۀ), the carriers of hamza, and the letters of South Azerbaijani (ۆ, ؤ); Azerbaijani ə,
which keyboards without it write as e; the dotless ı.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from sanduq_web.press.models import ArticlePage

_ONE: Final = str.maketrans(
    {
        "ك": "ک", "ڪ": "ک", "ي": "ی", "ى": "ی", "ې": "ی", "ێ": "ی", "ئ": "ی", "ة": "ه", "ۀ": "ه", "ە": "ه", "ھ": "ه", "ہ": "ه",
        "أ": "ا", "إ": "ا", "آ": "ا", "ٱ": "ا", "ؤ": "و", "ۆ": "و", "ۇ": "و", "ۉ": "و", "ۋ": "و", "ء": "",
        "ə": "e", "ı": "i", "ø": "o", "đ": "d", "ł": "l", "ß": "ss",
        "ـ": "", "\N{ZERO WIDTH NON-JOINER}": "", "\N{ZERO WIDTH JOINER}": "",
    }
)  # fmt: skip
_TAGS: Final = re.compile(r"<[^>]*>")


def fold(text: str) -> str:
    """A text in the one form: lower case, no marks, one letter for each pair, European digits."""
    bare = "".join(c for c in unicodedata.normalize("NFKD", text.translate(_ONE).casefold()) if not unicodedata.combining(c))
    return "".join(str(unicodedata.decimal(c, c)) for c in bare.translate(_ONE))


def words_of(page: ArticlePage) -> str:
    """All words of an article, folded."""
    return fold(" ".join([page.title, page.kicker, page.summary, page.place, text_of(page.body)]))


def text_of(body: Iterable[Any]) -> str:
    """The words of blocks, without markup."""
    return " ".join(_TAGS.sub(" ", str(block.value)) for block in body)
