"""Results against limits: what is over, what is near, what the certificate cannot tell."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from kratom_quality.checks.amounts import BELOW, names_what_could_be_found
from kratom_quality.checks.conformity import Assessment, Decision
from kratom_quality.checks.context import Context
from kratom_quality.records import Certificate, Finding, Panel, Result, Severity
from kratom_quality.standards import RELATIVE


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
    """Yield what conforms by less than its uncertainty and breaks no other limit."""
    assessments = tuple(assessments)
    broken = {assessment.analyte for assessment in assessments if assessment.broken}
    for assessment in assessments:
        if assessment.decision is Decision.CONDITIONAL_PASS and assessment.analyte not in broken:
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
    """Yield what was not found by a test that could not have found it at the limit.

    One finding an analyte; those for which no limit of detection is printed at all share one a panel.
    """
    unbounded: dict[Panel, list[Assessment]] = {}
    for assessment in _open_questions(assessments):
        if any(map(names_what_could_be_found, assessment.rows)):
            reason = f"{_name(assessment)} is undecided: {assessment.why}"
            yield _uninformative(certificate, [assessment], reason, context)
        else:
            unbounded.setdefault(assessment.panel, []).append(assessment)
    for group in unbounded.values():
        names = ", ".join(map(_name, group))
        reason = f"{names}: not found, and no limit of detection or quantitation says what would have been found"
        yield _uninformative(certificate, group, reason, context)


def _open_questions(assessments: Iterable[Assessment]) -> list[Assessment]:
    """Return, once an analyte, what was not found and is undecided, but for what another required limit decides."""
    assessments = tuple(assessments)
    settled = {assessment.analyte for assessment in assessments if assessment.required and assessment.decided}
    found: dict[str, Assessment] = {}
    for assessment in assessments:
        if _is_unfound(assessment) and not (assessment.required and assessment.analyte in settled):
            found.setdefault(assessment.analyte, assessment)
    return list(found.values())


def _uninformative(
    certificate: Certificate, assessments: Sequence[Assessment], reason: str, context: Context
) -> Finding:
    return context.finding(
        "loq_not_informative",
        certificate,
        reason,
        rows=[row for assessment in assessments for row in assessment.rows],
        analyte=assessments[0].analyte if len(assessments) == 1 else None,
        citation="; ".join(dict.fromkeys(assessment.citation for assessment in assessments)),
        severity=None if any(assessment.required for assessment in assessments) else Severity.INFO,
    )


def _is_unfound(assessment: Assessment) -> bool:
    """Whether everything looked for and compared was not found, and that leaves the requirement open."""
    if assessment.decided or not assessment.rows or assessment.basis in RELATIVE:
        return False
    return all(row.value.state in BELOW for row in assessment.rows)


def name_of(row: Result) -> str:
    """Return an analyte as a person would call it."""
    return row.name or row.printed.analyte


def _name(assessment: Assessment) -> str:
    return name_of(assessment.rows[0])
