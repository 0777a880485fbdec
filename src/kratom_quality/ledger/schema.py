"""The tables of a ledger.

::

    documents      a file's bytes, by their SHA-256              recipes    what made a reading: versions, switches
    files          where bytes were seen, and whose they are     readings   document + recipe -> record, or failure
    supersessions  withdrawn or replaced, never deleted          results    a reading's rows, flat
    runs           what was done when, by which version          scores     a vendor at a date
    signs          what documents have in common                 findings   what a score rests on
    examinations   what judging a vendor gave, to be recalled
    states         what a folder looked like when it was last watched

A change here needs a migration beside it; a test holds the two together.
"""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Date,
    Double,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    UniqueConstraint,
)

from kratom_quality.ledger.columns import AnyText, Compressed, Moment

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)
_Number = BigInteger().with_variant(Integer, "sqlite")  # SQLite numbers rows by itself for INTEGER alone
_Digest = String(64)


def _document(*, primary_key: bool = False, nullable: bool = False, index: bool = False) -> Column[str]:
    key = ForeignKey("documents.sha256")
    return Column("sha256", _Digest, key, primary_key=primary_key, nullable=nullable, index=index)


documents = Table(
    "documents",
    metadata,
    Column("sha256", _Digest, primary_key=True),
    Column("size", BigInteger),
    Column("first_seen", Moment, nullable=False),
)
files = Table(
    "files",
    metadata,
    Column("place", _Digest, primary_key=True),  # digest of the path: an index holds no path of any length
    _document(primary_key=True, index=True),
    Column("path", AnyText, nullable=False),
    Column("stamp", AnyText),  # size and times; None where it changed too recently for them to tell a later change
    Column("vendor", AnyText, nullable=False),
    Column("vendor_key", AnyText, nullable=False, index=True),
    Column("by_folder", Boolean, nullable=False),  # the vendor is that of a folder, not the client as printed
    Column("first_seen", Moment, nullable=False),
    Column("last_seen", Moment, nullable=False),
    Column("gone", Moment),
)
recipes = Table(
    "recipes",
    metadata,
    Column("digest", _Digest, primary_key=True),
    Column("ingredients", AnyText, nullable=False),
    Column("first_used", Moment, nullable=False),
)
readings = Table(
    "readings",
    metadata,
    Column("id", _Number, primary_key=True),
    _document(),
    Column("recipe", _Digest, ForeignKey("recipes.digest"), nullable=False),
    Column("read_at", Moment, nullable=False),
    Column("dated", Date, index=True),
    Column("laboratory", AnyText),
    Column("client", AnyText),
    Column("product", AnyText),
    Column("batch", AnyText),
    Column("record", Compressed),
    Column("error", String(64)),
    Column("message", AnyText),
    Column("details", AnyText),
    UniqueConstraint("sha256", "recipe"),
)
results = Table(
    "results",
    metadata,
    Column("reading", _Number, ForeignKey("readings.id"), primary_key=True),
    Column("row", Integer, primary_key=True),
    Column("analyte", AnyText),
    Column("printed_analyte", AnyText, nullable=False),
    Column("panel", String(32), nullable=False),
    Column("state", String(32), nullable=False),
    *(Column(name, Double) for name in ("number", "lower", "upper")),
    Column("unit", AnyText),
    *(Column(name, Double) for name in ("canonical_number", "canonical_bound")),
    Column("canonical_unit", AnyText),
    *(Column(name, Double) for name in ("lod", "loq", "limit_lower", "limit_upper")),
    Column("limit_unit", AnyText),
    Column("total", Boolean, nullable=False),
    Column("confidence", Double),
    Column("page", Integer, nullable=False),
    *(Column(name, Double, nullable=False) for name in ("x0", "top", "x1", "bottom")),
    Column("dated", Date),
    Index(None, "analyte", "reading"),
)
supersessions = Table(
    "supersessions",
    metadata,
    _document(primary_key=True),
    Column("successor", _Digest, ForeignKey("documents.sha256")),
    Column("day", Date, nullable=False),
    Column("reason", AnyText, nullable=False),
    Column("noted", Moment, nullable=False),
)
runs = Table(
    "runs",
    metadata,
    Column("id", _Number, primary_key=True),
    Column("kind", String(16), nullable=False),  # read or score
    Column("started", Moment, nullable=False),
    Column("ended", Moment),
    Column("software", AnyText, nullable=False),
    Column("data", _Digest, nullable=False),
    Column("recipe", _Digest, ForeignKey("recipes.digest")),
    Column("basis", AnyText),
)
scores = Table(
    "scores",
    metadata,
    Column("id", _Number, primary_key=True),
    Column("run", _Number, ForeignKey("runs.id"), nullable=False, index=True),
    Column("day", Date, nullable=False),
    Column("standard", AnyText, nullable=False),
    Column("vendor", AnyText, nullable=False),
    Column("vendor_key", AnyText, nullable=False),
    Column("rank", Integer),
    *(Column(name, Double, nullable=False) for name in ("reputability", "reputability_low", "reputability_high")),
    *(Column(name, Double, nullable=False) for name in ("expected_rank", "mislabeling_risk", "adulteration_risk")),
    *(Column(name, Integer, nullable=False) for name in ("certificates", "batches", "failures", "undecided")),
    *(Column(name, Integer, nullable=False) for name in ("missing_panels", "claims_compared")),
    Column("rated", Boolean, nullable=False),
    Column("reason", AnyText),
    Column("grade", String(8)),
    Column("probability_better_than_next", Double),
    Column("record", Compressed, nullable=False),
    Index(None, "vendor_key", "day"),
)
findings = Table(
    "findings",
    metadata,
    Column("score", _Number, ForeignKey("scores.id"), primary_key=True),
    Column("row", Integer, primary_key=True),
    Column("kind", String(64), nullable=False, index=True),
    Column("severity", String(16), nullable=False),
    Column("probability", Double, nullable=False),
    Column("analyte", AnyText),
    Column("file", AnyText),
    Column("page", Integer),
    Column("reason", AnyText, nullable=False),
    Column("citation", AnyText),
)
signs = Table(
    "signs",
    metadata,
    Column("sign", _Digest, primary_key=True),
    _document(primary_key=True, index=True),
)
examinations = Table(
    "examinations",
    metadata,
    Column("key", _Digest, primary_key=True),
    Column("vendor", AnyText, nullable=False),
    Column("payload", LargeBinary, nullable=False),
    Column("made", Moment, nullable=False),
    Column("software", AnyText, nullable=False),
)
states = Table(
    "states",
    metadata,
    Column("place", _Digest, primary_key=True),  # digest of the folder's path
    Column("path", AnyText, nullable=False),
    Column("made", Moment, nullable=False),
    Column("software", AnyText, nullable=False),
    Column("payload", Compressed, nullable=False),
)
