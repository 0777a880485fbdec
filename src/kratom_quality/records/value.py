"""Values and limits as a certificate's cells give them."""

from __future__ import annotations

import re
from enum import StrEnum

from pydantic import Field, model_validator

from kratom_quality.errors import UnitError
from kratom_quality.records.base import Record
from kratom_quality.units import convert

_FIRST_NUMBER = re.compile(r"\d*\.?\d+(?:[eE][-+]?\d+)?")


class ValueState(StrEnum):
    """What a printed value says; only ``measured`` carries a number."""

    MEASURED = "measured"
    BELOW_LOQ = "below_loq"
    NOT_DETECTED = "not_detected"
    ABOVE_RANGE = "above_range"
    INTERVAL = "interval"
    PRESENT = "present"
    ABSENT = "absent"
    CONFORMS = "conforms"
    DOES_NOT_CONFORM = "does_not_conform"
    DESCRIBED = "described"
    NOT_TESTED = "not_tested"
    UNREADABLE = "unreadable"


class Value(Record):
    """A result as printed and as understood.

    Parameters
    ----------
    state
        What the value says. Only ``measured`` has a ``number``.
    number
        The measured number, in ``unit``.
    lower, upper
        Bounds in ``unit``: ``<0.05`` has ``upper=0.05``, ``>300`` has ``lower=300``, ``6 - 7`` has both.
    unit
        Normalised spelling of the printed unit (``"%"``, ``"mg/g"``, ``"CFU/g"`` ...); None where none is printed.
    sample_grams
        The amount a presence test looked at: ``Absent in 25 g`` has 25.
    printed
        The cell's text, always kept.
    """

    state: ValueState
    number: float | None = Field(default=None, allow_inf_nan=False)
    lower: float | None = Field(default=None, allow_inf_nan=False)
    upper: float | None = Field(default=None, allow_inf_nan=False)
    unit: str | None = None
    sample_grams: float | None = Field(default=None, gt=0, allow_inf_nan=False)
    printed: str

    @model_validator(mode="after")
    def _number_only_when_measured(self) -> Value:
        if (self.number is not None) != (self.state is ValueState.MEASURED):
            raise ValueError(
                f"a number belongs to a measured value and to no other, got {self.state} and {self.number}"
            )
        return self

    def to(self, unit: str) -> Value:
        """Return the same value in another unit; the printed text stays.

        Raises
        ------
        UnitError
            If the two units do not convert into each other.
        """
        if self.unit is None:
            raise UnitError(f"{self.printed!r} is printed without a unit, so it cannot be given in {unit}")
        converted = {
            name: convert(bound, self.unit, unit)
            for name in ("number", "lower", "upper")
            if (bound := getattr(self, name)) is not None
        }
        return self.model_copy(update={**converted, "unit": unit})

    def __str__(self) -> str:
        """The value for a reader: as printed, or by its numbers where it was converted since."""
        amount = self.printed if self._is_as_printed() else self._amount()
        return f"{amount} {self.unit}" if self.unit and self.unit not in amount else amount

    def _is_as_printed(self) -> bool:
        numbers = [number for number in (self.number, self.upper, self.lower) if number is not None]
        found = _FIRST_NUMBER.search(self.printed.replace(",", ""))
        return not numbers or (found is not None and float(found.group()) in numbers)

    def _amount(self) -> str:
        if self.number is not None:
            return f"{self.number:.10g}"
        if self.lower is not None and self.upper is not None:
            return f"{self.lower:.10g} to {self.upper:.10g}"
        return f"<{self.upper:.10g}" if self.upper is not None else f">{self.lower:.10g}"


class UncertaintyKind(StrEnum):
    """What a printed uncertainty is; only the first two say how far the true value may be from the result."""

    EXPANDED = "expanded"
    STANDARD = "standard"
    DEVIATION = "deviation"


class Uncertainty(Record):
    """The uncertainty printed with a result: half the width of its interval.

    Parameters
    ----------
    number
        In ``unit``; in percent of the result where ``relative``.
    coverage_factor
        Standard uncertainties in ``number`` (JCGM 100:2008, 2.3.6).
    printed
        The text, always kept.
    """

    kind: UncertaintyKind = UncertaintyKind.EXPANDED
    number: float = Field(gt=0, allow_inf_nan=False)
    relative: bool = False
    unit: str | None = None
    coverage_factor: float = Field(gt=0, allow_inf_nan=False)
    printed: str


class LimitKind(StrEnum):
    """What a printed limit or specification demands."""

    MAXIMUM = "maximum"
    MINIMUM = "minimum"
    INTERVAL = "interval"
    ABSENT = "absent"
    DESCRIBED = "described"


class Limit(Record):
    """A limit or specification cell; bounds are in ``unit``, ``inclusive`` says whether the bound itself is allowed."""

    kind: LimitKind
    lower: float | None = Field(default=None, allow_inf_nan=False)
    upper: float | None = Field(default=None, allow_inf_nan=False)
    inclusive: bool = True
    unit: str | None = None
    sample_grams: float | None = Field(default=None, gt=0, allow_inf_nan=False)
    printed: str
