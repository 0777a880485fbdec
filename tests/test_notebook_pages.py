"""What a notebook shows of a certificate, a ranking and a vendor: small, escaped, in the colours of its page."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest

import kratom_quality as kq
from builders import TODAY, certificate, clean_batches, failing_batch, leaf, row
from kratom_quality.records import Laboratory, Problem, ProblemKind

NASTY = "<script>alert(1)</script> & \"q\" 'a' </td><b>"
_EMPTY = frozenset({"br", "hr", "img"})


class Page(HTMLParser):
    """Collects tags and text, and refuses tags that do not close as they opened."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.open: list[str] = []
        self.text = ""
        self.feed(html)
        assert not self.open

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert not any(name.startswith("on") for name, _ in attrs)
        self.tags.append(tag)
        if tag not in _EMPTY:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += f"{data}\n"


def nasty_certificate() -> kq.Certificate:
    rows = leaf(row(NASTY, "3", "ppm"), alkaloids={"Mitragynine": None})
    problem = Problem(kind=ProblemKind.UNREADABLE_VALUE, message=f"nobody can read {NASTY}")
    return certificate(rows[::-1], vendor=NASTY, batch=NASTY, product=NASTY, problems=(problem,) * 7)


def ranking() -> kq.Ranking:
    market = {"acorn": clean_batches("acorn", 4), NASTY: [failing_batch(NASTY, number) for number in range(4)]}
    return kq.score({**market, "new": clean_batches("new", 1)}, today=TODAY)


@pytest.mark.parametrize("shown", [nasty_certificate(), ranking(), ranking()[NASTY], ranking()["new"]], ids=type)
def test_pages_are_escaped_small_and_of_no_colour_of_their_own(shown: object) -> None:
    """Text from a PDF stays text; nothing runs, loads or sets a colour that a dark page would swallow."""
    html = shown._repr_html_()  # type: ignore[attr-defined]
    page = Page(html)
    assert set(page.tags) <= {"div", "strong", "table", "thead", "tbody", "tr", "th", "td", "p"}
    assert not re.search(r"(?<!-)color\s*:(?!inherit)|#[0-9a-f]{3,6}\b|url\(|https?:", html.lower())
    assert len(html) < 20_000
    assert NASTY in page.text or "new" in page.text


def test_a_certificate_shows_header_rows_and_problems() -> None:
    """The first rows with limit and confidence; what is left out is counted."""
    text = Page(nasty_certificate()._repr_html_()).text
    assert "tested by Birchwater Analytical (ISO/IEC 17025:2017)" in text
    assert "rows not shown: 2" in text
    assert "rows not shown" not in Page(certificate(leaf()[:12])._repr_html_()).text
    assert "problems not shown: 2" in text
    assert "0.342 ppm" in text


def test_an_empty_certificate_says_what_is_missing() -> None:
    """Absence is said, not left blank."""
    text = Page(certificate([], batch=None, product=None, vendor="", laboratory=Laboratory())._repr_html_()).text
    assert "no product named, no batch number" in text
    assert "a laboratory that is not named" in text


def test_a_vendor_shows_its_place_respects_and_findings() -> None:
    """Rank or why there is none, four respects, the weightiest findings with file and page."""
    one = Page(ranking()[NASTY]._repr_html_()).text
    assert all(respect in one for respect in ("safety", "label truth", "authenticity", "documents"))
    assert "over limit" in one
    assert "page 1" in one
    assert "unrated: 1 of 1 batches are decided" in Page(ranking()["new"]._repr_html_()).text
