"""Do the addresses on a certificate lead to the laboratory: a copy on the seller's own site confirms nothing."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from enum import StrEnum
from urllib.parse import urlsplit

from kratom_quality.checks.context import Context
from kratom_quality.checks.lots import distinctive_words
from kratom_quality.checks.settings import LinkSettings
from kratom_quality.records import Certificate, Finding, Severity, Source, Url

_CITATION = "a certificate is verified at the laboratory that issued it"


def link_not_to_lab(certificate: Certificate, context: Context, vendor: str) -> Iterator[Finding]:
    """Yield, once, a link or QR code that leads to the seller's site or to a place where anybody can put a file.

    An address that is neither and does not resemble the laboratory's name weighs little, for it may well be that of a
    report platform; beside one that does it weighs nothing. A link to a site's front page is part of an address block
    and verifies nothing. Without a laboratory there is no right address.
    """
    laboratory, settings = certificate.laboratory.name, context.settings.links
    if not laboratory:
        return
    led_to: dict[_Where, list[Url]] = defaultdict(list)
    for url in certificate.verification_urls:
        if host := _host(url):
            led_to[_where(host, certificate, vendor, settings)].append(url)
    if urls := led_to[_Where.SELLER]:
        yield _finding(certificate, context, urls, _Where.SELLER)
    elif urls := led_to[_Where.FILE_HOST]:
        yield _finding(certificate, context, urls, _Where.FILE_HOST, settings.probability_file_host)
    elif (urls := led_to[_Where.ELSEWHERE]) and not led_to[_Where.LABORATORY]:
        yield _finding(certificate, context, urls, _Where.ELSEWHERE, settings.probability_elsewhere, Severity.LOW)


class _Where(StrEnum):
    """Where an address leads."""

    LABORATORY = "the laboratory"
    SELLER = "the seller's own site"
    FILE_HOST = "a place where anybody can put a file"
    ELSEWHERE = "a site whose name is not the laboratory's"


def _where(host: str, certificate: Certificate, vendor: str, settings: LinkSettings) -> _Where:
    laboratory = certificate.laboratory.name
    if _names(host, laboratory) or _is_at(host, settings.report_platforms):
        return _Where.LABORATORY
    if any(_names(host, seller) for seller in (certificate.client, vendor)):
        return _Where.SELLER
    if _is_at(host, settings.file_hosts):
        return _Where.FILE_HOST
    return _Where.LABORATORY if _resembles(host, laboratory) else _Where.ELSEWHERE


def _finding(
    certificate: Certificate,
    context: Context,
    urls: list[Url],
    where: str,
    probability: float | None = None,
    severity: Severity | None = None,
) -> Finding:
    what = "QR code" if urls[0].kind == "qr" else "link"
    return context.finding(
        "link_not_to_lab",
        certificate,
        f"the {what} {urls[0].url} leads to {where}, not to {certificate.laboratory.name}",
        citation=_CITATION,
        probability=probability,
        severity=severity,
        sources=[Source(page=url.page, box=url.box, printed=url.url, reader=url.kind) for url in urls],
    )


def _host(url: Url) -> str | None:
    """Return the host of a web address that may verify something."""
    try:
        address = urlsplit(url.url.casefold())
    except ValueError:
        return None
    leads_somewhere = address.path.strip("/") or address.query or address.fragment
    return address.hostname if address.scheme in {"http", "https"} and (url.kind == "qr" or leads_somewhere) else None


def _is_at(host: str, domains: Iterable[str]) -> bool:
    return any(host == domain or host.endswith(f".{domain}") for domain in domains)


def _names(host: str, company: str | None) -> bool:
    """Whether a host holds every word that tells a company's name from others."""
    words, squashed = distinctive_words(company), re.sub(r"[\W_]", "", host)
    return len("".join(words)) >= _SHORTEST_NAME and all(word in squashed for word in words)


def _resembles(host: str, company: str | None) -> bool:
    """Whether a host holds a longer word of a company's name, or its initials."""
    words = re.findall(r"\w+", (company or "").casefold())
    squashed, initials = re.sub(r"[\W_]", "", host), "".join(word[0] for word in words)
    telling = any(len(word) > _SHORTEST_NAME and word in squashed for word in distinctive_words(company))
    return telling or (len(initials) >= _SHORTEST_NAME and initials in squashed)


_SHORTEST_NAME = 3  # letters; shorter ones stand in many addresses by chance
