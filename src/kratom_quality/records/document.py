"""Where a record comes from: the file, what it says of itself, and places on its pages."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from kratom_quality.records.base import Box, PageNumber, Record


class Source(Record):
    """A place on a page, so that a person can check what was read there."""

    page: PageNumber
    box: Box
    printed: str
    reader: str


class Document(Record):
    """The file a certificate was read from.

    Parameters
    ----------
    reader
        Who gave the words; ``ocr``, else ``pdfplumber``, where it gave those of any page.
    pages_by_ocr
        The pages, from 1, that were read by OCR.
    pages_by_pdfplumber
        The pages that pdfium read with contradictions and pdfplumber with fewer.
    """

    path: str | None
    sha256: str
    pages: Annotated[int, Field(ge=1)]
    reader: Literal["pdfium", "pdfplumber", "ocr"]
    pages_by_ocr: tuple[int, ...] = ()
    pages_by_pdfplumber: tuple[int, ...] = ()

    def reader_of(self, page: int) -> Literal["pdfium", "pdfplumber", "ocr"]:
        """Who gave the words of a page."""
        if page in self.pages_by_ocr:
            return "ocr"
        return "pdfplumber" if page in self.pages_by_pdfplumber else "pdfium"


class Url(Record):
    """An address on a page, as a link or in a QR code: by it a reader is to find the certificate at its source."""

    page: PageNumber
    box: Box
    url: str
    kind: Literal["link", "qr"]


class TextChange(Record):
    """Text that differs from the first version of a PDF; ``before`` or ``after`` is empty where words came or went."""

    page: PageNumber
    box: Box
    before: str
    after: str


class OddFont(Record):
    """A result that is set in a font of another family than those beside it."""

    page: PageNumber
    box: Box
    printed: str
    font: str
    usual: str


class Marks(Record):
    """What a PDF says of itself.

    Parameters
    ----------
    producer, creator
        The program that wrote the PDF, and the one its content comes from.
    created, modified
        ISO dates, with time and offset where written.
    broken_dates
        Those that are none, as written, with their key.
    signatures
        Number of digital signatures.
    incremental_updates
        How often something was appended to the file after it was made.
    changes
        How the text differs from that of the first version, where updates left it in the file.
    odd_fonts
        Results set in another font than nearly all others of their panel.
    overprints
        Numbers printed over other numbers, ``before`` the one drawn first.
    """

    producer: str | None = None
    creator: str | None = None
    created: str | None = None
    modified: str | None = None
    broken_dates: tuple[str, ...] = ()
    signatures: Annotated[int, Field(ge=0)] = 0
    incremental_updates: Annotated[int, Field(ge=0)] = 0
    changes: tuple[TextChange, ...] = ()
    odd_fonts: tuple[OddFont, ...] = ()
    overprints: tuple[TextChange, ...] = ()
