"""What tracking takes for given: ``data/tracking.toml``, checked when loaded."""

from __future__ import annotations

from functools import lru_cache
from typing import Self

from pydantic import Field, model_validator

from kratom_quality.datafiles import bundled, load_model
from kratom_quality.records import Record, Severity


class Sourced(Record):
    """A group of numbers, and who published them."""

    source: str = Field(min_length=1)


class IndividualsSettings(Sourced):
    """The chart of individual values and that of moving ranges of two."""

    fewest_points: int = Field(ge=3)
    d2: float = Field(gt=0)
    d4: float = Field(gt=1)


class CensoringSettings(Sourced):
    """When limits come from results of which some are bounds."""

    least_measured: float = Field(gt=0, le=1)


class EwmaSettings(Sourced):
    """The chart of the exponentially weighted moving average."""

    weight: float = Field(gt=0, le=1)
    width: float = Field(gt=0)
    clip: float = Field(gt=0)


class Rule(Sourced):
    """At least ``needed`` of ``among`` points in a row beyond so many standard deviations on one side."""

    name: str = Field(pattern=r"^[a-z_]+$")
    needed: int = Field(ge=1)
    among: int = Field(ge=1)
    beyond: float = Field(ge=0)
    alerts: bool

    @model_validator(mode="after")
    def _can_be_met(self) -> Self:
        if self.needed > self.among:
            raise ValueError(f"{self.needed} of {self.among} points can never be")
        return self


class ChangePointSettings(Sourced):
    """The test for a change of level."""

    fewest_points: int = Field(ge=4)
    significance: float = Field(gt=0, lt=1)
    permutations: int = Field(ge=99)
    confidence: float = Field(gt=0, lt=1)
    seed: int = Field(ge=0)


class RhythmSettings(Sourced):
    """When a pause is longer than a vendor's own rhythm allows."""

    fewest_gaps: int = Field(ge=1)
    significance: float = Field(gt=0, lt=1)


class MoveSettings(Sourced):
    """How sure a change of a score must be."""

    probability: float = Field(gt=0.5, lt=1)


class FailureSettings(Record):
    """Kinds of finding of which a batch fails, whatever their severity."""

    kinds: frozenset[str] = Field(min_length=1)


class AlertKind(Record):
    """How much a kind of change weighs with a reader, and what it is."""

    severity: Severity
    what: str = Field(min_length=1)


class TrackingSettings(Record):
    """Everything in ``data/tracking.toml``."""

    individuals: IndividualsSettings
    censoring: CensoringSettings
    ewma: EwmaSettings
    rules: tuple[Rule, ...] = Field(min_length=1)
    change_points: ChangePointSettings
    rhythm: RhythmSettings
    moves: MoveSettings
    failures: FailureSettings
    alerts: dict[str, AlertKind]

    @model_validator(mode="after")
    def _limits_come_first(self) -> Self:
        if self.rules[0].among != 1:
            raise ValueError(f"the first rule is that of the control limits, of one point, not {self.rules[0].name!r}")
        return self


@lru_cache(maxsize=1)
def tracking_settings() -> TrackingSettings:
    """Return the package's settings."""
    return load_model(TrackingSettings, bundled("tracking.toml"))
