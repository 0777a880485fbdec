"""Tables on their side: analytes across, '%', 'mg/g' and 'LOD' down."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from kratom_quality.parsing.blocks import Block
from kratom_quality.parsing.columns import Column, ColumnKind, Heading, read_heading
from kratom_quality.parsing.layout import Cell, Line, Sheet, overlap
from kratom_quality.parsing.names import Names
from kratom_quality.parsing.rows import Row, join_text
from kratom_quality.units import normalise_unit
from kratom_quality.values import looks_like_value

_FEWEST_ANALYTES = 3
_NAME_LINES = 4


class _Values(NamedTuple):
    """A line of a transposed table: what it says of each analyte, and the cells from left to right."""

    column: Column
    cells: tuple[Cell, ...]
    middle: float


def find_transposed(sheet: Sheet, names: Names) -> list[tuple[Block, list[Row]]]:
    """Find tables that have their analytes side by side and turn them upright: a block and its rows for each."""
    found = []
    end = -1
    for index in range(len(sheet.lines)):
        if index <= end:
            continue
        values, last = _value_lines(sheet.lines, index)
        if not values:
            continue
        stacks = _names_above(sheet.lines[max(0, index - _NAME_LINES) : index], values[0])
        if sum(names.knows(join_text(stack)) for stack in stacks) >= max(_FEWEST_ANALYTES, 0.5 * len(stacks)):
            found.append(_upright(stacks, values))
            end = last
    return found


def _value_lines(lines: Sequence[Line], index: int) -> tuple[list[_Values], int]:
    """The lines from ``index`` on that have a label to the left of values, and the index of the last one."""
    found: list[_Values] = []
    last = index
    position = index
    while position < len(lines):
        line = lines[position]
        if found and line.middle - found[-1].middle > 3.2 * line.height:
            break
        values = _label_and_values(line)
        if values is None and (values := _label_below(lines[position : position + 2])) is not None:
            position += 1
        if values is not None:
            found.append(values)
        elif found and all(normalise_unit(cell.text) for cell in line.cells):
            found[-1] = found[-1]._replace(column=found[-1].column._replace(unit=line.cells[0].text))
        else:
            break
        last = position
        position += 1
    return found, last


def _label_below(lines: Sequence[Line]) -> _Values | None:
    """A label set a little lower than its values, between them and the line of their units."""
    if len(lines) < 2 or len(lines[1].cells) != 1:
        return None
    values, label = lines
    if label.middle - values.middle > 0.8 * label.height or label.cells[0].x1 > values.cells[0].x0:
        return None
    return _label_and_values(values._replace(cells=(*label.cells, *values.cells)))


def _label_and_values(line: Line) -> _Values | None:
    label, cells = line.cells[0], line.cells[1:]
    if len(cells) < _FEWEST_ANALYTES or not all(looks_like_value(cell.text) for cell in cells):
        return None
    heading: Heading | None = read_heading(label.text)
    if heading is None or heading.kind in {ColumnKind.NAME, ColumnKind.OTHER}:
        return None
    column = Column(heading.kind or ColumnKind.RESULT, heading.unit, label.x0, label.x1, label.text)
    return _Values(column, cells, line.middle)


def _names_above(lines: Sequence[Line], values: _Values) -> list[list[Cell]]:
    """Stack the cells above each value, lowest line last: 'TOTAL CAN', 'NABINOIDS', '(DRY)'."""
    stacks: list[list[Cell]] = [[] for _ in values.cells]
    below = values.middle
    for line in reversed(lines):
        claims = [(position, cell) for cell in line.cells if (position := _position_over(cell, values)) is not None]
        far = below - line.middle > (3.2 if below == values.middle else 1.5) * line.height
        if far or not claims or any(looks_like_value(cell.text) for cell in line.cells):
            break
        for position, cell in claims:
            stacks[position].insert(0, cell)
        below = line.middle
    return stacks


def _position_over(cell: Cell, values: _Values) -> int | None:
    shares = [overlap(cell.x0, cell.x1, value.x0, value.x1) for value in values.cells]
    best = max(range(len(shares)), key=shares.__getitem__)
    return best if shares[best] > 0 else None


def _upright(stacks: Sequence[list[Cell]], values: Sequence[_Values]) -> tuple[Block, list[Row]]:
    named = [stack for stack in stacks if stack]
    x0, x1 = min(cell.x0 for stack in named for cell in stack), max(cell.x1 for stack in named for cell in stack)
    top, height = min(cell.top for stack in named for cell in stack), named[0][0].height
    columns = tuple(line.column for line in values)
    block = Block(columns, top, values[-1].middle, x0, x1, values[-1].middle, height)
    rows = []
    for position, stack in enumerate(stacks):
        if stack:
            cells = {
                index: found for index, line in enumerate(values) if (found := _cells_at(line, values[0], position))
            }
            rows.append(Row(tuple(stack), cells, values[0].middle))
    return block, rows


def _cells_at(line: _Values, first: _Values, position: int) -> tuple[Cell, ...]:
    """The line's cell below one of the first line's cells."""
    over = first.cells[position]
    nearest = min(line.cells, key=lambda cell: abs(cell.x0 + cell.x1 - over.x0 - over.x1))
    return (nearest,) if overlap(nearest.x0, nearest.x1, over.x0, over.x1) > -0.5 * over.height else ()
