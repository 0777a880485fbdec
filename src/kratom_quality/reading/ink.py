"""What the ink inside a recognised line tells: where its words begin and end, and how large its type is."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from statistics import median

from kratom_quality.reading.recognised import Piece

# Shares of a line's height. A gap this wide parts two words even where the recogniser gave no space: 99.5 % of the gaps
# between letters are below 0.2; letter-spaced lines have wider ones throughout.
_SPACE = 0.3
_TIMES_A_USUAL_GAP = 4
# Measures of type, in its size: those of common book and screen types, which differ by a tenth or so.
_X_HEIGHT, _ASCENT, _DESCENT = 0.52, 0.21, 0.21
_ABOVE_BASELINE, _BELOW_BASELINE = 0.92, 0.23
_ASCENDS = frozenset("bdfhklti%<>()[]{}/|&!?'\"")
_DESCENDS = frozenset("gjpqyµ")
# Shares of the recogniser's box between which the type's is believed.
_SMALLEST_TYPE, _LARGEST_TYPE = 0.45, 1.3


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


def type_box(text: str, ink: Sequence[int]) -> tuple[float, float]:
    """Top and bottom of a line's type, as the text layer's boxes have them: room for ascenders and descenders.

    A recogniser's box follows the letters and its own sense of room; the height of the ink and the letters in the text
    tell how large the type is and where its baseline lies. Where the two do not fit, the recogniser's box stays.

    Parameters
    ----------
    ink
        Number of inked pixels in each row of the line's box.
    """
    whole = (0.0, float(len(ink)))
    top, bottom = _densest_run(ink)
    ascends = any(character.isdigit() or character.isupper() or character in _ASCENDS for character in text)
    descends = any(character in _DESCENDS for character in text)
    size = (bottom - top) / (_X_HEIGHT + _ASCENT * ascends + _DESCENT * descends)
    baseline = bottom - _DESCENT * descends * size
    box = (baseline - _ABOVE_BASELINE * size, baseline + _BELOW_BASELINE * size)
    return box if _SMALLEST_TYPE * len(ink) <= box[1] - box[0] <= _LARGEST_TYPE * len(ink) else whole


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
