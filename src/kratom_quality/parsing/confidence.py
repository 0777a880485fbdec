"""How sure a row is: what speaks against it, weighed by ``data/confidence.toml``.

The model is a product. A row about which there is no doubt has the confidence ``undoubted``; each doubt multiplies it
by its factor, and so does, on a page read by OCR, the probability of the least certain figure in the row. Where the
certificate's own arithmetic confirms the figure (another unit beside it, a printed total), what is missing to 1 shrinks
by ``confirmed``.

Among rows at 0.9 or more, at least 99.5 of 100 are meant to be right; ``benchmarks/reliability.py`` measures it.
"""

from __future__ import annotations

import math
import re
from collections.abc import Container, Iterable, Mapping, Sequence
from enum import StrEnum
from functools import cache, lru_cache

from pydantic import BaseModel, ConfigDict, model_validator

from kratom_quality.datafiles import bundled, load_model
from kratom_quality.reading.page import Page, Word
from kratom_quality.records import Panel, Result
from kratom_quality.units import dimension_of, normalise_unit

_LOST_POINT = re.compile(r"(?<![0-9.,/:-])0[0-9]")  # '001': nobody prints a zero before a figure but to begin a decimal


class Doubt(StrEnum):
    """What may make a row unsure; ``data/confidence.toml`` tells each at length and by how much."""

    NO_UNIT = "no_unit"
    UNIT_OF_ANOTHER_COLUMN = "unit_of_another_column"
    UNFIT_UNIT = "unfit_unit"
    UNREADABLE_VALUE = "unreadable_value"
    TEXT_AS_RESULT = "text_as_result"
    TWO_VALUES = "two_values"
    UNHEADED_RESULT = "unheaded_result"
    RESULT_HEAD_GUESSED = "result_head_guessed"
    RIVAL_RESULTS = "rival_results"
    HEAD_ON_ANOTHER_PAGE = "head_on_another_page"
    RESULT_IN_PIECES = "result_in_pieces"
    BESIDE_ITS_COLUMN = "beside_its_column"
    UNDER_TWO_HEADS = "under_two_heads"
    STRAY_VALUE = "stray_value"
    UNEXPLAINED_COLUMN = "unexplained_column"
    BEHIND_A_LABEL = "behind_a_label"
    OUTSIDE_A_TABLE = "outside_a_table"
    VERDICT_AS_RESULT = "verdict_as_result"
    UNKNOWN_NAME = "unknown_name"
    REPAIRED_NAME = "repaired_name"
    PART_OF_A_NAME = "part_of_a_name"
    WORDS_AS_LOQ = "words_as_loq"
    BELOW_DETECTION = "below_detection"
    SAME_AS_LIMIT = "same_as_limit"
    SHARED_NUMBER = "shared_number"
    LOST_POINT = "lost_point"
    UNIT_AS_RESULT = "unit_as_result"
    CONTRADICTED = "contradicted"
    ENGINES_DIFFER = "engines_differ"


Doubts = frozenset[Doubt]
SURE = 0.9  # rows below it want a look at the page


class _Weight(BaseModel):
    model_config = ConfigDict(extra="forbid")

    factor: float
    reason: str


class _Weights(BaseModel):
    """``data/confidence.toml``: every doubt has a factor between 0 and 1 and a reason."""

    model_config = ConfigDict(extra="forbid")

    undoubted: float
    confirmed: float
    doubts: dict[Doubt, _Weight]
    fitting_units: dict[Panel, tuple[str, ...]]

    @model_validator(mode="after")
    def _every_doubt_once(self) -> _Weights:
        factors = [weight.factor for weight in self.doubts.values()]
        if missing := set(Doubt) - set(self.doubts):
            raise ValueError(f"doubts without a factor: {', '.join(sorted(missing))}")
        if not all(0 < number <= 1 for number in (*factors, self.undoubted, self.confirmed)):
            raise ValueError("every factor lies above 0 and at most at 1")
        return self


@cache
def _weights() -> _Weights:
    return load_model(_Weights, bundled("confidence.toml"))


@lru_cache(maxsize=4096)
def confidence_of(doubts: Doubts) -> float:
    """Weigh the doubts about a row."""
    weights = _weights()
    return round(weights.undoubted * math.prod(weights.doubts[doubt].factor for doubt in sorted(doubts)), 3)


@lru_cache(maxsize=4096)
def fits(panel: Panel, unit: str) -> bool:
    """Whether results of a panel may be in a unit: no pesticide is counted, no alkaloid lasts minutes."""
    dimension, fitting = dimension_of(unit), _weights().fitting_units.get(panel)
    return dimension is not None and (fitting is None or dimension.startswith(fitting))


@cache
def is_measured_by_mass(panel: Panel) -> bool:
    """Whether a panel's results are amounts of substances, and neither counts nor verdicts."""
    return _weights().fitting_units.get(panel) == ("mass",)


def weigh(
    results: Iterable[Result], pages: Sequence[Page], doubts: Mapping[int, Doubts], confirmed: Container[int]
) -> tuple[Result, ...]:
    """Weigh what shows only when a document is read as a whole.

    Parameters
    ----------
    results
        With the confidence that the doubts about each row alone leave them.
    pages
        As read; those by OCR tell how sure each figure is.
    doubts
        Further doubts, by the place of the result.
    confirmed
        The places of results that the certificate's own arithmetic confirms.
    """
    by_ocr = {page.number: page for page in pages if page.reader == "ocr"}
    weights = _weights()
    weighed = []
    for place, result in enumerate(results):
        sure = before = 1.0 if result.confidence is None else result.confidence
        if result.page in by_ocr:
            sure *= figure_sureness(result, by_ocr[result.page])
        for doubt in sorted(doubts.get(place, ())):
            sure *= weights.doubts[doubt].factor
        if place in confirmed:
            sure = 1 - (1 - sure) * weights.confirmed
        weighed.append(result if sure == before else result.model_copy(update={"confidence": round(sure, 3)}))
    return tuple(weighed)


def figure_sureness(result: Result, page: Page) -> float:
    """The probability of the least certain figure in a row read by OCR."""
    printed = result.printed
    cells = [cell for cell in (printed.result, printed.unit, printed.lod, printed.loq, printed.limit) if cell]
    sure = [page.sureness[word] for word in page.words if _is_part_of(word, result, cells)]
    if any(_LOST_POINT.search(cell) for cell in cells):
        sure.append(_weights().doubts[Doubt.LOST_POINT].factor)
    if printed.result and normalise_unit(printed.result):
        sure.append(_weights().doubts[Doubt.UNIT_AS_RESULT].factor)
    return min(sure, default=1.0)


def _is_part_of(word: Word, result: Result, cells: Sequence[str]) -> bool:
    x0, top, x1, bottom = result.bbox
    across, down = (word.x0 + word.x1) / 2, (word.top + word.bottom) / 2
    return x0 <= across <= x1 and top <= down <= bottom and any(word.text in cell for cell in cells)
