"""Cells that are column heads on their own, in chains of lines that follow each other: the germs of header bands."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from kratom_quality.parsing.columns import ColumnKind, Heading, read_heading
from kratom_quality.parsing.layout import Cell, Line, overlap
from kratom_quality.parsing.sections import title_panel
from kratom_quality.units import normalise_unit
from kratom_quality.values import looks_like_value, parse_verdict

LONGEST_HEAD = 48
_FIRST_ROWS = 6  # in text heights
_TITLE = 1.15  # times the height of the heads' text
# Distances between the lines of a head, in text heights: a line of units may be set off from the words above it.
_LINE_OF_HEADS = 1.6
_LINE_OF_UNITS = 2.2


class Mark(NamedTuple):
    """A cell that is a column head, and what it says."""

    cell: Cell
    heading: Heading


def find_marks(lines: Sequence[Line], is_analyte: Callable[[str], object]) -> Iterator[list[Mark]]:
    """Find the heads of a page, top to bottom: those of lines that follow each other together, without titles."""
    for chain in _chains(_marks(lines, is_analyte)):
        yield _without_strangers(_without_titles(chain), lines, is_analyte)


def follows(cell: Cell, other: Cell) -> bool:
    """Whether two cells stand on one line or on lines that follow each other."""
    return abs(cell.middle - other.middle) <= 1.45 * min(cell.height, other.height)


def _marks(lines: Sequence[Line], is_analyte: Callable[[str], object]) -> list[Mark]:
    marks: list[Mark] = []
    for number, line in enumerate(lines):
        cells = _without_colons(line.cells)
        found = [
            (index, Mark(cell, heading))
            for index, cell in enumerate(cells)
            if len(cell.text) <= LONGEST_HEAD and (heading := read_heading(cell.text)) is not None
        ]
        if found and _holds_row(cells, is_analyte):
            heads = _in_run_of_heads(cells)
            found = [(index, mark) for index, mark in found if index in heads]
        above = lines[max(0, number - 2) : number]
        marks.extend(mark for index, mark in found if not _is_part_of_row(mark, cells, index, above, is_analyte))
    return [mark for mark in marks if mark.heading.kind is not ColumnKind.OTHER or _has_company(mark, marks)]


def _is_part_of_row(
    mark: Mark, cells: Sequence[Cell], index: int, above: Sequence[Line], is_analyte: Callable[[str], object]
) -> bool:
    kind = mark.heading.kind
    if _is_bare_unit(mark.cell, mark.heading) and _stands_in_row(cells, index, is_analyte):
        return True
    if kind is ColumnKind.NAME and index and _is_value(cells[index + 1 : index + 2]):
        return True  # 'Odour | Characteristic | Conforms': a row that describes
    return kind is ColumnKind.LIMIT and _ends_verdict(mark.cell, above)


def _holds_row(cells: Sequence[Cell], is_analyte: Callable[[str], object]) -> bool:
    """Whether an analyte and a figure stand on a line, of the table or of one beside it."""
    said = [cell.text for cell in cells if read_heading(cell.text) is None]
    return any(any(map(str.isdigit, text)) and looks_like_value(text) for text in said) and any(map(is_analyte, said))


def _in_run_of_heads(cells: Sequence[Cell]) -> set[int]:
    """The cells of a line that stand in runs of heads, with one of names: 'Alkaloids' before a row stands alone."""
    found: set[int] = set()
    headings = enumerate(read_heading(cell.text) for cell in cells)
    for is_head, group in itertools.groupby(headings, key=lambda pair: pair[1] is not None):
        run = list(group)
        if is_head and len(run) > 1 and any(heading and heading.kind is ColumnKind.NAME for _, heading in run):
            found.update(index for index, _ in run)
    return found


def _ends_verdict(cell: Cell, above: Sequence[Line]) -> bool:
    """'Specification' below 'Within' is no head."""
    return any(
        overlap(cell.x0, cell.x1, other.x0, other.x1) > 0
        and follows(cell, other)
        and read_heading(joined := f"{other.text} {cell.text}") is None
        and parse_verdict(joined) is not None
        for line in above
        for other in line.cells
    )


def _is_value(cells: Sequence[Cell]) -> bool:
    return any(looks_like_value(cell.text) and read_heading(cell.text) is None for cell in cells)


def _without_colons(cells: Sequence[Cell]) -> Sequence[Cell]:
    """Labels have values beside them; where every cell of a line ends with a colon, they are heads."""
    if len(cells) > 1 and all(cell.text[-1] == ":" for cell in cells):
        return [cell._replace(text=cell.text.rstrip(": ") or cell.text) for cell in cells]
    return cells


def _has_company(mark: Mark, marks: Sequence[Mark]) -> bool:
    """'Batch #' is a column's head only on a level with other heads."""
    return any(
        other.heading.kind not in {None, ColumnKind.OTHER}
        and abs(other.cell.middle - mark.cell.middle) <= 0.5 * mark.cell.height
        for other in marks
    )


def _is_bare_unit(cell: Cell, heading: Heading) -> bool:
    return heading.kind is None or normalise_unit(cell.text) is not None


def _stands_in_row(cells: Sequence[Cell], index: int, is_analyte: Callable[[str], object]) -> bool:
    """A bare unit beside a number or an analyte is that row's unit, not a head; 'pH' at its beginning is its name."""
    if cells[index].text.startswith("("):
        return False
    reach = 1 if index else 3
    neighbours = [*cells[max(0, index - 1) : index], *cells[index + 1 : index + 1 + reach]]
    texts = [cell.text for cell in neighbours if read_heading(cell.text) is None]
    return any(looks_like_value(text) or is_analyte(text) for text in texts) or _continues_name(
        cells, index, is_analyte
    )


def _continues_name(cells: Sequence[Cell], index: int, is_analyte: Callable[[str], object]) -> bool:
    """Whether a cell follows an analyte in wide-set words: '7-Hydroxymitragynine,  as  percent  of  total'."""
    while index and cells[index].x0 - cells[index - 1].x1 <= 1.2 * cells[index].height:
        index -= 1
        if is_analyte(cells[index].text):
            return True
    return False


def _chains(marks: Sequence[Mark]) -> list[list[Mark]]:
    """Marks of lines that follow each other, top to bottom."""
    chains: list[list[Mark]] = []
    for mark in sorted(marks, key=lambda mark: mark.cell.middle):
        last = chains[-1][-1].cell if chains else None
        goes_on = last is not None and last.text.endswith("/")  # in another language, on the next line
        reach = _LINE_OF_HEADS if mark.heading.kind and not goes_on else _LINE_OF_UNITS
        if last and mark.cell.middle - last.middle <= reach * min(mark.cell.height, last.height):
            chains[-1].append(mark)
        else:
            chains.append([mark])
    return chains


def _without_titles(marks: Sequence[Mark]) -> list[Mark]:
    """'Heavy Metals' or 'Potency' above 'Analyte' is the table's title, not part of the column's head."""
    names = [mark for mark in marks if mark.heading.kind is ColumnKind.NAME]
    titles = {mark for mark in marks for below in names if _stands_above(mark, below) and _is_title(mark, below, marks)}
    return [mark for mark in marks if mark not in titles]


def _stands_above(mark: Mark, below: Mark) -> bool:
    return below.cell.top >= mark.cell.middle


def _is_title(mark: Mark, below: Mark, marks: Sequence[Mark]) -> bool:
    over = overlap(mark.cell.x0, mark.cell.x1, below.cell.x0, below.cell.x1) > 0
    level = [other for other in marks if abs(other.cell.middle - mark.cell.middle) <= 0.5 * mark.cell.height]
    if mark.heading.kind is not ColumnKind.NAME:
        return over and len(level) == 1 and mark.cell.height > _TITLE * below.cell.height
    return over or all(title_panel(other.cell.text) is not None for other in level)


def _without_strangers(marks: Sequence[Mark], lines: Sequence[Line], is_analyte: Callable[[str], object]) -> list[Mark]:
    """Of two heads of names side by side, the one that has analytes below it: a sidebar's 'Analysis' has none."""
    in_order = sorted(marks, key=lambda mark: mark.cell.x0)
    strangers = {
        mark
        for mark, beside in itertools.pairwise(in_order)
        if mark.heading.kind is beside.heading.kind is ColumnKind.NAME
        and not _heads_analytes(mark.cell, lines, is_analyte)
        and _heads_analytes(beside.cell, lines, is_analyte)
    }
    return [mark for mark in marks if mark not in strangers]


def _heads_analytes(head: Cell, lines: Sequence[Line], is_analyte: Callable[[str], object]) -> bool:
    below = (line for line in lines if head.bottom <= line.middle <= head.bottom + _FIRST_ROWS * head.height)
    return any(
        abs(cell.x0 - head.x0) <= 2 * head.height and is_analyte(cell.text) for line in below for cell in line.cells
    )
