"""The files a scored folder is written to, all of them or none."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import TextIO

from kratom_quality.frames import FINDING_COLUMNS, Row, finding_row
from kratom_quality.output import FailedFile, replacing, write_records, write_results
from kratom_quality.printable import printable_path
from kratom_quality.records import Certificate, Finding
from kratom_quality.scoring.ranking import VENDOR_COLUMNS, Ranking
from kratom_quality.spreadsheet import Cell, write_table

SCORE_FILES = ("vendors.csv", "findings.csv", "results.csv", "certificates.jsonl", "failures.csv", "basis.txt")
_DECIMALS = 4


def write_scores(
    ranking: Ranking,
    findings: Iterable[Finding],
    certificates: Iterable[Certificate],
    failures: Iterable[FailedFile],
    out_dir: str | Path,
    folder: str | Path | None = None,
) -> None:
    """Write vendors, findings, results and failures as CSV, certificates as JSON lines, and the basis in words.

    All are written beside their places and put into them when the last is whole.

    Parameters
    ----------
    out_dir
        Made where it does not exist.
    folder
        What the findings' files are given relative to.
    """
    out = Path(out_dir)
    out.mkdir(parents=True, exist_ok=True)
    root = Path(folder).absolute() if folder is not None else None
    certificates = tuple(certificates)
    with ExitStack() as stack:
        files = {name: stack.enter_context(replacing(out / name)) for name in SCORE_FILES}
        _write_rows(files["vendors.csv"], VENDOR_COLUMNS, (score.row() for score in ranking))
        _write_rows(files["findings.csv"], FINDING_COLUMNS, (_finding_row(finding, root) for finding in findings))
        write_results(certificates, files["results.csv"])
        write_records(certificates, files["certificates.jsonl"])
        write_table(files["failures.csv"], ("file", "reason"), ((item.file, item.reason) for item in failures))
        files["basis.txt"].write(f"{ranking.basis}\n")


def _write_rows(stream: TextIO, columns: Sequence[str], rows: Iterable[Row]) -> None:
    write_table(stream, columns, ([_rounded(row[column]) for column in columns] for row in rows))


def _finding_row(finding: Finding, root: Path | None) -> Row:
    return {**finding_row(finding), "file": _relative(finding.file, root)}


def _relative(file: str | None, root: Path | None) -> str | None:
    if file is None or root is None:
        return file
    path = Path(file).absolute()
    return printable_path(path.relative_to(root)) if path.is_relative_to(root) else file


def _rounded(cell: Cell) -> Cell:
    return round(cell, _DECIMALS) if isinstance(cell, float) else cell
