"""What made a record: the same bytes by the same recipe give the same record."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Self

import kratom_quality
from kratom_quality.batch.recipe import Recipe
from kratom_quality.vocabulary import Vocabulary

_PACKAGE = Path(kratom_quality.__file__).parent
# What a record passes through, in code and data; what only judges records is no part of how they are read.
_READS = ("cells.py", "digits.py", "numerals.py", "phrases.py", "units.py", "values.py")
_READS_IN = ("reading", "parsing", "records", "vocabulary", "data")
_LIBRARIES = ("pypdfium2", "pdfplumber", "pdfminer.six", "pillow", "rapidfuzz")
_OF_OCR = ("rapidocr", "onnxruntime")
_OF_CODES = ("zxing-cpp",)
_JUDGES = ("data/checks.toml", "data/scoring.toml", "data/standards")


@dataclass(frozen=True, slots=True)
class Ingredients:
    """What a record is made by.

    Parameters
    ----------
    text
        JSON: versions of this package and of the libraries that read, digests of code, data files and vocabulary, and
        the switches.
    """

    text: str

    @property
    def digest(self) -> str:
        """SHA-256 of the text, in hexadecimal digits."""
        return hashlib.sha256(self.text.encode()).hexdigest()

    @classmethod
    def of(cls, recipe: Recipe | None = None) -> Self:
        """Return what reading by a recipe is made by here and now; the package's own where there is none.

        OCR that is not installed reads nothing. Password and time limit change no record, only whether there is one.
        """
        from kratom_quality.reading.ocr import is_installed

        recipe = recipe or Recipe(None, None, ocr=True, codes=False, seconds=0)
        ocr = recipe.ocr and is_installed()
        libraries = [*_LIBRARIES, *(_OF_OCR if ocr else ()), *(_OF_CODES if recipe.codes else ())]
        ingredients = {
            "software": software(),
            "code_and_data": _digest_of_reading(),
            "libraries": {library: version(library) for library in libraries},
            "vocabulary": _digest_of(recipe.vocabulary),
            "ocr": ocr,
            "codes": recipe.codes,
        }
        return cls(json.dumps(ingredients, sort_keys=True))


def software() -> str:
    """Return name and version of this package."""
    return f"kratom-quality {kratom_quality.__version__}"


@cache
def digest_of_data() -> str:
    """Return the SHA-256 of all data files of the package, those that judge included."""
    return _digest_of_files([_PACKAGE / "data"], leave_out=())


@cache
def _digest_of_reading() -> str:
    return _digest_of_files([_PACKAGE / name for name in (*_READS, *_READS_IN)], leave_out=_JUDGES)


def _digest_of_files(places: list[Path], leave_out: tuple[str, ...]) -> str:
    found = (file for place in places for file in ([place] if place.is_file() else place.rglob("*.[pt]*")))
    names = {file.relative_to(_PACKAGE).as_posix(): file for file in found if file.suffix in (".py", ".toml")}
    digest = hashlib.sha256()
    for name in sorted(name for name in names if not name.startswith(leave_out or "\0")):
        digest.update(f"{name}\0{hashlib.sha256(names[name].read_bytes()).hexdigest()}\n".encode())
    return digest.hexdigest()


def _digest_of(vocabulary: Vocabulary | None) -> str | None:
    """Return the SHA-256 of a person's vocabulary; None for the package's own, whose files are among the data."""
    if vocabulary is None or vocabulary is Vocabulary.default():
        return None
    analytes = "\n".join(analyte.model_dump_json() for analyte in vocabulary.analytes.values())
    return hashlib.sha256(analytes.encode()).hexdigest()
