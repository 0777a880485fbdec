"""The judge of the accuracy benchmark: what it counts as the same, and what it counts."""

from __future__ import annotations

from typing import Any

import pytest
from judging import judge, total, worst_recall


def cell_row(analyte: str, result: str, unit: str | None = "%", **cells: Any) -> dict[str, Any]:
    blank: dict[str, Any] = dict.fromkeys(("lod", "loq", "limit", "status"))
    return {"page": 1, "panel": "alkaloids", "analyte": analyte, "result": result, "unit": unit} | blank | cells


def truth_of(*rows: dict[str, Any], **header: str) -> dict[str, Any]:
    fields = ("laboratory", "accreditation", "client", "product", "matrix", "batch", "sample_id", "overall_status")
    dates = dict.fromkeys(("collected", "received", "tested", "reported"))
    return {**dict.fromkeys(fields), "dates": dates, "results": rows} | header


def record_of(*rows: dict[str, Any], **header: str) -> dict[str, Any]:
    read = [
        {"page": row["page"], "panel": row["panel"], "analyte": "known", "name": row["analyte"], "printed": row}
        for row in rows
    ]
    laboratory = {"name": header.pop("laboratory", None), "accreditation": None}
    return truth_of(**header) | {"laboratory": laboratory, "results": read}


@pytest.mark.parametrize(
    ("printed", "read"),
    [
        ("1,000", "1000"),
        ("ND", "Not Detected"),
        ("1.42 %", "1.42"),
        ("2.0 x 10^3", "2000"),
        ("<10^2", "<100"),
        ("≤0.05", "<=0.05"),
        ("0.51*", "0.51"),
    ],
)
def test_the_same_result_in_other_signs(printed: str, read: str) -> None:
    """How a laboratory writes a number does not matter."""
    assert judge(truth_of(cell_row("Lead", printed)), record_of(cell_row("Lead", read))).recall == 1


@pytest.mark.parametrize(
    ("printed", "read"), [("0.05", "<0.05"), ("0.05", "0.5"), ("ND", "0"), ("10", "1010"), ("Absent", "Present")]
)
def test_another_result(printed: str, read: str) -> None:
    """A bound is not a number, absence is not zero."""
    tally = judge(truth_of(cell_row("Lead", printed)), record_of(cell_row("Lead", read)))
    assert (tally.recall, tally.precision, tally.number, tally.found.total()) == (0, 0, 0, 1)


def test_names_lose_ligatures_and_case() -> None:
    """Some fonts lose fi and fl; Greek letters may be spelt out."""
    truth = truth_of(cell_row("Aspergillus flavus", "ND"), cell_row("Δ9-THC", "0.1"))
    assert judge(truth, record_of(cell_row("ASPERGILLUS AVUS", "ND"), cell_row("Delta9-THC", "0.1"))).recall == 1


def test_each_row_answers_once() -> None:
    """A row that was read answers one transcribed row of its name; where there are several, the unit tells which."""
    truth = truth_of(cell_row("THC", "1.2", "%"), cell_row("THC", "12", "mg/g"))
    tally = judge(truth, record_of(cell_row("THC", "12", "mg/g")))
    assert (tally.right.total(), tally.rows.total()) == (0, 2)
    both = judge(truth, record_of(cell_row("THC", "12", "mg/g"), cell_row("THC", "1.2", "%")))
    assert (both.recall, both.precision) == (1, 1)


def test_columns_and_header_are_counted_where_printed_or_read() -> None:
    """What is invented counts as wrong, what stands nowhere is not counted."""
    truth = truth_of(cell_row("Lead", "0.1", loq="0.05"), client="Bay Cedar LLC", batch="B-7")
    record = record_of(cell_row("Lead", "0.1", loq="0.050", limit="1"), client="Bay Cedar", matrix="Powder")
    tally = judge(truth, record)
    assert (tally.column("loq"), tally.column("limit"), tally.column("lod")) == (1, 0, 1)
    assert {name: count[True] for name, count in tally.headers.items()} == {"client": 1, "matrix": 0, "batch": 0}


def test_documents_are_added_up() -> None:
    """Totals count rows, not documents; the worst document is named apart."""
    one = judge(truth_of(cell_row("Lead", "1")), record_of(cell_row("Lead", "1")))
    other = judge(truth_of(cell_row("Lead", "1"), cell_row("Cadmium", "1")), record_of())
    assert total([one, other]).recall == pytest.approx(1 / 3)
    assert worst_recall([one, other]) == 0
