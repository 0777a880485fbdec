"""Records as flat rows, as tidy pandas frames, and back; pandas is imported once a frame is made."""

from kratom_quality.frames.columns import CERTIFICATE_COLUMNS, FINDING_COLUMNS, LONG_COLUMNS, RESULT_COLUMNS, Row
from kratom_quality.frames.rows import certificate_row, finding_row, result_row
from kratom_quality.frames.tables import certificates_frame, findings_frame, frame, from_frame, results_frame, to_frame

__all__ = [
    "CERTIFICATE_COLUMNS",
    "FINDING_COLUMNS",
    "LONG_COLUMNS",
    "RESULT_COLUMNS",
    "Row",
    "certificate_row",
    "certificates_frame",
    "finding_row",
    "findings_frame",
    "frame",
    "from_frame",
    "result_row",
    "results_frame",
    "to_frame",
]
