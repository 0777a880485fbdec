"""Rows of labelled lines: 'Result', 'Limit' and 'LOQ' one below the other, the name beside them."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from kratom_quality.parsing.blocks import Block
from kratom_quality.parsing.columns import Column, ColumnKind, read_heading
from kratom_quality.parsing.layout import Cell, Line, Sheet
from kratom_quality.parsing.names import Names
from kratom_quality.parsing.rows import Row
from kratom_quality.values import looks_like_value

_FEWEST_LINES = 2
_SAME_ROW = 2.0  # text heights from one labelled line to the next
_LABELS = frozenset({ColumnKind.RESULT, ColumnKind.LOD, ColumnKind.LOQ, ColumnKind.LIMIT, ColumnKind.STATUS})


class _Entry(NamedTuple):
    """A label, and the value behind it."""

    kind: ColumnKind
    label: Cell
    value: Cell


def find_labelled(sheet: Sheet, names: Names) -> list[tuple[Block, list[Row]]]:
    """Find rows that have a line for each of their cells: a block and its rows for each run of them."""
    found: list[tuple[Block, list[Row]]] = []
    for run in _runs(list(_groups(list(_entries(sheet.lines))))):
        named = [(name, group) for group in run if (name := _name_beside(group, sheet, names)) is not None]
        if sum(len(group) for _, group in named) >= _FEWEST_LINES:
            found.append(_table_of(named))
    return found


def _entries(lines: Sequence[Line]) -> Iterator[_Entry]:
    for line in lines:
        for label, value in itertools.pairwise(line.cells):
            heading = read_heading(label.text)
            if (
                heading
                and heading.kind in _LABELS
                and read_heading(value.text) is None
                and looks_like_value(value.text)
            ):
                yield _Entry(heading.kind, label, value)
                break


def _groups(entries: Sequence[_Entry]) -> Iterator[list[_Entry]]:
    """Entries of one row: they follow each other, below one another, and no label comes twice."""
    group: list[_Entry] = []
    for entry in entries:
        if group and not (_follows(entry, group[-1]) and all(entry.kind is not other.kind for other in group)):
            yield group
            group = []
        group.append(entry)
    if group:
        yield group


def _follows(entry: _Entry, before: _Entry) -> bool:
    height = before.label.height
    near = entry.label.middle - before.label.middle <= _SAME_ROW * height
    return near and abs(entry.label.x0 - before.label.x0) <= height


def _runs(groups: Sequence[list[_Entry]]) -> Iterator[list[list[_Entry]]]:
    """Groups that follow each other, as the rows of one table do."""
    run: list[list[_Entry]] = []
    for group in groups:
        if run and not _follows(group[0], run[-1][-1]):
            yield run
            run = []
        run.append(group)
    if run:
        yield run


def _name_beside(group: Sequence[_Entry], sheet: Sheet, names: Names) -> Cell | None:
    """The analyte to the left, level with the middle of its lines."""
    first, last = group[0].label, group[-1].label
    middle = (first.middle + last.middle) / 2
    beside = [
        cell
        for line in sheet.lines
        if abs(line.middle - middle) <= 0.6 * first.height
        for cell in line.cells
        if cell.x1 < first.x0 and names.knows(cell.text)
    ]
    return min(beside, key=lambda cell: abs(cell.middle - middle), default=None)


def _table_of(named: Sequence[tuple[Cell, list[_Entry]]]) -> tuple[Block, list[Row]]:
    entries = [entry for _, group in named for entry in group]
    labels = {entry.kind: entry.label for entry in reversed(entries)}
    columns = tuple(Column(kind, None, label.x0, label.x1, label.text) for kind, label in labels.items())
    place = {kind: index for index, kind in enumerate(labels)}
    rows = [Row((name,), {place[entry.kind]: (entry.value,) for entry in group}, name.middle) for name, group in named]
    top, bottom = entries[0].label.top, entries[-1].label.bottom
    left, right = min(name.x0 for name, _ in named), max(entry.value.x1 for entry in entries)
    return Block(columns, top, top, left, right, bottom, entries[0].label.height), rows
