"""Imports point one way, and each heavy library stands behind one door."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parent.parent / "src" / "kratom_quality"
ORDER = [
    "errors",
    "limits",
    "printable",
    "markup",
    "collector",
    "spreadsheet",
    "datafiles",
    "units",
    "records",
    "digits",
    "numerals",
    "phrases",
    "cells",
    "values",
    "vocabulary",
    "reading",
    "parsing",
    "drawing",
    "frames",
    "output",
    "batch",
    "standards",
    "claims",
    "checks",
    "scoring",
    "ledger",
    "tracking",
    "plots",
    "report",
    "config",
    "cli",
    "__main__",
]
DOORS = {
    "pypdfium2": "reading/pdfium.py reading/pdfium_text.py",
    "pdfplumber": "reading/plumber.py",
    "zxingcpp": "reading/codes.py",
    "rapidocr": "reading/ocr.py",
    "onnxruntime": "reading/ocr.py",
    "cv2": "reading/ocr.py",
    "PIL": "reading/pictures.py drawing/paint.py",
    "pandas": "frames/tables.py",
    "matplotlib": "plots/canvas.py",
    "jinja2": "report/page.py",
    "markupsafe": "report/page.py",
    "sqlalchemy": "ledger/",
    "alembic": "ledger/",
    "pyarrow": "batch/parquet.py",
    "fsspec": "batch/remote.py",
    "distributed": "batch/cluster.py",
}
MODULES = sorted(path for path in PACKAGE.rglob("*.py") if path != PACKAGE / "__init__.py")


def imported_names(tree: ast.AST) -> Iterator[str]:
    """Every name imported at run time, inside functions too; imports for the type checker alone do not count."""
    for node in ast.iter_child_nodes(tree):
        match node:
            case ast.Import(names=names):
                yield from (alias.name for alias in names)
            case ast.ImportFrom(module=module, names=names):
                yield from (f"{module}.{alias.name}" for alias in names)
            case ast.If(test=ast.Name(id="TYPE_CHECKING")):
                continue
            case _:
                yield from imported_names(node)


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.relative_to(PACKAGE).as_posix())
def test_imports_point_one_way(path: Path) -> None:
    """A module imports from its own station or from stations before it, and a heavy library only at its door."""
    place = path.relative_to(PACKAGE)
    station = ORDER.index(place.with_suffix("").parts[0])
    for name in imported_names(ast.parse(path.read_bytes())):
        library, *rest = name.split(".")
        if library == "kratom_quality" and rest:
            assert ORDER.index(rest[0]) <= station, f"{place} must not import {name}"
        assert place.as_posix().startswith(tuple(DOORS.get(library, place.as_posix()).split())), (
            f"only {DOORS.get(library)} may import {library}"
        )
