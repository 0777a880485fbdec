"""Companies no label names: the names above postal addresses, in imprints, and at the head of the paper."""

from __future__ import annotations

import re
from typing import NamedTuple

from kratom_quality.parsing.dates import parse_date
from kratom_quality.parsing.header_values import can_be_name, is_address, is_street, is_town
from kratom_quality.parsing.header_words import HeaderWords
from kratom_quality.parsing.places import Place, Places
from kratom_quality.parsing.titles import PROMINENT
from kratom_quality.parsing.tokens import key

_LINE_GAP = 2.4  # heights between two lines of an address
_ADDRESS_LINES = 4
_LETTERHEAD = 0.12  # share of the page below its first line
_IMPRINT_PARTS = re.compile(r"\s*[,·•|;]\s*|\s+[-–—]\s+")
_REGISTRATION = re.compile(r"\d{4}")
_ACCREDITATION = re.compile(
    r"[\s,|·•(–-]*(?:\b[Aa]ccredited\s+(?:to|under|by)\s+)?(?:\b[A-Z]{2,6}\s+)*\bISO\b[\s/A-Z:.-]*17025.*$"
)
# How far from a name its accreditation may stand: heights of the name below it and beside it.
_ACCREDITED_BELOW, _ACCREDITED_BESIDE = 5.0, 4.0


class Company(NamedTuple):
    """A name, where it stands, and whether an accreditation is printed beside it."""

    name: str
    place: Place
    accredited: bool


def addressed_companies(places: Places, words: HeaderWords) -> list[Company]:
    """Return the names that head an unlabelled postal address, from the top of the page down."""
    found: dict[str, Company] = {}
    for place in places:
        in_town = is_town(place.cell.text)
        if (not in_town and not _accredits(place.cell.text)) or place.is_label or places.answers_a_label(place):
            continue
        named = (
            _imprint(place, words)
            or _beside_the_accreditation(place, places, words)
            or (_above_the_town(place, places, words) if in_town else None)
        )
        if named is not None:
            name, where = named
            accredited = _accredits(place.cell.text) or _is_accredited(where, places)
            found.setdefault(name, Company(name, where, accredited))
    return list(found.values())


def head_of_paper(places: Places, words: HeaderWords) -> Company | None:
    """Return the most prominent name above the first label of a page, which is the paper's head."""
    names = []
    for place in places:
        if place.is_label or places.share_down(place.cell) > _LETTERHEAD:
            break
        if place.cell.height >= PROMINENT * places.usual_height and _is_company_name(place.cell.text, words):
            names.append(place)
    best = max(names, key=lambda place: place.cell.height, default=None)
    return Company(best.cell.text, best, _is_accredited(best, places)) if best else None


def _imprint(place: Place, words: HeaderWords) -> tuple[str, Place] | None:
    """The name in ``Acme Labs, 12 Mill Road, Reno, NV 89502``."""
    name, *rest = _IMPRINT_PARTS.split(place.cell.text)
    imprint = any(is_street(part) or _accredits(part) for part in rest)
    return (name, place) if imprint and _is_company_name(name, words) else None


def _beside_the_accreditation(place: Place, places: Places, words: HeaderWords) -> tuple[str, Place] | None:
    """The name in ``Acme Assurance  ISO/IEC 17025``, at the head of the paper."""
    if places.share_down(place.cell) > _LETTERHEAD or not _accredits(place.cell.text):
        return None
    name = _ACCREDITATION.sub("", place.cell.text)
    if name:
        return (name, place) if _is_company_name(name, words) else None
    others = (
        other for other in places.rows[place.line] if not other.is_label and _is_company_name(other.cell.text, words)
    )
    other = next(others, None)
    return (other.cell.text, other) if other else None


def _above_the_town(town: Place, places: Places, words: HeaderWords) -> tuple[str, Place] | None:
    current = town
    for _ in range(_ADDRESS_LINES):
        above = places.above(current, _LINE_GAP)
        if above is None or above.is_label:
            return None
        if not is_address(above.cell.text):
            name = _without_date(above.cell.text)
            return (name, above) if _is_company_name(name, words) and not places.answers_a_label(above) else None
        current = above
    return None


def _without_date(text: str) -> str:
    """The name in ``Mar 21, 2023 | Acme``."""
    parts = [part.strip() for part in text.split("|") if parse_date(part) is None]
    return parts[-1] if parts else ""


def _is_company_name(text: str, words: HeaderWords) -> bool:
    return (
        can_be_name(text, words)
        and "#" not in key(text)
        and not _REGISTRATION.search(text)
        and not text[0].isdigit()
        and not _accredits(text)
    )


def _is_accredited(place: Place, places: Places) -> bool:
    beside = _ACCREDITED_BESIDE * place.cell.height
    left, right = place.cell.x0 - beside, place.cell.x1 + beside
    lowest = place.cell.bottom + _ACCREDITED_BELOW * place.cell.height
    return any(
        _accredits(other.cell.text) and other.cell.x0 < right and left < other.cell.x1
        for row in places.rows[place.line : place.line + 6]
        for other in row
        if other.cell.top <= lowest
    )


def _accredits(text: str) -> bool:
    return "17025" in text or "ccredit" in text or "CCREDIT" in text
