"""The words of ``data/header.toml``: which label introduces which field, and the words that tell names, titles and verdicts."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import cache, cached_property
from typing import Literal, NamedTuple, get_args

from pydantic import BaseModel, ConfigDict

from kratom_quality.datafiles import bundled, load_model
from kratom_quality.errors import DataFileError

Field = Literal[
    "laboratory",
    "client",
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
    "party_name",
    "other",
]
DATE_FIELDS: frozenset[Field] = frozenset({"collected", "received", "tested", "tested_from", "tested_to", "reported"})

_TOKEN = re.compile(r"[^\W\d_]+|\d+|[#№:：;|]")
_NUMBER_WORDS = {"no", "nr", "num", "number", "numbers", "№", "nos"}
_PLURAL_MARK = re.compile(r"\([sS]\)")


class Token(NamedTuple):
    """A word, a number or a separator; "No.", "Nr", "Number" and "#" are all ``#``."""

    text: str
    start: int
    end: int


class Label(NamedTuple):
    """What a label introduces; among labels of one field the lower rank is preferred. A label may serve two fields."""

    field: Field
    rank: int


class _Sections(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")
    panels: tuple[str, ...]
    columns: tuple[str, ...]


class _Words(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")
    nothing: tuple[str, ...]
    titles: tuple[str, ...]
    matrices: tuple[str, ...]
    signatures: tuple[str, ...]
    european: tuple[str, ...]


class Companies(BaseModel):
    """Words that make a name a company's or a laboratory's."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    laboratory: tuple[str, ...]
    laboratory_weak: tuple[str, ...]
    legal: tuple[str, ...]
    generic: tuple[str, ...]
    not_names: tuple[str, ...]
    platforms: tuple[str, ...]


class _Verdicts(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)
    failing: tuple[str, ...]
    passing: tuple[str, ...]


class HeaderWords(BaseModel):
    """``data/header.toml``, checked, with its phrases keyed for look-up."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    labels: dict[Field, tuple[tuple[str, ...], ...]]
    sections: _Sections
    words: _Words
    verdicts: _Verdicts
    companies: Companies

    @cached_property
    def by_first_token(self) -> dict[str, tuple[tuple[tuple[str, ...], tuple[Label, ...]], ...]]:
        """Labels as token sequences by their first token, longest first."""
        fields: dict[tuple[str, ...], list[Label]] = {}
        for field, groups in self.labels.items():
            for rank, group in enumerate(groups):
                for phrase in group:
                    found = fields.setdefault(key(phrase), [])
                    if not any(label.field == field for label in found):
                        found.append(Label(field, rank))
        grouped: dict[str, list[tuple[tuple[str, ...], tuple[Label, ...]]]] = {}
        for tokens, labels in sorted(fields.items(), key=lambda item: -len(item[0])):
            grouped.setdefault(tokens[0], []).append((tokens, tuple(labels)))
        return {first: tuple(entries) for first, entries in grouped.items()}

    @cached_property
    def panels(self) -> frozenset[tuple[str, ...]]:
        """Words a section of results begins with."""
        return frozenset(map(key, self.sections.panels))

    @cached_property
    def columns(self) -> frozenset[tuple[str, ...]]:
        """Heads of result columns."""
        return frozenset(map(key, self.sections.columns))

    @cached_property
    def titles(self) -> frozenset[tuple[str, ...]]:
        """Titles of a document, which are never a name."""
        return frozenset(map(key, self.words.titles))

    @cached_property
    def nothing(self) -> frozenset[tuple[str, ...]]:
        """Values that say there is none."""
        return frozenset(map(key, self.words.nothing))

    def match(self, tokens: Sequence[Token], at: int) -> tuple[int, tuple[Label, ...]] | None:
        """Return the length in tokens and the meanings of the longest label that begins at a token."""
        for wanted, labels in self.by_first_token.get(tokens[at].text, ()):
            length = len(wanted)
            if len(tokens) - at >= length and all(
                tokens[at + step].text == word for step, word in enumerate(wanted) if step
            ):
                return length, labels
        return None

    def verdict(self, text: str) -> Literal["pass", "fail"] | None:
        """What a phrase such as ``Complies with specification`` says; None where it gives no verdict."""
        folded = f" {' '.join(key(text))} "
        if any(f" {phrase} " in folded for phrase in self.verdicts.failing):
            return "fail"
        return "pass" if any(f" {phrase} " in folded for phrase in self.verdicts.passing) else None


def tokenize(text: str) -> list[Token]:
    """Split a text into words, numbers and separators, folded, with their places."""
    if "(" in text:
        text = _PLURAL_MARK.sub("   ", text)
    return list(_tokens(text))


def key(text: str) -> tuple[str, ...]:
    """The words of a text, folded."""
    return tuple(token.text for token in tokenize(text))


def _tokens(text: str) -> Iterator[Token]:
    for match in _TOKEN.finditer(text):
        word = match.group().casefold()
        yield Token("#" if word in _NUMBER_WORDS else word, match.start(), match.end())
