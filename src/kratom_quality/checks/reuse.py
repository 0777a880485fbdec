"""One report that serves for two: the same file, sample number or digits under another batch or another vendor."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from kratom_quality.checks.context import Context
from kratom_quality.checks.lots import Lot, distinctive_words
from kratom_quality.checks.settings import check_settings
from kratom_quality.claims import fold_name
from kratom_quality.digits import significant_digits
from kratom_quality.records import Certificate, Finding, Panel, Severity


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


def shown_twice(lot: Lot, context: Context) -> Iterator[Finding]:
    """Yield a file that one vendor shows under two names which are not those of a copy: it serves for two products."""
    for copy in lot.copies:
        (original,) = (one for one in lot.certificates if one.source.sha256 == copy.source.sha256)
        names = [Path(one.source.path or "").stem for one in (original, copy)]
        if _without_copy_mark(names[0]) != _without_copy_mark(names[1]):
            reason = f"one certificate is shown under two names, {names[0]!r} and {names[1]!r}, byte for byte the same"
            probability = context.settings.authenticity.probability_two_names
            yield context.finding(
                "reused_certificate",
                copy,
                reason,
                citation=_CITATION,
                probability=probability,
                severity=Severity.MEDIUM,
            )


def _without_copy_mark(stem: str) -> str:
    return fold_name(_COPY_MARK.sub("", stem.casefold()))


# What file systems and browsers add to the name of a copy.
_COPY_MARK = re.compile(r"[\s_-]*(?:\(\d+\)|copy(?:[\s_-]*\d+)?|[\s_-]\d)$|^copy of ")
_CITATION = "a sample has one batch, one number and digits of its own"


def _signs(certificate: Certificate) -> Iterator[_Sign]:
    """Yield what should be a certificate's own, plainest first."""
    yield _Sign(certificate.source.sha256, "is the same file, byte for byte, as")
    laboratory, sample = fold_name(certificate.laboratory.name or ""), fold_name(certificate.sample_id or "")
    if laboratory and sample:
        yield _Sign((laboratory, sample), f"bears the sample number {certificate.sample_id} as does")
    for panel, digits in _digits(certificate, check_settings().authenticity.significant_digits).items():
        if len(digits) >= check_settings().authenticity.fewest_equal_results:
            words = f"prints the same {len(digits)} results of {panel.replace('_', ' ')}, digit for digit, as"
            yield _Sign((panel, frozenset(digits.items())), words, panel)
    for panel, digits in _digits(certificate, check_settings().authenticity.significant_digits_but_one).items():
        if len(digits) > check_settings().authenticity.fewest_equal_results:
            words = (
                f"prints {len(digits) - 1} of its {len(digits)} results of {panel.replace('_', ' ')} digit for digit as"
            )
            for one in digits.items():
                yield _Sign((panel, one[0], frozenset(digits.items() - {one})), words, panel)


def _digits(certificate: Certificate, fewest: int) -> dict[Panel, dict[str, float]]:
    """Return what was measured with so many significant digits, by panel and analyte."""
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
    """Whether the two certificates speak of different goods: another vendor's, batch or, with no batch, product."""
    if one.lot.vendor != other.lot.vendor:
        return not _made_for(one) or _made_for(other)
    if one.lot.batch and other.lot.batch:
        return one.lot.key != other.lot.key
    products = {fold_name(filed.certificate.product or "") for filed in (one, other)}
    return len(products - {""}) == 2 and not (one.lot.batch or other.lot.batch)


def _made_for(filed: _Filed) -> bool:
    """Whether the certificate's client is the vendor who shows it."""
    words = distinctive_words(filed.lot.vendor)
    return bool(words) and words <= distinctive_words(filed.certificate.client)


def _reused(filed: _Filed, sign: _Sign, others: Sequence[_Filed], context: Context) -> Finding:
    own = [other for other in others if other.lot.vendor == filed.lot.vendor]
    theirs = [other for other in others if _made_for(other)]
    other = (own or theirs or others)[0]
    goods = f"batch {other.lot.batch}" if other.lot.batch else f"{other.certificate.product}"
    whose = goods if own else f"vendor {other.lot.vendor}"
    sure = bool(own or theirs)
    probability = None if sure else context.settings.authenticity.probability_other_vendor
    path = other.certificate.source.path or "another certificate"
    return context.finding(
        "reused_certificate",
        filed.certificate,
        f"the certificate {sign.words} that of {whose} ({path})",
        rows=[row for row in filed.certificate.results if row.panel is sign.panel],
        citation=_CITATION,
        probability=probability,
        severity=None if sure else Severity.MEDIUM,
    )
