"""Partial pooling on a grid: what one vendor's evidence says in the light of all vendors'.

Every hidden trait of a vendor lies in one of a fixed number of cells. A law of the population, one of a grid of laws,
says how likely each cell is for a vendor of whom nothing is known; the evidence of all vendors together says how
likely each law is. Both are sums over the grid, so that there is no sampler and no chance in them.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]

_LEAST = 1e-290


@dataclass(frozen=True, slots=True)
class Laws:
    """The laws a population may follow.

    Parameters
    ----------
    cells
        P(cell | law), one row a law, one column a cell.
    prior
        How likely each law is before any vendor is seen; sums to 1.
    """

    cells: Array
    prior: Array


@dataclass(frozen=True, slots=True)
class Population:
    """The laws, and how likely each is after all vendors were seen."""

    laws: Laws
    weights: Array

    @classmethod
    def of(cls, laws: Laws, log_likelihoods: Iterable[Array]) -> Population:
        """Learn from all vendors, block by block: one row of ``log_likelihoods`` a vendor, one column a cell."""
        log_weights = np.log(laws.prior)
        for block in log_likelihoods:
            if len(block):
                log_weights = log_weights + np.log(_marginal(laws, _scaled(block))).sum(axis=0)
        weights = np.exp(log_weights - log_weights.max())
        return cls(laws, weights / weights.sum())

    def posterior(self, log_likelihood: Array) -> Array:
        """Return P(cell | evidence) for each row of evidence, averaged over the laws by their weights."""
        likelihood = _scaled(log_likelihood)
        mixture = (self.weights / _marginal(self.laws, likelihood)) @ self.laws.cells
        posterior = likelihood * mixture
        return np.asarray(posterior / posterior.sum(axis=1, keepdims=True), dtype=np.float64)

    def anyone(self) -> Array:
        """Return P(cell) of a vendor of whom nothing is known."""
        return np.asarray(self.weights @ self.laws.cells, dtype=np.float64)


def _scaled(log_likelihood: Array) -> Array:
    return np.asarray(np.exp(log_likelihood - log_likelihood.max(axis=1, keepdims=True)), dtype=np.float64)


def _marginal(laws: Laws, likelihood: Array) -> Array:
    """Return the likelihood of each law, one row a vendor."""
    return np.maximum(likelihood @ laws.cells.T, _LEAST)
