"""Results outside tables: 'Moisture: 14.6 %', a label beside its value, a tile with its value above or below."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import NamedTuple

from kratom_quality.errors import ValueFormatError
from kratom_quality.parsing.layout import Cell, Line, Sheet, enclosing, overlap
from kratom_quality.parsing.names import Names
from kratom_quality.parsing.results import Reading, split_amounts, split_name
from kratom_quality.records import ValueState
from kratom_quality.units import normalise_unit
from kratom_quality.values import is_blank, looks_like_value, parse_value, parse_verdict

_LEADER = re.compile(r"\s*(?:\.{2,}|_{2,}|:)\s*")
_NOTHING_FOUND = {ValueState.NOT_DETECTED, ValueState.BELOW_LOQ, ValueState.ABSENT, ValueState.PRESENT}
_LONGEST_LABEL = 60
_LINES_AROUND = 4


class _Statement(NamedTuple):
    name: str
    values: tuple[str, ...]
    cells: tuple[Cell, ...]
    limit: str | None = None
    verdict: str | None = None


def find_statements(sheet: Sheet, names: Names, is_taken: Callable[[Cell], bool]) -> list[Reading]:
    """Read what stands outside tables; cells already taken by a table are left alone."""
    readings = []
    for index, line in enumerate(sheet.lines):
        for cell in line.cells:
            if is_taken(cell) or len(cell.text) > _LONGEST_LABEL:
                continue
            around = sheet.lines[max(0, index - _LINES_AROUND) : index + _LINES_AROUND + 1]
            statement = _in_cell(cell, around, names) or _outside_cell(cell, around, names)
            if statement is not None and not any(is_taken(other) for other in statement.cells):
                readings.append(_reading(statement))
    return readings


def _reading(statement: _Statement) -> Reading:
    name, unit = split_name(statement.name)
    return Reading(
        name=name,
        results=tuple(amount for value in statement.values for amount in split_amounts(value, unit)),
        unit=None,
        lod=(None, None),
        loq=(None, None),
        limit=(statement.limit, None),
        status=parse_verdict(statement.verdict) if statement.verdict else None,
        box=enclosing(statement.cells),
    )


def _in_cell(cell: Cell, around: Sequence[Line], names: Names) -> _Statement | None:
    """'Water Activity: 0.587 AW at 24 °C', 'Mitragynine ........ 1.42 %', the unit wrapped on to the next line or not."""
    parts = _LEADER.split(cell.text, maxsplit=1)
    if len(parts) != 2 or not parts[1] or not names.knows(parts[0]):
        return None
    name, value = parts[0].strip(), parts[1].strip()
    if _says_amount(value, name):
        return _Statement(name, (value,), (cell,))
    unit = _wrapped_unit(cell, around)
    if unit is not None and looks_like_value(value) and _says_amount(f"{value} {unit.text}", name):
        return _Statement(name, (f"{value} {unit.text}",), (cell, unit))
    return None


def _wrapped_unit(cell: Cell, around: Sequence[Line]) -> Cell | None:
    for line in around:
        if 0.5 * cell.height < line.middle - cell.middle <= 1.5 * cell.height:
            for other in line.cells:
                if abs(other.x0 - cell.x0) <= 2 and normalise_unit(other.text):
                    return other
    return None


def _outside_cell(cell: Cell, around: Sequence[Line], names: Names) -> _Statement | None:
    label = _LEADER.sub(" ", cell.text).strip()
    if not label or not names.knows(label):
        return None
    return _beside(label, cell, around) or _tile(label, cell, around)


def _beside(label: str, cell: Cell, around: Sequence[Line]) -> _Statement | None:
    """A value to the right, and behind it, where the row ends in a verdict, the limit and that verdict."""
    level = [
        other
        for line in around
        for other in line.cells
        if other.x0 >= cell.x1 and _share_of_height(cell, other) >= 0.4 and other is not cell
    ]
    level.sort(key=lambda other: other.x0)
    if not level or level[0].x0 - cell.x1 > 20 * cell.height or not _says_amount(level[0].text, label):
        return None
    value, rest = level[0], level[1:4]
    for position, other in enumerate(rest):
        if parse_verdict(other.text):
            between = rest[:position]
            limit = " ".join(part.text for part in between) or None
            return _Statement(label, (value.text,), (cell, value, *between, other), limit, other.text)
    return _Statement(label, (value.text,), (cell, value))


def _share_of_height(a: Cell, b: Cell) -> float:
    return overlap(a.top, a.bottom, b.top, b.bottom) / min(a.height, b.height)


def _tile(label: str, cell: Cell, around: Sequence[Line]) -> _Statement | None:
    """A value just below or above its name, or two values below that are centred under it together."""
    for line in sorted(around, key=lambda line: (line.middle < cell.middle, abs(line.middle - cell.middle))):
        near = [other for other in line.cells if other is not cell and _within_tile(cell, other)]
        for value in near:
            if _aligned(cell, value.x0, value.x1) and _says_amount(value.text, label):
                return _Statement(label, (value.text,), (cell, value))
        for left, right in zip(near, near[1:], strict=False):
            if _aligned(cell, left.x0, right.x1) and all(_fills_tile(other.text, label) for other in (left, right)):
                values = tuple(other.text for other in (left, right) if not is_blank(other.text))
                return _Statement(label, values, (cell, left, right)) if values else None
    return None


def _fills_tile(text: str, label: str) -> bool:
    return is_blank(text) or _says_amount(text, label)


def _within_tile(cell: Cell, other: Cell) -> bool:
    distance = abs(other.middle - cell.middle)
    return 0.5 * cell.height < distance <= 2.2 * (cell.height + other.height) / 2


def _aligned(cell: Cell, x0: float, x1: float) -> bool:
    if overlap(cell.x0, cell.x1, x0, x1) <= 0 and not x0 <= cell.x0 <= cell.x1 <= x1:
        return False
    return abs(x0 - cell.x0) <= 3 or abs(x0 + x1 - cell.x0 - cell.x1) <= 1.2 * cell.height


def _says_amount(text: str, label: str) -> bool:
    """Whether a text is an amount whose unit is printed with it or in the label, or says that nothing was found."""
    if is_blank(text) or not looks_like_value(text):
        return False
    try:
        value = parse_value(text)
    except ValueFormatError:
        return False
    if value.number is not None or value.upper is not None or value.lower is not None:
        return value.unit is not None or split_name(label)[1] is not None
    return value.state in _NOTHING_FOUND

