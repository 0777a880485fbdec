"""A ledger brought to the newest schema: one version after the other, all of them or none."""

from __future__ import annotations

from sqlalchemy import Connection, Engine, column, inspect, select, table

from kratom_quality.ledger.engine import reading

VERSION_TABLE = "kratom_quality_version"  # not Alembic's usual name, which another program may use
NEWEST = "0002"  # the last of the migrations; a test holds the two together


def migrate(engine: Engine, target: str = NEWEST) -> None:
    """Bring a database to a version of the schema; an empty one gets its tables.

    Raises
    ------
    LedgerError
        If its schema is newer than this software, or its tables are another program's.
    """
    with reading(engine) as connection:
        if version_of(connection) == NEWEST:
            return
    from kratom_quality.ledger.upgrade import upgrade

    upgrade(engine, target)


def version_of(connection: Connection) -> str | None:
    """Return the version of a database's schema; None where it is no ledger."""
    if not inspect(connection).has_table(VERSION_TABLE):
        return None
    version: str | None = connection.scalar(select(column("version_num")).select_from(table(VERSION_TABLE)))
    return version
