"""Whether a text can be the value of a header field, and the value without what surrounds it."""

from __future__ import annotations

import re

from kratom_quality.parsing.dates import parse_date
from kratom_quality.parsing.header_tables import COMPANY_FIELDS, DATE_FIELDS, PORTION_FIELDS, Field
from kratom_quality.parsing.header_words import HeaderWords
from kratom_quality.parsing.tokens import key

_EDGES = " \t:;,#|*_–—-"
_LONGEST = {**dict.fromkeys(COMPANY_FIELDS, 90), "product": 120, "matrix": 90, "batch": 60, "sample_id": 48}
_LONGEST_TEXT = 160  # characters
_MOST_PARTS = 3  # of an identifier that no colon binds to its label
_LONGEST_NAME, _SHORTEST_TOWN = 100, 8  # characters
_PAGE_FURNITURE = re.compile(r"\b\d+\s*(?:of|/)\s*\d+\b|^powered by\b", re.IGNORECASE)
_QUANTITY = re.compile(
    r"[\d.,]+\s*(?:mg|g|gm|gr|grams?|kg|kgs|kilograms?|lbs?|pounds?|oz|ounces?|ml|l|liters?|units?|pieces?|pcs|bottles?|%)\b\.?",
    re.IGNORECASE,
)
_STREET = (
    r"st|street|ave|avenue|rd|road|blvd|boulevard|dr|drive|ln|lane|way|ct|court|pkwy|parkway|hwy|highway|plaza|place|pl|suite|"
    r"ste|unit|circle|cir|terrace|loop|square|trail|pike|box|floor"
)
_STREET_LINE = re.compile(
    rf"\d[\w-]*\s+.*\b(?:{_STREET})\b\.?|P\.?\s?O\.?\s+Box\s+\d+|(?:Suite|Unit)\s+\w+"
    r"|[\w.\s-]*(?:stra(?:ß|ss)e|str\.?|weg|platz|allee|gasse|ring|laan|straat)\s*\d+\s?[a-z]?\b"
    r"|(?:\d+\s?(?:bis)?,?\s+)?(?:rue|via|viale|calle|avenida|plaza)\s",
    re.IGNORECASE,
)
_TOWN_LINE = re.compile(
    r"\b(?:[A-Z]{2}|[A-Z][a-z]+(?: [A-Z][a-z]+)?),?\s+\d{5}(?:-\d{4})?\b"  # town, state, ZIP code
    r"|\b[A-Z]{1,2}\d[A-Z\d]?\s+\d[A-Z]{2}\b"  # United Kingdom
    r"|\b[A-Z]\d[A-Z]\s?\d[A-Z]\d\b"  # Canada
    r"|(?:^|[,·|]\s*)(?:[A-Z]{1,2}-)?\d{4,5}(?:\s[A-Z]{2})?,?\s+[^\W\d_]{3,}"  # European continent
)
_POSTCODE = re.compile(r"\d{4}|\d ?[A-Z]{2}|\d[A-Z] ?\d")
_ADDRESS_TAIL = re.compile(rf",?\s+\d[\w-]*\s+(?:[\w.]+\s+){{0,4}}(?:{_STREET})\b.*$", re.IGNORECASE)
_REPEATED_LABEL = re.compile(
    r"^(?:lot|batch|charge)\b(?:\s*(?:no\b|nr\b|number|code|#))?[\s.:#]+(?=\S*\d)", re.IGNORECASE
)
_RUN_OF_DIGITS = re.compile(r"[A-Z]*\d{8}")  # a date within a lot's number
_REMARK = re.compile(r"\s+\([^)]*\)$")
_CONTACT = re.compile(r"@|https?:|www\.|\(?\d{3}\)?[\s.-]\d{3}[\s.-]\d{4}|\+\d[\d\s()-]{7,}")


def accept(field: Field, text: str, words: HeaderWords, *, bound: bool, day_first: bool) -> str | None:
    """Return the value a text holds for a field, or None where it cannot be one.

    Parameters
    ----------
    bound
        A colon or the like binds the text to its label; without it, a value must look like one.
    """
    if len(text) > _LONGEST_TEXT:
        return None
    if field in DATE_FIELDS:
        return parse_date(text, day_first=day_first)
    if field == "overall_status":
        return words.verdict(text)
    if field in PORTION_FIELDS:
        return " ".join(text.split()).strip(_EDGES) if any(map(str.isdigit, text)) else None
    value = " ".join(text.split()).strip(_EDGES).lstrip("." + _EDGES).removesuffix("(").rstrip()
    if ")" in value and "(" not in value:
        value = value.rstrip(")")
    if field in COMPANY_FIELDS:
        value = _company_in(value, words)
    if key(value) in words.nothing or not value or len(value) > _LONGEST[field]:
        return None
    if field in {"batch", "sample_id"}:
        value = _REMARK.sub("", value)
        value = _REPEATED_LABEL.sub("", value) if field == "batch" else value
        return value if _is_identifier(value, field, bound) else None
    if field == "matrix" and not bound and not words.matrices & set(key(value)):
        return None
    return _name(value, field, words)


def is_address(text: str) -> bool:
    """Whether a line is part of a postal address or says how to get in touch."""
    return bool(_STREET_LINE.match(text) or _TOWN_LINE.search(text) or _CONTACT.search(text))


def can_be_name(text: str, words: HeaderWords) -> bool:
    """Whether an unlabelled text may name a product or a company: no title, address, date, verdict or page number."""
    phrase = key(text)
    return (
        len(text) <= _LONGEST_NAME
        and any(len(word) > 2 and word.isalpha() for word in phrase)
        and phrase not in words.no_names
        and words.title_words.isdisjoint(phrase)
        and not is_address(text)
        and not _PAGE_FURNITURE.search(text)
        and words.verdict(text) is None
        and parse_date(text) is None
    )


def is_street(text: str) -> bool:
    """Whether a line begins with a street and a number."""
    return bool(_STREET_LINE.match(text))


def is_town(text: str) -> bool:
    """Whether a line holds a town with its postal code."""
    if len(text) < _SHORTEST_TOWN or " " not in text or not _POSTCODE.search(text):
        return False
    return bool(_TOWN_LINE.search(text)) and not (_STREET_LINE.match(text) and "," not in text)


def _is_identifier(value: str, field: Field, bound: bool) -> bool:
    if _QUANTITY.fullmatch(value) or "17025" in value:
        return False
    has_digit = any(map(str.isdigit, value))
    if field == "sample_id":
        return has_digit and all(any(map(str.isdigit, part)) or part.isupper() for part in value.split())
    if not bound:
        return (
            has_digit
            and len(value.split()) <= _MOST_PARTS
            and (parse_date(value) is None or _RUN_OF_DIGITS.match(value) is not None)
        )
    return has_digit or " " not in value


def _company_in(value: str, words: HeaderWords) -> str:
    """The company in ``Mr A. Lane, Manager, Acme Ltd, 3 Mill Lane``: no address, and no person before it or behind."""
    value = words.attention.sub("", _ADDRESS_TAIL.sub("", value)).rstrip(_EDGES)
    first, *rest = value.split(", ")
    named = [part for part in rest if not is_address(part)]
    if named and words.person.match(first):
        return named[-1]
    return value


def _name(value: str, field: Field, words: HeaderWords) -> str | None:
    if field in COMPANY_FIELDS and is_address(value):
        return None
    if key(value) in words.titles or " ".join(key(value)) in words.verdict_words or not any(map(str.isalpha, value)):
        return None
    return value if any(len(word) > 1 and word.isalpha() for word in key(value)) else None
