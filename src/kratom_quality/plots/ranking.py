"""Who stands where, and how sure that is."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from kratom_quality.plots.canvas import BLUE, GREY, axes, empty, name_rows, shown

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from kratom_quality.scoring import Ranking, VendorScore


def plot_ranking(ranking: Ranking, *, ax: Axes | None = None) -> Axes:
    """Draw each vendor's score, 0 to 100, with its 90 % interval, best on top; unrated vendors are grey and open.

    Lines across part the grades: of vendors on the same side the order is not sure.

    Parameters
    ----------
    ranking
        As :func:`kratom_quality.score` gives it.
    ax
        Axes to draw on; those of a new figure where None.
    """
    ax = axes(ax, 1.1 + 0.3 * len(ranking))
    if not ranking:
        return empty(ax, "no vendor to rank")
    for row, score in enumerate(ranking):
        colour = BLUE if score.rated else GREY
        ax.hlines(row, score.low, score.high, colors=colour, linewidth=3, alpha=0.45)
        ax.plot(
            score.reputability,
            row,
            "o",
            color=colour,
            markerfacecolor=colour if score.rated else "white",
            clip_on=False,
        )
        ax.text(102, row, _remark(score), va="center", fontsize=9, color=colour)
    for row, (upper, lower) in enumerate(pairwise(ranking)):
        if upper.grade != lower.grade:
            ax.axhline(row + 0.5, color=GREY, linewidth=0.8, linestyle=":")
    name_rows(ax, [shown(score.vendor) for score in ranking])
    ax.set_xlim(0, 100)
    ax.set_xlabel("reputability, 0 to 100, with 90 % interval")
    return ax


def _remark(score: VendorScore) -> str:
    batches = f"{score.batches} batch{'es' * (score.batches != 1)}"
    return f"{score.grade}, {batches}" if score.rated else f"unrated, {batches}"
