"""How large the report of 200 vendors with 20 certificates each is, and how fast it answers in Chromium.

    python -m benchmarks.report [--vendors 200] [--certificates 20] [--seed 1] [--keep DIR]

The certificates are those of the fixtures under other names, batches, dates and amounts. Every number is the median of
five; the promises are 25 MB, and 100 ms for a sort.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from random import Random

import kratom_quality as kq
from kratom_quality.records import Certificate, Result

FIXTURES = Path(__file__).parent.parent / "fixtures"
TODAY = date(2026, 11, 22)


def market(vendors: int, certificates: int, seed: int) -> dict[str, list[Certificate]]:
    """Vendors whose certificates are drawn from those of one vendor of the fixtures."""
    batch = kq.read_folder(FIXTURES / "certificates")
    known = list(kq.assign_vendors(FIXTURES / "certificates", batch.certificates).values())
    random = Random(seed)
    names = [f"vendor {number:03d}" for number in range(vendors)]
    return {name: list(_certificates(name, random.choice(known), certificates, random)) for name in names}


def _certificates(vendor: str, like: list[Certificate], count: int, random: Random) -> Iterator[Certificate]:
    for number in range(count):
        one, batch = random.choice(like), f"{vendor[-3:]}-{number:02d}"
        day = TODAY - timedelta(days=random.randint(0, 900))
        yield one.model_copy(
            update={
                "source": one.source.model_copy(update={"sha256": f"{vendor} {number}".encode().hex().ljust(64, "0")}),
                "client": vendor,
                "batch": batch,
                "sample_id": f"S-{batch}",
                "dates": one.dates.model_copy(
                    update={"reported": day.isoformat(), "tested": None, "received": None, "collected": None}
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
