"""Standards: every shipped file holds what it must, and a person's own is checked as strictly."""

from __future__ import annotations

from pathlib import Path

import pytest

from kratom_quality.errors import DataFileError
from kratom_quality.standards import Basis, Operator, Standard
from kratom_quality.units import normalise_unit
from kratom_quality.vocabulary import Vocabulary

OWN = """
name = "own"
title = "My own"
summary = "Lead alone."
required_panels = ["heavy_metals"]

[[requirements]]
id = "lead"
analyte = "lead"
operator = "<="
value = 0.5
unit = "ppm"
basis = "as sold"
panel = "heavy_metals"
citation = "my own choice"
certainty = "derived"
"""


@pytest.mark.parametrize("name", Standard.names())
def test_every_shipped_standard_loads_and_names_known_analytes_and_units(name: str) -> None:
    """No limit is on an analyte or in a unit that results cannot have."""
    standard, vocabulary = Standard.load(name), Vocabulary.default()
    assert standard.name == name
    for requirement in standard.requirements:
        assert requirement.analyte in vocabulary.analytes, requirement.id
        assert set(requirement.relative_to) <= set(vocabulary.analytes), requirement.id
        assert requirement.unit is None or normalise_unit(requirement.unit), requirement.id


def test_the_composite_says_why_each_of_its_own_numbers_was_chosen() -> None:
    """Every requirement of the default that is not included from elsewhere has a reason and a citation."""
    own = [requirement for requirement in Standard.load("consumer").requirements if "/" not in requirement.id]
    assert own
    assert all(requirement.why and requirement.citation for requirement in own)


def test_a_standard_includes_others_under_ids_that_name_them() -> None:
    """What is included is demanded too, is never required, and says where it comes from."""
    included = [entry for entry in Standard.load("rhode-island").requirements if entry.id.startswith("usp-467/")]
    assert len(included) == len(Standard.load("usp-467").requirements)
    assert not any(entry.required for entry in included)


def test_the_statutes_keep_their_numbers() -> None:
    """The limits written for kratom are those of the law, with its operator."""
    utah = {entry.id: entry for entry in Standard.load("utah-r70-580").requirements}
    assert {name: utah[name].value for name in ("arsenic", "cadmium", "lead", "mercury")} == {
        "arsenic": 2,
        "cadmium": 0.82,
        "lead": 1.2,
        "mercury": 0.4,
    }
    assert utah["lead"].operator is Operator.BELOW
    assert utah["aerobic-count"].operator is Operator.AT_MOST
    assert utah["salmonella"].sample_grams == 100
    share = Standard.load("kcpa-2pct").requirements[0]
    assert (share.value, share.basis, len(share.relative_to)) == (2, Basis.SHARE, 5)


def test_limits_read_as_a_person_would_say_them() -> None:
    """The words of a limit carry its operator, unit and basis."""
    words = {entry.id: entry.in_words() for entry in Standard.load("consumer").requirements}
    assert words["lead"] == "below 1.2 mg/kg"
    assert words["lead-daily"] == "at most 5 ug a day"
    assert words["7-oh-share"] == "at most 2 % of the alkaloids"
    assert words["mitragynine-to-7-oh"] == "at least 25 : 1"
    assert words["salmonella"] == "absent in 10 g"


def test_a_person_writes_their_own(tmp_path: Path) -> None:
    """A TOML file given by its path is a standard like any other."""
    file = tmp_path / "own.toml"
    file.write_text(OWN, encoding="utf-8")
    assert Standard.load(file).requirements[0].value == 0.5


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        ("value = 0.5\n", "", "every other operator has one"),
        ('unit = "ppm"\n', "", "needs a unit"),
        ('"ppm"', '"furlong"', "no unit we know"),
        ('"as sold"', '"ratio"', "ratio"),
        ('"<="', '">="', "for ratios"),
        ("value = 0.5", "value = 0", "greater than 0"),
        ('certainty = "derived"', 'certainty = "derived"\nlimit = 3', "limit: is no key we know"),
        ('citation = "my own choice"\n', "", "citation: Field required"),
        ('certainty = "derived"', 'certainty = "sure"', "certainty"),
        ('name = "own"', 'name = "own"\nincludes = ["nowhere"]', "'nowhere'"),
        ('name = "own"', "name = own", "not TOML"),
    ],
)
def test_a_faulty_standard_is_refused_with_file_and_key(tmp_path: Path, old: str, new: str, complaint: str) -> None:
    """What a standard lacks, or has too much of, is named."""
    file = tmp_path / "own.toml"
    file.write_text(OWN.replace(old, new), encoding="utf-8")
    with pytest.raises(DataFileError, match=complaint) as caught:
        Standard.load(file)
    assert "own" in str(caught.value)


def test_two_requirements_may_not_share_an_id(tmp_path: Path) -> None:
    """An id names one requirement."""
    file = tmp_path / "own.toml"
    file.write_text(OWN + OWN[OWN.index("[[") :], encoding="utf-8")
    with pytest.raises(DataFileError, match="more than one requirement has the id lead"):
        Standard.load(file)


def test_an_unknown_standard_is_answered_with_the_known_ones() -> None:
    """A mistyped name is met with the names there are."""
    with pytest.raises(DataFileError, match=r"'utha'.*utah-r70-580"):
        Standard.load("utha")
