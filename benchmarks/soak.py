"""Does the memory of reading stay flat: of the process that reads a folder, and of the processes that read for it.

    python -m benchmarks.soak [--files 5000] [--folder DIR]

Resident memory is taken at every fiftieth of the way, of this process and of the largest of its children. Growth is
from the median of the second fifth, when all is loaded and warm, to the median of the last.
"""

from __future__ import annotations

import argparse
import statistics
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

import psutil

from benchmarks.varied import write_varied
from kratom_quality import read_stream

_SAMPLES = 50
_MOST_GROWTH = 10.0  # MB


class Growth(NamedTuple):
    """Megabytes gained on the way, and held at its end."""

    parent: float
    readers: float
    parent_holds: float
    readers_hold: float


def soak(folder: Path, count: int, jobs: int = 2) -> Growth:
    """Read so many certificates and hold none."""
    this = psutil.Process()
    samples: list[tuple[float, float]] = []
    for done, _ in enumerate(read_stream([folder], jobs=jobs, ocr=False), 1):
        if done % max(1, count // _SAMPLES) == 0:
            readers = [_megabytes(child) for child in this.children(recursive=True)]
            samples.append((_megabytes(this), max(readers, default=0.0)))
    fifth = len(samples) // 5
    warm, last = samples[fifth : 2 * fifth], samples[-fifth:]
    (parent, readers_then), (parent_now, readers_now) = map(_medians, (warm, last))
    return Growth(parent_now - parent, readers_now - readers_then, parent_now, readers_now)


def _megabytes(process: psutil.Process) -> float:
    try:
        return float(process.memory_info().rss) / 1e6
    except psutil.NoSuchProcess:
        return 0.0


def _medians(samples: list[tuple[float, float]]) -> tuple[float, float]:
    parents, readers = zip(*samples, strict=True)
    return statistics.median(parents), statistics.median(readers)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--files", type=int, default=5000)
    parser.add_argument("--folder", type=Path, help="where the files are left")
    options = parser.parse_args()
    with TemporaryDirectory() as temporary:
        growth = soak(write_varied(options.folder or Path(temporary), options.files), options.files)
    print(f"parent  {growth.parent:+6.1f} MB, at {growth.parent_holds:.0f} MB")
    print(f"readers {growth.readers:+6.1f} MB, at {growth.readers_hold:.0f} MB")
    return int(max(growth.parent, growth.readers) > _MOST_GROWTH)


if __name__ == "__main__":
    raise SystemExit(main())
