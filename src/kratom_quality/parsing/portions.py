"""What is sold and taken: the size of a serving, the mass of a unit, and what the label claims of it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from kratom_quality.errors import UnitError, ValueFormatError
from kratom_quality.numerals import NUMERAL, read_numeral
from kratom_quality.parsing.names import Names
from kratom_quality.records import LabelClaim, Portion, Value
from kratom_quality.units import convert, normalise_unit
from kratom_quality.values import parse_value

_MASS = re.compile(rf"(?P<number>{NUMERAL})\s*(?P<unit>kg|g|gm|grams?|mg|milligrams?)\b", re.IGNORECASE)
_PIECES = re.compile(
    r"(?P<number>\d{1,3})\s*(?:\w+\s)?(?:capsule|tablet|softgel|gumm(?:y|ie)|piece|pill|chew|lozenge|cap|tab|bar|bag|unit)",
    re.IGNORECASE,
)
_BETWEEN_CLAIMS = re.compile(r"\s*[;|]\s*|,\s+(?=[^\W\d])|\s+and\s+(?=\d)")
_AMOUNT = re.compile(
    rf"(?P<number>{NUMERAL})\s*(?P<mass>%|kg|g|mg|mcg|µg|ug)(?:\s*/\s*(?P<each>\d*\s?\w+))?(?!\w)", re.IGNORECASE
)
_PER = re.compile(r"\b(?:per|in each|each|a)\s+(?P<each>[a-z]+)\s*$|\(\s*per\s+(?P<other>[a-z]+)\s*\)", re.IGNORECASE)


def read_portion(text: str | None) -> Portion | None:
    """Read ``2 tablets (1.24 g)``; None where neither a mass nor a number of pieces is printed."""
    if text is None:
        return None
    mass, pieces = _MASS.search(text), _PIECES.search(text)
    if mass is None and pieces is None:
        return None
    return Portion(
        printed=text, grams=_grams(mass) if mass else None, pieces=float(pieces["number"]) if pieces else None
    )


def _grams(mass: re.Match[str]) -> float | None:
    number, unit = read_numeral(mass["number"]), normalise_unit(mass["unit"])
    if number is None or unit is None or number <= 0:
        return None
    try:
        return convert(number, unit, "g")
    except UnitError:
        return None


def read_label_claims(text: str | None, names: Names) -> Iterator[LabelClaim]:
    """Read ``45 mg mitragynine per capsule; 1 mg 7-OH``: an amount, what it is of, and what it is in."""
    for part in _BETWEEN_CLAIMS.split(text) if text else ():
        amount = _AMOUNT.search(part)
        value = _claimed(part, amount) if amount else None
        if amount is None or value is None:
            continue
        rest = _PER.sub("", f"{part[: amount.start()]} {part[amount.end() :]}".strip()).strip(" :,-()")
        analyte = names.find(rest.removeprefix("of ").strip()) if rest else None
        yield LabelClaim(
            analyte=analyte.id if analyte else None,
            name=analyte.name if analyte else None,
            value=value,
            printed=part.strip(),
        )


def _claimed(part: str, amount: re.Match[str]) -> Value | None:
    """The amount in the unit of what it is in, where the claim says so."""
    per = _PER.search(part[amount.end() :])
    each = amount["each"] or (per and (per["each"] or per["other"])) or ""
    for unit in (f"{amount['mass']}/{each}", f"{amount['mass']}/{each.removesuffix('s')}", amount["mass"]):
        if normalise_unit(unit):
            try:
                return parse_value(f"{amount['number']} {unit}")
            except ValueFormatError:
                continue
    return None
