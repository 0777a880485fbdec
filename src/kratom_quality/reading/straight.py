"""Pages set straight: turned, seen from a slant or bent, as the lines of their text tell.

A scan is turned a little; on a photograph lines run together towards a side, and edges towards the top or the bottom;
near a book's spine lines bend. All three are one smooth shift of every point, down and across, small beside the page.
Down: along each line, and along each row of lines, all points come to one height. Across: lines that stand below each
other and share a left edge, a middle or a right edge keep sharing it. What neighbours do not share counts little, for
the fit is robust (iteratively reweighted least squares with Cauchy weights); what nothing tells stays as it is (ridge).
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from kratom_quality.reading.recognised import TextLine

    Points = NDArray[np.float64]

_FEWEST = 6  # lines, below which only the turn is believed
_NOISE = 0.1  # of a line's height: about how well a box tells where its line lies
_USUAL_SHIFT = 0.05  # in half widths of the page: how much any one term shifts the page's edge, about
_ROUNDS = 12
_STEPS_BACK = 8
_LEVEL = 0.5  # in heights: how far apart lines of a row may lie before they are set level
_SHARED = 0.35  # in heights: how far apart edges may lie that are one edge
_NEXT_LINE = 4.0  # in heights: how far below each other lines are compared
_LONG = 4.0  # times its height: such a line tells the angle of the page


class Straightening(NamedTuple):
    """How a picture's points move onto a straight page of the same size.

    Parameters
    ----------
    angle
        How far lines fall to the right, in radians.
    centre
        The picture's, in pixels; the page is turned about it.
    unit
        Half the picture's width in pixels, the unit of what follows.
    down, across
        Coefficients of the shifts.
    """

    angle: float
    centre: tuple[float, float]
    unit: float
    down: tuple[float, ...] = ()
    across: tuple[float, ...] = ()

    def page_of(self, points: Points) -> Points:
        """Where points of the picture lie on the straight page; one row a point."""
        return self._shifted(self._turned(points)) * self.unit + self.centre

    def picture_of(self, points: Points) -> Points:
        """Where points of the straight page lie in the picture."""
        aim = (points - self.centre) / self.unit
        turned = aim
        for _ in range(_STEPS_BACK):
            turned = turned + aim - self._shifted(turned)
        return turned @ _turn(-self.angle) * self.unit + self.centre

    def _turned(self, points: Points) -> Points:
        return (points - self.centre) / self.unit @ _turn(self.angle)

    def _shifted(self, points: Points) -> Points:
        if not self.down:
            return points
        flat = np.column_stack([points[:, 0], points[:, 1] + _down_terms(points) @ np.array(self.down)])
        if self.across:
            flat[:, 0] += _across_terms(flat) @ np.array(self.across)
        return flat


def find_straightening(lines: Sequence[TextLine], width: int, height: int) -> Straightening:
    """Find how to set a picture's lines straight, from those that are not upright.

    Parameters
    ----------
    lines
        The lines seen.
    width, height
        The picture's size in pixels.
    """
    level = [line for line in lines if not is_upright(line)]
    plain = Straightening(_skew(level), (width / 2, height / 2), width / 2)
    if len(level) < _FEWEST:
        return plain
    corners = np.array([line.corners for line in level], dtype=np.float64)
    ends = np.stack([corners[:, [0, 3]].mean(axis=1), corners[:, [1, 2]].mean(axis=1)], axis=1)
    turned = plain._turned(ends.reshape(-1, 2)).reshape(-1, 2, 2)
    type_height = float(np.median([line.height for line in level])) / plain.unit
    down = _fit(_down_terms, turned[:, 0], turned[:, 1], 1, type_height)
    for _ in range(2):
        flat = plain._replace(down=tuple(down))._shifted(turned.reshape(-1, 2)).reshape(-1, 2, 2)
        left, right = _level_neighbours(flat, type_height)
        ends_of_gaps = (
            np.concatenate([turned[:, 0], turned[left, 1]]),
            np.concatenate([turned[:, 1], turned[right, 0]]),
        )
        down = _fit(_down_terms, *ends_of_gaps, 1, type_height)
    bent = plain._replace(down=tuple(map(float, down)))
    flat = bent._shifted(turned.reshape(-1, 2)).reshape(-1, 2, 2)
    above, below = _shared_edges(flat, type_height)
    if len(above) < _FEWEST:
        return bent
    across = _fit(_across_terms, above, below, 0, type_height)
    return bent._replace(across=tuple(map(float, across)))


def is_upright(line: TextLine) -> bool:
    """Whether a line runs up or down the page."""
    return abs(math.sin(line.angle)) > math.sqrt(0.5)


def _skew(lines: Sequence[TextLine]) -> float:
    """The angle most text stands at: the median of long lines; the longer, the more it counts, for it tells more."""
    long = sorted((line.angle, line.length**3) for line in lines if line.length > _LONG * line.height)
    half = sum(weight for _, weight in long) / 2
    for angle, weight in long:
        half -= weight
        if half <= 0:
            return angle
    return 0.0


def _turn(angle: float) -> Points:
    """The matrix by which row vectors are turned, so that what falls by an angle becomes level."""
    cosine, sine = math.cos(angle), math.sin(angle)
    return np.array([[cosine, -sine], [sine, cosine]])


def _down_terms(points: Points) -> Points:
    x, y = points.T
    return np.column_stack([x, x * y, x**2, x**2 * y, x**3, x * y**2])


def _across_terms(points: Points) -> Points:
    x, y = points.T
    return np.column_stack([y, x * y])


def _fit(terms: Any, one: Points, other: Points, axis: int, type_height: float) -> Points:
    """Coefficients by which pairs of points come to share a coordinate."""
    slopes = terms(one) - terms(other)
    apart = other[:, axis] - one[:, axis]
    noise = _NOISE * type_height
    ridge = np.eye(slopes.shape[1]) * (noise / _USUAL_SHIFT) ** 2
    coefficients = np.zeros(slopes.shape[1])
    for _ in range(_ROUNDS):
        weights = 1 / (1 + ((slopes @ coefficients - apart) / noise) ** 2)
        weighted = slopes * weights[:, None]
        coefficients = np.linalg.solve(slopes.T @ weighted + ridge, weighted.T @ apart)
    return coefficients


def _level_neighbours(ends: Points, type_height: float) -> tuple[list[int], list[int]]:
    """Lines, and beside each the next to its right in the same row."""
    left, right = [], []
    for index, (_, (x, y)) in enumerate(ends):
        gaps = ends[:, 0, 0] - x
        apart = np.abs(ends[:, 0, 1] - y)
        candidates = np.flatnonzero((gaps > 0) & (apart < _LEVEL * type_height))
        if len(candidates):
            left.append(index)
            right.append(int(candidates[np.argmin(gaps[candidates])]))
    return left, right


def _shared_edges(ends: Points, type_height: float) -> tuple[Points, Points]:
    """Points on the left edges, middles and right edges of lines, and those that lie straight below them."""
    pairs = [pair for points in (ends[:, 0], ends.mean(axis=1), ends[:, 1]) for pair in _stacked(points, type_height)]
    above, below = zip(*pairs, strict=True) if pairs else ((), ())
    return np.array(above).reshape(-1, 2), np.array(below).reshape(-1, 2)


def _stacked(points: Points, type_height: float) -> Iterator[tuple[Points, Points]]:
    for point in points:
        across, down = (points - point).T
        near = (down > type_height) & (down < _NEXT_LINE * type_height) & (np.abs(across) < _SHARED * type_height)
        candidates = np.flatnonzero(near)
        if len(candidates):
            yield point, points[candidates[np.argmin(down[candidates])]]
