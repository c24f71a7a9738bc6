"""Everything that can go wrong while a person fills the LKE: the line, the server, the session,
the token, a colleague, a locked sheet. What was typed is there afterwards."""

import re

import pytest
from playwright.sync_api import Dialog, Locator, Page, Route, expect

from tests.journeys.conftest import Visits
from tests.journeys.test_filling import another, card, choose, chosen, saved
from tests.journeys.visitor import Visitor
from tests.portal import Portal

pytestmark = pytest.mark.browser

MEMBER, HEAD = "anggota@contoh.go.id", "ketua.tim@contoh.go.id"
AREA = "/lke/POLTEK/2026/isi/A.I.3/"
NOTED, CHOSEN = "A.I.3.ii.a", "A.I.3.ii.b"
SAVES = re.compile(r"/simpan/$")


def note(page: Page, code: str = NOTED) -> Locator:
    return card(page, code).get_by_label("Penjelasan")


def go_on_typing(page: Page, text: str) -> None:
    note(page).press("Control+End")
    note(page).press_sequentially(text)


def state(page: Page, code: str = NOTED) -> Locator:
    return card(page, code).locator(".state")


def sign_in_again(page: Page, password: str, email: str | None = None) -> None:
    dialog = page.get_by_role("dialog", name="Sesi berakhir")
    if email:
        dialog.get_by_label("NIP atau alamat surel").fill(email)
    dialog.get_by_label("Kata sandi").fill(password)
    dialog.get_by_role("button", name="Masuk", exact=True).click()


def end_session(page: Page) -> None:
    page.context.clear_cookies(name="sessionid")


def leaving_asks(page: Page) -> bool:
    """Whether the page asks before it is left; it is not."""
    asked: list[str] = []

    def stay(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.dismiss()

    page.once("dialog", stay)
    page.close(run_before_unload=True)
    page.wait_for_timeout(200)
    return asked == ["beforeunload"]


def kept(page: Page) -> list[str]:
    """What this browser keeps of unsaved text."""
    return page.evaluate("Object.keys(localStorage).filter((key) => key.startsWith('isian:'))")


def arrived(page: Page, code: str = NOTED) -> None:
    """The portal has acknowledged all that was typed into the card."""
    page.wait_for_function(
        "end => !Object.keys(localStorage).some((key) => key.endsWith(end))",
        arg=f":{code.replace('.', '-')}",
    )
    saved(page, code)


def test_without_a_line_everything_typed_waits_and_is_sent_when_it_is_back(visit: Visits) -> None:
    visitor = visit(MEMBER)
    page = visitor.go(AREA)
    wanted = another(page, CHOSEN)
    page.context.set_offline(True)

    note(page).fill("Ditulis tanpa sambungan")
    choose(page, CHOSEN, wanted)
    expect(state(page)).to_contain_text("Tidak tersambung")
    expect(state(page, CHOSEN)).to_contain_text("Tidak tersambung")
    go_on_typing(page, ", lalu dilanjutkan.")
    assert leaving_asks(page)

    page.context.set_offline(False)
    visitor.complaints.clear()  # of the outage, which the browser did notice
    arrived(page)
    arrived(page, CHOSEN)
    assert not kept(page)
    page.reload()
    expect(note(page)).to_have_value("Ditulis tanpa sambungan, lalu dilanjutkan.")
    assert chosen(page, CHOSEN) == wanted


def test_a_killed_server_and_a_closed_page_lose_nothing(visit: Visits, portal: Portal) -> None:
    visitor = visit(MEMBER)
    page = visitor.go(AREA)
    portal.kill()
    note(page).fill("Ditulis saat server mati.")
    note(page, CHOSEN).fill("Ditulis sebelum halaman hilang.")
    expect(state(page)).to_contain_text("Tidak tersambung")
    # The page is gone, as when a browser crashes; the person comes back later.
    beside = page.context.new_page()
    page.close()
    portal.start()
    visitor.complaints.clear()
    beside.goto(f"{portal.url}{AREA}")

    offer = card(beside, CHOSEN).locator(".offer")
    expect(offer).to_contain_text("Ditulis sebelum halaman hilang.")
    offer.get_by_role("button", name="Pakai").click()
    arrived(beside, CHOSEN)
    card(beside, NOTED).get_by_role("button", name="Buang").click()
    assert not kept(beside)
    beside.reload()
    expect(note(beside, CHOSEN)).to_have_value("Ditulis sebelum halaman hilang.")


def test_a_lost_reply_is_no_conflict_with_oneself(visit: Visits) -> None:
    visitor = visit(MEMBER)
    page = visitor.go(AREA)
    lost: list[int] = []

    def lose_reply(route: Route) -> None:
        lost.append(route.fetch().status)
        route.abort()

    page.route(SAVES, lose_reply, times=1)
    note(page).fill("Sudah sampai di server")
    expect(state(page)).to_contain_text("Tidak tersambung")
    go_on_typing(page, ", jawabannya hilang.")

    arrived(page)
    visitor.complaints.clear()
    assert lost == [200]
    page.reload()
    expect(note(page)).to_have_value("Sudah sampai di server, jawabannya hilang.")


def test_a_busy_gateway_counts_as_no_line(visit: Visits) -> None:
    visitor = visit(MEMBER)
    page = visitor.go(AREA)
    page.route(SAVES, lambda route: route.fulfill(status=503, body="sibuk"), times=1)
    note(page).fill("Ditulis saat server sibuk.")
    expect(state(page)).to_contain_text("Tidak tersambung")
    arrived(page)
    visitor.complaints.clear()


def test_a_save_that_the_portal_refuses_waits_for_a_person(visit: Visits) -> None:
    visitor = visit(MEMBER)
    page = visitor.go(AREA)
    page.route(SAVES, lambda route: route.fulfill(status=500, body="rusak"), times=1)
    note(page).fill("Ditulis saat portal rusak.")
    expect(state(page)).to_contain_text("Gagal disimpan")
    state(page).get_by_role("button", name="Coba lagi").click()
    arrived(page)
    expect(card(page, NOTED)).to_be_focused()
    visitor.complaints.clear()


def test_an_ended_session_is_taken_up_again_in_place(visit: Visits) -> None:
    visitor = visit(MEMBER)
    page = visitor.go(AREA)
    page.evaluate("window.sameDocument = true")
    end_session(page)
    note(page).fill("Ditulis setelah sesi berakhir.")
    sign_in_again(page, "kata sandi yang salah")
    expect(page.get_by_role("alert")).to_have_text("NIP, surel, atau kata sandi tidak benar.")
    sign_in_again(page, "zona-integritas-2026")

    arrived(page)
    expect(note(page)).to_be_focused()
    # Every other form has the new token too.
    note(page, CHOSEN).fill("Kartu lain sesudahnya.")
    arrived(page, CHOSEN)
    assert page.evaluate("window.sameDocument")
    visitor.complaints.clear()
    page.reload()
    expect(note(page)).to_have_value("Ditulis setelah sesi berakhir.")


def test_nothing_is_saved_under_the_name_of_another_who_signs_in(visit: Visits) -> None:
    visitor = visit(MEMBER)
    page = visitor.go(AREA)
    before = note(page).input_value()
    end_session(page)
    note(page).fill("Rahasia orang pertama.")
    with page.expect_navigation():
        sign_in_again(page, "zona-integritas-2026", HEAD)

    expect(page.locator("header.top")).to_contain_text("Ketua tim ZI")
    expect(note(page)).to_have_value(before)
    expect(page.get_by_text("Rahasia orang pertama.")).to_have_count(0)
    sign_out(page)
    visitor.sign_in(MEMBER)
    visitor.go("/lke/POLTEK/2026/isi/A.I.1/")
    page.locator(".offer").get_by_role("link", name=NOTED).click()
    expect(card(page, NOTED).locator(".offer")).to_contain_text("Rahasia orang pertama.")
    sign_out(page)
    assert not kept(page)
    visitor.complaints.clear()


def sign_out(page: Page) -> None:
    page.locator("summary.who").click()
    page.get_by_role("button", name="Keluar").click()
    page.wait_for_url(re.compile("/masuk/"))


def test_an_outdated_token_is_renewed_without_a_word(visit: Visits) -> None:
    visitor = visit(MEMBER)
    page = visitor.go(AREA)
    page.context.clear_cookies(name="csrftoken")
    note(page).fill("Ditulis dengan token lama.")
    arrived(page)
    expect(page.get_by_role("dialog")).to_have_count(0)
    visitor.complaints.clear()


def test_what_collides_after_an_outage_is_shown_side_by_side_even_after_a_reload(
    visit: Visits,
) -> None:
    visitor = visit(MEMBER)
    first, second = visitor.go(AREA), visit(HEAD).go(AREA)
    first.context.set_offline(True)
    note(first).fill("Kata anggota.")
    expect(state(first)).to_contain_text("Tidak tersambung")
    note(second).fill("Kata ketua.")
    arrived(second)

    first.context.set_offline(False)
    clash = card(first, NOTED).locator(".clash")
    expect(clash).to_contain_text("Kata ketua.")
    assert leaving_asks(first)
    first.once("dialog", lambda dialog: dialog.accept())
    first.reload()
    card(first, NOTED).get_by_role("button", name="Pakai").click()
    expect(clash).to_contain_text("Kata anggota.")
    clash.get_by_role("button", name="Pakai jawaban saya").click()

    arrived(first)
    expect(card(first, NOTED)).to_be_focused()
    visitor.complaints.clear()
    second.reload()
    expect(note(second)).to_have_value("Kata anggota.")


def test_a_sheet_that_was_locked_meanwhile_says_so_and_the_text_stays(
    visit: Visits, portal: Portal
) -> None:
    page = visit(MEMBER).go(AREA)
    put(portal, "diajukan")
    try:
        note(page).fill("Terlambat ditulis.")
        expect(state(page)).to_contain_text("Terkunci")
        expect(card(page, NOTED).locator(".note.bad")).to_contain_text("Tidak tersimpan")
        expect(note(page)).to_have_value("Terlambat ditulis.")
        assert leaving_asks(page)
        page.once("dialog", lambda dialog: dialog.accept())
        page.reload()
        expect(card(page, NOTED).locator(".offer")).to_contain_text("Terlambat ditulis.")
    finally:
        put(portal, "draf")
    page.reload()
    card(page, NOTED).get_by_role("button", name="Pakai").click()
    arrived(page)


def put(portal: Portal, state: str) -> None:
    """Put POLTEK's LKE of 2026 into a state, as a colleague elsewhere would."""
    portal.manage(
        "shell",
        "-c",
        "from assessment.models import Assessment as A;"
        f"A.objects.filter(unit__code='POLTEK', period__year=2026).update(state='{state}')",
    )


def test_without_javascript_each_card_is_saved_by_its_button(visit: Visits) -> None:
    plain = visit(MEMBER, java_script_enabled=False)
    page = plain.go(AREA)
    wanted = another(page, CHOSEN)
    choose(page, CHOSEN, wanted)
    note(page, CHOSEN).fill("Tanpa JavaScript.")
    press_save(page, CHOSEN)

    assert page.url.endswith(f"{AREA}#b-{CHOSEN.replace('.', '-')}")
    assert chosen(page, CHOSEN) == wanted
    expect(note(page, CHOSEN)).to_have_value("Tanpa JavaScript.")
    card(page, CHOSEN).get_by_role("link", name="Cara nilai dihitung").click()
    expect(page.get_by_role("heading", name="Cara nilai dihitung")).to_be_visible()


def test_without_javascript_bad_input_and_both_answers_come_back(visit: Visits) -> None:
    plain, beside = visit(MEMBER, java_script_enabled=False), visit(HEAD)
    page = plain.go("/lke/POLTEK/2026/isi/A.II.3/")
    counted = page.locator("article.butir:has(input.num-in)").first
    code = counted.locator("header .code").inner_text()
    counted.locator("input.num-in").first.fill("dua belas")
    press_save(page, code)
    expect(counted.locator("input.num-in").first).to_have_value("dua belas")
    expect(counted.locator(".field-error .err").first).to_be_visible()

    plain.go(AREA)
    other = beside.go(AREA)
    note(other).fill("Versi ketua tanpa JavaScript.")
    arrived(other)
    note(page).fill("Versi anggota.")
    press_save(page, NOTED)
    clash = card(page, NOTED).locator(".clash")
    expect(clash).to_contain_text("Versi ketua tanpa JavaScript.")
    expect(note(page)).to_have_value("Versi anggota.")
    clash.get_by_role("button", name="Pakai jawaban saya").click()
    expect(note(page)).to_have_value("Versi anggota.")

    note(other).fill("Versi ketua sekali lagi.")
    card(other, NOTED).get_by_role("button", name="Pakai jawaban saya").click()
    arrived(other)
    note(page).fill("Yang dibatalkan.")
    press_save(page, NOTED)
    clash.get_by_role("link", name="Pakai yang tersimpan").click()
    expect(note(page)).to_have_value("Versi ketua sekali lagi.")


def press_save(page: Page, code: str) -> None:
    card(page, code).get_by_role("button", name="Simpan", exact=True).click()


def test_the_calculation_opens_inside_the_card_and_follows_the_answer(visit: Visits) -> None:
    visitor: Visitor = visit(MEMBER)
    page = visitor.go(AREA)
    link = card(page, CHOSEN).get_by_role("link", name="Cara nilai dihitung")
    link.click()
    panel = card(page, CHOSEN).locator(".how")
    expect(panel).to_contain_text("Dikali bobot")
    expect(link).to_be_focused()
    before = panel.inner_text()
    choose(page, CHOSEN, another(page, CHOSEN))
    expect(panel).not_to_have_text(before)
    link.click()
    expect(panel).to_be_empty()
    card(page, CHOSEN).get_by_role("link", name="Riwayat").click()
    expect(page.get_by_role("heading", name=f"Riwayat {CHOSEN}")).to_be_visible()
