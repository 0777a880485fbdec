"""What was measured beside what the label claims."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

from kratom_quality.checks import VendorCertificates, examine, make_context
from kratom_quality.checks.labels import Comparison
from kratom_quality.checks.settings import check_settings
from kratom_quality.claims import Claims
from kratom_quality.plots.canvas import (
    BLACK,
    GREEN,
    Mark,
    Point,
    analyte_name,
    axes,
    distinct,
    draw_points,
    empty,
    has_no_place,
    legend,
    name_rows,
    point,
    shown,
    spread_over_row,
)
from kratom_quality.records import Certificate

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_TICKS = (0.01, 0.03, 0.1, 0.25, 0.5, 1.0, 2.0, 4.0, 10.0, 30.0, 100.0)
_NEAR_TICKS = (0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0, 1.1, 1.2, 1.4, 1.6, 2.0)
_NEAR = 4.0  # from the least to the most, as a factor
_NAMES = {
    Mark.MEASURED: "within the tolerance",
    Mark.BEYOND: "beyond the tolerance",
    Mark.BELOW: "at most what is shown",
    Mark.ABOVE: "at least what is shown",
}


def plot_label_claims(
    certificates: VendorCertificates | Iterable[Certificate],
    claims: Claims | str | Path | None = None,
    *,
    ax: Axes | None = None,
) -> Axes:
    """Draw what was measured as a part of what the label claims, on a logarithmic axis, with the tolerance.

    Parameters
    ----------
    certificates
        By vendor; certificates given without vendors are taken to be of the client they name. Of one vendor each batch
        has a row, of more each vendor.
    claims
        Label claims, or the CSV file they stand in; claims that certificates print are drawn with or without.
    ax
        Axes to draw on; those of a new figure where None.

    Raises
    ------
    ClaimsError
        If the claims cannot be loaded.
    """
    rows = _rows(certificates, claims)
    ax = axes(ax, 1.8 + 0.32 * len(rows))
    if not rows:
        return empty(ax, "no label claim with a result beside it")
    tolerance = check_settings().labels
    low, high = tolerance.lowest_ratio, tolerance.highest_ratio
    ax.axvspan(low, high, color=GREEN, alpha=0.18, linewidth=0, label=f"tolerance, {low:.0%} to {high:.0%}")
    ax.axvline(1, color=BLACK, linewidth=1)
    points = (_points(row, found) for row, found in enumerate(rows.values()))
    draw_points(ax, chain.from_iterable(points), _NAMES)
    name_rows(ax, list(rows))
    _scale(ax)
    ax.set_xlabel("measured, as a part of what the label claims")
    legend(ax)
    return ax


def _rows(
    certificates: VendorCertificates | Iterable[Certificate], claims: Claims | str | Path | None
) -> dict[str, list[Comparison]]:
    """Return comparisons by the name of their row."""
    reports = examine(certificates, make_context(claims=claims))
    if len(reports) == 1:
        compared = [one for lot in reports[0].lots for one in lot.comparisons]
        return {name: [one] for name, one in zip(distinct(map(_in_words, compared)), compared, strict=True)}
    found = {report.vendor: [one for lot in report.lots for one in lot.comparisons] for report in reports}
    found = {vendor: comparisons for vendor, comparisons in found.items() if comparisons}
    return dict(zip(distinct(map(shown, found)), found.values(), strict=True))


def _in_words(one: Comparison) -> str:
    batch = one.certificate.batch or Path(one.certificate.source.path or "bytes").name
    return f"{shown(batch)}: {analyte_name(one.claim.analyte)}, {shown(one.claim.in_words())}"


def _points(row: int, comparisons: list[Comparison]) -> Iterator[Point]:
    tolerance = check_settings().labels
    for nth, one in enumerate(comparisons):
        if not has_no_place(one.ratio):
            found = point(one.ratio, spread_over_row(row, nth, len(comparisons)), tolerance.highest_ratio)
            too_little = one.ratio.measured and one.ratio.lower < tolerance.lowest_ratio
            yield replace(found, mark=Mark.BEYOND) if too_little else found


def _scale(ax: Axes) -> None:
    """Show percentages that a person would name, with some room around what was found."""
    ax.set_xscale("log")
    low, high = ax.get_xlim()
    low, high = min(low, 0.7), max(high, 1.4)
    ax.set_xlim(low, high)
    ticks = [tick for tick in (_NEAR_TICKS if high / low < _NEAR else _TICKS) if low <= tick <= high]
    ax.set_xticks(ticks, [f"{tick:.0%}" for tick in ticks])
    ax.set_xticks([], minor=True)
