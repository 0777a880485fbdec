"""What a cell's text says, before it is a result or a limit: a quantity, an interval, or a test for presence.

The functions take text that :func:`kratom_quality.phrases.clean` wrote the plain way; what they cannot read is None.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from kratom_quality.numerals import NUMERAL, read_numeral
from kratom_quality.phrases import COMPARATORS, STATES, Comparator, fold
from kratom_quality.records import ValueState
from kratom_quality.units import is_count, normalise_unit

_SIGNS: dict[str | None, Comparator] = {"<": "<", "<=": "<=", ">": ">", ">=": ">="}
_WORDS = "|".join(sorted(map(re.escape, COMPARATORS), key=len, reverse=True))
_QUANTITY = re.compile(
    rf"(?:(?P<sign><=|>=|[<>=~≈])|(?P<word>{_WORDS})(?![a-z])\.?:?)?\s*"
    rf"(?P<number>{NUMERAL})",
    re.IGNORECASE,
)
_WORD_AFTER = re.compile(rf"(?P<quantity>.*[0-9%a-z)])\s+(?P<word>{_WORDS})\.?", re.IGNORECASE)
_INTERVAL = re.compile(
    rf"(?P<lower>{NUMERAL})\s*(?P<unit>[^\s0-9-][^0-9-]*?)?\s*(?:-|\bto\b)\s*(?P<upper>{NUMERAL})", re.IGNORECASE
)
_UNIT_MAY_START = re.compile(r"(?<=[0-9.⁰¹²³⁴-⁹])\s*(?=[^\s0-9.,])")
_PER_CENT = frozenset({"%", "g/100 g"})
_BRACKETED = re.compile(r"\([^()]*\)|\[[^\[\]]*\]")
_UNKNOWN_UNIT = re.compile(r"(?P<quantity>.*[0-9.])\s+(?P<unit>[a-z]{3,})")
_IN_SAMPLE = re.compile(
    rf"(?P<phrase>[a-z][a-z -]*?)\s*(?:/|\b(?:in|per)\b|\(|\s)\s*(?:a\s+)?(?P<amount>{NUMERAL})?\s*"
    r"(?P<unit>g|gm|grams?|ml)\)?(?:\s+(?:of\s+)?sample)?",
    re.IGNORECASE,
)
_PHRASE_WITH_BOUND = re.compile(r"(?P<phrase><?=?\s*[a-z][a-z. -]*?)\s*[(\[<]+\s*(?P<bound>[0-9.].*?)[)\]]?", re.I)
_DATE_OR_TELEPHONE = re.compile(
    r"[0-9]{4}[-.][0-9]{1,2}(?:[-.][0-9]{1,2})?|[0-9]{1,2}([-.])[0-9]{1,2}\1(?:[0-9]{4}|[0-9]{2})"
    r"|(?:\+?[0-9]{1,3}[ .-])?\(?[0-9]{3}\)?[ .-]?[0-9]{3}[ .-][0-9]{4}|[0-9]{3}-[0-9]{4}"
)
_NUMBER_LIKE = re.compile(
    r"[-+<>=~≈\s(.,]*[0-9][-+<>=~≈\s.,0-9e×x*^()%]*(?P<tail>[^-+<>=~≈±\s.,0-9].*)?", re.IGNORECASE
)


class Quantity(NamedTuple):
    """A number, how it bounds (``""`` where it is the amount itself), and its unit."""

    comparator: Comparator
    number: float
    unit: str | None


class Interval(NamedTuple):
    """Two rising bounds and their unit."""

    lower: float
    upper: float
    unit: str | None


class InSample(NamedTuple):
    """What a presence test found, and in how many grams; None where the sample was not weighed."""

    state: ValueState
    grams: float | None


@lru_cache(maxsize=8192)
def split_unit(text: str) -> tuple[str, str | None]:
    """Part a text from the known unit it ends with: ``("0.51", "aw")``; None where it ends with none."""
    for start in _UNIT_MAY_START.finditer(text):
        unit = text[start.end() :]
        if normalise_unit(unit) and unit.count("(") == unit.count(")"):
            return text[: start.start()].rstrip(), unit[1:-1].strip() if _BRACKETED.fullmatch(unit) else unit
    return text, None


def read_quantity(cell: str, column_unit: str | None, *, powers_lost: bool = False) -> Quantity | None:
    """Read ``NMT 10 ppm``, ``<0.05``, ``10 max`` or ``5 ± 0.2 %``; None where the cell's own unit is not known.

    ``powers_lost`` says that ``105 CFU/g`` has lost a superscript and means 10^5.
    """
    if "±" in cell:
        return _read_quantity_with_uncertainty(cell, column_unit)
    amount, cell_unit = split_unit(cell)
    match = _QUANTITY.fullmatch(amount)
    if match is None:
        return _read_quantity_before_word(cell, column_unit, powers_lost=powers_lost)
    number = _read_number(match["number"], cell_unit, column_unit, powers_lost=powers_lost)
    if number is None:
        return None
    comparator = COMPARATORS[match["word"].casefold()] if match["word"] else _SIGNS.get(match["sign"], "")
    return Quantity(comparator, number, _unit_of(cell_unit, column_unit))


def _read_quantity_with_uncertainty(cell: str, column_unit: str | None) -> Quantity | None:
    amount, _, after = cell.partition("±")
    uncertainty, unit = split_unit(after.strip())
    if re.fullmatch(NUMERAL, uncertainty, re.IGNORECASE) is None:
        return None
    relative = unit == "%" and column_unit is not None
    return read_quantity(amount.strip(), column_unit if relative else _unit_of(unit, column_unit))


def _read_quantity_before_word(cell: str, column_unit: str | None, *, powers_lost: bool) -> Quantity | None:
    match = _WORD_AFTER.fullmatch(cell)
    quantity = read_quantity(match["quantity"], column_unit, powers_lost=powers_lost) if match else None
    if match is None or quantity is None or quantity.comparator:
        return None
    return quantity._replace(comparator=COMPARATORS[match["word"].casefold()])


def read_quantity_in_unknown_unit(cell: str) -> Quantity | None:
    """Read ``6 pellets``: a number and one lower-case word that is no phrase of a laboratory."""
    match = _UNKNOWN_UNIT.fullmatch(cell)
    if match is None or fold(match["unit"]) in STATES or match["unit"] in COMPARATORS:
        return None
    quantity = read_quantity(match["quantity"], None)
    return quantity._replace(unit=match["unit"]) if quantity and not quantity.unit else None


def read_interval(cell: str, column_unit: str | None, *, powers_lost: bool = False) -> Interval | None:
    """Read ``863 - 953 mg`` or ``6.5 to 7.0``; None where the bounds do not rise, as in dates."""
    amount, cell_unit = split_unit(cell)
    match = _INTERVAL.fullmatch(amount)
    if match is None or _DATE_OR_TELEPHONE.fullmatch(cell):
        return None
    unit = _unit_of(cell_unit, column_unit)
    if match["unit"] and normalise_unit(match["unit"]) != unit:
        return None
    lower = _read_number(match["lower"], cell_unit, column_unit, powers_lost=powers_lost)
    upper = _read_number(match["upper"], cell_unit, column_unit, powers_lost=powers_lost)
    return Interval(lower, upper, unit) if lower is not None and upper is not None and lower < upper else None


def read_in_sample(cell: str) -> InSample | None:
    """Read ``Negative/10 g``, ``Not Detected in 1g`` or ``Detected in 1 g``."""
    match = _IN_SAMPLE.fullmatch(cell)
    state = STATES.get(fold(match["phrase"])) if match else None
    if match is None or state not in (ValueState.NOT_DETECTED, ValueState.ABSENT, ValueState.PRESENT):
        return None
    amount = read_numeral(match["amount"]) if match["amount"] else 1.0
    if amount is None or amount <= 0:
        return None
    seen = ValueState.PRESENT if state is ValueState.PRESENT else ValueState.ABSENT
    return InSample(seen, None if match["unit"].lower() == "ml" else amount)


def read_phrase_with_bound(cell: str, column_unit: str | None) -> tuple[ValueState, Quantity] | None:
    """Read ``ND (<0.05 ppm)`` or ``<LOQ (0.05)``."""
    match = _PHRASE_WITH_BOUND.fullmatch(cell)
    state = STATES.get(fold(match["phrase"])) if match else None
    if match is None or state not in (ValueState.NOT_DETECTED, ValueState.BELOW_LOQ):
        return None
    bound = read_quantity(match["bound"], column_unit)
    return (state, bound) if bound and not bound.comparator else None


def is_broken_number(cell: str) -> bool:
    """Whether a cell no other function reads still looks like a number: ``1.2.3``, ``10 000 CFU/g``, ``2 x 10``."""
    match = _NUMBER_LIKE.fullmatch(cell)
    if match is None or _DATE_OR_TELEPHONE.fullmatch(cell):
        return False
    return not match["tail"] or normalise_unit(match["tail"]) is not None


def _unit_of(cell_unit: str | None, column_unit: str | None) -> str | None:
    return normalise_unit(cell_unit) if cell_unit else column_unit


def _read_number(
    numeral: str, cell_unit: str | None, column_unit: str | None, *, powers_lost: bool = False
) -> float | None:
    unit = _unit_of(cell_unit, column_unit)
    counted = is_count(unit)
    if powers_lost and counted and re.fullmatch("10[2-9]", numeral):
        return 10.0 ** int(numeral[2])
    counted_here = counted and cell_unit is not None
    return read_numeral(numeral, counted=counted, counted_here=counted_here, percent=unit in _PER_CENT)
