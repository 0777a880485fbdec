"""Printed name -> analyte. The names are data (``data/analytes/*.toml``), and a person may add files of their own.

Names are compared folded: letters and digits only, so that case, hyphens, spaces and Greek letters do not matter.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from functools import cache, cached_property, lru_cache
from pathlib import Path
from typing import Annotated, Any

from pydantic import Field, ValidationError, field_validator

from kratom_quality.errors import DataFileError
from kratom_quality.records import Panel, Record

DEFAULT_FOLDER = Path(__file__).parent / "data" / "analytes"
LONGEST_NAME_IN_WORDS = 12
SHORTEST_BLIND_NAME = 6
SHORTEST_NEAR_NAME = 6

# Pages print the delta of "Δ9-THC" as a Greek letter, an increment sign or a triangle.
_GREEK = str.maketrans(
    {"δ": "delta", "∆": "delta", "△": "delta", "α": "alpha", "β": "beta", "γ": "gamma", "ε": "epsilon", "ω": "omega"}
    | {"ζ": "zeta", "λ": "lambda", "τ": "tau"}
)
_NOT_LETTER_OR_DIGIT = re.compile(r"[^a-z0-9]+")
_LIGATURES = re.compile(r"ffi|ffl|fi|fl|ff")
_BRACKETED = re.compile(r"[(\[]([^()\[\]]*)[)\]]")
_FOOTNOTE_MARKS = frozenset("*†‡§#^~ ")
_ABBREVIATION = re.compile(r"[A-Z]{2}")
_SAMPLE_AMOUNT = re.compile(r"(?:in|per)?\d+(?:g|grams?|ml)$")
# The same analyte is also given per unit sold or on a dry basis: "CBD per Unit", "Total THC/Container", "Lead (dry weight)".
_UNITS_SOLD = tuple(
    "unit container serving package capsule tablet gummy piece bottle dose pack pouch softgel shot".split()
)
_BASIS_WORDS = frozenset(
    {*(f"per{unit}" for unit in _UNITS_SOLD), "dry", "dryweight", "drybasis", "dryweightbasis", "asis", "asreceived"}
)
_BASIS_ENDINGS = (*_BASIS_WORDS, *_UNITS_SOLD)
# Folded names that are units of measure too: "mg" behind a number is no mitragynine.
_UNITS_OF_MEASURE = frozenset({"mg", "aw"})


@lru_cache(maxsize=65536)
def fold(text: str) -> str:
    """Reduce text to lower-case letters and digits, ligatures resolved and Greek letters spelt out.

    ``fold(a + " " + b) == fold(a) + fold(b)``, so a scanner may join the folds of single words.
    """
    if text.isascii():
        return _NOT_LETTER_OR_DIGIT.sub("", text.lower())
    return _NOT_LETTER_OR_DIGIT.sub("", unicodedata.normalize("NFKD", text).casefold().translate(_GREEK))


class Analyte(Record):
    """Something a laboratory tests for, and the names it is printed under.

    Parameters
    ----------
    id
        Canonical identifier, ``snake_case``.
    name
        Display name.
    panel
        The panel it belongs to wherever the certificate does not say otherwise.
    names
        Printed synonyms that stand for this analyte and no other, common misspellings included.
    names_in_panel
        Short or ambiguous names, valid only where the panel is known ("As", "B1", "Total").
    cas
        CAS registry number; its check digit is verified.
    total
        True where the row sums other rows.
    certainty
        How well the identity is sourced, in the words of the data file; None where it is beyond doubt.
    """

    id: Annotated[str, Field(pattern=r"^[a-z0-9]+(_[a-z0-9]+)*$")]
    name: Annotated[str, Field(min_length=1)]
    panel: Panel
    names: tuple[str, ...] = ()
    names_in_panel: tuple[str, ...] = ()
    cas: str | None = None
    total: bool = False
    certainty: str | None = None

    @field_validator("cas")
    @classmethod
    def _check_digit_agrees(cls, cas: str | None) -> str | None:
        if cas is None:
            return None
        if not re.fullmatch(r"[0-9]{2,7}-[0-9]{2}-[0-9]", cas):
            raise ValueError(f"{cas!r} is no CAS number such as '7439-92-1'")
        digits = cas.replace("-", "")
        if sum(place * int(digit) for place, digit in enumerate(reversed(digits[:-1]), 1)) % 10 != int(digits[-1]):
            raise ValueError(f"the check digit of CAS number {cas} does not agree, so a digit is mistyped")
        return cas


class Vocabulary:
    """The analytes we know and every name they are printed under.

    Attributes
    ----------
    analytes
        Analyte id -> analyte, in the order of the files.
    names
        Folded name -> analyte.
    names_in_panel
        (panel, folded name) -> analyte, for names that need their panel to be known.
    """

    def __init__(
        self,
        analytes: Mapping[str, Analyte],
        names: Mapping[str, Analyte],
        names_in_panel: Mapping[tuple[Panel, str], Analyte],
    ) -> None:
        self.analytes = analytes
        self.names = names
        self.names_in_panel = names_in_panel
        self._blind = _ligature_blind(names)
        self._anchors = {**self._blind, **names}
        self._sorted = sorted({*self._anchors, *(name for _, name in names_in_panel)})

    @classmethod
    def default(cls) -> Vocabulary:
        """Return the vocabulary that comes with the package; it is read once."""
        return _default()

    @classmethod
    def load(cls, *paths: str | Path) -> Vocabulary:
        """Return the default vocabulary with the user's files added, in the order given.

        A file holds ``[[analyte]]`` entries with the fields of :class:`Analyte`. An entry with a known id adds its names.

        Raises
        ------
        DataFileError
            If a file cannot be read, an entry does not hold what it must, or one name stands for two analytes.
        """
        reader = _Reader()
        for path in (*sorted(DEFAULT_FOLDER.glob("*.toml")), *map(Path, paths)):
            reader.read(path)
        return reader.vocabulary()

    def find(self, printed: str, panel: Panel | None = None) -> Analyte | None:
        """Return the analyte a printed name stands for, or None.

        Tried in turn: the whole name; the name without footnote marks; the name outside and inside its brackets, where the
        two do not contradict each other. Names whose fi and fl ligatures a font lost are found as well.
        """
        for text in dict.fromkeys((printed, _without_footnote_marks(printed))):
            if (found := self._look_up(fold(text), panel)) is not None:
                return found
        return self._by_brackets(printed, panel)

    def nearest(self, printed: str, cutoff: float = 92) -> Analyte | None:
        """Return the analyte whose name differs from a misread or misspelt one by a letter or two, or None.

        Digits and words of fewer than six letters must agree, and abbreviations are not guessed at: between "Total THCA" and
        "Total THCVA", or 1,1- and 1,2-dichloroethane, a guess would be a wrong analyte.

        Parameters
        ----------
        cutoff
            Least similarity, 0 to 100 (normalised indel similarity).
        """
        from rapidfuzz import fuzz, process

        folded = fold(printed)
        if len(folded) < SHORTEST_NEAR_NAME:
            return None
        near = process.extract(folded, self._spelt_out, scorer=fuzz.ratio, score_cutoff=cutoff, limit=None)
        found = {self.names[name].id for name, _, _ in near if _may_be_misspelt(printed, name)}
        return self.analytes[found.pop()] if len(found) == 1 else None

    def longest_prefix(self, words: Sequence[str], panel: Panel | None = None) -> tuple[int, Analyte] | None:
        """Return how many of the first words name an analyte, and which; None where they name none.

        A second name of the same analyte ("Lead Pb") and a basis ("per unit") belong to the run.

        Parameters
        ----------
        words
            The words from where a name may begin, each already folded.
        """
        best: tuple[int, Analyte] | None = None
        run = ""
        for count, word in enumerate(words[:LONGEST_NAME_IN_WORDS], 1):
            run += word
            if word and (found := self._anchor(run, panel)) is not None:
                best = (count, found)
            if not (run and self._starts_a_name(run)):
                break
        return (best[0] + self._words_that_belong(words, *best), best[1]) if best else None

    @cached_property
    def _spelt_out(self) -> list[str]:
        printed = (name for analyte in self.analytes.values() for name in (analyte.name, *analyte.names))
        return list({fold(name): None for name in printed if not _ABBREVIATION.search(name)})

    def _look_up(self, folded: str, panel: Panel | None) -> Analyte | None:
        return (
            self._known(folded, panel)
            or self._blind.get(_LIGATURES.sub("", folded))
            or self._on_a_basis(_SAMPLE_AMOUNT.sub("", folded), panel)
            or self._named_twice(folded, panel)
        )

    def _known(self, folded: str, panel: Panel | None) -> Analyte | None:
        in_panel = self.names_in_panel.get((panel, folded)) if panel is not None else None
        return in_panel or self.names.get(folded)

    def _on_a_basis(self, folded: str, panel: Panel | None) -> Analyte | None:
        candidates = (folded, *(folded.removesuffix(ending) for ending in _BASIS_ENDINGS))
        return next((found for text in candidates if (found := self._known(text, panel)) is not None), None)

    def _named_twice(self, folded: str, panel: Panel | None) -> Analyte | None:
        for cut in range(len(folded) - 1, 1, -1):
            found = self._known(folded[:cut], panel)
            if found is not None and self._is_name_of(found, folded[cut:]):
                return found
        return None

    def _is_name_of(self, analyte: Analyte, folded: str) -> bool:
        if folded in _UNITS_OF_MEASURE:
            return False
        return self.names.get(folded) is analyte or self.names_in_panel.get((analyte.panel, folded)) is analyte

    def _by_brackets(self, printed: str, panel: Panel | None) -> Analyte | None:
        inside = _BRACKETED.findall(printed)
        if not inside:
            return None
        parts = (fold(_without_footnote_marks(part)) for part in (_BRACKETED.sub(" ", printed), *inside))
        found = [self._look_up(part, panel) for part in parts if part not in _UNITS_OF_MEASURE]
        ids = {analyte.id for analyte in found if analyte is not None}
        return self.analytes[ids.pop()] if len(ids) == 1 else None

    def _anchor(self, run: str, panel: Panel | None) -> Analyte | None:
        if panel is not None and run not in _UNITS_OF_MEASURE and (found := self.names_in_panel.get((panel, run))):
            return found
        if (found := self._anchors.get(run)) is not None:
            return found
        return self._on_a_basis(run, None) if run.endswith(_BASIS_ENDINGS) else None

    def _starts_a_name(self, run: str) -> bool:
        place = bisect_left(self._sorted, run)
        return place < len(self._sorted) and self._sorted[place].startswith(run)

    def _words_that_belong(self, words: Sequence[str], count: int, analyte: Analyte) -> int:
        head, tail = "".join(words[:count]), ""
        for more, word in enumerate(words[count : count + 3], 1):
            tail += word
            if word and tail != head and (tail in _BASIS_WORDS or self._is_name_of(analyte, tail)):
                return more
        return 0


class _Reader:
    """Collects entries file by file and refuses what contradicts."""

    def __init__(self) -> None:
        self.analytes: dict[str, Analyte] = {}
        self.owners: dict[tuple[Panel | None, str], str] = {}

    def read(self, path: Path) -> None:
        for number, entry in enumerate(_entries(path), 1):
            label = f"{path}: entry {number} ({entry.get('id', 'without an id')})"
            analyte = _added(self.analytes.get(entry.get("id", "")), entry, label)
            self.analytes[analyte.id] = analyte
            for name in (analyte.id, analyte.name, *analyte.names):
                self._claim(None, name, analyte.id, label)
            for name in analyte.names_in_panel:
                self._claim(analyte.panel, name, analyte.id, label)

    def vocabulary(self) -> Vocabulary:
        return Vocabulary(
            self.analytes,
            {name: self.analytes[owner] for (panel, name), owner in self.owners.items() if panel is None},
            {(panel, name): self.analytes[owner] for (panel, name), owner in self.owners.items() if panel is not None},
        )

    def _claim(self, panel: Panel | None, name: str, owner: str, label: str) -> None:
        if not fold(name):
            raise DataFileError(f"{label}: the name {name!r} has neither letter nor digit, so no page can be searched for it")
        first = self.owners.setdefault((panel, fold(name)), owner)
        if first != owner:
            raise DataFileError(f"{label}: the name {name!r} stands for {first!r} already; give it to one of the two")


@cache
def _default() -> Vocabulary:
    return Vocabulary.load()


def _entries(path: Path) -> Iterator[dict[str, Any]]:
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise DataFileError(f"{path}: the vocabulary file cannot be read ({error.strerror})") from error
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise DataFileError(f"{path}: not a UTF-8 TOML file: {error}") from error
    entries = data.get("analyte")
    if set(data) != {"analyte"} or not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
        raise DataFileError(f"{path}: a vocabulary file holds [[analyte]] entries and nothing else, found {sorted(data)}")
    yield from entries


def _added(known: Analyte | None, entry: dict[str, Any], label: str) -> Analyte:
    """Return a new analyte, or the known one with the entry's names added."""
    inherited = known.model_dump(exclude={"names", "names_in_panel"}) if known else {}
    try:
        analyte = Analyte.model_validate({**inherited, **entry})
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        raise DataFileError(f"{label}: {where}: {first['msg']}") from error
    if known is None:
        return analyte
    changed = [field for field in inherited if getattr(analyte, field) != inherited[field]]
    if changed:
        raise DataFileError(f"{label}: the id is known already, so the entry may add names but not change {changed}")
    return known.model_copy(
        update={
            "names": known.names + analyte.names,
            "names_in_panel": known.names_in_panel + analyte.names_in_panel,
        }
    )


def _ligature_blind(names: Mapping[str, Analyte]) -> dict[str, Analyte]:
    """Names without their ligatures -> analyte, where that leaves a name long enough and unlike any other."""
    owners: dict[str, set[str]] = {}
    for name, analyte in names.items():
        blind = _LIGATURES.sub("", name)
        if blind != name and len(blind) >= SHORTEST_BLIND_NAME and blind not in names:
            owners.setdefault(blind, set()).add(analyte.id)
    analytes = {analyte.id: analyte for analyte in names.values()}
    return {blind: analytes[ids.pop()] for blind, ids in owners.items() if len(ids) == 1}


def _without_footnote_marks(printed: str) -> str:
    end = len(printed)
    while end and (printed[end - 1] in _FOOTNOTE_MARKS or unicodedata.decomposition(printed[end - 1]).startswith("<super>")):
        end -= 1
    return printed[:end]


def _may_be_misspelt(printed: str, name: str) -> bool:
    """Whether the folded ``name`` may be what ``printed`` was meant to say: no digit, short word or ending differs."""
    folded = fold(printed)
    longer, shorter = max(folded, name, key=len), min(folded, name, key=len)
    if shorter in longer and longer != shorter + "s":
        return longer == shorter
    if re.sub("[^0-9]", "", folded) != re.sub("[^0-9]", "", name):
        return False
    words = (fold(word) for word in printed.split())
    return all(word in name for word in words if len(word) < SHORTEST_NEAR_NAME)
