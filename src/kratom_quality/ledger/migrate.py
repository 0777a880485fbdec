"""A ledger brought to the newest schema: one version after the other, all of them or none."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, inspect

from kratom_quality.errors import LedgerError
from kratom_quality.ledger.engine import reading, shown, writing
from kratom_quality.ledger.schema import metadata

VERSION_TABLE = "kratom_quality_version"  # not Alembic's usual name, which another program may use


def migrate(engine: Engine, target: str = "head") -> None:
    """Bring a database to a version of the schema; an empty one gets its tables.

    Raises
    ------
    LedgerError
        If its schema is newer than this software, or its tables are another program's.
    """
    script = ScriptDirectory.from_config(_config())
    newest = script.get_current_head()
    with reading(engine) as connection:
        if _version(connection) == newest:
            return
    with writing(engine) as connection:  # of several programs that open a new ledger, one makes the tables
        _require_known(connection, script)
        config = _config()
        config.attributes["connection"] = connection
        command.upgrade(config, target)


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).with_name("migrations")).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    return config


def _version(connection: Connection) -> str | None:
    return MigrationContext.configure(connection, opts={"version_table": VERSION_TABLE}).get_current_revision()


def _require_known(connection: Connection, script: ScriptDirectory) -> None:
    where, version = shown(connection.engine.url), _version(connection)
    if version is None:
        if taken := sorted(set(inspect(connection).get_table_names()).intersection(metadata.tables)):
            raise LedgerError(
                f"{where}: holds tables of another program ({', '.join(taken)}); give the ledger a database of its own"
            )
    elif version not in {known.revision for known in script.walk_revisions()}:
        raise LedgerError(
            f"{where}: was written by a newer version of kratom-quality (its schema is {version},"
            f" the newest known here is {script.get_current_head()}); upgrade kratom-quality"
        )
