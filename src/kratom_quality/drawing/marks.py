"""What is marked on a page, and in which colour: rows, cells by column, unread text, problems."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Sequence
from enum import Enum
from math import floor
from pathlib import PurePath
from typing import NamedTuple

from kratom_quality.parsing.confidence import SURE
from kratom_quality.parsing.roles import Roles
from kratom_quality.parsing.tables import Table
from kratom_quality.reading.page import enclosing
from kratom_quality.records import Box, Certificate, Problem, Result

Colour = tuple[int, int, int]


class Ink(Enum):
    """A colour and what it says, in the order of the legend."""

    KNOWN = ((24, 138, 62), "row, analyte known")
    UNKNOWN = ((37, 99, 205), "row, analyte not known")
    UNSURE = ((222, 126, 0), "row to check, with its confidence")
    PROBLEM = ((208, 20, 40), "row with a problem, numbered below")
    UNREAD = ((206, 30, 160), "text nobody understood")
    RESULT = ((60, 180, 75), "result")
    UNIT = ((150, 200, 60), "unit")
    DETECTION = ((70, 160, 240), "LOD, LOQ")
    LIMIT = ((160, 90, 210), "limit")
    STATUS = ((0, 170, 170), "verdict")
    UNUSED = ((150, 150, 150), "column not used")

    @property
    def colour(self) -> Colour:
        """Red, green, blue."""
        return self.value[0]

    @property
    def is_frame(self) -> bool:
        """Whether it outlines rows; others fill cells."""
        return self in {Ink.KNOWN, Ink.UNKNOWN, Ink.UNSURE, Ink.PROBLEM}

    @property
    def meaning(self) -> str:
        """What the legend says of it."""
        return self.value[1]


class Mark(NamedTuple):
    """A box in points, its ink, and a few characters set beside it."""

    box: Box
    ink: Ink
    label: str = ""


def marks_on(page: int, certificate: Certificate, tables: Iterable[Table]) -> Iterator[Mark]:
    """Everything to mark on a page, what is to lie on top last.

    Parameters
    ----------
    tables
        Those of the page; only rows that the certificate has too are tinted.
    """
    rows: dict[Box, list[Result]] = {}
    for row in certificate.results:
        if row.page == page:
            rows.setdefault(row.bbox, []).append(row)
    for table in tables:
        yield from _tints(table, rows)
    for unread in certificate.unread:
        if unread.page == page:
            yield Mark(unread.bbox, Ink.UNREAD)
    numbers = _numbers_by_box(page, certificate)
    frames = [_frame(box, on_it, numbers.get(box, ())) for box, on_it in rows.items()]
    yield from sorted(frames, key=lambda mark: mark.ink is not Ink.KNOWN)


def _tints(table: Table, boxes: Container[Box]) -> Iterator[Mark]:
    """The cells of rows, and the heads of their columns, in the colours of what they say."""
    inks, block = _inks(table.roles), table.block
    pairs = zip(table.rows, table.readings, strict=False)  # rows of quality control have no readings
    drawn = [row for row, reading in pairs if reading.box in boxes]
    for row in drawn:
        for index, cells in row.cells.items():
            yield from (Mark(enclosing([cell]), inks.get(index, Ink.UNUSED)) for cell in cells)
    if drawn and 0 < block.top < block.bottom <= drawn[0].middle:  # else the heads are on another page, or at the side
        for index, column in enumerate(block.columns):
            if index in inks:
                yield Mark((column.x0, block.top, column.x1, block.bottom), inks[index])


def _inks(roles: Roles) -> dict[int, Ink]:
    """The colour of each column that says something."""
    roles_by_ink = {
        Ink.STATUS: (roles.status,),
        Ink.UNIT: (roles.unit,),
        Ink.DETECTION: (roles.lod, roles.loq, roles.pair),
        Ink.LIMIT: (roles.limit,),
        Ink.RESULT: roles.results,
    }
    return {index: ink for ink, indexes in roles_by_ink.items() for index in indexes if index is not None}


def _frame(box: Box, rows: Sequence[Result], numbers: Sequence[int]) -> Mark:
    """The frame of a line that has one result, or one in each of several units."""
    sure = min((row.confidence for row in rows if row.confidence is not None), default=1.0)
    if numbers:
        return Mark(box, Ink.PROBLEM, " ".join(map(str, numbers)))
    if rows[0].analyte is None:
        return Mark(box, Ink.UNKNOWN)
    return Mark(box, Ink.UNSURE, f"{floor(100 * sure) / 100:.2f}") if sure < SURE else Mark(box, Ink.KNOWN)


def notes_on(page: int, certificate: Certificate) -> list[str]:
    """The lines below a page: what it is, and its problems by number."""
    source = certificate.source
    rows = [row for row in certificate.results if row.page == page]
    known = sum(row.analyte is not None for row in rows)
    head = f"{_file_name(source.path)}, page {page} of {source.pages}, read by {source.reader_of(page)}"
    found = f"{len(rows)} results, {known} of known analytes" if rows else "no results"
    problems = [f"{number}  {problem.message}" for number, problem in _problems(page, certificate)]
    return [f"{head}: {found}", *problems]


def _file_name(path: str | None) -> str:
    return PurePath(path).name if path else "certificate"


def _problems(page: int, certificate: Certificate) -> Iterator[tuple[int, Problem]]:
    """The problems of a page, and those of the whole document, numbered as they stand in the record."""
    return ((n, problem) for n, problem in enumerate(certificate.problems, 1) if problem.page in {page, None})


def _numbers_by_box(page: int, certificate: Certificate) -> dict[Box, list[int]]:
    numbers: dict[Box, list[int]] = {}
    for number, problem in _problems(page, certificate):
        if problem.bbox is not None and problem.page == page:
            numbers.setdefault(problem.bbox, []).append(number)
    return numbers
