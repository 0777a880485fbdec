"""Identity: what was added to the leaf is found, and what nature does is left in peace."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builders import TODAY, certificate, leaf, row
from kratom_quality.checks import check
from kratom_quality.checks.profile import aitchison_distance
from kratom_quality.records import Certificate, Finding, Severity


def with_alkaloids(product: str = "Green Leaf Powder", **amounts: str | None) -> Certificate:
    printed = {
        "mg": "Mitragynine",
        "oh": "7-Hydroxymitragynine",
        "pay": "Paynantheine",
        "sgn": "Speciogynine",
        "sct": "Speciociliatine",
    }
    return certificate(leaf(alkaloids={printed[name]: amount for name, amount in amounts.items()}), product=product)


def findings(certificate: Certificate, standard: str = "consumer") -> list[Finding]:
    return check([certificate], standard, today=TODAY)


def kinds(certificate: Certificate, standard: str = "consumer") -> list[str]:
    return [finding.kind for finding in findings(certificate, standard)]


def test_added_7_hydroxymitragynine_is_found_with_its_denominator_spelt_out() -> None:
    """The finding names the share, what it is a share of, the amount and the ratio."""
    (finding,) = findings(with_alkaloids(oh="0.900"))
    assert (finding.kind, finding.severity) == ("adulterated_7oh", Severity.HIGH)
    assert finding.probability > 0.99
    assert "0.900 %" in finding.reason
    assert (
        "31.1 % of Mitragynine + 7-Hydroxymitragynine + Paynantheine + Speciogynine + Speciociliatine" in finding.reason
    )
    assert "1.58 : 1" in finding.reason
    assert len(finding.sources) == 5


@pytest.mark.parametrize("amount", ["0.012", "0.030", "0.038", "ND", "<0.005"])
def test_natural_amounts_are_left_in_peace(amount: str) -> None:
    """Up to the top of the natural range nothing is over a limit."""
    assert set(kinds(with_alkaloids(oh=amount))) <= {"near_limit"}


def test_a_large_share_of_very_little_weighs_less() -> None:
    """A weak leaf may pass 2 % of its alkaloids with an amount nature leaves: said so, and of medium severity."""
    weak = with_alkaloids(mg="0.400", oh="0.030", pay="0.060", sgn="0.050", sct="0.050")
    (finding,) = findings(weak)
    assert (finding.kind, finding.severity) == ("adulterated_7oh", Severity.MEDIUM)
    assert finding.probability <= 0.5
    assert "as in weak leaf" in finding.reason


@pytest.mark.parametrize(("amount", "severity"), [("0.050", Severity.HIGH), ("0.039", None)])
def test_two_and_a_half_percent_of_the_alkaloids_is_found(amount: str, severity: Severity | None) -> None:
    """A little above the natural range and the share allowed is found; a little below both is not."""
    found = [item for item in findings(with_alkaloids(oh=amount)) if item.kind == "adulterated_7oh"]
    assert [item.severity for item in found] == ([severity] if severity else [])


def test_7_hydroxymitragynine_tested_alone_is_a_share_of_all_there_is() -> None:
    """Alkaloids weigh no more than the product, so 8 % of it is at least 8 % of them; 0.012 % leaves all open."""
    alone = dict.fromkeys(("mg", "pay", "sgn", "sct"))
    (finding,) = [item for item in findings(with_alkaloids(oh="8.2", **alone)) if item.kind == "adulterated_7oh"]
    assert "at least 8.2 % of all there is" in finding.reason
    assert finding.severity is Severity.HIGH
    assert "adulterated_7oh" not in kinds(with_alkaloids(oh="0.012", **alone))


@pytest.mark.parametrize(("amount", "found"), [("15", True), ("0.4", False)])
def test_what_is_printed_per_tablet_alone_is_held_against_the_limit_of_a_piece(amount: str, found: bool) -> None:
    """1 mg a piece is what two statutes allow a serving; nothing else on the certificate could tell."""
    tablet = certificate([row("7-Hydroxymitragynine", amount, "mg/tablet"), *leaf()[5:]], product="Nova Tablets")
    assert ("adulterated_7oh" in kinds(tablet)) is found


def test_a_large_amount_in_natural_proportion_is_over_the_limit_and_not_adulterated() -> None:
    """A leaf powder too strong to be leaf keeps its proportions: over the amount allowed, or in another unit."""
    strong = with_alkaloids(mg="14.2", oh="0.120", pay="2.20", sgn="1.60", sct="1.90")
    assert set(kinds(strong)) == {"over_limit", "unit_suspicion"}


def test_an_honest_extract_is_left_in_peace() -> None:
    """What is called an extract may hold ten times the leaf in the same proportions, but needs its solvents tested."""
    extract = with_alkaloids("Kratom Extract 10x", mg="14.2", oh="0.120", pay="2.20", sgn="1.60", sct="1.90")
    assert kinds(extract) == ["missing_panel"]


def test_an_extract_with_added_7_hydroxymitragynine_is_found() -> None:
    """In an extract the proportions alone tell."""
    spiked = with_alkaloids("Kratom Extract 10x", mg="14.2", oh="3.10", pay="2.20", sgn="1.60", sct="1.90")
    assert "adulterated_7oh" in kinds(spiked)


def test_where_companions_were_not_tested_the_ratio_decides() -> None:
    """A share of two alkaloids is only an upper bound, so a natural ratio clears it and an unnatural one does not."""
    natural = with_alkaloids(oh="0.030", pay=None, sgn=None, sct=None)
    spiked = with_alkaloids(mg="0.400", oh="2.20", pay=None, sgn=None, sct=None)
    assert "adulterated_7oh" not in kinds(natural)
    assert "over_limit" not in kinds(natural)
    (finding,) = [item for item in findings(spiked) if item.kind == "adulterated_7oh"]
    assert "not tested" in finding.reason


def test_a_share_bounded_from_above_is_no_breach_of_the_two_percent_statutes() -> None:
    """With mitragynine and 7-hydroxymitragynine alone, 2.4 % of the two may be 1.5 % of all."""
    assert kinds(with_alkaloids(mg="1.22", oh="0.030", pay=None, sgn=None, sct=None), "kcpa-2pct") == []


def test_ten_times_the_natural_amount_is_a_slip_before_it_is_a_crime() -> None:
    """Beside natural companions, the adulteration loses the weight that the slip takes."""
    both = {finding.kind: finding for finding in findings(with_alkaloids(oh="0.120"))}
    assert set(both) == {"adulterated_7oh", "unit_suspicion"}
    assert both["adulterated_7oh"].probability <= 0.5


@pytest.mark.parametrize("alkaloids", [{"oh": "0.900"}, {"oh": "0.200", "pay": "ND", "sgn": "ND", "sct": "ND"}])
def test_no_slip_is_suspected_far_from_ten_times_or_without_companions(alkaloids: dict[str, str]) -> None:
    """More than ten times the natural range, or missing companions, is not excused."""
    assert "unit_suspicion" not in kinds(with_alkaloids(**alkaloids))


@pytest.mark.parametrize(
    ("metals", "suspected"),
    [({"Lead": "342"}, ["lead"]), ({"Lead": "6.1"}, []), ({"Arsenic": "131", "Cadmium": "28"}, ["arsenic", "cadmium"])],
)
def test_elements_a_thousand_times_natural_are_a_slip_before_they_are_poison(
    metals: dict[str, str], suspected: list[str]
) -> None:
    """No leaf holds hundreds of ppm, and ppb printed as ppm would explain it; six ppm is taken as printed."""
    found = [item for item in findings(certificate(leaf(metals=metals))) if item.kind == "unit_suspicion"]
    assert sorted(item.analyte or "" for item in found) == suspected


@pytest.mark.parametrize(("amount", "suspected"), [("13.8", True), ("5.2", False), ("1.42", False)])
def test_leaf_with_ten_times_the_mitragynine_is_a_slip_or_an_extract(amount: str, suspected: bool) -> None:
    """More than any leaf holds is suspected in leaf and not in what is called an extract."""
    rows = {"mg": amount, "oh": None, "pay": None, "sgn": None, "sct": None}
    assert ("unit_suspicion" in kinds(with_alkaloids(**rows))) is suspected
    assert "unit_suspicion" not in kinds(with_alkaloids("Gold Extract", **rows))


def test_missing_companions_are_an_unnatural_profile() -> None:
    """Mitragynine without the alkaloids that grow with it was not taken from a leaf as it grows."""
    isolate = with_alkaloids(pay="ND", sgn="<LOQ", sct="ND")
    (finding,) = findings(isolate)
    assert finding.kind == "unnatural_profile"
    assert [source.printed.split(" |")[0] for source in finding.sources] == [
        "Mitragynine",
        "Paynantheine",
        "Speciogynine",
        "Speciociliatine",
    ]


@pytest.mark.parametrize(
    "amounts",
    [
        {"pay": "0.090", "sgn": "0.060", "sct": "0.040"},
        {"sgn": "1.900"},
        {"pay": None, "sgn": None, "sct": None},
    ],
)
def test_few_many_or_untested_companions_are_no_unnatural_profile(amounts: dict[str, str | None]) -> None:
    """Only the low side tells, and only where the companions were looked for."""
    assert "unnatural_profile" not in kinds(with_alkaloids(**amounts))


@pytest.mark.parametrize(
    "amounts", [{"pay": "<0.005"}, {"pay": "0.012", "sgn": "0.011", "sct": "0.900"}], ids=["one missing", "upside down"]
)
def test_a_profile_far_from_every_leaf_is_found_with_its_distance(amounts: dict[str, str]) -> None:
    """Companions that add up and stand in no natural proportion are told by the Aitchison distance, less surely."""
    (finding,) = findings(with_alkaloids(**amounts))
    assert finding.kind == "unnatural_profile"
    assert "Aitchison distance" in finding.reason
    assert finding.probability == 0.6


@given(st.floats(0.1, 100), st.dictionaries(st.sampled_from("abcd"), st.floats(0.01, 100), min_size=2))
def test_the_distance_of_compositions_ignores_strength_and_unit(strength: float, parts: dict[str, float]) -> None:
    """A composition is at no distance from itself diluted, and as far from another as that is from it."""
    diluted = {name: amount * strength for name, amount in parts.items()}
    other = {name: place + 1.0 for place, name in enumerate("abcd")}
    assert aitchison_distance(parts, diluted) == pytest.approx(0, abs=1e-6)
    assert aitchison_distance(parts, other) == pytest.approx(aitchison_distance(other, diluted), abs=1e-6)


def test_compounds_leaf_does_not_hold_are_found() -> None:
    """MGM-15 in any amount, and pseudoindoxyl above a trace."""
    made = certificate(leaf(row("MGM-15", "0.30", "%")))
    much = certificate(leaf(row("Mitragynine pseudoindoxyl", "0.400", "%")))
    trace = certificate(leaf(row("Mitragynine pseudoindoxyl", "0.006", "%"), row("MGM-15", "ND", "%")))
    assert kinds(made) == ["adulterated_7oh"]
    assert kinds(much) == ["adulterated_7oh"]
    assert kinds(trace) == []


def test_alkaloids_per_capsule_are_compared_with_each_other() -> None:
    """A share or ratio needs no weight when all are printed per capsule."""
    capsule = certificate(
        [row("Mitragynine", "2.0", "mg/capsule"), row("7-Hydroxymitragynine", "15", "mg/capsule"), *leaf()[5:]]
    )
    assert "adulterated_7oh" in kinds(capsule)
