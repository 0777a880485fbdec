"""Many files into a folder: what was read stays read, whatever stops the reading."""

from __future__ import annotations

import json
import os
import shutil
from array import array
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Executor
from pathlib import Path
from typing import NamedTuple

from kratom_quality.batch.file import File, stamp_of
from kratom_quality.batch.files import require_files
from kratom_quality.batch.journal import Journal, differences, refusal
from kratom_quality.batch.one import Due
from kratom_quality.batch.outcomes import Failure
from kratom_quality.batch.outputs import FAILURES, RECORDS, RESULTS, digest_of, write_outputs
from kratom_quality.batch.parquet import require_parquet
from kratom_quality.batch.recipe import Recipe, Table
from kratom_quality.batch.stream import TIME_LIMIT_SECONDS, Progress, readings
from kratom_quality.limits import DEFAULT_LIMITS, ReadingLimits
from kratom_quality.output import replacing
from kratom_quality.vocabulary import Vocabulary

RECEIPT = "reading.json"
UNFINISHED = "unfinished"
_JOURNAL = "journal"
_OUTPUTS = (RECORDS, *RESULTS.values(), FAILURES, RECEIPT)
_NOWHERE = -1


class Kept(NamedTuple):
    """What a folder holds now.

    Parameters
    ----------
    read, empty, failed
        Files that gave a record, those of them without results, and files and folders that gave none.
    resumed
        Files that an earlier run had read.
    changed
        Files that have changed since an earlier run read them, and so were read again.
    """

    read: int
    empty: int
    failed: int
    resumed: int
    changed: int


def read_to(
    out_dir: str | Path,
    paths: Iterable[str | Path],
    *,
    vocabulary: Vocabulary | None = None,
    password: str | None = None,
    jobs: int | None = None,
    seconds: float = TIME_LIMIT_SECONDS,
    ocr: bool = True,
    codes: bool = False,
    limits: ReadingLimits = DEFAULT_LIMITS,
    parquet: bool = False,
    force: bool = False,
    progress: Progress | None = None,
    executor: Executor | None = None,
) -> Kept:
    """Read certificates into a folder, any number of them: few are held in memory at a time.

    What is read is kept at once in ``out_dir/unfinished``. Where the reading was stopped, even by a kill, the same call
    goes on from there; a file that has changed since is read again. When all is read, ``certificates.jsonl``,
    ``results.csv`` and ``failures.csv`` are put in place, in order of the files, as an undisturbed run would have
    written them; where they are already, and nothing has changed, nothing is done.

    Parameters
    ----------
    out_dir
        Made where it does not exist.
    paths, vocabulary, password, jobs, seconds, ocr, codes, limits, progress, executor
        As for :func:`read_many`.
    parquet
        Whether the results are written as ``results.parquet`` instead; needs the extra ``parquet``.
    force
        Whether to begin anew where the folder holds what was read before.

    Raises
    ------
    OutputExistsError
        If the folder holds a reading of other files, or one with another vocabulary, password, time limit, version of
        this package or of its data, or with other switches, and ``force`` is not given; or if another process is
        reading into it.
    UnreadableFileError, NoCertificatesError, MissingExtraError, ExecutorError
        As for :func:`read_many`. What was read until an executor was lost is kept.
    """
    if parquet:
        require_parquet()
    table: Table = "parquet" if parquet else "csv"
    recipe = Recipe(vocabulary, password, ocr, codes, seconds, table, limits)
    files, unlisted = require_files(paths)
    folder = Path(out_dir)
    described = recipe.describe()
    work = folder / UNFINISHED
    if not (work / _JOURNAL).exists() and (done := _finished(folder, described, files, unlisted, force=force)):
        shutil.rmtree(work, ignore_errors=True)
        return done
    work.mkdir(parents=True, exist_ok=True)
    with Journal(work / _JOURNAL, described, force=force) as journal:
        known = _Known(journal, files)
        if progress is not None and known.resumed:
            progress(known.resumed, len(files), files[-1])
        for done_now, (due, reading) in enumerate(readings(recipe, known.due(), jobs, executor), 1):
            known.places[due.number] = journal.append(due, reading)
            if progress is not None:
                progress(known.resumed + done_now, len(files), due.file)
        written = write_outputs(journal, known.places, unlisted, work, table)
        _put_in_place(work, folder, {"recipe": described, **written._asdict()})
    shutil.rmtree(work)
    return Kept(written.read, written.empty, written.failed, known.resumed, known.changed)


class _Known:
    """What an earlier run has read, of the files asked for now."""

    def __init__(self, journal: Journal, files: Sequence[File]) -> None:
        self._files = files
        self.places = array("q", [_NOWHERE]) * len(files)
        numbers: dict[str, int] = {}
        stale: set[int] = set()
        for place, head in journal.recover():
            numbers = numbers or {os.fspath(file): number for number, file in enumerate(files)}
            number = numbers.get(head.file)
            if number is None or head.may_change:
                continue
            if head.stamp == stamp_of(files[number]):
                self.places[number] = place
            else:
                stale.add(number)
        self.resumed = len(files) - self.places.count(_NOWHERE)
        self.changed = sum(self.places[number] == _NOWHERE for number in stale)

    def due(self) -> Iterator[Due]:
        """Yield the files that are still to be read."""
        for number, file in enumerate(self._files):
            if self.places[number] == _NOWHERE:
                yield Due(number, file, stamp_of(file))


def _finished(
    folder: Path, recipe: Mapping[str, str], files: Sequence[File], unlisted: Sequence[Failure], *, force: bool
) -> Kept | None:
    """Return what the folder holds where that is what reading would put there; None where that is to be read."""
    there = [name for name in _OUTPUTS if (folder / name).exists()]
    if force or not there:
        return None
    if RECEIPT not in there:
        raise refusal(folder, f"of which {RECEIPT} is missing")
    receipt = json.loads((folder / RECEIPT).read_text(encoding="utf-8"))
    if differing := differences(receipt["recipe"], recipe):
        raise refusal(folder, f"done otherwise: {differing}")
    if receipt["digest"] != digest_of(files, unlisted):
        raise refusal(folder, "of other files")
    return Kept(receipt["read"], receipt["empty"], receipt["failed"], len(files), 0)


def _put_in_place(work: Path, folder: Path, receipt: Mapping[str, object]) -> None:
    """Move what was written out of the working folder; the old is never to be seen beside the new."""
    with replacing(work / RECEIPT) as stream:
        json.dump(receipt, stream, indent=2)
    for name in _OUTPUTS:
        (folder / name).unlink(missing_ok=True)
    for name in _OUTPUTS:
        if (work / name).exists():
            (work / name).replace(folder / name)
