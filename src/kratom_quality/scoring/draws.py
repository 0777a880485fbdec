"""Seeded draws in strata, and ranks over them."""

from __future__ import annotations

import hashlib
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from kratom_quality.scoring.population import Array

Draws = npt.NDArray[np.floating]
"""Draws of scores, one row a vendor; in single precision in a large market."""
Strata = npt.NDArray[np.intp]

_DRAWS_AT_ONCE = 50


def vendor_strata(vendor: str, shares: int, draws: int, seed: int, together: float) -> Strata:
    """Return the stratum of each draw, one row a share, by the seed and the vendor's name alone.

    A vendor's draws are thus the same whoever else is in the market, and whatever the order of the folder.
    """
    name = int.from_bytes(hashlib.sha256(vendor.encode("utf-8", "surrogatepass")).digest()[:8], "big")
    order = np.random.default_rng([seed, name]).permutation(draws)
    return hypercube(shares, draws, seed, together)[:, order]


@lru_cache(maxsize=4)
def hypercube(shares: int, draws: int, seed: int, together: float) -> Strata:
    """Return a Latin hypercube, one row a share: every stratum once in each, and the rows correlated.

    Rows are ranks of normal deviates that have a common part (Iman and Conover 1982, Commun Stat B 11:311).

    Parameters
    ----------
    together
        Correlation of any two rows, from 0 to 1.
    """
    generator = np.random.default_rng(seed)
    own, common = generator.standard_normal((shares, draws)), generator.standard_normal(draws)
    deviates = np.sqrt(together) * common + np.sqrt(1 - together) * own
    return np.asarray(deviates.argsort(axis=1).argsort(axis=1), dtype=np.intp)


@lru_cache(maxsize=4)
def middles(draws: int) -> Array:
    """Return the middle of each stratum between 0 and 1, in order."""
    return np.asarray((np.arange(draws) + 0.5) / draws, dtype=np.float64)


def times_beaten(draws: Draws, rated: npt.NDArray[np.bool_]) -> Array:
    """Return how many of the rated vendors do better than each, summed over the draws.

    Parameters
    ----------
    draws
        Scores, one row a vendor, one column a draw; of two rated that do alike the first does better.
    rated
        Which vendors are ranked; an unrated one is placed among them without taking a place.
    """
    beaten = np.zeros(len(draws))
    for first in range(0, draws.shape[1], _DRAWS_AT_ONCE):
        block = draws[:, first : first + _DRAWS_AT_ONCE]
        ranked, others = np.ascontiguousarray(block[rated].T), block[~rated].T
        order = np.argsort(-ranked, axis=1, kind="stable")
        places = np.empty(order.shape, dtype=np.int64)
        np.put_along_axis(places, order, np.arange(order.shape[1])[np.newaxis, :], axis=1)
        beaten[rated] += places.sum(axis=0)
        ranked.sort(axis=1)
        for scores, found in zip(ranked, others, strict=True):
            beaten[~rated] += len(scores) - np.searchsorted(scores, found, side="right")
    return beaten


def expected_ranks(beaten: Array, draws: int) -> Array:
    """Return each vendor's expected rank: 1 plus the mean number of rated vendors that do better.

    The posterior mean of the rank minimises squared error loss (Lin, Louis, Paddock and Ridgeway 2006, Bayesian Anal
    1:915).

    Parameters
    ----------
    beaten
        As :func:`times_beaten` gives it.
    draws
        Over how many draws.
    """
    return np.asarray((beaten + draws) / draws, dtype=np.float64)
