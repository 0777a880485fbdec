"""Measurement uncertainty: as printed, in the record, and in a check's decision."""

from __future__ import annotations

import math

import pytest

from builders import row
from kratom_quality.checks.uncertainty import relative_uncertainty, standard_score, stated_uncertainty
from kratom_quality.parsing.layout import lay_out
from kratom_quality.parsing.names import Names
from kratom_quality.parsing.page_results import read_results
from kratom_quality.parsing.readings import HeadedCell
from kratom_quality.parsing.uncertainty import find_uncertainty
from kratom_quality.reading.page import Page
from kratom_quality.records import Result, Uncertainty, UncertaintyKind
from kratom_quality.values import parse_value
from kratom_quality.vocabulary import Vocabulary
from typesetting import words_of

EXPANDED, STANDARD, DEVIATION = UncertaintyKind.EXPANDED, UncertaintyKind.STANDARD, UncertaintyKind.DEVIATION


@pytest.mark.parametrize(
    ("result", "unit", "head", "cell", "read"),
    [
        ("1.42", "mg/g", "Uncertainty", "0.11", (EXPANDED, 0.11, False, "mg/g", 2)),
        ("1.42", "mg/g", "U (k=2)", "± 0.11", (EXPANDED, 0.11, False, "mg/g", 2)),
        ("1.42", "mg/g", "Expanded Uncertainty k = 2.8", "0,11", (EXPANDED, 0.11, False, "mg/g", 2.8)),
        ("1.42", "mg/g", "MU (%)", "12", (EXPANDED, 12, True, "%", 2)),
        ("1.42", "mg/g", "Uncertainty (ug/g)", "110", (EXPANDED, 110, False, "ug/g", 2)),
        ("1.42", "mg/g", "Standard Uncertainty", "0.055", (STANDARD, 0.055, False, "mg/g", 1)),
        ("1.42", "mg/g", "RSD", "2.1", (DEVIATION, 2.1, True, "%", 1)),
        ("1.42", "mg/g", "SD", "0.02", (DEVIATION, 0.02, False, "mg/g", 1)),
        ("1.42", "%", "Uncertainty (%)", "0.09", (EXPANDED, 0.09, False, "%", 2)),
        ("1.42", "%", "Nejistota", "± 8 %", (EXPANDED, 8, True, "%", 2)),
        ("1.42 ± 0.11", "mg/g", "", None, (EXPANDED, 0.11, False, "mg/g", 2)),
        ("1.42 ± 5 %", "mg/g", "", None, (EXPANDED, 5, True, "%", 2)),
        ("1.42 +/- 0.1 %", "%", "", None, (EXPANDED, 0.1, False, "%", 2)),
    ],
)
def test_printed_uncertainties(result: str, unit: str, head: str, cell: str | None, read: tuple[object, ...]) -> None:
    """What a number is depends on its head, its sign and its unit; without a coverage factor that is two."""
    value = parse_value(result.replace("+/-", "±"), unit)
    percent = value.number if unit == "%" else None
    found = find_uncertainty(result, HeadedCell(cell, head), value, percent)
    assert found is not None
    assert (found.kind, found.number, found.relative, found.unit, found.coverage_factor) == read


@pytest.mark.parametrize(
    ("result", "cell"), [("ND", "0.1"), ("1.2", "N/A"), ("1.2", "-"), ("1.2", "0"), ("<0.1", "0.05")]
)
def test_no_uncertainty(result: str, cell: str) -> None:
    """What was not measured has none, and a cell without a number says none."""
    assert find_uncertainty(result, HeadedCell(cell, "Uncertainty"), parse_value(result, "ppm"), None) is None


def test_the_record_keeps_uncertainty_method_and_claim() -> None:
    """Columns beside the result are kept with its row: they are no part of the result."""
    page = words_of("""
        40 9  40@Alkaloids
        60 9  40@Analyte       140@Result  200@Unit  250@Uncertainty  340@Label Claim  440@Method
        74 9  40@Mitragynine   140@14.2    200@mg/g  250@± 0.9        340@15           440@HPLC-UV
        86 9  40@Paynantheine  140@2.1     200@mg/g  250@± 12 %                        440@HPLC-UV
        98 9  40@Speciogynine  140@ND      200@mg/g                                    440@HPLC-UV
    """)
    results = read_results([lay_out(Page(1, 612, 792, tuple(page)))], Names(Vocabulary.default())).results
    mitragynine, paynantheine, speciogynine = results
    assert mitragynine.uncertainty == Uncertainty(number=0.9, unit="mg/g", coverage_factor=2, printed="± 0.9")
    assert (mitragynine.printed.claim, mitragynine.printed.method) == ("15", "HPLC-UV")
    assert mitragynine.claim is not None
    assert str(mitragynine.claim) == "15 mg/g"
    assert paynantheine.uncertainty is not None
    assert paynantheine.uncertainty.relative
    assert (speciogynine.uncertainty, speciogynine.claim, speciogynine.printed.method) == (None, None, "HPLC-UV")


def _with(uncertainty: Uncertainty) -> Result:
    return row("Lead", "0.80", "ppm").model_copy(update={"uncertainty": uncertainty})


def test_a_stated_uncertainty_speaks_before_an_expected_one() -> None:
    """An expanded uncertainty is divided by its coverage factor; absolute and relative ones say the same."""
    absolute = _with(Uncertainty(number=80, unit="ug/kg", coverage_factor=2, printed="± 80"))
    relative = _with(Uncertainty(number=10, relative=True, unit="%", coverage_factor=2, printed="± 10 %"))
    assert stated_uncertainty(absolute) == pytest.approx(0.05)
    assert stated_uncertainty(relative) == pytest.approx(0.05)
    assert standard_score(0.8, 1.0, "ppm", stated=0.05) == pytest.approx(-5)


def test_the_scatter_of_replicates_is_no_measurement_uncertainty() -> None:
    """A standard deviation says less than what may be wrong, and does not replace what is expected."""
    scatter = Uncertainty(kind=DEVIATION, number=0.001, unit="ppm", coverage_factor=1, printed="0.001")
    assert stated_uncertainty(_with(scatter)) is None
    assert stated_uncertainty(row("Lead", "0.80", "ppm")) is None
    expected = relative_uncertainty(0.8, "ppm")
    assert math.isclose(standard_score(0.8, 1.0, "ppm"), -0.2 / (expected * 0.8))
