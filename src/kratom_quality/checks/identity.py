"""What was added to the leaf: more 7-hydroxymitragynine, or what is made from it, than nature leaves."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from kratom_quality.checks.amounts import name_of
from kratom_quality.checks.conformity import Assessment, Decision
from kratom_quality.checks.contaminants import breach
from kratom_quality.checks.context import Context
from kratom_quality.records import Certificate, Finding, Severity

_KIND = "adulterated_7oh"
_LIKELIER_THAN_NOT = 0.5


def adulterated(certificate: Certificate, assessments: Sequence[Assessment], context: Context) -> Iterator[Finding]:
    """Yield what was added, and limits on it that are broken without more being added than nature may hold.

    Surely added is what is too much against the other alkaloids and not plainly within the limits on the amount. Where
    the amount is plainly within them, the share alone weighs less: weak leaf may show a large share of little. An
    amount beyond its limit in natural proportion is over a limit and no more; with nothing to compare, it was added.
    """
    for analyte in context.settings.alkaloids.adulterants:
        about = [assessment for assessment in assessments if assessment.analyte == analyte]
        broken = [assessment for assessment in about if assessment.broken]
        relative = [assessment for assessment in about if assessment.terms.kind == _KIND and assessment.decided]
        beyond = [assessment for assessment in relative if assessment.broken]
        plainly_over = any(assessment.decision is Decision.FAIL for assessment in broken)
        if beyond:
            cleared = any(one.decision is Decision.PASS for one in about if one.terms.kind != _KIND)
            yield _added(certificate, broken, beyond, context, cleared=cleared)
        elif plainly_over and not relative:
            yield _added(certificate, broken, broken, context, cleared=False)
        else:
            yield from (breach(certificate, assessment, context, "over_limit") for assessment in broken)


def _added(
    certificate: Certificate,
    broken: Sequence[Assessment],
    telling: Sequence[Assessment],
    context: Context,
    *,
    cleared: bool,
) -> Finding:
    surest = max(telling, key=lambda assessment: assessment.probability)
    others = [assessment.probability for assessment in broken if assessment not in telling]
    probability = min([surest.probability, *others])
    if cleared:
        probability *= context.settings.alkaloids.share_left_by_natural_amount
    figures = "; ".join(
        f"{name_of(assessment.rows[0])} {assessment.why} (limit {assessment.terms.limit})" for assessment in broken
    )
    though = "; the amount itself is within the limits on it, as in weak leaf" if cleared else ""
    rows = dict.fromkeys(row for assessment in broken for row in assessment.rows)
    severity = breach(certificate, surest, context, _KIND).severity
    return context.finding(
        _KIND,
        certificate,
        f"more than nature leaves: {figures}{though}",
        rows=sorted(rows, key=lambda row: row.analyte != surest.analyte),
        analyte=surest.analyte,
        citation="; ".join(dict.fromkeys(assessment.terms.citation for assessment in broken)),
        probability=probability,
        severity=severity if probability > _LIKELIER_THAN_NOT else Severity.MEDIUM,
    )
