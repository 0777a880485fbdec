"""The cells of a page with the labels in them, and the ways from one cell to its neighbours."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property
from itertools import islice
from statistics import median
from typing import NamedTuple

from kratom_quality.parsing.labels import Mark, find_marks, is_letter_spaced, unknown_label
from kratom_quality.parsing.layout import Cell, Line, Sheet, make_cell

# In heights of the text, from middle to middle: the same row, the next line of one value, of one block, and of a form.
SAME_ROW, WRAPPED, UNDER, BELOW = 0.55, 1.45, 1.7, 2.6
_ALIGNED = 0.4  # of the smaller text's height
_WIDE_SPACE = 0.55  # heights; labels are often set more widely than running text
_WIDER_SPACE = 1.5  # the same between words of letter-spaced capitals
_TRANSLATED = 8.0  # the same before '/ Client', which says a label again in another language
_FORM_REACH, _FORM_LABELS, _SAME_EDGE, _SAME_SIZE = 9.0, 2, 0.2, 0.1  # heights, labels, heights, share of the height
_LONGEST_FORM_LABEL = 40  # characters


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
    def is_head(self) -> bool:
        """Whether a label without a colon fills the cell."""
        return bool(self.marks) and self.marks[0].form == "whole"

    @property
    def is_set_off(self) -> bool:
        """Whether the label is set off by a colon or fills the cell; one that is not may be the beginning of a name."""
        return bool(self.marks) and self.marks[0].form != "joined"

    @property
    def ends_open(self) -> bool:
        """Whether the cell ends with a label whose value stands elsewhere."""
        return bool(self.marks) and self.marks[-1].value == len(self.cell.text)

    @property
    def names_party(self) -> bool:
        """Whether the cell names the party whose role stands above it."""
        return bool(self.marks) and self.marks[0].labels[0].field == "party_name"


class Places:
    """The cells of one sheet in reading order; cells set no farther apart than a wide space are one.

    Parameters
    ----------
    sheet
        The page.
    bottom
        Lines farther down the page than this share of it are left out.
    """

    def __init__(self, sheet: Sheet, bottom: float = 1.0) -> None:
        self._sheet = sheet
        self.lines: Sequence[Line] = [line for line in sheet.lines if share_down(sheet, line.middle) <= bottom]
        self.rows = [
            [Place(number, cell, _marks(cell.text)) for cell in _joined(line.cells)]
            for number, line in enumerate(self.lines)
        ]
        self._mark_unknown_labels()

    def __iter__(self) -> Iterator[Place]:
        return (place for row in self.rows for place in row)

    def _mark_unknown_labels(self) -> None:
        """Mark the cells that stand in a column of labels before a column of values: they are labels too."""
        pairs = [(row, left) for row in self.rows for left in range(len(row) - 1) if not row[left + 1].marks]
        known = [(row[left].cell, row[left + 1].cell.x0) for row, left in pairs if row[left].is_head]
        if len(known) < _FORM_LABELS:
            return
        for row, left in pairs:
            place, value = row[left], row[left + 1].cell.x0
            if not place.marks and _may_be_label(place.cell.text):
                edge = _SAME_EDGE * place.cell.height
                near = (cell for cell, x0 in known if abs(x0 - value) <= edge and _in_one_form(cell, place.cell))
                if len(list(islice(near, _FORM_LABELS))) == _FORM_LABELS:
                    row[left] = Place(place.line, place.cell, (unknown_label(place.cell.text),))

    def share_down(self, cell: Cell) -> float:
        """How far down the page a cell stands; see :func:`share_down`."""
        return share_down(self._sheet, cell.middle)

    @cached_property
    def usual_height(self) -> float:
        """Height of most text on the sheet, in points."""
        return median(place.cell.height for place in self) if self.rows else 0.0

    def find(self, cell: Cell) -> Place | None:
        """Return where a cell of this sheet stands; None for a cell of another."""
        return next((place for place in self if place.cell is cell), None)

    def above(self, place: Place, reach: float) -> Place | None:
        """Return the next cell above in the same column, not farther than so many heights of their text."""
        for row in reversed(self.rows[: place.line]):
            distance = place.cell.middle - self.lines[row[0].line].middle
            if distance > SAME_ROW * place.cell.height:
                for other in row:
                    if aligned(place.cell, other.cell):
                        return other if distance <= reach * (place.cell.height + other.cell.height) / 2 else None
            if distance > reach * place.cell.height:
                return None
        return None

    def below(self, place: Place, reach: float = BELOW) -> Place | None:
        """Return the next cell below in the same column, not farther than so many heights of the text."""
        for row in self.rows[place.line + 1 :]:
            distance = self.lines[row[0].line].middle - place.cell.middle
            if distance > reach * place.cell.height:
                return None
            if distance > SAME_ROW * place.cell.height:
                for other in row:
                    if aligned(place.cell, other.cell):
                        return other
        return None

    def right_of(self, place: Place) -> Place | None:
        """Return the next cell to the right that holds more than a colon; larger text may stand a little askew."""
        following = [
            other
            for row in self.rows[max(0, place.line - 1) : place.line + 2]
            if abs(self.lines[row[0].line].middle - place.cell.middle) <= SAME_ROW * place.cell.height
            for other in row
            if other.cell.x0 >= place.cell.x1 and other.cell.text.strip(" :")
        ]
        return min(following, key=lambda other: other.cell.x0, default=None)

    def answers_a_label(self, place: Place) -> bool:
        """Whether the cell to the left, or right above, is a label that waits for its value."""
        before = [other for other in self.rows[place.line] if other.cell.x0 < place.cell.x0]
        if before and before[-1].ends_open:
            return True
        above = self.above(place, UNDER)
        return above is not None and above.ends_open


def share_down(sheet: Sheet, height: float) -> float:
    """How far down a page a height is: 0 at its first line, 1 at the page's end."""
    first = sheet.lines[0].middle
    room = sheet.height - first
    return (height - first) / room if room else 0.0


def aligned(one: Cell, other: Cell) -> bool:
    """Whether two cells begin, end or are centred at the same place."""
    left, right = one.x0 - other.x0, one.x1 - other.x1
    height, other_height = one.bottom - one.top, other.bottom - other.top
    reach = _ALIGNED * (height if height < other_height else other_height)
    return -reach <= left <= reach or -reach <= right <= reach or abs(left + right) <= 2 * reach


def _may_be_label(text: str) -> bool:
    return text[0].isalpha() and len(text) <= _LONGEST_FORM_LABEL and not any(map(str.isdigit, text))


def _in_one_form(one: Cell, other: Cell) -> bool:
    return (
        abs(one.x0 - other.x0) <= _SAME_EDGE * one.height
        and abs(one.middle - other.middle) <= _FORM_REACH * one.height
        and abs(one.height - other.height) <= _SAME_SIZE * one.height
    )


def _marks(text: str) -> tuple[Mark, ...]:
    """Labels begin with a letter or an enumeration, or end with a colon; most cells of a table do neither."""
    return find_marks(text) if ":" in text or not text[0].isdigit() or text[1:2] in ".)" else ()


def _joined(cells: Sequence[Cell]) -> list[Cell]:
    joined = [cells[0]]
    for cell in cells[1:]:
        before = joined[-1]
        spaced = is_letter_spaced(before.text) and is_letter_spaced(cell.text)
        space = _TRANSLATED if cell.text.startswith("/ ") else _WIDER_SPACE if spaced else _WIDE_SPACE
        if cell.x0 - before.x1 <= space * (cell.bottom - cell.top):
            joined[-1] = make_cell((*before.words, *cell.words))
        else:
            joined.append(cell)
    return joined
