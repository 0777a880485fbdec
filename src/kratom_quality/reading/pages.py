"""Which reader gives a page's words: the text layer where it says what the page shows, else OCR."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Literal, NamedTuple

from kratom_quality.reading import cache, ocr
from kratom_quality.reading.legible import is_confirmed, is_doubtful
from kratom_quality.reading.misread import mend_words
from kratom_quality.reading.page import Page
from kratom_quality.reading.pdfium import Pdf, draw_pages, read_pdf
from kratom_quality.reading.pictures import is_image, open_images, share_shown, suitable_scale
from kratom_quality.reading.recognised import from_json, place_words

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Pixels = NDArray[np.uint8]

Fault = Literal["no_text", "garbled_text"]

_LETTER_HEIGHT = 792.0  # points: an image's longer side, for pixels an inch are seldom noted and often wrong
_SKETCH = 0.5  # pixels a point
_MOST_WORDS_OF_A_LETTERHEAD = 80
_LEAST_SHOWN = 0.03  # share of the page; a logo, a stamp and a signature show less
_LEAST_UNMAPPED = 0.3
_LEAST_GAIN = 1.5  # OCR stands in for a sparse text layer where it finds this many times its words


class Reading(NamedTuple):
    """A document's pages, the PDF they are from (None for an image), and the faults of pages that stay unread."""

    pages: list[Page]
    pdf: Pdf | None
    faults: dict[int, Fault]


def read_document(data: bytes, password: str | None = None, *, by_ocr: bool = True) -> Reading:
    """Read every page of a PDF or image.

    Parameters
    ----------
    data
        The file's bytes.
    password
        For an encrypted PDF.
    by_ocr
        Whether pages whose text layer is missing or garbled are read by OCR, where that is installed.

    Raises
    ------
    NotAPdfError, DamagedPdfError, EncryptedPdfError
        Each says what to do.
    """
    if is_image(data):
        pictures = list(open_images(data))
        pdf, pages = None, [_blank_page(number, picture) for number, picture in enumerate(pictures, 1)]
        faults: dict[int, Fault] = {page.number: "no_text" for page in pages}
    else:
        pdf = read_pdf(data, password)
        pages = pdf.pages
        faults = {page.number: fault for page in pages if (fault := _fault_of(page, data, password))}
    if faults and by_ocr and ocr.is_installed():
        drawn = enumerate(pictures, 1) if pdf is None else _draw(pages, tuple(faults), data, password)
        for number, picture in drawn:
            read = _read_picture(pages[number - 1], picture)
            if faults[number] == "garbled_text" and is_confirmed(pages[number - 1].words, read.words):
                del faults[number]
            elif read.words and len(read.words) >= _LEAST_GAIN * _sound_words(pages[number - 1], faults[number]):
                pages[number - 1] = read
                del faults[number]
    return Reading(pages, pdf, faults)


def _blank_page(number: int, picture: Pixels) -> Page:
    height, width = picture.shape
    scale = _LETTER_HEIGHT / max(width, height)
    return Page(number, width * scale, height * scale, ())


def _fault_of(page: Page, data: bytes, password: str | None) -> Fault | None:
    """What keeps a page's text layer from saying what the page shows."""
    if not page.words:
        return "no_text"
    if page.unmapped >= _LEAST_UNMAPPED or is_doubtful(page.words):
        return "garbled_text"
    if len(page.words) <= _MOST_WORDS_OF_A_LETTERHEAD:
        (sketch,) = draw_pages(data, [page.number], _SKETCH, password)
        under_words, elsewhere = share_shown(sketch.pixels, page.words, _SKETCH)
        if elsewhere > max(_LEAST_SHOWN, 2 * under_words):
            return "no_text"
    return None


def _sound_words(page: Page, fault: Fault) -> int:
    return 0 if fault == "garbled_text" else len(page.words)


def _draw(
    pages: Sequence[Page], numbers: Iterable[int], data: bytes, password: str | None
) -> Iterator[tuple[int, Pixels]]:
    for number in numbers:
        page = pages[number - 1]
        for drawing in draw_pages(data, [number], suitable_scale(page.width, page.height), password):
            yield number, drawing.pixels


def _read_picture(page: Page, picture: Pixels) -> Page:
    """The page as OCR reads its picture; it is turned where the text stands on its side."""
    digest = cache.digest_of(ocr.engine_version(), repr(picture.shape), picture.tobytes())
    seen = from_json(cache.load(digest))
    if seen is None:
        seen = ocr.recognise(picture)
        cache.keep(digest, seen)
    width, height = (page.height, page.width) if seen.quarter_turns % 2 else (page.width, page.height)
    sureness = dict(mend_words(place_words(seen, width / seen.width)))
    return page._replace(width=width, height=height, words=tuple(sureness), reader="ocr", sureness=sureness)
