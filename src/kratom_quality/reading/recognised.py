"""What a text recogniser saw in a picture, and its way to words on a page.

A recogniser gives lines with four corners and, for every character, how sure it is. Here the lines are set straight,
parted into words and measured in points, so that everything behind a :class:`Page` need not know where words come from.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from statistics import median
from typing import NamedTuple

from kratom_quality.reading.page import Word

Point = tuple[float, float]

# Shares of a line's height. A gap this wide parts two words even where the recogniser printed no space.
_COLUMN_GAP = 0.6
_ROW_NEIGHBOUR = 0.5
_LIKE_HEIGHT = 1.4
_LONG = 4.0


class Piece(NamedTuple):
    """One word of a line: where it begins and ends, as shares of the line's length, and each character's probability."""

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


def part_line(
    text: str, centres: Sequence[float], probabilities: Sequence[float], ink: Sequence[bool], height: float
) -> tuple[Piece, ...]:
    """Part a recognised line into words, each as wide as its ink.

    Parameters
    ----------
    text
        The line as recognised; it may hold spaces.
    centres, probabilities
        For every character, spaces included: about where it stands along the line, in pixels, and how sure it is.
    ink
        For every pixel along the line, whether anything is printed above or below it.
    height
        Height of the line in pixels.
    """
    printed = [index for index, character in enumerate(text) if not character.isspace()]
    if not printed:
        return ()
    first, last = _inked(ink, 0, len(ink)) or (0, len(ink))
    pieces, begin, start = [], 0, float(first)
    for place in range(1, len(printed)):
        before, after = printed[place - 1], printed[place]
        left, right = _widest_gap(ink, centres[before], centres[after])
        if after - before > 1 or right - left > _COLUMN_GAP * height:
            pieces.append((begin, place, start, left))
            begin, start = place, right
    pieces.append((begin, len(printed), start, float(last)))
    size = max(len(ink), 1)
    return tuple(
        Piece(
            "".join(text[index] for index in printed[a:b]),
            x0 / size,
            max(x0, x1) / size,
            tuple(probabilities[index] for index in printed[a:b]),
        )
        for a, b, x0, x1 in pieces
    )


def _inked(ink: Sequence[bool], start: int, end: int) -> tuple[int, int] | None:
    places = [place for place in range(start, end) if ink[place]]
    return (places[0], places[-1] + 1) if places else None


def _widest_gap(ink: Sequence[bool], before: float, after: float) -> tuple[float, float]:
    """The longest run without ink between two characters; their middle where there is none."""
    best = (0, 0)
    begin: int | None = None
    for place in range(max(round(before), 0), min(round(after), len(ink) - 1) + 1):
        if ink[place]:
            begin = None
            continue
        begin = place if begin is None else begin
        if place + 1 - begin > best[1] - best[0]:
            best = (begin, place + 1)
    middle = (before + after) / 2
    return best if best[1] > best[0] else (middle, middle)


def place_words(seen: Recognised, points_per_pixel: float) -> list[tuple[Word, tuple[float, ...]]]:
    """Every word with its box on a straightened page, in points from the top left, and its characters' probabilities.

    Text boxes of a recogniser are as high as the letters they hold; here the words of a row have one height, as words
    of a text layer have.
    """
    angle = _skew(seen.lines)
    centre = (seen.width / 2, seen.height / 2)
    straight = [_turned(line, -angle, centre) for line in seen.lines]
    heights = _common_heights(straight)
    placed = []
    for line, height in zip(straight, heights, strict=True):
        for piece in line.pieces:
            placed.append((_word(line, piece, height, points_per_pixel), piece.probabilities))
    return placed


def _skew(lines: Sequence[TextLine]) -> float:
    """The angle most text stands at: the median of long lines, weighted by their length."""
    long = sorted(
        (line.angle, line.length) for line in lines if line.length > _LONG * line.height and not _is_upright(line)
    )
    half = sum(length for _, length in long) / 2
    for angle, length in long:
        half -= length
        if half <= 0:
            return angle
    return 0.0


def _is_upright(line: TextLine) -> bool:
    return abs(math.sin(line.angle)) > math.sqrt(0.5)


def _turned(line: TextLine, angle: float, centre: Point) -> TextLine:
    if not angle:
        return line
    cosine, sine = math.cos(angle), math.sin(angle)

    def turn(point: Point) -> Point:
        x, y = point[0] - centre[0], point[1] - centre[1]
        return centre[0] + x * cosine - y * sine, centre[1] + x * sine + y * cosine

    a, b, c, d = line.corners
    return line._replace(corners=(turn(a), turn(b), turn(c), turn(d)))


def _common_heights(lines: Sequence[TextLine]) -> list[float]:
    """For each line the median height of the lines level with it that are about as high."""
    heights = []
    for line in lines:
        level = [
            other.height
            for other in lines
            if abs(_middle(other)[1] - _middle(line)[1]) < _ROW_NEIGHBOUR * line.height
            and max(other.height, line.height) < _LIKE_HEIGHT * min(other.height, line.height)
        ]
        heights.append(median(level))
    return heights


def _middle(line: TextLine) -> Point:
    return sum(x for x, _ in line.corners) / 4, sum(y for _, y in line.corners) / 4


def _word(line: TextLine, piece: Piece, height: float, scale: float) -> Word:
    """The box of a word: along the line as measured, across it as high as its row."""
    (ax, ay), (bx, by), (cx, cy), (dx, dy) = line.corners
    begin = ((ax + dx) / 2, (ay + dy) / 2)
    end = ((bx + cx) / 2, (by + cy) / 2)

    def along(share: float) -> Point:
        return begin[0] + share * (end[0] - begin[0]), begin[1] + share * (end[1] - begin[1])

    (x0, y0), (x1, y1) = along(piece.start), along(piece.end)
    half = height / 2
    if _is_upright(line):
        box = (min(x0, x1) - half, min(y0, y1), max(x0, x1) + half, max(y0, y1))
    else:
        middle = (begin[1] + end[1]) / 2
        box = (min(x0, x1), middle - half, max(x0, x1), middle + half)
    return Word(*(round(coordinate * scale, 2) for coordinate in box), piece.text)
