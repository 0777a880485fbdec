"""How finely a number is printed."""

from __future__ import annotations

import math
import re

from kratom_quality.records import Value

_MANTISSA = re.compile(r"[0-9.,]*[0-9]")


def significant_digits(value: Value) -> int:
    """Return how many digits a number shows from its first that is not 0: 3 for ``0.0150``, 2 for ``1.2E+03``."""
    return len(_digits(value).lstrip("0"))


def resolution(value: Value) -> float:
    """Return the size of the last printed digit, in the value's unit; 0 where no number is printed."""
    if value.number is None:
        return 0.0
    if value.number == 0:
        decimals = re.split(r"[.,]", _mantissa(value))[1:]
        return 10.0 ** -len(decimals[-1]) if decimals else 1.0
    return 10.0 ** (math.floor(math.log10(abs(value.number))) - significant_digits(value) + 1)


def _digits(value: Value) -> str:
    return _mantissa(value).replace(".", "").replace(",", "")


def _mantissa(value: Value) -> str:
    found = _MANTISSA.search(value.printed)
    return found[0] if found else ""
