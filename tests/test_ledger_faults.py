"""A ledger that cannot be opened, read or written says which, why and what to do, and never a password."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

import kratom_quality
import postgres
from builders import clean_batches
from conftest import CommandLine
from kratom_quality.errors import InputError, LedgerError, MissingExtraError
from kratom_quality.ledger import Ledger
from kratom_quality.ledger.engine import database_url, shown

SECRET = "hunter2"


@pytest.mark.parametrize(
    ("url", "words"),
    [
        (f"mysql://me:{SECRET}@host/db", "SQLite or PostgreSQL"),
        (f"postgresql://me:{SECRET}@host:port/db", "cannot be understood"),
        (f"://{SECRET}", "cannot be understood"),
        (f"nonsense://me:{SECRET}@host/db", "SQLite or PostgreSQL"),
        ("sqlite://", "names no file"),
        ("sqlite:///:memory:", "names no file"),
        (f"postgresql://me:{SECRET}@127.0.0.1:1/db", "cannot be reached"),
        (f"postgres://me:{SECRET}@127.0.0.1:1/db?password={SECRET}", "cannot be reached"),
        (f"postgresql+asyncpg://me:{SECRET}@host/db", "SQLite or PostgreSQL"),
    ],
)
def test_a_url_that_is_no_ledger(url: str, words: str) -> None:
    """It is refused with words, at once, and what it may hold of a password is not repeated."""
    with pytest.raises(LedgerError, match=words) as caught:
        Ledger.open(url, busy_seconds=1)
    assert SECRET not in str(caught.value)


def test_a_url_is_shown_without_password_and_options() -> None:
    """What is printed of a URL is where the ledger is, and nothing by which to enter."""
    url = database_url(f"postgresql://me:{SECRET}@host:5432/db?sslpassword={SECRET}")
    assert shown(url) == "postgresql://me@host:5432/db"


def test_a_wrong_password_or_database_is_said(postgres_port: int) -> None:
    """The server's reason is told, with advice, and the password is not."""
    url = postgres.new_database(postgres_port, "faults")
    Ledger.open(url).close()
    start, _, rest = url.partition("@")
    with pytest.raises(LedgerError, match="does not let this user in") as caught:
        Ledger.open(f"{start.rpartition(':')[0]}:{SECRET}@{rest}")
    assert SECRET not in str(caught.value)
    with pytest.raises(LedgerError, match="no such database") as caught:
        Ledger.open(url.replace("/faults", "/nowhere"))
    assert postgres.PASSWORD not in str(caught.value)
    assert "sesame" not in str(caught.value)


def test_a_file_that_is_no_ledger(tmp_path: Path) -> None:
    """Neither text nor a folder nor a damaged database is taken for a ledger, nor changed."""
    wrong = tmp_path / "notes.txt"
    wrong.write_text("not a database, though it is longer than the header of one would be" * 20)
    before = wrong.read_bytes()
    for place in (wrong, tmp_path, tmp_path / "no" / "such" / "folder.sqlite"):
        with pytest.raises(LedgerError, match=r"no ledger|cannot be opened") as caught:
            Ledger.open(place)
        assert place.name in str(caught.value)
    assert wrong.read_bytes() == before
    with pytest.raises(LedgerError, match="there is no such ledger"):
        Ledger.open(tmp_path / "typo.sqlite", create=False)
    assert not (tmp_path / "typo.sqlite").exists()


def test_a_damaged_ledger_is_said_to_be(tmp_path: Path) -> None:
    """A ledger with overwritten pages gives an error of ours, not one of the database's library."""
    place = tmp_path / "ledger.sqlite"
    with Ledger.open(place) as ledger:
        ledger.keep_certificates({"acme": clean_batches("acme", 30)})
    with sqlite3.connect(place) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()
    whole = place.read_bytes()
    place.write_bytes(whole[:4096] + os.urandom(len(whole) - 4096))
    with pytest.raises(LedgerError), Ledger.open(place) as ledger:
        list(ledger.certificates("acme"))


READ_ONLY = """
import os, sys
sys.path.insert(0, sys.argv[1])
from kratom_quality.ledger import Ledger
if os.geteuid() == 0:
    os.setgroups([]), os.setgid(65534), os.setuid(65534)
with Ledger.open(sys.argv[2]) as ledger:
    ledger.keep_examinations({"a": ("b", b"c")})
"""


@pytest.mark.skipif(not hasattr(os, "setuid"), reason="permissions are otherwise there")
def test_a_ledger_that_may_not_be_written() -> None:
    """A file and folder without permission to write are an error that says so, whoever owns them."""
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder, "ledger.sqlite")
        with Ledger.open(place) as ledger:
            ledger.keep_certificates({"acme": clean_batches("acme", 1)})
        place.chmod(0o444)
        Path(folder).chmod(0o555)
        home = str(Path(kratom_quality.__file__).parents[1])
        command = [sys.executable, "-c", READ_ONLY, home, str(place)]
        ran = subprocess.run(command, capture_output=True, text=True, check=False)
        Path(folder).chmod(0o755)
    assert "LedgerError" in ran.stderr
    assert "cannot be written to" in ran.stderr, ran.stderr


@pytest.mark.parametrize(
    ("library", "extra"), [("sqlalchemy", "ledger"), ("alembic", "ledger"), ("psycopg", "postgresql")]
)
def test_a_missing_library_is_named_with_its_extra(library: str, extra: str) -> None:
    """Without the extra nothing else of the package suffers, and what is missing is said when a ledger is wanted."""
    code = f"""
import sys
from importlib.machinery import PathFinder
find = PathFinder.find_spec
PathFinder.find_spec = classmethod(lambda cls, name, *rest: None if name == {library!r} else find(name, *rest))
import kratom_quality as kq
try:
    kq.Ledger.open("postgresql://me@127.0.0.1:1/db")
except kq.MissingExtraError as error:
    print(error)
"""
    environment = {**os.environ, "PYTHONPATH": str(Path(kratom_quality.__file__).parents[1])}
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env=environment, check=False)
    assert f"kratom-quality[{extra}]" in ran.stdout, ran.stderr


def test_faults_of_a_ledger_are_for_the_person() -> None:
    """They end a command with a message and exit code 2."""
    assert issubclass(LedgerError, InputError)
    assert issubclass(MissingExtraError, InputError)


def test_the_command_line_says_it_in_a_line(command_line: CommandLine, fixtures: Path, tmp_path: Path) -> None:
    """No traceback, exit code 2, nothing made."""
    certificate = fixtures / "layouts" / "classic_grid.pdf"
    bad = tmp_path / "bad.sqlite"
    bad.write_text("not a database, though it is longer than the header of one would be" * 20)
    for arguments in (
        ("read", certificate, "--ledger", bad),
        ("read", certificate, "--ledger", f"mysql://me:{SECRET}@host/db"),
        ("history", "acme", "--ledger", tmp_path / "none.sqlite"),
        ("history", "acme"),
        ("withdraw", "acme.pdf", "--reason", "x", "--ledger", tmp_path / "none.sqlite"),
    ):
        ran = command_line(*arguments, cwd=tmp_path)
        assert ran.returncode == 2, ran.stderr
        assert "Error: " in ran.stderr
        assert "Traceback" not in ran.stderr
        assert SECRET not in ran.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["bad.sqlite"]
