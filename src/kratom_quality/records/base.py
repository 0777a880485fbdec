"""What all records share."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

Box = tuple[float, float, float, float]
PageNumber = Annotated[int, Field(ge=1)]


class Record(BaseModel):
    """Base of all records: frozen, and nothing beyond its fields."""

    model_config = ConfigDict(frozen=True, extra="forbid")
