"""From bytes to a certificate: the one way every document goes."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import BinaryIO

from kratom_quality.errors import InputError, UnreadableFileError
from kratom_quality.parsing.header import read_header
from kratom_quality.parsing.layout import lay_out
from kratom_quality.parsing.names import Names
from kratom_quality.parsing.page_results import read_results
from kratom_quality.parsing.problems import find_problems, is_certificate
from kratom_quality.printable import printable_path
from kratom_quality.reading.codes import read_codes
from kratom_quality.reading.marks import linked_urls, read_marks
from kratom_quality.reading.pdfium import read_pdf
from kratom_quality.records import Certificate, Document
from kratom_quality.vocabulary import Vocabulary

Readable = str | Path | bytes | BinaryIO


def read_certificate(
    source: Readable, *, vocabulary: Vocabulary | None = None, password: str | None = None, codes: bool = False
) -> Certificate:
    """Read one certificate.

    Parameters
    ----------
    source
        A path, the PDF's bytes, or a file opened for binary reading.
    vocabulary
        The analytes to recognise; the shipped ones by default.
    password
        For an encrypted PDF.
    codes
        Whether QR codes are read too; needs the extra ``qr``, and takes longer than everything else together.

    Raises
    ------
    MissingExtraError
        If codes are asked for and zxing-cpp is not installed.
    UnreadableFileError, NotAPdfError, DamagedPdfError, EncryptedPdfError
        Each names the file and says what to do.
    """
    path, data = _take(source)
    try:
        pdf = read_pdf(data, password)
        found = read_codes(data, len(pdf.pages), password) if codes else ()
    except InputError as error:
        raise type(error)(f"{path or 'the certificate'}: {error}") from error
    sheets = [lay_out(page) for page in pdf.pages]
    findings = read_results(sheets, Names(vocabulary or Vocabulary.default()))
    header = read_header(sheets)
    return Certificate(
        source=Document(path=path, sha256=hashlib.sha256(data).hexdigest(), pages=len(sheets), reader="pdfium"),
        laboratory=header.laboratory,
        client=header.client,
        product=header.product,
        matrix=header.matrix,
        batch=header.batch,
        sample_id=header.sample_id,
        dates=header.dates,
        overall_status=header.overall_status,
        panel_status=findings.panel_status,
        results=findings.results if is_certificate(sheets, findings.results) else (),
        problems=tuple(find_problems(sheets, findings.results)),
        unread=findings.unread,
        verification_urls=(*linked_urls(pdf.pages), *found),
        marks=read_marks(data, pdf, password),
    )


def _take(source: Readable) -> tuple[str | None, bytes]:
    if isinstance(source, bytes):
        return None, source
    if not isinstance(source, str | Path):
        name = getattr(source, "name", None)
        return printable_path(name) if isinstance(name, str | bytes) else None, source.read()
    path = printable_path(source)
    try:
        return path, Path(source).read_bytes()
    except OSError as error:
        raise UnreadableFileError(
            f"{path}: cannot be read ({error.strerror}); check that it exists and may be opened"
        ) from error
