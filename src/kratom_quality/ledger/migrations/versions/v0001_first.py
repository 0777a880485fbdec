"""The first schema."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "documents",
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=True),
        sa.Column("first_seen", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("sha256", name=op.f("pk_documents")),
    )
    op.create_table(
        "examinations",
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("vendor", sa.Text(), nullable=False),
        sa.Column("payload", sa.LargeBinary(), nullable=False),
        sa.Column("made", sa.DateTime(), nullable=False),
        sa.Column("software", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_examinations")),
    )
    op.create_table(
        "recipes",
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("ingredients", sa.Text(), nullable=False),
        sa.Column("first_used", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_recipes")),
    )
    op.create_table(
        "files",
        sa.Column("place", sa.String(length=64), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("path", sa.Text(), nullable=False),
        sa.Column("stamp", sa.Text(), nullable=True),
        sa.Column("vendor", sa.Text(), nullable=False),
        sa.Column("vendor_key", sa.Text(), nullable=False),
        sa.Column("by_folder", sa.Boolean(), nullable=False),
        sa.Column("first_seen", sa.DateTime(), nullable=False),
        sa.Column("last_seen", sa.DateTime(), nullable=False),
        sa.Column("gone", sa.DateTime(), nullable=True),
        sa.ForeignKeyConstraint(["sha256"], ["documents.sha256"], name=op.f("fk_files_sha256")),
        sa.PrimaryKeyConstraint("place", "sha256", name=op.f("pk_files")),
    )
    op.create_index(op.f("ix_files_sha256"), "files", ["sha256"], unique=False)
    op.create_index(op.f("ix_files_vendor_key"), "files", ["vendor_key"], unique=False)
    op.create_table(
        "readings",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("recipe", sa.String(length=64), nullable=False),
        sa.Column("read_at", sa.DateTime(), nullable=False),
        sa.Column("dated", sa.Date(), nullable=True),
        sa.Column("laboratory", sa.Text(), nullable=True),
        sa.Column("client", sa.Text(), nullable=True),
        sa.Column("product", sa.Text(), nullable=True),
        sa.Column("batch", sa.Text(), nullable=True),
        sa.Column("record", sa.LargeBinary(), nullable=True),
        sa.Column("error", sa.String(length=64), nullable=True),
        sa.Column("message", sa.Text(), nullable=True),
        sa.Column("details", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["recipe"], ["recipes.digest"], name=op.f("fk_readings_recipe")),
        sa.ForeignKeyConstraint(["sha256"], ["documents.sha256"], name=op.f("fk_readings_sha256")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_readings")),
        sa.UniqueConstraint("sha256", "recipe", name=op.f("uq_readings_sha256_recipe")),
    )
    op.create_index(op.f("ix_readings_dated"), "readings", ["dated"], unique=False)
    op.create_table(
        "runs",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("started", sa.DateTime(), nullable=False),
        sa.Column("ended", sa.DateTime(), nullable=True),
        sa.Column("software", sa.Text(), nullable=False),
        sa.Column("data", sa.String(length=64), nullable=False),
        sa.Column("recipe", sa.String(length=64), nullable=True),
        sa.Column("basis", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["recipe"], ["recipes.digest"], name=op.f("fk_runs_recipe")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_runs")),
    )
    op.create_table(
        "supersessions",
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("successor", sa.String(length=64), nullable=True),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("noted", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(["sha256"], ["documents.sha256"], name=op.f("fk_supersessions_sha256")),
        sa.ForeignKeyConstraint(["successor"], ["documents.sha256"], name=op.f("fk_supersessions_successor")),
        sa.PrimaryKeyConstraint("sha256", name=op.f("pk_supersessions")),
    )
    op.create_table(
        "results",
        sa.Column("reading", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("row", sa.Integer(), nullable=False),
        sa.Column("analyte", sa.Text(), nullable=True),
        sa.Column("printed_analyte", sa.Text(), nullable=False),
        sa.Column("panel", sa.String(length=32), nullable=False),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.Column("number", sa.Double(), nullable=True),
        sa.Column("lower", sa.Double(), nullable=True),
        sa.Column("upper", sa.Double(), nullable=True),
        sa.Column("unit", sa.Text(), nullable=True),
        sa.Column("canonical_number", sa.Double(), nullable=True),
        sa.Column("canonical_bound", sa.Double(), nullable=True),
        sa.Column("canonical_unit", sa.Text(), nullable=True),
        sa.Column("lod", sa.Double(), nullable=True),
        sa.Column("loq", sa.Double(), nullable=True),
        sa.Column("limit_lower", sa.Double(), nullable=True),
        sa.Column("limit_upper", sa.Double(), nullable=True),
        sa.Column("limit_unit", sa.Text(), nullable=True),
        sa.Column("total", sa.Boolean(), nullable=False),
        sa.Column("confidence", sa.Double(), nullable=True),
        sa.Column("page", sa.Integer(), nullable=False),
        sa.Column("x0", sa.Double(), nullable=False),
        sa.Column("top", sa.Double(), nullable=False),
        sa.Column("x1", sa.Double(), nullable=False),
        sa.Column("bottom", sa.Double(), nullable=False),
        sa.Column("dated", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["reading"], ["readings.id"], name=op.f("fk_results_reading")),
        sa.PrimaryKeyConstraint("reading", "row", name=op.f("pk_results")),
    )
    op.create_index(op.f("ix_results_analyte_reading"), "results", ["analyte", "reading"], unique=False)
    op.create_table(
        "scores",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("run", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("standard", sa.Text(), nullable=False),
        sa.Column("vendor", sa.Text(), nullable=False),
        sa.Column("vendor_key", sa.Text(), nullable=False),
        sa.Column("rank", sa.Integer(), nullable=True),
        sa.Column("reputability", sa.Double(), nullable=False),
        sa.Column("reputability_low", sa.Double(), nullable=False),
        sa.Column("reputability_high", sa.Double(), nullable=False),
        sa.Column("expected_rank", sa.Double(), nullable=False),
        sa.Column("mislabeling_risk", sa.Double(), nullable=False),
        sa.Column("adulteration_risk", sa.Double(), nullable=False),
        sa.Column("certificates", sa.Integer(), nullable=False),
        sa.Column("batches", sa.Integer(), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("undecided", sa.Integer(), nullable=False),
        sa.Column("missing_panels", sa.Integer(), nullable=False),
        sa.Column("claims_compared", sa.Integer(), nullable=False),
        sa.Column("rated", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("grade", sa.String(length=8), nullable=True),
        sa.Column("probability_better_than_next", sa.Double(), nullable=True),
        sa.Column("record", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["run"], ["runs.id"], name=op.f("fk_scores_run")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_scores")),
    )
    op.create_index(op.f("ix_scores_run"), "scores", ["run"], unique=False)
    op.create_index(op.f("ix_scores_vendor_key_day"), "scores", ["vendor_key", "day"], unique=False)
    op.create_table(
        "findings",
        sa.Column("score", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("row", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=64), nullable=False),
        sa.Column("severity", sa.String(length=16), nullable=False),
        sa.Column("probability", sa.Double(), nullable=False),
        sa.Column("analyte", sa.Text(), nullable=True),
        sa.Column("file", sa.Text(), nullable=True),
        sa.Column("page", sa.Integer(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("citation", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["score"], ["scores.id"], name=op.f("fk_findings_score")),
        sa.PrimaryKeyConstraint("score", "row", name=op.f("pk_findings")),
    )
    op.create_index(op.f("ix_findings_kind"), "findings", ["kind"], unique=False)
