"""The rows of a count and the source of an index, in a real browser."""

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.journeys.conftest import Visits
from tests.journeys.looking import barriers, overflow

pytestmark = pytest.mark.browser

AREA = "/lke/POLTEK/2026/isi/A.II.1/"
AGENTS = "#rd-A-II-1-i-a-agen"
NUMBER = "#c-A-II-1-i-a-agen"
LINES = "Ani Wijaya\t12/1/2025\tselesai\nBudi Santoso\t3 Maret 2025\tproses\nCici Lestari\t\t\n"


def rows(page: Page) -> list[str]:
    """The descriptions of the rows, without the blank one at the end."""
    found = page.locator(AGENTS).get_by_label("Uraian baris").all()
    return [text for field in found if (text := field.input_value())]


def opened(page: Page) -> Locator:
    """The rows of the agents, unfolded."""
    details = page.locator(AGENTS)
    if details.get_attribute("open") is None:
        details.locator("summary").click()
    return details


def saved(page: Page, card: str) -> None:
    expect(page.locator(f"#k-{card}")).to_contain_text("Tersimpan")


def test_rows_pasted_from_a_spreadsheet_are_the_count_and_stay(visit: Visits) -> None:
    visitor = visit("ketua.tim@contoh.go.id", permissions=["clipboard-read", "clipboard-write"])
    page = visitor.go(AREA)
    before, others = page.locator("#nilai .big").inner_text(), rows(page)
    details = opened(page)
    page.evaluate("text => navigator.clipboard.writeText(text)", LINES)
    details.get_by_label("Tempel dari lembar kerja").focus()
    page.keyboard.press("Control+V")

    expect(page.locator(f"output{NUMBER}")).to_have_text(str(len(others) + 3))
    expect(page.locator("#nilai .big")).not_to_have_text(before)
    expect(details.get_by_label("Tempel dari lembar kerja")).to_have_value("")
    after = page.locator("#nilai .big").inner_text()

    page.reload()
    assert rows(page) == [*others, "Ani Wijaya", "Budi Santoso", "Cici Lestari"]
    expect(page.locator(f"output{NUMBER}")).to_have_text(str(len(others) + 3))
    assert page.locator("#nilai .big").inner_text() == after


def test_a_row_is_typed_at_the_end_and_another_removed(visit: Visits) -> None:
    page = visit("ketua.tim@contoh.go.id").go(AREA)
    details = opened(page)
    box = details.get_by_label("Tempel dari lembar kerja")
    box.fill("Hana\nIndra")
    box.blur()
    expect(box).to_have_value("")
    known = rows(page)
    place = len(known) + 1

    details.get_by_label(f"Uraian baris {place}", exact=True).fill("Dedi")
    details.get_by_label(f"Tanggal baris {place}", exact=True).click()
    expect(page.locator(f"output{NUMBER}")).to_have_text(str(place))
    expect(details.get_by_label(f"Uraian baris {place + 1}", exact=True)).to_be_visible()
    expect(details.get_by_label(f"Tanggal baris {place}", exact=True)).to_be_focused()

    details.get_by_role("button", name=f"Hapus baris {place - 1}", exact=True).click()
    expect(page.locator(f"output{NUMBER}")).to_have_text(str(place - 1))
    assert rows(page) == [*known[:-1], "Dedi"]
    page.reload()
    assert rows(page) == [*known[:-1], "Dedi"]


def test_a_line_that_is_no_row_is_named_and_stays_in_the_field(visit: Visits) -> None:
    page = visit("ketua.tim@contoh.go.id").go(AREA)
    details = opened(page)
    box = details.get_by_label("Tempel dari lembar kerja")
    box.fill("Eka\t5/1/2025\nFajar\t32/1/2025")
    details.get_by_role("button", name="Jadikan baris").click()
    expect(details.locator(".err")).to_contain_text("Baris 2: tanggal “32/1/2025” tidak dikenal")
    expect(box).to_have_value("Eka\t5/1/2025\nFajar\t32/1/2025")
    box.fill("Eka\t5/1/2025\nFajar\t31/1/2025")
    details.get_by_role("button", name="Jadikan baris").click()
    expect(box).to_have_value("")
    assert rows(page)[-2:] == ["Eka", "Fajar"]


def test_without_javascript_lines_become_rows_by_the_button(visit: Visits) -> None:
    page = visit("anggota@contoh.go.id", java_script_enabled=False).go(AREA)
    before = rows(page)
    details = opened(page)
    details.get_by_label("Tempel dari lembar kerja").fill("Gita Permata\t1/2/2025\tselesai")
    details.get_by_role("button", name="Jadikan baris").click()
    expect(page.locator(f"output{NUMBER}")).to_have_text(str(len(before) + 1))
    assert rows(page) == [*before, "Gita Permata"]


def test_a_converted_index_is_offered_and_taken_over_by_hand(visit: Visits) -> None:
    page = visit("ketua.tim@contoh.go.id").go("/lke/POLTEK/2026/isi/B.II/")
    card = page.locator("#b-B-II-a")
    index = card.locator("[name=index]")
    before = index.input_value()
    if card.locator("details.source").get_attribute("open") is None:
        card.locator("details.source summary").click()
    card.get_by_label("Skala asal", exact=True).select_option("25-100")
    card.get_by_label("Nilai pada skala asal").fill("92,5")
    card.get_by_label("Jumlah responden").fill("29")
    card.get_by_label("Jumlah responden").blur()
    offer = card.get_by_role("button", name="Pakai 3,70")
    expect(card.locator(".conversion")).to_contain_text("92,5 pada skala 25–100 = 3,70 pada skala")
    expect(card.locator(".card-messages")).to_contain_text("Responden 29, kurang dari 30")
    expect(index).to_have_value(before)
    offer.click()
    expect(index).to_have_value("3,70")
    saved(page, "B-II-a")
    page.reload()
    expect(index).to_have_value("3,70")


@pytest.mark.parametrize("width", [1440, 390, 320])
@pytest.mark.parametrize("area", ["A.II.1", "B.I"])
def test_open_rows_and_sources_are_free_of_barriers(visit: Visits, width: int, area: str) -> None:
    window = {"viewport": {"width": width, "height": 900}, "bypass_csp": True}
    page = visit("anggota@contoh.go.id", **window).go(f"/lke/POLTEK/2026/isi/{area}/")
    page.evaluate(
        "document.querySelectorAll('.butir details').forEach((each) => { each.open = true })"
    )
    assert [*overflow(page), *barriers(page)] == []
