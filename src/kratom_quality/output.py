"""Files that are whole or not there: each is written beside its place and put into it at the end."""

from __future__ import annotations

import csv
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

from kratom_quality.batch import Batch


@contextmanager
def replacing(path: str | Path) -> Iterator[TextIO]:
    """Open a text file (UTF-8, line ends kept) that takes the place of ``path`` when the block ends without error.

    A place that is no regular file, such as a pipe, is written to directly.
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


def write_records(batch: Batch, stream: TextIO) -> None:
    """Write one compact JSON line a certificate, in the batch's order."""
    stream.writelines(certificate.model_dump_json() + "\n" for certificate in batch.certificates)


def write_results(batch: Batch, stream: TextIO) -> None:
    """Write one CSV row a result, with its certificate's header beside it."""
    from kratom_quality.frames import results_frame

    results_frame(batch.certificates).to_csv(stream, index=False, lineterminator="\n")


def write_failures(batch: Batch, stream: TextIO) -> None:
    """Write the files that gave no record as CSV with the columns ``file, reason``."""
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(("file", "reason"))
    writer.writerows((failure.file, failure.reason) for failure in batch.failures)
