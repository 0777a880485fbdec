"""Tidy pandas frames and back; the one module that imports pandas, once a frame is made."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Literal

from kratom_quality.errors import FrameError
from kratom_quality.frames.columns import (
    CERTIFICATE_COLUMNS,
    FINDING_COLUMNS,
    LONG_COLUMNS,
    RESULT_COLUMNS,
    Row,
    kind_of,
    last_word,
)
from kratom_quality.frames.rows import certificate_row, certificates_of, finding_row, long_rows, result_row, wide_row
from kratom_quality.records import Certificate, Finding, Panel, ValueState

if TYPE_CHECKING:
    import pandas as pd

Form = Literal["long", "wide"]
Certificates = Mapping[str, Iterable[Certificate]] | Iterable[Certificate]
"""Certificates, by vendor or without."""

_CATEGORIES = {
    "panel": [panel.value for panel in Panel],
    "state": [state.value for state in ValueState],
    "status": ["pass", "fail"],
}
_NOT_NEEDED = frozenset(
    {"vendor", "canonical_number", "canonical_lower", "canonical_upper", "canonical_bound", "canonical_unit"}
)


def to_frame(certificates: Certificates, form: Form = "long") -> pd.DataFrame:
    """Return certificates as a table.

    Parameters
    ----------
    certificates
        By vendor, as :func:`kratom_quality.assign_vendors` gives them; without vendors the column ``vendor`` is empty.
    form
        ``long`` is a row a result: the number as printed (``number``, ``unit``) and in the unit its kind is compared in
        (``canonical_number``, ``canonical_unit``: mg/kg, CFU/g), beside its ``state`` and printed bounds;
        ``canonical_bound`` is the most that may be there of what was not found, by its bound, else its LOQ, else its
        LOD. The rest is what :func:`from_frame` needs. ``wide`` is a row a certificate: a column ``lead [mg/kg]`` with
        the number where one was measured, and a column ``lead state`` with what was found; an analyte that the
        vocabulary does not know has none, and one given more than once in a unit counts by its first measured row.

    Returns
    -------
    pandas.DataFrame
        What is missing is ``<NA>``, and only measured results have a number. Vendor, panel, analyte, state, status and
        units are categoricals; the columns of the long form are the same for any number of rows.

    Raises
    ------
    ValueError
        If there is no such form.
    """
    pairs = _with_vendors(certificates)
    if form == "long":
        return frame((row for vendor, one in pairs for row in long_rows(vendor, one)), LONG_COLUMNS)
    if form != "wide":
        raise ValueError(f"a frame is 'long' or 'wide', not {form!r}")
    rows = [wide_row(vendor, one) for vendor, one in pairs]
    analytes = {column for row in rows for column in row if column.endswith((" state", "]"))}
    return frame(rows, ("vendor", *CERTIFICATE_COLUMNS, *sorted(analytes, key=str.casefold)))


def from_frame(table: pd.DataFrame) -> tuple[Certificate, ...]:
    """Return the certificates of a long frame, whose rows may have been left out or corrected since.

    A certificate is made of the rows with its ``path`` and ``sha256``; its header is that of the first. What stands in
    no row is not in the frame and so is lost: certificates without results, problems, unread text, verdicts on panels,
    methods, what the PDF says of itself, links, and claims that stand outside the table. To score what comes back, read
    that from the files; a frame shows no edit. Vendors are kept by the frame alone::

        vendors = {vendor: from_frame(rows) for vendor, rows in table.groupby("vendor", observed=True)}

    Raises
    ------
    FrameError
        If a column is missing, or a row does not hold what a record must, such as a number that was not measured.
    """
    if missing := [column for column in LONG_COLUMNS if column not in table.columns and column not in _NOT_NEEDED]:
        raise FrameError(
            f"the frame has no column {', '.join(missing[:10])}; give one in the long form that to_frame returns"
        )
    cells = table.astype(object).where(table.notna(), None)
    return tuple(certificates_of(dict(zip(cells.columns, row, strict=True)) for row in cells.itertuples(index=False)))


def _with_vendors(certificates: Certificates) -> Iterator[tuple[str | None, Certificate]]:
    if isinstance(certificates, Mapping):
        yield from ((vendor, one) for vendor, group in certificates.items() for one in group)
    else:
        yield from ((None, one) for one in certificates)


def results_frame(certificates: Iterable[Certificate]) -> pd.DataFrame:
    """Return the columns of the long form that a person reads, in the order of the CSV file."""
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

    kinds = {name: _type(name) for name in columns}
    return pd.DataFrame([[row.get(name) for name in columns] for row in rows], columns=list(columns)).astype(kinds)


def _type(column: str) -> str | pd.CategoricalDtype:
    """Return a column's type; panels, states and verdicts have their categories whether or not they occur."""
    import pandas as pd

    kind, categories = kind_of(column), _CATEGORIES.get(last_word(column))
    return pd.CategoricalDtype(categories) if kind == "category" and categories else kind
