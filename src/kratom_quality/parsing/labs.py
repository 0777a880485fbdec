"""Which laboratory a certificate comes from, where no label names it.

The name stands at the head of the paper, in the small print, or only in the web address; mentions are gathered by the
word that tells the name from others and weighed against each other.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from itertools import zip_longest
from typing import Annotated, NamedTuple

from pydantic import BaseModel, ConfigDict, Field

from kratom_quality.datafiles import bundled, load_model
from kratom_quality.parsing.header_tables import Companies
from kratom_quality.parsing.header_words import header_words
from kratom_quality.parsing.layout import Cell, Sheet
from kratom_quality.parsing.parties import Company
from kratom_quality.parsing.places import share_down

# How much a mention weighs. Chosen by hand on published certificates: their order matters, their sizes hardly.
_NAMED, _AT_THE_TOP, _HEADS_AN_ADDRESS, _IN_THE_SMALL_PRINT, _CALLED_LABORATORY = 1.0, 2.5, 2.0, 3.0, 4.0
_ACCREDITED, _HOST_SAYS_SO, _LEGAL_FORM = 2.0, 3.0, 1.0
_TOP = 0.16  # share of the page below its first line
_SHORTEST_SENTENCE, _LONGEST_LINE = 12, 1000  # characters

_HOST = re.compile(
    r"(?:(?P<mail>@)|\bhttps?://|\b)(?:www\.)?(?:[a-z0-9-]+\.)*?(?P<name>[a-z0-9-]{3,})"
    r"\.(?P<zone>com|org|net|us|io|eu|de|at|ch|nl|fr|it|es|co\.uk|co|uk|ca|labs?|bio|science|example)\b",
    re.IGNORECASE,
)
_DOTTED = re.compile(r"\.[a-zA-Z]{2}")
_WORD = r"[A-Z][\w&'’-]*(?:\.\w+)*"
_RUN = rf"{_WORD}(?:\s+(?:{_WORD}|&|of|de))*(?:,?\s+(?:Inc|LLC|Ltd|Corp|GmbH)\b)?"
_SMALL_PRINT = re.compile(
    r"\b(?:approval|permission|consent|authori[sz]ation|property|accreditation|discretion)\s*,?"
    rf"\s*(?:of|from|by|to)\s+(?:the\s+)?(?P<of>{_RUN})"
    r"|\b(?:[Tt]ested|[Aa]naly[sz]ed|[Pp]erformed|[Gg]enerated|[Ii]ssued|[Cc]onducted|[Pp]repared|[Ee]stablished|[Ss]upplied"
    rf"|[Rr]eceived|[Ss]ubmitted|[Aa]nalysis|[Tt]esting)\s+(?:by|to|at)\s+(?:the\s+)?(?P<by>{_RUN})"
    rf"|^For\s+(?P<for>{_RUN})$"
    rf"|(?:©|\([Cc]\)|[Cc]opyright)\s*(?:©\s*)?(?:\d{{4}}\s*)?[,:]?\s*(?P<copyright>{_RUN})"
)
_SMALL_PRINT_WORDS = re.compile(r" (?:by|to|at|of|from) |^For |©|opyright|\([Cc]\)")
_CALLED = re.compile(rf"(?P<name>{_RUN})\s+is\s+an?\s+(?:[\w/:-]+\s+){{0,5}}(?:[Ll]aborator(?:y|ies)|[Ll]ab)\b")


class LabProfile(BaseModel):
    """What ``data/labs/*.toml`` may say of a laboratory: its name, where only its web address is printed as text."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: Annotated[str, Field(min_length=2)]
    domains: Annotated[tuple[str, ...], Field(min_length=1)]
    source: Annotated[str, Field(min_length=8)]


class Host(NamedTuple):
    """A web or mail address: its name, with its zone, and whether it is a web address."""

    name: str
    domain: str
    is_web: bool


class _Mention(NamedTuple):
    """A name that may be the laboratory's; ``sure`` where it needs no second sign."""

    name: str
    weight: float
    sure: bool


@cache
def lab_profiles() -> Mapping[str, LabProfile]:
    """Return the shipped profiles by domain.

    Raises
    ------
    DataFileError
        If a profile does not hold what it must.
    """
    files = sorted(
        (file for file in bundled("labs").iterdir() if file.name.endswith(".toml")), key=lambda file: file.name
    )
    profiles = [load_model(LabProfile, file) for file in files]
    return {domain: profile for profile in profiles for domain in profile.domains}


@cache
def lab_finder() -> LabFinder:
    """Return the finder for the shipped words."""
    return LabFinder(header_words().companies)


class LabFinder:
    """Tells laboratories' names from others.

    Parameters
    ----------
    companies
        The words names are told by.
    """

    def __init__(self, companies: Companies) -> None:
        self._strong = _folded(companies.laboratory)
        self._weak = _folded(companies.laboratory_weak)
        self._legal = _folded(companies.legal)
        self._endings = companies.laboratory_endings
        self._generic = _folded(companies.generic)
        self._not_names = _folded(companies.not_names)
        self._platforms = _folded(companies.platforms)
        words = "|".join(sorted({form for word in self._strong for form in (word.capitalize(), word.upper())}))
        endings = "|".join(form for ending in self._endings for form in (ending, ending.upper(), ending.capitalize()))
        legal = "|".join(sorted(map(re.escape, self._legal)))
        self._named = re.compile(
            rf"(?<![\w-])(?:(?:{_WORD}|&|of)\s+){{0,5}}?(?:[A-Z][\w&'’-]*(?:{endings})|{words})\b"
            rf"(?:\s+{_WORD}){{0,3}}(?:,?\s+(?i:{legal})\b)?\.?"
        )

    def is_laboratory(self, name: str) -> bool:
        """Whether a name holds a word such as Labs, Analytics or Laboratoire."""
        return any(map(self._is_strong, _fold_words(name)))

    def may_be_laboratory(self, name: str) -> bool:
        """Whether a name holds a word that names of laboratories hold, and those of some other companies."""
        return self._weakly_named(name)

    def is_company(self, name: str) -> bool:
        """Whether a name holds a word that laboratories' or companies' names hold."""
        return any(self._is_strong(word) or word in self._weak | self._legal for word in _fold_words(name))

    def find(self, sheet: Sheet, companies: Sequence[Company], client: str | None) -> str | None:
        """Return the likeliest name on a page; None where nothing on it is a laboratory's.

        Parameters
        ----------
        companies
            Names that head the paper or an address.
        client
            The labelled client, which is not the laboratory.
        """
        hosts = self.hosts(sheet)
        clusters: dict[str, list[_Mention]] = defaultdict(list)
        mentions = [*self._company_mentions(companies, client), *self._text_mentions(sheet)]
        for mention in mentions:
            clusters[self._core(mention.name.split())].append(mention)
        if client is not None:
            clusters.pop(self._core(client.split()), None)
        clusters = {core: found for core, found in clusters.items() if any(one.sure for one in found) or len(found) > 1}
        if not clusters:
            return None
        best = max(clusters, key=lambda core: self._weight(core, clusters[core], hosts))
        return self._fullest(clusters[best])

    def hosts(self, sheet: Sheet) -> list[Host]:
        """Return the web and mail addresses printed, without those of report platforms and mail providers."""
        return [
            Host(name, f"{name}.{match['zone'].casefold()}", match["mail"] is None)
            for cell in _cells_with_words(sheet)
            if _DOTTED.search(cell.text)
            for match in _HOST.finditer(cell.text)
            if (name := match["name"].casefold()) not in self._platforms
        ]

    def belongs_to(self, host: Host, name: str) -> bool:
        """Whether an address begins with the word that tells a name from others."""
        core = self._core(name.split())
        return bool(core) and host.name.replace("-", "").startswith(re.sub(r"\W", "", core))

    def _company_mentions(self, companies: Sequence[Company], client: str | None) -> Iterator[_Mention]:
        for number, company in enumerate(companies):
            name = self._trim(company.name.split())
            if name is not None:
                cut = _fold_words(company.name.removeprefix(name))
                if not self._not_names.isdisjoint(cut) and not self.is_laboratory(company.name):
                    continue
                name = company.name if company.accredited and company.name.startswith(name) else name
                heads = number == 0 and (client is not None or len(companies) > 1)
                sure = company.accredited or heads or self._weakly_named(name)
                yield _Mention(name, _HEADS_AN_ADDRESS + _ACCREDITED * company.accredited, sure)

    def _text_mentions(self, sheet: Sheet) -> Iterator[_Mention]:
        for cell in _cells_with_words(sheet):
            text = cell.text
            if "ab" in text or "AB" in text or "lyti" in text or "LYTI" in text:
                for match in self._named.finditer(text):
                    if name := self._trim(match.group().split()):
                        at_the_top = share_down(sheet, cell.middle) < _TOP
                        yield _Mention(name, _AT_THE_TOP if at_the_top else _NAMED, self.is_laboratory(name))
            if len(text) > _SHORTEST_SENTENCE and _SMALL_PRINT_WORDS.search(text):
                for match in _SMALL_PRINT.finditer(text):
                    if name := self._trim(next(filter(None, match.groups())).split()):
                        yield _Mention(name, _IN_THE_SMALL_PRINT, self._weakly_named(name))
            if " is a" in text:
                for match in _CALLED.finditer(text):
                    if name := self._trim(match["name"].split()):
                        yield _Mention(name, _CALLED_LABORATORY, True)

    def _trim(self, words: list[str]) -> str | None:
        """Cut a run of capitalised words down to a name; None where it is none."""
        while words and _fold(words[0]) in self._generic:
            words = words[1:]
        kept: list[str] = []
        for word, following in zip_longest(words, words[1:], fillvalue=""):
            if _fold(word) in self._not_names:
                if kept and _fold(kept[-1]) in {"lab", "laboratory"}:
                    return None
                break
            kept.append(word)
            if len(kept) > 1 and _fold(word) in self._legal and _fold(following) not in self._legal:
                break
        while kept and (_fold(kept[-1]) in self._generic - self._weak or kept[-1] in {"&", "of", "de"}):
            kept.pop()
        if kept:
            kept[-1] = kept[-1].rstrip(",;" if _fold(kept[-1]) in self._legal else ".,;")
        return " ".join(kept) if self._core(kept) else None

    def _core(self, words: Sequence[str]) -> str:
        """The first word that tells the name from others."""
        for word in map(_fold, words):
            if self._is_strong(word) and word not in self._strong:
                return re.sub(r"labs?$", "", word)
            if len(word) > 1 and word not in self._strong | self._weak | self._legal | self._generic:
                return word
        return ""

    def _weight(self, core: str, found: Sequence[_Mention], hosts: Sequence[Host]) -> float:
        named_by_host = any(host.name.startswith(core) for host in hosts)
        legal = any(_fold(mention.name.split()[-1]) in self._legal for mention in found)
        return sum(mention.weight for mention in found) + _HOST_SAYS_SO * named_by_host + _LEGAL_FORM * legal

    def _fullest(self, found: Sequence[_Mention]) -> str:
        names = [mention.name for mention in found]
        laboratories = [name for name in names if self.is_laboratory(name)] or names
        return max(
            laboratories, key=lambda name: (_fold(name.split()[-1]) in self._legal, names.count(name), len(name))
        )

    def _weakly_named(self, name: str) -> bool:
        return any(self._is_strong(word) or word in self._weak for word in _fold_words(name))

    def _is_strong(self, word: str) -> bool:
        return word in self._strong or (len(word) > 4 and word.endswith(self._endings))


def _cells_with_words(sheet: Sheet) -> Iterator[Cell]:
    """The cells but for short numbers, which most cells of a table hold, and what is longer than any line of print."""
    for line in sheet.lines:
        for cell in line.cells:
            shortest = _SHORTEST_SENTENCE if cell.text[0].isdigit() else 0
            if shortest < len(cell.text) <= _LONGEST_LINE:
                yield cell


def _folded(words: Iterable[str]) -> frozenset[str]:
    return frozenset(map(_fold, words))


def _fold(word: str) -> str:
    return word.casefold().strip(".,;:'’&-")


def _fold_words(name: str) -> list[str]:
    return [_fold(word) for word in name.split()]
