"""Names as pages print them, looked up: whole, with remarks, misspelt, or at the beginning of a line."""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache, cached_property
from pathlib import Path

from kratom_quality.datafiles import bundled
from kratom_quality.records import Panel
from kratom_quality.vocabulary.analytes import Analyte, Index, fold, read_analytes

LONGEST_NAME_IN_WORDS = 12
SHORTEST_NAME_TO_REPAIR = 6
# Another analyte this little less similar makes a repair a guess: "Corynoxene" may be corynoxine or corynoxeine.
RIVAL_MARGIN = 4

_LIGATURES = re.compile(r"ffi|ffl|fi|fl|ff")
_BRACKETED = re.compile(r"[(\[]([^()\[\]]*)[)\]]")
_FOOTNOTE_MARKS = frozenset("*†‡§#^~ ")
_UNIT_AT_END = re.compile(
    r"[\s,:-]+(?:%|wt\.?|w/w|ppm|ppb|PPM|PPB|(?:[mnuµμ]|mc)?g(?:/\w+)?|(?:cfu|CFU)/\w+|aw|Aw)[\s%]*$"
)
_SAMPLE_AMOUNT = re.compile(r"(?:in|per)?\d+(?:g|grams?|ml)$")
_ABBREVIATION = re.compile(r"[A-Z]{2}")
# Characters a text recogniser takes for one another, each group brought to one character.
_LOOK_ALIKES = str.maketrans("i10c5", "lloes")
# The same analyte is also given per unit sold or on a dry basis: "CBD per Unit", "Total THC/Container", "Lead (dry)".
_UNITS_SOLD = (
    *("unit", "container", "package", "bottle", "pack", "pouch", "serving", "dose", "piece", "shot"),
    *("capsule", "tablet", "softgel", "gummy"),
)
_BASIS_WORDS = frozenset(
    {*(f"per{unit}" for unit in _UNITS_SOLD), "dry", "dryweight", "drybasis", "dryweightbasis", "asis", "asreceived"}
)
_BASIS_ENDINGS = (*_BASIS_WORDS, *_UNITS_SOLD)
# Folded names that are units of measure too: "mg" beside a number is no mitragynine, though "MG" may be.
_UNITS_OF_MEASURE = frozenset({"mg", "aw"})


_BEGINNING = 5


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

    def __init__(self, index: Index) -> None:
        self.analytes: Mapping[str, Analyte] = index.analytes
        self.names: Mapping[str, Analyte] = index.names
        self.names_in_panel: Mapping[tuple[Panel, str], Analyte] = index.names_in_panel
        self._blind = self._repairs(self.names, _without_ligatures)
        self._anchors = {**self._blind, **self.names}
        self._sorted = sorted({*self._anchors, *(name for _, name in self.names_in_panel)})
        self._beginnings = frozenset(name[:_BEGINNING] for name in self._sorted)

    @classmethod
    def default(cls) -> Vocabulary:
        """Return the vocabulary that comes with the package; it is read once."""
        return _default()

    @classmethod
    def load(cls, *paths: str | Path) -> Vocabulary:
        """Return the default vocabulary with the user's files added, in the order given.

        A file holds ``[[analyte]]`` entries with the fields of :class:`Analyte`; an entry with a known id adds names.

        Raises
        ------
        DataFileError
            If a file cannot be read, an entry does not hold what it must, or one name stands for two analytes.
        """
        ours = sorted(bundled("analytes").iterdir(), key=lambda file: file.name)
        return cls(read_analytes([*ours, *map(Path, paths)]))

    def may_begin(self, printed: str) -> bool:
        """Whether a text may begin with a name, by its first letters: False rules it out at no cost."""
        folded = fold(printed)
        return any(folded[:length] in self._beginnings for length in (_BEGINNING, 4, 3)) or folded in self._beginnings

    def find(self, printed: str, panel: Panel | None = None) -> Analyte | None:
        """Return the analyte a printed name stands for, or None.

        Tried in turn: the whole name; the name without footnote marks and without a unit behind it; the name outside
        and inside its brackets, where the two do not contradict each other. Names that lost their fi or fl ligature to
        a font, and names with a basis ("per unit", "in 25 g", "dry weight"), are found as well.
        """
        if printed.islower() and fold(printed) in _UNITS_OF_MEASURE:
            return None
        bare = _without_footnote_marks(printed)
        for text in dict.fromkeys((printed, bare, _UNIT_AT_END.sub("", bare))):
            if (found := self._look_up(fold(text), panel)) is not None:
                return found
        return self._by_brackets(printed, panel)

    def nearest(self, printed: str, cutoff: float = 92) -> Analyte | None:
        """Return the analyte whose name a misread or misspelt one was meant to be, or None where that is a guess.

        Look-alike characters (l, 1 and i; rn and m) are forgiven, else a letter or two, but no digit, no word of fewer
        than six letters and no ending, and abbreviations are never repaired: "Total THCVA" is not "Total THCA".

        Parameters
        ----------
        cutoff
            Least similarity, 0 to 100 (normalised indel similarity).
        """
        from rapidfuzz import fuzz, process

        folded = fold(printed)
        if len(folded) < SHORTEST_NAME_TO_REPAIR:
            return None
        if (look_alike := self._look_alikes.get(_look_alike(folded))) is not None:
            return look_alike
        similar = process.extract(
            folded, self._spelt_out, scorer=fuzz.ratio, score_cutoff=cutoff - RIVAL_MARGIN, limit=None
        )
        near = [(self.names[name].id, score) for name, score, _ in similar if _may_be_misspelt(printed, name)]
        is_clear = bool(near) and near[0][1] >= cutoff and len({analyte for analyte, _ in near}) == 1
        return self.analytes[near[0][0]] if is_clear else None

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
        return list(dict.fromkeys(fold(name) for name in printed if not _ABBREVIATION.search(name)))

    @cached_property
    def _look_alikes(self) -> dict[str, Analyte]:
        return self._repairs(self._spelt_out, _look_alike)

    def _repairs(self, names: Iterable[str], damage: Callable[[str], str]) -> dict[str, Analyte]:
        """Damaged name -> analyte, where the damage leaves a name long enough and like no other."""
        owners: dict[str, set[str]] = {}
        for name in names:
            damaged = damage(name)
            if len(damaged) >= SHORTEST_NAME_TO_REPAIR:
                owners.setdefault(damaged, set()).add(self.names[name].id)
        return {damaged: self.analytes[ids.pop()] for damaged, ids in owners.items() if len(ids) == 1}

    def _look_up(self, folded: str, panel: Panel | None) -> Analyte | None:
        return (
            self._known(folded, panel)
            or self._blind.get(_without_ligatures(folded))
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


@cache
def _default() -> Vocabulary:
    return Vocabulary.load()


def _without_footnote_marks(printed: str) -> str:
    while printed and _is_footnote_mark(printed[-1]):
        printed = printed[:-1]
    return printed


def _is_footnote_mark(character: str) -> bool:
    return character in _FOOTNOTE_MARKS or unicodedata.decomposition(character).startswith("<super>")


def _without_ligatures(folded: str) -> str:
    return _LIGATURES.sub("", folded)


def _look_alike(folded: str) -> str:
    return folded.replace("rn", "m").translate(_LOOK_ALIKES)


def _may_be_misspelt(printed: str, name: str) -> bool:
    """Whether the folded ``name`` may be what ``printed`` was meant to say: no digit, short word or ending differs."""
    folded = fold(printed)
    shorter, longer = sorted((folded, name), key=len)
    if (shorter in longer and longer != shorter + "s") or _digits(folded) != _digits(name):
        return False
    words = (fold(word) for word in printed.split())
    return all(word in name for word in words if len(word) < SHORTEST_NAME_TO_REPAIR)


def _digits(folded: str) -> str:
    return "".join(filter(str.isdigit, folded))
