"""Which laboratory a certificate comes from, and the accreditation it prints.

A laboratory that no label names stands at the head of the page, in the small print, or only in its web address.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from typing import Annotated, NamedTuple

from pydantic import BaseModel, ConfigDict, Field

from kratom_quality.datafiles import bundled, load_model
from kratom_quality.parsing.header_words import Companies, HeaderWords, header_words, key
from kratom_quality.parsing.layout import Sheet

_HOST = re.compile(r"(?:(?P<mail>@)|https?://|www\.|\b)(?:www\.)?(?P<host>(?:[a-z0-9-]+\.)*(?P<name>[a-z0-9-]{3,})\.(?:com|org|net|us|io|co|eu|de|at|ch|nl|fr|uk|ca|lab|bio|science|[a-z]{2}\.[a-z]{2}))\b", re.IGNORECASE)
_STANDARD = re.compile(
    r"\b(?P<body>(?:(?:DIN|BS|NF|UNI|NEN)[\s-]*)?(?:EN[\s-]*)?ISO(?:\s?/\s?I[A-Z]{2})?)"
    r"(?:[\s:#.,-]|Accredit\w*|Standard|Certificat\w*|No\b)*"
    r"17025(?P<year>\s?[:\-]\s?(?:20\d\d|E))?"
)
_ISO = re.compile(r"ISO|17025")


class LabProfile(BaseModel):
    """What ``data/labs/*.toml`` may say of a laboratory: its name, where only its web address is printed as text."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: Annotated[str, Field(min_length=2)]
    domains: Annotated[tuple[str, ...], Field(min_length=1)]
    source: Annotated[str, Field(min_length=8)]


class _Mention(NamedTuple):
    name: str
    weight: float


@cache
def lab_profiles() -> dict[str, LabProfile]:
    """Return the shipped profiles by domain.

    Raises
    ------
    DataFileError
        If a profile does not hold what it must.
    """
    files = sorted((file for file in bundled("labs").iterdir() if file.name.endswith(".toml")), key=lambda file: file.name)
    profiles = [load_model(LabProfile, file) for file in files]
    return {domain: profile for profile in profiles for domain in profile.domains}
