"""The one form every reader gives: pages of words with boxes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any, Literal, NamedTuple

from kratom_quality.records import Box


class Word(NamedTuple):
    """A run of characters without a gap; the box is in PDF points from the top left of the page, text upright."""

    x0: float
    top: float
    x1: float
    bottom: float
    text: str


_NOTHING: Mapping[Word, float] = MappingProxyType({})
_NO_FONTS: Mapping[Word, str] = MappingProxyType({})


class Page(NamedTuple):
    """One page with its text upright: rotation and crop box are already applied.

    Parameters
    ----------
    links
        The boxes of links, with the address each leads to as its text.
    unmapped
        Share of the characters whose font does not say what they mean.
    reader
        Who gave the words.
    sureness
        Words read by OCR -> the probability of their least certain character; words of a text layer have none.
    quarter_turns
        How often the page as displayed was turned clockwise by 90 degrees, for its text layer to be upright.
    fonts
        The names of the fonts that numbers are set in, as the PDF gives them.
    """

    number: int
    width: float
    height: float
    words: tuple[Word, ...]
    links: tuple[Word, ...] = ()
    unmapped: float = 0.0
    reader: Literal["pdfium", "pdfplumber", "ocr"] = "pdfium"
    sureness: Mapping[Word, float] = _NOTHING
    quarter_turns: int = 0
    fonts: Mapping[Word, str] = _NO_FONTS

    def displayed(self, box: Box) -> Box:
        """Where a box stands on the page as displayed, which may show the text on its side."""
        x0, top, x1, bottom = box
        match self.quarter_turns:
            case 1:
                turned = (top, self.width - x1, bottom, self.width - x0)
            case 2:
                turned = (self.width - x1, self.height - bottom, self.width - x0, self.height - top)
            case 3:
                turned = (self.height - bottom, x0, self.height - top, x1)
            case _:
                return box
        return enclosing([turned])

    def upright(self, box: Box) -> Box:
        """Where a box of the page as displayed stands on the page with its text upright."""
        width, height = (self.height, self.width) if self.quarter_turns % 2 else (self.width, self.height)
        back = self._replace(width=width, height=height, quarter_turns=-self.quarter_turns % 4)
        return back.displayed(box)


def enclosing(boxes: Sequence[tuple[Any, ...]]) -> Box:
    """The smallest box around all boxes, rounded to a tenth of a point; each begins with x0, top, x1, bottom."""
    x0, top, x1, bottom, *_ = zip(*boxes, strict=True)
    return round(min(x0), 1), round(min(top), 1), round(max(x1), 1), round(max(bottom), 1)
