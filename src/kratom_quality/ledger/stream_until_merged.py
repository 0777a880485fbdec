"""Stand-in until the batch package has read_stream, find_files and Batch.of."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from kratom_quality import batch as old
from kratom_quality.batch import Batch, Failure, Outcome


def require_files(paths: Iterable[str | Path]) -> tuple[list[Path], list[Failure]]:
    return old._find_files([Path(path) for path in paths])


def read_stream(paths: list[Path], **options: Any) -> Iterator[tuple[Path, Outcome]]:
    kept: dict[Path, Outcome] = {}
    real = old._batch
    try:
        old._batch = lambda outcomes, unlisted: kept.update(outcomes)  # type: ignore
        if paths:
            old.read_many(paths, **options)
    finally:
        old._batch = real
    yield from kept.items()


def batch_of(outcomes: Iterable[tuple[Path, Outcome]], unlisted: Iterable[Failure]) -> Batch:
    return old._batch(outcomes, unlisted)
