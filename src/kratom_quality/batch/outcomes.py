"""What reading many files gives: certificates, and failures that say why there is none."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from kratom_quality.batch.file import File
from kratom_quality.errors import KratomQualityError
from kratom_quality.frames import to_frame
from kratom_quality.printable import printable_path
from kratom_quality.records import Certificate, Problem, ProblemKind

if TYPE_CHECKING:
    import pandas as pd

Outcome = Certificate | KratomQualityError


@dataclass(frozen=True, slots=True)
class Failure:
    """A file or folder that gave no record.

    Parameters
    ----------
    file
        Its path, printable.
    reason
        One sentence: what is wrong and what can be done.
    error
        Name of the error's class.
    details
        The traceback, or what the reading process said when it died, where the fault is ours; else None.
    """

    file: str
    reason: str
    error: str
    details: str | None = None

    @classmethod
    def of(cls, file: File, error: KratomQualityError) -> Failure:
        """Return the failure that an error on a file is."""
        details = "\n".join(getattr(error, "__notes__", ())) or None
        return cls(printable_path(file), str(error), type(error).__name__, details)


@dataclass(frozen=True, slots=True)
class Batch:
    """What a folder held: together, certificates and failures account for every certificate file found.

    Iterating gives the certificates, so that a batch can be checked or scored as it is.
    """

    certificates: tuple[Certificate, ...]
    failures: tuple[Failure, ...]

    @classmethod
    def of(cls, outcomes: Iterable[tuple[File, Outcome]], unlisted: Iterable[Failure]) -> Batch:
        """Return outcomes in the order given, with what could not be listed behind the failures."""
        certificates: list[Certificate] = []
        failures: list[Failure] = []
        for file, outcome in outcomes:
            if isinstance(outcome, Certificate):
                certificates.append(outcome)
            else:
                failures.append(Failure.of(file, outcome))
        return cls(tuple(_mark_duplicates(certificates)), (*failures, *unlisted))

    def __iter__(self) -> Iterator[Certificate]:
        return iter(self.certificates)

    def to_frame(self, form: Literal["long", "wide"] = "long") -> pd.DataFrame:
        """Return a table of the certificates; see :func:`kratom_quality.to_frame`, which this calls."""
        return to_frame(self, form)


def mark_duplicate(certificate: Certificate, first: str | None) -> Certificate:
    """Return a certificate with the problem that its file is that of another."""
    message = f"the same file, byte for byte, as {first}"
    duplicate = Problem(kind=ProblemKind.DUPLICATE_FILE, message=message)
    return certificate.model_copy(update={"problems": (*certificate.problems, duplicate)})


def _mark_duplicates(certificates: Iterable[Certificate]) -> Iterator[Certificate]:
    first_path: dict[str, str | None] = {}
    for certificate in certificates:
        source = certificate.source
        if source.sha256 in first_path:
            yield mark_duplicate(certificate, first_path[source.sha256])
        else:
            first_path[source.sha256] = source.path
            yield certificate
