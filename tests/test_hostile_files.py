"""Files from strangers: whatever they are made to do, each costs its own limit, and is read or refused."""

from __future__ import annotations

import os
import shutil
import socket
import sys
from pathlib import Path

import pytest

from hostile_pdfs import HOSTILE, document, stream
from kratom_quality import (
    Batch,
    InputError,
    LimitExceededError,
    ReadingLimits,
    UnreadableFileError,
    read_certificate,
    read_folder,
    read_many,
)

needs_linux = pytest.mark.skipif(sys.platform != "linux", reason="memory limits, names and devices of Linux")


@pytest.fixture(scope="module")
def outcomes(tmp_path_factory: pytest.TempPathFactory) -> Batch:
    """All hostile files, read as one folder."""
    folder = tmp_path_factory.mktemp("hostile")
    for name, (make, _, _) in HOSTILE.items():
        (folder / f"{name}.pdf").write_bytes(make())
    return read_folder(folder, seconds=30, ocr=False)


@needs_linux
@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_is_read_or_refused_with_a_reason(outcomes: Batch, name: str) -> None:
    """A bomb, a loop or a lie gives a record, or the typed error that says what was too much."""
    _, expected, word = HOSTILE[name]
    failures = {Path(failure.file).stem: failure for failure in outcomes.failures}
    failure = failures.get(name)
    assert (failure.error if failure else None) == expected, failure
    assert word in (failure.reason if failure else "")
    read = {Path(certificate.source.path or "").stem for certificate in outcomes.certificates}
    assert (name in read) is (expected is None)


@pytest.mark.parametrize("file", sorted((Path(__file__).parents[1] / "fixtures" / "hostile").glob("*.pdf")), ids=str)
def test_what_once_broke_the_reader_does_not_again(file: Path) -> None:
    """A mutant on which a defect showed is a record now."""
    assert read_certificate(file, ocr=False).source.pages


def test_nothing_in_a_file_is_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A document with programs to launch, scripts, a form to send and a file inside leaves no trace of any."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "actions.pdf").write_bytes(HOSTILE["actions"][0]())
    assert read_certificate("actions.pdf").source.pages == 1
    assert os.listdir(tmp_path) == ["actions.pdf"]  # noqa: PTH208
    assert not (tmp_path.parent.parent / "a.exe").exists()


@needs_linux
def test_what_is_no_file_is_refused_at_once(tmp_path: Path, fixtures: Path) -> None:
    """A pipe, a socket, a device, a loop of links and a file too large are named; none is opened and waited for."""
    os.mkfifo(tmp_path / "pipe.pdf")
    (tmp_path / "device.pdf").symlink_to("/dev/zero")
    (tmp_path / "loop.pdf").symlink_to("loop.pdf")
    (tmp_path / "round").symlink_to(".")
    with (tmp_path / "large.pdf").open("wb") as stream:
        stream.truncate(2 << 30)
    shutil.copy(fixtures / "layouts" / "classic_grid.pdf", tmp_path / "good.pdf")
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(tmp_path / "socket.pdf"))
        batch = read_folder(tmp_path, seconds=60)
    reasons = {Path(failure.file).stem: (failure.error, failure.reason) for failure in batch.failures}
    for name, word in (("pipe", "a named pipe"), ("socket", "a socket"), ("device", "a device"), ("loop", "links")):
        assert reasons[name][0] == "UnreadableFileError"
        assert word in reasons[name][1]
    assert reasons["large"][0] == "LimitExceededError"
    assert "file_bytes" in reasons["large"][1]
    assert [Path(one.source.path or "").name for one in batch.certificates] == ["good.pdf"]


@needs_linux
def test_any_name_is_read_and_shown(tmp_path: Path, fixtures: Path) -> None:
    """Line breaks, control characters, bidi overrides, 255 bytes, option-like names and bytes that are no text."""
    names = [
        b"new\nline.pdf", b"\x1b[31mred\x07.pdf", "right\u202efdp.pdf".encode(), b"x" * 251 + b".pdf", b"--csv.pdf",
        b"caf\xe9\xff.pdf", b"$(touch a);'\".pdf", b"<script>.pdf", b"=cmd().pdf", b"%2e%2e%2f..%2f.pdf", b"%s%n.pdf",
    ]  # fmt: skip
    for name in names:
        shutil.copy(fixtures / "layouts" / "classic_grid.pdf", os.path.join(os.fsencode(tmp_path), name))  # noqa: PTH118
    batch = read_folder(tmp_path)
    assert len(batch.certificates) == len(names)
    assert not batch.failures
    assert all((one.source.path or "").encode() for one in batch.certificates)


def test_a_name_with_a_nul_is_an_error_of_input() -> None:
    """A path that no file can have is said to be one."""
    with pytest.raises(UnreadableFileError, match="no name a file can have"):
        read_certificate("a\0b.pdf")


@pytest.mark.parametrize(
    ("limits", "name"),
    [
        (ReadingLimits(file_bytes=1000), "file_bytes"),
        (ReadingLimits(pages=1), "pages"),
        (ReadingLimits(page_points=700), "page_points"),
        (ReadingLimits(words_a_page=50), "words_a_page"),
    ],
)
def test_each_limit_is_named_when_it_is_exceeded(fixtures: Path, limits: ReadingLimits, name: str) -> None:
    """The error names the file and the limit, in this process as in a child, and a larger limit lets it be read."""
    file = fixtures / "layouts" / "classic_grid.pdf"
    with pytest.raises(LimitExceededError, match=rf"classic_grid\.pdf.*the limit {name} is") as raised:
        read_certificate(file, limits=limits)
    (failure,) = read_many([file], limits=limits).failures
    assert (failure.error, failure.reason) == ("LimitExceededError", str(raised.value))
    assert read_certificate(file).results


@needs_linux
def test_the_limits_of_a_process_hold(tmp_path: Path, fixtures: Path) -> None:
    """A record larger than the reply may be, or a reading that takes too much memory, is a failure that says so."""
    (tmp_path / "hungry.pdf").write_bytes(HOSTILE["forms_that_call_forms"][0]())
    hungry = read_folder(tmp_path, limits=ReadingLimits(memory_bytes=300 << 20), ocr=False)
    large = read_many([fixtures / "layouts" / "classic_grid.pdf"], limits=ReadingLimits(reply_bytes=5000), ocr=False)
    for batch, name in ((hungry, "memory_bytes"), (large, "reply_bytes")):
        (failure,) = batch.failures
        assert failure.error == "LimitExceededError"
        assert f"the limit {name} is" in failure.reason


def test_settings_of_limits_are_read() -> None:
    """Limits given as text are numbers of known names."""
    assert ReadingLimits.parse(["pages=1_000", "memory_bytes=4e9"]) == ReadingLimits(pages=1000, memory_bytes=4 * 10**9)
    for mistake in ("page=1", "pages=many", "pages=0", "pages", "pages=nan", "pages=inf"):
        with pytest.raises(InputError, match=r"limit|number"):
            ReadingLimits.parse([mistake])


def test_thousands_of_words_end_in_time() -> None:
    """What looks for tables on a page takes seconds at most, however its words lie."""
    words = "".join(f"1 0 0 1 {50 + n % 7} {900 - 0.3 * n:.2f} Tm (Lead) Tj (Result) Tj\n" for n in range(3000))
    assert read_certificate(document({4: stream(f"BT /F1 8 Tf\n{words}ET".encode())})).source.pages == 1
