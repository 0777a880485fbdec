"""Records to JSON and back, to the last bit, whatever text they hold."""

from __future__ import annotations

import json
from typing import TypeVar

from pydantic import TypeAdapter, ValidationError
from pydantic_core import PydanticSerializationError

Kept = TypeVar("Kept")


def to_json(adapter: TypeAdapter[Kept], value: Kept) -> bytes:
    """Return JSON in one line."""
    try:
        return adapter.dump_json(value)
    except PydanticSerializationError:  # lone surrogates, which JSON holds as escapes alone
        return json.dumps(adapter.dump_python(value, mode="json")).encode()


def from_json(adapter: TypeAdapter[Kept], data: bytes) -> Kept:
    """Return what was written."""
    try:
        return adapter.validate_json(data)
    except ValidationError:  # lone surrogates, which pydantic takes from Python alone
        return adapter.validate_python(json.loads(data))
