"""What reading a document gave, kept and given back: a record, or the error that there is none."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from pydantic import ValidationError
from pydantic_core import PydanticSerializationError
from sqlalchemy import Connection, select, update

from kratom_quality import errors
from kratom_quality.batch import Outcome
from kratom_quality.checks.days import last_day
from kratom_quality.errors import KratomQualityError, ReadingFailedError
from kratom_quality.frames.columns import BOX
from kratom_quality.frames.rows import canonical_bound, canonical_cells
from kratom_quality.ledger.engine import insert
from kratom_quality.ledger.ingredients import Ingredients
from kratom_quality.ledger.schema import readings, recipes, results
from kratom_quality.records import Certificate, ProblemKind

Read = tuple[str, Outcome]
"""A printable path, and what reading the file there gave."""


@dataclass(frozen=True, slots=True)
class Held:
    """What the ledger holds of a document by a recipe; ``error`` names the class of the error that it is."""

    id: int
    client: str | None
    error: str | None


def held(connection: Connection, digests: Collection[str], recipe: str) -> dict[str, Held]:
    """Return what is held of documents by a recipe, by digest of the document."""
    columns = (readings.c.sha256, readings.c.id, readings.c.client, readings.c.error)
    query = select(*columns).where(readings.c.sha256.in_(digests), readings.c.recipe == recipe)
    found = connection.execute(query).all()
    return {sha256: Held(*rest) for sha256, *rest in found}


def keep_recipe(connection: Connection, recipe: Ingredients, now: datetime) -> None:
    """Keep what a recipe is made of."""
    row = {"digest": recipe.digest, "ingredients": recipe.text, "first_used": now}
    connection.execute(insert(connection)(recipes).on_conflict_do_nothing(), [row])


def keep_outcomes(connection: Connection, outcomes: Mapping[str, Read], recipe: Ingredients, now: datetime) -> None:
    """Keep what reading documents gave, by digest; a record kept before stays, an error gives way."""
    if not outcomes:
        return
    before = held(connection, outcomes, recipe.digest)
    new = {sha256: one for sha256, one in outcomes.items() if sha256 not in before or before[sha256].error}
    add, rows = insert(connection), {sha256: _row(sha256, one, recipe, now) for sha256, one in new.items()}
    keep_recipe(connection, recipe, now)
    if added := [row for sha256, row in rows.items() if sha256 not in before]:
        connection.execute(add(readings), added)
    for sha256 in rows.keys() & before.keys():
        connection.execute(update(readings).where(readings.c.id == before[sha256].id).values(rows[sha256]))
    after = held(connection, new, recipe.digest)
    if flat := [row for sha256, (_, one) in new.items() for row in _flat(after[sha256].id, one)]:
        connection.execute(add(results), flat)


def _row(sha256: str, read: Read, recipe: Ingredients, now: datetime) -> dict[str, Any]:
    path, outcome = read
    row: dict[str, Any] = {"sha256": sha256, "recipe": recipe.digest, "read_at": now}
    fields = ("dated", "laboratory", "client", "product", "batch", "record", "error", "message", "details")
    row |= dict.fromkeys(fields)
    if isinstance(outcome, KratomQualityError):
        details = "\n".join(getattr(outcome, "__notes__", ())) or None
        return row | {"error": type(outcome).__name__, "message": str(outcome).removeprefix(path), "details": details}
    return row | {
        "dated": day_of(outcome),
        "laboratory": outcome.laboratory.name,
        **{name: getattr(outcome, name) for name in ("client", "product", "batch")},
        "record": to_record(outcome),
    }


def day_of(certificate: Certificate) -> date | None:
    """Return the day a certificate is dated: that of the report, else of testing, receipt or collection."""
    dates = certificate.dates
    days = map(last_day, (dates.reported, dates.tested, dates.received, dates.collected))
    return next(filter(None, days), None)


def _flat(number: int, outcome: Outcome) -> Iterator[dict[str, Any]]:
    if not isinstance(outcome, Certificate):
        return
    day = day_of(outcome)
    for place, result in enumerate(outcome.results):
        value, limit, canonical = result.value, result.limit, dict(canonical_cells(result.value))
        yield {
            "reading": number,
            "row": place,
            "printed_analyte": result.printed.analyte,
            **{name: getattr(result, name) for name in ("analyte", "panel", "total", "confidence", "page")},
            **{name: getattr(value, name) for name in ("state", "number", "lower", "upper", "unit")},
            **{name: canonical.get(name) for name in ("canonical_number", "canonical_unit")},
            "canonical_bound": canonical_bound(result),
            "lod": result.lod and result.lod.number,
            "loq": result.loq and result.loq.number,
            "limit_lower": limit and limit.lower,
            "limit_upper": limit and limit.upper,
            "limit_unit": limit and limit.unit,
            **dict(zip(BOX, result.bbox, strict=True)),
            "dated": day,
        }


def to_record(certificate: Certificate) -> bytes:
    """Return a certificate as JSON without what is no part of its bytes: where it lies, and that it lies twice."""
    source = certificate.source.model_copy(update={"path": None})
    problems = tuple(one for one in certificate.problems if one.kind is not ProblemKind.DUPLICATE_FILE)
    bare = certificate.model_copy(update={"source": source, "problems": problems})
    try:
        return bare.model_dump_json().encode()
    except PydanticSerializationError:  # lone surrogates, which JSON holds as escapes alone
        return json.dumps(bare.model_dump(mode="json")).encode()


def from_record(record: bytes, path: str | None) -> Certificate:
    """Return a certificate as it was, lying at a path."""
    try:
        bare = Certificate.model_validate_json(record)
    except ValidationError:  # lone surrogates, which pydantic takes from Python alone
        bare = Certificate.model_validate(json.loads(record))
    return bare.model_copy(update={"source": bare.source.model_copy(update={"path": path})})


@dataclass(frozen=True, slots=True)
class Kept:
    """A reading as it is kept, of a document that may lie at several places."""

    record: bytes | None
    error: str | None
    message: str | None  # begins with ': ' where the path of the file belongs before it
    details: str | None

    def outcome(self, path: str) -> Outcome:
        """Return what reading the document at a path would give."""
        if self.record is not None:
            return from_record(self.record, path)
        message = self.message or ""
        kind = getattr(errors, self.error or "", ReadingFailedError)
        error: KratomQualityError = kind(path + message if message.startswith(": ") else message)
        for note in filter(None, [self.details]):
            error.add_note(note)
        return error


def moved(outcome: Outcome, here: str, there: str) -> Outcome:
    """Return an outcome as it would be of the same bytes at another path."""
    if isinstance(outcome, Certificate):
        return outcome.model_copy(update={"source": outcome.source.model_copy(update={"path": there})})
    details = "\n".join(getattr(outcome, "__notes__", ())) or None
    return Kept(None, type(outcome).__name__, str(outcome).removeprefix(here), details).outcome(there)


def recall(connection: Connection, digests: Collection[str], recipe: str) -> dict[str, Kept]:
    """Return what is kept of documents by a recipe, by digest of the document."""
    columns = (readings.c.sha256, readings.c.record, readings.c.error, readings.c.message, readings.c.details)
    found = connection.execute(select(*columns).where(readings.c.sha256.in_(digests), readings.c.recipe == recipe))
    return {sha256: Kept(*rest) for sha256, *rest in found}
