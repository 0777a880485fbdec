"""The words of ``data/header.toml``: labels, the fields they introduce, and what tells names, titles and verdicts."""

from __future__ import annotations

import re
from functools import cache, cached_property
from itertools import islice, starmap
from typing import NamedTuple, get_args

from pydantic import model_validator

from kratom_quality.datafiles import bundled, load_model
from kratom_quality.parsing.header_tables import (
    Accreditation,
    Companies,
    Compound,
    Field,
    HeaderTable,
    Prose,
    Sections,
    Words,
)
from kratom_quality.parsing.tokens import NUMBER_WORDS, Phrase, key
from kratom_quality.records import Verdict

_NUMBERED: frozenset[Field] = frozenset({"batch", "sample_id", "other"})
_TWO_MEANINGS = ({"product", "sample_id"}, {"collected", "received"})


class Label(NamedTuple):
    """What a label introduces; among the labels of one field the lower rank is preferred."""

    field: Field
    rank: int


class HeaderWords(HeaderTable):
    """``data/header.toml``, checked, with its phrases keyed for look-up."""

    labels: dict[Field, tuple[tuple[str, ...], ...]]
    compounds: tuple[Compound, ...]
    sections: Sections
    words: Words
    verdicts: dict[Verdict, tuple[str, ...]]
    companies: Companies
    accreditation: Accreditation
    prose: Prose

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

    def find_label(self, phrase: Phrase) -> tuple[Label, ...]:
        """Return what a phrase introduces: the listed label of these words, or else the first compound of them."""
        if listed := self.all_labels.get(phrase):
            return listed
        if not self._compound_words.issuperset(phrase):
            return ()
        made = (Label(compound.field, compound.rank) for compound in self.compounds if compound.makes(phrase))
        return tuple(islice(made, 1))

    @cached_property
    def _compound_words(self) -> frozenset[str]:
        return frozenset().union(*(compound.vocabulary for compound in self.compounds))

    @cached_property
    def first_words(self) -> frozenset[str]:
        """Words that labels begin with."""
        return self._compound_words | NUMBER_WORDS | {phrase[0] for phrase in self.all_labels}

    @cached_property
    def spaced_labels(self) -> dict[str, tuple[Label, ...]]:
        """Labels by their letters alone, as where they are set ``P R O D U C T``."""
        return {"".join(phrase): labels for phrase, labels in self.all_labels.items()}

    @cached_property
    def longest_label(self) -> int:
        """Words of the longest label."""
        return max(map(len, self.all_labels))

    @cached_property
    def panels(self) -> frozenset[Phrase]:
        """What a section of results begins with."""
        return frozenset(map(key, self.sections.panels))

    @cached_property
    def panel_words(self) -> frozenset[str]:
        """Words that titles of panels begin with."""
        return frozenset(phrase[0] for phrase in self.panels)

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
    def person(self) -> re.Pattern[str]:
        """How the name of a person begins."""
        return re.compile(rf"(?:{'|'.join(map(re.escape, self.words.persons))})(?:\b|(?<=\.))\s")

    @cached_property
    def attention(self) -> re.Pattern[str]:
        """A person named behind a company."""
        return re.compile(rf"[,;]?\s+(?:{'|'.join(map(re.escape, self.words.attention))})(?!\w).*$", re.IGNORECASE)

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
            return "pass" if rest == folded and self.negations.isdisjoint(folded.split()) else None
        return None if rest == folded else "fail"

    def statement(self, text: str) -> Verdict | None:
        """Return what ``The sample passes all tests`` says; None for a sentence with other words in it."""
        if self._subject.search(text) is None:
            return None
        folded = " ".join(key(text))
        rest = folded
        for pattern in self._verdicts:
            rest = pattern.sub(" ", rest)
        of_condition = any(word in folded.split() for word in self.words.condition)
        complete = self._statement_words.issuperset(rest.split())
        return self.verdict(folded) if complete and not of_condition else None

    @cached_property
    def _subject(self) -> re.Pattern[str]:
        return re.compile(rf"^\W*(?:\w+ ){{0,3}}(?:{'|'.join(self.words.samples)}) ", re.IGNORECASE)

    @cached_property
    def _statement_words(self) -> frozenset[str]:
        return frozenset((*self.words.statement, *self.words.samples))

    @cached_property
    def negations(self) -> frozenset[str]:
        """Words that turn a verdict round."""
        return frozenset(self.words.negations)

    @cached_property
    def verdict_stems(self) -> tuple[str, ...]:
        """The fewest words and parts of words of which every verdict holds one, folded."""
        longest = {max(key(phrase), key=len) for phrases in self.verdicts.values() for phrase in phrases}
        return tuple(word for word in longest if not any(word != other and other in word for other in longest))


@cache
def header_words() -> HeaderWords:
    """Return the shipped words.

    Raises
    ------
    DataFileError
        If the data file does not hold what it must.
    """
    return load_model(HeaderWords, bundled("header.toml"))
