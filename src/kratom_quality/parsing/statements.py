"""Results outside tables: 'Moisture: 14.6 %', a label beside its value, a tile with its value above or below."""

from __future__ import annotations

import itertools
import re
from collections import Counter
from collections.abc import Iterator, Sequence, Set
from functools import lru_cache
from typing import NamedTuple

from kratom_quality.cells import split_unit
from kratom_quality.errors import ValueFormatError
from kratom_quality.parsing.confidence import Doubt
from kratom_quality.parsing.layout import Cell, Line, Sheet, overlap
from kratom_quality.parsing.names import Names
from kratom_quality.parsing.readings import Reading, UnitCell, split_amounts, split_name
from kratom_quality.parsing.sections import Title, heading_above
from kratom_quality.reading.page import enclosing
from kratom_quality.records import ValueState, Verdict
from kratom_quality.units import normalise_unit
from kratom_quality.values import is_blank, looks_like_value, parse_value, parse_verdict, parse_verdict_mark

_LEADER = re.compile(r"\s*(?:(?:\.\s){3,}\.?|\.{2,}|_{2,}|:)\s*")
_LIMIT_IN_BRACKETS = re.compile(
    r"(?P<amount>.+?)\s*\((?:limit|max\.?|maximum|action level|spec\.?):?\s*(?P<limit>[^()]+)\)$", re.IGNORECASE
)
_REMARK = re.compile(r"\s*\(|\.\s+(?=[A-Z])")  # behind an amount: '8.8 % (halogen balance). The others ...'
_LIMIT_LABEL = re.compile(r"^(?:limit|max\.?|maximum|action level|spec\.?|specification):?\s+(?=\S)", re.IGNORECASE)
_NOTHING_FOUND = {ValueState.NOT_DETECTED, ValueState.BELOW_LOQ, ValueState.ABSENT, ValueState.PRESENT}
_LONGEST_STATEMENT = 160
_LINES_AROUND = 6
_FEWEST_ROWS = 3


class _Statement(NamedTuple):
    name: str
    values: tuple[str, ...]
    cells: tuple[Cell, ...]
    limit: str | None = None
    verdict: str | None = None


def find_statements(sheet: Sheet, titles: Sequence[Title], names: Names, taken: Set[int]) -> list[Reading]:
    """Read what stands outside tables; ``taken`` are the ids of cells that belong to one."""
    readings = []
    edges, knows = _value_edges(sheet, names), names.finder(None)
    for index, line in enumerate(sheet.lines):
        for cell in line.cells:
            name, value = _name_and_value(cell.text)
            if not knows(name) or len(cell.text) > _LONGEST_STATEMENT or id(cell) in taken:
                continue
            around = sheet.lines[max(0, index - _LINES_AROUND) : index + _LINES_AROUND + 1]
            if value:
                statement = _in_cell(name, value, cell, around)
            else:
                statement = _beside(name, cell, around, edges) or _tile(name, cell, around, names)
                if statement is None and (unit := _unit_in_title(sheet, titles, cell)):
                    statement = _tile(f"{name} ({unit})", cell, around, names)
            if statement is not None and not any(id(other) in taken for other in statement.cells):
                readings.append(_reading(statement))
    return readings


def _unit_in_title(sheet: Sheet, titles: Sequence[Title], cell: Cell) -> str | None:
    """The unit in the title above a name, as in 'Alkaloids (mg per chew)' above large figures."""
    heading = heading_above(sheet, titles, (0.0, cell.top, cell.x1, cell.bottom))
    return heading.unit if heading and heading.panel is not None else None


@lru_cache(maxsize=16384)
def _name_and_value(text: str) -> tuple[str, str]:
    """What stands before and behind a colon or a row of dots; no value where there is neither."""
    if not any(leader in text for leader in (":", "..", ". .", "__")):
        return text, ""
    name, *value = _LEADER.split(text, maxsplit=1)
    return name.strip(), value[0].strip() if value else ""


def _reading(statement: _Statement) -> Reading:
    name, unit = split_name(statement.name)
    return Reading(
        name=name,
        results=tuple(amount for value in statement.values for amount in split_amounts(value, unit)),
        unit=None,
        lod=UnitCell(),
        loq=UnitCell(),
        limit=UnitCell(statement.limit),
        status=_verdict(statement.verdict) if statement.verdict else None,
        box=enclosing(statement.cells),
        doubts=frozenset({Doubt.BEHIND_A_LABEL if len(statement.cells) == 1 else Doubt.OUTSIDE_A_TABLE}),
    )


def _in_cell(name: str, value: str, cell: Cell, around: Sequence[Line]) -> _Statement | None:
    """'Water Activity: 0.587 AW at 24 °C', 'Lead: 0.12 ppm (limit 1.2 ppm)', 'Mitragynine ........ 1.42 %'."""
    for text, cells in ((value, (cell,)), *_wrapped(value, cell, around), (_REMARK.split(value)[0], (cell,))):
        bracket = _LIMIT_IN_BRACKETS.match(text)
        amount, limit = (bracket["amount"], bracket["limit"]) if bracket else (text, None)
        amounts = tuple(filter(None, _LEADER.split(amount)))
        if amounts and all(_says_amount(one, name) for one in amounts):
            return _with_the_rest(_Statement(name, amounts, cells, limit), _to_the_right(cell, around))
    return None


def _wrapped(value: str, cell: Cell, around: Sequence[Line]) -> Iterator[tuple[str, tuple[Cell, ...]]]:
    """The value with the cell below it, where that continues the text."""
    for line in around:
        if 0.5 * cell.height < line.middle - cell.middle <= 1.5 * cell.height:
            for other in line.cells:
                if abs(other.x0 - cell.x0) <= 0.2 * cell.height and ("(" in value or normalise_unit(other.text)):
                    yield f"{value} {other.text}", (cell, other)


def _value_edges(sheet: Sheet, names: Names) -> set[int]:
    """Left and right edges that several values behind names have in common, as the columns of a table without heads."""
    beside = [line.cells[1] for line in sheet.lines if len(line.cells) > 1 and names.knows(line.cells[0].text)]
    values = [cell for cell in beside if looks_like_value(cell.text)]
    edges = Counter(round(edge) for cell in values for edge in (cell.x0, cell.x1))
    return {edge for edge, count in edges.items() if count >= _FEWEST_ROWS}


def _beside(label: str, cell: Cell, around: Sequence[Line], edges: Set[int]) -> _Statement | None:
    """A value to the right, and behind it, where the row ends in a verdict, the limit and that verdict."""
    level = _to_the_right(cell, around)
    if not level or not _says_amount(level[0].text, label):
        return None
    if level[0].x0 - cell.x1 > 20 * cell.height and not {round(level[0].x0), round(level[0].x1)} & edges:
        return None
    return _with_the_rest(_Statement(label, (level[0].text,), (cell, level[0])), level[1:])


def _with_the_rest(statement: _Statement, rest: Sequence[Cell]) -> _Statement:
    """Add the same amount in further units, a limit and a verdict that stand behind the first amount."""
    first = statement.values[0]
    further = tuple(itertools.takewhile(lambda other: _is_further_amount(other.text, first, statement.name), rest))
    values = (first, *(cell.text for cell in further))
    return _with_verdict(statement._replace(values=values, cells=(*statement.cells, *further)), rest[len(further) :])


def _is_further_amount(text: str, first: str, label: str) -> bool:
    """The same amount in another unit: '1.680 %' and '16.80 mg/g'."""
    if not _says_amount(text, label):
        return False
    units = [split_unit(amount)[1] for amount in (first, text)]
    return all(units) and normalise_unit(units[0] or "") != normalise_unit(units[1] or "")


def _to_the_right(cell: Cell, around: Sequence[Line]) -> list[Cell]:
    """Cells at about a cell's height to its right, from left to right."""
    level = [
        other
        for line in around
        for other in line.cells
        if other.x0 >= cell.x1 and _share_of_height(cell, other) >= 0.4 and other is not cell
    ]
    return sorted(level, key=lambda other: other.x0)


def _with_verdict(statement: _Statement, rest: Sequence[Cell]) -> _Statement:
    for position, other in enumerate(rest[:3]):
        if _verdict(other.text):
            between = tuple(rest[:position])
            limit = _LIMIT_LABEL.sub("", between[0].text.strip("()")) if len(between) == 1 else None
            cells = (*statement.cells, *between, other)
            return statement._replace(cells=cells, limit=statement.limit or limit, verdict=other.text)
    return statement


def _verdict(text: str) -> Verdict | None:
    """A verdict in words or as a tick; a single letter says too little without a head."""
    return parse_verdict(text) if text.isascii() else parse_verdict_mark(text)


def _share_of_height(a: Cell, b: Cell) -> float:
    return overlap(a.top, a.bottom, b.top, b.bottom) / min(a.height, b.height)


def _tile(label: str, cell: Cell, around: Sequence[Line], names: Names) -> _Statement | None:
    """Values just above and below a name, or two below that are centred under it together."""
    rivals = [other for line in around for other in line.cells if other is not cell and _wants_value(other, names)]
    values: list[Cell] = []
    for below in (False, True):
        side = [line for line in around if (line.middle > cell.middle) == below]
        found = _nearest(label, cell, sorted(side, key=lambda line: abs(line.middle - cell.middle)))
        if not any(_is_nearer(rival, cell, found) for rival in rivals):
            values.extend(found)
    shown = tuple(value.text for value in values if not is_blank(value.text))
    return _Statement(label, shown, (cell, *values)) if shown else None


def _wants_value(cell: Cell, names: Names) -> bool:
    name, value = _name_and_value(cell.text)
    return not value and names.finder(None)(name) is not None


def _is_nearer(rival: Cell, cell: Cell, values: Sequence[Cell]) -> bool:
    """Whether the values stand nearer to another name than to this one."""
    if not values or not _aligned(rival, values[0].x0, values[-1].x1):
        return False
    return abs(rival.middle - values[0].middle) < abs(cell.middle - values[0].middle)


def _nearest(label: str, cell: Cell, lines: Sequence[Line]) -> list[Cell]:
    for line in lines:
        near = [other for other in line.cells if other is not cell and _within_tile(cell, other)]
        for value in near:
            if _aligned(cell, value.x0, value.x1) and _says_amount(value.text, label):
                return [value]
        for left, right in itertools.pairwise(near):
            if _aligned(cell, left.x0, right.x1) and all(_fills_tile(other.text, label) for other in (left, right)):
                return [left, right]
        if any(_aligned(cell, other.x0, other.x1) for other in near):
            return []
    return []


def _fills_tile(text: str, label: str) -> bool:
    return is_blank(text) or _says_amount(text, label)


def _within_tile(cell: Cell, other: Cell) -> bool:
    distance = abs(other.middle - cell.middle)
    return 0.5 * cell.height < distance <= 2.2 * (cell.height + other.height) / 2


def _aligned(cell: Cell, x0: float, x1: float) -> bool:
    if overlap(cell.x0, cell.x1, x0, x1) <= 0 and not x0 <= cell.x0 <= cell.x1 <= x1:
        return False
    return abs(x0 - cell.x0) <= 0.3 * cell.height or abs(x0 + x1 - cell.x0 - cell.x1) <= 1.2 * cell.height


def _says_amount(text: str, label: str) -> bool:
    """Whether a text is an amount whose unit is printed with it or in the label, or says that nothing was found."""
    if is_blank(text) or not looks_like_value(text) or text.endswith(":"):
        return False  # 'BQL:' begins a footnote
    try:
        value = parse_value(text)
    except ValueFormatError:
        return False
    if value.number is not None or value.upper is not None or value.lower is not None:
        return value.unit is not None or split_name(label)[1] is not None
    return value.state in _NOTHING_FOUND
