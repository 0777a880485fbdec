"""What a folder holds that many files were read into, written from the journal in order of the files."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import NamedTuple, TextIO

from kratom_quality.batch.file import File, stamp_of
from kratom_quality.batch.journal import Head, Journal
from kratom_quality.batch.outcomes import Failure, mark_duplicate
from kratom_quality.batch.parquet import ParquetRows
from kratom_quality.batch.recipe import Table
from kratom_quality.frames import RESULT_COLUMNS
from kratom_quality.output import write_failures
from kratom_quality.printable import inert_json, printable_path
from kratom_quality.records import Certificate
from kratom_quality.spreadsheet import write_rows, write_table

RECORDS, FAILURES = "certificates.jsonl", "failures.csv"
RESULTS: dict[Table, str] = {"csv": "results.csv", "parquet": "results.parquet"}


class Written(NamedTuple):
    """What was written.

    Parameters
    ----------
    read
        Files that gave a record.
    empty
        Those of them without results.
    failed
        Files and folders that gave none.
    digest
        Of the files as they were when they were read, as :func:`digest_of` gives it.
    """

    read: int
    empty: int
    failed: int
    digest: str


def write_outputs(
    journal: Journal,
    places: Iterable[int],
    unlisted: Sequence[Failure],
    folder: Path,
    table: Table,
) -> Written:
    """Write records, results and failures into a folder.

    Parameters
    ----------
    journal
        Where they stand.
    places
        Of each file's line, in order of the files.
    unlisted
        What could not be listed.
    table
        Form of the results.
    """
    first_path: dict[bytes, str] = {}
    digest = _Digest()
    read = empty = failed = 0
    with ExitStack() as stack:
        records = stack.enter_context(_text(folder / RECORDS))
        failures = stack.enter_context(_text(folder / FAILURES))
        rows = stack.enter_context(_rows(folder / RESULTS[table], table))
        write_failures((), failures)
        for head, record, lines in map(journal.entry, places):
            digest.add(head.file, head.stamp)
            if head.sha256 is None:
                write_rows(failures, [(printable_path(head.file), head.reason)])
                failed += 1
                continue
            records.write(_marked(record, head, first_path) + "\n")
            rows.write(lines)
            read += 1
            empty += not head.results
        write_rows(failures, ((failure.file, failure.reason) for failure in unlisted))
    for failure in unlisted:
        digest.add(failure.file, "")
    return Written(read, empty, failed + len(unlisted), digest.hexdigest())


def _marked(record: str, head: Head, first_path: dict[bytes, str]) -> str:
    """Return a record, with the problem that its file was there already where it was."""
    path = printable_path(head.file)
    first = first_path.setdefault(bytes.fromhex(head.sha256 or ""), path)
    if first == path:
        return record
    return inert_json(mark_duplicate(Certificate.model_validate_json(record), first).model_dump_json())


@contextmanager
def _text(path: Path) -> Iterator[TextIO]:
    """Open a file that is on disk when the block ends."""
    with path.open("w", encoding="utf-8", newline="") as stream:
        yield stream
        stream.flush()
        os.fsync(stream.fileno())


@contextmanager
def _rows(path: Path, table: Table) -> Iterator[TextIO | ParquetRows]:
    if table == "parquet":
        with ParquetRows(path) as rows:
            yield rows
        return
    with _text(path) as stream:
        write_table(stream, RESULT_COLUMNS, ())
        yield stream


class _Digest:
    def __init__(self) -> None:
        self._digest = hashlib.sha256()
        self.hexdigest = self._digest.hexdigest

    def add(self, file: str, stamp: str) -> None:
        self._digest.update(json.dumps([file, stamp]).encode())


def digest_of(files: Iterable[File], unlisted: Iterable[Failure]) -> str:
    """Return a digest of files as they are now, and of what could not be listed."""
    digest = _Digest()
    for file in files:
        digest.add(os.fspath(file), stamp_of(file))
    for failure in unlisted:
        digest.add(failure.file, "")
    return digest.hexdigest()
