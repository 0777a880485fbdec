"""Imports point one way, and each heavy library stands behind one door."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parent.parent / "src" / "kratom_quality"
ORDER = [
    "errors",
    "printable",
    "datafiles",
    "units",
    "numerals",
    "records",
    "phrases",
    "cells",
    "values",
    "vocabulary",
    "reading",
    "parsing",
    "standards",
    "claims",
    "checks",
    "scoring",
    "batch",
    "frames",
    "output",
    "plots",
    "report",
    "cli",
    "__main__",
]
DOORS = {
    "pypdfium2": "reading/pdfium.py",
    "pdfplumber": "reading/plumber.py",
    "pandas": "frames.py",
    "matplotlib": "plots.py",
}
MODULES = sorted(path for path in PACKAGE.rglob("*.py") if path != PACKAGE / "__init__.py")


def imported_names(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_bytes())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path} imports relatively"
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.relative_to(PACKAGE).as_posix())
def test_imports_point_one_way(path: Path) -> None:
    """A module imports from its own station or from stations before it, and a heavy library only at its door."""
    place = path.relative_to(PACKAGE)
    station = ORDER.index(place.with_suffix("").parts[0])
    for name in imported_names(path):
        library, *rest = name.split(".")
        if library == "kratom_quality":
            assert ORDER.index(rest[0]) <= station, f"{place} must not import {name}"
        assert DOORS.get(library, place.as_posix()) == place.as_posix(), (
            f"only {DOORS.get(library)} may import {library}"
        )
