"""How well certificates are read, against what a person transcribed from them by eye.

    python benchmarks/accuracy.py CERTIFICATES_DIR TRUTH_DIR [--vocabulary FILE] [--no-ocr]

Prints recall, precision, the columns and the header, for each document and each panel, and apart for documents with a
text layer and for the others; then the same with no laboratory's profile, and with each laboratory's own left out.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

from judging import COLUMNS, HEADERS, Tally, judge, right_share, share, total, worst_recall

from kratom_quality import Vocabulary, read_certificate
from kratom_quality.parsing.labs import LabProfile, lab_profiles

Profiles = Mapping[str, LabProfile]


class Document(NamedTuple):
    """A certificate, what a person transcribed from it, and what was read."""

    file: Path
    truth: dict[str, Any]
    record: dict[str, Any]
    tally: Tally

    @property
    def has_text(self) -> bool:
        """Whether a text layer says what every page shows."""
        faults = {problem["kind"] for problem in self.record["problems"]} & {"no_text", "garbled_text"}
        return not faults and not self.record["source"]["pages_by_ocr"]


def find_pairs(certificates: Path, truths: Path) -> Iterator[tuple[Path, dict[str, Any]]]:
    """Every truth with its certificate; a truth names its file by folder and name, or by its name.

    Raises
    ------
    SystemExit
        If there is no truth, or a truth's file is not there.
    """
    files: dict[tuple[str, ...], Path] = {}
    for path in sorted(path for path in certificates.rglob("*") if path.is_file()):
        files[path.parts[-2:]] = path
        files.setdefault(path.parts[-1:], path)
    found = sorted(truths.glob("*.json"))
    if not found:
        raise SystemExit(f"{truths}: holds no *.json")
    for path in found:
        truth = json.loads(path.read_text(encoding="utf-8"))
        named = Path(truth["file"]).parts
        file = files.get(named[-2:]) or files.get(named[-1:])
        if file is None:
            raise SystemExit(f"{path}: its certificate {truth['file']} is not below {certificates}")
        yield file, truth


def read(file: Path, truth: dict[str, Any], vocabulary: Vocabulary, ocr: bool, profiles: Profiles) -> Document:
    """Read one certificate and judge the record."""
    certificate = read_certificate(file, vocabulary=vocabulary, ocr=ocr, profiles=profiles)
    record = certificate.model_dump(mode="json")
    return Document(file, truth, record, judge(truth, record))


def profiles_without(laboratory: str | None) -> Profiles:
    """All profiles but a laboratory's own."""
    return {
        domain: profile
        for domain, profile in lab_profiles().items()
        if laboratory is None or profile.name.casefold() not in laboratory.casefold()
    }


def print_documents(documents: Sequence[Document]) -> None:
    print(f"{'document':44} {'rows':>9} {'recall':>6} {'prec.':>6} {'unit':>6} {'number':>6} {'header':>7}")
    for document in documents:
        tally = document.tally
        rows = f"{tally.right.total()}/{tally.rows.total()}"
        fields = f"{sum(count[True] for count in tally.headers.values())}/{len(tally.headers)}"
        name = f"{document.file.parent.name}/{document.file.name}"
        print(f"{name[:44]:44} {rows:>9} {_row_figures(tally)} {fields:>7}{'' if document.has_text else '  scan'}")


def _row_figures(tally: Tally) -> str:
    found = tally.found.total()
    figures = (tally.recall, tally.precision, share(tally.unit, found), share(tally.number, found))
    return " ".join(f"{figure:6.3f}" for figure in figures)


def print_details(tally: Tally) -> None:
    """Print recall and precision of every panel, the columns, and the header field by field."""
    for panel in sorted(tally.rows):
        right, rows = tally.right[panel], tally.rows[panel]
        precision = share(tally.confirmed[panel], tally.claimed[panel])
        print(f"  {panel:17} recall {right:4}/{rows:<4} {share(right, rows):.3f}  precision {precision:.3f}")
    for name in COLUMNS:
        count = tally.columns[name]
        print(f"  column {name:10} {count[True]:11}/{count.total():<4} {right_share(count):.3f}")
    for name in filter(tally.headers.__contains__, HEADERS):
        count = tally.headers[name]
        print(f"  header {name:14} {count[True]:7}/{count.total():<4} {right_share(count):.3f}")


def print_summary(name: str, documents: Sequence[Document]) -> Tally:
    """Print one line for a group of documents and return its counts."""
    tally = total(document.tally for document in documents)
    columns = " ".join(f"{column} {tally.column(column):.3f}" for column in COLUMNS)
    print(
        f"{name:22} {len(documents):3} documents  recall {tally.recall:.4f}  precision {tally.precision:.4f}"
        f"  unit {share(tally.unit, tally.found.total()):.4f}  number {share(tally.number, tally.found.total()):.4f}"
        f"  {columns}  header {tally.header:.4f}  worst {worst_recall([one.tally for one in documents]):.4f}"
    )
    return tally


def print_without_profiles(
    pairs: Sequence[tuple[Path, dict[str, Any]]], read_with: Callable[..., Document], before: Tally
) -> None:
    """Print what is read with no profile, and with all but that of the laboratory whose certificate is read."""
    off = print_summary("no lab profiles", [read_with(*pair, profiles={}) for pair in pairs])
    print(f"  costs {before.recall - off.recall:.4f} of recall and {before.header - off.header:.4f} of the header")
    own_left_out = [read_with(*pair, profiles=profiles_without(pair[1]["laboratory"])) for pair in pairs]
    left_out = print_summary("leave one lab out", own_left_out)
    if left_out == off:
        print("  equals no profiles: a profile says nothing but its own laboratory's name, so none helps another's")


def print_reliability(documents: Sequence[Document], truths: Path) -> None:
    """Print how far the records' confidence can be relied on, where that benchmark stands beside this one."""
    if importlib.util.find_spec("reliability") is not None:
        reliability = importlib.import_module("reliability").reliability
        print(f"\n{reliability([document.record for document in documents], truths)}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("certificates", type=Path)
    parser.add_argument("truths", type=Path)
    parser.add_argument("--vocabulary", type=Path, action="append", default=[])
    parser.add_argument("--no-ocr", action="store_true")
    options = parser.parse_args()
    pairs = list(find_pairs(options.certificates, options.truths))
    read_with = partial(read, vocabulary=Vocabulary.load(*options.vocabulary), ocr=not options.no_ocr)

    documents = [read_with(*pair, profiles=lab_profiles()) for pair in pairs]
    print_documents(documents)
    print()
    print_details(total(document.tally for document in documents))
    print()
    print_summary("text layer", [document for document in documents if document.has_text])
    print_summary("scans, garbled text", [document for document in documents if not document.has_text])
    everything = print_summary("all", documents)
    print_without_profiles(pairs, read_with, everything)
    print_reliability(documents, options.truths)


if __name__ == "__main__":
    main()
