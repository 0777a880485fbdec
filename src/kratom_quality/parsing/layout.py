"""Words into cells, cells into lines: the geometry everything else is read from."""

from __future__ import annotations

import itertools
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from statistics import median
from typing import NamedTuple

from kratom_quality.reading.page import Page, Word

# Shares of the text height. Spaces measure 0.2 to 0.3 of it in the fonts certificates use, the gap between two columns
# seldom less than 0.5; words of one line differ by a few hundredths, the lines of a neighbouring table by more.
_SPACE = 0.36
_SAME_LINE = 0.3
_BEFORE_BRACKET = 1.8
_SAME_PLACE = 0.15
_SAME_LAYER = 0.1
_LETTERS_SAMPLED = 300  # words
_TYPEWRITER_SPACE = 1.4  # letters
_LETTER_SPACE = 0.75  # letters; fonts whose boxes are low for their width have wide spaces for their height
_EQUAL_WIDTHS = 0.2  # boxes differ a little in height from letter to letter; other fonts' widths differ by half
_SAME_WORD = 0.06
_EXPONENT = 0.85
_TOUCHING = 0.15
_LONGEST_CELL = 600  # characters; the longest line of small print known to us has 280
_MOST_UPRIGHT = 500  # words; the heads of a table are a few dozen
_LARGE = 1.8  # times the median height


class Cell(NamedTuple):
    """Words of one line with nothing but spaces between them."""

    x0: float
    top: float
    x1: float
    bottom: float
    text: str
    words: tuple[Word, ...]

    @property
    def middle(self) -> float:
        """Height of the cell's middle on the page."""
        return (self.top + self.bottom) / 2

    @property
    def height(self) -> float:
        """Height of the text."""
        return self.bottom - self.top


class Line(NamedTuple):
    """Cells of one height, from left to right."""

    middle: float
    height: float
    cells: tuple[Cell, ...]

    @property
    def text(self) -> str:
        """The line as one string, two blanks between cells."""
        return "  ".join(cell.text for cell in self.cells)


class _Spacing(NamedTuple):
    """The gap that parts two cells, in text heights."""

    width: float
    typewritten: bool


class Sheet(NamedTuple):
    """A page laid out in lines, top to bottom."""

    number: int
    width: float
    height: float
    lines: tuple[Line, ...]
    by_ocr: bool = False


def lay_out(page: Page) -> Sheet:
    """Lay a page's words out in lines of cells; the order in which the words come does not matter."""
    words = _with_exponents(_laid_level(page.words))
    return Sheet(page.number, page.width, page.height, tuple(_lines(words)), page.reader == "ocr")


def make_cell(words: Sequence[Word]) -> Cell:
    """Join neighbouring words of one line."""
    if len(words) == 1:
        (word,) = words
        return Cell(*word, (word,))
    starts, tops, ends, bottoms, texts = zip(*words, strict=True)
    return Cell(starts[0], min(tops), max(ends), max(bottoms), " ".join(texts), tuple(words))


def overlap(a0: float, a1: float, b0: float, b1: float) -> float:
    """Length the spans a and b share; negative is the gap between them."""
    return (a1 if a1 < b1 else b1) - (a0 if a0 > b0 else b0)


def _laid_level(words: Sequence[Word]) -> Sequence[Word]:
    """Lay words that are set on end, as heads of narrow columns are, at the foot of where they stand.

    Only their shape tells them: much higher than wide. Words above each other are read upwards.
    """
    upright = [word for word in words if len(word.text) > 2 and word.bottom - word.top > 1.5 * (word.x1 - word.x0)]
    if not 0 < len(upright) <= _MOST_UPRIGHT:
        return words
    columns: list[list[Word]] = []
    tall = frozenset(upright)
    for word in sorted(words, key=lambda word: -word.bottom):
        column = next((column for column in columns if _stands_on(word, column[-1])), None)
        if column is not None:
            column.append(word)
        elif word in tall or len(word.text) == 1:  # a first letter may be set apart from the rest
            columns.append([word])
    on_end = [column for column in columns if not tall.isdisjoint(column)]
    columns = [column for column in columns if any(_begin_alike(column[0], other[0]) for other in on_end)]
    stood = {word for column in columns for word in column}
    return [*(word for word in words if word not in stood), *map(_level, columns)]


def _stands_on(word: Word, below: Word) -> bool:
    width = below.x1 - below.x0
    gap = below.top - word.bottom
    if not -0.3 * width < gap < 0.6 * width:
        return False
    same_column = overlap(word.x0, word.x1, below.x0, below.x1) > 0.6 * min(width, word.x1 - word.x0)
    return same_column and word.x1 - word.x0 < 1.6 * width


def _begin_alike(word: Word, other: Word) -> bool:
    """Whether two words that may be set on end have one foot and one size, as the heads of one table do."""
    width = other.x1 - other.x0
    return abs(word.bottom - other.bottom) < 0.1 * width and abs(word.x1 - word.x0 - width) < 0.1 * width


def _level(column: Sequence[Word]) -> Word:
    bottom, text = column[0].bottom, column[0].text
    for below, word in itertools.pairwise(column):
        touches = below.top - word.bottom < _TOUCHING * (word.x1 - word.x0)
        text += word.text if touches else f" {word.text}"
    x0, x1 = min(word.x0 for word in column), max(word.x1 for word in column)
    return Word(x0, bottom - (x1 - x0), x1, bottom, text)


def _with_exponents(words: Sequence[Word]) -> Sequence[Word]:
    """Join a small raised number to the 10 before it: ``10^4``."""
    bases = [word for word in words if word.text.endswith("10")]
    raised = [word for word in words if word.text.isdigit() and len(word.text) <= 2] if bases else []
    raised.sort()
    powers = {base: word for base in bases for word in _beside(base, raised) if _is_exponent(word, base)}
    if not powers:
        return words
    gone = set(powers.values())
    joined = (_power(word, powers[word]) if word in powers else word for word in words)
    return [word for word in joined if word not in gone]


def _beside(base: Word, words: Sequence[Word]) -> Sequence[Word]:
    """Those of the words, sorted from left to right, that begin about where the base ends."""
    reach = 0.2 * (base.bottom - base.top)
    return words[bisect_left(words, base.x1 - reach, key=_left) : bisect_right(words, base.x1 + reach, key=_left)]


def _left(word: Word) -> float:
    return word.x0


def _is_exponent(word: Word, base: Word) -> bool:
    height = base.bottom - base.top
    small = word.bottom - word.top < _EXPONENT * height
    touches = abs(word.x0 - base.x1) < 0.2 * height
    return small and touches and base.top - 0.5 * height < word.top and _middle(word) < _middle(base) - 0.1 * height


def _power(base: Word, exponent: Word) -> Word:
    return base._replace(x1=exponent.x1, text=f"{base.text}^{exponent.text}")


def _spacing(words: Sequence[Word]) -> _Spacing:
    """How far apart two cells stand, by how wide the letters are: in typewriting all are equally wide."""
    sample = [word for word in words[:_LETTERS_SAMPLED] if len(word.text) > 2]
    widths = sorted((word.x1 - word.x0) / len(word.text) / (word.bottom - word.top) for word in sample)
    if not widths:
        return _Spacing(_SPACE, typewritten=False)
    least, middle, most = (widths[place] for place in (len(widths) // 20, len(widths) // 2, -1 - len(widths) // 20))
    if most - least <= _EQUAL_WIDTHS * middle:
        return _Spacing(_TYPEWRITER_SPACE * middle, typewritten=True)
    return _Spacing(max(_SPACE, _LETTER_SPACE * middle), typewritten=False)


def _lines(words: Sequence[Word]) -> list[Line]:
    """Lines top to bottom; what is set much larger than the rest, titles and watermarks, makes lines of its own."""
    if not words:
        return []
    spacing = _spacing(words)
    large = _smallest_large_height(words)
    normal = _lines_of([word for word in words if word.bottom - word.top < large], spacing)
    oversized = _lines_of([word for word in words if word.bottom - word.top >= large], spacing)
    return sorted(normal + oversized, key=lambda line: line.middle) if oversized else normal


def _smallest_large_height(words: Sequence[Word]) -> float:
    """The height from which on text is set apart from the rest: much above the median, and with a gap below it."""
    heights = sorted([word[3] - word[1] for word in words])
    floor = _LARGE * median(heights)
    from_floor = heights[max(0, bisect_right(heights, floor) - 1) :]
    gaps = (above for below, above in itertools.pairwise(from_floor) if above > 1.4 * below)
    return next(gaps, float("inf"))


def _lines_of(words: Sequence[Word], spacing: _Spacing) -> list[Line]:
    lines: list[Line] = []
    current: list[Word] = []
    middle = height = 0.0
    for double_middle, bottom, word in sorted([(word[1] + word[3], word[3], word) for word in words]):
        word_height = bottom - word.top
        apart = double_middle / 2 - middle
        if current and apart <= _SAME_LINE * height and apart <= _SAME_LINE * word_height:
            current.append(word)
            continue
        if current:
            lines.extend(_line(highest, layer, spacing) for highest, layer in _layers(current))
        current, middle, height = [word], double_middle / 2, word_height
    if current:
        lines.extend(_line(highest, layer, spacing) for highest, layer in _layers(current))
    return lines


def _middle(word: Word) -> float:
    return (word.top + word.bottom) / 2


def _layers(words: Sequence[Word]) -> list[tuple[Word, list[Word]]]:
    """Part words of about one height that lie over each other, as a footer printed over a table's last row does.

    The words come from the highest to the lowest; each layer has its highest word beside it, and goes from left to
    right.
    """
    in_order = sorted(words)
    pairs = itertools.pairwise(in_order)
    if not any(before[2] > word[0] and _lies_over(before, word) for before, word in pairs):
        return [(words[0], in_order)]
    middles = [_middle(word) for word in words]
    steps = [above - below for below, above in itertools.pairwise(middles)]
    widest = max(range(len(steps)), key=steps.__getitem__) + 1
    if steps[widest - 1] < _SAME_LAYER * (words[0].bottom - words[0].top):
        return [(words[0], in_order)]
    return [(layer[0], sorted(layer)) for layer in (words[:widest], words[widest:])]


def _lies_over(before: Word, word: Word) -> bool:
    return before.x1 - word.x0 > 0.35 * min(before.x1 - before.x0, word.x1 - word.x0) and before.text != word.text


def _joined(before: Word, word: Word) -> Word:
    """One word that the PDF sets in parts, without room between them."""
    top, bottom = min(before.top, word.top), max(before.bottom, word.bottom)
    return Word(before.x0, top, word.x1, bottom, before.text + word.text)


def _line(highest: Word, words: Sequence[Word], spacing: _Spacing) -> Line:
    """Join the words of a line, from left to right, where no more than a space is between them."""
    cells: list[Cell] = []
    run = [words[0]]
    last, length = words[0], len(words[0].text)
    for word in words[1:]:
        height, last_height = word[3] - word[1], last[3] - last[1]
        gap = word[0] - last[2]
        if word[4] == last[4] and word[0] - last[0] < _SAME_PLACE * height:
            continue  # bold print made by printing twice
        length += len(word[4]) + 1
        if length > _LONGEST_CELL:
            cells.append(make_cell(run))
            run, last, length = [word], word, len(word[4])
            continue
        if -_SAME_WORD * height < gap < _SAME_WORD * height:
            last = run[-1] = _joined(last, word)
            continue
        reach = spacing.width * (height if height < last_height else last_height)
        if gap < reach or (gap < _BEFORE_BRACKET * reach and not spacing.typewritten and _opens_bracket(last, word)):
            run.append(word)
        else:
            cells.append(make_cell(run))
            run, length = [word], len(word[4])
        last = word
    cells.append(make_cell(run))
    return Line(_middle(highest), highest.bottom - highest.top, tuple(cells))


def _opens_bracket(last: Word, word: Word) -> bool:
    return word.text[0] == "(" and last.text[-1] != ")"
