"""Whether the score keeps its promises on simulated markets whose truth is known.

    python benchmarks/market.py [--markets 200] [--short] [--seed 1]

A market is drawn by ``benchmarks/simulation`` from the numbers in ``benchmarks/market.toml``: vendors, batches,
laboratories, labels, forgers; its certificates go through the same checks and the same score as those of a folder.
What the score claims to estimate is, for each vendor, 100 times the product of four shares raised to the published
weights, each at least the published floor:

- safety: P(next batch is within every chemical limit by its true contents) x P(within every microbial one),
- label truth: P(next batch holds within 80 to 120 % of what its label claims, is not adulterated, and is leaf),
- authenticity: P(next certificate is genuine),
- documents: the completeness to be expected of the next certificate, and whether the newest one is stale.

Printed are: the share of 90 % intervals that hold this number; Spearman's correlation of the expected rank with its
true order, beside three naive scores; how well adulterators and mislabelers (vendors whose next product is more often
wrong than right) are told from others at five or more certificates (AUC); and how well the mislabeling risk is
calibrated.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from scipy.stats import rankdata
from simulation.baselines import labdoor_like, pass_rate, z_scores
from simulation.certificates import publish
from simulation.goods import SETTINGS
from simulation.vendors import Truth, draw_laboratories, draw_vendor, truth_of

from kratom_quality.checks import examine, make_context
from kratom_quality.claims import Claims
from kratom_quality.scoring.score import score_reports

CLASSES = {"1-3": (1, 3), "4-10": (4, 10), ">10": (11, 10**9), "all": (1, 10**9)}
NAIVE = ("pass rate", "mean of z-scores", "Labdoor-like sum")
ENOUGH = 5  # certificates, before a vendor is told to be an adulterator or a mislabeler


@dataclass(frozen=True, slots=True)
class Outcome:
    """A vendor's truth beside what was said of it."""

    market: int
    certificates: int
    truth: Truth
    rated: bool
    score: float
    low: float
    high: float
    expected_rank: float
    mislabeling_risk: float
    adulteration_risk: float
    respects: dict[str, tuple[float, float, float]]
    naive: dict[str, float]


def simulate(number: int, seed: int) -> list[Outcome]:
    """Draw a market and score it."""
    rng = np.random.default_rng([seed, number])
    laboratories = draw_laboratories(rng)
    vendors = [draw_vendor(rng, f"vendor {place:02d}", laboratories) for place in range(SETTINGS["market"]["vendors"])]
    standard = make_context().standard
    published = [publish(rng, vendor, standard) for vendor in vendors]
    claims = Claims(claim for one in published for claim in one.claims)
    context = make_context(standard, claims, SETTINGS["market"]["today"])
    reports = examine({vendor.name: one.certificates for vendor, one in zip(vendors, published, strict=True)}, context)
    ranking = score_reports(reports, context)
    z = z_scores(published, reports)
    outcomes = []
    for place, (vendor, one, report) in enumerate(zip(vendors, published, reports, strict=True)):
        said = ranking[vendor.name]
        age = (context.today - one.newest).days
        truth = truth_of(rng, vendor, standard, stale=age > context.settings.documents.stale_after_days)
        naive = (pass_rate(report), z[place], labdoor_like(one, report, standard))
        outcomes.append(
            Outcome(
                number,
                vendor.certificates,
                truth,
                said.rated,
                said.reputability,
                said.low,
                said.high,
                said.expected_rank,
                said.mislabeling_risk,
                said.adulteration_risk,
                {name: (*ends, said.respects[name]) for name, ends in said.respect_intervals.items()},
                dict(zip(NAIVE, naive, strict=True)),
            )
        )
    return outcomes


def of_class(outcomes: Sequence[Outcome], name: str) -> list[Outcome]:
    low, high = CLASSES[name]
    return [one for one in outcomes if low <= one.certificates <= high and one.rated]


def coverage(outcomes: Sequence[Outcome]) -> float:
    return float(np.mean([one.low <= one.truth.reputability <= one.high for one in outcomes]))


def respect_coverage(outcomes: Sequence[Outcome], respect: str) -> float:
    slack = 0.0005  # the truth is told by 2000 batches
    held = [
        one.respects[respect][0] - slack <= one.truth.respects[respect] <= one.respects[respect][1] + slack
        for one in outcomes
    ]
    return float(np.mean(held))


def spearman(outcomes: Sequence[Outcome], value: Callable[[Outcome], float]) -> float:
    """Mean over markets of the rank correlation with the true score, of those with five vendors or more."""
    found = []
    for market in sorted({one.market for one in outcomes}):
        group = [one for one in outcomes if one.market == market]
        if len(group) >= 5:
            pair = rankdata([value(one) for one in group]), rankdata([one.truth.reputability for one in group])
            found.append(np.corrcoef(*pair)[0, 1] if np.ptp(pair[0]) else 0.0)
    return float(np.mean(found))


def respect_spearman(outcomes: Sequence[Outcome], respect: str) -> float:
    said = rankdata([one.respects[respect][2] for one in outcomes])
    return float(np.corrcoef(said, rankdata([one.truth.respects[respect] for one in outcomes]))[0, 1])


def auc(outcomes: Sequence[Outcome], guilty: Callable[[Outcome], bool], value: Callable[[Outcome], float]) -> float:
    """Return the chance that a guilty vendor is suspected more than an innocent one."""
    ranks, found = rankdata([value(one) for one in outcomes]), np.array([guilty(one) for one in outcomes])
    positive, negative = found.sum(), (~found).sum()
    return float((ranks[found].sum() - positive * (positive + 1) / 2) / (positive * negative))


def reliability(outcomes: Sequence[Outcome]) -> tuple[list[tuple[float, float, int]], float, float]:
    """Return, for ten bins, mean risk said, mean truth and vendors; the calibration error; the expected Brier score."""
    said = np.array([one.mislabeling_risk for one in outcomes])
    true = np.array([one.truth.mislabeled for one in outcomes])
    bins = np.minimum((said * 10).astype(int), 9)
    table = [
        (float(said[bins == place].mean()), float(true[bins == place].mean()), int((bins == place).sum()))
        for place in range(10)
        if (bins == place).any()
    ]
    error = sum(count * abs(one - other) for one, other, count in table) / len(said)
    return table, error, float(np.mean((said - true) ** 2 + true * (1 - true)))


def report(outcomes: Sequence[Outcome]) -> None:
    """Print every promise beside its bar."""
    rated = of_class(outcomes, "all")
    print(f"{len(outcomes)} vendors in {len({one.market for one in outcomes})} markets, {len(rated)} of them rated\n")
    print(f"{'certificates':34}" + "".join(f"{name:>9}" for name in CLASSES))

    def line(name: str, value: Callable[[list[Outcome]], float]) -> None:
        print(f"{name:34}" + "".join(f"{value(of_class(outcomes, label)):9.3f}" for label in CLASSES))

    line("vendors", len)
    line("coverage of 90 % (0.87 to 0.93)", coverage)
    line("  width, points", lambda group: float(np.mean([one.high - one.low for one in group])))
    for respect in rated[0].respects:
        line(f"  coverage of {respect}", lambda group, respect=respect: respect_coverage(group, respect))
    for respect in rated[0].respects:
        line(f"  Spearman of {respect}", lambda group, respect=respect: respect_spearman(group, respect))
    line("Spearman, expected rank", lambda group: spearman(group, lambda one: -one.expected_rank))
    for name in NAIVE:
        line(f"  {name}", lambda group, name=name: spearman(group, lambda one: one.naive[name]))
    line("  gap to the best (0.05 or more)", gap)
    print()
    known = [one for one in rated if one.certificates >= ENOUGH]
    accused = {
        "adulterators (0.95)": (lambda one: one.truth.adulterator, lambda one: one.adulteration_risk),
        "mislabelers (0.90)": (lambda one: one.truth.mislabeled > 0.5, lambda one: one.mislabeling_risk),
    }
    for name, (guilty, risk) in accused.items():
        naive = ", ".join(
            f"{label} {auc(known, guilty, lambda one, label=label: -one.naive[label]):.3f}" for label in NAIVE
        )
        print(f"AUC of {name}: {auc(known, guilty, risk):.3f}; {naive}")
    table, error, brier = reliability(rated)
    print("\nmislabeling risk: said, true, vendors")
    for said, true, count in table:
        print(f"  {said:8.3f} {true:8.3f} {count:7d}")
    _, naive_error, naive_brier = reliability_of_pass_rate(rated)
    print(f"calibration error {error:.3f} (0.05 or less), Brier {brier:.3f}")
    print(f"of 1 - pass rate  {naive_error:.3f},                Brier {naive_brier:.3f}")


def missed(outcomes: Sequence[Outcome]) -> list[str]:
    """Return the promises that are not kept."""
    rated = of_class(outcomes, "all")
    known = [one for one in rated if one.certificates >= ENOUGH]
    kept = {
        "coverage": 0.87 <= coverage(rated) <= 0.93,
        "Spearman": gap(rated) >= 0.05,
        "adulterators": auc(known, lambda one: one.truth.adulterator, lambda one: one.adulteration_risk) >= 0.95,
        "mislabelers": auc(known, lambda one: one.truth.mislabeled > 0.5, lambda one: one.mislabeling_risk) >= 0.90,
        "calibration": reliability(rated)[1] <= 0.05,
    }
    return [name for name, is_kept in kept.items() if not is_kept]


def gap(outcomes: Sequence[Outcome]) -> float:
    best = max(spearman(outcomes, lambda one, name=name: one.naive[name]) for name in NAIVE)
    return spearman(outcomes, lambda one: -one.expected_rank) - best


def reliability_of_pass_rate(outcomes: Sequence[Outcome]) -> tuple[list[tuple[float, float, int]], float, float]:
    return reliability([replace(one, mislabeling_risk=1 - one.naive["pass rate"]) for one in outcomes])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--markets", type=int, default=200)
    parser.add_argument("--short", action="store_true", help="twenty markets")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    start = time.perf_counter()
    outcomes = [
        one for number in range(20 if options.short else options.markets) for one in simulate(number, options.seed)
    ]
    report(outcomes)
    print(f"\n{time.perf_counter() - start:.0f} s")
    if broken := missed(outcomes):
        sys.exit(f"not kept: {', '.join(broken)}")


if __name__ == "__main__":
    main()
