"""What a cell says in words: the phrases of ``data/phrases.toml``, and the text form in which cells are compared."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import Literal, TypeVar

from pydantic import BaseModel, ConfigDict

from kratom_quality.datafiles import bundled, load_model
from kratom_quality.errors import DataFileError
from kratom_quality.numerals import spell_out_powers
from kratom_quality.records import ValueState, Verdict

Comparator = Literal["", "<", "<=", ">", ">=", "at least"]
Meaning = TypeVar("Meaning")

_SIGNS = str.maketrans(
    dict.fromkeys("‐‑‒–—―−", "-")
    | dict.fromkeys("≤≦⩽\uf0a3", "<=")  # \uf0..: the Symbol font's own code points
    | dict.fromkeys("≥≧⩾\uf0b3", ">=")
    | {"\uf0b4": "×", "\uf0b1": "±", "\uf06d": "μ", "\u00ad": "", "\u200b": "", "\ufeff": ""}
)
_DIGIT_GROUP_MARK = re.compile("(?<=[0-9])[\u2009\u202f'’](?=[0-9]{3}(?![0-9]))")
_FOOTNOTE_MARK = re.compile(r"(?:[*†‡§#]|(?<=[A-Za-z%])\^[0-9])+$")
_IGNORED = re.compile(r"[\s.\-_/()\[\]:;,'\"]+")


@lru_cache(maxsize=8192)
def clean(text: str) -> str:
    """Write a cell the plain way: ASCII signs, powers of ten with ``e``, single spaces, no footnote mark at its end."""
    text = _DIGIT_GROUP_MARK.sub("", text)
    if not text.isascii():
        text = text.translate(_SIGNS)
    text = spell_out_powers(text)
    if not text.isascii():
        text = unicodedata.normalize("NFKC", text)
    text = text.replace("+/-", "±").replace("=<", "<=").replace("=>", ">=")
    return _FOOTNOTE_MARK.sub("", " ".join(text.split())).strip()


def fold(cleaned: str) -> str:
    """Reduce a cleaned phrase to what tells it from others."""
    return _IGNORED.sub("", cleaned.casefold())


class _Limits(BaseModel):
    model_config = ConfigDict(extra="forbid")

    absent: tuple[str, ...]


class _PhrasesFile(BaseModel):
    model_config = ConfigDict(extra="forbid")

    blank: tuple[str, ...]
    states: dict[ValueState, tuple[str, ...]]
    limits: _Limits
    verdicts: dict[Verdict, tuple[str, ...]]
    verdict_marks: dict[Verdict, tuple[str, ...]]
    comparators: dict[Comparator, tuple[str, ...]]


def _by_phrase(table: dict[Meaning, tuple[str, ...]]) -> dict[str, Meaning]:
    """Turn meanings with their phrases into folded phrases with their meaning, refusing a phrase with two."""
    meanings: dict[str, Meaning] = {}
    for meaning, phrases in table.items():
        for phrase in map(fold, phrases):
            if meanings.setdefault(phrase, meaning) != meaning:
                raise DataFileError(f"phrases.toml: {phrase!r} means both {meanings[phrase]} and {meaning}")
    return meanings


_FILE = load_model(_PhrasesFile, bundled("phrases.toml"))

#: Folded phrases, and what they mean.
BLANKS = frozenset(map(fold, _FILE.blank)) | {""}
STATES = _by_phrase(_FILE.states)
BROKEN_BY_ANY_AMOUNT = frozenset(map(fold, _FILE.limits.absent))
VERDICTS = _by_phrase(_FILE.verdicts)

#: What is a verdict only in a column headed as status, as printed, and what it means.
VERDICT_MARKS = {mark: verdict for verdict, marks in _FILE.verdict_marks.items() for mark in marks}

#: Comparing words in lower case, and the sign each stands for.
COMPARATORS = {word.casefold(): sign for sign, words in _FILE.comparators.items() for word in words}
