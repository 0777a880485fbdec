"""Edited PDFs: a change of what was printed is found, what honest programs and laboratories do is not."""

from __future__ import annotations

import pytest

from builders import TODAY, certificate
from conftest import FIXTURES
from kratom_quality import Severity, read_certificate
from kratom_quality.checks import check
from kratom_quality.records import Finding, Marks, TextChange

MADE = "2026-08-10T09:00:00+00:00"


def edited(**marks: object) -> list[Finding]:
    found = check([certificate(marks=Marks.model_validate(marks))], today=TODAY)
    return [finding for finding in found if finding.kind == "edited_pdf"]


def change(before: str, after: str) -> TextChange:
    return TextChange(page=1, box=(10.0, 20.0, 30.0, 40.0), before=before, after=after)


def test_the_planted_edit_is_found_with_its_place() -> None:
    """The fixture whose lead result an editor replaced is a high finding that shows both numbers."""
    file = FIXTURES / "certificates" / "gilded-ostrich-supply" / "go-341.pdf"
    (finding,) = (found for found in check([read_certificate(file)], today=TODAY) if found.kind == "edited_pdf")
    assert finding.severity is Severity.HIGH
    assert "'1.640' became '0.164' on page 1" in finding.reason
    assert [source.printed for source in finding.sources] == ["0.164"]


def test_replaced_text_is_a_high_finding_by_itself() -> None:
    """The first version in the file is evidence without any program's name or date; taken out counts like replaced."""
    for after in ("0.164", ""):
        (finding,) = edited(incremental_updates=1, changes=(change("1.640", after),))
        assert (finding.severity, finding.probability) == (Severity.HIGH, pytest.approx(0.95))


def test_a_correction_right_after_making_is_less_sure() -> None:
    """Within the hour the laboratory itself may have corrected its report."""
    changes = (change("1.640", "0.164"),)
    (finding,) = edited(created=MADE, modified="2026-08-10T09:01:45+00:00", changes=changes)
    assert (finding.severity, finding.probability) == (Severity.MEDIUM, pytest.approx(0.5))
    (finding,) = edited(created=MADE, modified="2026-08-10T11:01:45+00:00", changes=changes)
    assert finding.severity is Severity.HIGH


def test_added_text_is_a_low_finding() -> None:
    """Stamps and page numbers come afterwards, and nothing printed before is gone."""
    (finding,) = edited(incremental_updates=1, changes=(change("", "Released"),))
    assert (finding.severity, finding.probability) == (Severity.LOW, pytest.approx(0.1))


@pytest.mark.parametrize(
    "marks",
    [
        {},
        {"incremental_updates": 1},
        {"incremental_updates": 2, "signatures": 1, "created": MADE, "modified": "2026-09-30T09:00:00+00:00"},
        {"producer": "Acrobat Distiller 11", "creator": "Laboratory system", "created": MADE, "modified": MADE},
        {"producer": "Skia/PDF m104", "creator": "Chromium", "created": MADE, "modified": "2026-08-12T09:00:00+00:00"},
        {"producer": "Report writer", "modified": "2026-10-30"},
    ],
    ids=["nothing", "update", "signature", "distiller", "two days", "late download"],
)
def test_what_honest_programs_do_is_no_finding(marks: dict[str, object]) -> None:
    """Updates that change no text, signatures, and dates some days apart prove nothing."""
    assert edited(**marks) == []


@pytest.mark.parametrize("program", ["Pagewright PDF Editor 9.2", "Adobe Illustrator CC 23.0 (Macintosh)", "Sejda 3"])
@pytest.mark.parametrize("place", ["producer", "creator"])
def test_an_editor_by_itself_proves_little(place: str, program: str) -> None:
    """A program that changes pages is named in a low finding, and stays one beside a late date."""
    (finding,) = edited(**{place: program})
    assert finding.probability <= 0.4
    assert finding.severity is Severity.LOW
    (late,) = edited(**{place: program, "created": MADE, "modified": "2026-09-10T09:00:00+00:00"})
    assert late.severity is Severity.LOW
    assert program in finding.reason


def test_dates_add_to_an_editor() -> None:
    """An editor long after making, or after the printed date of report where making is not dated, is surer."""
    editor = "Pagewright PDF Editor 9.2"
    (alone,) = edited(producer=editor, created=MADE, modified=MADE)
    (after_making,) = edited(producer=editor, created=MADE, modified="2026-08-20T09:00:00+00:00")
    (after_report,) = edited(producer=editor, modified="2026-08-20")
    assert after_making.probability == after_report.probability > alone.probability


@pytest.mark.parametrize(("modified", "late"), [("2026-08-17T09:00:00", False), ("2026-08-17T09:00:01", True)])
def test_a_week_is_not_long(modified: str, late: bool) -> None:
    """Only what is saved again more than a week later counts, with or without offsets."""
    assert bool(edited(created=MADE, modified=modified)) is late
    assert bool(edited(created=MADE, modified=f"{modified}+00:00")) is late


@pytest.mark.parametrize(
    ("made", "early"), [("2026-08-01T09:00:00", True), ("2026-08-05T09:00:00", False), (MADE, False)]
)
def test_a_file_made_long_before_its_dates_is_found(made: str, early: bool) -> None:
    """The sample is reported on 10 August: a file of 1 August cannot know, one some days early may be a draft."""
    assert bool(edited(created=made)) is early
