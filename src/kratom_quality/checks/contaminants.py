"""Results against limits: what is over, what is near, what the certificate cannot tell."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from kratom_quality.checks.amounts import BELOW, name_of, names_what_could_be_found
from kratom_quality.checks.conformity import Assessment, Decision
from kratom_quality.checks.context import Context
from kratom_quality.checks.printed_limits import beyond_own_limits
from kratom_quality.records import Certificate, Finding, Panel, Severity, ValueState
from kratom_quality.standards import RELATIVE


def breach(certificate: Certificate, assessment: Assessment, context: Context, kind: str | None = None) -> Finding:
    """Return the finding a broken requirement makes; one inside the guard band is at most of medium severity."""
    kind = kind or assessment.terms.kind
    severity = assessment.terms.severity or context.settings.kinds[kind].severity
    if assessment.decision is Decision.CONDITIONAL_FAIL and severity is Severity.HIGH:
        severity = Severity.MEDIUM
    reason = f"{_name(assessment)} {assessment.why}; the limit is {assessment.terms.limit}: {assessment.decision}"
    return context.finding(
        kind,
        certificate,
        reason,
        rows=assessment.rows,
        analyte=assessment.analyte,
        citation=assessment.terms.citation,
        probability=assessment.probability,
        severity=severity,
    )


def over_limits(certificate: Certificate, assessments: Iterable[Assessment], context: Context) -> Iterator[Finding]:
    """Yield what is beyond a limit or failed its laboratory, but for the alkaloids that the identity checks weigh."""
    for assessment in assessments:
        if assessment.terms.kind == "failed_by_laboratory":
            yield context.finding(
                assessment.terms.kind, certificate, assessment.why, citation=assessment.terms.citation
            )
        elif assessment.broken and assessment.analyte not in context.settings.alkaloids.adulterants:
            yield breach(certificate, assessment, context)


def over_own_limits(certificate: Certificate, assessments: Iterable[Assessment], context: Context) -> Iterator[Finding]:
    """Yield what conforms to the standard and is over the limit its certificate prints; no verdict rests on it."""
    for assessment in beyond_own_limits(certificate, assessments):
        yield breach(certificate, assessment, context)


def near_limits(certificate: Certificate, assessments: Iterable[Assessment], context: Context) -> Iterator[Finding]:
    """Yield what conforms by less than its uncertainty and breaks no other limit."""
    assessments = tuple(assessments)
    broken = {assessment.analyte for assessment in assessments if assessment.broken}
    for assessment in assessments:
        if assessment.decision is Decision.CONDITIONAL_PASS and assessment.analyte not in broken:
            within = f"is within its uncertainty of the limit, {assessment.terms.limit}: {assessment.decision}"
            reason = f"{_name(assessment)} {assessment.why} {within}"
            yield context.finding(
                "near_limit",
                certificate,
                reason,
                rows=assessment.rows,
                analyte=assessment.analyte,
                citation=assessment.terms.citation,
                probability=assessment.probability,
            )


def amounts_not_told(
    certificate: Certificate, assessments: Iterable[Assessment], context: Context
) -> Iterator[Finding]:
    """Yield, once an analyte, what was found and not quantified: ``Detected``, ``TNTC``, a bound below the limit."""
    seen: set[str] = set()
    for assessment in assessments:
        found = [row for row in assessment.rows if row.value.state in (ValueState.PRESENT, ValueState.ABOVE_RANGE)]
        if (
            found
            and not assessment.decided
            and assessment.analyte not in seen
            and assessment.terms.basis not in RELATIVE
        ):
            seen.add(assessment.analyte)
            yield context.finding(
                "amount_not_told",
                certificate,
                f"{name_of(found[0])} {found[0].value.printed!r} says that it is there and not whether it is"
                f" {assessment.terms.limit}",
                rows=found,
                analyte=assessment.analyte,
                citation=assessment.terms.citation,
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
    settled = {assessment.analyte for assessment in assessments if assessment.terms.required and assessment.decided}
    found: dict[str, Assessment] = {}
    for assessment in assessments:
        settled_elsewhere = assessment.terms.required and assessment.analyte in settled
        if _is_unfound(assessment) and not settled_elsewhere:
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
        citation="; ".join(dict.fromkeys(assessment.terms.citation for assessment in assessments)),
        severity=None if any(assessment.terms.required for assessment in assessments) else Severity.INFO,
    )


def _is_unfound(assessment: Assessment) -> bool:
    """Whether an analyte was looked for, not found, and left open by that; a sum has no LOQ of its own."""
    if assessment.decided or not assessment.rows or assessment.terms.basis in RELATIVE:
        return False
    return all(row.value.state in BELOW and not row.total for row in assessment.rows)


def _name(assessment: Assessment) -> str:
    return name_of(assessment.rows[0])
