"""Child processes that read for us, each of which may hang or die without loss to the others.

The children are plain ``python`` processes, spoken to through pipes. Unlike ``multiprocessing``, nothing is forked
under running threads, and a caller's script needs no ``if __name__ == "__main__"``. What a child may take and do is
limited (:mod:`kratom_quality.reading.confinement`), and what it hands over is read as plain data, never as code.
"""

from __future__ import annotations

import os
import pickle
import signal
import subprocess
import sys
import tempfile
import threading
import time
import traceback
from collections.abc import Callable, Sequence
from io import BytesIO
from typing import IO, Any, Generic, NamedTuple, TypeVar, cast

import kratom_quality.errors
from kratom_quality.errors import KilledReaderError, KratomQualityError, ReadingFailedError
from kratom_quality.limits import DEFAULT_LIMITS, ReadingLimits, over_limit
from kratom_quality.reading.confinement import (
    MOST_THREADS,
    hold_to_memory,
    hold_to_processor_time,
    refuse_all_but_reading,
    refuse_calls_of_the_system,
)

Item = TypeVar("Item")
Answer = TypeVar("Answer")

_KILLED = frozenset({-9, -15})  # SIGKILL and SIGTERM, which a process does not send itself
_CHILD = (
    "import pickle, sys; sys.path[:] = pickle.load(sys.stdin.buffer); "
    "from kratom_quality.reading.sandbox import serve; serve()"
)
# A library in C that is refused memory ends the process by one of these; it is laid to memory where much was used.
_FATAL = frozenset({1, -4, -5, -6})  # Python at its end of memory; SIGILL, SIGTRAP, SIGABRT
_TIME_TO_DIE = 2.0  # seconds between a closed pipe and the end of its process
_SHARE_OF_MEMORY = 0.25  # what grows by doubling is refused when it holds a third
_SIZE_BYTES = 8
_ROOM_FOR_AN_ERROR = 1 << 20
_LONGEST_NOTE = 1 << 16
_OUT_OF_TIME = getattr(signal, "SIGXCPU", None)


class Sandbox(Generic[Item, Answer]):
    """One child process that answers calls of one function; a child that is lost is replaced at the next call.

    Parameters
    ----------
    function
        It and its items must pickle; its answers are plain data: text, bytes, numbers, and containers of them.
    seconds
        Time limit for one item.
    limits
        What else the child is held to.
    """

    def __init__(
        self, function: Callable[[Item], Answer], seconds: float, limits: ReadingLimits = DEFAULT_LIMITS
    ) -> None:
        self._function = function
        self._seconds = seconds
        self._limits = limits
        self._child: _Child | None = None
        self._is_over = False
        self._lock = threading.Lock()  # no child may be started behind the back of kill()

    def __call__(self, item: Item) -> Answer:
        """Return ``function(item)``, run in the child.

        What an item is answered does not depend on those before it: where a child that was asked before has died or
        has no memory left, a fresh one is asked again.

        Raises
        ------
        KratomQualityError
            Whatever error of this package the function raised.
        LimitExceededError
            If the child was stopped for its time, its memory or the size of its answer.
        ReadingFailedError
            If the child died, or the function raised anything else; a note holds the traceback.
        """
        try:
            return self._ask(item)
        except _UsedChildError:
            return self._ask(item)

    def _ask(self, item: Item) -> Answer:
        with self._lock:
            if self._is_over:
                raise ReadingFailedError("reading was stopped before this file's turn; start it again")
            child, is_new = self._living_child()
        first = [sys.path, self._limits.memory_bytes, self._seconds, self._limits.reply_bytes, self._function]
        reply = child.ask([*first, item] if is_new else [item], self._seconds, self._limits)
        if reply.is_exhausted:
            child.kill()
        if reply.is_exhausted and not is_new and not self._is_over:
            raise _UsedChildError
        if reply.error is not None:
            raise reply.error
        return cast(Answer, reply.answer)

    def _living_child(self) -> tuple[_Child, bool]:
        """The child, and whether it was started just now."""
        if self._child is not None and self._child.alive:
            return self._child, False
        self.close()
        self._child = _Child()
        return self._child, True

    def kill(self) -> None:
        """End the child, whatever it is doing, for good: a call under way fails, and so does every later one."""
        with self._lock:
            self._is_over = True
            if self._child is not None:
                self._child.kill()

    def close(self) -> None:
        """End the child and let go of its pipes; no call may be under way."""
        if self._child is not None:
            self._child.close()


class _UsedChildError(Exception):
    """A child that had answered before can answer no more; a fresh one may."""


class _Reply(NamedTuple):
    """An answer, or the error in its place; and whether the child is of no more use."""

    answer: object
    error: KratomQualityError | None
    is_exhausted: bool = False


class _Child:
    """A running child process, its two pipes, and the log it leaves when it dies."""

    def __init__(self) -> None:
        self._log = tempfile.TemporaryFile()  # noqa: SIM115  # closed by close()
        command = [sys.executable, "-P", "-X", "faulthandler", "-c", _CHILD]
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=self._log)
        self._requests = cast("IO[bytes]", self._process.stdin)
        self._replies = cast("IO[bytes]", self._process.stdout)

    @property
    def alive(self) -> bool:
        return self._process.poll() is None

    def ask(self, messages: Sequence[object], seconds: float, limits: ReadingLimits) -> _Reply:
        """Send the messages and return the reply; a reply after the time limit counts as none."""
        started = time.monotonic()
        timer = threading.Timer(seconds, self._process.kill)
        timer.start()
        try:
            reply = self._exchange(messages, limits.reply_bytes)
        finally:
            timer.cancel()
            timer.join()  # from here on the timer cannot kill the child under its next call
        if time.monotonic() - started >= seconds:
            raise self._lost(over_limit("seconds", seconds, f"reading was given up: it took longer than {seconds:g} s"))
        return reply if reply is not None else self._death(seconds, limits.memory_bytes)

    def kill(self) -> None:
        self._process.kill()

    def close(self) -> None:
        self._process.kill()
        self._process.communicate()
        self._log.close()

    def _exchange(self, messages: Sequence[object], most_bytes: int) -> _Reply | None:
        try:
            self._requests.write(b"".join(pickle.dumps(message) for message in messages))
            self._requests.flush()
            size = int.from_bytes(self._replies.read(_SIZE_BYTES), "big")
            if size > most_bytes + _ROOM_FOR_AN_ERROR:
                raise self._lost(over_limit("reply_bytes", most_bytes, "what was read is too much to hand over"))
            frame = self._replies.read(size)
        except OSError:
            return None
        if not frame or len(frame) < size:
            return None
        try:
            return _Reply(*_Answers(BytesIO(frame)).load())
        except (EOFError, TypeError, ValueError, LookupError, AttributeError, pickle.UnpicklingError) as error:
            raise self._lost(
                ReadingFailedError(f"the reading process answered what is no plain data: {error}")
            ) from None

    def _death(self, seconds: float, memory: int) -> _Reply:
        """Say what the child died of."""
        code, most_used = self._end()
        ending = f"signal {-code}, {signal.strsignal(-code)}" if code < 0 else f"exit code {code}"
        if _OUT_OF_TIME is not None and code == -_OUT_OF_TIME:
            raise self._lost(over_limit("seconds", seconds, "reading was given up: it took too much of the processor"))
        if code in _FATAL and most_used > _SHARE_OF_MEMORY * memory:
            return _Reply(None, self._lost(_out_of_memory(memory)), is_exhausted=True)
        kind = KilledReaderError if code in _KILLED else ReadingFailedError
        error = kind(f"reading was given up: the reading process died ({ending}); the other files are not affected")
        return _Reply(None, self._lost(error), is_exhausted=True)

    def _end(self) -> tuple[int, int]:
        """The exit code of a child that has closed its pipe, and the most bytes it has held, 0 where none tells."""
        if sys.platform != "linux" or self._process.returncode is not None:
            return self._ended(), 0
        ended, status, usage = 0, 0, None
        deadline = time.monotonic() + _TIME_TO_DIE
        while not ended and time.monotonic() < deadline:
            ended, status, usage = os.wait4(self._process.pid, os.WNOHANG)  # Popen does not tell what was used
            time.sleep(0.0 if ended else 0.01)
        if not ended or usage is None:
            return self._ended(), 0
        self._process.returncode = os.waitstatus_to_exitcode(status)
        return self._process.returncode, 1024 * usage.ru_maxrss

    def _ended(self) -> int:
        try:
            return self._process.wait(_TIME_TO_DIE)
        except subprocess.TimeoutExpired:
            self._process.kill()
            return self._process.wait()

    def _lost(self, error: KratomQualityError) -> KratomQualityError:
        """End the child, and note on the error what it said last."""
        self._process.kill()
        self._process.wait()
        self._log.seek(max(0, self._log.seek(0, os.SEEK_END) - _LONGEST_NOTE))
        error.add_note(self._log.read().decode("utf-8", errors="backslashreplace"))
        return error


class _Answers(pickle.Unpickler):
    """Reads plain data and this package's errors: a child that a file has taken over must not command its parent."""

    def find_class(self, module: str, name: str) -> Any:
        found = getattr(kratom_quality.errors, name, None) if module == kratom_quality.errors.__name__ else None
        if isinstance(found, type) and issubclass(found, KratomQualityError):
            return found
        raise pickle.UnpicklingError(f"{module}.{name}")


def serve() -> None:
    """Answer calls in the child until the parent closes the pipe."""
    requests = sys.stdin.buffer
    replies = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what a library prints must not end up among the replies
    memory, seconds, most_bytes = pickle.load(requests), pickle.load(requests), pickle.load(requests)
    refuse_calls_of_the_system()
    hold_to_memory(memory)
    function = pickle.load(requests)
    refuse_all_but_reading()
    while True:
        try:
            item = pickle.load(requests)
        except EOFError:
            return
        _clear_log()
        hold_to_processor_time(MOST_THREADS * seconds)
        reply = _reply(function, item, memory)
        if len(reply) > most_bytes:
            reply = pickle.dumps(
                (None, over_limit("reply_bytes", most_bytes, f"the record takes {len(reply):,} bytes"))
            )
        replies.write(len(reply).to_bytes(_SIZE_BYTES, "big") + reply)
        replies.flush()


def _out_of_memory(memory: int) -> KratomQualityError:
    return over_limit("memory_bytes", memory, "reading was given up: it takes too much memory")


def _clear_log() -> None:
    os.lseek(2, 0, os.SEEK_SET)
    os.ftruncate(2, 0)


def _reply(function: Callable[[Item], object], item: Item, memory: int) -> bytes:
    """The pickled parts of a reply."""
    try:
        return pickle.dumps((function(item), None))
    except KratomQualityError as error:
        return pickle.dumps((None, error))
    except MemoryError:
        return pickle.dumps((None, _out_of_memory(memory), True))
    except Exception as defect:
        what = f"{type(defect).__name__}: {defect}"
        failure = ReadingFailedError(
            f"a defect of this package stopped the reading ({what}); please report it with the file"
        )
        failure.add_note(traceback.format_exc())
        return pickle.dumps((None, failure))
