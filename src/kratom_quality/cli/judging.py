"""What the commands that judge are given: a folder as it is read, or what a ledger has of it or as a whole."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, Protocol

import typer

from kratom_quality.batch import TIME_LIMIT_SECONDS, Batch, Failure
from kratom_quality.batch.recipe import Recipe
from kratom_quality.checks import VendorCertificates, examine
from kratom_quality.cli.given import Given
from kratom_quality.cli.kept import opened
from kratom_quality.cli.reading import SOME_FAILED, close, read_batch
from kratom_quality.cli.terminal import print_counts, print_note, progress_bar
from kratom_quality.records import Certificate, Finding
from kratom_quality.scoring import Ranking, check_kept, score_kept

if TYPE_CHECKING:
    from kratom_quality.ledger import Ledger
    from kratom_quality.ledger.market import FolderTaken, LedgerMarket


class How(NamedTuple):
    """How files are read."""

    password: str | None
    jobs: int | None
    ocr: bool
    codes: bool


class Judged(Protocol):
    """Certificates to judge; to be asked while the ledger they come from is open."""

    def ranking(self) -> Ranking:
        """Score vendors."""

    def findings(self) -> list[Finding]:
        """Run every check."""

    def certificates(self) -> Iterable[Certificate]:
        """Return them one by one."""

    @property
    def failures(self) -> Sequence[Failure]:
        """Files that gave no record."""

    def close(self) -> None:
        """Say what was read and what failed; end with exit code 1 where something did."""


@dataclass(frozen=True)
class OfFolder:
    """A folder as it was just read."""

    given: Given
    folder: Path
    batch: Batch

    @cached_property
    def _vendors(self) -> Mapping[str, Sequence[Certificate]]:
        return self.given.vendors(self.folder, self.batch.certificates)

    def ranking(self) -> Ranking:
        """Score vendors."""
        return self.given.rank(self._vendors)

    def findings(self) -> list[Finding]:
        """Run every check."""
        return [finding for report in examine(self._vendors, self.given.context) for finding in report.findings]

    def certificates(self) -> Iterable[Certificate]:
        """Return them in the order of the files."""
        return self.batch.certificates

    @property
    def failures(self) -> Sequence[Failure]:
        """Files that gave no record."""
        return self.batch.failures

    def close(self) -> None:
        """Say what was read and what failed."""
        close(self.batch)


@dataclass(frozen=True)
class OfLedger:
    """What a ledger has: of a folder whose new files were just read, or as a whole."""

    given: Given
    ledger: Ledger
    market: LedgerMarket
    taken: FolderTaken | None

    def ranking(self) -> Ranking:
        """Score vendors, examining those of whom something changed, and keep the scores."""
        ranking = score_kept(self.market, self.given.context)
        self.ledger.keep_scores(ranking, self.given.context, findings=False)
        return ranking

    def findings(self) -> list[Finding]:
        """Run every check on what changed."""
        return list(check_kept(self.market, self.given.context))

    def certificates(self) -> Iterable[Certificate]:
        """Yield them one by one."""
        return self.taken.certificates() if self.taken else self.market.all_certificates()

    @property
    def vendors(self) -> VendorCertificates:
        """Certificates by vendor, loaded when they are asked for and kept by nobody."""
        return _ByVendor(self.market)

    @property
    def failures(self) -> Sequence[Failure]:
        """Files that gave no record."""
        return self.taken.failures if self.taken else ()

    def close(self) -> None:
        """Say what was read and what failed."""
        if self.taken is None:
            return
        print_counts(len(self.taken.filed), self.taken.without_results(), self.taken.failures)
        if self.taken.failures:
            raise typer.Exit(SOME_FAILED)


@dataclass(frozen=True)
class _ByVendor(Mapping[str, Sequence[Certificate]]):
    market: LedgerMarket

    def __getitem__(self, vendor: str) -> Sequence[Certificate]:
        return tuple(self.market.certificates(vendor))

    def __iter__(self) -> Iterator[str]:
        return iter(self.market.groups)

    def __len__(self) -> int:
        return len(self.market.groups)


@contextmanager
def judging(folder: Path | None, given: Given, place: str | None, as_of: date | None, how: How) -> Iterator[Judged]:
    """Read what is to be read, and give what is to be judged."""
    place = place or given.settings.ledger
    if place is None:
        if folder is None or as_of is not None:
            raise typer.BadParameter("name a folder; --as-of, and scoring without a folder, need a ledger by --ledger")
        batch = read_batch([folder], given.vocabulary, how.password, how.jobs, ocr=how.ocr, codes=how.codes)
        yield OfFolder(given, folder, batch)
        return
    with of_ledger(folder, given, place, as_of, how) as judged:
        yield judged


@contextmanager
def of_ledger(folder: Path | None, given: Given, place: str | None, as_of: date | None, how: How) -> Iterator[OfLedger]:
    """Read into a ledger what is new in a folder, and give what it has of it; without a folder what it has."""
    with opened(place, create=folder is not None) as ledger:
        taken = _take(ledger, folder, given, as_of, how) if folder else None
        market = taken.market if taken else ledger.market(as_of)
        settings = given.settings
        market = market.changing(settings.rename_laboratory, repr(sorted(settings.laboratories.items())))
        given.warn_of_claims_on_nobody(market.groups)
        yield OfLedger(given, ledger, market, taken)


def _take(ledger: Ledger, folder: Path, given: Given, as_of: date | None, how: How) -> FolderTaken:
    recipe = Recipe(given.vocabulary, how.password, how.ocr, how.codes, TIME_LIMIT_SECONDS)
    with progress_bar() as progress:
        intake = ledger.intake([folder], recipe, how.jobs, progress, vendor_name=given.settings.vendor)
        taken = ledger.take_folder(intake, folder, as_of, given.settings.rename_vendors)
    print_note(f"the ledger held {len(intake.known)} of {len(intake.files)} files")
    return taken
