"""Figures printed over each other: an editor may cover a figure and leave it in the file below the new one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from operator import itemgetter

from kratom_quality.reading.page import Page, Word, enclosing
from kratom_quality.records import TextChange

_LEAST_SHARED = 0.6  # of the narrower and of the lower one; neighbouring figures share next to nothing
_MOST_UNLIKE = 1.5  # times as high; watermarks and footnote marks differ by more


def overprints(pages: Sequence[Page]) -> tuple[TextChange, ...]:
    """Return the pairs of different numbers that share their place, in the order the file draws them."""
    return tuple(
        TextChange(page=page.number, box=enclosing([below, above]), before=below.text, after=above.text)
        for page in pages
        if not page.quarter_turns
        for below, above in _pairs(page)
    )


def _pairs(page: Page) -> Iterator[tuple[Word, Word]]:
    open_above: list[Word] = []
    for word in sorted(page.fonts, key=itemgetter(1)):
        left, top, right, _, text = word
        open_above = [other for other in open_above if other[3] > top]
        for other in open_above:
            if other[0] < right and left < other[2] and other[4] != text and _share_their_place(other, word):
                below, above = sorted((other, word), key=list(page.fonts).index)
                yield below, above
        open_above.append(word)


def _share_their_place(one: Word, other: Word) -> bool:
    heights = sorted((one.bottom - one.top, other.bottom - other.top))
    width = min(one.x1 - one.x0, other.x1 - other.x0)
    across = min(one.x1, other.x1) - max(one.x0, other.x0)
    down = min(one.bottom, other.bottom) - max(one.top, other.top)
    return (
        across > _LEAST_SHARED * width and down > _LEAST_SHARED * heights[0] and heights[1] < _MOST_UNLIKE * heights[0]
    )
