"""The words of certificates, in the languages laboratories print them in."""

from __future__ import annotations

import tomllib

import pytest

from kratom_quality.datafiles import bundled
from kratom_quality.parsing.columns import ColumnKind, read_heading
from kratom_quality.parsing.dates import parse_date
from kratom_quality.parsing.header_words import header_words
from kratom_quality.parsing.sections import title_panel
from kratom_quality.parsing.tokens import key
from kratom_quality.phrases import STATES, VERDICTS, fold
from kratom_quality.records import Panel
from kratom_quality.units import canonical_unit, convert, normalise_unit
from kratom_quality.values import parse_limit, parse_value, parse_verdict
from kratom_quality.vocabulary import Vocabulary

VOCABULARY = Vocabulary.default()


@pytest.mark.parametrize(
    ("printed", "state"),
    [
        ("nicht nachweisbar", "not_detected"),
        ("n. n.", "not_detected"),
        ("<NG", "not_detected"),
        ("niet aantoonbaar", "not_detected"),
        ("Non détecté", "not_detected"),
        ("< LD", "not_detected"),
        ("No detectado", "not_detected"),
        ("não detectado", "not_detected"),
        ("non rilevato", "not_detected"),
        ("nedetekováno", "not_detected"),
        ("nie wykryto", "not_detected"),
        ("ikke påvist", "not_detected"),
        ("Tidak Terdeteksi", "not_detected"),
        ("TTD", "not_detected"),
        ("TR", "below_loq"),
        ("DNQ", "below_loq"),
        ("< LOR", "below_loq"),
        ("<BG", "below_loq"),
        ("< LQ", "below_loq"),
        ("<RG", "below_loq"),
        ("<MS", "below_loq"),
        ("poniżej granicy oznaczalności", "below_loq"),
        ("Negatif", "absent"),
        ("negativní", "absent"),
        ("afwezig", "absent"),
        ("Ausente", "absent"),
        ("nieobecne", "absent"),
        ("nepřítomno", "absent"),
        ("vyhovuje", "conforms"),
        ("nevyhovuje", "does_not_conform"),
        ("n. b.", "not_tested"),
        ("ej analyserad", "not_tested"),
    ],
)
def test_results_in_words_have_their_state(printed: str, state: str) -> None:
    """A result that is a word has the same state in every language."""
    assert parse_value(printed).state == state


@pytest.mark.parametrize(
    ("printed", "verdict"),
    [
        ("✓", "pass"),
        ("✘", "fail"),
        ("☒", None),
        ("OK", "pass"),
        ("DOES NOT MEET", "fail"),
        ("Borderline", None),
        ("i.O.", "pass"),
        ("n.i.O.", "fail"),
        ("voldoet niet", "fail"),
        ("vyhovuje", "pass"),
        ("niezgodny", "fail"),
        ("tidak sesuai", "fail"),
        ("no cumple", "fail"),
        ("Réussi", "pass"),
    ],
)
def test_verdicts_pass_or_fail(printed: str, verdict: str | None) -> None:
    """A verdict is read in every language and as a tick; what may mean either is none."""
    assert parse_verdict(printed) == verdict


def test_a_passing_word_denied_never_passes() -> None:
    """No verdict that denies is read as passing, and none that fails as a result that conforms."""
    denying = ("not ", "nicht ", "niet ", "no ", "non ", "não ", "ne", "nie ", "ikke ", "ej ", "tidak ")
    passing = {phrase for phrase, verdict in VERDICTS.items() if verdict == "pass"}
    assert not {fold(word + phrase) for word in denying for phrase in passing} & passing - {"nichtzubeanstanden"}
    assert not [
        phrase for phrase, verdict in VERDICTS.items() if verdict == "fail" and STATES.get(phrase) == "conforms"
    ]


@pytest.mark.parametrize(
    ("printed", "upper", "lower"),
    [
        ("maks. 10", 10, None),
        ("höchstens 5 %", 5, None),
        ("nie więcej niż 0,5 mg/kg", 0.5, None),
        ("nejvýše 3", 3, None),
        ("kurang dari 2", 2, None),
        ("inférieur à 1", 1, None),
        ("non superiore a 4", 4, None),
        ("mindestens 90", None, 90),
        ("tidak kurang dari 1,2", None, 1.2),
        ("non inferiore a 2", None, 2),
    ],
)
def test_words_that_compare_bound_on_their_side(printed: str, upper: float | None, lower: float | None) -> None:
    """A limit in words is a maximum or a minimum as its words say, denied or not."""
    limit = parse_limit(printed)
    assert (limit.upper, limit.lower) == (upper, lower)


@pytest.mark.parametrize(
    ("printed", "canonical"),
    [
        *(
            (spelling, "CFU/g")
            for spelling in ("KTJ/g", "jtk/g", "kve/g", "KbE/g", "UFC/g", "koloni/g", "CFU per gram")
        ),
        *((spelling, "MPN/g") for spelling in ("APM/g", "NPP/g", "NMP/g")),
        *((spelling, "%") for spelling in ("% hm.", "hm. %", "% b/b", "% (m/m)", "Gew.-%", "% p/p", "% wag.")),
        *((spelling, "mg/kg dry matter") for spelling in ("mg/kg ds", "mg/kg DM", "mg/kg TS", "mg/kg d.s.")),
        *((spelling, "/25 g") for spelling in ("/25 g", "per 25g", "in 25 g", "w 25 g")),
        ("per gram", "/g"),
        ("mg/stuk", "mg/piece"),
        ("mg/Kapsel", "mg/capsule"),
        ("log10 KbE/g", "log CFU/g"),
        ("meq/kg", "meq/kg"),
        ("g/cm³", "g/cm3"),
        ("kp", "kp"),
    ],
)
def test_units_of_other_languages_are_the_same_units(printed: str, canonical: str) -> None:
    """A spelling of another language is a spelling of the unit it stands for."""
    assert normalise_unit(printed) == canonical


def test_dry_matter_stays_dry_matter() -> None:
    """Amounts in dry matter convert among each other, and are never compared as if the sample had been dry."""
    assert convert(1500, "µg/kg TS", "mg/kg ds") == 1.5
    assert canonical_unit("mg/kg ds") == "mg/kg dry matter"


@pytest.mark.parametrize(
    ("printed", "kind"),
    [
        ("Grenz-/Richtwert", ColumnKind.LIMIT),
        ("Rapportagegrens", ColumnKind.LOQ),
        ("RG", ColumnKind.LOQ),
        ("MS", ColumnKind.LOQ),
        ("Norm", ColumnKind.LIMIT),
        ("Oordeel", ColumnKind.STATUS),
        ("Bepaling", ColumnKind.NAME),
        ("Ukazatel", ColumnKind.NAME),
        ("Výsledek", ColumnKind.RESULT),
        ("Jednotka", ColumnKind.UNIT),
        ("Nejistota", ColumnKind.UNCERTAINTY),
        ("Mez stanovitelnosti", ColumnKind.LOQ),
        ("Mez detekce", ColumnKind.LOD),
        ("Badana cecha", ColumnKind.NAME),
        ("Wynik badania", ColumnKind.RESULT),
        ("Wymaganie", ColumnKind.LIMIT),
        ("Niepewność", ColumnKind.UNCERTAINTY),
        ("Limite maximale", ColumnKind.LIMIT),
        ("Teneur déclarée", ColumnKind.CLAIM),
        ("Metode Pengujian", ColumnKind.METHOD),
        ("Customer limit", ColumnKind.LIMIT),
        ("Tested value", ColumnKind.RESULT),
        ("MSD", ColumnKind.QUALITY_CONTROL),
    ],
)
def test_heads_say_what_their_column_holds(printed: str, kind: ColumnKind) -> None:
    """A column's head is understood in every language."""
    heading = read_heading(printed)
    assert heading is not None
    assert heading.kind is kind


def test_what_cells_say_is_no_head() -> None:
    """No word a result or verdict is printed in is also a column's head, but the few that were always both."""
    heads = tomllib.loads(bundled("columns.toml").read_text("utf-8"))
    phrases = {fold(phrase) for kind in heads.values() for phrase in kind}
    assert phrases & {*STATES, *VERDICTS} <= {"complies", "inspec", "meetsspecification"}


@pytest.mark.parametrize(
    ("title", "panel"),
    [
        ("Těžké kovy (ICP-MS)", Panel.HEAVY_METALS),
        ("Zware metalen", Panel.HEAVY_METALS),
        ("Cemaran Logam Berat", Panel.HEAVY_METALS),
        ("Obsah alkaloidů", Panel.ALKALOIDS),
        ("Pyrrolizidine alkaloids", Panel.OTHER),
        ("Mykotoxiny", Panel.MYCOTOXINS),
        ("Mikrobiologische Untersuchung", Panel.MICROBIALS),
        ("Pozostałości pestycydów", Panel.PESTICIDES),
        ("Solvants résiduels", Panel.RESIDUAL_SOLVENTS),
    ],
)
def test_titles_announce_their_panel(title: str, panel: Panel) -> None:
    """A section's title announces its panel in every language; alkaloids of weeds are no alkaloids of kratom."""
    assert title_panel(title) is panel


@pytest.mark.parametrize(
    ("printed", "analyte"),
    [
        ("Ołów", "lead"),
        ("Rtuť", "mercury"),
        ("Kwik", "mercury"),
        ("Timah hitam", "lead"),
        ("Celkový počet mikroorganismů", "total_aerobic_microbial_count"),
        ("Gesamtkeimzahl, aerob, mesophil", "total_aerobic_microbial_count"),
        ("Aeroob kiemgetal 30 °C", "total_aerobic_microbial_count"),
        ("Aerobic Colony Count, 72 h at 30 °C", "total_aerobic_microbial_count"),
        ("Levures et moisissures", "total_yeast_and_mold"),
        ("Gisten", "yeast"),
        ("Plísně", "mold"),
        ("Presumptive Enterobacteriaceae", "enterobacteriaceae"),
        ("Obecność Salmonella spp. w 25 g", "salmonella"),
        ("Koagulase-positive Staphylokokken", "coagulase_positive_staphylococci"),
        ("Suma aflatoxinů B1+B2+G1+G2", "total_aflatoxins"),
        ("Aflatoxine B1", "aflatoxin_b1"),
        ("Ochratoksyna A", "ochratoxin_a"),
        ("Zawartość wody", "moisture"),
        ("Trocknungsverlust", "loss_on_drying"),
        ("Popiół całkowity", "ash"),
        ("7-hydroksymitragynina", "7_hydroxymitragynine"),
        ("7-Hydroxymitragynine, as percent of total alkaloids", "7_oh_share_of_alkaloids"),
        ("Suma 4 WWA", "pah4"),
        ("Chloropiryfos", "chlorpyrifos"),
        ("m/p-Xylene", "m_p_xylene"),
        ("Octan etylu", "ethyl_acetate"),
        ("Malathion and malaoxon (sum)", "malathion_and_malaoxon"),
    ],
)
def test_analytes_are_found_by_their_names_in_other_languages(printed: str, analyte: str) -> None:
    """A name in another language, or another English spelling, finds its one analyte."""
    found = VOCABULARY.find(printed)
    assert found is not None
    assert found.id == analyte


@pytest.mark.parametrize("word", ["Koper", "Eisen", "Med", "Fer", "Bentuk", "Cor", "As", "Barva"])
def test_everyday_words_name_an_analyte_in_its_panel_only(word: str) -> None:
    """A name that is an everyday word in some language is no analyte while the panel is not known."""
    assert VOCABULARY.find(word) is None


@pytest.mark.parametrize(
    ("label", "field"),
    [
        ("Zákazník", "client"),
        ("Název vzorku", "product"),
        ("Šarže", "batch"),
        ("Datum příjmu", "received"),
        ("Zleceniodawca", "client"),
        ("Numer próbki", "sample_id"),
        ("Data wykonania badań", "tested"),
        ("Opdrachtgever", "client"),
        ("Monstername", "collected"),
        ("Prüfbeginn/-ende", "tested"),
        ("Rekvirent", "client"),
        ("Ankomstdatum", "received"),
        ("No. Bets", "batch"),
        ("Tanggal Terbit", "reported"),
        ("Data de validade", "other"),
    ],
)
def test_labels_introduce_their_field(label: str, field: str) -> None:
    """A label at the head of a certificate introduces its field in every language."""
    assert [found.field for found in header_words().find_label(key(label))] == [field]


@pytest.mark.parametrize(
    ("printed", "iso"),
    [
        ("16. ledna 2024", "2024-01-16"),
        ("3. července 2023", "2023-07-03"),
        ("3. června 2023", "2023-06-03"),
        ("30 listopada 2021", "2021-11-30"),
        ("5 paź 2022", "2022-10-05"),
        ("18 oktober 2022", "2022-10-18"),
    ],
)
def test_months_are_known_as_they_are_declined(printed: str, iso: str) -> None:
    """A month in a Czech or Polish date stands in the genitive, and is found there too."""
    assert parse_date(printed, day_first=True) == iso


@pytest.mark.parametrize(
    ("said", "verdict"),
    [("Vzorek vyhovuje", "pass"), ("nevyhovuje", "fail"), ("nie spełnia", "fail"), ("overholder ikke", "fail")],
)
def test_verdicts_on_the_whole_sample(said: str, verdict: str) -> None:
    """A verdict on the sample is read in every language, and one denied is none that passes."""
    assert header_words().verdict(said) == verdict
