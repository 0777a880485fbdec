"""Run the notebooks and keep what they show.

python -m tools.notebooks [TEXT ...]  # those whose name contains one of the texts; all where there is none
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from pathlib import Path

import nbformat
from nbclient import NotebookClient

import kratom_quality

NOTEBOOKS = Path(__file__).parent.parent / "notebooks"
SECONDS = 60


def notebooks() -> list[Path]:
    """Every notebook, in order."""
    return sorted(NOTEBOOKS.glob("*.ipynb"))


def run(path: Path) -> nbformat.NotebookNode:
    """Return a notebook as it is after its cells ran, without what differs from one run to the next.

    Raises
    ------
    nbclient.exceptions.CellExecutionError
        If a cell fails.
    nbclient.exceptions.CellTimeoutError
        If one takes longer than a minute.
    """
    notebook = nbformat.read(path, as_version=4)
    source = str(Path(kratom_quality.__file__).parents[1])  # the code that is imported here, installed or not
    surroundings = {**os.environ, "PYTHONPATH": source, "MPLBACKEND": "module://matplotlib_inline.backend_inline"}
    place = {"metadata": {"path": str(path.parent)}}
    client = NotebookClient(notebook, timeout=SECONDS, resources=place, coalesce_streams=True)
    client.execute(env=surroundings)
    notebook.metadata = {"kernelspec": notebook.metadata["kernelspec"], "language_info": {"name": "python"}}
    for cell in notebook.cells:
        cell.metadata = {}
        for output in cell.get("outputs", ()):
            if output.get("data", {}).keys() & {"text/html", "image/png"}:
                output["data"]["text/plain"] = ""  # what nobody sees where there is a table or picture, and long
    return notebook


def main() -> int:
    """Run notebooks and write them with their outputs; the first that fails ends it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("texts", nargs="*", metavar="TEXT")
    texts = parser.parse_args().texts or [""]
    for path in notebooks():
        if any(text in path.name for text in texts):
            started = time.perf_counter()
            nbformat.write(run(path), path)
            print(f"{path.name}: {time.perf_counter() - started:.0f} s, {path.stat().st_size / 1000:.0f} kB")
    return 0


if __name__ == "__main__":
    sys.exit(main())
