"""Certificates withdrawn or replaced: they stay, and count no more from a day on."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from pathlib import Path

from sqlalchemy import Connection, Engine, select

from kratom_quality.errors import LedgerError
from kratom_quality.ledger.engine import insert, shown, writing
from kratom_quality.ledger.files import sight
from kratom_quality.ledger.schema import documents, files, supersessions
from kratom_quality.printable import printable_path

_DIGITS = re.compile(r"[0-9a-f]{8,64}")


def withdraw(
    engine: Engine, certificate: str | Path, reason: str, day: date, successor: str | Path | None = None
) -> str:
    """Note that a certificate was withdrawn or replaced; return its digest.

    Raises
    ------
    LedgerError
        If a certificate is not in the ledger, was withdrawn before, or is to replace itself.
    """
    with writing(engine) as connection:
        old = _digest(connection, certificate)
        new = _digest(connection, successor) if successor is not None else None
        if old == new:
            raise LedgerError(f"{printable_path(certificate)}: a certificate cannot replace itself")
        before = connection.execute(select(supersessions).where(supersessions.c.sha256 == old)).first()
        if before is not None:
            said = f"was withdrawn on {before.day}: {before.reason}"
            raise LedgerError(f"{printable_path(certificate)}: this certificate {said}")
        row = {"sha256": old, "successor": new, "day": day, "reason": reason, "noted": datetime.now(UTC)}
        connection.execute(insert(connection)(supersessions), row)
    return old


def _digest(connection: Connection, certificate: str | Path) -> str:
    """Return the digest of a certificate given by its file, or by the first digits of its digest."""
    newest = select(files.c.sha256).where(files.c.place == sight(Path(certificate)).place)
    found = connection.execute(newest.order_by(files.c.last_seen.desc()).limit(1)).scalars().all()
    if not found and _DIGITS.fullmatch(str(certificate)):
        begins = documents.c.sha256.startswith(str(certificate))
        found = connection.execute(select(documents.c.sha256).where(begins).limit(2)).scalars().all()
    if len(found) == 1:
        return str(found[0])
    named = f"{shown(connection.engine.url)}: {printable_path(certificate)}"
    if found:
        raise LedgerError(f"{named}: more than one certificate has a digest that begins so; give more digits")
    raise LedgerError(f"{named}: the ledger has no such certificate; give the file it read, or 8 digits of its SHA-256")
