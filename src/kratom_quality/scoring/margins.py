"""How near batches come to their limits: more is known of a vendor far below every limit than of one just below.

A batch's margin is the logarithm of its largest result as a part of its limit, each analyte in units of its own spread over
the market. A vendor's margins scatter around its own level as Student's t with few degrees of freedom, because soil and
worn machinery make single batches far worse than their neighbours. The level is the one for which a share p of batches
conforms, so that margins and the share of sound batches are one model; its cells are pairs of p and spread.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from scipy.special import gammaln, stdtr, stdtrit

from kratom_quality.scoring import shares
from kratom_quality.scoring.population import Array, Laws

_SPREADS = np.geomspace(0.25, 1.4, 5)
_TYPICAL = (0.35, 0.6, 1.0)
_LOG_SPREAD_OF_SPREADS = 0.35
_DEGREES_OF_FREEDOM = 4.0
_USUAL_SPREAD = 1.0  # of an analyte's logarithm over a market: lead has 1.08 (Caroti 2024)
_BATCHES_BEFORE_ANY = 10.0
_P, _S = (axis.ravel() for axis in np.meshgrid(shares.CENTRES[:-1], _SPREADS, indexing="ij"))
_LEVELS = -_S * stdtrit(_DEGREES_OF_FREEDOM, _P)
_CONSTANT = float(
    gammaln((_DEGREES_OF_FREEDOM + 1) / 2)
    - gammaln(_DEGREES_OF_FREEDOM / 2)
    - 0.5 * math.log(math.pi * _DEGREES_OF_FREEDOM)
)

Amounts = Mapping[str, tuple[float, bool]]
"""By analyte, the logarithm of an amount as a part of its limit, and whether it was measured or is only a bound."""


@dataclass(frozen=True, slots=True)
class Trial:
    """A batch in respect of one hazard.

    Parameters
    ----------
    failing
        Probability that it fails, for which its margin is not asked.
    margin
        See above; None where no number is known.
    measured
        Whether the margin is a number or only an upper bound.
    weight, by_margin
        What the batch counts, and the part of that by its margin rather than by the probability: a failure counts as
        one, because far from its neighbours it would pass for chance.
    """

    failing: float
    margin: float | None
    measured: bool
    weight: float
    by_margin: float


@lru_cache(maxsize=1)
def margin_laws() -> Laws:
    """Return the laws of shares, each with every typical spread."""
    of_share = shares.share_laws()
    spreads = np.exp(-0.5 * (np.log(_SPREADS[None, :] / np.array(_TYPICAL)[:, None]) / _LOG_SPREAD_OF_SPREADS) ** 2)
    spreads /= spreads.sum(axis=1, keepdims=True)
    cells = np.einsum("lp,ts->ltps", of_share.cells[:, :-1], spreads)
    return Laws(cells.reshape(-1, len(_P)), np.repeat(of_share.prior, len(_TYPICAL)) / len(_TYPICAL))


def spreads_of(batches: Sequence[Amounts]) -> dict[str, float]:
    """Return each analyte's spread over the market, drawn to the usual one where few batches tell."""
    found: dict[str, list[float]] = {}
    for amounts in batches:
        for analyte, (amount, measured) in amounts.items():
            if measured:
                found.setdefault(analyte, []).append(amount)
    squares = {analyte: (len(group), float(np.var(group))) for analyte, group in found.items()}
    return {
        analyte: math.sqrt(
            (_BATCHES_BEFORE_ANY * _USUAL_SPREAD**2 + number * variance) / (_BATCHES_BEFORE_ANY + number)
        )
        for analyte, (number, variance) in squares.items()
    }


def margin_of(amounts: Amounts, spreads: Mapping[str, float]) -> tuple[float, bool] | None:
    """Return the largest amount in units of spread, and whether it was measured; None where there is none."""
    scaled = [(amount / spreads.get(analyte, _USUAL_SPREAD), measured) for analyte, (amount, measured) in amounts.items()]
    return max(scaled, default=None)


def log_likelihood(vendors: Sequence[Sequence[Trial]], reference: float) -> Array:
    """Return each vendor's log likelihood over the cells, one row a vendor."""
    plain = [
        shares.Trials(tuple(one.failing for one in trials), tuple(one.weight * (1 - one.by_margin) for one in trials))
        for trials in vendors
    ]
    total = np.repeat(shares.log_likelihood(plain, reference)[:, :-1], len(_SPREADS), axis=1)
    for place, trials in enumerate(vendors):
        told = [one for one in trials if one.margin is not None and one.by_margin > 0]
        if told:
            scores = (np.array([one.margin for one in told])[:, None] - _LEVELS) / _S
            weights = np.array([one.weight * one.by_margin for one in told])
            measured = np.array([one.measured for one in told])
            total[place] += weights[measured] @ _log_density(scores[measured])
            total[place] += weights[~measured] @ np.log(stdtr(_DEGREES_OF_FREEDOM, scores[~measured]))
    return total


def _log_density(scores: Array) -> Array:
    power = -(_DEGREES_OF_FREEDOM + 1) / 2
    return _CONSTANT + power * np.log1p(scores**2 / _DEGREES_OF_FREEDOM) - np.log(_S)


def of_share(posterior: Array) -> Array:
    """Return the posterior of the share alone, summed over spreads."""
    return np.pad(posterior.reshape(len(posterior), -1, len(_SPREADS)).sum(axis=2), ((0, 0), (0, 1)))
