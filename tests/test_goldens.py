"""Every fixture against its golden record, and against the truth its generator wrote down."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from tools import goldens

PDFS = goldens.fixtures()


@pytest.mark.parametrize("pdf", PDFS, ids=lambda pdf: f"{pdf.parent.name}/{pdf.stem}")
def test_a_fixture_reads_as_its_golden_says(pdf: Path) -> None:
    """The record of a fixture is its golden, to the letter; ``python -m tools.goldens --rewrite`` writes a new one."""
    assert goldens.golden_of(pdf).exists(), "no golden beside it: python -m tools.goldens --rewrite"
    assert not (difference := goldens.difference(pdf)), difference


def test_every_golden_has_its_fixture() -> None:
    """A golden without its PDF would test nothing."""
    kept = set(goldens.FIXTURES.rglob("*.golden.json"))
    assert kept == {goldens.golden_of(pdf) for pdf in PDFS}


def test_a_rewrite_refuses_to_drop_what_a_golden_has(tmp_path: Path) -> None:
    """A field or row that would vanish stops the rewrite unless the deletion is said to be meant."""
    pdf = tmp_path / "bounds.pdf"
    pdf.write_bytes((goldens.FIXTURES / "traps" / "bounds.pdf").read_bytes())
    richer = goldens.record_of(pdf)
    richer["results"][0]["printed"]["lod"] = "0.003"
    goldens.golden_of(pdf).write_text(goldens.render(richer), encoding="utf-8")
    before = goldens.golden_of(pdf).read_text(encoding="utf-8")
    assert not goldens.rewrite(pdf, allow_deletions=False)
    assert goldens.golden_of(pdf).read_text(encoding="utf-8") == before
    assert goldens.rewrite(pdf, allow_deletions=True)
    assert not goldens.difference(pdf)


def _truths() -> list[Path]:
    beside = [path for folder in ("layouts", "traps") for path in (goldens.FIXTURES / folder).glob("*.truth.json")]
    return sorted([*beside, *(goldens.FIXTURES / "certificates.truth").glob("*.json")])


def _cells(row: dict[str, Any]) -> tuple[Any, ...]:
    printed = row.get("printed", row)
    return (row["page"], "".join(filter(str.isalnum, printed["analyte"])).casefold(), printed.get("result"))


@pytest.mark.parametrize("path", _truths(), ids=lambda path: path.stem)
def test_a_fixture_has_the_rows_its_generator_printed(path: Path) -> None:
    """What was printed is read: the page, the name and the result of every row, and no row of a known analyte more.

    Pages without text and text layers that do not say what the page shows are other tests' business.
    """
    truth = json.loads(path.read_text(encoding="utf-8"))
    if truth.get("text_layer") or any(row.get("image_only") for row in truth["results"]):
        pytest.skip("the page's text is a picture, or not what the page shows")
    pdf = next(pdf for pdf in PDFS if str(pdf).endswith(truth["file"]))
    record = goldens.record_of(pdf)
    printed = Counter(map(_cells, truth["results"]))
    read = Counter(map(_cells, record.get("results", [])))
    claimed = Counter(_cells(row) for row in record.get("results", []) if row.get("analyte"))
    assert not printed - read, "printed and not read"
    assert not claimed - printed, "read and not printed"
