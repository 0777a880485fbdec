"""Shares of batches: the beta-binomial model with trials that are not sure, and its grid.

A vendor's share of sound batches p is Beta(mean * size, (1 - mean) * size) among the vendors of a market; mean and
size are themselves unknown and summed over a grid. A batch of which evidence says that it fails with probability f
counts by

    p (1 - f) / r + (1 - p) f / (1 - r),

where r is the share of sound batches among those for whom f was worked out: f is a posterior probability, and this is
the likelihood that belongs to it. A batch that surely conforms counts as p, one that surely fails as 1 - p, and one of
which nothing is known (f = 1 - r) as 1.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt
from scipy.special import betainc

from kratom_quality.scoring.population import Array, Laws
from kratom_quality.scoring.settings import scoring_settings

_CELLS = 120
_BOUNDS = np.sin(np.linspace(0, np.pi / 2, _CELLS + 1)) ** 2
EDGES: Array = np.append(_BOUNDS, 1.0)
CENTRES: Array = np.append(np.sin(np.linspace(0, np.pi / 2, 2 * _CELLS + 1)[1::2]) ** 2, 1.0)
"""Cells of the share p, finer towards 0 and 1; the last is p = 1 itself, for vendors who never do a thing."""

_LOG_ODDS_OF_MEAN = np.linspace(-3.0, 5.0, 13)
_SIZES = np.geomspace(0.4, 40.0, 5)
_ODD = (0.03, 0.15)
_NEVER = (0.05, 0.35, 0.65, 0.85, 0.95)
_SURELY = 1 - 1e-12
_DECIMALS = 4  # of a probability; batches alike to that are summed up before anything is computed


@dataclass(frozen=True, slots=True)
class Trials:
    """Batches of all vendors in one respect, one entry a batch.

    Parameters
    ----------
    vendors
        How many there are.
    owner
        The place of the vendor, from 0, whose batch it is.
    failing
        Probability that it fails.
    weights
        What it counts: 1 for the newest, less for older ones.
    """

    vendors: int
    owner: npt.NDArray[np.intp]
    failing: Array
    weights: Array


@lru_cache(maxsize=1)
def share_laws() -> Laws:
    """Return what a market may follow: Beta distributions, means and sizes on a grid, sizes alike on a log scale.

    A part of the vendors, any of a few alike, follows none: without it a few foul vendors would be taken for fair ones.
    """
    hyper = scoring_settings().pooling
    edges = (_LOG_ODDS_OF_MEAN[1:] + _LOG_ODDS_OF_MEAN[:-1]) / 2
    bounds = np.concatenate(([0.0], 1 / (1 + np.exp(-edges)), [1.0]))
    of_mean = np.diff(betainc(hyper.conforming, hyper.failing, bounds))
    means, sizes = (axis.ravel() for axis in np.meshgrid(1 / (1 + np.exp(-_LOG_ODDS_OF_MEAN)), _SIZES, indexing="ij"))
    cumulative = betainc((means * sizes)[:, None], ((1 - means) * sizes)[:, None], _BOUNDS[None, :])
    usual, anything = np.diff(cumulative, axis=1), np.diff(_BOUNDS)
    cells = np.concatenate([(1 - odd) * usual + odd * anything for odd in _ODD])
    prior = np.tile(np.repeat(of_mean, len(_SIZES)), len(_ODD)) / (len(_SIZES) * len(_ODD))
    return Laws(np.pad(cells, ((0, 0), (0, 1))), prior)


@lru_cache(maxsize=1)
def habit_laws() -> Laws:
    """Return the same for habits that some vendors do not have: a part of the market never fails, any part alike."""
    some = share_laws()
    never = np.zeros(len(CENTRES))
    never[-1] = 1.0
    cells = [part * never + (1 - part) * some.cells for part in _NEVER]
    return Laws(np.concatenate(cells), np.tile(some.prior, len(_NEVER)) / len(_NEVER))


def log_likelihood(trials: Trials, reference: float) -> Array:
    """Return each vendor's log likelihood over the cells, one row a vendor.

    Parameters
    ----------
    reference
        Share of sound batches for which the probabilities of failing were worked out.
    """
    levels, kinds = np.unique(np.round(trials.failing, _DECIMALS), return_inverse=True)
    failing = np.minimum(levels, _SURELY)[:, None]
    table = np.log(CENTRES * (1 - failing) / reference + (1 - CENTRES) * failing / (1 - reference))
    counts = tally(trials.owner, kinds, trials.weights, (trials.vendors, len(levels)))
    return np.asarray(counts @ table, dtype=np.float64)


def tally(owner: npt.NDArray[np.intp], kinds: npt.NDArray[np.intp], weights: Array, shape: tuple[int, int]) -> Array:
    """Return how much of each kind every vendor has, one row a vendor."""
    counts = np.bincount(owner * shape[1] + kinds, weights, shape[0] * shape[1])
    return np.asarray(counts.reshape(shape), dtype=np.float64)


def quantiles(posterior: Array, probabilities: Array) -> Array:
    """Return quantiles of one vendor's share."""
    cumulative = np.concatenate(([0.0], np.cumsum(posterior)))
    return np.asarray(np.interp(probabilities * cumulative[-1], cumulative, EDGES), dtype=np.float64)
