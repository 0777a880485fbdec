"""Centre and spread of the logarithms that later ones are held against."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.special import log_ndtr, ndtri_exp

from kratom_quality.tracking.settings import tracking_settings

Array = npt.NDArray[np.float64]
_SAME = 1e-9
_MOST_ROUNDS = 200
_SHARES = (np.arange(16) + 0.5) / 16


@dataclass(frozen=True, slots=True)
class Intervals:
    """Bounds on logarithms of amounts, one a point; both are the same where it was measured."""

    lower: Array
    upper: Array

    @classmethod
    def of(cls, amounts: Sequence[tuple[float, float]]) -> Intervals:
        """Take logarithms of bounds; that of 0 has no lower end."""
        bounds = np.asarray(amounts, dtype=np.float64).reshape(-1, 2)
        with np.errstate(divide="ignore"):
            logarithms = np.log(bounds)
        return cls(logarithms[:, 0], logarithms[:, 1])

    @property
    def measured(self) -> npt.NDArray[np.bool_]:
        """Which are numbers."""
        return np.asarray(self.lower == self.upper)

    def between(self, start: int, end: int) -> Intervals:
        """Return those from one place up to another."""
        return Intervals(self.lower[start:end], self.upper[start:end])

    def standardised(self, centre: float, spread: float) -> Intervals:
        """Return them as distances from a centre, in spreads."""
        return Intervals((self.lower - centre) / spread, (self.upper - centre) / spread)

    def __len__(self) -> int:
        return len(self.lower)


@dataclass(frozen=True, slots=True)
class Baseline:
    """What is usual: the centre and spread of logarithms, and from how many points.

    Parameters
    ----------
    spread
        Standard deviation.
    points, bounds
        How many it comes from, and how many of them were not measured.
    """

    centre: float
    spread: float
    points: int
    bounds: int


def baseline_of(chosen: Intervals) -> Baseline | str:
    """Return what is usual from points in their order; why not, in words, where they are too few or too vague.

    The chart of individuals: the mean, and the mean moving range over d2. What was not measured counts with what is to
    be expected of it between its bounds, by the very centre and spread that come of it (Steiner and MacKay 2000, J Qual
    Technol 32:199); so does a range beside it.
    """
    settings, censoring = tracking_settings().individuals, tracking_settings().censoring
    measured = int(chosen.measured.sum())
    if measured < settings.fewest_points:
        return f"{measured} of {len(chosen)} were measured, and limits need {settings.fewest_points}"
    if measured < censoring.least_measured * len(chosen):
        return f"{measured} of {len(chosen)} were measured; where most are bounds, limits would be guesses"
    numbers = chosen.lower[chosen.measured]
    if np.ptp(numbers) < _SAME:
        return "all that were measured are the same, so that nothing tells how far others may be"
    centre, spread = float(numbers.mean()), float(numbers.std())
    for _ in range(1 if measured == len(chosen) else _MOST_ROUNDS):
        before = centre, spread
        centre, spread = _expected(chosen, centre, spread, settings.d2)
        if abs(centre - before[0]) + abs(spread - before[1]) < _SAME * spread:
            break
    return Baseline(centre, spread, len(chosen), len(chosen) - measured)


def _expected(points: Intervals, centre: float, spread: float, d2: float) -> tuple[float, float]:
    """Return the mean, and the mean moving range over d2, expected of points if they are normal with these."""
    where = _quantiles(points.standardised(centre, spread)) * spread + centre
    ranges = np.abs(where[1:, :, None] - where[:-1, None, :]).mean(axis=(1, 2))
    return float(where.mean()), float(ranges.mean()) / d2


def _quantiles(points: Intervals) -> Array:
    """Return quantiles of a normal deviate between bounds, a row a point; all the same where it is a number."""
    mirrored = points.lower > 0  # for tails are exact on the left alone
    low, high = np.where(mirrored, -points.upper, points.lower), np.where(mirrored, -points.lower, points.upper)
    below, above = log_ndtr(low)[:, None], log_ndtr(high)[:, None]
    shares = np.log(_SHARES + (1 - _SHARES) * np.exp(below - above))
    inner = np.clip(ndtri_exp(above + shares), low[:, None], high[:, None])
    inner = np.where(mirrored[:, None], -inner, inner)
    return np.asarray(np.where(points.measured[:, None], points.lower[:, None], inner), dtype=np.float64)
