"""What all tests share: the fixtures folder and the command line as a person runs it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path

import pytest
from hypothesis import settings

import kratom_quality
import postgres

os.environ["MPLBACKEND"] = "Agg"
settings.register_profile("steady", deadline=None, derandomize=True)
settings.load_profile("steady")
signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell lets what it starts behind it ignore Ctrl-C

FIXTURES = Path(__file__).parent.parent / "fixtures"

_NUMBERS = count(1)
CommandLine = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture(scope="session")
def fixtures() -> Path:
    return FIXTURES


@pytest.fixture(scope="session")
def command_line() -> CommandLine:
    """Run ``kratom-quality`` in a process of its own, with output captured as from a pipe."""

    def run(*arguments: str | Path, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-W", "error", "-m", "kratom_quality", *map(os.fspath, arguments)]
        environment = {**os.environ, "PYTHONPATH": str(Path(kratom_quality.__file__).parents[1]), "COLUMNS": "80"}
        return subprocess.run(command, capture_output=True, text=True, check=False, env=environment, cwd=cwd)

    return run


@pytest.fixture(scope="session")
def postgres_port() -> Iterator[int]:
    """Run a PostgreSQL server for the session, once a test wants it."""
    if reason := postgres.missing():
        pytest.skip(reason)
    with postgres.server() as port:
        yield port


@pytest.fixture(params=["sqlite", "postgresql"])
def ledger_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Return where to keep a ledger that is not there yet, in each of the databases."""
    if request.param == "sqlite":
        return str(tmp_path / "ledger.sqlite")
    return postgres.new_database(request.getfixturevalue("postgres_port"), f"ledger_{next(_NUMBERS)}")
