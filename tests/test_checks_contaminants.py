"""Limits: what is over is found with its probability and page, what cannot be told is never called a pass."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builders import TODAY, certificate, leaf, row
from kratom_quality.checks import check
from kratom_quality.checks.uncertainty import horwitz, normal_probability, relative_uncertainty, standard_score
from kratom_quality.records import Certificate, Finding, Panel, Severity
from kratom_quality.records.certificate import Portion
from kratom_quality.standards import Standard


def found(certificate: Certificate, *kinds: str, standard: str = "consumer", **more: float) -> list[Finding]:
    findings = check([certificate], standard, today=TODAY, **more)
    return [finding for finding in findings if finding.kind in kinds]


def with_lead(result: str, unit: str = "ppm", **cells: str) -> Certificate:
    return certificate(leaf(row("Lead", result, unit, page=2, **cells), metals={"Lead": None}))


def test_a_clean_certificate_gives_no_finding() -> None:
    """Nothing is found where nothing is wrong."""
    assert check([certificate()], today=TODAY) == []


def test_a_result_far_over_its_limit_fails_and_leads_to_its_page() -> None:
    """The finding carries the printed text, the limit in words, the authority and the place."""
    (finding,) = found(with_lead("4.10"), "over_limit")
    assert (finding.severity, finding.analyte, finding.vendor) == (Severity.HIGH, "lead", "Acorn Botanicals")
    assert finding.probability > 0.99
    assert "4.10 ppm" in finding.reason
    assert "below 1.2 mg/kg: fail" in finding.reason
    assert "R70-580" in (finding.citation or "")
    assert finding.sources[0].page == 2
    assert finding.file == "Acorn Botanicals/A-100.pdf"


@pytest.mark.parametrize(
    ("result", "unit", "kind", "word"),
    [
        ("0.70", "ppm", None, "pass"),
        ("1.10", "ppm", "near_limit", "within its uncertainty of the limit, below 1.2 mg/kg: conditional pass"),
        ("1.2", "ppm", "over_limit", "conditional fail"),
        ("1.30", "ug/g", "over_limit", "conditional fail"),
        ("2600", "ppb", "over_limit", ": fail"),
        ("<1.2", "ppm", None, "pass"),
    ],
)
def test_results_are_worded_by_the_guard_band(result: str, unit: str, kind: str | None, word: str) -> None:
    """ILAC-G8 in four words: a pass is silent, a conditional pass only noted; ``below 1.2`` forbids 1.2 itself."""
    findings = [
        item for item in found(with_lead(result, unit), "over_limit", "near_limit") if "a day" not in item.reason
    ]
    assert [finding.kind for finding in findings] == ([kind] if kind else [])
    assert all(word in finding.reason for finding in findings)


def test_inside_the_guard_band_an_excess_is_at_most_of_medium_severity() -> None:
    """What the uncertainty may explain is not called grave."""
    (finding,) = found(with_lead("1.30"), "over_limit")
    assert finding.severity is Severity.MEDIUM
    assert 0.5 < finding.probability < 0.977


@pytest.mark.parametrize("cells", [{"loq": "2.0"}, {"lod": "2.0"}, {}])
def test_not_found_by_a_test_that_could_not_find_it_is_undecided(cells: dict[str, str]) -> None:
    """ND with an LOQ above the limit, or with none printed, is no pass."""
    (finding,) = found(with_lead("ND", **cells), "loq_not_informative")
    assert finding.analyte == "lead"
    assert not found(with_lead("ND", **cells), "over_limit", "exposure")


@pytest.mark.parametrize(
    ("result", "cells"), [("ND", {"loq": "1.0"}), ("<LOQ", {"loq": "1.0"}), ("<0.5", {}), ("ND", {"lod": "0.1"})]
)
def test_not_found_below_the_limit_is_a_pass(result: str, cells: dict[str, str]) -> None:
    """A bound at or under the limit decides."""
    assert check([with_lead(result, **cells)], today=TODAY) == []


def test_a_row_without_unit_is_in_the_unit_it_is_compared_with() -> None:
    """Where only the limit's cell names the unit, the certificate itself compares the result in it."""
    limited = {"limit": "NMT 1.0 mg/kg"}
    over = certificate(leaf(row("Lead", "4.1", **limited), metals={"Lead": None}))
    below = certificate(leaf(row("Lead", "<LOQ", loq="0.01", **limited), metals={"Lead": None}))
    assert found(over, "over_limit")
    assert check([below], today=TODAY) == []


def test_a_sum_needs_no_limit_of_detection_of_its_own() -> None:
    """``Total aflatoxins ND`` without an LOQ is not worth a remark; a single one is."""
    total = row("Total Aflatoxins", "ND", "ppb", total=True)
    assert not found(certificate(leaf(total)), "loq_not_informative")
    assert found(certificate(leaf(row("Aflatoxin B1", "ND", "ppb"))), "loq_not_informative")


def test_a_bound_above_the_limit_is_over_it() -> None:
    """``>5 ppm`` is over 1.2 whatever it is."""
    (finding,) = found(with_lead(">5"), "over_limit")
    assert "fail" in finding.reason


@pytest.mark.parametrize(("result", "unit"), [("4.1", None), ("4.1", "mg/capsule"), ("NT", "ppm"), ("Conforms", "ppm")])
def test_what_cannot_be_compared_is_neither_over_nor_called_conforming(result: str, unit: str | None) -> None:
    """A number without a unit, per capsule, or no number at all decides nothing."""
    findings = check([certificate(leaf(row("Lead", result, unit), metals={"Lead": None}))], today=TODAY)
    assert {finding.kind for finding in findings} <= {"partial_panel"}


def test_daily_amounts_follow_the_grams_taken() -> None:
    """The same lead is within 5 ug a day at 3 g and over it at 10 g, and the finding says at how many grams."""
    assert not found(with_lead("0.9"), "exposure")
    (finding,) = found(with_lead("0.9"), "exposure", grams_per_day=10)
    assert "at 10 g a day is 9 ug" in finding.reason
    with pytest.raises(ValueError, match="above 0"):
        check([certificate()], grams_per_day=0)


def test_amounts_per_serving_are_compared_as_printed_or_by_the_gram() -> None:
    """A result per serving needs no weight; one per gram is taken at the serving's grams."""
    printed = certificate([row("Mitragynine", "180", "mg/serving")])
    weighed = certificate([row("Mitragynine", "6.2", "%")])
    near = certificate([row("Mitragynine", "3.0", "%")])
    assert "180 mg/serving" in found(printed, "over_limit", standard="georgia")[0].reason
    assert "at 3 g a serving is 186 mg" in found(weighed, "over_limit", standard="georgia")[0].reason
    assert not found(near, "over_limit", "near_limit", standard="georgia")


def test_a_printed_serving_is_the_one_taken() -> None:
    """3 % is 90 mg at the 3 g taken for given, and 180 mg in a serving that is printed as 6 g."""
    rows = [row("Mitragynine", "3.0", "%")]
    large = certificate(rows, serving_size=Portion(printed="6 g", grams=6.0))
    assert not found(certificate(rows), "over_limit", standard="georgia")
    assert "at 6 g a serving is 180 mg" in found(large, "over_limit", standard="georgia")[0].reason


@pytest.mark.parametrize(
    ("microbe", "result", "kinds"),
    [
        ("Salmonella", "Present in 25 g", ["pathogen_present"]),
        ("Salmonella", "Positive", ["pathogen_present"]),
        ("Escherichia coli", "40", ["pathogen_present"]),
        ("Salmonella", "Negative", []),
        ("Salmonella", "Absent in 10 g", []),
        ("Salmonella", "Absent in 1 g", ["loq_not_informative"]),
        ("Escherichia coli", "<10", []),
        ("Escherichia coli", "<1000", ["loq_not_informative"]),
        ("Total Yeast and Mold", "4,000,000", ["over_limit"]),
        ("Total Yeast and Mold", "20,000", []),
    ],
)
def test_germs_are_found_and_their_absence_counts_by_the_sample_looked_at(
    microbe: str, result: str, kinds: list[str]
) -> None:
    """Presence breaks the limit; absence in less than the authority's sample is undecided."""
    findings = check([certificate(leaf(microbes={microbe: result}))], today=TODAY)
    assert [finding.kind for finding in findings] == kinds


def test_the_sample_a_limit_names_is_the_one_looked_at() -> None:
    """``ND`` beside ``Not Detected in 1 g`` was looked for in one gram."""
    small = row("Salmonella", "ND", limit="Not Detected in 1 g")
    large = row("Salmonella", "ND", limit="Not Detected in 25 g")
    assert found(certificate(leaf(small, microbes={"Salmonella": None})), "loq_not_informative")
    assert not found(certificate(leaf(large, microbes={"Salmonella": None})), "loq_not_informative")


def test_an_uninformative_limit_weighs_only_where_the_standard_requires_the_analyte() -> None:
    """For lead it is a gap, for a pesticide nobody must test it is information."""
    (needed,) = found(with_lead("<5"), "loq_not_informative")
    (extra,) = found(certificate(leaf(row("Chlorpyrifos", "<5", "ppm"))), "loq_not_informative")
    assert (needed.severity, extra.severity) == (Severity.MEDIUM, Severity.INFO)


def test_counts_are_compared_as_logarithms() -> None:
    """A count a little over its limit is no sure failure, because plate counts scatter by a factor of two."""
    (finding,) = found(certificate(leaf(microbes={"Total Yeast and Mold": "150,000"})), "over_limit")
    assert 0.5 < finding.probability < 0.9


def test_contaminants_beyond_the_standard_are_judged_by_their_own_printed_limit() -> None:
    """A pesticide no standard names is over the limit that stands beside it, and one within it is not."""
    bad = row("Myclobutanil", "0.9", "ppm", limit="0.2", status="fail", panel=Panel.PESTICIDES)
    good = row("Myclobutanil", "0.1", "ppm", limit="0.2", status="pass", panel=Panel.PESTICIDES)
    (finding,) = found(certificate(leaf(bad)), "over_limit")
    assert "by the certificate itself" in finding.reason
    assert not found(certificate(leaf(good)), "over_limit")


@pytest.mark.parametrize(
    ("analyte", "result"), [("Total Yeast and Mold", "TNTC"), ("Lead", "Detected"), ("Lead", ">0.5")]
)
def test_what_is_there_without_an_amount_is_said_to_be_so(analyte: str, result: str) -> None:
    """``TNTC``, ``Detected`` and a bound below the limit decide nothing and are not passed over."""
    unit = "CFU/g" if analyte != "Lead" else "ppm"
    rows = leaf(row(analyte, result, unit), metals={"Lead": None}, microbes={"Total Yeast and Mold": None})
    assert "amount_not_told" in {finding.kind for finding in check([certificate(rows)], today=TODAY)}


def test_a_laboratory_that_fails_a_sample_is_heard_where_its_rows_do_not_say_why() -> None:
    """A panel or sample with the verdict fail is a finding, once, and not where a failing row explains it."""
    panel = certificate(leaf(), panel_status={Panel.PESTICIDES: "fail"}, overall_status="fail")
    sample = certificate(leaf(), overall_status="fail")
    explained = certificate(leaf(metals={"Lead": "4.1"}), overall_status="fail")
    assert "pesticides is fail" in found(panel, "failed_by_laboratory")[0].reason
    assert "the whole sample is fail" in found(sample, "failed_by_laboratory")[0].reason
    assert len(check([panel], today=TODAY)) == 1
    assert not found(explained, "failed_by_laboratory")
    assert not found(certificate(leaf(), overall_status="pass"), "failed_by_laboratory")


def test_a_certificate_of_another_plant_gives_no_nonsense() -> None:
    """Without kratom alkaloids the panel is missing, and nothing is said of what is not there."""
    hemp = [row("THC", "0.2", "%", panel=Panel.CANNABINOIDS), *leaf()[5:]]
    findings = check([certificate(hemp, product="Hemp flower", matrix="Flower")], today=TODAY)
    assert [(finding.kind, finding.reason) for finding in findings] == [
        ("missing_panel", "no certificate of batch A-100 has a panel of alkaloids")
    ]


@pytest.mark.parametrize(
    ("mass_fraction", "percent"),
    [(0.015, 3.8), (0.0005, 6.3), (2e-6, 14.4), (1.2e-6, 15.6), (0.4e-6, 18.4), (1e-7, 22)],
)
def test_horwitz_gives_the_published_figures(mass_fraction: float, percent: float) -> None:
    """The relative standard deviation between laboratories grows as the amount shrinks, and stops at 22 %."""
    assert 100 * horwitz(mass_fraction) == pytest.approx(percent, abs=0.06)


def test_no_result_is_taken_for_surer_than_the_kratom_control_was() -> None:
    """Where Horwitz is more hopeful than FDA LIB 4578 found, the floor holds."""
    assert relative_uncertainty(1.4, "%") == 0.065
    assert relative_uncertainty(1.2, "mg/kg") == pytest.approx(horwitz(1.2e-6))


@given(st.floats(0.01, 50), st.floats(0.01, 50))
def test_more_lead_is_never_less_likely_over_the_limit(one: float, other: float) -> None:
    """The probability of an excess grows with the result."""
    low, high = sorted((one, other))
    over = [normal_probability(standard_score(number, 1.2, "mg/kg")) for number in (low, high)]
    assert over[0] <= over[1]


@pytest.mark.parametrize("name", Standard.names())
def test_no_standard_chokes_on_any_certificate(name: str) -> None:
    """Every standard judges a leaf, an extract and an empty certificate without an error."""
    for one in (certificate(), certificate(product="Kratom Extract"), certificate([])):
        check([one], name, today=TODAY)


def test_what_conforms_to_the_standard_may_be_over_its_own_printed_limit() -> None:
    """Lead at 0.8 ppm under 1.2 is over the 0.5 its certificate allows: said, and of medium severity."""
    (finding,) = found(with_lead("0.8", limit="0.5", status="fail"), "over_limit")
    assert "by the certificate itself" in finding.reason
    assert finding.severity is Severity.MEDIUM
    assert not found(with_lead("0.4", limit="0.5", status="pass"), "over_limit")


def test_a_limit_over_both_is_one_finding() -> None:
    """What the standard finds over its limit is not found a second time over the printed one."""
    assert len(found(with_lead("4.0", limit="0.5", status="fail"), "over_limit")) == 1


@pytest.mark.parametrize(("result", "kinds"), [("<3", []), ("460", ["pathogen_present", "over_limit"])])
def test_most_probable_numbers_are_counts(result: str, kinds: list[str]) -> None:
    """``MPN/g`` estimates the colonies that a limit in CFU/g speaks of."""
    plated = row("Escherichia coli", result, "MPN/g")
    findings = check([certificate(leaf(plated, microbes={"Escherichia coli": None}))], today=TODAY)
    assert [finding.kind for finding in findings] == kinds


@pytest.mark.parametrize(
    ("product", "result", "over"),
    [
        ("Leaf", "50000", False),
        ("Leaf", "900000", True),
        ("Gold Extract", "50000", True),
        ("Leaf Capsules", "50000", True),
        ("Leaf Capsules", "4000", False),
    ],
)
def test_microbial_limits_follow_the_form_of_the_product(product: str, result: str, over: bool) -> None:
    """USP <2023> allows dried leaf ten times the count of an extract or a finished supplement."""
    one = certificate(leaf(microbes={"Total Aerobic Microbial Count": result}), product=product)
    assert bool(found(one, "over_limit", standard="usp-2023")) is over


@pytest.mark.parametrize(("unit", "over"), [("mg/capsule", True), ("mg/gummy", True), ("mg/g", False)])
def test_a_limit_per_article_speaks_of_any_single_piece(unit: str, over: bool) -> None:
    """A capsule, a tablet and a gummy are articles; a gram is none."""
    rows = [row("7-Hydroxymitragynine", "4.0", unit), row("Mitragynine", "900", unit), *leaf()[5:]]
    findings = check([certificate(rows, product="Gold Extract")], "dea-2026", today=TODAY)
    assert any("1 mg/article" in finding.reason for finding in findings) is over


def test_every_finding_names_its_authority() -> None:
    """Whatever is found, by any standard, says by which rule; only what could not be read has none."""
    faulty = certificate(
        leaf(
            row("MGM-15", "0.3", "%"), alkaloids={"7-Hydroxymitragynine": "0.9"}, metals={"Lead": "9", "Mercury": "ND"}
        ),
        batch=None,
        client="Birchwater Analytical",
        dates={"reported": "2020-01-01"},
        overall_status="pass",
    )
    for name in Standard.names():
        for finding in check([faulty], name, today=TODAY):
            assert finding.citation, finding
