"""A person fills the LKE: what is typed is kept, and the score follows at once."""

import re
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import Visits
from tests.portal import Portal

pytestmark = pytest.mark.browser

CHOICE = "A.I.1.i.b"
NOTED = "A.I.1.ii.b"
SHARED = "A.I.3.i.b"


def card(page: Page, code: str):
    """The card of an indicator on the filling page."""
    return page.locator(f"#b-{code.replace('.', '-')}")


def choose(page: Page, code: str, key: str) -> None:
    """Click a criterion as a person does, on its visible label."""
    card(page, code).locator("label.opt").filter(has=page.locator(f"input[value={key}]")).click()


def chosen(page: Page, code: str) -> str:
    return card(page, code).locator("input[name=choice]:checked").get_attribute("value")


def another(page: Page, code: str) -> str:
    """A criterion of the card that is not the chosen one."""
    return page.locator(
        f"#b-{code.replace('.', '-')} input[name=choice]:not(:checked)"
    ).first.get_attribute("value")


def saved(page: Page, code: str) -> None:
    """The card says so; it may also say so of an earlier save, see `saving`."""
    expect(card(page, code).locator(".state")).to_contain_text("Tersimpan")


@contextmanager
def saving(page: Page, code: str) -> Iterator[None]:
    """What is done inside makes the card save itself; goes on when the portal has answered."""
    with page.expect_response(lambda reply: reply.url.endswith(f"/butir/{code}/simpan/")):
        yield


def score(page: Page) -> str:
    return page.locator("#nilai .big").inner_text()


@pytest.mark.every_database
def test_a_newcomer_changes_an_answer_and_it_survives_a_killed_server(
    visit: Visits, portal: Portal
) -> None:
    page = visit("anggota@contoh.go.id").page
    page.get_by_role("link", name="Lanjutkan pengisian").first.click()
    page.wait_for_url(re.compile(r"/lke/POLTEK/2026/isi/"))
    page.locator("nav.tree a, .tree a").filter(has_text="Manajemen Perubahan").first.click()
    page.wait_for_url(re.compile(r"/isi/A\.I\.1/"))
    page.evaluate("window.sameDocument = true")
    before, wanted = score(page), another(page, CHOICE)

    with saving(page, CHOICE):
        choose(page, CHOICE, wanted)

    saved(page, CHOICE)
    expect(page.locator("#nilai .big")).not_to_have_text(before)
    assert page.evaluate("window.sameDocument") is True
    after = score(page)

    portal.kill()
    portal.start()
    page.reload()

    assert chosen(page, CHOICE) == wanted
    assert score(page) == after


@pytest.mark.every_database
def test_two_people_on_one_card_see_both_answers_and_nothing_is_overwritten(visit: Visits) -> None:
    address = "/lke/POLTEK/2026/isi/A.I.1/"
    first = visit("anggota@contoh.go.id").go(address)
    second = visit("ketua.tim@contoh.go.id").go(address)
    note = card(first, NOTED).get_by_label("Penjelasan")

    with saving(first, NOTED):
        note.fill("Penjelasan orang pertama.")
    saved(first, NOTED)
    with saving(second, NOTED):
        card(second, NOTED).get_by_label("Penjelasan").fill("Penjelasan orang kedua.")

    clash = card(second, NOTED).locator(".clash")
    expect(clash).to_contain_text("Penjelasan orang pertama.")
    expect(clash).to_contain_text("Penjelasan orang kedua.")
    first.reload()
    expect(note).to_have_value("Penjelasan orang pertama.")

    with saving(second, NOTED):
        clash.get_by_role("button", name="Pakai jawaban saya").click()
    saved(second, NOTED)
    first.reload()
    expect(note).to_have_value("Penjelasan orang kedua.")


def test_a_save_that_the_server_misses_is_repeated_when_it_is_back(
    visit: Visits, portal: Portal
) -> None:
    visitor = visit("anggota@contoh.go.id")
    page = visitor.go("/lke/POLTEK/2026/isi/A.I.2/")
    code = page.locator("article.butir:has(input[name=choice])").first.get_attribute("id")[2:]
    code = code.replace("-", ".")
    wanted = another(page, code)
    portal.kill()

    choose(page, code, wanted)
    expect(card(page, code).locator(".state")).not_to_contain_text("Tersimpan")
    portal.start()

    saved(page, code)
    visitor.complaints.clear()  # of the outage, which the browser did notice
    page.reload()
    assert chosen(page, code) == wanted


def test_a_wrong_number_costs_nothing_but_its_own_field(visit: Visits) -> None:
    page = visit("ketua.tim@contoh.go.id").go("/lke/POLTEK/2026/isi/A.II.1/")
    form = page.locator("article.butir:has(input.num-in)").first
    number = form.locator("input.num-in").first
    number.fill("dua belas")
    with page.expect_response(lambda reply: "Catatan" in (reply.request.post_data or "")):
        form.get_by_label("Penjelasan").fill("Catatan yang tetap tersimpan.")

    expect(form.locator(".field-error").filter(has_text=re.compile(r"\w")).first).to_be_visible()
    expect(number).to_have_value("dua belas")
    expect(form.locator(".state")).to_contain_text(re.compile("sebagian", re.IGNORECASE))
    page.reload()
    expect(form.get_by_label("Penjelasan")).to_have_value("Catatan yang tetap tersimpan.")
