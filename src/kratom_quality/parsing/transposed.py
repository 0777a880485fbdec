"""Tables on their side: analytes across, '%', 'mg/g' and 'LOD' down."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from kratom_quality.parsing.bands import Block, Column
from kratom_quality.parsing.columns import ColumnKind, guess_heading, read_heading
from kratom_quality.parsing.layout import Cell, Line, Sheet, overlap
from kratom_quality.parsing.names import Names
from kratom_quality.parsing.rows import Row
from kratom_quality.units import normalise_unit
from kratom_quality.values import looks_like_value

_FEWEST_ANALYTES = 3


class _Head(NamedTuple):
    """The analytes at the head of a transposed table, each with the span of its column."""

    names: tuple[tuple[Cell, ...], ...]
    spans: tuple[tuple[float, float], ...]
    bottom: float


def find_transposed(sheet: Sheet, names: Names) -> list[tuple[Block, list[Row]]]:
    """Find tables that have their analytes side by side and turn them upright: a block and its rows for each."""
    found = []
    for index, line in enumerate(sheet.lines):
        known = [cell for cell in line.cells if names.knows(cell.text)]
        if len(known) < _FEWEST_ANALYTES or any(looks_like_value(cell.text) for cell in line.cells):
            continue
        head = _head(sheet.lines, index, known)
        upright = _turn(head, [below for below in sheet.lines[index + 1 :] if below.middle > head.bottom])
        if upright is not None:
            found.append(upright)
    return found


def _head(lines: Sequence[Line], index: int, known: Sequence[Cell]) -> _Head:
    """Stack names set over several lines: 'TOTAL CAN', 'NABINOIDS', '(DRY)'."""
    start = min(cell.x0 for cell in known)
    stacks = [[cell] for cell in lines[index].cells if cell.x0 >= start]
    _stack_lines(stacks, reversed(lines[:index]), lines[index], above=True)
    last = _stack_lines(stacks, lines[index + 1 :], lines[index], above=False)
    spans = tuple((min(cell.x0 for cell in stack), max(cell.x1 for cell in stack)) for stack in stacks)
    return _Head(tuple(tuple(stack) for stack in stacks), spans, last.middle)


def _stack_lines(stacks: list[list[Cell]], lines: Iterable[Line], edge: Line, *, above: bool) -> Line:
    """Add the lines next to a head, one after the other, as long as they continue names in it; return the last one added."""
    for line in lines:
        if abs(line.middle - edge.middle) > 1.4 * min(line.height, edge.height):
            break
        claims = [(cell, stack) for cell in line.cells if (stack := _stack_under(cell, stacks)) is not None]
        if not claims or any(looks_like_value(cell.text) for cell in line.cells):
            break
        for cell, stack in claims:
            stack.insert(0 if above else len(stack), cell)
        edge = line
    return edge


def _stack_under(cell: Cell, stacks: Sequence[list[Cell]]) -> list[Cell] | None:
    for stack in stacks:
        same_size = abs(cell.height - stack[0].height) < 0.2 * cell.height
        if same_size and overlap(cell.x0, cell.x1, stack[0].x0, stack[0].x1) > 0:
            return stack
    return None


def _turn(head: _Head, below: Sequence[Line]) -> tuple[Block, list[Row]] | None:
    columns: list[Column] = []
    values: list[dict[int, Cell]] = []
    last = head.bottom
    for line in below:
        if line.middle - last > 3.2 * line.height:
            break
        label, cells = _label_and_cells(line, head)
        if not cells or not all(looks_like_value(cell.text) for cell in cells.values()):
            if cells and columns and _is_unit_line(cells):
                columns[-1] = columns[-1]._replace(unit=next(iter(cells.values())).text)
                last = line.middle
                continue
            break
        column = _column(label)
        if column is None:
            break
        columns.append(column)
        values.append(cells)
        last = line.middle
    if not columns or max(len(cells) for cells in values) < max(_FEWEST_ANALYTES, 0.6 * len(head.names)):
        return None
    return _upright(head, columns, values, last)


def _label_and_cells(line: Line, head: _Head) -> tuple[Cell | None, dict[int, Cell]]:
    label: Cell | None = None
    cells: dict[int, Cell] = {}
    for cell in line.cells:
        shares = [overlap(cell.x0, cell.x1, *span) for span in head.spans]
        best = max(range(len(shares)), key=shares.__getitem__)
        if shares[best] > -0.6 * cell.height and best not in cells:
            cells[best] = cell
        elif cell.x1 < head.spans[0][0]:
            label = cell
    return label, cells


def _is_unit_line(cells: dict[int, Cell]) -> bool:
    return all(normalise_unit(cell.text) is not None for cell in cells.values())


def _column(label: Cell | None) -> Column | None:
    """What a line of a transposed table says; None without a label, for names over values alone are tiles."""
    if label is None:
        return None
    heading = read_heading(label.text) or guess_heading(label.text)
    kind = heading.kind or ColumnKind.RESULT
    return None if kind is ColumnKind.NAME else Column(kind, heading.unit, label.x0, label.x1, label.text)


def _upright(
    head: _Head, columns: Sequence[Column], values: Sequence[dict[int, Cell]], bottom: float
) -> tuple[Block, list[Row]]:
    left, right = head.spans[0][0], head.spans[-1][1]
    block = Block(tuple(columns), head.bottom, bottom, left, right, bottom, head.names[0][0].height)
    rows = [
        Row(stack, {i: (cells[position],) for i, cells in enumerate(values) if position in cells}, head.bottom)
        for position, stack in enumerate(head.names)
    ]
    return block, [row for row in rows if row.cells]
