"""One laboratory certificate: its header, its rows, and what is wrong with it."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Literal

from pydantic import Field

import kratom_quality  # the public face knows where drawing and frames live, which are behind this module
from kratom_quality.records.base import Box, PageNumber, Record
from kratom_quality.records.document import Document, Marks, Source, Url
from kratom_quality.records.page import certificate_to_html
from kratom_quality.records.value import Limit, Uncertainty, Value

if TYPE_CHECKING:
    from pathlib import Path

    import pandas as pd
    from PIL.Image import Image

    from kratom_quality.vocabulary import Vocabulary

Verdict = Literal["pass", "fail"]


class Panel(StrEnum):
    """The group of tests a row belongs to."""

    ALKALOIDS = "alkaloids"
    HEAVY_METALS = "heavy_metals"
    MICROBIALS = "microbials"
    MYCOTOXINS = "mycotoxins"
    PESTICIDES = "pesticides"
    RESIDUAL_SOLVENTS = "residual_solvents"
    MOISTURE = "moisture"
    WATER_ACTIVITY = "water_activity"
    FOREIGN_MATTER = "foreign_matter"
    ACTIVES = "actives"
    PHYSICAL = "physical"
    OTHER = "other"
    CANNABINOIDS = "cannabinoids"
    TERPENES = "terpenes"


class Laboratory(Record):
    """Who tested, and the accreditation as printed."""

    name: str | None = None
    accreditation: str | None = None


class Dates(Record):
    """ISO dates, or ISO intervals ``start/end`` where the page prints a range."""

    collected: str | None = None
    received: str | None = None
    tested: str | None = None
    reported: str | None = None


class Printed(Record):
    """What the page says in one row, cell by cell; None where a cell is blank."""

    analyte: str
    result: str | None = None
    unit: str | None = None
    lod: str | None = None
    loq: str | None = None
    limit: str | None = None
    status: Verdict | None = None
    uncertainty: str | None = None
    method: str | None = None
    claim: str | None = None


class Result(Record):
    """One analyte in one unit, as printed and as understood.

    Parameters
    ----------
    page, bbox
        1-based page, and ``(x0, top, x1, bottom)`` in PDF points from the top left, around the row's cells.
    analyte, name
        Canonical id and display name; both None where the vocabulary does not know the printed name.
    value, lod, loq, limit
        The printed cells understood; None where the cell is blank or says nothing we can read.
    total
        True where the row sums other rows.
    confidence
        How sure the reading is, from 0 to 1: among rows at 0.9 or more, at least 99.5 of 100 are meant to be as
        printed. None where a row was not read but made.
    uncertainty
        As stated for this result; None where none is.
    claim
        What the label claims of this analyte, in a column beside the result.
    """

    page: PageNumber
    bbox: Box
    panel: Panel
    analyte: str | None
    name: str | None
    printed: Printed
    value: Value
    lod: Value | None = None
    loq: Value | None = None
    limit: Limit | None = None
    total: bool = False
    confidence: float | None = Field(default=None, ge=0, le=1)
    uncertainty: Uncertainty | None = None
    claim: Value | None = None

    def source(self, reader: str = "pdfium") -> Source:
        """Where the row stands."""
        text = " | ".join(cell for cell in (self.printed.analyte, self.printed.result, self.printed.unit) if cell)
        return Source(page=self.page, box=self.bbox, printed=text, reader=reader)


class ProblemKind(StrEnum):
    """What is wrong with a document or does not agree within it."""

    NO_TEXT = "no_text"
    GARBLED_TEXT = "garbled_text"
    NOT_A_CERTIFICATE = "not_a_certificate"
    NO_RESULTS = "no_results"
    DUPLICATE_FILE = "duplicate_file"
    UNITS_DISAGREE = "units_disagree"
    SUM_MISMATCH = "sum_mismatch"
    STATUS_CONTRADICTS_LIMIT = "status_contradicts_limit"
    IMPOSSIBLE_DATES = "impossible_dates"
    UNREADABLE_VALUE = "unreadable_value"
    UNSURE_FIGURE = "unsure_figure"
    ENGINES_DIFFER = "engines_differ"


class Problem(Record):
    """Something a reader of the record must know: what, where, and what can be done.

    ``bbox`` is that of the row it speaks of; None where it speaks of a page or of the whole document.
    """

    kind: ProblemKind
    message: str
    page: int | None = None
    analyte: str | None = None
    bbox: Box | None = None


class Unread(Record):
    """Text inside a results table that no column or row claimed."""

    page: PageNumber
    bbox: Box
    text: str


class Portion(Record):
    """An amount of the product, a serving or a unit: as printed, and in grams and pieces where these are told."""

    printed: str
    grams: float | None = Field(default=None, gt=0, allow_inf_nan=False)
    pieces: float | None = Field(default=None, gt=0, allow_inf_nan=False)


class LabelClaim(Record):
    """What a certificate says the label claims; ``analyte`` is None where the vocabulary does not know it."""

    analyte: str | None
    name: str | None
    value: Value
    printed: str


class Certificate(Record):
    """One laboratory certificate, read and validated.

    ``certificate["lead"]`` is the first row of that analyte; ``certificate.rows("lead")`` are all of them.
    """

    source: Document
    laboratory: Laboratory = Laboratory()
    client: str | None = None
    product: str | None = None
    matrix: str | None = None
    batch: str | None = None
    sample_id: str | None = None
    dates: Dates = Dates()
    overall_status: Verdict | None = None
    panel_status: dict[Panel, Literal["pass", "fail", "tested", "not_tested"]] = Field(default_factory=dict)
    results: tuple[Result, ...] = ()
    problems: tuple[Problem, ...] = ()
    unread: tuple[Unread, ...] = ()
    verification_urls: tuple[Url, ...] = ()
    marks: Marks = Marks()
    manufacturer: str | None = None
    distributor: str | None = None
    serving_size: Portion | None = None
    unit_mass: Portion | None = None
    label_claims: tuple[LabelClaim, ...] = ()
    methods: dict[Panel, tuple[str, ...]] = Field(default_factory=dict)
    instruments: dict[Panel, tuple[str, ...]] = Field(default_factory=dict)

    def rows(self, analyte: str) -> tuple[Result, ...]:
        """All rows of one analyte id, in page order; empty where the certificate has none."""
        return tuple(row for row in self.results if row.analyte == analyte)

    def show(
        self,
        page: int = 1,
        *,
        file: str | Path | bytes | None = None,
        vocabulary: Vocabulary | None = None,
        password: str | None = None,
    ) -> Image:
        """Draw a page with what was read from it, as a picture that a notebook displays.

        See :func:`kratom_quality.draw_page`, which this calls; the file must still be there and be the same.
        """
        return kratom_quality.draw_page(self, page, file=file, vocabulary=vocabulary, password=password)

    def to_frame(self, form: Literal["long", "wide"] = "long") -> pd.DataFrame:
        """Return a table of the results; see :func:`kratom_quality.to_frame`, which this calls."""
        return kratom_quality.to_frame([self], form)

    def _repr_html_(self) -> str:
        return certificate_to_html(self)

    def __getitem__(self, analyte: str) -> Result:
        found = self.rows(analyte)
        if not found:
            raise KeyError(f"{self.source.path or 'this certificate'} has no row for {analyte!r}")
        return found[0]

    def __contains__(self, analyte: object) -> bool:
        return any(row.analyte == analyte for row in self.results)
