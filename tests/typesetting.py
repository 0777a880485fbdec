"""Pages set by hand."""

from __future__ import annotations

import re

from kratom_quality.reading.page import Word


def words_of(page: str) -> list[Word]:
    """Set a page of lines ``middle height x0@text x0@text`` in letters half as wide as high."""
    words: list[Word] = []
    for line in filter(None, map(str.strip, page.splitlines())):
        first, *cells = re.split(r"\s+([\d.]+)@", line)
        middle, height = map(float, first.split())
        for start, text in zip(map(float, cells[::2]), cells[1::2], strict=True):
            x0 = start
            for word in text.split(" "):
                words.append(Word(x0, middle - height / 2, x0 + height / 2 * len(word), middle + height / 2, word))
                x0 += height / 2 * len(word) + height / 4
    return [word for word in words if word.text]
