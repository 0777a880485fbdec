"""The nouns: what a certificate says, as frozen records that check and never repair.

The JSON of :class:`Certificate` keeps the key names users build on; keys may be added, none is renamed or dropped.
"""

from __future__ import annotations

import re
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from kratom_quality.errors import UnitError
from kratom_quality.units import convert

_FIRST_NUMBER = re.compile(r"\d*\.?\d+(?:[eE][-+]?\d+)?")

Verdict = Literal["pass", "fail"]
Box = tuple[float, float, float, float]


class Record(BaseModel):
    """Base of all records: frozen, and nothing beyond its fields."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class ValueState(StrEnum):
    """What a printed value says; only ``measured`` carries a number."""

    MEASURED = "measured"
    BELOW_LOQ = "below_loq"
    NOT_DETECTED = "not_detected"
    ABOVE_RANGE = "above_range"
    INTERVAL = "interval"
    PRESENT = "present"
    ABSENT = "absent"
    CONFORMS = "conforms"
    DOES_NOT_CONFORM = "does_not_conform"
    DESCRIBED = "described"
    NOT_TESTED = "not_tested"
    UNREADABLE = "unreadable"


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


class Value(Record):
    """A result as printed and as understood.

    Parameters
    ----------
    state
        What the value says. Only ``measured`` has a ``number``.
    number
        The measured number, in ``unit``.
    lower, upper
        Bounds in ``unit``: ``<0.05`` has ``upper=0.05``, ``>300`` has ``lower=300``, ``6 - 7`` has both.
    unit
        Normalised spelling of the printed unit (``"%"``, ``"mg/g"``, ``"CFU/g"`` ...); None where none is printed.
    sample_grams
        The amount a presence test looked at: ``Absent in 25 g`` has 25.
    printed
        The cell's text, always kept.
    """

    state: ValueState
    number: float | None = Field(default=None, allow_inf_nan=False)
    lower: float | None = Field(default=None, allow_inf_nan=False)
    upper: float | None = Field(default=None, allow_inf_nan=False)
    unit: str | None = None
    sample_grams: float | None = Field(default=None, gt=0, allow_inf_nan=False)
    printed: str

    @model_validator(mode="after")
    def _number_only_when_measured(self) -> Value:
        if (self.number is not None) != (self.state is ValueState.MEASURED):
            raise ValueError(
                f"a number belongs to a measured value and to no other, got {self.state} and {self.number}"
            )
        return self

    def to(self, unit: str) -> Value:
        """Return the same value in another unit; the printed text stays.

        Raises
        ------
        UnitError
            If the two units do not convert into each other.
        """
        if self.unit is None:
            raise UnitError(f"{self.printed!r} is printed without a unit, so it cannot be given in {unit}")
        converted = {
            name: convert(bound, self.unit, unit)
            for name in ("number", "lower", "upper")
            if (bound := getattr(self, name)) is not None
        }
        return self.model_copy(update={**converted, "unit": unit})

    def __str__(self) -> str:
        """The value for a reader: as printed, or by its numbers where it was converted since."""
        amount = self.printed if self._is_as_printed() else self._amount()
        return f"{amount} {self.unit}" if self.unit and self.unit not in amount else amount

    def _is_as_printed(self) -> bool:
        numbers = [number for number in (self.number, self.upper, self.lower) if number is not None]
        found = _FIRST_NUMBER.search(self.printed.replace(",", ""))
        return not numbers or (found is not None and float(found.group()) in numbers)

    def _amount(self) -> str:
        if self.number is not None:
            return f"{self.number:.10g}"
        if self.lower is not None and self.upper is not None:
            return f"{self.lower:.10g} to {self.upper:.10g}"
        return f"<{self.upper:.10g}" if self.upper is not None else f">{self.lower:.10g}"


class LimitKind(StrEnum):
    """What a printed limit or specification demands."""

    MAXIMUM = "maximum"
    MINIMUM = "minimum"
    INTERVAL = "interval"
    ABSENT = "absent"
    DESCRIBED = "described"


class Limit(Record):
    """A limit or specification cell; bounds are in ``unit``, ``inclusive`` says whether the bound itself is allowed."""

    kind: LimitKind
    lower: float | None = Field(default=None, allow_inf_nan=False)
    upper: float | None = Field(default=None, allow_inf_nan=False)
    inclusive: bool = True
    unit: str | None = None
    sample_grams: float | None = Field(default=None, gt=0, allow_inf_nan=False)
    printed: str


class Source(Record):
    """A place on a page, so that a person can check what was read there."""

    page: Annotated[int, Field(ge=1)]
    box: Box
    printed: str
    reader: str


class Document(Record):
    """The file a certificate was read from.

    Parameters
    ----------
    reader
        Who gave the words; ``ocr`` where it gave those of any page.
    pages_by_ocr
        The pages, from 1, that were read by OCR.
    """

    path: str | None
    sha256: str
    pages: Annotated[int, Field(ge=1)]
    reader: Literal["pdfium", "pdfplumber", "ocr"]
    pages_by_ocr: tuple[int, ...] = ()


class Url(Record):
    """An address on a page, as a link or in a QR code: by it a reader is to find the certificate at its source."""

    page: Annotated[int, Field(ge=1)]
    box: Box
    url: str
    kind: Literal["link", "qr"]


class TextChange(Record):
    """Text that differs from the first version of a PDF; ``before`` or ``after`` is empty where words came or went."""

    page: Annotated[int, Field(ge=1)]
    box: Box
    before: str
    after: str


class Marks(Record):
    """What a PDF says of itself.

    Parameters
    ----------
    producer, creator
        The program that wrote the PDF, and the one its content comes from.
    created, modified
        ISO dates, with time and offset where written.
    broken_dates
        Those that are none, as written, with their key.
    signatures
        Number of digital signatures.
    incremental_updates
        How often something was appended to the file after it was made.
    changes
        How the text differs from that of the first version, where updates left it in the file.
    """

    producer: str | None = None
    creator: str | None = None
    created: str | None = None
    modified: str | None = None
    broken_dates: tuple[str, ...] = ()
    signatures: Annotated[int, Field(ge=0)] = 0
    incremental_updates: Annotated[int, Field(ge=0)] = 0
    changes: tuple[TextChange, ...] = ()


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
        How sure OCR is of the row's least certain figure, from 0 to 1; None where the row is from a text layer.
    """

    page: Annotated[int, Field(ge=1)]
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


class Problem(Record):
    """Something a reader of the record must know: what, where, and what can be done."""

    kind: ProblemKind
    message: str
    page: int | None = None
    analyte: str | None = None


class Unread(Record):
    """Text inside a results table that no column or row claimed."""

    page: Annotated[int, Field(ge=1)]
    bbox: Box
    text: str


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
    panel_status: dict[Panel, Literal["pass", "fail", "tested", "not_tested"]] = {}
    results: tuple[Result, ...] = ()
    problems: tuple[Problem, ...] = ()
    unread: tuple[Unread, ...] = ()
    verification_urls: tuple[Url, ...] = ()
    marks: Marks = Marks()

    def rows(self, analyte: str) -> tuple[Result, ...]:
        """All rows of one analyte id, in page order; empty where the certificate has none."""
        return tuple(row for row in self.results if row.analyte == analyte)

    def __getitem__(self, analyte: str) -> Result:
        found = self.rows(analyte)
        if not found:
            raise KeyError(f"{self.source.path or 'this certificate'} has no row for {analyte!r}")
        return found[0]

    def __contains__(self, analyte: object) -> bool:
        return any(row.analyte == analyte for row in self.results)


class Severity(StrEnum):
    """How much a finding should weigh with a reader."""

    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"
    INFO = "info"


class Finding(Record):
    """One thing a check found: what, how sure, why, by which authority, and where it stands."""

    kind: str
    severity: Severity
    probability: float = Field(ge=0, le=1)
    reason: str
    citation: str | None = None
    analyte: str | None = None
    vendor: str | None = None
    file: str | None = None
    sources: tuple[Source, ...] = ()
