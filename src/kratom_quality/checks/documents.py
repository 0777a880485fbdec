"""Is the document one a buyer can rely on: who tested, which batch, when, and what is missing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from kratom_quality.checks.amounts import UNTESTED
from kratom_quality.checks.conformity import Assessment
from kratom_quality.checks.context import Context
from kratom_quality.checks.days import first_day, last_day
from kratom_quality.checks.lots import Lot, distinctive_words
from kratom_quality.checks.settings import check_settings
from kratom_quality.records import Certificate, Finding, Panel, Severity

_UTAH_CONTENT = "Utah Admin. Code R70-580-5(2)-(5)"
_BUYERS_GUIDES = "buyers' guides: a test not older than twelve months (as vendors' pages advise)"
_UTAH_LABORATORY = "Utah Admin. Code R70-580-3(1)(g)"


def missing_panels(lot: Lot, assessments: Sequence[Assessment], context: Context) -> Iterator[Finding]:
    """Yield the panels the standard needs that no certificate of the lot has, or has only in part."""
    for panel in context.standard.panels_for(lot.form):
        words, first = panel.replace("_", " "), lot.certificates[0]
        if not any(_has_rows(certificate, panel) for certificate in lot.certificates):
            if any(_has_verdict(certificate, panel) for certificate in lot.certificates):
                reason = f"the panel of {words} has a verdict and no results to check it by"
                yield context.finding("partial_panel", first, reason, citation=context.standard.title)
            else:
                reason = f"no certificate of {_batch_in_words(lot)} has a panel of {words}"
                yield context.finding("missing_panel", first, reason, citation=context.standard.title)
        elif untested := _untested(assessments, panel):
            reason = f"the panel of {words} does not test for {', '.join(untested)}"
            yield context.finding("partial_panel", first, reason, citation=context.standard.title)


def missing_batch(certificate: Certificate, context: Context) -> Iterator[Finding]:
    """Yield a certificate that names no batch, so that nobody can tell what it is of."""
    if not certificate.batch:
        yield context.finding("missing_batch", certificate, "no batch or lot number is printed", citation=_UTAH_CONTENT)


def stale(certificate: Certificate, context: Context) -> Iterator[Finding]:
    """Yield a certificate older than the day of judgement allows."""
    day = issued_on(certificate)
    if day is not None and is_stale(day, context.today):
        usual = context.finding("stale", certificate, "", citation=_BUYERS_GUIDES)
        yield aged(usual, day, context.today)


def is_stale(day: date, today: date) -> bool:
    """Whether a certificate of a day is older than allowed."""
    return (today - day).days > check_settings().documents.stale_after_days


def staleness(day: date, today: date) -> Severity | None:
    """Return how much the age of a certificate of a day weighs; None where it is not stale."""
    if not is_stale(day, today):
        return None
    very = (today - day).days > check_settings().documents.very_stale_after_days
    return Severity.MEDIUM if very else check_settings().kinds["stale"].severity


def aged(finding: Finding, day: date, today: date) -> Finding:
    """Return the finding that a certificate of a day is stale as it is on the day of judgement."""
    allowed = check_settings().documents.stale_after_days
    reason = f"the certificate is of {day}, {(today - day).days} days before {today}; {allowed} are allowed"
    return finding.model_copy(update={"reason": reason, "severity": staleness(day, today) or finding.severity})


def missing_date(certificate: Certificate, context: Context) -> Iterator[Finding]:
    """Yield a certificate without any date of testing or report."""
    if issued_on(certificate) is None:
        reason = "neither a date of report nor of testing or receipt is printed"
        yield context.finding("missing_date", certificate, reason, citation=_UTAH_CONTENT)


def no_independent_laboratory(certificate: Certificate, context: Context, vendor: str) -> Iterator[Finding]:
    """Yield a certificate that names no laboratory, or the seller itself as one."""
    laboratory = certificate.laboratory.name
    if not laboratory:
        reason = "no laboratory is named"
    elif _is_seller(laboratory, certificate, vendor):
        reason = f"the laboratory {laboratory!r} bears the name of the seller, or of no house of its own"
    else:
        return
    yield context.finding("no_independent_lab", certificate, reason, citation=_UTAH_CONTENT)


def not_accredited(certificate: Certificate, context: Context) -> Iterator[Finding]:
    """Yield a certificate whose laboratory is named and prints no accreditation."""
    if certificate.laboratory.name and not certificate.laboratory.accreditation:
        reason = f"{certificate.laboratory.name} prints no accreditation such as ISO/IEC 17025"
        yield context.finding("not_accredited", certificate, reason, citation=_UTAH_LABORATORY)


def issued_on(certificate: Certificate) -> date | None:
    """Return the day of the report, else the last of testing, else of receipt."""
    dates = certificate.dates
    return last_day(dates.reported) or last_day(dates.tested) or first_day(dates.received)


def _has_rows(certificate: Certificate, panel: Panel) -> bool:
    return any(row.panel is panel and row.value.state not in UNTESTED for row in certificate.results)


def _has_verdict(certificate: Certificate, panel: Panel) -> bool:
    return certificate.panel_status.get(panel, "not_tested") != "not_tested"


def _untested(assessments: Sequence[Assessment], panel: Panel) -> list[str]:
    needed = {
        assessment.analyte for assessment in assessments if assessment.terms.required and assessment.panel is panel
    }
    tested = {assessment.analyte for assessment in assessments if assessment.rows}
    return sorted(needed - tested)


def _batch_in_words(lot: Lot) -> str:
    return f"batch {lot.batch}" if lot.batch else "this product"


def _is_seller(laboratory: str, certificate: Certificate, vendor: str) -> bool:
    """Whether the laboratory bears the name of its client, or of the vendor where none is printed, or of no one."""
    in_house = check_settings().documents.in_house_words
    words = distinctive_words(laboratory)
    named = words - in_house
    return bool(words) and (not named or named == distinctive_words(certificate.client or vendor) - in_house)
