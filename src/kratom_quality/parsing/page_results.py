"""All results of a document: the tables of every page, then what stands outside them and repeats none of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from kratom_quality.parsing.bands import Block, find_blocks
from kratom_quality.parsing.layout import Sheet
from kratom_quality.parsing.names import Names
from kratom_quality.parsing.results import Reading, assign_roles, build_results, read_row
from kratom_quality.parsing.rows import Row, read_rows
from kratom_quality.parsing.sections import Title, find_titles, panel_above
from kratom_quality.parsing.statements import find_statements
from kratom_quality.parsing.transposed import find_transposed
from kratom_quality.records import Panel, Result


class _Table(NamedTuple):
    block: Block
    rows: list[Row]
    panel: Panel | None


def read_results(sheets: Sequence[Sheet], names: Names) -> list[Result]:
    """Read the results of all pages, in page order."""
    found: list[Result] = []
    statements: list[Result] = []
    for sheet in sheets:
        taken: set[int] = set()
        for table in _tables(sheet, names):
            taken.update(id(cell) for row in table.rows for cell in row.all_cells())
            if not table.block.is_quality_control:
                found.extend(build_results(_readings(table), sheet.number, table.panel, names))
        for reading in find_statements(sheet, names, lambda cell: id(cell) in taken):
            statements.extend(build_results([reading], sheet.number, None, names))
    found.extend(_news(statements, found))
    return sorted(found, key=lambda result: result.page)


def _tables(sheet: Sheet, names: Names) -> Iterator[_Table]:
    titles = find_titles(sheet)
    for block in find_blocks(sheet, names.knows):
        below = _cut_at_title(block, titles)
        rows, _ = read_rows(below, sheet, names.knows)
        yield _Table(below, rows, panel_above(titles, below.x0, below.x1, below.top))
    for block, rows in find_transposed(sheet, names):
        yield _Table(block, rows, panel_above(titles, block.x0, block.x1, block.top))


def _cut_at_title(block: Block, titles: Sequence[Title]) -> Block:
    """A title set larger than the heads begins something else; one of their size may divide the table."""
    ends = [
        title.cell.top
        for title in titles
        if title.cell.middle > block.bottom
        and title.cell.height >= 1.4 * block.height
        and block.left <= title.cell.x0 <= block.x1
    ]
    return block._replace(floor=min([block.floor, *ends]))


def _readings(table: _Table) -> list[Reading]:
    roles = assign_roles(table.block, table.rows)
    return [reading for row in table.rows if (reading := read_row(table.block, roles, row)) is not None]


def _news(statements: Sequence[Result], found: Sequence[Result]) -> Iterator[Result]:
    """Leave out a statement that repeats what a table, or a later statement, says of the same analyte."""
    said = {_gist(result) for result in found}
    last = {_gist(statement): statement for statement in statements}
    return (statement for gist, statement in last.items() if gist not in said)


def _gist(result: Result) -> tuple[object, ...]:
    value = result.value
    return (result.analyte or result.printed.analyte, value.state, value.number, value.upper, value.lower, value.unit)
