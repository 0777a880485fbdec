"""A path or URL to a database, its connections, and what goes wrong with them in words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from sqlite3 import Connection as SqliteConnection
from typing import Any, TypeVar

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import ArgumentError, DBAPIError

from kratom_quality.errors import LedgerError, MissingExtraError
from kratom_quality.printable import printable, printable_path

Item = TypeVar("Item")

_POSTGRESQL = frozenset({"postgresql", "postgres", "postgresql+psycopg"})
_WRITES = "kratom_quality_writes"
_ONE_WRITER = 0x6B71_1ED9  # the number of our advisory lock, any that others are unlikely to use


def database_url(place: str | Path) -> URL:
    """Return the URL of a database: a path is a SQLite file's.

    Raises
    ------
    LedgerError
        If it is neither a path nor the URL of a SQLite file or of PostgreSQL.
    """
    if isinstance(place, Path) or "://" not in place:
        return URL.create("sqlite", database=str(Path(place).absolute()))
    try:
        url = make_url(place)
    except (ArgumentError, ValueError):
        raise LedgerError(
            "the ledger's URL cannot be understood; write a file's path, or postgresql://user@host:port/database"
        ) from None  # what was given may hold a password
    if url.drivername in _POSTGRESQL:
        return url.set(drivername="postgresql+psycopg")
    if url.drivername != "sqlite":
        raise LedgerError(f"{shown(url)}: a ledger is kept in SQLite or PostgreSQL, not in {printable(url.drivername)}")
    if url.database in (None, "", ":memory:"):
        raise LedgerError("sqlite://: names no file; write the path of one, such as ledger.sqlite")
    return url.set(database=str(Path(str(url.database)).absolute()))


def shown(url: URL) -> str:
    """Return a URL without password and options, or a SQLite file's path."""
    if url.drivername == "sqlite":
        return printable_path(str(url.database))
    kind = url.drivername.removesuffix("+psycopg")
    return printable(URL.create(kind, url.username, None, url.host, url.port, url.database).render_as_string())


def require_there(url: URL) -> None:
    """Make sure that a SQLite file is there, so that a mistyped path does not make an empty ledger.

    Raises
    ------
    LedgerError
        If it is not.
    """
    if url.drivername == "sqlite" and not Path(str(url.database)).exists():
        raise LedgerError(f"{shown(url)}: there is no such ledger; 'read --ledger' makes one")


def connect(url: URL, busy_seconds: float) -> Engine:
    """Return the engine of a database, whose transactions give up waiting for other writers after a time."""
    if url.drivername == "sqlite":
        engine = create_engine(url, connect_args={"timeout": busy_seconds})
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
        return engine
    _require_psycopg()
    engine = create_engine(url, pool_pre_ping=True, connect_args={"connect_timeout": max(2, int(busy_seconds))})
    event.listen(engine, "begin", _begin_postgresql(busy_seconds))
    return engine


def _require_psycopg() -> None:
    from importlib.util import find_spec

    if find_spec("psycopg") is None:
        raise MissingExtraError("a ledger in PostgreSQL needs psycopg: pip install 'kratom-quality[postgresql]'")


def _prepare_sqlite(connection: SqliteConnection, _: object) -> None:
    connection.isolation_level = None  # sqlite3 begins no transaction by itself; _begin_sqlite does
    cursor = connection.cursor()
    cursor.execute("PRAGMA journal_mode = WAL")  # one writes while others read
    cursor.execute("PRAGMA synchronous = NORMAL")  # whole after a kill at any moment, and after a loss of power
    cursor.execute("PRAGMA foreign_keys = ON")
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    writes = connection.get_execution_options().get(_WRITES)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _begin_postgresql(busy_seconds: float) -> Any:
    def begin(connection: Connection) -> None:
        if connection.get_execution_options().get(_WRITES):
            connection.exec_driver_sql(f"SET LOCAL lock_timeout = {int(1000 * busy_seconds)}")
            connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_ONE_WRITER})")

    return begin


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """Open a connection that sees one state of the ledger from its first question on."""
    options = {"isolation_level": "REPEATABLE READ"} if engine.dialect.name == "postgresql" else {}
    with faults_named(engine), engine.connect().execution_options(**options) as connection:
        yield connection


@contextmanager
def writing(engine: Engine) -> Iterator[Connection]:
    """Open a transaction that is the only one to write: kept as a whole when the block ends, or not at all."""
    with faults_named(engine), engine.execution_options(**{_WRITES: True}).begin() as connection:
        yield connection


def insert(connection: Connection) -> Any:
    """Return the database's own INSERT, which knows what to do where a key is there already."""
    return postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert


def in_groups(items: Iterable[Item], size: int = 500) -> Iterator[list[Item]]:
    """Yield items in lists of at most so many, as few as one question to a database may name."""
    rest = iter(items)
    while group := list(islice(rest, size)):
        yield group


@contextmanager
def faults_named(engine: Engine) -> Iterator[None]:
    """Turn what a database says is wrong into a LedgerError that names the ledger and no password."""
    try:
        yield
    except DBAPIError as error:
        said = str(error.orig).strip()
        where = shown(engine.url)
        raise LedgerError(f"{where}: {_advice(said)} ({printable(said)})") from error


def _advice(said: str) -> str:
    lowered = said.casefold()
    return next((advice for words, advice in _ADVICE if words in lowered), "the database refused")


_ADVICE = (
    ("not a database", "this file is no ledger: it is not a SQLite file; name another"),
    ("malformed", "the file is damaged; take it from a backup"),
    ("database is locked", "another program is writing to the ledger; try again when it has ended"),
    ("lock timeout", "another program is writing to the ledger; try again when it has ended"),
    ("readonly", "the ledger cannot be written to; check the permissions of the file and of its folder"),
    ("read-only", "the ledger cannot be written to; check its permissions"),
    ("permission denied", "the database does not allow it; check the user's permissions"),
    ("unable to open", "the file cannot be opened or made; check that its folder exists and may be written to"),
    ("disk is full", "the disk is full; make room and run the same again"),
    ("no space left", "the disk is full; make room and run the same again"),
    ("password", "the database does not let this user in; check user and password"),
    ("no pg_hba.conf entry", "the database does not let this user in; check user and password"),
    ("does not exist", "there is no such database or user on the server; create it, or check the URL"),
    ("connection", "the database cannot be reached; check host and port, and that it runs"),
)
