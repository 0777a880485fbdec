"""How often a vendor publishes, and whether a pause is longer than that allows."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from kratom_quality.tracking.settings import tracking_settings


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

    With n earlier gaps that sum to S, an exponential gap is longer than t with probability (1 + t/S)^-n, whatever the
    rate (Lawless 1971, Technometrics 13:725). A vendor that keeps to a calendar pauses more rarely still, so that the
    probability is rather too high.
    """
    ordered = sorted({day for day in days if day <= today})
    gaps = [(after - before).days for before, after in pairwise(ordered)]
    if len(gaps) < tracking_settings().rhythm.fewest_gaps:
        return None
    length, total = (today - ordered[-1]).days, sum(gaps)
    return Pause(ordered[-1], length, total / len(gaps), float((1 + length / total) ** -len(gaps)))
