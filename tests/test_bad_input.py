"""Bad input: a clear error or Problem that names the file and the cause, and the batch goes on."""

from __future__ import annotations

import json
import os
import shutil
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from kratom_quality import (
    Certificate,
    DamagedPdfError,
    EncryptedPdfError,
    KratomQualityError,
    NotAPdfError,
    UnreadableFileError,
    read_certificate,
    read_folder,
)
from kratom_quality.reading.pdfium import read_pages
from kratom_quality.records import ProblemKind

PASSWORD = "kratom"
ERRORS = [
    ("empty", NotAPdfError, "empty"),
    ("not_a_pdf", NotAPdfError, "not a PDF"),
    ("truncated", DamagedPdfError, "truncated"),
    ("no_pages", DamagedPdfError, "no pages|damaged"),
    ("encrypted", EncryptedPdfError, "password"),
]


@pytest.fixture(scope="session")
def bad(fixtures: Path) -> Path:
    return fixtures / "bad"


@pytest.mark.parametrize(("name", "error", "cause"), ERRORS)
def test_a_file_that_cannot_be_read_is_a_typed_error(
    bad: Path, name: str, error: type[KratomQualityError], cause: str
) -> None:
    """Each kind of unusable file raises its own error, which names the file and the cause."""
    with pytest.raises(error, match=cause) as raised:
        read_certificate(bad / f"{name}.pdf")
    assert f"{name}.pdf" in str(raised.value)


def test_one_bad_file_does_not_colour_the_next(bad: Path) -> None:
    """What is said of a file does not depend on the file read before it in the same process."""
    with pytest.raises(EncryptedPdfError):
        read_certificate(bad / "encrypted.pdf")
    with pytest.raises(DamagedPdfError):
        read_certificate(bad / "no_pages.pdf")


def test_a_password_opens_an_encrypted_file(bad: Path) -> None:
    """With its password an encrypted file is read; a wrong one is said to be wrong."""
    assert read_certificate(bad / "encrypted.pdf", password=PASSWORD).source.pages == 1
    with pytest.raises(EncryptedPdfError, match="password given"):
        read_certificate(bad / "encrypted.pdf", password="wrong")


@pytest.mark.parametrize(
    ("name", "kind"), [("no_text", ProblemKind.NO_TEXT), ("invoice", ProblemKind.NOT_A_CERTIFICATE)]
)
def test_a_document_without_results_says_why(bad: Path, name: str, kind: ProblemKind) -> None:
    """A scan, or a document that is no certificate, is a record without results and with a Problem."""
    certificate = read_certificate(bad / f"{name}.pdf", ocr=False)
    assert certificate.results == ()
    assert kind in {problem.kind for problem in certificate.problems}


def test_a_scan_says_what_reads_it(bad: Path) -> None:
    """The Problem of a page without text says that it is a scan and that OCR reads it."""
    problem = read_certificate(bad / "no_text.pdf", ocr=False).problems[0]
    assert "scan" in problem.message
    assert "OCR" in problem.message


def test_a_broken_image_is_named(tmp_path: Path) -> None:
    """An image that cannot be opened is an error that names it."""
    picture = tmp_path / "certificate.png"
    picture.write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(64))
    with pytest.raises(NotAPdfError, match=r"certificate\.png.*image.*cannot be opened"):
        read_certificate(picture)


@pytest.mark.parametrize("make", [Path.mkdir, lambda path: path.symlink_to("nowhere")], ids=["folder", "broken link"])
def test_what_cannot_be_opened_is_named(tmp_path: Path, make: Callable[[Path], None]) -> None:
    """A path that is no readable file is an error that names it."""
    path = tmp_path / "batch17.pdf"
    make(path)
    with pytest.raises(UnreadableFileError, match=r"batch17\.pdf"):
        read_certificate(path)


@pytest.mark.skipif(sys.platform == "win32" or os.geteuid() == 0, reason="nothing is closed to this user")
def test_a_closed_file_is_named(tmp_path: Path) -> None:
    """A file without read permission is an error that names it."""
    path = tmp_path / "batch17.pdf"
    path.touch(mode=0o000)
    with pytest.raises(UnreadableFileError, match=r"batch17\.pdf.*[Pp]ermission"):
        read_certificate(path)


@pytest.mark.skipif(sys.platform != "linux", reason="other systems only have names in Unicode")
def test_a_name_that_is_not_utf8_is_written_with_escapes(tmp_path: Path, fixtures: Path) -> None:
    """A file whose name is no UTF-8 is read and fails like any other, its odd bytes shown as escapes."""
    folder = os.fsencode(tmp_path)
    shutil.copy(fixtures / "layouts" / "classic_grid.pdf", os.path.join(folder, b"caf\xe9.pdf"))  # noqa: PTH118
    shutil.copy(fixtures / "bad" / "empty.pdf", os.path.join(folder, b"vid\xe9.pdf"))  # noqa: PTH118
    batch = read_folder(tmp_path)
    (certificate,), (failure,) = batch.certificates, batch.failures
    assert json.loads(certificate.model_dump_json())["source"]["path"] == str(tmp_path / r"caf\xe9.pdf")
    assert failure.file == str(tmp_path / r"vid\xe9.pdf")
    assert failure.error == "NotAPdfError"


EMOJI_PDF = b"""%PDF-1.4
1 0 obj <</Type/Catalog/Pages 2 0 R>> endobj
2 0 obj <</Type/Pages/Kids[3 0 R]/Count 1>> endobj
3 0 obj <</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]/Contents 4 0 R/Resources<</Font<</F 5 0 R>>>>>> endobj
4 0 obj <</Length 65>> stream
BT /F 12 Tf 50 700 Td (Product: A Kratom) Tj 0 -20 Td (A) Tj ET

endstream endobj
5 0 obj <</Type/Font/Subtype/Type1/BaseFont/Helvetica/ToUnicode 6 0 R>> endobj
6 0 obj <</Length 151>> stream
/CIDInit /ProcSet findresource begin begincmap /CMapName /X def /CMapType 2 def
1 begincodespacerange <00> <FF> endcodespacerange
1 beginbfchar <41> <D83DDE00> endbfchar endcmap end
endstream endobj
trailer <</Root 1 0 R>>
%%EOF"""


def test_a_character_of_two_halves_is_read_whole() -> None:
    """An emoji, two code units in a PDF, is one character in the record, which JSON can hold."""
    certificate = read_certificate(EMOJI_PDF)
    text = certificate.model_dump_json()
    assert "\\ud83d" not in text
    assert any("\U0001f600" in word.text for page in read_pages(EMOJI_PDF) for word in page.words)


def test_a_folder_of_bad_files_loses_nothing(tmp_path: Path, fixtures: Path, bad: Path) -> None:
    """Among bad files the good one is read as if it were alone, and every bad one is accounted for."""
    shutil.copytree(bad, tmp_path / "bad")
    good = tmp_path / "good.pdf"
    shutil.copy(fixtures / "layouts" / "classic_grid.pdf", good)
    (tmp_path / "broken_link.pdf").symlink_to("nowhere")
    batch = read_folder(tmp_path)
    read = {Path(certificate.source.path or "").stem: certificate for certificate in batch.certificates}
    failed = {Path(failure.file).stem: failure for failure in batch.failures}
    assert {*read, *failed} == {path.stem for path in tmp_path.rglob("*.pdf")}
    assert {name: failed[name].error for name, _, _ in ERRORS} == {name: error.__name__ for name, error, _ in ERRORS}
    assert failed["broken_link"].error == "UnreadableFileError"
    assert read["good"] == read_certificate(good)
    assert isinstance(read["no_text"], Certificate)
