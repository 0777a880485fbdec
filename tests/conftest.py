"""What all tests share: the fixtures folder and the command line as a person runs it."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import settings

import kratom_quality

os.environ["MPLBACKEND"] = "Agg"
settings.register_profile("steady", deadline=None, derandomize=True)
settings.load_profile("steady")

FIXTURES = Path(__file__).parent.parent / "fixtures"

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
