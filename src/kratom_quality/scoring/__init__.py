"""Findings and batches to vendor scores and a ranking, with uncertainty and an explanation."""

from kratom_quality.scoring.basis import basis
from kratom_quality.scoring.output import write_scores
from kratom_quality.scoring.ranking import Ranking, VendorScore
from kratom_quality.scoring.score import score
from kratom_quality.scoring.vendors import assign_vendors

__all__ = ["Ranking", "VendorScore", "assign_vendors", "basis", "score", "write_scores"]
