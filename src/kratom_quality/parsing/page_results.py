"""All results of a document: the tables of every page, then what stands outside them and repeats none of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from kratom_quality.parsing.layout import Sheet
from kratom_quality.parsing.methods import Named, find_methods
from kratom_quality.parsing.names import Names
from kratom_quality.parsing.results import build_results
from kratom_quality.parsing.sections import Heading, PanelStatus, find_titles, last_heading
from kratom_quality.parsing.statements import find_statements
from kratom_quality.parsing.tables import Table, read_tables
from kratom_quality.reading.page import enclosing
from kratom_quality.records import Panel, Result, Unread

_NO_AMOUNT = (None, None, None, None)


class Findings(NamedTuple):
    """What the pages hold: results, unclaimed text in tables, verdicts of panels, tables by page, methods."""

    results: tuple[Result, ...]
    unread: tuple[Unread, ...]
    panel_status: dict[Panel, PanelStatus]
    tables: dict[int, Sequence[Table]]
    methods: tuple[Named, ...]


def read_results(sheets: Sequence[Sheet], names: Names) -> Findings:
    """Read the results of all pages, in page order."""
    found: list[Result] = []
    statements: list[Result] = []
    unread: list[Unread] = []
    status: dict[Panel, PanelStatus] = {}
    tables_on: dict[int, Sequence[Table]] = {}
    methods: list[Named] = []
    open_tables: list[Table] = []
    left_open: Heading | None = None
    for sheet in sheets:
        known = names.forgiving() if sheet.by_ocr else names
        titles = find_titles(sheet)
        for title in titles:
            if title.status is not None:
                status.setdefault(title.panel, title.status)
        methods.extend(find_methods(sheet, titles))
        tables = tables_on[sheet.number] = read_tables(sheet, titles, left_open, open_tables, known)
        left_open = last_heading(sheet, titles, max((table.block.top for table in tables), default=0.0))
        open_tables = [table for table in tables if table.block.floor == sheet.height]
        for table in tables:
            unread.extend(Unread(page=sheet.number, bbox=enclosing([cell]), text=cell.text) for cell in table.unread)
            if not table.block.is_quality_control:
                found.extend(build_results(table.readings, sheet.number, table.heading, known))
        for reading in find_statements(sheet, titles, known, {id(cell) for table in tables for cell in table.claimed}):
            statements.extend(build_results([reading], sheet.number, None, known))
    found.extend(_news(statements, found))
    in_order = tuple(sorted(found, key=lambda result: result.page))
    return Findings(in_order, tuple(unread), status, tables_on, tuple(methods))


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
