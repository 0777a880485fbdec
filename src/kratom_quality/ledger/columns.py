"""Column types that give back what was put in, on every database."""

from __future__ import annotations

import re
import zlib
from datetime import UTC, datetime
from typing import Any, cast

from sqlalchemy import DateTime, LargeBinary, Text
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator

# PostgreSQL refuses NUL, and no database takes lone surrogates, which stand for bytes of a path that are no UTF-8.
_MARK = "\x1a"
_REFUSED = re.compile(f"[\x00{_MARK}\ud800-\udfff]")
_ESCAPED = re.compile(f"{_MARK}([0-9a-f]{{4}})")


class AnyText(TypeDecorator[str]):
    """Text of any characters; those that a database refuses are stored as U+001A and four hexadecimal digits."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:  # noqa: ARG002 - the library's signature
        """Escape what a database refuses."""
        return value and _REFUSED.sub(lambda found: f"{_MARK}{ord(found.group()):04x}", value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> str | None:  # noqa: ARG002 - as above
        """Return the text as it was."""
        if value is None or _MARK not in value:
            return value
        return _ESCAPED.sub(lambda found: chr(int(found.group(1), 16)), value)


class Compressed(TypeDecorator[bytes]):
    """Bytes, stored compressed: records in JSON take a tenth of their room."""

    impl = LargeBinary
    cache_ok = True

    def process_bind_param(self, value: bytes | None, dialect: Dialect) -> bytes | None:  # noqa: ARG002 - as above
        """Compress."""
        return None if value is None else zlib.compress(value, 1)

    def process_result_value(self, value: bytes | None, dialect: Dialect) -> bytes | None:  # noqa: ARG002 - as above
        """Return the bytes as they were."""
        return None if value is None else zlib.decompress(value)


class Moment(TypeDecorator[datetime]):
    """A moment, stored in UTC and returned so."""

    impl = DateTime
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> Any:  # noqa: ARG002 - as above
        """Return the moment in UTC."""
        return value and value.astimezone(UTC).replace(tzinfo=None)

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:  # noqa: ARG002 - as above
        """Say that it is UTC."""
        return None if value is None else cast("datetime", value.replace(tzinfo=UTC))
