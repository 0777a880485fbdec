"""Records as flat rows, and as tidy pandas frames; the one module that imports pandas, once a frame is made."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from kratom_quality.errors import UnitError
from kratom_quality.records import Certificate, Finding, Result, Value
from kratom_quality.spreadsheet import Cell
from kratom_quality.units import canonical_unit

if TYPE_CHECKING:
    import pandas as pd

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
    {"number", "lower", "upper", "canonical_number", "canonical_lower", "canonical_upper", "x0", "top", "x1", "bottom"}
    | {"confidence", "probability", "reputability", "reputability_low", "reputability_high", "expected_rank"}
    | {"mislabeling_risk", "adulteration_risk", "probability_better_than_next"}
)
_TRUTHS = frozenset({"total", "rated"})


def results_frame(certificates: Iterable[Certificate]) -> pd.DataFrame:
    """Return one row a result: as printed, as understood, in canonical units, and where it stands.

    A missing value is ``<NA>``; only measured results have a ``number``.
    """
    rows = (result_row(certificate, result) for certificate in certificates for result in certificate.results)
    return frame(rows, RESULT_COLUMNS)


def certificates_frame(certificates: Iterable[Certificate]) -> pd.DataFrame:
    """Return one row a certificate: its header, and how many results and problems it has."""
    return frame(map(certificate_row, certificates), CERTIFICATE_COLUMNS)


def findings_frame(findings: Iterable[Finding]) -> pd.DataFrame:
    """Return one row a finding; ``page`` is that of its first source."""
    return frame(map(finding_row, findings), FINDING_COLUMNS)


def frame(rows: Iterable[Row], columns: Sequence[str]) -> pd.DataFrame:
    """Build a frame whose columns and types are the same for any number of rows."""
    import pandas as pd

    kinds = {name: _kind(name) for name in columns}
    return pd.DataFrame(list(rows), columns=list(columns)).astype(kinds)


def _kind(column: str) -> str:
    if column in _INTEGERS:
        return "Int64"
    if column in _NUMBERS:
        return "Float64"
    return "boolean" if column in _TRUTHS else "string"


def result_row(certificate: Certificate, result: Result) -> Row:
    """Return a result as printed, as understood, in canonical units (mg/kg, CFU/g), and where it stands."""
    value = result.value
    return {
        **{name: getattr(certificate, name) for name in ("client", "product", "batch", "sample_id")},
        **{f"printed_{cell}": text for cell, text in result.printed.model_dump().items()},
        **dict(zip(("x0", "top", "x1", "bottom"), result.bbox, strict=True)),
        **dict(_canonical(value)),
        "path": certificate.source.path,
        "page": result.page,
        "panel": result.panel.value,
        "analyte": result.analyte,
        "name": result.name,
        "state": value.state.value,
        "number": value.number,
        "lower": value.lower,
        "upper": value.upper,
        "unit": value.unit,
        "total": result.total,
        "confidence": result.confidence,
    }


def certificate_row(certificate: Certificate) -> Row:
    """Return a certificate's header, and how many results and problems it has."""
    return {
        **{name: getattr(certificate, name) for name in ("client", "product", "matrix", "batch", "sample_id")},
        **certificate.source.model_dump(),
        **certificate.dates.model_dump(),
        "overall_status": certificate.overall_status,
        "laboratory": certificate.laboratory.name,
        "accreditation": certificate.laboratory.accreditation,
        "results": len(certificate.results),
        "problems": len(certificate.problems),
    }


def finding_row(finding: Finding) -> Row:
    """Return a finding; ``page`` is that of its first source."""
    return {
        **finding.model_dump(exclude={"sources"}),
        "severity": finding.severity.value,
        "page": finding.sources[0].page if finding.sources else None,
    }


def _canonical(value: Value) -> Iterator[tuple[str, Cell]]:
    if value.unit is None:
        return
    unit = canonical_unit(value.unit)
    try:
        converted = value.to(unit)
    except UnitError:
        return
    yield "canonical_unit", unit
    yield "canonical_number", converted.number
    yield "canonical_lower", converted.lower
    yield "canonical_upper", converted.upper
