"""How findings become a score: ``data/scoring.toml``, checked when loaded."""

from __future__ import annotations

import math
from functools import lru_cache

from pydantic import Field, model_validator

from kratom_quality.datafiles import bundled, load_model
from kratom_quality.records import Panel, Record

Probability = float


class Weight(Record):
    """A weight and the reason for it."""

    value: float = Field(gt=0, lt=1)
    reason: str = Field(min_length=1)


class Weights(Record):
    """What the four respects count in the score; they sum to 1."""

    safety: Weight
    label_truth: Weight
    authenticity: Weight
    documents: Weight

    @model_validator(mode="after")
    def _sum_to_one(self) -> Weights:
        total = sum(self.values().values())
        if not math.isclose(total, 1.0):
            raise ValueError(f"the weights sum to {total:g}, not to 1")
        return self

    def values(self) -> dict[str, float]:
        """Return the weights by respect."""
        return {respect: weight["value"] for respect, weight in self.model_dump().items()}


class Hazard(Record):
    """Something a batch is free of or not: the panels that tell, and those to be decided before it counts as free."""

    name: str
    panels: frozenset[Panel]
    decided_by: frozenset[Panel] = Field(min_length=1)


class Prior(Record):
    """Pseudo-counts of batches before any is seen."""

    conforming: float = Field(gt=0)
    failing: float = Field(gt=0)


class LabelTruth(Record):
    """Kinds of finding that mean the label does not tell the truth."""

    kinds: frozenset[str]


class Documents(Record):
    """What each gap takes from a whole document, and the least that is left."""

    floor: float = Field(gt=0, lt=1)
    gaps: dict[str, float]


class Authenticity(Record):
    """Probability, by kind of finding, that documents with such a fault are not genuine."""

    doubts: dict[str, float]


class ScoringSettings(Record):
    """Everything in ``data/scoring.toml``."""

    seed: int = Field(ge=0)
    draws: int = Field(ge=100)
    interval: float = Field(gt=0, lt=1)
    fewest_decided_batches: int = Field(ge=1)
    weights: Weights
    hazards: tuple[Hazard, ...] = Field(min_length=1)
    prior: Prior
    label_truth: LabelTruth
    documents: Documents
    authenticity: Authenticity


@lru_cache(maxsize=1)
def scoring_settings() -> ScoringSettings:
    """Return the package's settings."""
    return load_model(ScoringSettings, bundled("scoring.toml"))
