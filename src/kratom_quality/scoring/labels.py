"""Label truth: a normal hierarchical model of log claim ratios, on a grid.

A vendor's true amounts lie around its own deviation from the claim, with its own spread between batches. Deviations
scatter among vendors as Student's t with three degrees of freedom, because most are small and some are not; spreads are
lognormal. Location and scales are unknown and summed over a grid.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt
from scipy.special import ndtr, stdtr

from kratom_quality.checks.settings import check_settings
from kratom_quality.scoring.laboratories import Effects, Reading
from kratom_quality.scoring.population import Array, Laws

_DEVIATIONS = np.linspace(-1.6, 1.2, 225)
_SPREADS = np.geomspace(0.01, 0.5, 9)
_LOCATIONS = (-0.2, -0.1, -0.05, 0.0, 0.05)
_SCALES = (0.03, 0.06, 0.12, 0.24)
_TYPICAL_SPREADS = (0.03, 0.06, 0.12, 0.2)
_LOG_SPREAD_OF_SPREADS = 0.6
_DEGREES_OF_FREEDOM = 3.0
_PARTS_OF_ERROR = (0.7, 0.85, 1.0)  # repeatability 4.4 %, between analysts and days 6.3 % (FDA LIB 4578)
_GRID = tuple(axis.ravel() for axis in np.meshgrid(_DEVIATIONS, _SPREADS, indexing="ij"))


@lru_cache(maxsize=1)
def label_laws() -> Laws:
    """Return the laws of deviation and spread, all combinations alike before any vendor is seen."""
    rows = [
        np.outer(_of_deviation(location, scale), _of_spread(typical)).ravel()
        for location in _LOCATIONS
        for scale in _SCALES
        for typical in _TYPICAL_SPREADS
    ]
    return Laws(np.stack(rows), np.full(len(rows), 1 / len(rows)))


def _of_deviation(location: float, scale: float) -> Array:
    edges = np.concatenate(([-np.inf], (_DEVIATIONS[1:] + _DEVIATIONS[:-1]) / 2, [np.inf]))
    return np.diff(stdtr(_DEGREES_OF_FREEDOM, (edges - location) / scale))


def _of_spread(typical: float) -> Array:
    weights = np.exp(-0.5 * (np.log(_SPREADS / typical) / _LOG_SPREAD_OF_SPREADS) ** 2)
    return np.asarray(weights / weights.sum(), dtype=np.float64)


@dataclass(frozen=True, slots=True)
class LabelEvidence:
    """A vendor's log claim ratios, freed of what laboratories add: enough for the model.

    Parameters
    ----------
    number, mean, squares
        Readings by weight, their mean and the sum of squares around it.
    shared
        Variance of the mean that laboratories leave.
    measuring
        Variance of one measurement.
    of_batch
        Whether claims are printed batch by batch: a test's error is then in the claim and not in the scatter.
    """

    number: float = 0.0
    mean: float = 0.0
    squares: float = 0.0
    shared: float = 0.0
    measuring: float = 0.0
    of_batch: bool = False


def label_evidence(readings: Sequence[Reading], effects: Effects) -> LabelEvidence:
    """Sum up a vendor's readings."""
    if not readings:
        return LabelEvidence()
    added, shared = effects.of(readings)
    weights = np.array([reading.weight for reading in readings])
    ratios = np.array([reading.log_ratio for reading in readings]) - added
    mean = float(weights @ ratios / weights.sum())
    return LabelEvidence(
        number=float(weights.sum()),
        mean=mean,
        squares=float(weights @ (ratios - mean) ** 2),
        shared=shared,
        measuring=float(np.mean([reading.uncertainty**2 for reading in readings])),
        of_batch=sum(reading.of_batch for reading in readings) * 2 > len(readings),
    )


def log_likelihood(vendors: Sequence[LabelEvidence]) -> Array:
    """Return each vendor's log likelihood over the cells of deviation and spread, one row a vendor."""
    deviation, spread = _GRID
    rows = []
    for one in vendors:
        if not one.number:
            rows.append(np.zeros(len(deviation)))
            continue
        scatter = spread**2 + (0.0 if one.of_batch else one.measuring)
        of_mean = scatter / one.number + one.shared
        log_mean = -0.5 * (np.log(of_mean) + (one.mean - deviation) ** 2 / of_mean)
        freedom = max(one.number - 1, 0.0)
        rows.append(log_mean - 0.5 * (freedom * np.log(scatter) + one.squares / scatter))
    return np.stack(rows) if rows else np.zeros((0, len(deviation)))


def quantiles(posterior: Array, one: LabelEvidence, probabilities: Array) -> Array:
    """Return quantiles of the share of labels within the tolerance."""
    chance, order = _chance_within(_test_error(one))
    cumulative = np.cumsum(np.tile(posterior, len(_PARTS_OF_ERROR))[order])
    return np.asarray(np.interp(probabilities * cumulative[-1], cumulative, chance[order]), dtype=np.float64)


def expected(posterior: Array, one: LabelEvidence) -> float:
    """Return the posterior predictive probability that the next label is within the tolerance."""
    chance, _ = _chance_within(_test_error(one))
    return float(np.tile(posterior, len(_PARTS_OF_ERROR)) @ chance) / len(_PARTS_OF_ERROR)


def _test_error(one: LabelEvidence) -> float:
    """Return the standard deviation that a test's error adds to labels printed from one."""
    return round(math.sqrt(one.measuring), 4) if one.of_batch else 0.0


@lru_cache(maxsize=64)
def _chance_within(error: float) -> tuple[Array, npt.NDArray[np.intp]]:
    """Return P(next label within the tolerance) for each part of a test's error and cell, and their order."""
    tolerance, (deviation, spread) = check_settings().labels, _GRID
    rows = []
    for part in _PARTS_OF_ERROR:
        total = np.hypot(spread, part * error)
        high = ndtr((math.log(tolerance.highest_ratio) - deviation) / total)
        rows.append(high - ndtr((math.log(tolerance.lowest_ratio) - deviation) / total))
    chance = np.concatenate(rows)
    return chance, np.argsort(chance, kind="stable")
