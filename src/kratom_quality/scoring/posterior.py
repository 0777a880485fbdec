"""Draws from Beta posteriors, in strata, so that more evidence for conforming moves every draw up and none down."""

from __future__ import annotations

import hashlib

import numpy as np
import numpy.typing as npt

Draws = npt.NDArray[np.float64]

_GRID_POINTS = 2001
_SPREADS = 12.0


def beta_quantiles(conforming: float, failing: float, probabilities: Draws) -> Draws:
    """Return quantiles of Beta(conforming, failing) by integrating its density over the log odds.

    On that scale the density is smooth and falls off exponentially on both sides for any positive parameters; the grid
    reaches twelve standard deviations and twelve decay lengths to each side of the mode.
    """
    spread = _SPREADS * np.sqrt(1 / conforming + 1 / failing)
    mode = np.log(conforming / failing)
    grid = np.linspace(mode - spread - _SPREADS / conforming, mode + spread + _SPREADS / failing, _GRID_POINTS)
    log_density = -conforming * np.logaddexp(0, -grid) - failing * np.logaddexp(0, grid)
    density = np.exp(log_density - log_density.max())
    cumulative = np.concatenate(([0.0], np.cumsum((density[1:] + density[:-1]) / 2)))
    log_odds = np.interp(probabilities * cumulative[-1], cumulative, grid)
    return np.asarray(1 / (1 + np.exp(-log_odds)), dtype=np.float64)


def stratified_uniforms(vendor: str, respects: int, draws: int, seed: int) -> Draws:
    """Return a Latin hypercube, one row a respect, that depends on the seed and the vendor's name alone.

    A vendor's draws are thus the same whoever else is in the market, and whatever the order of the folder.
    """
    name = int.from_bytes(hashlib.sha256(vendor.encode("utf-8", "surrogatepass")).digest()[:8], "big")
    generator = np.random.default_rng([seed, name])
    strata = (np.arange(draws) + 0.5) / draws
    return np.stack([generator.permutation(strata) for _ in range(respects)])


def expected_ranks(draws: Draws, rated: npt.NDArray[np.bool_]) -> Draws:
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
