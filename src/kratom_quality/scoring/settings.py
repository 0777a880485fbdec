"""How findings become a score: ``data/scoring.toml``, checked when loaded."""

from __future__ import annotations

import math
from functools import lru_cache

from pydantic import Field, model_validator

from kratom_quality.datafiles import bundled, load_model
from kratom_quality.records import Panel, Record

Probability = float
AUTHENTICITY, IDENTITY = "authenticity", "identity"


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


class Recency(Record):
    """How fast certificates lose weight."""

    half_life_days: float = Field(gt=0)
    undated_counts_as_days: int = Field(ge=0)
    unseen_change: float = Field(ge=0, lt=1)


class Pooling(Record):
    """Beta distribution of a market's mean share of sound batches before any vendor is seen; how shares go together."""

    conforming: float = Field(gt=0)
    failing: float = Field(gt=0)
    faults_together: float = Field(ge=0, lt=1)


class Hazard(Record):
    """Something a batch is free of or not: the panels that tell, those to be decided before it counts as free.

    ``usual`` is the share of sound batches in a market; ``by_margin`` says whether nearness to limits counts.
    """

    name: str
    panels: frozenset[Panel]
    decided_by: frozenset[Panel] = Field(min_length=1)
    usual: float = Field(gt=0, lt=1)
    by_margin: bool


class Identity(Record):
    """Kinds of finding that mean the product is not the leaf it is sold as."""

    kinds: frozenset[str]
    usual: float = Field(gt=0, lt=1)


class Laboratories(Record):
    """Standard deviations of log claim ratios: between laboratories, of a batch's result, between vendors' labels."""

    between: float = Field(gt=0)
    error: float = Field(gt=0)
    vendors: float = Field(gt=0)


class Documents(Record):
    """What each gap takes from a whole document, and what an old newest certificate does."""

    gaps: dict[str, float]
    stale: float = Field(ge=0, lt=1)


class Authenticity(Record):
    """Probability, by kind of finding, that documents with such a fault are not genuine, and what follows from it."""

    doubts: dict[str, float]
    habits: frozenset[str]
    unseen: float = Field(gt=0, lt=1)
    usual: float = Field(gt=0, lt=1)


class Grades(Record):
    """How sure a difference of grades must be, tried in order, and the least mean scores of A, B, C and D."""

    confidence: tuple[float, ...] = Field(min_length=1)
    largest_discordance: float = Field(gt=0, lt=1)
    bands: tuple[float, float, float, float]


class ScoringSettings(Record):
    """Everything in ``data/scoring.toml``."""

    seed: int = Field(ge=0)
    draws: int = Field(ge=100)
    vendors_at_once: int = Field(ge=2)
    interval: float = Field(gt=0, lt=1)
    fewest_decided_batches: int = Field(ge=1)
    floor: float = Field(gt=0, lt=1)
    weights: Weights
    recency: Recency
    pooling: Pooling
    margins_count_as: float = Field(gt=0)
    hazards: tuple[Hazard, ...] = Field(min_length=1)
    identity: Identity
    laboratories: Laboratories
    documents: Documents
    authenticity: Authenticity
    grades: Grades


@lru_cache(maxsize=1)
def scoring_settings() -> ScoringSettings:
    """Return the package's settings."""
    return load_model(ScoringSettings, bundled("scoring.toml"))


@lru_cache(maxsize=1)
def by_margin() -> frozenset[str]:
    """Return the hazards of which nearness to limits counts."""
    return frozenset(hazard.name for hazard in scoring_settings().hazards if hazard.by_margin)


@lru_cache(maxsize=1)
def gap_costs() -> dict[str, float]:
    """Return what each gap takes, those counted more than once a batch by their number."""
    gaps = scoring_settings().documents.gaps
    return {**gaps, **{f"missing_panel {nth}": gaps["missing_panel"] for nth in (2, 3)}}
