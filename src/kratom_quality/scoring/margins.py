"""How near batches come to their limits: more is known of a vendor far below every limit than of one just below.

A batch's margin is the logarithm of its largest result as a part of its limit, each analyte in units of its own spread
over the market. A vendor's margins scatter around its own level as Student's t with few degrees of freedom, because
soil and worn machinery make single batches far worse than their neighbours. The level is the one for which a share p
of batches conforms, so that margins and the share of sound batches are one model; its cells are pairs of p and spread.

Margins help where batches are few. They extrapolate, so that together they count as a few batches at most: no number of
batches far below their limits outweighs others that fail.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import lru_cache

import numpy as np
import numpy.typing as npt
from scipy.special import gammaln, stdtr, stdtrit

from kratom_quality.scoring import shares
from kratom_quality.scoring.population import Array, Laws

_SPREADS = np.geomspace(0.25, 1.4, 5)
_TYPICAL = (0.35, 0.6, 1.0)
_LOG_SPREAD_OF_SPREADS = 0.35
_DEGREES_OF_FREEDOM = 4.0
USUAL_SPREAD = 1.0  # of an analyte's logarithm over a market: lead has 1.08 (Caroti 2024)
_BATCHES_BEFORE_ANY = 10.0
_STEP = 0.02
_MARGINS = np.arange(-12.0, 6.0, _STEP)
_P, _S = (axis.ravel() for axis in np.meshgrid(shares.CENTRES[:-1], _SPREADS, indexing="ij"))
_LEVELS = -_S * stdtrit(_DEGREES_OF_FREEDOM, _P)
_CONSTANT = float(
    gammaln((_DEGREES_OF_FREEDOM + 1) / 2)
    - gammaln(_DEGREES_OF_FREEDOM / 2)
    - 0.5 * math.log(math.pi * _DEGREES_OF_FREEDOM)
)

Amounts = Mapping[str, tuple[float, bool]]
"""By analyte, the logarithm of an amount as a part of its limit, and whether it was measured or is only a bound."""


@lru_cache(maxsize=1)
def margin_laws() -> Laws:
    """Return the laws of shares, each with every typical spread."""
    of_share = shares.share_laws()
    spreads = np.exp(-0.5 * (np.log(_SPREADS[None, :] / np.array(_TYPICAL)[:, None]) / _LOG_SPREAD_OF_SPREADS) ** 2)
    spreads /= spreads.sum(axis=1, keepdims=True)
    cells = np.einsum("lp,ts->ltps", of_share.cells[:, :-1], spreads)
    return Laws(cells.reshape(-1, len(_P)), np.repeat(of_share.prior, len(_TYPICAL)) / len(_TYPICAL))


def spreads_of(measured: Iterable[tuple[str, Array]]) -> dict[str, float]:
    """Return each analyte's spread over the market, drawn to the usual one where few batches tell.

    Parameters
    ----------
    measured
        By analyte, the logarithms of what was measured.
    """
    squares = {analyte: (len(group), float(np.var(group))) for analyte, group in measured}
    return {
        analyte: math.sqrt((_BATCHES_BEFORE_ANY * USUAL_SPREAD**2 + number * variance) / (_BATCHES_BEFORE_ANY + number))
        for analyte, (number, variance) in squares.items()
    }


def log_likelihood(
    trials: shares.Trials, margins: Array, measured: npt.NDArray[np.bool_], part: Array, usual: float
) -> Array:
    """Return each vendor's log likelihood over the cells, one row a vendor.

    Parameters
    ----------
    margins
        Of each batch, its largest amount in units of spread; not a number where none is known.
    measured
        Whether that was measured or is only a bound.
    part
        How much of a batch's weight counts by its margin; the rest, and all where there is none, counts by the
        probability.
    usual
        Share of sound batches for which the probabilities of failing were worked out.
    """
    known = ~np.isnan(margins)
    part = np.where(known, part, 0.0)
    plain = replace(trials, weights=trials.weights * (1 - part))
    total = np.repeat(shares.log_likelihood(plain, usual)[:, :-1], len(_SPREADS), axis=1)
    values, measured = np.where(known, margins, 0.0), measured | ~known
    kinds = np.clip(np.round((values - _MARGINS[0]) / _STEP), 0, len(_MARGINS) - 1).astype(np.intp)
    shape = (trials.vendors, len(_MARGINS))
    for chosen, table in ((measured, _tables()[0]), (~measured, _tables()[1])):
        if chosen.any():
            weights = trials.weights * part * chosen
            total += shares.tally(trials.owner, kinds, weights, shape) @ table
    return total


@lru_cache(maxsize=1)
def _tables() -> tuple[Array, Array]:
    """Return the logarithms of the density and of the distribution function at each margin, one column a cell."""
    scores = (_MARGINS[:, None] - _LEVELS) / _S
    power = -(_DEGREES_OF_FREEDOM + 1) / 2
    density = _CONSTANT + power * np.log1p(scores**2 / _DEGREES_OF_FREEDOM) - np.log(_S)
    return density, np.log(stdtr(_DEGREES_OF_FREEDOM, scores))


def of_share(posterior: Array) -> Array:
    """Return the posterior of the share alone, summed over spreads."""
    return np.pad(posterior.reshape(len(posterior), -1, len(_SPREADS)).sum(axis=2), ((0, 0), (0, 1)))
