"""Printed units: their one canonical spelling, finding them in a header, and converting between them.

The units stand in ``data/units.toml``; every size is a power of ten, so a conversion only moves the decimal point.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import NamedTuple

from pydantic import BaseModel, ConfigDict

from kratom_quality.datafiles import bundled, load_model
from kratom_quality.errors import DataFileError, UnitError

_MASS_FRACTION = "mass per mass"
_COMPARED_IN = {_MASS_FRACTION: "mg/kg", "CFU per mass": "CFU/g", "MPN per mass": "MPN/g"}
_MICRO_SIGNS = "µμ\uf06d"  # micro sign, Greek mu, and mu as the Symbol font encodes it
_ALL_MICRO_TO_U = str.maketrans(dict.fromkeys(_MICRO_SIGNS, "u"))


class _Unit(NamedTuple):
    name: str
    dimension: str
    exponent: int


def _fold(printed: str) -> str:
    """Reduce a spelling to what tells it from others: no case, spaces, brackets, or full stops outside numbers."""
    text = unicodedata.normalize("NFKC", printed).translate(_ALL_MICRO_TO_U).casefold()
    return re.sub(r"[\s_()\[\]]|\.(?![0-9])", "", text)


class _Row(BaseModel):
    model_config = ConfigDict(extra="forbid")

    dimension: str
    exponent: int
    spellings: tuple[str, ...]


class _Headers(BaseModel):
    model_config = ConfigDict(extra="forbid")

    bare: tuple[str, ...]


class _UnitsFile(BaseModel):
    model_config = ConfigDict(extra="forbid")

    amounts: dict[str, _Row]
    denominators: dict[str, _Row]
    units: dict[str, _Row]
    headers: _Headers


class _Table:
    """One table of ``units.toml``: units by folded spelling, and the spellings as listed."""

    def __init__(self, rows: dict[str, _Row]) -> None:
        self.by_spelling: dict[str, _Unit] = {}
        self.spellings = {name: (name, *row.spellings) for name, row in rows.items()}
        for name, row in rows.items():
            unit = _Unit(name, row.dimension, row.exponent)
            for folded in map(_fold, self.spellings[name]):
                if self.by_spelling.setdefault(folded, unit) is not unit:
                    raise DataFileError(f"units.toml: {folded!r} is a spelling of both {name} and another unit")

    def pattern(self, *names: str) -> str:
        """Regular expression for all spellings of the named units, longest first."""
        spellings = {spelling for name in names or self.spellings for spelling in self.spellings[name]}
        return "|".join(_spaced_pattern(spelling) for spelling in sorted(spellings, key=lambda s: (-len(s), s)))


def _spaced_pattern(spelling: str) -> str:
    pattern = r"\s*".join(re.escape(part) for part in re.findall(r"\w+|\S", spelling))
    return f"[u{_MICRO_SIGNS}]{pattern[1:]}" if spelling == "ug" else pattern


_FILE = load_model(_UnitsFile, bundled("units.toml"))
_AMOUNTS, _DENOMINATORS, _UNITS = _Table(_FILE.amounts), _Table(_FILE.denominators), _Table(_FILE.units)

_TWO_SPELLINGS = re.compile(r"(?P<first>[^()\[\]]+)[(\[](?P<second>[^()\[\]]+)[)\]]")
_IN_HEADER = re.compile(
    rf"(?P<free>(?<![\w/])(?:{_AMOUNTS.pattern()})\s*(?:/|\bper\b)\s*(?:{_DENOMINATORS.pattern()})(?![\w/])"
    rf"|(?<![0-9/])(?:(?<!\w)|(?=%))(?:{_UNITS.pattern(*_FILE.headers.bare)})(?![\w/]))"
    r"(?:\s*[(\[](?P<again>[^()\[\]]+)[)\]])?"
    r"|[(\[](?P<bracketed>[^()\[\]]+)[)\]]",
    re.IGNORECASE,
)
_BRACKETED_AS_LISTED = {
    spelling for table in (_AMOUNTS, _UNITS) for spellings in table.spellings.values() for spelling in spellings
} | {f"{micro}g" for micro in _MICRO_SIGNS}


@lru_cache(maxsize=4096)
def _look_up(printed: str) -> _Unit | None:
    folded = _fold(printed)
    if (known := _UNITS.by_spelling.get(folded) or _AMOUNTS.by_spelling.get(folded)) is not None:
        return known
    amount, slash, denominator = folded.partition("/")
    if not slash:
        amount, _, denominator = folded.partition("per")
    over, under = _AMOUNTS.by_spelling.get(amount), _DENOMINATORS.by_spelling.get(denominator)
    if over and under:
        dimension = f"{over.dimension} per {under.dimension}"
        return _Unit(f"{over.name}/{under.name}", dimension, over.exponent - under.exponent)
    return _look_up_twice_spelt(printed)


def _look_up_twice_spelt(printed: str) -> _Unit | None:
    if (match := _TWO_SPELLINGS.fullmatch(printed.strip())) is None:
        return None
    first, second = _look_up(match["first"]), _look_up(match["second"])
    return second if first and second and first[1:] == second[1:] else None


def normalise_unit(printed: str) -> str | None:
    """Return the canonical spelling of a printed unit, None if it is no unit we know.

    ``μg/g``, ``mcg/g`` and ``ug / G`` are ``"ug/g"``; ``% w/w`` and ``wt%`` are ``"%"``; ``cfu/gram`` is ``"CFU/g"``.
    A unit spelt twice, as in ``PPM (ug/g)``, is the one in brackets: it says what the parts are parts of. A bracket
    that holds another size, as in ``mg/g (%)``, makes two units, which is no unit.
    """
    unit = _look_up(printed)
    return unit.name if unit else None


@lru_cache(maxsize=4096)
def find_unit(text: str) -> str | None:
    """Return the first unit a header names, as printed (``Result (mg/g)`` -> ``"mg/g"``), None if it names none.

    Quotients, ``%``, ``ppm``, ``ppb`` and ``aw`` may stand free; all others (``mg``, ``g``, ``IU``, ``Ct`` ...) count
    only in brackets or as the whole text, and only in their usual capitals, so that ``Total g`` and ``Magnesium (Mg)``
    name no unit.
    """
    if text.strip() in _BRACKETED_AS_LISTED:
        return text.strip()
    for match in _IN_HEADER.finditer(text):
        if match["bracketed"]:
            if found := _find_in_brackets(match["bracketed"].strip()):
                return found
        elif match["again"] and normalise_unit(match[0]):
            return match["again"].strip()
        else:
            return match["free"].strip()
    return None


def _find_in_brackets(text: str) -> str | None:
    name = normalise_unit(text)
    return text if name and not name.isalpha() else find_unit(text)


def convert(number: float, from_unit: str, to_unit: str) -> float:
    """Give a number in another unit of the same dimension; printed spellings are welcome.

    Mass fractions (``%``, ``mg/g``, ``mg/kg``, ``ppm``, ``ppb`` ...) convert into each other, as do masses per volume,
    and counts of one kind. An amount per serving, capsule or unit stays one: what that weighs is not in the unit.

    Raises
    ------
    UnitError
        If one of the units is not known, or they measure different things.
    """
    if from_unit == to_unit:
        return number
    source, target = _look_up(from_unit), _look_up(to_unit)
    if source is None or target is None:
        raise UnitError(f"{(to_unit if source else from_unit)!r} is no unit we know, so it cannot be converted")
    if source.dimension != target.dimension:
        raise UnitError(
            f"{from_unit!r} ({source.dimension}) does not convert into {to_unit!r} ({target.dimension}); "
            "compare values of one dimension only"
        )
    shift = source.exponent - target.exponent
    return number * float(10**shift) if shift >= 0 else number / float(10**-shift)


def canonical_unit(unit: str) -> str:
    """Return the unit its kind is compared in: ``mg/kg`` for mass fractions, ``CFU/g`` for counts, else itself."""
    known = _look_up(unit)
    return _COMPARED_IN.get(known.dimension, known.name) if known else unit


@lru_cache(maxsize=4096)
def dimension_of(unit: str) -> str | None:
    """Return what a unit measures (``mass per mass``, ``CFU per mass``); None where it is no unit we know."""
    known = _look_up(unit)
    return known.dimension if known else None


def is_count(unit: str | None) -> bool:
    """Whether the unit counts colonies or cells, so that its values are whole numbers."""
    known = _look_up(unit) if unit else None
    return known is not None and known.dimension.startswith(("CFU", "MPN"))
