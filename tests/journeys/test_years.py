"""A team works with last year beside it: leaves a butir empty with a reason, copies, confirms."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.journeys.conftest import Visits
from tests.portal import Portal

pytestmark = pytest.mark.browser

HEAD = "tim.rsbs@contoh.go.id"
LKE = "/lke/RSBS/{}/"
AREA = LKE + "isi/A.I.3/"
CODE = "A.I.3.i.b"
"""Left empty with a reason in the demonstration's 2026."""
NOTE = "Penempatan mengikuti peta jabatan 2025."
REASON = "Belum ada perjanjian kinerja tahun ini."


@pytest.fixture(scope="module")
def two_years(portal: Portal) -> None:
    """The unit has an assessment of 2025 too; it is still empty."""
    portal.manage("create_assessment", "--unit", "RSBS", "--period", "2025", "--target", "WBK")


def card(page: Page, code: str = CODE) -> Locator:
    return page.locator(f"#b-{code.replace('.', '-')}")


def choose(page: Page, key: str) -> None:
    card(page).locator("label.opt").filter(has=page.locator(f"input[value={key}]")).click()


def stands(page: Page, words: str) -> None:
    """What the card says of its saving."""
    expect(card(page).locator(".state")).to_contain_text(words)


def test_last_year_is_copied_reviewed_and_confirmed(visit: Visits, two_years: None) -> None:
    visitor = visit(HEAD)
    page = visitor.go(AREA.format(2025))
    choose(page, "B")
    stands(page, "Tersimpan")
    with page.expect_response(lambda reply: "/simpan/" in reply.url):
        card(page).get_by_label("Penjelasan", exact=True).fill(NOTE)
    page.get_by_text("2025", exact=True).first.click()  # the menu of periods
    page.get_by_role("link", name="2026", exact=True).click()
    page.wait_for_url(re.compile(re.escape(AREA.format(2026))))

    expect(card(page)).to_contain_text(re.compile(r"Tahun 2025: mandiri B \(0,\d\d\)"))
    card(page).get_by_role("button", name="Batalkan pengosongan").click()
    expect(card(page).locator(".emptied")).to_have_count(0)
    expect(card(page).locator("input:checked")).to_have_count(0)
    page.get_by_role("link", name="Salin dari tahun lalu").click()
    page.get_by_label("Salin juga jawabannya").check()
    page.get_by_role("button", name="Salin dari 2025").click()

    expect(page.get_by_text("1 penjelasan dan 1 jawaban disalin dari tahun 2025")).to_be_visible()
    stands(page, "Perlu ditinjau")
    expect(card(page).get_by_label("Penjelasan", exact=True)).to_have_value(NOTE)
    assert visit.examine(visitor) == []
    card(page).get_by_role("button", name="Konfirmasi").click()

    stands(page, "Tersimpan")
    expect(card(page).locator(".to-review")).to_have_count(0)
    page.goto(page.url)
    expect(page.get_by_text("Tidak ada butir yang perlu ditinjau")).to_be_visible()


@pytest.mark.parametrize("width", [1440, 390])
def test_a_butir_is_left_empty_with_a_reason_and_taken_back(visit: Visits, width: int) -> None:
    visitor = visit(HEAD, viewport={"width": width, "height": 844})
    page = visitor.go(LKE.format(2026) + "isi/A.I.4/")
    own = page.locator("#b-A-I-4-i-a")
    note = own.get_by_label("Penjelasan", exact=True)
    note.fill("Ditulis sesaat sebelum dikosongkan.")
    own.locator("summary").filter(has_text="Kosongkan dengan alasan").click()
    own.get_by_role("button", name="Kosongkan butir ini").click()
    expect(own.locator(".emptying .err")).to_contain_text("Tulis alasan")

    own.get_by_label("Alasan dikosongkan").fill(REASON)
    own.get_by_role("button", name="Kosongkan butir ini").click()

    expect(own.locator(".emptied")).to_contain_text("Dikosongkan dengan alasan (nilai 0)")
    expect(own.locator(".emptied")).to_contain_text(REASON)
    expect(own.locator(".state")).to_contain_text("Dikosongkan (nilai 0)")
    expect(own.locator(".val")).to_contain_text("0,00")
    expect(own.locator("input:checked")).to_have_count(0)
    expect(note).to_have_value("Ditulis sesaat sebelum dikosongkan.")
    expect(own.get_by_role("button", name="Batalkan pengosongan")).to_be_focused()
    expect(page.locator("#nilai")).to_contain_text("dikosongkan")
    assert visit.examine(visitor) == []

    own.locator("label.opt").first.click()
    expect(own.locator(".state")).to_contain_text("Tersimpan")
    expect(own.locator(".emptied")).to_have_count(0)
    page.reload()
    expect(own.locator("input:checked")).to_have_count(1)


def test_what_is_left_empty_without_a_line_is_so_when_the_line_is_back(visit: Visits) -> None:
    visitor = visit(HEAD)
    page = visitor.go(LKE.format(2026) + "isi/A.I.4/")
    own = page.locator("#b-A-I-4-i-b")
    own.locator("summary").filter(has_text="Kosongkan dengan alasan").click()
    own.get_by_label("Alasan dikosongkan").fill(REASON)
    page.context.set_offline(True)
    own.get_by_role("button", name="Kosongkan butir ini").click()
    expect(own.locator(".state")).to_contain_text("Tidak tersambung")
    own.get_by_label("Penjelasan", exact=True).focus()

    page.context.set_offline(False)

    expect(own.locator(".emptied")).to_contain_text(REASON)
    visitor.complaints.clear()  # of the outage, which the browser did notice
    page.reload()
    own.get_by_role("button", name="Batalkan pengosongan").click()
    expect(own.locator(".emptied")).to_have_count(0)
