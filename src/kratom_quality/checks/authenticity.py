"""Does the certificate agree with itself: verdicts, sums, units and dates."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import combinations, pairwise

from kratom_quality.checks.amounts import BELOW, amount_of, name_of
from kratom_quality.checks.context import Context
from kratom_quality.checks.days import first_day, last_day
from kratom_quality.checks.printed_limits import CONTAMINANT_PANELS, Standing, standing
from kratom_quality.digits import resolution
from kratom_quality.errors import UnitError
from kratom_quality.records import Certificate, Finding, Panel, Result
from kratom_quality.units import convert

_ARITHMETIC = "arithmetic on the certificate's own figures"


def status_contradicts_limit(certificate: Certificate, context: Context) -> Iterator[Finding]:
    """Yield rows whose printed verdict is not what their printed result and limit say."""
    for row in certificate.results:
        place = standing(row)
        contradicts = (row.printed.status, place) in {("pass", Standing.BEYOND), ("fail", Standing.WITHIN)}
        if contradicts and row.limit is not None:
            reason = (
                f"{name_of(row)} {row.value} is {place} the printed limit {row.limit.printed!r},"
                f" and the printed verdict is {row.printed.status}"
            )
            yield _on_row("status_contradicts_limit", certificate, row, reason, context)


def passed_as_a_whole(certificate: Certificate, context: Context) -> Iterator[Finding]:
    """Yield panels, else the whole sample, that are passed while a row of theirs fails or is beyond its limit.

    A row that is itself passed beyond its limit is a contradiction of its own.
    """
    failing: dict[Panel, Result] = {}
    for row in certificate.results:
        fails = row.printed.status == "fail" or (row.printed.status is None and standing(row) is Standing.BEYOND)
        if fails and row.panel in CONTAMINANT_PANELS:
            failing.setdefault(row.panel, row)
    passed = [panel for panel in failing if certificate.panel_status.get(panel) == "pass"]
    for panel in passed:
        whole = f"the panel of {panel.replace('_', ' ')}"
        yield _on_row(_CONTRADICTION, certificate, failing[panel], _passed(whole, failing[panel]), context)
    if certificate.overall_status == "pass" and failing and not passed:
        row = next(iter(failing.values()))
        yield _on_row(_CONTRADICTION, certificate, row, _passed("the whole sample", row), context)


def _passed(whole: str, row: Result) -> str:
    limit = f"its printed limit {row.limit.printed!r}" if row.limit else "no printed limit"
    verdict = f"printed as {row.printed.status}" if row.printed.status else "without a verdict of its own"
    return f"{whole} is passed, and {name_of(row)} {row.value} in it, beside {limit}, is {verdict}"


_CONTRADICTION = "status_contradicts_limit"


def units_disagree(certificate: Certificate, context: Context) -> Iterator[Finding]:
    """Yield results printed on one line in two units that are not the same amount within the printed rounding."""
    measured = [row for row in certificate.results if row.analyte and row.value.number is not None]
    for one, other in combinations(measured, 2):
        if one.analyte == other.analyte and _on_one_line(one, other) and _differ(one, other):
            reason = f"{name_of(one)} is printed as {one.value} and as {other.value}, which are not the same amount"
            yield context.finding(
                "units_disagree", certificate, reason, rows=(one, other), analyte=one.analyte, citation=_ARITHMETIC
            )


def sum_mismatch(certificate: Certificate, context: Context) -> Iterator[Finding]:
    """Yield a total that is not the sum of the parts listed, within rounding and limits of quantitation.

    A total of alkaloids above the sum counts only beside a full panel: a short one may leave alkaloids unlisted.
    """
    for total in certificate.rows(context.settings.alkaloids.total):
        parts = _alkaloids_beside(certificate, total)
        full = len(parts) >= context.settings.authenticity.fewest_parts_of_a_total
        yield from _mismatch(certificate, total, parts, context, full=full)
    for known in context.settings.sums:
        for total in certificate.rows(known.total):
            parts = [row for analyte in sorted(known.parts) for row in certificate.rows(analyte)[:1]]
            yield from _mismatch(certificate, total, parts, context, full=len(parts) == len(known.parts))


def _mismatch(
    certificate: Certificate, total: Result, parts: Sequence[Result], context: Context, *, full: bool
) -> Iterator[Finding]:
    unit = total.value.unit
    known = [row for row in parts if row.value.unit == unit]
    measured = [row.value.number for row in known if row.value.number is not None]
    if unit is None or not measured:
        return
    rounding = (resolution(total.value) + sum(resolution(row.value) for row in known)) / 2
    least, most = sum(measured) - rounding, sum(measured) + rounding + sum(_unseen(row, unit) for row in known)
    try:
        printed = amount_of(total, unit)
    except UnitError:
        return
    if printed.upper < least or (full and len(known) == len(parts) and printed.lower > most):
        listed = f"the {len(known)} parts listed make {sum(measured):g} {unit}"
        reason = f"{name_of(total)} is printed as {total.value}, and {listed}"
        yield _on_row("sum_mismatch", certificate, total, reason, context)


def impossible_dates(certificate: Certificate, context: Context) -> Iterator[Finding]:
    """Yield, once, dates out of order or after the day of judgement."""
    dates = certificate.dates.model_dump()
    printed = [(event, text) for event in ("collected", "received", "tested", "reported") if (text := dates[event])]
    for (earlier, before), (later, after) in pairwise(printed):
        start, end = first_day(before), last_day(after)
        if start and end and start > end:
            reason = f"the sample is {earlier} on {before} and {later} on {after}, which is earlier"
            yield context.finding("impossible_dates", certificate, reason, citation="order of the printed dates")
            return
    for event, text in printed:
        day = first_day(text)
        if day and day > context.today:
            reason = f"the sample is {event} on {text}, which is after {context.today}"
            yield context.finding("impossible_dates", certificate, reason, citation="order of the printed dates")
            return


def problems_of_the_record(certificate: Certificate, context: Context, found: Sequence[Finding]) -> Iterator[Finding]:
    """Yield the contradictions noted when the certificate was read, but for those already found on the record."""
    seen = {(finding.kind, finding.analyte) for finding in found}
    for problem in certificate.problems:
        kind = problem.kind.value
        if kind in _CONTRADICTIONS and (kind, problem.analyte) not in seen:
            yield context.finding(kind, certificate, problem.message, analyte=problem.analyte, citation=_ARITHMETIC)


_CONTRADICTIONS = frozenset({"units_disagree", "sum_mismatch", "status_contradicts_limit", "impossible_dates"})


def _on_row(kind: str, certificate: Certificate, row: Result, reason: str, context: Context) -> Finding:
    return context.finding(kind, certificate, reason, rows=(row,), analyte=row.analyte, citation=_ARITHMETIC)


def _on_one_line(one: Result, other: Result) -> bool:
    overlap = min(one.bbox[3], other.bbox[3]) - max(one.bbox[1], other.bbox[1])
    height = min(one.bbox[3] - one.bbox[1], other.bbox[3] - other.bbox[1])
    return one.page == other.page and one.value.unit != other.value.unit and overlap > height / 2


def _differ(one: Result, other: Result) -> bool:
    """Whether two numbers with units differ by more than half a last digit of each."""
    unit = one.value.unit
    if unit is None or other.value.unit is None or one.value.number is None or other.value.number is None:
        return False
    try:
        same = convert(other.value.number, other.value.unit, unit)
        step = convert(resolution(other.value), other.value.unit, unit)
    except UnitError:
        return False
    rounding = (resolution(one.value) + step) / 2
    return abs(one.value.number - same) > rounding * (1 + 1e-9)


def _alkaloids_beside(certificate: Certificate, total: Result) -> list[Result]:
    """Return the alkaloids listed in the total's unit, each once."""
    parts: dict[str, Result] = {}
    for row in certificate.results:
        if (
            row.panel is Panel.ALKALOIDS
            and not row.total
            and row.analyte != total.analyte
            and row.value.unit == total.value.unit
        ):
            parts.setdefault(row.analyte or row.printed.analyte, row)
    return list(parts.values())


def _unseen(row: Result, unit: str) -> float:
    """Return the most an alkaloid below its LOQ may add; laboratories sum one without a printed bound as nothing."""
    if row.value.state not in BELOW:
        return 0.0
    upper = amount_of(row, unit).upper
    return upper if upper < float("inf") else 0.0
