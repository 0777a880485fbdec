"""What a PDF tells of its own history: who wrote it and when, and what was changed in it afterwards."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import datetime
from difflib import SequenceMatcher

from kratom_quality.errors import InputError
from kratom_quality.reading.page import Page, Word, enclosing
from kratom_quality.reading.pdfium import Pdf, read_pages
from kratom_quality.reading.revisions import version_ends
from kratom_quality.records import Marks, TextChange, Url

# A date as ISO 32000-1:2008, 7.9.4 has it, and as programs write it that leave out the prefix or a digit of the offset.
_DATE = re.compile(
    r"(?:D:)?(?P<day>\d{8})(?P<time>\d{6}|\d{4})?(?:\.\d+)?"
    r"\s*(?:Z(?:\+?00'?00'?)?'?|(?P<sign>[+-])(?P<hours>\d{1,2})(?:[':]?(?P<minutes>\d{2}))?'?)?"
)
_WEB = re.compile(r"https?://", re.IGNORECASE)


def read_marks(data: bytes, pdf: Pdf, password: str | None = None) -> Marks:
    """Return what a PDF says of itself, and how its text differs from the first version that is still in the file.

    Parameters
    ----------
    data
        The PDF's bytes.
    pdf
        The same as read.
    password
        It was read with.
    """
    properties = pdf.properties
    dates = {"CreationDate": properties.created, "ModDate": properties.modified}
    broken = tuple(f"{name} {text}" for name, text in dates.items() if text and parse_pdf_date(text) is None)
    versions = version_ends(data)
    return Marks(
        producer=properties.producer,
        creator=properties.creator,
        created=parse_pdf_date(properties.created),
        modified=parse_pdf_date(properties.modified),
        broken_dates=broken,
        signatures=properties.signatures,
        incremental_updates=len(versions) - 1,
        changes=_changes(data[: versions[0]], pdf.pages, password) if len(versions) > 1 else (),
    )


def linked_urls(pages: Sequence[Page]) -> tuple[Url, ...]:
    """Return the web addresses that the pages' links lead to."""
    return tuple(
        Url(page=page.number, box=page.displayed(enclosing([link])), url=link.text, kind="link")
        for page in pages
        for link in page.links
        if _WEB.match(link.text)
    )


def parse_pdf_date(text: str | None) -> str | None:
    """Return a PDF's date as ISO 8601, with its offset where it has one; None where it is no date.

    >>> parse_pdf_date("D:20260813151500-06'00'")
    '2026-08-13T15:15:00-06:00'
    """
    found = _DATE.fullmatch((text or "").strip())
    if found is None:
        return None
    time = (found["time"] or "000000").ljust(6, "0")
    offset = f"{found['sign']}{int(found['hours']):02}{found['minutes'] or '00'}" if found["sign"] else "+0000"
    try:
        moment = datetime.strptime(f"{found['day']}{time}{offset}", "%Y%m%d%H%M%S%z")
    except ValueError:
        return None
    zoned = found["sign"] or "Z" in found[0]
    if found["time"] is None:
        return moment.date().isoformat()
    return (moment if zoned else moment.replace(tzinfo=None)).isoformat()


def _changes(original: bytes, pages: Sequence[Page], password: str | None) -> tuple[TextChange, ...]:
    """Compare with the first version's text; nothing where pages were added or that version cannot be read."""
    try:
        before = read_pages(original, password)
    except InputError:
        return ()
    if len(before) != len(pages):
        return ()
    return tuple(change for old, new in zip(before, pages, strict=True) for change in _page_changes(old, new))


def _page_changes(old: Page, new: Page) -> Iterator[TextChange]:
    """Yield the runs of words that differ; a word that is elsewhere in the text or on the page does not."""
    before, after = [_folded(word) for word in old.words], [_folded(word) for word in new.words]
    if Counter(before) == Counter(after):
        return
    removed, added = _differing(old.words, new.words), _differing(new.words, old.words)
    for _, start, end, new_start, new_end in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        gone = [word for word in old.words[start:end] if word in removed]
        come = [word for word in new.words[new_start:new_end] if word in added]
        if gone or come:
            box = new.displayed(enclosing(come or gone))
            yield TextChange(page=new.number, box=box, before=_text(gone), after=_text(come))


def _differing(words: Sequence[Word], others: Sequence[Word]) -> set[Word]:
    """The words whose text the others have not as often, but for those that stand at the same place among them."""
    fewer = Counter(map(_folded, words)) - Counter(map(_folded, others))
    places = {(_folded(word), round(word.x0), round(word.top)) for word in others}
    return {
        word
        for word in words
        if _folded(word) in fewer and (_folded(word), round(word.x0), round(word.top)) not in places
    }


def _folded(word: Word) -> str:
    """A word's text without the difference that another font's ligatures make."""
    return unicodedata.normalize("NFKC", word.text)


def _text(words: Sequence[Word]) -> str:
    return " ".join(word.text for word in words)
