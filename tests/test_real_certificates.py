"""Real certificates with truth transcribed by eye, where they stand beside the project; they are others' documents."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

import kratom_quality
from kratom_quality.reading import ocr

COAS = Path(__file__).parent.parent.parent / "shared" / "coas"
CANNABINOIDS = Path(kratom_quality.__file__).parent / "data" / "cannabinoids.toml"
WITHOUT_TEXT = ("nootrobox__", "cannalysis__")

needs_ocr = pytest.mark.skipif(not ocr.is_installed(), reason="the extra 'ocr' is not installed")

pytestmark = pytest.mark.skipif(not COAS.exists(), reason="the real certificates are not beside the project")


@pytest.fixture(scope="module")
def records(command_line: Any, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The records of all certificates."""
    file = tmp_path_factory.mktemp("read") / "records.jsonl"
    run = command_line("read", COAS / "certificates", "--vocabulary", CANNABINOIDS, "--jsonl", file)
    assert run.returncode == (0 if ocr.is_installed() else 1), run.stderr  # one of them is a photograph
    return file


@pytest.fixture
def summary(records: Path, tmp_path: Path) -> dict[str, Any]:
    """The judge's summary over the certificates that have a text layer."""
    return _judged(records, tmp_path, has_text=True)


@pytest.fixture
def summary_of_scans(records: Path, tmp_path: Path) -> dict[str, Any]:
    """The judge's summary over scans, a photograph and a text layer without a character map."""
    return _judged(records, tmp_path, has_text=False)


def _judged(records: Path, truths: Path, *, has_text: bool) -> dict[str, Any]:
    for truth in (COAS / "truth").glob("*.json"):
        if truth.name.startswith(WITHOUT_TEXT) != has_text:
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


@needs_ocr
def test_scans_are_read(summary_of_scans: dict[str, Any]) -> None:
    """Of the rows on pages without usable text at least 95 % are read right, and of those claimed as many."""
    assert summary_of_scans["recall"] >= 0.95
    assert summary_of_scans["precision"] >= 0.95
