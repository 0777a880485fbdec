"""What judging vendors gave, kept so that only what changed is judged anew."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime

from sqlalchemy import Engine, select

from kratom_quality.batch.software import software
from kratom_quality.ledger.engine import in_groups, insert, reading, writing
from kratom_quality.ledger.schema import examinations


def recall_examinations(engine: Engine, keys: Iterable[str]) -> dict[str, bytes]:
    """Return what was kept under these keys."""
    found: dict[str, bytes] = {}
    columns = (examinations.c.key, examinations.c.payload)
    with reading(engine) as connection:
        for group in in_groups(keys):
            rows = connection.execute(select(*columns).where(examinations.c.key.in_(group)))
            found.update((key, payload) for key, payload in rows)
    return found


def keep_examinations(engine: Engine, kept: Mapping[str, tuple[str, bytes]]) -> None:
    """Keep bytes under keys."""
    for group in in_groups(kept.items()):
        made = {"made": datetime.now(UTC), "software": software()}
        rows = [{"key": key, "vendor": vendor, "payload": payload, **made} for key, (vendor, payload) in group]
        with writing(engine) as connection:
            connection.execute(insert(connection)(examinations).on_conflict_do_nothing(), rows)
