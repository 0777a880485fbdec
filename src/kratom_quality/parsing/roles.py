"""Which column of a table says what: by its head, and by what stands in it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from kratom_quality.parsing.blocks import Block
from kratom_quality.parsing.columns import Column, ColumnKind, read_heading
from kratom_quality.parsing.confidence import Doubts
from kratom_quality.parsing.doubts import doubts_of_table
from kratom_quality.parsing.placing import UNHEADED
from kratom_quality.parsing.rows import Row
from kratom_quality.units import normalise_unit
from kratom_quality.values import is_blank, looks_like_value, parse_verdict
from kratom_quality.vocabulary import fold


class Roles(NamedTuple):
    """Which columns of a block say what, None where it has no such column; and what speaks against the choice."""

    results: tuple[int, ...]
    unit: int | None
    lod: int | None
    loq: int | None
    pair: int | None
    limit: int | None
    status: int | None
    doubts: Doubts
    lower_limit: int | None = None
    uncertainty: int | None = None
    method: int | None = None
    claim: int | None = None


def assign_roles(block: Block, rows: Sequence[Row]) -> Roles:
    """Decide by head and by content which column says what: a RESULT column of nothing but PASS is a status column."""
    columns = block.columns
    verdicts = [_is_verdict_column(rows, index) for index in range(len(columns))]

    def first(*kinds: ColumnKind) -> int | None:
        fitting = (
            i for i, column in enumerate(columns) if column.kind in kinds and not verdicts[i] and _filled(rows, i)
        )
        return next(fitting, None)

    results = _result_columns(columns, rows)
    numeric = [i for i in results if not verdicts[i]]
    status = _status_column(columns, verdicts, rows, exclude=numeric if numeric else results)
    kept = _one_per_unit(columns, numeric or results)
    if not kept and status != UNHEADED and _holds_values(rows, UNHEADED):
        kept = [UNHEADED]
    if not kept and status is not None:
        kept = [status]
    residue_limit = _residue_limit(columns, rows)
    return Roles(
        results=tuple(kept),
        unit=next((i for i in [first(ColumnKind.UNIT)] if i not in kept), None),
        lod=first(ColumnKind.LOD),
        loq=next((i for i in _filled_of(columns, rows, ColumnKind.LOQ) if i != residue_limit), None),
        pair=first(ColumnKind.LOD_LOQ, ColumnKind.LOQ_LOD),
        limit=first(ColumnKind.LIMIT) if residue_limit is None else residue_limit,
        lower_limit=first(ColumnKind.LOWER_LIMIT),
        status=status,
        doubts=doubts_of_table(block, kept, status, rivals=len(numeric or results)),
        uncertainty=first(ColumnKind.UNCERTAINTY),
        method=first(ColumnKind.METHOD),
        claim=first(ColumnKind.CLAIM),
    )


def _result_columns(columns: Sequence[Column], rows: Sequence[Row]) -> list[int]:
    """Columns headed as results; where there are none, those of unknown head that hold a value in nearly every row."""
    results = {ColumnKind.RESULT, ColumnKind.RESULT_LIMIT}
    headed = [
        i
        for i, column in enumerate(columns)
        if (column.kind in results and _filled(rows, i))
        or (column.kind is ColumnKind.UNIT and _holds_values(rows, i))  # results under the wrong head
    ]
    if headed or any(column.kind is ColumnKind.STATUS for column in columns):
        return headed
    return [
        i
        for i, column in enumerate(columns)
        if column.kind is ColumnKind.OTHER and read_heading(column.text) is None and _holds_values(rows, i)
    ]


def _residue_limit(columns: Sequence[Column], rows: Sequence[Row]) -> int | None:
    """'MRL' is a reporting limit, but beside a LOQ and without a column of limits it is the maximum residue limit."""
    if len(loqs := _filled_of(columns, rows, ColumnKind.LOQ)) < 2 or _filled_of(columns, rows, ColumnKind.LIMIT):
        return None
    return next((i for i in loqs if fold(columns[i].text) == "mrl"), None)


def _filled_of(columns: Sequence[Column], rows: Sequence[Row], kind: ColumnKind) -> list[int]:
    return [i for i, column in enumerate(columns) if column.kind is kind and _filled(rows, i)]


def _filled(rows: Sequence[Row], index: int) -> bool:
    return any(index in row.cells for row in rows)


def _holds_values(rows: Sequence[Row], index: int) -> bool:
    """Whether nearly every row has exactly one value in the column."""
    filled = sum(len(row.cells.get(index, ())) == 1 and looks_like_value(row.text(index) or "") for row in rows)
    return filled >= 0.8 * len(rows)


def _is_verdict_column(rows: Sequence[Row], index: int) -> bool:
    texts = [text for row in rows if (text := row.text(index)) is not None and not is_blank(text)]
    verdicts = sum(parse_verdict(text) is not None for text in texts)
    return verdicts > 0 and verdicts >= 0.6 * len(texts) and not any(map(str.isdigit, "".join(texts)))


def _status_column(
    columns: Sequence[Column], verdicts: Sequence[bool], rows: Sequence[Row], exclude: Sequence[int]
) -> int | None:
    headed = [i for i, column in enumerate(columns) if column.kind is ColumnKind.STATUS and _filled(rows, i)]
    by_content = [i for i, verdict in enumerate(verdicts) if verdict and i not in exclude]
    if headed:
        return headed[0]
    if by_content:
        return by_content[0]
    return UNHEADED if _is_verdict_column(rows, UNHEADED) else None


def _one_per_unit(columns: Sequence[Column], results: Sequence[int]) -> list[int]:
    kept: dict[str | None, int] = {}
    for index in results:
        unit = columns[index].unit
        kept.setdefault(normalise_unit(unit) if unit else None, index)
    return sorted(kept.values())
