"""Frames: tidy, typed, and without a number where none was measured."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest

import kratom_quality as kq
from builders import TODAY, certificate, clean_batches, failing_batch, leaf, row
from kratom_quality.checks import check
from kratom_quality.frames import certificates_frame, findings_frame, from_frame, results_frame, to_frame
from kratom_quality.records import Certificate, Marks, Panel, ValueState

NOT_IN_A_FRAME = {
    **dict.fromkeys(("problems", "unread", "verification_urls", "label_claims"), ()),
    **{name: {} for name in ("panel_status", "methods", "instruments")},
    "marks": Marks(),
}


def as_far_as_a_frame_goes(certificate: Certificate) -> Certificate:
    source = certificate.source.model_copy(update={"pages_by_ocr": (), "pages_by_pdfplumber": ()})
    return certificate.model_copy(update={**NOT_IN_A_FRAME, "source": source})


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
        (to_frame, [certificate()]),
        (results_frame, [certificate()]),
        (certificates_frame, [certificate(), certificate(client=None, matrix=None)]),
        (findings_frame, findings),
    ):
        assert make([]).dtypes.astype(str).to_dict() == make(some).dtypes.astype(str).to_dict()


def test_units_that_do_not_convert_leave_the_canonical_columns_to_themselves() -> None:
    """A result without unit has no canonical one; per capsule stays per capsule."""
    frame = results_frame([certificate([row("Mitragynine", "45", "mg/capsule"), row("Lead", "3")])])
    assert list(frame["canonical_unit"].astype(object).fillna("none")) == ["mg/capsule", "none"]


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


def test_a_frame_gives_back_every_result_of_every_fixture(fixtures: Path) -> None:
    """What stands in rows comes back as it was: header, printed cells, values, bounds, limits, claims, boxes."""
    read = (Certificate.model_validate_json(path.read_bytes()) for path in sorted(fixtures.rglob("*.golden.json")))
    certificates = [
        one.model_copy(update={"source": one.source.model_copy(update={"path": f"{place}.pdf"})})
        for place, one in enumerate(read)
        if one.results
    ]
    assert len(certificates) > 100
    assert from_frame(to_frame(certificates)) == tuple(map(as_far_as_a_frame_goes, certificates))


def test_rows_that_were_shuffled_filtered_or_corrected_come_back_as_records() -> None:
    """A certificate is made of its rows wherever they stand in the frame."""
    table = to_frame([certificate(batch="A-1"), certificate(batch="A-2")])
    table = table[table["panel"] == "heavy_metals"].sample(frac=1, random_state=1)
    table.loc[(table["batch"] == "A-1") & (table["analyte"] == "lead"), "number"] = 7.5
    back = {one.batch: one for one in from_frame(table)}
    assert {one.batch: len(one.results) for one in back.values()} == {"A-1": 4, "A-2": 4}
    assert (back["A-1"]["lead"].value.number, back["A-2"]["lead"].value.number) == (7.5, 0.342)


def test_vendors_stand_in_the_frame_and_group_it() -> None:
    """Certificates given by vendor keep the vendor's name, from which a market can be put together again."""
    market = {"acorn": clean_batches("acorn", 2), "birch": clean_batches("birch", 3)}
    table = to_frame(market)
    again = {vendor: list(from_frame(rows)) for vendor, rows in table.groupby("vendor", observed=True)}
    assert again == market
    assert to_frame(market["acorn"])["vendor"].isna().all()


@pytest.mark.parametrize("column", ["vendor", "panel", "analyte", "state", "unit", "canonical_unit", "printed_status"])
def test_what_repeats_is_categorical(column: str) -> None:
    """Words from a short list are categories; panels and states have all of theirs, so that frames can be joined."""
    table = to_frame({"acorn": [certificate()]})
    assert isinstance(table[column].dtype, pd.CategoricalDtype)
    assert list(table["panel"].cat.categories) == [panel.value for panel in Panel]
    assert list(table["state"].cat.categories) == [state.value for state in ValueState]


@pytest.mark.parametrize(
    ("result", "loq", "bound"),
    [("<50", None, 0.05), ("<LOQ", "20", 0.02), ("ND", "20", 0.02), ("ND", None, None), ("30", "20", None)],
)
def test_the_bound_of_what_was_not_found_stands_beside_it(result: str, loq: str | None, bound: float | None) -> None:
    """The printed bound, else the LOQ, in the canonical unit; none where nothing bounds it or it was measured."""
    table = to_frame([certificate([row("Lead", result, "ppb", loq=loq)])])
    found = table["canonical_bound"][0]
    assert pd.isna(found) if bound is None else found == pytest.approx(bound)


def test_wide_is_a_row_a_certificate_in_one_unit_an_analyte() -> None:
    """Percent and mg/g meet in mg/kg; what was not measured has a state and no number."""
    one = certificate(
        [row("Mitragynine", "1.5", "%"), row("Lead", "<0.05", "ppm"), row("Salmonella", "Absent in 25 g")]
    )
    two = certificate([row("Mitragynine", "14", "mg/g"), row("Lead", "220", "ppb")], batch="A-2")
    table = one.to_frame("wide").iloc[0], to_frame({"acorn": [one, two]}, "wide")
    assert table[0]["mitragynine [mg/kg]"] == 15000
    assert list(table[1]["mitragynine [mg/kg]"]) == [15000, 14000]
    assert list(table[1]["lead state"]) == ["below_loq", "measured"]
    assert pd.isna(table[1]["lead [mg/kg]"][0])
    assert table[1]["lead [mg/kg]"][1] == pytest.approx(0.22)
    assert list(table[1]["salmonella state"].astype(object).fillna("none")) == ["absent", "none"]
    assert "salmonella [mg/kg]" not in table[1]


def test_in_a_wide_frame_the_first_measured_row_of_a_unit_counts() -> None:
    """An analyte in two columns is one number, and a blank before it hides nothing."""
    rows = [row("Lead", "NT", "ppm"), row("Lead", "0.3", "ppm"), row("Lead", "310", "ppb"), row("Oddity", "3", "ppm")]
    table = to_frame([certificate(rows)], "wide")
    assert (table["lead [mg/kg]"][0], table["lead state"][0]) == (0.3, "measured")
    assert not any("ddity" in column for column in table)


def test_a_frame_that_lacks_columns_or_contradicts_itself_is_refused() -> None:
    """The error names the columns, or the row and what is wrong with it."""
    table = to_frame([certificate()])
    with pytest.raises(kq.FrameError, match=r"no column state, loq_number; .*to_frame"):
        from_frame(table.drop(columns=["state", "loq_number", "canonical_unit"]))
    table.loc[3, "state"] = "not_detected"
    with pytest.raises(kq.FrameError, match=r"row 3 .*'Speciogynine'.*number belongs to a measured value"):
        from_frame(table)
    with pytest.raises(ValueError, match="'long' or 'wide', not 'broad'"):
        to_frame([], "broad")  # type: ignore[arg-type]


def test_pandas_is_loaded_by_frames_alone_and_late() -> None:
    """Scoring a folder does not wait for pandas."""
    code = "import sys, kratom_quality.scoring, kratom_quality.frames; sys.exit('pandas' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
