"""Scores: monotone in the evidence, blind to order, honest about how little is known."""

from __future__ import annotations

from datetime import date
from random import Random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from builders import METALS, TODAY, certificate, clean_batches, failing_batch, leaf, some_batches
from kratom_quality.checks.settings import check_settings
from kratom_quality.records import Certificate, Panel
from kratom_quality.scoring import Ranking, basis, score
from kratom_quality.scoring.draws import expected_ranks, middles, times_beaten, vendor_strata
from kratom_quality.scoring.settings import scoring_settings

FEW = settings(max_examples=25)


def rank(**groups: list[Certificate]) -> Ranking:
    return score(groups, today=TODAY)


# The promises the score makes


def test_three_spotless_certificates_do_not_outrank_sixty() -> None:
    """Little evidence is little, even against sixty with one marginal failure; ten failures are another matter."""
    three = clean_batches("three", 3)
    sixty = clean_batches("sixty", 60)
    marginal = [*clean_batches("marginal", 59), failing_batch("marginal", lead="1.3")]
    ten = some_batches(50, 10, "ten")
    ranking = rank(three=three, sixty=sixty, marginal=marginal, ten=ten)
    assert [item.vendor for item in ranking] == ["sixty", "marginal", "three", "ten"]
    assert [item.rank for item in ranking] == [1, 2, 3, 4]


@FEW
@given(st.integers(0, 12), st.integers(0, 6))
def test_a_clean_batch_never_lowers_the_median(clean: int, failing: int) -> None:
    """More evidence for conforming moves the score up."""
    before, after = (rank(acorn=some_batches(count, failing)) for count in (clean, clean + 1))
    if len(before):
        assert after["acorn"].reputability >= before["acorn"].reputability


@FEW
@given(st.integers(0, 12), st.integers(0, 6))
def test_a_failing_batch_never_raises_the_median(clean: int, failing: int) -> None:
    """More evidence against conforming moves the score down."""
    before, after = (rank(acorn=some_batches(clean, count)) for count in (failing, failing + 1))
    if len(before):
        assert after["acorn"].reputability <= before["acorn"].reputability


@FEW
@given(st.integers(0, 8), st.integers(0, 4), st.randoms(use_true_random=False))
def test_the_order_of_the_input_does_not_matter(clean: int, failing: int, random: Random) -> None:
    """The same certificates give the same ranking to the last bit, in whatever order vendors and files come."""
    groups = {
        "acorn": some_batches(clean, failing),
        "bramble": some_batches(4, 1, "bramble"),
        "cedar": some_batches(1, 0, "cedar"),
    }
    names = list(groups)
    random.shuffle(names)
    shuffled = {name: random.sample(groups[name], len(groups[name])) for name in names}
    assert score(groups, today=TODAY) == score(shuffled, today=TODAY)


@FEW
@given(st.integers(1, 12), st.integers(0, 6))
def test_intervals_hold_the_median_and_probabilities_are_probabilities(clean: int, failing: int) -> None:
    """0 <= low <= median <= high <= 100, and points lost are what is missing from 100."""
    item = rank(acorn=some_batches(clean, failing))["acorn"]
    assert 0 <= item.low <= item.reputability <= item.high <= 100
    assert 0 < item.mislabeling_risk < 1
    assert sum(item.points_lost.values()) == pytest.approx(100 - item.reputability)
    assert item.failures == failing


def test_another_vendor_moves_a_score_by_little() -> None:
    """Vendors of a market are held to be alike as far as it shows: one more like them moves a score by little."""
    alone, among = rank(acorn=some_batches(5, 1)), rank(acorn=some_batches(5, 1), bramble=some_batches(9, 1, "bramble"))
    assert abs(alone["acorn"].reputability - among["acorn"].reputability) < 5
    assert (alone["acorn"].rank, among["acorn"].rank) == (1, 2)


def test_intervals_narrow_as_batches_are_added() -> None:
    """Many batches say more than few."""
    widths = [item.high - item.low for item in (rank(acorn=some_batches(count))["acorn"] for count in (2, 8, 40))]
    assert widths == sorted(widths, reverse=True)


# What counts as evidence


def test_too_little_evidence_is_unrated_with_the_reason() -> None:
    """One batch gives no rank; the reason says how many there are and how many it takes."""
    ranking = rank(acorn=some_batches(3), bramble=some_batches(1, 0, "bramble"))
    assert [item.vendor for item in ranking] == ["acorn", "bramble"]
    item = ranking["bramble"]
    assert (item.rank, item.rated) == (None, False)
    assert item.reason == "1 of 1 batches are decided, and a rank needs 2"
    assert item.low < item.reputability < item.high


def test_undecided_batches_add_no_evidence_of_safety() -> None:
    """Batches whose elements cannot be told leave that share where the prior put it, however many there are."""
    blind = leaf(metals=dict.fromkeys(METALS, "<5"))
    few, many = (
        rank(acorn=[certificate(blind, batch=f"B-{number}") for number in range(count)])["acorn"] for count in (3, 30)
    )
    assert (few.undecided, many.undecided) == (3, 30)
    assert many.low < 60
    assert rank(acorn=some_batches(30))["acorn"].low > 90


def test_a_vendor_who_never_tests_for_germs_stays_unknown_there() -> None:
    """However many elements are tested, germs are not, and the vendor ranks below one who tests both."""
    half = [
        one.model_copy(update={"results": tuple(row for row in one.results if row.panel is not Panel.MICROBIALS)})
        for one in clean_batches("half", 12)
    ]
    ranking = rank(half=half, whole=some_batches(6, 0, "whole"))
    assert [item.vendor for item in ranking] == ["whole", "half"]
    assert ranking["half"].missing_panels == 12
    assert ranking["half"].undecided == 12


def test_a_batch_counts_once_however_many_certificates_it_has() -> None:
    """Panels split over files, a file given twice and a retest are one batch; its failure is not outvoted."""
    one = clean_batches("acorn", 1)[0]
    parts = [
        one.model_copy(update={"results": rows, "source": one.source.model_copy(update={"sha256": name, "path": name})})
        for name, rows in (("a" * 64, one.results[:5]), ("b" * 64, one.results[5:]))
    ]
    split = rank(acorn=[*parts, parts[0], *clean_batches("acorn", 2, first=1)])["acorn"]
    assert (split.certificates, split.batches, split.undecided) == (4, 3, 0)
    failed = failing_batch("acorn")
    passed = certificate(vendor="acorn", batch=failed.batch, file="retest.pdf")
    assert rank(acorn=[failed, passed])["acorn"].failures == 1


def test_a_vendor_of_whom_nothing_could_be_read_is_unrated() -> None:
    """Unread files are counted and named, and are evidence of nothing."""
    item = rank(acorn=[certificate([], batch="A-1"), certificate([], batch="A-2")], bramble=some_batches(2))["acorn"]
    assert (item.rank, item.certificates, item.batches) == (None, 2, 0)
    assert item.reason == "no certificate could be read"
    assert [finding.kind for finding in item.findings] == ["unread_certificate", "unread_certificate"]
    read, partly = (
        rank(acorn=some_batches(3))["acorn"],
        rank(acorn=[*some_batches(3), certificate([], batch="A-1")])["acorn"],
    )
    assert read.reputability == partly.reputability


def test_adulteration_is_mislabeling() -> None:
    """Added 7-hydroxymitragynine in every batch makes the next label a likely lie; honest batches make it unlikely."""
    spiked = [
        certificate(leaf(alkaloids={"7-Hydroxymitragynine": f"0.{90 + number}0"}), batch=f"S-{number}", vendor="spiked")
        for number in range(6)
    ]
    ranking = rank(spiked=spiked, honest=some_batches(6, 0, "honest"))
    assert ranking["spiked"].mislabeling_risk > 0.9
    assert ranking["honest"].mislabeling_risk < 0.1
    assert [item.vendor for item in ranking] == ["honest", "spiked"]


def test_an_honest_slip_on_every_certificate_costs_as_much_as_on_one() -> None:
    """A laboratory's habit is doubted once, not sixty times."""
    backwards = {"collected": "2026-08-05", "received": "2026-08-03", "reported": "2026-08-10", "tested": None}
    sloppy = [one.model_copy(update={"dates": one.dates.model_copy(update=backwards)}) for one in some_batches(6)]
    one, all_of_them = rank(acorn=[sloppy[0], *some_batches(6)[1:]])["acorn"], rank(acorn=sloppy)["acorn"]
    assert one.points_lost["authenticity"] == pytest.approx(all_of_them.points_lost["authenticity"], rel=0.01)
    assert 0 < one.low < rank(acorn=some_batches(6))["acorn"].low


def test_old_certificates_tell_less() -> None:
    """Two years on, the documents are stale and the interval is wider."""
    then, later = (score({"acorn": some_batches(4)}, today=day)["acorn"] for day in (TODAY, date(2028, 11, 1)))
    assert later.respects["documents"] < then.respects["documents"] - 0.09
    assert later.low < then.low


# What is said of it


def test_every_point_is_led_back_to_findings_and_pages() -> None:
    """The explanation names rank, interval, what it rests on, and each finding with file, page and authority."""
    lines = rank(acorn=some_batches(5, 1))["acorn"].explain()
    text = "\n".join(lines)
    assert lines[0] == "acorn: rank 1, grade B, expected rank 1.0"
    assert "90% interval" in text
    assert "6 certificates of 6 batches: 1 do not conform" in text
    assert "acorn/F-000.pdf, page 1: Lead 4.1 ppm; the limit is below 1.2 mg/kg: fail [Utah" in text


def test_a_ranking_is_a_sequence_that_knows_its_vendors() -> None:
    """Places, slices and names; an unknown name is answered with the known ones; HTML is escaped."""
    ranking = rank(**{"<b>acorn": some_batches(3), "bramble": some_batches(2, 1, "bramble")})
    assert ranking[0] is ranking["<b>acorn"]
    assert [item.vendor for item in ranking[:1]] == ["<b>acorn"]
    assert list(ranking.to_frame()["rank"]) == [1, 2]
    assert "&lt;b&gt;acorn" in ranking._repr_html_()
    assert "<b>" not in ranking._repr_html_()
    with pytest.raises(KeyError, match="there are <b>acorn, bramble"):
        ranking["cedar"]


def test_an_empty_market_is_an_empty_ranking() -> None:
    """Nothing in, nothing out."""
    assert len(score({})) == 0
    assert len(score({"acorn": []})) == 0


def test_the_basis_names_the_standard_the_grams_and_what_it_cannot_show() -> None:
    """The paragraph that goes out with every ranking."""
    text = basis("utah-r70-580", 7.5)
    for words in ("utah-r70-580", "7.5 g", "safety 45%", "undecided", "not what is safe"):
        assert words in text


def test_every_kind_of_finding_has_its_severity_and_the_weights_name_known_kinds() -> None:
    """Kinds in the scoring data are kinds the checks know."""
    known, weights = set(check_settings().kinds), scoring_settings()
    assert weights.authenticity.habits <= set(weights.authenticity.doubts)
    assert weights.identity.kinds | set(weights.documents.gaps) | set(weights.authenticity.doubts) <= known
    assert sum(weights.weights.values().values()) == pytest.approx(1)


# The machinery


def test_draws_are_stratified_and_belong_to_the_vendor() -> None:
    """Each row holds every stratum once, rows go together as asked, and another name gives other draws."""
    strata = vendor_strata("acorn", 3, 1000, 1, 0.3)
    assert np.array_equal(np.sort(strata, axis=1), np.tile(np.arange(1000), (3, 1)))
    assert np.allclose(middles(1000), (np.arange(1000) + 0.5) / 1000)
    assert np.corrcoef(strata)[np.triu_indices(3, k=1)] == pytest.approx(0.3, abs=0.1)
    assert not np.array_equal(strata, vendor_strata("bramble", 3, 1000, 1, 0.3))
    assert np.array_equal(strata, vendor_strata("acorn", 3, 1000, 1, 0.3))


def test_expected_ranks_count_the_rated_alone() -> None:
    """An unrated vendor is placed without taking a place."""
    draws = np.array([[3.0, 3.0], [1.0, 4.0], [2.0, 9.0]])
    for rated, ranks in (([True, True, True], [2.0, 2.5, 1.5]), ([True, True, False], [1.5, 1.5, 1.5])):
        assert list(expected_ranks(times_beaten(draws, np.array(rated)), 2)) == ranks
