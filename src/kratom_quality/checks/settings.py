"""What the checks take for given: ``data/checks.toml``, checked when loaded."""

from __future__ import annotations

from functools import lru_cache

from pydantic import Field

from kratom_quality.datafiles import bundled, load_model
from kratom_quality.records import Panel, Record, Severity
from kratom_quality.standards import ProductForm


class Kind(Record):
    """How much a kind of finding weighs, and how likely it is real where nothing better is known."""

    severity: Severity
    probability: float = Field(gt=0, le=1)


class UncertaintySettings(Record):
    """Measurement uncertainty where a certificate states none."""

    relative_floor: float = Field(gt=0, lt=1)
    log10_count: float = Field(gt=0)
    guard_band: float = Field(gt=0)


class AlkaloidSettings(Record):
    """Ids of the alkaloids the identity checks speak of, and what nature allows."""

    mitragynine: str
    seven_hydroxy: str
    companions: tuple[str, ...] = Field(min_length=1)
    total: str
    adulterants: tuple[str, ...] = Field(min_length=1)
    fewest_companions: float = Field(gt=0)
    largest_total_to_mitragynine: float = Field(gt=1)
    share_left_by_unit_slip: float = Field(ge=0, le=1)
    share_left_by_natural_amount: float = Field(ge=0, le=1)


class LeafReference(Record):
    """Alkaloids of leaf in proportion to each other, by their ids, and who published them."""

    parts: dict[str, float] = Field(min_length=3)
    source: str = Field(min_length=1)


class ProfileSettings(Record):
    """References of leaf, and how far from the nearest a profile may be."""

    references: tuple[LeafReference, ...] = Field(min_length=1)
    largest_distance: float = Field(gt=0)
    probability: float = Field(gt=0, le=1)


class UnitSlip(Record):
    """What an analyte naturally amounts to, and the factor by which a slip of the unit makes it larger.

    Parameters
    ----------
    natural
        Least and most, in ``unit``.
    unheard_of_above
        Below this a result is taken as it is, in ``unit``.
    forms
        Product forms it holds for.
    explanation
        What may have slipped.
    """

    analyte: str
    unit: str
    natural: tuple[float, float]
    factor: float = Field(gt=1)
    unheard_of_above: float = Field(gt=0)
    forms: frozenset[ProductForm]
    explanation: str = Field(min_length=1)
    source: str = Field(min_length=1)


class LabelSettings(Record):
    """How far a result may stand from the label's claim, as a ratio."""

    lowest_ratio: float = Field(gt=0, lt=1)
    highest_ratio: float = Field(gt=1)


class DocumentSettings(Record):
    """What makes a document old, a product an extract or single pieces, and two company names the same."""

    stale_after_days: int = Field(gt=0)
    very_stale_after_days: int = Field(gt=0)
    extract_words: frozenset[str]
    extract_units: frozenset[str]
    piece_words: frozenset[str]
    company_words: frozenset[str]
    in_house_words: frozenset[str]


class AuthenticitySettings(Record):
    """How alike two certificates must be before one is taken for a copy."""

    fewest_equal_results: int = Field(ge=2)
    significant_digits: int = Field(ge=1)
    significant_digits_but_one: int = Field(ge=1)
    fewest_parts_of_a_total: int = Field(ge=2)
    probability_other_vendor: float = Field(gt=0, le=1)
    probability_two_names: float = Field(gt=0, le=1)


class EditingPrograms(Record):
    """Programs that change PDFs: parts of their names in small letters, what they are, and what their use proves."""

    names: tuple[str, ...] = Field(min_length=1)
    what: str = Field(min_length=1)
    certainty: float = Field(gt=0, lt=1)


class EditingSettings(Record):
    """How sure each sign makes it that somebody changed what a PDF says, and from where on that weighs how much."""

    text_replaced: float = Field(gt=0, lt=1)
    text_replaced_at_once: float = Field(gt=0, lt=1)
    at_once_minutes: int = Field(ge=0)
    text_added: float = Field(gt=0, lt=1)
    modified_late: float = Field(gt=0, lt=1)
    made_before_dates: float = Field(gt=0, lt=1)
    odd_font: float = Field(gt=0, lt=1)
    overprinted: float = Field(gt=0, lt=1)
    late_after_days: int = Field(ge=0)
    medium_from: float = Field(gt=0, lt=1)
    high_from: float = Field(gt=0, lt=1)
    programs: tuple[EditingPrograms, ...]


class LinkSettings(Record):
    """Hosts where laboratories publish reports, those where anybody can, and how likely others are a fault."""

    report_platforms: frozenset[str]
    file_hosts: frozenset[str]
    probability_file_host: float = Field(gt=0, lt=1)
    probability_elsewhere: float = Field(gt=0, lt=1)


class SumSettings(Record):
    """Totals of parts that are named: the total's id, and those of its parts."""

    total: str
    parts: frozenset[str] = Field(min_length=2)


class SpreadSettings(Record):
    """When batches are too much alike."""

    panels: frozenset[Panel]
    panels_that_tell_alone: frozenset[Panel]
    fewest_batches: int = Field(ge=3)
    share_of_horwitz: float = Field(gt=0, lt=1)
    largest_chance: float = Field(gt=0, lt=1)


class CheckSettings(Record):
    """Everything in ``data/checks.toml``."""

    grams_per_day: float = Field(gt=0)
    grams_per_serving: float = Field(gt=0)
    articles: frozenset[str]
    kinds: dict[str, Kind]
    uncertainty: UncertaintySettings
    alkaloids: AlkaloidSettings
    profile: ProfileSettings
    unit_slips: tuple[UnitSlip, ...]
    labels: LabelSettings
    documents: DocumentSettings
    authenticity: AuthenticitySettings
    sums: tuple[SumSettings, ...]
    editing: EditingSettings
    links: LinkSettings
    spread: SpreadSettings


@lru_cache(maxsize=1)
def check_settings() -> CheckSettings:
    """Return the package's settings."""
    return load_model(CheckSettings, bundled("checks.toml"))
