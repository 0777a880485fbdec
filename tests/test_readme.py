"""The README's commands are the ones that are run."""

from __future__ import annotations

import shlex
from pathlib import Path

ROOT = Path(__file__).parent.parent
COMMANDS = [
    line for line in (ROOT / "README.md").read_text(encoding="utf-8").splitlines() if line.startswith("python3 -m venv")
]


def test_there_are_two_commands_and_what_they_name_exists() -> None:
    """One command scores the fixtures and one runs the checks; every path of the repository they name is there."""
    score, check = (shlex.split(command) for command in COMMANDS)
    assert (ROOT / score[score.index("score") + 1]).is_dir()
    assert (ROOT / score[score.index("--claims") + 1]).is_file()
    assert (ROOT / check[-1]).is_file()


def test_ci_runs_the_readmes_test_command() -> None:
    """``.ci/run`` takes its command out of the README by the name of the script it runs."""
    assert "grep --max-count=1 'tools/check.py' README.md" in (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    assert [command for command in COMMANDS if "tools/check.py" in command] == COMMANDS[1:]
