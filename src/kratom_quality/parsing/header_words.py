"""The words of ``data/header.toml``: labels, the fields they introduce, and what tells names, titles and verdicts."""

from __future__ import annotations

import re
from functools import cache, cached_property
from itertools import starmap
from typing import Literal, NamedTuple, get_args

from pydantic import BaseModel, ConfigDict, model_validator

from kratom_quality.datafiles import bundled, load_model
from kratom_quality.records import Verdict

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
Phrase = tuple[str, ...]

_TOKEN = re.compile(r"[^\W\d_]+|\d+|[#№:：;|]")
_NUMBER_WORDS = frozenset({"no", "nr", "num", "number", "numbers", "nos", "№"})
_NUMBERED: frozenset[Field] = frozenset({"batch", "sample_id", "other"})
_TWO_MEANINGS = ({"product", "sample_id"}, {"collected", "received"})
_PLURAL_MARK = re.compile(r"\([sS]\)")


class Token(NamedTuple):
    """A word, a number or a separator; "No.", "Nr", "Number" and "#" are all ``#``."""

    text: str
    start: int
    end: int


class Label(NamedTuple):
    """What a label introduces; among the labels of one field the lower rank is preferred."""

    field: Field
    rank: int


class _Table(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Sections(_Table):
    """Words that open a section of results."""

    panels: tuple[str, ...]
    columns: tuple[str, ...]


class Words(_Table):
    """Words that tell values apart."""

    nothing: tuple[str, ...]
    titles: tuple[str, ...]
    title_words: tuple[str, ...]
    whole_sample: tuple[str, ...]
    matrices: tuple[str, ...]
    signatures: tuple[str, ...]
    european: tuple[str, ...]


class Companies(_Table):
    """Words that make a name a company's or a laboratory's."""

    laboratory: tuple[str, ...]
    laboratory_weak: tuple[str, ...]
    legal: tuple[str, ...]
    generic: tuple[str, ...]
    not_names: tuple[str, ...]
    platforms: tuple[str, ...]


class HeaderWords(_Table):
    """``data/header.toml``, checked, with its phrases keyed for look-up."""

    labels: dict[Field, tuple[tuple[str, ...], ...]]
    sections: Sections
    words: Words
    verdicts: dict[Verdict, tuple[str, ...]]
    companies: Companies

    @model_validator(mode="after")
    def _each_label_has_one_meaning(self) -> HeaderWords:
        for phrase, labels in self.all_labels.items():
            fields = {label.field for label in labels}
            if len(fields) > 1 and fields not in _TWO_MEANINGS:
                raise ValueError(f"{' '.join(phrase)!r} stands under {' and '.join(sorted(fields))}")
        if set(self.verdicts) != set(get_args(Verdict)):
            raise ValueError(f"[verdicts] needs {' and '.join(get_args(Verdict))}")
        return self

    @cached_property
    def all_labels(self) -> dict[Phrase, tuple[Label, ...]]:
        """Labels by their words, those of identifiers also with "No." behind them; "Sample" has two meanings."""
        fields: dict[Phrase, dict[Field, int]] = {}
        for field, groups in self.labels.items():
            for rank, group in enumerate(groups):
                for phrase in group:
                    fields.setdefault(key(phrase), {}).setdefault(field, rank)
        for phrase_key in list(fields):
            numbered = {field: rank for field, rank in fields[phrase_key].items() if field in _NUMBERED}
            if numbered:
                fields.setdefault((*phrase_key, "#"), numbered)
        return {phrase: tuple(starmap(Label, ranks.items())) for phrase, ranks in fields.items()}

    @cached_property
    def first_words(self) -> frozenset[str]:
        """Words that labels begin with."""
        return frozenset(phrase[0] for phrase in self.all_labels)

    @cached_property
    def longest_label(self) -> int:
        """Words of the longest label."""
        return max(map(len, self.all_labels))

    @cached_property
    def panels(self) -> frozenset[Phrase]:
        """What a section of results begins with."""
        return frozenset(map(key, self.sections.panels))

    @cached_property
    def columns(self) -> frozenset[Phrase]:
        """Heads of result columns."""
        return frozenset(map(key, self.sections.columns))

    @cached_property
    def titles(self) -> frozenset[Phrase]:
        """Titles of documents, which are never a name."""
        return frozenset(map(key, self.words.titles))

    @cached_property
    def nothing(self) -> frozenset[Phrase]:
        """Values that say that there is none."""
        return frozenset(map(key, self.words.nothing))

    @cached_property
    def no_names(self) -> frozenset[Phrase]:
        """What is never the name of a product or a company."""
        return self.titles | self.nothing | self.panels

    @cached_property
    def title_words(self) -> frozenset[str]:
        """Words no name of a product or a company holds."""
        return frozenset(word for phrase in self.words.title_words for word in key(phrase))

    @cached_property
    def whole_sample(self) -> frozenset[Phrase]:
        """What heads the row of a summary that speaks of the sample as a whole."""
        return frozenset(map(key, self.words.whole_sample))

    @cached_property
    def signatures(self) -> frozenset[str]:
        """Words of a signature block, folded."""
        return frozenset(word for phrase in self.words.signatures for word in key(phrase))

    @cached_property
    def matrices(self) -> frozenset[str]:
        """Words a sample's matrix is made of, folded."""
        return frozenset(word for phrase in self.words.matrices for word in key(phrase))

    @cached_property
    def european(self) -> re.Pattern[str]:
        """Words of documents that write the day before the month."""
        return re.compile(rf"\b(?:{'|'.join(map(re.escape, self.words.european))})")

    @cached_property
    def verdict_words(self) -> dict[str, Verdict]:
        """Verdicts of one word, folded."""
        return {
            phrase: verdict for verdict, phrases in self.verdicts.items() for phrase in phrases if " " not in phrase
        }

    @cached_property
    def _verdicts(self) -> tuple[re.Pattern[str], re.Pattern[str]]:
        failing, passing = (
            re.compile(rf"(?:^|\b)(?:{'|'.join(' '.join(key(phrase)) for phrase in self.verdicts[verdict])})(?:\b|$)")
            for verdict in ("fail", "pass")
        )
        return failing, passing

    def verdict(self, text: str) -> Verdict | None:
        """Return what ``Complies with the specification`` and the like say; None for ``Pass/Fail``, which says both."""
        folded = " ".join(key(text))
        failing, passing = self._verdicts
        rest = failing.sub(" ", folded)
        if passing.search(rest):
            return "pass" if rest == folded else None
        return None if rest == folded else "fail"


@cache
def header_words() -> HeaderWords:
    """Return the shipped words.

    Raises
    ------
    DataFileError
        If the data file does not hold what it must.
    """
    return load_model(HeaderWords, bundled("header.toml"))


def tokenize(text: str, start: int = 0, end: int | None = None) -> list[Token]:
    """Split a text, or a part of it, into words, numbers and separators, folded, each with its place in the text."""
    if "(" in text:
        text = _PLURAL_MARK.sub("   ", text)
    tokens = []
    for match in _TOKEN.finditer(text, start, len(text) if end is None else end):
        word = match.group().casefold()
        tokens.append(Token("#" if word in _NUMBER_WORDS else word, match.start(), match.end()))
    return tokens


def key(text: str) -> Phrase:
    """Return the words of a text, folded."""
    words = _TOKEN.findall((_PLURAL_MARK.sub(" ", text) if "(" in text else text).casefold())
    return tuple("#" if word in _NUMBER_WORDS else word for word in words)
