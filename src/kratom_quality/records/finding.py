"""What checks find."""

from __future__ import annotations

from enum import StrEnum

from pydantic import Field

from kratom_quality.records.base import Record
from kratom_quality.records.document import Source


class Severity(StrEnum):
    """How much a finding should weigh with a reader."""

    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"
    INFO = "info"


class Finding(Record):
    """One thing a check found: what, how sure, why, by which authority, and where it stands."""

    kind: str
    severity: Severity
    probability: float = Field(ge=0, le=1)
    reason: str
    citation: str | None = None
    analyte: str | None = None
    vendor: str | None = None
    file: str | None = None
    sources: tuple[Source, ...] = ()
