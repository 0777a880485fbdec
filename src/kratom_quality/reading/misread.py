"""What text recognisers typically take for something else, mended where only one reading is possible.

Names are left to the vocabulary, which knows what they may have been. A figure is never exchanged for another figure.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from kratom_quality.reading.page import Word
from kratom_quality.units import normalise_unit

Placed = tuple[Word, tuple[float, ...]]

_FIGURES = frozenset("0123456789.,<>≤≥±^")
_WIDE = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}  # letters and signs as wide as a Chinese character
_AS_FIGURES = str.maketrans("OolI|", "00111")
_DECIMAL = re.compile(r"[<>≤≥~(]*[0-9OolI|]+\.[0-9OolI|]+[)%*†]*")
_WHOLE = re.compile(r"[<>≤≥~(]*[0-9OolI|]+")
_LETTERS = (
    (re.compile(r"(?<![A-Za-z0-9])(L?L)0(?=[QD](?![A-Za-z0-9]))"), r"\1O"),
    (re.compile(r"(?<![A-Za-z0-9])[I1l]S0(?=$|/)"), "ISO"),
)
_UNITS = (
    (re.compile(r"(?<![A-Za-z])rn(?=c?g(?![a-z]))"), "m"),
    (re.compile(r"(?<=pp)rn(?![A-Za-z])"), "m"),
    (re.compile(r"(?<=g/)[9q](?![A-Za-z0-9])"), "g"),
    (re.compile(r"(?i)(?<=cfu/)[9q](?![a-z0-9])"), "g"),
    (re.compile(r"(?i)(?<=cfu)[l1|i!](?=g(?![a-z0-9]))"), "/"),
)
# No certificate prints picograms: what reads so is a microgram whose letter was not known.
_MICROGRAM = re.compile(r"(?<![A-Za-z])p(?=g/(?:g|kg|m?[lL])(?![A-Za-z]))")
_SURENESS_OF_A_MICROGRAM = 0.8
# Dust beside a decimal: a second point above the first, or one before or behind the number. Times have two figures
# before the colon or two behind it, and a day or a half of the day beside them.
_DUST = (
    (re.compile(r"^([<>]?[0-9]+):(?=[0-9]+$)"), r"\1."),
    (re.compile(r"^([<>]?[0-9]+);(?=[0-9]+$)"), r"\1,"),
    (re.compile(r"^([<>]?[0-9]+[.,][0-9]+)[.,:;'`·]$"), r"\1"),
    (re.compile(r"^[.,:;'`·](?=[0-9]+[.,][0-9]+$)"), ""),
)
_POINT_BEFORE_A_UNIT = re.compile(r"(?P<number>[<>]?[0-9][0-9.,]*[0-9])[.·](?P<unit>[^0-9.,]+)")
_BESIDE_A_TIME = re.compile(r"(?i)[ap]\.?m\.?|[0-9]+[-/.][0-9]+[-/.][0-9]+,?|[0-9]{4}|at|time")
_SURENESS_IN_DUST = 0.8
_INTERNATIONAL_UNITS = re.compile(r"[TlJ1]U(?=/|$)")


def mend_words(words: Iterable[Placed]) -> Iterator[tuple[Word, float]]:
    """Mend the words of a page, given line by line; beside each the probability of its least certain figure.

    A word without figures has probability 1: what it says is checked against phrases and names wherever it matters.
    """
    line = list(words)
    for index, (word, probabilities) in enumerate(line):
        before = line[index - 1][0] if index else None
        after = line[index + 1][0].text if index + 1 < len(line) else ""
        text = _mend(word.text.translate(_WIDE), before.text if before else "", after)
        sureness = _sureness(word.text, text, probabilities)
        if not _BESIDE_A_TIME.fullmatch(after) and not (before and _BESIDE_A_TIME.fullmatch(before.text)):
            cleaned = _without_dust(text)
            text, sureness = cleaned, sureness if cleaned == text else min(sureness, _SURENESS_IN_DUST)
        if _MICROGRAM.search(text):
            text, sureness = _MICROGRAM.sub("µ", text), min(sureness, _SURENESS_OF_A_MICROGRAM)
        yield word._replace(text=text), sureness


def _without_dust(text: str) -> str:
    for dusty, clean in _DUST:
        text = dusty.sub(clean, text)
    before_unit = _POINT_BEFORE_A_UNIT.fullmatch(text)
    return before_unit["number"] + before_unit["unit"] if before_unit and normalise_unit(before_unit["unit"]) else text


def _mend(text: str, before: str, after: str) -> str:
    for misread, meant in (*_LETTERS, *_UNITS):
        text = misread.sub(meant, text)
    if _DECIMAL.fullmatch(text) or (_WHOLE.fullmatch(text) and normalise_unit(after.strip("()"))):
        return text.translate(_AS_FIGURES) if any(map(str.isdigit, text)) else text
    if before[-1:].isdigit():
        return _INTERNATIONAL_UNITS.sub("IU", text)
    return text


def _sureness(printed: str, mended: str, probabilities: Sequence[float]) -> float:
    if len(mended) != len(printed):
        return min(probabilities, default=1.0)
    pairs = zip(mended, probabilities, strict=True)
    return min((probability for character, probability in pairs if character in _FIGURES), default=1.0)
