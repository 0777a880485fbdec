"""Findings and batches to vendor scores and a ranking, with uncertainty and an explanation."""

from kratom_quality.scoring.basis import basis
from kratom_quality.scoring.kept import check_kept, score_kept
from kratom_quality.scoring.memory import Filed, Memory, MemoryInside
from kratom_quality.scoring.output import write_scores
from kratom_quality.scoring.ranking import Ranking, VendorScore
from kratom_quality.scoring.score import score
from kratom_quality.scoring.vendors import assign_vendors

__all__ = [
    "Filed",
    "Memory",
    "MemoryInside",
    "Ranking",
    "VendorScore",
    "assign_vendors",
    "basis",
    "check_kept",
    "score",
    "score_kept",
    "write_scores",
]
