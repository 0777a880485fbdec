"""A second opinion on pages that contradict themselves: read by another engine, the better reading kept.

Whether a page needs one is told by what was read anyway; a document that agrees with itself costs nothing more.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from kratom_quality.parsing.self_checks import Checked
from kratom_quality.reading.page import Page
from kratom_quality.records import Result, Unread, ValueState
from kratom_quality.values import looks_like_value

_MOST_PAGES = 12  # of one document; pdfplumber takes tenths of a second for each
_VERY_UNSURE = 0.7
_FEWEST_UNSURE = 3  # rows
_MUCH = 0.34  # of a page's rows
_LEAST_KEPT = 0.9  # of the known rows of the first reading: a reading that finds fewer is no better


class Standing(NamedTuple):
    """How a reading of a page stands: contradictions, rows with a known analyte, and how many of those may be right."""

    contradictions: int
    known: int
    expected: float

    def is_better_than(self, first: Standing) -> bool:
        """Whether a second reading is to be kept: it contradicts itself less, or as little and is surer."""
        if self.known < _LEAST_KEPT * first.known:
            return False
        if self.contradictions != first.contradictions:
            return self.contradictions < first.contradictions
        return self.expected > first.expected + 0.5  # half a row: less is chance


NOTHING_READ = Standing(0, 0, 0.0)


def pages_in_doubt(
    results: Sequence[Result], unread: Iterable[Unread], checked: Checked, pages: Iterable[Page]
) -> list[Page]:
    """Pages whose first reading contradicts itself or is unsure, and that have a text layer to read again."""
    troubled = _contradictions(results, checked)
    rows = Counter(result.page for result in results)
    unsure = Counter(result.page for result in results if _may_be_misread(result))
    loose = Counter(text.page for text in unread if looks_like_value(text.text) and text.text[0].isdigit())
    return [
        page
        for page in pages
        if page.reader == "pdfium"
        and (
            troubled[page.number]
            or _is_much(unsure[page.number], rows[page.number])
            or _is_much(loose[page.number], rows[page.number])
        )
    ][:_MOST_PAGES]


def _may_be_misread(result: Result) -> bool:
    """Whether another engine may help: not where no unit is printed, or where we do not know the name."""
    is_unsure = result.confidence is not None and result.confidence < _VERY_UNSURE
    return is_unsure and result.analyte is not None and result.value.unit is not None


def _is_much(count: int, rows: int) -> bool:
    return count >= _FEWEST_UNSURE and count >= _MUCH * rows > 0


def _contradictions(results: Sequence[Result], checked: Checked) -> Counter[int]:
    found = Counter(results[one.places[0]].page for one in checked.contradictions)
    found.update(result.page for result in results if result.analyte and result.value.state is ValueState.UNREADABLE)
    return found


def standing_by_page(results: Sequence[Result], checked: Checked) -> Mapping[int, Standing]:
    """How the readings of all pages stand; results carry the confidence that all doubts leave them."""
    known: dict[int, list[float]] = defaultdict(list)
    for result in results:
        if result.analyte is not None:
            known[result.page].append(result.confidence or 0.0)
    troubled = _contradictions(results, checked)
    return {page: Standing(troubled[page], len(known[page]), sum(known[page])) for page in {*known, *troubled}}


def find_differences(
    kept: Sequence[Result], other: Sequence[Result], pages: Collection[int]
) -> Iterator[tuple[int, Result]]:
    """Results of the pages read twice that the other engine read otherwise, by their place, with what it read."""
    theirs: dict[object, list[Result]] = defaultdict(list)
    for result in other:
        theirs[_row(result)].append(result)
    for place, result in enumerate(kept):
        found = theirs[_row(result)] if result.page in pages else []
        if found and not any(_says(result) == _says(one) for one in found):
            yield place, found[0]


def _row(result: Result) -> object:
    return result.page, result.analyte or result.printed.analyte


def _says(result: Result) -> object:
    value = result.value
    said = (value.state, value.number, value.lower, value.upper, value.unit)
    return (*said, "".join(value.printed.split())) if value.state is ValueState.DESCRIBED else said
