"""Words with boxes from pdfplumber: the second reader, thirty times slower than pdfium and of another make.

It is asked only for pages whose first reading contradicts itself. Where both give the same words, what is odd is on the
page; where they differ, one of them has misread.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterable, Mapping, Sequence
from io import BytesIO
from typing import Any

from kratom_quality.reading.defects import LIBRARY_DEFECTS
from kratom_quality.reading.page import Page, Word
from kratom_quality.reading.pdfium_text import (
    FAR_AWAY,
    LEAST_EXTENT,
    LONGEST_WORD,
    RAISED_TAIL,
    SYMBOLS,
    is_raised_letter,
    mark_raised,
)

_UNMAPPED = re.compile(r"\(cid:\d+\)")
_RAISED = 0.1  # of the first letter's height: how far a superscript's foot stands above the letter's
_MOST_CHARACTERS = 30_000  # of a page: a thousand take a tenth of a second
_SPACE = 0.15  # of the letters' size: the least gap between words


def read_again(data: bytes, pages: Iterable[Page], password: str | None = None) -> dict[int, Page]:
    """Read some pages of a PDF again.

    Parameters
    ----------
    data, password
        As for :func:`kratom_quality.reading.pdfium.read_pdf`, which has opened the file already.
    pages
        The pages as pdfium read them: their size and links are kept.

    Returns
    -------
    dict
        Page number -> the page with pdfplumber's words; pages that pdfplumber cannot read are left out.
    """
    import pdfplumber
    from pdfplumber.utils.exceptions import MalformedPDFException, PdfminerException

    logging.getLogger("pdfminer").setLevel(logging.ERROR)  # it warns of every font that is not quite in order
    found: dict[int, Page] = {}
    try:
        with pdfplumber.open(BytesIO(data), password=password or "") as document:
            for page in pages:
                too_long = sum(len(word.text) for word in page.words) > _MOST_CHARACTERS
                words = () if too_long else _words(document.pages[page.number - 1])
                if words and all(len(word.text) <= LONGEST_WORD for word in words):
                    upright = tuple(_upright(page, word) for word in words)
                    found[page.number] = page._replace(words=upright, reader="pdfplumber")
    except (MalformedPDFException, PdfminerException, *LIBRARY_DEFECTS):
        return found  # the first reading stands
    return found


def _words(page: Any) -> tuple[Word, ...]:
    """The words of a page as displayed: pdfplumber turns it, but measures from the edge of the uncropped sheet."""
    left, top = page.cropbox[:2]
    found = page.extract_words(x_tolerance_ratio=_SPACE, char_dir_rotated="btt", return_chars=True)
    return tuple(
        Word(word["x0"] - left, word["top"] - top, word["x1"] - left, word["bottom"] - top, text)
        for word in found
        if (text := _text(word))
    )


def _upright(page: Page, word: Word) -> Word:
    x0, top, x1, bottom = (min(max(edge, -FAR_AWAY), FAR_AWAY) for edge in page.upright(word[:4]))
    return Word(x0, top, max(x1, x0 + LEAST_EXTENT), max(bottom, top + LEAST_EXTENT), word.text)


def _text(word: Mapping[str, Any]) -> str:
    characters = word["chars"]
    spelt = (_as_drawn(character) for character in characters)
    text = _UNMAPPED.sub("", "".join(spelt) if any(map(_is_symbol, characters)) else word["text"])
    first, last = characters[0], characters[-1]
    height = first["bottom"] - first["top"]
    raised = RAISED_TAIL.match(text) if last["bottom"] < first["bottom"] - _RAISED * height else None
    if raised is None or not (raised["tail"].isdigit() or _is_raised_letter(raised["base"], characters)):
        return text
    return mark_raised(raised)


def _is_raised_letter(base: str, characters: Sequence[Mapping[str, Any]]) -> bool:
    before, letter = ((-character["top"], -character["bottom"]) for character in characters[-2:])
    return is_raised_letter(base, before, letter)


def _is_symbol(character: Mapping[str, Any]) -> bool:
    return "symbol" in character["fontname"].casefold()


def _as_drawn(character: Mapping[str, Any]) -> str:
    """A letter of the Symbol font as the page shows it: its 'm' is drawn as 'µ'."""
    text: str = character["text"]
    return SYMBOLS.get(text, text) if _is_symbol(character) else text
