"""Seeded draws in strata, and ranks over them."""

from __future__ import annotations

import hashlib
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from kratom_quality.scoring.population import Array


def vendor_uniforms(vendor: str, shares: int, draws: int, seed: int, together: float) -> Array:
    """Return uniform draws, one row a share, that depend on the seed and the vendor's name alone.

    A vendor's draws are thus the same whoever else is in the market, and whatever the order of the folder.
    """
    name = int.from_bytes(hashlib.sha256(vendor.encode("utf-8", "surrogatepass")).digest()[:8], "big")
    order = np.random.default_rng([seed, name]).permutation(draws)
    return stratified_uniforms(shares, draws, seed, together)[:, order]


@lru_cache(maxsize=4)
def stratified_uniforms(shares: int, draws: int, seed: int, together: float) -> Array:
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
    ranks = deviates.argsort(axis=1).argsort(axis=1)
    return np.asarray((ranks + 0.5) / draws, dtype=np.float64)


def expected_ranks(draws: Array, rated: npt.NDArray[np.bool_]) -> Array:
    """Return each vendor's expected rank among the rated ones: 1 plus the mean number of them that do better.

    The posterior mean of the rank minimises squared error loss (Lin, Louis, Paddock and Ridgeway 2006, Bayesian Anal
    1:915).

    Parameters
    ----------
    draws
        Scores, one row a vendor, one column a draw.
    rated
        Which vendors are ranked; an unrated one is placed among them without taking a place.
    """
    ranked = draws[rated]
    places = np.empty(ranked.shape, dtype=np.float64)
    numbers = np.arange(1, len(ranked) + 1, dtype=np.float64)[:, np.newaxis]
    np.put_along_axis(places, np.argsort(-ranked, axis=0, kind="stable"), numbers, axis=0)
    expected = np.empty(len(draws))
    expected[rated] = places.mean(axis=1)
    for vendor in np.flatnonzero(~rated):
        expected[vendor] = 1 + (ranked > draws[vendor]).sum(axis=0).mean()
    return expected
