"""The migrations of a ledger, by Alembic, which takes its time to start: only an outdated ledger asks for it."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, inspect

from kratom_quality.errors import LedgerError
from kratom_quality.ledger.engine import shown, writing
from kratom_quality.ledger.migrate import version_of
from kratom_quality.ledger.schema import metadata


def upgrade(engine: Engine, target: str) -> None:
    """Run the migrations up to a version, all of them or none.

    Raises
    ------
    LedgerError
        If the schema is newer than this software, or the tables are another program's.
    """
    with writing(engine) as connection:  # of several programs that open a new ledger, one makes the tables
        config = _config()
        _require_known(connection, ScriptDirectory.from_config(config))
        config.attributes["connection"] = connection
        command.upgrade(config, target)


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).with_name("migrations")).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    return config


def _require_known(connection: Connection, script: ScriptDirectory) -> None:
    where, version = shown(connection.engine.url), version_of(connection)
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
