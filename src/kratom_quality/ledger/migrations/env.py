"""What Alembic runs for each migration; the connection comes from :mod:`kratom_quality.ledger.upgrade`."""

from __future__ import annotations

from alembic import context

from kratom_quality.ledger.migrate import VERSION_TABLE
from kratom_quality.ledger.schema import metadata

connection = context.config.attributes["connection"]
context.configure(connection=connection, target_metadata=metadata, version_table=VERSION_TABLE, transactional_ddl=True)
with context.begin_transaction():
    context.run_migrations()
