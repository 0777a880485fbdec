"""Certificates against a standard, label claims and themselves: every fault a Finding with its evidence.

The line: :mod:`lots` groups certificates, :mod:`conformity` judges results, the other modules turn what they see into
findings, :mod:`examination` puts them together for a market.
"""

from kratom_quality.checks.examination import LotReport, VendorReport, check, examine, make_context
from kratom_quality.checks.lots import UNKNOWN_VENDOR, Lot, VendorCertificates, by_client
from kratom_quality.checks.words import CANNOT_SHOW, rests_on

__all__ = [
    "CANNOT_SHOW",
    "UNKNOWN_VENDOR",
    "Lot",
    "LotReport",
    "VendorCertificates",
    "VendorReport",
    "by_client",
    "check",
    "examine",
    "make_context",
    "rests_on",
]
