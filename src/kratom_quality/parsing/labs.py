"""Which laboratory a certificate comes from, where no label names it, and the accreditation it prints.

The name stands at the head of the page, in the small print, or only in the web address; mentions are gathered by the word
that tells the name from others and weighed against each other.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from functools import cache, cached_property
from typing import Annotated, NamedTuple

from pydantic import BaseModel, ConfigDict, Field

from kratom_quality.datafiles import bundled, load_model
from kratom_quality.parsing.header_words import Companies
from kratom_quality.parsing.layout import Cell, Sheet

# What makes a capitalised phrase likelier the laboratory's name. Chosen by hand on published certificates: the order matters,
# the sizes hardly.
_AT_THE_TOP, _IN_THE_SMALL_PRINT, _CALLED_LABORATORY, _HOST_SAYS_SO, _LEGAL_FORM = 1.5, 3.0, 4.0, 3.0, 1.0
_TOP = 0.2  # share of the page's height

_HOST = re.compile(
    r"(?:(?P<mail>@)|\bhttps?://|\b)(?:www\.)?(?:[a-z0-9-]+\.)*?(?P<name>[a-z0-9-]{3,})"
    r"\.(?P<zone>com|org|net|us|io|eu|de|at|ch|nl|fr|it|es|uk|co\.uk|ca|lab|labs|bio|science)\b",
    re.IGNORECASE,
)
_WORD = r"[A-Z][\w&'’-]*(?:\.\w+)*"
_RUN = rf"{_WORD}(?:\s+(?:{_WORD}|&|of|de))*"
_SMALL_PRINT = re.compile(
    rf"\b(?:approval|permission|consent|authori[sz]ation|property|accreditation|discretion)\s*,?\s*(?:of|from|by|to)\s+(?:the\s+)?(?P<of>{_RUN})"
    rf"|\b(?:[Tt]ested|[Aa]naly[sz]ed|[Pp]erformed|[Gg]enerated|[Ii]ssued|[Cc]onducted|[Pp]repared|[Ee]stablished|[Ss]upplied|[Rr]eceived|[Aa]nalysis|[Tt]esting)"
    rf"\s+(?:by|to|at)\s+(?:the\s+)?(?P<by>{_RUN})"
    rf"|(?:©|\([Cc]\)|[Cc]opyright)\s*(?:©\s*)?(?:\d{{4}}\s*)?[,:]?\s*(?P<copyright>{_RUN})"
    rf"|(?P<called>{_RUN})\s+is\s+an?\s+(?:[\w/:-]+\s+){{0,5}}(?:[Ll]aborator(?:y|ies)|[Ll]ab)\b"
)
_STANDARD = re.compile(
    r"\b(?P<body>(?:(?:DIN|BS|NF|UNI|NEN|ČSN)[\s-]*)?(?:EN[\s-]*)?ISO(?:\s?/\s?I[A-Z]{2})?)"
    r"(?:[\s:#.,-]|[Aa]ccredit\w*|[Ss]tandard|[Cc]ertificat\w*|No\b)*"
    r"17025(?P<year>\s?[:-]\s?(?:20\d\d|E)\b)?"
)


class LabProfile(BaseModel):
    """What ``data/labs/*.toml`` may say of a laboratory: its name, where only its web address is printed as text."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: Annotated[str, Field(min_length=2)]
    domains: Annotated[tuple[str, ...], Field(min_length=1)]
    source: Annotated[str, Field(min_length=8)]


class _Mention(NamedTuple):
    name: str
    core: str
    weight: float


@cache
def lab_profiles() -> Mapping[str, LabProfile]:
    """Return the shipped profiles by domain.

    Raises
    ------
    DataFileError
        If a profile does not hold what it must.
    """
    files = sorted((file for file in bundled("labs").iterdir() if file.name.endswith(".toml")), key=lambda file: file.name)
    profiles = [load_model(LabProfile, file) for file in files]
    return {domain: profile for profile in profiles for domain in profile.domains}


class LabFinder:
    """Find the laboratory's name in a page's text.

    Parameters
    ----------
    companies
        The words names are told by.
    profiles
        Names by web domain, the last resort before the domain itself.
    """

    def __init__(self, companies: Companies, profiles: Mapping[str, LabProfile]) -> None:
        self._profiles = profiles
        self._strong = frozenset(word.casefold() for word in companies.laboratory)
        self._weak = frozenset(word.casefold() for word in companies.laboratory_weak)
        self._legal = frozenset(word.casefold() for word in companies.legal)
        self._generic = frozenset(word.casefold() for word in companies.generic)
        self._not_names = frozenset(word.casefold() for word in companies.not_names)
        self._platforms = frozenset(companies.platforms)

    @cached_property
    def _named(self) -> re.Pattern[str]:
        words = "|".join(sorted({form for word in self._strong for form in (word.capitalize(), word.upper())}))
        legal = "|".join(sorted(self._legal))
        return re.compile(
            rf"(?<![\w-])(?:(?:{_WORD}|&|of)\s+){{0,5}}?(?:{_WORD[:5]}[\w&'’-]*[Ll]abs?|{words})\b"
            rf"(?:\s+{_WORD}){{0,3}}(?:,?\s+(?i:{legal})\b)?\.?"
        )

    def is_laboratory(self, name: str) -> bool:
        """Whether a name holds a word such as Labs, Analytics or Laboratoire."""
        return any(self._is_strong(word) for word in _folded_words(name))

    def looks_like_company(self, name: str) -> bool:
        """Whether a name holds a word companies' names hold."""
        return any(self._is_strong(word) or word in self._weak | self._legal for word in _folded_words(name))

    def find(self, sheet: Sheet, client: str | None) -> str | None:
        """Return the likeliest name; None where the page prints none."""
        cells = [cell for line in sheet.lines for cell in line.cells]
        hosts = list(self._hosts(cells))
        clusters: dict[str, list[_Mention]] = defaultdict(list)
        for cell in cells:
            for mention in self._mentions(cell, sheet.height):
                clusters[mention.core].append(mention)
        if client is not None:
            clusters.pop(self._core(client.split()), None)
        clusters = {core: found for core, found in clusters.items() if self._credible(core, found, hosts)}
        if not clusters:
            return None
        best = max(clusters, key=lambda core: self._weight(core, clusters[core], hosts))
        return self._fullest(clusters[best])

    def by_domain(self, sheet: Sheet, client: str | None) -> str | None:
        """Return the laboratory a profile knows by a domain on the page, else the first web domain that is not the client's."""
        taken = self._core(client.split()) if client else ""
        hosts = list(self._hosts([cell for line in sheet.lines for cell in line.cells]))
        known = next((self._profiles[domain].name for _, domain, _ in hosts if domain in self._profiles), None)
        others = (domain for name, domain, is_web in hosts if is_web and not (taken and name.startswith(taken)))
        return known or next(others, None)

    def _mentions(self, cell: Cell, height: float) -> Iterator[_Mention]:
        text = cell.text
        if "ab" in text or "AB" in text or "nalytics" in text:
            for match in self._named.finditer(text):
                if name := self._trim(match.group().split()):
                    yield _Mention(name, self._core(name.split()), 1 + _AT_THE_TOP * (cell.top < _TOP * height))
        if len(text) > 12:
            for match in _SMALL_PRINT.finditer(text):
                if name := self._trim(next(filter(None, match.groups())).split()):
                    weight = _CALLED_LABORATORY if match["called"] else _IN_THE_SMALL_PRINT
                    yield _Mention(name, self._core(name.split()), weight)

    def _trim(self, words: list[str]) -> str | None:
        """Cut a run of capitalised words down to a name; None where it is none."""
        while words and _fold(words[0]) in self._generic:
            words = words[1:]
        kept: list[str] = []
        for word in words:
            if _fold(word) in self._not_names:
                if kept and _fold(kept[-1]) in {"lab", "laboratory"}:
                    return None
                break
            kept.append(word)
            if _fold(word) in self._legal:
                break
        while kept and (_fold(kept[-1]) in self._generic - self._weak or kept[-1] in {"&", "of", "de"}):
            kept.pop()
        if kept and _fold(kept[-1]) not in self._legal:
            kept[-1] = kept[-1].rstrip(".,")
        return " ".join(kept) if self._core(kept) else None

    def _core(self, words: Sequence[str]) -> str:
        """The first word that tells the name from others."""
        for word in map(_fold, words):
            if word.endswith(("labs", "lab")) and word not in self._strong:
                return re.sub(r"labs?$", "", word)
            if len(word) > 1 and not (word in self._strong | self._weak | self._legal | self._generic):
                return word
        return ""

    def _credible(self, core: str, found: Sequence[_Mention], hosts: Sequence[tuple[str, str, bool]]) -> bool:
        if any(self.is_laboratory(mention.name) or mention.weight == _CALLED_LABORATORY for mention in found):
            return True
        company = any(self.looks_like_company(mention.name) for mention in found)
        return company and (len(found) > 1 or any(host.startswith(core) for host, _, _ in hosts))

    def _weight(self, core: str, found: Sequence[_Mention], hosts: Sequence[tuple[str, str, bool]]) -> float:
        named_by_host = any(host.startswith(core) for host, _, _ in hosts)
        legal = any(_fold(mention.name.split()[-1]) in self._legal for mention in found)
        return sum(mention.weight for mention in found) + _HOST_SAYS_SO * named_by_host + _LEGAL_FORM * legal

    def _fullest(self, found: Sequence[_Mention]) -> str:
        names = [mention.name for mention in found]
        laboratories = [name for name in names if self.is_laboratory(name)] or names
        return max(
            laboratories,
            key=lambda name: (_fold(name.split()[-1]) in self._legal, names.count(name), len(name), -names.index(name)),
        )

    def _hosts(self, cells: Sequence[Cell]) -> Iterator[tuple[str, str, bool]]:
        for cell in cells:
            if "." in cell.text:
                for match in _HOST.finditer(cell.text):
                    name = match["name"].casefold()
                    if name not in self._platforms:
                        yield name, f"{name}.{match['zone'].casefold()}", match["mail"] is None

    def _is_strong(self, word: str) -> bool:
        return word in self._strong or (len(word) > 4 and word.endswith(("labs", "lab")))


def find_accreditation(sheets: Sequence[Sheet]) -> str | None:
    """Return the fullest printed form of the standard a laboratory is accredited to, such as ``ISO/IEC 17025:2017``."""
    for sheet in sheets:
        found = [match for text in _standards(sheet) for match in _STANDARD.finditer(text)]
        if found:
            best = max(found, key=lambda match: (match["year"] is not None, "/" in match["body"]))
            year = re.sub(r"\s", "", best["year"] or "")
            return f"{' '.join(best['body'].split())} 17025{year}"
    return None


def _standards(sheet: Sheet) -> Iterator[str]:
    """Texts that may name the standard, each with the next line of its column, where it may go on."""
    for number, line in enumerate(sheet.lines):
        for cell in line.cells:
            if "ISO" in cell.text:
                yield f"{cell.text} {_next_line(sheet, number, cell)}"


def _next_line(sheet: Sheet, number: int, cell: Cell) -> str:
    for line in sheet.lines[number + 1 : number + 4]:
        for other in line.cells:
            if other.x0 < cell.x1 and cell.x0 < other.x1 and other.top < cell.bottom + cell.height:
                return other.text
    return ""


def _fold(word: str) -> str:
    return word.casefold().strip(".,;:'’&-")


def _folded_words(name: str) -> list[str]:
    return [_fold(word) for word in name.split()]
