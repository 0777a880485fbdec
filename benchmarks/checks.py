"""How many planted faults are found, and how often a clean certificate is blamed, from bytes to findings.

    python -m benchmarks.checks [--repeat 5] [--clean 200] [--seed 1]

Every fault is planted in certificates that were printed for it, in several laboratories' layouts, beside cases that
nearly have it. Certificates without a fault show what is found where nothing is; severity high is what must not happen.
"""

from __future__ import annotations

import argparse
import time
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

from fixtures.generator.catalogue import print_sheet
from fixtures.generator.samples import FULL_PANELS, LEAF_PANELS

import kratom_quality as kq
from benchmarks.cases import CASES, Plant
from benchmarks.planted import INDEPENDENT, OTHERS, TODAY, Shop
from kratom_quality.claims import Claim, Claims
from kratom_quality.records import Finding


@dataclass
class Market:
    """Folders of certificates with the label claims made of them."""

    root: Path
    claims: list[Claim] = field(default_factory=list)

    def plant(self, vendor: str, plant: Plant) -> None:
        """Print a vendor's papers into its folder."""
        (self.root / vendor).mkdir(parents=True)
        for number, paper in enumerate(plant.papers):
            pdf, _ = print_sheet(*paper, f"{vendor}/{number}.pdf")
            pdf = plant.finish(pdf, paper) if plant.finish else pdf
            (self.root / vendor / f"{number}.pdf").write_bytes(pdf)
        for product, batch, analyte, value, unit in plant.claims:
            self.claims.append(
                Claim(
                    vendor=vendor,
                    product=product,
                    batch=batch or None,
                    analyte=analyte,
                    value=float(value),
                    unit=unit,
                    line=len(self.claims) + 2,
                )
            )

    def findings(self) -> dict[str, list[Finding]]:
        """Read and check everything; findings by vendor."""
        batch = kq.read_folder(self.root)
        vendors = kq.assign_vendors(self.root, batch.certificates)
        found: dict[str, list[Finding]] = defaultdict(list)
        for finding in kq.check(vendors, claims=Claims(self.claims), today=TODAY):
            found[finding.vendor or ""].append(finding)
        return found


def plant_faults(market: Market, repeat: int, seed: int) -> None:
    for number, case in enumerate(CASES):
        for turn in range(repeat):
            market.plant(f"{number:03d}-{turn:02d}", case.make(Shop.drawn(f"{seed} {number} {turn}")))


def plant_clean(market: Market, count: int, seed: int) -> None:
    """Vendors of one to six batches of leaf, no two of one report."""
    done = 0
    while done < count:
        shop = Shop.drawn(f"{seed} clean {done}")
        batches = min(shop.random.randint(1, 6), count - done)
        panels = shop.random.choice((LEAF_PANELS, FULL_PANELS))
        houses = [shop.random.choice((*INDEPENDENT, *OTHERS)) for _ in range(batches)]
        market.plant(f"clean-{done:04d}", Plant([shop.paper(panels=panels, house=house) for house in houses]))
        done += batches


def print_faults(found: dict[str, list[Finding]], repeat: int) -> None:
    print(f"{'kind':26} {'planted':52} {'found':>9}  severity")
    totals: Counter[str] = Counter()
    for number, case in enumerate(CASES):
        runs = [found.get(f"{number:03d}-{turn:02d}", []) for turn in range(repeat)]
        hits = [[finding for finding in run if finding.kind == case.kind] for run in runs]
        seen = sum(map(bool, hits))
        group = "near" if case.near else "fault"
        totals[group] += repeat
        totals[f"{group} found"] += seen
        odd = seen > 0 if case.near else seen < repeat
        severities = Counter(str(finding.severity) for run in hits for finding in run)
        told = ", ".join(f"{severity} {count}" for severity, count in severities.items())
        words = f"(nearly) {case.words}" if case.near else case.words
        print(f"{case.kind:26} {words[:52]:52} {seen:4}/{repeat:<4} {'!' if odd else ' '} {told}")
    print(f"\nfaults found {totals['fault found']} of {totals['fault']}")
    print(f"near faults blamed {totals['near found']} of {totals['near']}")


def print_clean(found: dict[str, list[Finding]], count: int) -> None:
    clean = [finding for vendor, findings in found.items() if vendor.startswith("clean-") for finding in findings]
    kinds = Counter((str(finding.severity), finding.kind) for finding in clean)
    high = sum(times for (severity, _), times in kinds.items() if severity == "high")
    print(f"\n{count} clean certificates: {high} findings of severity high, {50 * high / count:.2f} a fifty")
    for (severity, kind), times in sorted(kinds.items()):
        print(f"  {severity:7} {kind:24} {times}")
    for finding in clean:
        if finding.severity in ("high", "medium"):
            print(f"    {finding.severity} {finding.kind}: {finding.reason[:150]}")


def collateral(found: dict[str, list[Finding]], repeat: int) -> Iterable[tuple[str, str]]:
    """Yield what of severity high was found beside the planted fault: its kind, and the reason."""
    for number, case in enumerate(CASES):
        for turn in range(repeat):
            for finding in found.get(f"{number:03d}-{turn:02d}", []):
                if finding.severity == "high" and finding.kind != case.kind:
                    yield f"{case.kind}: {case.words}", f"{finding.kind}: {finding.reason}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--repeat", type=int, default=5)
    parser.add_argument("--clean", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--collateral", action="store_true", help="list high findings beside the planted ones")
    options = parser.parse_args()
    start = time.perf_counter()
    with TemporaryDirectory() as folder:
        market = Market(Path(folder))
        plant_faults(market, options.repeat, options.seed)
        plant_clean(market, options.clean, options.seed)
        found = market.findings()
    print_faults(found, options.repeat)
    print_clean(found, options.clean)
    if options.collateral:
        for case, reason in sorted(set(collateral(found, options.repeat))):
            print(f"  beside {case[:50]:50} {reason[:140]}")
    print(f"{time.perf_counter() - start:.0f} s")


if __name__ == "__main__":
    main()
