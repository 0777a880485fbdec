"""Centre and spread of the logarithms that later ones are held against."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize
from scipy.special import log_ndtr

from kratom_quality.tracking.settings import tracking_settings

Array = npt.NDArray[np.float64]
_SAME = 1e-9


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
    """What is usual: the centre and spread of logarithms, from how many points and how.

    Parameters
    ----------
    spread
        Standard deviation.
    points
        How many it comes from.
    """

    centre: float
    spread: float
    points: int
    method: Literal["moving ranges", "greatest likelihood"]


def baseline_of(chosen: Intervals) -> Baseline | str:
    """Return what is usual from points in their order; why not, in words, where they are too few or too vague.

    The chart of individuals: the mean, and the mean moving range over d2. Where some are bounds there is no moving
    range, and both are those of the normal distribution by which the bounds and numbers are likeliest, which takes a
    drift for spread: its limits are rather too wide.
    """
    settings, censoring = tracking_settings().individuals, tracking_settings().censoring
    measured = int(chosen.measured.sum())
    if measured < settings.fewest_points:
        return f"{measured} of {len(chosen)} were measured, and limits need {settings.fewest_points}"
    if measured < censoring.least_measured * len(chosen):
        return f"{measured} of {len(chosen)} were measured; where most are bounds, limits would be guesses"
    if np.ptp(chosen.lower[chosen.measured]) < _SAME:
        return "all that were measured are the same, so that nothing tells how far others may be"
    if measured < len(chosen):
        return Baseline(*_likeliest(chosen), len(chosen), "greatest likelihood")
    spread = float(np.abs(np.diff(chosen.lower)).mean()) / settings.d2
    return Baseline(float(chosen.lower.mean()), spread, len(chosen), "moving ranges")


def _likeliest(points: Intervals) -> tuple[float, float]:
    """Return mean and standard deviation of the normal distribution by which intervals are likeliest (Helsel 2012)."""
    measured = points.measured
    numbers = points.lower[measured]
    lower, upper = points.lower[~measured], points.upper[~measured]

    def unlikelihood(at: Array) -> float:
        centre, spread = at[0], np.exp(at[1])
        deviations = (numbers - centre) / spread
        bounds = _log_between((lower - centre) / spread, (upper - centre) / spread)
        return float(0.5 * (deviations**2).sum() + len(numbers) * at[1] - bounds.sum())

    start = np.array([numbers.mean(), np.log(max(float(numbers.std()), 1e-6))])
    found = minimize(unlikelihood, start, method="Nelder-Mead", options={"xatol": 1e-7, "fatol": 1e-9})
    return float(found.x[0]), float(np.exp(found.x[1]))


def _log_between(lower: Array, upper: Array) -> Array:
    """Return the logarithm of the probability of a normal deviate between bounds, in the tail where it is exact."""
    mirrored = lower > 0
    low, high = np.where(mirrored, -upper, lower), np.where(mirrored, -lower, upper)
    below, above = log_ndtr(low), log_ndtr(high)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray(above + np.log1p(-np.exp(np.minimum(below - above, -1e-300))), dtype=np.float64)
