"""What was done when, and by which version."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime

from sqlalchemy import Engine, update

from kratom_quality.batch.software import digest_of_data, software
from kratom_quality.ledger.engine import insert, writing
from kratom_quality.ledger.files import mark_gone
from kratom_quality.ledger.ingredients import Ingredients
from kratom_quality.ledger.readings import keep_recipe
from kratom_quality.ledger.schema import runs


def begin_run(engine: Engine, recipe: Ingredients, started: datetime) -> int:
    """Note that reading begins; return the number of the run."""
    row = {"kind": "read", "started": started, "software": software(), "data": digest_of_data()}
    with writing(engine) as connection:
        keep_recipe(connection, recipe, started)
        statement = insert(connection)(runs).returning(runs.c.id)
        return int(connection.execute(statement, {**row, "recipe": recipe.digest}).scalar_one())


def end_run(engine: Engine, number: int, roots: Iterable[str], started: datetime) -> None:
    """Note that all was read, and which files below folders are gone since."""
    now = datetime.now(UTC)
    with writing(engine) as connection:
        mark_gone(connection, roots, started, now)
        connection.execute(update(runs).where(runs.c.id == number).values(ended=now))
