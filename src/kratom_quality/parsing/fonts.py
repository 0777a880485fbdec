"""Results set in another font than those beside them: an editor seldom has the font that the page was made with."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple

from kratom_quality.reading.page import Page, Word, enclosing
from kratom_quality.records import OddFont, Panel, Result

_FEWEST_RESULTS = 4
_MOST_ODD = 2
_USUAL_SHARE = 0.75
_SUBSET = re.compile(r"^[A-Z]{6}\+")  # the tag of a font of which only some characters are embedded


class _Set(NamedTuple):
    """A result as it is set: its row, its word and the family of its font."""

    row: Result
    word: Word
    family: str


def odd_fonts(pages: Sequence[Page], results: Iterable[Result]) -> tuple[OddFont, ...]:
    """Return the few results of a panel, page and unit whose font is of another family than that of nearly all others.

    A whole row in another font is a matter of style, and so are bold and italic.
    """
    columns: dict[tuple[int, Panel, str | None], list[_Set]] = defaultdict(list)
    by_number = {page.number: page for page in pages if page.fonts and not page.quarter_turns}
    words = {number: _by_text(page) for number, page in by_number.items()}
    for result in results:
        if result.page in words and not result.total and (found := _as_set(words[result.page], result)):
            columns[result.page, result.panel, result.value.unit].append(found)
    return tuple(odd for (number, _, _), column in columns.items() for odd in _odd_ones(by_number[number], column))


@lru_cache(maxsize=4096)
def family_of(font: str) -> str:
    """Return a font's name without subset, weight and style.

    >>> family_of("ABCDEF+Arial-BoldMT"), family_of("TimesNewRomanPSMT"), family_of("Calibri,Italic")
    ('arial', 'timesnewroman', 'calibri')
    """
    plain = re.split(r"[-,]", _SUBSET.sub("", font))[0]
    return plain.removesuffix("MT").removesuffix("PS").replace(" ", "").casefold()


def _by_text(page: Page) -> dict[str, list[tuple[Word, str]]]:
    found: dict[str, list[tuple[Word, str]]] = defaultdict(list)
    for word, font in page.fonts.items():
        found[word.text].append((word, family_of(font)))
    return found


def _as_set(words: Mapping[str, Sequence[tuple[Word, str]]], result: Result) -> _Set | None:
    """Return a result with its word; None where words that say the same stand in its row in two fonts."""
    printed = (result.printed.result or "").partition(" ")[0]
    found = [(word, family) for word, family in words.get(printed, ()) if _is_in(word, result)]
    return _Set(result, *found[0]) if len({family for _, family in found}) == 1 else None


def _is_in(word: Word, result: Result) -> bool:
    x0, top, x1, bottom = result.bbox
    return top <= (word.top + word.bottom) / 2 <= bottom and x0 <= (word.x0 + word.x1) / 2 <= x1


def _odd_ones(page: Page, column: Sequence[_Set]) -> Iterator[OddFont]:
    usual, times = Counter(one.family for one in column).most_common(1)[0]
    if len(column) < _FEWEST_RESULTS or not _USUAL_SHARE * len(column) <= times < len(column):
        return
    odd = [one for one in column if one.family and one.family != usual and not _is_row_of_style(page, one, usual)]
    if usual and len(odd) <= _MOST_ODD:
        for one in odd:
            yield OddFont(
                page=page.number, box=enclosing([one.word]), printed=one.word.text, font=one.family, usual=usual
            )


def _is_row_of_style(page: Page, one: _Set, usual: str) -> bool:
    """Whether the other numbers of a row are not in the usual font either."""
    others = {
        family_of(font) for word, font in page.fonts.items() if _is_in(word, one.row) and word.text != one.word.text
    }
    return bool(others) and usual not in others
