"""Documents: what a buyer needs and does not find is named, what is there is not."""

from __future__ import annotations

from datetime import date

import pytest

from builders import COUNTS, METALS, PATHOGENS, TODAY, certificate, leaf, row
from kratom_quality.checks import check
from kratom_quality.records import Certificate, Dates, Laboratory, Panel, Problem, ProblemKind, Severity


def kinds(*certificates: Certificate, today: date = TODAY) -> list[str]:
    return [finding.kind for finding in check(certificates, today=today)]


def test_a_missing_panel_is_named_once_a_batch() -> None:
    """A panel no certificate of the batch has is missing; one that another certificate of the batch has is not."""
    alkaloids, rest = certificate(leaf()[:5], file="a.pdf"), certificate(leaf()[5:], file="b.pdf")
    assert kinds(alkaloids) == ["missing_panel", "missing_panel"]
    assert kinds(alkaloids, rest) == []
    assert kinds(alkaloids, certificate(leaf()[5:], batch="A-200")).count("missing_panel") == 3


def test_a_panel_printed_as_not_tested_is_missing() -> None:
    """Rows that say NT are no test."""
    untested = leaf(metals=dict.fromkeys(METALS, "NT"))
    assert kinds(certificate(untested)) == ["missing_panel"]


def test_a_panel_without_a_required_analyte_is_partial() -> None:
    """Four elements are asked for, and the missing one is named; a missing nickel is not."""
    (finding,) = check([certificate(leaf(metals={"Mercury": None}))], today=TODAY)
    assert finding.kind == "partial_panel"
    assert "does not test for mercury" in finding.reason


def test_a_verdict_without_results_is_a_partial_panel() -> None:
    """A tile that says Pass shows no number to judge by."""
    tile = certificate(leaf(metals=dict.fromkeys(METALS)), panel_status={Panel.HEAVY_METALS: "pass"})
    (finding,) = check([tile], today=TODAY)
    assert finding.kind == "partial_panel"
    assert "a verdict and no results" in finding.reason
    untested = certificate(leaf(metals=dict.fromkeys(METALS)), panel_status={Panel.HEAVY_METALS: "not_tested"})
    assert kinds(untested) == ["missing_panel"]


def test_an_extract_needs_its_solvents_tested() -> None:
    """What a product was extracted with may stay in it; leaf is not asked for it."""
    assert kinds(certificate(product="Gold Tincture")) == ["missing_panel"]
    tested = leaf(row("Methanol", "ND", "ppm", loq="100"))
    assert kinds(certificate(tested, product="Gold Tincture")) == []


def test_a_certificate_without_batch_laboratory_or_date_is_named_for_each() -> None:
    """Each gap is its own finding."""
    assert kinds(certificate(batch=None)) == ["missing_batch"]
    assert kinds(certificate(laboratory=Laboratory())) == ["no_independent_lab"]
    assert kinds(certificate(laboratory=Laboratory(name="Birchwater Analytical"))) == ["not_accredited"]
    assert kinds(certificate(dates=Dates())) == ["missing_date"]


@pytest.mark.parametrize(
    ("name", "kind"), [("Acorn Botanicals Labs, Inc.", ["no_independent_lab"]), ("Acorn Ridge Testing LLC", [])]
)
def test_a_laboratory_with_the_sellers_name_is_not_independent(name: str, kind: list[str]) -> None:
    """The same distinctive words are the same house; a shared word is not."""
    laboratory = Laboratory(name=name, accreditation="ISO/IEC 17025:2017")
    assert kinds(certificate(laboratory=laboratory)) == kind


def test_a_folder_named_after_the_laboratory_does_not_make_it_the_seller() -> None:
    """The client on the page says who sells; the folder only where no client is printed."""
    laboratory = Laboratory(name="Birchwater Analytical", accreditation="ISO/IEC 17025:2017")
    named = certificate(laboratory=laboratory, client="Acorn Botanicals")
    unnamed = certificate(laboratory=laboratory, client=None)
    assert check({"birchwater-labs": [named]}, today=TODAY) == []
    assert [finding.kind for finding in check({"birchwater-labs": [unnamed]}, today=TODAY)] == ["no_independent_lab"]


def test_what_could_not_be_read_is_evidence_of_nothing() -> None:
    """A scan without results is noted with what can be done, and nothing is said to be missing from it."""
    scan = Problem(kind=ProblemKind.NO_TEXT, message="page 1 is a scan; add a text layer")
    unread = certificate([], batch=None, laboratory=Laboratory(), dates=Dates(), problems=(scan,))
    (finding,) = check([unread], today=TODAY)
    assert (finding.kind, finding.severity) == ("unread_certificate", Severity.INFO)
    assert "add a text layer" in finding.reason


def test_a_certificate_grows_stale_after_a_year() -> None:
    """The day of judgement is a parameter: a year to the day is allowed, a day more is not."""
    assert kinds(certificate(), today=date(2027, 8, 10)) == []
    assert kinds(certificate(), today=date(2027, 8, 11)) == ["stale"]


def test_a_file_given_twice_counts_once() -> None:
    """The same bytes twice under one vendor are one certificate."""
    assert kinds(certificate(batch=None), certificate(batch=None)) == ["missing_batch"]


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("In-House Laboratory", True),
        ("Internal QC Lab", True),
        ("Acorn Botanicals In-House Lab", True),
        ("Acorn Internal Quality Control", True),
        ("Inner House Analytical", False),
    ],
)
def test_a_laboratory_of_no_house_of_its_own_is_the_sellers(name: str, found: bool) -> None:
    """What names only the inside of a house is not independent; a name that holds such a word may be."""
    laboratory = Laboratory(name=name, accreditation="ISO/IEC 17025:2017")
    assert ("no_independent_lab" in kinds(certificate(laboratory=laboratory))) is found


def test_after_two_years_a_certificate_weighs_more() -> None:
    """Older than a year is low, than two of medium severity; the finding says how old."""
    (one,) = check([certificate()], today=date(2027, 9, 1))
    (two,) = check([certificate()], today=date(2028, 9, 1))
    assert (one.severity, two.severity) == (Severity.LOW, Severity.MEDIUM)
    assert "387 days before 2027-09-01" in one.reason


@pytest.mark.parametrize(
    ("product", "missing"),
    [
        ("Green Malay Capsules", False),
        ("Green Malay Powder", False),
        ("Gold Shot 60 mL", True),
        ("Gold Extract Capsules", True),
    ],
)
def test_the_panels_needed_follow_the_form_of_the_product(product: str, missing: bool) -> None:
    """Leaf, loose or in capsules, needs no solvents; what is extracted does, in whatever pieces it is sold."""
    assert ("missing_panel" in kinds(certificate(product=product))) is missing
    without = certificate(leaf(microbes=dict.fromkeys((*COUNTS, *PATHOGENS))), product=product)
    assert "missing_panel" in kinds(without)


def test_alkaloids_per_volume_make_a_product_an_extract() -> None:
    """Leaf is no liquid, whatever the product is called."""
    liquid = [row("Mitragynine", "2.1", "mg/mL"), row("7-Hydroxymitragynine", "0.02", "mg/mL"), *leaf()[5:]]
    reasons = [finding.reason for finding in check([certificate(liquid, product="Red Bali")], today=TODAY)]
    assert any("residual solvents" in reason for reason in reasons)
