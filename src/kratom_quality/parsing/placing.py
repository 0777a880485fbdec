"""Cells to columns: by the head they stand under, by the edges of the heads, or as the beginning of a row's name."""

from __future__ import annotations

import itertools
import re
from bisect import bisect_left
from collections.abc import Callable, Sequence
from typing import NamedTuple

from kratom_quality.parsing.blocks import Block
from kratom_quality.parsing.columns import ColumnKind
from kratom_quality.parsing.layout import Cell, Sheet, make_cell, overlap
from kratom_quality.units import normalise_unit
from kratom_quality.values import looks_like_value, parse_verdict
from kratom_quality.vocabulary import Analyte

UNHEADED = -1
_SPACE_IN_NAME, _JUSTIFIED_SPACE, _EQUAL = 1.2, 3.0, 0.1  # in text heights
_LABELLED = re.compile(r"[^:]{2,40}:\s*\S|.*(?:\.{3,}|_{3,})\s*[^\s._]")

KnowsName = Callable[[str], Analyte | None]
Span = tuple[float, float]


class Placed(NamedTuple):
    """A cell and the index of the column it stands in, or UNHEADED."""

    cell: Cell
    column: int


def place_lines(block: Block, sheet: Sheet, name_column: int, knows: KnowsName) -> list[list[Placed]]:
    """Place the cells below a block's head, line by line; those far from every column, and prose, are left out."""
    regions = []
    left, right, tallest = 2 * block.left, 2 * block.right, 1.5 * block.height
    first = bisect_left(sheet.lines, block.bottom - block.height, key=lambda line: line.middle)
    for line in sheet.lines[first:]:
        if line.middle >= block.floor:
            break
        if line.middle > block.bottom - 0.3 * line.height:
            cells = [
                cell
                for cell in line.cells
                if left < cell.x0 + cell.x1 < right
                and cell.bottom - cell.top <= tallest
                and not (cell.x1 < block.x0 and _is_neighbours_verdict(cell, block))
            ]
            if cells:
                regions.append(cells)
    spans = _column_spans(block, regions)
    return [_place_line(cells, spans, name_column, knows) for cells in regions]


def _is_neighbours_verdict(cell: Cell, block: Block) -> bool:
    """A verdict before the heads is the last cell of a row in the table to the left, where one stands there."""
    return block.left > 0 and parse_verdict(cell.text) is not None


def _column_spans(block: Block, regions: Sequence[Sequence[Cell]]) -> list[Span]:
    """How far each column reaches, from its head and from the values below.

    Values that stand under no head tell how the table is aligned: '0.172' far right below 'Result' fills the room
    between the left edges of 'Result' and 'Unit'.
    """
    heads = [(column.x0, column.x1) for column in block.columns]
    first, end = heads[0][0], heads[-1][1]
    values = [[cell for cell in cells if cell.x1 > first and looks_like_value(cell.text)] for cells in regions]
    homes = [(cell, _under(cell, heads)) for cells in values for cell in cells]
    if any(not under and cell.x1 <= end + 4 * cell.height for cell, under in homes):
        for spans in (_between_left_edges(heads), _between_right_edges(heads)):
            if _fit(values, spans):
                return spans
    return _widened(block, heads, homes)


def _between_left_edges(heads: Sequence[Span]) -> list[Span]:
    edges = [x0 - 1 for x0, _ in heads]
    widest = max((right - left for left, right in itertools.pairwise(edges[1:])), default=float("inf"))
    return list(itertools.pairwise([*edges, edges[-1] + widest]))


def _between_right_edges(heads: Sequence[Span]) -> list[Span]:
    edges = [float("-inf")] + [x1 + 1 for _, x1 in heads]
    return list(itertools.pairwise(edges))


def _fit(values: Sequence[Sequence[Cell]], spans: Sequence[Span]) -> bool:
    """Whether every value lies within one column and no two of a line share theirs."""
    for cells in values:
        homes = [[i for i, (x0, x1) in enumerate(spans) if x0 <= cell.x0 and cell.x1 <= x1] for cell in cells]
        if any(len(home) != 1 for home in homes) or len({home[0] for home in homes}) < len(homes):
            return False
    return True


def _under(cell: Cell, spans: Sequence[Span]) -> list[int]:
    left, right = cell.x0, cell.x1
    return [i for i, (x0, x1) in enumerate(spans) if right > x0 and left < x1]


def _widened(block: Block, heads: Sequence[Span], homes: Sequence[tuple[Cell, list[int]]]) -> list[Span]:
    """Let the values below a head widen its column: '100000' reaches further left than 'Limit'."""
    spans = list(heads)
    for cell, under in homes:
        if len(under) == 1 and block.columns[under[0]].kind is not ColumnKind.NAME:
            x0, x1 = spans[under[0]]
            spans[under[0]] = (min(x0, cell.x0), max(x1, cell.x1))
    return spans


def _place_line(cells: Sequence[Cell], spans: Sequence[Span], name_column: int, knows: KnowsName) -> list[Placed]:
    placed: list[Placed] = []
    first_name = next((i for i, cell in enumerate(cells) if knows(cell.text) and not looks_like_value(cell.text)), 0)
    for position, cell in enumerate(cells):
        under = _under(cell, spans)
        if position < first_name and not under:
            continue
        if len(under) > 2 and not knows(cell.text) and not looks_like_value(cell.text):
            continue
        begins = position == first_name and not any(item.column == name_column for item in placed)
        names_itself = begins and not under and knows(cell.text) is not None
        if name_column < 0:
            names_itself = begins and not placed and knows(cell.text) is not None
        if names_itself or _continues_name(cell, placed, under, name_column):
            placed.append(Placed(cell, name_column))
        elif len(under) > 1 and len(cell.words) > 1 and name_column not in under:
            placed.extend(_by_word(cell, under, spans))
        else:
            column = _column_of(cell, under, spans)
            if column is None and placed and cell.x1 < spans[0][0]:
                column = UNHEADED
            if column is not None:
                placed.append(Placed(cell, column))
    return placed


def _continues_name(cell: Cell, placed: Sequence[Placed], under: Sequence[int], name_column: int) -> bool:
    """A line begins with the name; a lost ligature may have left a gap in it, and justified words stand far apart."""
    if looks_like_value(cell.text) or any(i != name_column for i in under[:1]) or _LABELLED.match(cell.text):
        return False
    if not placed:
        return True
    if placed[-1].column != name_column:
        return False
    words = [*(item.cell for item in placed if item.column == name_column), cell]
    gaps = [right.x0 - left.x1 for left, right in itertools.pairwise(words)]
    justified = _is_mid_sentence(cell.text) or (len(gaps) > 1 and abs(gaps[-1] - gaps[-2]) < _EQUAL * cell.height)
    return gaps[-1] <= (_JUSTIFIED_SPACE if justified else _SPACE_IN_NAME) * cell.height


def _is_mid_sentence(text: str) -> bool:
    """Whether a text goes on with what stands before it: 'of total', but no unit and no verdict."""
    return text[0].islower() and normalise_unit(text) is None and parse_verdict(text) is None


def _column_of(cell: Cell, under: Sequence[int], spans: Sequence[Span]) -> int | None:
    """The column a cell stands in; UNHEADED where it stands beside the table's columns, None where it is far away."""
    if len(under) == 1:
        return under[0]
    if under:
        return max(under, key=lambda i: overlap(cell.x0, cell.x1, *spans[i]))
    gaps = [(-overlap(cell.x0, cell.x1, *span), i) for i, span in enumerate(spans)]
    gap, nearest = min(gaps)
    if gap <= 1.2 * cell.height:
        return nearest
    reach = 14 if parse_verdict(cell.text) else 6
    return UNHEADED if gap <= reach * cell.height else None


def _by_word(cell: Cell, under: Sequence[int], spans: Sequence[Span]) -> list[Placed]:
    """Share out a cell whose words stand so close that columns ran together; all its words must be values."""
    homes = [max(under, key=lambda i: overlap(word.x0, word.x1, *spans[i])) for word in cell.words]
    if len(set(homes)) == 1 or not all(looks_like_value(word.text) for word in cell.words):
        return [Placed(cell, max(under, key=lambda i: overlap(cell.x0, cell.x1, *spans[i])))]
    return [
        Placed(make_cell([word for word, home in zip(cell.words, homes, strict=True) if home == i]), i)
        for i in sorted(set(homes))
    ]
