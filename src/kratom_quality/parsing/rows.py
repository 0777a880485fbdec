"""Lines to rows: a row gathers around the line that holds its values, and takes what stands close to it."""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence
from statistics import median
from typing import NamedTuple

from kratom_quality.parsing.blocks import Block
from kratom_quality.parsing.columns import ColumnKind, read_heading
from kratom_quality.parsing.layout import Cell, Sheet
from kratom_quality.parsing.placing import UNHEADED, KnowsName, Placed, place_lines
from kratom_quality.parsing.sections import is_panel_name, read_status
from kratom_quality.values import is_blank, looks_like_value
from kratom_quality.vocabulary import Analyte

_HOLDS_VALUES = frozenset(
    {
        ColumnKind.RESULT,
        ColumnKind.LOD,
        ColumnKind.LOQ,
        ColumnKind.LOD_LOQ,
        ColumnKind.LOQ_LOD,
        ColumnKind.LIMIT,
        ColumnKind.STATUS,
    }
)
_SAME_LINE = 0.3  # of the text's height
_NEAR = 1.8  # text heights from a line to the row it belongs to
_SENTENCE = 6  # words
_TITLE = 1.15  # of the name's height
_SMALL_PRINT = 0.78  # of the name's height: a method or CAS number below the name
_BEGINS_LOWER = re.compile(r"[a-z]{3}")
_WORD = re.compile(r"[^\W\d_]{2}")


class Row(NamedTuple):
    """One row: its name cells and its other cells by column, in reading order."""

    names: tuple[Cell, ...]
    cells: dict[int, tuple[Cell, ...]]
    middle: float

    @property
    def name(self) -> str:
        """The printed name; a word broken at the end of a line is joined again."""
        return join_text(self.names)

    def text(self, column: int) -> str | None:
        """What stands in a column; None where the cell is blank."""
        cells = self.cells.get(column)
        return join_text(cells) if cells else None

    def all_cells(self) -> list[Cell]:
        """Every cell of the row."""
        return [*self.names, *(cell for cells in self.cells.values() for cell in cells)]


class _Draft:
    """A row being gathered around the line that holds its values."""

    def __init__(self, middle: float, height: float) -> None:
        self.middle = middle
        self.height = height
        self.placed: list[Placed] = []

    def names(self, name_column: int) -> list[Cell]:
        return [placed.cell for placed in self.placed if placed.column == name_column]


def join_text(cells: Sequence[Cell]) -> str:
    """Text of cells one below the other; a hyphen at the end of a line is the typesetter's, not the name's."""
    if len(cells) == 1:
        return cells[0].text
    text = ""
    for cell in cells:
        broken = text.endswith("-") and text[-2:-1].isalpha() and cell.text[:1].islower()
        text = text[:-1] + cell.text if broken else f"{text} {cell.text}".lstrip()
    return text


def read_rows(block: Block, sheet: Sheet, knows: KnowsName) -> tuple[list[Row], list[Cell]]:
    """Read the rows below a block's head.

    Returns
    -------
    rows, unread
        The rows top to bottom, and the cells within the table that no row or column claimed.
    """
    name_column = next((i for i, column in enumerate(block.columns) if column.kind is ColumnKind.NAME), UNHEADED - 1)
    lines = place_lines(block, sheet, name_column, knows)
    drafts = _draft_rows(block, lines, name_column, knows)
    drafts = _dissolve_merged_cells(drafts, name_column)
    unread = _hand_out(lines, drafts, name_column, knows)
    rows = [_without_group(_finish(draft, name_column), knows) for draft in drafts]
    saying = _contiguous([row for row in rows if _says_something(row, block, knows)], knows)
    has_names = name_column >= 0 or any(knows(row.name) for row in saying)
    return saying if has_names else [], unread


def _says_something(row: Row, block: Block, knows: KnowsName) -> bool:
    """Whether a row is one of the table's: its name is known, or a value stands where values belong."""
    return knows(row.name) is not None or (
        (_WORD.search(row.name) is not None)
        and any(
            looks_like_value(text := join_text(cells)) and not is_blank(text)
            for index, cells in row.cells.items()
            if index >= 0 and block.columns[index].kind in _HOLDS_VALUES
        )
    )


def _draft_rows(block: Block, lines: Sequence[Sequence[Placed]], name_column: int, knows: KnowsName) -> list[_Draft]:
    """A line seeds a row when a value, or any text beside a known name, stands in a column that holds values."""
    drafts: list[_Draft] = []
    for line in lines:
        if not line or not _seeds_row(block, line, name_column, knows):
            continue
        middle, height = median(placed.cell.middle for placed in line), min(placed.cell.height for placed in line)
        last = drafts[-1] if drafts else None
        if last and middle - last.middle <= 0.62 * min(height, last.height):
            last.placed.extend(line)
            last.middle = (last.middle + middle) / 2
        else:
            drafts.append(_Draft(middle, height))
            drafts[-1].placed.extend(line)
    return drafts


def _seeds_row(block: Block, line: Sequence[Placed], name_column: int, knows: KnowsName) -> bool:
    kinds = [block.columns[placed.column].kind if placed.column >= 0 else None for placed in line]
    if any(kind in _HOLDS_VALUES and _is_value(placed.cell.text) for kind, placed in zip(kinds, line, strict=True)):
        return True
    if not any(placed.column == name_column and knows(placed.cell.text) for placed in line):
        return False
    others = [
        (kind, placed.cell.text) for kind, placed in zip(kinds, line, strict=True) if placed.column != name_column
    ]
    return any(kind in _HOLDS_VALUES or _is_value(text) for kind, text in others)


def _is_value(text: str) -> bool:
    return looks_like_value(text) or read_status(text) is not None


def _dissolve_merged_cells(drafts: Sequence[_Draft], name_column: int) -> list[_Draft]:
    """A cell alone between two rows that both lack it is one cell set across both."""
    kept = []
    for draft in drafts:
        others = [other for other in drafts if other is not draft]
        pair = _spanned(draft.placed[0], others, name_column) if len(draft.placed) == 1 else []
        for other in pair:
            other.placed.append(draft.placed[0])
        if not pair:
            kept.append(draft)
    return kept


def _spanned(placed: Placed, drafts: Sequence[_Draft], name_column: int) -> list[_Draft]:
    if placed.column in {name_column, UNHEADED}:
        return []
    above = [draft for draft in drafts if draft.middle <= placed.cell.middle]
    below = [draft for draft in drafts if draft.middle > placed.cell.middle]
    if not above or not below:
        return []
    pair = [above[-1], below[0]]
    pitch = pair[1].middle - pair[0].middle
    centred = abs(pair[0].middle + pair[1].middle - 2 * placed.cell.middle) <= 0.5 * placed.cell.height
    vacant = all(other.column != placed.column for draft in pair for other in draft.placed)
    named = all(draft.names(name_column) for draft in pair)
    return pair if centred and vacant and named and pitch <= 3 * placed.cell.height else []


def _hand_out(
    lines: Sequence[Sequence[Placed]], drafts: Sequence[_Draft], name_column: int, knows: KnowsName
) -> list[Cell]:
    """Give the cells of lines that seeded no row to the row they belong to; return those that belong to none."""
    taken = {id(placed) for draft in drafts for placed in draft.placed}
    unread: list[Cell] = []
    for line in lines:
        for placed in line:
            if id(placed) in taken:
                continue
            homes = _home(placed, drafts, name_column, knows)
            for draft in homes:
                draft.placed.append(placed)
            if not homes:
                unread.append(placed.cell)
    return unread


def _home(placed: Placed, drafts: Sequence[_Draft], name_column: int, knows: KnowsName) -> list[_Draft]:
    """The nearest row that a cell of another line continues; none where it continues no row."""
    cell = placed.cell
    near = [draft for draft in drafts if abs(draft.middle - cell.middle) <= _NEAR * max(draft.height, cell.height)]
    near.sort(key=lambda draft: abs(draft.middle - cell.middle))
    if placed.column != name_column:
        return near[:1] if near and abs(near[0].middle - cell.middle) <= 1.15 * max(near[0].height, cell.height) else []
    is_sentence = cell.text.endswith(".") and len(cell.words) >= _SENTENCE
    subtitle = is_sentence or cell.text.endswith(":") or (is_panel_name(cell.text) and not knows(cell.text))
    if subtitle:
        return []
    if read_heading(cell.text) is not None and not cell.text[0].islower():
        return [draft for draft in near if _repeats_name(draft, cell, name_column, knows)][:1]
    return [draft for draft in near if _completes_name(draft, cell, name_column, knows)][:1]


def _repeats_name(draft: _Draft, cell: Cell, name_column: int, knows: KnowsName) -> bool:
    """Whether a word that may be a head is the rest of a name: 'Total Combined Yeast and Mold' over 'Count'."""
    names = draft.names(name_column)
    if not names or cell.middle < names[-1].middle or abs(cell.x0 - names[-1].x0) > cell.height:
        return False
    analyte = knows(join_text(names))
    return analyte is not None and knows(join_text([*names, cell])) is analyte


def _completes_name(draft: _Draft, cell: Cell, name_column: int, knows: KnowsName) -> bool:
    names = draft.names(name_column)
    if names and cell.height < _SMALL_PRINT * names[0].height:
        return False
    if not names:
        return abs(draft.middle - cell.middle) <= 1.1 * max(draft.height, cell.height)
    alone = join_text(names)
    if _titles_next_section(cell, knows(alone), knows):
        return False
    if cell.middle < names[0].middle and _BEGINS_LOWER.match(cell.text) and names[0].text[0].isupper():
        return False  # the rest of the name above
    joined = join_text(sorted([*names, cell], key=lambda name: name.middle))
    whole = knows(joined)
    above = knows(cell.text)
    may_be_subtitle = above in {None, whole} or above.total  # 'Alkaloid content' heads alkaloids, 'Mitragynine' none
    if may_be_subtitle and knows(alone) is whole is not None and draft.middle - cell.middle > 0.8 * cell.height:
        return False  # the name below it says as much without it
    if whole:
        return cell.height <= _TITLE * names[0].height  # a section's title is set larger
    aligned = (
        abs(cell.x0 - names[0].x0) <= cell.height or abs(cell.x0 + cell.x1 - names[0].x0 - names[0].x1) <= cell.height
    )
    touching = abs(draft.middle - cell.middle) <= 1.6 * cell.height
    fresh = knows(cell.text) is not None and not cell.text[0].islower()  # a name of its own, not the rest of one
    return aligned and touching and not knows(alone) and not fresh and len(joined) <= 80


def _titles_next_section(cell: Cell, named: Analyte | None, knows: KnowsName) -> bool:
    """'Moisture' below 'Salmonella' is a title, though it is an analyte too: it is of another panel."""
    own = knows(cell.text)
    return is_panel_name(cell.text) and own is not None and named is not None and own.panel is not named.panel


def _finish(draft: _Draft, name_column: int) -> Row:
    cells: dict[int, tuple[Cell, ...]] = {}
    names: list[Cell] = []
    for placed in _in_reading_order(draft.placed):
        if placed.column == name_column:
            names.append(placed.cell)
        else:
            cells[placed.column] = (*cells.get(placed.column, ()), placed.cell)
    return Row(tuple(names), cells, draft.middle)


def _without_group(row: Row, knows: KnowsName) -> Row:
    """A row's name without that of its group, where a merged cell to its left happens to stand on its line."""
    group, *names = row.names or (None,)
    if group is None or not names or group.x1 > names[0].x0 or not is_panel_name(group.text):
        return row
    return row._replace(names=tuple(names)) if knows(join_text(names)) else row


def _in_reading_order(placed: Sequence[Placed]) -> list[Placed]:
    """Line by line, from left to right; the letters of one line may differ a little in height."""
    lines: list[list[Placed]] = []
    for item in sorted(placed, key=lambda item: item.cell.middle):
        if lines and item.cell.middle - lines[-1][0].cell.middle <= _SAME_LINE * item.cell.height:
            lines[-1].append(item)
        else:
            lines.append([item])
    return [item for line in lines for item in sorted(line, key=lambda item: item.cell.x0)]


def _contiguous(rows: Sequence[Row], knows: KnowsName) -> list[Row]:
    """Drop rows of unknown name that stand apart from the table: footers and signatures have numbers too."""
    named = [row for row in rows if row.names]
    gaps = [below.middle - above.middle for above, below in itertools.pairwise(named)]
    reach = 2.6 * median(gaps) if gaps else 0.0
    kept: list[Row] = []
    last_middle = named[0].middle if named else 0.0
    for row in named:
        if knows(row.name) or row.middle - last_middle <= reach:
            kept.append(row)
            last_middle = row.middle
    return kept
