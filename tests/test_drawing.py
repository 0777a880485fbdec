"""Pictures of what was read: they are drawn from the record and the file it was read from, and from nothing else."""

from __future__ import annotations

import shutil
from collections import Counter
from pathlib import Path

import pytest
from PIL import Image

import kratom_quality as kq
from conftest import CommandLine
from kratom_quality.drawing.marks import Ink


def colours(image: Image.Image) -> Counter[tuple[int, ...]]:
    return Counter({colour: count for count, colour in image.getcolors(maxcolors=1 << 24)})


@pytest.fixture(scope="module")
def cards(fixtures: Path) -> kq.Certificate:
    return kq.read_certificate(fixtures / "layouts" / "cards.pdf")


def test_a_picture_frames_every_row_in_the_colour_of_what_is_known(cards: kq.Certificate) -> None:
    """The frame of a row is green where its analyte is known, blue where not, amber where it wants a look."""
    first, second, third, *_ = cards.results
    changed = [
        first.model_copy(update={"confidence": 1.0}),
        second.model_copy(update={"analyte": None, "confidence": 1.0, "bbox": (40.0, 700.0, 200.0, 710.0)}),
        third.model_copy(update={"confidence": 0.5, "bbox": (40.0, 740.0, 200.0, 750.0)}),
    ]
    image = cards.model_copy(update={"results": tuple(changed)}).show()
    for row, ink in zip(changed, (Ink.KNOWN, Ink.UNKNOWN, Ink.UNSURE), strict=True):
        x0, top, _, bottom = (2 * coordinate for coordinate in row.bbox)
        assert image.getpixel((x0 - 4, (top + bottom) // 2)) == ink.colour
    assert image.width == 1224
    assert image.height > 1584, "no room for a legend"


def test_problems_and_unread_text_stand_out(cards: kq.Certificate) -> None:
    """A row with a problem is red, text nobody understood is magenta, and the problem is written below."""
    row = cards.results[0]
    plain = cards.model_copy(update={"problems": (), "unread": ()}).show()
    problem = kq.Problem(kind="unreadable_value", message="look here", page=1, bbox=row.bbox)
    unread = {"page": 1, "bbox": (40.0, 700.0, 200.0, 720.0), "text": "?"}
    marked = kq.Certificate.model_validate({**dict(cards), "problems": (problem,), "unread": (unread,)}).show()
    assert not colours(plain)[Ink.PROBLEM.colour]
    assert not colours(plain)[Ink.UNREAD.colour]
    assert colours(marked)[Ink.PROBLEM.colour] > 100
    assert colours(marked)[Ink.UNREAD.colour] > 100
    assert marked.height > plain.height


def test_every_page_of_every_layout_can_be_drawn(fixtures: Path) -> None:
    """Turned pages, pages without results and pages of any size are drawn as they are displayed."""
    for name in ("traps/rotated_page", "traps/cropbox_offset", "traps/qaqc_page", "layouts/rotated_heads"):
        certificate = kq.read_certificate(fixtures / f"{name}.pdf")
        for page in range(1, certificate.source.pages + 1):
            assert certificate.show(page).width > 600


def test_a_record_from_elsewhere_says_that_its_file_is_gone(cards: kq.Certificate, tmp_path: Path) -> None:
    """A file that is missing, or is not the one that was read, is named; its new place may be given."""
    kept = Path(cards.source.path or "").read_bytes()
    moved = cards.model_copy(update={"source": cards.source.model_copy(update={"path": str(tmp_path / "gone.pdf")})})
    with pytest.raises(kq.UnreadableFileError, match=r"gone\.pdf.*file="):
        moved.show()
    (tmp_path / "gone.pdf").write_bytes(kept + b"\n")
    with pytest.raises(kq.ChangedFileError, match="read it again"):
        moved.show()
    assert moved.show(file=kept).size == cards.show().size
    assert moved.show(file=cards.source.path).size == cards.show().size
    with pytest.raises(kq.UnreadableFileError, match="read from bytes"):
        kq.read_certificate(kept).show()


def test_a_page_that_is_not_there_is_named(cards: kq.Certificate) -> None:
    """Pages count from 1."""
    for page in (0, 2):
        with pytest.raises(kq.NoSuchPageError, match=f"has 1 page, there is no page {page}"):
            cards.show(page)


def test_inspect_writes_a_picture_a_page(command_line: CommandLine, fixtures: Path, tmp_path: Path) -> None:
    """One page goes into the file named; several are numbered, or stand in a folder under the certificate's name."""
    shutil.copy(fixtures / "traps" / "qaqc_page.pdf", tmp_path / "two.pdf")
    for more in (["--page", "2", "--out", "one.png"], ["--out", "some.png"], ["--out", "new"], []):
        ran = command_line("inspect", "two.pdf", *more, cwd=tmp_path)
        assert ran.returncode == 0, ran.stderr
    written = {path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*.png")}
    assert written == {
        *("one.png", "some-1.png", "some-2.png", "two-page-1.png", "two-page-2.png"),
        *("new/two-page-1.png", "new/two-page-2.png"),
    }
    with Image.open(tmp_path / "one.png") as image:
        assert image.width == 1224


def test_inspect_says_what_it_cannot_draw(command_line: CommandLine, fixtures: Path, tmp_path: Path) -> None:
    """A page that is not there is a mistake in what was asked; a file that cannot be read is a failed document."""
    ran = command_line("inspect", fixtures / "layouts" / "cards.pdf", "--page", "7", cwd=tmp_path)
    assert (ran.returncode, "there is no page 7" in ran.stderr) == (2, True)
    ran = command_line("inspect", fixtures / "bad" / "empty.pdf", cwd=tmp_path)
    assert (ran.returncode, "empty" in ran.stderr) == (1, True)
    assert not list(tmp_path.iterdir())
