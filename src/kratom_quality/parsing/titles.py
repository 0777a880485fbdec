"""What the head of a certificate says without a label: product and matrix as titles, the great verdict, the day of signing."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from kratom_quality.parsing.dates import parse_date
from kratom_quality.parsing.fields import FieldReader, Place
from kratom_quality.parsing.header_values import is_address, is_furniture
from kratom_quality.parsing.header_words import HeaderWords, key
from kratom_quality.parsing.layout import Sheet
from kratom_quality.records import Verdict

_TITLE_GAP = 2.2  # heights between a title and what stands below it
_PROMINENT = 1.25  # times the usual height of text
_SAMPLE_FIELDS = frozenset({"sample_id", "batch", "matrix"})
_LONGEST, _LONGEST_DATE = 100, 20
_NEAR_SIGNATURE = 4.0  # heights


def find_product(reader: FieldReader, words: HeaderWords, body: float, is_party: Callable[[str], bool]) -> Place | None:
    """Return the title of the sample: the topmost name right above labelled fields of the sample, else the most prominent name.

    Parameters
    ----------
    body
        Height of the page at which the results begin.
    is_party
        Whether a name is the laboratory's, the client's or another company's.
    """
    titles = [
        title
        for place in reader.places()
        if place.cell.middle < body and (title := _title_above(place, reader, words, is_party))
    ]
    if titles:
        return max(titles, key=lambda title: title.cell.height)
    names = [place for place in reader.places() if place.cell.middle < body and _is_title(place, words, is_party)]
    usual = median(place.cell.height for place in reader.places()) if names else 0.0
    prominent = [place for place in names if place.cell.height >= _PROMINENT * usual]
    return max(prominent, key=lambda place: place.cell.height, default=None)


def matrix_below(place: Place, reader: FieldReader, words: HeaderWords) -> str | None:
    """Return the line below the product's name where it tells what kind of sample this is."""
    below = reader.below(place, reach=_TITLE_GAP)
    if below is None or below.is_label or not words.matrices & set(key(below.cell.text)):
        return None
    return below.cell.text


def find_verdict(reader: FieldReader, words: HeaderWords, body: float) -> Verdict | None:
    """Return a verdict set in great letters above all panels, or the one of a summary's row for the whole sample."""
    for row in reader.rows:
        verdicts = [place for place in row if _is_verdict(place, words)]
        if len(verdicts) == 1 and verdicts[0].cell.middle < body and verdicts[0].cell.height >= _PROMINENT * reader.usual_height:
            return words.verdict(verdicts[0].cell.text)
        if len(verdicts) == 1 and _speaks_of_the_sample(row, verdicts[0], words):
            return words.verdict(verdicts[0].cell.text)
        for place in verdicts:
            below = reader.below(place, _TITLE_GAP)
            if below is not None and any(
                label == ("overall_status", 0) for mark in below.marks for label in mark.labels
            ):
                return words.verdict(place.cell.text)
    return None


def find_lone_date(reader: FieldReader, body: float, *, day_first: bool) -> str | None:
    """Return the date that stands by itself above the results, as on a letter."""
    for place in reader.places():
        if place.cell.middle < body and len(place.cell.text) <= _LONGEST_DATE and not place.is_label:
            parsed = parse_date(place.cell.text, day_first=day_first)
            if parsed and not reader.answers_a_label(place):
                return parsed
    return None


def find_signing_date(sheet: Sheet, words: HeaderWords, *, day_first: bool) -> str | None:
    """Return the latest date beside a signature, such as ``Laboratory Director - 1/27/2022``."""
    lines = [line for line in sheet.lines if line.middle > sheet.height / 3]
    signed = [line for line in lines if len(line.text) < 2 * _LONGEST and words.signatures & set(key(line.text))]
    dates = [
        parsed
        for line in lines
        if any(abs(line.middle - other.middle) <= _NEAR_SIGNATURE * other.height for other in signed)
        for cell in line.cells
        if (parsed := parse_date(cell.text, day_first=day_first))
    ]
    return max(dates, default=None)


def _title_above(
    place: Place, reader: FieldReader, words: HeaderWords, is_party: Callable[[str], bool]
) -> Place | None:
    column = list(_column_above(place, reader))
    return next((above for above in reversed(column) if _is_title(above, words, is_party)), None)


def _tells_of_sample(place: Place) -> Iterator[bool]:
    for mark in place.marks:
        for label in mark.labels:
            yield label.field in _SAMPLE_FIELDS or label == ("other", 0)


def _column_above(place: Place, reader: FieldReader) -> Iterator[Place]:
    current = reader.above(place, _TITLE_GAP)
    while current is not None and not current.is_label and not reader.answers_a_label(current):
        yield current
        current = reader.above(current, _TITLE_GAP)


def _is_title(place: Place, words: HeaderWords, is_party: Callable[[str], bool]) -> bool:
    text = place.cell.text
    phrase = key(text)
    return (
        not place.is_label
        and len(text) <= _LONGEST
        and any(len(word) > 2 and word.isalpha() for word in phrase)
        and phrase not in words.titles | words.nothing | words.panels
        and words.verdict(text) is None
        and not is_address(text)
        and not is_furniture(text)
        and parse_date(text) is None
        and not is_party(text)
    )


def _is_verdict(place: Place, words: HeaderWords) -> bool:
    return place.cell.text.casefold().strip(" .*:") in words.verdict_words


def _speaks_of_the_sample(row: Sequence[Place], verdict: Place, words: HeaderWords) -> bool:
    """Whether the verdict's row is headed ``Batch`` or the like and holds nothing else but dates."""
    before = [place for place in row if place.cell.x0 < verdict.cell.x0]
    if not before or key(before[0].cell.text) not in words.whole_sample:
        return False
    return all(parse_date(place.cell.text) for place in before[1:])
