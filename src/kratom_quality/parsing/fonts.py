"""Results set in another font than those beside them: an editor seldom has the font that the page was made with."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from kratom_quality.reading.page import Page, Word, enclosing
from kratom_quality.records import OddFont, Panel, Result

_FEWEST_RESULTS = 4
_MOST_ODD = 2
_USUAL_SHARE = 0.75
_SUBSET = re.compile(r"^[A-Z]{6}\+")  # the tag of a font of which only some characters are embedded


class _Set(NamedTuple):
    """A result as it is set: its word, its font's family, and the families of the other numbers in its row."""

    word: Word
    family: str
    beside: frozenset[str]


def odd_fonts(pages: Sequence[Page], results: Iterable[Result]) -> tuple[OddFont, ...]:
    """Return the few results of a panel, page and unit whose font is of another family than that of nearly all others.

    A whole row in another font is a matter of style, and so are bold and italic.
    """
    columns: dict[tuple[int, Panel, str | None], list[_Set]] = defaultdict(list)
    by_number = {page.number: page for page in pages if page.fonts and not page.quarter_turns}
    for result in results:
        page = by_number.get(result.page)
        if page is not None and not result.total and (found := _as_set(page, result)):
            columns[result.page, result.panel, result.value.unit].append(found)
    return tuple(odd for (page_number, _, _), column in columns.items() for odd in _odd_ones(page_number, column))


def family_of(font: str) -> str:
    """Return a font's name without subset, weight and style.

    >>> family_of("ABCDEF+Arial-BoldMT"), family_of("TimesNewRomanPSMT"), family_of("Calibri,Italic")
    ('arial', 'timesnewroman', 'calibri')
    """
    plain = re.split(r"[-,]", _SUBSET.sub("", font))[0]
    return plain.removesuffix("MT").removesuffix("PS").replace(" ", "").casefold()


def _as_set(page: Page, result: Result) -> _Set | None:
    printed = (result.printed.result or "").partition(" ")[0]
    inside = [(word, family_of(font)) for word, font in page.fonts.items() if _is_in(word, result)]
    numbers = [(word, family) for word, family in inside if word.text == printed]
    if not numbers or len({family for _, family in numbers}) > 1:
        return None
    word, family = numbers[0]
    return _Set(word, family, frozenset(other for beside, other in inside if beside.text != printed))


def _is_in(word: Word, result: Result) -> bool:
    x0, top, x1, bottom = result.bbox
    return top <= (word.top + word.bottom) / 2 <= bottom and x0 <= (word.x0 + word.x1) / 2 <= x1


def _odd_ones(page_number: int, column: Sequence[_Set]) -> Iterator[OddFont]:
    families = Counter(one.family for one in column)
    usual, times = families.most_common(1)[0]
    odd = [one for one in column if one.family != usual and (not one.beside or usual in one.beside)]
    if len(column) < _FEWEST_RESULTS or times < _USUAL_SHARE * len(column) or len(odd) > _MOST_ODD:
        return
    for one in odd:
        if one.family and usual:
            yield OddFont(
                page=page_number, box=enclosing([one.word]), printed=one.word.text, font=one.family, usual=usual
            )
