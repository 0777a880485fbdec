"""Certificates over time: series, control charts, change points, and what changed in a market since the last look.

The line: :mod:`series` takes amounts from certificates, :mod:`charts` and :mod:`shifts` judge them, :mod:`state` keeps
what a market looked like, :mod:`comparison` holds two states beside each other. A signal is a reason to look, no
verdict.
"""

from kratom_quality.tracking.alerts import Alert, write_alerts
from kratom_quality.tracking.charts import ChartKind, ChartPoint, ControlChart, control_chart
from kratom_quality.tracking.comparison import changes
from kratom_quality.tracking.series import Point, Series, every_series, series_of
from kratom_quality.tracking.shifts import ChangePoint, change_points, levels
from kratom_quality.tracking.state import MarketState

__all__ = [
    "Alert",
    "ChangePoint",
    "ChartKind",
    "ChartPoint",
    "ControlChart",
    "MarketState",
    "Point",
    "Series",
    "change_points",
    "changes",
    "control_chart",
    "every_series",
    "levels",
    "series_of",
    "write_alerts",
]
