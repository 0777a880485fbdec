"""What all records share."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field

Box = tuple[float, float, float, float]
PageNumber = Annotated[int, Field(ge=1)]


class Record(BaseModel):
    """Base of all records: frozen, and nothing beyond its fields.

    Shown as text, fields at their defaults are left out, and records within are counted: a certificate has hundreds.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    def __repr_args__(self) -> Iterator[tuple[str | None, Any]]:
        fields = type(self).model_fields
        for name, value in super().__repr_args__():
            if name not in fields or value != fields[name].get_default(call_default_factory=True):
                yield name, _Several(value) if _is_several(value) else value


class _Several(tuple[Record, ...]):
    """Records that are shown by their number and kind."""

    def __repr__(self) -> str:
        return f"<{len(self)} {type(self[0]).__name__}>"


def _is_several(value: object) -> bool:
    return isinstance(value, tuple) and len(value) > 1 and isinstance(value[0], Record)
