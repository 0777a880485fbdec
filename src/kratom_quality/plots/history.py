"""One vendor over time, with what is expected of its next batch."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from enum import Enum
from typing import TYPE_CHECKING, Any

from kratom_quality.plots.canvas import (
    BLUE,
    GREY,
    ORANGE,
    VERMILLION,
    analyte_name,
    axes,
    date_axis,
    empty,
    legend,
    scatter,
    shown,
    tidy,
)
from kratom_quality.records import Certificate
from kratom_quality.tracking import (
    ChangePoint,
    ChartKind,
    ChartPoint,
    ControlChart,
    Series,
    change_points,
    control_chart,
    levels,
    series_of,
)

if TYPE_CHECKING:
    from matplotlib.axes import Axes


class _Kind(Enum):
    WITHIN = ("measured", "o", BLUE, True)
    RUN = ("measured, part of a run on one side", "s", ORANGE, True)
    BEYOND = ("measured, beyond the control limits", "D", VERMILLION, True)
    BELOW = ("not found: below the bound shown", "v", BLUE, False)
    ABOVE = ("above the bound shown", "^", VERMILLION, False)


def plot_history(
    certificates: Iterable[Certificate],
    analyte: str = "mitragynine",
    *,
    chart: ChartKind | str = ChartKind.INDIVIDUALS,
    unit: str | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Draw one analyte by the day of the report as a control chart; see :func:`kratom_quality.control_chart`.

    Parameters
    ----------
    certificates
        Of one vendor; those that have no place in the series are counted below.
    analyte
        Its id, such as ``lead``.
    chart
        ``individuals``, ``moving_range`` (how many times the result before) or ``ewma`` (the weighted average, with the
        results behind it).
    unit
        Of the amounts; the one most certificates use where None.
    ax
        Axes to draw on; those of a new figure where None.

    Returns
    -------
    matplotlib.axes.Axes
        Bounds are open triangles; batches beyond the limits are named. Where the level changed, the time in which it
        did is shaded, and each level has limits of its own, if five or more of its results were measured. A dotted line
        stands where the laboratory changed.
    """
    kind, series = ChartKind(chart), series_of(certificates, analyte, unit=unit)
    ax, name = axes(ax, 3.6), analyte_name(analyte)
    if series is None or not series.points:
        return empty(ax, f"no dated certificate with an amount of {name}")
    found = change_points(series)
    charts = [control_chart(level, kind) for level in levels(series, found)]
    _draw_changes(ax, series, found)
    for one in charts:
        _draw_limits(ax, one, is_last=one is charts[-1])
    _draw_amounts(ax, series, charts)
    _set_height(ax, series, charts)
    tidy(ax)
    date_axis(ax)
    what = {ChartKind.MOVING_RANGE: f"{name}, times the one before", ChartKind.EWMA: f"{name}, weighted, {series.unit}"}
    ax.set_ylabel(what.get(kind, f"{name}, {series.unit}"))
    ax.set_xlabel("day of the report" + _left_out(series, charts[-1]))
    legend(ax)
    return ax


def _left_out(series: Series, last: ControlChart) -> str:
    said = [f"{len(series.left_out)} certificates without date or amount" if series.left_out else "", last.reason or ""]
    return f" ({'; '.join(filter(None, said))})" if any(said) else ""


def _draw_changes(ax: Axes, series: Series, found: Sequence[ChangePoint]) -> None:
    for nth, change in enumerate(found):
        days: Any = (change.earliest, change.latest)  # Matplotlib takes days for numbers
        name = None if nth else "when the level changed"
        ax.axvspan(*days, color=ORANGE, alpha=0.13, linewidth=0, label=name)
    switches: list[Any] = [point.day for point in series.points if point.switched_from]
    for nth, day in enumerate(switches):
        ax.axvline(day, color=GREY, linewidth=1, linestyle=":", label=None if nth else "another laboratory")


def _draw_limits(ax: Axes, chart: ControlChart, *, is_last: bool) -> None:
    if chart.centre is None:
        return
    days: list[Any] = [point.of.day for point in chart.points]
    lower, upper = [point.lower for point in chart.points], [point.upper for point in chart.points]
    middle = "geometric mean" if chart.kind is not ChartKind.MOVING_RANGE else "mean range"
    limits = f"control limits, {lower[-1]:.3g} to {upper[-1]:.3g}" if is_last else None
    ax.fill_between(days, lower, upper, color=BLUE, alpha=0.08, linewidth=0, label=limits)
    centre = [chart.centre] * len(days)
    ax.plot(days, centre, color=BLUE, linewidth=1, label=f"{middle}, {chart.centre:.3g}" if is_last else None)
    for bound in (lower, upper):
        ax.plot(days, bound, color=BLUE, linewidth=0.8, linestyle="--")


def _draw_amounts(ax: Axes, series: Series, charts: Sequence[ControlChart]) -> None:
    if charts[0].kind is ChartKind.EWMA:
        measured = [point for point in series.points if point.amount.measured]
        places: list[Any] = [point.day for point in measured]
        ax.plot(places, [point.amount.lower for point in measured], "x", color=GREY, markersize=4, label="each result")
    points = [point for chart in charts for point in (chart.points or _without_limits(chart))]
    days: list[Any] = [point.of.day for point in points if point.low == point.high]
    ax.plot(days, [point.low for point in points if point.low == point.high], color=GREY, linewidth=0.8)
    between = [point for point in points if _is_between(point)]
    if between:
        days = [point.of.day for point in between]
        lows, highs = [point.low for point in between], [point.high for point in between]
        ax.vlines(days, lows, highs, color=BLUE, linewidth=4, alpha=0.6, label="not told: between the ends of the line")
    kinds: dict[_Kind, list[ChartPoint]] = {}
    for point in points:
        if not _is_between(point):
            kinds.setdefault(_kind(point), []).append(point)
    for kind in _Kind:
        if chosen := kinds.get(kind):
            name, marker, colour, filled = kind.value
            days, heights = [point.of.day for point in chosen], [_height(point) for point in chosen]
            said = name.replace("measured", "weighted average") if charts[0].kind is ChartKind.EWMA else name
            scatter(ax, days, heights, marker=marker, colour=colour, filled=filled, name=said)
    for point in points:
        if "beyond_limits" in point.signals:
            _name_batch(ax, point)


def _without_limits(chart: ControlChart) -> list[ChartPoint]:
    """Return the results as they are where a chart has no limits; only those are ratios or averages of nothing."""
    if chart.kind is not ChartKind.INDIVIDUALS:
        return []
    return [
        ChartPoint(point, point.amount.lower, point.amount.upper, -math.inf, math.inf) for point in chart.series.points
    ]


def _name_batch(ax: Axes, point: ChartPoint) -> None:
    place: tuple[Any, float] = (point.of.day, _height(point))
    name = shown(point.of.certificate.batch or "no batch")
    ax.annotate(name, place, (0, 7), textcoords="offset points", ha="center", fontsize=8)


def _is_between(point: ChartPoint) -> bool:
    """Whether a figure is not told and has two ends, as an average has that bounds went into."""
    return 0 < point.low < point.high < math.inf


def _kind(point: ChartPoint) -> _Kind:
    if point.low != point.high:
        return _Kind.ABOVE if point.high == math.inf else _Kind.BELOW
    if not point.signals:
        return _Kind.WITHIN
    return _Kind.BEYOND if "beyond_limits" in point.signals else _Kind.RUN


def _height(point: ChartPoint) -> float:
    return point.low if point.high == math.inf else point.high


def _set_height(ax: Axes, series: Series, charts: Sequence[ControlChart]) -> None:
    """Let the axis begin at 0 and end where points do, and limits that are not far above them."""
    points = [point for chart in charts for point in chart.points]
    heights = [_height(point) for point in points]
    if charts[0].kind is not ChartKind.MOVING_RANGE:
        heights += [one.amount.lower if one.amount.upper == math.inf else one.amount.upper for one in series.points]
    highest = max(heights, default=1.0)
    limit = max((point.upper for point in points), default=0.0)
    ax.set_ylim(0, 1.15 * max(highest, min(limit, 2 * highest)) or 1)
