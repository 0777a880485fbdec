"""All results of a document, page by page."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from kratom_quality.parsing.bands import Block, find_blocks
from kratom_quality.parsing.layout import Cell, Sheet
from kratom_quality.parsing.names import Names
from kratom_quality.parsing.results import Reading, assign_roles, build_results, read_row
from kratom_quality.parsing.rows import Row, read_rows
from kratom_quality.parsing.statements import find_statements
from kratom_quality.parsing.transposed import find_transposed
from kratom_quality.records import Result


def read_results(sheets: Sequence[Sheet], names: Names) -> list[Result]:
    """Read the results of all pages, in page order."""
    results: list[Result] = []
    for sheet in sheets:
        results.extend(_read_sheet(sheet, names))
    return results


def _read_sheet(sheet: Sheet, names: Names) -> Iterator[Result]:
    taken: set[int] = set()
    for block, rows in _tables(sheet, names):
        for row in rows:
            taken.update(id(cell) for cell in row.all_cells())
        if not block.is_quality_control:
            yield from build_results(_readings(block, rows), sheet.number, None, names)
    statements = find_statements(sheet, names, lambda cell: id(cell) in taken)
    for reading in statements:
        yield from build_results([reading], sheet.number, None, names)


def _tables(sheet: Sheet, names: Names) -> Iterator[tuple[Block, list[Row]]]:
    for block in find_blocks(sheet, names.knows):
        rows, _ = read_rows(block, sheet, names.knows)
        yield block, rows
    yield from find_transposed(sheet, names)


def _readings(block: Block, rows: Sequence[Row]) -> list[Reading]:
    roles = assign_roles(block, rows)
    return [reading for row in rows if (reading := read_row(block, roles, row)) is not None]
