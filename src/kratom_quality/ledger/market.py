"""Certificates of a ledger as scores take them: those of a folder, or all there were on a day."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from pathlib import Path

from sqlalchemy import Connection, Engine, select

from kratom_quality.batch import Failure, File
from kratom_quality.ledger.engine import in_groups, reading
from kratom_quality.ledger.intake import Intake
from kratom_quality.ledger.memory import keep_examinations, recall_examinations
from kratom_quality.ledger.readings import from_record
from kratom_quality.ledger.schema import files, readings, results
from kratom_quality.ledger.selection import When, paths_of, select_standing, vendor_names
from kratom_quality.printable import printable_path
from kratom_quality.records import Certificate
from kratom_quality.scoring import Filed
from kratom_quality.scoring.vendors import group_by_vendor

_RECORDS_AT_ONCE = 100


@dataclass(frozen=True)
class LedgerMarket:
    """Certificates by vendor in a ledger, and what was found when they were examined.

    It fits :class:`kratom_quality.scoring.Memory`, and holds as long as the ledger is open.

    Parameters
    ----------
    groups
        By vendor, the certificates, each with the recipe by which its record was read.
    changed, terms
        What is changed in a record before it is judged, and a text that differs where that does.
    """

    engine: Engine
    groups: Mapping[str, Sequence[Filed]]
    changed: Callable[[Certificate], Certificate] | None = None
    terms: str = ""

    def changing(self, change: Callable[[Certificate], Certificate], terms: str) -> LedgerMarket:
        """Return the same with a change of every record, such as another name for its laboratory."""
        return replace(self, changed=change, terms=terms)

    def vendors(self) -> Mapping[str, Sequence[Filed]]:
        """Return, by vendor, the certificates to judge it by."""
        return {
            vendor: [one._replace(recipe=f"{one.recipe} {self.terms}") for one in group]
            for vendor, group in self.groups.items()
        }

    def certificates(self, vendor: str) -> Iterator[Certificate]:
        """Yield a vendor's certificates."""
        for one in recalled(self.engine, self.groups[vendor]):
            yield self.changed(one) if self.changed else one

    def all_certificates(self) -> Iterator[Certificate]:
        """Yield the certificates of all vendors."""
        for vendor in self.groups:
            yield from self.certificates(vendor)

    def recall_examinations(self, keys: Iterable[str]) -> Mapping[str, bytes]:
        """Return what was kept under these keys."""
        return recall_examinations(self.engine, keys)

    def keep_examinations(self, examinations: Mapping[str, tuple[str, bytes]]) -> None:
        """Keep examinations by their keys."""
        keep_examinations(self.engine, examinations)


@dataclass(frozen=True)
class FolderTaken:
    """A folder whose new files were read: its market, and what there is to say of the files.

    Parameters
    ----------
    filed
        Every file that gave a record, in order, whether it counts or was withdrawn.
    failures
        Files and folders that gave none.
    """

    market: LedgerMarket
    filed: Sequence[Filed]
    failures: Sequence[Failure]

    def certificates(self) -> Iterator[Certificate]:
        """Yield the certificates of all files, in order."""
        yield from recalled(self.market.engine, self.filed)

    def without_results(self) -> list[Certificate]:
        """Return the certificates in which no result was found."""
        with reading(self.market.engine) as connection:
            empty = _without_results(connection)
        return list(recalled(self.market.engine, [one for one in self.filed if (one.sha256, one.recipe) in empty]))


def everything(engine: Engine, when: When) -> LedgerMarket:
    """Return the market of all certificates there were on a day, vendors as the ledger names them."""
    with reading(engine) as connection:
        names = vendor_names(connection, when)
        columns = (files.c.sha256, files.c.path, files.c.gone, files.c.last_seen, files.c.vendor_key)
        question = select_standing(when, *columns, readings.c.recipe)
        rows = connection.execute(question.order_by(files.c.vendor_key, files.c.sha256, files.c.path))
        groups: dict[str, list[Filed]] = {name: [] for name in names.values()}
        for (key, sha256, recipe), group in groupby(rows, key=lambda row: (row.vendor_key, row.sha256, row.recipe)):
            paths = paths_of(list(group), when)
            groups[names[key]] += [Filed(sha256, printable_path(path), recipe) for path in paths]
    return LedgerMarket(engine, {name: group for name, group in groups.items() if group})


def take_folder(
    intake: Intake,
    folder: Path,
    when: When,
    rename_vendors: Callable[[Mapping[str, list[Filed]]], Mapping[str, list[Filed]]] | None = None,
) -> FolderTaken:
    """Read what is new in a folder, and return its market: vendors as a folder's, without what was withdrawn."""
    failed: dict[File, Failure] = {}
    for outcomes in (intake.run(), intake.failures()):
        failed |= {
            file: Failure.of(file, outcome) for file, outcome in outcomes if not isinstance(outcome, Certificate)
        }
    recipe = intake.rules.recipe.digest
    filed = {
        file: Filed(intake.read[file][0], printable_path(file), recipe) for file in intake.files if file in intake.read
    }
    standing = _standing(intake.engine, when)
    items = ((one.path, intake.read[file][1], one) for file, one in filed.items() if one.sha256 in standing)
    groups: Mapping[str, list[Filed]] = group_by_vendor(folder, items)
    market = LedgerMarket(intake.engine, rename_vendors(groups) if rename_vendors else groups)
    failures = [failed[file] for file in intake.files if file in failed]
    return FolderTaken(market, tuple(filed.values()), (*failures, *intake.unlisted))


def recalled(engine: Engine, filed: Iterable[Filed]) -> Iterator[Certificate]:
    """Yield the records of certificates, in order."""
    for group in in_groups(filed, _RECORDS_AT_ONCE):
        columns = (readings.c.sha256, readings.c.recipe, readings.c.record)
        with reading(engine) as connection:
            found = connection.execute(select(*columns).where(readings.c.sha256.in_({one.sha256 for one in group})))
            records = {(sha256, recipe): record for sha256, recipe, record in found}
        for one in group:
            yield from_record(records[one.sha256, one.recipe], one.path)


def _standing(engine: Engine, when: When) -> set[str]:
    """Return the digests of the certificates that count."""
    with reading(engine) as connection:
        return set(connection.execute(select_standing(when, files.c.sha256).distinct()).scalars())


def _without_results(connection: Connection) -> set[tuple[str, str]]:
    """Return digest and recipe of the records in which there is no result."""
    columns = (readings.c.sha256, readings.c.recipe)
    none = ~select(results.c.reading).where(results.c.reading == readings.c.id).exists()
    found = connection.execute(select(*columns).where(readings.c.record.is_not(None), none))
    return {(sha256, recipe) for sha256, recipe in found}
