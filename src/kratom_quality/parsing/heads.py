"""Header bands: the heads of a page's tables, set in one line or in several.

A band is found from cells that are column heads on their own ('LOQ', 'Result (mg/g)'); fragments above, below and
between them ('Action' over 'Level') are stacked by horizontal overlap. One band may head several tables side by side.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from kratom_quality.parsing.columns import Column, ColumnKind, Heading, guess_heading, read_heading
from kratom_quality.parsing.head_marks import LONGEST_HEAD, Mark, find_marks, follows
from kratom_quality.parsing.layout import Cell, Line, overlap
from kratom_quality.parsing.sections import title_panel
from kratom_quality.values import is_blank, looks_like_value

SAY_A_RESULT = set(ColumnKind) - {
    ColumnKind.NAME,
    ColumnKind.UNIT,
    ColumnKind.METHOD,
    ColumnKind.CLAIM,
    ColumnKind.OTHER,
}
_MOST_CELLS = 80  # in a band of heads; the largest on certificates known to us has 32


class Head(NamedTuple):
    """A column with the top and the bottom of its head."""

    column: Column
    top: float
    bottom: float


class Band(NamedTuple):
    """Heads on one level, from left to right, and the height of their text."""

    heads: tuple[Head, ...]
    height: float


class _Stack(NamedTuple):
    cells: list[Cell]
    x0: float
    x1: float


def find_bands(lines: Sequence[Line], is_analyte: Callable[[str], object]) -> Iterator[Band]:
    """Find the header bands of a page, top to bottom."""
    for marks in find_marks(lines, is_analyte):
        if _is_band(marks):
            yield Band(_heads(marks, lines, is_analyte), max(mark.cell.height for mark in marks))


def _is_band(marks: Sequence[Mark]) -> bool:
    kinds = {mark.heading.kind for mark in marks}
    titles = sum(mark.heading.kind is ColumnKind.NAME and title_panel(mark.cell.text) is not None for mark in marks)
    if titles > 2 and 2 * titles > len(marks):
        return False  # tiles with the verdicts of panels
    names_over_units = {None, ColumnKind.NAME} <= kinds
    return len(marks) > 1 and len(kinds) > 1 and (names_over_units or bool(kinds & SAY_A_RESULT))


def _heads(marks: Sequence[Mark], lines: Sequence[Line], is_analyte: Callable[[str], object]) -> tuple[Head, ...]:
    """Stack the band's cells into heads."""
    cells = [*(mark.cell for mark in marks), *_fragments(marks, lines, is_analyte)]
    heads = []
    for stack in _merge_overlapping([_Stack([cell], cell.x0, cell.x1) for cell in cells]):
        top, bottom = min(cell.top for cell in stack.cells), max(cell.bottom for cell in stack.cells)
        heads.append(Head(_under_group(_column(stack), top, lines), top, bottom))
    return tuple(sorted(heads, key=lambda head: head.column.x0))


def _under_group(column: Column, top: float, lines: Sequence[Line]) -> Column:
    """A head that is nothing but a unit holds limits where a heading such as 'California Limit' spans it from above."""
    heading = read_heading(column.text)
    if column.kind is not ColumnKind.RESULT or heading is None or heading.kind is not None:
        return column
    spanning = [
        cell.text
        for line in lines
        if top - 7 * line.height < line.middle < top
        for cell in line.cells
        if overlap(cell.x0, cell.x1, column.x0, column.x1) > 0
    ]
    return column._replace(kind=ColumnKind.LIMIT) if any(map(_speaks_of_limits, spanning)) else column


def _speaks_of_limits(text: str) -> bool:
    return len(text) <= LONGEST_HEAD and guess_heading(text).kind is ColumnKind.LIMIT


def _column(stack: _Stack) -> Column:
    """Read a stack's text and, apart from it, the unit that stands in a cell of its own."""
    cells = sorted(stack.cells, key=lambda cell: (round(cell.middle), cell.x0))
    unit, words = None, []
    for cell in cells:
        heading = read_heading(cell.text)
        if heading is not None and heading.kind is None:
            unit = heading.unit
        else:
            words.append(cell.text)
    heading = guess_heading(" ".join(words)) if words else Heading(ColumnKind.RESULT, None)
    text = " ".join(cell.text for cell in cells)
    if unit and words and read_heading(" ".join(words)) is None and heading.kind is ColumnKind.OTHER:
        heading = Heading(ColumnKind.RESULT, unit)  # a remark beside the unit: 'mg/capsule' over '(0.60 g)'
    return Column(heading.kind or ColumnKind.RESULT, unit or heading.unit, stack.x0, stack.x1, text)


def _fragments(marks: Sequence[Mark], lines: Sequence[Line], is_analyte: Callable[[str], object]) -> list[Cell]:
    """Cells that belong to the band's heads without being heads on their own; each may bring in its neighbours.

    A band of hundreds is no head, and looking for its parts would take for ever.
    """
    if len(marks) > _MOST_CELLS:
        return []
    height = min(mark.cell.height for mark in marks)
    top, bottom = marks[0].cell.middle, marks[-1].cell.middle
    found: list[Cell] = []
    grown = True
    while grown and len(found) < _MOST_CELLS:
        grown = False
        for line in lines:
            if not top - 1.6 * height <= line.middle <= bottom + 1.3 * height:
                continue
            added = _fragments_of(line, marks, found, is_analyte)
            if added is None and line.middle > bottom:
                break
            if added:
                grown = True
                found.extend(added)
                top, bottom = min(top, line.middle), max(bottom, line.middle)
    return found


def _fragments_of(
    line: Line, marks: Sequence[Mark], found: Sequence[Cell], is_analyte: Callable[[str], object]
) -> list[Cell] | None:
    """The line's cells that continue heads; None where it holds values or analytes, and so is no part of a head."""
    height = min(mark.cell.height for mark in marks)
    left, right = min(mark.cell.x0 for mark in marks) - height, max(mark.cell.x1 for mark in marks) + height
    known = {*(mark.cell for mark in marks), *found}
    near = [cell for cell in line.cells if cell.x1 > left and cell.x0 < right and cell not in known][:_MOST_CELLS]
    level = any(abs(mark.cell.middle - line.middle) <= 0.5 * height for mark in marks)
    if not level and any(_says_something(cell, marks, found) or is_analyte(cell.text) for cell in near):
        return None
    added: list[Cell] = []
    for cell in near:
        may_be = _may_be_head(cell, height) and not is_analyte(cell.text)
        if may_be and (not looks_like_value(cell.text) or _continues_slash(cell, marks, found)):
            added.extend([cell] if _belongs(cell, marks, [*found, *added]) else [])
    return added


def _says_something(cell: Cell, marks: Sequence[Mark], found: Sequence[Cell]) -> bool:
    """Whether a cell holds a number, 'ND' or 'Conforms'; a head such as 'Status' may be a value elsewhere."""
    if not looks_like_value(cell.text) or is_blank(cell.text) or read_heading(cell.text) is not None:
        return False
    return any(map(str.isdigit, cell.text)) or not _continues_slash(cell, marks, found)


def _may_be_head(cell: Cell, height: float) -> bool:
    fits = len(cell.text) <= LONGEST_HEAD and ":" not in cell.text and cell.height <= 1.4 * height
    return fits and title_panel(cell.text) is None


def _continues_slash(cell: Cell, marks: Sequence[Mark], found: Sequence[Cell]) -> bool:
    """'Pass /' over 'Fail' is a head, though 'Fail' alone would be a value."""
    heads = [*(mark.cell for mark in marks), *found]
    return cell.text.endswith("/") or any(
        head.text.endswith("/") and overlap(cell.x0, cell.x1, head.x0, head.x1) > 0 for head in heads
    )


def _belongs(cell: Cell, marks: Sequence[Mark], found: Sequence[Cell]) -> bool:
    touching = [mark for mark in marks if overlap(cell.x0, cell.x1, mark.cell.x0, mark.cell.x1) > 0]
    if any(overlap(a.cell.x0, a.cell.x1, b.cell.x0, b.cell.x1) <= 0 for a in touching for b in touching):
        return False
    heads = [mark.cell for mark in touching if mark.heading.kind is not ColumnKind.NAME]
    if touching and not heads:
        return False
    heads += [other for other in found if overlap(cell.x0, cell.x1, other.x0, other.x1) > 0]
    if heads:
        narrow = cell.x1 - cell.x0 <= 2.5 * max(head.x1 - head.x0 for head in heads) + cell.height
        return narrow and any(follows(cell, head) for head in heads)
    level = [mark.cell for mark in marks if abs(mark.cell.middle - cell.middle) <= 1.1 * cell.height]
    return any(other.x1 < cell.x0 for other in level) and any(other.x0 > cell.x1 for other in level)


def _merge_overlapping(stacks: Sequence[_Stack]) -> list[_Stack]:
    merged: list[_Stack] = []
    for stack in sorted(stacks, key=lambda stack: (stack.x0, stack.x1)):
        last = merged[-1] if merged else None
        if last and overlap(last.x0, last.x1, stack.x0, stack.x1) > 0.3 * min(last.x1 - last.x0, stack.x1 - stack.x0):
            merged[-1] = _Stack(last.cells + stack.cells, min(last.x0, stack.x0), max(last.x1, stack.x1))
        else:
            merged.append(stack)
    return merged
