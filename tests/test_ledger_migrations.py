"""The schema a ledger is brought to is the one the code speaks of, whatever it was before."""

from __future__ import annotations

import zlib
from datetime import date, datetime
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Engine, MetaData, text

from builders import clean_batches
from kratom_quality.errors import LedgerError
from kratom_quality.ledger import Ledger, migrations
from kratom_quality.ledger.engine import connect, database_url, reading, writing
from kratom_quality.ledger.migrate import NEWEST, VERSION_TABLE, migrate
from kratom_quality.ledger.schema import metadata
from kratom_quality.records import Certificate

OPTIONS = {"version_table": VERSION_TABLE, "compare_type": True, "target_metadata": metadata}
VERSIONS = sorted(Path(str(migrations.__file__)).parent.glob("versions/v*.py"))


def test_the_migrated_schema_is_that_of_the_tables(ledger_url: str) -> None:
    """Nothing is missing, too much or of another type, index or key."""
    Ledger.open(ledger_url).close()
    engine = connect(database_url(ledger_url), 30)
    with reading(engine) as connection:
        assert compare_metadata(MigrationContext.configure(connection, opts=OPTIONS), metadata) == []
    engine.dispose()


def test_versions_are_numbered_in_a_row() -> None:
    """Each version follows the one before, and the last is the newest that is known without asking Alembic."""
    assert VERSIONS[-1].name[1:5] == NEWEST
    assert [file.name[:5] for file in VERSIONS] == [f"v{number + 1:04d}" for number in range(len(VERSIONS))]


@pytest.mark.parametrize("version", [file.name[1:5] for file in VERSIONS])
def test_a_filled_ledger_of_any_version_is_migrated_with_what_is_in_it(ledger_url: str, version: str) -> None:
    """Its certificates, failures and withdrawals are there afterwards as they were put in by that version."""
    engine = connect(database_url(ledger_url), 30)
    migrate(engine, version)
    kept = clean_batches("acme", 3)
    fill(engine, kept)
    engine.dispose()
    with Ledger.open(ledger_url) as ledger:
        assert {one.batch for one in ledger.certificates("acme", superseded=True)} == {one.batch for one in kept}
        assert len(ledger.vendors()["acme"]) == 2
        assert ledger.frame("acme", "lead", superseded=True)["superseded"].notna().sum() == 1
        assert ledger.recall_examinations(["a" * 64]) == {"a" * 64: b"kept"}
    migrated = connect(database_url(ledger_url), 30)
    with reading(migrated) as connection:
        assert MigrationContext.configure(connection, opts=OPTIONS).get_current_revision() == VERSIONS[-1].name[1:5]
    migrated.dispose()


def fill(engine: Engine, certificates: list[Certificate]) -> None:
    """Put certificates into a ledger as the first version did; the tables are as the database has them."""
    tables = MetaData()
    tables.reflect(engine)
    now, day = datetime(2026, 11, 22, 12, 0, 0), date(2026, 8, 10)
    rows: dict[str, list[dict[str, object]]] = {
        "recipes": [{"digest": "r" * 64, "ingredients": "{}", "first_used": now}],
        "examinations": [{"key": "a" * 64, "vendor": "acme", "payload": b"kept", "made": now, "software": "0.1.0"}],
    }
    for number, one in enumerate(sorted(certificates, key=lambda one: one.source.sha256), 1):
        sha256, record = {"sha256": one.source.sha256}, zlib.compress(one.model_dump_json().encode())
        owner = {"vendor": "acme", "vendor_key": "acme", "by_folder": True}
        place = {"place": f"{number:064d}", "path": f"/acme/{number}.pdf", "first_seen": now, "last_seen": now}
        reading = {"id": number, "recipe": "r" * 64, "read_at": now, "dated": day, "record": record}
        result = {"reading": number, "row": 0, "analyte": "lead", "printed_analyte": "Lead", "state": "measured"}
        box = {"page": 1, "x0": 0.0, "top": 0.0, "x1": 1.0, "bottom": 1.0, "total": False, "panel": "heavy_metals"}
        rows.setdefault("documents", []).append({**sha256, "size": 1, "first_seen": now})
        rows.setdefault("files", []).append({**sha256, **owner, **place})
        rows.setdefault("readings", []).append({**sha256, **reading})
        rows.setdefault("results", []).append({**result, **box})
    rows["supersessions"] = [{**sha256, "day": day, "reason": "reissued", "noted": now}]
    with writing(engine) as connection:
        for table in tables.sorted_tables:
            if table.name in rows:
                connection.execute(table.insert(), rows[table.name])


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


def test_the_last_state_of_a_folder_is_kept(ledger_url: str) -> None:
    """The newest takes the place of the one before; of another folder there is none."""
    with Ledger.open(ledger_url) as ledger:
        assert ledger.last_state("certificates") is None
        ledger.keep_state("certificates", b"first")
        ledger.keep_state("certificates", b"second")
        assert ledger.last_state(Path("certificates").absolute()) == b"second"
        assert ledger.last_state("elsewhere") is None
