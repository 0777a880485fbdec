from __future__ import annotations

import pickle
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import kratom_quality.vocabulary
from kratom_quality.errors import DataFileError
from kratom_quality.records import Panel
from kratom_quality.vocabulary import Analyte, Vocabulary, fold

DATA = Path(kratom_quality.vocabulary.__file__).parent.parent / "data"
OPTIONAL = [DATA / "cannabinoids.toml", DATA / "terpenes.toml"]
DEFAULT = Vocabulary.default()
FULL = Vocabulary.load(*OPTIONAL)
NAMES = [(name, analyte.id) for analyte in FULL.analytes.values() for name in (analyte.name, *analyte.names)]
NAMES_IN_PANEL = [(name, analyte) for analyte in FULL.analytes.values() for name in analyte.names_in_panel]

CERTIFICATE_WORDS = """
Accreditation; Accredited; Accurate; Action Level; Address; Agency; Amount; Analysed; Analysis; Analysis Date;
Analyst; Analyte; Analytes; Analytical; Approved; Approved By; Area; As; As Received; Assay; At; Authorized; Average;
Balance; Batch; Batch Date; Batch ID; Batch Number; Batch Size; Below; Black; Blank; Blue; Botanical; Bottle; Brand;
By; Calculated; Calibration; Capsule; Capsules; Category; Cellulose; Certificate; Certificate of Analysis; Certified;
Chain of Custody; City; Class; Client; Collected; Comment; Comments; Complete; Completed; Compliance; Component;
Compound; Concentration; Conclusion; Conforms; Consumer; Contact; Container; Control; Conversion; Count; Country;
Customer; Date; Date Received; Date Tested; Day; Detected; Detection; Detection Limit; Dilution; Director; Disclaimer;
Document; Dry; Dry Weight; Email; End; Evaluation; Expiration; Expiry; Extract; Extraction; Fail; Failed; Fax; Final;
Flower; Food; For; Form; Green; Guide; Heavy Metals; ID; In; Inc; Information; Ingredient; Inspection; Instrument;
Internal; Item; Kratom; Kratom Powder; Lab; Lab Director; Labeled; Laboratory; Laboratory Manager; Lead Analyst; Lead
Chemist; Leaf; Level; License; Limit; Limits; LLC; LOD; LOQ; Lot; Lot Number; Maeng Da; Manager; Manufacturer; Mass;
Mass Spectrometry; Material; Matrix; Max; Maximum; mg; mg/g; mg/serving; Method; Microbial; Microbiology; Min;
Minimum; Mitragyna; Mitragyna speciosa; Mycotoxin; Mycotoxins; Name; Native; Net Weight; No; None; Not; Not Detected;
Not Tested; Note; Notes; Number; Of; Order; Other; Package; Page; Panel; Parameter; Pass; Passed; Percent; Pesticide;
Pesticides; Phone; Photo; Potency; Powder; ppb; ppm; Prepared; Prepared By; Preservation; Printed; Procedure; Product;
Product Name; Product Type; Profile; Project; Purchase Order; QA; QC; Qualifier; Quality; Quantity; Range; Received;
Recommended; Record; Red; Reference; Regulatory; Released; Report; Report Date; Reported; Reporting Limit; Residual
Solvents; Result; Results; Retention Time; Reviewed; Sample; Sample Date; Sample ID; Sample Lead; Sample Name; Sample
Size; Sample Weight; Sampled; Sampling; Scan; Screen; Section; Serving; Serving Size; Signature; Solvent; Solvents;
Species; Specification; Specifications; Standard; State; Status; Storage; Strain; Street; Summary; Supplement;
Supplier; Tablet; Technician; Temperature; Test; Test Date; Test Method; Tested; Testing; Tests; The; This; Time; To;
Total; Total Amount; Total Pages; Total Sample; Type; Uncertainty; Unit; Units; Unknown; Use; USP; Value; Vendor;
Verified; Version; Visual; Volume; Website; Weight; White; With; Within; Yes; Zip
"""
WORDS = [" ".join(word.split()) for word in CERTIFICATE_WORDS.split(";")]


def vocabulary_file(folder: Path, text: str) -> Path:
    file = folder / "mine.toml"
    file.write_text(text, encoding="utf-8")
    return file


def entry(**fields: object) -> str:
    analyte = {"id": "lead", "name": "Lead", "panel": "heavy_metals"} | fields
    return "[[analyte]]\n" + "".join(f"{key} = {value!r}\n" for key, value in analyte.items())


@given(st.text(), st.text())
def test_fold_may_be_joined_word_by_word(first: str, second: str) -> None:
    """Folding two words together gives the folds of the two, joined."""
    assert fold(f"{first} {second}") == fold(first) + fold(second)


@pytest.mark.parametrize(
    ("printed", "folded"),
    [
        ("Δ⁹-THC", "delta9thc"),
        ("∆9-THC", "delta9thc"),
        ("λ-Cyhalothrin", "lambdacyhalothrin"),
        ("Aspergillus ﬂavus", "aspergillusflavus"),
        ("7α-Hydroxymitragynine*", "7alphahydroxymitragynine"),
        ("Arsénico", "arsenico"),
    ],
)
def test_fold_keeps_letters_and_digits(printed: str, folded: str) -> None:
    """Ligatures, accents, superscripts and Greek letters become plain letters and digits; the rest goes."""
    assert fold(printed) == folded


@pytest.mark.parametrize("file", OPTIONAL, ids=lambda file: file.stem)
def test_optional_files_load_on_the_default(file: Path) -> None:
    """Each optional file adds analytes to the default vocabulary without one name meaning two."""
    assert len(Vocabulary.load(file).analytes) > len(DEFAULT.analytes)


@pytest.mark.parametrize(
    ("panel", "least"),
    [
        (Panel.ALKALOIDS, 22),
        (Panel.HEAVY_METALS, 24),
        (Panel.MICROBIALS, 30),
        (Panel.MYCOTOXINS, 12),
        (Panel.PESTICIDES, 150),
        (Panel.RESIDUAL_SOLVENTS, 60),
    ],
)
def test_panels_are_broad(panel: Panel, least: int) -> None:
    """The default vocabulary knows what laboratories commonly test for in each panel."""
    assert sum(analyte.panel is panel for analyte in DEFAULT.analytes.values()) >= least


def test_cannabinoids_and_terpenes_are_optional() -> None:
    """Without the optional files no cannabinoid and no terpene is known."""
    assert not {analyte.panel for analyte in DEFAULT.analytes.values()} & {Panel.CANNABINOIDS, Panel.TERPENES}


def test_every_name_finds_its_own_analyte() -> None:
    """Each id, display name and synonym leads back to the analyte it stands under."""
    lost = [(name, wanted) for name, wanted in NAMES if (found := FULL.find(name)) is None or found.id != wanted]
    lost += [(wanted, wanted) for wanted in FULL.analytes if FULL.names[fold(wanted)].id != wanted]
    assert lost == []


def test_every_short_name_finds_its_own_analyte_in_its_panel() -> None:
    """Each name that needs its panel leads back to its analyte once the panel is given."""
    assert [name for name, analyte in NAMES_IN_PANEL if FULL.find(name, analyte.panel) is not analyte] == []


@given(
    st.sampled_from(NAMES),
    st.sampled_from([str.upper, str.title, str.casefold]),
    st.sampled_from(["", " ", "-", "\N{NON-BREAKING HYPHEN}"]),
    st.sampled_from(["", "*", " †", "**", " ²", "#"]),
)
def test_find_is_blind_to_typography(named: tuple[str, str], case: type[str], joint: str, mark: str) -> None:
    """Case, spaces, hyphens and footnote marks do not change which analyte a name finds."""
    name, wanted = named
    found = FULL.find(case(name).replace(" ", joint or " ").replace("-", joint) + mark)
    assert found is not None
    assert found.id == wanted


@given(st.sampled_from(NAMES), st.sampled_from([None, *Panel]))
def test_longest_prefix_agrees_with_find(named: tuple[str, str], panel: Panel | None) -> None:
    """What the words of a line begin with is what the same words find as a whole."""
    words = f"{named[0]} 0.5".split()
    count, analyte = FULL.longest_prefix([fold(word) for word in words], panel) or (0, None)
    assert analyte is None or FULL.find(" ".join(words[:count]), panel) is analyte


@pytest.mark.parametrize("word", WORDS)
def test_words_of_a_certificate_are_no_analytes(word: str) -> None:
    """Labels, headings and remarks do not name an analyte, also not as a misspelling of one."""
    assert FULL.find(word) is None
    assert FULL.nearest(word) is None


@given(st.text(alphabet="abcdefghijklmnopqrstuvwxyz0123456789", max_size=2))
def test_one_or_two_characters_are_no_analyte(text: str) -> None:
    """Without a panel nothing shorter than three characters is an analyte, except the acidity pH."""
    assert text == "ph" or FULL.find(text) is None


@pytest.mark.parametrize(
    ("printed", "panel", "wanted"),
    [
        ("7-OH", None, "7_hydroxymitragynine"),
        ("7-Hydroxymitragynine (7-OH)", None, "7_hydroxymitragynine"),
        ("Mitragynine per serving", None, "mitragynine"),
        ("Mitragynine, mg/g", None, "mitragynine"),
        ("MG", Panel.ALKALOIDS, "mitragynine"),
        ("mg", Panel.ALKALOIDS, None),
        ("Speciogynine (mg)", Panel.ALKALOIDS, "speciogynine"),
        ("Total Kratom Alkaloids²", None, "total_alkaloids"),
        ("Total", Panel.ALKALOIDS, "total_alkaloids"),
        ("Total", None, None),
        ("As", Panel.HEAVY_METALS, "arsenic"),
        ("As", None, None),
        ("Lead (Pb)", None, "lead"),
        ("Timbal (Pb)", None, "lead"),
        ("Arsenic (Inorganic)", None, "inorganic_arsenic"),
        ("B1", Panel.MYCOTOXINS, "aflatoxin_b1"),
        ("Fumonisin (B1)", Panel.MYCOTOXINS, "fumonisin_b1"),
        ("Mold", Panel.FOREIGN_MATTER, "visible_mold"),
        ("Mold", Panel.MICROBIALS, "mold"),
        ("Salmonella spp. in 25 g", None, "salmonella"),
        ("Escherichia coli", None, "e_coli"),
        ("Escherichia coli (STEC)", None, "stec"),
        ("Total Aerobic Count (TAC 10000)", None, "total_aerobic_microbial_count"),
        ("Aspergillus avus", None, "aspergillus_flavus"),
        ("A\ufffeatoxin B1", None, "aflatoxin_b1"),
        ("Lead (Cadmium)", None, None),
        ("Parathion-methyl", None, "parathion_methyl"),
        ("Methyl parathion", None, "parathion_methyl"),
        ("Total Contaminant Load", None, "total_contaminant_load"),
        ("Total Contaminant Load (Pesticides)", None, "total_contaminant_load_pesticides"),
        ("THC-A", None, "thca"),
        ("THC", None, "delta9_thc"),
        ("Total THC (DRY)", None, "total_thc"),
        ("Total THC/Container", None, "total_thc"),
        ("Δ8-Tetrahydrocannabinol (Δ8-THC)", None, "delta8_thc"),
    ],
)
def test_printed_forms(printed: str, panel: Panel | None, wanted: str | None) -> None:
    """Names with short forms, remarks, units, bases and lost ligatures find their analyte; contradictions find none."""
    found = FULL.find(printed, panel)
    assert (found and found.id) == wanted


@pytest.mark.parametrize(
    ("words", "panel", "wanted"),
    [
        ("Lead (Pb) 0.05 ppm", None, (2, "lead")),
        ("Lead Analyst", None, (1, "lead")),
        ("Mitragynine mg 12.1", Panel.ALKALOIDS, (1, "mitragynine")),
        ("Total THC/Container 680 mg", None, (2, "total_thc")),
        ("CBD per Unit ND", None, (3, "cbd")),
        ("Lead - 0.5", None, (1, "lead")),
        ("- Lead", None, None),
        ("mg 12.1", Panel.ALKALOIDS, None),
        ("Total Sample Area Covered by Sand, Soil, Cinders, or Dirt PASS", None, (10, "sand_soil_cinders_dirt")),
        ("Yeast & Mold 100", None, (3, "total_yeast_and_mold")),
        ("Aspergillus avus ND", None, (2, "aspergillus_flavus")),
        ("Result Pass", None, None),
        ("", None, None),
    ],
)
def test_longest_prefix(words: str, panel: Panel | None, wanted: tuple[int, str] | None) -> None:
    """The longest run of words that names an analyte is taken, with its second name and basis, and without a unit."""
    found = FULL.longest_prefix([fold(word) for word in words.split()], panel)
    assert (found and (found[0], found[1].id)) == wanted


@pytest.mark.parametrize(
    ("printed", "wanted"),
    [
        ("Mitragynlne", "mitragynine"),
        ("Arsenlc", "arsenic"),
        ("Speciociliatime", "speciociliatine"),
        ("Staphylococus aureuss", "staphylococcus_aureus"),
        ("Total THCVAx", None),
        ("Corynoxene", None),
        ("1,3-Dichloroethane", None),
        ("Theta-cypermethrin", None),
        ("Laed", None),
    ],
)
def test_nearest_repairs_but_does_not_guess(printed: str, wanted: str | None) -> None:
    """A misread letter is repaired; digits, short words, abbreviations and names between two analytes are not."""
    found = FULL.nearest(printed)
    assert (found and found.id) == wanted


def test_a_file_adds_names_and_analytes(tmp_path: Path) -> None:
    """A user's file adds names to a known id and analytes of its own, and leaves the default as it was."""
    text = '[[analyte]]\nid = "lead"\nnames = ["Saturnum"]\n' + entry(id="dust", name="Dust", panel="foreign_matter")
    mine = Vocabulary.load(vocabulary_file(tmp_path, text))
    assert mine.find("Saturnum") == mine.find("Lead") == mine.analytes["lead"]
    assert mine.find("Pb", Panel.HEAVY_METALS) == mine.analytes["lead"]
    assert mine.find("Dust") == Analyte(id="dust", name="Dust", panel=Panel.FOREIGN_MATTER)
    assert DEFAULT.find("Saturnum") is None


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        (entry(id="tin_foil", name="Tin foil", names=["Lead"]), "'Lead' stands for 'lead' already"),
        (entry(id="plumbum", name="Plumbum", names_in_panel=["Pb"]), "'Pb' stands for 'lead' already"),
        (entry(cas="7439-92-2"), "check digit of CAS number 7439-92-2"),
        (entry(cas="lead"), "no CAS number"),
        (entry(panel="metals"), "panel"),
        (entry(panel="microbials"), "may add names but not change"),
        (entry(id="Dust"), "id"),
        (entry(id="dust", name="Dust", symbol="D"), "symbol"),
        (entry(id="dust", name="%"), "neither letter nor digit"),
        ('[[analyte]]\nname = "Dust"\n', "entry 1 (without an id)"),
        ('[[analytes]]\nid = "dust"\n', "analytes"),
        ("analyte = 3\n", "analyte"),
        ("[[analyte]\n", "TOML"),
    ],
)
def test_a_wrong_file_is_named(tmp_path: Path, text: str, complaint: str) -> None:
    """A file that does not hold what it must is refused with its name and what is wrong."""
    with pytest.raises(DataFileError) as refusal:
        Vocabulary.load(vocabulary_file(tmp_path, text))
    assert "mine.toml" in str(refusal.value)
    assert complaint in str(refusal.value)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    """A file that is not there is refused with its name."""
    with pytest.raises(DataFileError, match=r"none\.toml"):
        Vocabulary.load(tmp_path / "none.toml")


def test_default_is_read_once_and_travels_to_workers() -> None:
    """The default vocabulary is one object, and its copy in another process finds the same."""
    assert Vocabulary.default() is DEFAULT
    assert pickle.loads(pickle.dumps(DEFAULT)).find("7-OH") == DEFAULT.find("7-OH")
