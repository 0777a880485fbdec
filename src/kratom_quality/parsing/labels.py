"""Labels inside a cell: where each begins, where its value begins, and how surely it is a label."""

from __future__ import annotations

import re
from typing import Literal, NamedTuple

from kratom_quality.parsing.header_words import HeaderWords, Label, Token, tokenize

Form = Literal["colon", "whole", "joined"]

_COLON = re.compile(r"[\s.…]*(?:\([^)]*\)\s*)?[:：]+")
_ENUMERATION = re.compile(r"\s*(?:[\[(]\w{1,2}[\])]|\d{1,2}[.)])\s+")
_FIRST_WORD = re.compile(r"[^\W\d_]+")
_VALUE_ENDS = re.compile(r"\s*(?:;|\||(?<=\s)•)")
_UNKNOWN_LABEL = re.compile(r"[^\W\d_][^:;|]{0,48}?[:：](?=\s|$)")
_OTHER = (Label("other", 1),)
# What a label costs in rank: "FESA Lab Sample" ends with a label we know, but may be more than that.
_SUFFIX_PENALTY = 10


class Mark(NamedTuple):
    """A label in a cell's text.

    ``form`` tells how it is set off: by a colon, by filling the cell, or not at all (``DATE ISSUED 11/21/2021``).
    """

    labels: tuple[Label, ...]
    start: int
    value: int
    form: Form
    penalty: int = 0


def find_marks(text: str, words: HeaderWords) -> list[Mark]:
    """Find the labels of a cell, from left to right; a label we do not know is marked as ``other``."""
    colon = ":" in text or "：" in text
    begin = enumeration.end() if text[:1] in "[(0123456789" and (enumeration := _ENUMERATION.match(text)) else 0
    if not colon and not _may_begin(text, begin, words):
        return []
    tokens = tokenize(text)
    marks: list[Mark] = []
    place = next((index for index, token in enumerate(tokens) if token.start >= begin), len(tokens))
    fresh = True
    while place < len(tokens):
        if tokens[place].text in ";|":
            fresh = True
        elif mark := _mark_at(text, tokens, place, fresh, bool(marks), words):
            marks.append(mark)
            fresh = False
            place = next((index for index, token in enumerate(tokens) if token.start >= mark.value), len(tokens))
            continue
        else:
            fresh = False
        place += 1
    if colon and (not marks or marks[0].start > begin) and (unknown := _UNKNOWN_LABEL.match(text, begin)):
        if not marks or unknown.end() <= marks[0].start:
            marks.insert(0, Mark(_OTHER, begin, unknown.end(), "colon"))
    return marks


def value_of(text: str, marks: list[Mark], index: int) -> str:
    """Return what stands between a label and the next one in the same cell."""
    end = marks[index + 1].start if index + 1 < len(marks) else len(text)
    value = text[marks[index].value : end]
    if cut := _VALUE_ENDS.search(value):
        value = value[: cut.start()]
    return value.strip()


def _may_begin(text: str, begin: int, words: HeaderWords) -> bool:
    first = _FIRST_WORD.search(text, begin)
    return first is not None and first.group().casefold() in words.labels_by_first_token


def _mark_at(
    text: str, tokens: list[Token], place: int, fresh: bool, follows: bool, words: HeaderWords
) -> Mark | None:
    found = words.label_at(tokens, place)
    if found is None:
        return None
    start, end = tokens[place].start, tokens[place + found.length - 1].end
    if colon := _COLON.match(text, end):
        penalty = 0 if fresh or follows else _SUFFIX_PENALTY
        return Mark(found.labels, start, colon.end(), "colon", penalty)
    if not fresh:
        return None
    if place + found.length == len(tokens):
        return Mark(found.labels, start, len(text), "whole")
    if found.length > 1 and not text[end : end + 2].strip().islower():
        return Mark(found.labels, start, end, "joined")
    return None
