"""Addresses on certificates: those of the seller are found, those of the laboratory and its platform are not."""

from __future__ import annotations

import pytest

from builders import TODAY, certificate
from conftest import FIXTURES
from kratom_quality import read_folder
from kratom_quality.checks import check
from kratom_quality.records import Finding, Laboratory, Severity, Url


def found(*addresses: str, kind: str = "link", laboratory: str | None = "Birchwater Analytical") -> list[Finding]:
    urls = [Url.model_validate({"page": 2, "box": (1, 2, 3, 4), "url": address, "kind": kind}) for address in addresses]
    one = certificate(verification_urls=tuple(urls), laboratory=Laboratory(name=laboratory, accreditation="ISO 17025"))
    return [finding for finding in check([one], today=TODAY) if finding.kind == "link_not_to_lab"]


def test_the_planted_link_is_found_and_no_other() -> None:
    """Of the fixtures whose links can be followed, the one that leads to the vendor is named with page and address."""
    vendors = ("gilded-ostrich-supply", "blue-heron-botanicals")
    groups = {vendor: read_folder(FIXTURES / "certificates" / vendor).certificates for vendor in vendors}
    (finding,) = (one for one in check(groups, today=TODAY) if one.kind == "link_not_to_lab")
    assert (finding.file or "").endswith("go-324.pdf")
    assert [(source.page, source.reader) for source in finding.sources] == [(2, "link")]
    assert "Northlight Analytical" in finding.reason


@pytest.mark.parametrize(
    "address",
    [
        "https://birchwater.example/verify/7",
        "https://reports.birchwater-analytical.example/7",
        "https://birchwater.dropbox.com/7",
        "https://acorn.qbench.net/7",
        "https://www.acornbotanicals.example/",
        "https://www.acornbotanicals.example",
        "https://[broken/7",
        "ftp://acornbotanicals.example/7",
    ],
)
def test_an_address_that_may_be_the_laboratorys_is_no_finding(address: str) -> None:
    """The laboratory's site, its platform, and the front page in an address block are all fine."""
    assert found(address) == []


@pytest.mark.parametrize(
    ("address", "probability"),
    [
        ("https://acornbotanicals.example/coa/7.pdf", 0.9),
        ("https://shop.acorn-botanicals.example/?batch=7", 0.9),
        ("https://www.dropbox.com/s/7", 0.6),
        ("https://drive.google.com/file/d/7", 0.6),
    ],
)
def test_the_sellers_site_and_file_hosts_are_findings(address: str, probability: float) -> None:
    """A report on the seller's own site, or where anybody can put a file, is not shown by the laboratory."""
    (finding,) = found(address)
    assert finding.probability == probability
    assert address in finding.reason


@pytest.mark.parametrize("address", ["https://unheard-of.example/7", "https://notdropbox.com/7"])
def test_another_site_weighs_little_and_nothing_beside_the_laboratorys(address: str) -> None:
    """A site whose name is not the laboratory's may be a platform nobody listed; where both stand the real one is."""
    (finding,) = found(address)
    assert (finding.severity, finding.probability) == (Severity.LOW, 0.3)
    assert found(address, "https://birchwater.example/verify/7") == []


def test_a_code_to_the_sellers_front_page_counts() -> None:
    """Nobody prints a QR code as part of an address."""
    assert len(found("https://acornbotanicals.example", kind="qr")) == 1


def test_one_certificate_has_one_finding() -> None:
    """The same code on two pages, and a file host beside the seller's site, are one finding with every place."""
    (finding,) = found("https://acorn.example/7", "https://acorn.example/7", "https://dropbox.com/7", kind="qr")
    assert len(finding.sources) == 2


def test_without_links_or_laboratory_there_is_nothing_to_compare() -> None:
    """No link is no fault, and a sheet that names no laboratory is found for that."""
    assert found() == []
    assert found("https://acornbotanicals.example/7", laboratory=None) == []


def test_a_laboratory_that_bears_the_sellers_name_is_not_found_for_its_site() -> None:
    """In-house sheets link to the house; that it is no independent laboratory is another finding."""
    assert found("https://acornbotanicals.example/7", laboratory="Acorn Botanicals Quality Laboratory") == []
