"""Is what was read into a folder the same whatever was killed on the way, byte for byte.

    python -m benchmarks.chaos [--files 400] [--kills 50] [--seed 1] [--folder DIR]

The command ``read --out`` reads certificates while it, or one of the processes that read for it, is killed at random
moments, from its start to its end. A command that was killed is given again. Whenever one ends, what it wrote is held
against what an undisturbed run wrote, and the next begins with nothing.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

import psutil

import kratom_quality
from benchmarks.varied import contents, write_varied

_SOURCES = Path(kratom_quality.__file__).parents[1]
_LEAST_TO_GO_ON = 0.02  # seconds


class Command:
    """The command as a person gives it, which may be given again."""

    def __init__(self, files: Path, out: Path, jobs: int) -> None:
        self._arguments = [sys.executable, "-m", "kratom_quality", "read", str(files), "--out", str(out), "--no-ocr"]
        self._arguments += ["--jobs", str(jobs)]
        self.start()

    def start(self) -> None:
        """Give the command."""
        environment = {**os.environ, "PYTHONPATH": str(_SOURCES)}
        self._process = subprocess.Popen(self._arguments, stderr=subprocess.PIPE, env=environment)

    def ended_within(self, seconds: float) -> bool:
        """Wait for the end; an end that is none of ours must be a good one."""
        try:
            _, said = self._process.communicate(timeout=seconds)
        except subprocess.TimeoutExpired:
            return False
        if self._process.returncode:
            raise SystemExit(f"the command ended with {self._process.returncode}: {said.decode()}")
        return True

    def kill(self) -> None:
        """Kill the command, and leave its readers to themselves."""
        self._process.kill()
        self._process.communicate()

    def kill_a_reader(self, random: Random) -> bool:
        """Kill one of the processes that read; False where there is none now."""
        try:
            readers = psutil.Process(self._process.pid).children(recursive=True)
            random.choice(sorted(readers, key=lambda reader: reader.pid)).kill()
        except (psutil.NoSuchProcess, IndexError):
            return False
        return True


def disturb(files: Path, out: Path, kills: int, longest: float, random: Random, jobs: int = 2) -> Iterator[str]:
    """Read with so many kills, up to ``longest`` seconds apart; yield what was killed, and ``done`` at each end."""
    command = Command(files, out, jobs)
    while kills:
        if command.ended_within(max(_LEAST_TO_GO_ON, random.uniform(0, longest))):
            yield "done"
            shutil.rmtree(out)
            command.start()
        elif random.random() < 0.5:
            command.kill()
            kills -= 1
            yield "command"
            command.start()
        elif command.kill_a_reader(random):
            kills -= 1
            yield "reader"
    if not command.ended_within(3600):
        raise SystemExit("the command does not end")
    yield "done"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--files", type=int, default=400)
    parser.add_argument("--kills", type=int, default=50)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--folder", type=Path, help="where files and outputs are left")
    options = parser.parse_args()
    with TemporaryDirectory() as temporary:
        place = options.folder or Path(temporary)
        files = write_varied(place / "files", options.files)
        shutil.rmtree(place / "undisturbed", ignore_errors=True)
        shutil.rmtree(place / "out", ignore_errors=True)
        started = time.perf_counter()
        if not Command(files, place / "undisturbed", 2).ended_within(3600):
            raise SystemExit("the undisturbed command does not end")
        longest = (time.perf_counter() - started) / 2
        expected, differing = contents(place / "undisturbed"), 0
        print(f"{options.files} files, undisturbed in {2 * longest:.0f} s, {sum(map(len, expected.values()))} bytes")
        kills = 0
        for what in disturb(files, place / "out", options.kills, longest, Random(options.seed)):
            if what == "done":
                same = contents(place / "out") == expected
                differing += not same
                print(f"after {kills} kills: {'identical' if same else 'DIFFERENT'}", flush=True)
            else:
                kills += 1
                print(f"kill {kills}: {what}", flush=True)
    print(f"{kills} kills, {differing} outputs that differ")
    return int(differing > 0)


if __name__ == "__main__":
    raise SystemExit(main())
