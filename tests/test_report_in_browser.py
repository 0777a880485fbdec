"""The report as a person meets it: opened from disk in Chromium, by mouse and by keyboard."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import kratom_quality as kq

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed (Debian's package chromium)")
playwright_api = pytest.importorskip("playwright.sync_api", reason="the extra 'test' is not installed")

VENDORS = "#ranking tbody tr:visible th a"


@pytest.fixture(scope="module")
def report(fixtures: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The report of the fixtures, with one vendor more whose name is markup."""
    folder = fixtures / "certificates"
    batch = kq.read_folder(folder)
    vendors = kq.assign_vendors(folder, batch.certificates)
    vendors["<script>alert(1)</script>"] = [
        one.model_copy(update={"batch": f"<img src=x onerror=alert({number})>"})
        for number, one in enumerate(vendors["crimson-walrus-imports"])
    ]
    today, earlier = date(2026, 11, 22), date(2026, 8, 1)
    ranking = kq.score(vendors, claims=fixtures / "claims.csv", today=today)
    known = {vendor: [one for one in group if str(one.dates.reported) < "2026-08"] for vendor, group in vendors.items()}
    before = kq.MarketState.of(kq.score(known, today=earlier), known, today=earlier)
    alerts = kq.changes(before, kq.MarketState.of(ranking, vendors, today=today), vendors)
    out = tmp_path_factory.mktemp("report")
    return kq.write_report(ranking, out, folder=folder, today=today, alerts=alerts, since=earlier)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with playwright_api.sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=["--disable-dev-shm-usage"])
        yield chromium
        chromium.close()


@pytest.fixture(params=[1280, 390], ids="{} px".format)
def page(browser: Browser, report: Path, request: pytest.FixtureRequest) -> Iterator[Page]:
    """The open page; nothing may be complained of, or asked of a network, by the end of the test."""
    complaints: list[str] = []
    context = browser.new_context(viewport={"width": request.param, "height": 900}, offline=True)
    opened = context.new_page()
    opened.on("console", lambda message: complaints.append(message.text))
    opened.on("pageerror", lambda error: complaints.append(str(error)))
    opened.on("dialog", lambda dialog: complaints.append(dialog.message))
    opened.on("request", lambda asked: complaints.append(asked.url) if not asked.url.startswith("file:") else None)
    opened.goto(report.as_uri())
    yield opened
    context.close()
    assert not complaints


def shown(page: Page) -> list[str]:
    return page.locator(VENDORS).all_inner_texts()


def open_vendor(page: Page, name: str) -> None:
    page.locator("#ranking").get_by_role("link", name=name, exact=True).click()
    page.get_by_role("heading", name=name, level=2).wait_for()


def violations(page: Page) -> list[str]:
    """What axe-core holds to be serious or critical."""
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe-core is not installed")
    found = axe.Axe().run(page).response["violations"]
    return [f"{one['id']}: {one['nodes'][0]['html']}" for one in found if one["impact"] in ("serious", "critical")]


def test_it_opens_on_the_ranking(page: Page) -> None:
    """All vendors are shown, best first, none of them wider than the window, and the first column says it is sorted."""
    assert len(shown(page)) == 8
    assert "<script>alert(1)</script>" in shown(page)
    assert page.locator("#ranking th[aria-sort]").get_attribute("aria-sort") == "ascending"
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert page.evaluate("getComputedStyle(document.querySelector('.grade')).fontWeight") == "700", "no style"


def test_what_changed_leads_to_the_vendor(page: Page) -> None:
    """What weighs stands above the ranking, the rest opens; a name leads to the vendor, and both are hidden there."""
    changed = page.get_by_role("region", name="What changed since 2026-08-01")
    grave = changed.get_by_role("table", name="Changes of high and medium severity")
    assert "batch CW-0163: Lead 1.914" in grave.inner_text()
    assert not changed.get_by_role("table", name="Changes of low severity").is_visible()
    changed.get_by_text("changes of less weight").click()
    assert "laboratory switch" in changed.get_by_role("table", name="Changes of low severity").inner_text()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    grave.get_by_role("link", name="crimson-walrus-imports", exact=True).first.click()
    page.get_by_role("heading", name="crimson-walrus-imports", level=2).wait_for()
    assert not changed.is_visible()


def test_it_sorts_by_a_column(page: Page) -> None:
    """A press on a head sorts by it, a second turns the order round, and both are said to a screen reader."""
    by_rank = shown(page)
    name = page.get_by_role("button", name="Vendor")
    name.click()
    assert shown(page) == sorted(by_rank)
    assert page.locator("#ranking th[aria-sort]").inner_text().startswith("Vendor")
    name.press("Enter")
    assert shown(page) == sorted(by_rank, reverse=True)
    assert page.locator("#ranking th[aria-sort]").get_attribute("aria-sort") == "descending"
    page.get_by_role("button", name="Label risk").click()
    risks = [int(text.rstrip("%")) for text in page.locator("#ranking tbody td:nth-child(5)").all_inner_texts()]
    assert risks == sorted(risks)


def test_it_filters(page: Page) -> None:
    """Part of a name, a grade, and the gravity of findings narrow the list; how many are left is said."""
    page.get_by_label("Vendor", exact=True).fill("OSTRICH")
    assert shown(page) == ["gilded-ostrich-supply"]
    assert page.get_by_role("status").inner_text() == "1 of 8 vendors shown"
    page.get_by_label("Vendor", exact=True).fill("nobody")
    assert page.get_by_text("No vendor passes these filters").is_visible()
    page.get_by_label("Vendor", exact=True).fill("")
    page.get_by_label("Grade", exact=True).select_option("E")
    assert "moonlit-teaspoon-extracts" in shown(page)
    assert set(page.locator("#ranking .grade:visible").all_inner_texts()) == {"E"}
    page.get_by_label("Grade", exact=True).select_option("")
    page.get_by_label("Findings", exact=True).select_option("none")
    assert shown(page) == ["blue-heron-botanicals", "juniper-trail-trading"]


def test_a_vendor_opens_to_its_story_and_back(page: Page) -> None:
    """The vendor's heading has the focus; going back returns it to the vendor in the list."""
    open_vendor(page, "crimson-walrus-imports")
    assert page.evaluate("document.activeElement.id") == "vendor-title"
    assert page.title().startswith("crimson-walrus-imports")
    assert not page.locator("#ranking").is_visible()
    assert page.get_by_role("heading", name="points by safety").is_visible()
    assert page.get_by_role("img", name="Mitragynine by day").is_visible()
    assert page.get_by_role("table", name="Certificates, the newest first").locator("tbody tr").count() == 7
    page.go_back()
    page.locator("#ranking").wait_for()
    assert page.evaluate("document.activeElement.textContent") == "crimson-walrus-imports"


def test_a_finding_opens_to_its_row(page: Page) -> None:
    """The picture is loaded when it is asked for and not before."""
    open_vendor(page, "crimson-walrus-imports")
    finding = page.locator("li", has_text="Lead 1.914").first
    picture = finding.get_by_role("img")
    assert picture.count() == 0
    finding.get_by_text("Show it on the certificate").press("Enter")
    picture.wait_for()
    page.wait_for_function("image => image.complete && image.naturalWidth > 0", arg=picture.element_handle())
    assert "with the row marked: Lead | 1.914" in (picture.get_attribute("alt") or "")


def test_markup_in_a_name_is_shown_and_not_obeyed(page: Page) -> None:
    """A vendor may be called what it likes."""
    open_vendor(page, "<script>alert(1)</script>")
    assert "<img src=x onerror=alert(0)>" in page.get_by_role("table").inner_text()
    assert page.locator("img[src=x]").count() == 0


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_nothing_serious_keeps_anyone_out(page: Page, scheme: str) -> None:
    """axe-core finds no serious violation in the ranking, nor in a vendor with a finding open, light or dark."""
    page.emulate_media(color_scheme=scheme)
    assert violations(page) == []
    open_vendor(page, "gilded-ostrich-supply")
    page.get_by_text("Show it on the certificate").first.click()
    assert violations(page) == []


def test_it_prints_without_its_controls(page: Page) -> None:
    """Paper has no use for filters; the ranking and the basis are printed."""
    page.emulate_media(media="print")
    assert not page.get_by_label("Vendor", exact=True).is_visible()
    assert len(shown(page)) == 8
    assert page.get_by_text("What this rests on").is_visible()
