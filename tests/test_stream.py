"""Outcomes as they come: whoever reads, the records are the same, few are held at once, and what is lost is told."""

from __future__ import annotations

import multiprocessing
import sys
import time
from collections.abc import Iterator
from concurrent.futures import Executor, ProcessPoolExecutor, ThreadPoolExecutor
from pathlib import Path

import psutil
import pytest

from kratom_quality import (
    Certificate,
    ExecutorError,
    KilledReaderError,
    ReadingFailedError,
    ReadingLimits,
    Vocabulary,
    read_many,
    read_stream,
)
from kratom_quality.batch import run_all
from kratom_quality.batch.one import Due, Reading, fetch

needs_posix = pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")


@pytest.fixture
def some(fixtures: Path) -> list[Path]:
    return [*sorted((fixtures / "certificates" / "dusty-thimble-kratom").glob("*.pdf"))[:3], fixtures / "bad"]


@pytest.fixture
def processes() -> Iterator[Executor]:
    with ProcessPoolExecutor(2, mp_context=multiprocessing.get_context("spawn")) as executor:
        yield executor


def said(outcomes: object) -> dict[str, str]:
    return {
        Path(file).name: outcome.model_dump_json() if isinstance(outcome, Certificate) else repr(outcome)
        for file, outcome in outcomes  # type: ignore[attr-defined]
    }


def test_a_stream_gives_what_a_batch_holds(some: list[Path]) -> None:
    """Each file comes once, with the same record or error."""
    batch = read_many(some, ocr=False)
    outcomes = list(read_stream(some, ocr=False))
    assert len(outcomes) == len(batch.certificates) + len(batch.failures)
    assert {one.source.path: one for one in batch.certificates} == {
        str(file): outcome for file, outcome in outcomes if isinstance(outcome, Certificate)
    }
    assert {failure.reason for failure in batch.failures} == {
        str(outcome) for _, outcome in outcomes if not isinstance(outcome, Certificate)
    }


def test_any_executor_serves(some: list[Path], processes: Executor) -> None:
    """Processes and threads of an executor give the records that our own children give."""
    ours = said(read_stream(some, ocr=False))
    assert said(read_stream(some, ocr=False, executor=processes)) == ours
    with ThreadPoolExecutor(2) as threads:
        assert said(read_stream(some, ocr=False, executor=threads)) == ours


def test_a_vocabulary_reaches_the_workers(tmp_path: Path, some: list[Path], processes: Executor) -> None:
    """A vocabulary of one's own is that of the executor's workers too."""
    (tmp_path / "extra.toml").write_text('[[analyte]]\nid = "mitragynine"\nnames = ["nonsense of nobody"]\n')
    names = Vocabulary.load(tmp_path / "extra.toml")
    assert said(read_stream(some[:1], ocr=False, executor=processes, vocabulary=names)) == said(
        read_stream(some[:1], ocr=False, vocabulary=names)
    )


def test_items_are_taken_as_they_are_needed() -> None:
    """However many items there are, only a window of them is taken before the first answer."""
    taken = 0

    def items() -> Iterator[int]:
        nonlocal taken
        for number in range(-1_000_000, 0):
            taken += 1
            yield number

    answers = run_all(abs, items(), jobs=2, seconds=60)
    next(answers)
    assert taken < 10
    answers.close()  # type: ignore[attr-defined]


@needs_posix
@pytest.mark.parametrize(("kills", "gives_up"), [(1, False), (3, True)])
def test_a_child_killed_from_outside_reads_again(kills: int, gives_up: bool) -> None:
    """A child that something outside killed is no fault of the file, which another reads, but not without end."""
    with ThreadPoolExecutor(1) as beside:
        killing = beside.submit(_kill_children, kills)
        outcome = dict(run_all(time.sleep, [1.0], jobs=1, seconds=60))[1.0]
        killing.result()
    assert isinstance(outcome, KilledReaderError) if gives_up else outcome is None


def _kill_children(kills: int) -> None:
    """Kill so many children that read, one after another."""
    killed: set[int] = set()
    while len(killed) < kills:
        for child in psutil.Process().children():
            if child.pid not in killed and "kratom_quality" in " ".join(child.cmdline()):
                child.kill()
                killed.add(child.pid)
        time.sleep(0.02)


def test_lost_workers_are_told(some: list[Path], processes: Executor) -> None:
    """An executor whose workers die gives one error that says what to do, and no failures of files."""
    stream = read_stream(some * 3, ocr=False, executor=processes)
    next(stream)
    for process in processes._processes.values():  # type: ignore[attr-defined]
        process.kill()
    with pytest.raises(ExecutorError, match=r"workers were lost .*start it again"):
        list(stream)


def test_other_software_on_a_worker_is_an_error(some: list[Path]) -> None:
    """A worker with another version or other data files reads nothing, for its records may differ."""
    with pytest.raises(ExecutorError, match="another version"):
        fetch(Due(0, some[0], ""), expected="of another version", limits=ReadingLimits())


@pytest.mark.parametrize(
    "answer",
    [
        "text",
        ("{}", '""', "0" * 64, 1),
        ("{}", '""', "0" * 64, 1, "2"),
        ("{}\n{}", '""', "0" * 64, 1, 0),
        ("{}", '"a\tb"', "0" * 64, 1, 0),
        ("{}", '""', "../", 1, 0),
    ],
)
def test_what_no_reading_gives_is_not_written(answer: object) -> None:
    """An answer that would be more than a line on disk, or is another thing, is a failure: a file may have made it."""
    with pytest.raises(ReadingFailedError, match="what no reading gives"):
        Reading.of(answer)
