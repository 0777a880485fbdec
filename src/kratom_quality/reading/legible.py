"""Whether a text layer says what its page shows, as far as its words alone can tell."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import islice

from kratom_quality.reading.page import Word

_FEWEST_WORDS = 25
_PLAIN_WORD = re.compile(r"[^\W\d_]{3,}")
_LEAST_PLAIN = 0.12  # share of words with three letters in a row; pages of figures alone have more
# A page of a certificate without any of these is in another language, or its fonts say one letter and show another.
_FAMILIAR = frozenset({
    "a", "analysis", "analyte", "and", "are", "batch", "by", "certificate", "client", "date", "det", "for", "in",
    "is", "lab", "laboratory", "limit", "limits", "loq", "lot", "mg/g", "method", "nd", "no", "not", "of", "page",
    "pass", "ppm", "product", "report", "reported", "result", "results", "sample", "status", "test", "the", "to",
    "total", "unit", "units", "%", "µg/g", "cfu/g", "para", "de", "der", "die", "et", "la", "und",
})  # fmt: skip
_CONFIRMED = 0.5


def is_doubtful(words: Sequence[Word]) -> bool:
    """Whether a page's text may be none: it hardly holds a word, or no word that certificates use."""
    if len(words) < _FEWEST_WORDS:
        return False
    needed = int(_LEAST_PLAIN * len(words)) + 1
    plain = (word for word in words if _PLAIN_WORD.search(word.text))
    return len(list(islice(plain, needed))) < needed or not any(_bare(word.text) in _FAMILIAR for word in words)


def is_confirmed(words: Iterable[Word], seen: Iterable[Word]) -> bool:
    """Whether what a text layer says was seen on the page as well, by most of its words."""
    said = {_bare(word.text) for word in words if _PLAIN_WORD.search(word.text)}
    return len(said & {_bare(word.text) for word in seen}) > _CONFIRMED * len(said)


def _bare(text: str) -> str:
    return text.strip("().,:;").casefold()
