"""Read kratom lab certificates into validated records and score the vendors behind them.

>>> import kratom_quality as kq
>>> batch = kq.read_folder("certificates/")
>>> ranking = kq.score(kq.assign_vendors("certificates/", batch.certificates), claims="claims.csv")

Importing the package does no work; each name is loaded from its module when it is first used.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from kratom_quality.errors import (
    CertificateError,
    ChangedFileError,
    ClaimsError,
    DamagedPdfError,
    DataFileError,
    EncryptedPdfError,
    ExecutorError,
    FrameError,
    InputError,
    KilledReaderError,
    KratomQualityError,
    LedgerError,
    LimitExceededError,
    MissingExtraError,
    NoCertificatesError,
    NoSuchPageError,
    NotAPdfError,
    OutputExistsError,
    ReadingFailedError,
    UnitError,
    UnreadableFileError,
    ValueFormatError,
)

if TYPE_CHECKING:
    from kratom_quality.batch import Batch, Failure, read_folder, read_many, read_stream, read_to
    from kratom_quality.checks import check
    from kratom_quality.claims import Claims
    from kratom_quality.drawing import draw_page, draw_rows
    from kratom_quality.frames import from_frame, to_frame
    from kratom_quality.ledger import Ledger
    from kratom_quality.limits import ReadingLimits
    from kratom_quality.parsing.certificate import read_certificate
    from kratom_quality.plots import (
        plot_alkaloids,
        plot_contaminants,
        plot_coverage,
        plot_history,
        plot_label_claims,
        plot_ranking,
    )
    from kratom_quality.records import (
        Certificate,
        Finding,
        Limit,
        Panel,
        Problem,
        Result,
        Severity,
        Source,
        Value,
        ValueState,
    )
    from kratom_quality.report import write_report
    from kratom_quality.scoring import Ranking, VendorScore, assign_vendors, write_scores
    from kratom_quality.scoring.score import score
    from kratom_quality.standards import Standard
    from kratom_quality.tracking import (
        Alert,
        ChangePoint,
        ControlChart,
        MarketState,
        Series,
        change_points,
        changes,
        control_chart,
        series_of,
    )
    from kratom_quality.vocabulary import Vocabulary

__version__ = "0.1.0"

__all__ = [
    "Alert",
    "Batch",
    "Certificate",
    "CertificateError",
    "ChangePoint",
    "ChangedFileError",
    "Claims",
    "ClaimsError",
    "ControlChart",
    "DamagedPdfError",
    "DataFileError",
    "EncryptedPdfError",
    "ExecutorError",
    "Failure",
    "Finding",
    "FrameError",
    "InputError",
    "KilledReaderError",
    "KratomQualityError",
    "Ledger",
    "LedgerError",
    "Limit",
    "LimitExceededError",
    "MarketState",
    "MissingExtraError",
    "NoCertificatesError",
    "NoSuchPageError",
    "NotAPdfError",
    "OutputExistsError",
    "Panel",
    "Problem",
    "Ranking",
    "ReadingFailedError",
    "ReadingLimits",
    "Result",
    "Series",
    "Severity",
    "Source",
    "Standard",
    "UnitError",
    "UnreadableFileError",
    "Value",
    "ValueFormatError",
    "ValueState",
    "VendorScore",
    "Vocabulary",
    "__version__",
    "assign_vendors",
    "change_points",
    "changes",
    "check",
    "control_chart",
    "draw_page",
    "draw_rows",
    "from_frame",
    "plot_alkaloids",
    "plot_contaminants",
    "plot_coverage",
    "plot_history",
    "plot_label_claims",
    "plot_ranking",
    "read_certificate",
    "read_folder",
    "read_many",
    "read_stream",
    "read_to",
    "score",
    "series_of",
    "to_frame",
    "write_report",
    "write_scores",
]

_HOMES = {
    "batch": "Batch Failure read_folder read_many read_stream read_to",
    "checks": "check",
    "claims": "Claims",
    "drawing": "draw_page draw_rows",
    "frames": "from_frame to_frame",
    "ledger": "Ledger",
    "limits": "ReadingLimits",
    "parsing.certificate": "read_certificate",
    "plots": "plot_alkaloids plot_contaminants plot_coverage plot_history plot_label_claims plot_ranking",
    "records": "Certificate Finding Limit Panel Problem Result Severity Source Value ValueState",
    "report": "write_report",
    "scoring": "Ranking VendorScore assign_vendors score write_scores",
    "standards": "Standard",
    "tracking": "Alert ChangePoint ControlChart MarketState Series change_points changes control_chart series_of",
    "vocabulary": "Vocabulary",
}
_HOME_OF = {name: module for module, names in _HOMES.items() for name in names.split()}


def __getattr__(name: str) -> object:
    if name not in _HOME_OF:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOME_OF[name]}"), name)


def __dir__() -> list[str]:
    return __all__
