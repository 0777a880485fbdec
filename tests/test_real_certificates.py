"""Real certificates with truth transcribed by eye, where they stand beside the project; they are others' documents."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from accuracy import Document, find_pairs, read
from judging import Tally, total, worst_recall

import kratom_quality
from kratom_quality import Vocabulary
from kratom_quality.parsing.labs import lab_profiles
from kratom_quality.reading import ocr

COAS = Path(__file__).parent.parent.parent / "shared" / "coas"
CANNABINOIDS = Path(kratom_quality.__file__).parent / "data" / "cannabinoids.toml"

needs_ocr = pytest.mark.skipif(not ocr.is_installed(), reason="the extra 'ocr' is not installed")

pytestmark = pytest.mark.skipif(not COAS.exists(), reason="the real certificates are not beside the project")


@pytest.fixture(scope="module")
def documents() -> list[Document]:
    """All certificates, read and judged."""
    return _read_all(ocr=ocr.is_installed(), profiles=lab_profiles())


def _read_all(**options: Any) -> list[Document]:
    vocabulary = Vocabulary.load(CANNABINOIDS)
    pairs = find_pairs(COAS / "certificates", COAS / "truth")
    return [read(file, truth, vocabulary, **options) for file, truth in pairs]


@pytest.fixture
def with_text(documents: list[Document]) -> list[Tally]:
    """The counts of the certificates that have a text layer."""
    return [document.tally for document in documents if document.has_text]


def test_rows_are_found_and_right(with_text: list[Tally]) -> None:
    """Of the rows a person transcribed at least 98.5 % are read right, and of those claimed as many."""
    assert total(with_text).recall >= 0.985
    assert total(with_text).precision >= 0.985
    assert worst_recall(with_text) >= 0.93


@pytest.mark.parametrize("column", ["lod", "loq", "limit", "status"])
def test_columns_are_right(with_text: list[Tally], column: str) -> None:
    """Of the cells beside a result at least 97 % are read right."""
    assert total(with_text).column(column) >= 0.97


def test_header_fields_are_right(with_text: list[Tally]) -> None:
    """Of the header fields a person transcribed at least 95 % are read right."""
    assert total(with_text).header >= 0.95


def test_profiles_are_not_needed(documents: list[Document], with_text: list[Tally]) -> None:
    """Without any laboratory's profile at most one row in a hundred more is missed."""
    bare = _read_all(ocr=False, profiles={})
    readable = {document.file for document in documents if document.has_text}
    assert total(with_text).recall - total(one.tally for one in bare if one.file in readable).recall <= 0.01


@needs_ocr
def test_scans_are_read(documents: list[Document]) -> None:
    """Of the rows on pages without usable text at least 95 % are read right, and of those claimed as many."""
    scans = total(document.tally for document in documents if not document.has_text)
    assert scans.recall >= 0.95
    assert scans.precision >= 0.95


def test_our_judge_agrees_with_the_truth_s_own(documents: list[Document], tmp_path: Path) -> None:
    """The judge that came with the transcriptions counts the same from the same records."""
    records = tmp_path / "records.jsonl"
    records.write_text("\n".join(json.dumps(document.record) for document in documents), encoding="utf-8")
    command = [sys.executable, COAS / "score.py", COAS / "truth", records, "--json"]
    judged = subprocess.run(command, capture_output=True, text=True, check=True)
    ours = total(document.tally for document in documents)
    theirs = json.loads(judged.stdout.splitlines()[-1])
    figures = {"recall": ours.recall, "precision": ours.precision, "header": ours.header}
    assert {name: theirs[name] for name in figures} == {name: round(figure, 4) for name, figure in figures.items()}
    assert theirs["worst_recall"] == round(worst_recall([document.tally for document in documents]), 4)
