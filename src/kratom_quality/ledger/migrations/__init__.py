"""The schema's history; Alembic loads ``env.py`` and what is in ``versions``."""
