"""The record of every fixture, kept beside it: ``<name>.golden.json``.

    python -m tools.goldens                       # name the fixtures whose record differs from its golden
    python -m tools.goldens --rewrite [TEXT ...]  # write them again, where the path contains one of the texts

A rewrite refuses to drop rows or fields that a golden has; ``--allow-deletions`` says that this is meant.
"""

from __future__ import annotations

import argparse
import difflib
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from kratom_quality import Certificate, read_certificate

FIXTURES = Path(__file__).parent.parent / "fixtures"
FOLDERS = ("layouts", "traps", "certificates")


def fixtures() -> list[Path]:
    """Every fixture that is a certificate."""
    return sorted(path for folder in FOLDERS for path in (FIXTURES / folder).rglob("*.pdf"))


def golden_of(pdf: Path) -> Path:
    """Where a fixture's golden stands."""
    return pdf.with_suffix(".golden.json")


def record_of(pdf: Path) -> dict[str, Any]:
    """A fixture's record as JSON holds it; the path is left out, for it depends on where the tree stands."""
    certificate: Certificate = read_certificate(pdf.read_bytes(), ocr=False)
    return certificate.model_dump(mode="json", exclude_defaults=True)


def render(record: dict[str, Any]) -> str:
    """JSON with one line a field, and one line a row."""
    lines = []
    for key, value in record.items():
        if isinstance(value, list) and value:
            rows = ",\n  ".join(json.dumps(row, ensure_ascii=False) for row in value)
            lines.append(f'"{key}": [\n  {rows}\n ]')
        else:
            lines.append(f'"{key}": {json.dumps(value, ensure_ascii=False)}')
    return "{\n " + ",\n ".join(lines) + "\n}\n"


def deletions(old: dict[str, Any], new: dict[str, Any]) -> Iterator[str]:
    """What a golden holds and the new record no longer would."""
    yield from (key for key in old if new.get(key) is None)
    rows = {(row["page"], row["printed"]["analyte"], row["printed"].get("unit")): row for row in new.get("results", [])}
    for row in old.get("results", []):
        place = (row["page"], row["printed"]["analyte"], row["printed"].get("unit"))
        if place not in rows:
            yield f"row {place}"
            continue
        for key, cell in row["printed"].items():
            if cell is not None and rows[place]["printed"].get(key) is None:
                yield f"row {place}: {key}"


def rewrite(pdf: Path, *, allow_deletions: bool) -> bool:
    """Write a fixture's golden; False where that would drop something and was not allowed."""
    golden, record = golden_of(pdf), record_of(pdf)
    lost = list(deletions(json.loads(golden.read_text(encoding="utf-8")), record)) if golden.exists() else []
    if lost and not allow_deletions:
        print(f"{pdf}: DELETION, not written (see --allow-deletions):", *lost, sep="\n  ")
        return False
    golden.write_text(render(record), encoding="utf-8")
    return True


def difference(pdf: Path) -> str:
    """A unified diff from a fixture's golden to its record; empty where they agree."""
    golden = golden_of(pdf)
    old = golden.read_text(encoding="utf-8") if golden.exists() else ""
    lines = difflib.unified_diff(
        old.splitlines(), render(record_of(pdf)).splitlines(), golden.name, "now", "", "", 0, ""
    )
    return "\n".join(lines)


def main() -> int:
    """Compare or rewrite."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("only", nargs="*", metavar="TEXT")
    parser.add_argument("--rewrite", action="store_true")
    parser.add_argument("--allow-deletions", action="store_true")
    options = parser.parse_args()
    chosen = [pdf for pdf in fixtures() if not options.only or any(text in str(pdf) for text in options.only)]
    if options.rewrite:
        written = [rewrite(pdf, allow_deletions=options.allow_deletions) for pdf in chosen]
        return int(not all(written))
    differing = [(pdf, text) for pdf in chosen if (text := difference(pdf))]
    for _, text in differing:
        print(text)
    print(f"{len(chosen) - len(differing)} of {len(chosen)} fixtures agree with their goldens")
    return int(bool(differing))


if __name__ == "__main__":
    sys.exit(main())
