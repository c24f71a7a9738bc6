"""The main job: a filled workbook comes in, the verdict stands, the report goes out."""

import io
import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from pypdf import PdfReader

from tests.assessment.samples import sample_answers
from tests.assessment.workbooks.build import Form
from tests.journeys.conftest import Visits
from tests.journeys.visitor import Visitor
from tests.paths import official_lke

pytestmark = pytest.mark.browser

TOTAL = "84,71"
NOT_MET_FOR_WBBM = [
    "Nilai total",
    "Pengungkit",
    "Penataan Tatalaksana",
    "Pelayanan Publik yang Prima",
]


@pytest.mark.every_database
def test_our_own_workbook_goes_from_upload_to_report(visit: Visits, tmp_path: Path) -> None:
    """Into a unit that has answers already."""
    workbook = tmp_path / "lke.xlsx"
    workbook.write_bytes(Form(sample_answers(), notes=True).filled())
    visitor = visit("tim.klt-mdn@contoh.go.id")

    from_upload_to_report(visit, visitor, "KLT-MDN", workbook)


def test_the_ministrys_workbook_goes_from_upload_to_report(visit: Visits) -> None:
    """Into a unit that has none yet. Its own total leaves LHKASN out, in row 175."""
    workbook = official_lke("lke-terisi.xlsx")
    visitor = visit("tim.brk@contoh.go.id")

    comparison = from_upload_to_report(visit, visitor, "BRK", workbook)

    assert "84,57" in comparison
    assert TOTAL in comparison
    assert "175" in comparison


def from_upload_to_report(visit: Visits, visitor: Visitor, unit: str, workbook: Path) -> str:
    """The whole way; what the preview said about the workbook's own total."""
    look_at_workbook(visitor.page, workbook)
    comparison = visitor.page.locator("section[aria-labelledby=banding]").inner_text()
    assert not visit.examine(visitor)
    apply_it(visitor.page, unit)
    is_judged(visitor.page)
    ask_for_report(visitor.page)
    assert not visit.examine(visitor)
    text = download(visitor.page)
    assert TOTAL in text
    assert re.search(r"memenuhi (semua )?syarat( nilai)? WBK", text, re.IGNORECASE), text[:2000]
    return comparison


def look_at_workbook(page: Page, workbook: Path) -> None:
    page.get_by_role("link", name=re.compile("Mulai pengisian|Lanjutkan pengisian")).first.click()
    page.get_by_role("link", name=re.compile("Impor")).first.click()
    page.get_by_label("Berkas LKE").set_input_files(workbook)
    page.get_by_role("button", name="Unggah dan periksa").click()
    expect(page.locator("section[aria-labelledby=putusan]")).to_contain_text(TOTAL)


def apply_it(page: Page, unit: str) -> None:
    page.get_by_role("button", name=re.compile(r"Terapkan \d+ jawaban")).click()
    page.wait_for_url(re.compile(rf"/lke/{unit}/2026/ringkasan/"))
    expect(page.locator("body")).to_contain_text(f"nilai mandiri {TOTAL}")


def is_judged(page: Page) -> None:
    """WBK is met; WBBM fails on four requirements and no other."""
    lacking = page.locator("table.req tr.is-bad th")
    page.get_by_role("link", name="Syarat WBK").click()
    expect(page.locator("table.req")).to_be_visible()
    expect(lacking).to_have_count(0)
    page.get_by_role("link", name="Syarat WBBM").click()
    expect(lacking).to_contain_text(NOT_MET_FOR_WBBM, ignore_case=True)
    page.get_by_role("link", name="Syarat WBK").click()


def ask_for_report(page: Page) -> None:
    """Press the button and wait for the worker: the page goes to the report by itself."""
    page.get_by_role("button", name="Laporan kesiapan").click()
    page.wait_for_url(re.compile(r"/laporan/[0-9a-f-]{36}/"), timeout=60_000)


def download(page: Page) -> str:
    """Take the file; its text."""
    with page.expect_download() as download:
        page.get_by_role("link", name="Unduh PDF").click()
    reader = PdfReader(io.BytesIO(download.value.path().read_bytes()))
    return "\n".join(each.extract_text() for each in reader.pages)
