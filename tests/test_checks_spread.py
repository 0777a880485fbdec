"""Spread between batches: results too much alike are found, careful work and coarse printing are not."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builders import TODAY, certificate, clean_batches, leaf
from conftest import FIXTURES
from kratom_quality import Certificate, read_folder
from kratom_quality.checks import check
from kratom_quality.checks.spread import lower_chi_square
from kratom_quality.records import Finding, Laboratory


def too_little(certificates: list[Certificate]) -> list[Finding]:
    return [finding for finding in check({"Acorn": certificates}, today=TODAY) if finding.kind == "too_little_spread"]


def batches(mitragynine: list[str], lead: list[str]) -> list[Certificate]:
    """Return batches of leaf whose other results are not measured."""
    others = dict.fromkeys(("7-Hydroxymitragynine", "Paynantheine", "Speciogynine", "Speciociliatine"), "ND")
    metals = dict.fromkeys(("Arsenic", "Cadmium", "Mercury"), "ND")
    return [
        certificate(leaf(alkaloids={"Mitragynine": one} | others, metals={"Lead": two} | metals), batch=f"A-{number}")
        for number, (one, two) in enumerate(zip(mitragynine, lead, strict=True))
    ]


def test_the_planted_series_is_found_on_its_newest_batch() -> None:
    """The in-house batches that differ by a last digit are one finding; the vendor's other series is none."""
    read = read_folder(FIXTURES / "certificates" / "gilded-ostrich-supply").certificates
    (finding,) = too_little(list(read))
    assert (finding.file or "").endswith("go-362.pdf")
    assert "GO-350, GO-357, GO-362" in finding.reason
    assert {source.page for source in finding.sources} == {1}


def test_batches_that_hardly_differ_are_found() -> None:
    """A last digit up or down over four batches is less than any method scatters."""
    found = too_little(batches(["1.420", "1.421", "1.420", "1.419"], ["0.342", "0.342", "0.343", "0.341"]))
    assert len(found) == 1
    assert "Mitragynine by 0.057 % (expected at least 1.9 %)" in found[0].reason


@pytest.mark.parametrize(
    ("mitragynine", "lead"),
    [
        (["1.420", "1.46", "1.39", "1.43"], ["0.342", "0.36", "0.31", "0.33"]),
        (["1.420", "1.421"], ["0.342", "0.343"]),
        (["1.420", "1.420", "1.420"], ["0.342", "0.342", "0.342"]),
        (["1.4", "1.4", "1.4"], ["0.3", "0.3", "0.3"]),
        (["1.4", "1.4", "1.4", "1.5"], ["0.3", "0.3", "0.3", "0.3"]),
        (["1.420", "1.46", "1.39", "1.43"], ["0.342", "0.342", "0.341", "0.342"]),
    ],
    ids=["a careful laboratory", "two", "the same report", "printed coarsely", "coarsely, one step", "like elements"],
)
def test_what_can_be_honest_is_no_finding(mitragynine: list[str], lead: list[str]) -> None:
    """Spread as methods have it, two batches, one report shown thrice, and coarse digits prove nothing."""
    assert too_little(batches(mitragynine, lead)) == []


def test_alkaloids_that_hardly_differ_tell_beside_elements_that_do() -> None:
    """A forger may make up the alkaloids alone; only they are named."""
    (finding,) = too_little(batches(["1.420", "1.421", "1.419"], ["0.342", "0.81", "0.12"]))
    assert "Mitragynine" in finding.reason
    assert "Lead" not in finding.reason


def test_laboratories_and_vendors_are_judged_each_by_itself() -> None:
    """Batches that agree across two laboratories are no series."""
    alike = batches(["1.420", "1.421", "1.420", "1.419"], ["0.342", "0.342", "0.343", "0.341"])
    other = Laboratory(name="Other Lab", accreditation="ISO/IEC 17025:2017")
    mixed = [*alike[:2], *(one.model_copy(update={"laboratory": other}) for one in alike[2:])]
    assert too_little(mixed) == []


@given(st.integers(3, 12), st.integers(0, 10_000))
def test_ordinary_batches_are_never_too_much_alike(count: int, first: int) -> None:
    """Batches that vary by a few percent, fewer or more of them, are no finding."""
    assert too_little(clean_batches("acorn", count, first)) == []


@pytest.mark.parametrize(
    ("statistic", "freedom", "probability"),
    [(0.0, 3, 0.0), (0.0201, 2, 0.01), (0.297, 4, 0.01), (1.386, 2, 0.5), (9.348, 3, 0.975), (400.0, 3, 1.0)],
)
def test_the_chi_square_distribution_is_the_tabled_one(statistic: float, freedom: float, probability: float) -> None:
    """The distribution function agrees with the tables."""
    assert math.isclose(lower_chi_square(statistic, freedom), probability, abs_tol=5e-4)
