"""Labels and names as the words they are looked up by."""

from __future__ import annotations

import re
from typing import NamedTuple

Phrase = tuple[str, ...]

_TOKEN = re.compile(r"[nN][°º]|[^\W\d_]+|\d+|[#№:：;|]")
NUMBER_WORDS = frozenset(
    {"no", "nr", "num", "number", "numbers", "nos", "№", "n°", "nº", "nomor", "nummer", "numero", "número", "numéro"}
    | {"č", "číslo", "numer"}
)
_PLURAL_MARK = re.compile(r"\([sS]\)")


class Token(NamedTuple):
    """A word, a number or a separator; "No.", "Nr", "Number" and "#" are all ``#``."""

    text: str
    start: int
    end: int


def tokenize(text: str, start: int = 0, end: int | None = None) -> list[Token]:
    """Split a text, or a part of it, into words, numbers and separators, folded, each with its place in the text."""
    if "(" in text:
        text = _PLURAL_MARK.sub("   ", text)
    tokens = []
    for match in _TOKEN.finditer(text, start, len(text) if end is None else end):
        word = match.group().casefold()
        tokens.append(Token("#" if word in NUMBER_WORDS else word, match.start(), match.end()))
    return tokens


def key(text: str) -> Phrase:
    """Return the words of a text, folded."""
    words = _TOKEN.findall((_PLURAL_MARK.sub(" ", text) if "(" in text else text).casefold())
    return tuple("#" if word in NUMBER_WORDS else word for word in words)
