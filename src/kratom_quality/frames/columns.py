"""The columns of every table, their order and what they hold."""

from __future__ import annotations

from kratom_quality.records import Limit, Portion, Record, Uncertainty, Value
from kratom_quality.spreadsheet import Cell

Row = dict[str, Cell]

RESULT_COLUMNS = (
    *("path", "client", "product", "batch", "sample_id", "page", "panel", "analyte", "name"),
    *(
        "printed_analyte",
        "printed_result",
        "printed_unit",
        "printed_lod",
        "printed_loq",
        "printed_limit",
        "printed_status",
    ),
    *("state", "number", "lower", "upper", "unit"),
    *("canonical_number", "canonical_lower", "canonical_upper", "canonical_unit"),
    *("total", "confidence", "x0", "top", "x1", "bottom"),
    *("printed_uncertainty", "printed_method", "printed_claim"),
)
CERTIFICATE_COLUMNS = (
    *("path", "sha256", "pages", "reader", "laboratory", "accreditation", "client", "product", "matrix", "batch"),
    *("sample_id", "collected", "received", "tested", "reported", "overall_status", "results", "problems"),
)
FINDING_COLUMNS = ("vendor", "file", "kind", "severity", "probability", "analyte", "page", "reason", "citation")

BOX = ("x0", "top", "x1", "bottom")
DOCUMENT = ("path", "sha256", "pages", "reader")
DATES = ("collected", "received", "tested", "reported")
HEADER = ("client", "product", "matrix", "batch", "sample_id", "overall_status", "manufacturer", "distributor")
PORTIONS = ("serving_size", "unit_mass")
PARTS_OF_RESULT: dict[str, type[Record]] = {
    "lod": Value,
    "loq": Value,
    "limit": Limit,
    "uncertainty": Uncertainty,
    "claim": Value,
}


def columns_of(part: str, kind: type[Record]) -> dict[str, str]:
    """Return the columns of a record inside a record: its fields, by column name."""
    return {f"{part}_{field}": field for field in kind.model_fields}


_PARTS = [(part, Portion) for part in PORTIONS] + [*PARTS_OF_RESULT.items()]
LONG_COLUMNS = tuple(
    dict.fromkeys(
        (
            *("vendor", "laboratory", "reported", *RESULT_COLUMNS, "canonical_bound", "sample_grams", "value_printed"),
            *(*DOCUMENT, *DATES, *HEADER, "accreditation"),
            *(column for part, kind in _PARTS for column in columns_of(part, kind)),
        )
    )
)
"""A row a result: what a person looks for first, then all that makes a result whole."""

_INTEGERS = frozenset(
    {
        "page",
        "pages",
        "results",
        "problems",
        "rank",
        "certificates",
        "batches",
        "failures",
        "undecided",
        "missing_panels",
        "claims_compared",
    }
)
_NUMBERS = frozenset(
    {*BOX, "number", "lower", "upper", "grams", "pieces", "factor", "bound", "confidence", "probability"}
    | {"reputability", "reputability_low", "reputability_high", "expected_rank"}
    | {"mislabeling_risk", "adulteration_risk", "probability_better_than_next"}
)
_TRUTHS = frozenset({"total", "rated", "inclusive", "relative"})
_CATEGORIES = frozenset({"vendor", "panel", "analyte", "state", "unit", "status"})


def kind_of(column: str) -> str:
    """Return the pandas type of a column, by its name or by its last word; that of a wide number ends in its unit."""
    if column.endswith("]"):
        return "Float64"
    if column.startswith("printed_") and column != "printed_status":
        return "string"
    kinds = {"Int64": _INTEGERS, "Float64": _NUMBERS, "boolean": _TRUTHS, "category": _CATEGORIES}
    found = (kind for name in (column, last_word(column)) for kind, known in kinds.items() if name in known)
    return next(found, "string")


def last_word(column: str) -> str:
    """Return what a column is of: ``state`` for ``lod_state`` and for ``lead state``."""
    return column.replace(" ", "_").rpartition("_")[2]
