"""What the label claims against what was measured."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from kratom_quality.checks.amounts import UNTESTED, Amount, amount_in, amount_of, name_of, unit_of
from kratom_quality.checks.context import Context
from kratom_quality.checks.lots import Lot
from kratom_quality.checks.settings import check_settings
from kratom_quality.checks.uncertainty import normal_probability, standard_score, stated_uncertainty
from kratom_quality.claims import Claim, fold_name
from kratom_quality.errors import UnitError
from kratom_quality.records import Certificate, Finding, Result, Value


@dataclass(frozen=True, slots=True)
class Comparison:
    """A claim beside the row that answers it.

    Parameters
    ----------
    ratio
        Measured to claimed; an interval where the result is one.
    probability
        That the true ratio is outside the tolerance.
    """

    claim: Claim
    certificate: Certificate
    row: Result
    ratio: Amount
    probability: float


def compare_labels(lot: Lot, context: Context) -> tuple[Comparison, ...]:
    """Compare every claim made of a lot with its certificates, where both speak in units that convert.

    A claim that a certificate prints beside its result is compared too, unless the claims file speaks of that analyte.
    """
    filed = [
        comparison
        for claim in _claims_on(lot, context)
        for certificate in lot.certificates
        if _is_of(claim, certificate) and (comparison := _compare(claim, certificate, context))
    ]
    spoken = {comparison.claim.analyte for comparison in filed}
    printed = (
        comparison
        for certificate in lot.certificates
        for row in certificate.results
        if row.analyte not in spoken and (comparison := _compare_printed(lot, certificate, row, context))
    )
    compared = (*filed, *printed)
    spoken |= {comparison.claim.analyte for comparison in compared}
    stated = (
        comparison
        for certificate in lot.certificates
        for label_claim in certificate.label_claims
        if label_claim.analyte not in spoken
        and (claim := _as_claim(lot, certificate, label_claim.analyte, label_claim.value))
        and (comparison := _compare(claim, certificate, context))
    )
    return (*compared, *stated)


def label_claims_off(comparisons: tuple[Comparison, ...], context: Context) -> Iterator[Finding]:
    """Yield claims that the measured amount misses by more than the tolerance."""
    settings = context.settings.labels
    for comparison in comparisons:
        ratio = comparison.ratio
        if settings.lowest_ratio <= ratio.upper and ratio.lower <= settings.highest_ratio:
            continue
        row, claim = comparison.row, comparison.claim
        share = f"{ratio.upper:.0%}" if ratio.measured else f"at most {ratio.upper:.0%}"
        yield context.finding(
            "label_claim_off",
            comparison.certificate,
            f"{name_of(row)} {row.value} is {share} of the {_claimed(claim, comparison.certificate)} the label claims",
            rows=(row,),
            analyte=claim.analyte,
            citation=f"label claim ({claim.place}), tolerance"
            f" {settings.lowest_ratio:.0%} to {settings.highest_ratio:.0%}",
            probability=comparison.probability,
        )


def _claimed(claim: Claim, certificate: Certificate) -> str:
    grams, per = _portion(claim, certificate), claim.unit.partition("/")[2]
    return f"{claim.in_words()} (a {per} being {grams:g} g, as the certificate prints)" if grams else claim.in_words()


def unanswered_claims(vendor: str, comparisons: Iterable[Comparison], context: Context) -> Iterator[Finding]:
    """Yield the vendor's claims that no certificate answers, so that silence is not taken for agreement."""
    answered = {id(comparison.claim) for comparison in comparisons}
    for claim in context.claims_of(vendor):
        if id(claim) not in answered:
            whose = " ".join(filter(None, (claim.product, claim.batch))) or "every product"
            reason = f"no certificate answers the claim of {claim.in_words()} {claim.analyte} on {whose}"
            yield context.finding("claim_unanswered", None, reason, analyte=claim.analyte, citation=claim.place)


def claims_on_nobody(vendors: Iterable[str], context: Context) -> dict[str, Finding]:
    """Return, by vendor, that claims name it and no certificate is of it: a misspelt name would go unnoticed."""
    return {
        vendor: context.finding("claim_unanswered", None, reason, citation="the claims file")
        for vendor, reason in context.claims.on_nobody(vendors).items()
    }


def _claims_on(lot: Lot, context: Context) -> list[Claim]:
    """Return the vendor's claims on this batch, or on any; one that names the batch speaks before one that does not."""
    ours = context.claims_of(lot.vendor)
    named = [claim for claim in ours if claim.batch is not None and fold_name(claim.batch) == lot.key]
    spoken = {claim.analyte for claim in named}
    return named + [claim for claim in ours if claim.batch is None and claim.analyte not in spoken]


def _is_of(claim: Claim, certificate: Certificate) -> bool:
    """Whether the claim is made of the certificate's product; a batch named by both settles it."""
    claimed, printed = fold_name(claim.product), fold_name(certificate.product or "")
    return claim.batch is not None or not claimed or bool(printed and (claimed in printed or printed in claimed))


def _compare(claim: Claim, certificate: Certificate, context: Context) -> Comparison | None:
    found = amount_in(certificate, claim.analyte, claim.unit) or _by_portion(claim, certificate)
    return _judge(claim, certificate, *found, context) if found else None


def _by_portion(claim: Claim, certificate: Certificate) -> tuple[Amount, Result] | None:
    """Return the amount in a serving or piece, where the certificate prints what that weighs and results per gram."""
    grams, mass = _portion(claim, certificate), claim.unit.partition("/")[0]
    found = amount_in(certificate, claim.analyte, f"{mass}/g") if grams else None
    if found is None or grams is None:
        return None
    amount, row = found
    return Amount(amount.lower * grams, amount.upper * grams), row


def _portion(claim: Claim, certificate: Certificate) -> float | None:
    """Return the grams of what a claim is per, as the certificate prints them; None where it does not."""
    per = claim.unit.partition("/")[2]
    if per == "serving":
        portion = certificate.serving_size
    else:
        portion = certificate.unit_mass if per in check_settings().articles else None
    return portion.grams if portion else None


def _compare_printed(lot: Lot, certificate: Certificate, row: Result, context: Context) -> Comparison | None:
    """Compare a result with the claim printed beside it."""
    claim = _as_claim(lot, certificate, row.analyte, row.claim, unit_of(row))
    if claim is None or row.value.state in UNTESTED:
        return None
    try:
        return _judge(claim, certificate, amount_of(row, claim.unit), row, context)
    except UnitError:
        return None


def _as_claim(
    lot: Lot, certificate: Certificate, analyte: str | None, value: Value | None, unit: str | None = None
) -> Claim | None:
    """Return what a certificate says the label claims as a claim; None where it is no number with a unit."""
    unit = value.unit or unit if value else unit
    if analyte is None or value is None or not value.number or unit is None:
        return None
    return Claim(lot.vendor, certificate.product or "", lot.batch, analyte, value.number, unit, None)


def _judge(claim: Claim, certificate: Certificate, amount: Amount, row: Result, context: Context) -> Comparison | None:
    settings = context.settings.labels
    low, high = settings.lowest_ratio * claim.value, settings.highest_ratio * claim.value
    ratio = Amount(amount.lower / claim.value, amount.upper / claim.value)
    if amount.measured:
        stated = stated_uncertainty(row)
        too_little = normal_probability(-standard_score(amount.lower, low, claim.unit, stated=stated))
        too_much = normal_probability(standard_score(amount.lower, high, claim.unit, stated=stated))
        return Comparison(claim, certificate, row, ratio, too_little + too_much)
    if amount.upper < low or amount.lower > high:
        return Comparison(claim, certificate, row, ratio, context.settings.kinds["label_claim_off"].probability)
    return None
