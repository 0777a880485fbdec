"""The nouns: what a certificate says, as frozen records that check and never repair.

The JSON of :class:`Certificate` keeps the key names users build on; keys may be added, none is renamed or dropped.
"""

from kratom_quality.records.base import Box, Record
from kratom_quality.records.certificate import (
    Certificate,
    Dates,
    LabelClaim,
    Laboratory,
    Panel,
    Portion,
    Printed,
    Problem,
    ProblemKind,
    Result,
    Unread,
    Verdict,
)
from kratom_quality.records.document import Document, Marks, OddFont, Source, TextChange, Url
from kratom_quality.records.finding import Finding, Severity
from kratom_quality.records.value import Limit, LimitKind, Uncertainty, UncertaintyKind, Value, ValueState

__all__ = [
    "Box",
    "Certificate",
    "Dates",
    "Document",
    "Finding",
    "LabelClaim",
    "Laboratory",
    "Limit",
    "LimitKind",
    "Marks",
    "OddFont",
    "Panel",
    "Portion",
    "Printed",
    "Problem",
    "ProblemKind",
    "Record",
    "Result",
    "Severity",
    "Source",
    "TextChange",
    "Uncertainty",
    "UncertaintyKind",
    "Unread",
    "Url",
    "Value",
    "ValueState",
    "Verdict",
]
