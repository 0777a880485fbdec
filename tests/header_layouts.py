"""Heads of certificates in many styles, set word by word, and what each says. Every name is invented."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from kratom_quality.parsing.header import Header
from kratom_quality.parsing.layout import Sheet, lay_out
from kratom_quality.reading.page import Page, Word

Line = tuple[float, float, *tuple[tuple[float, str], ...]]  # middle, height, then (x0, text) for each cell


class Layout(NamedTuple):
    sheets: tuple[Sheet, ...]
    says: Mapping[str, str | None]


def sheet(*lines: Line, number: int = 1) -> Sheet:
    """Set cells on a letter page in a font whose letters are half as wide as high."""
    words: list[Word] = []
    for middle, height, *cells in lines:
        for x0, text in cells:
            for word in text.split(" "):
                x1 = x0 + 0.5 * height * len(word)
                if word:
                    words.append(Word(x0, middle - height / 2, x1, middle + height / 2, word))
                x0 = x1 + 0.25 * height
    return lay_out(Page(number, 612, 792, tuple(words)))


def flat(header: Header) -> dict[str, str | None]:
    """Every field of a header by its name."""
    fields = {name: value for name, value in header._asdict().items() if name not in {"laboratory", "dates"}}
    return (
        fields
        | {"laboratory": header.laboratory.name, **header.dates.model_dump()}
        | {"accreditation": header.laboratory.accreditation}
    )


LAYOUTS = {
    "two_forms_side_by_side_day_first": Layout(
        (
            sheet(
                (40, 16, (200, "ANALYTICAL REPORT")),
                (60, 9, (40, "Nordbach Analytik GmbH"), (300, "Industriestr. 12, 28199 Bremen, Germany")),
                (
                    100,
                    9,
                    (40, "Sample code Nr."),
                    (180, "703-2024-00012345"),
                    (330, "Report date"),
                    (450, "05/04/2024"),
                ),
                (114, 9, (40, "Customer"), (180, "Weidenhof Kräuter B.V.")),
                (128, 9, (40, "Product"), (180, "Kratom Blattpulver Rot")),
                (142, 9, (40, "Batch number"), (180, "L24-0117")),
                (
                    156,
                    9,
                    (40, "Reception date"),
                    (180, "26/03/2024"),
                    (330, "Analysis starting date"),
                    (450, "26/03/2024"),
                ),
                (170, 9, (40, "Analysis ending date"), (180, "04/04/2024")),
                (200, 9, (40, "Parameter"), (200, "Result"), (300, "Unit"), (400, "LOQ")),
                (
                    700,
                    6,
                    (40, "Tests were performed by Nordbach Analytik GmbH, accredited to DIN EN ISO/IEC 17025:2018."),
                ),
            ),
        ),
        {
            "laboratory": "Nordbach Analytik GmbH",
            "accreditation": "DIN EN ISO/IEC 17025:2018",
            "client": "Weidenhof Kräuter B.V.",
            "product": "Kratom Blattpulver Rot",
            "batch": "L24-0117",
            "sample_id": "703-2024-00012345",
            "received": "2024-03-26",
            "tested": "2024-03-26/2024-04-04",
            "reported": "2024-04-05",
        },
    ),
    "german": Layout(
        (
            sheet(
                (40, 12, (40, "Labor Hagenmoor")),
                (60, 14, (40, "Prüfbericht Nr. 24-00871")),
                (90, 9, (40, "Auftraggeber:"), (160, "Alpenkraut Handels GmbH")),
                (102, 9, (160, "Lindenweg 4")),
                (114, 9, (160, "80331 München")),
                (140, 9, (40, "Probenbezeichnung:"), (160, "Mitragyna speciosa Pulver")),
                (152, 9, (40, "Chargen-Nr.:"), (160, "MS-2402")),
                (164, 9, (40, "Probeneingang:"), (160, "12.03.2024")),
                (176, 9, (40, "Prüfzeitraum:"), (160, "12.03.2024 - 20.03.2024")),
                (188, 9, (40, "Berichtsdatum:"), (160, "21.03.2024")),
            ),
        ),
        {
            "laboratory": "Labor Hagenmoor",
            "client": "Alpenkraut Handels GmbH",
            "product": "Mitragyna speciosa Pulver",
            "batch": "MS-2402",
            "sample_id": "24-00871",
            "received": "2024-03-12",
            "tested": "2024-03-12/2024-03-20",
            "reported": "2024-03-21",
        },
    ),
    "colons_in_cells_of_their_own": Layout(
        (
            sheet(
                (40, 16, (200, "CERTIFICATE OF ANALYSIS")),
                (
                    80,
                    9,
                    (40, "Product Name"),
                    (130, ":"),
                    (140, "Kratom Extract 10:1"),
                    (320, "Batch Number"),
                    (420, ":"),
                    (430, "KE-130324"),
                ),
                (
                    108,
                    9,
                    (40, "Manufacture Date"),
                    (130, ":"),
                    (140, "24-Mar-13"),
                    (320, "Report Date"),
                    (420, ":"),
                    (430, "29-Mar-13"),
                ),
                (
                    122,
                    9,
                    (40, "Part Used"),
                    (130, ":"),
                    (140, "Leaf"),
                    (320, "Expiry Date"),
                    (420, ":"),
                    (430, "23-Mar-15"),
                ),
                (150, 9, (40, "Analysis Items"), (200, "Specifications"), (320, "Results"), (430, "Methods")),
                (164, 9, (40, "Appearance"), (200, "Fine powder"), (320, "Conforms"), (430, "Visual")),
                (400, 9, (40, "Conclusion: Complies with the enterprise standard")),
            ),
        ),
        {
            "laboratory": None,
            "client": None,
            "product": "Kratom Extract 10:1",
            "matrix": "Leaf",
            "batch": "KE-130324",
            "reported": "2013-03-29",
            "overall_status": "pass",
        },
    ),
    "labels_with_colons_above_values": Layout(
        (
            sheet(
                (30, 14, (40, "CERTIFICATE OF ANALYSIS")),
                (44, 9, (40, "Prepared for:")),
                (60, 13, (40, "HIGH MEADOW BOTANICALS")),
                (90, 13, (40, "Red Bali Powder")),
                (120, 8, (40, "Batch ID or Lot Number:"), (200, "Test:"), (320, "Reported:"), (430, "Method:")),
                (131, 8, (40, "RB-0093"), (200, "Potency"), (320, "15Mar2024"), (430, "TM14")),
                (145, 8, (40, "Matrix:"), (200, "Test ID:"), (320, "Started:"), (430, "Status:")),
                (156, 8, (40, "Plant"), (200, "T000271234"), (320, "14Mar2024"), (430, "NA")),
                (170, 8, (40, "Type:"), (200, "Date Received:")),
                (181, 8, (40, "Powder"), (200, "12Mar2024")),
                (220, 11, (40, "Alkaloids")),
                (234, 8, (40, "Analyte"), (200, "Result"), (320, "LOQ")),
                (
                    700,
                    7,
                    (40, "Testing results are based solely upon the sample submitted to Bristlecone Laboratories."),
                ),
                (710, 7, (40, "Bristlecone Laboratories is ISO/IEC 17025:2017 accredited.")),
            ),
        ),
        {
            "laboratory": "Bristlecone Laboratories",
            "accreditation": "ISO/IEC 17025:2017",
            "client": "HIGH MEADOW BOTANICALS",
            "product": "Red Bali Powder",
            "matrix": "Plant",
            "batch": "RB-0093",
            "sample_id": "T000271234",
            "received": "2024-03-12",
            "reported": "2024-03-15",
            "overall_status": None,
        },
    ),
    "labels_without_colons_before_values": Layout(
        (
            sheet(
                (30, 14, (40, "Quillfeather Labs LLC")),
                (46, 8, (40, "3421 Harbor Dr, San Diego, CA 92113")),
                (80, 9, (40, "Sample"), (150, "Green Maeng Da 250 ct")),
                (110, 9, (40, "Sample ID SD240311-022 (91234)"), (330, "Matrix Capsule")),
                (122, 9, (40, "Tested for Fernhollow Trading Co.")),
                (134, 9, (40, "Sampled -"), (230, "Received Mar 11, 2024"), (430, "Reported Mar 18, 2024")),
                (180, 11, (40, "ALK - Alkaloids Profile")),
            ),
        ),
        {
            "laboratory": "Quillfeather Labs LLC",
            "client": "Fernhollow Trading Co.",
            "product": "Green Maeng Da 250 ct",
            "matrix": "Capsule",
            "sample_id": "SD240311-022",
            "collected": None,
            "received": "2024-03-11",
            "reported": "2024-03-18",
        },
    ),
    "the_client_is_called_a_laboratory": Layout(
        (
            sheet(
                (36, 9, (40, "Lab File # 2200713"), (400, "Report Date: 7/21/20")),
                (52, 14, (200, "Certificate of Analysis")),
                (80, 9, (40, "Sample Name: 1000 mg Citrus Tincture"), (340, "OKRA Lab Sample: K-2200713-5")),
                (92, 9, (40, "Manufacturer: The Trusty Lab"), (340, "Receipt Date: 2020-07-13")),
                (104, 9, (40, "Lot Number: O20_366"), (340, "Login Date: 2020-07-12")),
                (116, 9, (40, "Sample Serving Size: N/A"), (340, "Date Started: 2020-07-13")),
                (150, 9, (40, "Analysis"), (200, "LOQ (%)"), (300, "Mass (%)")),
                (700, 7, (40, "Okra Food Science Analytics, Inc.  |  Suite 4, Louisville, KY 40202")),
            ),
        ),
        {
            "laboratory": "Okra Food Science Analytics, Inc.",
            "client": "The Trusty Lab",
            "product": "1000 mg Citrus Tincture",
            "batch": "O20_366",
            "sample_id": "K-2200713-5",
            "received": "2020-07-13",
            "tested": None,
            "reported": "2020-07-21",
        },
    ),
    "blank_manufacturer_beside_who_ordered": Layout(
        (
            sheet(
                (46, 14, (200, "CERTIFICATE OF ANALYSIS")),
                (60, 8, (200, "DATE ISSUED 12/18/2024")),
                (100, 8, (40, "SAMPLE NAME: 1500mg PM Softgel")),
                (112, 8, (40, "Infused, Solid Edible")),
                (140, 8, (40, "CULTIVATOR / MANUFACTURER"), (260, "DISTRIBUTOR / TESTED FOR")),
                (152, 8, (40, "Business Name:"), (260, "Business Name: calmMoor")),
                (164, 8, (40, "License Number:"), (260, "License Number:")),
                (212, 8, (40, "Batch Number: 410010"), (260, "Date Collected: 12/18/2024")),
                (224, 8, (40, "Sample ID: 241218N014"), (260, "Date Received: 12/18/2024")),
                (260, 8, (40, "SAFETY ANALYSIS - SUMMARY")),
                (312, 8, (40, "Limit per Unit: PASS")),
                (700, 6, (40, "RG Laboratories California LLC. | 100 Pine Street, Santa Cruz, CA 95060 | rglabs.com")),
                (708, 6, (40, "© 2024 RG Labs all rights reserved.")),
            ),
        ),
        {
            "laboratory": "RG Laboratories California LLC.",
            "client": "calmMoor",
            "product": "1500mg PM Softgel",
            "matrix": "Infused, Solid Edible",
            "batch": "410010",
            "sample_id": "241218N014",
            "collected": "2024-12-18",
            "received": "2024-12-18",
            "reported": "2024-12-18",
            "overall_status": None,
        },
    ),
    "vendors_own_sheet": Layout(
        (
            sheet(
                (40, 18, (40, "Sunfern Botanicals")),
                (56, 8, (40, "17 Orchard Lane")),
                (66, 8, (40, "Boise, ID 83702")),
                (76, 8, (40, "www.sunfernbotanicals.com")),
                (110, 15, (200, "Certificate of Analysis")),
                (140, 10, (40, "Product:"), (140, "Red Maeng Da Kratom Powder")),
                (154, 10, (40, "Lot #:"), (140, "RMD0324")),
                (168, 10, (40, "Manufacture Date:"), (140, "03/01/2024")),
                (200, 9, (40, "TEST"), (200, "SPECIFICATION"), (320, "RESULT"), (430, "METHOD")),
                (214, 9, (40, "Mitragynine"), (200, "NLT 1.0%"), (320, "1.42%"), (430, "HPLC")),
                (600, 9, (40, "Approved by: Dana Whitlock, QA Manager"), (400, "Date: 03/22/2024")),
            ),
        ),
        {
            "laboratory": None,
            "client": "Sunfern Botanicals",
            "product": "Red Maeng Da Kratom Powder",
            "batch": "RMD0324",
            "reported": "2024-03-22",
            "overall_status": None,
        },
    ),
    "titles_and_a_great_verdict": Layout(
        (
            sheet(
                (22, 15, (420, "Cormorant Labs")),
                (45, 9, (406.75, "Sleep Capsules 25 mg")),
                (56, 9, (476.5, "N/A")),
                (67, 9, (429.25, "Matrix: Edible")),
                (70, 9, (31, "4131 SW 47th AVENUE SUITE 1408")),
                (80, 9, (31, "DAVIE, FL, 33314, US")),
                (112, 9, (450, "Sample:DA00210005-001")),
                (123, 9, (450, "Harvest/Lot ID: M02V01")),
                (134, 9, (450, "Batch#: GRW0078")),
                (167, 9, (450, "Sampled : 02/07/20")),
                (178, 9, (450, "Completed: 04/29/20 Expires: 04/29/21")),
                (251, 17, (23, "Apr 29, 2020 | Headwater Labs Inc"), (500, "PASSED")),
                (265, 9, (23, "601 Fairway Drive")),
                (275, 9, (23, "Deerfield Beach, Florida, 33441")),
                (295, 9, (99, "SAFETY RESULTS")),
                (357, 7, (111, "Pesticides")),
                (364, 7, (111, "PASSED")),
                (763, 6, (27, "This report shall not be reproduced without written approval from Cormorant Labs.")),
            ),
        ),
        {
            "laboratory": "Cormorant Labs",
            "client": "Headwater Labs Inc",
            "product": "Sleep Capsules 25 mg",
            "matrix": "Edible",
            "batch": "GRW0078",
            "sample_id": "DA00210005-001",
            "collected": "2020-02-07",
            "reported": "2020-04-29",
            "overall_status": "pass",
        },
    ),
    "grids_with_labels_above_values": Layout(
        (
            sheet(
                (30, 14, (40, "MOSSGATE TESTING LABORATORIES, INC.")),
                (44, 8, (40, "88 Quarry Road, Portland, OR 97201")),
                (80, 7, (40, "CLIENT"), (220, "PRODUCT"), (400, "LOT NUMBER")),
                (91, 10, (40, "Copperleaf Herbals"), (220, "Kratom Capsules 500 mg"), (400, "CC-2291")),
                (110, 7, (40, "DATE RECEIVED"), (220, "DATE TESTED"), (400, "DATE REPORTED")),
                (121, 10, (40, "1/9/2024"), (220, "1/10/2024 - 1/16/2024"), (400, "1/17/2024")),
                (140, 7, (40, "SAMPLE ID"), (220, "SAMPLE TYPE"), (400, "OVERALL RESULT")),
                (151, 10, (40, "MG-24-00107"), (220, "Capsule"), (400, "FAIL")),
                (190, 10, (40, "Microbiology")),
            ),
        ),
        {
            "laboratory": "MOSSGATE TESTING LABORATORIES, INC.",
            "client": "Copperleaf Herbals",
            "product": "Kratom Capsules 500 mg",
            "matrix": "Capsule",
            "batch": "CC-2291",
            "sample_id": "MG-24-00107",
            "received": "2024-01-09",
            "tested": "2024-01-10/2024-01-16",
            "reported": "2024-01-17",
            "overall_status": "fail",
        },
    ),
    "grid_with_stacked_heads_and_wrapped_values": Layout(
        (
            sheet(
                (60, 9, (100, "Client:"), (300, "Final Report"), (560, "Lab:")),
                (72, 9, (100, "Elderbrook Holdings, Inc."), (533.5, "PKT Labs")),
                (84, 9, (100, "28 Apple Street"), (497.5, "85 Spring Street")),
                (150, 9, (453, "Date")),
                (
                    156,
                    9,
                    (120, "Sample ID #"),
                    (220, "Sample Name"),
                    (330, "Batch"),
                    (382, "Matrix"),
                    (515, "Date Tested"),
                ),
                (162, 9, (444, "Received")),
                (180, 9, (125, "PKT-S22-"), (444, "21 March")),
                (186, 9, (234, "Flower"), (324, "CH-C-1"), (382, "Flower"), (500, "22-25 March 2022")),
                (192, 9, (135, "14947"), (453, "2022")),
                (320, 9, (100, "The results are compliant with the quality control criteria of the laboratory.")),
            ),
        ),
        {
            "laboratory": "PKT Labs",
            "client": "Elderbrook Holdings, Inc.",
            "product": "Flower",
            "batch": "CH-C-1",
            "sample_id": "PKT-S22-14947",
            "received": "2022-03-21",
            "tested": "2022-03-22/2022-03-25",
            "overall_status": None,
        },
    ),
    "many_labels_in_one_line": Layout(
        (
            sheet(
                (30, 14, (40, "Dunlin Testing Labs"), (350, "CERTIFICATE OF ANALYSIS")),
                (60, 9, (40, "Sample ID: D-1180 Sample Name: Super Indo Powder Lot: SI 44 Matrix: Powder")),
                (72, 9, (40, "Client: Pier Nine LLC Received: 5/2/2024 Reported: 5/9/2024 Overall: FAIL")),
                (100, 9, (40, "Analyte"), (200, "Result")),
            ),
        ),
        {
            "laboratory": "Dunlin Testing Labs",
            "client": "Pier Nine LLC",
            "product": "Super Indo Powder",
            "matrix": "Powder",
            "batch": "SI 44",
            "sample_id": "D-1180",
            "received": "2024-05-02",
            "reported": "2024-05-09",
            "overall_status": "fail",
        },
    ),
    "two_days_under_one_label": Layout(
        (
            sheet(
                (96, 34, (30, "Cloud Slice (1g)")),
                (98, 18, (320, "PASS")),
                (300, 7, (30, "SAMPLE ID")),
                (309, 9, (30, "267683")),
                (344, 7, (30, "MATRIX")),
                (353, 9, (30, "Concentrate")),
                (366, 7, (30, "BATCH NO.")),
                (375, 9, (30, "210000068")),
                (388, 7, (30, "COLLECTED, RECEIVED")),
                (397, 9, (30, "03/09/2021 11:42, 03/10/2021 03:47")),
                (410, 7, (30, "DISTRIBUTOR INFO")),
                (419, 9, (30, "Gulf Distribution, LLC")),
                (444, 7, (30, "MANUFACTURER INFO")),
                (453, 9, (30, "Gulf Products, LLC")),
                (310, 12, (230, "Chemical Residue")),
                (310, 10, (520, "PASS")),
                (700, 8, (30, "THIS COA WAS REVIEWED AND APPROVED ON 03/12/2021")),
            ),
        ),
        {
            "client": "Gulf Products, LLC",
            "product": "Cloud Slice (1g)",
            "matrix": "Concentrate",
            "batch": "210000068",
            "sample_id": "267683",
            "collected": "2021-03-09",
            "received": "2021-03-10",
            "reported": "2021-03-12",
            "overall_status": "pass",
        },
    ),
    "a_cover_before_the_certificate": Layout(
        (
            sheet((200, 20, (200, "Red Bali Kratom")), (240, 14, (200, "Test documents"))),
            sheet(
                (30, 14, (40, "Larkspur Analytical Laboratories"), (400, "Certificate of Analysis")),
                (60, 9, (40, "Client: Bay Cedar LLC"), (320, "Batch #: BC-11"), (450, "Sample ID: LS-1002")),
                (
                    84,
                    9,
                    (40, "Product: Bali Powder"),
                    (320, "Date Collected: 3/1/2024"),
                    (450, "Date Received: 04/02/2024"),
                ),
                (96, 9, (40, "Date Reported: 04/11/2024")),
                (340, 9, (40, "Analyte"), (200, "Result")),
                number=2,
            ),
        ),
        {
            "laboratory": "Larkspur Analytical Laboratories",
            "client": "Bay Cedar LLC",
            "product": "Bali Powder",
            "batch": "BC-11",
            "sample_id": "LS-1002",
            "collected": "2024-03-01",
            "received": "2024-04-02",
            "reported": "2024-04-11",
        },
    ),
    "british_dates_that_no_date_decides": Layout(
        (
            sheet(
                (30, 14, (40, "Thornbury Analytical Ltd")),
                (44, 8, (40, "4 Mill Lane, Leeds LS1 4AB, United Kingdom")),
                (80, 9, (40, "Customer:"), (140, "Bramble & Co")),
                (92, 9, (40, "Sample Description:"), (160, "Kratom capsules")),
                (104, 9, (40, "Batch:"), (140, "B/0042")),
                (116, 9, (40, "Date Received:"), (140, "03/04/2024")),
                (128, 9, (40, "Date of Issue:"), (140, "11/04/2024")),
            ),
        ),
        {
            "laboratory": "Thornbury Analytical Ltd",
            "client": "Bramble & Co",
            "product": "Kratom capsules",
            "batch": "B/0042",
            "received": "2024-04-03",
            "reported": "2024-04-11",
        },
    ),
    "blank_values": Layout(
        (
            sheet(
                (30, 14, (40, "Certificate of Analysis"), (380, "Larkspur Analytical Laboratories")),
                (60, 9, (40, "Client: Bay Cedar LLC"), (320, "Batch #:"), (420, "Sample ID: LS-1002")),
                (72, 9, (40, "External Lot ID: ; Batch Size: ; Lot #: N/A")),
                (84, 9, (40, "Product:"), (320, "Date Collected:"), (420, "Date Received: 04/02/2024")),
                (96, 9, (40, "Matrix: Powder"), (320, "Date Reported: 04/31/2024")),
                (120, 9, (40, "Analyte"), (200, "Result")),
            ),
        ),
        {
            "laboratory": "Larkspur Analytical Laboratories",
            "client": "Bay Cedar LLC",
            "product": None,
            "matrix": "Powder",
            "batch": None,
            "sample_id": "LS-1002",
            "collected": None,
            "received": "2024-04-02",
            "reported": None,
        },
    ),
}
