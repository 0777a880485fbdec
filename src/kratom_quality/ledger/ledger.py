"""What a person does with a ledger; each method is a line to the module that knows how."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import Executor
from contextlib import ExitStack
from datetime import date
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self, overload

from sqlalchemy import Engine

from kratom_quality.batch import TIME_LIMIT_SECONDS, Batch, File, Outcome, Progress
from kratom_quality.batch.files import require_files
from kratom_quality.batch.recipe import Recipe
from kratom_quality.batch.stream import read_files
from kratom_quality.checks.context import Context
from kratom_quality.ledger import memory
from kratom_quality.ledger.engine import connect, database_url, reading, require_there
from kratom_quality.ledger.ingredients import Ingredients
from kratom_quality.ledger.intake import Intake, errors_to_retry, keep_certificates
from kratom_quality.ledger.market import FolderTaken, LedgerMarket, everything, take_folder
from kratom_quality.ledger.migrate import migrate
from kratom_quality.ledger.owners import Rules, folders_of
from kratom_quality.ledger.readings import from_record
from kratom_quality.ledger.selection import When, digests
from kratom_quality.ledger.series import History, all_standings, history, keep_scores, result_frames, scores_frame
from kratom_quality.ledger.states import keep_state, last_state
from kratom_quality.ledger.withdrawals import withdraw
from kratom_quality.printable import printable_path
from kratom_quality.records import Certificate
from kratom_quality.scoring import Filed
from kratom_quality.scoring.ranking import Ranking
from kratom_quality.vocabulary import Vocabulary

if TYPE_CHECKING:
    import pandas as pd

BUSY_SECONDS = 30.0


class Ledger:
    """Certificates over years, in a SQLite file or in PostgreSQL.

    >>> with kq.Ledger.open("ledger.sqlite") as ledger:
    ...     batch = ledger.read(["certificates/"])

    A certificate is known by the SHA-256 of its file. What was read is kept with what read it: another version of this
    software, of its data files or of a vocabulary reads anew, and of a certificate read more than once the newest
    record counts. Nothing is deleted. Several processes may use a ledger at once; each opens its own.

    ``as_of`` asks what there was on a day: certificates dated by then (the last day of their report, else of testing,
    receipt or collection, else the day they were first seen), without those withdrawn by then. ``known_on`` asks what
    the ledger knew at the end of a day. Both together ask what it then knew of an earlier day.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    @classmethod
    def open(cls, place: str | Path, *, create: bool = True, busy_seconds: float = BUSY_SECONDS) -> Self:
        """Open a ledger and bring it to the newest schema.

        Parameters
        ----------
        place
            A file's path, or a URL such as ``postgresql://user@host/database``.
        create
            Whether to make a SQLite file that is not there.
        busy_seconds
            How long to wait for another program that is writing.

        Raises
        ------
        LedgerError
            If it cannot be opened, is no ledger, or was written by a newer version of this package.
        MissingExtraError
            If it is in PostgreSQL and psycopg is not installed.
        """
        url = database_url(place)
        if not create:
            require_there(url)
        ledger = cls(connect(url, busy_seconds))
        with ExitStack() as undoing:
            undoing.callback(ledger.close)
            migrate(ledger._engine)
            undoing.pop_all()
        return ledger

    def close(self) -> None:
        """Close its connections."""
        self._engine.dispose()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def read(
        self,
        paths: Iterable[str | Path],
        *,
        vocabulary: Vocabulary | None = None,
        password: str | None = None,
        jobs: int | None = None,
        seconds: float = TIME_LIMIT_SECONDS,
        ocr: bool = True,
        codes: bool = False,
        progress: Progress | None = None,
        again: bool = False,
        vendor_name: Callable[[str], str] = str,
        executor: Executor | None = None,
    ) -> Batch:
        """Return what :func:`kratom_quality.read_many` returns, reading only what the ledger does not hold.

        The parameters are those of :meth:`read_new`.
        """
        recipe = Recipe(vocabulary, password, ocr, codes, seconds)
        return self.intake(paths, recipe, jobs, progress, executor, again=again, vendor_name=vendor_name).batch()

    def read_new(
        self,
        paths: Iterable[str | Path],
        *,
        vocabulary: Vocabulary | None = None,
        password: str | None = None,
        jobs: int | None = None,
        seconds: float = TIME_LIMIT_SECONDS,
        ocr: bool = True,
        codes: bool = False,
        progress: Progress | None = None,
        again: bool = False,
        vendor_name: Callable[[str], str] = str,
        executor: Executor | None = None,
    ) -> Iterator[tuple[File, Outcome]]:
        """Read files that the ledger does not hold, keep what they give, and yield each with its outcome.

        A file that has not changed in size and times since it was read is not opened. The vendor of a file is the first
        folder below the path given; else the folder of vendors it was read in before; else the client as printed.

        Parameters
        ----------
        paths, vocabulary, password, jobs, seconds, ocr, codes, progress, executor
            See :func:`kratom_quality.read_many`, which also tells what is raised. With a password, files that asked for
            one are tried again.
        again
            Whether files whose reading failed through a fault of ours, such as the time limit, are tried again.
        vendor_name
            Gives the name to use for a vendor, as :meth:`kratom_quality.config.FolderSettings.vendor` does.
        """
        recipe = Recipe(vocabulary, password, ocr, codes, seconds)
        return self.intake(paths, recipe, jobs, progress, executor, again=again, vendor_name=vendor_name).run()

    def intake(
        self,
        paths: Iterable[str | Path],
        recipe: Recipe,
        jobs: int | None = None,
        progress: Progress | None = None,
        executor: Executor | None = None,
        *,
        again: bool = False,
        vendor_name: Callable[[str], str] = str,
    ) -> Intake:
        """Return a run over files that is yet to begin, for those who must know which files were held before."""
        places = list(paths)
        files, unlisted = require_files(places)
        retried = errors_to_retry(again=again, password=recipe.password)
        rules = Rules(Ingredients.of(recipe), folders_of(places), retried, vendor_name)
        stream = partial(read_files, recipe, jobs=jobs, progress=progress, executor=executor)
        return Intake(self._engine, rules, stream, files, unlisted)

    def keep_certificates(self, vendors: Mapping[str, Iterable[Certificate]]) -> None:
        """Keep certificates that were read without the ledger, by vendor."""
        keep_certificates(self._engine, vendors)

    def withdraw(
        self, certificate: str | Path, reason: str, *, day: date | None = None, successor: str | Path | None = None
    ) -> None:
        """Say that a certificate was withdrawn or replaced on a day; it is kept, and counts no more from then on.

        Parameters
        ----------
        certificate, successor
            The file, or the SHA-256 of its bytes, of which the first eight digits do.
        """
        withdraw(self._engine, certificate, reason, day or date.today(), successor)

    def vendors(self, as_of: date | None = None, known_on: date | None = None) -> dict[str, tuple[str, ...]]:
        """Return the digests of each vendor's certificates, in order; vendors by name without regard to case."""
        with reading(self._engine) as connection:
            return digests(connection, When(as_of, known_on))

    def certificates(
        self,
        vendor: str | None = None,
        as_of: date | None = None,
        known_on: date | None = None,
        *,
        superseded: bool = False,
    ) -> Iterator[Certificate]:
        """Yield certificates in the order of :meth:`vendors`; a file that lies at two places comes twice.

        ``source.path`` is where the file was seen last.

        Raises
        ------
        LedgerError
            If the vendor is not in the ledger; the message names the nearest.
        """
        with reading(self._engine) as connection:
            for one in all_standings(connection, vendor, When(as_of, known_on, superseded)):
                for path in one.paths:
                    yield from_record(one.record, printable_path(path))

    @overload
    def frame(
        self,
        vendor: str | None = None,
        analyte: str | None = None,
        as_of: date | None = None,
        known_on: date | None = None,
        *,
        superseded: bool = False,
        chunksize: None = None,
    ) -> pd.DataFrame: ...
    @overload
    def frame(
        self,
        vendor: str | None = None,
        analyte: str | None = None,
        as_of: date | None = None,
        known_on: date | None = None,
        *,
        superseded: bool = False,
        chunksize: int,
    ) -> Iterator[pd.DataFrame]: ...
    def frame(
        self,
        vendor: str | None = None,
        analyte: str | None = None,
        as_of: date | None = None,
        known_on: date | None = None,
        *,
        superseded: bool = False,
        chunksize: int | None = None,
    ) -> pd.DataFrame | Iterator[pd.DataFrame]:
        """Return results in the long form of :func:`kratom_quality.to_frame`, with ``date`` and ``superseded`` beside.

        Parameters
        ----------
        superseded
            Whether to give certificates withdrawn or replaced too; the column says since when.
        chunksize
            Yield frames of the results of so many certificates, for what memory does not hold.
        """
        when = When(as_of, known_on, superseded)
        frames = result_frames(self._engine, vendor, analyte, when, chunksize or sys.maxsize)
        return frames if chunksize is not None else next(frames)

    def history(
        self, vendor: str, analyte: str | None = None, as_of: date | None = None, known_on: date | None = None
    ) -> History:
        """Return a vendor's certificates, results and scores by day, those withdrawn or replaced among them.

        Raises
        ------
        LedgerError
            If the vendor is not in the ledger.
        """
        return history(self._engine, vendor, analyte, When(as_of, known_on, superseded=True))

    def keep_scores(self, ranking: Ranking, context: Context, *, findings: bool = True) -> None:
        """Keep a ranking, with its findings unless these are not wanted, as of the day of judgement in the context."""
        keep_scores(self._engine, ranking, context, with_findings=findings)

    def scores(self, vendor: str | None = None) -> pd.DataFrame:
        """Return one row a vendor and ranking kept, by day: the columns of a ranking, its day, standard and version."""
        return scores_frame(self._engine, vendor, When())

    def market(self, as_of: date | None = None, known_on: date | None = None) -> LedgerMarket:
        """Return all certificates by vendor, to be scored by :func:`kratom_quality.scoring.score_kept`."""
        return everything(self._engine, When(as_of, known_on))

    def take_folder(
        self,
        intake: Intake,
        folder: Path,
        as_of: date | None = None,
        rename_vendors: Callable[[Mapping[str, list[Filed]]], Mapping[str, list[Filed]]] | None = None,
    ) -> FolderTaken:
        """Read what is new in a folder, and return its certificates by vendor, as :func:`assign_vendors` tells these.

        Parameters
        ----------
        intake
            A run over the folder, from :meth:`intake`, that is yet to begin.
        as_of
            The day of which certificates count; withdrawn ones do not.
        rename_vendors
            Gives the vendors the names to use.
        """
        return take_folder(intake, folder, When(as_of), rename_vendors)

    def recall_examinations(self, keys: Iterable[str]) -> dict[str, bytes]:
        """Return what was kept under these keys; keys under which nothing was are left out."""
        return memory.recall_examinations(self._engine, keys)

    def keep_examinations(self, examinations: Mapping[str, tuple[str, bytes]]) -> None:
        """Keep bytes under keys, each with the vendor they are of; a key kept before keeps what it has."""
        memory.keep_examinations(self._engine, examinations)

    def keep_state(self, folder: str | Path, state: bytes) -> None:
        """Keep what a folder looks like, in place of what was kept before, for :meth:`last_state`."""
        keep_state(self._engine, Path(folder), state)

    def last_state(self, folder: str | Path) -> bytes | None:
        """Return what was kept last of a folder; None where nothing was."""
        return last_state(self._engine, Path(folder))
