"""Labelled fields of a page: a label and the places where its value may stand, the likeliest first.

A value stands behind its label in the same cell, in the cell to the right, or in the cell below; in a grid whose heads
fill a line it stands in the head's column, over as many lines as the grid's row has.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from kratom_quality.parsing.header_values import is_address
from kratom_quality.parsing.header_words import HeaderWords, Label
from kratom_quality.parsing.labels import Mark, find_marks, value_of
from kratom_quality.parsing.layout import Cell, overlap
from kratom_quality.parsing.places import BELOW, UNDER, WRAPPED, Place, Places, aligned
from kratom_quality.parsing.tokens import key

_FAR = 3.0  # heights: beyond this, what stands right below a label is likelier its value than what stands beside it
_NEIGHBOURHOOD = 8  # lines
_SAME_SIZE = 0.1  # share of the height
_GRID_HEADS = 3
_TABLE_COLUMNS = 2
_OF_SEVERAL = 1  # ranks by which a grid's value is less sure where the grid has further rows
_FIRST_WORD = re.compile(r"[^\W\d_]+")
_LONGEST_HEADING, _LONGEST_PANEL = 80, 5  # characters, words


class Found(NamedTuple):
    """A label and the texts that may be its value, the likeliest first.

    ``cell`` holds the label; ``bound`` is false where no colon but only the neighbourhood binds label and value.
    """

    labels: tuple[Label, ...]
    penalty: int
    texts: tuple[str, ...]
    cell: Cell
    bound: bool


def find_fields(places: Places) -> Iterator[Found]:
    """Every label that introduces a field, in reading order; those at the head of a grid first."""
    in_grids: set[int] = set()
    for row in places.rows:
        heads = [place for place in row if place.is_head]
        if len(heads) >= max(_GRID_HEADS, len(row) / 2 + 1):
            yield from _grid(places, heads)
            in_grids.update(id(place) for place in heads)
    for place in places:
        if place.marks and id(place) not in in_grids:
            yield from _form(places, place)


class Body(NamedTuple):
    """Where the results stand: below and to the right of what opens them; a form may go on beside them.

    ``openings`` are the middles and left edges of titles of panels and heads of tables, down the page.
    """

    openings: tuple[tuple[float, float], ...] = ()

    def holds(self, cell: Cell) -> bool:
        """Whether a cell stands among the results."""
        return any(middle <= cell.middle and left < cell.x1 for middle, left in self.openings)


def find_body(places: Places, words: HeaderWords) -> Body:
    """Find the results: they begin with the first title of a panel or head of a table below a label."""
    seen_label = False
    for row in places.rows:
        if seen_label and _opens_results(row, places, words):
            return _body_from(places, row, words)
        seen_label = seen_label or any(place.is_label for place in row)
    return Body()


def _body_from(places: Places, first: Sequence[Place], words: HeaderWords) -> Body:
    rest = (place for row in places.rows[first[0].line :] for place in row)
    openings = [(place.cell.middle, place.cell.x0) for place in rest if _opens(place, places, words)]
    top = places.lines[first[0].line].middle
    if not openings:
        return Body(((top, 0.0),))
    (_, left), *later = openings
    return Body(((top, left), *later))


def join_wrapped(texts: Sequence[str]) -> str:
    """Join the lines of a value; a line that ends with a hyphen goes on without a space."""
    joined = ""
    for text in texts:
        joined += text if not joined or joined.endswith("-") else f" {text}"
    return joined


def _form(places: Places, place: Place) -> Iterator[Found]:
    """The labels of one cell, each with its value behind it or in the neighbourhood."""
    for number, mark in enumerate(place.marks):
        if all(label.field == "other" for label in mark.labels):
            continue
        inline = value_of(place.cell.text, place.marks, number)
        last = number == len(place.marks) - 1
        if inline:
            texts = [_continued(inline, places, place), inline] if last else [inline]
        else:
            texts = _around(places, place, mark) if last and place.ends_open else []
        bound = mark.form == "colon" or (not inline and _colon_follows(places, place))
        yield Found(mark.labels, mark.penalty, tuple(texts), place.cell, bound)


def _colon_follows(places: Places, place: Place) -> bool:
    """Whether the colon that binds a value to its label stands in the value's cell."""
    right = places.right_of(place)
    return right is not None and right.cell.text.startswith(":")


def _around(places: Places, place: Place, mark: Mark) -> list[str]:
    right, below = places.right_of(place), places.below(place)
    if len(place.marks) > 1 and (rest := _rest_of_run(places, place)):
        return [rest]
    if right is not None and right.is_label:
        right = None
    beside = None if right is None else _continued(right.cell.text.lstrip(": "), places, right)
    under = None if below is None else _text_below(places, below, mark)
    texts = [under, beside] if _stands_below(places, place, right, below) else [beside, under]
    return [text for text in texts if text]


def _rest_of_run(places: Places, place: Place) -> str | None:
    """What stands before the first label of the next line, where labels and values are set as running text."""
    below = places.below(place, reach=WRAPPED)
    if below is None or not below.is_label or below.marks[0].start == 0:
        return None
    return below.cell.text[: below.marks[0].start].strip(" ·•|;,")


def _stands_below(places: Places, place: Place, right: Place | None, below: Place | None) -> bool:
    """Whether the value is likelier below its label than beside it."""
    if right is None or below is None or (below.is_label and not below.names_party):
        return False
    far = right.cell.x0 - place.cell.x1 > _FAR * place.cell.height
    close_below = below.cell.middle - place.cell.middle <= UNDER * (place.cell.height + below.cell.height) / 2
    among_heads = place.is_head and sum(other.is_head for other in places.rows[place.line]) > 1
    return below.names_party or among_heads or (far and close_below)


def _text_below(places: Places, below: Place, mark: Mark) -> str | None:
    if below.names_party:
        named = places.right_of(below) if below.ends_open else None
        inline = value_of(below.cell.text, below.marks, 0)
        return inline or (None if named is None or named.is_label else named.cell.text)
    if below.is_label:
        return None
    if any(label.field == "matrix" for label in mark.labels):
        return " ".join(_block(places, below))
    return below.cell.text


def _block(places: Places, place: Place) -> Iterator[str]:
    """The lines of a text set over several lines of one column."""
    current: Place | None = place
    while current is not None and not current.is_label:
        yield current.cell.text
        current = places.below(current, reach=WRAPPED)


def _continued(text: str, places: Places, place: Place) -> str:
    """Add the next line where the value goes on there because its first word did not fit."""
    below = places.below(place, reach=WRAPPED)
    if below is None or below.is_label or places.answers_a_label(below) or is_address(below.cell.text):
        return text
    if abs(below.cell.height - place.cell.height) > _SAME_SIZE * place.cell.height:
        return text
    first = below.cell.words[0]
    nearby = places.rows[max(0, place.line - _NEIGHBOURHOOD) : place.line + _NEIGHBOURHOOD + 1]
    edge = max(other.cell.x1 for row in nearby for other in row if aligned(place.cell, other.cell))
    if below.cell.x0 < place.cell.x0 - first.bottom + first.top or place.cell.x1 + first.x1 - first.x0 <= edge:
        return text
    return join_wrapped((text, below.cell.text))


def _grid(places: Places, heads: Sequence[Place]) -> Iterator[Found]:
    """Values below heads that fill a line; where several rows follow, any other label tells better which is meant."""
    number = heads[0].line
    heads = [*heads, *_stacked_heads(places, number)]
    columns: dict[int, list[str]] = {}
    of_several = 0
    left = min(head.cell.x0 - head.cell.height for head in heads)
    for cells in _first_row(places, number):
        row = [place for place in cells if place.cell.x1 > left]  # a letterhead may stand beside the grid
        places_in = [_nearest(place.cell, heads) for place in row]
        if len(columns) >= _GRID_HEADS and len(row) >= len(columns) and set(columns) <= set(places_in):
            of_several = _OF_SEVERAL  # a line that fills every column is of another sample
            break
        for column, place in zip(places_in, row, strict=True):
            columns.setdefault(column, []).append(place.cell.text)
    for column, head in enumerate(heads):
        mark = head.marks[0]
        yield Found(mark.labels, mark.penalty + of_several, (join_wrapped(columns.get(column, [])),), head.cell, False)


def _first_row(places: Places, number: int) -> Iterator[Sequence[Place]]:
    """The lines of a grid's first row, which may be set over several."""
    heads = places.lines[number]
    reach, before = (BELOW + 1) * heads.height, heads.middle
    for row in places.rows[number + 1 :]:
        line = places.lines[row[0].line]
        if line.middle <= heads.middle + heads.height:
            continue
        if line.middle - before > reach or any(place.is_set_off for place in row):
            return
        reach, before = BELOW * heads.height, line.middle
        yield row


def _stacked_heads(places: Places, number: int) -> Iterator[Place]:
    """Heads set over two lines, just above and below the line of the others."""
    line = places.lines[number]
    near = [place for row in places.rows[max(0, number - 2) : number + 3] for place in row]
    upper = [place for place in near if 0 < line.middle - places.lines[place.line].middle <= line.height]
    lower = [place for place in near if 0 < places.lines[place.line].middle - line.middle <= line.height]
    for one in upper:
        for other in lower:
            if overlap(one.cell.x0, one.cell.x1, other.cell.x0, other.cell.x1) > 0:
                head = Place(number, one.cell, find_marks(f"{one.cell.text} {other.cell.text}"))
                if head.is_head:
                    yield head


def _nearest(cell: Cell, heads: Sequence[Place]) -> int:
    shared = [overlap(head.cell.x0, head.cell.x1, cell.x0, cell.x1) for head in heads]
    return shared.index(max(shared))


def _opens_results(row: Sequence[Place], places: Places, words: HeaderWords) -> bool:
    columns = sum(key(place.cell.text[:_LONGEST_HEADING]) in words.columns for place in row) if len(row) > 1 else 0
    return columns >= _TABLE_COLUMNS or any(_opens(place, places, words) for place in row)


def _opens(place: Place, places: Places, words: HeaderWords) -> bool:
    first = _FIRST_WORD.search(place.cell.text)
    if first is None or first.group().casefold() not in words.panel_words:
        return False
    phrase = key(place.cell.text[:_LONGEST_HEADING])
    opens = any(phrase[:length] in words.panels for length in range(1, min(len(phrase), _LONGEST_PANEL) + 1))
    return opens and not places.answers_a_label(place)
