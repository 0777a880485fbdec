"""What was read so far, in a file that is only ever appended to, so that a kill loses one line at most.

A line holds a checksum, a head, and the record and table of one file, all JSON, parted by tabs; the first line holds
what the readings depend on. An end that is torn is cut off.
"""

from __future__ import annotations

import json
import os
import time
import zlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import NamedTuple, Self

from kratom_quality.batch.lock import lock
from kratom_quality.batch.one import Due, Reading
from kratom_quality.errors import KilledReaderError, KratomQualityError, OutputExistsError, UnreadableFileError
from kratom_quality.printable import printable_path

_SECONDS_BETWEEN_SYNCS = 5.0


class Head(NamedTuple):
    """What a line is of.

    Parameters
    ----------
    file, stamp
        The file, and what it was when it was read.
    sha256, results
        Of its record.
    reason, error
        In place of a record: why there is none, and the name of the error.
    """

    file: str
    stamp: str
    sha256: str | None = None
    results: int = 0
    reason: str | None = None
    error: str | None = None

    @property
    def may_change(self) -> bool:
        """Whether another try may give something else: the file could not be opened, or its reader was killed."""
        return self.error in (UnreadableFileError.__name__, KilledReaderError.__name__)


class Entry(NamedTuple):
    """A line; its record and table are empty where the file failed."""

    head: Head
    record: str
    table: str


class Journal:
    """An open journal, locked against other processes.

    Parameters
    ----------
    path
        Made where it does not exist.
    recipe
        What its readings depend on.
    force
        Whether readings that depend on something else are thrown away.

    Raises
    ------
    OutputExistsError
        If another process has it open, or its readings depend on something else.
    """

    def __init__(self, path: Path, recipe: Mapping[str, str], *, force: bool) -> None:
        self._writing = path.open("ab")
        self._reading = path.open("rb")
        self._synced = time.monotonic()
        with ExitStack() as undoing:
            undoing.callback(self.close)
            self._lock(path)
            self._begin(path, recipe, force=force)
            undoing.pop_all()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the file and so give up the lock."""
        self._reading.close()
        self._writing.close()

    def recover(self) -> Iterator[tuple[int, Head]]:
        """Yield the place and the head of each line; once through, what follows a torn line is cut off."""
        place = self._start
        self._reading.seek(place)
        for line in self._reading:
            parts = _parts(line)
            if parts is None:
                break
            yield place, Head(*json.loads(parts[0]))
            place += len(line)
        self._cut(place)

    def append(self, due: Due, outcome: Reading | KratomQualityError) -> int:
        """Write down what a file gave; return the place of the line."""
        file = os.fspath(due.file)
        if isinstance(outcome, Reading):
            head = Head(file, due.stamp, outcome.sha256, outcome.results)
            return self._append(json.dumps(head), outcome.record, outcome.table)
        head = Head(file, due.stamp, reason=str(outcome), error=type(outcome).__name__)
        return self._append(json.dumps(head), "", '""')

    def entry(self, place: int) -> Entry:
        """Return the line at a place."""
        self._reading.seek(place)
        parts = _parts(self._reading.readline())
        if parts is None:
            raise OSError(f"{self._reading.name}: is damaged; delete it and read again")
        head, record, table = parts
        return Entry(Head(*json.loads(head)), record, json.loads(table))

    def _lock(self, path: Path) -> None:
        try:
            lock(self._writing)
        except OSError as error:
            folder = printable_path(path.parent.parent)
            raise OutputExistsError(f"{folder}: another process is reading into it; wait for it to end") from error

    def _begin(self, path: Path, recipe: Mapping[str, str], *, force: bool) -> None:
        line = self._reading.readline()
        parts = _parts(line)
        differing = differences(json.loads(parts[0]), recipe) if parts else "torn"
        if parts and differing and not force:
            raise refusal(path.parent.parent, f"begun otherwise: {differing}")
        self._start = len(line)
        if differing:
            self._cut(0)
            self._append(json.dumps(recipe))
            self._start = self._end

    def _cut(self, end: int) -> None:
        self._writing.truncate(end)
        self._reading.seek(0, os.SEEK_END)  # lets go of what it had read ahead
        self._end = end

    def _append(self, *parts: str) -> int:
        line = _line(parts)
        place = self._end
        self._writing.write(line)
        self._writing.flush()
        self._end += len(line)
        if time.monotonic() - self._synced > _SECONDS_BETWEEN_SYNCS:
            os.fsync(self._writing.fileno())
            self._synced = time.monotonic()
        return place


def _line(parts: Sequence[str]) -> bytes:
    body = "\t".join(parts).encode() + b"\n"
    return f"{zlib.crc32(body):08x}\t".encode() + body


def _parts(line: bytes) -> list[str] | None:
    """Return the parts of a line; None where it is torn."""
    checksum, _, body = line.partition(b"\t")
    if not body.endswith(b"\n") or checksum != f"{zlib.crc32(body):08x}".encode():
        return None
    return body[:-1].decode().split("\t")


def refusal(folder: Path, otherwise: str) -> OutputExistsError:
    """Say that a folder holds another reading, and what can be done."""
    return OutputExistsError(
        f"{printable_path(folder)}: holds a reading {otherwise}; give what was given then, another folder, or --force"
        " to begin anew"
    )


def differences(then: Mapping[str, str], now: Mapping[str, str]) -> str:
    """Say what was given then and is not now; nothing where all is the same."""
    names = [name for name in now if then.get(name) != now[name]]
    return ", ".join(f"{name} was {then.get(name, 'not given')} and is {now[name]}" for name in names)
