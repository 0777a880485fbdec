"""Pages from pdfium, the default reader: their words, links and pictures, and what a PDF says of itself."""

from __future__ import annotations

import ctypes
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pypdfium2
import pypdfium2.raw as pdfium_c

from kratom_quality.errors import DamagedPdfError, EncryptedPdfError, NotAPdfError
from kratom_quality.limits import DEFAULT_LIMITS, ReadingLimits
from kratom_quality.reading.page import Page, Word
from kratom_quality.reading.pdfium_text import displayed, read_words, unmapped_share, upright_turn

if TYPE_CHECKING:
    from numpy.typing import NDArray

_HEADER_SEARCHED = 1024
_LONGEST_SIDE_DRAWN = 8000  # pixels
_MOST_LINKS, _MOST_LINK_BYTES = 5_000, 1 << 20  # a page
_CHARACTERS_A_WORD = 10


class Drawing(NamedTuple):
    """A page as a picture: grey levels, one row a line of pixels, and how many pixels make a point."""

    number: int
    pixels: NDArray[np.uint8]
    scale: float

    def turned(self, quarter_turns: int) -> NDArray[np.uint8]:
        """The picture turned clockwise, so many times by 90 degrees."""
        return np.rot90(self.pixels, -quarter_turns)


class Properties(NamedTuple):
    """What a PDF says of itself, as written; None where it says nothing."""

    producer: str | None = None
    creator: str | None = None
    created: str | None = None
    modified: str | None = None
    signatures: int = 0


class Pdf(NamedTuple):
    """A whole PDF: its pages, and what it says of itself."""

    pages: list[Page]
    properties: Properties


def read_pages(data: bytes, password: str | None = None, limits: ReadingLimits = DEFAULT_LIMITS) -> list[Page]:
    """Read every page of a PDF; see :func:`read_pdf`."""
    return read_pdf(data, password, limits).pages


def read_pdf(data: bytes, password: str | None = None, limits: ReadingLimits = DEFAULT_LIMITS) -> Pdf:
    """Read every page of a PDF, and what it says of itself.

    Parameters
    ----------
    data
        The PDF's bytes.
    password
        Given to pdfium where the PDF is encrypted.
    limits
        What the file may ask for.

    Raises
    ------
    NotAPdfError, DamagedPdfError, EncryptedPdfError, LimitExceededError
        Each says what to do.
    """
    document = _open(data, password)
    try:
        if len(document) == 0:
            raise DamagedPdfError("the PDF has no pages; ask for the certificate again")
        limits.require("pages", len(document), f"the PDF says it has {len(document):,} pages")
        return Pdf([_read_page(document, index, limits) for index in range(len(document))], _properties(document))
    finally:
        document.close()


def draw_pages(data: bytes, numbers: Iterable[int], scale: float, password: str | None = None) -> Iterator[Drawing]:
    """Draw pages in shades of grey, which takes tens of milliseconds each.

    Parameters
    ----------
    data, password
        As for :func:`read_pdf`.
    numbers
        Pages from 1; those the PDF does not have are passed over.
    scale
        Pixels a point; fewer are drawn of a page so large that nobody could use the picture.

    Yields
    ------
    Drawing
        In the order asked for.
    """
    document = _open(data, password)
    try:
        for number in numbers:
            if 1 <= number <= len(document):
                yield _draw(_load_page(document, number - 1), number, scale)
    finally:
        document.close()


def _draw(page: pypdfium2.PdfPage, number: int, scale: float) -> Drawing:
    longest = max(page.get_size())
    scale = min(scale, _LONGEST_SIDE_DRAWN / longest)
    return Drawing(number, page.render(scale=scale, grayscale=True).to_numpy(), scale)


def _open(data: bytes, password: str | None) -> pypdfium2.PdfDocument:
    if b"%PDF-" not in data[:_HEADER_SEARCHED]:
        raise NotAPdfError(f"this is not a PDF: {_what_else(data)}")
    try:
        return pypdfium2.PdfDocument(data, password=password)
    except pypdfium2.PdfiumError as error:
        # pdfium may leave the code of an earlier file in place, so the file itself must name its encryption
        if pdfium_c.FPDF_GetLastError() == pdfium_c.FPDF_ERR_PASSWORD and b"/Encrypt" in data:
            cause = "the password given does not open it" if password else "give its password"
            raise EncryptedPdfError(f"the PDF is encrypted; {cause}") from error
        raise DamagedPdfError("the PDF is damaged, truncated or without pages; download it again") from error


def _what_else(data: bytes) -> str:
    if not data:
        return "it is empty; download the certificate again"
    return f"it begins with {data[:16]!r}; download the certificate again"


def _read_page(document: pypdfium2.PdfDocument, index: int, limits: ReadingLimits) -> Page:
    page = _load_page(document, index)
    text_page = page.get_textpage()
    turn, shown = upright_turn(text_page.raw), page.get_rotation()
    if turn is None:
        turn = shown
    if turn or shown:
        text_page.close()
        _turn_content(page, turn)
        page.close()
        page = _load_page(document, index)
        text_page = page.get_textpage()
    width, height = page.get_size()
    try:
        _require_readable(page, text_page, index + 1, limits)
        words, fonts = read_words(text_page.raw, page)
        limits.require("words_a_page", len(words), f"page {index + 1} holds {len(words):,} words")
        links = _links(document, page)
        unmapped = unmapped_share(text_page.raw)
    finally:
        text_page.close()
        page.close()
    return Page(index + 1, width, height, words, links, unmapped, quarter_turns=(turn - shown) // 90 % 4, fonts=fonts)


def _require_readable(
    page: pypdfium2.PdfPage, text_page: pypdfium2.PdfTextPage, number: int, limits: ReadingLimits
) -> None:
    """Refuse a page before anything is made of it."""
    width, height = page.get_size()
    limits.require("page_points", max(width, height), f"page {number} measures {width:,.0f} x {height:,.0f} points")
    characters = text_page.count_chars()
    words = characters / _CHARACTERS_A_WORD
    limits.require("words_a_page", words, f"page {number} holds {characters:,} characters, as {words:,.0f} words do")


def _load_page(document: pypdfium2.PdfDocument, index: int) -> pypdfium2.PdfPage:
    try:
        return document[index]
    except pypdfium2.PdfiumError as error:
        raise DamagedPdfError(f"page {index + 1} of the PDF cannot be opened ({error}); download it again") from error


def _turn_content(page: pypdfium2.PdfPage, turn: int) -> None:
    """Turn what stands on a page clockwise, in the open document alone, and let the page be displayed so.

    Pdfium parts words surely only where text runs from left to right.
    """
    left, bottom, right, top = page.get_bbox()
    width, height = (top - bottom, right - left) if turn % 180 else (right - left, top - bottom)
    matrix = {
        0: (1, 0, 0, 1, -left, -bottom),
        90: (0, -1, 1, 0, -bottom, right),
        180: (-1, 0, 0, -1, right, top),
        270: (0, 1, -1, 0, top, -left),
    }[turn]
    pdfium_c.FPDFPage_TransFormWithClip(page, pdfium_c.FS_MATRIX(*matrix), pdfium_c.FS_RECTF(0, height, width, 0))
    pdfium_c.FPDFPage_TransformAnnots(page, *matrix)
    page.set_rotation(0)
    page.set_mediabox(0, 0, width, height)
    page.set_cropbox(0, 0, width, height)


def _properties(document: pypdfium2.PdfDocument) -> Properties:
    producer, creator, created, modified = (
        document.get_metadata_value(key).strip("\0 ") or None
        for key in ("Producer", "Creator", "CreationDate", "ModDate")
    )
    signatures = max(0, pdfium_c.FPDF_GetSignatureCount(document))
    return Properties(producer, creator, created, modified, signatures)


def _links(document: pypdfium2.PdfDocument, page: pypdfium2.PdfPage) -> tuple[Word, ...]:
    """The page's links to addresses, the first ones where they are without number."""
    position, link, rectangle = ctypes.c_int(0), pdfium_c.FPDF_LINK(), pdfium_c.FS_RECTF()
    boxes: list[tuple[float, float, float, float]] = []
    addresses: list[str] = []
    room = _MOST_LINK_BYTES
    while len(boxes) < _MOST_LINKS and pdfium_c.FPDFLink_Enumerate(page, ctypes.byref(position), ctypes.byref(link)):
        action = pdfium_c.FPDFLink_GetAction(link)
        if not action or pdfium_c.FPDFAction_GetType(action) != pdfium_c.PDFACTION_URI:
            continue
        length = pdfium_c.FPDFAction_GetURIPath(document, action, None, 0)
        room -= length
        if room < 0:
            break
        address = ctypes.create_string_buffer(length)
        pdfium_c.FPDFAction_GetURIPath(document, action, address, length)
        if pdfium_c.FPDFLink_GetAnnotRect(link, ctypes.byref(rectangle)):
            boxes.append((rectangle.left, rectangle.bottom, rectangle.right, rectangle.top))
            addresses.append(address.value.decode("utf-8", errors="replace"))
    return displayed(np.array(boxes), addresses, page) if boxes else ()
