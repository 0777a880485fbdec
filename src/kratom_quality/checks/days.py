"""Days from the dates of a record: ISO dates, or ISO intervals ``start/end``."""

from __future__ import annotations

from datetime import date


def first_day(text: str | None) -> date | None:
    """Return the day, or the first of an interval; None where there is none."""
    return _day((text or "").partition("/")[0])


def last_day(text: str | None) -> date | None:
    """Return the day, or the last of an interval; None where there is none."""
    return _day((text or "").rpartition("/")[2])


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text[:10])
    except ValueError:
        return None
