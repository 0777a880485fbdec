"""The commands that show the data everything else rests on: standards and the vocabulary."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from kratom_quality.cli.options import Json, ListedStandard, PanelName, Vocabularies
from kratom_quality.cli.reading import SOME_FAILED

if TYPE_CHECKING:
    from kratom_quality.records import Panel


def standards(name: ListedStandard = None, as_json: Json = False) -> None:
    """List the standards, or show one with its limits, where each stands and how sure that is."""
    from kratom_quality.cli import tables, terminal
    from kratom_quality.standards import Standard

    if name is not None:
        shown = Standard.load(name)
        terminal.print_json(standard=shown) if as_json else tables.print_standard(shown)
        return
    known = [Standard.load(one) for one in Standard.names()]
    terminal.print_json(standards=known) if as_json else tables.print_standards(known)


def vocabulary(
    name: Annotated[
        str | None, typer.Argument(metavar="NAME", help="Look up a name as printed.", show_default="list all")
    ] = None,
    panel: PanelName = None,
    vocabulary: Vocabularies = None,
    as_json: Json = False,
) -> None:
    """List the analytes, look up a printed name, or, with --vocabulary alone, show what a file adds."""
    from kratom_quality.cli import tables, terminal
    from kratom_quality.cli.words import additions, meanings
    from kratom_quality.vocabulary import Vocabulary

    known = Vocabulary.load(*vocabulary) if vocabulary else Vocabulary.default()
    only = _panel(panel)
    if name is not None:
        found = meanings(known, name, only)
        terminal.print_json(name=name, meanings=found) if as_json else tables.print_meanings(name, found)
        if all(meaning.misread for meaning in found):
            raise typer.Exit(SOME_FAILED)
        return
    listed = additions(known) if vocabulary else tuple(known.analytes.values())
    listed = tuple(analyte for analyte in listed if only in (None, analyte.panel))
    terminal.print_json(analytes=listed) if as_json else tables.print_analytes(listed, added=bool(vocabulary))


def _panel(name: str | None) -> Panel | None:
    from kratom_quality.records import Panel

    if name is None or name in tuple(Panel):
        return Panel(name) if name else None
    raise typer.BadParameter(f"{name!r} is no panel; there are {', '.join(Panel)}", param_hint="--panel")
