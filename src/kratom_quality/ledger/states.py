"""What a folder looked like when it was last watched; the newest alone is kept, for certificates tell the rest."""

from __future__ import annotations

import hashlib
import os
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import Engine, select

from kratom_quality.batch.software import software
from kratom_quality.ledger.engine import insert, reading, writing
from kratom_quality.ledger.schema import states


def keep_state(engine: Engine, folder: Path, payload: bytes) -> None:
    """Keep bytes in place of those kept before."""
    place, path = _place(folder)
    row = {"path": path, "made": datetime.now(UTC), "software": software(), "payload": payload}
    with writing(engine) as connection:
        statement = insert(connection)(states).values(place=place, **row)
        connection.execute(statement.on_conflict_do_update(index_elements=["place"], set_=row))


def last_state(engine: Engine, folder: Path) -> bytes | None:
    """Return the bytes kept last."""
    with reading(engine) as connection:
        return connection.execute(select(states.c.payload).where(states.c.place == _place(folder)[0])).scalar()


def _place(folder: Path) -> tuple[str, str]:
    path = str(folder.resolve())
    return hashlib.sha256(os.fsencode(path)).hexdigest(), path
