"""Run rules: how many of the last points lie beyond a line on one side, where some points are intervals."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from kratom_quality.tracking.baseline import Intervals
from kratom_quality.tracking.settings import Rule

Flags = npt.NDArray[np.bool_]


class Broken(NamedTuple):
    """By point: where a rule is broken whatever the points are within their bounds, and where it may be or not."""

    surely: Flags
    perhaps: Flags


def broken(rule: Rule, points: Intervals) -> Broken:
    """Hold standardised points to a rule, on both sides of the centre.

    A rule is broken where both ends of every interval that counts lie beyond the line; it is undecided where some do.
    """
    high = _runs(rule, points.lower > rule.beyond, points.upper > rule.beyond)
    low = _runs(rule, points.upper < -rule.beyond, points.lower < -rule.beyond)
    surely = high.surely | low.surely
    return Broken(surely, (high.perhaps | low.perhaps) & ~surely)


def _runs(rule: Rule, surely: Flags, perhaps: Flags) -> Broken:
    return Broken(_run(rule, surely), _run(rule, perhaps))


def _run(rule: Rule, beyond: Flags) -> Flags:
    """Return where enough of the last points, the last among them, are beyond."""
    counts = np.convolve(beyond, np.ones(rule.among, dtype=int))[: len(beyond)] if len(beyond) else np.zeros(0)
    return np.asarray((counts >= rule.needed) & beyond, dtype=np.bool_)


def names_where(rules: Sequence[Rule], flags: Sequence[Flags], place: int) -> tuple[str, ...]:
    """Return the names of the rules whose flag is set at a place."""
    return tuple(rule.name for rule, flag in zip(rules, flags, strict=True) if flag[place])
