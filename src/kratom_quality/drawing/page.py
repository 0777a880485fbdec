"""A certificate's page as a picture: the file is found again, its page drawn, and what the record says marked on it."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import TYPE_CHECKING

from kratom_quality.drawing.marks import marks_on, notes_on
from kratom_quality.drawing.paint import paint
from kratom_quality.errors import ChangedFileError, InputError, NoSuchPageError, UnreadableFileError
from kratom_quality.limits import NO_LIMITS
from kratom_quality.parsing.document import parse
from kratom_quality.parsing.names import Names
from kratom_quality.reading.files import read_file
from kratom_quality.reading.page import Page
from kratom_quality.reading.pages import picture_of
from kratom_quality.records import Certificate
from kratom_quality.vocabulary import Vocabulary

if TYPE_CHECKING:
    from PIL.Image import Image

_PIXELS_A_POINT = 2.0


def draw_page(
    certificate: Certificate,
    page: int = 1,
    *,
    file: str | Path | bytes | None = None,
    vocabulary: Vocabulary | None = None,
    password: str | None = None,
) -> Image:
    """Draw a page in grey with what was read from it in colour, and a legend below.

    Every row has a frame, green where its analyte is known, blue where not, amber where its confidence is below 0.9.
    Its cells are tinted by what their column says; text in tables that nobody understood and rows with a problem are
    red, and the problems stand below in words.

    Parameters
    ----------
    certificate
        A certificate as read.
    page
        From 1.
    file
        The file's path or bytes, where it is no longer at ``certificate.source.path``.
    vocabulary
        The one the certificate was read with; cells are tinted in the rows that it yields again.
    password
        For an encrypted PDF.

    Returns
    -------
    PIL.Image.Image
        At two pixels a point; scans at the size they were read at.

    Raises
    ------
    NoSuchPageError
        If the certificate has no such page.
    UnreadableFileError, ChangedFileError
        If the file is no longer there, or is another one than was read.
    """
    source = certificate.source
    name = source.path or "the certificate"
    if not 1 <= page <= source.pages:
        pages = "1 page" if source.pages == 1 else f"{source.pages} pages"
        raise NoSuchPageError(f"{name}: has {pages}, there is no page {page}")
    data = bytes_of(certificate, file)
    try:
        names = Names(vocabulary or Vocabulary.default())
        by_ocr = bool(source.pages_by_ocr)
        understood = parse(data, names, password, NO_LIMITS, by_ocr=by_ocr).understood
        shown = understood.pages[page - 1]
        picture = picture_of(shown, data, password, _PIXELS_A_POINT)
    except InputError as error:
        raise type(error)(f"{name}: {error}") from error
    marks = list(marks_on(shown, certificate, understood.findings.tables.get(page, ())))
    return paint(picture, width_of(shown), marks, notes_on(page, certificate))


def width_of(shown: Page) -> float:
    """Return the width of a page as it is displayed, in points."""
    return shown.height if shown.quarter_turns % 2 else shown.width


def bytes_of(certificate: Certificate, file: str | Path | bytes | None) -> bytes:
    """Return the file's bytes, which must be those the certificate was read from."""
    if isinstance(file, bytes):
        data, path = file, "the bytes given"
    else:
        place = file if file is not None else certificate.source.path
        if place is None:
            raise UnreadableFileError("the certificate was read from bytes, not from a file; give them as file=")
        path = str(place)
        try:
            data = read_file(place, NO_LIMITS)
        except UnreadableFileError as error:
            raise UnreadableFileError(f"{error}; say where the file is now with file=") from error
    if hashlib.sha256(data).hexdigest() != certificate.source.sha256:
        raise ChangedFileError(f"{path}: has changed since it was read, or is another file; read it again")
    return data
