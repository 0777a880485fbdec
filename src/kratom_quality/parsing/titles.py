"""What a certificate's head says without a label: the product as a title, its matrix, the client's address, the great verdict."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from kratom_quality.parsing.dates import parse_date
from kratom_quality.parsing.fields import FieldReader, aligned
from kratom_quality.parsing.header_values import is_address, is_town
from kratom_quality.parsing.header_words import HeaderWords, key
from kratom_quality.parsing.layout import Cell, Line
from kratom_quality.records import Verdict
