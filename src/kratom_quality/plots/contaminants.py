"""How far below or above their limits the contaminants are."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

from kratom_quality.checks.amounts import Amount, amount_in
from kratom_quality.plots.canvas import (
    BLACK,
    Point,
    analyte_name,
    axes,
    draw_points,
    empty,
    has_no_place,
    legend,
    logarithmic,
    name_rows,
    point,
    shown,
    spread_over_row,
)
from kratom_quality.records import Certificate, Panel
from kratom_quality.standards import Basis, Operator, Requirement, Standard

if TYPE_CHECKING:
    from matplotlib.axes import Axes


def plot_contaminants(
    certificates: Iterable[Certificate], standard: Standard | str | Path = "consumer", *, ax: Axes | None = None
) -> Axes:
    """Draw every result as a multiple of its limit, on a logarithmic axis, in the order given within a row.

    Parameters
    ----------
    certificates
        Of one vendor, or of any.
    standard
        Its name, a TOML file, or the standard itself. Its upper limits on the product as sold are drawn, the tightest
        of each analyte; limits on daily amounts, shares and absence are not.
    ax
        Axes to draw on; those of a new figure where None.

    Returns
    -------
    matplotlib.axes.Axes
        With a row for each analyte that is required, was measured, or was not found by a test that leaves it undecided.
        Results without a bound, and zeros, have no place on the axis and are counted beside the limit.

    Raises
    ------
    DataFileError
        If the standard cannot be loaded.
    """
    certificates = list(certificates)
    loaded = standard if isinstance(standard, Standard) else Standard.load(standard)
    levels = {limit: found for limit in _limits(loaded) if (found := _levels(certificates, limit))}
    levels = {limit: found for limit, found in levels.items() if limit.required or _is_telling(found)}
    ax = axes(ax, 1.7 + 0.42 * len(levels))
    if not levels:
        return empty(ax, "no result to compare with a limit")
    rows = [_points(row, *found) for row, found in enumerate(levels.items())]
    draw_points(ax, chain.from_iterable(rows))
    ax.axvline(1, color=BLACK, linewidth=1.2, label="limit")
    logarithmic(ax)
    name_rows(ax, [_name(limit, found) for limit, found in levels.items()])
    ax.set_xlabel(f"times the limit of the standard '{shown(loaded.name)}'")
    legend(ax)
    return ax


def _limits(standard: Standard) -> list[Requirement]:
    """Return the tightest upper limit on each contaminant as sold, in the order of the standard."""
    tightest: dict[str, Requirement] = {}
    for limit in standard.requirements:
        upper = limit.operator in (Operator.AT_MOST, Operator.BELOW) and limit.basis is Basis.AS_SOLD
        if upper and limit.panel is not Panel.ALKALOIDS and limit.value is not None:
            known = tightest.get(limit.analyte)
            if known is None or known.unit != limit.unit or limit.value < (known.value or 0):
                tightest[limit.analyte] = limit if known is None or known.unit == limit.unit else known
    return list(tightest.values())


def _levels(certificates: Iterable[Certificate], limit: Requirement) -> list[Amount]:
    """Return what each certificate that tested for it says, in multiples of the limit."""
    unit, value = limit.unit or "", limit.value or 1.0
    found = (amount_in(certificate, limit.analyte, unit) for certificate in certificates)
    return [Amount(pair[0].lower / value, pair[0].upper / value) for pair in found if pair]


def _is_telling(levels: Iterable[Amount]) -> bool:
    return any(level.measured or level.lower > 0 or level.upper > 1 for level in levels)


def _points(row: int, limit: Requirement, levels: Sequence[Amount]) -> Iterator[Point]:
    for nth, level in enumerate(levels):
        if not has_no_place(level):
            height = spread_over_row(row, nth, len(levels))
            yield point(level, height, 1.0, beyond_at_limit=limit.operator is Operator.BELOW)


def _name(limit: Requirement, levels: Iterable[Amount]) -> str:
    """Name the analyte and its limit, and count what has no place on the axis."""
    nowhere = [level for level in levels if has_no_place(level)]
    zeros = sum(level.measured for level in nowhere)
    counts = {"without a bound": len(nowhere) - zeros, "printed as 0": zeros}
    words = "below" if limit.operator is Operator.BELOW else "at most"
    remarks = [f"{number} {what}" for what, number in counts.items() if number]
    return f"{analyte_name(limit.analyte)}\n{'; '.join([f'{words} {limit.value:,.10g} {limit.unit}', *remarks])}"
