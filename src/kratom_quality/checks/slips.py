"""Results that a slipped decimal point or unit explains: a slip is suspected before a crime."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from kratom_quality.checks.amounts import amount_in, name_of
from kratom_quality.checks.conformity import Assessment
from kratom_quality.checks.context import Context
from kratom_quality.checks.profile import companions_to_mitragynine
from kratom_quality.checks.settings import UnitSlip
from kratom_quality.records import Certificate, Finding, Result
from kratom_quality.standards import ProductForm


def unit_suspicion(certificate: Certificate, form: ProductForm, context: Context) -> Iterator[Finding]:
    """Yield results that are natural once divided by the factor of a usual slip, and that nothing natural reaches."""
    for slip, row in _slipped(certificate, form, context):
        low, high = slip.natural
        reason = (
            f"{name_of(row)} {row.value} is about {slip.factor:g} times what is natural ({low:g} to {high:g}"
            f" {slip.unit}): {slip.explanation}"
        )
        yield context.finding(
            "unit_suspicion", certificate, reason, rows=(row,), analyte=row.analyte, citation=slip.source
        )


def allow_for_unit_slip(
    certificate: Certificate, assessments: Sequence[Assessment], form: ProductForm, context: Context
) -> tuple[Assessment, ...]:
    """Return the assessments with less weight on limits of 7-hydroxymitragynine that a slipped point may break."""
    settings = context.settings.alkaloids
    broken = {assessment.analyte for assessment in assessments if assessment.broken}
    if settings.seven_hydroxy not in broken:
        return tuple(assessments)
    if all(slip.analyte != settings.seven_hydroxy for slip, _ in _slipped(certificate, form, context)):
        return tuple(assessments)
    return tuple(
        assessment._replace(probability=assessment.probability * settings.share_left_by_unit_slip)
        if assessment.broken and assessment.analyte == settings.seven_hydroxy
        else assessment
        for assessment in assessments
    )


def _slipped(certificate: Certificate, form: ProductForm, context: Context) -> Iterator[tuple[UnitSlip, Result]]:
    for slip in context.settings.unit_slips:
        row = _row_of(slip, certificate) if form in slip.forms else None
        added = slip.analyte == context.settings.alkaloids.seven_hydroxy and not _has_companions(certificate, context)
        if row is not None and not added:
            yield slip, row


def _row_of(slip: UnitSlip, certificate: Certificate) -> Result | None:
    found = amount_in(certificate, slip.analyte, slip.unit)
    if found is None or not found[0].measured:
        return None
    amount, row = found
    least, most = (slip.factor * bound for bound in slip.natural)
    return row if amount.lower > slip.unheard_of_above and least <= amount.lower <= most else None


def _has_companions(certificate: Certificate, context: Context) -> bool:
    """Whether the companions are natural or were not looked for: added 7-hydroxymitragynine often comes without."""
    profile = companions_to_mitragynine(certificate, context)
    return profile is None or profile[0].lower >= context.settings.alkaloids.fewest_companions
