"""The uncertainty printed with a result: behind a plus-minus sign in its cell, or in a column of its own."""

from __future__ import annotations

import re
from functools import cache, lru_cache
from typing import Annotated, NamedTuple

from pydantic import BaseModel, ConfigDict, Field

from kratom_quality.cells import split_unit
from kratom_quality.datafiles import bundled, load_model
from kratom_quality.numerals import read_numeral
from kratom_quality.parsing.readings import HeadedCell
from kratom_quality.records import Uncertainty, UncertaintyKind, Value
from kratom_quality.units import find_unit, normalise_unit

_SIGN = re.compile(r"±|\+\s?/\s?[-–−]")
_COVERAGE = re.compile(r"\bk\s*=\s*(?P<factor>\d(?:[.,]\d+)?)")
_WORD = re.compile(r"[^\W_]+|%")
_BEHIND_NUMBER = re.compile(r"\s*\(.*\)\s*$")


class _Words(BaseModel):
    """``data/uncertainty.toml``: what the words at the head of an uncertainty column mean."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    coverage_factor: Annotated[float, Field(gt=0)]
    standard: tuple[str, ...]
    deviation: tuple[str, ...]
    relative: tuple[str, ...]


class _Head(NamedTuple):
    """What the head of a column says of the uncertainties below it."""

    kind: UncertaintyKind
    coverage_factor: float
    relative: bool
    unit: str | None


def find_uncertainty(result: str, cell: HeadedCell, value: Value, percent: float | None) -> Uncertainty | None:
    """Read the uncertainty of a measured result; None where none is printed or it is not understood.

    Parameters
    ----------
    result
        The result's cell, which may hold the uncertainty too.
    cell
        The cell of an uncertainty column.
    value
        The result understood.
    percent
        The row's result in %, where it has one: then a bare number below a head in % may be in % of the sample.
    """
    if value.number is None:
        return None
    inside = _SIGN.search(result)
    if inside is not None:
        return _read(result[inside.end() :], _read_head(""), value, value.number if value.unit == "%" else None)
    return _read(cell.text, _read_head(cell.head), value, percent) if cell.text else None


def _read(text: str, head: _Head, value: Value, percent: float | None) -> Uncertainty | None:
    bare = _SIGN.sub("", _BEHIND_NUMBER.sub("", text)).strip()
    numeral, unit = split_unit(bare)
    number = read_numeral(numeral.strip())
    if number is None or number <= 0:
        return None
    unit = normalise_unit(unit) if unit else head.unit
    relative = head.relative or (unit == "%" and (percent is None or number >= percent))
    return Uncertainty(
        kind=head.kind,
        number=number,
        relative=relative,
        unit="%" if relative else unit or value.unit,
        coverage_factor=_coverage_in(text) or head.coverage_factor,
        printed=text.strip(),
    )


@lru_cache(maxsize=256)
def _read_head(head: str) -> _Head:
    words, printed_unit = _words(), find_unit(head)
    if _says(head, words.deviation):
        kind, usual = UncertaintyKind.DEVIATION, 1.0
    elif _says(head, words.standard):
        kind, usual = UncertaintyKind.STANDARD, 1.0
    else:
        kind, usual = UncertaintyKind.EXPANDED, words.coverage_factor
    unit = normalise_unit(printed_unit) if printed_unit else None
    return _Head(kind, _coverage_in(head) or usual, _says(head, words.relative), unit)


def _says(head: str, phrases: tuple[str, ...]) -> bool:
    """Whether one of the phrases stands in the head, word by word."""
    printed = _padded(head)
    return any(_padded(phrase) in printed for phrase in phrases)


def _padded(text: str) -> str:
    return f" {' '.join(_WORD.findall(text.casefold()))} "


def _coverage_in(text: str) -> float | None:
    printed = _COVERAGE.search(text)
    return float(printed["factor"].replace(",", ".")) if printed else None


@cache
def _words() -> _Words:
    return load_model(_Words, bundled("uncertainty.toml"))
