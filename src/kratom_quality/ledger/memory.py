"""What judging vendors gave, kept so that only what changed is judged anew."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime

from sqlalchemy import Engine, func, select

from kratom_quality.ledger.engine import in_groups, insert, reading, writing
from kratom_quality.ledger.ingredients import software
from kratom_quality.ledger.schema import examinations, signs


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


def keep_signs(engine: Engine, kept: Mapping[str, Iterable[str]]) -> None:
    """Keep the signs of certificates."""
    pairs = ({"sign": sign, "sha256": sha256} for sha256, group in kept.items() for sign in group)
    for rows in in_groups(pairs, 5000):
        with writing(engine) as connection:
            connection.execute(insert(connection)(signs).on_conflict_do_nothing(), rows)


def partners(engine: Engine) -> dict[str, set[str]]:
    """Return which certificates share a sign."""
    shared = select(signs.c.sign).group_by(signs.c.sign).having(func.count() > 1)
    groups: dict[str, set[str]] = {}
    with reading(engine) as connection:
        for sign, sha256 in connection.execute(select(signs.c.sign, signs.c.sha256).where(signs.c.sign.in_(shared))):
            groups.setdefault(sign, set()).add(sha256)
    found: dict[str, set[str]] = {}
    for group in groups.values():
        for sha256 in group:
            found.setdefault(sha256, set()).update(group - {sha256})
    return found
