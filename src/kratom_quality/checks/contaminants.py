"""Results against limits: what is over, what is near, what the certificate cannot tell."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from kratom_quality.checks.amounts import BELOW
from kratom_quality.checks.conformity import Assessment, Decision
from kratom_quality.checks.context import Context
from kratom_quality.records import Certificate, Finding, Result, Severity
from kratom_quality.standards import Basis


def breach(certificate: Certificate, assessment: Assessment, context: Context, kind: str | None = None) -> Finding:
    """Return the finding a broken requirement makes; one inside the guard band is at most of medium severity."""
    kind = kind or assessment.kind
    severity = assessment.severity or context.settings.kinds[kind].severity
    if assessment.decision is Decision.CONDITIONAL_FAIL and severity is Severity.HIGH:
        severity = Severity.MEDIUM
    reason = f"{_name(assessment)} {assessment.why}; the limit is {assessment.limit}: {assessment.decision}"
    return context.finding(
        kind,
        certificate,
        reason,
        rows=assessment.rows,
        analyte=assessment.analyte,
        citation=assessment.citation,
        probability=assessment.probability,
        severity=severity,
    )


def over_limits(certificate: Certificate, assessments: Iterable[Assessment], context: Context) -> Iterator[Finding]:
    """Yield what is beyond a limit, but for the alkaloids that the identity checks weigh."""
    for assessment in assessments:
        if assessment.broken and assessment.analyte not in context.settings.alkaloids.adulterants:
            yield breach(certificate, assessment, context)


def near_limits(certificate: Certificate, assessments: Iterable[Assessment], context: Context) -> Iterator[Finding]:
    """Yield what conforms by less than its uncertainty."""
    for assessment in assessments:
        if assessment.decision is Decision.CONDITIONAL_PASS:
            reason = f"{_name(assessment)} {assessment.why} is within its uncertainty of the limit, {assessment.limit}"
            yield context.finding(
                "near_limit",
                certificate,
                reason,
                rows=assessment.rows,
                analyte=assessment.analyte,
                citation=assessment.citation,
                probability=assessment.probability,
            )


def uninformative_limits(
    certificate: Certificate, assessments: Iterable[Assessment], context: Context
) -> Iterator[Finding]:
    """Yield, once an analyte, what was not found by a test that could not have found it at the limit."""
    seen: set[str] = set()
    for assessment in assessments:
        unfound = assessment.rows and all(row.value.state in BELOW for row in assessment.rows)
        if assessment.decided or not unfound or assessment.analyte in seen or assessment.basis is Basis.RATIO:
            continue
        seen.add(assessment.analyte)
        yield context.finding(
            "loq_not_informative",
            certificate,
            f"{_name(assessment)} is undecided: {assessment.why}",
            rows=assessment.rows,
            analyte=assessment.analyte,
            citation=assessment.citation,
        )


def name_of(row: Result) -> str:
    """Return an analyte as a person would call it."""
    return row.name or row.printed.analyte


def _name(assessment: Assessment) -> str:
    return name_of(assessment.rows[0])
