"""Folders of certificate files to records, in child processes; one bad file costs its own time and nothing else."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import kratom_quality  # the public face knows where frames live, which are behind this module
from kratom_quality.errors import KratomQualityError, NoCertificatesError, UnreadableFileError
from kratom_quality.printable import printable_path
from kratom_quality.reading.sandbox import run_all
from kratom_quality.records import Certificate, Problem, ProblemKind
from kratom_quality.vocabulary import Vocabulary

if TYPE_CHECKING:
    import pandas as pd

CERTIFICATE_SUFFIXES = frozenset({".pdf", ".png", ".jpg", ".jpeg", ".tif", ".tiff"})
TIME_LIMIT_SECONDS = 60.0
SECONDS_FOR_OCR = 40.0  # more, for each page to be read by OCR; it takes 2 to 10 on one processor

Progress = Callable[[int, int, Path], None]
Outcome = Certificate | KratomQualityError
_READ_BY_OCR = frozenset({ProblemKind.NO_TEXT, ProblemKind.GARBLED_TEXT})


@dataclass(frozen=True, slots=True)
class Failure:
    """A file or folder that gave no record.

    Parameters
    ----------
    file
        Its path, printable.
    reason
        One sentence: what is wrong and what can be done.
    error
        Name of the error's class.
    details
        The traceback, or what the reading process said when it died, where the fault is ours; else None.
    """

    file: str
    reason: str
    error: str
    details: str | None = None


@dataclass(frozen=True, slots=True)
class Batch:
    """What a folder held: together, certificates and failures account for every certificate file found.

    Iterating gives the certificates, so that a batch can be checked or scored as it is.
    """

    certificates: tuple[Certificate, ...]
    failures: tuple[Failure, ...]

    def __iter__(self) -> Iterator[Certificate]:
        return iter(self.certificates)

    def to_frame(self, form: Literal["long", "wide"] = "long") -> pd.DataFrame:
        """Return a table of the certificates; see :func:`kratom_quality.to_frame`, which this calls."""
        return kratom_quality.to_frame(self, form)


def read_folder(
    folder: str | Path,
    *,
    vocabulary: Vocabulary | None = None,
    password: str | None = None,
    jobs: int | None = None,
    seconds: float = TIME_LIMIT_SECONDS,
    ocr: bool = True,
    codes: bool = False,
    progress: Progress | None = None,
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
        progress=progress,
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
    progress: Progress | None = None,
) -> Batch:
    """Read certificates from files and folders, in order of the paths given and sorted by path inside each folder.

    A certificate file is one whose name ends in ``.pdf``, ``.png``, ``.jpg``, ``.jpeg``, ``.tif`` or ``.tiff``, in any
    case and at any depth; hidden files and folders are passed over. A path given as a file is read whatever its name.

    Parameters
    ----------
    paths
        Files and folders.
    vocabulary
        Names of analytes; the package's own where None.
    password
        Tried on encrypted files.
    jobs
        Number of child processes; one for each processor where None.
    seconds
        Time limit for one file; each page read by OCR is allowed more.
    ocr
        Whether scans are read by OCR, where the extra ``ocr`` is installed; they are read after all other files.
    codes
        Whether QR codes are read too, which takes longer.
    progress
        Called after each file with the number done, the number of all, and the file.

    Raises
    ------
    UnreadableFileError
        If a path given does not exist.
    NoCertificatesError
        If the folders hold no certificate file.
    MissingExtraError
        If codes are asked for and zxing-cpp is not installed.
    """
    if codes:
        from kratom_quality.reading.codes import require_code_reader  # it imports what draws pages

        require_code_reader()
    places = [Path(path) for path in paths]
    files, unlisted = _find_files(places)
    if not files and not unlisted:
        where = ", ".join(printable_path(place) for place in places)
        suffixes = ", ".join(sorted(CERTIFICATE_SUFFIXES))
        raise NoCertificatesError(f"{where}: no certificate file found; looked for {suffixes} at any depth")
    read = partial(_read_as_json, vocabulary=vocabulary, password=password, codes=codes)
    outcomes: dict[Path, Outcome] = {}
    scans: dict[Path, int] = {}
    for file, outcome in _outcomes(partial(read, ocr=False), files, jobs, seconds):
        if ocr and (pages := _pages_for_ocr(outcome)):
            scans[file] = pages
            continue
        outcomes[file] = outcome
        if progress is not None:
            progress(len(outcomes), len(files), file)
    seconds += SECONDS_FOR_OCR * max(scans.values(), default=0)
    for file, outcome in _outcomes(partial(read, ocr=True), list(scans), jobs, seconds):
        outcomes[file] = outcome
        if progress is not None:
            progress(len(outcomes), len(files), file)
    return _batch([(file, outcomes[file]) for file in files], unlisted)


def _outcomes(
    read: Callable[[Path], str], files: Sequence[Path], jobs: int | None, seconds: float
) -> Iterator[tuple[Path, Outcome]]:
    """Read files in child processes, each into a certificate or the error that prevented it."""
    for file, outcome in run_all(read, files, jobs=jobs or os.cpu_count() or 1, seconds=seconds):
        yield file, Certificate.model_validate_json(outcome) if isinstance(outcome, str) else outcome


def _pages_for_ocr(outcome: Outcome) -> int:
    """How many pages wait for OCR; none where it is not installed."""
    from kratom_quality.reading import ocr

    if isinstance(outcome, KratomQualityError) or not ocr.is_installed():
        return 0
    return sum(problem.kind in _READ_BY_OCR for problem in outcome.problems)


def _read_as_json(file: Path, vocabulary: Vocabulary | None, password: str | None, codes: bool, ocr: bool) -> str:
    """Read one file; a record that JSON cannot hold fails here, in the child, and not when all are written."""
    from kratom_quality.parsing.certificate import read_certificate  # the parent never reads, and starts sooner without

    return read_certificate(file, vocabulary=vocabulary, password=password, ocr=ocr, codes=codes).model_dump_json()


def _find_files(paths: Iterable[Path]) -> tuple[list[Path], list[Failure]]:
    files: dict[Path, None] = {}
    unlisted: list[Failure] = []
    for path in paths:
        if path.is_dir():
            files.update(dict.fromkeys(sorted(_certificate_files(path, unlisted), key=lambda file: file.parts)))
        elif path.exists():
            files[path] = None
        else:
            raise UnreadableFileError(f"{printable_path(path)}: there is no such file or folder")
    return list(files), unlisted


def _certificate_files(folder: Path, unlisted: list[Failure]) -> Iterator[Path]:
    """Walk a folder once, links included; folders that cannot be listed are added to ``unlisted``."""

    def note(error: OSError) -> None:
        reason = f"the folder cannot be listed ({error.strerror}); check its permissions"
        unlisted.append(Failure(printable_path(error.filename), reason, UnreadableFileError.__name__))

    visited: set[tuple[int, int]] = set()
    for here, folders, names in os.walk(folder, onerror=note, followlinks=True):
        status = Path(here).stat()
        if (status.st_dev, status.st_ino) in visited:
            folders.clear()
            continue
        visited.add((status.st_dev, status.st_ino))
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in names:
            if not name.startswith(".") and Path(name).suffix.lower() in CERTIFICATE_SUFFIXES:
                yield Path(here, name)


def _batch(outcomes: Iterable[tuple[Path, Outcome]], unlisted: Iterable[Failure]) -> Batch:
    certificates: list[Certificate] = []
    failures: list[Failure] = []
    for file, outcome in outcomes:
        if isinstance(outcome, Certificate):
            certificates.append(outcome)
        else:
            failures.append(_failure(file, outcome))
    return Batch(tuple(_mark_duplicates(certificates)), (*failures, *unlisted))


def _failure(file: Path, error: KratomQualityError) -> Failure:
    details = "\n".join(getattr(error, "__notes__", ())) or None
    return Failure(printable_path(file), str(error), type(error).__name__, details)


def _mark_duplicates(certificates: Iterable[Certificate]) -> Iterator[Certificate]:
    first_path: dict[str, str | None] = {}
    for certificate in certificates:
        source = certificate.source
        if source.sha256 in first_path:
            message = f"the same file, byte for byte, as {first_path[source.sha256]}"
            duplicate = Problem(kind=ProblemKind.DUPLICATE_FILE, message=message)
            yield certificate.model_copy(update={"problems": (*certificate.problems, duplicate)})
        else:
            first_path[source.sha256] = source.path
            yield certificate
