"""How sure a row is that was read by OCR: as sure as the least certain figure in its cells."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from kratom_quality.reading.page import Page, Word
from kratom_quality.records import Result
from kratom_quality.units import normalise_unit

_LOST_POINT = re.compile(r"(?<![0-9.,/:-])0[0-9]")  # '001': nobody prints a zero before a figure but to begin a decimal
_WITH_A_LOST_POINT = 0.5
_WITH_A_UNIT_AS_RESULT = 0.3  # columns were mistaken, or the figure before the unit was not found


def with_confidence(results: Iterable[Result], pages: Sequence[Page]) -> tuple[Result, ...]:
    """Say of every row on a page read by OCR how sure its figures are; rows of a text layer stay as they are."""
    page_of = {page.number: page for page in pages if page.reader == "ocr"}
    return tuple(
        result.model_copy(update={"confidence": _confidence(result, page_of[result.page])})
        if result.page in page_of
        else result
        for result in results
    )


def _confidence(result: Result, page: Page) -> float:
    printed = result.printed
    cells = [cell for cell in (printed.result, printed.unit, printed.lod, printed.loq, printed.limit) if cell]
    sure = [page.sureness[word] for word in page.words if _is_part_of(word, result, cells)]
    if any(_LOST_POINT.search(cell) for cell in cells):
        sure.append(_WITH_A_LOST_POINT)
    if printed.result and normalise_unit(printed.result):
        sure.append(_WITH_A_UNIT_AS_RESULT)
    return min(sure, default=1.0)


def _is_part_of(word: Word, result: Result, cells: Sequence[str]) -> bool:
    x0, top, x1, bottom = result.bbox
    across, down = (word.x0 + word.x1) / 2, (word.top + word.bottom) / 2
    return x0 <= across <= x1 and top <= down <= bottom and any(word.text in cell for cell in cells)
