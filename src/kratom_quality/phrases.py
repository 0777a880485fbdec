"""What a cell says in words: the phrases of ``data/phrases.toml``, and the text form in which cells are compared."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from pathlib import Path
from typing import Literal, get_args

from kratom_quality.errors import DataFileError
from kratom_quality.numerals import spell_out_powers
from kratom_quality.records import ValueState, Verdict

Comparator = Literal["", "<", "<=", ">", ">=", "at least"]

_DATA_FILE = Path(__file__).parent / "data" / "phrases.toml"
_SIGNS = str.maketrans(
    dict.fromkeys("‐‑‒–—―−", "-")
    | dict.fromkeys("≤≦⩽\uf0a3", "<=")  # \uf0..: the Symbol font's own code points
    | dict.fromkeys("≥≧⩾\uf0b3", ">=")
    | {"\uf0b4": "×", "\uf0b1": "±", "\uf06d": "μ", "\u00ad": "", "\u200b": "", "\ufeff": ""}
)
_DIGIT_GROUP_MARK = re.compile("(?<=[0-9])[\u2009\u202f'’](?=[0-9]{3}(?![0-9]))")
_FOOTNOTE_MARK = re.compile(r"(?:[*†‡§#]|(?<=[A-Za-z%])\^[0-9])+$")
_IGNORED = re.compile(r"[\s.\-_/()\[\]:;,'\"]+")


def clean(text: str) -> str:
    """Write a cell the plain way: ASCII signs, powers of ten with ``e``, single spaces, no footnote mark at its end."""
    if not text.isascii():
        text = _DIGIT_GROUP_MARK.sub("", text).translate(_SIGNS)
    text = spell_out_powers(text)
    if not text.isascii():
        text = unicodedata.normalize("NFKC", text)
    text = text.replace("+/-", "±").replace("=<", "<=").replace("=>", ">=")
    return _FOOTNOTE_MARK.sub("", " ".join(text.split())).strip()


def fold(cleaned: str) -> str:
    """Reduce a cleaned phrase to what tells it from others."""
    return _IGNORED.sub("", cleaned.casefold())


def _load() -> tuple[frozenset[str], dict[str, ValueState], frozenset[str], dict[str, Verdict], dict[str, Comparator]]:
    with _DATA_FILE.open("rb") as file:
        data = tomllib.load(file)
    try:
        states = {fold(phrase): ValueState(state) for state, phrases in data["states"].items() for phrase in phrases}
        listed = sum(len(phrases) for phrases in data["states"].values())
        if len(states) != listed:
            raise ValueError("[states] lists a phrase twice")
        blank = frozenset(map(fold, data["blank"])) | {""}
        unwanted = frozenset(map(fold, data["limits"]["absent"]))
        verdicts: dict[str, Verdict] = {
            fold(phrase): verdict for verdict in get_args(Verdict) for phrase in data["verdicts"][verdict]
        }
        comparators = {word.casefold(): sign for sign, words in data["comparators"].items() for word in words}
        if unknown := set(comparators.values()) - set(get_args(Comparator)):
            raise ValueError(f"[comparators] has {unknown}")
    except (KeyError, TypeError, ValueError) as error:
        raise DataFileError(f"{_DATA_FILE.name} does not hold what it must: {error}") from error
    return blank, states, unwanted, verdicts, comparators


#: All but the comparators, which are in lower case, are folded.
BLANKS, STATES, BROKEN_BY_ANY_AMOUNT, VERDICTS, COMPARATORS = _load()
