"""Thousands of damaged certificates, read as strangers' files are: what becomes of each, and of the process that asks.

    python -m benchmarks.fuzz [--files 20000] [--seed 1] [--jobs 2] [--seconds 20] [--keep FOLDER]

Every mutant of the fixtures (``tests/fuzz/mutants.py``) is read in a child process under the package's own limits. It
must come back as a record that validates, or as a typed error. A ReadingFailedError is a defect: of ours where it holds
a traceback, of a library in C where the process died. ``--keep`` writes those mutants into a folder.
"""

from __future__ import annotations

import argparse
import resource
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import ExitStack, closing
from pathlib import Path
from queue import SimpleQueue
from typing import NamedTuple

from tests.fuzz.mutants import mutant, read_mutant

from kratom_quality import Certificate
from kratom_quality.errors import KratomQualityError, LimitExceededError, ReadingFailedError
from kratom_quality.reading.sandbox import Sandbox

_GRACE = 2.0  # seconds past its limit in which a child that is killed must have ended
_IN_HAND = 200  # mutants; their answers are not kept


class Outcome(NamedTuple):
    """What became of a mutant, and in how long; the detail tells of a defect."""

    number: int
    seconds: float
    kind: str
    detail: str = ""


def read_all(numbers: range, seed: int, jobs: int, seconds: float) -> Iterator[Outcome]:
    """Yield what became of each mutant, in the order they end."""
    with ExitStack() as stack:
        idle: SimpleQueue[Sandbox[tuple[int, int], str]] = SimpleQueue()
        for _ in range(jobs):
            idle.put(stack.enter_context(closing(Sandbox(read_mutant, seconds))))
        threads = stack.enter_context(ThreadPoolExecutor(jobs))
        for start in range(0, len(numbers), _IN_HAND):
            part = numbers[start : start + _IN_HAND]
            for future in as_completed([threads.submit(read_one, idle, number, seed) for number in part]):
                yield future.result()


def read_one(idle: SimpleQueue[Sandbox[tuple[int, int], str]], number: int, seed: int) -> Outcome:
    sandbox = idle.get()
    started = time.perf_counter()
    try:
        Certificate.model_validate_json(sandbox((number, seed)))
        return Outcome(number, time.perf_counter() - started, "certificate")
    except KratomQualityError as error:
        kind = type(error).__name__
        if isinstance(error, LimitExceededError):
            kind += f" ({str(error).split('; the limit ')[-1].split(' ')[0]})"
        detail = "\n".join([str(error), *getattr(error, "__notes__", ())]) if is_defect(error) else ""
        return Outcome(number, time.perf_counter() - started, kind, detail)
    finally:
        idle.put(sandbox)


def is_defect(error: KratomQualityError) -> bool:
    return isinstance(error, ReadingFailedError)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--files", type=int, default=20_000)
    parser.add_argument("--first", type=int, default=0, help="number of the first mutant")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--seconds", type=float, default=20.0, help="time limit for one")
    parser.add_argument("--keep", type=Path, help="folder for mutants that show a defect")
    options = parser.parse_args()
    started = time.perf_counter()
    kinds: Counter[str] = Counter()
    slowest: list[Outcome] = []
    defects: list[Outcome] = []
    numbers = range(options.first, options.first + options.files)
    for outcome in read_all(numbers, options.seed, options.jobs, options.seconds):
        kinds[outcome.kind] += 1
        slowest = sorted([*slowest, outcome], key=lambda one: -one.seconds)[:5]
        if outcome.detail:
            defects.append(outcome)
            report_defect(outcome, options.seed, options.keep)
    for kind, count in kinds.most_common():
        print(f"{kind:45} {count:7,}")
    print(f"{'accounted for':45} {kinds.total():7,} of {options.files:,}")
    # A child died is asked again in a fresh one, so it may take twice its time.
    hangs = sum(outcome.seconds > 2 * options.seconds + _GRACE for outcome in slowest)
    print(f"{'hangs past the limit':45} {hangs:7,}")
    print(f"{'defects of ours (with a traceback)':45} {sum('Traceback' in one.detail for one in defects):7,}")
    print(f"{'processes lost to libraries in C':45} {sum('died' in one.detail for one in defects):7,}")
    for outcome in slowest:
        name, _ = mutant(outcome.number, options.seed)
        print(f"slowest: {outcome.seconds:6.2f} s  {outcome.kind}  {outcome.number} {name}")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{time.perf_counter() - started:.0f} s; peak memory of the parent {peak:.0f} MB")


def report_defect(outcome: Outcome, seed: int, folder: Path | None) -> None:
    name, data = mutant(outcome.number, seed)
    last = [line for line in outcome.detail.splitlines() if line.strip()]
    print(
        f"defect: mutant {outcome.number} of seed {seed} ({name}): {last[0]}\n    " + "\n    ".join(last[-6:]),
        flush=True,
    )
    if folder:
        folder.mkdir(parents=True, exist_ok=True)
        (folder / f"{seed}-{outcome.number}.pdf").write_bytes(data)


if __name__ == "__main__":
    main()
