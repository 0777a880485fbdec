"""Does the confidence of rows notice what a page has lost: certificates read with their words damaged.

    python benchmarks/damage.py CERTIFICATES TRUTH [--vocabulary FILE] [--seeds 1]

Words of the text layer are lost, heads of columns are lost, words are moved sideways, raised, run together or split, a
few in a hundred each, and the pages are understood as they then are. Rows are judged as by ``reliability.py``. What a
reader cannot know (a lost 'None' before 'Detected') stays wrong; the rest should lower the confidence. The factors of
``data/confidence.toml`` were estimated so.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from random import Random

from reliability import Judged, judge_all, print_table, table

from kratom_quality import Vocabulary
from kratom_quality.parsing.columns import read_heading
from kratom_quality.parsing.document import understand
from kratom_quality.parsing.names import Names
from kratom_quality.reading.page import Word
from kratom_quality.reading.pdfium import read_pages

Damage = Callable[[Sequence[Word], Random], Iterator[Word]]


def lose_words(words: Sequence[Word], random: Random) -> Iterator[Word]:
    return (word for word in words if random.random() > 0.03)


def lose_heads(words: Sequence[Word], random: Random) -> Iterator[Word]:
    return (word for word in words if random.random() > 0.35 or read_heading(word.text) is None)


def move_sideways(words: Sequence[Word], random: Random) -> Iterator[Word]:
    for word in words:
        by = random.uniform(-25, 25) if random.random() < 0.03 else 0.0
        yield word._replace(x0=word.x0 + by, x1=word.x1 + by)


def raise_or_lower(words: Sequence[Word], random: Random) -> Iterator[Word]:
    for word in words:
        by = random.uniform(-6, 6) if random.random() < 0.03 else 0.0
        yield word._replace(top=word.top + by, bottom=word.bottom + by)


def run_together(words: Sequence[Word], random: Random) -> Iterator[Word]:
    joined: list[Word] = []
    for word in words:
        last = joined[-1] if joined else None
        is_near = last is not None and abs(last.top - word.top) < 1 and 0 < word.x0 - last.x1 < 40
        if last is not None and is_near and random.random() < 0.03:
            joined[-1] = last._replace(x1=word.x1, bottom=word.bottom, text=last.text + word.text)
        else:
            joined.append(word)
    return iter(joined)


def split_words(words: Sequence[Word], random: Random) -> Iterator[Word]:
    for word in words:
        if len(word.text) > 3 and random.random() < 0.02:
            cut = random.randrange(1, len(word.text))
            middle = word.x0 + (word.x1 - word.x0) * cut / len(word.text)
            yield word._replace(x1=middle - 2, text=word.text[:cut])
            yield word._replace(x0=middle + 2, text=word.text[cut:])
        else:
            yield word


DAMAGES: tuple[Damage, ...] = (lose_words, lose_heads, move_sideways, raise_or_lower, run_together, split_words)


def judge_damaged(files: Sequence[Path], truth: Path, names: Names, damage: Damage, seed: int) -> list[Judged]:
    records = []
    for file in files:
        random = Random(f"{damage.__name__} {seed} {file.name}")
        pages = [page._replace(words=tuple(damage(page.words, random))) for page in read_pages(file.read_bytes())]
        rows = understand(pages, names).findings.results
        records.append({"source": {"path": str(file)}, "results": [row.model_dump(mode="json") for row in rows]})
    return judge_all(records, truth)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("certificates", type=Path)
    parser.add_argument("truth", type=Path)
    parser.add_argument("--vocabulary", type=Path, action="append", default=[])
    parser.add_argument("--seeds", type=int, default=1)
    options = parser.parse_args()
    names = Names(Vocabulary.load(*options.vocabulary))
    files = sorted(options.certificates.rglob("*.pdf"))
    every: list[Judged] = []
    for damage in DAMAGES:
        judged = [
            one for seed in range(options.seeds) for one in judge_damaged(files, options.truth, names, damage, seed)
        ]
        print(f"\n{damage.__name__.replace('_', ' ')}")
        print_table(table(judged))
        every += judged
    print("\nall together")
    print_table(table(every))


if __name__ == "__main__":
    main()
