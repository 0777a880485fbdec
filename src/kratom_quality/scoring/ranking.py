"""Vendors with their scores, best first."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Self, overload

from pydantic import Field, ModelWrapValidatorHandler, PrivateAttr, TypeAdapter, computed_field, model_validator

import kratom_quality  # the public face knows where plots live, which are behind this module
from kratom_quality.checks import LotReport
from kratom_quality.frames import Row, frame
from kratom_quality.records import Finding, Record
from kratom_quality.scoring.account import Background, weighty_kinds
from kratom_quality.scoring.explain import Passage, explanation, story
from kratom_quality.scoring.page import ranking_to_html, score_to_html
from kratom_quality.scoring.study import Study

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes


VENDOR_COLUMNS = (
    *("vendor", "rank", "reputability", "reputability_low", "reputability_high", "expected_rank", "mislabeling_risk"),
    *("certificates", "batches", "rated", "failures", "undecided", "missing_panels", "reason"),
    *("grade", "probability_better_than_next", "adulteration_risk", "claims_compared"),
)
_FINDINGS = TypeAdapter(tuple[Finding, ...])


class VendorScore(Record):
    """What is known of one vendor.

    Parameters
    ----------
    vendor
        Name.
    rank
        1 is best; None where unrated.
    reputability, low, high
        Median and 90 % interval of the score, 0 to 100.
    expected_rank
        Mean rank over the draws; for an unrated vendor the place it would have.
    mislabeling_risk
        Probability that the next batch is off its label, adulterated or not leaf.
    adulteration_risk
        Probability that the next batch is adulterated or not leaf, which is part of the former.
    grade
        A to E; None where unrated.
    probability_better_than_next
        Probability of a better score than the next in rank; None for the last and the unrated.
    claims_compared
        Batches of which a label claim was compared with what was measured.
    certificates, batches
        Files, each counted once, and the batches they are of.
    failures, undecided, missing_panels
        Batches that do not conform; batches that cannot be told; panels not tested, summed over batches.
    rated, reason
        Whether there is enough evidence for a rank, and what is missing where not.
    respects, respect_intervals
        Median and interval of each share the score is made of, 0 to 1.
    points_lost
        Points that each respect takes from 100; they sum to what the median is short of it.
    """

    vendor: str
    rank: int | None
    reputability: float = Field(ge=0, le=100)
    low: float = Field(ge=0, le=100)
    high: float = Field(ge=0, le=100)
    expected_rank: float = Field(ge=1)
    mislabeling_risk: float = Field(ge=0, le=1)
    adulteration_risk: float = Field(ge=0, le=1)
    certificates: int
    batches: int
    failures: int
    undecided: int
    missing_panels: int
    rated: bool
    reason: str | None = None
    grade: str | None = None
    probability_better_than_next: float | None = None
    claims_compared: int
    respects: dict[str, float]
    respect_intervals: dict[str, tuple[float, float]]
    points_lost: dict[str, float]
    _loaded: tuple[Finding, ...] = PrivateAttr(default=())
    _background: Background | None = PrivateAttr(default=None)

    @model_validator(mode="wrap")
    @classmethod
    def _with_findings(cls, given: object, build: ModelWrapValidatorHandler[Self]) -> Self:
        """Take findings from a file, where they stand beside the numbers."""
        if not isinstance(given, Mapping):
            return build(given)
        score = build({name: value for name, value in given.items() if name != "findings"})
        score._loaded = _FINDINGS.validate_python(given.get("findings", ()))
        return score

    def studied(self, background: Background) -> Self:
        """Return the score with what it rests on."""
        self._background = background
        return self

    @computed_field  # type: ignore[prop-decorator]
    @property
    def findings(self) -> tuple[Finding, ...]:
        """Every finding on the vendor."""
        return self._background.findings if self._background else self._loaded

    @property
    def weighty(self) -> Mapping[str, int]:
        """How many findings there are of each kind that weighs, the gravest first."""
        if self._background:
            return self._background.account.weighty
        return weighty_kinds((finding.kind, finding.severity) for finding in self.findings)

    @property
    def lots(self) -> tuple[LotReport, ...]:
        """Its batches as they were judged; none where the score was loaded from a file."""
        return self._background.lots if self._background else ()

    @property
    def study(self) -> Study | None:
        """What its explanation rests on; None where the score was loaded from a file."""
        return self._background.study if self._background else None

    @property
    def failing_batches(self) -> tuple[str, ...]:
        """The keys of the batches likelier to fail than not; none where the score was loaded from a file."""
        study = self.study
        return tuple(lot.key for lot in study.evidence.lots if lot.fails) if study else ()

    def row(self) -> Row:
        """Return the columns of the table of vendors."""
        flat = self.model_dump(exclude={"low", "high", "respects", "respect_intervals", "points_lost", "findings"})
        return {**flat, "reputability_low": self.low, "reputability_high": self.high}

    def explain(self) -> list[str]:
        """Return lines of text that lead every point back to findings, and every finding to its page."""
        return explanation(self, self.study)

    def story(self) -> list[Passage]:
        """Return the explanation without the verdict, as passages with their findings."""
        return story(self, self.study)

    def _repr_html_(self) -> str:
        return score_to_html(self)


@dataclass(frozen=True)
class Ranking(Sequence[VendorScore]):
    """Scores best first, the unrated ones last by name; a vendor is found by place or by name.

    Parameters
    ----------
    scores
        In order.
    basis
        A paragraph on what the numbers rest on.
    """

    scores: tuple[VendorScore, ...]
    basis: str

    def __len__(self) -> int:
        return len(self.scores)

    def __iter__(self) -> Iterator[VendorScore]:
        return iter(self.scores)

    @overload
    def __getitem__(self, place: int | str) -> VendorScore: ...
    @overload
    def __getitem__(self, place: slice) -> Sequence[VendorScore]: ...
    def __getitem__(self, place: int | str | slice) -> VendorScore | Sequence[VendorScore]:
        if not isinstance(place, str):
            return self.scores[place]
        for score in self.scores:
            if score.vendor == place:
                return score
        raise KeyError(f"no vendor {place!r}; there are {', '.join(score.vendor for score in self.scores) or 'none'}")

    @property
    def findings(self) -> tuple[Finding, ...]:
        """All findings, vendor by vendor."""
        return tuple(finding for score in self.scores for finding in score.findings)

    def to_frame(self) -> pd.DataFrame:
        """Return one row a vendor, best first."""
        return frame((score.row() for score in self), VENDOR_COLUMNS)

    def plot(self, ax: Axes | None = None) -> Axes:
        """Draw the scores with their intervals; see :func:`kratom_quality.plot_ranking`, which this calls."""
        return kratom_quality.plot_ranking(self, ax=ax)

    def _repr_html_(self) -> str:
        return ranking_to_html(self)
