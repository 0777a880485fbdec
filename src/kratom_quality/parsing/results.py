"""Readings into results: one for each analyte and unit, as printed and as understood."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import lru_cache

from kratom_quality.errors import ValueFormatError
from kratom_quality.parsing.confidence import confidence_of
from kratom_quality.parsing.doubts import doubts_of_value
from kratom_quality.parsing.names import Names
from kratom_quality.parsing.readings import Amount, Reading, UnitCell
from kratom_quality.parsing.sections import Heading
from kratom_quality.parsing.uncertainty import find_uncertainty
from kratom_quality.records import Limit, LimitKind, Panel, Printed, Result, Value, ValueState
from kratom_quality.units import find_unit, normalise_unit
from kratom_quality.values import is_blank, parse_limit, parse_value

_ACTIVES = frozenset({Panel.ALKALOIDS, Panel.CANNABINOIDS})
_BY_WEIGHT = re.compile(r"%\s*(?:\(?w\s*/\s*w\)?|\(?by weight\)?|\(?weight\)?|\(?wt\.?\)?)", re.IGNORECASE)


def build_results(readings: Sequence[Reading], page: int, heading: Heading | None, names: Names) -> Iterator[Result]:
    """Turn the readings of one table into results; a table in which nothing was tested gives none.

    What the heading above the table says of all its rows, panel and unit, counts where no row speaks against it.
    """
    panel = _common_panel(readings, names) or (heading.panel if heading else None)
    heading_unit = heading.unit if heading and _may_speak_of(heading.panel, panel) else None
    table_unit = _detection_unit(readings) or heading_unit or _limits_unit(readings)
    results = [result for reading in readings for result in _results_of(reading, page, panel, names, table_unit)]
    if all(result.value.state is ValueState.NOT_TESTED for result in results):
        return
    yield from results


def _common_panel(readings: Sequence[Reading], names: Names) -> Panel | None:
    counts = Counter(analyte.panel for reading in readings if (analyte := names.find(reading.name)))
    return counts.most_common(1)[0][0] if counts else None


def _may_speak_of(announced: Panel | None, panel: Panel | None) -> bool:
    """Whether a title may stand above a panel: that of actives does above alkaloids, which they are."""
    return announced in {panel, None} or (announced is Panel.ACTIVES and panel in _ACTIVES)


def _detection_unit(readings: Sequence[Reading]) -> str | None:
    """The unit at the head of a LOQ or LOD column: it holds for results that have none of their own."""
    return next((unit for reading in readings for _, unit in (reading.loq, reading.lod) if unit), None)


def _limits_unit(readings: Sequence[Reading]) -> str | None:
    """The unit at the head of a limit column, which may stand for another quantity: a daily amount."""
    return next((reading.limit.unit for reading in readings if reading.limit.unit), None)


def _results_of(
    reading: Reading, page: int, panel: Panel | None, names: Names, table_unit: str | None
) -> Iterator[Result]:
    analyte = names.find(reading.name, panel)
    amounts = [
        amount._replace(unit=amount.unit or reading.unit) for amount in reading.results if not is_blank(amount.full)
    ]
    lod_home, loq_home = _home(reading.lod, amounts), _home(reading.loq, amounts)
    limit_home, claim_home = _home(reading.allowed, amounts), _home(reading.claim, amounts)
    own_panel = analyte.panel if analyte else panel or Panel.OTHER
    doubts = reading.doubts.union(filter(None, [names.doubt(reading.name, analyte)]))
    values = [_value(amount.full, amount.unit or table_unit) for amount in amounts]
    percent = next((value.number for value in values if value.unit == "%" and value.number is not None), None)
    for index, amount in enumerate(amounts):
        printed_unit = amount.unit or _unit_elsewhere(amount, reading, table_unit)
        value = _value(amount.full, printed_unit)
        lod = _optional_value(reading.lod, printed_unit) if index == lod_home else None
        loq = _optional_value(reading.loq, printed_unit) if index == loq_home else None
        of_value = doubts_of_value(value, lod, loq, own_panel, has_own_unit=amount.unit is not None)
        uncertainty = find_uncertainty(amount.full, reading.uncertainty, value, percent)
        yield Result(
            page=page,
            bbox=reading.box,
            panel=own_panel,
            analyte=analyte.id if analyte else None,
            name=analyte.name if analyte else None,
            printed=Printed(
                analyte=reading.name,
                result=amount.shown,
                unit=_without_basis(printed_unit),
                lod=reading.lod.text if index == lod_home else None,
                loq=reading.loq.text if index == loq_home else None,
                limit=reading.allowed.text if index == limit_home else None,
                status=reading.status if limit_home in {None, index} else None,
                uncertainty=uncertainty.printed if uncertainty else None,
                method=reading.method,
                claim=reading.claim.text if index == claim_home else None,
            ),
            value=value,
            lod=lod,
            loq=loq,
            limit=_optional_limit(reading, printed_unit) if index == limit_home else None,
            total=analyte.total if analyte else False,
            confidence=confidence_of(doubts.union(of_value)),
            uncertainty=uncertainty,
            claim=_optional_value(reading.claim, printed_unit) if index == claim_home else None,
        )


def _home(cell: UnitCell, amounts: Sequence[Amount]) -> int | None:
    """Which of a row's results a LOD, LOQ or limit belongs to: the one in its unit, else the first."""
    text, unit = cell
    if text is None:
        return None
    wanted = unit or _unit_in(text)
    if wanted:
        normal = normalise_unit(wanted)
        for index, amount in enumerate(amounts):
            if amount.unit and normalise_unit(amount.unit) == normal:
                return index
        if all(amount.unit for amount in amounts) and len(amounts) > 1:
            return None
    return 0


def _without_basis(unit: str | None) -> str | None:
    """'% (w/w)' and '% by weight' are printed for '%': the rest tells the basis."""
    return "%" if unit and _BY_WEIGHT.fullmatch(unit) else unit


@lru_cache(maxsize=8192)
def _unit_in(text: str) -> str | None:
    return find_unit(text)


def _unit_elsewhere(amount: Amount, reading: Reading, table_unit: str | None) -> str | None:
    """The unit of an amount that prints none: the table's where it needs one, else that of its limit."""
    value = _value(amount.full, None)
    return (table_unit if _needs_unit(value) else None) or _limit_unit(reading, value)


def _needs_unit(value: Value) -> bool:
    return value.unit is None and value.state not in {ValueState.ABSENT, ValueState.PRESENT, ValueState.DESCRIBED}


def _limit_unit(reading: Reading, value: Value) -> str | None:
    numeric = value.number is not None or value.upper is not None or value.lower is not None
    limit = _optional_limit(reading, None)
    is_amount = limit is not None and limit.kind is not LimitKind.DESCRIBED  # '90 - 120 % of claim' is none
    return _unit_in(limit.printed) if numeric and limit is not None and is_amount else None


def _value(text: str, unit: str | None) -> Value:
    try:
        return parse_value(text, unit)
    except ValueFormatError:
        return Value(state=ValueState.UNREADABLE, unit=normalise_unit(unit) if unit else None, printed=text)


def _optional_value(cell: UnitCell, unit: str | None) -> Value | None:
    text, own = cell
    return _value(text, own or unit) if text is not None and not is_blank(text) else None


def _optional_limit(reading: Reading, unit: str | None) -> Limit | None:
    text, own = reading.allowed
    if text is None or is_blank(text):
        return None
    try:
        if reading.has_no_upper_limit:
            return parse_limit(f"NLT {text}", own or unit).model_copy(update={"printed": text})
        return parse_limit(text, own or unit)
    except ValueFormatError:
        return None
