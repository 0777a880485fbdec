"""All results of a document: the tables of every page, then what stands outside them and repeats none of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from kratom_quality.parsing.blocks import Block, find_blocks
from kratom_quality.parsing.layout import Cell, Sheet, enclosing, overlap
from kratom_quality.parsing.names import Names
from kratom_quality.parsing.placing import KnowsName
from kratom_quality.parsing.readings import Reading, read_row
from kratom_quality.parsing.results import build_results
from kratom_quality.parsing.roles import assign_roles
from kratom_quality.parsing.rows import Row, read_rows
from kratom_quality.parsing.sections import (
    Heading,
    PanelStatus,
    Title,
    find_titles,
    heading_above,
    last_heading,
    read_status,
    title_panel,
)
from kratom_quality.parsing.statements import find_statements
from kratom_quality.parsing.transposed import find_transposed
from kratom_quality.records import Panel, Result, Unread

ReadRows = Callable[[Block, KnowsName], tuple[list[Row], list[Cell]]]


class Findings(NamedTuple):
    """What the pages hold: results, text in tables that nobody claimed, and the verdict printed beside each panel."""

    results: tuple[Result, ...]
    unread: tuple[Unread, ...]
    panel_status: dict[Panel, PanelStatus]


_NO_AMOUNT = (None, None, None, None)


class _Table(NamedTuple):
    block: Block
    rows: list[Row]
    unread: list[Cell]
    heading: Heading | None

    @property
    def panel(self) -> Panel | None:
        return self.heading.panel if self.heading else None


def read_results(sheets: Sequence[Sheet], names: Names) -> Findings:
    """Read the results of all pages, in page order."""
    found: list[Result] = []
    statements: list[Result] = []
    unread: list[Unread] = []
    status: dict[Panel, PanelStatus] = {}
    open_tables: list[_Table] = []
    heading: Heading | None = None
    for sheet in sheets:
        titles = find_titles(sheet)
        for title in titles:
            if title.status is not None:
                status.setdefault(title.panel, title.status)
        tables = _tables(sheet, titles, heading, open_tables, names)
        heading = last_heading(sheet, titles, max((table.block.top for table in tables), default=0.0))
        open_tables = [table for table in tables if table.block.floor == sheet.height]
        taken = {id(cell) for table in tables for cell in _claimed(table)}
        for table in tables:
            unread.extend(Unread(page=sheet.number, bbox=enclosing([cell]), text=cell.text) for cell in table.unread)
            if not table.block.is_quality_control:
                found.extend(build_results(_readings(table), sheet.number, table.heading, names))
        for reading in find_statements(sheet, names, taken):
            statements.extend(build_results([reading], sheet.number, None, names))
    found.extend(_news(statements, found))
    return Findings(tuple(sorted(found, key=lambda result: result.page)), tuple(unread), status)


def _claimed(table: _Table) -> list[Cell]:
    """Cells that are no statements: a table's rows, and all that stands in a quality-control table."""
    cells = [cell for row in table.rows for cell in row.all_cells()]
    return cells + table.unread if table.block.is_quality_control else cells


def _tables(
    sheet: Sheet, titles: Sequence[Title], heading: Heading | None, open_tables: Sequence[_Table], names: Names
) -> list[_Table]:
    blocks = [_cut_at_title(block, titles) for block in find_blocks(sheet, names.knows)]
    tables = _continued(sheet, open_tables, blocks, names)
    for block in blocks:
        beside = [
            table.heading for table in tables if table.heading and abs(table.block.top - block.top) <= block.height
        ]
        tables.append(
            _table(
                block, sheet, titles, beside or [heading], lambda block, knows: read_rows(block, sheet, knows), names
            )
        )
    for block, rows in find_transposed(sheet, names):
        tables.append(_table(block, sheet, titles, [heading], lambda *_, rows=rows: (rows, []), names))
    return tables


def _table(
    block: Block, sheet: Sheet, titles: Sequence[Title], others: Sequence[Heading | None], read: ReadRows, names: Names
) -> _Table:
    """Read a block under the title above it, above its neighbour to the left, or at the foot of the page before."""
    own = heading_above(sheet, titles, (block.x0, block.top, block.x1, block.bottom))
    heading = max(filter(None, [own, *others[-1:]]), key=lambda heading: heading.bottom, default=None)
    panel = heading.panel if heading else None
    rows, unread = read(block, names.knowing(panel))
    return _Table(block, rows, unread, heading)


def _continued(sheet: Sheet, open_tables: Sequence[_Table], blocks: Sequence[Block], names: Names) -> list[_Table]:
    """Rows at the top of a page that stand in the columns of the page before, whose head is not printed again."""
    tables = []
    for table in open_tables:
        old = table.block
        tops = [block.top for block in blocks if overlap(block.x0, block.x1, old.x0, old.x1) > 0]
        block = old._replace(top=0.0, bottom=0.0, floor=min(tops, default=sheet.height))
        rows, unread = read_rows(block, sheet, names.knowing(table.panel))
        known = [index for index, row in enumerate(rows) if names.find(row.name, table.panel)]
        before = {row.name for row in table.rows}
        if known and not any(row.name in before for row in rows):
            tables.append(table._replace(block=block, rows=rows[known[0] : known[-1] + 1], unread=unread))
    return tables


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
    readings = (read_row(table.block, roles, row) for row in table.rows)
    return [reading for reading in readings if reading is not None and not _is_panel_verdict(reading)]


def _is_panel_verdict(reading: Reading) -> bool:
    """'Foreign Matter ... Pass' with no number, limit or unit speaks of a whole panel."""
    cells = (reading.unit, reading.lod.text, reading.loq.text, reading.limit.text)
    only_verdicts = all(read_status(amount.full) is not None for amount in reading.results)
    return only_verdicts and not any(cells) and title_panel(reading.name) is not None


def _news(statements: Sequence[Result], found: Sequence[Result]) -> Iterator[Result]:
    """Leave out a statement that repeats what a table, or a later statement, says of the same analyte."""
    said = {gist for result in found for gist in (_gist(result), _gist(result)[:2])}
    last = {_gist(statement): statement for statement in statements}
    return (
        statement
        for gist, statement in last.items()
        if gist not in said and not (gist[2:] == _NO_AMOUNT and gist[:2] in said)
    )


def _gist(result: Result) -> tuple[object, ...]:
    value = result.value
    return (result.analyte or result.printed.analyte, value.state, value.number, value.upper, value.lower, value.unit)
