"""Standards and analytes as tables that fit a terminal of 80 columns."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from rich.table import Table

from kratom_quality.cli.terminal import console
from kratom_quality.cli.words import Meaning
from kratom_quality.printable import printable
from kratom_quality.records import Panel
from kratom_quality.standards import Basis, Requirement, Standard
from kratom_quality.vocabulary import Analyte, Vocabulary


def print_standards(standards: Iterable[Standard]) -> None:
    """Print one line a standard."""
    table = _table("name", "limits", "title")
    for standard in standards:
        table.add_row(standard.name, str(len(standard.requirements)), standard.title)
    console().print(table)


def print_standard(standard: Standard) -> None:
    """Print what a standard is, the panels it needs, its limits, and the authority of each."""
    out = console()
    out.print(printable(f"{standard.name}: {standard.title}"), style="bold")
    out.print(printable(standard.summary), soft_wrap=False)
    out.print(f"\nneeds the panels {_in_words(standard.required_panels)}", soft_wrap=False)
    for form, panels in standard.further_panels.items():
        out.print(f"{form}: and {_in_words(panels)}", soft_wrap=False)
    out.print()
    table = _table("analyte", "limit", "certainty", "citation")
    for requirement in standard.requirements:
        table.add_row(*map(printable, _cells(requirement)))
    out.print(table)
    out.print(f"\n{_CERTAINTY}", soft_wrap=False)


_CERTAINTY = (
    "certainty: primary, the authority's text was seen; primary copy, on a mirror; secondary, as a page reports it;"
    " derived, by arithmetic or argument; unverified, well known and the text not seen. A limit marked * must have been"
    " tested for, else the batch is undecided."
)


def _cells(requirement: Requirement) -> tuple[str, str, str, str]:
    known = Vocabulary.default().analytes.get(requirement.analyte)
    name = known.name if known else requirement.analyte
    effective = f", since {requirement.effective}" if requirement.effective else ""
    return (
        f"{name}{'*' if requirement.required else ''}",
        _limit(requirement),
        requirement.certainty,
        f"{requirement.citation}{effective}",
    )


def _limit(requirement: Requirement) -> str:
    parts = [requirement.in_words()]
    if requirement.basis is Basis.RATIO:
        parts.append(f"to {requirement.relative_to[0]}")
    if requirement.forms:
        parts.append(f"({', '.join(requirement.forms)})")
    return " ".join(parts)


def print_analytes(analytes: Sequence[Analyte], *, added: bool) -> None:
    """Print analytes with the number of names they are printed under; of those a file adds, the names it adds."""
    out, panels = console(), list(Panel)
    table = _table("panel", "id", "names added" if added else "name")
    for analyte in sorted(analytes, key=lambda one: (panels.index(one.panel), one.id)):
        names = len(analyte.names) + len(analyte.names_in_panel)
        said = _names(analyte) if added else f"{analyte.name}{f', and {names} more' if names else ''}"
        table.add_row(analyte.panel, analyte.id, printable(said))
    if analytes:
        out.print(table)
    out.print(f"\n{len(analytes)} analytes{' that are new or have new names' if added else ''}")


def print_meanings(name: str, meanings: Sequence[Meaning]) -> None:
    """Print what a printed name stands for."""
    out = console()
    if not meanings:
        out.print(printable(f"{name}: not known; a row of that name is kept with no analyte; --vocabulary teaches it"))
    for meaning in meanings:
        analyte = meaning.analyte
        where = f" in the panel {meaning.panel}" if meaning.panel else ""
        sure = "not known; on a page read by OCR it is taken for " if meaning.misread else ""
        cas = f", CAS {analyte.cas}" if analyte.cas else ""
        out.print(printable(f"{name}{where}: {sure}{analyte.name} ({analyte.id}), {analyte.panel}{cas}"))
        out.print(printable(f"  printed as {_names(analyte)}"), soft_wrap=False)


def _names(analyte: Analyte) -> str:
    in_panel = (f"{name} (in its panel)" for name in analyte.names_in_panel)
    return ", ".join(dict.fromkeys((analyte.name, *analyte.names, *in_panel)))


def _table(*headings: str) -> Table:
    table = Table(box=None, padding=(0, 2, 0, 0), header_style="bold")
    for heading in headings:
        table.add_column(heading, overflow="fold", justify="right" if heading == "limits" else "left")
    return table


def _in_words(names: Iterable[str]) -> str:
    return ", ".join(name.replace("_", " ") for name in names)
