"""How often control charts and change points are wrong, and how often they see what is there.

    python -m benchmarks.tracking

Series are simulated: normal logarithms, of which a share may lie below an LOQ.
"""

from __future__ import annotations

import time
from collections.abc import Callable

import numpy as np

from kratom_quality.tracking.baseline import Array, Intervals, baseline_of
from kratom_quality.tracking.charts import ewma, individuals, moving_ranges
from kratom_quality.tracking.rhythm import chance_of_gap
from kratom_quality.tracking.rules import broken
from kratom_quality.tracking.settings import tracking_settings
from kratom_quality.tracking.shifts import cut, possible_cuts

SEED = 20261122
LOQS = {"0 %": -np.inf, "20 %": -0.8416, "40 %": -0.2533}  # below which so many results are bounds
Signals = Callable[[Intervals], Array]


def points(logarithms: Array, loq: float = -np.inf) -> Intervals:
    return Intervals(np.where(logarithms < loq, -np.inf, logarithms), np.maximum(logarithms, loq))


def limits_alone(held: Intervals) -> Array:
    return broken(tracking_settings().rules[0], held).surely


def all_rules(held: Intervals) -> Array:
    return np.any([one.surely for one in individuals(held).broken], axis=0)


def ranges(held: Intervals) -> Array:
    return moving_ranges(held).broken[0].surely


def averages(held: Intervals) -> Array:
    return ewma(held).broken[0].surely


CHARTS: dict[str, Signals] = {
    "individuals, limits alone": limits_alone,
    "individuals, all run rules": all_rules,
    "moving ranges": ranges,
    "EWMA": averages,
}


def run_length(signals: Signals, shift: float, runs: int = 1500) -> float:
    generator, longest = np.random.default_rng(SEED), 600 if shift else 5000
    lengths = []
    for _ in range(runs):
        (places,) = np.nonzero(signals(points(shift + generator.standard_normal(longest))))
        lengths.append(places[0] + 1 if len(places) else longest)
    return float(np.mean(lengths))


def newest_point(count: int, loq: float, shift: float, runs: int = 1500) -> list[float]:
    """Return how often the newest of so many points signals, by chart, with limits from all of them."""
    generator, seen, charted = np.random.default_rng(SEED), np.zeros(3), 0
    for _ in range(runs):
        logarithms = generator.standard_normal(count)
        logarithms[-1] += shift
        held = points(logarithms, loq)
        usual = baseline_of(held)
        if not isinstance(usual, str):
            charted += 1
            held = held.standardised(usual.centre, usual.spread)
            seen += [signals(held)[-1] for signals in (limits_alone, averages, ranges)]
    return [*(seen / max(charted, 1)), charted / runs]


def change(count: int, place: int, shift: float, loq: float, runs: int = 400) -> list[float]:
    """Return how often a change is found, how often its days hold the true one, and how many points they span."""
    generator, found, held_by, width = np.random.default_rng(SEED), 0, 0, 0
    settings = tracking_settings().change_points
    for _ in range(runs):
        held = points(generator.standard_normal(count) + shift * (np.arange(count) >= place), loq)
        likeliest, chance = cut(held, settings.significance)
        if chance <= settings.significance:
            first, last = possible_cuts(held, likeliest)
            found, held_by, width = found + 1, held_by + (first <= place <= last), width + last - first + 1
    return [found / runs, held_by / max(found, 1), width / max(found, 1)]


def pauses(gaps: int, runs: int = 100_000) -> dict[str, float]:
    """Return how often a sound vendor's next gap is called long, by how regularly it publishes."""
    generator, rare = np.random.default_rng(SEED), tracking_settings().rhythm.significance
    draws = {"at random": 1.0, "fairly regular": 4.0, "monthly": 50.0}
    return {
        name: float(np.mean(chance_of_gap(drawn[:, -1], drawn[:, :-1].sum(axis=1), gaps) < rare))
        for name, shape in draws.items()
        for drawn in [generator.gamma(shape, 1 / shape, (runs, gaps + 1))]
    }


def main() -> None:
    started = time.perf_counter()
    print("Average run length, centre and spread known\n  shift in standard deviations      0       1       2       3")
    for name, signals in CHARTS.items():
        print(f"  {name:<28}" + "".join(f"{run_length(signals, shift):8.1f}" for shift in (0, 1, 2, 3)))
    print("\nThe newest point, limits from all points: share that signals\n  points  bounds  charted", end="")
    print("  in control: individuals  EWMA  ranges   shift 5: individuals")
    for count in (5, 10, 20, 50):
        for name, loq in LOQS.items():
            alone, average, between, charted = newest_point(count, loq, 0)
            seen = newest_point(count, loq, 5)[0]
            print(f"  {count:>6}  {name:>6}  {charted:7.2f}  {alone:23.4f}  {average:.4f}  {between:.4f}  {seen:20.2f}")
    print("\nChange points\n  points  bounds  false   after  shift   found  days hold it  points they span")
    for count, place in ((10, 5), (12, 6), (20, 10), (20, 15), (40, 20), (40, 34)):
        for name, loq in (("0 %", LOQS["0 %"]), ("40 %", LOQS["40 %"])):
            false = change(count, place, 0, loq, 1500)[0]
            for shift in (1, 2, 3):
                found, held, width = change(count, place, shift, loq)
                said = f"{held:12.2f}  {width:16.1f}" if found >= 0.05 else f"{'-':>12}  {'-':>16}"
                print(f"  {count:>6}  {name:>6}  {false:.4f}  {place:>5}  {shift:>5}  {found:6.2f}  {said}")
    print("\nThe next gap of a vendor that goes on as before: share called long, at 1 %")
    for gaps in (4, 10, 30):
        print(f"  {gaps:>2} gaps  " + "  ".join(f"{name} {share:.4f}" for name, share in pauses(gaps).items()))
    print(f"\n{time.perf_counter() - started:.0f} s")


if __name__ == "__main__":
    main()
