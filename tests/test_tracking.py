"""Series and control charts: what enters them and how, and that they are the published ones."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import kratom_quality as kq
from builders import certificate, row
from kratom_quality.datafiles import load_model
from kratom_quality.records import Dates, Laboratory
from kratom_quality.tracking import ControlChart, Series, every_series
from kratom_quality.tracking.baseline import Intervals, baseline_of
from kratom_quality.tracking.charts import Charted, ewma, individuals, moving_ranges
from kratom_quality.tracking.rules import broken
from kratom_quality.tracking.settings import TrackingSettings, tracking_settings
from kratom_quality.tracking.shifts import cut

START = date(2024, 1, 10)
Array = np.ndarray[tuple[int], np.dtype[np.float64]]


def paper(number: int, result: str, unit: str = "%", **header: object) -> kq.Certificate:
    day = START + timedelta(days=14 * number)
    fields: dict[str, object] = {"batch": f"B-{number:02d}", "dates": Dates(reported=day.isoformat())} | header
    return certificate([row("Mitragynine", result, unit)], **fields)  # type: ignore[arg-type]


def papers(results: Sequence[str], unit: str = "%") -> list[kq.Certificate]:
    return [paper(number, result, unit) for number, result in enumerate(results)]


def series(results: Sequence[str]) -> Series:
    found = kq.series_of(papers(results), "mitragynine")
    assert found is not None
    return found


def chart(results: Sequence[str], kind: str = "individuals") -> ControlChart:
    return kq.control_chart(series(results), kind)


def exactly(numbers: Array) -> Intervals:
    return Intervals(numbers, numbers)


STEADY = ["1.40", "1.50", "1.38", "1.45", "1.52", "1.41", "1.47", "1.39"]


# Series


def test_a_series_is_in_the_order_of_days_and_in_one_unit() -> None:
    """mg/g becomes % where most are in %; certificates may come in any order, and twice."""
    mixed = [paper(2, "15.0", "mg/g"), paper(0, "1.4"), paper(1, "1.6"), paper(1, "1.6")]
    found = kq.series_of(mixed, "mitragynine")
    assert found is not None
    assert found.unit == "%"
    assert [point.amount.lower for point in found.points] == pytest.approx([1.4, 1.6, 1.5])
    assert kq.series_of(reversed(mixed), "mitragynine") == found


def test_units_that_do_not_convert_are_never_mixed() -> None:
    """An amount in a capsule has no place among percentages, and that is said; each kind is a series of its own."""
    of_capsules = paper(5, "40", "mg/capsule", product="Green Leaf Capsules")
    leaf = papers(["1.4", "1.5", "1.6"])
    found = kq.series_of([*leaf, of_capsules], "mitragynine")
    assert found is not None
    assert len(found.points) == 3
    assert [left.reason for left in found.left_out] == ["of the form capsule, and this series is of leaf"]
    assert [(one.unit, one.form) for one in every_series([*leaf, of_capsules])] == [
        ("mg/capsule", "capsule"),
        ("%", "leaf"),
    ]
    in_one_form = kq.series_of([*leaf, paper(6, "40", "mg/serving")], "mitragynine")
    assert in_one_form is not None
    assert [left.reason for left in in_one_form.left_out] == ["in mg/serving, which does not convert into %"]


def test_what_was_not_measured_stands_between_its_bounds() -> None:
    """``<0.5`` is 0 to 0.5, ND without a bound and a printed 0 have no place, and none of them is 0."""
    rows = [paper(0, "<0.5"), paper(1, "ND"), paper(2, "0.000"), paper(3, ">3"), paper(4, "1.2", dates=Dates())]
    found = kq.series_of(rows, "mitragynine")
    assert found is not None
    assert [(point.amount.lower, point.amount.upper) for point in found.points] == [(0.0, 0.5), (3.0, math.inf)]
    assert [left.reason.split(",")[0] for left in found.left_out] == ["not found", "printed as 0", "bears no date"]
    with_lod = certificate([row("Lead", "ND", "ppm", lod="0.02")])
    lead = kq.series_of([with_lod], "lead")
    assert lead is not None
    assert (lead.points[0].amount.lower, lead.points[0].amount.upper) == (0.0, 0.02)


def test_another_laboratory_is_marked() -> None:
    """A point of another laboratory than the one named last is marked; a name printed otherwise is no other."""
    names = ["Birchwater Analytical", "Birchwater Analytical LLC", None, "Copperline Testing"]
    found = kq.series_of(
        [paper(number, "1.4", laboratory=Laboratory(name=name)) for number, name in enumerate(names)], "mitragynine"
    )
    assert found is not None
    assert [point.switched_from for point in found.points] == [None, None, None, "Birchwater Analytical LLC"]


# Charts


def test_limits_of_individuals_are_the_published_ones_of_logarithms() -> None:
    """NIST/SEMATECH 6.3.2.2: the mean and 2.66 mean moving ranges; those of moving ranges 3.267 times their mean."""
    made = chart(["1", "2", "1", "2", "1", "2"])
    assert made.centre == pytest.approx(2**0.5)
    assert made.points[0].lower == pytest.approx(2 ** (0.5 - 3 / 1.128))
    assert made.points[0].upper == pytest.approx(2 ** (0.5 + 3 / 1.128))
    ranges = chart(["1", "2", "1", "2", "1", "2"], "moving_range")
    assert len(ranges.points) == 5
    assert [point.high for point in ranges.points] == pytest.approx([2.0] * 5)
    assert ranges.points[0].upper == pytest.approx(2**3.267)


def test_limits_of_the_average_widen_as_published() -> None:
    """Roberts 1959: the variance after i points is w/(2-w) (1 - (1-w)^2i); at the first, w times the limit of one."""
    settings, made = tracking_settings().ewma, chart(STEADY, "ewma")
    baseline = made.baseline
    assert baseline is not None
    first = baseline.centre + settings.width * settings.weight * baseline.spread
    assert math.log(made.points[0].upper) == pytest.approx(first)
    assert sorted(point.upper for point in made.points) == [point.upper for point in made.points]


def test_fewer_than_five_have_no_limits_and_that_is_said() -> None:
    """Four results, results of which most are bounds, and results that are all the same: no limits, and why."""
    for results, why in (
        (STEADY[:4], "4 of 4 were measured, and limits need 5"),
        ([*STEADY[:5], *["<0.5"] * 6], "5 of 11 were measured; where most are bounds"),
        (["1.4"] * 6, "the same"),
    ):
        made = chart(results)
        assert made.points == ()
        assert made.centre is None
        assert why in (made.reason or "")


def test_a_signal_holds_at_both_ends_of_a_bound() -> None:
    """``>4`` is above the limits whatever it is; ``<1.3`` may be below them or not, and that is said."""
    high = chart([*STEADY, ">9"])
    assert high.points[-1].signals == ("beyond_limits",)
    assert chart([*STEADY, "2.9"]).points[-1].signals == ("beyond_limits",)
    open_below = chart([*STEADY, "<1.6"])
    assert open_below.points[-1].signals == ()
    assert "beyond_limits" in open_below.points[-1].undecided
    assert open_below.baseline is not None
    assert open_below.baseline.bounds == 1


@given(st.lists(st.floats(0.5, 3.0), min_size=8, max_size=14), st.integers(0, 7), st.floats(0.4, 3.2))
def test_no_signal_rests_on_what_is_not_known(numbers: list[float], place: int, bound: float) -> None:
    """Where a point is a bound, each rule that is broken stays so for every amount under it."""
    lower = np.log(np.asarray(numbers))
    upper = lower.copy()
    lower[place], upper[place] = -np.inf, math.log(bound)
    held = Intervals(lower, upper).standardised(0.3, 0.2)
    for draw in (individuals, moving_ranges, ewma):
        drawn = draw(held)
        for share in (0.0, 0.5, 0.999):
            filled = np.where(np.isneginf(held.lower), held.upper - 40 * share, held.lower)
            known = draw(exactly(filled))
            for sure, found in zip(drawn.broken, known.broken, strict=True):
                assert not (sure.surely & ~found.surely).any()
                assert not (found.surely & ~(sure.surely | sure.perhaps)).any()


@given(st.lists(st.floats(0.1, 10.0), min_size=5, max_size=20), st.floats(0.001, 1000.0))
def test_a_chart_is_the_same_in_every_unit(numbers: list[float], factor: float) -> None:
    """What a unit multiplies every amount by, it multiplies limits by, and signals stay."""
    one, other = (baseline_of(exactly(np.log(np.asarray(numbers) * by))) for by in (1.0, factor))
    if isinstance(one, str) or isinstance(other, str):
        assert one == other
        return
    assert other.centre == pytest.approx(one.centre + math.log(factor), abs=1e-6)
    assert other.spread == pytest.approx(one.spread, abs=1e-6)


def test_bounds_widen_what_is_usual_and_never_count_as_zero() -> None:
    """Of a sample whose lowest third is cut at a bound, centre and spread are those of the whole, nearly."""
    numbers = np.random.default_rng(7).normal(0.0, 1.0, 400)
    held = Intervals(np.where(numbers < -0.3, -np.inf, numbers), np.maximum(numbers, -0.3))
    found = baseline_of(held)
    assert not isinstance(found, str)
    assert (found.centre, found.spread) == (pytest.approx(0.0, abs=0.15), pytest.approx(1.0, abs=0.15))


# Average run lengths of the charts as published


def run_length(signals: Callable[[Intervals], Array], runs: int = 400, longest: int = 3000) -> float:
    generator = np.random.default_rng(20261122)
    lengths = []
    for _ in range(runs):
        (places,) = np.nonzero(signals(exactly(generator.standard_normal(longest))))
        lengths.append(places[0] + 1 if len(places) else longest)
    return float(np.mean(lengths))


def any_of(draw: Callable[[Intervals], Charted]) -> Callable[[Intervals], Array]:
    return lambda points: np.any([one.surely for one in draw(points).broken], axis=0)


@pytest.mark.parametrize(
    ("signals", "published", "source"),
    [
        (lambda points: broken(tracking_settings().rules[0], points).surely, 370.4, "Montgomery 2019, 5.3"),
        (any_of(individuals), 91.75, "Champ and Woodall 1987, Technometrics 29:393, rules 1 to 4"),
        (any_of(ewma), 500.0, "Montgomery 2019, table 9.11: weight 0.2, width 2.962"),
    ],
    ids=["limits of three", "all run rules", "EWMA"],
)
def test_run_lengths_in_control_are_the_published_ones(
    signals: Callable[[Intervals], Array], published: float, source: str
) -> None:
    """Points that follow the centre and spread exactly give a false signal as often as published, within 15 %."""
    assert run_length(signals) == pytest.approx(published, rel=0.15), source


def test_the_average_finds_a_shift_of_one_spread_in_ten_points() -> None:
    """Montgomery 2019, table 9.11: the average run length is 10.5 at a shift of one standard deviation."""
    generator = np.random.default_rng(3)
    lengths = [
        np.nonzero(ewma(exactly(1 + generator.standard_normal(300))).broken[0].surely)[0][0] + 1 for _ in range(600)
    ]
    assert float(np.mean(lengths)) == pytest.approx(10.5, rel=0.12)


# Change points


def test_a_change_of_level_is_found_with_its_days_and_the_laboratory_beside_it() -> None:
    """The change lies between two days that hold the true one; a switch in that time is named."""
    results = [*(["1.40", "1.50", "1.38", "1.45", "1.52", "1.41"]), *(["2.05", "2.21", "1.98", "2.10", "2.30", "2.02"])]
    switched = [
        paper(number, result, laboratory=Laboratory(name="Birchwater" if number < 6 else "Copperline"))
        for number, result in enumerate(results)
    ]
    found = kq.series_of(switched, "mitragynine")
    assert found is not None
    (change,) = kq.change_points(found)
    assert (change.place, change.day) == (6, found.points[6].day)
    assert change.earliest <= found.points[5].day < change.day <= change.latest
    assert change.chance <= tracking_settings().change_points.significance
    assert change.before.lower == pytest.approx(math.sqrt(1.41 * 1.45))
    assert change.switch == ("Birchwater", "Copperline")


def test_bounds_take_part_in_a_change_as_far_as_they_decide() -> None:
    """Results under an LOQ that others exceed are surely below them; under one above all, they say nothing."""
    (change,) = kq.change_points(series(["<0.2"] * 6 + ["1.1", "1.2", "1.0", "1.3", "1.1", "1.2"]))
    assert change.place == 6
    assert (change.before.lower, change.before.upper) == (0.0, 0.2)
    assert kq.change_points(series(["<5"] * 6 + ["1.1", "1.2", "1.0", "1.3", "1.1", "1.2"])) == ()


def test_false_changes_are_as_rare_as_the_settings_say() -> None:
    """One series in a hundred that has no change shows one, whatever the distribution and whatever is censored."""
    generator, settings = np.random.default_rng(11), tracking_settings().change_points
    found = 0
    for number in range(900):
        numbers = generator.lognormal(0, 2, 20) if number % 2 else generator.standard_normal(20)
        bound = np.quantile(numbers, 0.3) if number % 3 == 0 else -np.inf
        points = Intervals(np.where(numbers < bound, -np.inf, numbers), np.maximum(numbers, bound))
        found += cut(points, settings.significance)[1] <= settings.significance
    assert found / 900 <= settings.significance + 3 * math.sqrt(settings.significance / 900)


def test_a_change_of_two_spreads_is_mostly_found_among_twenty() -> None:
    """Ten points on each side: found in more than six of ten series, and the days hold it in nine of ten."""
    generator, found, held = np.random.default_rng(5), 0, 0
    for _ in range(60):
        numbers = np.exp(generator.standard_normal(20) * 0.1 + 0.2 * (np.arange(20) >= 10))
        changes = kq.change_points(series([f"{number:.4f}" for number in numbers]))
        found += bool(changes)
        true = START + timedelta(days=14 * 10)
        held += any(change.earliest < true <= change.latest for change in changes)
    assert found > 36
    assert held >= 0.9 * found


@given(st.permutations(range(12)))
def test_the_order_of_certificates_does_not_matter(order: list[int]) -> None:
    """The same certificates give the same series, charts and changes."""
    results = [f"{1 + number / 50:.2f}" for number in range(12)]
    shuffled = [papers(results)[place] for place in order]
    assert kq.series_of(shuffled, "mitragynine") == series(results)


# Settings


def test_settings_without_a_source_are_refused(tmp_path: object) -> None:
    """Every threshold stands beside who published it, and no key is one that nobody knows."""
    from pathlib import Path

    from kratom_quality.datafiles import bundled

    text = bundled("tracking.toml").read_text(encoding="utf-8")
    file = Path(str(tmp_path)) / "tracking.toml"
    for broken_text in (
        text.replace('source = "Lawless', 'sauce = "Lawless'),
        text.replace("needed = 8", "needed = 9"),
        text.replace("weight = 0.2", "weight = 1.2"),
    ):
        assert broken_text != text
        file.write_text(broken_text, encoding="utf-8")
        with pytest.raises(kq.DataFileError, match=r"tracking\.toml"):
            load_model(TrackingSettings, file)
