"""What a text recogniser saw in a picture, and its way to words on a page.

A recogniser gives lines with four corners and, for every character, how sure it is. Here the lines are set straight,
parted into words and measured in points, so that everything behind a :class:`Page` need not know where words come from.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from itertools import pairwise
from statistics import median
from typing import Any, NamedTuple

import numpy as np

from kratom_quality.reading.page import Word
from kratom_quality.reading.straight import find_straightening, is_upright

Point = tuple[float, float]
Read = tuple[Word, tuple[float, ...]]

# Shares of a line's height between which a gap is a space.
_LEAST_SPACE, _SPACE, _WIDEST_SPACE = 0.15, 0.3, 0.46
# Typewriting: how like each other the room per letter is in words of some length, and a space in that room.
_LETTERS_TO_MEASURE = 5
_SIDES = 0.2
_ALIKE = 0.1
_TYPEWRITER_SPACE = 1.45
# Lines of one row: how far their middles may lie apart, in their height, and how much higher one may be.
_LEVEL = 0.25
_LIKE_HEIGHT = 1.4
_ROWS_ABOVE = 6
_OVERLAP = 0.5  # share of the narrower word
_READ_IN_TWO_WAYS = 0.5


class Piece(NamedTuple):
    """A word of a line: where it begins and ends, as shares of the line's length, and each character's probability."""

    text: str
    start: float
    end: float
    probabilities: tuple[float, ...]


class TextLine(NamedTuple):
    """A line of text in a picture: its corners in pixels, clockwise from where the text begins, and its words."""

    corners: tuple[Point, Point, Point, Point]
    pieces: tuple[Piece, ...]

    @property
    def angle(self) -> float:
        """How far the line falls to the right, in radians."""
        (x0, y0), (x1, y1), _, _ = self.corners
        return math.atan2(y1 - y0, x1 - x0)

    @property
    def length(self) -> float:
        """Length along the text."""
        return math.dist(self.corners[0], self.corners[1])

    @property
    def height(self) -> float:
        """Height across the text."""
        return math.dist(self.corners[0], self.corners[3])


class Recognised(NamedTuple):
    """All lines of a picture, after so many quarter turns to the left; the size is that of the turned picture."""

    quarter_turns: int
    width: int
    height: int
    lines: tuple[TextLine, ...]


def from_json(content: Any) -> Recognised | None:
    """A reading as JSON gives it back, tuples having become lists; None where the content is none."""
    try:
        turns, width, height, lines = content
        return Recognised(turns, width, height, tuple(_line_from_json(*line) for line in lines))
    except (TypeError, ValueError):
        return None


def _line_from_json(corners: Sequence[Sequence[float]], pieces: Sequence[Sequence[Any]]) -> TextLine:
    a, b, c, d = ((float(x), float(y)) for x, y in corners)
    return TextLine((a, b, c, d), tuple(Piece(text, start, end, tuple(sure)) for text, start, end, sure in pieces))


def place_words(seen: Recognised, points_per_pixel: float) -> list[Read]:
    """Every word with its box on a straightened page, in points from the top left, and its characters' probabilities.

    The words of a row have one height and one middle, as words of a text layer have.
    """
    straight = _straightened(seen)
    rows = _rows(straight)
    pitch = _typewriter_pitch(straight)
    words = [
        (_word(line, piece, row, points_per_pixel), piece.probabilities)
        for line, row in zip(straight, rows, strict=True)
        for piece in _closed_up(line, row[1], pitch)
    ]
    return list(_without_repetitions(words))


def _without_repetitions(words: Sequence[Read]) -> Iterator[Read]:
    """Leave out what was read twice, where the boxes of two lines overlap; doubt what was read in two ways."""
    for word, probabilities in words:
        over = [other for other, _ in words if other is not word and _lies_over(word, other)]
        if any(len(word.text) < len(other.text) and word.text in other.text for other in over):
            continue
        if any(word.text == other.text and word > other for other in over):
            continue
        read_otherwise = any(other.text not in word.text for other in over)
        yield word, tuple(min(p, _READ_IN_TWO_WAYS) for p in probabilities) if read_otherwise else probabilities


def _lies_over(word: Word, other: Word) -> bool:
    shared = min(word.x1, other.x1) - max(word.x0, other.x0)
    if shared <= _OVERLAP * min(word.x1 - word.x0, other.x1 - other.x0):
        return False
    apart = abs(word.top + word.bottom - other.top - other.bottom) / 2
    return apart < _LEVEL * min(word.bottom - word.top, other.bottom - other.top)


def _straightened(seen: Recognised) -> list[TextLine]:
    if not seen.lines:
        return []
    straightening = find_straightening(seen.lines, seen.width, seen.height)
    corners = np.array([line.corners for line in seen.lines], dtype=np.float64)
    moved = straightening.page_of(corners.reshape(-1, 2)).reshape(-1, 4, 2).tolist()
    return [
        line._replace(corners=((ax, ay), (bx, by), (cx, cy), (dx, dy)))
        for line, ((ax, ay), (bx, by), (cx, cy), (dx, dy)) in zip(seen.lines, moved, strict=True)
    ]


def _typewriter_pitch(lines: Sequence[TextLine]) -> float | None:
    """The room each letter takes where all take the same, as in typewriting, in pixels; else None."""
    pitches = sorted(
        (piece.end - piece.start) * line.length / (len(piece.text) - _SIDES)
        for line in lines
        for piece in line.pieces
        if len(piece.text) >= _LETTERS_TO_MEASURE
    )
    if len(pitches) < _LETTERS_TO_MEASURE:
        return None
    low, middle, high = (pitches[len(pitches) * share // 8] for share in (1, 4, 7))
    return middle if high - low < _ALIKE * middle else None


def _closed_up(line: TextLine, height: float, pitch: float | None) -> list[Piece]:
    """A line's words with a space between them: where letters touch by blur, and where words are set wide."""
    widest = max(_WIDEST_SPACE * height, _TYPEWRITER_SPACE * (pitch or 0.0))
    least, space, wide = (gap / max(line.length, 1.0) for gap in (_LEAST_SPACE * height, _SPACE * height, widest))
    pieces = list(line.pieces)
    for index, (piece, after) in enumerate(pairwise(line.pieces)):
        gap = after.start - piece.end
        if gap < least:
            pieces[index] = piece._replace(end=max(after.start - least, piece.start))
        elif space < gap < wide:
            pieces[index] = piece._replace(end=after.start - space)
    return pieces


def _rows(lines: Sequence[TextLine]) -> list[tuple[float, float]]:
    """For each line the middle and the height of the row it stands in: those of the lines level with it, about as high.

    Boxes of a recogniser are as high as the letters they hold; words of a text layer that stand level are level.
    """
    rows: list[list[int]] = []
    middles = [sum(y for _, y in line.corners) / 4 for line in lines]
    for index in sorted(range(len(lines)), key=middles.__getitem__):
        row = next((row for row in reversed(rows[-_ROWS_ABOVE:]) if _is_level(row, index, lines, middles)), None)
        if row is None:
            rows.append(row := [])
        row.append(index)
    place = {index: row for row in rows for index in row}
    return [
        (median(middles[other] for other in place[index]), median(lines[other].height for other in place[index]))
        for index in range(len(lines))
    ]


def _is_level(row: Sequence[int], index: int, lines: Sequence[TextLine], middles: Sequence[float]) -> bool:
    height, other = lines[index].height, lines[row[0]].height
    alike = max(height, other) < _LIKE_HEIGHT * min(height, other) and is_upright(lines[index]) == is_upright(
        lines[row[0]]
    )
    return alike and abs(median(middles[i] for i in row) - middles[index]) < _LEVEL * min(height, other)


def _word(line: TextLine, piece: Piece, row: tuple[float, float], scale: float) -> Word:
    """The box of a word: along the line as measured, across it as high as its row."""
    middle, height = row
    (ax, ay), (bx, by), (cx, cy), (dx, dy) = line.corners
    begin = ((ax + dx) / 2, (ay + dy) / 2)
    end = ((bx + cx) / 2, (by + cy) / 2)

    def along(share: float) -> Point:
        return begin[0] + share * (end[0] - begin[0]), begin[1] + share * (end[1] - begin[1])

    (x0, y0), (x1, y1) = along(piece.start), along(piece.end)
    half = height / 2
    if is_upright(line):
        box = (min(x0, x1) - half, min(y0, y1), max(x0, x1) + half, max(y0, y1))
    else:
        box = (min(x0, x1), middle - half, max(x0, x1), middle + half)
    left, top, right, bottom = (round(coordinate * scale, 2) for coordinate in box)
    return Word(left, top, right, bottom, piece.text)
