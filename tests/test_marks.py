"""What a PDF says of itself: its programs, dates, links and codes, and the versions it still holds."""

from __future__ import annotations

import json
import sys
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import pdfs
from conftest import FIXTURES, CommandLine
from kratom_quality import Certificate, MissingExtraError, read_certificate, read_folder
from kratom_quality.reading.marks import linked_urls, parse_pdf_date, read_marks
from kratom_quality.reading.pdfium import read_pages, read_pdf
from kratom_quality.reading.revisions import version_ends
from kratom_quality.records import Marks

OSTRICH = FIXTURES / "certificates" / "gilded-ostrich-supply"
PLAIN = pdfs.page("Lead 1.640 ppm")


def marks_of(data: bytes) -> Marks:
    return read_marks(data, read_pdf(data))


@pytest.mark.parametrize(
    ("written", "iso"),
    [
        ("D:20260813151500-06'00'", "2026-08-13T15:15:00-06:00"),
        ("D:20260813151500+05'30", "2026-08-13T15:15:00+05:30"),
        ("D:20260813151500Z", "2026-08-13T15:15:00+00:00"),
        ("D:20260813151500Z'", "2026-08-13T15:15:00+00:00"),
        ("D:20260813151500Z00'00'", "2026-08-13T15:15:00+00:00"),
        ("D:202608131515", "2026-08-13T15:15:00"),
        ("20260813151500", "2026-08-13T15:15:00"),
        ("D:20260813", "2026-08-13"),
        ("D:2026", None),
        ("D:20261313151500Z", None),
        ("D:20260813251500", None),
        ("13 August 2026", None),
        ("", None),
        (None, None),
    ],
)
def test_dates_are_read_as_the_format_has_them(written: str | None, iso: str | None) -> None:
    """A date keeps its offset, what is no day is no date, and nothing is filled in that is not written."""
    assert parse_pdf_date(written) == iso


@given(st.datetimes(datetime(1990, 1, 1), datetime(2100, 1, 1)), st.integers(-14 * 60, 14 * 60))
def test_every_moment_comes_back(moment: datetime, minutes: int) -> None:
    """Whatever moment and offset a program writes, the ISO date is the same moment."""
    zoned = moment.replace(microsecond=0, tzinfo=timezone(timedelta(minutes=minutes)))
    sign, (hours, rest) = "-" if minutes < 0 else "+", divmod(abs(minutes), 60)
    iso = parse_pdf_date(f"D:{zoned:%Y%m%d%H%M%S}{sign}{hours:02}'{rest:02}'")
    assert iso is not None
    assert datetime.fromisoformat(iso) == zoned


def test_programs_and_dates_are_kept_and_broken_dates_as_written() -> None:
    """What the document information says is recorded; a date that is none stays as it is written."""
    info = "/Producer (Press 3) /Creator (Lab system) /CreationDate (D:20260813) /ModDate (yesterday)"
    marks = marks_of(pdfs.page("Lead", info=info))
    assert (marks.producer, marks.creator) == ("Press 3", "Lab system")
    assert (marks.created, marks.modified, marks.broken_dates) == ("2026-08-13", None, ("ModDate yesterday",))


def test_a_pdf_that_says_nothing_has_empty_marks() -> None:
    """Without document information and updates the marks are those of a record made by hand."""
    assert marks_of(PLAIN) == Marks()


def test_an_update_that_changes_text_says_what_it_changed() -> None:
    """The words of the first version and of the last are held beside each other, with page and box."""
    marks = marks_of(pdfs.updated(PLAIN, {4: pdfs.stream(b"BT /F1 12 Tf 50 500 Td (Lead 0.164 ppm) Tj ET")}))
    (change,) = marks.changes
    assert (marks.incremental_updates, change.page, change.before, change.after) == (1, 1, "1.640", "0.164")
    assert 75 < change.box[0] < change.box[2] < 120
    assert 85 < change.box[1] < change.box[3] < 105


def test_an_update_that_leaves_the_text_changes_nothing() -> None:
    """Added objects are an update, as are words drawn in another order; neither changes what is printed."""
    added = marks_of(pdfs.updated(PLAIN, {7: b"<< /Type /Metadata >>"}))
    assert (added.incremental_updates, added.changes) == (1, ())
    moved = b"BT /F1 12 Tf 50 400 Td (1.640 ppm) Tj ET BT /F1 12 Tf 50 500 Td (Lead) Tj ET"
    assert marks_of(pdfs.updated(PLAIN, {4: pdfs.stream(moved)})).changes == ()


def test_only_the_word_that_changed_is_named() -> None:
    """Where the same word stands elsewhere too, the one that is still in its place did not change."""
    original = pdfs.page("Pass Lead 0.2 Pass")
    (change,) = marks_of(
        pdfs.updated(original, {4: pdfs.stream(b"BT /F1 12 Tf 50 500 Td (Pass Lead 0.2 Fail) Tj ET")})
    ).changes
    assert (change.before, change.after) == ("Pass", "Fail")
    assert change.box[0] > 100


def test_the_first_version_is_held_against_the_last() -> None:
    """Of three versions the middle one does not count."""
    second = pdfs.updated(PLAIN, {4: pdfs.stream(b"BT /F1 12 Tf 50 500 Td (Lead 9 ppm) Tj ET")})
    third = pdfs.updated(second, {4: pdfs.stream(b"BT /F1 12 Tf 50 500 Td (Lead 0.164 ppm) Tj ET")})
    marks = marks_of(third)
    assert (marks.incremental_updates, marks.changes[0].before) == (2, "1.640")


def test_a_section_without_objects_is_no_update() -> None:
    """Office programs end their files twice, and nothing was changed."""
    assert marks_of(pdfs.with_hybrid_section(PLAIN)).incremental_updates == 0


def test_a_linearised_file_is_one_version() -> None:
    """Its two sections are by design; what is appended behind its length is an update."""
    whole = pdfs.linearized()
    assert version_ends(whole) == [len(whole)]
    assert len(version_ends(pdfs.updated(whole, {8: b"<<>>"}))) == 2


@pytest.mark.parametrize(
    "data",
    [
        PLAIN.replace(b"startxref", b"startxrev"),
        b"%PDF-1.7\nstartxref\n99999999999\n%%EOF",
        b"%PDF-1.7\nxref\n0 0\ntrailer\n<< /Prev 9 >>\nstartxref\n9\n%%EOF",
        b"",
    ],
    ids=["no section", "beyond the file", "a circle", "empty"],
)
def test_sections_that_lead_nowhere_make_one_version(data: bytes) -> None:
    """A broken or circular trail ends, and is no sign of an update."""
    assert version_ends(data) == [len(data)]


def test_a_pdf_inside_the_pdf_is_no_version() -> None:
    """An attachment that ends like a file does not end the file it stands in."""
    assert marks_of(pdfs.updated(PLAIN, {7: pdfs.stream(PLAIN)})).changes == ()
    assert len(version_ends(pdfs.updated(PLAIN, {7: pdfs.stream(PLAIN)}))) == 2


@given(st.binary(max_size=400))
def test_any_bytes_behind_a_pdf_have_an_end(tail: bytes) -> None:
    """Whatever is appended, the versions end in order and with the file."""
    ends = version_ends(PLAIN + tail)
    assert ends == sorted(ends)
    assert ends[-1] == len(PLAIN + tail)


@pytest.mark.parametrize(
    ("rotate", "box"),
    [(0, (10, 560, 60, 580)), (90, (20, 10, 40, 60)), (180, (340, 20, 390, 40)), (270, (560, 340, 580, 390))],
)
def test_a_link_stands_where_the_page_shows_it(rotate: int, box: tuple[float, ...]) -> None:
    """Links have their page and box from the top left, turned as the page is."""
    data = pdfs.page("x", links=[("10 20 60 40", "https://lab.example/r?1")], rotate=rotate)
    (url,) = linked_urls(read_pages(data))
    assert (url.page, url.url, url.kind) == (1, "https://lab.example/r?1", "link")
    assert url.box == pytest.approx(box)


def test_only_web_addresses_verify() -> None:
    """A link to a mail address or a file is none by which a report is found."""
    links = [("0 0 9 9", "mailto:a@lab.example"), ("0 0 9 9", "file:///a"), ("0 0 9 9", "HTTPS://lab.example/a")]
    assert [url.url for url in linked_urls(read_pages(pdfs.page("x", links=links)))] == ["HTTPS://lab.example/a"]


def test_codes_are_read_when_asked_for() -> None:
    """The QR code beside the link says the same address; unasked, only the link is read."""
    pytest.importorskip("zxingcpp")
    file = OSTRICH / "go-324.pdf"
    link, code = read_certificate(file, codes=True).verification_urls
    assert (link.kind, code.kind, code.page) == ("link", "qr", 2)
    assert code.url == link.url
    assert code.box == pytest.approx((532, 255, 570, 293), abs=4)
    assert read_certificate(file).verification_urls == (link,)


def test_codes_without_the_extra_say_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """One message names what to install, for a file and for a folder, before anything is read."""
    monkeypatch.setitem(sys.modules, "zxingcpp", None)
    with pytest.raises(MissingExtraError, match=r"kratom-quality\[qr\]"):
        read_certificate(OSTRICH / "go-324.pdf", codes=True)
    with pytest.raises(MissingExtraError, match=r"kratom-quality\[qr\]"):
        read_folder(OSTRICH, codes=True)


def test_the_command_line_reads_codes(command_line: CommandLine, tmp_path: Path) -> None:
    """``read --codes`` records what the codes say."""
    pytest.importorskip("zxingcpp")
    ran = command_line("read", OSTRICH / "go-324.pdf", "--codes", "--jsonl", tmp_path / "records.jsonl")
    assert ran.returncode == 0, ran.stderr
    record = json.loads((tmp_path / "records.jsonl").read_text(encoding="utf-8"))
    assert [url["kind"] for url in record["verification_urls"]] == ["link", "qr"]


def test_records_without_marks_are_still_records() -> None:
    """A record written before there were marks and addresses is read as one without."""
    record = json.loads(read_certificate(OSTRICH / "go-341.pdf").model_dump_json())
    assert record.pop("marks")["changes"]
    record.pop("verification_urls")
    assert Certificate.model_validate(record).marks == Marks()
