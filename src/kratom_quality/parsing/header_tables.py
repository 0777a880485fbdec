"""The tables of ``data/header.toml`` as they stand in the file."""

from __future__ import annotations

from functools import cached_property
from typing import Literal

from pydantic import BaseModel, ConfigDict

from kratom_quality.parsing.tokens import Phrase

Field = Literal[
    "laboratory",
    "client",
    "manufacturer",
    "seller",
    "distributor",
    "product",
    "matrix",
    "batch",
    "sample_id",
    "collected",
    "received",
    "tested",
    "tested_from",
    "tested_to",
    "reported",
    "overall_status",
    "completed",
    "serving_size",
    "unit_mass",
    "label_claim",
    "party_name",
    "other",
]
COMPANY_FIELDS: frozenset[Field] = frozenset({"client", "manufacturer", "seller", "distributor", "laboratory"})
PORTION_FIELDS: frozenset[Field] = frozenset({"serving_size", "unit_mass", "label_claim"})
DATE_FIELDS: frozenset[Field] = frozenset(
    {"collected", "received", "tested", "tested_from", "tested_to", "reported", "completed"}
)


class HeaderTable(BaseModel):
    """A table of the file: nothing beyond its fields."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Compound(HeaderTable):
    """Labels put together from common words: a ``core``, a word of each kind where kinds are given, and ``besides``."""

    field: Field
    rank: int
    core: tuple[str, ...]
    kinds: tuple[str, ...] = ()
    besides: tuple[str, ...]

    @cached_property
    def vocabulary(self) -> frozenset[str]:
        """Every word such a label may hold."""
        return frozenset((*self.core, *self.kinds, *self.besides))

    def makes(self, phrase: Phrase) -> bool:
        """Whether a phrase is such a label."""
        return (
            self.vocabulary.issuperset(phrase)
            and any(word in self.core for word in phrase)
            and (not self.kinds or any(word in self.kinds for word in phrase))
        )


class Sections(HeaderTable):
    """Words that open a section of results."""

    panels: tuple[str, ...]
    columns: tuple[str, ...]


class Words(HeaderTable):
    """Words that tell values apart."""

    nothing: tuple[str, ...]
    titles: tuple[str, ...]
    title_words: tuple[str, ...]
    whole_sample: tuple[str, ...]
    matrices: tuple[str, ...]
    signatures: tuple[str, ...]
    samples: tuple[str, ...]
    statement: tuple[str, ...]
    condition: tuple[str, ...]
    negations: tuple[str, ...]
    persons: tuple[str, ...]
    attention: tuple[str, ...]
    european: tuple[str, ...]


class Companies(HeaderTable):
    """Words that make a name a company's or a laboratory's."""

    laboratory: tuple[str, ...]
    laboratory_weak: tuple[str, ...]
    laboratory_endings: tuple[str, ...]
    legal: tuple[str, ...]
    generic: tuple[str, ...]
    not_names: tuple[str, ...]
    platforms: tuple[str, ...]


class Prose(HeaderTable):
    """Words that introduce a field within a sentence."""

    client: tuple[str, ...]
    product: tuple[str, ...]
    batch: tuple[str, ...]
    received: tuple[str, ...]
    registered: tuple[str, ...]


class Accreditation(HeaderTable):
    """Who accredits laboratories, by the short names printed before a laboratory's number."""

    bodies: tuple[str, ...]
