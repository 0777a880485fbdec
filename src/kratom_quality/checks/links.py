"""Do the addresses on a certificate lead to the laboratory: a copy on the seller's own site confirms nothing."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from urllib.parse import SplitResult, urlsplit

from kratom_quality.checks.context import Context
from kratom_quality.checks.lots import distinctive_words
from kratom_quality.records import Certificate, Finding, Source, Url

_CITATION = "a certificate is verified at the laboratory that issued it"


def link_not_to_lab(certificate: Certificate, context: Context, vendor: str) -> Iterator[Finding]:
    """Yield, once, a link or QR code that leads to the seller's site or to a place where anybody can put a file.

    Addresses that are neither may well be the laboratory's or its report platform's. A link to a site's
    front page is part of an address block and verifies nothing. Without a laboratory there is no right address.
    """
    laboratory, settings = certificate.laboratory.name, context.settings.links
    if not laboratory:
        return
    to_seller: list[Url] = []
    to_file_host: list[Url] = []
    for url in certificate.verification_urls:
        address = _address(url)
        host = address.hostname or "" if address else ""
        if not host or _names(host, laboratory) or _is_at(host, settings.report_platforms):
            continue
        if any(_names(host, seller) for seller in (certificate.client, vendor)):
            to_seller.append(url)
        elif _is_at(host, settings.file_hosts):
            to_file_host.append(url)
    if to_seller:
        yield _finding(certificate, context, to_seller, "the seller's own site")
    elif to_file_host:
        where = "a place where anybody can put a file"
        yield _finding(certificate, context, to_file_host, where, settings.probability_file_host)


def _finding(
    certificate: Certificate, context: Context, urls: list[Url], where: str, probability: float | None = None
) -> Finding:
    what = "QR code" if urls[0].kind == "qr" else "link"
    return context.finding(
        "link_not_to_lab",
        certificate,
        f"the {what} {urls[0].url} leads to {where}, not to {certificate.laboratory.name}",
        citation=_CITATION,
        probability=probability,
        sources=[Source(page=url.page, box=url.box, printed=url.url, reader=url.kind) for url in urls],
    )


def _address(url: Url) -> SplitResult | None:
    """Return a web address that may verify something, in parts."""
    try:
        address = urlsplit(url.url.casefold())
    except ValueError:
        return None
    leads_somewhere = address.path.strip("/") or address.query or address.fragment
    return address if address.scheme in {"http", "https"} and (url.kind == "qr" or leads_somewhere) else None


def _is_at(host: str, domains: Iterable[str]) -> bool:
    return any(host == domain or host.endswith(f".{domain}") for domain in domains)


def _names(host: str, company: str | None) -> bool:
    """Whether a host holds every word that tells a company's name from others."""
    words, squashed = distinctive_words(company), re.sub(r"[\W_]", "", host)
    return len("".join(words)) >= _SHORTEST_NAME and all(word in squashed for word in words)


_SHORTEST_NAME = 3  # letters; shorter ones stand in many addresses by chance
