"""A person finds what is still to be done, answers it there, and goes on to the next."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import Visits
from tests.journeys.test_filling import another, card, choose, saved, score

pytestmark = pytest.mark.browser

ISI = "/lke/POLTEK/2026/isi"
BLANK = f"{ISI}/saring/kosong/"


def number_of_blanks(page: Page) -> int:
    return int(page.locator("aside [data-count=kosong]").inner_text())


def test_a_blank_card_is_answered_in_the_list_and_the_next_is_one_click_away(
    visit: Visits,
) -> None:
    page = visit("ketua.tim@contoh.go.id").go(BLANK)
    page.evaluate("window.sameDocument = true")
    listed = page.locator("article.butir")
    first, second = (listed.nth(place).get_attribute("id") for place in (1, 2))
    code = first.removeprefix("b-").replace("-", ".")
    blanks, before = number_of_blanks(page), score(page)

    choose(page, code, another(page, code))

    saved(page, code)
    expect(page.locator("#nilai .big")).not_to_have_text(before)
    expect(page.locator("aside [data-count=kosong]")).to_have_text(str(blanks - 1))
    expect(page.locator("#lanjut")).to_contain_text(f"{blanks - 1} kosong")
    assert listed.count() == blanks

    card(page, code).get_by_role("button", name="Simpan dan lanjut").click()

    expect(page.locator(f"#{second}")).to_be_focused()
    assert page.evaluate("window.sameDocument") is True
    page.reload()
    expect(page.locator(f"#{first}")).to_have_count(0)


def test_a_coordinator_sees_the_pokja_and_goes_on_by_one_key(visit: Visits) -> None:
    page = visit("koordinator@contoh.go.id").go(f"{ISI}/A.II.2/")
    beside = page.locator("aside.tree")
    expect(beside.get_by_role("heading", name="Pokja II Tatalaksana")).to_be_visible()
    points = page.locator("#tp-pokja-2")
    before = points.inner_text()

    choose(page, "A.II.2.i.a", another(page, "A.II.2.i.a"))

    saved(page, "A.II.2.i.a")
    expect(points).not_to_have_text(before)

    note = card(page, "A.II.2.i.a").get_by_label("Penjelasan", exact=True)
    note.fill("Ditulis tepat sebelum melanjutkan.")
    note.evaluate("field => field.blur()")
    page.keyboard.press("l")
    page.wait_for_url(re.compile(r"/isi/A\.I\.2/#b-A-I-2-"))

    page.goto(page.url.partition("/isi/")[0] + "/isi/A.II.2/")
    expect(note).to_have_value("Ditulis tepat sebelum melanjutkan.")
    beside.get_by_role("link", name="LKE", exact=True).click()
    expect(beside.get_by_role("heading", name="Pemenuhan")).to_be_visible()


def test_finding_works_without_javascript(visit: Visits) -> None:
    page = visit("ketua.tim@contoh.go.id", java_script_enabled=False).go(f"{ISI}/A.I.1/")
    field = page.get_by_role("searchbox", name="Cari butir")
    field.fill("pengaduan masyarakat")
    field.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Pencarian: pengaduan masyarakat")
    expect(page.locator("article.butir").first).to_be_visible()

    page.get_by_role("navigation", name="Saringan butir").get_by_role("link", name="Kosong").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Butir kosong")
    page.get_by_role("button", name="Simpan dan lanjut").first.click()
    page.wait_for_url(re.compile(r"/isi/[AB][.IV0-9]+/#b-"))


def test_on_a_phone_search_and_filters_are_in_the_picker(visit: Visits) -> None:
    page = visit("ketua.tim@contoh.go.id", viewport={"width": 390, "height": 844}).go(
        f"{ISI}/A.I.1/"
    )
    page.locator("summary.pick").click()
    field = page.get_by_role("searchbox", name="Cari butir")
    field.fill("xyzzy")
    field.press("Enter")
    page.get_by_text("Tidak ada butir yang cocok").wait_for()
    page.get_by_role("link", name="Hapus saringan").click()
    page.wait_for_url(re.compile(r"/isi/A\."))
