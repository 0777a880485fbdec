"""One vendor over time, with what is expected of its next batch."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import Enum
from itertools import pairwise
from statistics import fmean
from typing import TYPE_CHECKING, Any

from kratom_quality.checks.amounts import Amount, amount_in, units_of
from kratom_quality.checks.days import last_day
from kratom_quality.plots.canvas import (
    BLUE,
    GREY,
    VERMILLION,
    analyte_name,
    axes,
    date_axis,
    empty,
    has_no_place,
    legend,
    scatter,
    shown,
    tidy,
)
from kratom_quality.records import Certificate

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_FEWEST = 5
_MOVING_RANGES = 2.66  # 3 / 1.128, three standard deviations of a moving range of two


class _Kind(Enum):
    WITHIN = ("measured", "o", BLUE, True)
    BEYOND = ("measured, beyond the control limits", "D", VERMILLION, True)
    BELOW = ("not found: below the bound shown", "v", BLUE, False)
    ABOVE = ("above the bound shown", "^", VERMILLION, False)


@dataclass(frozen=True, slots=True)
class Visit:
    """What one certificate says of an analyte, and when."""

    day: date
    batch: str
    amount: Amount


@dataclass(frozen=True, slots=True)
class ControlLimits:
    """Where further batches are expected: the geometric mean, and limits about it."""

    centre: float
    lower: float
    upper: float


def control_limits(numbers: Sequence[float]) -> ControlLimits | None:
    """Return limits for individual values in their order; None where there are fewer than five.

    The chart of individuals of NIST/SEMATECH, e-Handbook of Statistical Methods, 6.3.2.2: the mean plus and minus 2.66
    times the mean moving range, here of logarithms, because amounts are never below zero and scatter in proportion.
    """
    if len(numbers) < _FEWEST:
        return None
    logarithms = [math.log(number) for number in numbers]
    centre = fmean(logarithms)
    reach = _MOVING_RANGES * fmean(abs(after - before) for before, after in pairwise(logarithms))
    return ControlLimits(math.exp(centre), math.exp(centre - reach), math.exp(centre + reach))


def plot_history(certificates: Iterable[Certificate], analyte: str = "mitragynine", *, ax: Axes | None = None) -> Axes:
    """Draw one analyte by the day of the report, with control limits where five or more results were measured.

    Parameters
    ----------
    certificates
        Of one vendor; those without a date, or without the analyte in the unit most of them use, are counted below.
    analyte
        Its id, such as ``lead``.
    ax
        Axes to draw on; those of a new figure where None.

    Returns
    -------
    matplotlib.axes.Axes
        Bounds are open triangles, and have no part in the limits; batches beyond the limits are named.
    """
    certificates = list(certificates)
    unit = _usual_unit(certificates, analyte)
    visits = _visits(certificates, analyte, unit) if unit else []
    ax = axes(ax, 3.6)
    name = analyte_name(analyte)
    if not visits:
        return empty(ax, f"no dated certificate with an amount of {name}")
    limits = control_limits([visit.amount.lower for visit in visits if visit.amount.measured and visit.amount.lower])
    _draw_visits(ax, visits, limits)
    if limits:
        _draw_limits(ax, limits)
    tidy(ax)
    date_axis(ax)
    ax.set_ylabel(f"{name}, {unit}")
    left_out = len(certificates) - len(visits)
    ax.set_xlabel("day of the report" + (f" ({left_out} certificates without date or amount)" if left_out else ""))
    legend(ax)
    return ax


def _usual_unit(certificates: Iterable[Certificate], analyte: str) -> str | None:
    units = Counter(unit for one in certificates for unit in units_of(one, analyte))
    return units.most_common(1)[0][0] if units else None


def _visits(certificates: Iterable[Certificate], analyte: str, unit: str) -> list[Visit]:
    """Return what has a day and a place on the axis, in the order of days."""
    visits = []
    for one in certificates:
        day, found = last_day(one.dates.reported), amount_in(one, analyte, unit)
        if day and found and (found[0].measured or not has_no_place(found[0])):
            visits.append(Visit(day, one.batch or "no batch", found[0]))
    return sorted(visits, key=lambda visit: (visit.day, visit.batch))


def _draw_limits(ax: Axes, limits: ControlLimits) -> None:
    name = f"control limits, {limits.lower:.3g} to {limits.upper:.3g}"
    ax.axhspan(limits.lower, limits.upper, color=BLUE, alpha=0.08, linewidth=0, label=name)
    ax.axhline(limits.centre, color=BLUE, linewidth=1, label=f"geometric mean, {limits.centre:.3g}")
    for bound in (limits.lower, limits.upper):
        ax.axhline(bound, color=BLUE, linewidth=0.8, linestyle="--")


def _draw_visits(ax: Axes, visits: Sequence[Visit], limits: ControlLimits | None) -> None:
    measured = [visit for visit in visits if visit.amount.measured]
    days: list[Any] = [visit.day for visit in measured]  # Matplotlib takes days for numbers
    ax.plot(days, [visit.amount.lower for visit in measured], color=GREY, linewidth=0.8)
    kinds: dict[_Kind, list[Visit]] = {}
    for visit in visits:
        kinds.setdefault(_kind(visit.amount, limits), []).append(visit)
    for kind in _Kind:
        if chosen := kinds.get(kind):
            name, marker, colour, filled = kind.value
            days, places = [visit.day for visit in chosen], [_height(visit.amount) for visit in chosen]
            scatter(ax, days, places, marker=marker, colour=colour, filled=filled, name=name)
    for visit in kinds.get(_Kind.BEYOND, []):
        place: Any = (visit.day, visit.amount.lower)
        ax.annotate(shown(visit.batch), place, (0, 7), textcoords="offset points", ha="center", fontsize=8)
    highest = max(_height(visit.amount) for visit in visits)
    ax.set_ylim(0, 1.15 * max(highest, min(limits.upper, 2 * highest) if limits else highest) or 1)


def _kind(amount: Amount, limits: ControlLimits | None) -> _Kind:
    if not amount.measured:
        return _Kind.ABOVE if amount.upper == math.inf else _Kind.BELOW
    within = limits is None or limits.lower <= amount.lower <= limits.upper
    return _Kind.WITHIN if within else _Kind.BEYOND


def _height(amount: Amount) -> float:
    return amount.lower if amount.upper == math.inf else amount.upper
