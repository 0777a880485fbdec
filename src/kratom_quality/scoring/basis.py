"""What the numbers rest on, in words that go out with them."""

from __future__ import annotations

from kratom_quality.checks.settings import check_settings
from kratom_quality.scoring.settings import scoring_settings
from kratom_quality.standards import Standard


def basis(standard: Standard | str = "consumer", grams_per_day: float | None = None) -> str:
    """Return a paragraph on the standard, the amounts, the weights and what certificates cannot show."""
    loaded = standard if isinstance(standard, Standard) else Standard.load(standard)
    settings = scoring_settings()
    grams = check_settings().grams_per_day if grams_per_day is None else grams_per_day
    weights = ", ".join(
        f"{respect.replace('_', ' ')} {weight:.0%}" for respect, weight in settings.weights.values().items()
    )
    return (
        f"What this rests on: certificates as read, against the standard '{loaded.name}' ({loaded.title},"
        f" {len(loaded.requirements)} limits), with {grams:g} g of product a day for limits on daily amounts."
        f" Reputability is 100 times the product of four shares raised to their weights ({weights}), each estimated"
        f" from the vendor's own batches in the light of the others' by partial pooling; certificates lose half their"
        f" weight in {settings.recency.half_life_days:g} days; intervals hold {settings.interval:.0%} of"
        f" {settings.draws} seeded draws. Of the pairs of vendors with different grades, at most"
        f" {settings.grades.largest_discordance:.0%} are expected to stand in the wrong order. What was not tested, or"
        " not found by a test that could not have found it, is undecided and no evidence. A vendor with fewer than"
        f" {settings.fewest_decided_batches} decided batches is not ranked. Certificates show what a laboratory printed"
        " of the samples it was given: not what is in other packages, not who took the sample, and not what is safe for"
        " anyone."
    )
