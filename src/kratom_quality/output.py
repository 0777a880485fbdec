"""Files that are whole or not there, and what goes into them."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol, TextIO

from kratom_quality.frames import FINDING_COLUMNS, RESULT_COLUMNS, finding_row, result_row
from kratom_quality.printable import inert_json
from kratom_quality.records import Certificate, Finding
from kratom_quality.spreadsheet import Cell, write_table


class FailedFile(Protocol):
    """A file that gave no record, and why."""

    @property
    def file(self) -> str:
        """Its path."""

    @property
    def reason(self) -> str:
        """One sentence."""


@contextmanager
def replacing(path: str | Path) -> Iterator[TextIO]:
    """Open a text file (UTF-8, line ends kept) that takes the place of ``path`` when the block ends without error.

    Missing folders are made. A place that is no regular file, such as a pipe, is written to directly.
    """
    place = Path(path).resolve()
    place.parent.mkdir(parents=True, exist_ok=True)
    if place.exists() and not place.is_file():
        with place.open("w", encoding="utf-8", newline="") as stream:
            yield stream
        return
    beside = place.with_name(f".{place.name}.{os.getpid()}.part")
    try:
        with beside.open("w", encoding="utf-8", newline="") as stream:
            yield stream
        beside.replace(place)
    finally:
        beside.unlink(missing_ok=True)


def write_records(certificates: Iterable[Certificate], stream: TextIO) -> None:
    """Write one compact JSON line a certificate."""
    stream.writelines(inert_json(certificate.model_dump_json()) + "\n" for certificate in certificates)


def write_results(certificates: Iterable[Certificate], stream: TextIO) -> None:
    """Write one CSV row a result; the columns are those of :func:`kratom_quality.frames.results_frame`."""
    write_table(stream, RESULT_COLUMNS, (cells for certificate in certificates for cells in result_cells(certificate)))


def result_cells(certificate: Certificate) -> Iterator[list[Cell]]:
    """Yield the cells of a row for each result."""
    for result in certificate.results:
        row = result_row(certificate, result)
        yield [row.get(column) for column in RESULT_COLUMNS]


def write_findings(findings: Iterable[Finding], stream: TextIO) -> None:
    """Write one CSV row a finding; the columns are those of :func:`kratom_quality.frames.findings_frame`."""
    rows = ({**row, "probability": f"{row['probability']:.4g}"} for row in map(finding_row, findings))
    write_table(stream, FINDING_COLUMNS, ([row[column] for column in FINDING_COLUMNS] for row in rows))


def write_failures(failures: Iterable[FailedFile], stream: TextIO) -> None:
    """Write the files that gave no record as CSV with the columns ``file, reason``."""
    write_table(stream, ("file", "reason"), ((failure.file, failure.reason) for failure in failures))
