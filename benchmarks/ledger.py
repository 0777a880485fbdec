"""How fast a ledger is: adding made-up certificates, finding what is new among known ones, asking for series.

Usage: ``python benchmarks/ledger.py [COUNT] [URL]``; a SQLite file in a temporary folder where no URL is given.
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path

from kratom_quality.batch import Outcome
from kratom_quality.batch.recipe import Recipe
from kratom_quality.ledger import Ledger
from kratom_quality.ledger.files import look_at, sight
from kratom_quality.ledger.intake import Intake
from kratom_quality.records import Certificate, Dates, Document, Panel, Printed, Result
from kratom_quality.values import parse_value

FIRST_DAY = date(2020, 1, 1)
VENDORS = 50
ROWS = 14


@contextmanager
def timed(name: str, what: str, times: dict[str, float]) -> Iterator[None]:
    started, worked = time.perf_counter(), time.process_time()
    yield
    times[name] = time.perf_counter() - started
    print(f"{what:<46} {times[name]:7.2f} s, {time.process_time() - worked:6.2f} s of it at work here", flush=True)


def write_file(folder: Path, number: int) -> None:
    file = folder / f"vendor-{number % VENDORS:02d}" / f"{number:07d}.pdf"
    file.parent.mkdir(exist_ok=True)
    file.write_text(f"%PDF {file.name}")


def made_up(file: Path, sha256: str) -> Certificate:
    number = int(file.stem)
    day = FIRST_DAY + timedelta(days=number % 2000)
    return Certificate(
        source=Document(path=str(file), sha256=sha256, pages=1, reader="pdfium"),
        client=f"Vendor {number % VENDORS}",
        batch=f"B-{number}",
        dates=Dates(reported=day.isoformat()),
        results=tuple(_result(number, row) for row in range(ROWS)),
    )


def _result(number: int, row: int) -> Result:
    printed = f"{1 + (number * (row + 7)) % 997 / 1000:.3f}"
    analyte = "mitragynine" if row == 0 else f"analyte_{row}"
    return Result(
        page=1,
        bbox=(72.0, 100.0 + row, 540.0, 112.0 + row),
        panel=Panel.ALKALOIDS,
        analyte=analyte,
        name=analyte,
        printed=Printed(analyte=analyte, result=printed, unit="%", loq="0.005"),
        value=parse_value(printed, "%"),
        loq=parse_value("0.005", "%"),
        confidence=0.99,
    )


def stream(files: list[Path]) -> Iterator[tuple[Path, Outcome]]:
    """Stand for the reading itself, which takes far longer and is timed by other benchmarks."""
    for file in files:
        yield file, made_up(file, str(look_at(sight(file)).sha256))


def run(ledger: Ledger, folder: Path) -> Intake:
    intake = ledger.intake([folder], Recipe(None, None, ocr=False, codes=False, seconds=60))
    intake.stream = stream
    return intake


def main(count: int, url: str | None) -> dict[str, float]:
    """Time everything, print it, and return the seconds."""
    import pandas  # noqa: F401 - its import is no part of what is timed

    times: dict[str, float] = {}
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary, "certificates")
        folder.mkdir()
        for number in range(count):
            write_file(folder, number)
        time.sleep(2.5)  # until the files are old enough to be told by their times
        with Ledger.open(url or Path(temporary, "ledger.sqlite")) as ledger:
            with timed("make", "making the certificates alone", times):
                made = sum(1 for _ in stream(sorted(folder.rglob("*.pdf"))))
            with timed("add", f"making and adding {made:,}", times):
                assert sum(1 for _ in run(ledger, folder).run()) == count
            write_file(folder, count)
            with timed("find", f"finding 1 new among {count:,} known", times):
                assert sum(1 for _ in run(ledger, folder).run()) == 1
            with timed("digests", "the digests of all vendors", times):
                assert sum(map(len, ledger.vendors().values())) == count + 1
            with timed("vendor", "one vendor's certificates", times):
                assert list(ledger.certificates("vendor-07"))
            with timed("series", "one vendor's results of one analyte", times):
                assert len(ledger.frame("vendor-07", "mitragynine"))
            with timed("all series", "all vendors' results of one analyte", times):
                assert len(ledger.frame(analyte="mitragynine")) == count + 1
            with timed("batch", "the records of all certificates, as a batch", times):
                assert len(run(ledger, folder).batch().certificates) == count + 1
        size = sum(file.stat().st_size for file in Path(temporary).glob("ledger*"))
        print(f"{size / 1e6:.1f} MB" if url is None else "")
    return times


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 10_000, sys.argv[2] if len(sys.argv) > 2 else None)
