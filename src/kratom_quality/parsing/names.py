"""Which cells name an analyte."""

from __future__ import annotations

import re
from collections.abc import Callable
from weakref import WeakKeyDictionary, ref

from kratom_quality.parsing.confidence import Doubt
from kratom_quality.records import Panel
from kratom_quality.vocabulary import Analyte, Vocabulary, fold

_MAY_FOLLOW = re.compile(r"^\s*[(\[=:,;*†‡-]|^\s*(?:in|per|by|/|as|w/w|via|tests?|results?)\b", re.IGNORECASE)
_DERIVED = re.compile(
    r"\b(?:percent(?:age)?|share|fraction|proportion|portion)\s+of\b|%\s*of\b|\bratio\b|\brelative\b", re.IGNORECASE
)
_LEADERS = re.compile(r"(?:\s*[._]){3,}\s*$")
_LONGEST_NAME = 90
_MOST_REMEMBERED = 50_000


class _Answers(dict[str, Analyte | None]):
    """Text -> the analyte it names: asked for like any dictionary's items, and found out once.

    It outlives those who ask, and so must not keep their vocabulary.
    """

    def __init__(self, vocabulary: Vocabulary, panel: Panel | None, *, misread: bool) -> None:
        self._vocabulary = ref(vocabulary)
        self._panel = panel
        self._misread = misread

    def __missing__(self, text: str) -> Analyte | None:
        vocabulary = self._vocabulary()
        if vocabulary is None:
            raise KeyError(text)
        answer = self[text] = Names(vocabulary, misread=self._misread).find_out(text, self._panel)
        return answer


_remembered: WeakKeyDictionary[Vocabulary, tuple[dict[Panel | None, _Answers], ...]] = WeakKeyDictionary()


def is_derived(name: str) -> bool:
    """Whether a name tells a quantity derived from contents, as a ratio or a share, and no content."""
    return _DERIVED.search(name) is not None


class Names:
    """Looks printed names up in a vocabulary and remembers the answers: pages repeat the same words."""

    def __init__(self, vocabulary: Vocabulary, *, misread: bool = False) -> None:
        self._vocabulary = vocabulary
        self._misread = misread
        self._answers = _remembered.setdefault(vocabulary, ({}, {}))[misread]
        if sum(map(len, self._answers.values())) > _MOST_REMEMBERED:
            self._answers.clear()

    def forgiving(self) -> Names:
        """The same for a page read by OCR: a name that is not known may be a known one misread."""
        return Names(self._vocabulary, misread=True)

    def knows(self, text: str) -> bool:
        """Whether a text names an analyte whatever the panel."""
        return self.find(text) is not None

    def finder(self, panel: Panel | None) -> Callable[[str], Analyte | None]:
        """Look names up in a table whose panel is known; of use as long as these names are."""
        answers = self._answers.get(panel)
        if answers is None:
            answers = self._answers[panel] = _Answers(self._vocabulary, panel, misread=self._misread)
        return answers.__getitem__

    def find(self, text: str, panel: Panel | None = None) -> Analyte | None:
        """The analyte a cell names: the whole cell, or its beginning where only a remark follows."""
        return self.finder(panel)(text)

    def find_out(self, text: str, panel: Panel | None) -> Analyte | None:
        """Look a name up that was not asked for before."""
        return self._look_up(text, panel) or (self._repaired(text) if self._misread else None)

    def doubt(self, text: str, analyte: Analyte | None) -> Doubt | None:
        """What speaks against a name that was found, or was not."""
        if analyte is None:
            return Doubt.UNKNOWN_NAME
        folded = fold(text)
        if self._vocabulary.names.get(folded) is analyte or (analyte.panel, folded) in self._vocabulary.names_in_panel:
            return None
        is_repaired = self._misread and self._look_up(text, analyte.panel) is None
        return Doubt.REPAIRED_NAME if is_repaired else Doubt.PART_OF_A_NAME

    def _look_up(self, text: str, panel: Panel | None) -> Analyte | None:
        text = _LEADERS.sub("", text.split(" = ", maxsplit=1)[0])
        if (
            len(text) > _LONGEST_NAME
            or is_derived(text)
            or not (self._vocabulary.may_begin(text) or "(" in text or " / " in text)
        ):
            return None
        whole = self._vocabulary.find(text, panel) or self._in_two_languages(text, panel)
        if whole is not None:
            return whole
        words = text.split()
        prefix = self._vocabulary.longest_prefix([fold(word) for word in words], panel)
        if prefix is None:
            return None
        count, analyte = prefix
        rest = " ".join(words[count:])
        return analyte if not rest or _MAY_FOLLOW.match(rest) else None

    def _repaired(self, text: str) -> Analyte | None:
        return self._vocabulary.nearest(text) if len(text) <= _LONGEST_NAME else None

    def _in_two_languages(self, text: str, panel: Panel | None) -> Analyte | None:
        """'Timbal (Pb) / Lead': the analyte of one part, where no part names another."""
        parts = text.split(" / ")
        found = [self._vocabulary.find(part, panel) for part in parts] if len(parts) > 1 else []
        analytes = {analyte.id: analyte for analyte in found if analyte is not None}
        return next(iter(analytes.values())) if len(analytes) == 1 else None
