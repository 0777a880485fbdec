"""Labelled fields of a page: a label and the places where its value may stand, the likeliest first.

A value stands behind its label in the same cell, in the cell to the right, or in the cell below; in a grid whose heads fill
a line it stands in the head's column, over as many lines as the grid's row has.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property
from statistics import median
from typing import NamedTuple

from kratom_quality.parsing.header_values import is_address
from kratom_quality.parsing.header_words import Field, HeaderWords, Label, key
from kratom_quality.parsing.labels import Mark, find_marks, value_of
from kratom_quality.parsing.layout import Cell, Line, Sheet, make_cell, overlap

# In heights of the text, from middle to middle: the same row, the next line of one value, of one block, and of a form.
_BESIDE, _WRAPPED, _UNDER, _BELOW = 0.55, 1.45, 1.7, 2.6
_ALIGNED = 4.0  # points
_NEAR = 3.0  # heights: a value this close to the right of its label needs no second look
_GRID_HEADS = 3
_WIDE_SPACE = 0.55  # heights
_TABLE_COLUMNS = 2
_LONGEST_HEADING = 80  # characters
_OTHER: Field = "other"


class Found(NamedTuple):
    """A label and the texts that may be its value, the likeliest first.

    ``cell`` holds the label; ``bound`` is false where no colon but only the neighbourhood binds label and value.
    """

    labels: tuple[Label, ...]
    penalty: int
    texts: tuple[str, ...]
    cell: Cell
    bound: bool


class Place(NamedTuple):
    """A cell, the number of its line and the labels in it."""

    line: int
    cell: Cell
    marks: tuple[Mark, ...]

    @property
    def is_label(self) -> bool:
        """Whether the cell holds a label, known or unknown."""
        return bool(self.marks)

    @property
    def ends_open(self) -> bool:
        """Whether the cell ends with a label whose value stands elsewhere."""
        return bool(self.marks) and self.marks[-1].value == len(self.cell.text)

    @property
    def names_party(self) -> bool:
        """Whether the cell names the party whose role stands above it."""
        return bool(self.marks) and self.marks[0].labels[0].field == "party_name"

    @property
    def is_head(self) -> bool:
        """Whether a label without a colon fills the cell."""
        return bool(self.marks) and self.marks[0].form == "whole"


class FieldReader:
    """The labelled fields of one sheet.

    Parameters
    ----------
    sheet
        The page.
    bottom
        Lines below this height of the page are not read.
    """

    def __init__(self, sheet: Sheet, bottom: float = float("inf")) -> None:
        self.height = sheet.height
        self.lines: Sequence[Line] = [line for line in sheet.lines if line.middle <= bottom]
        self.rows = [
            [
                Place(number, cell, find_marks(cell.text) if _may_hold_label(cell.text) else ())
                for cell in _joined(line.cells)
            ]
            for number, line in enumerate(self.lines)
        ]

    @cached_property
    def usual_height(self) -> float:
        """Height of most text on the sheet, in points."""
        return median(place.cell.bottom - place.cell.top for place in self.places()) if self.rows else 0.0

    def places(self) -> Iterator[Place]:
        """All cells of the sheet in reading order, each with the labels in it."""
        return (place for row in self.rows for place in row)

    def place_of(self, cell: Cell) -> Place | None:
        """Return where a cell of this sheet stands; None for a cell of another."""
        return next((place for place in self.places() if place.cell is cell), None)

    def above(self, place: Place, reach: float) -> Place | None:
        """Return the next cell above in the same column, not farther than so many heights of their text."""
        for row in reversed(self.rows[: place.line]):
            distance = place.cell.middle - self.lines[row[0].line].middle
            for other in row:
                if aligned(place.cell, other.cell) and distance > _BESIDE * place.cell.height:
                    near = distance <= reach * (place.cell.height + other.cell.height) / 2
                    return other if near else None
            if distance > reach * place.cell.height:
                return None
        return None

    def labelled(self) -> Iterator[Found]:
        """Every label that introduces a field, in reading order."""
        in_grid: set[int] = set()
        for number, row in enumerate(self.rows):
            heads = [place for place in row if place.is_head]
            if len(heads) >= max(_GRID_HEADS, len(row) / 2 + 1):
                yield from self._grid(number, heads)
                in_grid.update(id(place.cell) for place in heads)
        for row in self.rows:
            for index, place in enumerate(row):
                if place.marks and id(place.cell) not in in_grid:
                    yield from self._beside(row, index)

    def _beside(self, row: list[Place], index: int) -> Iterator[Found]:
        place = row[index]
        for number, mark in enumerate(place.marks):
            if all(label.field == _OTHER for label in mark.labels):
                continue
            inline = value_of(place.cell.text, place.marks, number)
            last = number == len(place.marks) - 1
            if inline:
                texts = (self._continued(inline, place) if last else inline, inline)
            elif last and not place.cell.text.rstrip().endswith(";"):
                texts = tuple(self._around(row, index, mark))
            else:
                texts = ()
            yield Found(mark.labels, mark.penalty, texts, place.cell, mark.form == "colon")

    def _around(self, row: list[Place], index: int, mark: Mark) -> list[str]:
        place = row[index]
        right = self._right_of(row, index)
        below = self.below(place)
        right = None if right is None or right.is_label else right
        below_text = None if below is None else self._text_below(below, mark)
        right_text = None if right is None else self._continued(right.cell.text.lstrip(": "), right)
        if right is not None and below is not None and (below.names_party or not below.is_label):
            far = right.cell.x0 - place.cell.x1 > _NEAR * place.cell.height
            under = below.cell.middle - place.cell.middle <= _UNDER * place.cell.height
            heads = place.is_head and sum(other.is_head for other in row) > 1
            if below.names_party or (far and under) or heads:
                return [text for text in (below_text, right_text) if text]
        return [text for text in (right_text, below_text) if text]

    def _right_of(self, row: list[Place], index: int) -> Place | None:
        place = row[index]
        following = list(row[index + 1 : index + 3])
        for number in (place.line - 1, place.line + 1):
            if 0 <= number < len(self.rows) and self._level(place, self.rows[number]):
                following += [other for other in self.rows[number] if other.cell.x0 >= place.cell.x1]
        following = [other for other in following if other.cell.text.strip(" :")]
        return min(following, key=lambda other: other.cell.x0, default=None)

    def _level(self, place: Place, row: list[Place]) -> bool:
        return abs(self.lines[row[0].line].middle - place.cell.middle) <= _BESIDE * place.cell.height

    def below(self, place: Place, reach: float = _BELOW) -> Place | None:
        """Return the next cell below in the same column, not farther than so many heights of the text."""
        for row in self.rows[place.line + 1 :]:
            distance = self.lines[row[0].line].middle - place.cell.middle
            if distance > reach * place.cell.height:
                return None
            for other in row:
                if aligned(place.cell, other.cell) and not self._level(place, row):
                    return other
        return None

    def _text_below(self, below: Place, mark: Mark) -> str | None:
        if below.is_label:
            return value_of(below.cell.text, below.marks, 0) or None if below.names_party else None
        if any(label.field == "matrix" for label in mark.labels):
            return " ".join(self._block(below))
        return below.cell.text

    def _block(self, place: Place) -> Iterator[str]:
        """The lines of a text set over several lines of one column."""
        current: Place | None = place
        while current is not None and not current.is_label:
            yield current.cell.text
            current = self.below(current, reach=_WRAPPED)

    def _continued(self, text: str, place: Place) -> str:
        """Add the next line where the value went on there because its first word did not fit."""
        below = self.below(place, reach=_WRAPPED)
        if below is None or below.is_label or self.answers_a_label(below) or is_address(below.cell.text):
            return text
        if abs(below.cell.height - place.cell.height) > 0.1 * place.cell.height:
            return text
        first = below.cell.words[0]
        edge = max(other.cell.x1 for row in self._near(place) for other in row if aligned(place.cell, other.cell))
        if below.cell.x0 < place.cell.x0 - _ALIGNED or place.cell.x1 + first.x1 - first.x0 <= edge:
            return text
        return join_wrapped((text, below.cell.text))

    def answers_a_label(self, place: Place) -> bool:
        """Whether the cell to the left, or right above, is a label that waits for its value."""
        before = [other for other in self.rows[place.line] if other.cell.x0 < place.cell.x0]
        if before and before[-1].ends_open:
            return True
        above = self.above(place, _UNDER)
        return above is not None and above.ends_open

    def _near(self, place: Place) -> list[list[Place]]:
        return self.rows[max(0, place.line - 8) : place.line + 9]

    def _grid(self, number: int, heads: list[Place]) -> Iterator[Found]:
        """Values below heads that fill a line."""
        heads = [*heads, *self._stacked_heads(number)]
        columns: dict[int, list[str]] = {}
        for place in self._band(number):
            columns.setdefault(_nearest(place.cell, heads), []).append(place.cell.text)
        for column, head in enumerate(heads):
            mark = head.marks[0]
            yield Found(mark.labels, mark.penalty, (join_wrapped(columns.get(column, [])),), head.cell, False)

    def _band(self, number: int) -> Iterator[Place]:
        """The lines of the grid's first row."""
        height = self.lines[number].height
        middle = self.lines[number].middle
        for row in self.rows[number + 1 :]:
            line = self.lines[row[0].line]
            if line.middle - middle > _BELOW * height + (line.height if middle == self.lines[number].middle else 0):
                return
            if line.middle - self.lines[number].middle <= height:
                continue
            if any(place.is_label for place in row):
                return
            middle = line.middle
            yield from row

    def _stacked_heads(self, number: int) -> Iterator[Place]:
        """Heads set over two lines, just above and below the line of the others."""
        line = self.lines[number]
        rows = [
            row
            for row in self.rows[max(0, number - 2) : number + 3]
            if 0 < abs(self.lines[row[0].line].middle - line.middle) <= line.height
        ]
        for upper in (place for row in rows for place in row if place.cell.middle < line.middle):
            for lower in (place for row in rows for place in row if place.cell.middle > line.middle):
                if overlap(upper.cell.x0, upper.cell.x1, lower.cell.x0, lower.cell.x1) > 0:
                    marks = find_marks(f"{upper.cell.text} {lower.cell.text}")
                    if marks and marks[0].form == "whole":
                        yield Place(number, upper.cell, marks)


def body_top(reader: FieldReader, words: HeaderWords) -> float:
    """Return the height at which the results begin: below the first labels, the title of a panel or the head of a table."""
    seen_label = False
    for row in reader.rows:
        if seen_label and _opens_results(row, reader, words):
            return reader.lines[row[0].line].middle
        seen_label = seen_label or any(place.is_label for place in row)
    return float("inf")


def _opens_results(row: list[Place], reader: FieldReader, words: HeaderWords) -> bool:
    columns = 0
    for place in row:
        phrase = key(place.cell.text[:_LONGEST_HEADING])
        columns += phrase in words.columns
        opens = any(phrase[:length] in words.panels for length in range(1, min(len(phrase), 5) + 1))
        if opens and not reader.answers_a_label(place):
            return True
    return columns >= _TABLE_COLUMNS


def _nearest(cell: Cell, heads: Sequence[Place]) -> int:
    shared = [overlap(head.cell.x0, head.cell.x1, cell.x0, cell.x1) for head in heads]
    return shared.index(max(shared))


def _may_hold_label(text: str) -> bool:
    return ":" in text or not text[0].isdigit() or text[1:2] in ".)"


def _joined(cells: Sequence[Cell]) -> list[Cell]:
    """Cells of one line joined where the gap is no wider than a generous space: labels are often set widely."""
    joined = [cells[0]]
    for cell in cells[1:]:
        before = joined[-1]
        if cell.x0 - before.x1 <= _WIDE_SPACE * (cell.bottom - cell.top):
            joined[-1] = make_cell((*before.words, *cell.words))
        else:
            joined.append(cell)
    return joined


def join_wrapped(texts: Sequence[str]) -> str:
    """Join the lines of a value; a line that ends with a hyphen goes on without a space."""
    joined = ""
    for text in texts:
        joined += text if not joined or joined.endswith("-") else f" {text}"
    return joined


def aligned(one: Cell, other: Cell) -> bool:
    """Whether two cells begin, end or are centred at the same place."""
    return (
        abs(one.x0 - other.x0) <= _ALIGNED
        or abs(one.x1 - other.x1) <= _ALIGNED
        or abs(one.x0 + one.x1 - other.x0 - other.x1) <= 2 * _ALIGNED
    )
