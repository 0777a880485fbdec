"""One report that serves for two: the same file, sample number or digits under another batch or another vendor."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator, Sequence
from typing import NamedTuple

from kratom_quality.checks.context import Context
from kratom_quality.checks.lots import Lot, distinctive_words
from kratom_quality.checks.settings import check_settings
from kratom_quality.claims import fold_name
from kratom_quality.digits import significant_digits
from kratom_quality.records import Certificate, Finding, Panel


class _Sign(NamedTuple):
    """What two certificates have in common: a key for equality, and for the reason words and the panel it stands in."""

    key: Hashable
    words: str
    panel: Panel | None = None


class _Filed(NamedTuple):
    lot: Lot
    certificate: Certificate
    signs: tuple[_Sign, ...]


def reused_certificates(lots: Iterable[Lot], context: Context) -> dict[tuple[str, str], list[Finding]]:
    """Return, by vendor and lot, a finding for each certificate that another batch or vendor shows too."""
    all_filed = [
        _Filed(lot, certificate, tuple(_signs(certificate))) for lot in lots for certificate in lot.certificates
    ]
    holders: dict[Hashable, list[_Filed]] = defaultdict(list)
    for filed in all_filed:
        for sign in filed.signs:
            holders[sign.key].append(filed)
    found: dict[tuple[str, str], list[Finding]] = defaultdict(list)
    for filed in all_filed:
        finding = _finding(filed, holders, context)
        if finding is not None:
            found[filed.lot.vendor, filed.lot.key].append(finding)
    return found


def _signs(certificate: Certificate) -> Iterator[_Sign]:
    """Yield what should be a certificate's own, plainest first."""
    yield _Sign(certificate.source.sha256, "is the same file, byte for byte, as")
    laboratory, sample = fold_name(certificate.laboratory.name or ""), fold_name(certificate.sample_id or "")
    if laboratory and sample:
        yield _Sign((laboratory, sample), f"bears the sample number {certificate.sample_id} as does")
    for panel, digits in _digits(certificate).items():
        if len(digits) >= check_settings().authenticity.fewest_equal_results:
            words = f"prints the same {len(digits)} results of {panel.replace('_', ' ')}, digit for digit, as"
            yield _Sign((panel, frozenset(digits.items())), words, panel)


def _digits(certificate: Certificate) -> dict[Panel, dict[str, float]]:
    """Return what was measured, by panel and analyte, with digits enough to tell two samples apart."""
    fewest = check_settings().authenticity.significant_digits
    measured: dict[Panel, dict[str, float]] = defaultdict(dict)
    for row in certificate.results:
        if row.analyte and row.value.number and not row.total and significant_digits(row.value) >= fewest:
            measured[row.panel].setdefault(row.analyte, row.value.number)
    return measured


def _finding(filed: _Filed, holders: dict[Hashable, list[_Filed]], context: Context) -> Finding | None:
    for sign in filed.signs:
        others = [other for other in holders[sign.key] if _is_another(filed, other)]
        if others:
            return _reused(filed, sign, others, context)
    return None


def _is_another(one: _Filed, other: _Filed) -> bool:
    """Whether the two certificates speak of different goods: another vendor's, or another batch that both name."""
    if one.lot.vendor != other.lot.vendor:
        return not _made_for(one) or _made_for(other)
    return bool(one.lot.batch and other.lot.batch) and one.lot.key != other.lot.key


def _made_for(filed: _Filed) -> bool:
    """Whether the certificate's client is the vendor who shows it."""
    words = distinctive_words(filed.lot.vendor)
    return bool(words) and words <= distinctive_words(filed.certificate.client)


def _reused(filed: _Filed, sign: _Sign, others: Sequence[_Filed], context: Context) -> Finding:
    own = [other for other in others if other.lot.vendor == filed.lot.vendor]
    other = (own or others)[0]
    whose = f"batch {other.lot.batch}" if own else f"vendor {other.lot.vendor}"
    probability = None if own else context.settings.authenticity.probability_other_vendor
    path = other.certificate.source.path or "another certificate"
    return context.finding(
        "reused_certificate",
        filed.certificate,
        f"the certificate {sign.words} that of {whose} ({path})",
        rows=[row for row in filed.certificate.results if row.panel is sign.panel],
        citation="a sample has one batch, one number and digits of its own",
        probability=probability,
    )
