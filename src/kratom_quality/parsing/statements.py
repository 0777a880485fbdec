"""Results outside tables: 'Moisture: 14.6 %', a label beside its value, a tile with the value above or below its name."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from kratom_quality.parsing.layout import Cell, Line, Sheet, overlap
from kratom_quality.parsing.names import Names
from kratom_quality.parsing.results import Reading
from kratom_quality.parsing.layout import enclosing
from kratom_quality.records import ValueState
from kratom_quality.units import find_unit
from kratom_quality.values import is_blank, looks_like_value, parse_value
from kratom_quality.errors import ValueFormatError

_LEADER = re.compile(r"\s*(?:\.{2,}|_{2,}|:|=)\s*")


class _Statement(NamedTuple):
    name: str
    value: str
    cells: tuple[Cell, ...]


def find_statements(sheet: Sheet, names: Names, is_taken: Callable[[Cell], bool]) -> list[Reading]:
    """Read what stands outside tables; cells already taken by a table are left alone."""
    readings = []
    for index, line in enumerate(sheet.lines):
        for position, cell in enumerate(line.cells):
            if is_taken(cell):
                continue
            statement = _in_cell(cell, names) or _beside(line, position, names) or _tile(sheet.lines, index, cell, names)
            if statement is not None and not any(is_taken(other) for other in statement.cells):
                readings.append(_reading(statement))
    return readings


def _reading(statement: _Statement) -> Reading:
    unit = find_unit(statement.value)
    return Reading(
        name=statement.name,
        results=((statement.value, unit),),
        unit=None,
        lod=(None, None),
        loq=(None, None),
        limit=(None, None),
        status=None,
        box=enclosing(statement.cells),
    )


def _in_cell(cell: Cell, names: Names) -> _Statement | None:
    """'Water Activity: 0.587 AW at 24 °C', 'Mitragynine ........ 1.42 %'."""
    parts = _LEADER.split(cell.text, maxsplit=1)
    if len(parts) != 2 or not names.knows(parts[0]) or not _says_amount(parts[1], bare=False):
        return None
    return _Statement(parts[0].strip(), parts[1].strip(), (cell,))


def _beside(line: Line, position: int, names: Names) -> _Statement | None:
    cell = line.cells[position]
    label = _LEADER.sub(" ", cell.text).strip()
    if position + 1 >= len(line.cells) or not names.knows(label):
        return None
    value = line.cells[position + 1]
    near = value.x0 - cell.x1 <= 12 * cell.height
    return _Statement(label, value.text, (cell, value)) if near and _says_amount(value.text, bare=False) else None


def _tile(lines: Sequence[Line], index: int, cell: Cell, names: Names) -> _Statement | None:
    if not names.knows(cell.text) or len(cell.text) > 40:
        return None
    for value in _neighbours(lines, index, cell):
        if _says_amount(value.text, bare=False) and find_unit(value.text):
            return _Statement(cell.text, value.text, (cell, value))
    return None


def _neighbours(lines: Sequence[Line], index: int, cell: Cell) -> Iterator[Cell]:
    """Cells just below and just above that share the tile's left edge or centre."""
    for other in (*lines[index + 1 : index + 4], *reversed(lines[max(0, index - 3) : index])):
        for value in other.cells:
            close = abs(value.middle - cell.middle) <= 1.1 * (value.height + cell.height) / 2 + 0.5 * cell.height
            aligned = abs(value.x0 - cell.x0) <= 2 or abs(value.x0 + value.x1 - cell.x0 - cell.x1) <= 0.5 * cell.height
            if close and aligned and overlap(value.x0, value.x1, cell.x0, cell.x1) > 0:
                yield value


def _says_amount(text: str, *, bare: bool) -> bool:
    """Whether a text is an amount with a unit, or says that nothing was found."""
    if is_blank(text) or not looks_like_value(text):
        return False
    try:
        value = parse_value(text)
    except ValueFormatError:
        return False
    if value.number is not None or value.upper is not None or value.lower is not None:
        return bare or value.unit is not None
    return value.state in {ValueState.NOT_DETECTED, ValueState.BELOW_LOQ, ValueState.ABSENT, ValueState.PRESENT}
