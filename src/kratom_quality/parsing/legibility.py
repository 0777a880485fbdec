"""Whether a page's text layer says what the page shows."""

from __future__ import annotations

import re
from itertools import islice

from kratom_quality.parsing.layout import Sheet

_FEWEST_WORDS = 25
_PLAIN_WORD = re.compile(r"[A-Za-z]{3,}")
_GARBLED_BELOW = 0.12  # share of words with three letters in a row


def is_garbled(sheet: Sheet) -> bool:
    """Whether a page's text is none, because its fonts carry no character map: it hardly holds a word."""
    words = [word.text for line in sheet.lines for cell in line.cells for word in cell.words]
    needed = int(_GARBLED_BELOW * len(words)) + 1
    plain = (word for word in words if _PLAIN_WORD.search(word))
    return len(words) >= _FEWEST_WORDS and len(list(islice(plain, needed))) < needed
