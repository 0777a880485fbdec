"""One file to what is kept of it: the half outside the sandbox, which fetches, and the half inside, which reads."""

from __future__ import annotations

import json
import re
from io import BytesIO, StringIO
from pathlib import Path
from typing import NamedTuple

from kratom_quality.batch.file import File, RemoteFile
from kratom_quality.batch.recipe import Recipe, Table
from kratom_quality.batch.software import digest_of_package
from kratom_quality.errors import ExecutorError, ReadingFailedError
from kratom_quality.limits import ReadingLimits
from kratom_quality.printable import inert_json
from kratom_quality.records import Certificate, ProblemKind

_ENDS_A_LINE = re.compile("[\t\n\r]")
_SHA256 = re.compile("[0-9a-f]{64}")
_READ_BY_OCR = frozenset({ProblemKind.NO_TEXT, ProblemKind.GARBLED_TEXT})


class Due(NamedTuple):
    """A file that is to be read.

    Parameters
    ----------
    number
        Its place among all.
    file
        Where it is.
    stamp
        Of the moment before it was read.
    """

    number: int
    file: File
    stamp: str


class Reading(NamedTuple):
    """What a child made of a file, ready to be written as it is.

    Parameters
    ----------
    record
        The certificate as JSON.
    table
        Its results as text, a line each, in a JSON string.
    sha256
        Of the file.
    results
        Number of results.
    pages_for_ocr
        Pages that could not be read without OCR, where that is installed.
    """

    record: str
    table: str
    sha256: str
    results: int
    pages_for_ocr: int

    @classmethod
    def of(cls, answer: object) -> Reading:
        """Return what a child answered, which goes to disk as it is: a file may have taken the child over.

        Raises
        ------
        ReadingFailedError
            If it is not what the child was to answer.
        """
        match answer:
            case (str(record), str(table), str(sha256), int(results), int(pages)) if _is_sound(record + table, sha256):
                return cls(record, table, sha256, results, pages)
        raise ReadingFailedError("the reading process answered what no reading gives; please report it with the file")


def _is_sound(text: str, sha256: str) -> bool:
    return not _ENDS_A_LINE.search(text) and _SHA256.fullmatch(sha256) is not None


class _Fetched(NamedTuple):
    url: str
    data: bytes


class _NamedBytes(BytesIO):
    name = ""


def fetch(due: Due, expected: str, limits: ReadingLimits) -> Path | _Fetched:
    """Return what the child is to read: a path, or bytes, for it has no network.

    Parameters
    ----------
    expected
        Digest of the software that this must be too, for on a cluster it may be another.
    limits
        To the bytes of a file that the child cannot read by itself.
    """
    if digest_of_package() != expected:
        raise ExecutorError(
            "a worker has another version of kratom-quality, of its data files or of the libraries that read; install"
            " the same everywhere, for their records may differ"
        )
    if not isinstance(due.file, RemoteFile):
        return due.file
    from kratom_quality.batch.remote import read_bytes

    return _Fetched(due.file.url, read_bytes(due.file, limits))


def read(given: Path | _Fetched, recipe: Recipe) -> tuple[str, str, str, int, int]:
    """Read one file, in a child; what it hands over is plain data, in order of the fields of :class:`Reading`.

    A record that JSON cannot hold fails here, and not when all are written.
    """
    from kratom_quality.parsing.certificate import read_certificate  # the parent never reads, and starts sooner without

    certificate = read_certificate(
        _opened(given),
        vocabulary=recipe.vocabulary,
        password=recipe.password,
        ocr=recipe.ocr,
        codes=recipe.codes,
        limits=recipe.limits,
    )
    return (
        inert_json(certificate.model_dump_json()),
        json.dumps(_table(certificate, recipe.table), ensure_ascii=False),
        certificate.source.sha256,
        len(certificate.results),
        _pages_for_ocr(certificate),
    )


def _opened(given: Path | _Fetched) -> Path | BytesIO:
    if isinstance(given, Path):
        return given
    stream = _NamedBytes(given.data)
    stream.name = given.url
    return stream


def _table(certificate: Certificate, form: Table | None) -> str:
    from kratom_quality.frames import RESULT_COLUMNS
    from kratom_quality.output import result_cells
    from kratom_quality.spreadsheet import write_rows

    stream = StringIO()
    if form == "csv":
        write_rows(stream, result_cells(certificate))
    elif form == "parquet":
        for cells in result_cells(certificate):
            stream.write(json.dumps(dict(zip(RESULT_COLUMNS, cells, strict=True)), ensure_ascii=False) + "\n")
    return stream.getvalue()


def _pages_for_ocr(certificate: Certificate) -> int:
    from kratom_quality.reading import ocr

    if not ocr.is_installed():
        return 0
    return sum(problem.kind in _READ_BY_OCR for problem in certificate.problems)
