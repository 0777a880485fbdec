"""Two processes write to one ledger, and one is killed at any moment: nothing is lost, doubled or half there."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import func, select

import kratom_quality
from kratom_quality.batch.recipe import Recipe
from kratom_quality.errors import LedgerError
from kratom_quality.ledger import Ledger
from kratom_quality.ledger.engine import connect, database_url, reading, writing
from kratom_quality.ledger.schema import documents, files, readings, results

PROGRAM = """
import sys, time
sys.path[:0] = {paths!r}
from test_ledger_writers import stand_in
from kratom_quality.ledger import Ledger
from kratom_quality.batch.recipe import Recipe
with Ledger.open(sys.argv[1]) as ledger:
    run = ledger.intake(sys.argv[3:], Recipe(None, None, ocr=False, codes=False, seconds=60))
    run.stream = lambda found: stand_in(found, float(sys.argv[2]))
    print("ready", flush=True)
    print(len(list(run.run())), flush=True)
"""
ROWS = 14


def stand_in(found: list[Path], pause: float = 0.0) -> Iterator[tuple[Path, object]]:
    """Stand for reading, which takes longer: the ledger is what is tested."""
    from test_ledger import Reader

    for outcome in Reader()(found):
        time.sleep(pause)
        yield outcome


def start(url: str, pause: float, *folders: Path) -> subprocess.Popen[str]:
    paths = [str(Path(kratom_quality.__file__).parents[1]), str(Path(__file__).parent)]
    command = [sys.executable, "-c", PROGRAM.format(paths=paths), url, str(pause), *map(str, folders)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def start_reading(url: str, pause: float, folder: Path) -> subprocess.Popen[str]:
    program = start(url, pause, folder)
    assert program.stdout is not None
    assert program.stdout.readline() == "ready\n"
    return program


def make(folder: Path, names: range) -> Path:
    for number in names:
        file = folder / f"vendor-{number % 7}" / f"{number}.pdf"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(f"%PDF {number}")
    return folder


def counts(url: str) -> dict[str, int]:
    engine = connect(database_url(url), 30)
    with reading(engine) as connection:
        tables = (documents, files, readings, results)
        found = {
            table.name: connection.execute(select(func.count()).select_from(table)).scalar_one() for table in tables
        }
    engine.dispose()
    return found


def finished(*programs: subprocess.Popen[str]) -> list[int]:
    said = [program.communicate(timeout=120) for program in programs]
    assert [program.returncode for program in programs] == [0] * len(programs), said
    return [int(out.split()[-1]) for out, _ in said]


def test_two_processes_add_the_same_and_different_files(ledger_url: str, tmp_path: Path) -> None:
    """Both open a ledger that is not there yet; each document, place and row is there once."""
    both, one, other = tmp_path / "both", tmp_path / "one", tmp_path / "other"
    make(both, range(60)), make(one, range(50, 80)), make(other, range(75, 100))
    finished(start(ledger_url, 0.01, both, one), start(ledger_url, 0.01, other, both))
    assert counts(ledger_url) == {"documents": 100, "files": 60 + 30 + 25, "readings": 100, "results": 100 * ROWS}
    assert finished(start(ledger_url, 0, both, one, other)) == [0]


def test_a_kill_at_any_moment_loses_and_doubles_nothing(ledger_url: str, tmp_path: Path) -> None:
    """After kills at random moments the ledger opens, is whole in itself, and a rerun completes it."""
    folder, moments = make(tmp_path / "market", range(200)), random.Random(6)
    for _ in range(5):
        program = start_reading(ledger_url, 0.01, folder)
        time.sleep(moments.uniform(0.0, 1.5))
        program.send_signal(signal.SIGKILL)
        program.communicate()
    Ledger.open(ledger_url).close()
    between = counts(ledger_url)
    assert between["results"] == ROWS * between["readings"], "a reading has all its rows or is not there"
    assert between["documents"] == between["readings"] == between["files"]
    finished(start(ledger_url, 0, folder))
    assert counts(ledger_url) == {"documents": 200, "files": 200, "readings": 200, "results": 200 * ROWS}
    with Ledger.open(ledger_url) as ledger:
        assert len(list(ledger.certificates())) == 200


def test_a_kill_while_the_tables_are_made(ledger_url: str) -> None:
    """A ledger whose making was cut short is made by the next that opens it."""
    program = f"""
import os, sys
sys.path[:0] = {[str(Path(kratom_quality.__file__).parents[1])]!r}
from alembic import op
from kratom_quality.ledger import Ledger
make, made = op.create_table, []
def create_table(*arguments, **options):
    make(*arguments, **options)
    made.append(1)
    if len(made) == 5:
        os.kill(os.getpid(), 9)
op.create_table = create_table
Ledger.open(sys.argv[1])
"""
    ran = subprocess.run([sys.executable, "-c", program, ledger_url], capture_output=True, check=False)
    assert ran.returncode == -signal.SIGKILL, ran.stderr
    with Ledger.open(ledger_url) as ledger:
        assert ledger.vendors() == {}


def test_a_ledger_that_another_writes_to_is_waited_for_and_then_said_to_be_busy(
    ledger_url: str, tmp_path: Path
) -> None:
    """A writer waits for another; after a time it says so, and readers do not wait at all."""
    Ledger.open(ledger_url).close()
    engine = connect(database_url(ledger_url), 30)
    recipe = Recipe(None, None, ocr=False, codes=False, seconds=60)
    with Ledger.open(ledger_url, busy_seconds=0.3) as ledger, writing(engine):
        assert ledger.vendors() == {}
        with pytest.raises(LedgerError, match="another program is writing"):
            list(ledger.intake([make(tmp_path / "a", range(1))], recipe).run())
    engine.dispose()


@pytest.mark.skipif(os.name == "nt", reason="signals are sent otherwise there")
def test_what_was_read_before_an_interrupt_is_kept(ledger_url: str, tmp_path: Path) -> None:
    """Ctrl-C leaves what was read by then."""
    folder = make(tmp_path / "market", range(40))
    program = start_reading(ledger_url, 0.2, folder)
    time.sleep(2)
    program.send_signal(signal.SIGINT)
    program.communicate(timeout=30)
    kept = counts(ledger_url)["readings"]
    assert 0 < kept < 40
    assert finished(start(ledger_url, 0, folder)) == [40 - kept]
