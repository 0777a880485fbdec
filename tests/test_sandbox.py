"""Child processes: what they answer, and that a lost one costs one item only."""

from __future__ import annotations

import ctypes
import os
import platform
import socket
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import pytest

from kratom_quality.batch import run_all
from kratom_quality.errors import KratomQualityError, LimitExceededError, NotAPdfError, ReadingFailedError
from kratom_quality.limits import DEFAULT_LIMITS, ReadingLimits
from kratom_quality.reading.pdfium import read_pages
from kratom_quality.reading.sandbox import Sandbox
from misdeeds import call_in_c, command, limit_of_processor


def answers(function, items, *, seconds=60.0, jobs=2):
    return dict(run_all(function, items, jobs=jobs, seconds=seconds))


def test_every_item_is_answered():
    """Each item comes back once, with its answer."""
    assert answers(abs, [-3, -2, 1]) == {-3: 3, -2: 2, 1: 1}


def test_calls_run_outside_this_process():
    """The function runs in a child, so what it does to its process leaves ours alone."""
    before = os.getcwd()  # noqa: PTH109
    assert answers(os.chdir, ["/"]) == {"/": None}
    assert os.getcwd() == before  # noqa: PTH109


def test_typed_errors_cross_the_border():
    """An error of this package raised in the child arrives as itself."""
    outcome = answers(read_pages, [b""])[b""]
    assert isinstance(outcome, NotAPdfError)
    assert "empty" in str(outcome)


def test_a_defect_keeps_its_traceback():
    """An exception nobody foresaw becomes ReadingFailedError, with the traceback in a note."""
    outcome = answers(abs, ["text"])["text"]
    assert isinstance(outcome, ReadingFailedError)
    assert "TypeError" in str(outcome)
    assert "Traceback" in "".join(outcome.__notes__)


def test_a_hanging_item_costs_its_own_time_only():
    """An item over the time limit becomes an error that says so; the next item gets a fresh child."""
    outcome = answers(time.sleep, [0.0, 600.0, 0.1], seconds=3.0, jobs=1)
    assert outcome[0.0] is None
    assert outcome[0.1] is None
    assert "longer than 3 s" in str(outcome[600.0])


@pytest.mark.parametrize(
    ("function", "item", "ending"),
    [(os._exit, 0, "exit code 0"), (os._exit, 7, "exit code 7"), (ctypes.string_at, 0, "Segmentation fault")],
)
def test_a_dying_child_costs_one_item(function, item, ending):
    """A child that exits or crashes gives an error naming how it ended; the next item gets a fresh child."""
    outcome = answers(function, [item, "unfit"], jobs=1)
    assert isinstance(outcome[item], ReadingFailedError)
    assert ending in str(outcome[item])
    assert "died" not in str(outcome["unfit"])


def test_a_script_needs_no_main_guard(tmp_path):
    """A plain script may read in child processes at its top level; it is not run a second time."""
    script = tmp_path / "script.py"
    script.write_text("from kratom_quality.batch import run_all\nprint(dict(run_all(abs, [-1], jobs=1, seconds=60)))\n")
    ran = subprocess.run([sys.executable, script], capture_output=True, text=True, check=False)
    assert (ran.stdout, ran.stderr) == ("{-1: 1}\n", "")


def test_stopping_early_does_not_wait():
    """A caller who takes the first answer and leaves does not wait for the items under way."""
    started = time.monotonic()
    running = run_all(time.sleep, [600.0, 0.0, 601.0], jobs=2, seconds=300)
    assert next(running) == (0.0, None)
    running.close()
    assert time.monotonic() - started < 60


def test_no_child_is_started_after_the_end():
    """A call that comes after a sandbox was ended fails; it does not start a child that nobody would end."""
    sandbox = Sandbox(time.sleep, 300.0)
    sandbox.kill()
    with pytest.raises(ReadingFailedError, match="stopped"):
        sandbox(600.0)


@pytest.mark.parametrize(
    ("function", "item"),
    [
        (socket.create_connection, ("127.0.0.1", 9)),
        (socket.gethostbyname, "localhost"),
        (subprocess.call, ["true"]),
        (os.system, "true"),
        (os.mkdir, "made_by_a_child"),
        (os.remove, "no_such_file"),
        (Path.touch, Path("made_by_a_child")),
    ],
    ids=lambda value: getattr(value, "__name__", None),
)
def test_a_child_reaches_nothing(function, item):
    """Networks, programs and files that are not its own are refused, and the refusal says so."""
    before = sorted(os.listdir())  # noqa: PTH208
    outcome = answer(function, item)
    assert isinstance(outcome, ReadingFailedError)
    assert "not allowed while reading" in str(outcome)
    assert sorted(os.listdir()) == before  # noqa: PTH208


def answer(function, item, limits=DEFAULT_LIMITS):
    with closing(Sandbox(function, 60.0, limits)) as sandbox:
        try:
            return sandbox(item)
        except KratomQualityError as error:
            return error


@pytest.mark.skipif(
    sys.platform != "linux" or platform.machine() not in ("x86_64", "aarch64"),
    reason="the kernel's filter is not there",
)
@pytest.mark.parametrize("call", ["socket", "fork", "execv", "kill", "io_uring_setup"])
def test_the_kernel_refuses_what_python_does_not_see(call):
    """Code in C that knows nothing of Python's rules cannot open a socket, start a program or touch a process."""
    outcome = answer(call_in_c, call)
    assert outcome == -1, outcome


def test_an_answer_is_never_code():
    """A child that answers with anything but plain data is not believed, and nothing it names is called."""
    outcome = answer(command, None)
    assert isinstance(outcome, ReadingFailedError)
    assert "no plain data" in str(outcome)


def test_an_answer_has_a_largest_size():
    """A child cannot fill its parent with what it hands over."""
    outcome = answer(bytes, 10 << 20, ReadingLimits(reply_bytes=1 << 20))
    assert isinstance(outcome, LimitExceededError)
    assert "reply_bytes" in str(outcome)


@pytest.mark.skipif(sys.platform != "linux", reason="where the system holds a process to its memory")
def test_memory_is_limited_and_the_next_item_is_not_the_worse_for_it():
    """Too much memory is an error that names the limit; the same sandbox goes on."""
    with closing(Sandbox(bytes, 60.0, ReadingLimits(memory_bytes=300 << 20))) as sandbox:
        with pytest.raises(LimitExceededError, match="memory_bytes"):
            sandbox(1 << 30)
        assert sandbox(3) == b"\0\0\0"


@pytest.mark.skipif(sys.platform == "win32", reason="where the system holds a process to its processor time")
def test_processor_time_is_limited():
    """A child whose parent is gone does not use the processor for ever: the system ends it a little past its limit."""
    limit, used = answer(limit_of_processor, None)
    assert used < limit <= used + 2 * 60 + 3
