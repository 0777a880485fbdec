"""A certificate as a notebook shows it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import PurePath
from typing import TYPE_CHECKING

from kratom_quality.markup import Html, heading, joined, line, quiet, table

if TYPE_CHECKING:
    from kratom_quality.records.certificate import Certificate, Result

_MOST_ROWS = 12
_MOST_PROBLEMS = 5
_SURE = 0.9
_HEAD = ("analyte", "result", "limit", "verdict", "page", "confidence")


def certificate_to_html(certificate: Certificate) -> str:
    """Return the header, the first rows and the least sure, and what a reader must know; all text is escaped."""
    rows = _chosen(certificate.results)
    parts = [heading(_title(certificate)), *map(line, _header(certificate))]
    if rows:
        parts.append(table(_HEAD, map(_cells, rows)))
    return joined([*parts, *_remarks(certificate)])


def _chosen(results: Sequence[Result]) -> list[Result]:
    """Return the rows to show, in page order: those that deserve a look, then as many of the first as there is room."""
    unsure = [place for place, row in enumerate(results) if row.confidence is not None and row.confidence < _SURE]
    places = dict.fromkeys([*unsure[: _MOST_ROWS // 2], *range(len(results))])
    return [results[place] for place in sorted([*places][:_MOST_ROWS])]


def _title(certificate: Certificate) -> str:
    batch = f"batch {certificate.batch}" if certificate.batch else "no batch number"
    return f"{certificate.product or 'no product named'}, {batch}"


def _header(certificate: Certificate) -> Iterator[str]:
    laboratory, dates = certificate.laboratory, certificate.dates
    accredited = f" ({laboratory.accreditation})" if laboratory.accreditation else ""
    yield f"tested by {laboratory.name or 'a laboratory that is not named'}{accredited}"
    yield f"for {certificate.client or 'a client that is not named'}, reported {dates.reported or 'without a date'}"
    source = certificate.source
    name = PurePath(source.path).name if source.path else "bytes"
    yield f"{name}, {source.pages} page{'s' * (source.pages > 1)}, read by {source.reader}"


def _cells(row: Result) -> tuple[str, ...]:
    sure = "" if row.confidence is None else f"{row.confidence:.2f}{' look' if row.confidence < _SURE else ''}"
    limit = row.limit.printed if row.limit else ""
    return row.name or row.printed.analyte, str(row.value), limit, row.printed.status or "", str(row.page), sure


def _remarks(certificate: Certificate) -> Iterator[Html]:
    if len(certificate.results) > _MOST_ROWS:
        yield quiet(f"rows not shown: {len(certificate.results) - _MOST_ROWS}; .to_frame() has all")
    for problem in certificate.problems[:_MOST_PROBLEMS]:
        yield line(f"⚠ {problem.message}")
    if len(certificate.problems) > _MOST_PROBLEMS:
        yield quiet(f"problems not shown: {len(certificate.problems) - _MOST_PROBLEMS}; .problems has all")
    if certificate.unread:
        yield quiet(f"{len(certificate.unread)} pieces of text in tables were not understood; see .unread")
