"""Who sells: habits of labelling, testing and forging, and what is true of the next batch."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from simulation.goods import (
    METALS,
    MITRAGYNINE,
    SETTINGS,
    Adulteration,
    Contents,
    Supply,
    breaches,
    draw_adulteration,
    draw_batches,
    draw_care,
    draw_supply,
    student,
)

from kratom_quality.records import Panel
from kratom_quality.scoring.settings import scoring_settings
from kratom_quality.standards import Standard

_FUTURE = 2000  # batches by which the truth is told: to within 1.1 % of a share


@dataclass(frozen=True, slots=True)
class Laboratory:
    """Who tests, and how far its results lie from the truth, as logarithms."""

    name: str
    alkaloid_bias: float
    metal_bias: float
    accredited: bool
    prints_loq: bool
    short_panel: bool


@dataclass(frozen=True, slots=True)
class Label:
    """What a vendor claims: the product's mitragynine in percent, or every batch's own as measured; None for none."""

    habit: float
    product: float | None


@dataclass(frozen=True, slots=True)
class Vendor:
    """A vendor's hidden nature."""

    name: str
    supply: Supply
    former_supply: Supply | None
    changed_on: float
    batch_sd: float
    adulteration: Adulteration
    label: Label | None
    laboratories: tuple[Laboratory, ...]
    gaps: dict[str, float]
    forged_share: float
    certificates: int

    def laboratory(self, rng: np.random.Generator) -> Laboratory:
        """Choose one for a batch."""
        if len(self.laboratories) == 1 or rng.random() < SETTINGS["laboratories_do"]["first_choice"]:
            return self.laboratories[0]
        return self.laboratories[rng.integers(1, len(self.laboratories))]


@dataclass(frozen=True, slots=True)
class Truth:
    """What the score estimates: see ``benchmarks/market.py``."""

    reputability: float
    respects: dict[str, float]
    mislabeled: float
    adulterator: bool


def draw_laboratories(rng: np.random.Generator) -> tuple[Laboratory, ...]:
    law, number = SETTINGS["laboratories_do"], SETTINGS["market"]["laboratories"]
    order = {trait: rng.permutation(number) for trait in ("unaccredited", "without_loq", "short_alkaloid_panel")}
    return tuple(
        Laboratory(
            name=f"Laboratory {place + 1}",
            alkaloid_bias=law["alkaloid_bias"] * student(rng, law["bias_degrees_of_freedom"]),
            metal_bias=law["metal_bias"] * student(rng, law["bias_degrees_of_freedom"]),
            accredited=order["unaccredited"][place] >= law["unaccredited"],
            prints_loq=order["without_loq"][place] >= law["without_loq"],
            short_panel=order["short_alkaloid_panel"][place] < law["short_alkaloid_panel"],
        )
        for place in range(number)
    )


def draw_vendor(rng: np.random.Generator, name: str, laboratories: tuple[Laboratory, ...]) -> Vendor:
    market, law = SETTINGS["market"], SETTINGS["alkaloids"]["batch_sd"]
    care = draw_care(rng)
    changed = rng.random() < SETTINGS["care"]["supplier_change_share"]
    supply, former = draw_supply(rng, care), draw_supply(rng, care) if changed else None
    low, high = market["certificates"][rng.integers(len(market["certificates"]))]
    used = 1 + rng.choice(3, p=SETTINGS["laboratories_do"]["used_by_a_vendor"])
    return Vendor(
        name=name,
        supply=supply,
        former_supply=former,
        changed_on=rng.uniform(0, market["days"]),
        batch_sd=np.exp(rng.normal(law["log_median"], law["log_sd"])),
        adulteration=draw_adulteration(rng),
        label=_draw_label(rng, care, former or supply),
        laboratories=tuple(laboratories[place] for place in rng.permutation(len(laboratories))[:used]),
        gaps=_draw_gaps(rng, care),
        forged_share=_draw_forging(rng, care),
        certificates=int(low * ((high + 1) / low) ** rng.random()),
    )


def _draw_label(rng: np.random.Generator, care: float, supply: Supply) -> Label | None:
    law = SETTINGS["labels"]
    if rng.random() >= law["claiming_share"]:
        return None
    overstaters = np.clip(
        law["overstated"]["share"] - law["careless_excess"] * care, 0.0, 1 - law["honest"]["share"] / 2
    )
    kind = rng.random()
    if kind < overstaters:
        habit = rng.uniform(law["overstated"]["log_from"], law["overstated"]["log_to"])
    elif kind < overstaters + 1 - law["honest"]["share"] - law["overstated"]["share"]:
        habit = -rng.uniform(law["understated"]["log_from"], law["understated"]["log_to"])
    else:
        habit = rng.normal(0, law["honest"]["sd"])
    per_batch = rng.random() < law["per_batch_share"]
    return Label(habit, None if per_batch else round(float(np.exp(supply.mitragynine + habit)), 2))


def _draw_gaps(rng: np.random.Generator, care: float) -> dict[str, float]:
    law = SETTINGS["documents"]
    kept = np.clip(1 - law["care_shift"] * care, 0, 1.5)
    gaps = {
        name: float(np.clip(kept * rng.beta(*law[name]), 0, 1))
        for name in ("no_microbials", "no_metals", "no_batch", "no_date")
    }
    own = rng.random() < law["own_laboratory_share"]
    return {**gaps, "own_laboratory": rng.beta(*law["own_laboratory"]) if own else 0.0}


def _draw_forging(rng: np.random.Generator, care: float) -> float:
    law = SETTINGS["forgers"]
    odds = law["share"] / (1 - law["share"]) * np.exp(-law["care_slope"] * care)
    return rng.uniform(*law["forged"]) if rng.random() < odds / (1 + odds) else 0.0


def truth_of(rng: np.random.Generator, vendor: Vendor, standard: Standard, stale: bool) -> Truth:
    """Return what is true of the vendor's next batch and its certificate."""
    batches = draw_batches(rng, vendor.supply, vendor.batch_sd, vendor.adulteration, _FUTURE)
    microbial = breaches(batches, standard, frozenset({Panel.MICROBIALS}))
    chemical = breaches(batches, standard, frozenset(set(Panel) - {Panel.MICROBIALS}))
    off = _off_label(rng, vendor, batches)
    respects = {
        "safety": float(np.mean(~chemical) * np.mean(~microbial)),
        "label_truth": float(np.mean(~(off | (batches["unnatural"] > 0)))),
        "authenticity": float(1 - vendor.forged_share * np.mean(chemical | microbial)),
        "documents": _completeness(vendor, batches, stale),
    }
    weights = scoring_settings().weights.values()
    floor = scoring_settings().floor
    score = 100 * np.prod([max(share, floor) ** weights[respect] for respect, share in respects.items()])
    return Truth(float(score), respects, 1 - respects["label_truth"], vendor.adulteration.share > 0)


def _off_label(rng: np.random.Generator, vendor: Vendor, batches: Contents) -> np.ndarray:
    """Whether each batch's true mitragynine is outside the tolerance of what its label claims."""
    if vendor.label is None:
        return np.zeros(_FUTURE, dtype=bool)
    if vendor.label.product is None:
        noise = rng.normal(0, SETTINGS["laboratories_do"]["alkaloid_noise"], _FUTURE)
        shares = _laboratory_shares(vendor)
        bias = rng.choice([laboratory.alkaloid_bias for laboratory in vendor.laboratories], _FUTURE, p=shares)
        ratio = np.exp(-bias - noise - vendor.label.habit)
    else:
        ratio = batches[MITRAGYNINE] / vendor.label.product
    return (ratio < 0.8) | (ratio > 1.2)


def _laboratory_shares(vendor: Vendor) -> list[float]:
    first, others = SETTINGS["laboratories_do"]["first_choice"], len(vendor.laboratories) - 1
    return [1.0] if not others else [first, *[(1 - first) / others] * others]


def _completeness(vendor: Vendor, batches: Contents, stale: bool) -> float:
    """Return how complete the next certificate is to be expected, by the score's own weights of the gaps."""
    weight, law, gaps = scoring_settings().documents.gaps, SETTINGS["laboratories_do"], vendor.gaps
    unfound = np.any([batches[metal] < law["loq"][metal] for metal in METALS], axis=0).mean()
    independent = 1 - gaps["own_laboratory"]
    missing = weight["missing_panel"] * (gaps["no_microbials"] + gaps["no_metals"])
    missing += weight["missing_batch"] * gaps["no_batch"] + weight["missing_date"] * gaps["no_date"]
    missing += weight["no_independent_lab"] * gaps["own_laboratory"] + scoring_settings().documents.stale * stale
    for share, laboratory in zip(_laboratory_shares(vendor), vendor.laboratories, strict=True):
        accredited = laboratory.accredited * independent
        missing += share * weight["not_accredited"] * (1 - accredited)
        unbounded = (not laboratory.prints_loq) * (1 - gaps["no_metals"]) * unfound
        missing += share * weight["loq_not_informative"] * unbounded
    return max(0.0, 1 - missing)


def former(vendor: Vendor) -> Vendor:
    """Return the vendor as it was before it changed its supplier."""
    return vendor if vendor.former_supply is None else replace(vendor, supply=vendor.former_supply)
