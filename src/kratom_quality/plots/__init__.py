"""Pictures that answer a question, on Matplotlib axes given or new; Matplotlib is imported when one is drawn.

Colours are those of Okabe and Ito, which people with any colour vision tell apart; what a colour says, a shape says
too. A number that was not measured is never drawn as one: its bound is an open triangle that points to where it may be.
"""

from kratom_quality.plots.alkaloids import plot_alkaloids
from kratom_quality.plots.claims import plot_label_claims
from kratom_quality.plots.contaminants import plot_contaminants
from kratom_quality.plots.coverage import plot_coverage
from kratom_quality.plots.history import plot_history
from kratom_quality.plots.ranking import plot_ranking

__all__ = [
    "plot_alkaloids",
    "plot_contaminants",
    "plot_coverage",
    "plot_history",
    "plot_label_claims",
    "plot_ranking",
]
