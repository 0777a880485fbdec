"""CSV that a spreadsheet opens without running anything in it."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from typing import TextIO

from kratom_quality.printable import spelt_out

Cell = str | int | float | bool | None
_STARTS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")


def inert(text: str) -> str:
    """Return text without commands to a terminal, an apostrophe before what a spreadsheet would take for a formula."""
    text = spelt_out(text)
    return f"'{text}" if text.startswith(_STARTS_A_FORMULA) else text


def write_table(stream: TextIO, header: Sequence[str], rows: Iterable[Sequence[Cell]]) -> None:
    """Write a header and rows; see :func:`write_rows`."""
    csv.writer(stream, lineterminator="\n").writerow(header)
    write_rows(stream, rows)


def write_rows(stream: TextIO, rows: Iterable[Sequence[Cell]]) -> None:
    """Write rows; numbers stay numbers, None is an empty cell, text is made inert."""
    csv.writer(stream, lineterminator="\n").writerows([_cell(cell) for cell in row] for row in rows)


def _cell(cell: Cell) -> Cell:
    if isinstance(cell, bool):
        return str(cell).lower()
    return inert(cell) if isinstance(cell, str) else cell
