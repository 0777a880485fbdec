"""One folder with everything a scored folder gives: the page, the tables, and pictures of what findings rest on."""

from kratom_quality.report.folder import require_replaceable
from kratom_quality.report.write import REPORT_FILES, write_report

__all__ = ["REPORT_FILES", "require_replaceable", "write_report"]
