"""The head of a certificate: who tested what for whom, and when.

Labels are looked up in ``data/header.toml`` and their values taken from the places beside them; what no label names is
looked for by its form. Page 1 is read whole; of the following pages only the repeated head, and only for what is missing.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple, cast

from kratom_quality.parsing.dates import prefers_day_first
from kratom_quality.parsing.fields import FieldReader, Found, Place, body_top
from kratom_quality.parsing.header_values import accept
from kratom_quality.parsing.header_words import Field, HeaderWords, header_words, key
from kratom_quality.parsing.labs import LabFinder, find_accreditation, lab_profiles
from kratom_quality.parsing.layout import Sheet
from kratom_quality.parsing.parties import find_client
from kratom_quality.parsing.titles import find_product, find_signing_date, find_verdict, matrix_below
from kratom_quality.records import Dates, Laboratory, Verdict
