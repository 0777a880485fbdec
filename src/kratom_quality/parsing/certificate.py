"""From bytes to a certificate: the one way every document goes."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import BinaryIO

from kratom_quality.collector import collector_at_rest
from kratom_quality.errors import InputError
from kratom_quality.limits import DEFAULT_LIMITS, ReadingLimits
from kratom_quality.parsing.displayed import as_displayed
from kratom_quality.parsing.document import parse
from kratom_quality.parsing.fonts import odd_fonts
from kratom_quality.parsing.header import read_header
from kratom_quality.parsing.labs import LabProfile
from kratom_quality.parsing.methods import by_panel
from kratom_quality.parsing.names import Names
from kratom_quality.parsing.overprints import overprints
from kratom_quality.parsing.portions import read_label_claims, read_portion
from kratom_quality.parsing.problems import find_problems, is_certificate
from kratom_quality.printable import printable_path
from kratom_quality.reading.codes import read_codes
from kratom_quality.reading.files import read_file, read_stream
from kratom_quality.reading.marks import linked_urls, read_marks
from kratom_quality.reading.page import Page
from kratom_quality.records import Certificate, Document, Marks
from kratom_quality.vocabulary import Vocabulary

Readable = str | Path | bytes | BinaryIO


def read_certificate(
    source: Readable,
    *,
    vocabulary: Vocabulary | None = None,
    password: str | None = None,
    ocr: bool = True,
    codes: bool = False,
    profiles: Mapping[str, LabProfile] | None = None,
    limits: ReadingLimits = DEFAULT_LIMITS,
) -> Certificate:
    """Read one certificate.

    Parameters
    ----------
    source
        A path, a file's bytes, or a file opened for binary reading: a PDF, JPEG, PNG or TIFF.
    vocabulary
        The analytes to recognise; the shipped ones by default.
    password
        For an encrypted PDF.
    ocr
        Whether pages without a text layer that says what they show are read by OCR, where the extra ``ocr`` is
        installed; it takes seconds a page. A page that stays unread is named among the problems.
    codes
        Whether QR codes are read too; needs the extra ``qr``, and takes longer than everything else together.
    profiles
        Laboratories known by their web domain where only a picture shows their name; by default the shipped ones.
    limits
        What the file may ask for. It is read in this process, so those on memory and on the reply do not hold;
        :func:`kratom_quality.read_many` reads one file or many in processes that are held to them.

    Raises
    ------
    MissingExtraError
        If codes are asked for and zxing-cpp is not installed.
    LimitExceededError
        If the file asks for more than the limits allow.
    UnreadableFileError, NotAPdfError, DamagedPdfError, EncryptedPdfError
        Each names the file and says what to do.
    """
    path, data = _take(source, limits)
    with collector_at_rest():
        return _read(path, data, vocabulary or Vocabulary.default(), password, profiles, limits, ocr=ocr, codes=codes)


def _read(
    path: str | None,
    data: bytes,
    vocabulary: Vocabulary,
    password: str | None,
    profiles: Mapping[str, LabProfile] | None,
    limits: ReadingLimits,
    *,
    ocr: bool,
    codes: bool,
) -> Certificate:
    names = Names(vocabulary)
    try:
        reading, understood = parse(data, names, password, limits, by_ocr=ocr)
        found = read_codes(data, len(reading.pages), password) if codes and reading.pdf else ()
    except InputError as error:
        raise type(error)(f"{path or 'the certificate'}: {error}") from error
    pages, sheets, findings = understood.pages, understood.sheets, understood.findings
    results = findings.results if is_certificate(sheets, findings.results) else ()
    legible = [sheet for sheet in sheets if reading.faults.get(sheet.number) != "garbled_text"]
    header = read_header(legible, profiles)
    marks = read_marks(data, reading.pdf, password) if reading.pdf else Marks()
    return Certificate(
        source=_document(path, data, pages),
        laboratory=header.laboratory,
        client=header.client,
        product=header.product,
        matrix=header.matrix,
        batch=header.batch,
        sample_id=header.sample_id,
        dates=header.dates,
        overall_status=header.overall_status,
        panel_status=findings.panel_status,
        results=as_displayed(results, pages),
        problems=as_displayed(tuple(find_problems(understood, results, reading.faults)), pages),
        unread=as_displayed(findings.unread, pages),
        verification_urls=(*linked_urls(pages), *found),
        marks=marks.model_copy(update={"odd_fonts": odd_fonts(pages, results), "overprints": overprints(pages)}),
        manufacturer=header.manufacturer,
        distributor=header.distributor,
        serving_size=read_portion(header.serving_size),
        unit_mass=read_portion(header.unit_mass),
        label_claims=tuple(read_label_claims(header.label_claim, names)),
        methods=by_panel(findings.methods, results, instruments=False),
        instruments=by_panel(findings.methods, results, instruments=True),
    )


def _document(path: str | None, data: bytes, pages: Sequence[Page]) -> Document:
    by_ocr = tuple(page.number for page in pages if page.reader == "ocr")
    by_pdfplumber = tuple(page.number for page in pages if page.reader == "pdfplumber")
    return Document(
        path=path,
        sha256=hashlib.sha256(data).hexdigest(),
        pages=len(pages),
        reader="ocr" if by_ocr else "pdfplumber" if by_pdfplumber else "pdfium",
        pages_by_ocr=by_ocr,
        pages_by_pdfplumber=by_pdfplumber,
    )


def _take(source: Readable, limits: ReadingLimits) -> tuple[str | None, bytes]:
    if isinstance(source, bytes):
        limits.require("file_bytes", len(source), f"the certificate has {len(source):,} bytes")
        return None, source
    if isinstance(source, str | Path):
        return printable_path(source), read_file(source, limits)
    name = getattr(source, "name", None)
    path = printable_path(name) if isinstance(name, str | bytes) else None
    return path, read_stream(source, path or "the certificate", limits)
