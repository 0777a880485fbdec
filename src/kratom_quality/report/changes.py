"""What the page says of what changed, ready to be shown."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import NamedTuple

from kratom_quality.records import Severity
from kratom_quality.report.views import Places
from kratom_quality.tracking import Alert

_MOST_PLACES = 5


class Changes(NamedTuple):
    """Alerts, and the day of the state they compare with; None where nothing was seen before."""

    alerts: tuple[Alert, ...]
    since: date | None


class PlaceView(NamedTuple):
    """A file, with the address of the page to look at where it is there."""

    file: str
    page: int | None
    link: str | None


class AlertView(NamedTuple):
    """An alert; ``number`` is that of its vendor on the page, None where it is not there."""

    severity: str
    kind: str
    vendor: str | None
    number: int | None
    day: str
    sentence: str
    places: tuple[PlaceView, ...]
    more: int


class ChangesView(NamedTuple):
    """What changed: at once what weighs, the rest to be opened."""

    since: str | None
    grave: tuple[AlertView, ...]
    slight: tuple[AlertView, ...]


def changes_view(changes: Changes, vendors: Iterable[str], places: Places) -> ChangesView:
    """Put together what is shown of what changed; ``vendors`` are those of the page, in its order."""
    numbers = {vendor: number for number, vendor in enumerate(vendors, 1)}
    grave = (Severity.HIGH, Severity.MEDIUM)
    return ChangesView(
        changes.since.isoformat() if changes.since else None,
        tuple(_alert(one, numbers, places) for one in changes.alerts if one.severity in grave),
        tuple(_alert(one, numbers, places) for one in changes.alerts if one.severity not in grave),
    )


def _alert(alert: Alert, numbers: Mapping[str, int], places: Places) -> AlertView:
    seen = list(dict.fromkeys(_places(alert, places)))
    return AlertView(
        severity=alert.severity.value,
        kind=alert.kind.replace("_", " "),
        vendor=alert.vendor,
        number=numbers.get(alert.vendor or ""),
        day=alert.date.isoformat(),
        sentence=alert.sentence,
        places=tuple(seen[:_MOST_PLACES]),
        more=max(0, len(seen) - _MOST_PLACES),
    )


def _places(alert: Alert, places: Places) -> Iterator[PlaceView]:
    for one in alert.evidence:
        if one.file:
            yield PlaceView(places.name(one.file), one.page, places.link(one.file, one.page))
