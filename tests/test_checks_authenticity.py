"""Authenticity: a certificate that contradicts itself or serves twice is found, an honest coincidence is not."""

from __future__ import annotations

import pytest

from builders import ALKALOIDS, METALS, TODAY, certificate, clean_batches, leaf, row
from kratom_quality.checks import check
from kratom_quality.records import Certificate, Dates, Finding, Panel, Problem, ProblemKind, Result


def kinds(*certificates: Certificate) -> list[str]:
    return [finding.kind for finding in check(certificates, today=TODAY)]


def of_rows(*rows: Result) -> list[Finding]:
    return check([certificate(leaf(*rows))], today=TODAY)


@pytest.mark.parametrize(
    ("result", "limit", "status", "contradicts"),
    [
        ("0.8", "0.5", "pass", True),
        ("0.2", "0.5", "fail", True),
        ("0.5", "0.5", "pass", False),
        ("0.5", "<0.5", "pass", True),
        ("0.2", "0.5", "pass", False),
        ("ND", "0.5", "pass", False),
        ("<0.4", "0.5", "fail", True),
        ("<0.6", "0.5", "fail", False),
        ("0.8", None, "pass", False),
    ],
)
def test_a_verdict_is_held_against_its_own_limit(
    result: str, limit: str | None, status: str, contradicts: bool
) -> None:
    """Pass beyond the limit and fail within it contradict; bounds that leave it open do not."""
    findings = of_rows(row("Nickel", result, "ppm", limit=limit, status=status, loq="0.1"))
    assert ("status_contradicts_limit" in {finding.kind for finding in findings}) is contradicts


def test_a_germ_found_and_passed_contradicts() -> None:
    """Presence under a limit of absence does not pass."""
    germ = row("Listeria monocytogenes", "Present in 25 g", limit="Absent in 25 g", status="pass")
    assert "status_contradicts_limit" in {finding.kind for finding in of_rows(germ)}


@pytest.mark.parametrize(
    ("second", "disagrees"), [("14.20", False), ("14.2", False), ("14.196", False), ("1.420", True), ("15.2", True)]
)
def test_one_line_in_two_units_says_one_amount(second: str, disagrees: bool) -> None:
    """Ten times the percentage is the mg/g within the printed rounding, or the line disagrees with itself."""
    findings = of_rows(row("Mitragynine", second, "mg/g", line=0))
    assert [finding.kind for finding in findings] == (["units_disagree"] if disagrees else [])


def test_two_lines_with_the_same_analyte_may_differ() -> None:
    """A duplicate on its own line is a second measurement and no contradiction."""
    assert of_rows(row("Mitragynine", "15.1", "mg/g", line=30)) == []


@pytest.mark.parametrize(
    ("total", "mismatch"),
    [("2.002", False), ("2.00", False), ("2.010", True), ("1.950", True), ("2.9", True), ("20.02", True)],
)
def test_the_total_is_the_sum_of_the_alkaloids_listed(total: str, mismatch: bool) -> None:
    """Within rounding the total is the sum; more or less is a mismatch."""
    findings = of_rows(row("Total Alkaloids", total, "%", total=True))
    assert [finding.kind for finding in findings] == (["sum_mismatch"] if mismatch else [])


def test_an_alkaloid_below_its_loq_may_be_in_the_total_or_not() -> None:
    """Laboratories sum what is below the LOQ as nothing or as the LOQ; both are honest."""
    for total in ("1.990", "1.995", "1.993"):
        rows = leaf(row("Total Alkaloids", total, "%", total=True), alkaloids={"7-Hydroxymitragynine": "<LOQ"})
        assert kinds(certificate(rows)) == []


def test_a_total_beside_few_alkaloids_may_hold_others() -> None:
    """With two alkaloids listed a larger total is honest, and a smaller one is not."""
    few = [row("Mitragynine", "1.420", "%"), row("7-Hydroxymitragynine", "0.012", "%"), *leaf()[5:]]
    assert kinds(certificate([*few, row("Total Alkaloids", "2.1", "%", total=True)])) == []
    assert kinds(certificate([*few, row("Total Alkaloids", "1.2", "%", total=True)])) == ["sum_mismatch"]


@pytest.mark.parametrize(
    ("dates", "impossible"),
    [
        (Dates(collected="2026-08-01", received="2026-07-30", reported="2026-08-10"), True),
        (Dates(received="2026-08-03", tested="2026-08-01/2026-08-02", reported="2026-08-10"), True),
        (Dates(tested="2026-08-04/2026-08-06", reported="2026-08-05"), False),
        (Dates(collected="2026-08-03", received="2026-08-03", reported="2026-08-03"), False),
        (Dates(reported="2026-12-24"), True),
        (Dates(reported="2026-11-01"), False),
    ],
)
def test_dates_run_forward_and_not_into_the_future(dates: Dates, impossible: bool) -> None:
    """Collected, received, tested, reported in this order, none after the day of judgement; the same day is fine."""
    assert kinds(certificate(dates=dates)) == (["impossible_dates"] if impossible else [])


def test_what_the_reader_noted_is_a_finding_once() -> None:
    """A contradiction noted while reading is reported, but not twice where the record shows it too."""
    noted = Problem(kind=ProblemKind.IMPOSSIBLE_DATES, message="reported before received")
    assert kinds(certificate(problems=(noted,))) == ["impossible_dates"]
    backwards = Dates(received="2026-08-03", reported="2026-08-01")
    assert kinds(certificate(problems=(noted,), dates=backwards)) == ["impossible_dates"]
    duplicate = Problem(kind=ProblemKind.DUPLICATE_FILE, message="the same file")
    assert kinds(certificate(problems=(duplicate,))) == []


def reused(groups: dict[str, list[Certificate]]) -> list[Finding]:
    return [finding for finding in check(groups, today=TODAY) if finding.kind == "reused_certificate"]


def test_the_same_digits_under_two_batches_are_one_report() -> None:
    """Two batches of a plant do not agree in every digit; both certificates are named, each with the other."""
    findings = reused({"Acorn": [certificate(batch="A-1"), certificate(batch="A-2")]})
    assert [finding.file for finding in findings] == ["Acorn Botanicals/A-1.pdf", "Acorn Botanicals/A-2.pdf"]
    assert "batch A-2" in findings[0].reason
    assert "digit for digit" in findings[0].reason
    assert findings[0].sources


def test_one_digit_of_difference_or_nothing_measured_is_no_reuse() -> None:
    """Batches that differ anywhere differ, and a panel of ND is like every other panel of ND."""
    changed = leaf(alkaloids={"Mitragynine": "1.421"}, metals={"Lead": "0.343"})
    assert not reused({"Acorn": [certificate(batch="A-1"), certificate(changed, batch="A-2")]})
    nothing = leaf(alkaloids=dict.fromkeys(ALKALOIDS, "ND"), metals=dict.fromkeys(METALS, "ND"))
    assert not reused({"Acorn": [certificate(nothing, batch="A-1"), certificate(nothing, batch="A-2")]})


def test_a_report_issued_again_for_the_same_batch_is_no_reuse() -> None:
    """Two files on one batch, or on a batch not named, may be one report in two versions."""
    assert not reused({"Acorn": [certificate(batch="A-1", file="v1.pdf"), certificate(batch="A-1", file="v2.pdf")]})
    assert not reused({"Acorn": [certificate(batch=None, file="v1.pdf"), certificate(batch="A-1", file="v2.pdf")]})


def test_one_sample_number_under_two_batches_is_one_report() -> None:
    """A sample number belongs to one batch, and only within one laboratory."""
    one, two = clean_batches("Acorn", 2)
    same = [one.model_copy(update={"sample_id": "BW-7"}), two.model_copy(update={"sample_id": "bw 7"})]
    assert len(reused({"Acorn": same})) == 2
    elsewhere = same[1].model_copy(update={"laboratory": one.laboratory.model_copy(update={"name": "Other Lab"})})
    assert not reused({"Acorn": [same[0], elsewhere]})


def test_another_vendors_file_is_reused_by_the_one_it_was_not_made_for() -> None:
    """The vendor named as client is not blamed; with neither named both are, with less certainty."""
    theirs = certificate(vendor="Acorn Botanicals")
    findings = reused({"Acorn Botanicals": [theirs], "Bramble": [theirs]})
    assert [finding.vendor for finding in findings] == ["Bramble"]
    neither = certificate(client="Importer")
    findings = reused({"Acorn Botanicals": [neither], "Bramble": [neither]})
    assert [(finding.vendor, finding.probability) for finding in findings] == [
        ("Acorn Botanicals", 0.6),
        ("Bramble", 0.6),
    ]


def test_panels_are_compared_each_by_itself() -> None:
    """A copied panel of alkaloids is found even where the elements were tested anew."""
    copied = leaf(metals={"Lead": "0.512", "Arsenic": "0.266"})
    (first, _) = reused({"Acorn": [certificate(batch="A-1"), certificate(copied, batch="A-2")]})
    assert "results of alkaloids" in first.reason
    assert Panel.ALKALOIDS.value in first.reason
