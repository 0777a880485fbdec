"""Results against the limits and verdicts their own certificate prints."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum

from kratom_quality.checks.amounts import Amount, amount_of
from kratom_quality.checks.conformity import Assessment, Decision, Terms
from kratom_quality.checks.settings import check_settings
from kratom_quality.errors import UnitError
from kratom_quality.records import Certificate, Limit, LimitKind, Panel, Result, Severity, Value, ValueState
from kratom_quality.standards import Basis

CONTAMINANT_PANELS = frozenset(
    {
        Panel.HEAVY_METALS,
        Panel.MICROBIALS,
        Panel.MYCOTOXINS,
        Panel.PESTICIDES,
        Panel.RESIDUAL_SOLVENTS,
        Panel.FOREIGN_MATTER,
        Panel.MOISTURE,
        Panel.WATER_ACTIVITY,
    }
)
_PRINTED = "the limit and verdict printed on the certificate"


class Standing(StrEnum):
    """Where a result lies by its own printed limit."""

    WITHIN = "within"
    BEYOND = "beyond"
    UNKNOWN = "unknown"


def standing(row: Result) -> Standing:
    """Compare a result with its printed limit; bounds that straddle it, or other units, leave it unknown."""
    if row.limit is None:
        return Standing.UNKNOWN
    if row.limit.kind is LimitKind.ABSENT:
        return _presence(row)
    unit = row.limit.unit or row.value.unit or row.printed.unit
    lower, upper = row.limit.lower, row.limit.upper
    if unit is None or (lower is None and upper is None) or row.value.state is ValueState.CONFORMS:
        return Standing.UNKNOWN
    try:
        amount = amount_of(row, unit)
    except UnitError:
        return Standing.UNKNOWN
    if _over(amount.lower, row.limit) or _under(amount.upper, row.limit):
        return Standing.BEYOND
    return _within(amount, row.limit)


def _within(amount: Amount, limit: Limit) -> Standing:
    return Standing.UNKNOWN if _over(amount.upper, limit) or _under(amount.lower, limit) else Standing.WITHIN


def _over(number: float, limit: Limit) -> bool:
    return limit.upper is not None and (number > limit.upper or (number == limit.upper and not limit.inclusive))


def _under(number: float, limit: Limit) -> bool:
    return limit.lower is not None and (number < limit.lower or (number == limit.lower and not limit.inclusive))


def _presence(row: Result) -> Standing:
    if row.value.state is ValueState.PRESENT or (row.value.number or 0) > 0:
        return Standing.BEYOND
    absent = row.value.state in (ValueState.ABSENT, ValueState.NOT_DETECTED) or row.value.number == 0
    return Standing.WITHIN if absent else Standing.UNKNOWN


def fails_by_its_own_limits(certificate: Certificate, assessments: Iterable[Assessment]) -> tuple[Assessment, ...]:
    """Judge what the standard does not decide by what the laboratory printed; only failures are returned.

    These are contaminants beyond their printed limit or with the verdict fail, panels whose verdict is fail without
    such a row, and a whole sample whose verdict is fail without either.
    """
    assessments = tuple(assessments)
    decided = {assessment.analyte for assessment in assessments if assessment.decided}
    rows = (row for row in certificate.results if row.panel in CONTAMINANT_PANELS and row.analyte not in decided)
    failed = [_failed_row(row) for row in rows if row.printed.status == "fail" or standing(row) is Standing.BEYOND]
    explained = {assessment.panel for assessment in (*assessments, *failed) if assessment.broken}
    explained |= {row.panel for row in certificate.results if row.printed.status == "fail"}
    for panel, verdict in certificate.panel_status.items():
        if verdict == "fail" and panel not in explained:
            failed.append(_failed_whole(panel, panel.replace("_", " ")))
            explained.add(panel)
    if certificate.overall_status == "fail" and not explained:
        failed.append(_failed_whole(Panel.OTHER, "the whole sample"))
    return tuple(failed)


def beyond_own_limits(certificate: Certificate, assessments: Iterable[Assessment]) -> tuple[Assessment, ...]:
    """Return the contaminants that conform to the standard and not to the limit their own certificate prints."""
    conforming, broken = set[str](), set[str]()
    for assessment in assessments:
        if assessment.decided:
            (broken if assessment.broken else conforming).add(assessment.analyte)
    rows = (row for row in certificate.results if row.analyte in conforming - broken)
    return tuple(
        _failed_row(row)
        for row in rows
        if row.panel in CONTAMINANT_PANELS and row.limit is not None and standing(row) is Standing.BEYOND
    )


def _failed_row(row: Result) -> Assessment:
    limit = f"{row.limit.printed if row.limit else 'not printed'}, by the certificate itself"
    return _failure(row.analyte or row.printed.analyte, row.panel, "over_limit", limit, row.value, (row,))


def _failed_whole(panel: Panel, whose: str) -> Assessment:
    why = f"the laboratory's own verdict on {whose} is fail"
    return _failure(f"verdict on {whose}", panel, "failed_by_laboratory", "not printed", why)


def _failure(
    analyte: str, panel: Panel, kind: str, limit: str, why: str | Value, rows: tuple[Result, ...] = ()
) -> Assessment:
    terms = Terms(
        analyte=analyte,
        panel=panel,
        basis=Basis.AS_SOLD,
        required=False,
        severity=Severity.MEDIUM,
        citation=_PRINTED,
        limit=limit,
        kind=kind,
    )
    return Assessment(terms, Decision.FAIL, check_settings().kinds[kind].probability, why, rows)
