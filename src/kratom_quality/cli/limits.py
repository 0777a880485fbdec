"""What ``--seconds`` and ``--limit`` say before a command, for whatever in it reads files."""

from __future__ import annotations

from contextvars import ContextVar
from typing import TYPE_CHECKING, TypedDict

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kratom_quality.limits import ReadingLimits


class Asked(TypedDict):
    """Keywords of what reads files."""

    seconds: float
    limits: ReadingLimits


_given: ContextVar[tuple[float | None, Sequence[str]]] = ContextVar("given", default=(None, ()))


def keep(seconds: float | None, settings: Sequence[str] | None) -> None:
    """Keep what was given, for :func:`asked`; a mistake in it is said at once.

    Raises
    ------
    InputError
        If a name of a limit is not known, or a number is none.
    """
    if settings:
        from kratom_quality.limits import ReadingLimits

        ReadingLimits.parse(settings)
    _given.set((seconds, settings or ()))


def asked() -> Asked:
    """Return what was given, or what holds without it."""
    from kratom_quality.batch import TIME_LIMIT_SECONDS
    from kratom_quality.limits import ReadingLimits

    seconds, settings = _given.get()
    return {"seconds": seconds or TIME_LIMIT_SECONDS, "limits": ReadingLimits.parse(settings)}
