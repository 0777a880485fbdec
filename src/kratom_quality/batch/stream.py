"""Files to outcomes as they come, in bounded memory; and all of them at once, in order."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Executor
from dataclasses import replace
from functools import partial
from pathlib import Path

from kratom_quality.batch.file import File
from kratom_quality.batch.files import require_files
from kratom_quality.batch.one import Due, Reading, fetch, read
from kratom_quality.batch.outcomes import Batch, Failure, Outcome
from kratom_quality.batch.recipe import Recipe
from kratom_quality.batch.software import digest_of_package
from kratom_quality.batch.workers import UNDER_WAY, run_all
from kratom_quality.errors import KratomQualityError, ReadingFailedError, UnreadableFileError
from kratom_quality.limits import DEFAULT_LIMITS, ReadingLimits
from kratom_quality.records import Certificate
from kratom_quality.vocabulary import Vocabulary

TIME_LIMIT_SECONDS = 60.0
SECONDS_FOR_OCR = 40.0  # more, for each page to be read by OCR; it takes 2 to 10 on one processor

Progress = Callable[[int, int, File], None]


def read_folder(
    folder: str | Path,
    *,
    vocabulary: Vocabulary | None = None,
    password: str | None = None,
    jobs: int | None = None,
    seconds: float = TIME_LIMIT_SECONDS,
    ocr: bool = True,
    codes: bool = False,
    limits: ReadingLimits = DEFAULT_LIMITS,
    progress: Progress | None = None,
    executor: Executor | None = None,
) -> Batch:
    """Read every certificate file below a folder; see :func:`read_many`."""
    return read_many(
        [folder],
        vocabulary=vocabulary,
        password=password,
        jobs=jobs,
        seconds=seconds,
        ocr=ocr,
        codes=codes,
        limits=limits,
        progress=progress,
        executor=executor,
    )


def read_many(
    paths: Iterable[str | Path],
    *,
    vocabulary: Vocabulary | None = None,
    password: str | None = None,
    jobs: int | None = None,
    seconds: float = TIME_LIMIT_SECONDS,
    ocr: bool = True,
    codes: bool = False,
    limits: ReadingLimits = DEFAULT_LIMITS,
    progress: Progress | None = None,
    executor: Executor | None = None,
) -> Batch:
    """Read certificates from files and folders, in order of the paths given and sorted by path inside each folder.

    A certificate file is one whose name ends in ``.pdf``, ``.png``, ``.jpg``, ``.jpeg``, ``.tif`` or ``.tiff``, in any
    case and at any depth; hidden files and folders are passed over. A path given as a file is read whatever its name.
    All records are held in memory; :func:`read_stream` and :func:`read_to` hold few.

    Parameters
    ----------
    paths
        Files and folders; with the extra ``remote``, ``.zip`` archives and addresses such as ``s3://bucket/folder``.
    vocabulary
        Names of analytes; the package's own where None.
    password
        Tried on encrypted files.
    jobs
        Number of child processes, one for each processor where None; with an executor, the number of files given to it
        at once, 64 where None.
    seconds
        Time limit for one file; each page read by OCR is allowed more.
    ocr
        Whether scans are read by OCR, where the extra ``ocr`` is installed; they are read after all other files.
    codes
        Whether QR codes are read too, which takes longer.
    limits
        What a file may ask for beside its time; one that asks for more is a failure that names the limit.
    progress
        Called after each file with the number done, the number of all, and the file.
    executor
        Any :class:`concurrent.futures.Executor`, whose workers then each keep a child that reads: processes, or a Dask
        cluster by ``distributed.Client(...).get_executor()``. They must reach the files by the same paths.

    Raises
    ------
    UnreadableFileError
        If a path given does not exist.
    NoCertificatesError
        If the folders hold no certificate file.
    MissingExtraError
        If codes are asked for and zxing-cpp is not installed, or an address or archive is given and fsspec is not.
    ExecutorError
        If the executor lost its workers, or they have other software than this process.
    """
    recipe = Recipe(vocabulary, password, ocr, codes, seconds, limits=limits)
    files, unlisted = require_files(paths)
    outcomes = dict(read_files(recipe, files, jobs, progress, executor))
    return Batch.of(((file, outcomes.pop(file)) for file in files), unlisted)


def read_stream(
    paths: Iterable[str | Path],
    *,
    vocabulary: Vocabulary | None = None,
    password: str | None = None,
    jobs: int | None = None,
    seconds: float = TIME_LIMIT_SECONDS,
    ocr: bool = True,
    codes: bool = False,
    limits: ReadingLimits = DEFAULT_LIMITS,
    progress: Progress | None = None,
    executor: Executor | None = None,
) -> Iterator[tuple[File, Outcome]]:
    """Yield each file with its certificate, or the error that prevented it, as it is done; few are held in memory.

    Parameters and errors are those of :func:`read_many`. Scans come last; a folder that cannot be listed comes with an
    :class:`UnreadableFileError` at the end. That a file is the same, byte for byte, as another is not noted.
    """
    recipe = Recipe(vocabulary, password, ocr, codes, seconds, limits=limits)
    files, unlisted = require_files(paths)
    return _with_unlisted(read_files(recipe, files, jobs, progress, executor), unlisted)


def _with_unlisted(
    outcomes: Iterator[tuple[File, Outcome]], unlisted: Iterable[Failure]
) -> Iterator[tuple[File, Outcome]]:
    yield from outcomes
    for failure in unlisted:
        yield Path(failure.file), UnreadableFileError(failure.reason)


def read_files(
    recipe: Recipe, files: Sequence[File], jobs: int | None, progress: Progress | None, executor: Executor | None
) -> Iterator[tuple[File, Outcome]]:
    """Yield files that were found before, each with its outcome; see :func:`read_stream`."""
    due = (Due(number, file, "") for number, file in enumerate(files))
    for done, (one, reading) in enumerate(readings(recipe, due, jobs, executor), 1):
        outcome = Certificate.model_validate_json(reading.record) if isinstance(reading, Reading) else reading
        if progress is not None:
            progress(done, len(files), one.file)
        yield one.file, outcome


def readings(
    recipe: Recipe, due: Iterable[Due], jobs: int | None, executor: Executor | None
) -> Iterator[tuple[Due, Reading | KratomQualityError]]:
    """Yield files with what was read of them, as they are done, and those that OCR must read last."""
    if jobs is None:
        jobs = UNDER_WAY if executor is not None else os.cpu_count() or 1
    run_here = partial(
        run_all, jobs=jobs, fetch=partial(fetch, expected=digest_of_package(), limits=recipe.limits), executor=executor
    )

    def run(
        of_recipe: Recipe, due: Iterable[Due], seconds: float
    ) -> Iterator[tuple[Due, Reading | KratomQualityError]]:
        for one, answer in run_here(partial(read, recipe=of_recipe), due, seconds=seconds, limits=of_recipe.limits):
            yield one, _understood(answer)

    scans: list[Due] = []
    most_pages = 0
    for one, reading in run(replace(recipe, ocr=False), due, recipe.seconds):
        if recipe.ocr and isinstance(reading, Reading) and reading.pages_for_ocr:
            scans.append(one)
            most_pages = max(most_pages, reading.pages_for_ocr)
        else:
            yield one, reading
    seconds = recipe.seconds + SECONDS_FOR_OCR * most_pages
    yield from run(replace(recipe, limits=recipe.limits.for_ocr()), scans, seconds)


def _understood(answer: object) -> Reading | KratomQualityError:
    if isinstance(answer, KratomQualityError):
        return answer
    try:
        return Reading.of(answer)
    except ReadingFailedError as error:
        return error
