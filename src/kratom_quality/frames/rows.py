"""Records as flat rows, and rows as records again."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TypeVar

from pydantic import ValidationError

from kratom_quality.errors import FrameError, UnitError
from kratom_quality.frames.columns import (
    BOX,
    DATES,
    DOCUMENT,
    HEADER,
    PARTS_OF_RESULT,
    PORTIONS,
    Row,
    columns_of,
)
from kratom_quality.records import Certificate, Finding, Portion, Printed, Record, Result, Value, ValueState
from kratom_quality.spreadsheet import Cell
from kratom_quality.units import canonical_unit

_NOT_FOUND = frozenset({ValueState.BELOW_LOQ, ValueState.NOT_DETECTED})
_Record = TypeVar("_Record", bound=Record)


def result_row(certificate: Certificate, result: Result) -> Row:
    """Return a result as printed, as understood, in canonical units (mg/kg, CFU/g), and where it stands."""
    value = result.value
    return {
        **{name: getattr(certificate, name) for name in ("client", "product", "batch", "sample_id")},
        **{f"printed_{cell}": text for cell, text in result.printed.model_dump().items()},
        **dict(zip(BOX, result.bbox, strict=True)),
        **dict(canonical_cells(value)),
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


def long_rows(vendor: str | None, certificate: Certificate) -> Iterator[Row]:
    """Yield a row a result with everything that makes the result whole, and the certificate's header beside it."""
    header = _header(certificate)
    for result in certificate.results:
        parts = (_flat(part, getattr(result, part)) for part in PARTS_OF_RESULT)
        row = result_row(certificate, result) | {cell: text for part in parts for cell, text in part.items()}
        bound = canonical_bound(result)
        value: Row = {
            "canonical_bound": bound,
            "sample_grams": result.value.sample_grams,
            "value_printed": result.value.printed,
        }
        yield {**header, **row, **value, "vendor": vendor}


def _header(certificate: Certificate) -> Row:
    portions = (_flat(part, getattr(certificate, part)) for part in PORTIONS)
    return {
        **{name: getattr(certificate, name) for name in HEADER},
        **{name: getattr(certificate.source, name) for name in DOCUMENT},
        **certificate.dates.model_dump(),
        **{cell: text for part in portions for cell, text in part.items()},
        "laboratory": certificate.laboratory.name,
        "accreditation": certificate.laboratory.accreditation,
    }


def _flat(part: str, record: Record | None) -> Row:
    return {f"{part}_{field}": cell for field, cell in record.model_dump(mode="json").items()} if record else {}


def certificate_row(certificate: Certificate) -> Row:
    """Return a certificate's header, and how many results and problems it has."""
    return {
        **_header(certificate),
        "results": len(certificate.results),
        "problems": len(certificate.problems),
    }


def wide_row(vendor: str | None, certificate: Certificate) -> Row:
    """Return a certificate's header, and a number and a state for each analyte.

    The column of a number names its canonical unit (``lead [mg/kg]``); an analyte given more than once in one unit
    counts by its first row that is measured, else by its first.
    """
    row: Row = {"vendor": vendor, **certificate_row(certificate)}
    for result in sorted(certificate.results, key=lambda result: result.value.number is None):
        if result.analyte is None:
            continue
        found = dict(canonical_cells(result.value))
        row.setdefault(f"{result.analyte} state", result.value.state.value)
        if found:
            row.setdefault(f"{result.analyte} [{found['canonical_unit']}]", found["canonical_number"])
    return row


def finding_row(finding: Finding) -> Row:
    """Return a finding; ``page`` is that of its first source."""
    return {
        **finding.model_dump(exclude={"sources"}),
        "severity": finding.severity.value,
        "page": finding.sources[0].page if finding.sources else None,
    }


def canonical_cells(value: Value) -> Iterator[tuple[str, Cell]]:
    """Yield the cells of a value in its canonical unit; none where it has no unit that converts."""
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


def canonical_bound(result: Result) -> Cell:
    """Return the most there may be of what was not found, in the canonical unit of its result."""
    if result.value.state not in _NOT_FOUND:
        return None
    unit = canonical_unit(result.value.unit) if result.value.unit else None
    for cell in (result.value, result.loq, result.lod):
        found = dict(canonical_cells(cell)) if cell else {}
        amount = found.get("canonical_number") or found.get("canonical_upper")
        if amount is not None and found["canonical_unit"] == unit:
            return amount
    return None


def certificates_of(rows: Iterable[Row]) -> Iterator[Certificate]:
    """Yield certificates from rows as :func:`long_rows` gives them, those of one file beside each other.

    Raises
    ------
    FrameError
        If a row does not hold what a record must.
    """
    files: dict[tuple[Cell, Cell], list[tuple[int, Row]]] = {}
    for place, row in enumerate(rows):
        files.setdefault((row["path"], row["sha256"]), []).append((place, row))
    for group in files.values():
        results = tuple(_checked(Result, _result(row), place, row) for place, row in group)
        place, first = group[0]
        yield _checked(Certificate, {**_certificate(first), "results": results}, place, first)


def _checked(kind: type[_Record], fields: Mapping[str, object], place: int, row: Row) -> _Record:
    try:
        return kind.model_validate(fields)
    except ValidationError as error:
        fault = error.errors()[0]
        where = ".".join(map(str, fault["loc"])) or kind.__name__.casefold()
        printed = row.get("printed_analyte")
        raise FrameError(
            f"row {place} of the frame ({printed!r} of {row['path']}): {where}: {fault['msg']}; correct it or drop it"
        ) from error


def _result(row: Row) -> dict[str, object]:
    value = {field: row[field] for field in Value.model_fields if field != "printed"}
    return {
        **{name: row[name] for name in ("page", "panel", "analyte", "name", "total", "confidence")},
        **{part: _part(part, kind, row) for part, kind in PARTS_OF_RESULT.items()},
        "bbox": tuple(row[side] for side in BOX),
        "printed": {cell: row[f"printed_{cell}"] for cell in Printed.model_fields},
        "value": {**value, "printed": row["value_printed"]},
    }


def _certificate(row: Row) -> dict[str, object]:
    return {
        **{name: row[name] for name in HEADER},
        **{part: _part(part, Portion, row) for part in PORTIONS},
        "source": {name: row[name] for name in DOCUMENT},
        "dates": {name: row[name] for name in DATES},
        "laboratory": {"name": row["laboratory"], "accreditation": row["accreditation"]},
    }


def _part(part: str, kind: type[Record], row: Row) -> Row | None:
    cells = {field: row[column] for column, field in columns_of(part, kind).items()}
    return cells if any(cell is not None for cell in cells.values()) else None
