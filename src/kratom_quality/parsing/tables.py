"""The tables of a page: under their heads, continued from the page before, repeated to the right, or on their side."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from kratom_quality.parsing.blocks import Block, find_blocks
from kratom_quality.parsing.labelled import find_labelled
from kratom_quality.parsing.layout import Cell, Sheet, overlap
from kratom_quality.parsing.names import Names
from kratom_quality.parsing.readings import Reading, read_row
from kratom_quality.parsing.roles import Roles, assign_roles
from kratom_quality.parsing.rows import Row, read_rows
from kratom_quality.parsing.sections import Heading, Title, heading_above, read_status, title_panel
from kratom_quality.parsing.transposed import find_transposed
from kratom_quality.records import Panel

# In text heights: room for a name and a value, and how far a row's cells and a column's edges may lie apart.
_NARROWEST_REPEAT, _ASKEW = 6, 0.2


class Table(NamedTuple):
    """One table read: the rows that say something, what they say, and the cells nobody claimed."""

    block: Block
    rows: tuple[Row, ...]
    readings: tuple[Reading, ...]
    unread: tuple[Cell, ...]
    heading: Heading | None
    roles: Roles

    @property
    def panel(self) -> Panel | None:
        """The panel its title announces."""
        return self.heading.panel if self.heading else None

    @property
    def claimed(self) -> list[Cell]:
        """Cells that are no statements: those of its rows, and all that stands in a quality-control table."""
        cells = [cell for row in self.rows for cell in row.all_cells()]
        return [*cells, *self.unread] if self.block.is_quality_control else cells


def read_tables(
    sheet: Sheet, titles: Sequence[Title], left_open: Heading | None, before: Sequence[Table], names: Names
) -> list[Table]:
    """Read the tables of a page.

    Parameters
    ----------
    left_open
        The title at the foot of the page before whose table has not come yet.
    before
        The tables that reached the foot of the page before.
    """
    blocks = [_cut_at_title(block, titles) for block in find_blocks(sheet, names.finder(None))]
    tables = list(_continued(sheet, before, blocks, names))
    for block in blocks:
        beside = [table.heading for table in tables if abs(table.block.top - block.top) <= block.height]
        heading = _heading(sheet, titles, block, [*filter(None, beside)][-1:] or [left_open])
        tables.extend(_with_repeats(sheet, block, heading, names))
    for block, rows in (*find_transposed(sheet, names), *find_labelled(sheet, names)):
        tables.append(_table(block, rows, [], _heading(sheet, titles, block, [left_open])))
    return tables


def _heading(sheet: Sheet, titles: Sequence[Title], block: Block, others: Sequence[Heading | None]) -> Heading | None:
    """The title above a block, above its neighbour to the left, or at the foot of the page before."""
    sides = (block.x0, block.names_from, block.x1)  # names stand right of the heads where those are a table's left edge
    own = heading_above(sheet, titles, (min(sides), block.top, max(sides), block.bottom))
    above = filter(None, [own, *others])
    return max(above, key=lambda heading: (heading.bottom, heading.unit is not None), default=None)


def _table(block: Block, rows: Sequence[Row], unread: Sequence[Cell], heading: Heading | None) -> Table:
    roles = assign_roles(block, rows)
    if block.is_quality_control:
        return Table(block, tuple(rows), (), tuple(unread), heading, roles)
    read = [(row, reading) for row in rows if (reading := read_row(block, roles, row)) is not None]
    read = [(row, reading) for row, reading in read if not _is_panel_verdict(reading)]
    rows, readings = tuple(row for row, _ in read), tuple(reading for _, reading in read)
    return Table(block, rows, readings, tuple(unread), heading, roles)


def _is_panel_verdict(reading: Reading) -> bool:
    """'Foreign Matter ... Pass' with no number, limit or unit speaks of a whole panel."""
    cells = (reading.unit, reading.lod.text, reading.loq.text, reading.limit.text)
    only_verdicts = all(read_status(amount.full) is not None for amount in reading.results)
    return only_verdicts and not any(cells) and title_panel(reading.name) is not None


def _with_repeats(sheet: Sheet, block: Block, heading: Heading | None, names: Names) -> Iterator[Table]:
    """Read a block, and where names with values follow to its right, its columns again for each of them."""
    finder = names.finder(heading.panel if heading else None)
    rows, unread = read_rows(block, sheet, finder)
    starts = _repeated_names(sheet, block, rows, names)
    if not starts:
        yield _table(block, rows, unread, heading)
        return
    first = min(row.names[0].x0 for row in rows)
    for start, end in zip([first, *starts], [*starts, block.right], strict=True):
        columns = tuple(column.moved(start - first) for column in block.columns)
        left, right = start - _ASKEW * block.height if start > first else block.left, end - _ASKEW * block.height
        copy = block._replace(columns=columns, left=left, right=right)
        rows, unread = read_rows(copy, sheet, finder)
        yield _table(copy, rows, unread, heading)


def _repeated_names(sheet: Sheet, block: Block, rows: Sequence[Row], names: Names) -> list[float]:
    """Left edges of further names on the lines of a block's rows, to the right of its columns."""
    edges: dict[float, list[float]] = {}
    middles = [line.middle for line in sheet.lines]
    askew = _ASKEW * block.height
    for row in rows if block.right - block.x1 > _NARROWEST_REPEAT * block.height else ():
        for line in sheet.lines[bisect_left(middles, row.middle - askew) : bisect_right(middles, row.middle + askew)]:
            for cell in line.cells[:-1]:
                if block.x1 + cell.height < cell.x0 < block.right and names.knows(cell.text):
                    edges.setdefault(round(cell.x0 / block.height, 1), []).append(cell.x0)
    often = sorted(min(found) for found in edges.values() if len(found) >= 0.3 * len(rows))
    if not often:
        return []
    pitch = often[0] - min(row.names[0].x0 for row in rows)
    last = [min(found) for found in edges.values() if abs(min(found) - often[-1] - pitch) < 0.02 * pitch]
    return [*often, *last[:1]]  # the last of the repeats may be short of names


def _continued(sheet: Sheet, before: Sequence[Table], blocks: Sequence[Block], names: Names) -> Iterator[Table]:
    """Rows at the top of a page that stand in the columns of the page before, whose head is not printed again."""
    for table in before:
        old = table.block
        tops = [block.top for block in blocks if overlap(block.x0, block.x1, old.x0, old.x1) > 0]
        block = old._replace(top=0.0, bottom=0.0, floor=min(tops, default=sheet.height))
        rows, unread = read_rows(block, sheet, names.finder(table.panel))
        known = [index for index, row in enumerate(rows) if names.find(row.name, table.panel)]
        printed = {row.name for row in table.rows}
        if known and not any(row.name in printed for row in rows):
            yield _table(block, rows[known[0] : known[-1] + 1], unread, table.heading)


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
