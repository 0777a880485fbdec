"""How often a vendor publishes, and whether a pause is longer than that allows."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import TypeVar

from kratom_quality.tracking.baseline import Array
from kratom_quality.tracking.settings import tracking_settings

Number = TypeVar("Number", float, Array)


@dataclass(frozen=True, slots=True)
class Pause:
    """The time since the last day on which a vendor's certificates are dated.

    Parameters
    ----------
    since
        That day.
    days, usual
        How long it has been, and the mean gap between the days before.
    chance
        P(a gap at least that long) if days of issue come at random at the vendor's own rate.
    """

    since: date
    days: int
    usual: float
    chance: float

    @property
    def is_long(self) -> bool:
        """Whether it is rare enough to be told."""
        return self.chance < tracking_settings().rhythm.significance


def pause(days: Iterable[date], today: date) -> Pause | None:
    """Return the pause up to today; None where there are too few gaps to tell a rhythm by.

    A vendor that keeps to a calendar pauses more rarely than one at random, so that the chance is rather too high.
    """
    ordered = sorted({day for day in days if day <= today})
    gaps = [(after - before).days for before, after in pairwise(ordered)]
    if len(gaps) < tracking_settings().rhythm.fewest_gaps:
        return None
    length, total = (today - ordered[-1]).days, sum(gaps)
    return Pause(ordered[-1], length, total / len(gaps), float(chance_of_gap(length, total, len(gaps))))


def chance_of_gap(length: Number, total: Number, number: int) -> Number:
    """Return P(an exponential gap is at least that long), given the sum of so many earlier ones: (1 + t/S)^-n.

    It holds whatever the rate (Lawless 1971, Technometrics 13:725).
    """
    return (1 + length / total) ** -number
