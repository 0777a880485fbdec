"""What in the layout of a table, and of a row, speaks against a result."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from kratom_quality.parsing.blocks import Block
from kratom_quality.parsing.columns import ColumnKind, read_heading
from kratom_quality.parsing.confidence import Doubt, Doubts
from kratom_quality.parsing.layout import Cell
from kratom_quality.parsing.placing import UNHEADED
from kratom_quality.parsing.rows import Row
from kratom_quality.values import is_blank, looks_like_value, parse_verdict

_SAYS_RESULT = frozenset({ColumnKind.RESULT, ColumnKind.RESULT_LIMIT})


def doubts_of_table(block: Block, results: Sequence[int], status: int | None, rivals: int) -> Doubts:
    """What speaks against all results of a table.

    Parameters
    ----------
    results, status
        The columns chosen for results and verdicts.
    rivals
        How many columns could have been chosen for results.
    """
    return frozenset(_of_table(block, results, status, rivals))


def _of_table(block: Block, results: Sequence[int], status: int | None, rivals: int) -> Iterator[Doubt]:
    if rivals > len(results):
        yield Doubt.RIVAL_RESULTS
    if block.top == block.bottom == 0:
        yield Doubt.HEAD_ON_ANOTHER_PAGE
    for index in results:
        column = block.columns[index] if index >= 0 else None
        if index == status:
            yield Doubt.VERDICT_AS_RESULT
        elif column is None or column.kind not in _SAYS_RESULT:
            yield Doubt.UNHEADED_RESULT
        elif not column.text or read_heading(column.text) is None:
            yield Doubt.RESULT_HEAD_GUESSED


def doubts_of_row(block: Block, results: Sequence[int], status: int | None, row: Row) -> Iterator[Doubt]:
    """What speaks against the results of one row."""
    for index in results:
        cells = row.cells.get(index, ())
        if len(cells) > 1:
            yield Doubt.RESULT_IN_PIECES
        for cell in cells if index >= 0 and _has_heads_above(block) else ():
            yield from _of_place(block, index, cell)
    for cell in row.cells.get(UNHEADED, ()) if UNHEADED not in results and status != UNHEADED else ():
        if looks_like_value(cell.text) and not is_blank(cell.text) and parse_verdict(cell.text) is None:
            yield Doubt.STRAY_VALUE


def _has_heads_above(block: Block) -> bool:
    """Whether columns stand under their heads, as they do not in a table on its side or of labelled lines."""
    return block.bottom < block.floor and (block.top < block.bottom or block.bottom == 0)


def _of_place(block: Block, index: int, cell: Cell) -> Iterator[Doubt]:
    """Whether a cell stands under its column's head and under no other."""
    x0, x1 = cell.x0, cell.x1
    column = block.columns[index]
    if column.x1 <= x0 or column.x0 >= x1:
        yield Doubt.BESIDE_ITS_COLUMN
    elif any(other.x0 < x1 and other.x1 > x0 for other in block.columns if other is not column):
        yield Doubt.UNDER_TWO_HEADS
