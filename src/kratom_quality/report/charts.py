"""Where things stand in the page's drawings, in units of their view boxes."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

WIDTH, HEIGHT = 640.0, 180.0
LEFT, RIGHT, TOP, BOTTOM = 62.0, 626.0, 14.0, 128.0
NO_FIGURE = 148.0  # the lane below the axis: absence is not 0
_STEPS = (0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50)
_MOST_TICKS = 5


class Dot(NamedTuple):
    """A certificate in the chart of a vendor over time; one without a figure stands in a lane of its own."""

    x: float
    y: float
    mark: str
    said: str


class Tick(NamedTuple):
    """A place on an axis and what is written there."""

    at: float
    said: str


class Timeline(NamedTuple):
    """A vendor's certificates by day and content of mitragynine."""

    dots: tuple[Dot, ...]
    days: tuple[Tick, ...]
    levels: tuple[Tick, ...]


class Issue(NamedTuple):
    """What the chart needs of a certificate: its day, the percentage measured if any, a mark, and words."""

    day: date
    percent: float | None
    mark: str
    said: str


def timeline(issues: Sequence[Issue]) -> Timeline | None:
    """Place certificates by day and percentage; None where fewer than two have a day."""
    if len(issues) < 2:
        return None
    first, last = min(issue.day for issue in issues), max(issue.day for issue in issues)
    levels = _levels(max((issue.percent or 0.0 for issue in issues), default=0.0))
    highest = levels[-1]

    def x(day: date) -> float:
        whole = (last - first).days
        return round(LEFT + 14 + (RIGHT - LEFT - 28) * ((day - first).days / whole if whole else 0.5), 1)

    def y(percent: float) -> float:
        return round(BOTTOM - (BOTTOM - TOP) * percent / highest, 1)

    dots = tuple(
        Dot(x(issue.day), NO_FIGURE if issue.percent is None else y(issue.percent), issue.mark, issue.said)
        for issue in issues
    )
    days = tuple(Tick(x(day), day.isoformat()) for day in dict.fromkeys((first, last)))
    return Timeline(dots, days, tuple(Tick(y(level), f"{level:g} %") for level in levels))


def _levels(highest: float) -> list[float]:
    """Round levels from 0 to the highest value or above."""
    step = next((step for step in _STEPS if highest <= step * (_MOST_TICKS - 1)), 100 / (_MOST_TICKS - 1))
    count = max(1, -int(-highest // step))
    return [round(step * number, 3) for number in range(count + 1)]
