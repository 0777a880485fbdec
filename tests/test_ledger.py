"""A ledger gives back what was put in, reads only what is new, and answers as of a day; on SQLite and on PostgreSQL."""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import kratom_quality as kq
from builders import certificate, clean_batches, failing_batch, row
from kratom_quality.batch import Outcome
from kratom_quality.batch.recipe import Recipe
from kratom_quality.checks import make_context
from kratom_quality.errors import EncryptedPdfError, LedgerError, NotAPdfError, ReadingFailedError, UnreadableFileError
from kratom_quality.frames import LONG_COLUMNS
from kratom_quality.ledger import Ledger
from kratom_quality.ledger.files import look_at, sight
from kratom_quality.ledger.ingredients import Ingredients
from kratom_quality.ledger.intake import Intake
from kratom_quality.reading import ocr
from kratom_quality.records import Certificate, Dates, Laboratory, Printed
from kratom_quality.vocabulary import Vocabulary

USUAL = Recipe(None, None, ocr=True, codes=False, seconds=60)


@pytest.fixture
def ledger(ledger_url: str) -> Iterator[Ledger]:
    with Ledger.open(ledger_url) as opened:
        yield opened


def write(folder: Path, name: str, text: str = "") -> Path:
    """Write a file that was last changed long ago, as far as its own time says."""
    file = folder / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text or f"%PDF {name}", encoding="utf-8")
    return file


class Reader:
    """Gives each file a certificate of its own, or the error it is told to; says what it was asked to read."""

    def __init__(self, **errors: Exception) -> None:
        self.errors = errors
        self.asked: list[str] = []

    def __call__(self, files: list[Path]) -> Iterator[tuple[Path, Outcome]]:
        for file in files:
            self.asked.append(file.name)
            if error := self.errors.get(file.stem):
                yield file, error
                continue
            digest = str(look_at(sight(file)).sha256)
            one = certificate(file=str(file), batch=file.stem, vendor=f"Client of {file.stem}")
            yield file, one.model_copy(update={"source": one.source.model_copy(update={"sha256": digest})})


def read(ledger: Ledger, *paths: Path, reader: Reader | None = None, **options: Any) -> tuple[kq.Batch, list[str]]:
    reader = reader or Reader()
    return intake(ledger, *paths, reader=reader, **options).batch(), reader.asked


def intake(
    ledger: Ledger, *paths: Path, reader: Reader, password: str | None = None, recipe: Recipe = USUAL, **options: Any
) -> Intake:
    run = ledger.intake(paths, replace(recipe, password=password), **options)
    run.stream = reader
    return run


def test_records_come_out_as_they_went_in(ledger: Ledger, fixtures: Path) -> None:
    """Reading through a ledger, the first time and again, gives what reading without it does, byte for byte."""
    paths = [fixtures / "bad", *sorted((fixtures / "layouts").glob("c*.pdf"))]
    plain = kq.read_many(paths)
    assert plain.certificates
    assert plain.failures
    for _ in range(2):
        batch = ledger.read(paths)
        assert [one.model_dump_json() for one in batch] == [one.model_dump_json() for one in plain]
        assert batch.failures == plain.failures
    assert not [outcome for _, outcome in ledger.read_new(paths) if isinstance(outcome, Certificate)]


def test_only_new_and_changed_files_are_read(ledger: Ledger, tmp_path: Path) -> None:
    """What the ledger holds is not read again, wherever it lies; what is added or changed is."""
    folder = tmp_path / "market"
    first, second = write(folder, "acme/a.pdf"), write(folder, "acme/b.pdf")
    assert read(ledger, folder)[1] == ["a.pdf", "b.pdf"]
    assert read(ledger, folder)[1] == []
    third = write(folder, "bolt/c.pdf")
    second.write_text("%PDF another")
    shutil.copy(first, folder / "bolt" / "copy.pdf")
    batch, asked = read(ledger, folder)
    assert asked == ["b.pdf", "c.pdf"]
    assert [Path(str(one.source.path)) for one in batch] == [first, second, third, folder / "bolt" / "copy.pdf"]
    assert read(ledger, tmp_path)[1] == []


def test_files_of_the_same_bytes_are_read_once(ledger: Ledger, tmp_path: Path) -> None:
    """Of copies one is read, and each is given at its own path, marked as a copy."""
    for name in ("a.pdf", "b.pdf", "c.pdf"):
        write(tmp_path, name, "%PDF the same")
    batch, asked = read(ledger, tmp_path)
    assert asked == ["a.pdf"]
    assert [Path(str(one.source.path)).name for one in batch] == ["a.pdf", "b.pdf", "c.pdf"]
    assert [len(one.problems) for one in batch] == [0, 1, 1]


def test_an_unchanged_file_is_not_opened(ledger: Ledger, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file whose size and times are those recorded is known without its bytes, one changed just now is not."""
    monkeypatch.setattr("kratom_quality.ledger.files._GRAIN_NS", -(10**12))
    file = write(tmp_path, "a.pdf")
    read(ledger, file)
    with monkeypatch.context() as patch:
        patch.setattr("hashlib.file_digest", lambda *_: pytest.fail("the file was opened"))
        assert read(ledger, file)[1] == []
    kept = file.stat()
    file.write_text("%PDF A.PDF")
    os.utime(file, ns=(kept.st_atime_ns, kept.st_mtime_ns))
    assert read(ledger, file)[1] == ["a.pdf"], "same size and time of change, but not the time of its entry"


def test_a_file_changed_within_the_clocks_grain_is_hashed_again(ledger: Ledger, tmp_path: Path) -> None:
    """A file that was just written may be written again at the same time and size; its times are not trusted."""
    file = write(tmp_path, "a.pdf", "%PDF one")
    assert look_at(sight(file)).stamp is None
    assert read(ledger, file)[1] == ["a.pdf"]
    file.write_text("%PDF two")
    assert read(ledger, file)[1] == ["a.pdf"]


def test_another_recipe_reads_anew(ledger: Ledger, tmp_path: Path) -> None:
    """A vocabulary or a switch makes other records; those kept by another recipe stay, and the newest counts."""
    own = tmp_path / "own.toml"
    own.write_text('[[analyte]]\nid = "lead"\nnames = ["Saturnus"]\n', encoding="utf-8")
    vocabulary = Vocabulary.load(own)
    changed = [replace(USUAL, vocabulary=vocabulary), replace(USUAL, codes=True), replace(USUAL, ocr=False)]
    others = {Ingredients.of(recipe).digest for recipe in changed if recipe.ocr or ocr.is_installed()}
    assert len(others | {Ingredients.of().digest}) == 3 + ocr.is_installed()
    same = [replace(USUAL, vocabulary=Vocabulary.default()), replace(USUAL, password="x"), replace(USUAL, seconds=1)]
    assert {Ingredients.of(recipe) for recipe in same} == {Ingredients.of()}
    file = write(tmp_path, "a.pdf")
    assert read(ledger, file)[1] == ["a.pdf"]
    assert read(ledger, file, recipe=changed[0])[1] == ["a.pdf"]
    assert read(ledger, file)[1] == []
    assert len(list(ledger.certificates())) == 1


def test_failures_are_kept_with_their_type_and_words(ledger: Ledger, tmp_path: Path) -> None:
    """A failure is told again at the path asked for and is tried again only where that may help."""
    places = {name: write(tmp_path, f"{name}.pdf") for name in ("broken", "locked", "late", "gone")}
    late = ReadingFailedError("reading was given up: it took longer than 60 s; the other files are not affected")
    late.add_note("what the process said\x00")
    errors = {
        "broken": NotAPdfError(f"{places['broken']}: no PDF"),
        "locked": EncryptedPdfError(f"{places['locked']}: asks for a password"),
        "late": late,
        "gone": UnreadableFileError(f"{places['gone']}: cannot be read"),
    }
    first, _ = read(ledger, tmp_path, reader=Reader(**errors))
    again = Reader(**errors)
    assert read(ledger, tmp_path, reader=again)[0] == first
    assert again.asked == ["gone.pdf"], "what was not read says nothing of the next time"
    assert {failure.error for failure in first.failures} == {type(error).__name__ for error in errors.values()}
    assert read(ledger, tmp_path, reader=Reader(**errors), password="x")[1] == ["gone.pdf", "locked.pdf"]
    batch, asked = read(ledger, tmp_path, reader=Reader(broken=errors["broken"]), again=True)
    assert asked == ["gone.pdf", "late.pdf"]
    assert len(batch.certificates) == 2
    shutil.copy(places["broken"], tmp_path / "copy.pdf")
    copied = [failure for failure in read(ledger, tmp_path)[0].failures if failure.file.endswith("copy.pdf")]
    assert [failure.reason for failure in copied] == [f"{tmp_path / 'copy.pdf'}: no PDF"]


def test_a_file_that_changes_while_it_is_read_is_kept_as_what_was_read(ledger: Ledger, tmp_path: Path) -> None:
    """The digest of a record is that of the bytes it was read from; the file now there is read the next time."""
    file = write(tmp_path, "a.pdf", "%PDF one")

    class Late(Reader):
        def __call__(self, files: list[Path]) -> Iterator[tuple[Path, Outcome]]:
            file.write_text("%PDF two")
            yield from super().__call__(files)
            file.write_text("%PDF three")

    read(ledger, file, reader=Late())
    assert read(ledger, file)[1] == ["a.pdf"]
    read_were = {one.source.sha256 for one in ledger.certificates()}
    assert read_were == {hashlib.sha256(text).hexdigest() for text in (b"%PDF two", b"%PDF three")}


def test_the_vendor_is_the_folder_else_the_client(ledger: Ledger, tmp_path: Path) -> None:
    """As without a ledger; once a folder of vendors was read, a vendor's own folder is known to be theirs."""
    market = tmp_path / "market"
    write(market, "acme/2024/a.pdf")
    write(market, "acme/b.pdf")
    write(market, "loose.pdf")
    read(ledger, market)
    assert list(ledger.vendors()) == ["acme", "Client of loose"]
    write(market, "acme/new.pdf")
    read(ledger, market / "acme" / "new.pdf")
    read(ledger, market / "acme" / "b.pdf")
    assert {name: len(found) for name, found in ledger.vendors().items()} == {"acme": 3, "Client of loose": 1}
    names = {"acme": "Acme Botanicals"}
    read(ledger, market, vendor_name=lambda name: names.get(name, name))
    assert list(ledger.vendors()) == ["Acme Botanicals", "Client of loose"]
    assert len(list(ledger.certificates("ACME botanicals"))) == 3


def test_a_certificate_of_two_vendors_belongs_to_both(ledger: Ledger, tmp_path: Path) -> None:
    """The same bytes in two vendors' folders are each vendor's certificate, at that vendor's path."""
    write(tmp_path, "acme/a.pdf", "%PDF the same")
    write(tmp_path, "bolt/b.pdf", "%PDF the same")
    read(ledger, tmp_path)
    assert [Path(str(one.source.path)).name for one in ledger.certificates("acme")] == ["a.pdf"]
    assert [Path(str(one.source.path)).name for one in ledger.certificates("bolt")] == ["b.pdf"]


def test_what_is_no_longer_there_stays_and_copies_go(ledger: Ledger, tmp_path: Path) -> None:
    """A certificate whose file was deleted still counts, once; two files of the same bytes come twice while there."""
    first = write(tmp_path, "acme/a.pdf", "%PDF the same")
    second = write(tmp_path, "acme/b.pdf", "%PDF the same")
    write(tmp_path, "acme/other.pdf")
    read(ledger, tmp_path)
    assert len(list(ledger.certificates("acme"))) == 3
    first.unlink()
    read(ledger, tmp_path)
    assert [one.source.path for one in ledger.certificates("acme") if "other" not in str(one.source.path)] == [
        str(second)
    ]
    second.unlink()
    read(ledger, tmp_path)
    assert len(list(ledger.certificates("acme"))) == 2
    shutil.move(tmp_path / "acme", tmp_path / "moved")
    read(ledger, tmp_path)
    assert sorted(ledger.vendors()) == ["acme", "moved"]


def test_files_in_an_archive_are_kept_by_their_address(ledger: Ledger, tmp_path: Path, fixtures: Path) -> None:
    """What stands in an archive is read once, is of the folder in it, and comes back as without a ledger."""
    pytest.importorskip("fsspec")
    archive = tmp_path / "market.zip"
    with ZipFile(archive, "w") as opened:
        opened.write(fixtures / "layouts" / "classic_grid.pdf", "acme/a.pdf")
    assert len(list(ledger.read_new([archive]))) == 1
    assert list(ledger.read_new([archive])) == []
    assert ledger.read([archive]).certificates == kq.read_many([archive]).certificates
    assert list(ledger.vendors()) == ["acme"]


def dated(batch: str, day: str | None, vendor: str = "acme") -> Certificate:
    return certificate(vendor=vendor, batch=batch, dates=Dates(reported=day))


def test_a_question_as_of_a_day(ledger: Ledger) -> None:
    """By the certificate's own date, the last of an interval, else by the day it was first seen."""
    kept = [dated("one", "2024-03-01"), dated("two", "2025-01-01/2025-02-01"), dated("none", None)]
    ledger.keep_certificates({"acme": kept})
    today = date.today()

    def batches(as_of: date | None) -> set[str | None]:
        return {one.batch for one in ledger.certificates("acme", as_of)}

    assert batches(None) == {"one", "two", "none"}
    assert batches(date(2024, 2, 29)) == set()
    assert batches(date(2024, 3, 1)) == {"one"}
    assert batches(date(2025, 1, 31)) == {"one"}
    assert batches(date(2025, 2, 1)) == {"one", "two"}
    assert batches(today - timedelta(days=1)) == {"one", "two"}
    assert batches(today) == {"one", "two", "none"}
    assert ledger.vendors(as_of=date(2020, 1, 1)) == {}


def test_a_question_of_what_was_known(ledger: Ledger) -> None:
    """What the ledger learnt after a day does not count on it, though it be dated before."""
    ledger.keep_certificates({"acme": [dated("one", "2024-03-01")]})
    today = date.today()
    assert ledger.vendors(known_on=today - timedelta(days=1)) == {}
    assert len(ledger.vendors(known_on=today)["acme"]) == 1
    with pytest.raises(LedgerError):
        list(ledger.certificates("acme", known_on=today - timedelta(days=1)))


def test_a_withdrawn_certificate_counts_no_more_and_is_kept(ledger: Ledger, tmp_path: Path) -> None:
    """From the day it was withdrawn on; before that day, and where asked for, it stands with day and reason."""
    old, new = dated("old", "2024-03-01"), dated("new", "2024-06-01")
    ledger.keep_certificates({"acme": [old, new]})
    ledger.withdraw(old.source.sha256[:8], "Wrong sample", day=date(2024, 7, 1), successor=new.source.sha256)
    assert [one.batch for one in ledger.certificates("acme")] == ["new"]
    assert len(list(ledger.certificates("acme", date(2024, 6, 30)))) == 2
    assert [one.batch for one in ledger.certificates("acme", date(2024, 7, 1))] == ["new"]
    assert len(list(ledger.certificates("acme", superseded=True))) == 2
    assert len(ledger.vendors()["acme"]) == 1
    assert len(ledger.vendors(known_on=date.today())["acme"]) == 1
    series = ledger.frame("acme", "lead", superseded=True)
    assert series["superseded"].notna().sum() == 1
    with pytest.raises(LedgerError, match="was withdrawn on 2024-07-01: Wrong sample"):
        ledger.withdraw(old.source.sha256, "again")
    with pytest.raises(LedgerError, match="cannot replace itself"):
        ledger.withdraw(new.source.sha256, "x", successor=new.source.sha256)
    for wrong in ("0" * 8, tmp_path / "never.pdf", "%", "________"):
        with pytest.raises(LedgerError, match="no such certificate"):
            ledger.withdraw(wrong, "x")


def test_a_certificate_is_withdrawn_by_its_file(ledger: Ledger, tmp_path: Path) -> None:
    """The file's path names what was last read there."""
    file = write(tmp_path, "acme/a.pdf")
    read(ledger, tmp_path)
    ledger.withdraw(file, "Recalled")
    assert ledger.vendors() == {}
    assert len(ledger.frame(superseded=True)) > 0


def test_a_frame_is_the_long_form_with_dates(ledger: Ledger) -> None:
    """The columns of to_frame with the day and the supersession beside; the same cells; in chunks all the same."""
    kept = [*clean_batches("acme", 5), failing_batch("acme", 9)]
    ledger.keep_certificates({"acme": kept, "bolt": clean_batches("bolt", 2)})
    frame = ledger.frame("acme")
    assert tuple(frame.columns) == (*LONG_COLUMNS, "date", "superseded")
    assert frame["date"].dtype.kind == "M"
    plain = kq.to_frame({"acme": kept})
    order = ["sha256", "printed_analyte"]
    mine = frame[list(LONG_COLUMNS)].sort_values(order).reset_index(drop=True)
    theirs = plain.sort_values(order).reset_index(drop=True)
    paths = mine.pop("path"), theirs.pop("path")
    assert [os.path.relpath(path) for path in paths[0]] == list(paths[1])
    assert mine.astype(object).equals(theirs.astype(object))
    lead = ledger.frame("acme", "lead")
    assert len(lead) == 6
    assert set(lead["analyte"]) == {"lead"}
    chunks = list(ledger.frame(chunksize=3))
    assert [chunk["sha256"].nunique() for chunk in chunks] == [3, 3, 2]
    assert sum(map(len, chunks)) == len(ledger.frame())
    assert len(ledger.frame("acme", "unobtainium")) == 0
    nothing = ledger.frame("acme", "unobtainium")
    assert [kind.kind for kind in nothing.dtypes] == [kind.kind for kind in frame.dtypes]


def test_a_vendor_that_is_not_there_is_told_the_nearest(ledger: Ledger) -> None:
    """A misspelt vendor is an error with the name that was probably meant."""
    ledger.keep_certificates({"blue-heron-botanicals": [dated("one", None)], "juniper": [dated("two", None)]})
    with pytest.raises(LedgerError, match="is 'blue-heron-botanicals' meant"):
        ledger.frame("blue heron")
    with pytest.raises(LedgerError, match="2 vendors"):
        list(ledger.certificates("zzz"))


def test_scores_are_kept_with_their_findings(ledger: Ledger) -> None:
    """A series of scores by day, each with its standard and the version that made it."""
    vendors = {"acme": clean_batches("acme", 3), "bolt": [*clean_batches("bolt", 2), failing_batch("bolt")]}
    for day in (date(2026, 10, 1), date(2026, 11, 1)):
        context = make_context("consumer", today=day)
        ranking = kq.score(vendors, today=day)
        ledger.keep_scores(ranking, context)
    series = ledger.scores("bolt")
    assert [day.date() for day in series["date"]] == [date(2026, 10, 1), date(2026, 11, 1)]
    assert list(series["reputability"])[-1] == ranking["bolt"].reputability
    assert set(series["standard"]) == {"consumer"}
    assert len(ledger.scores()) == 4
    assert list(ledger.scores("nobody").columns) == list(series.columns)


def test_what_scoring_keeps_is_given_back(ledger: Ledger) -> None:
    """Bytes under keys, the first kept; what is not there is left out."""
    ledger.keep_examinations({"a": ("acme", b"\x00one"), "b": ("acme", b"two")})
    ledger.keep_examinations({"a": ("acme", b"other"), "c": ("acme", b"")})
    assert ledger.recall_examinations(["a", "b", "c", "d"]) == {"a": b"\x00one", "b": b"two", "c": b""}
    ledger.keep_examinations({f"key {number}": ("acme", b"x") for number in range(1200)})
    assert len(ledger.recall_examinations(f"key {number}" for number in range(1500))) == 1200


STRANGE = st.text(alphabet=st.characters(codec=None, exclude_categories=()), max_size=40) | st.sampled_from(
    ["\x00", "\ud800", "\x1a0000", "'; DROP TABLE files; --", '"', "\\", "%_", "\U0001f33f", "=cmd()", "\x1b[31m"]
)


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=STRANGE, other=STRANGE)
def test_no_text_is_lost_or_run(ledger: Ledger, text: str, other: str) -> None:
    """NUL, lone surrogates, quotes and anything else in any field come back as they were."""
    result = row("Lead", "1", "ppm").model_copy(
        update={"analyte": text, "printed": Printed(analyte=other, result=text, unit=other)}
    )
    one = certificate([result], batch=text, vendor=f"v{text}", product=other, laboratory=Laboratory(name=text))
    path = f"/{text}/x.pdf".replace("\x00", "")
    source = one.source.model_copy(update={"path": path, "sha256": f"{abs(hash((text, other))):064x}"})
    one = one.model_copy(update={"source": source})
    ledger.keep_certificates({f"v{text}": [one]})
    back = [each for each in ledger.certificates(f"v{text}") if each.source.sha256 == source.sha256]
    assert [each.model_copy(update={"source": source}) for each in back] == [one]
