"""Authenticity: a certificate that contradicts itself or serves twice is found, an honest coincidence is not."""

from __future__ import annotations

import pytest

from builders import ALKALOIDS, METALS, TODAY, certificate, clean_batches, leaf, row
from kratom_quality.checks import check
from kratom_quality.records import Certificate, Dates, Finding, Panel, Problem, ProblemKind, Result, Severity


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
    assert [(finding.vendor, finding.severity) for finding in findings] == [("Bramble", Severity.HIGH)]
    neither = certificate(client="Importer")
    findings = reused({"Acorn Botanicals": [neither], "Bramble": [neither]})
    assert [(finding.vendor, finding.probability, finding.severity) for finding in findings] == [
        ("Acorn Botanicals", 0.6, Severity.MEDIUM),
        ("Bramble", 0.6, Severity.MEDIUM),
    ]


def test_panels_are_compared_each_by_itself() -> None:
    """A copied panel of alkaloids is found even where the elements were tested anew."""
    copied = leaf(metals={"Lead": "0.512", "Arsenic": "0.266"})
    (first, _) = reused({"Acorn": [certificate(batch="A-1"), certificate(copied, batch="A-2")]})
    assert "results of alkaloids" in first.reason
    assert Panel.ALKALOIDS.value in first.reason


def with_verdicts(panel: str | None, overall: str | None, **lead: str) -> list[Finding]:
    rows = leaf(row("Lead", lead.pop("result"), "ppm", **lead), metals={"Lead": None})
    verdicts = {Panel.HEAVY_METALS: panel} if panel else {}
    findings = check([certificate(rows, panel_status=verdicts, overall_status=overall)], today=TODAY)
    return [finding for finding in findings if finding.kind == "status_contradicts_limit"]


@pytest.mark.parametrize(("panel", "overall"), [("pass", None), (None, "pass"), ("pass", "pass"), ("tested", "pass")])
def test_a_whole_that_passes_with_a_failing_row_contradicts_once(panel: str | None, overall: str | None) -> None:
    """A panel or sample passed beside a row that fails, or is beyond its limit without a verdict, is one finding."""
    assert len(with_verdicts(panel, overall, result="2.4", limit="1.2", status="fail")) == 1
    (finding,) = with_verdicts(panel, overall, result="2.4", limit="1.2")
    assert "is passed" in finding.reason
    assert finding.sources


@pytest.mark.parametrize(("panel", "overall"), [("fail", "fail"), ("tested", None), (None, None)])
def test_a_whole_that_fails_or_says_nothing_does_not_contradict(panel: str | None, overall: str | None) -> None:
    """A failing row in a failing or silent certificate is no contradiction; nor is a row at its limit in a passed."""
    assert with_verdicts(panel, overall, result="2.4", limit="1.2", status="fail") == []
    assert with_verdicts("pass", "pass", result="1.2", limit="1.2", status="pass") == []


@pytest.mark.parametrize(
    ("b1", "b2", "total", "mismatch"),
    [
        ("3.1", "2.2", "5.3", False),
        ("3.1", "2.2", "1.0", True),
        ("3.1", "2.2", "ND", True),
        ("ND", "ND", "ND", False),
        ("3.1", "2.2", "9.9", True),
        ("3.1", "ND", "3.6", False),
    ],
)
def test_aflatoxins_make_their_total(b1: str, b2: str, total: str, mismatch: bool) -> None:
    """Less than the sum is a mismatch, ``ND`` below its LOQ included; more only beyond what may hide below the LOQs."""
    names = {"Aflatoxin B1": b1, "Aflatoxin B2": b2, "Aflatoxin G1": "ND", "Aflatoxin G2": "ND"}
    parts = [row(name, result, "ppb", loq="1.0") for name, result in names.items()]
    findings = of_rows(*parts, row("Total Aflatoxins", total, "ppb", loq="1.0", total=True))
    assert ("sum_mismatch" in {finding.kind for finding in findings}) is mismatch


def test_one_changed_figure_does_not_hide_a_copy() -> None:
    """All but one of five three-digit results alike is a copy; two changed, or coarse digits, may be chance."""
    changed = leaf(alkaloids={"Mitragynine": "1.190"}, metals={"Lead": "0.512", "Arsenic": "0.266"})
    seven_hydroxy = {"7-Hydroxymitragynine": "0.0124"}
    fine = leaf(alkaloids=seven_hydroxy)
    one = leaf(alkaloids={"Mitragynine": "1.190", **seven_hydroxy}, metals={"Lead": "0.512", "Arsenic": "0.266"})
    two = leaf(
        alkaloids={"Mitragynine": "1.190", "Paynantheine": "0.231", **seven_hydroxy},
        metals={"Lead": "0.512", "Arsenic": "0.266"},
    )
    first = certificate(fine, batch="A-1")
    found = reused({"Acorn": [first, certificate(one, batch="A-2")]})
    assert len(found) == 2
    assert "4 of its 5 results of alkaloids" in found[0].reason
    assert not reused({"Acorn": [first, certificate(two, batch="A-2")]})
    assert not reused({"Acorn": [certificate(batch="A-1"), certificate(changed, batch="A-2")]})


def test_two_products_without_a_batch_may_not_share_their_digits() -> None:
    """Where no batch is named, another product is other goods; the same product may be one report twice."""
    one, two = (certificate(batch=None, file=f"{name}.pdf", product=name, sample_id=name) for name in ("Red", "Green"))
    assert len(reused({"Acorn": [one, two]})) == 2
    again = certificate(batch=None, file="again.pdf", product="Red", sample_id="again")
    assert not reused({"Acorn": [one, again]})


@pytest.mark.parametrize(
    ("name", "found"), [("gold-reserve", True), ("A-100 (1)", False), ("A-100 copy", False), ("a_100-2", False)]
)
def test_one_file_under_two_names_serves_for_two_products(name: str, found: bool) -> None:
    """The same bytes as ``A-100.pdf`` and ``gold-reserve.pdf`` are a finding, less sure; a copy's name is not."""
    original = certificate(file="Acorn/A-100.pdf")
    copy = original.model_copy(update={"source": original.source.model_copy(update={"path": f"Acorn/{name}.pdf"})})
    findings = reused({"Acorn": [original, copy]})
    assert [finding.probability for finding in findings] == ([0.5] if found else [])
