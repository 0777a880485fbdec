"""Files as they were seen last, so that one that has not changed since need not be opened to know its digest."""

from __future__ import annotations

import hashlib
import os
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, func, literal, or_, select, update

from kratom_quality.batch.file import File, RemoteFile
from kratom_quality.claims import fold_name
from kratom_quality.ledger.columns import AnyText
from kratom_quality.ledger.engine import in_groups, insert
from kratom_quality.ledger.schema import documents, files

# A file changed again within the grain of its file system's clock keeps its time; the coarsest grain in use is 2 s.
_GRAIN_NS = 2_000_000_000
_LONGEST_KEY = 200  # an index holds no name of any length


@dataclass(frozen=True, slots=True)
class Owner:
    """Whose a file is: the vendor's name, and whether a folder says so rather than the certificate."""

    vendor: str
    by_folder: bool


@dataclass(frozen=True, slots=True)
class Seen:
    """A file as it is now.

    Parameters
    ----------
    path
        Absolute, without links followed; or an address.
    place
        The key of the path.
    sha256
        Of its bytes; None where they could not be read.
    stamp
        Size and times from before the bytes were read; None where these would not tell a later change.
    """

    file: File
    path: str
    place: str
    sha256: str | None = None
    size: int | None = None
    stamp: str | None = None


@dataclass(frozen=True, slots=True)
class Recorded:
    """A file as the ledger has it."""

    sha256: str
    stamp: str | None
    owner: Owner


def sight(file: File) -> Seen:
    """Return a file or folder by its path or address alone."""
    # Path.absolute() would keep '..', by which one place has many names.
    path = file.url if isinstance(file, RemoteFile) else os.path.abspath(file)  # noqa: PTH100
    return Seen(file, path, hashlib.sha256(os.fsencode(path)).hexdigest())


def vendor_key(vendor: str) -> str:
    """Return what spellings of one vendor share: letters and digits without case, as in the settings of a folder."""
    key = fold_name(vendor) or vendor.casefold()
    return key if len(key) <= _LONGEST_KEY else hashlib.sha256(key.encode(errors="surrogatepass")).hexdigest()


def look_at(seen: Seen, recorded: Recorded | None = None) -> Seen:
    """Return a file with its digest, which is the recorded one where its stamp is.

    A file that cannot be read has none, nor has a remote one until it is fetched to be read.
    """
    if isinstance(seen.file, RemoteFile):
        same = recorded is not None and recorded.stamp == seen.file.stamp
        digest = recorded.sha256 if recorded is not None and same else None
        return replace(seen, sha256=digest, size=seen.file.size, stamp=seen.file.stamp)
    try:
        status = seen.file.stat()
        stamp = f"{status.st_size} {status.st_mtime_ns} {status.st_ctime_ns}"
        if recorded is not None and recorded.stamp == stamp:
            return replace(seen, sha256=recorded.sha256, size=status.st_size, stamp=stamp)
        settled = max(status.st_mtime_ns, status.st_ctime_ns) < time.time_ns() - _GRAIN_NS
        with seen.file.open("rb") as stream:
            digest = hashlib.file_digest(stream, "sha256").hexdigest()
        return replace(seen, sha256=digest, size=status.st_size, stamp=stamp if settled else None)
    except OSError:
        return seen


def recorded_files(connection: Connection, places: Sequence[str]) -> dict[str, Recorded]:
    """Return what the ledger has at places, by place."""
    columns = (files.c.place, files.c.sha256, files.c.stamp, files.c.vendor, files.c.by_folder)
    query = select(*columns).where(files.c.place.in_(places), files.c.gone.is_(None))
    found = connection.execute(query).all()
    return {place: Recorded(sha256, stamp, Owner(vendor, by)) for place, sha256, stamp, vendor, by in found}


def touch(connection: Connection, places: Sequence[str], now: datetime) -> None:
    """Note that files were seen again as they are recorded."""
    if places:
        here = (files.c.place.in_(places), files.c.gone.is_(None))
        connection.execute(update(files).where(*here).values(last_seen=now))


def keep_files(connection: Connection, seen: Mapping[Seen, Owner], now: datetime) -> None:
    """Note files with their digests, documents among them; what was at their places before is gone from there."""
    if not seen:
        return
    add = insert(connection)
    sizes = {one.sha256: one.size for one in seen}
    found = [{"sha256": sha256, "size": sizes[sha256], "first_seen": now} for sha256 in sizes]
    connection.execute(add(documents).on_conflict_do_nothing(), found)
    rows = {(one.place, one.sha256): _row(one, owner, now) for one, owner in seen.items()}
    places = {place for place, _ in rows}
    connection.execute(update(files).where(files.c.place.in_(places), files.c.gone.is_(None)).values(gone=now))
    statement = add(files)
    renewed = {name: statement.excluded[name] for name in ("stamp", "vendor", "vendor_key", "by_folder", "last_seen")}
    connection.execute(
        statement.on_conflict_do_update(index_elements=["place", "sha256"], set_={**renewed, "gone": None}),
        list(rows.values()),
    )


def _row(seen: Seen, owner: Owner, now: datetime) -> dict[str, object]:
    return {
        "place": seen.place,
        "sha256": seen.sha256,
        "path": seen.path,
        "stamp": seen.stamp,
        "vendor": owner.vendor,
        "vendor_key": vendor_key(owner.vendor),
        "by_folder": owner.by_folder,
        "first_seen": now,
        "last_seen": now,
    }


def mark_gone(connection: Connection, roots: Iterable[str], before: datetime, now: datetime) -> None:
    """Note which files below folders are no longer there, of those not seen since a moment."""
    below = [_is_below(root) for root in roots]
    if not below:
        return
    old = (files.c.gone.is_(None), files.c.last_seen < before)
    missing = connection.execute(select(files.c.place, files.c.path).where(or_(*below), *old))
    for group in in_groups([place for place, path in missing if not os.path.lexists(path)]):
        here = (files.c.place.in_(group), files.c.gone.is_(None))
        connection.execute(update(files).where(*here).values(gone=now))


def owner_of_folder(connection: Connection, folder: str) -> Owner | None:
    """Return whose the files directly in a folder are, where a folder said so when one of them was read."""
    name = func.substr(files.c.path, func.length(_start_of(folder)) + 1)
    directly = (
        _is_below(folder),
        ~name.contains(os.sep, autoescape=True),
        files.c.by_folder,
    )
    vendor = connection.execute(select(files.c.vendor).where(*directly).limit(1)).scalar()
    return Owner(vendor, by_folder=True) if vendor is not None else None


def _is_below(folder: str) -> ColumnElement[bool]:
    start = _start_of(folder)
    return func.substr(files.c.path, 1, func.length(start)) == start


def _start_of(folder: str) -> ColumnElement[str]:
    return literal(os.path.join(folder, ""), AnyText)  # noqa: PTH118 - Path drops the separator at the end
