"""Folders to records: every certificate file is accounted for, in a stable order, whatever its neighbours do."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path

import pytest

from kratom_quality import NoCertificatesError, UnreadableFileError, read_folder, read_many
from kratom_quality.records import Certificate, ProblemKind

needs_posix = pytest.mark.skipif(sys.platform == "win32", reason="file names and links of POSIX")


@pytest.fixture(scope="session")
def certificate(fixtures: Path) -> Path:
    return fixtures / "layouts" / "classic_grid.pdf"


@pytest.fixture(scope="session")
def other(fixtures: Path) -> Path:
    return fixtures / "layouts" / "two_blocks.pdf"


def names(folder: Path, certificates: tuple[Certificate, ...]) -> list[str]:
    return [Path(one.source.path or "").relative_to(folder).as_posix() for one in certificates]


def test_every_certificate_file_is_accounted_for(tmp_path: Path, certificate: Path, other: Path) -> None:
    """Any depth and any case count, hidden files and other kinds do not; each file gives a record or a failure."""
    for place in ("b.pdf", "a/z.PDF", "a/deep/er/one.pdf", ".hidden.pdf", ".git/object.pdf"):
        (tmp_path / place).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(certificate if place == "b.pdf" else other, tmp_path / place)
    for place in ("notes.txt", "a/scan.JPG", "a/broken.pdf"):
        (tmp_path / place).write_bytes(b"no PDF")
    batch = read_folder(tmp_path)
    assert names(tmp_path, batch.certificates) == ["a/deep/er/one.pdf", "a/z.PDF", "b.pdf"]
    assert [Path(failure.file).name for failure in batch.failures] == ["broken.pdf", "scan.JPG"]
    assert {failure.error for failure in batch.failures} == {"NotAPdfError"}
    assert all(failure.details is None for failure in batch.failures)


def test_the_number_of_processes_changes_nothing(fixtures: Path) -> None:
    """One process or three: the same records in the same order, byte for byte."""
    one, three = (read_folder(fixtures / "layouts", jobs=jobs) for jobs in (1, 3))
    assert [c.model_dump_json() for c in one.certificates] == [c.model_dump_json() for c in three.certificates]
    assert names(fixtures, one.certificates) == sorted(names(fixtures, one.certificates))
    assert not one.failures


def test_paths_given_keep_their_order(certificate: Path, other: Path) -> None:
    """Files and folders are read in the order given, and a path given twice once."""
    batch = read_many([other, str(certificate), other])
    assert [one.source.path for one in batch.certificates] == [str(other), str(certificate)]


def test_same_file_twice_is_a_problem_of_the_second(tmp_path: Path, certificate: Path) -> None:
    """Two files with the same bytes are both kept, and the second names the first."""
    for name in ("first.pdf", "second.pdf"):
        shutil.copy(certificate, tmp_path / name)
    first, second = read_folder(tmp_path).certificates
    assert first.results == second.results
    assert ProblemKind.DUPLICATE_FILE not in {problem.kind for problem in first.problems}
    (duplicate,) = (problem for problem in second.problems if problem.kind is ProblemKind.DUPLICATE_FILE)
    assert str(tmp_path / "first.pdf") in duplicate.message


@needs_posix
def test_links_that_form_a_loop_end(tmp_path: Path, certificate: Path) -> None:
    """A folder that links to its parent is walked once."""
    shutil.copy(certificate, tmp_path / "one.pdf")
    (tmp_path / "loop").symlink_to(tmp_path, target_is_directory=True)
    assert names(tmp_path, read_folder(tmp_path).certificates) == ["one.pdf"]


@needs_posix
def test_a_pipe_costs_no_time(tmp_path: Path, certificate: Path) -> None:
    """What is named as a certificate and is no file is refused at once, without waiting for what never comes."""
    os.mkfifo(tmp_path / "endless.pdf")
    shutil.copy(certificate, tmp_path / "one.pdf")
    batch = read_folder(tmp_path, jobs=1, seconds=60)
    assert names(tmp_path, batch.certificates) == ["one.pdf"]
    (failure,) = batch.failures
    assert failure.error == "UnreadableFileError"
    assert "is a named pipe, not a file" in failure.reason


def test_progress_counts_every_file(tmp_path: Path, certificate: Path) -> None:
    """Progress is told of each file once, failures included, with the number of all."""
    shutil.copy(certificate, tmp_path / "one.pdf")
    (tmp_path / "two.pdf").write_bytes(b"")
    told: list[tuple[int, int, str]] = []
    read_folder(tmp_path, progress=lambda done, total, file: told.append((done, total, file.name)))
    assert [(done, total) for done, total, _ in told] == [(1, 2), (2, 2)]
    assert sorted(name for _, _, name in told) == ["one.pdf", "two.pdf"]


def test_a_folder_without_certificates_is_an_error(tmp_path: Path) -> None:
    """An empty folder is named, with what was looked for."""
    (tmp_path / "notes.txt").write_text("nothing here")
    with pytest.raises(NoCertificatesError, match=r"no certificate file found.*\.pdf") as raised:
        read_folder(tmp_path)
    assert str(tmp_path) in str(raised.value)


def test_a_missing_path_is_an_error(tmp_path: Path) -> None:
    """A path that does not exist is named."""
    with pytest.raises(UnreadableFileError, match="no such file or folder"):
        read_folder(tmp_path / "missing")


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="nothing is closed to this user")
def test_a_folder_that_cannot_be_listed_is_a_failure(tmp_path: Path, certificate: Path) -> None:
    """A folder closed to us is named among the failures, and the rest is read."""
    shutil.copy(certificate, tmp_path / "one.pdf")
    (tmp_path / "closed").mkdir(mode=0o000)
    batch = read_folder(tmp_path)
    assert names(tmp_path, batch.certificates) == ["one.pdf"]
    assert [Path(failure.file).name for failure in batch.failures] == ["closed"]
