"""Many items through sandboxes: in child processes of ours, or in those of any executor's workers.

A window of items is under way at any time, so that neither items nor answers pile up.
"""

from __future__ import annotations

import pickle
import threading
import zlib
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Executor, Future, ThreadPoolExecutor, wait
from contextlib import ExitStack
from functools import partial
from itertools import islice
from typing import Any, Generic, TypeVar

from kratom_quality.errors import ExecutorError, KilledReaderError, KratomQualityError
from kratom_quality.limits import DEFAULT_LIMITS, ReadingLimits
from kratom_quality.reading.sandbox import Sandbox

Item = TypeVar("Item")
Answer = TypeVar("Answer")
Fetch = Callable[[Item], object]

UNDER_WAY = 64  # with an executor that does not say how many workers it has
_ATTEMPTS = 3  # a child that something outside killed, such as a system short of memory, is no fault of the file


def run_all(
    function: Callable[[Any], Answer],
    items: Iterable[Item],
    *,
    jobs: int,
    seconds: float,
    limits: ReadingLimits = DEFAULT_LIMITS,
    fetch: Fetch[Item] | None = None,
    executor: Executor | None = None,
) -> Iterator[tuple[Item, Answer | KratomQualityError]]:
    """Yield ``(item, function(item))`` for every item as it is done; an error stands in for the answer it prevented.

    Parameters
    ----------
    function
        What the sandboxed children run; it, the items and the answers must pickle.
    jobs
        Number of child processes; with an executor, how many items are under way at once.
    seconds
        Time limit for one item.
    limits
        What else a child is held to.
    fetch
        Run outside the sandbox, where the network is in reach; the function is given what it returns.
    executor
        Whose workers keep the children, one each; threads of this process where None.

    Raises
    ------
    ExecutorError
        If the executor lost its workers.
    """
    if executor is not None:
        job = zlib.compress(pickle.dumps((function, seconds, limits, fetch)))
        return _on_executor(executor, partial(_answer_in_kept_child, job), items, jobs)
    return _in_threads(Sandboxes(function, seconds, limits, fetch), items, jobs)


def _in_threads(
    sandboxes: Sandboxes[Answer], items: Iterable[Item], jobs: int
) -> Iterator[tuple[Item, Answer | KratomQualityError]]:
    with ExitStack() as stack:
        stack.callback(sandboxes.close)
        threads = stack.enter_context(ThreadPoolExecutor(jobs))
        stack.callback(sandboxes.kill)  # a caller who stops early does not wait for the items under way
        stack.callback(threads.shutdown, wait=False, cancel_futures=True)
        for item, future in _as_done(lambda item: threads.submit(sandboxes, item), items, 2 * jobs):
            yield item, future.result()


def _on_executor(
    executor: Executor, answer: Callable[[Item], Answer | KratomQualityError], items: Iterable[Item], window: int
) -> Iterator[tuple[Item, Answer | KratomQualityError]]:
    try:
        for item, future in _as_done(lambda item: executor.submit(answer, item), items, window):
            yield item, future.result()
    except KratomQualityError:
        raise
    except Exception as error:  # what was read has its errors as answers, so this is the executor's own, of any kind
        raise ExecutorError(
            f"the executor's workers were lost ({type(error).__name__}: {error}); see why in their logs, and start it"
            " again: a reading into a folder goes on where it stopped"
        ) from error
    finally:
        _release_kept()


def _as_done(
    submit: Callable[[Item], Future[Answer]], items: Iterable[Item], window: int
) -> Iterator[tuple[Item, Future[Answer]]]:
    """Yield items as they are done, each with its future; at most a window of them is submitted and not yet yielded."""
    waiting = iter(items)
    under_way: dict[Future[Answer], Item] = {}
    try:
        while True:
            for item in islice(waiting, window - len(under_way)):
                under_way[submit(item)] = item
            if not under_way:
                return
            for future in wait(under_way, return_when=FIRST_COMPLETED).done:
                yield under_way.pop(future), future
    finally:
        for future in under_way:
            future.cancel()


class Sandboxes(Generic[Answer]):
    """Children that answer calls of one function, as many as are called at once."""

    def __init__(
        self, function: Callable[[Any], Answer], seconds: float, limits: ReadingLimits, fetch: Fetch[Any] | None
    ) -> None:
        self._function = function
        self._seconds = seconds
        self._limits = limits
        self._fetch = fetch
        self._all: list[Sandbox[object, Answer]] = []
        self._idle: list[Sandbox[object, Answer]] = []
        self._is_over = False
        self._is_closed = False
        self._lock = threading.Lock()

    def __call__(self, item: object) -> Answer | KratomQualityError:
        """Return what the function makes of an item in a child, or the error that prevented it."""
        try:
            given = self._fetch(item) if self._fetch else item
        except ExecutorError:
            raise
        except KratomQualityError as error:
            return error
        sandbox = self._take()
        try:
            return _answer(sandbox, given)
        finally:
            self._give_back(sandbox)

    def _take(self) -> Sandbox[object, Answer]:
        with self._lock:
            if self._idle:
                return self._idle.pop()
            sandbox = Sandbox(self._function, self._seconds, self._limits)
            if self._is_over:
                sandbox.kill()
            self._all.append(sandbox)
            return sandbox

    def _give_back(self, sandbox: Sandbox[object, Answer]) -> None:
        with self._lock:
            if not self._is_closed:
                self._idle.append(sandbox)
                return
        sandbox.close()

    def kill(self) -> None:
        """End the children, whatever they are doing; calls under way fail, and so do later ones."""
        with self._lock:
            self._is_over = True
            for sandbox in self._all:
                sandbox.kill()

    def close(self) -> None:
        """Let go of the children, of those that are called now after their call."""
        with self._lock:
            self._is_closed = True
            for sandbox in self._idle:
                sandbox.close()
            self._idle.clear()


def _answer(sandbox: Sandbox[object, Answer], given: object, attempts: int = _ATTEMPTS) -> Answer | KratomQualityError:
    try:
        return sandbox(given)
    except KratomQualityError as error:
        if isinstance(error, KilledReaderError) and attempts > 1:
            return _answer(sandbox, given, attempts - 1)
        return error


_kept: dict[bytes, Sandboxes[Any]] = {}
"""In a worker of an executor: the children of the job it works on."""
_kept_lock = threading.Lock()


def _answer_in_kept_child(job: bytes, item: object) -> Any:
    with _kept_lock:
        if job not in _kept:
            _release()
            _kept[job] = Sandboxes(*pickle.loads(zlib.decompress(job)))
        sandboxes = _kept[job]
    return sandboxes(item)


def _release_kept() -> None:
    """Let go of children kept in this process, which is the executor's worker too where that has threads alone."""
    with _kept_lock:
        _release()


def _release() -> None:
    for sandboxes in _kept.values():
        sandboxes.close()
    _kept.clear()
