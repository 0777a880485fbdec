"""Results as a Parquet file, written group by group; the one module that imports pyarrow."""

from __future__ import annotations

import io
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Self

from kratom_quality.errors import MissingExtraError
from kratom_quality.frames import RESULT_COLUMNS
from kratom_quality.frames.columns import kind_of

if TYPE_CHECKING:
    import pyarrow as pa

_CHARACTERS_A_GROUP = 64_000_000  # some 100,000 results


def require_parquet() -> None:
    """Make sure that Parquet can be written.

    Raises
    ------
    MissingExtraError
        If pyarrow is not installed.
    """
    if find_spec("pyarrow") is None:
        raise MissingExtraError("writing Parquet needs pyarrow: pip install 'kratom-quality[parquet]'")


class ParquetRows:
    """A Parquet file that takes results as lines of JSON, of which it holds one group in memory."""

    def __init__(self, path: Path) -> None:
        import pyarrow.parquet as pq

        self._schema = _schema()
        self._writer = pq.ParquetWriter(path, self._schema, compression="zstd")
        self._lines = io.StringIO()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._write_group()
        self._writer.close()

    def write(self, lines: str) -> None:
        """Add results."""
        self._lines.write(lines)
        if self._lines.tell() > _CHARACTERS_A_GROUP:
            self._write_group()

    def _write_group(self) -> None:
        from pyarrow import json

        data = self._lines.getvalue().encode()
        if data:
            form = json.ParseOptions(explicit_schema=self._schema, unexpected_field_behavior="error")
            self._writer.write_table(json.read_json(io.BytesIO(data), parse_options=form))
        self._lines = io.StringIO()


def _schema() -> pa.Schema:
    import pyarrow as pa

    types = {"Int64": pa.int64(), "Float64": pa.float64(), "boolean": pa.bool_()}
    return pa.schema([(column, types.get(kind_of(column), pa.string())) for column in RESULT_COLUMNS])
