"""All checks on all certificates of a market."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from kratom_quality.checks import authenticity, contaminants, documents, editing, identity, links, profile, slips
from kratom_quality.checks.conformity import Assessment, assess
from kratom_quality.checks.context import Context
from kratom_quality.checks.labels import (
    Comparison,
    claims_on_nobody,
    compare_labels,
    label_claims_off,
    unanswered_claims,
)
from kratom_quality.checks.lots import Lot, VendorCertificates, by_client, is_read, lots_of
from kratom_quality.checks.printed_limits import fails_by_its_own_limits
from kratom_quality.checks.reuse import Holders, Mark, holders_of, marks_of, reused_certificates, shown_twice
from kratom_quality.checks.settings import check_settings
from kratom_quality.checks.spread import too_little_spread
from kratom_quality.claims import Claims
from kratom_quality.records import Certificate, Finding
from kratom_quality.standards import ProductForm, Standard


@dataclass(frozen=True, slots=True)
class Portfolio:
    """A vendor's certificates, put in order to be examined: batches, those that cannot be read, marks of the former."""

    vendor: str
    lots: tuple[Lot, ...]
    unread: tuple[Certificate, ...]
    marks: tuple[Mark, ...]

    @classmethod
    def of(cls, vendor: str, certificates: Iterable[Certificate]) -> Portfolio:
        """Put certificates in order."""
        groups: dict[bool, list[Certificate]] = {True: [], False: []}
        for certificate in certificates:
            groups[is_read(certificate)].append(certificate)
        lots = lots_of(vendor, groups[True])
        return cls(vendor, lots, tuple(groups[False]), tuple(marks_of(lots)))


@dataclass(frozen=True, slots=True)
class LotReport:
    """What was seen of one batch: results judged, claims compared, faults found."""

    lot: Lot
    assessments: tuple[Assessment, ...]
    comparisons: tuple[Comparison, ...]
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class VendorReport:
    """What was seen of one vendor, by batch.

    Parameters
    ----------
    unread
        A finding for each certificate that could not be read, which is evidence of nothing.
    unanswered
        A finding for each label claim that no certificate answers.
    """

    vendor: str
    lots: tuple[LotReport, ...]
    unread: tuple[Finding, ...] = ()
    unanswered: tuple[Finding, ...] = ()

    @property
    def findings(self) -> tuple[Finding, ...]:
        """All findings, batch by batch, then those of no batch."""
        by_lot = (finding for report in self.lots for finding in report.findings)
        return (*by_lot, *self.unread, *self.unanswered)


def make_context(
    standard: Standard | str | Path = "consumer",
    claims: Claims | str | Path | None = None,
    today: date | None = None,
    grams_per_day: float | None = None,
) -> Context:
    """Return what the checks need to know; a standard or a claims file may be given by name or path.

    Raises
    ------
    DataFileError
        If the standard cannot be loaded.
    ClaimsError
        If the claims cannot.
    ValueError
        If ``grams_per_day`` is not above 0.
    """
    settings = check_settings()
    grams = settings.grams_per_day if grams_per_day is None else grams_per_day
    if not 0 < grams < float("inf"):
        raise ValueError(f"grams_per_day must be above 0, got {grams}")
    return Context(
        standard=standard if isinstance(standard, Standard) else Standard.load(standard),
        claims=claims if isinstance(claims, Claims) else Claims.load(claims) if claims is not None else Claims(),
        today=today or date.today(),
        grams_per_day=grams,
        grams_per_serving=settings.grams_per_serving,
    )


def check(
    certificates: VendorCertificates | Iterable[Certificate],
    standard: Standard | str | Path = "consumer",
    claims: Claims | str | Path | None = None,
    today: date | None = None,
    grams_per_day: float | None = None,
) -> list[Finding]:
    """Run every check.

    Parameters
    ----------
    certificates
        By vendor; certificates given without vendors are taken to be of the client they name.
    standard
        Its name, a TOML file, or the standard itself.
    claims
        Label claims, or the CSV file they stand in.
    today
        The day of judgement; the day it is where None.
    grams_per_day
        Grams of product taken a day, for limits on daily amounts; one serving of 3 g where None.

    Returns
    -------
    list of Finding
        Vendor by vendor in the order given, batch by batch; the order of a vendor's certificates does not matter.

    Raises
    ------
    DataFileError, ClaimsError
        If the standard or the claims cannot be loaded.
    """
    context = make_context(standard, claims, today, grams_per_day)
    return [finding for report in examine(certificates, context) for finding in report.findings]


def examine(certificates: VendorCertificates | Iterable[Certificate], context: Context) -> list[VendorReport]:
    """Run every check and keep findings with the batches they are of; vendors in the order given.

    Vendors that claims name and no certificate is of come last, with a finding that says so.
    """
    groups = certificates if isinstance(certificates, Mapping) else by_client(certificates)
    portfolios = [Portfolio.of(vendor, group) for vendor, group in groups.items()]
    holders = holders_of(mark for portfolio in portfolios for mark in portfolio.marks)
    reports = [examine_vendor(portfolio, holders, context) for portfolio in portfolios]
    return reports + reports_on_nobody(groups, context)


def examine_vendor(portfolio: Portfolio, holders: Holders, context: Context) -> VendorReport:
    """Run every check on one vendor's certificates.

    Parameters
    ----------
    holders
        By sign, certificates of the market that share one, for those of this vendor.
    """
    vendor = portfolio.vendor
    across = reused_certificates(portfolio.lots, portfolio.marks, holders, context)
    for lot, findings in too_little_spread(portfolio.lots, context).items():
        across[lot] += findings
    seen = tuple(_report(lot, context, across.get(lot.key, [])) for lot in portfolio.lots)
    comparisons = [comparison for report in seen for comparison in report.comparisons]
    unread = _named(vendor, _unread(vendor, portfolio.unread, context))
    return VendorReport(vendor, seen, unread, _named(vendor, unanswered_claims(vendor, comparisons, context)))


def reports_on_nobody(vendors: Iterable[str], context: Context) -> list[VendorReport]:
    """Return, for vendors that claims name and no certificate is of, a finding that says so."""
    return [
        VendorReport(vendor, (), unanswered=_named(vendor, [finding]))
        for vendor, finding in claims_on_nobody(vendors, context).items()
    ]


def _unread(vendor: str, certificates: Iterable[Certificate], context: Context) -> Iterator[Finding]:
    for lot in lots_of(vendor, certificates):
        for certificate in lot.certificates:
            messages = [problem.message for problem in certificate.problems] or ["no results were found in it"]
            yield context.finding("unread_certificate", certificate, f"says nothing to judge by: {messages[0]}")


def _report(lot: Lot, context: Context, across: list[Finding]) -> LotReport:
    judged = [(certificate, _judge(certificate, lot.form, context)) for certificate in lot.certificates]
    assessments = tuple(assessment for _, group in judged for assessment in group)
    comparisons = compare_labels(lot, context)
    findings = [
        finding for certificate, group in judged for finding in _on_certificate(certificate, group, lot, context)
    ]
    findings += label_claims_off(comparisons, context)
    findings += documents.missing_panels(lot, assessments, context)
    findings += shown_twice(lot, context)
    findings += across
    return LotReport(lot, assessments, comparisons, _named(lot.vendor, findings))


def _named(vendor: str, findings: Iterable[Finding]) -> tuple[Finding, ...]:
    return tuple(finding.model_copy(update={"vendor": vendor}) for finding in findings)


def _judge(certificate: Certificate, form: ProductForm, context: Context) -> tuple[Assessment, ...]:
    requirements = context.standard.requirements_for(form)
    judged = assess(certificate, requirements, context)
    assessments = slips.allow_for_unit_slip(certificate, judged, form, context)
    return (*assessments, *fails_by_its_own_limits(certificate, assessments))


def _on_certificate(
    certificate: Certificate, assessments: tuple[Assessment, ...], lot: Lot, context: Context
) -> Iterator[Finding]:
    yield from contaminants.over_limits(certificate, assessments, context)
    yield from contaminants.over_own_limits(certificate, assessments, context)
    yield from contaminants.near_limits(certificate, assessments, context)
    yield from contaminants.amounts_not_told(certificate, assessments, context)
    yield from contaminants.uninformative_limits(certificate, assessments, context)
    yield from identity.adulterated(certificate, assessments, context)
    yield from slips.unit_suspicion(certificate, lot.form, context)
    yield from profile.unnatural_profile(certificate, context)
    yield from documents.missing_batch(certificate, context)
    yield from documents.stale(certificate, context)
    yield from documents.missing_date(certificate, context)
    yield from documents.no_independent_laboratory(certificate, context, lot.vendor)
    yield from documents.not_accredited(certificate, context)
    yield from editing.edited_pdf(certificate, context)
    yield from links.link_not_to_lab(certificate, context, lot.vendor)
    own = [
        *authenticity.status_contradicts_limit(certificate, context),
        *authenticity.passed_as_a_whole(certificate, context),
        *authenticity.units_disagree(certificate, context),
        *authenticity.sum_mismatch(certificate, context),
        *authenticity.impossible_dates(certificate, context),
    ]
    yield from own
    yield from authenticity.problems_of_the_record(certificate, context, own)
