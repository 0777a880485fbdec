"""The page: templates filled with what the ranking says. Everything is escaped; the script and style are ours alone."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from importlib import resources
from typing import TYPE_CHECKING, NamedTuple

import kratom_quality
from kratom_quality.output import FailedFile
from kratom_quality.printable import printable
from kratom_quality.report import charts
from kratom_quality.report.changes import Changes, changes_view
from kratom_quality.report.views import Places, severities, vendor_view
from kratom_quality.scoring import Ranking
from kratom_quality.scoring.output import SCORE_FILES

if TYPE_CHECKING:
    from jinja2 import Environment

_TEMPLATES = "templates"
_COLUMNS = (
    ("rank", "#", "Place by expected rank", "number"),
    ("name", "Vendor", "Name of the vendor", ""),
    ("grade", "Grade", "Vendors of different grades are told apart with little doubt", ""),
    ("score", "Reputability", "Median of the score, 0 to 100", ""),
    ("risk", "Label risk", "Probability that the next batch is not what its label says", "number"),
    ("batches", "Batches", "Batches with certificates", "number extra"),
    ("failures", "Fail", "Batches that do not conform", "number extra"),
    ("undecided", "Undecided", "Batches that cannot be told", "number extra"),
    ("panels", "Panels missing", "Panels that were not tested, summed over batches", "number extra"),
    ("findings", "Findings", "Findings of high and medium severity", "extra"),
)
_OF_HIGH = 1000  # a finding of high severity sorts before any number of medium ones


class _Part(NamedTuple):
    """A style or script that stands in the page, and the digest by which the browser knows it."""

    text: str
    digest: str


def render(
    ranking: Ranking,
    places: Places,
    failures: Sequence[FailedFile],
    *,
    today: date,
    most: int,
    told: Callable[[str], None],
    changes: Changes | None = None,
) -> Iterator[str]:
    """Yield the page in pieces.

    Parameters
    ----------
    failures
        Files that gave no record.
    today
        The day of judgement.
    most
        Pictures a vendor.
    told
        Called with each vendor's name once its story is written.
    changes
        What changed since an earlier day; None where nobody asked.
    """
    environment = _environment()
    return environment.get_template("report.html").generate(
        vendors=list(ranking),
        stories=_stories(environment, ranking, places, most, told),
        grades=sorted({score.grade for score in ranking if score.grade}),
        basis=ranking.basis,
        failures=failures,
        today=today.isoformat(),
        columns=_COLUMNS,
        files=SCORE_FILES if changes is None else (*SCORE_FILES, "alerts.csv"),
        changes=changes and changes_view(changes, (score.vendor for score in ranking), places),
        style=_part("report.css"),
        script=_part("report.js"),
        version=kratom_quality.__version__,
    )


def _stories(
    environment: Environment, ranking: Ranking, places: Places, most: int, told: Callable[[str], None]
) -> Iterator[str]:
    """Yield each vendor's part of the page as a JSON text that ends no script element."""
    from markupsafe import Markup

    template = environment.get_template("vendor.html")
    names = [None, *(score.vendor for score in ranking), None]
    for number, score in enumerate(ranking, 1):
        html = template.render(
            view=vendor_view(score, places),
            number=number,
            previous=names[number - 1],
            next=names[number + 1],
            most=most,
            chart=charts,
        )
        told(score.vendor)
        yield Markup(_inert_json(html))


def _inert_json(text: str) -> str:
    return json.dumps(text, ensure_ascii=False).replace("<", r"\u003c")


def _environment() -> Environment:
    from jinja2 import Environment, PackageLoader, StrictUndefined
    from markupsafe import Markup

    def finalize(value: object) -> object:
        return printable(value) if isinstance(value, str) and not isinstance(value, Markup) else value

    environment = Environment(
        loader=PackageLoader("kratom_quality.report", _TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=finalize,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals.update(severities=severities, weight_of=_weight_of, percent=_percent)
    return environment


def _part(name: str) -> _Part:
    from markupsafe import Markup

    text = resources.files("kratom_quality.report").joinpath(_TEMPLATES, name).read_text(encoding="utf-8")
    digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
    return _Part(Markup(text), f"sha256-{digest}")


def _weight_of(counts: Iterable[tuple[str, int]]) -> int:
    return sum(count * (_OF_HIGH if severity == "high" else 1) for severity, count in counts)


def _percent(share: float) -> str:
    return f"{share:.0%}"
