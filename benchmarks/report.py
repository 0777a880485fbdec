"""How large the report of 200 vendors with 20 certificates each is, and how fast it answers in Chromium.

    python -m benchmarks.report [--vendors 200] [--certificates 20] [--pictures 12] [--seed 1] [--keep DIR]

The certificates are those of the fixtures under other names, batches, dates and amounts. Times in the browser are the
median of five; promised are a page below 25 MB and a sort below 100 ms.
"""

from __future__ import annotations

import argparse
import hashlib
import shutil
import statistics
import time
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

from playwright.sync_api import Page, sync_playwright

import kratom_quality as kq
from kratom_quality.records import Certificate, Result

FIXTURES = Path(__file__).parent.parent / "fixtures"
TODAY = date(2026, 11, 22)
MOST_BYTES, LONGEST_SORT = 25e6, 100.0
SORTS = ("name", "score", "risk", "findings", "rank")
_SORT = """key => {
  const button = document.querySelector(`#ranking [data-key="${key}"]`), started = performance.now();
  button.click();
  document.getElementById("ranking").getBoundingClientRect();
  return performance.now() - started;
}"""
_FILTER = """text => {
  const field = document.getElementById("filter-name"), started = performance.now();
  field.value = text;
  field.dispatchEvent(new Event("input"));
  document.getElementById("ranking").getBoundingClientRect();
  return performance.now() - started;
}"""
_OPEN = """async number => {
  const started = performance.now();
  const shown = new Promise(done => addEventListener("hashchange", () => done(), {once: true}));
  location.hash = `vendor-${number}`;
  await shown;
  document.getElementById("vendor").getBoundingClientRect();
  return performance.now() - started;
}"""


def market(folder: Path, vendors: int, certificates: int, seed: int) -> dict[str, list[Certificate]]:
    """Vendors whose certificates are drawn from those of one vendor of the fixtures, with files in a folder."""
    batch = kq.read_folder(FIXTURES / "certificates")
    known = list(kq.assign_vendors(FIXTURES / "certificates", batch.certificates).values())
    random = Random(seed)
    names = [f"vendor {number:03d}" for number in range(vendors)]
    return {name: list(_certificates(folder / name, random.choice(known), certificates, random)) for name in names}


def _certificates(folder: Path, like: list[Certificate], count: int, random: Random) -> Iterator[Certificate]:
    folder.mkdir(parents=True)
    for number in range(count):
        one, batch = random.choice(like), f"{folder.name[-3:]}-{number:02d}"
        day = TODAY - timedelta(days=random.randint(0, 900))
        file = folder / f"{batch}.pdf"
        data = Path(one.source.path or "").read_bytes() + f"\n% {batch}\n".encode()
        file.write_bytes(data)
        sha256 = hashlib.sha256(data).hexdigest()
        dates = {"reported": day.isoformat(), "tested": None, "received": None, "collected": None}
        changed = {
            "source": one.source.model_copy(update={"path": str(file), "sha256": sha256}),
            "client": folder.name,
            "batch": batch,
            "sample_id": f"S-{batch}",
            "dates": one.dates.model_copy(update=dates),
            "results": tuple(_varied(row, random) for row in one.results),
        }
        yield one.model_copy(update=changed)


def _varied(row: Result, random: Random) -> Result:
    if row.value.number is None:
        return row
    number = round(row.value.number * random.lognormvariate(0, 0.08), 3)
    value = row.value.model_copy(update={"number": number, "printed": f"{number:g}"})
    return row.model_copy(update={"value": value, "printed": row.printed.model_copy(update={"result": f"{number:g}"})})


def _load(page: Page, address: str) -> tuple[float, float]:
    """Milliseconds until the ranking is painted, and until the page is loaded."""
    page.goto("about:blank")
    page.goto(address)
    painted = page.evaluate("performance.getEntriesByName('first-contentful-paint')[0].startTime")
    interactive = page.evaluate("performance.getEntriesByType('navigation')[0].domContentLoadedEventEnd")
    return painted, interactive


def _in_browser(report: Path, vendors: int) -> dict[str, float]:
    with sync_playwright() as playwright:
        executable = shutil.which("chromium") or shutil.which("chromium-browser")
        browser = playwright.chromium.launch(executable_path=executable)
        page = browser.new_page(viewport={"width": 1280, "height": 900})
        loads = [_load(page, report.as_uri()) for _ in range(5)]
        times = {
            "ms to first paint": statistics.median(painted for painted, _ in loads),
            "ms to interactive": statistics.median(interactive for _, interactive in loads),
            "ms to sort, the slowest": max(page.evaluate(_SORT, key) for key in SORTS),
            "ms to filter": statistics.median(page.evaluate(_FILTER, text) for text in ("7", "19", "no", "", "0")),
            "ms to open a vendor": statistics.median(page.evaluate(_OPEN, 1 + vendors * nth // 5) for nth in range(5)),
        }
        browser.close()
    return times


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--vendors", type=int, default=200)
    parser.add_argument("--certificates", type=int, default=20)
    parser.add_argument("--pictures", type=int, default=12)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--keep", type=Path, help="leave the report in this folder")
    options = parser.parse_args()
    with TemporaryDirectory() as folder:
        ranking = kq.score(
            market(Path(folder) / "files", options.vendors, options.certificates, options.seed), today=TODAY
        )
        started = time.perf_counter()
        out = options.keep or Path(folder) / "report"
        report = kq.write_report(
            ranking, out, folder=Path(folder) / "files", today=TODAY, pictures=options.pictures, force=True
        )
        seconds = time.perf_counter() - started
        pictures = [file.stat().st_size for file in (out / "pictures").iterdir()]
        size = report.stat().st_size
        print(f"{len(ranking)} vendors, {len(ranking.findings)} findings, written in {seconds:.0f} s")
        print(f"report.html {size / 1e6:.1f} MB; {len(pictures)} pictures, {sum(pictures) / 1e6:.1f} MB")
        times = _in_browser(report, options.vendors)
    for what, milliseconds in times.items():
        print(f"{what:24} {milliseconds:7.0f}")
    return int(size > MOST_BYTES or times["ms to sort, the slowest"] > LONGEST_SORT)


if __name__ == "__main__":
    raise SystemExit(main())
