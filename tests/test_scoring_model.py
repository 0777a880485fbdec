"""The parts of the score: pooling, margins, labels, laboratories, grades, and what is said of them."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from builders import TODAY, certificate, clean_batches, failing_batch, leaf, some_batches
from kratom_quality.claims import Claim, Claims
from kratom_quality.records import Laboratory
from kratom_quality.scoring import Ranking, labels, score, shares
from kratom_quality.scoring.batches import AmountColumns, AmountRows
from kratom_quality.scoring.draws import times_beaten
from kratom_quality.scoring.evidence import LotEvidence
from kratom_quality.scoring.grades import Pairs, discordance, grades, pairwise
from kratom_quality.scoring.laboratories import Reading, laboratory_effects
from kratom_quality.scoring.margins import Amounts, margin_laws, spreads_of
from kratom_quality.scoring.population import Array, Population
from kratom_quality.scoring.settings import scoring_settings
from kratom_quality.scoring.shares import CENTRES, Trials
from kratom_quality.scoring.study import Rivals


def trials(*vendors: tuple[int, int]) -> Trials:
    """Return batches of vendors, so many sound and so many failing each."""
    failing = [[0.0] * sound + [1.0] * foul for sound, foul in vendors]
    owner = np.repeat(np.arange(len(vendors)), [len(one) for one in failing])
    flat = np.concatenate(failing)
    return Trials(len(vendors), owner, flat, np.ones(len(flat)))


def shares_of(*vendors: tuple[int, int]) -> list[float]:
    """Return the posterior means of their shares."""
    likelihood = shares.log_likelihood(trials(*vendors), 0.9)
    return list(Population.of(shares.share_laws(), [likelihood]).posterior(likelihood) @ CENTRES)


def columns_of(*batches: Amounts) -> AmountColumns:
    """Lay the amounts of batches in columns."""
    rows = AmountRows()
    for batch in batches:
        rows.add(batch)
    return rows.closed()


def reading(ratio: float, laboratory: str = "one", **other: object) -> Reading:
    return replace(Reading(math.log(ratio), 0.065, laboratory, 1.0, False), **other)  # type: ignore[arg-type]


# Partial pooling


@pytest.mark.parametrize("laws", [shares.share_laws(), shares.habit_laws(), margin_laws(), labels.label_laws()])
def test_every_law_is_a_distribution_and_so_is_their_prior(laws: object) -> None:
    """Probabilities of the cells sum to 1 in every law, and those of the laws as well."""
    assert laws.cells.sum(axis=1) == pytest.approx(1)  # type: ignore[attr-defined]
    assert laws.prior.sum() == pytest.approx(1)  # type: ignore[attr-defined]
    assert laws.cells.min() >= 0  # type: ignore[attr-defined]


def test_few_batches_are_drawn_to_the_market_and_many_are_not() -> None:
    """In a market of clean vendors one failure in three may be chance; twenty in forty are the vendor's own."""
    market = [(12, 0)] * 12
    *_, few, many = shares_of(*market, (2, 1), (20, 20))
    assert few > 2 / 3
    assert many == pytest.approx(0.5, abs=0.05)


def test_a_vendor_without_batches_stands_where_its_market_does() -> None:
    """Of whom nothing is known, the market is all that is."""
    *_, clean = shares_of(*[(12, 0)] * 12, (0, 0))
    *_, foul = shares_of(*[(6, 6)] * 12, (0, 0))
    assert clean > 0.9 > foul
    assert foul == pytest.approx(0.5, abs=0.1)


@settings(max_examples=25)
@given(st.integers(0, 20), st.integers(0, 20))
def test_a_sound_batch_raises_a_share_and_a_failing_one_lowers_it(sound: int, foul: int) -> None:
    """The posterior is monotone in the evidence."""
    (now,), (better,), (worse,) = (shares_of(one) for one in ((sound, foul), (sound + 1, foul), (sound, foul + 1)))
    assert worse < now < better


def test_a_batch_of_which_nothing_is_known_counts_nothing() -> None:
    """A batch as likely to fail as any other of the market moves no share."""
    nothing = shares.log_likelihood(Trials(1, np.zeros(3, dtype=np.intp), np.full(3, 0.1), np.ones(3)), 0.9)
    assert np.ptp(nothing) == pytest.approx(0, abs=1e-9)


# Margins


def test_a_vendor_far_below_its_limits_is_safer_than_one_just_below() -> None:
    """Three conforming batches each: those at a tenth of the limit for lead promise more than those just under it."""
    near = [failing_batch("near", number, lead=f"{0.99 + number / 100:.2f}") for number in range(3)]
    far = [failing_batch("far", number, lead=f"{0.11 + number / 100:.2f}") for number in range(3)]
    ranking = score({"near": near, "far": far}, today=TODAY)
    assert [item.vendor for item in ranking] == ["far", "near"]
    assert ranking["near"].failures == 0


def test_failures_are_not_outweighed_by_batches_far_below_their_limits() -> None:
    """Ten failures in sixty are a sixth, however alike and low the other fifty are."""
    ranking = score({"ten": some_batches(50, 10, "ten")}, today=TODAY)
    assert ranking["ten"].respects["safety"] < 0.92


def test_the_margin_is_the_largest_amount_in_units_of_its_spread() -> None:
    """An analyte that hardly varies is far from a limit that another is near to."""
    amounts = [
        {"lead": (math.log(part), True), "cadmium": (math.log(0.3 * part**0.1), True)} for part in (0.1, 0.5, 0.9)
    ]
    spreads = spreads_of(columns_of(*amounts * 30).of_analytes())
    assert spreads["cadmium"] < spreads["lead"]
    margins, measured = columns_of({}, {"lead": (-1.0, False)}, *amounts[:1]).margins(spreads, 1.0)
    assert math.isnan(margins[0])
    assert not measured[1]
    assert margins[2] == max(amount / spreads[analyte] for analyte, (amount, _) in amounts[0].items())


# Labels and laboratories


def test_a_laboratory_that_reads_high_is_found_where_vendors_use_two() -> None:
    """Ten vendors find a tenth more at one laboratory than at another; the difference goes to the laboratories."""
    vendors = [[reading(1.0, "low"), reading(1.0, "low"), reading(1.1, "high"), reading(1.1, "high")]] * 10
    effects = laboratory_effects(vendors)
    low, high = (effects.means[effects.places[name]] for name in ("low", "high"))
    assert high - low == pytest.approx(math.log(1.1), rel=0.15)


def test_laboratories_that_do_not_overlap_keep_their_uncertainty() -> None:
    """One vendor with one laboratory tells nothing of who of the two reads high."""
    effects = laboratory_effects([[reading(1.1)] * 20])
    assert effects.covariance[0, 0] == pytest.approx(scoring_settings().laboratories.between ** 2, rel=0.2)


def test_true_labels_are_trusted_and_false_ones_are_not() -> None:
    """Eight labels within a few percent promise the ninth; eight that claim half as much again do not."""
    groups = {name: clean_batches(name, 8) for name in ("true", "false")}
    claimed = {"true": 1.42, "false": 2.13}
    claims = Claims(Claim(name, "", None, "mitragynine", value, "%", 2) for name, value in claimed.items())
    ranking = score(groups, claims=claims, today=TODAY)
    assert ranking["true"].mislabeling_risk < 0.1
    assert ranking["false"].mislabeling_risk > 0.9
    assert ranking["false"].adulteration_risk < 0.1
    assert ranking["true"].claims_compared == 8


def test_without_claims_the_risk_is_that_of_adulteration() -> None:
    """A label that claims nothing cannot be off; the explanation says so."""
    item = score({"acorn": some_batches(6)}, today=TODAY)["acorn"]
    assert item.mislabeling_risk == pytest.approx(item.adulteration_risk)
    assert any("no label claim was given" in line for line in item.explain())


def test_an_unnamed_laboratory_is_nobody_elses() -> None:
    """Two vendors whose certificates name no laboratory are not taken to share one."""
    groups = {
        name: [one.model_copy(update={"laboratory": Laboratory()}) for one in clean_batches(name, 3)]
        for name in ("a", "b")
    }
    claims = Claims(Claim(name, "", None, "mitragynine", value, "%", 2) for name, value in (("a", 1.4), ("b", 1.9)))
    assert score(groups, claims=claims, today=TODAY)["a"].mislabeling_risk < 0.5


# Forgery


def test_a_forged_document_is_no_evidence_of_what_it_says() -> None:
    """Certificates reused for other batches leave safety nearer to where it was without them."""
    genuine = clean_batches("acorn", 8)
    copied = [
        genuine[0].model_copy(update={"batch": f"X-{number}", "source": one.source})
        for number, one in enumerate(genuine)
    ]
    honest, forger = (score({"acorn": group}, today=TODAY)["acorn"] for group in (genuine, copied))
    assert forger.respects["authenticity"] < 0.5
    assert forger.respect_intervals["safety"][0] < honest.respect_intervals["safety"][0]
    assert forger.adulteration_risk < 0.5


# Grades


def pairs_of(better: Array) -> Pairs:
    """Vendors each in a run of its own."""
    return Pairs(tuple(range(len(better))), len(better), better, tuple(np.diag(better, k=1)))


def test_the_chance_of_being_better_is_that_of_the_draws() -> None:
    """Ties count half, and two chances of one pair make 1."""
    better = pairwise(np.array([[90.0, 80.0, 70.0], [80.0, 80.0, 80.0], [10.0, 10.0, 95.0]])).better
    assert better[0, 1] == pytest.approx(0.5, abs=0.01)
    assert better[0, 2] == pytest.approx(2 / 3, abs=0.01)
    assert better + better.T == pytest.approx(np.ones((3, 3)))


def test_vendors_that_cannot_be_told_apart_share_a_grade() -> None:
    """Where every pair is a toss-up there is one group, and it gets the letter its scores deserve."""
    assert grades(pairs_of(np.full((4, 4), 0.5)), [95.0] * 4) == ["A"] * 4
    assert grades(pairs_of(np.full((4, 4), 0.5)), [20.0] * 4) == ["E"] * 4


def test_grades_tell_sure_differences_and_keep_the_order() -> None:
    """Two groups a world apart get two letters; pairs that are apart are rarely misordered."""
    sure = np.array([[0.5, 0.6, 0.99, 0.99], [0.4, 0.5, 0.99, 0.99], [0.01, 0.01, 0.5, 0.6], [0.01, 0.01, 0.4, 0.5]])
    assert grades(pairs_of(sure), [97.0, 96.0, 50.0, 45.0]) == ["A", "A", "E", "E"]
    assert discordance(pairs_of(sure), [0, 2]) == pytest.approx(0.01)


@settings(max_examples=25)
@given(st.lists(st.floats(0, 100), min_size=1, max_size=12), st.integers(0, 10**6))
def test_grades_bound_the_share_of_misordered_pairs(centres: list[float], seed: int) -> None:
    """Whatever the market, pairs with different grades are misordered no more often than the bound says."""
    rng = np.random.default_rng(seed)
    draws = np.clip(np.array(sorted(centres, reverse=True))[:, None] + rng.normal(0, 8, (len(centres), 400)), 0, 100)
    better, scores = pairwise(draws), [float(median) for median in np.median(draws, axis=1)]
    letters = grades(better, scores)
    assert letters == sorted(letters)
    cuts = [0, *(place for place in range(1, len(letters)) if letters[place] != letters[place - 1])]
    assert discordance(better, cuts) <= scoring_settings().grades.largest_discordance


# What would change it


@settings(max_examples=50)
@given(st.integers(1, 6), st.integers(0, 10**6), st.booleans())
def test_the_place_by_other_draws_is_that_of_ranking_everyone_anew(vendors: int, seed: int, known: bool) -> None:
    """Ranks of the others are corrected for one vendor's draws, not counted again."""
    rng = np.random.default_rng(seed)
    draws, score = rng.integers(0, 5, (vendors, 40)).astype(float), rng.integers(0, 5, 40).astype(float)
    names = [f"v{place}" for place in range(vendors)]
    rivals = Rivals(
        {name: place for place, name in enumerate(names)}, draws, times_beaten(draws, np.ones(vendors, dtype=bool))
    )
    others = draws[1:] if known else draws
    everyone = np.vstack([score, others])
    order = np.argsort(np.argsort(-everyone, axis=0, kind="stable"), axis=0).mean(axis=1)
    assert rivals.place("v0" if known else "another", score) == 1 + int(np.sum(order[1:] < order[0]))


@pytest.fixture(scope="module")
def market() -> Ranking:
    groups = {
        "acorn": some_batches(4, 1),
        "bramble": some_batches(9, 0, "bramble"),
        "cedar": some_batches(2, 3, "cedar"),
    }
    return score(groups, today=TODAY)


def test_points_lead_from_nothing_known_to_the_score(market: Ranking) -> None:
    """What the respects add to a vendor without certificates makes the score to the last point."""
    for item in market:
        assert item.study is not None
        start, points = item.study.points()
        assert start + sum(points.values()) == pytest.approx(item.reputability)


def test_failing_batches_cost_points_and_clean_ones_bring_them(market: Ranking) -> None:
    """Without its failing batch a vendor would stand higher, without a clean one lower."""
    study = market["acorn"].study
    assert study is not None
    points = study.batch_points()
    assert points["f000"] < 0 < min(moved for key, moved in points.items() if key != "f000")


def test_the_explanation_says_what_one_more_certificate_would_do(market: Ranking) -> None:
    """A clean one raises the score, a failing one lowers it, and a better place has its price in clean ones."""
    text = "\n".join(market["cedar"].explain())
    for words in ("one more certificate of today", "clean in every panel", "failure by germs", "a better place takes"):
        assert words in text
    study = market["cedar"].study
    assert study is not None
    clean: LotEvidence = study.clean()
    assert study.after([clean])[0] > market["cedar"].reputability > study.after([study.failing("chemical")])[0]


def test_the_explanation_of_an_unrated_vendor_says_what_a_rank_needs() -> None:
    """One batch is none too many: the words say how many more it takes."""
    blind = certificate(leaf(metals={}), batch="B-1")
    lines = score({"acorn": [blind], "bramble": some_batches(3, 0, "bramble")}, today=TODAY)["acorn"].explain()
    assert any(line.startswith("a rank needs 1 more") for line in lines)


def test_the_next_in_rank_is_beaten_more_often_than_not(market: Ranking) -> None:
    """Every rated vendor but the last has the chance, and grades go down the ranking."""
    chances = [item.probability_better_than_next for item in market]
    assert chances[-1] is None
    assert all(chance is not None and chance > 0.5 for chance in chances[:-1])
    assert [item.grade for item in market] == sorted(item.grade or "" for item in market)
