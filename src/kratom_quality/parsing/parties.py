"""The client a certificate was made for, where no label names it: the name above a postal address."""

from __future__ import annotations

from collections.abc import Callable

from kratom_quality.parsing.dates import parse_date
from kratom_quality.parsing.fields import FieldReader, Place
from kratom_quality.parsing.header_values import is_address, is_town
from kratom_quality.parsing.header_words import HeaderWords, key

_LINE_GAP = 2.4  # heights between two lines of an address
_ADDRESS_LINES = 4


def find_client(reader: FieldReader, words: HeaderWords, body: float, is_laboratory: Callable[[str], bool]) -> str | None:
    """Return the first name that heads an unlabelled postal address above the results and is not the laboratory's."""
    for place in reader.places():
        if place.cell.middle < body and is_town(place.cell.text) and not place.is_label:
            name = _name_above(place, reader, words)
            if name is not None and not is_laboratory(name):
                return name
    return None


def _name_above(town: Place, reader: FieldReader, words: HeaderWords) -> str | None:
    current = town
    for _ in range(_ADDRESS_LINES):
        above = reader.above(current, _LINE_GAP)
        if above is None or above.is_label:
            return None
        if not is_address(above.cell.text):
            heading = reader.above(above, _LINE_GAP)
            return None if heading is not None and heading.is_label else _without_date(above.cell.text, words)
        current = above
    return None


def _without_date(text: str, words: HeaderWords) -> str | None:
    """The name in ``Mar 21, 2023 | Acme``."""
    parts = [part.strip() for part in text.split("|") if parse_date(part) is None]
    name = parts[-1] if parts else ""
    if key(name) in words.titles or not any(map(str.isalpha, name)):
        return None
    return name
