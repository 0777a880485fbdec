"""Cell text to typed value: the one place where printed results, limits and verdicts are understood.

Rules that are easily missed, each by the form it reads:

- ``<LOD`` is not detected; ``trace`` is below LOQ; ``NMT 10 ppm`` as a result is below LOQ with an upper bound of 10.
- ``Not Detected in 10 g``, ``Negative/10 g`` and ``Absent in 25 g`` are absent, with the grams looked at.
- ``105 CFU/g`` as a result is one hundred and five, as a limit 10^5: text layers lose superscripts, and limits on
  counts are powers of ten.
- ``6 pellets``: an unknown lower-case word after a result's number is its unit; in a limit it makes a description.
- ``5 ± 0.2 %`` as a result is 5, the uncertainty staying in the printed text; a limit in this form is a description.
- Fractions, dates and telephone numbers are descriptions, not numbers.
- Thousands separators and decimal commas: see :mod:`kratom_quality.numerals`.
"""

from __future__ import annotations

import re
from functools import lru_cache

from kratom_quality.cells import (
    Quantity,
    is_broken_number,
    read_in_sample,
    read_interval,
    read_phrase_with_bound,
    read_quantity,
    read_quantity_in_unknown_unit,
    split_unit,
)
from kratom_quality.errors import ValueFormatError
from kratom_quality.phrases import BLANKS, BROKEN_BY_ANY_AMOUNT, STATES, VERDICT_MARKS, VERDICTS, clean, fold
from kratom_quality.records import Limit, LimitKind, Value, ValueState, Verdict
from kratom_quality.units import normalise_unit

_TICKS = " ✓✔☑✅✗✘☒❌"  # beside a verdict in words
_LONGEST_CELL = 120  # longer text is prose
_CACHED_CELLS = 8192
_TEMPERATURE = re.compile(r"(?:@|\bat\b)\s*[0-9.]+\s*(?:°|deg)?\s*C$", re.IGNORECASE)
_NEXT_QUANTITY = re.compile(r"(?<=[^\d\s]),\s+(?=[\d.<])")
_TWO_QUANTITIES = re.compile(r"(?P<first>[^()]+)\((?P<bracketed>[^()]+)\)|(?P<left>.+?)\s[/|;]\s(?P<right>.+)")


@lru_cache(maxsize=_CACHED_CELLS)
def is_blank(text: str) -> bool:
    """Whether a cell holds nothing, or only a mark for nothing: ``-``, ``N/A``."""
    return fold(clean(text)) in BLANKS


@lru_cache(maxsize=_CACHED_CELLS)
def parse_value(text: str, unit: str | None = None) -> Value:
    """Read a result, LOD or LOQ cell.

    Parameters
    ----------
    text
        The cell as printed, its unit included.
    unit
        The unit printed over the column or in the row; a unit inside the cell wins.

    Returns
    -------
    Value
        Text that is no number and no phrase of a laboratory (``White powder``) has the state ``described``.

    Raises
    ------
    ValueFormatError
        If the cell is blank, or looks like a number but is none (``1.2.3``) or may be two (``10.000`` under CFU/g).
    """
    column_unit, cell = _canonical(unit), _open_cell(text)
    if (state := STATES.get(fold(cell))) is not None:
        return Value(state=state, unit=column_unit, printed=text)
    if in_sample := read_in_sample(cell):
        return Value(state=in_sample.state, unit=column_unit, sample_grams=in_sample.grams, printed=text)
    if quantity := read_quantity(cell, column_unit) or read_quantity_in_unknown_unit(cell):
        return _value_of(quantity, text)
    if interval := read_interval(cell, column_unit):
        return Value(state=ValueState.INTERVAL, **interval._asdict(), printed=text)
    if bounded := read_phrase_with_bound(cell, column_unit):
        state, bound = bounded
        return Value(state=state, upper=bound.number, unit=bound.unit, printed=text)
    if len(parts := split_compound(cell)) > 1:
        return parse_value(*parts[0]).model_copy(update={"printed": text})
    _refuse_broken_number(cell)
    return Value(state=ValueState.DESCRIBED, unit=column_unit, printed=text)


@lru_cache(maxsize=_CACHED_CELLS)
def parse_limit(text: str, unit: str | None = None, *, action_level: bool | None = None) -> Limit:
    """Read a limit or specification cell.

    Parameters
    ----------
    text, unit
        The cell as printed, its unit included, and the unit of its column; a unit inside the cell wins.
    action_level
        What ``>`` and ``≥`` mean in this column. True: a result above fails (action levels). False: a result must be
        above (specifications). None, not known: ``≥ 45 %`` demands at least 45 %, and ``> 25 %``, which is printed for
        both, stays a description.

    Returns
    -------
    Limit
        A bare number is a maximum. ``≥ LOD``, ``Any amt`` and ``Detected in 1 g`` name what fails: they demand absence.

    Raises
    ------
    ValueFormatError
        If the cell is blank, or looks like a number but is none.
    """
    column_unit, cell = _canonical(unit), _open_cell(text)
    phrase = fold(cell)
    if phrase in BROKEN_BY_ANY_AMOUNT or STATES.get(phrase) in (ValueState.NOT_DETECTED, ValueState.ABSENT):
        return Limit(kind=LimitKind.ABSENT, unit=column_unit, printed=text)
    if in_sample := read_in_sample(cell):
        return Limit(kind=LimitKind.ABSENT, unit=column_unit, sample_grams=in_sample.grams, printed=text)
    if "±" not in cell and (quantity := read_quantity(cell, column_unit, powers_lost=True)):
        return _limit_of(quantity, action_level, text)
    if interval := read_interval(cell, column_unit, powers_lost=True):
        return Limit(kind=LimitKind.INTERVAL, **interval._asdict(), printed=text)
    _refuse_broken_number(cell)
    return Limit(kind=LimitKind.DESCRIBED, unit=column_unit, printed=text)


@lru_cache(maxsize=_CACHED_CELLS)
def parse_verdict(text: str) -> Verdict | None:
    """Read a status cell: ``Pass``, ``Complies``, ``Fail``, ``Pass / Réussi``; None for all else, as ``Conforms``."""
    cell = clean(text.strip(_TICKS))
    if (verdict := VERDICTS.get(fold(cell))) is not None or " / " not in cell:
        return verdict
    in_each_language = {VERDICTS.get(fold(part)) for part in cell.split(" / ")} - {None}
    return in_each_language.pop() if len(in_each_language) == 1 else None


def parse_verdict_mark(text: str) -> Verdict | None:
    """Read a cell of a column headed as status, where a letter or a tick is a verdict too: ``P``, ``✓``."""
    return parse_verdict(text) or VERDICT_MARKS.get(text.strip())


@lru_cache(maxsize=_CACHED_CELLS)
def looks_like_value(text: str) -> bool:
    """Whether a cell could stand in a result, LOD, LOQ, limit or status column; words, names and dates could not."""
    cell = _TEMPERATURE.sub("", clean(text)).removeprefix("±").strip()
    if not cell or len(cell) > _LONGEST_CELL:
        return False
    phrase = fold(cell)
    if phrase in BLANKS or phrase in STATES or phrase in BROKEN_BY_ANY_AMOUNT:
        return True
    if read_in_sample(cell) or read_quantity(cell, None) or read_interval(cell, None):
        return True
    if read_phrase_with_bound(cell, None) or len(split_compound(cell)) > 1:
        return True
    pair = cell.split(" / ")  # LOD and LOQ in one cell
    return len(pair) == 2 and all(map(looks_like_value, pair))


@lru_cache(maxsize=8192)
def split_compound(text: str) -> tuple[tuple[str, str | None], ...]:
    """Split a cell into its values and their printed units: ``818.4 mg/g (81.84 %)`` into two, most cells into one.

    A cell is split only where its parts are numbers with different units; a unit is None where none is printed.
    """
    parts: list[tuple[str, str | None]] = []
    for amount in _NEXT_QUANTITY.split(text.strip()):
        match = _TWO_QUANTITIES.fullmatch(amount)
        parts.extend(split_unit(part.strip()) for part in (match.groups() if match else (amount,)) if part)
    units = {normalise_unit(unit) for _, unit in parts if unit}
    if len(units) == len(parts) and all(read_quantity(clean(amount), None) for amount, _ in parts):
        return tuple(parts)
    return (split_unit(text.strip()),)


def _open_cell(text: str) -> str:
    cell = clean(text)
    if fold(cell) in BLANKS:
        raise ValueFormatError(f"{text!r} is blank: it says nothing to read")
    return _TEMPERATURE.sub("", cell).rstrip()


def _canonical(unit: str | None) -> str | None:
    return (normalise_unit(unit) or unit.strip() or None) if unit else None


def _refuse_broken_number(cell: str) -> None:
    if is_broken_number(cell):
        raise ValueFormatError(f"{cell!r} looks like a number but can only be guessed at; read it on the page")


def _value_of(quantity: Quantity, printed: str) -> Value:
    comparator, number, unit = quantity
    if not comparator:
        return Value(state=ValueState.MEASURED, number=number, unit=unit, printed=printed)
    if comparator.startswith("<"):
        return Value(state=ValueState.BELOW_LOQ, upper=number, unit=unit, printed=printed)
    return Value(state=ValueState.ABOVE_RANGE, lower=number, unit=unit, printed=printed)


def _limit_of(quantity: Quantity, action_level: bool | None, printed: str) -> Limit:
    comparator, number, unit = quantity
    if unit == "#/3 g":
        action_level = True  # "> 1 per 3 grams" of foreign matter is only ever what fails
    if comparator in ("", "<", "<="):
        return Limit(kind=LimitKind.MAXIMUM, upper=number, inclusive=comparator != "<", unit=unit, printed=printed)
    if comparator != "at least" and action_level:
        return Limit(kind=LimitKind.MAXIMUM, upper=number, inclusive=comparator == ">", unit=unit, printed=printed)
    if comparator == ">" and action_level is None:
        return Limit(kind=LimitKind.DESCRIBED, unit=unit, printed=printed)
    return Limit(kind=LimitKind.MINIMUM, lower=number, inclusive=comparator != ">", unit=unit, printed=printed)
