"""Which reader gives a page's words: the text layer where it says what the page shows, else OCR."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Literal, NamedTuple

from kratom_quality.limits import DEFAULT_LIMITS, NO_LIMITS, ReadingLimits
from kratom_quality.reading import cache, ocr
from kratom_quality.reading.legible import is_confirmed, is_doubtful
from kratom_quality.reading.misread import mend_words
from kratom_quality.reading.page import Page
from kratom_quality.reading.pdfium import Pdf, draw_pages, read_pdf
from kratom_quality.reading.pictures import is_image, open_images, share_shown, straighten, suitable_scale
from kratom_quality.reading.recognised import Recognised, from_json, place_words
from kratom_quality.reading.straight import find_straightening

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


def read_document(
    data: bytes, password: str | None = None, limits: ReadingLimits = DEFAULT_LIMITS, *, by_ocr: bool = True
) -> Reading:
    """Read every page of a PDF or image.

    Parameters
    ----------
    data
        The file's bytes.
    password
        For an encrypted PDF.
    limits
        What the file may ask for.
    by_ocr
        Whether pages whose text layer is missing or garbled are read by OCR, where that is installed.

    Raises
    ------
    NotAPdfError, DamagedPdfError, EncryptedPdfError, LimitExceededError
        Each says what to do.
    """
    if is_image(data):
        pdf, pages = None, [_blank_page(number, one) for number, one in enumerate(open_images(data, limits), 1)]
        pictures = open_images(data, limits)  # again and one by one: all of them may be more than memory holds
        faults: dict[int, Fault] = {page.number: "no_text" for page in pages}
    else:
        pdf = read_pdf(data, password, limits)
        pages = pdf.pages
        faults = {page.number: fault for page in pages if (fault := _fault_of(page, data, password))}
    if faults and by_ocr and ocr.is_installed():
        for number in tuple(faults):
            picture = _picture_for_ocr(pages[number - 1], data, password) if pdf else next(pictures)
            read = _read_picture(pages[number - 1], picture)
            if faults[number] == "garbled_text" and is_confirmed(pages[number - 1].words, read.words):
                del faults[number]
            elif read.words and len(read.words) >= _LEAST_GAIN * _sound_words(pages[number - 1], faults[number]):
                pages[number - 1] = read
                del faults[number]
    return Reading(pages, pdf, faults)


def picture_of(page: Page, data: bytes, password: str | None, scale: float) -> Pixels:
    """The page as the boxes of its record lie on it: grey levels, turned and straightened where OCR read it so.

    Parameters
    ----------
    page
        A page of the document, as :func:`read_document` gave it.
    data, password
        The document's.
    scale
        Pixels a point; a picture that OCR read comes at the size it was read at.
    """
    import numpy as np

    if page.reader != "ocr" and not is_image(data):
        return next(draw_pages(data, [page.number], scale, password)).pixels
    picture = _picture_for_ocr(page, data, password)
    if page.reader != "ocr":
        return picture
    seen = _recognise(picture)
    upright = np.ascontiguousarray(np.rot90(picture, seen.quarter_turns))
    return straighten(upright, find_straightening(seen.lines, seen.width, seen.height))


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
        under_words, elsewhere = share_shown(sketch.turned(page.quarter_turns), page.words, sketch.scale)
        if elsewhere > max(_LEAST_SHOWN, 2 * under_words):
            return "no_text"
    return None


def _sound_words(page: Page, fault: Fault) -> int:
    return 0 if fault == "garbled_text" else len(page.words)


def _picture_for_ocr(page: Page, data: bytes, password: str | None) -> Pixels:
    if is_image(data):
        return next(islice(open_images(data, NO_LIMITS), page.number - 1, None))
    return next(draw_pages(data, [page.number], suitable_scale(page.width, page.height), password)).pixels


def _read_picture(page: Page, picture: Pixels) -> Page:
    """The page as OCR reads its picture; it is turned where the text stands on its side."""
    seen = _recognise(picture)
    on_its_side = (seen.quarter_turns + page.quarter_turns) % 2
    width, height = (page.height, page.width) if on_its_side else (page.width, page.height)
    sureness = dict(mend_words(place_words(seen, width / seen.width)))
    words = tuple(sureness)
    return page._replace(width=width, height=height, words=words, reader="ocr", sureness=sureness, quarter_turns=0)


def _recognise(picture: Pixels) -> Recognised:
    """What OCR sees in a picture, kept from the last time it was seen."""
    digest = cache.digest_of(ocr.engine_version(), repr(picture.shape), picture.tobytes())
    seen = from_json(cache.load(digest))
    if seen is None:
        seen = ocr.recognise(picture)
        cache.keep(digest, seen)
    return seen
