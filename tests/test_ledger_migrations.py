"""The schema a ledger is brought to is the one the code speaks of, whatever it was before."""

from __future__ import annotations

from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import text

from builders import TODAY, clean_batches
from kratom_quality.checks import make_context
from kratom_quality.errors import LedgerError
from kratom_quality.ledger import Ledger, migrations
from kratom_quality.ledger.engine import connect, database_url, reading, writing
from kratom_quality.ledger.migrate import VERSION_TABLE, migrate
from kratom_quality.ledger.schema import metadata
from kratom_quality.scoring import score

VERSIONS = sorted(Path(str(migrations.__file__)).parent.glob("versions/v*.py"))


def test_the_migrated_schema_is_that_of_the_tables(ledger_url: str) -> None:
    """Nothing is missing, too much or of another type, index or key."""
    Ledger.open(ledger_url).close()
    engine = connect(database_url(ledger_url), 30)
    with reading(engine) as connection:
        options = {"version_table": VERSION_TABLE, "compare_type": True, "target_metadata": metadata}
        assert compare_metadata(MigrationContext.configure(connection, opts=options), metadata) == []
    engine.dispose()


def test_versions_are_numbered_in_a_row() -> None:
    """Each version follows the one before; the test below fills a ledger of the first and migrates it."""
    assert [file.name[:5] for file in VERSIONS] == [f"v{number + 1:04d}" for number in range(len(VERSIONS))]


def test_a_filled_ledger_of_the_first_version_loses_nothing(ledger_url: str) -> None:
    """Certificates and scores are as they were, and what came with later versions works."""
    engine, papers = connect(database_url(ledger_url), 30), clean_batches("acme", 3)
    migrate(engine, "0001")
    with Ledger(engine) as first:
        first.keep_certificates({"acme": papers})
        first.keep_scores(score({"acme": papers}, today=TODAY), make_context(today=TODAY))
        certificates, scores = list(first.certificates()), first.scores()
        with pytest.raises(LedgerError, match="states"):
            first.last_state("certificates")
    with Ledger.open(ledger_url) as newest:
        assert list(newest.certificates()) == certificates
        assert newest.scores().equals(scores)
        assert newest.last_state("certificates") is None
        newest.keep_state("certificates", b"first")
        newest.keep_state("certificates", b"second")
        assert newest.last_state("certificates") == b"second"
        assert newest.last_state("elsewhere") is None


def test_opening_again_changes_nothing(ledger_url: str) -> None:
    """A ledger of the newest schema is left as it is, with what is in it."""
    with Ledger.open(ledger_url) as ledger:
        ledger.keep_certificates({"acme": clean_batches("acme", 3)})
    with Ledger.open(ledger_url) as ledger:
        assert len(list(ledger.certificates("acme"))) == 3


def test_a_ledger_of_a_newer_schema_is_refused(ledger_url: str) -> None:
    """Software that does not know a schema does not touch it, and says what to do."""
    Ledger.open(ledger_url).close()
    engine = connect(database_url(ledger_url), 30)
    with writing(engine) as connection:
        connection.execute(text(f"UPDATE {VERSION_TABLE} SET version_num = '9999'"))
    with pytest.raises(LedgerError, match=r"newer version of kratom-quality.*upgrade"):
        Ledger.open(ledger_url)
    with pytest.raises(LedgerError, match="9999"):
        migrate(engine)
    engine.dispose()


def test_tables_of_another_program_are_left_alone(ledger_url: str) -> None:
    """A database with a table of a name of ours is refused; one with other tables is shared."""
    engine = connect(database_url(ledger_url), 30)
    with writing(engine) as connection:
        connection.execute(text("CREATE TABLE files (name TEXT)"))
    with pytest.raises(LedgerError, match=r"tables of another program \(files\)"):
        Ledger.open(ledger_url)
    with writing(engine) as connection:
        connection.execute(text("ALTER TABLE files RENAME TO theirs"))
        connection.execute(text("CREATE TABLE alembic_version (version_num VARCHAR(32))"))
    Ledger.open(ledger_url).close()
    engine.dispose()
