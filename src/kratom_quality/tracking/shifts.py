"""Change points: since when a series has another level, how sure that is, and between which days it changed.

Points are compared by signs (+1 where one is surely above the other, 0 where their bounds overlap), after Pettitt
(1979) for numbers and Gehan (1965) for bounds; so neither a scale nor a distribution is supposed. The sum of signs
between the points before and after a cut, over what chance makes of it there, is largest in size where the level
changed (Lausen and Schumacher 1992). How often an order of the same points that is left to chance gives one as large is
counted over permutations, which bounds false alarms whatever the amounts are. A series in which a change is found is
cut there, and both parts are searched again. The change lies, with the confidence asked for, at one of the points
around it where cutting leaves two parts in neither of which a change is found (after Worsley 1986).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from itertools import pairwise
from math import exp, inf, log

import numpy as np
import numpy.typing as npt

from kratom_quality.checks.amounts import Amount
from kratom_quality.tracking.baseline import Array, Intervals
from kratom_quality.tracking.series import Point, Series
from kratom_quality.tracking.settings import tracking_settings

_EQUAL = 1e-9
_AT_ONCE = 200  # permutations


@dataclass(frozen=True, slots=True)
class ChangePoint:
    """A change of level.

    Parameters
    ----------
    place
        Number of points before it.
    day
        Of the first point after it, where it is likeliest.
    earliest, latest
        It came after the one day and by the other, with the confidence of the settings.
    chance
        How often points without a change would show one as large.
    before, after
        The median amounts of the points up to the change before and to the next, or bounds on them.
    switch
        The laboratories before and after, where the laboratory changed in the same time, which may be the cause.
    """

    place: int
    day: date
    earliest: date
    latest: date
    chance: float
    before: Amount
    after: Amount
    switch: tuple[str, str] | None = None


def change_points(series: Series) -> tuple[ChangePoint, ...]:
    """Return the changes of level in a series, in order; see the module's text for the method.

    A change needs six points at least, and more where it is to be sure: with five on each side, no overlap.
    """
    points = series.points
    logarithms = Intervals.of([(point.amount.lower, point.amount.upper) for point in points])
    found = sorted(_cuts(logarithms, 0, len(points)))
    edges = [0, *(place for place, _ in found), len(points)]
    return tuple(
        _change(points, logarithms, start, place, end, chance)
        for (place, chance), start, end in zip(found, edges[:-2], edges[2:], strict=True)
    )


def levels(series: Series, changes: Sequence[ChangePoint]) -> tuple[Series, ...]:
    """Return a series cut at its changes of level, each part to be charted by itself."""
    edges = [0, *(change.place for change in changes), len(series.points)]
    return tuple(series.between(start, end) for start, end in pairwise(edges))


def cut(points: Intervals, rare: float) -> tuple[int, float]:
    """Return where the level of points changes most, and how often chance gives as much.

    Parameters
    ----------
    rare
        Counting ends once the share is sure to be above this.

    Returns
    -------
    tuple of int and float
        The number of points before the change, and the share of permutations with a sum of signs as large, this order
        counted as one of them; where that is above ``rare``, some share above it.
    """
    settings = tracking_settings().change_points
    if len(points) < settings.fewest_points:
        return 0, 1.0
    scores = _scores(points)
    sums = _sums(scores)
    as_large = 1
    for start in range(0, settings.permutations, _AT_ONCE):
        some = min(_AT_ONCE, settings.permutations - start)
        shuffled = _sums(scores[_permutations(len(points), start, some)]).max(axis=-1)
        as_large += int((shuffled >= sums.max() - _EQUAL).sum())
        if as_large > rare * (1 + settings.permutations):
            break
    return int(sums.argmax()) + 1, as_large / (1 + settings.permutations)


def _sums(scores: npt.NDArray[np.int64]) -> Array:
    """Return, for every cut, the size of the sum of signs between its sides, in multiples of its standard deviation."""
    before = np.arange(1, scores.shape[-1])
    spread = np.sqrt(before * (scores.shape[-1] - before))  # but for a factor that is the same at every cut
    return np.asarray(np.abs(np.cumsum(scores, axis=-1)[..., :-1]) / spread, dtype=np.float64)


def _scores(points: Intervals) -> npt.NDArray[np.int64]:
    """Return how many others each point is surely above, less those it is surely below."""
    above = (points.lower[:, None] > points.upper[None, :]).sum(axis=1)
    below = (points.upper[:, None] < points.lower[None, :]).sum(axis=1)
    return np.asarray(above - below, dtype=np.int64)


@lru_cache(maxsize=64)
def _permutations(number: int, start: int, some: int) -> npt.NDArray[np.int32]:
    """Return so many orders of a number of points, always the same from a start on."""
    generator = np.random.default_rng([tracking_settings().change_points.seed, number, start])
    return generator.permuted(np.tile(np.arange(number, dtype=np.int32), (some, 1)), axis=1)


def _cuts(points: Intervals, start: int, end: int) -> Iterator[tuple[int, float]]:
    rare = tracking_settings().change_points.significance
    place, chance = cut(points.between(start, end), rare)
    if chance <= rare:
        yield start + place, chance
        yield from _cuts(points, start, start + place)
        yield from _cuts(points, start + place, end)


def possible_cuts(points: Intervals, likeliest: int) -> tuple[int, int]:
    """Return the first and the last cut around the likeliest that leave two parts in neither of which is a change."""
    first = last = likeliest
    while first > 1 and _is_possible(points, first - 1):
        first -= 1
    while last < len(points) - 1 and _is_possible(points, last + 1):
        last += 1
    return first, last


def _is_possible(points: Intervals, place: int) -> bool:
    rare = (1 - tracking_settings().change_points.confidence) / 2
    return all(cut(part, rare)[1] > rare for part in (points.between(0, place), points.between(place, len(points))))


def _change(
    points: Sequence[Point], logarithms: Intervals, start: int, place: int, end: int, chance: float
) -> ChangePoint:
    first, last = (start + one for one in possible_cuts(logarithms.between(start, end), place - start))
    switches = [point for point in points[first : last + 1] if point.switched_from]
    return ChangePoint(
        place=place,
        day=points[place].day,
        earliest=points[first - 1].day,
        latest=points[last].day,
        chance=chance,
        before=_median(points[start:place]),
        after=_median(points[place:end]),
        switch=(switches[0].switched_from or "", switches[0].laboratory or "") if switches else None,
    )


def _median(points: Sequence[Point]) -> Amount:
    """Return the geometric median; bounds on it where results near it are bounds."""
    return Amount(_middle([point.amount.lower for point in points]), _middle([point.amount.upper for point in points]))


def _middle(numbers: Sequence[float]) -> float:
    ordered = sorted(numbers)
    low, high = ordered[(len(ordered) - 1) // 2], ordered[len(ordered) // 2]
    if low == high or low == 0 or high == inf:
        return low if low == high or low == 0 else inf
    return exp((log(low) + log(high)) / 2)
