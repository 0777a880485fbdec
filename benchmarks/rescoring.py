"""How long it takes to score again when one certificate is new, and what scoring a large market costs.

    python -m benchmarks.rescoring [--vendors 500] [--certificates 20] [--ledger URL] [--seed 1] [--no-fresh]
    python -m benchmarks.rescoring --folder DIR [--vendors 500] [--certificates 20]

The first form varies the certificates of the fixtures as records: names, batches, dates, amounts. They are made anew
whenever they are asked for, so that the market itself takes no memory. Told are the seconds of the first pass, of a
second one on the next day with one certificate more, and of a third a year later; what is kept; the peak of memory.
The second pass is compared with a ranking made afresh, number by number, unless ``--no-fresh`` is given. With
``--ledger`` certificates and examinations are kept in that ledger, which must be new.

The second form makes small PDFs, a folder a vendor, runs the command ``score DIR --ledger`` on them, adds one PDF, and
runs it again: told are the seconds of the whole commands. Promised are less than 5 s for 1 new among 10,000.
"""

from __future__ import annotations

import argparse
import hashlib
import resource
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from pathlib import Path
from random import Random

import kratom_quality as kq
from benchmarks.small_pdfs import write, write_vendors
from kratom_quality.checks import make_context
from kratom_quality.records import Certificate, Result
from kratom_quality.scoring import Filed, Memory, MemoryInside, Ranking, score_kept

FIXTURES = Path(__file__).parent.parent / "fixtures" / "certificates"
TODAY = date(2026, 11, 22)
MOST_SECONDS = 5.0


class Market(MemoryInside):
    """Vendors whose certificates are drawn from those of one vendor of the fixtures, made whenever they are asked for.

    Parameters
    ----------
    vendors, certificates
        How many, and how many each has; ``more`` says who has further ones.
    """

    def __init__(self, vendors: int, certificates: int, seed: int) -> None:
        super().__init__({})
        batch = kq.read_folder(FIXTURES)
        self._known = [*kq.assign_vendors(FIXTURES, batch.certificates).values()]
        self.names = [f"vendor {number:05d}" for number in range(vendors)]
        self.count, self.seed = certificates, seed
        self.asked, self.making = 0, 0.0
        self.more: dict[str, int] = {}

    def vendors(self) -> Mapping[str, Sequence[Filed]]:
        """Name the certificates without making them."""
        return {name: [Filed(*_place(name, nth)) for nth in range(self._count(name))] for name in self.names}

    def certificates(self, vendor: str) -> list[Certificate]:
        """Make a vendor's certificates."""
        started = time.perf_counter()
        like = Random(f"{self.seed} {vendor}").choice(self._known)
        made = [_certificate(like, vendor, nth, self.seed) for nth in range(self._count(vendor))]
        self.asked, self.making = self.asked + 1, self.making + time.perf_counter() - started
        return made

    def _count(self, vendor: str) -> int:
        return self.count + self.more.get(vendor, 0)


def _place(vendor: str, nth: int) -> tuple[str, str]:
    path = f"{vendor}/{nth:03d}.pdf"
    return hashlib.sha256(path.encode()).hexdigest(), path


def _certificate(like: Sequence[Certificate], vendor: str, nth: int, seed: int) -> Certificate:
    random = Random(f"{seed} {vendor} {nth}")
    one, (sha256, path) = random.choice(like), _place(vendor, nth)
    batch = f"{vendor[-5:]}-{nth:03d}"
    day = (TODAY - timedelta(days=random.randint(0, 900))).isoformat()
    return one.model_copy(
        update={
            "source": one.source.model_copy(update={"path": path, "sha256": sha256}),
            "client": vendor,
            "batch": batch,
            "sample_id": f"S-{batch}",
            "dates": one.dates.model_copy(
                update={"reported": day, "tested": None, "received": None, "collected": None}
            ),
            "results": tuple(_varied(row, random) for row in one.results),
        }
    )


def _varied(row: Result, random: Random) -> Result:
    if row.value.number is None:
        return row
    number = round(row.value.number * random.lognormvariate(0, 0.08), 3)
    value = row.value.model_copy(update={"number": number, "printed": f"{number:g}"})
    return row.model_copy(update={"value": value, "printed": row.printed.model_copy(update={"result": f"{number:g}"})})


def peak() -> float:
    """Megabytes this process has held at most."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def timed(memory: Memory, what: str, today: date) -> tuple[Ranking, float]:
    """Score, and say how long it took."""
    making, asked = (memory.making, memory.asked) if isinstance(memory, Market) else (0.0, 0)
    started = time.perf_counter()
    ranking = score_kept(memory, make_context(today=today))
    seconds = time.perf_counter() - started
    made = ""
    if isinstance(memory, Market):
        made = f"{memory.making - making:.1f} s of them making the certificates of {memory.asked - asked} vendors; "
    print(f"{what:28} {seconds:8.2f} s; {made}peak {peak():.0f} MB", flush=True)
    return ranking, seconds


def in_memory(market: Market, new: str) -> tuple[Ranking, float]:
    """Score a market that is made as it is asked for."""
    timed(market, "first pass", TODAY)
    market.more[new] = 1
    again = timed(market, "a day later, 1 new", TODAY + timedelta(days=1))
    timed(market, "a year later, none new", TODAY + timedelta(days=366))
    size = sum(map(len, market.kept.values()))
    print(f"kept {size / 1e6:.1f} MB, {size / len(market.names) / market.count:.0f} bytes a certificate")
    return again


def in_ledger(market: Market, new: str, file: Path) -> tuple[Ranking, float]:
    """Score a market that lies in a ledger."""
    with kq.Ledger.open(file) as ledger:
        started = time.perf_counter()
        for name in market.names:
            ledger.keep_certificates({name: market.certificates(name)})
        print(f"{'made and put into the ledger':28} {time.perf_counter() - started:8.2f} s; peak {peak():.0f} MB")
        timed(ledger.market(), "first pass", TODAY)
        market.more[new] = 1
        ledger.keep_certificates({new: market.certificates(new)[-1:]})
        started = time.perf_counter()
        again, _ = timed(ledger.market(), "a day later, 1 new", TODAY + timedelta(days=1))
        seconds = time.perf_counter() - started
        started = time.perf_counter()
        ledger.keep_scores(again, make_context(today=TODAY + timedelta(days=1)))
        print(f"{'scores kept':28} {time.perf_counter() - started:8.2f} s")
        timed(ledger.market(), "a year later, none new", TODAY + timedelta(days=366))
        print(f"ledger {file.stat().st_size / 1e6:.0f} MB")
        return Ranking(tuple(one.model_copy() for one in again), again.basis), seconds


def in_folder(folder: Path, vendors: int, certificates: int) -> float:
    """Score a folder of PDFs by the command, and again with one file more; return the seconds of the latter."""
    write_vendors(folder, vendors, certificates)
    ledger = folder.parent / f"{folder.name}.sqlite"
    command = [sys.executable, "-m", "kratom_quality", "score", str(folder), "--ledger", str(ledger)]
    seconds, tomorrow = 0.0, TODAY + timedelta(days=1)
    for what, today in (("all are new", TODAY), ("none is new", TODAY), ("1 is new, a day later", tomorrow)):
        if today == tomorrow:
            write(folder / f"vendor-{vendors // 2:05d}", certificates)
        started, busy = time.perf_counter(), _processor_seconds()
        said = subprocess.run([*command, "--today", str(today)], capture_output=True, text=True, check=True).stderr
        seconds, busy = time.perf_counter() - started, _processor_seconds() - busy
        print(f"{what:28} {seconds:8.2f} s, {busy:.2f} s of processor; {' '.join(said.splitlines())}", flush=True)
    return seconds


def _processor_seconds() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def is_fresh(ranking: Ranking, market: Market) -> bool:
    """Whether a ranking is that of the same certificates judged afresh, number by number."""
    groups = {name: market.certificates(name) for name in market.names}
    fresh = kq.score(groups, today=TODAY + timedelta(days=1))
    return all(one.model_dump_json() == other.model_dump_json() for one, other in zip(ranking, fresh, strict=True))


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--vendors", type=int, default=500)
    parser.add_argument("--certificates", type=int, default=20)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--ledger", type=Path, help="keep everything in this new SQLite file")
    parser.add_argument("--no-fresh", dest="fresh", action="store_false", help="compare with no fresh ranking")
    parser.add_argument("--folder", type=Path, help="write PDFs into this new folder, and time the command on it")
    options = parser.parse_args()
    if options.folder:
        return int(in_folder(options.folder, options.vendors, options.certificates) > MOST_SECONDS)
    market = Market(options.vendors, options.certificates, options.seed)
    print(f"{options.vendors} vendors with {options.certificates} certificates each; before scoring {peak():.0f} MB")
    new = market.names[options.vendors // 2]
    ranking, seconds = in_ledger(market, new, options.ledger) if options.ledger else in_memory(market, new)
    same = not options.fresh or is_fresh(ranking, market)
    if options.fresh:
        print(f"the ranking from what was kept is the fresh one: {same}; peak {peak():.0f} MB")
    return int(not same or seconds > MOST_SECONDS)


if __name__ == "__main__":
    raise SystemExit(main())
