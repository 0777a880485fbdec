"""The analytes and their names, read from data files that are checked when loaded."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from functools import lru_cache
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Annotated, Any, NamedTuple

from pydantic import Field, ValidationError, field_validator

from kratom_quality.datafiles import load_model
from kratom_quality.errors import DataFileError
from kratom_quality.records import Panel, Record

# Pages print the delta of "Δ9-THC" as a Greek letter, an increment sign or a triangle.
_GREEK = str.maketrans(
    {"δ": "delta", "∆": "delta", "△": "delta", "α": "alpha", "β": "beta", "γ": "gamma", "ε": "epsilon", "ω": "omega"}
    | {"ζ": "zeta", "λ": "lambda", "τ": "tau"}
)
_NOT_LETTER_OR_DIGIT = re.compile(r"[^a-z0-9]+")


@lru_cache(maxsize=65536)
def fold(text: str) -> str:
    """Reduce text to lower-case letters and digits, ligatures resolved and Greek letters spelt out.

    ``fold(a + " " + b) == fold(a) + fold(b)``, so a scanner may join the folds of single words.
    """
    if text.isascii():
        return _NOT_LETTER_OR_DIGIT.sub("", text.lower())
    return _NOT_LETTER_OR_DIGIT.sub("", unicodedata.normalize("NFKD", text).casefold().translate(_GREEK))


class Analyte(Record):
    """Something a laboratory tests for, and the names it is printed under.

    Parameters
    ----------
    id
        Canonical identifier, ``snake_case``.
    name
        Display name.
    panel
        The panel it belongs to wherever the certificate does not say otherwise.
    names
        Printed synonyms that stand for this analyte and no other, common misspellings included.
    names_in_panel
        Short or ambiguous names, valid only where the panel is known ("As", "B1", "Total").
    cas
        CAS registry number; its check digit is verified.
    total
        True where the row sums other rows.
    certainty
        How well the identity is sourced, in the words of the data file; None where it is beyond doubt.
    """

    id: Annotated[str, Field(pattern=r"^[a-z0-9]+(_[a-z0-9]+)*$")]
    name: Annotated[str, Field(min_length=1)]
    panel: Panel
    names: tuple[str, ...] = ()
    names_in_panel: tuple[str, ...] = ()
    cas: str | None = None
    total: bool = False
    certainty: str | None = None

    @field_validator("cas")
    @classmethod
    def _check_digit_agrees(cls, cas: str | None) -> str | None:
        if cas is None:
            return None
        if not re.fullmatch(r"[0-9]{2,7}-[0-9]{2}-[0-9]", cas):
            raise ValueError(f"{cas!r} is no CAS number such as '7439-92-1'")
        digits = cas.replace("-", "")
        if sum(place * int(digit) for place, digit in enumerate(reversed(digits[:-1]), 1)) % 10 != int(digits[-1]):
            raise ValueError(f"the check digit of CAS number {cas} does not agree, so a digit is mistyped")
        return cas


class Index(NamedTuple):
    """Analytes by id, by folded name, and by panel and folded name."""

    analytes: Mapping[str, Analyte]
    names: Mapping[str, Analyte]
    names_in_panel: Mapping[tuple[Panel, str], Analyte]


def read_analytes(files: Iterable[Path | Traversable]) -> Index:
    """Read vocabulary files in the order given; an entry whose id is known already adds its names.

    Raises
    ------
    DataFileError
        If a file cannot be read, an entry does not hold what it must, or one name stands for two analytes.
    """
    analytes: dict[str, Analyte] = {}
    owners: dict[tuple[Panel | None, str], str] = {}
    for file in files:
        for number, entry in enumerate(load_model(_VocabularyFile, file).analyte, 1):
            place = f"{file}: entry {number} ({entry.get('id', 'without an id')})"
            analyte = _analyte(analytes.get(entry.get("id", "")), entry, place)
            analytes[analyte.id] = analyte
            _claim_names(owners, analyte, place)
    return Index(
        analytes,
        {name: analytes[owner] for (panel, name), owner in owners.items() if panel is None},
        {(panel, name): analytes[owner] for (panel, name), owner in owners.items() if panel is not None},
    )


class _VocabularyFile(Record):
    analyte: tuple[dict[str, Any], ...]


def _analyte(known: Analyte | None, entry: dict[str, Any], place: str) -> Analyte:
    """Return a new analyte, or the known one with the entry's names added."""
    inherited = known.model_dump(exclude={"names", "names_in_panel"}) if known else {}
    try:
        analyte = Analyte.model_validate({**inherited, **entry})
    except ValidationError as error:
        fault = error.errors()[0]
        raise DataFileError(f"{place}: {'.'.join(map(str, fault['loc']))}: {fault['msg']}") from error
    if known is None:
        return analyte
    if changed := [field for field in inherited if getattr(analyte, field) != inherited[field]]:
        raise DataFileError(f"{place}: the id is known already, so the entry may add names but not change {changed}")
    added = {field: getattr(known, field) + getattr(analyte, field) for field in ("names", "names_in_panel")}
    return known.model_copy(update=added)


def _claim_names(owners: dict[tuple[Panel | None, str], str], analyte: Analyte, place: str) -> None:
    everywhere = ((None, name) for name in (analyte.id, analyte.name, *analyte.names))
    for panel, name in (*everywhere, *((analyte.panel, name) for name in analyte.names_in_panel)):
        if not fold(name):
            raise DataFileError(f"{place}: the name {name!r} has neither letter nor digit")
        owner = owners.setdefault((panel, fold(name)), analyte.id)
        if owner != analyte.id:
            raise DataFileError(f"{place}: the name {name!r} stands for {owner!r} already; give it to one of the two")
