"""Reading into a folder: whole or not there, in order, kept through a kill, and never mixed with another reading."""

from __future__ import annotations

import json
import os
import shutil
import zlib
from collections.abc import Iterator
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from kratom_quality import OutputExistsError, Vocabulary, read_many, read_to
from kratom_quality.batch.journal import Journal
from kratom_quality.batch.one import Due, Reading
from kratom_quality.errors import EncryptedPdfError, UnreadableFileError
from kratom_quality.frames import results_frame
from kratom_quality.output import write_failures, write_records, write_results


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory, fixtures: Path) -> Path:
    """Make a folder with certificates, one of them twice, and two files that give none; no test changes it."""
    folder = tmp_path_factory.mktemp("files")
    for name in ("dt-23-04", "dt-26-02", "dt-26-05"):
        shutil.copy(fixtures / "certificates" / "dusty-thimble-kratom" / f"{name}.pdf", folder)
    shutil.copy(fixtures / "bad" / "truncated.pdf", folder / "a.pdf")
    shutil.copy(fixtures / "bad" / "encrypted.pdf", folder / "=z.pdf")
    shutil.copy(folder / "dt-26-02.pdf", folder / "twice.pdf")
    return folder


@pytest.fixture(scope="module")
def undisturbed(files: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Read the files into a folder; no test changes it."""
    out = tmp_path_factory.mktemp("undisturbed")
    kept = read_to(out, [files])
    assert kept == (4, 0, 2, 0, 0)
    return out


@pytest.fixture(scope="module")
def stopped_once(files: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Read the files into a folder and stop after three."""
    out = tmp_path_factory.mktemp("stopped")

    def stop(done: int, _total: int, _file: object) -> None:
        if done == 3:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        read_to(out, [files], jobs=1, progress=stop)
    assert [path.name for path in out.iterdir()] == ["unfinished"]
    return out


@pytest.fixture
def stopped(stopped_once: Path, tmp_path: Path) -> Path:
    """Return a copy of the folder whose reading was stopped."""
    return shutil.copytree(stopped_once, tmp_path / "out")


def contents(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def read_before(out: Path) -> int:
    return len((out / "unfinished" / "journal").read_bytes().splitlines()) - 1


def test_the_folder_holds_what_a_batch_does(files: Path, undisturbed: Path, tmp_path: Path) -> None:
    """Records, results and failures are those of the batch, byte for byte and in its order; nothing else is left."""
    batch = read_many([files], jobs=1)
    for name, write, what in (
        ("certificates.jsonl", write_records, batch.certificates),
        ("results.csv", write_results, batch.certificates),
        ("failures.csv", write_failures, batch.failures),
    ):
        with (tmp_path / name).open("w", encoding="utf-8", newline="") as stream:
            write(what, stream)  # type: ignore[operator]
        assert (tmp_path / name).read_bytes() == (undisturbed / name).read_bytes()
    assert sorted(contents(undisturbed)) == ["certificates.jsonl", "failures.csv", "reading.json", "results.csv"]


def test_parquet_holds_the_results(files: Path, tmp_path: Path) -> None:
    """``results.parquet`` has the columns, the values and the types of the frame, text as it was printed."""
    read_to(tmp_path / "out", [files], jobs=1, parquet=True)
    expected = results_frame(read_many([files], jobs=1).certificates)
    table = pq.read_table(tmp_path / "out" / "results.parquet").to_pandas(types_mapper=None)
    assert list(table.columns) == list(expected.columns)
    assert len(table) == len(expected) > 0
    for column in expected.columns:
        ours, theirs = (frame[column].astype(object).where(frame[column].notna(), None) for frame in (table, expected))
        assert ours.tolist() == theirs.tolist(), column


def test_a_stopped_reading_goes_on(files: Path, stopped: Path, undisturbed: Path) -> None:
    """The same call reads what is left alone, and leaves what an undisturbed run does, byte for byte."""
    assert read_before(stopped) == 3
    told: list[int] = []
    kept = read_to(stopped, [files], jobs=1, progress=lambda done, _total, _file: told.append(done))
    assert (kept.resumed, kept.changed) == (3, 0)
    assert told == list(range(3, kept.read + kept.failed + 1))
    assert contents(stopped) == contents(undisturbed)


@pytest.mark.parametrize("cut", [1, 5000])
def test_a_torn_end_is_read_again(files: Path, stopped: Path, undisturbed: Path, cut: int) -> None:
    """A line that was not written to its end is cut off, and its file read again."""
    journal = stopped / "unfinished" / "journal"
    os.truncate(journal, journal.stat().st_size - cut)
    assert read_to(stopped, [files], jobs=1).resumed == 2
    assert contents(stopped) == contents(undisturbed)


def test_a_damaged_line_is_read_again(files: Path, stopped: Path, undisturbed: Path) -> None:
    """A byte that has changed in the journal is noticed, and no record rests on it."""
    journal = stopped / "unfinished" / "journal"
    data = bytearray(journal.read_bytes())
    data[data.index(b"\n") + 300] ^= 1
    journal.write_bytes(data)
    read_to(stopped, [files], jobs=1)
    assert contents(stopped) == contents(undisturbed)


def test_a_changed_file_is_read_again(stopped_once: Path, files: Path, fixtures: Path, tmp_path: Path) -> None:
    """A file that is another than the one read before the stop is told and read again."""
    folder, out = shutil.copytree(files, tmp_path / "files"), tmp_path / "out"
    journal = (stopped_once / "unfinished" / "journal").read_text(encoding="utf-8")
    _write_journal(out, journal.replace(str(files), str(folder)))
    shutil.copy(fixtures / "layouts" / "classic_grid.pdf", folder / "dt-23-04.pdf")
    kept = read_to(out, [folder], jobs=1)
    assert (kept.resumed, kept.changed) == (2, 1)
    records = [json.loads(line) for line in (out / "certificates.jsonl").read_text(encoding="utf-8").splitlines()]
    assert [len(record["results"]) for record in records if record["source"]["path"].endswith("dt-23-04.pdf")] == [53]


def _write_journal(out: Path, text: str) -> None:
    """Write a journal whose lines have the right checksums."""
    (out / "unfinished").mkdir(parents=True)
    bodies = [line.partition("\t")[2].encode() for line in text.splitlines(keepends=True)]
    lines = [f"{zlib.crc32(body):08x}\t".encode() + body for body in bodies]
    (out / "unfinished" / "journal").write_bytes(b"".join(lines))


@pytest.mark.parametrize("other", [{"ocr": False}, {"seconds": 30}, {"password": "guess"}, {"parquet": True}])
def test_a_reading_begun_otherwise_is_refused(files: Path, stopped: Path, other: dict[str, object]) -> None:
    """With other arguments nothing is added to what was read."""
    before = contents(stopped)
    with pytest.raises(OutputExistsError, match="begun otherwise"):
        read_to(stopped, [files], **other)  # type: ignore[arg-type]
    assert contents(stopped) == before


def test_a_reading_begun_otherwise_is_thrown_away_by_force(files: Path, stopped: Path) -> None:
    """``force`` begins anew."""
    assert read_to(stopped, [files], jobs=1, ocr=False, force=True) == (4, 0, 2, 0, 0)


def test_another_vocabulary_is_refused(files: Path, stopped: Path, tmp_path: Path) -> None:
    """A vocabulary of one's own is told by what it holds."""
    (tmp_path / "extra.toml").write_text('[[analyte]]\nid = "mitragynine"\nnames = ["nonsense of nobody"]\n')
    with pytest.raises(OutputExistsError, match="vocabulary was the package's own and is digest"):
        read_to(stopped, [files], vocabulary=Vocabulary.load(tmp_path / "extra.toml"))


def test_what_is_finished_is_left_alone(files: Path, undisturbed: Path, tmp_path: Path) -> None:
    """The same call does nothing a second time; with other files it needs ``force``, and then replaces all."""
    out = shutil.copytree(undisturbed, tmp_path / "out")
    told: list[int] = []
    again = read_to(out, [files], progress=lambda done, *_: told.append(done))
    assert (again.read, again.failed, again.resumed, told) == (4, 2, 6, [])
    with pytest.raises(OutputExistsError, match="a reading of other files"):
        read_to(out, [files / "a.pdf"])
    with pytest.raises(OutputExistsError, match="done otherwise: table was csv and is parquet"):
        read_to(out, [files], parquet=True)
    assert read_to(out, [files / "a.pdf"], jobs=1, parquet=True, force=True).failed == 1
    assert sorted(contents(out)) == ["certificates.jsonl", "failures.csv", "reading.json", "results.parquet"]


def test_one_process_reads_into_a_folder(files: Path, stopped: Path) -> None:
    """While a folder is read into, another process may not."""

    def intrude(*_: object) -> None:
        with pytest.raises(OutputExistsError, match="another process"):
            read_to(stopped, [files])

    read_to(stopped, [files], jobs=1, progress=intrude)


@pytest.fixture
def journal(tmp_path: Path) -> Iterator[Journal]:
    with Journal(tmp_path / "journal", {"software": "1"}, force=False) as journal:
        yield journal


def test_a_file_that_could_not_be_opened_is_tried_again(journal: Journal) -> None:
    """What may have been a matter of the moment is not kept as a failure; what the file is at fault for is."""
    journal.append(Due(0, Path("a.pdf"), "1 1"), UnreadableFileError("cannot be read"))
    journal.append(Due(1, Path("b.pdf"), "1 1"), EncryptedPdfError("encrypted"))
    assert [head.may_change for _, head in journal.recover()] == [True, False]


def test_a_journal_keeps_any_text(journal: Journal) -> None:
    """Names that are no UTF-8, tabs and line ends come back as they were."""
    name = os.fsdecode(b"a\xff\tb\n.pdf")
    place = journal.append(Due(0, Path(name), "1 1"), Reading('{"a":"\\u0009Δ"}', '"x\\ty\\n"', "00", 1, 0))
    head, record, table = journal.entry(place)
    assert (head.file, record, table) == (name, '{"a":"\\u0009Δ"}', "x\ty\n")
