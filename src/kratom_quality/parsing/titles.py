"""What a certificate's head says without a label: product and matrix as titles, great verdicts, the day of signing."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence

from kratom_quality.parsing.dates import parse_date
from kratom_quality.parsing.fields import Body
from kratom_quality.parsing.header_values import accept, can_be_name
from kratom_quality.parsing.header_words import HeaderWords
from kratom_quality.parsing.labels import find_marks
from kratom_quality.parsing.layout import Line, Sheet
from kratom_quality.parsing.places import Place, Places, share_down
from kratom_quality.parsing.tokens import key, tokenize
from kratom_quality.records import Verdict

_TITLE_GAP = 2.2  # heights between a title and what stands below it
PROMINENT = 1.25  # times the usual height of text
_SAMPLE_FIELDS = frozenset({"sample_id", "batch", "matrix"})
_LONGEST_DATE, _LONGEST_SIGNATURE = 20, 200  # characters
_LONGEST_TOWN, _LONGEST_TITLE, _LONGEST_TITLE_WORDS = 3, 60, 5  # words, characters, words
_SHORTEST_NUMBER = 5  # characters
_PART_OF_REPORT = re.compile(r"\s*/\s*\d{1,2}$|\s*\([^)]*\)$")
_NUMBER_SIGN = re.compile(r"^\W*(?:(?:[Nn]o|[Nn]r|N°|[Nn]umber|č)\b\.?\W*)?")
_NEAR_SIGNATURE = 4.0  # heights
_SIGNATURES_BELOW = 0.3  # share of the page below its first line
_SURE, _LONGEST_STATEMENT = 2, 160  # ranks of labels that may sum up at the end; characters


def find_product(places: Places, words: HeaderWords, body: Body, is_party: Callable[[str], bool]) -> Place | None:
    """Return the title of the sample: the topmost name right above its labelled fields, else the most prominent name.

    Parameters
    ----------
    places
        The first page.
    words
        The words names are told by.
    body
        Where the results stand.
    is_party
        Whether a name is the laboratory's, the client's or another company's.
    """

    def is_title(place: Place) -> bool:
        return not place.is_label and can_be_name(place.cell.text, words) and not is_party(place.cell.text)

    above = [place for place in places if not body.holds(place.cell)]
    columns = (_column_above(place, places) for place in above if _tells_of_sample(place))
    highest_first = (filter(is_title, reversed(list(column))) for column in columns)
    greatest = (max(column, key=lambda title: round(title.cell.height), default=None) for column in highest_first)
    titles = [title for title in greatest if title is not None]
    if not titles:
        prominent = (place for place in above if place.cell.height >= PROMINENT * places.usual_height)
        titles = [place for place in prominent if is_title(place)]
    return max(titles, key=lambda title: title.cell.height, default=None)


def matrix_below(place: Place, places: Places, words: HeaderWords) -> str | None:
    """Return the line below the product's name where it tells what kind of sample this is."""
    below = places.below(place, reach=_TITLE_GAP)
    if below is None or below.is_label or not words.matrices & set(key(below.cell.text)):
        return None
    return below.cell.text


def find_verdict(places: Places, words: HeaderWords, body: Body) -> Verdict | None:
    """Return the verdict on the whole sample.

    It is set in great letters above all panels, stands above the words ``Overall result``, in the row of a summary that
    speaks of the batch, in a sentence such as ``This lot conforms to the specification``, or beside the only
    ``Conclusion``.
    """
    concluded = [verdict for row in places.rows if (verdict := _concluded(row, words))]
    if len(concluded) == 1:
        return concluded[0]
    for row in places.rows:
        for place in row:
            if stated := words.statement(place.cell.text):
                return stated
        verdicts = [place for place in row if _verdict(place, words)]
        for place in verdicts:
            great = not body.holds(place.cell) and place.cell.height >= PROMINENT * places.usual_height
            alone = len(verdicts) == 1 and (great or _speaks_of_the_sample(row, place, words))
            if alone or _stands_above_overall(place, places):
                return _verdict(place, words)
    return None


def find_closing_verdict(sheets: Sequence[Sheet], words: HeaderWords) -> Verdict | None:
    """Return the verdict stated behind a label, or in a sentence, on the pages after the first; they must agree."""
    verdicts = {verdict for sheet in sheets for line in sheet.lines for verdict in _stated(line, words)}
    return verdicts.pop() if len(verdicts) == 1 else None


def find_lone_date(places: Places, body: Body, *, day_first: bool) -> str | None:
    """Return the date that stands by itself above the results, as on a letter."""
    for place in places:
        text = _without_town(place.cell.text)
        if not body.holds(place.cell) and len(text) <= _LONGEST_DATE and not place.is_label:
            parsed = parse_date(text, day_first=day_first)
            if parsed and not places.answers_a_label(place):
                return parsed
    return None


def find_report_number(places: Places, words: HeaderWords, body: Body) -> str | None:
    """Return what stands behind the document's title, as in ``Test Report M21-09954 (Issue 1)``."""
    for place in places:
        if body.holds(place.cell) or len(place.cell.text) > _LONGEST_TITLE:
            continue
        tokens = tokenize(place.cell.text)
        phrase = tuple(token.text for token in tokens)
        for length in range(min(len(phrase) - 1, _LONGEST_TITLE_WORDS), 0, -1):
            if phrase[:length] in words.titles:
                rest = _PART_OF_REPORT.sub("", place.cell.text[tokens[length - 1].end :])
                number = accept("sample_id", _NUMBER_SIGN.sub("", rest), words, bound=True, day_first=False)
                if number and parse_date(number) is None and len(number) >= _SHORTEST_NUMBER:
                    return number
    return None


def _without_town(text: str) -> str:
    """The date in ``Wageningen, 18 oktober 2022``, as letters begin."""
    town, comma, rest = text.partition(", ")
    return rest if comma and not any(map(str.isdigit, town)) and len(town.split()) <= _LONGEST_TOWN else text


def find_signing_date(sheet: Sheet, words: HeaderWords, *, day_first: bool) -> str | None:
    """Return the latest date beside a signature, such as ``Laboratory Director - 1/27/2022``."""
    lines = [line for line in sheet.lines if share_down(sheet, line.middle) > _SIGNATURES_BELOW]
    signed = [line for line in lines if len(line.text) <= _LONGEST_SIGNATURE and words.signatures & set(key(line.text))]
    dates = [
        parsed
        for line in lines
        if any(abs(line.middle - other.middle) <= _NEAR_SIGNATURE * other.height for other in signed)
        for cell in line.cells
        if (parsed := parse_date(cell.text, day_first=day_first))
    ]
    return max(dates, default=None)


def _concluded(row: Sequence[Place], words: HeaderWords) -> Verdict | None:
    """The verdict in a line of a label and nothing else but a verdict."""
    if len(row) != 2 or not row[0].is_head or row[0].marks[0].labels[0].field != "overall_status":
        return None
    return words.verdict(row[1].cell.text) if row[0].marks[0].labels[0].rank < _SURE else None


def _stated(line: Line, words: HeaderWords) -> Iterator[Verdict]:
    folded = line.text.casefold()
    if not any(stem in folded for stem in words.verdict_stems):
        return
    for number, cell in enumerate(line.cells):
        if len(cell.text) > _LONGEST_STATEMENT:
            continue
        if stated := words.statement(cell.text):
            yield stated
        for mark in find_marks(cell.text)[:1]:
            following = line.cells[number + 1].text if number + 1 < len(line.cells) else ""
            verdict = words.verdict(cell.text[mark.value :].strip() or following)
            label = mark.labels[0]
            if verdict and label.field == "overall_status" and label.rank < (_SURE if mark.form == "colon" else 1):
                yield verdict


def _tells_of_sample(place: Place) -> bool:
    return any(label.field in _SAMPLE_FIELDS or label == ("other", 0) for mark in place.marks for label in mark.labels)


def _column_above(place: Place, places: Places) -> Iterator[Place]:
    current = places.above(place, _TITLE_GAP)
    while current is not None and not current.is_label and not places.answers_a_label(current):
        yield current
        current = places.above(current, _TITLE_GAP)


def _verdict(place: Place, words: HeaderWords) -> Verdict | None:
    return words.verdict_words.get(place.cell.text.casefold().strip(" .*:"))


def _speaks_of_the_sample(row: Sequence[Place], verdict: Place, words: HeaderWords) -> bool:
    """Whether the verdict's row is headed ``Batch`` or the like and holds nothing else but dates."""
    before = [place for place in row if place.cell.x0 < verdict.cell.x0]
    if not before or key(before[0].cell.text) not in words.whole_sample:
        return False
    return all(parse_date(place.cell.text) for place in before[1:])


def _stands_above_overall(verdict: Place, places: Places) -> bool:
    below = places.below(verdict, _TITLE_GAP)
    return below is not None and any(label == ("overall_status", 0) for mark in below.marks for label in mark.labels)
