"""What a reading depends on besides the file: the software, its data and libraries, and what was asked for."""

from __future__ import annotations

import hashlib
from dataclasses import asdict, dataclass
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Literal

import kratom_quality
from kratom_quality.limits import DEFAULT_LIMITS, ReadingLimits
from kratom_quality.vocabulary import Vocabulary

Table = Literal["csv", "parquet"]

_LIBRARIES = ("pypdfium2", "pdfplumber", "pdfminer.six", "pillow", "rapidfuzz", "rapidocr", "onnxruntime", "zxing-cpp")
_ROUNDS = 200_000


@dataclass(frozen=True)
class Recipe:
    """How each file is read.

    Parameters
    ----------
    vocabulary
        Names of analytes; the package's own where None.
    password
        Tried on encrypted files.
    ocr
        Whether pages without text are read by OCR.
    codes
        Whether QR codes are read.
    seconds
        Time limit for one file.
    limits
        What a file may ask for.
    table
        Form in which a file's results are wanted beside its record; None where they are not.
    """

    vocabulary: Vocabulary | None
    password: str | None
    ocr: bool
    codes: bool
    seconds: float
    table: Table | None = None
    limits: ReadingLimits = DEFAULT_LIMITS

    def __post_init__(self) -> None:
        if self.codes:
            from kratom_quality.reading.codes import require_code_reader  # it imports what draws pages

            require_code_reader()

    def describe(self) -> dict[str, str]:
        """Return what readings depend on, in words and digests that differ where readings may."""
        return {
            "software": f"{kratom_quality.__version__}, digest {software()[:16]}",
            "vocabulary": _digest_of(self.vocabulary) if self.vocabulary else "the package's own",
            "password": _hidden(self.password) if self.password is not None else "none",
            "ocr": str(self.ocr).lower(),
            "codes": str(self.codes).lower(),
            "time limit": f"{self.seconds:g} s",
            "limits": ", ".join(f"{name} {most}" for name, most in asdict(self.limits).items()),
            "table": self.table or "none",
        }


@cache
def software() -> str:
    """Return a digest of this package, its data files, and the versions of the libraries that read."""
    home = Path(kratom_quality.__file__).parent
    digest = hashlib.sha256()
    for file in sorted(home.rglob("*"), key=lambda file: file.relative_to(home).parts):
        if file.suffix in (".py", ".toml"):
            digest.update(f"{file.relative_to(home).as_posix()}\n".encode() + file.read_bytes())
    for library in _LIBRARIES:
        digest.update(f"{library} {_version(library)}\n".encode())
    return digest.hexdigest()


def _version(library: str) -> str:
    try:
        return version(library)
    except PackageNotFoundError:
        return "not installed"


def _digest_of(vocabulary: Vocabulary) -> str:
    lines = "\n".join(analyte.model_dump_json() for analyte in vocabulary.analytes.values())
    return f"digest {hashlib.sha256(lines.encode()).hexdigest()[:16]}"


def _hidden(password: str) -> str:
    """Return what tells passwords apart and does not tell the password."""
    salt = b"kratom-quality: is it the password of last time?"
    return f"digest {hashlib.pbkdf2_hmac('sha256', password.encode(), salt, _ROUNDS).hex()[:16]}"
