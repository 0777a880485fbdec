"""What in the layout of a table, and of a row, speaks against a result."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from kratom_quality.parsing.blocks import Block
from kratom_quality.parsing.columns import ColumnKind, read_heading
from kratom_quality.parsing.confidence import Doubt, Doubts, fits, is_measured_by_mass
from kratom_quality.parsing.layout import Cell
from kratom_quality.parsing.placing import UNHEADED
from kratom_quality.parsing.rows import Row
from kratom_quality.records import Panel, Value, ValueState
from kratom_quality.units import convert, dimension_of, normalise_unit
from kratom_quality.values import is_blank, looks_like_value, parse_verdict

_SAYS_RESULT = frozenset({ColumnKind.RESULT, ColumnKind.RESULT_LIMIT})

_AMOUNTS = frozenset(
    {
        ValueState.MEASURED,
        ValueState.INTERVAL,
        ValueState.BELOW_LOQ,
        ValueState.NOT_DETECTED,
        ValueState.ABOVE_RANGE,
    }
)
_DESCRIBED_PANELS = frozenset({Panel.PHYSICAL, Panel.OTHER, Panel.FOREIGN_MATTER})
_VERDICTS = frozenset({ValueState.CONFORMS, ValueState.DOES_NOT_CONFORM})
_BRACKETS = frozenset("([<")
_EVERYTHING = 105.0  # per cent: pure substances are found at a little more than 100


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
    for index in row.cells.keys() - {*results, status}:
        unexplained = index == UNHEADED or block.columns[index].kind is ColumnKind.OTHER
        if unexplained and any(_is_amount(cell.text) for cell in row.cells[index]):
            yield Doubt.STRAY_VALUE if index == UNHEADED else Doubt.UNEXPLAINED_COLUMN


def _is_amount(text: str) -> bool:
    return looks_like_value(text) and not is_blank(text) and parse_verdict(text) is None


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


def doubts_of_value(
    value: Value, lod: Value | None, loq: Value | None, panel: Panel, *, has_own_unit: bool
) -> Iterator[Doubt]:
    """What speaks against a result's value, its unit, and the LOD and LOQ beside it."""
    if (about := _about_value(value, panel, has_own_unit=has_own_unit)) is not None:
        yield about
    if value.state is ValueState.NOT_DETECTED and value.upper is not None and not _BRACKETS.intersection(value.printed):
        yield Doubt.TWO_VALUES
    if any(cell is not None and cell.state is ValueState.DESCRIBED for cell in (lod, loq)):
        yield Doubt.WORDS_AS_LOQ
    if _is_above(lod, loq) or _is_above(lod, value):
        yield Doubt.BELOW_DETECTION


def _about_value(value: Value, panel: Panel, *, has_own_unit: bool) -> Doubt | None:
    """The gravest doubt about a value and its unit."""
    state, unit = value.state, value.unit
    if state is ValueState.UNREADABLE:
        return Doubt.UNREADABLE_VALUE
    if state is ValueState.DESCRIBED:
        is_odd = panel not in _DESCRIBED_PANELS or normalise_unit(value.printed) is not None
        return Doubt.TEXT_AS_RESULT if is_odd else None
    if state in _VERDICTS:
        return Doubt.VERDICT_AS_RESULT if unit is not None and is_measured_by_mass(panel) else None
    if state is ValueState.PRESENT:
        return Doubt.TEXT_AS_RESULT if is_measured_by_mass(panel) else None
    if unit is None:
        needs_none = state is ValueState.NOT_DETECTED and panel is Panel.MICROBIALS  # a test for presence
        return Doubt.NO_UNIT if state in _AMOUNTS and not needs_none else None
    if not fits(panel, unit) or _is_more_than_everything(value):
        return Doubt.UNFIT_UNIT
    return None if has_own_unit or state not in _AMOUNTS else Doubt.UNIT_OF_ANOTHER_COLUMN


def _is_more_than_everything(value: Value) -> bool:
    """Whether more was found than there is: '458 %'."""
    if value.number is None or value.unit is None or dimension_of(value.unit) != "mass per mass":
        return False
    return convert(value.number, value.unit, "%") > _EVERYTHING


def _is_above(one: Value | None, other: Value | None) -> bool:
    """Whether both are numbers in one unit, neither of them 0, and the first is the larger."""
    if one is None or other is None or not one.number or not other.number or one.unit != other.unit:
        return False
    return one.number > other.number
