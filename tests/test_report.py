"""The report: whole or not there, its text escaped, its pictures those of the rows that findings rest on."""

from __future__ import annotations

import base64
import hashlib
import json
import re
import shutil
from datetime import date
from html.parser import HTMLParser
from pathlib import Path

import pytest
from PIL import Image

import kratom_quality as kq
from builders import TODAY, certificate, clean_batches, failing_batch, leaf, some_batches
from conftest import CommandLine
from kratom_quality.drawing import Place
from kratom_quality.report.charts import NO_FIGURE, Issue, timeline
from kratom_quality.report.folder import replacing_folder
from kratom_quality.scoring import Ranking, score

HOSTILE = [
    "<script>alert(1)</script>",
    "=cmd()",
    "../x",
    '"><img src=x onerror=alert(1)>',
    "</script><!--",
    "\x1b[31m\u202e",
]


class Elements(HTMLParser):
    """Every element of a page with its attributes, and the text of its scripts and styles."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.contents: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        if data.strip() and self.found and self.found[-1][0] in ("script", "style"):
            self.contents.append(data)

    def named(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.found if name == tag]


def page_of(out: Path) -> str:
    return (out / "report.html").read_text(encoding="utf-8")


def stories_of(text: str) -> list[str]:
    """The parts of the page that wait as JSON, one a vendor."""
    found = re.findall(r'<script type="application/json" id="data-\d+">(.*?)</script>', text, re.DOTALL)
    return [json.loads(story) for story in found]


def ranking_of(*vendors: str) -> Ranking:
    return score({vendor: some_batches(3, 1, vendor) for vendor in vendors}, today=TODAY)


def listing(folder: Path) -> set[str]:
    return {file.relative_to(folder).as_posix() for file in folder.rglob("*")}


@pytest.fixture(scope="module")
def walrus(fixtures: Path) -> Ranking:
    """A vendor of the fixtures whose certificates fail."""
    folder = fixtures / "certificates" / "crimson-walrus-imports"
    return score({"walrus": kq.read_folder(folder, jobs=2).certificates}, today=TODAY)


@pytest.mark.parametrize("name", HOSTILE)
def test_no_text_from_outside_becomes_markup(tmp_path: Path, name: str) -> None:
    """Whatever a vendor, product, batch, laboratory or file is called, the page has the elements it always has."""
    for number, called in enumerate(("acorn", name)):
        papers = [
            one.model_copy(update={"product": called, "client": called, "batch": f"{called} {batch}"})
            for batch, one in enumerate([failing_batch("acorn"), certificate()])
        ]
        kq.write_report(score({called: papers}, today=TODAY), tmp_path / str(number), today=TODAY)
    texts = [page_of(tmp_path / number) for number in "01"]
    first, second = ([tag for tag, _ in Elements(text).found] for text in texts)
    assert first == second
    (story,) = stories_of(texts[1])
    assert {tag for tag, _ in Elements(story).found}.isdisjoint({"script", "img"})
    assert not any(
        key.startswith("on") for text in (texts[1], story) for _, held in Elements(text).found for key in held
    )
    assert listing(tmp_path / "1") == listing(tmp_path / "0"), "a name reached the file system"


def test_a_formula_in_a_name_is_inert_in_every_table(tmp_path: Path) -> None:
    """The tables beside the page hold no cell that a spreadsheet would run."""
    odd = [one.model_copy(update={"product": "=1+1"}) for one in some_batches(2, 1, "=cmd()")]
    kq.write_report(score({"=cmd()": odd}, today=TODAY), tmp_path / "out", today=TODAY)
    for file in (tmp_path / "out").glob("*.csv"):
        assert not re.search(r'(^|,)"?=', file.read_text(encoding="utf-8"), re.MULTILINE), file.name
    assert "'=1+1" in (tmp_path / "out" / "results.csv").read_text(encoding="utf-8")


def test_the_page_runs_its_own_script_and_no_other(tmp_path: Path) -> None:
    """The page's policy names the digests of its script and style, and lets nothing come from a network."""
    kq.write_report(ranking_of("acorn", "bramble"), tmp_path / "out", today=TODAY)
    page = Elements(page_of(tmp_path / "out"))
    (policy,) = (meta["content"] or "" for meta in page.named("meta") if "http-equiv" in meta)
    assert policy.startswith("default-src 'none'")
    for text in page.contents[:2]:
        assert base64.b64encode(hashlib.sha256(text.encode()).digest()).decode() in policy
    addresses = [value for _, held in page.found for key, value in held.items() if key in ("src", "href")]
    assert addresses
    assert not any(re.match(r"[a-z]+:|//", address or "", re.IGNORECASE) for address in addresses)


def test_the_page_says_what_explain_says(tmp_path: Path) -> None:
    """Each passage of the story and the reason of each finding stand in the vendor's part of the page."""
    ranking = ranking_of("acorn", "bramble")
    kq.write_report(ranking, tmp_path / "out", today=TODAY)
    for one, story in zip(ranking, stories_of(page_of(tmp_path / "out")), strict=True):
        text = re.sub(r"&(#\d+|\w+);", "?", story)
        for line in (*(passage.said for passage in one.story()), *(finding.reason for finding in one.findings)):
            assert re.sub(r"[<>&'\"]", "?", line) in text
        assert all(report.lot.batch in story for report in one.lots if report.lot.batch)


def test_files_that_could_not_be_read_are_named(tmp_path: Path) -> None:
    """A page that is silent on what was not read would claim more than it knows."""
    failures = [kq.Failure("acorn/<b>.pdf", "it is truncated", "DamagedPdfError")]
    kq.write_report(ranking_of("acorn"), tmp_path / "out", failures=failures, today=TODAY)
    assert "acorn/&lt;b&gt;.pdf" in page_of(tmp_path / "out")
    assert "it is truncated" in page_of(tmp_path / "out")


def test_the_same_ranking_gives_the_same_folder(walrus: Ranking, tmp_path: Path) -> None:
    """Two runs write the same bytes, pictures too."""
    for name in ("one", "two"):
        kq.write_report(walrus, tmp_path / name, today=TODAY, jobs=2)
    assert listing(tmp_path / "one") == listing(tmp_path / "two")
    for file in (tmp_path / "one").rglob("*.*"):
        assert file.read_bytes() == (tmp_path / "two" / file.relative_to(tmp_path / "one")).read_bytes()


def test_a_folder_with_something_in_it_is_not_overwritten(tmp_path: Path) -> None:
    """An earlier report goes only when asked for, other files never, and a file is no folder."""
    ranking, out = ranking_of("acorn"), tmp_path / "out"
    kq.write_report(ranking, out, today=TODAY)
    with pytest.raises(kq.OutputExistsError, match="--force"):
        kq.write_report(ranking, out, today=TODAY)
    kq.write_report(ranking_of("bramble"), out, today=TODAY, force=True)
    assert "bramble" in page_of(out)
    assert "acorn" not in page_of(out)
    for mine in (out / "notes.txt", out / "pictures" / "mine.webp", out / "pictures" / "deeper" / "00001-1.webp"):
        mine.parent.mkdir(exist_ok=True)
        mine.touch()
        with pytest.raises(kq.OutputExistsError, match=mine.name):
            kq.write_report(ranking, out, today=TODAY, force=True)
        mine.unlink()
    (out / "notes.txt").write_text("mine", encoding="utf-8")
    with pytest.raises(kq.OutputExistsError, match=r"notes\.txt"):
        kq.write_report(ranking, out, today=TODAY, force=True)
    assert (out / "notes.txt").read_text(encoding="utf-8") == "mine"
    with pytest.raises(kq.OutputExistsError, match="is a file"):
        kq.write_report(ranking, out / "notes.txt", today=TODAY, force=True)


def test_a_report_that_is_not_finished_leaves_what_was_there(tmp_path: Path) -> None:
    """Stopped half way, the folder is as it was and nothing lies beside it."""
    out = tmp_path / "out"
    kq.write_report(ranking_of("acorn"), out, today=TODAY)
    before = {file.name: file.read_bytes() for file in out.iterdir() if file.is_file()}

    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        kq.write_report(ranking_of("bramble"), out, today=TODAY, force=True, progress=stop)
    assert {file.name: file.read_bytes() for file in out.iterdir() if file.is_file()} == before
    assert [file.name for file in tmp_path.iterdir()] == ["out"]


def test_what_came_into_the_folder_meanwhile_is_kept(tmp_path: Path) -> None:
    """The folder is looked at again before it is replaced."""
    out = tmp_path / "out"

    def write() -> None:
        with replacing_folder(out, ("ours",), force=True) as beside:
            (beside / "ours").touch()
            out.mkdir()
            (out / "late").touch()

    with pytest.raises(kq.OutputExistsError, match="late"):
        write()
    assert listing(tmp_path) == {"out", "out/late"}


def test_the_command_line_asks_before_it_reads(command_line: CommandLine, fixtures: Path, tmp_path: Path) -> None:
    """``score --out`` names what would be lost, with exit code 2, and writes nothing."""
    (tmp_path / "thesis.txt").touch()
    ran = command_line("score", fixtures / "certificates", "--out", tmp_path, "--force")
    assert (ran.returncode, ran.stdout) == (2, "")
    assert "thesis.txt" in ran.stderr
    assert listing(tmp_path) == {"thesis.txt"}


def test_pictures_are_few_and_the_page_says_so(walrus: Ranking, tmp_path: Path) -> None:
    """At most as many pictures a vendor as asked for, of its gravest findings; the others are counted."""
    kq.write_report(walrus, tmp_path / "out", today=TODAY, pictures=1, jobs=1)
    (picture,) = (tmp_path / "out" / "pictures").iterdir()
    (story,) = stories_of(page_of(tmp_path / "out"))
    images = Elements(story).named("img")  # findings on one row share its picture
    (shown,) = {image["src"]: image for image in images}.values()
    assert (tmp_path / "out" / (shown["src"] or "")) == picture
    assert shown["loading"] == "lazy"
    with Image.open(picture) as image:
        assert image.size == (int(shown["width"] or 0), int(shown["height"] or 0))
    without = sum(bool(finding.sources) for finding in walrus.findings) - len(images)
    assert f"{without} findings that name a row are shown without" in story


def test_a_file_that_changed_gives_no_picture(fixtures: Path, tmp_path: Path) -> None:
    """What is shown as evidence is the file that was read, or nothing, with the reason."""
    files = [fixtures / "certificates" / "crimson-walrus-imports" / name for name in ("cw-0163.pdf", "cw-0151.pdf")]
    mine = [Path(shutil.copy(file, tmp_path)) for file in files]
    ranking = score({"walrus": [kq.read_certificate(file) for file in mine]}, today=TODAY)
    mine[0].write_bytes(mine[1].read_bytes())
    kq.write_report(ranking, tmp_path / "out", today=TODAY, jobs=1)
    (story,) = stories_of(page_of(tmp_path / "out"))
    assert "has changed since it was read" in story
    pictures = Elements(story).named("img")
    assert pictures
    assert all("cw-0151" in (picture["alt"] or "") for picture in pictures)


def test_links_lead_from_the_page_to_the_certificate(walrus: Ranking, tmp_path: Path) -> None:
    """A finding's link is relative to the page and opens the file at its page."""
    kq.write_report(walrus, tmp_path / "deep" / "out", today=TODAY, pictures=0)
    (story,) = stories_of(page_of(tmp_path / "deep" / "out"))
    links = [link["href"] or "" for link in Elements(story).named("a") if ".pdf" in (link["href"] or "")]
    assert any(link.endswith("#page=2") for link in links)
    assert all((tmp_path / "deep" / "out" / link.partition("#")[0]).resolve().is_file() for link in links)


def test_rows_are_cut_out_with_a_frame(fixtures: Path) -> None:
    """The picture of a row is as wide as the page, shows what stands near, and frames the row."""
    one = kq.read_certificate(fixtures / "certificates" / "crimson-walrus-imports" / "cw-0163.pdf")
    row = one["lead"]
    (image,) = kq.draw_rows(one, [Place(row.page, (row.bbox,))])
    assert image.width == 918
    assert 100 < image.height < 400
    assert max(image.getcolors(1 << 20))[1] == (255, 255, 255)
    assert any(colour == (208, 20, 40) for _, colour in image.getcolors(1 << 20))
    with pytest.raises(kq.NoSuchPageError, match=r"cw-0163\.pdf: there is no page 9"):
        kq.draw_rows(one, [Place(9, (row.bbox,))])


def test_what_was_not_measured_is_not_drawn_at_zero() -> None:
    """A certificate without a figure stands in a lane of its own; one day alone makes no chart."""
    days = [date(2026, 1, 1), date(2026, 3, 1), date(2026, 2, 1)]
    drawn = timeline([Issue(day, percent, "none", "") for day, percent in zip(days, (1.5, None, 0.0), strict=True)])
    assert drawn is not None
    measured, unknown, zero = drawn.dots
    assert unknown.y == NO_FIGURE > zero.y > measured.y
    assert measured.x < zero.x < unknown.x
    assert drawn.levels[-1].at <= measured.y
    assert timeline([Issue(days[0], 1.0, "none", "")]) is None


def test_results_are_shown_as_printed(tmp_path: Path) -> None:
    """The table of certificates keeps every digit and every bound of the page."""
    odd = certificate(leaf(alkaloids={"Mitragynine": "1.500", "7-Hydroxymitragynine": "<0.010"}), batch="A-1")
    kq.write_report(score({"acorn": [odd, *clean_batches("acorn", 2)]}, today=TODAY), tmp_path / "out", today=TODAY)
    (story,) = stories_of(page_of(tmp_path / "out"))
    assert "1.500 %" in story
    assert "&lt;0.010 %" in story
