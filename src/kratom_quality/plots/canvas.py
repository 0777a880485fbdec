"""Axes, colours and marks that all pictures share; the one module that imports Matplotlib, once one is drawn."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, Any

from kratom_quality.checks.amounts import Amount
from kratom_quality.printable import printable
from kratom_quality.vocabulary import Vocabulary

if TYPE_CHECKING:
    from matplotlib.axes import Axes

# Okabe and Ito, "Color Universal Design" (2008): told apart with any colour vision.
BLUE, SKY, ORANGE, VERMILLION, GREEN, BLACK = "#0072B2", "#56B4E9", "#E69F00", "#D55E00", "#009E73", "#000000"
GREY = "#7F7F7F"

_WIDTH = 7.6  # inches
_TALLEST = 60.0
_LONGEST_NAME = 36
_TO_THE_SIDE = {"<": 0, ">": 1, "^": 2, "v": 3}  # Matplotlib's strokes that go out from a point: left, right, up, down


class Mark(Enum):
    """How a point is drawn: what the legend says, marker, colour, filled or not."""

    MEASURED = ("measured", "o", BLUE, True)
    BEYOND = ("measured, over the limit", "D", VERMILLION, True)
    BELOW = ("not found: below the bound shown", "<", BLUE, False)
    ABOVE = ("above the bound shown", ">", VERMILLION, False)
    UNDECIDED = ("not found, but the bound is over the limit: undecided", "<", ORANGE, False)


@dataclass(frozen=True, slots=True)
class Point:
    """A mark at a place on a horizontal logarithmic axis, in a row."""

    x: float
    row: float
    mark: Mark


def axes(ax: Axes | None, height: float) -> Axes:
    """Return the axes given, or those of a new figure so many inches high."""
    if ax is not None:
        return ax
    from matplotlib import pyplot

    return pyplot.subplots(figsize=(_WIDTH, min(height, _TALLEST)), layout="constrained")[1]


def shown(text: str) -> str:
    """Return text from outside as a figure can hold it: one line, not endless, with no dollar that begins a formula."""
    line = printable(text)
    cut = line if len(line) <= _LONGEST_NAME else f"{line[: _LONGEST_NAME - 1]}…"
    return cut.replace("$", r"\$")


def distinct(names: Iterable[str]) -> list[str]:
    """Return names with spaces, which nobody sees, behind those that occur again, so that each is a row of its own."""
    names = list(names)
    return [f"{name}{' ' * names[:nth].count(name)}" for nth, name in enumerate(names)]


def analyte_name(analyte: str) -> str:
    """Return an analyte's name for a figure; its id where the package's vocabulary does not know it."""
    known = Vocabulary.default().analytes.get(analyte)
    return shown(known.name if known else analyte)


def has_no_place(amount: Amount) -> bool:
    """Whether an amount cannot stand on a logarithmic axis: nothing bounds it, or it is zero."""
    return not amount.upper or (not amount.lower and amount.upper == math.inf)


def point(amount: Amount, row: float, limit: float = math.inf, *, beyond_at_limit: bool = False) -> Point:
    """Return how an amount that has a place is drawn beside a limit; what reaches beyond it stands at its least."""
    beyond = amount.lower >= limit if beyond_at_limit else amount.lower > limit
    if amount.measured:
        return Point(amount.lower, row, Mark.BEYOND if beyond else Mark.MEASURED)
    if beyond or amount.upper == math.inf:
        return Point(amount.lower, row, Mark.ABOVE)
    return Point(amount.upper, row, Mark.UNDECIDED if amount.upper > limit else Mark.BELOW)


def draw_points(ax: Axes, points: Iterable[Point], names: dict[Mark, str] | None = None) -> None:
    """Draw points by kind, so that each kind is one entry of the legend."""
    points = list(points)
    for mark in Mark:
        if chosen := [point for point in points if point.mark is mark]:
            _draw_kind(ax, chosen, mark, (names or {}).get(mark, mark.value[0]))


def _draw_kind(ax: Axes, points: Sequence[Point], mark: Mark, name: str) -> None:
    _, marker, colour, filled = mark.value
    places, rows = [point.x for point in points], [point.row for point in points]
    scatter(ax, places, rows, marker=marker, colour=colour, filled=filled, name=name)


def scatter(
    ax: Axes, x: Sequence[Any], y: Sequence[float], *, marker: str, colour: str, filled: bool, name: str
) -> None:
    """Draw points of one kind; open ones get a stroke to where they may be."""
    face, edge, width = (colour, "white", 0.6) if filled else ("white", colour, 1.2)
    if not filled:
        ax.scatter(x, y, s=150, marker=_TO_THE_SIDE[marker], color=colour, linewidths=1.2, zorder=3)  # type: ignore[arg-type]  # Matplotlib numbers these markers
    ax.scatter(x, y, s=30, marker=marker, facecolors=face, edgecolors=edge, linewidths=width, label=name, zorder=4)


def name_rows(ax: Axes, names: Sequence[str]) -> None:
    """Name the rows of a picture, the first on top, with a faint line to each."""
    ax.set_yticks(range(len(names)), names)
    ax.set_ylim(len(names) - 0.4, -0.6)
    ax.tick_params(axis="y", length=0, labelsize=9)
    ax.grid(axis="y", color=GREY, alpha=0.15)
    tidy(ax)


def logarithmic(ax: Axes) -> None:
    """Make the horizontal axis logarithmic, with plain numbers; those between powers of ten where there is room."""
    ax.set_xscale("log")
    low, high = ax.get_xlim()
    ax.xaxis.set_major_formatter("{x:g}")
    ax.xaxis.set_minor_formatter("{x:g}" if high < 10 * low else "")


def date_axis(ax: Axes) -> None:
    """Name days without repeating month and year at each."""
    from matplotlib.dates import AutoDateLocator, ConciseDateFormatter

    locator = AutoDateLocator(minticks=3, maxticks=8)  # type: ignore[no-untyped-call]
    ax.xaxis.set_major_locator(locator)
    ax.xaxis.set_major_formatter(ConciseDateFormatter(locator))  # type: ignore[no-untyped-call]


def spread_over_row(row: int, nth: int, number: int) -> float:
    """Return the height of the nth of so many points in a row, so that none hides another."""
    return row + (0.0 if number == 1 else 0.5 * (nth / (number - 1) - 0.5))


def tidy(ax: Axes) -> None:
    """Take away what says nothing."""
    ax.set_axisbelow(True)
    ax.spines[["top", "right", "left"]].set_visible(False)


def legend(ax: Axes) -> None:
    """Put a legend below the axes, where it hides no point."""
    handles, names = ax.get_legend_handles_labels()
    figure = ax.figure.get_figure(root=True)
    if not handles or figure is None:
        return
    below = -34 / 72 / (figure.get_figheight() * ax.get_position().height)
    ax.legend(handles, names, loc="upper right", bbox_to_anchor=(1, below), ncols=2, frameon=False, fontsize=8)


def empty(ax: Axes, why: str) -> Axes:
    """Say why there is nothing to see."""
    ax.text(0.5, 0.5, why, ha="center", va="center", transform=ax.transAxes, color=GREY)
    ax.set_xticks([])
    ax.set_yticks([])
    return ax
