"""One report that serves for two: the same file, sample number or digits under another batch or another vendor."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from hashlib import blake2b
from pathlib import Path
from typing import NamedTuple

from kratom_quality.checks.context import Context
from kratom_quality.checks.lots import Lot, distinctive_words
from kratom_quality.checks.settings import check_settings
from kratom_quality.claims import fold_name
from kratom_quality.digits import significant_digits
from kratom_quality.records import Certificate, Finding, Panel, Severity


class _Sign(NamedTuple):
    """What two certificates have in common: a digest for equality, and for the reason words and the panel."""

    digest: bytes
    words: str
    panel: Panel | None = None


class Mark(NamedTuple):
    """A certificate as others are held against it: whose it is, of which goods, and the digests of its signs.

    Parameters
    ----------
    lot
        Key of the batch it is filed under.
    signs
        What should be its own, plainest first, 16 bytes each.
    """

    vendor: str
    lot: str
    batch: str | None
    product: str | None
    client: str | None
    path: str | None
    sha256: str
    signs: tuple[bytes, ...]


SIGN_BYTES = 16

Holders = Mapping[bytes, Sequence[Mark]]
"""By sign, the certificates that bear it, in order of vendor, batch and file; signs of one certificate may miss."""


def marks_of(lots: Iterable[Lot]) -> list[Mark]:
    """Return the marks of all certificates of batches, in order."""
    return [_mark(lot, certificate) for lot in lots for certificate in lot.certificates]


def _mark(lot: Lot, certificate: Certificate) -> Mark:
    return Mark(
        vendor=lot.vendor,
        lot=lot.key,
        batch=certificate.batch,
        product=certificate.product,
        client=certificate.client,
        path=certificate.source.path,
        sha256=certificate.source.sha256,
        signs=tuple(sign.digest for sign in _signs(certificate)),
    )


def holders_of(marks: Iterable[Mark]) -> Holders:
    """Return who bears each sign, of the signs that more than one certificate bears."""
    holders: dict[bytes, list[Mark]] = defaultdict(list)
    for mark in marks:
        for sign in mark.signs:
            holders[sign].append(mark)
    return {sign: sorted(group, key=_place) for sign, group in holders.items() if len(group) > 1}


def _place(mark: Mark) -> tuple[str, str, str, str]:
    return mark.vendor, mark.lot, mark.path or "", mark.sha256


def reused_certificates(
    lots: Iterable[Lot], marks: Iterable[Mark], holders: Holders, context: Context
) -> dict[str, list[Finding]]:
    """Return, by lot, a finding for each certificate of one vendor that another batch or vendor shows too.

    Parameters
    ----------
    marks
        Of the vendor's certificates, as :func:`marks_of` gives them.
    holders
        Of the signs of these, all certificates of the market that bear them.
    """
    found: dict[str, list[Finding]] = defaultdict(list)
    certificates = (certificate for lot in lots for certificate in lot.certificates)
    for certificate, mark in zip(certificates, marks, strict=True):
        finding = _finding(certificate, mark, holders, context)
        if finding is not None:
            found[mark.lot].append(finding)
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
    yield _Sign(_digest("file", certificate.source.sha256), "is the same file, byte for byte, as")
    laboratory, sample = fold_name(certificate.laboratory.name or ""), fold_name(certificate.sample_id or "")
    if laboratory and sample:
        words = f"bears the sample number {certificate.sample_id} as does"
        yield _Sign(_digest("sample", laboratory, sample), words)
    settings = check_settings().authenticity
    for panel, digits in _digits(certificate, settings.significant_digits).items():
        if len(digits) >= settings.fewest_equal_results:
            words = f"prints the same {len(digits)} results of {panel.replace('_', ' ')}, digit for digit, as"
            yield _Sign(_digest("all", panel, *_in_order(digits)), words, panel)
    for panel, digits in _digits(certificate, settings.significant_digits_but_one).items():
        if len(digits) > settings.fewest_equal_results:
            words = (
                f"prints {len(digits) - 1} of its {len(digits)} results of {panel.replace('_', ' ')} digit for digit as"
            )
            ordered = _in_order(digits)
            for place, analyte in enumerate(sorted(digits)):
                yield _Sign(_digest("but", panel, analyte, *ordered[:place], *ordered[place + 1 :]), words, panel)


def _in_order(digits: Mapping[str, float]) -> list[str]:
    return [f"{analyte}={digits[analyte]!r}" for analyte in sorted(digits)]


def _digest(*parts: str) -> bytes:
    return blake2b("\x1f".join(parts).encode("utf-8", "surrogatepass"), digest_size=SIGN_BYTES).digest()


def _digits(certificate: Certificate, fewest: int) -> dict[Panel, dict[str, float]]:
    """Return what was measured with so many significant digits, by panel and analyte."""
    measured: dict[Panel, dict[str, float]] = defaultdict(dict)
    for row in certificate.results:
        if row.analyte and row.value.number and not row.total and significant_digits(row.value) >= fewest:
            measured[row.panel].setdefault(row.analyte, row.value.number)
    return measured


def _finding(certificate: Certificate, mark: Mark, holders: Holders, context: Context) -> Finding | None:
    for digest in mark.signs:
        others = [other for other in holders.get(digest, ()) if _is_another(mark, other)]
        if others:
            sign = next(sign for sign in _signs(certificate) if sign.digest == digest)
            return _reused(certificate, mark, sign, others, context)
    return None


def _is_another(one: Mark, other: Mark) -> bool:
    """Whether the two certificates speak of different goods: another vendor's, batch or, with no batch, product."""
    if one.vendor != other.vendor:
        return not _made_for(one) or _made_for(other)
    if one.batch and other.batch:
        return one.lot != other.lot
    products = {fold_name(mark.product or "") for mark in (one, other)}
    return len(products - {""}) == 2 and not (one.batch or other.batch)


def _made_for(mark: Mark) -> bool:
    """Whether the certificate's client is the vendor who shows it."""
    words = distinctive_words(mark.vendor)
    return bool(words) and words <= distinctive_words(mark.client)


def _reused(certificate: Certificate, mark: Mark, sign: _Sign, others: Sequence[Mark], context: Context) -> Finding:
    own = [other for other in others if other.vendor == mark.vendor]
    theirs = [other for other in others if _made_for(other)]
    other = (own or theirs or others)[0]
    goods = f"batch {other.batch}" if other.batch else f"{other.product}"
    whose = goods if own else f"vendor {other.vendor}"
    sure = bool(own or theirs)
    probability = None if sure else context.settings.authenticity.probability_other_vendor
    path = other.path or "another certificate"
    return context.finding(
        "reused_certificate",
        certificate,
        f"the certificate {sign.words} that of {whose} ({path})",
        rows=[row for row in certificate.results if row.panel is sign.panel],
        citation=_CITATION,
        probability=probability,
        severity=None if sure else Severity.MEDIUM,
    )
