"""Was the PDF changed after it was made: the version before is still in the file, or its marks name an editor."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from kratom_quality.checks.context import Context
from kratom_quality.checks.days import first_day, last_day
from kratom_quality.checks.settings import EditingSettings
from kratom_quality.records import Certificate, Finding, Marks, Severity, Source, TextChange

_CITATION = "ISO 32000-1:2008, 7.5.6 (incremental updates) and 14.3.3 (document information)"
_SHOWN = 3


class _Evidence(NamedTuple):
    probability: float
    words: str


def edited_pdf(certificate: Certificate, context: Context) -> Iterator[Finding]:
    """Yield a certificate whose file shows that it was changed after it was made.

    An update that leaves the text as it was, such as a signature, is no evidence.
    """
    settings, marks = context.settings.editing, certificate.marks
    evidence = [
        *_changed_text(marks, settings),
        *_editing_program(marks, settings),
        *_late_change(certificate, settings),
        *_made_too_early(certificate, settings),
        *_odd_fonts(marks, settings),
        *_overprints(marks, settings),
    ]
    if evidence:
        probability = 1 - math.prod(1 - one.probability for one in evidence)
        yield context.finding(
            "edited_pdf",
            certificate,
            "; ".join(one.words for one in evidence),
            citation=_CITATION,
            probability=probability,
            severity=_severity(probability, settings),
            sources=[
                *(_source(change, certificate) for change in (*marks.changes, *marks.overprints)),
                *_odd_sources(certificate),
            ],
        )


def _changed_text(marks: Marks, settings: EditingSettings) -> Iterator[_Evidence]:
    """Yield what replaced text, which counts for less right after making, when the laboratory itself may correct."""
    replaced = [change for change in marks.changes if change.before]
    if replaced:
        elapsed = _elapsed(marks)
        at_once = elapsed is not None and elapsed <= timedelta(minutes=settings.at_once_minutes)
        when = f"within {settings.at_once_minutes} minutes of" if at_once else "after"
        probability = settings.text_replaced_at_once if at_once else settings.text_replaced
        yield _Evidence(probability, f"text was changed {when} making, as the file still shows: {_in_words(replaced)}")
    elif marks.changes:
        yield _Evidence(settings.text_added, f"text was added after making: {_in_words(marks.changes)}")


def _editing_program(marks: Marks, settings: EditingSettings) -> Iterator[_Evidence]:
    programs = f"{marks.producer or ''}\n{marks.creator or ''}".casefold()
    for group in settings.programs:
        if named := [name for name in group.names if name in programs]:
            said = next(text for text in (marks.producer, marks.creator) if text and named[0] in text.casefold())
            yield _Evidence(group.certainty, f"the PDF was written by {said!r}, {group.what}")
            return


def _late_change(certificate: Certificate, settings: EditingSettings) -> Iterator[_Evidence]:
    """Yield a modification long after making, or after the report where an editor made it; a signature explains one."""
    marks, allowed = certificate.marks, timedelta(days=settings.late_after_days)
    elapsed, reported = _elapsed(marks), last_day(certificate.dates.reported)
    if marks.signatures or marks.modified is None:
        return
    if elapsed is not None and elapsed > allowed:
        yield _Evidence(settings.modified_late, f"it was made on {marks.created} and modified on {marks.modified}")
    elif reported and any(_editing_program(marks, settings)) and _moment(marks.modified).date() - reported > allowed:
        yield _Evidence(settings.modified_late, f"it was modified on {marks.modified} and is reported of {reported}")


def _made_too_early(certificate: Certificate, settings: EditingSettings) -> Iterator[_Evidence]:
    """Yield a file made long before the sample was tested or reported by the dates on its pages."""
    made, dates = certificate.marks.created, certificate.dates
    days = [day for text in (dates.tested, dates.reported) if (day := first_day(text))]
    if made and days and max(days) - _moment(made).date() > timedelta(days=settings.late_after_days):
        yield _Evidence(settings.made_before_dates, f"it was made on {made}, before the {max(days)} on its page")


def _odd_fonts(marks: Marks, settings: EditingSettings) -> Iterator[_Evidence]:
    """Yield results in another font than those beside them."""
    if odd := marks.odd_fonts:
        figures = ", ".join(f"{one.printed!r} on page {one.page}" for one in odd)
        words = f"{figures} is set in {odd[0].font} where the results beside it are set in {odd[0].usual}"
        yield _Evidence(settings.odd_font, words)


def _overprints(marks: Marks, settings: EditingSettings) -> Iterator[_Evidence]:
    """Yield figures that are printed over other figures."""
    if marks.overprints:
        figures = ", ".join(
            f"{one.after!r} over {one.before!r} on page {one.page}" for one in marks.overprints[:_SHOWN]
        )
        yield _Evidence(settings.overprinted, f"figures are printed over others: {figures}")


def _severity(probability: float, settings: EditingSettings) -> Severity:
    if probability >= settings.high_from:
        return Severity.HIGH
    return Severity.MEDIUM if probability >= settings.medium_from else Severity.LOW


def _elapsed(marks: Marks) -> timedelta | None:
    """Return the time from making to modification; offsets count only where both dates have one."""
    if marks.created is None or marks.modified is None:
        return None
    made, modified = _moment(marks.created), _moment(marks.modified)
    if made.tzinfo is None or modified.tzinfo is None:
        made, modified = made.replace(tzinfo=None), modified.replace(tzinfo=None)
    return modified - made


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text)


def _in_words(changes: Sequence[TextChange]) -> str:
    shown = ", ".join(_change_in_words(change) for change in changes[:_SHOWN])
    more = len(changes) - _SHOWN
    return f"{shown} and {more} more" if more > 0 else shown


def _change_in_words(change: TextChange) -> str:
    if not change.before:
        return f"{change.after!r} on page {change.page}"
    done = f"became {change.after!r}" if change.after else "was taken out"
    return f"{change.before!r} {done} on page {change.page}"


def _odd_sources(certificate: Certificate) -> Iterator[Source]:
    for one in certificate.marks.odd_fonts:
        yield Source(page=one.page, box=one.box, printed=one.printed, reader=certificate.source.reader)


def _source(change: TextChange, certificate: Certificate) -> Source:
    return Source(
        page=change.page,
        box=change.box,
        printed=change.after or change.before,
        reader=certificate.source.reader,
    )
