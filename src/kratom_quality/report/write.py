"""Writing the folder of a report, the whole of it or nothing."""

from __future__ import annotations

import os
from collections.abc import Iterable
from datetime import date
from itertools import count
from pathlib import Path

from kratom_quality.batch import Progress
from kratom_quality.output import FailedFile
from kratom_quality.records import Certificate
from kratom_quality.report.changes import Changes
from kratom_quality.report.evidence import FILE_NAMES, PICTURES, Evidence
from kratom_quality.report.folder import replacing_folder
from kratom_quality.report.page import render
from kratom_quality.report.views import Places
from kratom_quality.scoring import Ranking, write_scores
from kratom_quality.scoring.output import SCORE_FILES
from kratom_quality.tracking import Alert, write_alerts

_PAGE = "report.html"
_ALERTS = "alerts.csv"
REPORT_FILES = (*SCORE_FILES, _PAGE, _ALERTS, f"{PICTURES}/{FILE_NAMES}", f"{PICTURES}/")
MOST_PICTURES = 12


def write_report(
    ranking: Ranking,
    out_dir: str | Path,
    certificates: Iterable[Certificate] | None = None,
    failures: Iterable[FailedFile] = (),
    *,
    folder: str | Path | None = None,
    today: date | None = None,
    pictures: int = MOST_PICTURES,
    password: str | None = None,
    jobs: int | None = None,
    force: bool = False,
    progress: Progress | None = None,
    alerts: Iterable[Alert] | None = None,
    since: date | None = None,
) -> Path:
    """Write ``report.html`` with its pictures beside it, and the tables of :func:`kratom_quality.write_scores`.

    The page opens from disk and asks nothing of a network. It says what ``explain`` says of each vendor, shows its
    batches over time, and for its gravest findings the rows they rest on, cut out of the certificates, whose files must
    still be there and be the same. The folder is written beside its place and swapped in when it is whole.

    Parameters
    ----------
    ranking
        As :func:`kratom_quality.score` gave it.
    out_dir
        A folder that does not exist or is empty.
    certificates
        What goes into ``certificates.jsonl`` and ``results.csv``; those the ranking rests on where None.
    failures
        Files that gave no record.
    folder
        What files are named relative to.
    today
        The day of judgement; the day it is where None.
    pictures
        At most so many for each vendor.
    password
        For encrypted certificates.
    jobs
        Processes that draw pictures; one for each processor where None.
    force
        Whether the files of an earlier report are replaced.
    progress
        Called after each vendor and each file that was drawn, with the number done, of all, and what it was.
    alerts
        What changed, as :func:`kratom_quality.changes` says it: a section of the page, and ``alerts.csv``.
    since
        The day of the earlier state that the alerts compare with.

    Returns
    -------
    pathlib.Path
        The page.

    Raises
    ------
    OutputExistsError
        If the folder holds files, and ``force`` is not given or they are not those of a report.
    """
    failures = tuple(failures)
    told = None if alerts is None else Changes(tuple(alerts), since)
    of_ranking = (one for score in ranking for report in score.lots for one in report.lot.certificates)
    out = Path(out_dir).resolve()
    with replacing_folder(out, REPORT_FILES, force=force) as beside:
        write_scores(
            ranking, ranking.findings, of_ranking if certificates is None else certificates, failures, beside, folder
        )
        evidence = Evidence(ranking, pictures)
        done, steps = count(1), len(evidence) + len(ranking)

        def step(what: str | Path) -> None:
            if progress is not None:
                progress(next(done), steps, Path(what))

        drawn = evidence.draw(beside, password=password, jobs=jobs or os.cpu_count() or 1, progress=step)
        places = Places(out, Path(folder).absolute() if folder is not None else None, drawn)
        if told is not None:
            with (beside / _ALERTS).open("w", encoding="utf-8", newline="") as stream:
                write_alerts(told.alerts, stream)
        day = today or date.today()
        page = render(ranking, places, failures, today=day, most=pictures, told=step, changes=told)
        with (beside / _PAGE).open("w", encoding="utf-8", newline="\n") as stream:
            stream.writelines(page)
    return out / _PAGE
