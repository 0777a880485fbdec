"""Rows cut out of their page: the evidence of a finding, as the certificate shows it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from kratom_quality.drawing.page import bytes_of, width_of
from kratom_quality.drawing.paint import paint_rows
from kratom_quality.errors import InputError, NoSuchPageError
from kratom_quality.limits import NO_LIMITS
from kratom_quality.reading.pages import picture_of, read_document
from kratom_quality.records import Box, Certificate

if TYPE_CHECKING:
    from PIL.Image import Image

_PIXELS_A_POINT = 1.5


class Place(NamedTuple):
    """Rows of one page: its number, from 1, and their boxes in points."""

    page: int
    boxes: tuple[Box, ...]


def draw_rows(
    certificate: Certificate,
    places: Sequence[Place],
    *,
    file: str | Path | bytes | None = None,
    password: str | None = None,
) -> list[Image]:
    """Draw the rows at some places of a certificate, framed, with what stands near them on the page.

    Parameters
    ----------
    certificate, file, password
        As for :func:`kratom_quality.draw_page`.
    places
        Pages and boxes.

    Returns
    -------
    list of PIL.Image.Image
        One for each place, as wide as the page, at 1.5 pixels a point.

    Raises
    ------
    NoSuchPageError
        If the file has no such page.
    UnreadableFileError, ChangedFileError
        If the file is no longer there, or is another one than was read.
    """
    name = certificate.source.path or "the certificate"
    data = bytes_of(certificate, file)
    try:
        pages = read_document(data, password, NO_LIMITS, by_ocr=bool(certificate.source.pages_by_ocr)).pages
        drawn = []
        for page, boxes in places:
            if not 1 <= page <= len(pages):
                raise NoSuchPageError(f"there is no page {page}")
            shown = pages[page - 1]
            pixels = picture_of(shown, data, password, _PIXELS_A_POINT)
            drawn.append(paint_rows(pixels, width_of(shown), boxes))
    except InputError as error:
        raise type(error)(f"{name}: {error}") from error
    return drawn
