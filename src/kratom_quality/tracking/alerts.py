"""What is told of a change."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import TextIO

from kratom_quality.records import Record, Severity
from kratom_quality.spreadsheet import write_table
from kratom_quality.tracking.settings import tracking_settings

ALERT_COLUMNS = ("severity", "kind", "vendor", "date", "analyte", "sentence", "file", "page", "printed")


class Evidence(Record):
    """Where a change can be seen; ``printed`` is what stands there."""

    file: str | None = None
    page: int | None = None
    printed: str | None = None


class Alert(Record):
    """One thing that changed, which is a reason to look and no verdict.

    Parameters
    ----------
    kind, severity
        Of those in ``data/tracking.toml``.
    vendor
        Whose certificates changed; None where the whole market is judged otherwise.
    date
        The day of the certificate that shows it, or of the look that found it.
    sentence
        What changed.
    analyte
        Its id, where one analyte changed.
    evidence
        Files and pages to look at.
    """

    kind: str
    severity: Severity
    vendor: str | None
    date: date
    sentence: str
    analyte: str | None = None
    evidence: tuple[Evidence, ...] = ()


def alert(
    kind: str,
    vendor: str | None,
    day: date,
    sentence: str,
    *,
    analyte: str | None = None,
    evidence: Iterable[Evidence] = (),
) -> Alert:
    """Return an alert with the severity of its kind."""
    severity = tracking_settings().alerts[kind].severity
    said = " ".join(sentence.split())
    return Alert(
        kind=kind,
        severity=severity,
        vendor=vendor,
        date=day,
        sentence=said,
        analyte=analyte,
        evidence=tuple(evidence),
    )


def in_order(alerts: Iterable[Alert]) -> tuple[Alert, ...]:
    """Return alerts by severity, the gravest first, then vendor, kind, day and words."""
    gravity, kinds = list(Severity), list(tracking_settings().alerts)

    def place(one: Alert) -> tuple[object, ...]:
        vendor = one.vendor or ""
        return gravity.index(one.severity), vendor.casefold(), vendor, kinds.index(one.kind), one.date, one.sentence

    return tuple(sorted(alerts, key=place))


def write_alerts(alerts: Iterable[Alert], stream: TextIO) -> None:
    """Write one CSV row an alert and place it can be seen at; one row where there is none."""
    write_table(stream, ALERT_COLUMNS, (row for one in alerts for row in _rows(one)))


def _rows(one: Alert) -> Iterable[tuple[str | int | None, ...]]:
    head = (one.severity.value, one.kind, one.vendor, one.date.isoformat(), one.analyte, one.sentence)
    for seen in one.evidence or (Evidence(),):
        yield (*head, seen.file, seen.page, seen.printed)
