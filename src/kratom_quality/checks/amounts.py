"""What a result says about the true amount: a number, bounds, or nothing."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

from kratom_quality.errors import UnitError
from kratom_quality.records import Certificate, Limit, LimitKind, Result, Value, ValueState
from kratom_quality.units import convert

UNTESTED = frozenset({ValueState.NOT_TESTED, ValueState.UNREADABLE})
BELOW = frozenset({ValueState.BELOW_LOQ, ValueState.NOT_DETECTED, ValueState.ABSENT})


@dataclass(frozen=True, slots=True)
class Amount:
    """Bounds on a true amount; both are the same number where it was measured."""

    lower: float = 0.0
    upper: float = math.inf

    @property
    def measured(self) -> bool:
        """Whether the amount is a number and not an interval."""
        return self.lower == self.upper < math.inf

    def __add__(self, other: Amount) -> Amount:
        return Amount(self.lower + other.lower, self.upper + other.upper)

    def divided_by(self, other: Amount) -> Amount:
        """Return the bounds of the quotient; nothing over nothing is anything."""
        if not self.upper:
            return Amount(0.0, 0.0 if other.lower else math.inf)
        upper = self.upper / other.lower if other.lower else math.inf
        lower = self.lower / other.upper if other.upper else math.inf
        return Amount(min(lower, upper), upper)


def amount_of(result: Result, unit: str) -> Amount:
    """Return what a row says about the amount in ``unit``; absence without a bound says nothing, and is never 0.

    Raises
    ------
    UnitError
        If the row prints no unit or one that does not convert.
    """
    value, printed_unit = result.value, unit_of(result)
    if printed_unit is None:
        raise UnitError(f"{value.printed!r} is printed without a unit")
    if value.number is not None:
        return _exactly(convert(value.number, printed_unit, unit))
    lower, upper = _bounds(result)
    return Amount(
        0.0 if lower is None else convert(lower, printed_unit, unit),
        math.inf if upper is None else convert(upper[0], upper[1] or printed_unit, unit),
    )


def unit_of(result: Result) -> str | None:
    """Return the unit a row's numbers are in: the result's, or that of a cell the page itself compares it with."""
    for cell in (result.value, result.loq, result.lod, result.limit):
        if cell is not None and cell.unit:
            return cell.unit
    return result.printed.unit


def _exactly(number: float) -> Amount:
    return Amount(number, number)


def _bounds(result: Result) -> tuple[float | None, tuple[float, str | None] | None]:
    """Return the lower bound in the row's unit, and the upper one with its own."""
    value, limit = result.value, result.limit
    if value.state in BELOW:
        bound = (value.upper, value.unit) if value.upper is not None else _detection_bound(result)
        return None, bound
    if value.state is ValueState.CONFORMS and _is_maximum(limit):
        return None, _limit_bound(limit)
    return value.lower, (value.upper, value.unit) if value.upper is not None else None


def _detection_bound(result: Result) -> tuple[float, str | None] | None:
    """Return the LOQ, or the LOD where no LOQ is printed."""
    for cell in (result.loq, result.lod):
        number = _number(cell)
        if cell is not None and number is not None:
            return number, cell.unit
    return None


def names_what_could_be_found(row: Result) -> bool:
    """Whether a row says how little its test would have found: a bound, an LOQ, an LOD or the sample's mass."""
    value = row.value
    return value.upper is not None or grams_looked_at(row) is not None or _detection_bound(row) is not None


def grams_looked_at(row: Result) -> float | None:
    """Return the sample's mass in a test for presence, as printed with the result or else with its limit."""
    return row.value.sample_grams or (row.limit.sample_grams if row.limit else None)


def _number(value: Value | None) -> float | None:
    if value is None:
        return None
    return value.number if value.number is not None else value.upper


def _is_maximum(limit: Limit | None) -> bool:
    return limit is not None and limit.kind is LimitKind.MAXIMUM


def _limit_bound(limit: Limit | None) -> tuple[float, str | None] | None:
    return None if limit is None or limit.upper is None else (limit.upper, limit.unit)


def name_of(result: Result) -> str:
    """Return an analyte as a person would call it."""
    return result.name or result.printed.analyte


class _RowsAtHand:
    """The tested rows of one certificate by analyte, kept until another certificate is looked at."""

    def __init__(self) -> None:
        self._kept: tuple[tuple[Result, ...], dict[str, tuple[Result, ...]]] = ((), {})

    def of(self, results: tuple[Result, ...]) -> dict[str, tuple[Result, ...]]:
        kept, rows = self._kept
        if kept is not results:
            found: dict[str, list[Result]] = {}
            for row in results:
                if row.analyte and row.value.state not in UNTESTED:
                    found.setdefault(row.analyte, []).append(row)
            rows = {analyte: tuple(group) for analyte, group in found.items()}
            self._kept = results, rows
        return rows


_AT_HAND = _RowsAtHand()


def tested_rows(certificate: Certificate, analyte: str) -> tuple[Result, ...]:
    """Return the rows of an analyte that was tested; a certificate is gone through once for all analytes."""
    return _AT_HAND.of(certificate.results).get(analyte, ())


def units_of(certificate: Certificate, *analytes: str) -> Iterator[str]:
    """Yield the units that analytes were tested in, in page order, those of the first analyte first."""
    for analyte in analytes:
        for row in tested_rows(certificate, analyte):
            if unit := unit_of(row):
                yield unit


def amount_in(certificate: Certificate, analyte: str, unit: str) -> tuple[Amount, Result] | None:
    """Return the tightest thing said of an analyte in a unit, with its row; None where nothing is said."""
    found: list[tuple[Amount, Result]] = []
    for row in tested_rows(certificate, analyte):
        try:
            found.append((amount_of(row, unit), row))
        except UnitError:
            continue
    return min(found, key=lambda pair: pair[0].upper - pair[0].lower, default=None)
