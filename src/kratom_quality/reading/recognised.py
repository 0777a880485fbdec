"""What a text recogniser saw in a picture, and its way to words on a page.

A recogniser gives lines with four corners and, for every character, how sure it is. Here the lines are set straight,
parted into words and measured in points, so that everything behind a :class:`Page` need not know where words come from.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise
from statistics import median
from typing import NamedTuple

from kratom_quality.reading.page import Word

Point = tuple[float, float]

# Shares of a line's height. A gap this wide parts two words even where the recogniser gave no space: 99.5 % of the gaps
# between letters are below 0.2; letter-spaced lines have wider ones throughout.
_SPACE = 0.3
_TIMES_A_USUAL_GAP = 4
_LEAST_SPACE = 0.15
_WIDEST_SPACE = 0.5
_LEVEL = 0.25
_LIKE_HEIGHT = 1.4
_LONG = 4.0
_ROWS_ABOVE = 6


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
    gaps = [_widest_gap(ink, centres[before], centres[after]) for before, after in pairwise(printed)]
    space = max(_SPACE * height, _TIMES_A_USUAL_GAP * median([right - left for left, right in gaps] or [0]))
    pieces, begin, start = [], 0, float(first)
    for place, (left, right) in enumerate(gaps, 1):
        if printed[place] - printed[place - 1] > 1 or right - left > space:
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

    The words of a row have one height and one middle, as words of a text layer have.
    """
    angle = _skew(seen.lines)
    centre = (seen.width / 2, seen.height / 2)
    straight = [_turned(line, -angle, centre) for line in seen.lines]
    return [
        (_word(line, piece, row, points_per_pixel), piece.probabilities)
        for line, row in zip(straight, _rows(straight), strict=True)
        for piece in _closed_up(line, row[1])
    ]


def _closed_up(line: TextLine, height: float) -> list[Piece]:
    """A line's words with a space between them: where letters touch by blur, and where a heading is set wide."""
    least, space, wide = (share * height / max(line.length, 1.0) for share in (_LEAST_SPACE, _SPACE, _WIDEST_SPACE))
    pieces = list(line.pieces)
    for index, (piece, after) in enumerate(pairwise(line.pieces)):
        gap = after.start - piece.end
        if gap < least:
            pieces[index] = piece._replace(end=max(after.start - least, piece.start))
        elif space < gap < wide:
            pieces[index] = piece._replace(end=after.start - space)
    return pieces


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
    alike = max(height, other) < _LIKE_HEIGHT * min(height, other) and _is_upright(lines[index]) == _is_upright(
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
    if _is_upright(line):
        box = (min(x0, x1) - half, min(y0, y1), max(x0, x1) + half, max(y0, y1))
    else:
        box = (min(x0, x1), middle - half, max(x0, x1), middle + half)
    return Word(*(round(coordinate * scale, 2) for coordinate in box), piece.text)
