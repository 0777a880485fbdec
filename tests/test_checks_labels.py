"""Labels: a claim that the measured amount misses is found, one it meets within tolerance is not."""

from __future__ import annotations

import pytest

from builders import TODAY, certificate, leaf, row
from kratom_quality.checks import check
from kratom_quality.claims import Claim, Claims
from kratom_quality.records import Certificate, Finding
from kratom_quality.records.certificate import LabelClaim, Portion
from kratom_quality.values import parse_value


def claim(value: float, unit: str = "%", **more: str | None) -> Claims:
    fields = {"vendor": "Acorn Botanicals", "product": "Green Leaf", "batch": None, "analyte": "mitragynine"} | more
    return Claims([Claim(value=value, unit=unit, line=2, **fields)])


def found(claims: Claims, *certificates: Certificate) -> list[Finding]:
    findings = check(certificates or [certificate()], claims=claims, today=TODAY)
    return [finding for finding in findings if finding.kind == "label_claim_off"]


@pytest.mark.parametrize(("value", "unit"), [(1.42, "%"), (14.2, "mg/g"), (1.19, "%"), (1.77, "%"), (14200, "mg/kg")])
def test_a_claim_met_within_tolerance_is_left_in_peace(value: float, unit: str) -> None:
    """From 80 % to 120 % of the claim nothing is said."""
    assert found(claim(value, unit)) == []


@pytest.mark.parametrize(("value", "share"), [(1.10, "129%"), (1.90, "75%"), (5.0, "28%")])
def test_a_claim_missed_is_found_with_both_numbers(value: float, share: str) -> None:
    """Too much counts as too little does; the finding names the measured text, the claim and its line."""
    (finding,) = found(claim(value))
    assert finding.analyte == "mitragynine"
    assert "1.420 %" in finding.reason
    assert share in finding.reason
    assert f"{value:g} %" in finding.reason
    assert "line 2" in (finding.citation or "")


def test_the_further_off_the_surer() -> None:
    """The probability grows with the distance from the tolerance."""
    near, far = found(claim(1.80))[0], found(claim(4.0))[0]
    assert 0.5 < near.probability < far.probability


def test_a_claim_on_another_product_batch_vendor_or_unit_is_not_compared() -> None:
    """A claim speaks of what it names and of nothing else."""
    for other in ({"product": "Red Capsules"}, {"batch": "B-7"}, {"vendor": "Other"}, {"analyte": "caffeine"}):
        assert found(claim(5.0, **other)) == []
    assert found(claim(5.0, "mg/capsule")) == []


def test_a_claim_that_names_the_batch_speaks_before_one_that_does_not() -> None:
    """The label of the very batch outweighs the product's usual label; spelling of the batch does not matter."""
    both = Claims([*claim(5.0), *claim(1.4, batch="a 100")])
    assert found(both) == []
    assert len(found(both, certificate(batch="A-200"))) == 1


def test_a_claimed_alkaloid_that_is_not_there_is_off() -> None:
    """Not detected below a LOQ far under the claim is no more than that share of it."""
    missing = certificate(leaf(alkaloids={"Mitragynine": "ND"}))
    (finding,) = found(claim(1.5), missing)
    assert "at most 0%" in finding.reason


def test_a_claim_that_no_certificate_answers_is_said_to_be_so() -> None:
    """Silence is not agreement: the claim is named with its line, on the vendor as a whole."""
    unanswered = check([certificate()], claims=claim(45, "mg/capsule"), today=TODAY)
    assert [(finding.kind, finding.file, finding.vendor) for finding in unanswered] == [
        ("claim_unanswered", None, "Acorn Botanicals")
    ]
    assert "45 mg/capsule mitragynine on Green Leaf" in unanswered[0].reason
    assert check([certificate()], claims=claim(1.42), today=TODAY) == []


def with_printed_claim(claimed: str, unit: str = "%") -> Certificate:
    beside = row("Mitragynine", "1.420", "%").model_copy(update={"claim": parse_value(claimed, unit)})
    return certificate(leaf(beside, alkaloids={"Mitragynine": None}))


@pytest.mark.parametrize(
    ("claimed", "unit", "off"), [("1.5", "%", False), ("2.2", "%", True), ("14", "mg/g", False), ("22", "mg/g", True)]
)
def test_a_claim_printed_beside_the_result_is_compared(claimed: str, unit: str, off: bool) -> None:
    """A label-claim column speaks where the claims file does not, and the finding says where the claim stands."""
    findings = found(Claims(), with_printed_claim(claimed, unit))
    assert len(findings) == off
    assert all("printed on the certificate" in (finding.citation or "") for finding in findings)


@pytest.mark.parametrize("claimed", ["ND", "1.2 - 1.6", "2.2 mg/capsule"])
def test_a_printed_claim_without_a_number_that_converts_is_passed_over(claimed: str) -> None:
    """A range, an absence or another unit cannot be held against the result."""
    assert found(Claims(), with_printed_claim(claimed)) == []


def test_the_claims_file_speaks_before_the_certificate() -> None:
    """What the label says outweighs what the laboratory was told of it."""
    assert found(claim(1.4), with_printed_claim("2.2")) == []


@pytest.mark.parametrize(
    ("value", "unit", "off"),
    [(7.1, "mg/capsule", False), (12.0, "mg/capsule", True), (34, "mg/serving", False), (60, "mg/serving", True)],
)
def test_a_claim_per_piece_or_serving_is_compared_where_its_weight_is_printed(
    value: float, unit: str, off: bool
) -> None:
    """14.2 mg/g in capsules of 0.5 g is 7.1 mg each; the finding says what weight it took and from where."""
    weighed = certificate(
        serving_size=Portion(printed="2.4 g", grams=2.4), unit_mass=Portion(printed="500 mg", grams=0.5)
    )
    findings = found(claim(value, unit), weighed)
    assert len(findings) == off
    assert all("as the certificate prints" in finding.reason for finding in findings)
    assert found(claim(value, unit)) == []


def test_a_claim_in_the_header_of_a_certificate_is_compared() -> None:
    """``Label claim: 20 mg/g mitragynine`` speaks where neither the claims file nor a column does."""
    stated = LabelClaim(analyte="mitragynine", name="Mitragynine", value=parse_value("20", "mg/g"), printed="20 mg/g")
    (finding,) = found(Claims(), certificate(label_claims=(stated,)))
    assert "71% of the 20 mg/g" in finding.reason
    assert found(claim(1.4), certificate(label_claims=(stated,))) == []
