"""The order of pages in a booklet: folded, it is read from the first to the last."""

from __future__ import annotations

import pytest

from sanduq_web.disc.books import booklet


def read_in_order(pages: int, is_rtl: bool) -> list[int | None]:
    """Pages as they follow each other in what was printed on both sides, folded, and put into each other."""
    order: list[int | None] = []
    printed = booklet.sides(pages, is_rtl)
    for gathering in booklet.gatherings(pages):
        sheets = [(printed.pop(0), printed.pop(0)) for _ in range(len(gathering) // 4)]
        # Flipped on the short edge, what lies right in front lies left behind. The first half of a folded gathering
        # is, from the outside: of each sheet the front's half on the reader's leading side, then the back's.
        lead, trail = (0, 1) if is_rtl else (1, 0)
        order += [page for front, back in sheets for page in (front[lead], back[trail])]
        order += [page for front, back in reversed(sheets) for page in (back[lead], front[trail])]
    assert not printed
    return order


@pytest.mark.parametrize("is_rtl", [False, True])
@pytest.mark.parametrize("pages", [1, 3, 4, 5, 8, 15, 16, 79, 80, 81, 97, 160, 333])
def test_a_folded_booklet_is_read_in_order(pages: int, is_rtl: bool) -> None:
    order = read_in_order(pages, is_rtl)
    assert len(order) == 4 * -(-pages // 4)
    assert order == [*range(pages), *[None] * (len(order) - pages)]


def test_the_first_sheet_has_the_cover_outside() -> None:
    assert booklet.sides(8, False) == [(7, 0), (1, 6), (5, 2), (3, 4)]
    assert booklet.sides(8, True) == [(0, 7), (6, 1), (2, 5), (4, 3)]
    assert booklet.sides(6, False) == [(None, 0), (1, None), (5, 2), (3, 4)]


@pytest.mark.parametrize(("pages", "sheets"), [(80, [20]), (81, [7, 7, 7]), (96, [8, 8, 8]), (100, [7, 6, 6, 6])])
def test_many_pages_are_several_gatherings(pages: int, sheets: list[int]) -> None:
    assert [len(each) // 4 for each in booklet.gatherings(pages)] == sheets
