"""Which software reads and judges: this package's version, digests of its code and data, versions of libraries."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import kratom_quality
from kratom_quality.vocabulary import Vocabulary

_PACKAGE = Path(kratom_quality.__file__).parent
# What a record passes through, in code and data; what only judges records is no part of how they are read.
_READS = ("cells.py", "digits.py", "limits.py", "numerals.py", "phrases.py", "units.py", "values.py")
_READS_IN = ("reading", "parsing", "records", "vocabulary", "data")
_JUDGES = ("data/checks.toml", "data/scoring.toml", "data/tracking.toml", "data/standards")
_LIBRARIES = ("pypdfium2", "pdfplumber", "pdfminer.six", "pillow", "rapidfuzz")
_OF_OCR = ("rapidocr", "onnxruntime")
_OF_CODES = ("zxing-cpp",)


def software() -> str:
    """Return name and version of this package."""
    return f"kratom-quality {kratom_quality.__version__}"


@cache
def digest_of_package() -> str:
    """Return the SHA-256 of all code and data of the package, and of the versions of the libraries that read."""
    files = _digest_of_files([_PACKAGE], leave_out=())
    return hashlib.sha256(f"{files} {library_versions(ocr=True, codes=True)}".encode()).hexdigest()


@cache
def digest_of_reading() -> str:
    """Return the SHA-256 of the code and data that records pass through."""
    return _digest_of_files([_PACKAGE / name for name in (*_READS, *_READS_IN)], leave_out=_JUDGES)


@cache
def digest_of_data() -> str:
    """Return the SHA-256 of all data files of the package, those that judge included."""
    return _digest_of_files([_PACKAGE / "data"], leave_out=())


def library_versions(*, ocr: bool, codes: bool) -> dict[str, str]:
    """Return the versions of the libraries that read, by name, with those of OCR and of QR codes where these are."""
    return {name: _version(name) for name in (*_LIBRARIES, *(_OF_OCR * ocr), *(_OF_CODES * codes))}


def digest_of_vocabulary(vocabulary: Vocabulary | None) -> str | None:
    """Return the SHA-256 of a person's vocabulary; None for the package's own, whose files are among the data."""
    if vocabulary is None or vocabulary is Vocabulary.default():
        return None
    analytes = "\n".join(analyte.model_dump_json() for analyte in vocabulary.analytes.values())
    return hashlib.sha256(analytes.encode()).hexdigest()


def _version(library: str) -> str:
    try:
        return version(library)
    except PackageNotFoundError:
        return "not installed"


def _digest_of_files(places: Iterable[Path], leave_out: tuple[str, ...]) -> str:
    found = (file for place in places for file in ([place] if place.is_file() else place.rglob("*.[pt]*")))
    names = {file.relative_to(_PACKAGE).as_posix(): file for file in found if file.suffix in (".py", ".toml")}
    digest = hashlib.sha256()
    for name in sorted(name for name in names if not name.startswith(leave_out or "\0")):
        digest.update(f"{name}\0{hashlib.sha256(names[name].read_bytes()).hexdigest()}\n".encode())
    return digest.hexdigest()
