"""What printed names mean to the vocabulary, and what a person's files add to it."""

from __future__ import annotations

from dataclasses import dataclass

from kratom_quality.parsing.names import Names
from kratom_quality.records import Panel
from kratom_quality.vocabulary import Analyte, Vocabulary


@dataclass(frozen=True, slots=True)
class Meaning:
    """An analyte that a printed name stands for, and when it does.

    Parameters
    ----------
    panel
        The panel in which alone the name stands for the analyte; None where it does everywhere.
    misread
        True where the name is none of the analyte's, and taken for one on pages read by OCR alone.
    """

    analyte: Analyte
    panel: Panel | None = None
    misread: bool = False


def meanings(vocabulary: Vocabulary, printed: str, panel: Panel | None = None) -> tuple[Meaning, ...]:
    """Return what a row of that name is read as: in every panel, else panel by panel, else by OCR alone; or nothing."""
    names = Names(vocabulary)
    if (found := names.find(printed, panel)) is not None:
        return (Meaning(found, panel),)
    panels = tuple(Panel) if panel is None else ()
    if by_panel := [(one, analyte) for one in panels if (analyte := names.find(printed, one)) is not None]:
        return tuple(Meaning(analyte, one) for one, analyte in by_panel)
    repaired = names.forgiving().find(printed, panel)
    return (Meaning(repaired, panel, misread=True),) if repaired is not None else ()


def additions(vocabulary: Vocabulary) -> tuple[Analyte, ...]:
    """Return the analytes a vocabulary has beyond the package's, and the known ones with the names added alone."""
    ours = Vocabulary.default().analytes
    added = []
    for analyte in vocabulary.analytes.values():
        known = ours.get(analyte.id)
        if known is None:
            added.append(analyte)
        elif known != analyte:
            more = {field: _beyond(getattr(analyte, field), getattr(known, field)) for field in _NAMES}
            added.append(analyte.model_copy(update=more))
    return tuple(added)


_NAMES = ("names", "names_in_panel")


def _beyond(names: tuple[str, ...], known: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(name for name in names if name not in known)
