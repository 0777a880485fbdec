"""What sentences say of a sample, on certificates that are set as letters.

``This is to certify that the material submitted by Acme Teas, described as Green Leaf, lot number AT-31, received on
4 May 2024 and entered in our register as L 7730-4, was examined ...``
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from kratom_quality.parsing.dates import parse_date
from kratom_quality.parsing.fields import Body, join_wrapped
from kratom_quality.parsing.header_tables import Field
from kratom_quality.parsing.header_values import accept
from kratom_quality.parsing.header_words import HeaderWords, header_words
from kratom_quality.parsing.places import UNDER, Place, Places

_SHORTEST_LINE, _FEWEST_WORDS = 40, 7  # characters and words of a line that is running text
_DATE_REACH = 40  # characters
_IDENTIFIER = r"(?:[A-Z]{1,4}[ ])?[\w./#-]*\d[\w./#-]*\w"
_ENDS = r"(?=\s*[,;]|\.(?:\s|$)|\s(?:and|was|were|on|in|with|for|which|has|is)\s|$)"


def read_prose(places: Places, body: Body, *, day_first: bool) -> dict[Field, str]:
    """Return the fields that the page's sentences above its results name."""
    words = header_words()
    found: dict[Field, str] = {}
    for paragraph in _paragraphs(places, body):
        for field, text in _mentions(paragraph, words):
            value = accept(field, text, words, bound=True, day_first=day_first)
            if value is not None:
                found.setdefault(field, value)
    return found


def _paragraphs(places: Places, body: Body) -> Iterator[str]:
    """Running text, its lines joined."""
    lines: list[str] = []
    last: Place | None = None
    for row in places.rows:
        place = row[0]
        if len(row) > 1 or body.holds(place.cell):
            continue
        follows = last is not None and place.cell.middle - last.cell.middle <= UNDER * place.cell.height
        if not follows:
            yield from _joined(lines)
            lines = []
        lines.append(place.cell.text)
        last = place
    yield from _joined(lines)


def _joined(lines: list[str]) -> Iterator[str]:
    if any(len(line) >= _SHORTEST_LINE and len(line.split()) >= _FEWEST_WORDS for line in lines):
        yield join_wrapped(lines)


def _mentions(text: str, words: HeaderWords) -> Iterator[tuple[Field, str]]:
    for field, pattern in _patterns():
        for match in pattern.finditer(text):
            for name, value in match.groupdict().items():
                if value and name == "matrix" and not words.matrices & set(value.casefold().split()):
                    continue
                if value:
                    yield field if name == "value" else _FIELDS[name], value
    for received in _received().finditer(text):
        if day := parse_date(text[received.end() : received.end() + _DATE_REACH]):
            yield "received", day


_FIELDS: dict[str, Field] = {"sample_id": "sample_id", "product": "product", "matrix": "matrix"}


@cache
def _received() -> re.Pattern[str]:
    return re.compile(rf"\b(?:{_any(header_words().prose.received)})\b[^.;]{{0,60}}?\bon\s", re.IGNORECASE)


@cache
def _patterns() -> tuple[tuple[Field, re.Pattern[str]], ...]:
    """What introduces each field in a sentence."""
    words = header_words()
    prose = words.prose
    lot = rf"(?i:{_any(prose.batch)})(?i:\s+(?:number|no\.?|code|id|#))?"
    return (
        ("client", re.compile(rf"\b(?:{_any(prose.client)})\s+by\s+(?P<value>[A-Z].*?){_ENDS}")),
        (
            "product",
            re.compile(
                rf"\b(?:{_any(prose.product)})\s+(?:by\s+[\w ]{{3,30}}?\s+)?as\s+(?P<value>.+?)"
                rf"(?=,?\s+{lot}\b|\.\s|;|\s(?:was|were|and\s(?:was|received|entered))\s|$)"
            ),
        ),
        ("batch", re.compile(rf"\b{lot}\s+(?P<value>{_IDENTIFIER})")),
        ("sample_id", re.compile(rf"\b(?:{_any(prose.registered)})\b[^.;]{{0,40}}?\bas\s+(?P<value>{_IDENTIFIER})")),
        (
            "sample_id",
            re.compile(
                rf"^(?i:{_any(words.words.samples)})\s+(?P<sample_id>{_IDENTIFIER}),\s+(?P<product>[^,()]+?)"
                rf"(?:\s+\((?P<matrix>[^()]+)\))?,\s+{lot}\s"
            ),
        ),
    )


def _any(phrases: tuple[str, ...]) -> str:
    return "|".join(map(re.escape, phrases))
