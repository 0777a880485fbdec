"""Small HTML for notebooks: escaped, without scripts, in the colours of the page it stands on, light or dark."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape

_CELL = "text-align:left;vertical-align:top;padding:1px 10px 1px 0"
_TABLE = "color:inherit;border-collapse:collapse;margin:6px 0"  # without a doctype tables take no colour of their page
_QUIET = "opacity:0.75;max-width:60em"
_LONGEST_TEXT = 200


class Html(str):
    """Text that is HTML already and not escaped again."""

    __slots__ = ()


def safe(text: str | Html) -> Html:
    """Return text from outside as HTML, cut where it is endless; what is HTML already stays as it is."""
    if isinstance(text, Html):
        return text
    return Html(escape(text if len(text) <= _LONGEST_TEXT else f"{text[:_LONGEST_TEXT]}…"))


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> Html:
    """Return a table; cells are escaped unless they are HTML."""
    top = _row(f'<th scope="col" style="{_CELL}">{safe(cell)}</th>' for cell in head)
    body = "".join(_row(f'<td style="{_CELL}">{safe(cell)}</td>' for cell in row) for row in rows)
    return Html(f'<table style="{_TABLE}"><thead>{top}</thead><tbody>{body}</tbody></table>')


def _row(cells: Iterable[str]) -> str:
    return f"<tr>{''.join(cells)}</tr>"


def heading(text: str) -> Html:
    """Return a line in bold."""
    return Html(f"<div><strong>{safe(text)}</strong></div>")


def line(text: str) -> Html:
    """Return a line."""
    return Html(f"<div>{safe(text)}</div>")


def quiet(text: str) -> Html:
    """Return a paragraph of what is good to know; it is never cut."""
    return Html(f'<p style="{_QUIET}">{escape(text)}</p>')


def interval(low: float, middle: float, high: float) -> Html:
    """Draw an interval and a point within it on a scale from 0 to 100."""
    words = f"{middle:.0f}, between {low:.0f} and {high:.0f} of 100"
    place = "position:absolute;background:currentColor"
    return Html(
        f'<div role="img" aria-label="{words}" title="{words}" style="position:relative;width:130px;height:12px">'
        f'<div style="{place};left:0;width:100%;top:6px;height:1px;opacity:0.2"></div>'
        f'<div style="{place};left:{low:.1f}%;width:{high - low:.1f}%;top:5px;height:3px;opacity:0.5"></div>'
        f'<div style="{place};left:calc({middle:.1f}% - 4px);width:8px;height:8px;top:2px;border-radius:4px"></div>'
        "</div>"
    )


def joined(parts: Iterable[Html]) -> str:
    """Return parts one below the other."""
    return f"<div>{''.join(parts)}</div>"
