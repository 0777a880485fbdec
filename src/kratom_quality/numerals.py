"""Printed numerals: thousands separators, decimal commas and powers of ten, read by rules that never guess.

- ``1,234`` and ``12,345.6`` group thousands: groups of exactly three digits, after a group that does not begin with 0.
- ``1,45``, ``0,123`` and ``1234,5`` hold a decimal comma: no grouping is possible. So does ``1,234 %``: no mass
  fraction is above 100 %.
- ``1.234,5`` and ``1.234.567`` group thousands the European way.
- ``10.000 cfu/g`` is ten thousand: a count has no three decimals. Under a CFU/g column a bare ``10.000`` may as well be
  ten, as some programs print it.
- ``1 000`` is no numeral: it may be two cells.
- ``2.0 x 103`` is a power of ten whose superscript the text layer lost: nobody prints a product with 103. ``2 x 100``
  and ``2 x 1035`` may be products.

What could be read in two ways is not read at all.
"""

from __future__ import annotations

import math
import re

#: Regular expression for one numeral after :func:`spell_out_powers`, to build larger patterns with (ignoring case).
NUMERAL = r"[-+]?(?:[0-9][0-9.,]*|\.[0-9]+)(?:e[-+]?[0-9]+)?"

_SUPERSCRIPTS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻", "0123456789+-")
_SUPERSCRIPT_RUN = re.compile(f"[{''.join(map(chr, _SUPERSCRIPTS))}]+")
_TIMES_POWER = re.compile(
    r"(?<=[0-9.])\s*[x×*·]\s*10\s?(?:\^\s?|e)(?P<exponent>[-+]?[0-9]{1,3})(?![0-9.,])", re.IGNORECASE
)
_TIMES_POWER_WITHOUT_SUPERSCRIPT = re.compile(
    r"(?<=[0-9.])\s*[x×]\s*10\s?(?P<exponent>-?[1-9])(?![0-9.,^])", re.IGNORECASE
)
_POWER = re.compile(r"(?<![0-9.,^])10\s?\^\s?(?P<exponent>[-+]?[0-9]{1,3})(?![0-9.,])")

_PLAIN = re.compile(r"[0-9]+\.?[0-9]*|\.[0-9]+")
_GROUPED_BY_COMMA = re.compile(r"[1-9][0-9]{0,2}(?:,[0-9]{3})+(?:\.[0-9]*)?")
_GROUPED_BY_STOP = re.compile(r"[1-9][0-9]{0,2}(?:(?:\.[0-9]{3})+,[0-9]+|(?:\.[0-9]{3}){2,})")
_DECIMAL_COMMA = re.compile(r"[0-9]+,[0-9]+")
_ONE_GROUP_BY_COMMA = re.compile(r"[1-9][0-9]{0,2},[0-9]{3}")
_ONE_GROUP_BY_STOP = re.compile(r"[1-9][0-9]{0,2}\.[0-9]{3}")


def spell_out_powers(text: str) -> str:
    """Write every power of ten with an ``e``: ``1.2×10³``, ``1.2 x 10^3`` and ``1.2 x 103`` become ``1.2e3``."""
    if not text.isascii():
        text = _SUPERSCRIPT_RUN.sub(lambda run: "^" + run[0].translate(_SUPERSCRIPTS), text)
    if "10" not in text:
        return text
    text = _TIMES_POWER.sub(r"e\g<exponent>", text)
    text = _TIMES_POWER_WITHOUT_SUPERSCRIPT.sub(r"e\g<exponent>", text)
    return _POWER.sub(r"1e\g<exponent>", text)


def read_numeral(
    text: str, *, counted_here: bool = False, counted: bool = False, percent: bool = False
) -> float | None:
    """Return the number a numeral stands for; None if it is none, is not finite, or could be read in two ways.

    Parameters
    ----------
    text
        A numeral as :data:`NUMERAL` describes it.
    counted_here, counted
        A unit of counts (CFU/g) stands in the same cell, or anywhere.
    percent
        The number is a percentage.
    """
    mantissa, _, exponent = text.lower().partition("e")
    sign = "-" if mantissa.startswith("-") else ""
    mantissa = mantissa.lstrip("+-")
    if counted and not exponent and _ONE_GROUP_BY_STOP.fullmatch(mantissa):
        decimal = mantissa.replace(".", "") if counted_here else None
    elif percent and _ONE_GROUP_BY_COMMA.fullmatch(mantissa):
        decimal = mantissa.replace(",", ".")
    else:
        decimal = _to_decimal(mantissa)
    if decimal is None:
        return None
    number = float(f"{sign}{decimal}e{exponent or 0}")
    return number + 0.0 if math.isfinite(number) else None  # adding zero turns -0.0 into 0.0


def _to_decimal(mantissa: str) -> str | None:
    """Rewrite a mantissa with a decimal point and without groups, None if it is malformed."""
    if _PLAIN.fullmatch(mantissa):
        return mantissa
    if _GROUPED_BY_COMMA.fullmatch(mantissa):
        return mantissa.replace(",", "")
    if _GROUPED_BY_STOP.fullmatch(mantissa):
        return mantissa.replace(".", "").replace(",", ".")
    if _DECIMAL_COMMA.fullmatch(mantissa):
        return mantissa.replace(",", ".")
    return None
