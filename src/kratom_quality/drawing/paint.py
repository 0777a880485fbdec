"""Marks painted over a grey page, and a legend below it: the only module that draws."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from PIL import Image, ImageDraw, ImageFont

from kratom_quality.drawing.marks import Ink, Mark
from kratom_quality.printable import printable
from kratom_quality.records import Box

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_Font = ImageFont.FreeTypeFont | ImageFont.ImageFont

_TINT = 84  # of 255
_FRAME = 0.6  # points
_BAR = 2.5  # points, at the left of a row
_ROOM = 1.0  # points between a row's cells and its frame
_TEXT = 9.0  # points
_LABEL = 7.0
_LEGEND_WIDTH = 612.0  # points the legend takes a page to be wide: its text grows with the picture
_MARGIN = 14.0
_LEADING = 1.5  # lines of text, in its height
_MOST_NOTES = 24
_ABOVE = 80.0  # points shown over a row that is cut out, so that heads of columns are seen where they are near
_BELOW = 28.0
_FONT = ("mpl-data", "fonts", "ttf", "DejaVuSans.ttf")  # of matplotlib; it has the letters certificates print


def paint(pixels: NDArray[np.uint8], width: float, marks: Sequence[Mark], notes: Sequence[str]) -> Image.Image:
    """Paint marks over a page, and a legend and notes below.

    Parameters
    ----------
    pixels
        The page in grey levels.
    width
        The page's width in points.
    marks
        In the order they are painted.
    notes
        Lines for below the legend, the first of them a title.
    """
    scale = pixels.shape[1] / width
    page = Image.fromarray(pixels).convert("RGB")
    _tint(page, [mark for mark in marks if not mark.ink.is_frame], scale)
    draw = ImageDraw.Draw(page)
    for mark in marks:
        if mark.ink.is_frame:
            _frame(draw, mark, scale, page.width)
    return _with_legend(page, {mark.ink for mark in marks}, notes)


def paint_rows(pixels: NDArray[np.uint8], width: float, boxes: Sequence[Box]) -> Image.Image:
    """Cut out the part of a page that has some rows, the width of the page and with what stands near, and frame them.

    Parameters
    ----------
    pixels, width
        As for :func:`paint`.
    boxes
        One or more, in points; one may lie beyond the page.
    """
    scale = pixels.shape[1] / width
    page = Image.fromarray(pixels).convert("RGB")
    _tint(page, [Mark(box, Ink.UNSURE) for box in boxes], scale)
    draw = ImageDraw.Draw(page)
    for box in boxes:
        _frame(draw, Mark(box, Ink.PROBLEM), scale, page.width)
    top = max(0, round(scale * (min(box[1] for box in boxes) - _ABOVE)))
    bottom = min(page.height, round(scale * (max(box[3] for box in boxes) + _BELOW)))
    return page.crop((0, top, page.width, bottom)) if top < bottom else page


def _tint(page: Image.Image, marks: Sequence[Mark], scale: float) -> None:
    layer = Image.new("RGBA", page.size)
    draw = ImageDraw.Draw(layer)
    for mark in marks:
        box = [coordinate * scale for coordinate in mark.box]
        outline = (*mark.ink.colour, 255) if mark.ink is Ink.UNREAD else None
        draw.rectangle(box, fill=(*mark.ink.colour, _TINT), outline=outline)
    page.paste(layer, mask=layer)


def _frame(draw: ImageDraw.ImageDraw, mark: Mark, scale: float, page_width: int) -> None:
    x0, top, x1, bottom = (coordinate * scale for coordinate in mark.box)
    room, line = _ROOM * scale, max(1, round(_FRAME * scale))
    draw.rectangle((x0 - room, top - room, x1 + room, bottom + room), outline=mark.ink.colour, width=line)
    draw.rectangle((x0 - room - _BAR * scale, top - room, x0 - room, bottom + room), fill=mark.ink.colour)
    if mark.label:
        size = min(_LABEL * scale, bottom - top)
        font = _font(round(size))
        wide = draw.textlength(mark.label, font) + 4 * room
        left = min(x1 + room, page_width - wide)
        middle, half = (top + bottom) / 2, 0.6 * size
        draw.rectangle((left, middle - half, left + wide, middle + half), fill=mark.ink.colour)
        draw.text((left + 2 * room, middle), mark.label, "white", font, anchor="lm")


def _with_legend(page: Image.Image, inks: set[Ink], notes: Sequence[str]) -> Image.Image:
    """The page with what its colours say and the notes on a strip of its own below."""
    scale = page.width / _LEGEND_WIDTH
    size = _TEXT * scale
    font = _font(round(size))
    lines = _wrapped(notes, page.width - 2 * _MARGIN * scale, font)
    entries = _placed([ink for ink in Ink if ink in inks], page.width, scale)
    rows = entries[-1][1] + 1 if entries else 0
    height = 2 * _MARGIN * scale + _LEADING * size * (rows + len(lines))
    sheet = Image.new("RGB", (page.width, page.height + round(height)), "white")
    sheet.paste(page)
    draw = ImageDraw.Draw(sheet)
    draw.line((0, page.height, page.width, page.height), fill=(90, 90, 90), width=max(1, round(scale)))
    y = page.height + _MARGIN * scale
    for line in lines[:1]:
        draw.text((_MARGIN * scale, y), line, "black", font)
    for ink, row, x in entries:
        _entry(draw, ink, x, y + _LEADING * size * (1 + row), size)
    for number, line in enumerate(lines[1:], rows + 1):
        draw.text((_MARGIN * scale, y + _LEADING * size * number), line, "black", font)
    return sheet


def _placed(inks: Sequence[Ink], width: int, scale: float) -> list[tuple[Ink, int, float]]:
    """Where each entry of the legend stands: its row, and how far to the right."""
    size, margin = _TEXT * scale, _MARGIN * scale
    placed: list[tuple[Ink, int, float]] = []
    row, x = 0, margin
    for ink in inks:
        needed = 2.2 * size + _font(round(size)).getlength(ink.meaning) + size
        if x + needed > width and x > margin:
            row, x = row + 1, margin
        placed.append((ink, row, x))
        x += needed
    return placed


def _entry(draw: ImageDraw.ImageDraw, ink: Ink, x: float, y: float, size: float) -> None:
    sample = (x, y + 0.1 * size, x + 1.6 * size, y + 1.1 * size)
    faded = tuple((level * _TINT + 255 * (255 - _TINT)) // 255 for level in ink.colour)
    if ink.is_frame:
        draw.rectangle(sample, outline=ink.colour, width=max(1, round(size / 12)))
        draw.rectangle((*sample[:2], x + 0.3 * size, sample[3]), fill=ink.colour)
    else:
        draw.rectangle(sample, fill=faded, outline=ink.colour if ink is Ink.UNREAD else None)
    draw.text((x + 2.0 * size, y), ink.meaning, "black", _font(round(size)))


def _wrapped(notes: Sequence[str], width: float, font: _Font) -> list[str]:
    """Notes in lines no wider than the page; where there are too many, how many more."""
    shown = [*notes[:_MOST_NOTES], *([f"... and {len(notes) - _MOST_NOTES} more"] if len(notes) > _MOST_NOTES else [])]
    lines: list[str] = []
    for note in shown:
        lines.append("")
        for word in printable(note).split():
            longer = f"{lines[-1]} {word}".lstrip()
            if lines[-1] and font.getlength(longer) > width:
                lines.append(word)
            else:
                lines[-1] = longer
    return lines


@lru_cache(maxsize=8)
def _font(size: int) -> _Font:
    package = find_spec("matplotlib")
    file = Path(package.origin).parent.joinpath(*_FONT) if package and package.origin else None
    if file is not None and file.is_file():
        return ImageFont.truetype(str(file), size)
    return ImageFont.load_default(size)
