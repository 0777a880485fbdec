"""What simpler people do with the same certificates: three scores, each better the higher."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from simulation.certificates import Figures, Published
from simulation.goods import COUNTS, METALS, MITRAGYNINE, PATHOGENS, SEVEN, UNITS

from kratom_quality.checks import VendorReport
from kratom_quality.records import Panel
from kratom_quality.standards import Basis, Operator, Standard
from kratom_quality.units import convert

_FAILURES = frozenset({"over_limit", "exposure", "pathogen_present", "adulterated_7oh", "label_claim_off"})
_LABDOOR = {"label accuracy": 0.35, "purity": 0.45, "documents": 0.20}  # a guess: Labdoor does not publish its weights


def pass_rate(report: VendorReport) -> float:
    """Share of batches on which nothing was found to be over a limit, adulterated or off its label."""
    failed = [any(finding.kind in _FAILURES for finding in lot.findings) for lot in report.lots]
    return 1 - float(np.mean(failed)) if failed else 0.5


def label_ratios(report: VendorReport) -> list[float]:
    return [one.ratio.upper for lot in report.lots for one in lot.comparisons if one.ratio.measured]


def z_scores(published: Sequence[Published], reports: Sequence[VendorReport]) -> list[float]:
    """Mean over a vendor's results of how clean each is against the market, in standard deviations; ND is LOQ / 2."""
    names = (*METALS, *COUNTS, SEVEN, *PATHOGENS)
    columns = {name: [_levels(one.figures, name) for one in published] for name in names}
    columns["label"] = [np.abs(np.log(np.maximum(label_ratios(report), 1e-3))) for report in reports]
    total, count = np.zeros(len(published)), np.zeros(len(published))
    for groups in columns.values():
        everything = np.concatenate(groups)
        mean, sd = (everything.mean(), everything.std() or 1.0) if len(everything) else (0.0, 1.0)
        total += [np.sum((group - mean) / sd) for group in groups]
        count += [len(group) for group in groups]
    return list(-total / np.maximum(count, 1))


def _levels(figures: Sequence[Figures], name: str) -> np.ndarray:
    """Figures of one analyte as logarithms, presence as it is."""
    found = np.array([one[name] for one in figures if name in one])
    return found if name in PATHOGENS else np.log(np.where(found < 0, -found / 2, np.maximum(found, 1e-6)))


def labdoor_like(published: Published, report: VendorReport, standard: Standard) -> float:
    """Label accuracy from ten points with underage counted twice, purity against limits, and whole panels, weighted."""
    ratios = label_ratios(report)
    misses = [2 * (1 - ratio) if ratio < 1 else ratio - 1 for ratio in ratios]
    complete = np.mean([not any(finding.kind == "missing_panel" for finding in lot.findings) for lot in report.lots])
    parts = {
        "label accuracy": 10 * (1 - min(1.0, float(np.mean(misses)))) if misses else 10.0,
        "purity": 10 * float(np.mean([_purity(figures, standard) for figures in published.figures])),
        "documents": 10 * float(complete),
    }
    return sum(_LABDOOR[part] * points for part, points in parts.items())


def _purity(figures: Figures, standard: Standard) -> float:
    """One less the worst part of a limit that a certificate shows, not below zero."""
    worst = 0.0
    for requirement in standard.requirements_for("leaf"):
        figure = figures.get(requirement.analyte)
        if figure is None or requirement.panel is Panel.OTHER:
            continue
        if requirement.operator is Operator.ABSENT:
            worst = max(worst, float(figure > 0))
        elif requirement.basis is Basis.AS_SOLD and requirement.analyte in UNITS:
            worst = max(worst, convert(figure, UNITS[requirement.analyte], requirement.unit) / requirement.value)
        elif requirement.basis is Basis.SHARE and requirement.analyte == SEVEN:
            alkaloids = sum(figures.get(name, 0.0) for name in requirement.relative_to)
            worst = max(worst, 100 * figure / alkaloids / requirement.value)
        elif requirement.basis is Basis.RATIO and figures.get(SEVEN):
            worst = max(worst, requirement.value / (figures[MITRAGYNINE] / figures[SEVEN]))
    return max(0.0, 1 - worst)
