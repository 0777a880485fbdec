"""Which certificates count: of a vendor, as of a day, as far as was known on a day."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import groupby
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, and_, func, or_, select, true

from kratom_quality.errors import LedgerError
from kratom_quality.ledger.engine import shown
from kratom_quality.ledger.files import vendor_key
from kratom_quality.ledger.schema import documents, files, readings, results, supersessions

_FETCHED_AT_ONCE = 200


@dataclass(frozen=True, slots=True)
class When:
    """The days a question is asked of; see :class:`kratom_quality.Ledger`."""

    as_of: date | None = None
    known_on: date | None = None
    superseded: bool = False

    def known(self, moment: ColumnElement[datetime]) -> ColumnElement[bool]:
        """Whether the ledger knew by then what it learnt at a moment."""
        return true() if self.known_on is None else moment < _end_of(self.known_on)

    def dated(self) -> ColumnElement[bool]:
        """Whether there was the certificate by then: by its own date, else by when it was first seen."""
        if self.as_of is None:
            return true()
        seen = and_(readings.c.dated.is_(None), documents.c.first_seen < _end_of(self.as_of))
        return or_(readings.c.dated <= self.as_of, seen)

    def withdrawn(self) -> ColumnElement[bool]:
        """Whether a supersession had taken effect by then, and was known."""
        effective = true() if self.as_of is None else supersessions.c.day <= self.as_of
        return and_(effective, self.known(supersessions.c.noted))


def _end_of(day: date) -> datetime:
    """Return the moment a day ends where the person is."""
    return datetime.combine(day + timedelta(days=1), time.min).astimezone()


@dataclass(frozen=True, slots=True)
class Standing:
    """A certificate as it stands in the ledger.

    Parameters
    ----------
    paths
        Where its file is, else where it was seen last.
    day
        Its own date, else the day it was first seen.
    superseded
        The day it was withdrawn or replaced.
    """

    vendor: str
    sha256: str
    paths: tuple[str, ...]
    record: bytes
    day: date
    superseded: date | None = None
    reason: str | None = None
    successor: str | None = None


def vendor_names(connection: Connection, when: When) -> dict[str, str]:
    """Return the name of each vendor by its key, as it was spelt first, in the order of names without case."""
    columns = (files.c.vendor_key, files.c.vendor, func.min(files.c.first_seen).label("first"))
    spelt = select(*columns).where(when.known(files.c.first_seen)).group_by(files.c.vendor_key, files.c.vendor)
    names: dict[str, str] = {}
    for key, vendor, _ in connection.execute(spelt.order_by("first", files.c.vendor)):
        names.setdefault(key, vendor)
    return dict(sorted(names.items(), key=lambda item: (item[1].casefold(), item[1])))


def require_vendor(connection: Connection, vendor: str, when: When) -> tuple[str, str]:
    """Return a vendor's key and name.

    Raises
    ------
    LedgerError
        If the vendor is not in the ledger.
    """
    from rapidfuzz import fuzz, process

    names, key = vendor_names(connection, when), vendor_key(vendor)
    if key in names:
        return key, names[key]
    near = process.extract(key, names.keys(), scorer=fuzz.WRatio, score_cutoff=60, limit=3)
    meant = " or ".join(repr(names[other]) for other, *_ in near)
    listed = f"is {meant} meant?" if meant else f"it has {len(names)} vendors, and none of a name like it"
    raise LedgerError(f"{shown(connection.engine.url)}: no vendor {vendor!r} in the ledger; {listed}")


def digests(connection: Connection, when: When) -> dict[str, tuple[str, ...]]:
    """Return the digests of each vendor's certificates, sorted, by the vendor's name."""
    names = vendor_names(connection, when)
    found: dict[str, list[str]] = {name: [] for name in names.values()}
    columns = select_standing(when, files.c.vendor_key, files.c.sha256).distinct()
    for key, sha256 in connection.execute(columns.order_by(files.c.vendor_key, files.c.sha256)):
        found[names[key]].append(sha256)
    return {name: tuple(sorted(group)) for name, group in found.items() if group}


def standings(
    connection: Connection, key: str, name: str, when: When, analyte: str | None = None
) -> Iterator[Standing]:
    """Yield a vendor's certificates by digest; of those that have an analyte where one is named."""
    columns = (
        *(files.c.sha256, files.c.path, files.c.gone, files.c.last_seen, documents.c.first_seen),
        *(readings.c.record, readings.c.dated, supersessions.c.day, supersessions.c.reason, supersessions.c.successor),
    )
    query = select_standing(when, *columns).where(files.c.vendor_key == key).order_by(files.c.sha256, files.c.path)
    if analyte is not None:
        query = query.where(readings.c.id.in_(select(results.c.reading).where(results.c.analyte == analyte)))
    rows = connection.execution_options(yield_per=_FETCHED_AT_ONCE).execute(query)
    for _, group in groupby(rows, key=lambda row: row.sha256):
        yield _standing(name, list(group), when)


def _standing(name: str, rows: list[Any], when: When) -> Standing:
    row, paths = rows[0], paths_of(rows, when)
    day = row.dated or row.first_seen.astimezone().date()
    return Standing(name, row.sha256, paths, row.record, day, row.day, row.reason, row.successor)


def paths_of(rows: list[Any], when: When) -> tuple[str, ...]:
    """Return where a document is, else where it was seen last, from its files in order of their paths."""
    moment = None if when.known_on is None else _end_of(when.known_on)
    here = [row.path for row in rows if row.gone is None or (moment is not None and row.gone >= moment)]
    return tuple(here) or (max(rows, key=lambda one: (one.last_seen, one.path)).path,)


def select_standing(when: When, *columns: Any) -> Select[Any]:
    """Return the question for columns of files, their documents, newest readings and supersessions."""
    newest = (
        select(readings.c.id)
        .where(readings.c.sha256 == files.c.sha256, readings.c.record.is_not(None), when.known(readings.c.read_at))
        .order_by(readings.c.read_at.desc(), readings.c.id.desc())
        .limit(1)
        .correlate(files)
        .scalar_subquery()
    )
    joined = (
        files.join(documents, documents.c.sha256 == files.c.sha256)
        .join(readings, readings.c.id == newest)
        .outerjoin(supersessions, and_(supersessions.c.sha256 == files.c.sha256, when.withdrawn()))
    )
    query = select(*columns).select_from(joined).where(when.dated(), when.known(files.c.first_seen))
    return query if when.superseded else query.where(supersessions.c.sha256.is_(None))
