"""A Dask cluster as an executor (extra ``dask``); the one module that imports distributed."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import Executor
from contextlib import contextmanager
from importlib.util import find_spec

from kratom_quality.errors import ExecutorError, MissingExtraError

_SECONDS_TO_CONNECT = 10
_FILES_A_THREAD = 4  # given to the cluster at once, so that no worker waits for the next


@contextmanager
def connected(address: str) -> Iterator[tuple[Executor, int]]:
    """Connect to a cluster's scheduler; give its executor, and how many files to give it at once.

    Raises
    ------
    MissingExtraError
        If distributed is not installed.
    ExecutorError
        If no scheduler answers there, or it has no workers.
    """
    if find_spec("distributed") is None:
        raise MissingExtraError("reading on a Dask cluster needs distributed: pip install 'kratom-quality[dask]'")
    from distributed import Client

    try:
        client = Client(address, timeout=_SECONDS_TO_CONNECT, set_as_default=False)
    except (OSError, ValueError) as error:
        raise ExecutorError(f"{address}: no Dask scheduler answers there ({error}); see that it runs") from error
    with client:
        threads = sum(client.nthreads().values())
        if not threads:
            raise ExecutorError(f"{address}: the Dask scheduler has no workers; start some")
        yield client.get_executor(), _FILES_A_THREAD * threads
