"""What labels claim: a CSV file with one line a claim, checked when loaded."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from difflib import get_close_matches
from io import StringIO
from pathlib import Path
from typing import NamedTuple

from kratom_quality.errors import ClaimsError, ValueFormatError
from kratom_quality.printable import printable_path
from kratom_quality.records import Panel
from kratom_quality.units import normalise_unit
from kratom_quality.values import parse_value
from kratom_quality.vocabulary import Vocabulary

COLUMNS = ("vendor", "product", "batch", "analyte", "claimed_value", "unit")
_MOST_FAULTS_NAMED = 10


def fold_name(name: str) -> str:
    """Reduce a vendor, product or batch to its letters and digits in any script, without case."""
    return re.sub(r"[\W_]+", "", name).casefold()


@dataclass(frozen=True, slots=True)
class Claim:
    """One label claim.

    Parameters
    ----------
    vendor, product
        As written in the file.
    batch
        None where the label names none: the claim is then made of every batch of the product.
    analyte
        Id in the vocabulary.
    value, unit
        The claimed amount, in the normalised spelling of its unit.
    line
        Line of the file, the header being the first; None where the certificate itself prints the claim.
    """

    vendor: str
    product: str
    batch: str | None
    analyte: str
    value: float
    unit: str
    line: int | None

    @property
    def place(self) -> str:
        """Where the claim stands: ``line 2 of the claims file``."""
        return "printed on the certificate" if self.line is None else f"line {self.line} of the claims file"

    def in_words(self) -> str:
        """Say the claim as the label would: ``1.5 %``."""
        return f"{self.value:g} {self.unit}"


class Claims(tuple[Claim, ...]):
    """Label claims in the order of their file."""

    __slots__ = ()

    @classmethod
    def load(cls, path: str | Path, vocabulary: Vocabulary | None = None) -> Claims:
        """Read a claims file: ``vendor, product, batch, analyte, claimed_value, unit``.

        Parameters
        ----------
        path
            CSV in UTF-8 with a header line; further columns are passed over.
        vocabulary
            Names of analytes; the package's own where None.

        Raises
        ------
        ClaimsError
            If the file cannot be read or a line does not hold what it must; every such line is named.
        """
        file = printable_path(path)
        vocabulary = vocabulary or Vocabulary.default()
        claims: list[Claim] = []
        faults: list[str] = []
        for line, row in _rows(_text_of(path, file), file):
            try:
                claims.append(_claim(row, line, vocabulary))
            except _LineError as error:
                faults.append(f"line {line}: {error}")
        if faults:
            raise ClaimsError(f"{file}: {_listed(faults)}")
        return cls(claims)

    def vendors_beyond(self, known: Iterable[str]) -> tuple[str, ...]:
        """Return the vendors that claims name and that are not among the known ones, by spelling alone, each once."""
        names = {fold_name(name) for name in known}
        return tuple(
            {fold_name(claim.vendor): claim.vendor for claim in self if fold_name(claim.vendor) not in names}.values()
        )

    def on_nobody(self, known: Iterable[str]) -> dict[str, str]:
        """Return, for each vendor that is not among the known ones, a sentence on its claims and the nearest name."""
        names = {fold_name(name): name for name in known}
        sentences = {}
        for vendor in self.vendors_beyond(names.values()):
            lines = [f"line {claim.line}" for claim in self if fold_name(claim.vendor) == fold_name(vendor)]
            near = [names[name] for name in get_close_matches(fold_name(vendor), names, n=1)]
            meant = f"; is {near[0]!r} meant?" if near else ""
            more = f" and {len(lines) - 1} more" if len(lines) > 1 else ""
            sentences[vendor] = f"no certificate is of the vendor named on {lines[0]}{more}{meant}"
        return sentences


class _LineError(Exception):
    """What is wrong with one line, and what to write instead."""


class _Row(NamedTuple):
    vendor: str
    product: str
    batch: str
    analyte: str
    claimed_value: str
    unit: str


def _text_of(path: str | Path, file: str) -> str:
    try:
        return Path(path).read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise ClaimsError(f"{file}: cannot be read ({error.strerror}); check the path and its permissions") from error
    except UnicodeDecodeError as error:
        raise ClaimsError(f"{file}: is not UTF-8 text ({error}); save it as CSV in UTF-8") from error


def _rows(text: str, file: str) -> Iterator[tuple[int, _Row]]:
    reader = csv.reader(StringIO(text, newline=""))
    try:
        header = [name.strip().casefold() for name in next(reader, [])]
        if missing := [name for name in COLUMNS if name not in header]:
            raise ClaimsError(f"{file}: line 1: no column {', '.join(missing)}; the header must be {','.join(COLUMNS)}")
        places = [header.index(name) for name in COLUMNS]
        for cells in reader:
            if any(cell.strip() for cell in cells):
                yield reader.line_num, _Row(*(cells[place].strip() if place < len(cells) else "" for place in places))
    except csv.Error as error:
        raise ClaimsError(
            f"{file}: line {reader.line_num}: is not CSV ({error}); save the table as CSV in UTF-8"
        ) from error


def _claim(row: _Row, line: int, vocabulary: Vocabulary) -> Claim:
    if not row.vendor:
        raise _LineError("no vendor; write the vendor's name as its folder is called")
    unit = normalise_unit(row.unit)
    if unit is None:
        raise _LineError(f"{row.unit!r} is no unit we know; write one such as %, mg/g, mg/capsule or mg/serving")
    return Claim(
        row.vendor, row.product, row.batch or None, _analyte(row.analyte, vocabulary), _amount(row, unit), unit, line
    )


def _analyte(text: str, vocabulary: Vocabulary) -> str:
    found = vocabulary.analytes.get(text) or vocabulary.find(text) or vocabulary.find(text, Panel.ALKALOIDS)
    if found is None:
        raise _LineError(
            f"{text!r} is no analyte we know; write its name as a certificate prints it, or total_alkaloids"
        )
    return found.id


def _amount(row: _Row, unit: str) -> float:
    try:
        value = parse_value(row.claimed_value, row.unit)
    except ValueFormatError:
        value = None
    if value is None or value.number is None or value.number <= 0:
        raise _LineError(f"{row.claimed_value!r} is no amount; write a number above 0, such as 1.5")
    if value.unit != unit:
        raise _LineError(f"{row.claimed_value!r} has another unit than {row.unit!r}; write the unit in its own column")
    return value.number


def _listed(faults: Iterable[str]) -> str:
    named = list(faults)
    more = len(named) - _MOST_FAULTS_NAMED
    return "; ".join(named[:_MOST_FAULTS_NAMED]) + (f"; and {more} more lines" if more > 0 else "")
