"""An admin brings a person in, from the empty form to the first sign-in."""

from pathlib import Path

import pytest

from accounts.models import Role
from assessment import demo
from tests.journeys.conftest import Visits
from tests.portal import Portal

pytestmark = pytest.mark.browser

ADMIN = next(account.email for account in demo.ACCOUNTS if account.role == Role.ADMIN)
PASSWORD = "perahu pagi ke timur"


def test_a_person_is_brought_in_by_a_form_and_a_link_handed_over(visit: Visits) -> None:
    admin = visit(ADMIN)
    page = admin.go("/admin/accounts/user/add/")
    page.get_by_label("Nama").fill("Sinta Baru")
    page.get_by_label("Surel").fill("sinta.baru@uji.example")
    page.get_by_role("button", name="Tambahkan Peran lagi").click()
    page.get_by_role("combobox", name="Unit").click()
    page.get_by_role("searchbox").fill("politeknik")
    page.get_by_role("option", name="POLTEK").click()
    page.get_by_role("combobox", name="Peran").select_option("Auditor")
    page.get_by_label("IV", exact=True).first.check()
    page.get_by_role("button", name="Simpan dan terus mengedit").click()
    # A verb's refusal comes back beside its field, with everything that was typed.
    page.get_by_text("yang dibatasi pada pokja").wait_for()
    page.get_by_role("combobox", name="Peran").select_option("Anggota tim ZI")
    page.get_by_role("button", name="Simpan dan terus mengedit").click()
    page.get_by_role("link", name="Tautan atur sandi").click()
    page.get_by_role("button", name="Buat untuk diserahkan").click()
    link = page.get_by_label("Tautan", exact=True).input_value()

    person = visit()
    person.page.goto(link)
    person.page.get_by_label("Kata sandi baru", exact=True).fill(PASSWORD)
    person.page.get_by_label("Ulangi kata sandi baru").fill(PASSWORD)
    person.page.get_by_role("button", name="Simpan kata sandi").click()
    person.page.wait_for_load_state()
    person.sign_in("sinta.baru@uji.example", PASSWORD)
    assert "Anggota tim ZI" in person.page.locator("header").inner_text()


def test_units_come_from_a_file_or_not_at_all(visit: Visits, tmp_path: Path) -> None:
    admin = visit(ADMIN)
    file = tmp_path / "unit.csv"
    page = admin.go("/admin/accounts/unit/impor/")

    def upload(text: str) -> None:
        file.write_text(text, encoding="utf-8")
        page.get_by_label("Berkas CSV").set_input_files(file)
        page.get_by_role("button", name="Impor", exact=True).click()

    upload("kode;nama;induk\nUJI-1;Unit Uji Satu;POLTEK\nUJI-2;Unit Uji Dua;TIDAK-ADA\n")
    page.get_by_text("Baris 3, kolom induk: Unit dengan kode TIDAK-ADA tidak ditemukan.").wait_for()
    upload("kode;nama;induk\nUJI-1;Unit Uji Satu;POLTEK\nUJI-2;Unit Uji Dua;UJI-1\n")
    page.get_by_text("Impor selesai: 2 unit dibuat.").wait_for()


def test_the_installation_can_be_verified_afterwards(portal: Portal) -> None:
    assert portal.manage("verify_trail")
