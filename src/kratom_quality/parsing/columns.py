"""What a column holds, from the words at its head."""

from __future__ import annotations

import re
from enum import StrEnum
from functools import cache, lru_cache
from typing import NamedTuple

from pydantic import RootModel

from kratom_quality.datafiles import bundled, load_model
from kratom_quality.errors import DataFileError
from kratom_quality.parsing.sections import title_panel
from kratom_quality.units import find_unit, normalise_unit
from kratom_quality.vocabulary import fold

_PARTS = re.compile(r"\s/\s|,\s")
_OF_EACH_SOLD = re.compile(
    r"\s*(?:/|\bper\b)\s*(?:unit|container|package|bottle|pack|pouch|serving|dose|capsule|tablet|softgel|gummy)$",
    re.IGNORECASE,
)
_BEGINS_A_VALUE = frozenset("<>≤≥=0123456789")


class ColumnKind(StrEnum):
    """What the cells of a column say."""

    NAME = "name"
    RESULT = "result"
    LOD = "lod"
    LOQ = "loq"
    LOD_LOQ = "lod_loq"
    LOQ_LOD = "loq_lod"
    RESULT_LIMIT = "result_limit"
    LIMIT = "limit"
    LOWER_LIMIT = "lower_limit"
    STATUS = "status"
    UNIT = "unit"
    UNCERTAINTY = "uncertainty"
    CLAIM = "claim"
    METHOD = "method"
    OTHER = "other"
    QUALITY_CONTROL = "quality_control"


# Which of several known words in one head decides: 'maximum allowed level' is a limit, though 'level' may be a result.
_SPEAKS_LOUDEST = [
    ColumnKind.QUALITY_CONTROL,
    ColumnKind.LOD_LOQ,
    ColumnKind.LOQ_LOD,
    ColumnKind.RESULT_LIMIT,
    ColumnKind.LOD,
    ColumnKind.LOQ,
    ColumnKind.LOWER_LIMIT,
    ColumnKind.LIMIT,
    ColumnKind.UNCERTAINTY,
    ColumnKind.CLAIM,
    ColumnKind.STATUS,
    ColumnKind.UNIT,
    ColumnKind.METHOD,
    ColumnKind.RESULT,
    ColumnKind.NAME,
    ColumnKind.OTHER,
]


class Heading(NamedTuple):
    """A column's head understood; ``kind`` is None where only a unit stands there."""

    kind: ColumnKind | None
    unit: str | None


class Column(NamedTuple):
    """One column: what it holds, the unit at its head, and the span of the head."""

    kind: ColumnKind
    unit: str | None
    x0: float
    x1: float
    text: str

    def moved(self, distance: float) -> Column:
        """The same column further to the right."""
        return self._replace(x0=self.x0 + distance, x1=self.x1 + distance)


class _HeadPhrases(RootModel[dict[ColumnKind, tuple[str, ...]]]):
    """``data/columns.toml``: the heads of columns, by what the column holds."""


@cache
def _kinds() -> dict[str, ColumnKind]:
    kinds: dict[str, ColumnKind] = {}
    for name, phrases in load_model(_HeadPhrases, bundled("columns.toml")).root.items():
        for phrase in phrases:
            kind = kinds.setdefault(_key(phrase), name)
            if kind != name:
                raise DataFileError(f"columns.toml: {phrase!r} stands under both {kind} and {name}")
    return kinds


def _key(phrase: str) -> str:
    return fold(phrase) or phrase.strip()


@lru_cache(maxsize=8192)
def read_heading(text: str) -> Heading | None:
    """Understand a whole cell as a column's head; None where it is none."""
    if text[0] in _BEGINS_A_VALUE or text.endswith(":"):
        return None
    unit = find_unit(text)
    rest = text.replace(unit, " ") if unit else text
    if unit and (not _without_brackets(rest).strip("/,;-.* ") or normalise_unit(text)):
        return Heading(None, unit)
    kind = _kinds().get(_key(_without_brackets(rest))) or _kinds().get(_key(rest))
    if kind is None:
        kind, unit = _kinds().get(_key(text)), None
    if kind is None:
        return _read_one_of(text)
    if unit and (kind is ColumnKind.STATUS or (kind is ColumnKind.NAME and title_panel(text) is None)):
        return Heading(ColumnKind.RESULT, unit)
    return Heading(kind, unit)


def _read_one_of(text: str) -> Heading | None:
    """A head in two languages ('Hasil Uji / Result'), or with a remark ('Analyte, Units', 'Specification/Bottle')."""
    if (of_what := _OF_EACH_SOLD.sub("", text)) != text:
        return read_heading(of_what) if of_what else None
    parts = [part.strip() for part in _PARTS.split(text) if part.strip()]
    headings = [read_heading(part) for part in parts] if len(parts) > 1 else []
    return next((heading for heading in headings if heading is not None and heading.kind is not None), None)


@lru_cache(maxsize=8192)
def guess_heading(text: str) -> Heading:
    """Understand a text that stands at the head of a column by the known words in it; at worst its kind is OTHER."""
    heading = read_heading(text)
    if heading is not None:
        return heading
    unit = find_unit(text)
    words = [fold(word) for word in _without_brackets(text.replace(unit, " ") if unit else text).split()]
    for length in range(min(4, len(words)), 0, -1):
        runs = ("".join(words[start : start + length]) for start in range(len(words) - length, -1, -1))
        kinds = [kind for run in runs if (kind := _kinds().get(run)) is not None]
        if kinds:
            kind = min(kinds, key=_SPEAKS_LOUDEST.index)
            beside_result = kind is ColumnKind.UNCERTAINTY and ColumnKind.RESULT in map(_kinds().get, words)
            return Heading(ColumnKind.RESULT if beside_result else kind, unit)  # 'Result ± U': results with it
    return Heading(ColumnKind.RESULT if unit else ColumnKind.OTHER, unit)


def _without_brackets(text: str) -> str:
    depth = 0
    kept: list[str] = []
    for character in text:
        if character in "([":
            depth += 1
        elif character in ")]":
            depth = max(0, depth - 1)
        elif depth == 0:
            kept.append(character)
    return "".join(kept)
