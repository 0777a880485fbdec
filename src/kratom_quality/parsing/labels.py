"""Labels inside a cell: where each begins, where its value begins, and how it is set off."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Literal, NamedTuple

from kratom_quality.parsing.header_tables import DATE_FIELDS
from kratom_quality.parsing.header_words import Label, header_words
from kratom_quality.parsing.tokens import Phrase, Token, key, tokenize

Form = Literal["colon", "whole", "joined"]

_COLON = re.compile(r"\s{0,4}(?:[.…]+\s{0,4})?(?:\([^)]*\))?\s{0,4}[:：]+|\s{0,4}(?:(?:\.\s?){4,}|…{2,})")
_SETS_OFF = re.compile(r"[:：…]|\.\s?\.")
_SEPARATOR = re.compile(r"[;|•·]")
_ENUMERATION = re.compile(r"(?:[\[(]\w{1,2}[\])]|\d{1,2}[.)])\s+")
_FIRST_WORD = re.compile(r"[^\W\d_]+")
_UNKNOWN_LABEL = re.compile(r"[^\W\d_][^:;|]{0,48}(?:[:：]|\.{4}|…)(?=\s|$)")
_TWO_LANGUAGES = re.compile(r"\s*[/|]\s*|\s+[-–]\s+|\s*[()]")
_HEAD_NOUN_BEFORE = frozenset({"of", "de", "del", "du", "von", "der", "des", "van", "di", "per", "for"})
_VALUE_BEGINS = re.compile(r"[\s.#-]*(?=[A-Z\d(])|\s*[-–—]\s*$")
_LONG_NUMBER = re.compile(r"\s(?=[\w-]*\d[\w-]*\d)[A-Z\d]+[\w./-]{4,}\s*$")
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
    marks = list(_before_colons(text, begin)) if _SETS_OFF.search(text) else []
    if not marks and _SEPARATOR.search(text):
        return tuple(_run_in(text, begin))
    if not marks or (marks[0].start > begin and marks[0].penalty == 0):
        opening = _at_the_start(text, begin, marks[0].start if marks else len(text))
        marks = [opening, *marks] if opening else marks
    return tuple(marks)


def _run_in(text: str, begin: int) -> Iterator[Mark]:
    """Labels without colons in ``Sample PC24-0189 · Lot MC-0117``."""
    starts = [begin, *(match.end() for match in _SEPARATOR.finditer(text, begin))]
    ends = [*(match.start() for match in _SEPARATOR.finditer(text, begin)), len(text)]
    for start, end in zip(starts, ends, strict=True):
        start += len(text[start:end]) - len(text[start:end].lstrip())
        mark = _at_the_start(text, start, end)
        if mark is not None and mark.form == "joined":
            yield mark


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
    if ending := longest_ending(words):
        place, found = ending
        return Mark(found, tokens[place].start, colon.end(), "colon", _QUALIFIED if fresh and place else 0)
    found = _in_one_of_two_languages(text[segment : colon.start()]) or _letter_spaced(text[segment : colon.start()])
    return Mark(found, segment, colon.end(), "colon", _QUALIFIED) if found and fresh else None


def longest_ending(words: Phrase) -> tuple[int, tuple[Label, ...]] | None:
    """Return where the longest label at the end of a phrase begins, and the label; none after "of" and the like."""
    for place in range(max(0, len(words) - header_words().longest_label), len(words)):
        if (found := header_words().find_label(words[place:])) and not (place and words[place:] == ("#",)):
            return None if place and words[place - 1] in _HEAD_NOUN_BEFORE else (place, found)
    return None


def unknown_label(text: str) -> Mark:
    """The label that fills a cell which only its neighbours show to be one: the words it ends with may be known."""
    ending = longest_ending(tuple(token.text for token in tokenize(text)))
    found = ending[1] if ending else (Label("other", 1),)
    return Mark(found, 0, len(text), "whole", _QUALIFIED)


def _in_one_of_two_languages(text: str) -> tuple[Label, ...]:
    """The label in ``Nomor Lot / Lot Number``, of which one language is enough."""
    parts = [part for part in _TWO_LANGUAGES.split(text, maxsplit=3) if part]
    if len(parts) != 2 or any(map(str.isdigit, text)):
        return ()
    return next(filter(None, (header_words().find_label(key(part)) for part in parts)), ())


def _letter_spaced(text: str) -> tuple[Label, ...]:
    """The label in ``P R O D U C T``."""
    return header_words().spaced_labels.get("".join(text.split()).casefold(), ()) if is_letter_spaced(text) else ()


def is_letter_spaced(text: str) -> bool:
    """Whether capitals stand so wide that they come as words of their own."""
    return text.isupper() and " " in text and min(map(len, text.split())) == 1


def _at_the_start(text: str, begin: int, end: int) -> Mark | None:
    """A label without a colon at the start of a cell: it fills the cell, or is of several words before a value."""
    words = header_words()
    if end == len(text) and (found := _letter_spaced(text)):
        return Mark(found, begin, end, "whole")
    first = _FIRST_WORD.match(text, begin)
    if first is not None and first.group().casefold() in words.first_words:
        tokens = tokenize(text, begin, end)
        phrase = tuple(token.text for token in tokens)
        for length in range(min(len(phrase), words.longest_label), 0, -1):
            listed = "," not in text[begin : tokens[length - 1].end] or phrase[:length] in words.all_labels
            if listed and (found := words.find_label(phrase[:length])):
                if mark := _without_colon(text, begin, end, tokens, length, found):
                    return mark
                break
    if end == len(text) and (found := _in_one_of_two_languages(text[begin:])):
        return Mark(found, begin, end, "whole", _QUALIFIED)
    return None


def _without_colon(
    text: str, begin: int, end: int, tokens: Sequence[Token], length: int, found: tuple[Label, ...]
) -> Mark | None:
    after = tokens[length - 1].end
    if length == len(tokens) and end == len(text):
        return None if tokens[0].text == "#" else Mark(found, begin, end, "whole")
    plain = length > 1 or tokens[0].text == "#" or any(label.field in _JOINED for label in found)
    numbers = any(label.field == "sample_id" for label in found) and _LONG_NUMBER.match(text, after, end)
    if numbers or (plain and _VALUE_BEGINS.match(text, after)):
        return Mark(found, begin, after, "joined")
    return None
