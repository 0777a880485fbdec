"""Faults and near faults to be planted: each case makes one vendor's certificates from a seed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from random import Random

from fixtures.generator.content import Values
from fixtures.generator.houses import HOUSES, House
from fixtures.generator.model import Company, Laboratory, Row, Sheet
from fixtures.generator.samples import LEAF_PANELS, draw_sheet
from fixtures.generator.strangers import STRANGERS

TODAY = date(2026, 11, 1)
# Houses that print quickly and the same everywhere, with limits, verdicts, LOQs and an accreditation.
INDEPENDENT = ("northlight", "meridian", "quartz-ridge", "palmetto", "sable-point", "tallgrass", "straits", "riverbend")
# And houses that print as quickly and leave out some of it.
OTHERS = ("iron-creek", "tidewater", "nimbus", "marlowe", "foxglove", "bramble-hill", "brandt-murrow", "cedar-hollow")
_HOUSES = {**HOUSES, **STRANGERS}
_FIRST = ("Acorn", "Bramble", "Clover", "Damson", "Elder", "Fennel", "Gorse", "Hawthorn", "Ivy", "Jasmine")
_SECOND = ("Gate", "Hollow", "Meadow", "Brook", "Ridge", "Lane", "Harbour", "Orchard", "Mill", "Cove")
_STRAINS = ("Green Malay", "Red Bali", "White Borneo", "Yellow Vietnam", "Maeng Da Red", "Super Green")

Paper = tuple[Sheet, str]
"""A sheet and the layout to print it in."""


@dataclass(frozen=True)
class Shop:
    """An invented vendor with a stream of its own."""

    name: str
    random: Random

    @classmethod
    def drawn(cls, seed: str) -> Shop:
        """Return a shop whose name and everything else follow from the seed."""
        random = Random(seed)
        return cls(f"{random.choice(_FIRST)} {random.choice(_SECOND)} Botanicals", random)

    @property
    def domain(self) -> str:
        """Its site."""
        return self.name.casefold().replace(" ", "") + ".example"

    def batch(self) -> str:
        """Draw a batch number."""
        return f"{self.name[0]}{self.random.randint(10, 99)}-{self.random.randint(1000, 9999)}"

    def reported(self) -> date:
        """Draw a day of report that is not stale."""
        return TODAY - timedelta(days=self.random.randint(20, 300))

    def paper(
        self,
        values: Values | None = None,
        *,
        house: str | None = None,
        product: str | None = None,
        panels: Sequence[str] = LEAF_PANELS,
        times: float = 1,
        laboratory: Laboratory | None = None,
        limits: bool = True,
        **header: object,
    ) -> Paper:
        """Return a clean certificate of this shop with some values printed."""
        chosen = _HOUSES[house or self.random.choice(INDEPENDENT)]
        chosen = House(laboratory or chosen.laboratory, chosen.layout, replace(chosen.style, limits=limits))
        sheet = draw_sheet(
            f"{self.random.random()}",
            chosen,
            client=Company(self.name, "1 Quay Street, Salem, OR 97301"),
            product=product or f"{self.random.choice(_STRAINS)} Leaf Powder",
            batch=self.batch(),
            reported=self.reported(),
            panels=panels,
            values={**self._within_limits(), **(values or {})},
            times=times,
        )
        return replace(sheet, **header), chosen.layout

    def _within_limits(self) -> dict[str, str]:
        """Return the elements of clean leaf, well below every limit."""
        draw = self.random.uniform
        return {
            "lead": f"{draw(0.05, 0.6):.3f}",
            "arsenic": f"{draw(0.03, 0.4):.3f}",
            "cadmium": f"{draw(0.012, 0.1):.3f}",
            "mercury": f"{draw(0.011, 0.03):.3f}",
            "tamc": str(self.random.randint(200, 90_000)),
            "tymc": str(self.random.randint(20, 5_000)),
            "coliforms": str(self.random.randint(1, 300)),
        }


def with_rows(paper: Paper, panel: str, change: Callable[[Row], Row | None]) -> Paper:
    """Return the paper with the rows of a panel changed, or left out where the change gives None."""
    sheet, layout = paper
    panels = tuple(
        replace(one, rows=tuple(new for row in one.rows if (new := change(row)) is not None))
        if one.kind == panel
        else one
        for one in sheet.panels
    )
    return replace(sheet, panels=panels), layout


def change_row(name: str, **cells: object) -> Callable[[Row], Row]:
    """Return a change of the rows whose printed name begins so."""
    return lambda row: replace(row, **cells) if row.analyte.startswith(name) else row
