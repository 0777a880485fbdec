"""What a vendor sells: the true contents of batches, and whether they conform."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from kratom_quality.records import Panel
from kratom_quality.standards import Basis, Operator, Requirement, Standard
from kratom_quality.units import convert

SETTINGS = tomllib.loads((Path(__file__).parent.parent / "market.toml").read_text(encoding="utf-8"))
METALS = ("arsenic", "cadmium", "mercury", "lead")
COUNTS = tuple(SETTINGS["germs"]["counts"])
PATHOGENS = ("salmonella", "e_coli")
COMPANIONS = tuple(SETTINGS["alkaloids"]["companions"])
MITRAGYNINE, SEVEN = "mitragynine", "7_hydroxymitragynine"
UNITS = {
    **dict.fromkeys(METALS, "mg/kg"),
    **dict.fromkeys(COUNTS, "CFU/g"),
    **dict.fromkeys((MITRAGYNINE, SEVEN, *COMPANIONS), "%"),
}
PANELS = {
    **dict.fromkeys(METALS, Panel.HEAVY_METALS),
    **dict.fromkeys((*COUNTS, *PATHOGENS), Panel.MICROBIALS),
    **dict.fromkeys((MITRAGYNINE, SEVEN, *COMPANIONS), Panel.ALKALOIDS),
}
GRAMS_A_DAY = 3.0

Contents = dict[str, np.ndarray]
"""True amounts by analyte, one a batch; pathogens are 0 or 1, and so is ``unnatural``."""


@dataclass(frozen=True, slots=True)
class Supply:
    """Where a vendor's leaf comes from, which may change."""

    lead: float
    germs: float
    pathogen_share: float
    mitragynine: float


@dataclass(frozen=True, slots=True)
class Adulteration:
    """What a vendor adds, and to which share of the batches."""

    share: float = 0.0
    percent: float = 0.0
    bare: bool = False


def student(rng: np.random.Generator, degrees: float, size: int | None = None) -> np.ndarray:
    """Student's t scaled to a standard deviation of 1."""
    return rng.standard_t(degrees, size) * np.sqrt((degrees - 2) / degrees)


def draw_care(rng: np.random.Generator) -> float:
    traits = SETTINGS["care"]
    kind = traits["careless"] if rng.random() < traits["careless_share"] else traits["careful"]
    return rng.normal(kind["mean"], kind["sd"])


def draw_supply(rng: np.random.Generator, care: float) -> Supply:
    lead, germs, alkaloids = SETTINGS["lead"], SETTINGS["germs"], SETTINGS["alkaloids"]
    steamed = rng.random() < germs["steam_share"]
    return Supply(
        lead=lead["log_median"] + lead["care_slope"] * care + rng.normal(0, lead["between"]),
        germs=germs["care_slope"] * care + rng.normal(0, germs["vendor_sd"]) - germs["steam_logs"] * steamed,
        pathogen_share=germs["pathogen_steam"] if steamed else rng.beta(*germs["pathogen_beta"]),
        mitragynine=alkaloids["log_median"] + rng.normal(0, alkaloids["vendor_sd"]),
    )


def draw_adulteration(rng: np.random.Generator) -> Adulteration:
    kind = SETTINGS["adulterators"]
    if rng.random() >= kind["share"]:
        return Adulteration()
    low, high = kind["percent_added"]
    percent = low * (high / low) ** rng.random()
    return Adulteration(rng.beta(*kind["share_of_batches"]), percent, rng.random() < kind["bare_share"])


def draw_batches(
    rng: np.random.Generator, supply: Supply, batch_sd: float, added: Adulteration, number: int
) -> Contents:
    """Draw the true contents of so many batches."""
    return {
        **_metals(rng, supply, number),
        **_germs(rng, supply, number),
        **_alkaloids(rng, supply, batch_sd, added, number),
    }


def _metals(rng: np.random.Generator, supply: Supply, number: int) -> Contents:
    lead, others = SETTINGS["lead"], SETTINGS["metals"]
    dirt = np.where(
        rng.random(number) < lead["dirty_share"], rng.normal(lead["dirty"]["mean"], lead["dirty"]["sd"], number), 0.0
    )
    deviation = rng.normal(0, lead["within"], number) + dirt
    contents = {"lead": np.exp(supply.lead + deviation)}
    soil = supply.lead - lead["log_median"] + deviation
    for metal in METALS[:3]:
        law = others[metal]
        own = law["own"] * student(rng, others["degrees_of_freedom"], number)
        contents[metal] = np.exp(law["log_median"] + law["lead_slope"] * soil + own)
    return contents


def _germs(rng: np.random.Generator, supply: Supply, number: int) -> Contents:
    germs = SETTINGS["germs"]
    batch = germs["batch_sd"] * student(rng, germs["degrees_of_freedom"], number)
    contents = {
        name: 10 ** (level + supply.germs + batch + rng.normal(0, germs["batch_sd"] / 2, number))
        for name, level in germs["counts"].items()
    }
    infected = rng.random(number) < supply.pathogen_share
    salmonella = rng.random(number) < germs["salmonella_of_pathogens"]
    return {**contents, "salmonella": 1.0 * (infected & salmonella), "e_coli": 1.0 * (infected & ~salmonella)}


def _alkaloids(rng: np.random.Generator, supply: Supply, batch_sd: float, added: Adulteration, number: int) -> Contents:
    law = SETTINGS["alkaloids"]
    mitragynine = np.exp(supply.mitragynine + batch_sd * student(rng, law["degrees_of_freedom"], number))
    seven = np.exp(rng.normal(law["seven_log_median"], law["seven_log_sd"], number))
    spiked = rng.random(number) < added.share
    thinned = SETTINGS["adulterators"]["bare_factor"] if added.bare else 1.0
    companions = {
        name: mitragynine
        * ratio
        * np.exp(rng.normal(0, law["companion_log_sd"], number))
        * np.where(spiked, thinned, 1)
        for name, ratio in law["companions"].items()
    }
    return {
        MITRAGYNINE: mitragynine,
        SEVEN: seven + np.where(spiked, added.percent, 0.0),
        **companions,
        "unnatural": 1.0 * spiked,
    }


def breaches(contents: Contents, standard: Standard, panels: frozenset[Panel]) -> np.ndarray:
    """Whether each batch's true contents break any of the standard's requirements on leaf in these panels."""
    broken = np.zeros(len(contents[MITRAGYNINE]), dtype=bool)
    for requirement in standard.requirements_for("leaf"):
        if requirement.basis is Basis.PER_ARTICLE:
            continue  # leaf is not sold by the piece
        if requirement.panel in panels and requirement.analyte in contents:
            broken |= _breaks(contents, requirement)
    return broken


def _breaks(contents: Mapping[str, np.ndarray], requirement: Requirement) -> np.ndarray:
    amount, limit = contents[requirement.analyte], requirement.value
    if requirement.operator is Operator.ABSENT:
        return amount > 0
    if requirement.analyte in PATHOGENS:
        return np.zeros(len(amount), dtype=bool)
    if requirement.basis in (Basis.SHARE, Basis.RATIO):
        if not set(requirement.relative_to) <= set(contents):
            return np.zeros(len(amount), dtype=bool)
        others = sum(contents[name] for name in requirement.relative_to)
        quotient = amount / others * (100 if requirement.basis is Basis.SHARE else 1)
        return quotient < limit if requirement.operator is Operator.AT_LEAST else quotient > limit
    if requirement.basis is Basis.PER_DAY:
        return convert(1.0, UNITS[requirement.analyte], f"{requirement.unit}/g") * amount * GRAMS_A_DAY > limit
    return convert(1.0, UNITS[requirement.analyte], requirement.unit) * amount > limit
