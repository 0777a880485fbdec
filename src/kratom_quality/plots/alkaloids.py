"""Alkaloids beside mitragynine, as a vendor has them and as leaf does."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

from kratom_quality.checks.amounts import Amount, amount_in, units_of
from kratom_quality.checks.settings import check_settings
from kratom_quality.plots.canvas import (
    BLACK,
    GREEN,
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
    spread_over_row,
)
from kratom_quality.records import Certificate
from kratom_quality.standards import Basis, Operator, Standard

if TYPE_CHECKING:
    from matplotlib.axes import Axes


def plot_alkaloids(
    certificates: Iterable[Certificate], standard: Standard | str | Path = "consumer", *, ax: Axes | None = None
) -> Axes:
    """Draw alkaloids in parts to 100 of mitragynine beside published leaf, on a logarithmic axis.

    Parameters
    ----------
    certificates
        Of one vendor, or of any; in a row they stand in the order given.
    standard
        Its least ratio of mitragynine to 7-hydroxymitragynine, where it has one, is drawn as a limit.
    ax
        Axes to draw on; those of a new figure where None.

    Returns
    -------
    matplotlib.axes.Axes
        The ranges of leaf are those of the references in ``data/checks.toml``, which names who published them, each a
        stroke; no leaf need lie between them. Certificates that measured no mitragynine are counted below.

    Raises
    ------
    DataFileError
        If the standard cannot be loaded.
    """
    certificates, settings = list(certificates), check_settings().alkaloids
    analytes = (*settings.companions, settings.seven_hydroxy)
    ratios = [found for certificate in certificates if (found := _to_mitragynine(certificate, analytes))]
    ax = axes(ax, 1.8 + 0.5 * len(analytes))
    if not ratios:
        return empty(ax, "no certificate with mitragynine measured")
    limits = {settings.seven_hydroxy: _most_seven_hydroxy(standard)}
    for row, analyte in enumerate(analytes):
        _draw_leaf(ax, row, [reference[analyte] for reference in _references() if analyte in reference])
        _draw_limit(ax, row, limits.get(analyte))
    rows = [_points(row, name, ratios, limits.get(name) or _NO_LIMIT) for row, name in enumerate(analytes)]
    draw_points(ax, chain.from_iterable(rows))
    logarithmic(ax)
    name_rows(ax, [analyte_name(analyte) for analyte in analytes])
    missing = len(certificates) - len(ratios)
    ax.set_xlabel("parts to 100 of mitragynine" + (f" ({missing} without mitragynine measured)" if missing else ""))
    legend(ax)
    return ax


_NO_LIMIT = float("inf")


def _to_mitragynine(certificate: Certificate, analytes: Iterable[str]) -> dict[str, Amount]:
    """Return alkaloids in parts to 100 of mitragynine; empty where that was not measured."""
    main = check_settings().alkaloids.mitragynine
    for unit in units_of(certificate, main):
        whole = amount_in(certificate, main, unit)
        if whole and whole[0].measured and whole[0].lower > 0:
            parts = {name: found[0] for name in analytes if (found := amount_in(certificate, name, unit))}
            hundredth = whole[0].lower / 100
            return {name: Amount(part.lower / hundredth, part.upper / hundredth) for name, part in parts.items()}
    return {}


def _references() -> Iterator[dict[str, float]]:
    """Yield published leaf in parts to 100 of mitragynine."""
    main = check_settings().alkaloids.mitragynine
    for reference in check_settings().profile.references:
        yield {name: 100 * part / reference.parts[main] for name, part in reference.parts.items()}


def _most_seven_hydroxy(standard: Standard | str | Path) -> float | None:
    """Return the most 7-hydroxymitragynine to 100 of mitragynine that a standard allows; None where it is silent."""
    settings = check_settings().alkaloids
    loaded = standard if isinstance(standard, Standard) else Standard.load(standard)
    least = (
        limit.value
        for limit in loaded.requirements
        if limit.basis is Basis.RATIO and limit.operator is Operator.AT_LEAST and limit.value
        if (limit.analyte, limit.relative_to) == (settings.mitragynine, (settings.seven_hydroxy,))
    )
    return min((100 / ratio for ratio in least), default=None)


def _draw_leaf(ax: Axes, row: int, parts: list[float]) -> None:
    if not parts:
        return
    first = "" if row else "leaf as published, each reference a stroke"
    ax.fill_betweenx(
        [row - 0.36, row + 0.36], min(parts), max(parts), color=GREEN, alpha=0.18, linewidth=0, label=first
    )
    ax.vlines(parts, row - 0.36, row + 0.36, colors=GREEN, linewidth=1.2)


def _draw_limit(ax: Axes, row: int, limit: float | None) -> None:
    if limit is not None:
        ax.vlines(limit, row - 0.42, row + 0.42, colors=BLACK, linewidth=1.6, label="the standard's limit")


def _points(row: int, analyte: str, ratios: list[dict[str, Amount]], limit: float) -> Iterator[Point]:
    found = [parts[analyte] for parts in ratios if analyte in parts]
    for nth, amount in enumerate(found):
        if not has_no_place(amount):
            yield point(amount, spread_over_row(row, nth, len(found)), limit)
