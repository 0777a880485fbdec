"""Is it kratom as it grows: added 7-hydroxymitragynine, profiles nature does not make, slipped decimal points."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from kratom_quality.checks.amounts import Amount, amount_in, name_of, units_of
from kratom_quality.checks.conformity import Assessment, Decision
from kratom_quality.checks.contaminants import breach
from kratom_quality.checks.context import Context
from kratom_quality.records import Certificate, Finding, Result, Severity
from kratom_quality.standards import ProductForm

_KIND = "adulterated_7oh"
_LIKELIER_THAN_NOT = 0.5
_CONFORMING = (Decision.PASS, Decision.CONDITIONAL_PASS)


def adulterated(certificate: Certificate, assessments: Sequence[Assessment], context: Context) -> Iterator[Finding]:
    """Yield what was added, and limits on it that are broken without more being added than nature may hold.

    Added means: too much against the other alkaloids, and too much in the product wherever the standard limits that
    too. One without the other is over a limit and no more: an extract may hold much, and a weak leaf may show a large
    share of little.
    """
    for analyte in context.settings.alkaloids.adulterants:
        about = [assessment for assessment in assessments if assessment.analyte == analyte]
        broken = [assessment for assessment in about if assessment.broken]
        relative = [assessment for assessment in broken if assessment.kind == _KIND]
        cleared = any(assessment.decision in _CONFORMING for assessment in about if assessment.kind != _KIND)
        if relative and not cleared:
            yield _added(certificate, broken, relative, context)
        else:
            yield from (breach(certificate, assessment, context, "over_limit") for assessment in broken)


def _added(
    certificate: Certificate, broken: Sequence[Assessment], relative: Sequence[Assessment], context: Context
) -> Finding:
    surest = max(relative, key=lambda assessment: assessment.probability)
    absolute = [assessment.probability for assessment in broken if assessment not in relative]
    figures = "; ".join(
        f"{name_of(assessment.rows[0])} {assessment.why} (limit {assessment.limit})" for assessment in broken
    )
    rows = dict.fromkeys(row for assessment in broken for row in assessment.rows)
    severity = breach(certificate, surest, context, _KIND).severity
    probability = min([surest.probability, *absolute])
    return context.finding(
        _KIND,
        certificate,
        f"more than nature leaves: {figures}",
        rows=sorted(rows, key=lambda row: row.analyte != surest.analyte),
        analyte=surest.analyte,
        citation="; ".join(dict.fromkeys(assessment.citation for assessment in broken)),
        probability=probability,
        severity=severity if probability > _LIKELIER_THAN_NOT else Severity.MEDIUM,
    )


def allow_for_unit_slip(
    certificate: Certificate, assessments: Sequence[Assessment], form: ProductForm, context: Context
) -> tuple[Assessment, ...]:
    """Return the assessments with less weight on limits that a slipped decimal point may break."""
    settings = context.settings.alkaloids
    slipped = _unit_slip(certificate, assessments, form, context) is not None
    return tuple(
        replace(assessment, probability=assessment.probability * settings.share_left_by_unit_slip)
        if slipped and assessment.broken and assessment.analyte == settings.seven_hydroxy
        else assessment
        for assessment in assessments
    )


def unit_suspicion(
    certificate: Certificate, assessments: Sequence[Assessment], form: ProductForm, context: Context
) -> Iterator[Finding]:
    """Yield ten times the natural 7-hydroxymitragynine beside natural companions: a slip before it is a crime."""
    row = _unit_slip(certificate, assessments, form, context)
    if row is not None:
        reason = (
            f"{name_of(row)} {row.value} is about ten times what natural leaf holds while its companions are natural:"
            " a unit or decimal point may have slipped"
        )
        citation = "Kikura-Hanajiri 2009, Forensic Toxicol 27:67"
        yield context.finding(
            "unit_suspicion", certificate, reason, rows=(row,), analyte=row.analyte, citation=citation
        )


def _unit_slip(
    certificate: Certificate, assessments: Sequence[Assessment], form: ProductForm, context: Context
) -> Result | None:
    """Return the row whose excess in leaf one decimal place would explain, where the companions are natural."""
    settings = context.settings.alkaloids
    broken = {assessment.analyte for assessment in assessments if assessment.broken and assessment.kind == _KIND}
    if form != "leaf" or settings.seven_hydroxy not in broken:
        return None
    found = amount_in(certificate, settings.seven_hydroxy, "%")
    profile = companions_to_mitragynine(certificate, context)
    if found is None or profile is None:
        return None
    least, most = (bound * settings.unit_slip_factor for bound in settings.natural_seven_hydroxy_percent)
    amount, row = found
    slipped = amount.measured and least <= amount.lower <= most
    return row if slipped and profile[0].lower >= settings.fewest_companions else None


def unnatural_profile(certificate: Certificate, context: Context) -> Iterator[Finding]:
    """Yield a profile whose companion alkaloids were looked for and not found in natural proportion to mitragynine."""
    settings = context.settings.alkaloids
    profile = companions_to_mitragynine(certificate, context)
    if profile is None or profile[0].upper >= settings.fewest_companions:
        return
    amount, rows = profile
    reason = (
        f"{' + '.join(_names(rows[1:]))} are at most {amount.upper:.2g} to 1 of {_names(rows[:1])[0]},"
        f" where natural leaf has {settings.fewest_companions:g} or more"
    )
    yield context.finding(
        "unnatural_profile",
        certificate,
        reason,
        rows=rows,
        analyte=settings.mitragynine,
        citation="FDA Laboratory Information Bulletin 4578, page 1; J AOAC Int, doi 10.1093/jaoacint/qsaf094",
    )


def companions_to_mitragynine(certificate: Certificate, context: Context) -> tuple[Amount, tuple[Result, ...]] | None:
    """Return the companions' sum to mitragynine, or 7-hydroxymitragynine where that is more, with the rows, main first.

    None where fewer than two companions were tested or the main alkaloid was not measured.
    """
    settings = context.settings.alkaloids
    for unit in units_of(certificate, settings.mitragynine, settings.seven_hydroxy):
        pair = (amount_in(certificate, name, unit) for name in (settings.mitragynine, settings.seven_hydroxy))
        measured = [found for found in pair if found is not None and found[0].measured and found[0].lower > 0]
        companions = [found for name in settings.companions if (found := amount_in(certificate, name, unit))]
        if measured and len(companions) >= 2:
            main = max(measured, key=lambda found: found[0].lower)
            total = sum((amount for amount, _ in companions), Amount(0.0, 0.0))
            return total.divided_by(main[0]), (main[1], *(row for _, row in companions))
    return None


def _names(rows: Iterable[Result]) -> list[str]:
    return list(map(name_of, rows))
