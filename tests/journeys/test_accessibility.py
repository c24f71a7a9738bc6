"""Filling without a mouse, by ear, on a phone and much enlarged."""

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.journeys.conftest import Visits
from tests.journeys.looking import overflow
from tests.journeys.test_filling import another, card, chosen, saved

pytestmark = pytest.mark.browser

MEMBER = "anggota@contoh.go.id"
AREA = "/lke/POLTEK/2026/isi/A.I.5/"
PHONE = {"width": 390, "height": 844}
COVERED = """(element) => {
    const box = element.getBoundingClientRect();
    return [...document.querySelectorAll(".top, .score, .foot-nav")].some((bar) => {
        const over = bar.getBoundingClientRect();
        return ["sticky", "fixed"].includes(getComputedStyle(bar).position)
            && !bar.contains(element)
            && box.top < over.bottom - 1 && box.bottom > over.top + 1
            && box.left < over.right && box.right > over.left;
    });
}"""
"""Whether a bar that stays in place lies over an element."""


def codes(page: Page) -> list[str]:
    return page.locator("article.butir header .code").all_inner_texts()


def focused(page: Page) -> Locator:
    return page.locator(":focus")


def test_an_area_is_filled_by_keys_alone_and_each_result_is_told(visit: Visits) -> None:
    page = visit(MEMBER).go(AREA)
    first, second = codes(page)[:2]
    page.keyboard.press("j")
    expect(card(page, second)).to_be_focused()
    page.keyboard.press("k")
    expect(card(page, first)).to_be_focused()
    wanted = another(page, first)
    page.keyboard.press(wanted[0])

    saved(page, first)
    assert chosen(page, first) == wanted
    expect(page.get_by_role("status")).to_contain_text("Nilai")
    expect(page.locator("[aria-live]")).to_have_count(1)
    expect(card(page, first)).to_be_focused()
    page.keyboard.press("n")
    page.keyboard.type("bcd jk")
    expect(card(page, first).get_by_label("Penjelasan")).to_be_focused()
    assert chosen(page, first) == wanted


def test_one_letter_keys_can_be_turned_off_for_good(visit: Visits) -> None:
    page = visit(MEMBER).go(AREA)
    page.keyboard.press("?")
    dialog = page.get_by_role("dialog", name="Pintasan papan ketik")
    dialog.get_by_label("Pakai pintasan satu huruf").uncheck()
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    page.reload()
    page.keyboard.press("j")
    expect(page.locator("article.butir:focus")).to_have_count(0)
    page.keyboard.press("?")
    expect(dialog).to_be_hidden()
    # The way to turn them on again needs no key.
    page.get_by_role("button", name="pintasan").first.click()
    expect(dialog).to_be_visible()


@pytest.mark.parametrize(
    "size", [{"width": 1440, "height": 900}, PHONE, {"width": 640, "height": 400}]
)
def test_bars_that_stay_never_cover_what_has_the_focus(visit: Visits, size: dict[str, int]) -> None:
    page = visit(MEMBER, viewport=size, reduced_motion="reduce").go(AREA)
    page.locator("article.butir textarea").first.focus()
    for key in ["Tab"] * 25 + ["Shift+Tab"] * 25:
        page.keyboard.press(key)
        assert not focused(page).evaluate(COVERED), focused(page).evaluate("(e) => e.outerHTML")


def test_a_phone_shows_three_criteria_of_a_long_question(visit: Visits) -> None:
    page = visit(MEMBER, viewport=PHONE).go("/lke/POLTEK/2026/isi/A.II.6/")
    long = page.locator("article.butir").first
    foot = page.locator(".foot-nav").bounding_box()
    for place in range(3):
        box = long.locator("label.opt").nth(place).bounding_box()
        assert box["y"] + box["height"] < foot["y"]
    question = long.get_by_role("heading")
    folded = question.bounding_box()["height"]
    long.get_by_role("button", name="selengkapnya").click()
    assert question.bounding_box()["height"] > folded
    long.get_by_role("button", name="ringkas").click()
    assert question.bounding_box()["height"] == folded


def test_the_list_of_areas_is_a_sheet_on_a_phone(visit: Visits) -> None:
    page = visit(MEMBER, viewport=PHONE).go(AREA)
    sheet = page.locator("details.sheet")
    opener = sheet.locator("summary")
    opener.click()
    expect(sheet.get_by_role("link", name="Tatalaksana").first).to_be_visible()
    page.keyboard.press("Escape")
    expect(opener).to_be_focused()
    opener.click()
    page.mouse.click(195, 20)
    expect(sheet).not_to_have_attribute("open", "")
    opener.click()
    sheet.get_by_role("link", name="Tatalaksana").first.click()
    page.wait_for_url("**/isi/A.I.2/")


@pytest.mark.parametrize("width", [320, 640])
def test_an_open_calculation_fits_a_narrow_screen(visit: Visits, width: int) -> None:
    page = visit(MEMBER, viewport={"width": width, "height": 640}).go(AREA)
    code = codes(page)[0]
    link = card(page, code).get_by_role("link", name="Cara nilai dihitung")
    link.click()
    expect(card(page, code).locator(".how table")).to_be_visible()
    expect(link).to_be_focused()
    assert not list(overflow(page))
