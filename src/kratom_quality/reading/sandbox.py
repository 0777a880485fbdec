"""Child processes that read for us, each of which may hang or die without loss to the others.

The children are plain ``python`` processes, spoken to through pipes. Unlike ``multiprocessing``, nothing is forked
under running threads, and a caller's script needs no ``if __name__ == "__main__"``. They guard against hangs and
crashes, not against malice.
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
from typing import IO, Generic, TypeVar, cast

from kratom_quality.errors import KilledReaderError, KratomQualityError, ReadingFailedError

Item = TypeVar("Item")
Answer = TypeVar("Answer")

_KILLED = frozenset({-9, -15})  # SIGKILL and SIGTERM, which a process does not send itself
_CHILD = (
    "import pickle, sys; sys.path[:] = pickle.load(sys.stdin.buffer); "
    "from kratom_quality.reading.sandbox import serve; serve()"
)


class Sandbox(Generic[Item, Answer]):
    """One child process that answers calls of one function; a child that is lost is replaced at the next call."""

    def __init__(self, function: Callable[[Item], Answer], seconds: float) -> None:
        self._function = function
        self._seconds = seconds
        self._child: _Child | None = None
        self._is_over = False
        self._lock = threading.Lock()  # no child may be started behind the back of kill()

    def __call__(self, item: Item) -> Answer:
        """Return ``function(item)``, run in the child.

        Raises
        ------
        KratomQualityError
            Whatever error of this package the function raised.
        ReadingFailedError
            If the time limit passed, the child died, or the function raised anything else; a note holds the traceback.
        """
        with self._lock:
            if self._is_over:
                raise ReadingFailedError("reading was stopped before this file's turn; start it again")
            child, is_new = self._living_child()
        messages = [sys.path, self._function, item] if is_new else [item]
        answer, error = child.ask(messages, self._seconds)
        if error is not None:
            raise error
        return cast(Answer, answer)

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

    def ask(self, messages: Sequence[object], seconds: float) -> tuple[object, KratomQualityError | None]:
        """Send the messages and return the reply; a reply after the time limit counts as none."""
        started = time.monotonic()
        timer = threading.Timer(seconds, self._process.kill)
        timer.start()
        try:
            reply = self._exchange(messages)
        finally:
            timer.cancel()
            timer.join()  # from here on the timer cannot kill the child under its next call
        if time.monotonic() - started >= seconds:
            raise self._lost(f"it took longer than {seconds:g} s")
        if reply is None:
            ending = self._ending()
            kind = KilledReaderError if self._process.returncode in _KILLED else ReadingFailedError
            raise self._lost(f"the reading process died ({ending})", kind)
        return reply

    def kill(self) -> None:
        self._process.kill()

    def close(self) -> None:
        self._process.kill()
        self._process.communicate()
        self._log.close()

    def _exchange(self, messages: Sequence[object]) -> tuple[object, KratomQualityError | None] | None:
        try:
            self._requests.write(b"".join(pickle.dumps(message) for message in messages))
            self._requests.flush()
            return cast("tuple[object, KratomQualityError | None]", pickle.load(self._replies))
        except (EOFError, OSError, pickle.UnpicklingError):
            return None

    def _ending(self) -> str:
        code = self._process.wait()
        return f"signal {-code}, {signal.strsignal(-code)}" if code < 0 else f"exit code {code}"

    def _lost(self, reason: str, kind: type[ReadingFailedError] = ReadingFailedError) -> ReadingFailedError:
        self._process.kill()
        self._process.wait()
        self._log.seek(0)
        error = kind(f"reading was given up: {reason}; the other files are not affected")
        error.add_note(self._log.read().decode("utf-8", errors="backslashreplace"))
        return error


def serve() -> None:
    """Answer calls in the child until the parent closes the pipe."""
    requests = sys.stdin.buffer
    replies = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what a library prints must not end up among the replies
    function = pickle.load(requests)
    while True:
        try:
            item = pickle.load(requests)
        except EOFError:
            return
        replies.write(_reply(function, item))
        replies.flush()


def _reply(function: Callable[[Item], object], item: Item) -> bytes:
    try:
        return pickle.dumps((function(item), None))
    except KratomQualityError as error:
        return pickle.dumps((None, error))
    except Exception as defect:
        what = f"{type(defect).__name__}: {defect}"
        failure = ReadingFailedError(
            f"a defect of this package stopped the reading ({what}); please report it with the file"
        )
        failure.add_note(traceback.format_exc())
        return pickle.dumps((None, failure))
