"""Which panels were tested, and of which nobody knows anything."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING

from kratom_quality.checks import VendorCertificates, by_client
from kratom_quality.checks.amounts import UNTESTED
from kratom_quality.checks.lots import Lot, lots_of
from kratom_quality.plots.canvas import axes, distinct, empty, shown
from kratom_quality.records import Certificate, Panel
from kratom_quality.standards import Standard

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_DARK = 0.6  # the share from which on white is read better than black


def plot_coverage(
    certificates: VendorCertificates | Iterable[Certificate],
    standard: Standard | str | Path = "consumer",
    *,
    ax: Axes | None = None,
) -> Axes:
    """Draw for each vendor, or for each batch of a single one, which panels have results.

    Parameters
    ----------
    certificates
        By vendor; certificates given without vendors are taken to be of the client they name.
    standard
        The panels it requires come first, with a star.
    ax
        Axes to draw on; those of a new figure where None.

    Returns
    -------
    matplotlib.axes.Axes
        Cells say in how many batches the panel has a result, or how many results a batch has; a verdict alone is none.

    Raises
    ------
    DataFileError
        If the standard cannot be loaded.
    """
    rows = _rows(certificates)
    loaded = standard if isinstance(standard, Standard) else Standard.load(standard)
    panels = _panels(rows, loaded)
    ax = axes(ax, 1.6 + 0.32 * len(rows))
    if not rows:
        return empty(ax, "no certificate")
    counts = [[[_results(lot, panel) for lot in lots] for panel in panels] for lots in rows.values()]
    shares = [[sum(map(bool, cell)) / len(cell) for cell in line] for line in counts]
    ax.imshow(shares, cmap="Blues", vmin=0, vmax=1.25, aspect="auto")  # short of the darkest, so that text is read
    for row, column in product(range(len(rows)), range(len(panels))):
        colour = "white" if shares[row][column] > _DARK else "black"
        ax.text(column, row, _words(counts[row][column]), ha="center", va="center", fontsize=8, color=colour)
    _name(ax, panels, list(rows), loaded)
    single = all(len(lots) == 1 for lots in rows.values())
    counted = "results of each batch" if single else "batches with results"
    ax.set_xlabel(f"{counted}; * required by the standard '{shown(loaded.name)}'")
    return ax


def _words(counts: Sequence[int]) -> str:
    """Say how many batches have results, or how many results the only one has."""
    if not any(counts):
        return "none"
    return str(counts[0]) if len(counts) == 1 else f"{sum(map(bool, counts))} of {len(counts)}"


def _rows(certificates: VendorCertificates | Iterable[Certificate]) -> dict[str, Sequence[Lot]]:
    groups = certificates if isinstance(certificates, Mapping) else by_client(certificates)
    lots = {vendor: lots_of(vendor, group) for vendor, group in groups.items()}
    if len(lots) != 1:
        seen = {vendor: found for vendor, found in lots.items() if found}
        return dict(zip(distinct(map(shown, seen)), seen.values(), strict=True))
    (batches,) = lots.values()
    names = distinct(shown(lot.batch or "no batch") for lot in batches)
    return {name: [lot] for name, lot in zip(names, batches, strict=True)}


def _panels(rows: Mapping[str, Iterable[Lot]], standard: Standard) -> list[Panel]:
    """Return the required panels, then the others that anybody tested, in the order of their names."""
    lots = [lot for found in rows.values() for lot in found]
    tested = {panel for panel in Panel if any(_results(lot, panel) for lot in lots)}
    return [*standard.required_panels, *(panel for panel in Panel if panel in tested - set(standard.required_panels))]


def _results(lot: Lot, panel: Panel) -> int:
    rows = (row for one in lot.certificates for row in one.results if row.panel is panel)
    return sum(row.value.state not in UNTESTED for row in rows)


def _name(ax: Axes, panels: Sequence[Panel], rows: Sequence[str], standard: Standard) -> None:
    names = [panel.replace("_", " ") + ("*" if panel in standard.required_panels else "") for panel in panels]
    ax.xaxis.tick_top()
    ax.set_xticks(range(len(panels)), names, fontsize=8, rotation=30, ha="left", rotation_mode="anchor")
    ax.set_yticks(range(len(rows)), rows)
    ax.tick_params(length=0)
    ax.spines[:].set_visible(False)
    ax.set_xticks([place - 0.5 for place in range(1, len(panels))], minor=True)
    ax.set_yticks([place - 0.5 for place in range(1, len(rows))], minor=True)
    ax.grid(which="minor", color="white", linewidth=2)
    ax.tick_params(which="minor", length=0)
