"""What a reading depends on besides the file: the software, its data and libraries, and what was asked for."""

from __future__ import annotations

import hashlib
from dataclasses import asdict, dataclass
from typing import Literal

from kratom_quality.batch.software import digest_of_package, digest_of_vocabulary, software
from kratom_quality.limits import DEFAULT_LIMITS, ReadingLimits
from kratom_quality.vocabulary import Vocabulary

Table = Literal["csv", "parquet"]

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
        vocabulary = digest_of_vocabulary(self.vocabulary)
        return {
            "software": f"{software()}, digest {digest_of_package()[:16]}",
            "vocabulary": f"digest {vocabulary[:16]}" if vocabulary else "the package's own",
            "password": _hidden(self.password) if self.password is not None else "none",
            "ocr": str(self.ocr).lower(),
            "codes": str(self.codes).lower(),
            "time limit": f"{self.seconds:g} s",
            "limits": ", ".join(f"{name} {most}" for name, most in asdict(self.limits).items()),
            "table": self.table or "none",
        }


def _hidden(password: str) -> str:
    """Return what tells passwords apart and does not tell the password."""
    salt = b"kratom-quality: is it the password of last time?"
    return f"digest {hashlib.pbkdf2_hmac('sha256', password.encode(), salt, _ROUNDS).hex()[:16]}"
