"""Printed name -> analyte, as data: ``data/analytes/*.toml``, and whatever files a person adds."""

from kratom_quality.vocabulary.analytes import Analyte, fold
from kratom_quality.vocabulary.lookup import Vocabulary

__all__ = ["Analyte", "Vocabulary", "fold"]
