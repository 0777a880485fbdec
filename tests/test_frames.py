"""Frames: tidy, typed, and without a number where none was measured."""

from __future__ import annotations

import subprocess
import sys

import pandas as pd
import pytest

from builders import TODAY, certificate, failing_batch, leaf, row
from kratom_quality.checks import check
from kratom_quality.frames import certificates_frame, findings_frame, results_frame


def test_one_row_a_result_as_printed_and_as_understood() -> None:
    """Printed cells, state, number, canonical unit and box stand side by side."""
    frame = results_frame([certificate(leaf(row("Nickel", "2500", "ppb", loq="10", page=3, limit="4000")))])
    assert len(frame) == len(leaf()) + 1
    nickel = frame[frame["analyte"] == "nickel"].iloc[0]
    assert (nickel["path"], nickel["page"], nickel["panel"]) == ("Acorn Botanicals/A-100.pdf", 3, "heavy_metals")
    assert (nickel["printed_result"], nickel["printed_limit"], nickel["unit"]) == ("2500", "4000", "ppb")
    assert (nickel["number"], nickel["canonical_number"], nickel["canonical_unit"]) == (2500, 2.5, "mg/kg")
    assert (nickel["x0"], nickel["bottom"]) == (72, 112)


@pytest.mark.parametrize(
    ("result", "state"), [("<0.05", "below_loq"), ("ND", "not_detected"), ("Absent in 25 g", "absent")]
)
def test_absence_is_never_zero(result: str, state: str) -> None:
    """What was not measured has no number in any unit, and keeps its bound."""
    frame = results_frame([certificate([row("Lead", result, "ppm")])])
    assert frame["state"][0] == state
    assert frame[["number", "canonical_number"]].isna().all(axis=None)
    assert frame["upper"][0] == 0.05 if result.startswith("<") else pd.isna(frame["upper"][0])


def test_columns_and_types_are_the_same_for_no_rows_at_all() -> None:
    """An empty folder gives empty frames that can be joined with full ones."""
    findings = check([failing_batch("acorn")], today=TODAY)
    for make, some in (
        (results_frame, [certificate()]),
        (certificates_frame, [certificate(), certificate(client=None, matrix=None)]),
        (findings_frame, findings),
    ):
        assert make([]).dtypes.to_dict() == make(some).dtypes.to_dict()


def test_units_that_do_not_convert_leave_the_canonical_columns_to_themselves() -> None:
    """A result without unit has no canonical one; per capsule stays per capsule."""
    frame = results_frame([certificate([row("Mitragynine", "45", "mg/capsule"), row("Lead", "3")])])
    assert list(frame["canonical_unit"].fillna("none")) == ["mg/capsule", "none"]


def test_a_certificate_and_a_finding_are_one_row_each() -> None:
    """Headers are flattened; a finding has the page of its first source."""
    header = certificates_frame([certificate()]).iloc[0]
    assert (header["laboratory"], header["reported"], header["results"]) == ("Birchwater Analytical", "2026-08-10", 14)
    finding = findings_frame(check([failing_batch("acorn")], today=TODAY)).iloc[0]
    assert (finding["kind"], finding["vendor"], finding["page"], finding["severity"]) == (
        "over_limit",
        "acorn",
        1,
        "high",
    )


def test_pandas_is_loaded_by_frames_alone_and_late() -> None:
    """Scoring a folder does not wait for pandas."""
    code = "import sys, kratom_quality.scoring, kratom_quality.frames; sys.exit('pandas' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
