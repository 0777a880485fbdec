"""The notebooks run, say what they said when they were last kept, and are small."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

nbformat = pytest.importorskip("nbformat")
pytest.importorskip("nbclient")
pytest.importorskip("ipykernel")

from tools.notebooks import notebooks, run  # noqa: E402  # after what it needs is known to be there

LARGEST = 300_000  # bytes
LONGEST_PROSE = 90  # words in a cell
RUN_BY_LIBRARIES = pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::ResourceWarning")


def printed(notebook: Any) -> list[str]:
    """What cells print, which does not depend on the version of a plotting or table library."""
    outputs = [output for cell in notebook.cells for output in cell.get("outputs", ())]
    return [output["text"] for output in outputs if output["output_type"] == "stream"]


@RUN_BY_LIBRARIES
@pytest.mark.parametrize("path", notebooks(), ids=lambda path: path.stem)
def test_a_notebook_runs_and_prints_what_is_kept(path: Path) -> None:
    """No cell fails or takes a minute, nothing warns, and the printed lines are those committed."""
    kept, fresh = nbformat.read(path, as_version=4), run(path)
    streams = [output["name"] for cell in fresh.cells for output in cell.get("outputs", ()) if "name" in output]
    assert "stderr" not in streams
    assert printed(fresh) == printed(kept)


@pytest.mark.parametrize("path", notebooks(), ids=lambda path: path.stem)
def test_a_notebook_is_kept_whole_small_and_without_a_machine(path: Path) -> None:
    """Outputs of one run in order, prose in a few words, and no path of whoever ran it."""
    notebook = json.loads(path.read_bytes())
    assert path.stat().st_size < LARGEST
    assert not re.search(r"/(?:home|root|tmp|work|Users)/", path.read_text(encoding="utf-8"))
    cells = [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]
    assert [cell["execution_count"] for cell in cells] == list(range(1, len(cells) + 1))
    prose = ["".join(cell["source"]) for cell in notebook["cells"] if cell["cell_type"] == "markdown"]
    assert max(len(text.split()) for text in prose) < LONGEST_PROSE


def test_there_are_five_notebooks() -> None:
    """They are numbered in the order in which they are read."""
    assert [path.name[:2] for path in notebooks()] == ["1-", "2-", "3-", "4-", "5-"]
