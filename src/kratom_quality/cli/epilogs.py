"""What ``--help`` shows below the options: examples, exit codes and where settings come from."""

from __future__ import annotations

_AS_WRITTEN = "\b\n"  # keeps the lines of a paragraph as they are


def _examples(*commands: str) -> str:
    return "\n".join([f"{_AS_WRITTEN}Examples:", *(f"  kratom-quality {command}" for command in commands)])


OVERVIEW = "\n\n".join(
    [
        _examples(
            "score certificates/ --claims claims.csv --out out",
            "explain certificates/ VENDOR",
            "read certificates/ --jsonl records.jsonl --csv results.csv",
        ),
        f"""{_AS_WRITTEN}Exit codes:
  0    all that was asked for was done
  1    some files gave no record, or a name is not in the vocabulary
  2    a mistake in what was given; the message says what to do
  3    watch: something of high severity changed
  130  interrupted; no file is half written""",
        "A file kratom-quality.toml in the folder, or in one above it, keeps standard, claims, vocabulary,"
        " grams_per_day, and other names of vendors and laboratories, so that no flag need be repeated. Flags win over"
        " it.",
    ]
)
READ = _examples(
    "read batch17.pdf",
    "read certificates/ --jsonl records.jsonl --csv results.csv",
    "read certificates/ --ledger ledger.sqlite",
    "read certificates/ s3://bucket/certificates --out read --parquet",
    "read certificates/ --failures failures.csv --json | jq .certificates[].batch",
)
INSPECT = _examples("inspect certificates/acme/batch17.pdf --page 1 --out page1.png")
SCORE = _examples(
    "score certificates/ --claims claims.csv --out out",
    "score certificates/ --standard utah-r70-580 --today 2026-11-22",
    "score certificates/ --json",
)
CHECK = _examples(
    "check certificates/ --claims claims.csv --csv findings.csv",
    "check certificates/ --standard my-limits.toml --grams-per-day 5",
)
EXPLAIN = _examples("explain certificates/ blue-heron-botanicals --claims claims.csv")
WATCH = "\n\n".join(
    [
        _examples(
            "watch certificates/ --ledger ledger.sqlite",
            "watch certificates/ --ledger ledger.sqlite --csv alerts.csv --out out --force",
            "watch certificates/ --ledger postgresql://user@host/database --json",
        ),
        f"""{_AS_WRITTEN}Exit codes:
  0    nothing of high severity changed
  1    some files gave no record, and nothing of high severity changed
  2    a mistake in what was given; the message says what to do
  3    something of high severity changed""",
    ]
)
HISTORY = _examples(
    "history blue-heron-botanicals --ledger ledger.sqlite",
    "history blue-heron-botanicals --ledger ledger.sqlite --analyte lead --csv lead.csv",
)
WITHDRAW = _examples(
    'withdraw certificates/acme/batch17.pdf --reason "laboratory reissued it" --ledger ledger.sqlite',
    'withdraw 3f1a9c04 --replaced-by certificates/acme/batch17b.pdf --reason "wrong sample" --date 2026-11-02',
)
STANDARDS = _examples("standards", "standards utah-r70-580", "standards my-limits.toml --json")
VOCABULARY = _examples(
    "vocabulary --panel alkaloids",
    'vocabulary "7-OH Mitragynine"',
    "vocabulary --vocabulary extra.toml",
)
