"""Control charts of logarithms: individuals and moving ranges (Shewhart), and the weighted moving average (EWMA).

Every figure on a chart is in the unit of the series again: the exponential of a logarithm, and for moving ranges the
ratio of a result to the one before.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from math import exp, inf

import numpy as np

from kratom_quality.tracking.baseline import Array, Baseline, Intervals, baseline_of
from kratom_quality.tracking.rules import Broken, broken, names_where
from kratom_quality.tracking.series import Point, Series
from kratom_quality.tracking.settings import Rule, tracking_settings


class ChartKind(StrEnum):
    """What is charted."""

    INDIVIDUALS = "individuals"
    MOVING_RANGE = "moving_range"
    EWMA = "ewma"


@dataclass(frozen=True, slots=True)
class ChartPoint:
    """A point on a chart, with the limits that hold for it.

    Parameters
    ----------
    low, high
        Between which the charted figure lies; the same where it is known.
    lower, upper
        Control limits.
    signals
        Names of the rules it breaks, whatever it is between ``low`` and ``high``.
    undecided
        Names of the rules that it breaks or not, for what was not measured may be either.
    """

    of: Point
    low: float
    high: float
    lower: float
    upper: float
    signals: tuple[str, ...] = ()
    undecided: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ControlChart:
    """One chart of a series.

    Parameters
    ----------
    points
        In order; none where there are no limits.
    centre
        In the unit of the series; a ratio for moving ranges.
    baseline
        What the limits come from; None where there are none.
    reason
        Why there are no limits; None where there are.
    """

    kind: ChartKind
    series: Series
    points: tuple[ChartPoint, ...] = ()
    centre: float | None = None
    baseline: Baseline | None = None
    reason: str | None = None

    @property
    def signals(self) -> tuple[ChartPoint, ...]:
        """The points that break a rule."""
        return tuple(point for point in self.points if point.signals)

    @property
    def undecided(self) -> tuple[ChartPoint, ...]:
        """The points of which it cannot be said whether they do."""
        return tuple(point for point in self.points if point.undecided)


def control_chart(
    series: Series, kind: ChartKind | str = ChartKind.INDIVIDUALS, *, baseline_points: int | None = None
) -> ControlChart:
    """Chart a series with its control limits.

    Parameters
    ----------
    series
        As :func:`kratom_quality.series_of` gives it.
    kind
        ``individuals`` and ``moving_range`` after Shewhart (Montgomery, Introduction to Statistical Quality Control,
        6.4), ``ewma`` after Roberts (1959, Technometrics 1:239) with exact limits at every point.
    baseline_points
        How many of the first points the limits come from, such as those of a time that is held to be sound; all where
        None.

    Returns
    -------
    ControlChart
        Without limits where fewer than five results were measured, and then with the reason. What was not measured
        stands between its bounds and is never taken for 0; a signal holds at both of them.

    Raises
    ------
    ValueError
        If there is no such kind of chart.
    """
    kind = ChartKind(kind)
    logarithms = Intervals.of([(point.amount.lower, point.amount.upper) for point in series.points])
    baseline = baseline_of(logarithms.between(0, baseline_points or len(logarithms)))
    if isinstance(baseline, str):
        return ControlChart(kind, series, reason=baseline)
    standardised = logarithms.standardised(baseline.centre, baseline.spread)
    charted = _CHARTED[kind](standardised)
    centre = exp(baseline.centre) if kind is not ChartKind.MOVING_RANGE else exp(baseline.spread * _mean_range())
    points = [_point(place, series, charted, baseline) for place in range(len(series.points))]
    return ControlChart(kind, series, tuple(points[charted.skipped :]), centre, baseline)


@dataclass(frozen=True, slots=True)
class Charted:
    """Figures of standardised points, their limits, and the rules they break.

    Parameters
    ----------
    skipped
        Points at the beginning that have no figure.
    is_range
        Whether figures are distances between points, and not from the centre.
    """

    figures: Intervals
    lower: Array
    upper: Array
    rules: Sequence[Rule]
    broken: Sequence[Broken]
    skipped: int = 0
    is_range: bool = False


def individuals(points: Intervals) -> Charted:
    """Return standardised points as they are, with limits, held to the run rules."""
    rules = tracking_settings().rules
    limit = np.full(len(points), rules[0].beyond)
    return Charted(points, -limit, limit, rules, [broken(rule, points) for rule in rules])


def moving_ranges(points: Intervals) -> Charted:
    """Return how far each standardised point is from the one before; the first has no range."""
    settings = tracking_settings().individuals
    upper = np.full(len(points), settings.d4 * settings.d2)
    least, most = np.zeros(len(points)), np.zeros(len(points))
    apart = np.maximum(points.lower[1:] - points.upper[:-1], points.lower[:-1] - points.upper[1:])
    least[1:] = np.maximum(apart, 0.0)
    most[1:] = np.maximum(points.upper[1:] - points.lower[:-1], points.upper[:-1] - points.lower[1:])
    figures = Intervals(least, most)
    rule = _beyond_limits(settings.d4 * settings.d2, settings.source)
    return Charted(figures, np.zeros(len(points)), upper, [rule], [broken(rule, figures)], skipped=1, is_range=True)


def ewma(points: Intervals) -> Charted:
    """Return the weighted moving average of standardised points, with its exact limits at each.

    Roberts (1959), Lucas and Saccucci (1990): after i points the variance is w/(2-w) (1 - (1-w)^2i).
    """
    settings = tracking_settings().ewma
    figures = Intervals(
        _averaged(np.clip(points.lower, -settings.clip, settings.clip), settings.weight),
        _averaged(np.clip(points.upper, -settings.clip, settings.clip), settings.weight),
    )
    count = np.arange(1, len(points) + 1)
    variance = settings.weight / (2 - settings.weight) * (1 - (1 - settings.weight) ** (2 * count))
    limit = settings.width * np.sqrt(variance)
    rule = _beyond_limits(1.0, settings.source)
    return Charted(
        figures, -limit, limit, [rule], [broken(rule, Intervals(figures.lower / limit, figures.upper / limit))]
    )


_CHARTED = {ChartKind.INDIVIDUALS: individuals, ChartKind.MOVING_RANGE: moving_ranges, ChartKind.EWMA: ewma}


def _averaged(figures: Array, weight: float) -> Array:
    averages, last = np.empty(len(figures)), 0.0
    for place, figure in enumerate(figures):
        last += weight * (float(figure) - last)
        averages[place] = last
    return averages


def _mean_range() -> float:
    return tracking_settings().individuals.d2


def _beyond_limits(beyond: float, source: str) -> Rule:
    return Rule(name="beyond_limits", needed=1, among=1, beyond=beyond, alerts=True, source=source)


def _point(place: int, series: Series, charted: Charted, baseline: Baseline) -> ChartPoint:
    def shown(figure: float) -> float:
        logarithm = figure * baseline.spread + (0.0 if charted.is_range else baseline.centre)
        return inf if logarithm == inf else exp(logarithm)

    return ChartPoint(
        of=series.points[place],
        low=shown(float(charted.figures.lower[place])),
        high=shown(float(charted.figures.upper[place])),
        lower=shown(float(charted.lower[place])),
        upper=shown(float(charted.upper[place])),
        signals=names_where(charted.rules, [one.surely for one in charted.broken], place),
        undecided=names_where(charted.rules, [one.perhaps for one in charted.broken], place),
    )
