"""What the ink of a line tells: where its words begin and end, and how large its type is."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from statistics import median
from typing import TYPE_CHECKING

import numpy as np

from kratom_quality.reading.recognised import Piece

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Ink = NDArray[np.bool_]

# Ink that is no letter's, in heights of the line: a rule across the line or along it, which may be a little aslant.
_HIGHER_THAN_A_LETTER = 0.9
_LONGER_THAN_A_LETTER = 1.2
# Shares of a line's height. A gap this wide parts two words even where the recogniser gave no space: 99.5 % of the gaps
# between letters are below 0.2; letter-spaced lines have wider ones throughout.
_SPACE = 0.3
_TIMES_A_USUAL_GAP = 4
# Measures of type, in its size: those of common book and screen types, which differ by a tenth or so.
_X_HEIGHT, _ASCENT, _DESCENT = 0.52, 0.21, 0.21
ABOVE_BASELINE, BELOW_BASELINE = 0.92, 0.23
_ASCENDS = frozenset("bdfhklti%<>()[]{}/|&!?'\"")
_DESCENDS = frozenset("gjpqyµ")
# Room a character takes along the line, in the size of type: about the mean of common types.
_NARROW, _WIDE = frozenset(" .,:;'|!()[]/iIjlft1-"), frozenset("mwMW%@µ")
_NARROW_ROOM, _ROOM, _CAPITAL_ROOM, _WIDE_ROOM = 0.33, 0.53, 0.66, 0.85
_AS_LARGE = 1.45  # how much larger than by its length type may be by its height
_SMALLEST_TYPE, _LARGEST_TYPE = 0.45, 0.9  # shares of the recogniser's box
_EDGE = 0.2  # of a line's height: what stands nearer to an edge of the box is no letter


def find_ink(picture: NDArray[np.uint8]) -> Ink:
    """Which pixels of a line stand out from the background, without those of rules around the letters."""
    grey = picture.mean(axis=2)
    contrast = np.abs(grey - np.median(grey))
    inked: Ink = contrast > max(0.5 * np.percentile(contrast, 98), 24.0)
    height = len(inked)
    down = _long_strokes(inked.T, round(_HIGHER_THAN_A_LETTER * height)).T
    along = _long_strokes(inked, round(_LONGER_THAN_A_LETTER * height))
    return inked & ~down & ~along


def _long_strokes(inked: Ink, length: int) -> Ink:
    """Ink in unbroken runs of at least some pixels along the rows."""
    if length > inked.shape[1] or length < 1:
        return np.zeros_like(inked)
    sums: NDArray[np.int64] = np.cumsum(np.pad(inked, ((0, 0), (1, 0))), axis=1)
    begins = sums[:, length:] - sums[:, :-length] == length
    spread: NDArray[np.int64] = np.cumsum(np.pad(begins, ((0, 0), (length, length))), axis=1)
    strokes: Ink = spread[:, length : length + inked.shape[1]] - spread[:, : inked.shape[1]] > 0
    return strokes


def fineness(picture: NDArray[np.uint8]) -> float:
    """How many pixels of the height of a line were told apart when it was scanned, about."""
    grey = picture.mean(axis=2)
    range_ = np.percentile(grey, 99) - np.percentile(grey, 1)
    if range_ == 0 or grey.shape[1] < 2:
        return 0.0
    return float(np.percentile(np.abs(np.diff(grey, axis=1)), 98) / range_ * len(grey))


def without_edges(ink: Ink, strokes: NDArray[np.int32], boxes: NDArray[np.int32]) -> Ink:
    """Ink without what stands near the edges of the box alone: pieces of rules, and the feet of the line above.

    Parameters
    ----------
    ink
        Which pixels of the line are inked.
    strokes, boxes
        For every pixel the number of the stroke it is of, and for every stroke its x, y, width and height.
    """
    x, y, width, height = boxes.T
    band = _EDGE * len(ink)
    stray = (y + height <= band) | (y >= len(ink) - band) | (x + width <= band) | (x >= ink.shape[1] - band)
    stray[0] = False
    kept: Ink = ink & ~stray[strokes]
    return kept


def extent(index: int, centres: Sequence[float], ink: Ink) -> tuple[int, int] | None:
    """First and behind the last row of a character's ink; it ends where between it and its neighbours ink is least."""
    left, right = (
        _least_inked(ink, centres[index], centres[other]) if 0 <= other < len(centres) else edge
        for other, edge in ((index - 1, 0), (index + 1, ink.shape[1]))
    )
    rows = np.flatnonzero(ink[:, left:right].any(axis=1))
    return (int(rows[0]), int(rows[-1]) + 1) if len(rows) else None


def _least_inked(ink: Ink, one: float, other: float) -> int:
    left, right = sorted((round(one), round(other)))
    columns = ink[:, left : right + 1].sum(axis=0)
    candidates = left + np.flatnonzero(columns == columns.min(initial=len(ink)))
    return int(min(candidates, key=lambda column: abs(column - (one + other) / 2), default=left))


def part_line(
    text: str, centres: Sequence[float], probabilities: Sequence[float], ink: Sequence[bool], height: float
) -> tuple[Piece, ...]:
    """Part a recognised line into words, each as wide as its ink; what has none belongs to a neighbouring line.

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
        if x1 > x0 or len(pieces) == 1
    )


def type_box(text: str, ink: Ink) -> tuple[float, float]:
    """Top and bottom of a line's type, as the text layer's boxes have them: room for ascenders and descenders.

    A recogniser's box follows the letters, its own sense of room, and whatever strokes cross the line. The height of
    the ink and the letters in the text tell how large the type is and where its baseline lies; where that does not go
    with the room the letters take along the line, this room tells, and the type stands where most ink is.

    Parameters
    ----------
    text
        The line as read.
    ink
        Which pixels of the line are inked.
    """
    rows = ink.sum(axis=1)
    top, bottom = _densest_run(rows.tolist())
    ascends = any(character.isdigit() or character.isupper() or character in _ASCENDS for character in text)
    descends = any(character in _DESCENDS for character in text)
    share = _X_HEIGHT + _ASCENT * ascends + _DESCENT * descends
    size = (bottom - top) / share
    expected = min(_size_by_length(text, ink), _LARGEST_TYPE * len(ink))
    if expected and (size > _AS_LARGE * expected or size < _SMALLEST_TYPE * min(expected, len(ink))):
        size = expected
        top, bottom = _most_inked(rows, round(size * share))
    baseline = bottom - _DESCENT * descends * size
    return baseline - ABOVE_BASELINE * size, baseline + BELOW_BASELINE * size


def _size_by_length(text: str, ink: Ink) -> float:
    """How large type is that takes as much room along the line as there is ink; 0 where there is none."""
    columns = np.flatnonzero(ink.any(axis=0))
    room = sum(_room(character) for character in text.strip())
    return float(columns[-1] + 1 - columns[0]) / room if len(columns) and room else 0.0


def _room(character: str) -> float:
    if character in _NARROW:
        return _NARROW_ROOM
    return _WIDE_ROOM if character in _WIDE else _CAPITAL_ROOM if character.isupper() else _ROOM


def _most_inked(rows: NDArray[np.int64], height: int) -> tuple[int, int]:
    """The window of a height that holds most ink; of several, the one nearest to the middle."""
    length = min(max(height, 1), len(rows))
    held = np.convolve(rows, np.ones(length), "valid")
    places = np.flatnonzero(held == held.max())
    top = min(places.tolist(), key=lambda place: abs(place + (length - len(rows)) / 2))
    return top, top + length


def _densest_run(ink: Sequence[int]) -> tuple[int, int]:
    """First and behind the last of the unbroken run of inked rows that holds the row with most ink near the middle."""
    near_the_middle = range(len(ink) // 4, max(3 * len(ink) // 4, 1))
    top = bottom = max(near_the_middle, key=ink.__getitem__)
    while top > 0 and ink[top - 1]:
        top -= 1
    while bottom < len(ink) and ink[bottom]:
        bottom += 1
    return top, bottom


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
