"""Reading many files: what a second process gains, whether throughput and memory stay flat, and that all ways agree.

    python -m benchmarks.scale speedup CERTIFICATES [--repeat 12] [--runs 3]
    python -m benchmarks.scale throughput --folder DIR [--counts 1000,10000,100000] [--like fixtures]
    python -m benchmarks.scale ways [--files 300]

``speedup`` reads a folder of real certificates, each so often that start-up does not rule, with one process and with
two, in turns; the best of each counts. ``throughput`` reads more and more generated certificates by ``read --out``; a
run that was stopped goes on when it is given again, and its time is the sum; what passes until the first file is read,
the start of the processes, is told apart. ``ways`` reads one folder in processes of
ours, an executor's and a Dask cluster's, from an archive and a ledger, and stopped and resumed, and holds the records
against each other. Promised are a speed-up of 1.7, a throughput within 10 %, and a parent below 500 MB.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import resource
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.varied import contents, write_varied
from kratom_quality import Certificate, Ledger, read_stream, read_to
from kratom_quality.batch.cluster import connected

LEAST_SPEEDUP, MOST_SLOWER, MOST_MEGABYTES = 1.7, 0.1, 500.0
_SECONDS_BETWEEN_NOTES = 10.0


def speedup(certificates: Path, repeat: int, runs: int) -> int:
    """Seconds with one process and with two."""
    seconds: dict[int, list[float]] = {1: [], 2: []}
    with TemporaryDirectory() as folder:
        files = _repeated(certificates, Path(folder), repeat)
        for run in range(runs):
            for jobs in seconds:
                started = time.perf_counter()
                for _ in read_stream(files, jobs=jobs, ocr=False):
                    pass
                seconds[jobs].append(time.perf_counter() - started)
                print(f"run {run + 1}: {len(files)} files, {jobs} processes: {seconds[jobs][-1]:.1f} s", flush=True)
    gained = min(seconds[1]) / min(seconds[2])
    print(f"speed-up from 1 to 2 processes: {gained:.2f} (promised: {LEAST_SPEEDUP})")
    return int(gained < LEAST_SPEEDUP)


def _repeated(certificates: Path, folder: Path, repeat: int) -> list[Path]:
    """Copies that no cache knows: each with a number at its end."""
    copies = []
    for nth in range(repeat):
        for number, file in enumerate(sorted(certificates.rglob("*.pdf"))):
            copies.append(folder / f"{nth:03d}-{number:03d}.pdf")
            copies[-1].write_bytes(file.read_bytes() + b"\n%% %d\n" % nth)
    return copies


def throughput(folder: Path, counts: Iterable[int], like: str) -> int:
    """Files a second and peak memory of the parent, count by count."""
    rates: list[float] = []
    peaks: list[float] = []
    for count in counts:
        print(f"making {count} certificates", flush=True)
        write_varied(folder / f"files-{count}", count, like=like)
        command = [sys.executable, "-m", "benchmarks.scale", "measured", str(count), "--folder", str(folder)]
        subprocess.run(command, check=True)
        measured = json.loads((folder / f"measured-{count}.json").read_text())
        rates.append(count / (measured["seconds"] - measured["until_first"]))
        peaks.append(measured["megabytes"])
        print(
            f"{count:>7} files: {measured['seconds']:.0f} s, {measured['until_first']:.1f} s of it until the first;"
            f" from there {rates[-1]:.1f} a second; parent at most {peaks[-1]:.0f} MB",
            flush=True,
        )
    slower = 1 - rates[-1] / rates[0]
    print(f"the last is {slower:+.1%} slower than the first (promised: {MOST_SLOWER:.0%}), parent {max(peaks):.0f} MB")
    return int(abs(slower) > MOST_SLOWER or max(peaks) > MOST_MEGABYTES)


def measured(folder: Path, count: int) -> int:
    """Read one folder in this process, which does nothing else, and note the time and the most memory it took."""
    note, out = folder / f"measured-{count}.json", folder / f"out-{count}"
    known = note.exists() and out.exists()
    before = json.loads(note.read_text()) if known else dict.fromkeys(("seconds", "until_first", "megabytes"), 0.0)
    first = 0.0
    started = last = time.perf_counter()

    def write_note() -> None:
        megabytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        seconds, until_first = before["seconds"] + time.perf_counter() - started, before["until_first"] + first
        found = {"seconds": seconds, "until_first": until_first, "megabytes": max(before["megabytes"], megabytes)}
        note.write_text(json.dumps(found))

    def progress(done: int, total: int, _: object) -> None:
        nonlocal first, last
        first = first or time.perf_counter() - started
        if time.perf_counter() - last > _SECONDS_BETWEEN_NOTES:
            last = time.perf_counter()
            write_note()
            print(f"  {done} of {total}, {last - started:.0f} s", flush=True)

    if not (out / "reading.json").exists():
        read_to(out, [folder / f"files-{count}"], ocr=False, progress=progress)
        write_note()
    return 0


def ways(count: int) -> int:
    """How many of the ways to read a folder give other records than the first."""
    with TemporaryDirectory() as temporary:
        files = write_varied(Path(temporary) / "files", count)
        expected = records_of(read_stream([files], ocr=False))
        differing = 0
        for name, way in WAYS.items():
            same = dict(way(files, Path(temporary))) == expected
            differing += not same
            print(f"{name:10} {'identical' if same else 'DIFFERENT'}", flush=True)
    return differing


def records_of(outcomes: Iterable[tuple[object, object]]) -> dict[str, str]:
    """Each file's record as JSON, or its error, by the file's name."""
    return {
        Path(str(file).partition("::")[0]).name: outcome.model_copy(
            update={"source": outcome.source.model_copy(update={"path": None})}
        ).model_dump_json()
        if isinstance(outcome, Certificate)
        else str(outcome)
        for file, outcome in outcomes
    }


def in_executor(files: Path, _: Path) -> dict[str, str]:
    """By the processes of an executor."""
    with ProcessPoolExecutor(2, mp_context=multiprocessing.get_context("spawn")) as executor:
        return records_of(read_stream([files], ocr=False, executor=executor))


def on_cluster(files: Path, _: Path) -> dict[str, str]:
    """By the worker processes of a Dask cluster."""
    from distributed import LocalCluster

    with (
        LocalCluster(n_workers=2, processes=True, threads_per_worker=1, dashboard_address="127.0.0.1:0") as cluster,
        connected(cluster.scheduler_address) as (executor, under_way),
    ):
        return records_of(read_stream([files], ocr=False, executor=executor, jobs=under_way))


def from_archive(files: Path, beside: Path) -> dict[str, str]:
    """From a zip archive."""
    with zipfile.ZipFile(beside / "files.zip", "w") as archive:
        for name, data in contents(files).items():
            archive.writestr(name, data)
    return records_of(read_stream([beside / "files.zip"], ocr=False))


def resumed(files: Path, beside: Path) -> dict[str, str]:
    """Into a folder, stopped half-way and resumed."""
    half = sum(1 for _ in files.rglob("*.pdf")) // 2

    def stop(done: int, *_: object) -> None:
        if done == half:
            raise KeyboardInterrupt

    try:
        read_to(beside / "out", [files], ocr=False, progress=stop)
    except KeyboardInterrupt:
        read_to(beside / "out", [files], ocr=False)
    return records_of(_from_lines(beside / "out" / "certificates.jsonl"))


def from_ledger(files: Path, beside: Path) -> dict[str, str]:
    """From a ledger that has read them before."""
    with Ledger.open(beside / "ledger.sqlite") as ledger:
        ledger.read([files], ocr=False)
        batch = ledger.read([files], ocr=False)
    return records_of((one.source.path, one) for one in batch)


def _from_lines(file: Path) -> Iterator[tuple[str, Certificate]]:
    with file.open(encoding="utf-8") as lines:
        for certificate in map(Certificate.model_validate_json, lines):
            yield certificate.source.path or "", certificate


WAYS: dict[str, Callable[[Path, Path], dict[str, str]]] = {
    "executor": in_executor,
    "Dask": on_cluster,
    "archive": from_archive,
    "resumed": resumed,
    "ledger": from_ledger,
}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parts = parser.add_subparsers(dest="part", required=True)
    part = parts.add_parser("speedup")
    part.add_argument("certificates", type=Path)
    part.add_argument("--repeat", type=int, default=12)
    part.add_argument("--runs", type=int, default=3)
    part = parts.add_parser("throughput")
    part.add_argument("--folder", type=Path, required=True)
    part.add_argument("--counts", default="1000,10000,100000")
    part.add_argument("--like", choices=("fixtures", "small"), default="fixtures")
    part = parts.add_parser("measured")
    part.add_argument("count", type=int)
    part.add_argument("--folder", type=Path, required=True)
    part = parts.add_parser("ways")
    part.add_argument("--files", type=int, default=300)
    options = parser.parse_args()
    match options.part:
        case "speedup":
            return speedup(options.certificates, options.repeat, options.runs)
        case "throughput":
            return throughput(options.folder, map(int, options.counts.split(",")), options.like)
        case "measured":
            return measured(options.folder, options.count)
        case _:
            return ways(options.files)


if __name__ == "__main__":
    raise SystemExit(main())
