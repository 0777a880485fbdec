"""A ranking as a table for notebooks."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from kratom_quality.scoring.ranking import Ranking, VendorScore

_HEADINGS = (
    "rank",
    "vendor",
    "grade",
    "reputability",
    "90 % interval",
    "mislabeling risk",
    "certificates",
    "batches",
    "failures",
)


def ranking_to_html(ranking: Ranking) -> str:
    """Return an HTML table with the basis of the numbers below it; all text from outside is escaped."""
    head = "".join(f"<th>{heading}</th>" for heading in _HEADINGS)
    body = "".join(f"<tr>{''.join(f'<td>{escape(cell)}</td>' for cell in _cells(score))}</tr>" for score in ranking)
    return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table><p>{escape(ranking.basis)}</p>"


def _cells(score: VendorScore) -> tuple[str, ...]:
    return (
        str(score.rank) if score.rank is not None else f"unrated: {score.reason}",
        score.vendor,
        score.grade or "",
        f"{score.reputability:.0f}",
        f"{score.low:.0f} to {score.high:.0f}",
        f"{score.mislabeling_risk:.0%}",
        str(score.certificates),
        str(score.batches),
        str(score.failures),
    )
