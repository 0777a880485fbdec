"""Certificates over years: what was read, whose it is, what it scored, and what was withdrawn (extra ``ledger``)."""

from importlib.util import find_spec

from kratom_quality.errors import MissingExtraError

for _library in ("sqlalchemy", "alembic"):
    if find_spec(_library) is None:
        raise MissingExtraError(f"a ledger needs {_library}: pip install 'kratom-quality[ledger]'")

from kratom_quality.ledger.ledger import Ledger  # noqa: E402 - a plain ImportError would not say which extra

__all__ = ["Ledger"]
