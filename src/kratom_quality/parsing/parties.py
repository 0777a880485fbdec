"""Companies no label names: the names above postal addresses, in imprints, and at the head of the paper."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from kratom_quality.parsing.dates import parse_date
from kratom_quality.parsing.fields import FieldReader, Place
from kratom_quality.parsing.header_values import is_address, is_furniture, is_street, is_town
from kratom_quality.parsing.header_words import HeaderWords, key

_LINE_GAP = 2.4  # heights between two lines of an address
_ADDRESS_LINES = 4
_PROMINENT = 1.25  # times the usual height of text
_LETTERHEAD = 0.16  # share of the page
_LONGEST = 80
_IMPRINT_PARTS = re.compile(r"\s*[,·•|;]\s*|\s+[-–—]\s+")
_ACCREDITED_WITHIN = 5.0  # heights


class Company(NamedTuple):
    """A name, where it stands, and whether an accreditation is printed beside it."""

    name: str
    place: Place
    accredited: bool


def addressed_companies(reader: FieldReader, words: HeaderWords) -> list[Company]:
    """Return the names that head an unlabelled postal address, from the top of the page down."""
    found: list[Company] = []
    for place in reader.places():
        if is_town(place.cell.text) and not place.is_label and not reader.answers_a_label(place):
            named = _imprint(place, words) or _above_the_town(place, reader, words)
            if named is not None and all(company.name != named[0] for company in found):
                found.append(Company(*named, _is_accredited(named[1], reader)))
    return found


def head_of_paper(reader: FieldReader, words: HeaderWords) -> Company | None:
    """Return the most prominent name above the first label of a page, where it is the paper's head and not its title."""
    names = []
    for place in reader.places():
        if place.is_label or place.cell.middle > _LETTERHEAD * reader.height:
            break
        if place.cell.height >= _PROMINENT * reader.usual_height and _is_name(place.cell.text, words):
            names.append(place)
    best = max(names, key=lambda place: place.cell.height, default=None)
    return Company(best.cell.text, best, _is_accredited(best, reader)) if best else None


def _imprint(place: Place, words: HeaderWords) -> tuple[str, Place] | None:
    """The name in ``Acme Labs, 12 Mill Road, Reno, NV 89502``."""
    name, *rest = _IMPRINT_PARTS.split(place.cell.text)
    return (name, place) if any(map(is_street, rest)) and _is_name(name, words) else None


def _above_the_town(town: Place, reader: FieldReader, words: HeaderWords) -> tuple[str, Place] | None:
    current = town
    for _ in range(_ADDRESS_LINES):
        above = reader.above(current, _LINE_GAP)
        if above is None or above.is_label:
            return None
        if not is_address(above.cell.text):
            name = _without_date(above.cell.text)
            return (name, above) if _is_name(name, words) and not reader.answers_a_label(above) else None
        current = above
    return None


def _without_date(text: str) -> str:
    """The name in ``Mar 21, 2023 | Acme``."""
    parts = [part.strip() for part in text.split("|") if parse_date(part) is None]
    return parts[-1] if parts else ""


def _is_name(text: str, words: HeaderWords) -> bool:
    phrase = key(text)
    return (
        len(text) <= _LONGEST
        and any(len(word) > 2 and word.isalpha() for word in phrase)
        and phrase not in words.titles | words.panels
        and not is_address(text)
        and not is_furniture(text)
        and not text[0].isdigit()
        and words.verdict(text) is None
        and parse_date(text) is None
    )


def _is_accredited(place: Place, reader: FieldReader) -> bool:
    return any("ISO" in text or "ccredited" in text for text in _beside(place, reader))


def _beside(place: Place, reader: FieldReader) -> Iterator[str]:
    for row in reader.rows[place.line : place.line + 6]:
        for other in row:
            below = other.cell.top - place.cell.bottom
            if (
                below <= _ACCREDITED_WITHIN * place.cell.height
                and other.cell.x0 < place.cell.x1 + 40
                and place.cell.x0 < other.cell.x1 + 40
            ):
                yield other.cell.text
