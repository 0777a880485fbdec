"""Laboratories read high or low: their effects on log claim ratios, as far as laboratories overlap.

A measured ratio is the vendor's own deviation plus the laboratory's effect plus error (a mixed model with two random
effects; Henderson 1975, Biometrics 31:423). Effects are told from vendors where one vendor uses several laboratories,
or one laboratory tests for several vendors; where they do not overlap, an effect stays near 0 with its full variance.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from kratom_quality.scoring.population import Array
from kratom_quality.scoring.settings import scoring_settings


@dataclass(frozen=True, slots=True)
class Reading:
    """A measured amount against its claim.

    Parameters
    ----------
    log_ratio
        Natural logarithm of measured to claimed.
    uncertainty
        Standard uncertainty of the measurement, relative.
    laboratory
        Who measured.
    weight
        What it counts: 1 for the newest, less for older ones.
    of_batch
        Whether the claim is of this batch alone, and thus printed from a test of it.
    """

    log_ratio: float
    uncertainty: float
    laboratory: str
    weight: float
    of_batch: bool


@dataclass(frozen=True, slots=True)
class Effects:
    """How far each laboratory reads above the others, as a logarithm, with the covariance of these estimates."""

    places: dict[str, int]
    means: Array
    covariance: Array

    def of(self, readings: Sequence[Reading]) -> tuple[Array, float]:
        """Return the effect on each reading, and the variance of their weighted mean that is left."""
        places = [self.places[reading.laboratory] for reading in readings]
        weights = np.array([reading.weight for reading in readings])
        shares = np.bincount(places, weights / weights.sum(), len(self.means))
        return self.means[places], float(shares @ self.covariance @ shares)


def laboratory_effects(vendors: Sequence[Sequence[Reading]]) -> Effects:
    """Return the best linear unbiased predictions of the laboratories' effects, vendors' deviations eliminated."""
    settings = scoring_settings().laboratories
    names = dict.fromkeys(reading.laboratory for readings in vendors for reading in readings)
    places = {name: place for place, name in enumerate(names)}
    precision = np.eye(len(places)) / settings.between**2
    right = np.zeros(len(places))
    for readings in vendors:
        of_product = [reading for reading in readings if not reading.of_batch]
        if not of_product:
            continue
        ratios = np.array([reading.log_ratio for reading in of_product])
        weights = np.array([reading.weight for reading in of_product])
        weights = weights / (settings.error**2)
        design = np.zeros((len(of_product), len(places)))
        design[np.arange(len(of_product)), [places[reading.laboratory] for reading in of_product]] = 1.0
        shrunk = weights / np.sqrt(weights.sum() + 1 / settings.vendors**2)
        precision += design.T @ (weights[:, None] * design) - np.outer(shrunk @ design, shrunk @ design)
        right += design.T @ (weights * ratios) - (shrunk @ design) * (shrunk @ ratios)
    covariance = np.asarray(np.linalg.inv(precision), dtype=np.float64)
    return Effects(places, covariance @ right, covariance)
