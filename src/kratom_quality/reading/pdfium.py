"""Words with boxes from pdfium: the default reader, close to the speed of bare text extraction.

Fetching a box for every character costs more than everything else together, so the page's text is taken in bulk and
only the first and the last character of each word are asked for their boxes.
"""

from __future__ import annotations

import ctypes
import re
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, NamedTuple

import pypdfium2
import pypdfium2.raw as pdfium_c

from kratom_quality.errors import DamagedPdfError, EncryptedPdfError, NotAPdfError
from kratom_quality.reading.page import Page, Word

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_WORD = re.compile(r"[^\s\x00-\x1f\ufffe\uffff]+(?:[\x00-\x08\x0e-\x1f]+[^\s\x00-\x1f\ufffe\uffff]+)*[\x02\ufffe]?")
_UNPRINTABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_UNMAPPED = re.compile(r"[\x00\x01\x03-\x1f\uffff]")
_HYPHEN_MARK = re.compile(r"[\x02\ufffe]")
_LINE_ENDS = ("\r", "\n", "")
RAISED_TAIL = re.compile(r"^(?P<base>.*?(?:10|[A-Za-z)*]))(?P<tail>\d{1,2})$")
_HEADER_SEARCHED = 1024
_CHARACTERS_SAMPLED = 64
# Letters that the Symbol font draws as Greek; a font without a character map leaves them as they are, so that 'D9-THC'
# stands for 'Δ9-THC' and, worse, 'mg/g' for 'µg/g'.
_MAY_BE_SYMBOL = re.compile(r"\(?(?:D\d|[abgd]-|m[gLl]\b)")
_BEGINS_SYMBOL = frozenset("(Dabdgm")
_RawWord = tuple[float, float, float, float, str]
SYMBOLS = {"D": "Δ", "a": "α", "b": "β", "g": "γ", "d": "δ", "m": "µ"}


class Drawing(NamedTuple):
    """A page as a picture: grey levels, one row a line of pixels."""

    number: int
    pixels: NDArray[np.uint8]


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


def read_pages(data: bytes, password: str | None = None) -> list[Page]:
    """Read every page of a PDF; see :func:`read_pdf`."""
    return read_pdf(data, password).pages


def read_pdf(data: bytes, password: str | None = None) -> Pdf:
    """Read every page of a PDF, and what it says of itself.

    Parameters
    ----------
    data
        The PDF's bytes.
    password
        Given to pdfium where the PDF is encrypted.

    Raises
    ------
    NotAPdfError, DamagedPdfError, EncryptedPdfError
        Each says what to do.
    """
    document = _open(data, password)
    try:
        if len(document) == 0:
            raise DamagedPdfError("the PDF has no pages; ask for the certificate again")
        return Pdf([_read_page(document, index) for index in range(len(document))], _properties(document))
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
        Pixels a point.

    Yields
    ------
    Drawing
        In the order asked for.
    """
    document = _open(data, password)
    try:
        for number in numbers:
            if 1 <= number <= len(document):
                yield Drawing(number, document[number - 1].render(scale=scale, grayscale=True).to_numpy())
    finally:
        document.close()


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


def _read_page(document: pypdfium2.PdfDocument, index: int) -> Page:
    try:
        page = document[index]
    except pypdfium2.PdfiumError as error:
        raise DamagedPdfError(f"page {index + 1} of the PDF cannot be opened ({error}); download it again") from error
    width, height = page.get_size()
    text_page = page.get_textpage()
    try:
        words = _displayed(_words(text_page.raw), page)
        links = _displayed(_links(document, page), page)
        unmapped = _unmapped_share(text_page.raw)
    finally:
        text_page.close()
        page.close()
    return Page(number=index + 1, width=width, height=height, words=words, links=links, unmapped=unmapped)


def _properties(document: pypdfium2.PdfDocument) -> Properties:
    producer, creator, created, modified = (
        document.get_metadata_value(key).strip("\0 ") or None
        for key in ("Producer", "Creator", "CreationDate", "ModDate")
    )
    signatures = max(0, pdfium_c.FPDF_GetSignatureCount(document))
    return Properties(producer, creator, created, modified, signatures)


def _links(document: pypdfium2.PdfDocument, page: pypdfium2.PdfPage) -> Iterator[_RawWord]:
    """The page's links to addresses, in pdfium's own coordinates."""
    position, link, box = ctypes.c_int(0), pdfium_c.FPDF_LINK(), pdfium_c.FS_RECTF()
    while pdfium_c.FPDFLink_Enumerate(page, ctypes.byref(position), ctypes.byref(link)):
        action = pdfium_c.FPDFLink_GetAction(link)
        if not action or pdfium_c.FPDFAction_GetType(action) != pdfium_c.PDFACTION_URI:
            continue
        length = pdfium_c.FPDFAction_GetURIPath(document, action, None, 0)
        address = ctypes.create_string_buffer(length)
        pdfium_c.FPDFAction_GetURIPath(document, action, address, length)
        if pdfium_c.FPDFLink_GetAnnotRect(link, ctypes.byref(box)):
            yield box.left, box.bottom, box.right, box.top, address.value.decode("utf-8", errors="replace")


def _displayed(words: Iterable[_RawWord], page: pypdfium2.PdfPage) -> tuple[Word, ...]:
    """Turn pdfium's boxes (origin bottom left, upwards, unrotated) into the displayed page's (origin top left)."""
    left, bottom, right, top = page.get_bbox()
    match page.get_rotation():
        case 90:
            return tuple(Word(y0 - bottom, x0 - left, y1 - bottom, x1 - left, text) for x0, y0, x1, y1, text in words)
        case 180:
            return tuple(Word(right - x1, y0 - bottom, right - x0, y1 - bottom, text) for x0, y0, x1, y1, text in words)
        case 270:
            return tuple(Word(top - y1, right - x1, top - y0, right - x0, text) for x0, y0, x1, y1, text in words)
        case _:
            return tuple(Word(x0 - left, top - y1, x1 - left, top - y0, text) for x0, y0, x1, y1, text in words)


def _characters(text_page: ctypes.c_void_p) -> str:
    """All characters of the page, one for each of pdfium's character indexes."""
    count = pdfium_c.FPDFText_CountChars(text_page)
    if count <= 0:
        return ""
    buffer = (ctypes.c_ushort * (count + 1))()
    written = pdfium_c.FPDFText_GetText(text_page, 0, count, buffer)
    text = bytes(buffer)[: 2 * (written - 1)].decode("utf-16-le", errors="replace")
    if len(text) == count:
        return text
    codes = (pdfium_c.FPDFText_GetUnicode(text_page, index) for index in range(count))
    return "".join(chr(code) if code <= 0x10FFFF else "\0" for code in codes)


def _unmapped_share(text_page: ctypes.c_void_p) -> float:
    """The share of characters whose font does not tell what they mean, judged by a sample."""
    count = pdfium_c.FPDFText_CountChars(text_page)
    sample = range(0, count, max(1, count // _CHARACTERS_SAMPLED))
    unmapped = sum(pdfium_c.FPDFText_HasUnicodeMapError(text_page, index) == 1 for index in sample)
    return unmapped / len(sample) if sample else 0.0


def _words(text_page: ctypes.c_void_p) -> Iterator[_RawWord]:
    """The page's words in pdfium's own coordinates, whose y axis points upwards."""
    text = _characters(text_page)
    is_clean = _UNPRINTABLE.search(text) is None
    first, last = pdfium_c.FS_RECTF(), pdfium_c.FS_RECTF()
    to_first, to_last = ctypes.byref(first), ctypes.byref(last)
    get_box = pdfium_c.FPDFText_GetLooseCharBox
    for match in _WORD.finditer(text):
        start, end = match.span()
        get_box(text_page, start, to_first)
        get_box(text_page, end - 1, to_last)
        printed = match.group()
        if not is_clean and _UNPRINTABLE.search(printed):
            printed = _cleaned(printed, ends_line=text[end : end + 1] in _LINE_ENDS)
        bottom, top, end_bottom, end_top = first.bottom, first.top, last.bottom, last.top
        if end_bottom > bottom + 0.1 * (top - bottom) and (raised := RAISED_TAIL.match(printed)):
            printed = mark_raised(raised)
        if printed[0] in _BEGINS_SYMBOL and _MAY_BE_SYMBOL.match(printed):
            printed = _spell_symbol(text_page, start, printed)
        yield first.left, min(bottom, end_bottom), last.right, max(top, end_top), printed


def _cleaned(printed: str, *, ends_line: bool) -> str:
    """Join halves of characters beyond U+FFFF, keep pdfium's hyphen mark only at a line's end, drop unmapped glyphs.

    Pdfium counts code units; half a character that stays alone is no text at all.
    """
    whole = printed.encode("utf-16-le", errors="surrogatepass").decode("utf-16-le", errors="replace")
    return _UNMAPPED.sub("", _HYPHEN_MARK.sub("-" if ends_line else "", whole))


def mark_raised(raised: re.Match[str]) -> str:
    """``103`` set as 10 with a raised 3 is ``10^3``; a raised digit behind a letter is a footnote mark and goes."""
    base, tail = raised["base"], raised["tail"]
    return f"{base}^{tail}" if base.endswith("10") else base


def _spell_symbol(text_page: ctypes.c_void_p, start: int, printed: str) -> str:
    """Spell a word's leading letter as the page shows it where the Symbol font draws it."""
    offset = printed.startswith("(")
    buffer, flags = ctypes.create_string_buffer(64), ctypes.c_int()
    pdfium_c.FPDFText_GetFontInfo(text_page, start + offset, buffer, 64, ctypes.byref(flags))
    if b"symbol" not in buffer.value.lower():
        return printed
    return printed[:offset] + SYMBOLS[printed[offset]] + printed[offset + 1 :]
