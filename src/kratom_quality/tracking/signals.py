"""What new certificates do to a vendor's series: points beyond control limits, and changes of level."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from math import inf

from kratom_quality.checks.amounts import Amount, name_of
from kratom_quality.records import Certificate
from kratom_quality.tracking.alerts import Alert, Evidence, alert
from kratom_quality.tracking.charts import ChartKind, ChartPoint, ControlChart, control_chart
from kratom_quality.tracking.series import Point, Series, every_series
from kratom_quality.tracking.settings import tracking_settings
from kratom_quality.tracking.shifts import ChangePoint, change_points, levels


def series_alerts(vendor: str, certificates: Iterable[Certificate], new: Collection[str]) -> Iterator[Alert]:
    """Yield what a vendor's new certificates, given by their SHA-256, show in its series.

    Limits are those since the last change of level, so that a level that stays is told once.
    """
    for series in every_series(certificates):
        if any(_is_new(point, new) for point in series.points):
            found, known = change_points(series), change_points(series.without(new))
            yield from (_change_alert(vendor, series, one) for one in found if not _is_among(one, known))
            yield from _signal_alerts(vendor, levels(series, found)[-1], new)


def _is_new(point: Point, new: Collection[str]) -> bool:
    return point.certificate.source.sha256 in new


def _is_among(change: ChangePoint, known: Iterable[ChangePoint]) -> bool:
    return any(one.earliest < change.latest and change.earliest < one.latest for one in known)


@dataclass(frozen=True, slots=True)
class _Signal:
    """A chart on which a new point gives a signal."""

    chart: ControlChart
    point: ChartPoint


def _signal_alerts(vendor: str, series: Series, new: Collection[str]) -> Iterator[Alert]:
    telling = {rule.name for rule in tracking_settings().rules if rule.alerts}
    found: dict[str, list[_Signal]] = {}
    for kind in (ChartKind.INDIVIDUALS, ChartKind.EWMA):
        chart = control_chart(series, kind)
        for signal in _first_signals(chart):
            if _is_new(signal.of, new) and telling.intersection(signal.signals):
                found.setdefault(signal.of.certificate.source.sha256, []).append(_Signal(chart, signal))
    for signals in found.values():
        point = signals[0].point.of
        batch = point.certificate.batch or "without a number"
        said = f"{_named(point)} {_bounds(point.amount)} {series.unit} in batch {batch}: "
        said += "; ".join(_in_words(signal, series.unit) for signal in signals)
        if point.switched_from:
            said += f"; the laboratory changed from {point.switched_from} to {point.laboratory}, which may be why"
        yield alert("control_signal", vendor, point.day, said, analyte=series.analyte, evidence=[_seen(point)])


def _first_signals(chart: ControlChart) -> Iterator[ChartPoint]:
    """Yield the points that give a signal; of an average, which stays where it is for long, only the first in a row."""
    for before, point in zip((None, *chart.points), chart.points, strict=False):
        lasting = chart.kind is ChartKind.EWMA and before is not None and before.signals
        if point.signals and not lasting:
            yield point


def _in_words(signal: _Signal, unit: str) -> str:
    point = signal.point
    side = "above" if point.low > point.upper else "below"
    limits = f"{point.lower:.4g} to {point.upper:.4g} {unit}"
    if signal.chart.kind is ChartKind.EWMA:
        return f"with it the weighted average of late results, {_amount(point.low, point.high)}, is {side} {limits}"
    number = signal.chart.baseline.points if signal.chart.baseline else 0
    return f"{side} the control limits {limits} of the vendor's {number} results"


def _change_alert(vendor: str, series: Series, change: ChangePoint) -> Alert:
    first, before = series.points[change.place], series.points[change.place - 1]
    said = (
        f"{_named(first)} has another level since about {change.day} (after {change.earliest}, by {change.latest}): "
        f"median {_bounds(change.before)} before and {_bounds(change.after)} {series.unit} since; "
        f"chance gives as much in {change.chance:.2g} of series without a change"
    )
    if change.switch:
        said += f"; the laboratory changed from {change.switch[0]} to {change.switch[1]} then, which may be why"
    return alert(
        "change_point", vendor, first.day, said, analyte=series.analyte, evidence=[_seen(before), _seen(first)]
    )


def _named(point: Point) -> str:
    return name_of(point.row)


def _bounds(amount: Amount) -> str:
    return _amount(amount.lower, amount.upper)


def _amount(low: float, high: float) -> str:
    if low == high:
        return f"{low:.4g}"
    if not low:
        return f"below {high:.4g}"
    return f"above {low:.4g}" if high == inf else f"{low:.4g} to {high:.4g}"


def _seen(point: Point) -> Evidence:
    source = point.row.source(point.certificate.source.reader)
    return Evidence(file=point.certificate.source.path, page=source.page, printed=source.printed)
