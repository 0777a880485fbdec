"""Certificates built by hand, through the same cell readers that read real ones."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from datetime import date
from random import Random

from kratom_quality.records import Certificate, Dates, Document, Laboratory, Panel, Printed, Result
from kratom_quality.values import parse_limit, parse_value
from kratom_quality.vocabulary import Vocabulary

TODAY = date(2026, 11, 1)

ALKALOIDS = {
    "Mitragynine": "1.420",
    "7-Hydroxymitragynine": "0.012",
    "Paynantheine": "0.220",
    "Speciogynine": "0.160",
    "Speciociliatine": "0.190",
}
METALS = {"Arsenic": "0.131", "Cadmium": "0.028", "Lead": "0.342", "Mercury": "0.014"}
COUNTS = {"Total Aerobic Microbial Count": "9000", "Total Yeast and Mold": "420", "Total Coliforms": "<10"}
PATHOGENS = {"Salmonella": "Absent in 25 g", "Escherichia coli": "Absent in 10 g"}


def row(
    analyte: str,
    result: str,
    unit: str | None = None,
    *,
    panel: Panel | None = None,
    loq: str | None = None,
    lod: str | None = None,
    limit: str | None = None,
    status: str | None = None,
    page: int = 1,
    line: int = 0,
    total: bool = False,
) -> Result:
    """Return a result whose cells are read as a parser reads them; ``line`` places it on the page."""
    known = Vocabulary.default().find(analyte, panel)
    return Result(
        page=page,
        bbox=(72.0, 100.0 + 14 * line, 540.0, 112.0 + 14 * line),
        panel=panel or (known.panel if known else Panel.OTHER),
        analyte=known.id if known else None,
        name=known.name if known else None,
        printed=Printed(analyte=analyte, result=result, unit=unit, lod=lod, loq=loq, limit=limit, status=status),
        value=parse_value(result, unit),
        lod=parse_value(lod, unit) if lod else None,
        loq=parse_value(loq, unit) if loq else None,
        limit=parse_limit(limit, unit) if limit else None,
        total=total,
    )


def leaf(
    *more: Result,
    alkaloids: Mapping[str, str | None] | None = None,
    metals: Mapping[str, str | None] | None = None,
    microbes: Mapping[str, str | None] | None = None,
) -> tuple[Result, ...]:
    """Return the rows of a clean leaf powder, with some results replaced, left out (None) or added."""
    panels = (
        _rows({**ALKALOIDS, **(alkaloids or {})}, "%", "0.005"),
        _rows({**METALS, **(metals or {})}, "ppm", "0.010"),
        _rows({**COUNTS, **PATHOGENS, **(microbes or {})}, "CFU/g", None),
    )
    placed = [result for panel in panels for result in panel]
    return (*placed, *more)


def _rows(results: Mapping[str, str | None], unit: str, loq: str | None) -> list[Result]:
    return [
        row(name, text, None if " in " in text else unit, loq=loq, line=line)
        for line, (name, text) in enumerate(results.items())
        if text is not None
    ]


def certificate(
    results: Sequence[Result] | None = None,
    *,
    vendor: str = "Acorn Botanicals",
    batch: str | None = "A-100",
    file: str | None = None,
    **header: object,
) -> Certificate:
    """Return a certificate of a clean leaf powder from an accredited laboratory, with parts replaced."""
    path = file or f"{vendor}/{batch or 'no-batch'}.pdf"
    fields: dict[str, object] = {
        "source": Document(path=path, sha256=hashlib.sha256(path.encode()).hexdigest(), pages=1, reader="pdfium"),
        "laboratory": Laboratory(name="Birchwater Analytical", accreditation="ISO/IEC 17025:2017"),
        "client": vendor,
        "product": "Green Leaf Powder",
        "matrix": "Plant powder",
        "batch": batch,
        "sample_id": f"BW-{path}",
        "dates": Dates(
            collected="2026-08-01", received="2026-08-03", tested="2026-08-04/2026-08-06", reported="2026-08-10"
        ),
        "results": tuple(leaf() if results is None else results),
    }
    return Certificate.model_validate(fields | header)


def clean_batches(vendor: str, count: int, first: int = 0) -> list[Certificate]:
    """Return so many clean certificates of different batches, whose digits differ as those of different samples do."""
    return [_batch(vendor, f"C-{number:03d}", {}) for number in range(first, first + count)]


def failing_batch(vendor: str, number: int = 0, lead: str = "4.1") -> Certificate:
    """Return a certificate that is clean but for its lead."""
    return _batch(vendor, f"F-{number:03d}", {"Lead": lead})


def some_batches(clean: int, failing: int = 0, vendor: str = "acorn") -> list[Certificate]:
    """Return a vendor's certificates, so many clean and so many failing."""
    return [*clean_batches(vendor, clean), *(failing_batch(vendor, number) for number in range(failing))]


def _batch(vendor: str, batch: str, metals: dict[str, str]) -> Certificate:
    random = Random(f"{vendor} {batch}")
    alkaloids = {name: _varied(text, random) for name, text in ALKALOIDS.items()}
    elements = {name: _varied(text, random) for name, text in METALS.items()}
    return certificate(leaf(alkaloids=alkaloids, metals=elements | metals), vendor=vendor, batch=batch)


def _varied(text: str, random: Random) -> str:
    return f"{float(text) * random.uniform(0.93, 1.07):.4f}"
