"""Files to outcomes: what the ledger holds is not read again, and what is read is kept as it comes."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import Connection, Engine

from kratom_quality.batch import Batch, Failure, File, Outcome, RemoteFile
from kratom_quality.errors import (
    EncryptedPdfError,
    KilledReaderError,
    MissingExtraError,
    ReadingFailedError,
    UnreadableFileError,
)
from kratom_quality.ledger.engine import in_groups, reading, writing
from kratom_quality.ledger.files import (
    Owner,
    Recorded,
    Seen,
    keep_files,
    look_at,
    owner_of_folder,
    recorded_files,
    sight,
    touch,
)
from kratom_quality.ledger.ingredients import Ingredients
from kratom_quality.ledger.owners import Rules
from kratom_quality.ledger.readings import Held, Read, held, keep_outcomes, moved, recall
from kratom_quality.ledger.runs import begin_run, end_run
from kratom_quality.printable import printable_path
from kratom_quality.records import Certificate

_TOLD_APART_AT_ONCE = 2000
_RECALLED_AT_ONCE = 100
_KEPT_AT_ONCE = 64
_KEPT_AFTER_SECONDS = 1.0
# The bytes of the file are not the cause of these, so that they say nothing of the next time.
_NOT_OF_THE_BYTES = (KilledReaderError, MissingExtraError, UnreadableFileError)

Stream = Callable[[list[File]], Iterator[tuple[File, Outcome]]]


def errors_to_retry(*, again: bool, password: str | None) -> frozenset[str]:
    """Return which errors are tried again: those of ours if asked for, and with a password what wanted one."""
    ours = {ReadingFailedError.__name__} if again else set()
    locked = {EncryptedPdfError.__name__} if password is not None else set()
    return frozenset(ours | locked)


@dataclass
class Intake:
    """One run over files: :meth:`run` reads and keeps what is new; then ``known`` are those that were held before."""

    engine: Engine
    rules: Rules
    stream: Stream
    files: Sequence[File]
    unlisted: Sequence[Failure] = ()
    known: list[Seen] = field(default_factory=list)
    read: dict[File, tuple[str, str | None]] = field(default_factory=dict)  # digest and client where there is a record
    started: datetime = field(default_factory=lambda: datetime.now(UTC))
    _failed: list[Seen] = field(default_factory=list)
    _new: dict[str, list[Seen]] = field(default_factory=dict)
    _owners: dict[Seen, Owner | None] = field(default_factory=dict)
    _owner_of: dict[str, Owner | None] = field(default_factory=dict)

    def run(self) -> Iterator[tuple[File, Outcome]]:
        """Yield what is read of files that the ledger does not hold, and keep it."""
        number = begin_run(self.engine, self.rules.recipe, self.started)
        for group in in_groups(self.files, _TOLD_APART_AT_ONCE):
            self._tell_apart(group)
        yield from self._read()
        end_run(self.engine, number, [] if self.unlisted else self.rules.local_folders(), self.started)

    def batch(self) -> Batch:
        """Read what is new, and return the outcomes of all files in their order."""
        outcomes = dict(self.run())
        outcomes |= self.recall(self.known)
        return Batch.of(((file, outcomes[file]) for file in self.files), self.unlisted)

    def news(self) -> Batch:
        """Read what is new, and return it with the failures that were held, in the order of the files."""
        outcomes = dict(self.run())
        outcomes |= self.failures()
        return Batch.of(((file, outcomes[file]) for file in self.files if file in outcomes), self.unlisted)

    def failures(self) -> Iterator[tuple[File, Outcome]]:
        """Yield the files that were held as giving no record, each with its error."""
        return self.recall(self._failed)

    def recall(self, seen: Iterable[Seen]) -> Iterator[tuple[File, Outcome]]:
        """Yield the outcomes of files that were held."""
        for group in in_groups(seen, _RECALLED_AT_ONCE):
            with reading(self.engine) as connection:
                kept = recall(connection, {str(one.sha256) for one in group}, self.rules.recipe.digest)
            yield from ((one.file, kept[str(one.sha256)].outcome(printable_path(one.file))) for one in group)

    def _tell_apart(self, group: Sequence[File]) -> None:
        """Note the files of which a record or an error is held as seen; gather the others."""
        sights = [sight(file) for file in group]
        with reading(self.engine) as connection:
            recorded = recorded_files(connection, [one.place for one in sights])
        seen = [look_at(one, recorded.get(one.place)) for one in sights]
        with reading(self.engine) as connection:
            holds = held(connection, {one.sha256 for one in seen if one.sha256}, self.rules.recipe.digest)
            owners = {one: self._owner(connection, one, recorded.get(one.place)) for one in seen}
        known = {one: holds[str(one.sha256)] for one in seen if self._is_known(one, holds)}
        self.known += known
        self.read |= {one.file: (str(one.sha256), found.client) for one, found in known.items() if not found.error}
        self._failed += (one for one, found in known.items() if found.error)
        self._owners |= {one: owners[one] for one in seen if one not in known}
        for one in seen:
            if one not in known:
                self._new.setdefault(one.sha256 or f"unread {one.path}", []).append(one)
        self._note(known, owners, recorded)

    def _is_known(self, seen: Seen, holds: Mapping[str, Held]) -> bool:
        found = holds.get(seen.sha256 or "")
        return found is not None and found.error not in self.rules.retried

    def _owner(self, connection: Connection, seen: Seen, recorded: Recorded | None) -> Owner | None:
        """Return whose a file is by its folder, or was when the folder of vendors was read; else None."""
        if by_folder := self.rules.owner(seen.file, seen.path):
            return by_folder
        if recorded and recorded.owner.by_folder:
            return self.rules.by_folder(recorded.owner.vendor)
        if isinstance(seen.file, RemoteFile):
            return None
        folder = str(Path(seen.path).parent)
        if folder not in self._owner_of:
            found = owner_of_folder(connection, folder)
            self._owner_of[folder] = found and self.rules.by_folder(found.vendor)
        return self._owner_of[folder]

    def _note(
        self, known: Mapping[Seen, Held], owners: Mapping[Seen, Owner | None], recorded: Mapping[str, Recorded]
    ) -> None:
        same, renewed = [], {}
        for seen, found in known.items():
            owner = owners[seen] or self.rules.by_client(found.client)
            if recorded.get(seen.place) == Recorded(str(seen.sha256), seen.stamp, owner):
                same.append(seen.place)
            else:
                renewed[seen] = owner
        with writing(self.engine) as connection:
            touch(connection, same, self.started)
            keep_files(connection, renewed, self.started)

    def _read(self) -> Iterator[tuple[File, Outcome]]:
        """Read the files gathered, those of the same bytes once; keep what comes, and yield it."""
        groups = {group[0].file: group for group in self._new.values()}
        waiting: dict[Seen, Outcome] = {}
        last = time.monotonic()
        try:
            for file, outcome in self.stream(list(groups)) if groups else ():
                first, *others = groups[file]
                here = printable_path(first.file)
                outcomes = {first: outcome}
                outcomes |= {one: moved(outcome, here, printable_path(one.file)) for one in others}
                waiting |= outcomes
                if isinstance(outcome, Certificate):
                    self.read |= {one.file: (outcome.source.sha256, outcome.client) for one in outcomes}
                yield from ((one.file, found) for one, found in outcomes.items())
                if len(waiting) >= _KEPT_AT_ONCE or time.monotonic() - last > _KEPT_AFTER_SECONDS:
                    self._keep(waiting)
                    waiting, last = {}, time.monotonic()
        finally:
            self._keep(waiting)

    def _keep(self, outcomes: Mapping[Seen, Outcome]) -> None:
        files: dict[Seen, Owner] = {}
        reads: dict[str, Read] = {}
        for seen, outcome in outcomes.items():
            if (one := _as_read(seen, outcome)) and one.sha256:
                client = outcome.client if isinstance(outcome, Certificate) else None
                files[one] = self._owners[seen] or self.rules.by_client(client)
                reads.setdefault(one.sha256, (printable_path(one.file), outcome))
        with writing(self.engine) as connection:
            now = datetime.now(UTC)
            keep_files(connection, files, now)
            keep_outcomes(connection, reads, self.rules.recipe, now)


def keep_certificates(engine: Engine, vendors: Mapping[str, Iterable[Certificate]]) -> None:
    """Keep certificates that were read elsewhere, as if they had been read here and now from their paths."""
    made_by = Ingredients.of()
    pairs = ((Owner(vendor, by_folder=True), one) for vendor, group in vendors.items() for one in group)
    for group in in_groups(pairs):
        now = datetime.now(UTC)
        files = {_as_lying(one): owner for owner, one in group}
        reads = {one.source.sha256: (one.source.path or "", one) for _, one in group}
        with writing(engine) as connection:
            keep_files(connection, files, now)
            keep_outcomes(connection, reads, made_by, now)


def _as_lying(certificate: Certificate) -> Seen:
    """Return the file of a certificate; one read from bytes is taken to be named by its digest."""
    source = certificate.source
    return replace(sight(Path(source.path or source.sha256)), sha256=source.sha256)


def _as_read(seen: Seen, outcome: Outcome) -> Seen | None:
    """Return the file with the digest of the bytes that gave the outcome; None where it is not kept."""
    if isinstance(outcome, Certificate):
        digest = outcome.source.sha256
        return replace(seen, sha256=digest, stamp=seen.stamp if seen.sha256 in (digest, None) else None)
    if isinstance(outcome, _NOT_OF_THE_BYTES) or look_at(sight(seen.file)).sha256 != seen.sha256:
        return None
    return seen
