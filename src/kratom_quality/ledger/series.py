"""Series over time as frames, and scores kept to make them of."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import islice
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, Engine, select

from kratom_quality.batch.software import digest_of_data, software
from kratom_quality.checks.context import Context
from kratom_quality.frames import LONG_COLUMNS, Row, certificate_row, finding_row, frame
from kratom_quality.frames.columns import CERTIFICATE_COLUMNS
from kratom_quality.frames.rows import long_rows
from kratom_quality.ledger.engine import insert, reading, writing
from kratom_quality.ledger.files import vendor_key
from kratom_quality.ledger.readings import from_record
from kratom_quality.ledger.schema import findings, runs, scores
from kratom_quality.ledger.selection import Standing, When, require_vendor, standings, vendor_names
from kratom_quality.printable import printable_path
from kratom_quality.records import Certificate
from kratom_quality.scoring.ranking import VENDOR_COLUMNS, Ranking, VendorScore

if TYPE_CHECKING:
    import pandas as pd

RESULT_SERIES = (*LONG_COLUMNS, "date", "superseded")
CERTIFICATE_SERIES = ("vendor", "date", *CERTIFICATE_COLUMNS, "superseded", "reason", "successor")
SCORE_SERIES = ("date", "standard", *VENDOR_COLUMNS, "software", "kept")
_TIMES = {"date": "datetime64[s]", "superseded": "datetime64[s]", "kept": "datetime64[us, UTC]"}


def all_standings(
    connection: Connection, vendor: str | None, when: When, analyte: str | None = None
) -> Iterator[Standing]:
    """Yield certificates of a vendor, or of all of them vendor by vendor."""
    chosen = (
        [require_vendor(connection, vendor, when)] if vendor is not None else vendor_names(connection, when).items()
    )
    for key, name in chosen:
        yield from standings(connection, key, name, when, analyte)


def result_frames(
    engine: Engine, vendor: str | None, analyte: str | None, when: When, chunksize: int
) -> Iterator[pd.DataFrame]:
    """Yield the results of so many certificates at a time; one frame without rows where there are none."""
    with reading(engine) as connection:
        found = all_standings(connection, vendor, when, analyte)
        none_yet = True
        while (group := list(islice(found, chunksize))) or none_yet:
            none_yet = False
            yield _timed(frame((row for one in group for row in _result_rows(one, analyte)), RESULT_SERIES))


def _result_rows(standing: Standing, analyte: str | None) -> Iterator[Row]:
    for row in long_rows(standing.vendor, _with_rows_of(standing, analyte)):
        yield {**row, "date": standing.day.isoformat(), "superseded": _iso(standing.superseded)}


def _with_rows_of(standing: Standing, analyte: str | None) -> Certificate:
    """Return the certificate with the rows of an analyte alone, which is faster than to check them all."""
    path = printable_path(standing.paths[0])
    if analyte is None:
        return from_record(standing.record, path)
    fields = json.loads(standing.record)
    fields["results"] = [row for row in fields["results"] if row["analyte"] == analyte]
    fields["source"]["path"] = path
    return Certificate.model_validate(fields)


def _certificate_row(standing: Standing) -> Row:
    return {
        **certificate_row(from_record(standing.record, printable_path(standing.paths[0]))),
        "vendor": standing.vendor,
        "date": standing.day.isoformat(),
        "superseded": _iso(standing.superseded),
        "reason": standing.reason,
        "successor": standing.successor,
    }


@dataclass(frozen=True, slots=True)
class History:
    """A vendor over time, as rows with the columns that the three ``..._SERIES`` name, each by day."""

    vendor: str
    certificates: tuple[Row, ...]
    results: tuple[Row, ...]
    scores: tuple[Row, ...]


def history(engine: Engine, vendor: str, analyte: str | None, when: When) -> History:
    """Return a vendor over time; of the results those of an analyte, or all of them."""
    with reading(engine) as connection:
        key, name = require_vendor(connection, vendor, when)
        found = sorted(standings(connection, key, name, when), key=lambda one: (one.day, one.paths))
        scored = tuple(_score_rows(connection, name, when))
    results = (row for one in found for row in _result_rows(one, analyte))
    return History(name, tuple(map(_certificate_row, found)), tuple(results), scored)


def scores_frame(engine: Engine, vendor: str | None, when: When) -> pd.DataFrame:
    """Return a row a vendor and ranking kept, by day and by when it was kept."""
    with reading(engine) as connection:
        return _timed(frame(_score_rows(connection, vendor, when), SCORE_SERIES))


def _score_rows(connection: Connection, vendor: str | None, when: When) -> Iterator[Row]:
    columns = [scores.c[name] for name in VENDOR_COLUMNS]
    beside = (scores.c.day, scores.c.standard, runs.c.software, runs.c.ended)
    query = select(*columns, *beside).join(runs, runs.c.id == scores.c.run).where(when.known(runs.c.ended))
    if when.as_of is not None:
        query = query.where(scores.c.day <= when.as_of)
    if vendor is not None:
        query = query.where(scores.c.vendor_key == vendor_key(vendor))
    for found in connection.execute(query.order_by(scores.c.day, scores.c.id)).mappings():
        row = {name: found[name] for name in (*VENDOR_COLUMNS, "standard", "software")}
        yield {**row, "date": found["day"].isoformat(), "kept": found["ended"].isoformat()}


def keep_scores(engine: Engine, ranking: Ranking, context: Context, *, with_findings: bool = True) -> None:
    """Keep a ranking with its findings, or its numbers alone."""
    now = datetime.now(UTC)
    made = {"kind": "score", "software": software(), "data": digest_of_data(), "basis": ranking.basis}
    with writing(engine) as connection:
        add = insert(connection)
        run = connection.execute(add(runs).returning(runs.c.id), {**made, "started": now, "ended": now}).scalar_one()
        for score in ranking:
            row = {
                **_score_row(score, with_findings=with_findings),
                "run": run,
                "day": context.today,
                "standard": context.standard.name,
            }
            number = connection.execute(add(scores).returning(scores.c.id), row).scalar_one()
            found = score.findings if with_findings else ()
            rows = [{**_finding_row(one), "score": number, "row": place} for place, one in enumerate(found)]
            if rows:
                connection.execute(add(findings), rows)


def _score_row(score: VendorScore, *, with_findings: bool) -> dict[str, Any]:
    record = score.model_dump_json(exclude=None if with_findings else {"findings"}).encode()
    flat = {name: cell for name, cell in score.row().items() if name in scores.c}
    return {**flat, "vendor_key": vendor_key(score.vendor), "record": record}


def _finding_row(finding: Any) -> dict[str, Any]:
    return {name: cell for name, cell in finding_row(finding).items() if name in findings.c}


def _timed(table: pd.DataFrame) -> pd.DataFrame:
    return table.astype({name: kind for name, kind in _TIMES.items() if name in table.columns})


def _iso(day: Any) -> str | None:
    return day.isoformat() if day else None
