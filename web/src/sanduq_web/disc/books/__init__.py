"""Books of an edition: each publication and the news of each language, to read on a screen and to print.

Made of the exported pages and nothing else: an EPUB, a PDF on A5 and one on A4, and a booklet, A5 pages laid out on A4 for
folding. What comes in is copied tag by tag and picture by picture from within the folder (:mod:`.clean`). The programs that
make files of it are given all as data, and fetch nothing. The same pages give the same bytes, so a book that is in the cache is
not made again.
"""

from __future__ import annotations

from typing import Final

MOST: Final = 60
"""Articles and letters of the news, if nobody says how many."""
