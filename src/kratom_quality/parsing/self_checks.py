"""Does a document agree with itself: the figures of a row in two units, a total and its parts, a verdict and its limit.

Where it does not, either the page is wrong or we have misread it: the page is read again by another engine, and what
stays is a problem in the record. Where it does, the figures are confirmed.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import combinations
from typing import NamedTuple

from kratom_quality.digits import resolution
from kratom_quality.errors import UnitError
from kratom_quality.parsing.confidence import Doubt, Doubts
from kratom_quality.parsing.names import is_derived
from kratom_quality.records import Limit, LimitKind, Panel, ProblemKind, Result, Value, Verdict
from kratom_quality.units import convert, dimension_of

_FEWEST_PARTS = 3  # of a total that confirms them: two may add up by chance
_FEWEST_OF_A_FULL_PANEL = 5  # a shorter list may leave out what the total includes
_TOTAL_OF_THE_PANEL = frozenset({"total_alkaloids"})  # cannabinoids are summed by half a dozen formulas
_OFTEN = 3  # rows with the very same number
_TOLERANCE = 1 + 1e-9


class Contradiction(NamedTuple):
    """What does not agree, in words about the first result it speaks of, and the places of all of them."""

    kind: ProblemKind
    message: str
    places: tuple[int, ...]


class Checked(NamedTuple):
    """What the arithmetic of a document says of its results, by their places."""

    contradictions: tuple[Contradiction, ...]
    doubts: dict[int, Doubts]
    confirmed: frozenset[int]


def check_results(results: Sequence[Result]) -> Checked:
    """Hold the results of a document against each other."""
    contradictions: list[Contradiction] = []
    confirmed: set[int] = set()
    for check in (_check_units, _check_totals, _check_verdicts):
        for places, contradiction in check(results):
            if contradiction is None:
                confirmed.update(places)
            else:
                contradictions.append(contradiction)
    doubts: dict[int, set[Doubt]] = defaultdict(set)
    for one in contradictions:
        for place in one.places:
            doubts[place].add(Doubt.CONTRADICTED)
    for place, doubt in _coincidences(results):
        doubts[place].add(doubt)
    agreed = frozenset(confirmed.difference(*(one.places for one in contradictions)))
    return Checked(tuple(contradictions), {place: frozenset(about) for place, about in doubts.items()}, agreed)


_Checks = Iterator[tuple[tuple[int, ...], Contradiction | None]]


def _check_units(results: Sequence[Result]) -> _Checks:
    """One row in two units, such as 1.52 % and 15.2 mg/g."""
    rows: dict[object, list[int]] = defaultdict(list)
    for place, result in enumerate(results):
        if result.value.number is not None and result.value.unit is not None:
            rows[result.page, result.bbox, result.printed.analyte].append(place)
    for places in rows.values():
        for one, other in combinations(places, 2):
            a, b = results[one], results[other]
            agree = _agree(a.value, b.value)
            if agree is False:
                message = f"is {a.value} and {b.value}, which are not the same amount"
                yield (one, other), Contradiction(ProblemKind.UNITS_DISAGREE, message, (one, other))
            elif agree and a.value.number:
                yield (one, other), None


def _agree(one: Value, other: Value) -> bool | None:
    """Whether two amounts are the same within half a last digit of each; None where they cannot be compared."""
    if one.unit == other.unit or one.unit is None or other.unit is None or one.number is None or other.number is None:
        return None
    if dimension_of(one.unit) != dimension_of(other.unit):
        return None
    try:
        same, step = convert(other.number, other.unit, one.unit), convert(resolution(other), other.unit, one.unit)
    except UnitError:
        return None
    return abs(one.number - same) <= (resolution(one) + step) / 2 * _TOLERANCE


def _check_totals(results: Sequence[Result]) -> _Checks:
    """A total and the rows of its panel in its unit."""
    parts: dict[object, list[int]] = defaultdict(list)
    totals: list[int] = []
    for place, result in enumerate(results):
        if result.total:
            totals.append(place)
        elif result.value.unit is not None and not is_derived(result.printed.analyte):
            parts[result.panel, result.value.unit].append(place)
    for place in totals:
        total = results[place]
        listed = _once(results, parts.get((total.panel, total.value.unit), ()))
        yield from _check_total(results, place, listed)


def _once(results: Sequence[Result], places: Sequence[int]) -> list[int]:
    """The first place of each analyte."""
    return list({results[p].analyte or results[p].printed.analyte: p for p in reversed(places)}.values())


def _check_total(results: Sequence[Result], place: int, parts: Sequence[int]) -> _Checks:
    total = results[place]
    measured = [p for p in parts if results[p].value.number]
    if total.value.number is None or not measured:
        return
    added = sum(results[p].value.number or 0.0 for p in measured)
    rounding = (resolution(total.value) + sum(resolution(results[p].value) for p in measured)) / 2 * _TOLERANCE
    unseen = sum(_most_unseen(results[p]) for p in parts)
    if added - rounding <= total.value.number <= added + rounding:
        if len(measured) >= _FEWEST_PARTS:
            yield (place, *measured), None
    elif total.analyte in _TOTAL_OF_THE_PANEL:
        too_little = total.value.number < added - rounding
        too_much = total.value.number > added + rounding + unseen and len(parts) >= _FEWEST_OF_A_FULL_PANEL
        if too_little or too_much:
            message = f"is {total.value}, and its {len(parts)} parts make {added:g} {total.value.unit}"
            yield (place,), Contradiction(ProblemKind.SUM_MISMATCH, message, (place,))


def _most_unseen(result: Result) -> float:
    """The most a row without a number may add: its bound, its LOQ or its LOD."""
    if result.value.number is not None:
        return 0.0
    cells = (result.value.upper, result.loq and result.loq.number, result.lod and result.lod.number)
    return next((bound for bound in cells if bound), 0.0)


def _check_verdicts(results: Sequence[Result]) -> _Checks:
    """A printed verdict against the printed limit; that a small number passes confirms nothing."""
    for place, result in enumerate(results):
        if result.printed.status is None or result.limit is None or result.value.number is None:
            continue
        verdict = _verdict(result.value, result.limit)
        if verdict is not None and verdict != result.printed.status:
            message = f"is {result.value}, its limit {result.limit.printed!r}, its verdict {result.printed.status}"
            yield (place,), Contradiction(ProblemKind.STATUS_CONTRADICTS_LIMIT, message, (place,))


def _verdict(value: Value, limit: Limit) -> Verdict | None:
    """What a number is by its limit; None where they cannot be compared."""
    if value.number is None or limit.kind in {LimitKind.ABSENT, LimitKind.DESCRIBED}:
        return None
    number = value.number
    if limit.unit != value.unit:
        if limit.unit is None or value.unit is None:
            return None
        try:
            number = convert(number, value.unit, limit.unit)
        except UnitError:
            return None
    beyond = limit.inclusive is False and number in (limit.lower, limit.upper)
    beyond |= limit.upper is not None and number > limit.upper * _TOLERANCE
    beyond |= limit.lower is not None and number * _TOLERANCE < limit.lower
    return "fail" if beyond else "pass"


def _coincidences(results: Sequence[Result]) -> Iterator[tuple[int, Doubt]]:
    """Numbers that many rows share, or that a row has twice: those of limits and LOQs do, those of results seldom."""
    shared: dict[object, list[int]] = defaultdict(list)
    for place, result in enumerate(results):
        number = result.value.number
        if not number or result.panel in {Panel.PHYSICAL, Panel.MICROBIALS}:
            continue
        shared[result.page, result.panel, result.value.unit, number].append(place)
        limit, loq, lod = result.limit, result.loq, result.lod
        if number in (limit and limit.upper, loq and loq.number, lod and lod.number):
            yield place, Doubt.SAME_AS_LIMIT
    for places in shared.values():
        if len({results[place].analyte or results[place].printed.analyte for place in places}) >= _OFTEN:
            yield from ((place, Doubt.SHARED_NUMBER) for place in places)
