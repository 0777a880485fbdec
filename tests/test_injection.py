"""Text from strangers in every field: shown as it is wherever it goes, run nowhere, and none of it lost."""

from __future__ import annotations

import csv
import io
import json
import re
import shutil
from collections.abc import Iterator
from datetime import date
from itertools import cycle
from pathlib import Path

import pytest
from pydantic import BaseModel

import kratom_quality as kq
from hostile_pdfs import document, stream
from kratom_quality.batch import Failure
from kratom_quality.cli import terminal
from kratom_quality.output import write_failures, write_findings, write_records, write_results
from test_notebook_pages import Page

PAYLOADS = (
    "<script>alert(1)</script>", '"><img src=x onerror=alert(2)>', "javascript:alert(3)",
    "</script><svg onload=alert(4)>",
    "=cmd|' /C calc'!A0", "+1+cmd", "-1+cmd", "@SUM(A1)", "\t=1", "\r\n=1", "\x1b]0;owned\x07\x1b[2J\x1b[31m",
    "\x9b31m\x90x\x9c", "\u202egnp.exe\u2066", "a\0b", "'; DROP TABLE results;--", "{{7*7}}{% raw %}${7*7}",
    "[red]x[/red][link=file:///]y[/link]",
    "a\u2028b\u2029c", "$\\frac{1}{0$ $x_", "%s%n%(a)s", "&lt;b&gt;&amp;", ":boom:",
)  # fmt: skip
RUNS_ON_A_TERMINAL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\u2028\u2029]")
_KEPT = {
    "analyte",
    "unit",
    "sha256",
    "path",
    "reader",
    "reported",
    "received",
    "tested",
    "sampled",
    "produced",
    "expires",
}


def poisoned(thing: object, payloads: Iterator[str], name: str = "") -> object:
    """The same record with a payload in every text that a document may choose."""
    if isinstance(thing, BaseModel):
        free = [name for name, field in type(thing).model_fields.items() if "Literal[" not in str(field.annotation)]
        changed = {field: poisoned(getattr(thing, field), payloads, field) for field in free}
        return thing.model_copy(update=changed)
    if isinstance(thing, tuple):
        return tuple(poisoned(part, payloads, name) for part in thing)
    if isinstance(thing, dict):
        return {key: poisoned(part, payloads, name) for key, part in thing.items()}
    is_free = type(thing) is str and name not in _KEPT and not re.fullmatch(r"\d{4}-\d\d-\d\d.*", thing)
    return f"{next(payloads)}{thing}" if is_free else thing


@pytest.fixture(scope="module")
def market(fixtures: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[str, list[kq.Certificate]], Path]:
    """Vendors of hostile names, their certificates hostile in every field, and the folder with the files."""
    folder = tmp_path_factory.mktemp("market")
    payloads = cycle(PAYLOADS)
    vendors: dict[str, list[kq.Certificate]] = {}
    for source in sorted((fixtures / "certificates" / "crimson-walrus-imports").glob("*.pdf"))[:4]:
        vendor = next(payloads).replace("/", "∕").replace("\0", "")
        file = folder / vendor / f"{vendor}.pdf"
        file.parent.mkdir()
        shutil.copy(source, file)
        certificate = poisoned(kq.read_certificate(file, ocr=False), payloads)
        assert isinstance(certificate, kq.Certificate)
        vendors[vendor + next(payloads)] = [certificate]
    return vendors, folder


@pytest.fixture(scope="module")
def ranking(market: tuple[dict[str, list[kq.Certificate]], Path]) -> kq.Ranking:
    return kq.score(market[0], today=date(2026, 11, 22))


def everyone(market: tuple[dict[str, list[kq.Certificate]], Path]) -> list[kq.Certificate]:
    return [certificate for group in market[0].values() for certificate in group]


def test_every_payload_stands_somewhere(market: tuple[dict[str, list[kq.Certificate]], Path]) -> None:
    """The hostile records hold each payload, so that what follows means something."""
    held = "".join(certificate.model_dump_json() for certificate in everyone(market))
    assert all(json.dumps(payload)[1:-1] in held or payload in held for payload in PAYLOADS if payload.isascii())


def test_json_lines_hold_it_all_and_move_no_terminal(market: tuple[dict[str, list[kq.Certificate]], Path]) -> None:
    """One line a record whatever counts as a line's end, every character back as it was, none that a terminal obeys."""
    text = io.StringIO()
    write_records(everyone(market), text)
    lines = text.getvalue().splitlines()
    assert [kq.Certificate.model_validate_json(line) for line in lines] == everyone(market)
    assert not RUNS_ON_A_TERMINAL.search(text.getvalue())


def test_csv_has_no_formula_and_moves_no_terminal(
    market: tuple[dict[str, list[kq.Certificate]], Path], ranking: kq.Ranking
) -> None:
    """No cell of any table begins as a formula does; what a terminal would obey is spelt out."""
    certificates = everyone(market)
    findings = [finding for score in ranking for finding in score.findings]
    failures = [Failure(payload, payload, "NotAPdfError") for payload in PAYLOADS]
    for write, records in ((write_results, certificates), (write_findings, findings), (write_failures, failures)):
        text = io.StringIO(newline="")
        write(records, text)  # type: ignore[operator]
        rows = list(csv.reader(io.StringIO(text.getvalue(), newline="")))
        assert len(rows) > 1
        assert len({len(row) for row in rows}) == 1
        assert not [cell for row in rows for cell in row if re.match(r"[=@\t\r\n]|[+-][^\d.]", cell)]
        assert not RUNS_ON_A_TERMINAL.search(text.getvalue().replace("\r", ""))


def test_the_terminal_is_moved_by_nothing(
    market: tuple[dict[str, list[kq.Certificate]], Path], ranking: kq.Ranking, capsys: pytest.CaptureFixture[str]
) -> None:
    """Summaries, findings, rankings, explanations, failures and JSON: no escape sequence, no markup, no false line."""
    for certificate in everyone(market):
        terminal.print_certificate(certificate)
    terminal.print_ranking(ranking)
    terminal.print_findings([finding for score in ranking for finding in score.findings], ranking.basis)
    for score in ranking:
        terminal.print_explanation(score, ranking.basis)
    terminal.print_json(certificates=everyone(market), vendors=ranking.scores)
    terminal.print_note("\x1b[31m" + "".join(PAYLOADS))
    printed, said = capsys.readouterr()
    assert not RUNS_ON_A_TERMINAL.search(printed + said)
    assert "[red]" in printed


def test_frames_give_back_what_was_put_in(market: tuple[dict[str, list[kq.Certificate]], Path]) -> None:
    """Tables keep every text as it is."""
    certificates = everyone(market)
    frame = kq.to_frame(certificates)
    told = [result.printed.analyte for certificate in certificates for result in certificate.results]
    assert any(list(frame[column]) == told for column in frame.columns)


def test_notebook_pages_and_figures_show_it(
    market: tuple[dict[str, list[kq.Certificate]], Path], ranking: kq.Ranking
) -> None:
    """No tag, no attribute that runs and no formula comes of a name."""
    from matplotlib import pyplot

    shown = [one._repr_html_() for one in (*everyone(market), ranking, *ranking)]
    for html in shown:
        assert set(Page(html).tags) <= {"div", "strong", "table", "thead", "tbody", "tr", "th", "td", "p"}
    for draw in (
        lambda: ranking.plot(),
        lambda: kq.plot_coverage(market[0]),
        lambda: kq.plot_contaminants(everyone(market)),
    ):
        figure = draw().figure
        figure.savefig(io.BytesIO(), format="svg")
        pyplot.close(figure)


CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)


@pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed (Debian's package chromium)")
def test_nothing_runs_in_the_report(
    market: tuple[dict[str, list[kq.Certificate]], Path], ranking: kq.Ranking, tmp_path: Path
) -> None:
    """The report opened in a browser, all of it unfolded: no dialog, no error, no request, no foreign element."""
    playwright_api = pytest.importorskip("playwright.sync_api", reason="the extra 'test' is not installed")
    failures = [Failure(payload, payload, "NotAPdfError", payload) for payload in PAYLOADS]
    path = kq.write_report(
        ranking, tmp_path / "report", everyone(market), failures, folder=market[1], today=date(2026, 11, 22), pictures=2
    )
    complaints: list[str] = []
    with playwright_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--disable-dev-shm-usage"])
        page = browser.new_context(offline=True).new_page()
        page.on("console", lambda message: complaints.append(message.text))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("dialog", lambda dialog: complaints.append(dialog.message))
        page.on("request", lambda asked: None if asked.url.startswith("file:") else complaints.append(asked.url))
        page.goto(path.as_uri())
        for summary in page.locator("summary").all():
            summary.evaluate("element => element.parentElement.open = true")
        assert page.locator("img[src=x], svg[onload], a[href^=javascript]").count() == 0
        assert "<script>alert(1)</script>" in page.locator("body").inner_text()
        browser.close()
    assert not complaints


def test_a_hostile_page_is_read_as_text(tmp_path: Path) -> None:
    """What a page prints arrives as it is printed, through a child process, and comes out inert."""
    lines = [payload for payload in PAYLOADS if payload.isprintable() and payload.isascii()]
    labels = cycle(["Client:", "Product:", "Batch:", "Sample ID:", "Lead"])
    escaped = [re.sub(r"([()\\])", r"\\\1", f"{label} {line}") for label, line in zip(labels, lines, strict=False)]
    shown = "".join(f"1 0 0 1 50 {760 - 14 * n} Tm ({line}) Tj\n" for n, line in enumerate(escaped))
    file = tmp_path / "=cmd().pdf"
    file.write_bytes(document({4: stream(f"BT /F1 9 Tf\n{shown}ET".encode())}))
    (certificate,) = kq.read_folder(tmp_path, ocr=False).certificates
    assert certificate.client is None or certificate.client in "".join(lines) or certificate.client.startswith("<")
    text = io.StringIO()
    write_results([certificate], text)
    assert not re.search(r"(?:^|,)[=@]", text.getvalue(), re.MULTILINE)
