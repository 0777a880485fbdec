"""Real certificates with truth transcribed by eye, where they stand beside the project; they are others' documents."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

import kratom_quality

COAS = Path(__file__).parent.parent.parent / "shared" / "coas"
CANNABINOIDS = Path(kratom_quality.__file__).parent / "data" / "cannabinoids.toml"
WITHOUT_TEXT = ("nootrobox__", "cannalysis__")

pytestmark = pytest.mark.skipif(not COAS.exists(), reason="the real certificates are not beside the project")


@pytest.fixture(scope="module")
def summary(command_line: Any, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """The judge's summary over the certificates that have a text layer."""
    folder = tmp_path_factory.mktemp("judged")
    records, truths = folder / "records.jsonl", folder / "truth"
    run = command_line("read", COAS / "certificates", "--vocabulary", CANNABINOIDS, "--jsonl", records)
    assert run.returncode == 1, run.stderr  # one of them is a photograph
    truths.mkdir()
    for truth in (COAS / "truth").glob("*.json"):
        if not truth.name.startswith(WITHOUT_TEXT):
            (truths / truth.name).write_bytes(truth.read_bytes())
    judged = subprocess.run(
        [sys.executable, COAS / "score.py", truths, records, "--json"], capture_output=True, text=True, check=True
    )
    last: dict[str, Any] = json.loads(judged.stdout.splitlines()[-1])
    return last


def test_rows_are_found_and_right(summary: dict[str, Any]) -> None:
    """Of the rows a person transcribed at least 98.5 % are read right, and of those claimed as many."""
    assert summary["recall"] >= 0.985
    assert summary["precision"] >= 0.985
    assert summary["worst_recall"] >= 0.93


def test_header_fields_are_right(summary: dict[str, Any]) -> None:
    """Of the header fields a person transcribed at least 95 % are read right."""
    assert summary["header"] >= 0.95
