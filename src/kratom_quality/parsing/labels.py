"""Labels inside a cell: where each begins, where its value begins, and how it is set off."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Literal, NamedTuple

from kratom_quality.parsing.header_words import DATE_FIELDS, Label, Token, header_words, tokenize

Form = Literal["colon", "whole", "joined"]

_COLON = re.compile(r"\s*[.…]*\s*(?:\([^)]*\))?\s*[:：]+")
_SEPARATOR = re.compile(r"[;|•]")
_ENUMERATION = re.compile(r"(?:[\[(]\w{1,2}[\])]|\d{1,2}[.)])\s+")
_FIRST_WORD = re.compile(r"[^\W\d_]+")
_UNKNOWN_LABEL = re.compile(r"[^\W\d_][^:;|]{0,48}[:：](?=\s|$)")
_VALUE_BEGINS = re.compile(r"[\s.#-]*(?=[A-Z\d(])|\s*[-–—]\s*$")
_LONGEST_CELL = 200  # characters; longer ones are running text
# Fields whose values can be told from running text, so that one word suffices as their label: "Received Mar 11, 2024".
_JOINED = DATE_FIELDS | {"batch", "matrix"}
# What a label costs in rank where words stand before it: "OKRA Lab Sample:" may be more than "Lab Sample:".
_QUALIFIED = 1


class Mark(NamedTuple):
    """A label in a cell's text.

    ``form`` tells how it is set off: by a colon, by filling the cell, or not at all (``DATE ISSUED 11/21/2021``).
    """

    labels: tuple[Label, ...]
    start: int
    value: int
    form: Form
    penalty: int = 0


@lru_cache(maxsize=4096)
def find_marks(text: str) -> tuple[Mark, ...]:
    """Find the labels of a cell, from left to right; a label we do not know is marked as ``other``."""
    begin = match.end() if text[:1] in "[(0123456789" and (match := _ENUMERATION.match(text)) else 0
    if len(text) > _LONGEST_CELL:
        return ()
    marks = list(_before_colons(text, begin)) if ":" in text or "：" in text else []
    if not marks or (marks[0].start > begin and marks[0].penalty == 0):
        opening = _at_the_start(text, begin, marks[0].start if marks else len(text))
        marks = [opening, *marks] if opening else marks
    return tuple(marks)


def value_of(text: str, marks: tuple[Mark, ...], index: int) -> str:
    """Return what stands between a label and the next one in the same cell."""
    end = marks[index + 1].start if index + 1 < len(marks) else len(text)
    value = text[marks[index].value : end]
    if cut := _SEPARATOR.search(value):
        value = value[: cut.start()]
    return value.strip()


def _before_colons(text: str, begin: int) -> list[Mark]:
    marks: list[Mark] = []
    segment = begin
    separated = _SEPARATOR.search(text) is not None
    for colon in _COLON.finditer(text, begin):
        separators = [match.end() for match in _SEPARATOR.finditer(text, segment, colon.start())] if separated else []
        fresh = bool(separators) or segment == begin
        segment = separators[-1] if separators else segment
        mark = _ending_at(text, segment, colon, fresh)
        if mark is not None:
            marks.append(mark)
            segment = colon.end()
        elif fresh and _UNKNOWN_LABEL.match(text, segment, colon.end() + 1):
            marks.append(Mark((Label("other", 1),), segment, colon.end(), "colon"))
            segment = colon.end()
    return marks


def _ending_at(text: str, segment: int, colon: re.Match[str], fresh: bool) -> Mark | None:
    """The longest label that ends at a colon."""
    tokens = tokenize(text, segment, colon.start())
    words = tuple(token.text for token in tokens)
    labels = header_words().all_labels
    for place in range(max(0, len(words) - header_words().longest_label), len(words)):
        if found := labels.get(words[place:]):
            penalty = _QUALIFIED if fresh and place else 0
            return Mark(found, tokens[place].start, colon.end(), "colon", penalty)
    return None


def _at_the_start(text: str, begin: int, end: int) -> Mark | None:
    """A label without a colon at the start of a cell: it fills the cell, or is of several words before a value."""
    words = header_words()
    first = _FIRST_WORD.match(text, begin)
    if first is None or first.group().casefold() not in words.first_words:
        return None
    tokens: list[Token] = tokenize(text, begin, end)
    phrase = tuple(token.text for token in tokens)
    for length in range(min(len(phrase), words.longest_label), 0, -1):
        if found := words.all_labels.get(phrase[:length]):
            after = tokens[length - 1].end
            if length == len(phrase) and end == len(text):
                return Mark(found, begin, len(text), "whole")
            plain = length > 1 or any(label.field in _JOINED for label in found)
            if plain and _VALUE_BEGINS.match(text, after):
                return Mark(found, begin, after, "joined")
            return None
    return None
