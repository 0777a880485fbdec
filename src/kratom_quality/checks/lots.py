"""Certificates in the groups that are judged together: by vendor, and by production batch."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from kratom_quality.checks.settings import check_settings
from kratom_quality.claims import fold_name
from kratom_quality.records import Certificate, Panel
from kratom_quality.standards import ProductForm

UNKNOWN_VENDOR = "(unknown)"
Item = TypeVar("Item")

VendorCertificates = Mapping[str, Sequence[Certificate]]
"""Certificates by the vendor whose products they speak of."""


@dataclass(frozen=True, slots=True)
class Lot:
    """One production batch of a vendor with all its certificates.

    Parameters
    ----------
    vendor
        Who sells it.
    key
        What its certificates share: the batch number without case and punctuation, or the file where none is printed.
    batch
        The batch as printed; None where none is.
    certificates
        One or more, in the order given.
    copies
        Certificates that are the same file as one of these, byte for byte, and lie elsewhere.
    """

    vendor: str
    key: str
    batch: str | None
    certificates: tuple[Certificate, ...]
    copies: tuple[Certificate, ...] = ()

    @property
    def form(self) -> ProductForm:
        """Extract or single pieces where a word of the product or matrix, or a unit of its alkaloids, says so."""
        settings = check_settings().documents
        words = frozenset().union(*map(_words_of_product, self.certificates))
        units = {
            row.value.unit or "" for one in self.certificates for row in one.results if row.panel is Panel.ALKALOIDS
        }
        if words & settings.extract_words or units & settings.extract_units:
            return "extract"
        pieces = {unit.partition("/")[2] for unit in units} & check_settings().articles
        return "capsule" if pieces or words & settings.piece_words else "leaf"


def by_client(certificates: Iterable[Certificate]) -> dict[str, list[Certificate]]:
    """Group certificates by the client they were made for; names are compared without case and spaces."""
    return group_by_client((certificate.client, certificate) for certificate in certificates)


def group_by_client(items: Iterable[tuple[str | None, Item]]) -> dict[str, list[Item]]:
    """Group anything by the client that stands beside it."""
    spelling: dict[str, str] = {}
    groups: dict[str, list[Item]] = {}
    for name, item in items:
        client = " ".join((name or UNKNOWN_VENDOR).split())
        groups.setdefault(spelling.setdefault(client.casefold(), client), []).append(item)
    return groups


def lots_of(vendor: str, certificates: Iterable[Certificate]) -> tuple[Lot, ...]:
    """Group a vendor's certificates by batch, in order; a file given twice counts once, one without batch is alone."""
    groups: dict[str, dict[str, list[Certificate]]] = {}
    for certificate in sorted(certificates, key=_order):
        key = fold_name(certificate.batch or "") or f"file {certificate.source.sha256}"
        groups.setdefault(key, {}).setdefault(certificate.source.sha256, []).append(certificate)
    return tuple(_lot(vendor, key, groups[key].values()) for key in sorted(groups))


def _lot(vendor: str, key: str, files: Iterable[Sequence[Certificate]]) -> Lot:
    first = tuple(copies[0] for copies in files)
    others = tuple(copy for copies in files for copy in copies[1:] if copy.source.path != copies[0].source.path)
    return Lot(vendor, key, first[0].batch, first, others)


def is_read(certificate: Certificate) -> bool:
    """Whether anything was read by which a product could be judged: results, or at least verdicts on panels."""
    return bool(certificate.results or certificate.panel_status)


def distinctive_words(name: str | None) -> frozenset[str]:
    """Return the words of a company's name that tell it from others."""
    words = re.findall(r"\w+", (name or "").casefold())
    return frozenset(words) - check_settings().documents.company_words


def _order(certificate: Certificate) -> tuple[str, str]:
    return certificate.source.path or "", certificate.source.sha256


def _words_of_product(certificate: Certificate) -> frozenset[str]:
    return frozenset(re.findall(r"[^\W_]+", f"{certificate.product or ''} {certificate.matrix or ''}".casefold()))
