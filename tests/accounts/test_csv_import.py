"""Units and people from a CSV file: all of it through the verbs, or none and a list of reasons."""

from collections import Counter

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from accounts import trail
from accounts.importing import MAX_BYTES, PEOPLE, UNITS, ImportRefused, Kind, bring_in, parse
from accounts.models import Membership, TrailEntry, Unit, User
from accounts.trail import OPERATOR
from tests.conftest import Cast, Ministry, signed_in

Stand = dict[str, list[dict[str, object]]]


def stand() -> Stand:
    """Everything that an import could have changed."""
    return {
        model.__name__: list(model.objects.order_by("pk").values())
        for model in (Unit, User, Membership, TrailEntry)
    }


def units(*lines: str) -> Counter[str]:
    return bring_in(OPERATOR, UNITS, "\n".join(["kode;nama;induk;aktif", *lines]).encode())


def people(*lines: str) -> Counter[str]:
    heading = "surel;nama;nip;aktif;unit;peran;pokja"
    return bring_in(OPERATOR, PEOPLE, "\n".join([heading, *lines]).encode())


def refused(kind: Kind, *lines: str) -> list[str]:
    """Why a file is refused; fails if it is not, or if anything has changed."""
    before = stand()
    heading = ";".join(column.name for column in kind.columns)
    with pytest.raises(ImportRefused) as why:
        bring_in(OPERATOR, kind, "\n".join([heading, *lines]).encode())
    assert stand() == before
    return [str(problem) for problem in why.value.problems]


# ── reading ─────────────────────────────────────────────────────────────────
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
@pytest.mark.parametrize("separator", [",", ";"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_a_file_is_read_however_a_spreadsheet_writes_it(
    encoding: str, separator: str, end: str
) -> None:
    lines = [
        separator.join(["Kode", "nama", "induk"]),
        separator.join(["B-1", f'"Balai {separator} ""Satu"""', "KU"]),
        separator * 2,
        separator.join([" B-2 ", "Balai Dua é", "KU"]),
    ]
    rows = parse((end.join(lines) + end).encode(encoding), UNITS.columns)
    assert [(row.number, row["kode"], row["nama"]) for row in rows] == [
        (2, "B-1", f'Balai {separator} "Satu"'),
        (4, "B-2", "Balai Dua é"),
    ]
    assert rows[0]["aktif"] == ""


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"", "Kolom kode tidak ada."),
        (b"kode;nama\n", "tidak berisi baris data"),
        (b"kode;nama\n;\n", "tidak berisi baris data"),
        ("kode;nama\nB-1;Balai é".encode("utf-16"), "UTF-8"),
        ("kode;nama\nB-1;Balai é".encode("cp1252"), "UTF-8"),
        (b"kode;nama\nB-1;Balai\0", "bukan CSV"),
        (b'kode;nama\nB-1;"Balai', "tanda kutip"),
        (b"kode;nama;alamat\nB-1;Balai;Jl. 1", "Kolom alamat tidak dikenal."),
        (b"kode;nama;kode\nB-1;Balai;B-2", "Kolom kode muncul dua kali."),
        (b"kode;induk\nB-1;KU", "Kolom nama tidak ada."),
        (b"kode;nama\nB-1;Balai;lebih", "Baris 2: Jumlah kolom lebih banyak"),
        (b"kode;nama\nB-1;\n;Balai", "Baris 2, kolom nama: Wajib diisi."),
        (b"kode;nama\n" + b"B;B\n" * 5001, "lebih dari 5000 baris"),
        (b"x" * (MAX_BYTES + 1), "lebih dari 2 MB"),
        (b"PK\x03\x04\x14\x00", "bukan CSV"),
    ],
)
def test_a_file_that_cannot_be_read_says_why(data: bytes, why: str) -> None:
    with pytest.raises(ImportRefused, match=why):
        parse(data, UNITS.columns)


@pytest.mark.parametrize("kind", [UNITS, PEOPLE])
def test_the_template_can_be_read_back(kind: Kind) -> None:
    rows = parse(kind.template(), kind.columns)
    assert [tuple(row.values.values()) for row in rows] == list(kind.example)


# ── units ───────────────────────────────────────────────────────────────────
def test_units_are_made_whatever_their_order_in_the_file(ministry: Ministry) -> None:
    done = units("CUCU;Unit Cucu;ANAK;", "ANAK;Unit Anak;DITJEN;ya", "LAMA;Unit Lama;DITJEN;tidak")
    assert done == {"unit dibuat": 3}
    assert Unit.objects.get(code="CUCU").path == "/KU/DITJEN/ANAK/CUCU/"
    assert not Unit.objects.get(code="LAMA").is_active


def test_a_known_code_is_changed_and_the_same_row_again_changes_nothing(
    ministry: Ministry,
) -> None:
    line = "POLTEK;Politeknik Baru;SETJEN;"
    assert units(line) == {"unit diubah": 1}
    poltek = Unit.objects.get(code="POLTEK")
    assert (poltek.name, poltek.path) == ("Politeknik Baru", "/KU/SETJEN/POLTEK/")
    before = stand()
    assert units(line, "POLTEK2;P2;KU;", "BALAI;Balai Uji;;")["unit tetap"] == 2
    assert len(stand()["TrailEntry"]) == len(before["TrailEntry"]) + 1
    assert trail.verify(trail.PORTAL) is None


@pytest.mark.django_db
def test_a_whole_ministry_comes_from_one_file() -> None:
    assert units("D;Ditjen;K;", "K;Kementerian;;", "B;Balai;D;") == {"unit dibuat": 3}
    assert Unit.objects.get(code="B").path == "/K/D/B/"


def test_every_wrong_row_is_told_and_nothing_changes(ministry: Ministry) -> None:
    problems = refused(
        UNITS,
        "BARU-1;Unit Baru;DITJEN;",
        "BARU-2;Unit Baru;TIDAK-ADA;",
        "dua kata;Unit Baru;DITJEN;",
        "BARU-3;Unit Baru;DITJEN;mungkin",
        "BARU-4;Unit Baru;;",
        "DITJEN;Ditjen;POLTEK;",
    )
    assert problems == [
        "Baris 3, kolom induk: Unit dengan kode TIDAK-ADA tidak ditemukan.",
        "Baris 4, kolom kode: Kode berisi huruf, angka, titik, garis bawah, atau tanda hubung.",
        "Baris 5, kolom aktif: Isi ya atau tidak.",
        "Baris 6, kolom induk: Unit induk wajib diisi: KU sudah menjadi instansi.",
        "Baris 7, kolom induk: Unit tidak dapat dipindahkan ke bawah dirinya sendiri.",
    ]


def test_a_code_twice_in_the_file_is_refused(ministry: Ministry) -> None:
    problems = refused(UNITS, "BARU;Satu;DITJEN;", "LAIN;Lain;DITJEN;", "BARU;Dua;DITJEN;")
    assert problems == ["Baris 4, kolom kode: Kode sudah ada di baris 2."]


def test_units_that_stand_below_each_other_are_refused(ministry: Ministry) -> None:
    problems = refused(UNITS, "A;Unit A;B;", "B;Unit B;A;")
    assert "Baris 2, kolom induk: Unit dengan kode B tidak ditemukan." in problems


def test_a_formula_is_only_text(ministry: Ministry) -> None:
    units('BARU;"=HYPERLINK(""https://jahat.example"")";DITJEN;')
    assert Unit.objects.get(code="BARU").name == '=HYPERLINK("https://jahat.example")'


# ── people ──────────────────────────────────────────────────────────────────
def test_people_come_with_several_roles_and_a_known_one_is_changed(cast: Cast) -> None:
    done = people(
        "baru@uji.example;Orang Baru;'198701012010011001;;POLTEK;anggota;1 II, hasil",
        "BARU@uji.example;;;;BALAI;Ketua tim ZI;",
        "ani.anggota@uji.example;Ani Lain;;;;;",
        "nana.nirperan@uji.example;;;tidak;;;",
    )
    assert done == {"pengguna dibuat": 1, "peran diberikan": 2, "pengguna diubah": 2}
    new = User.objects.get(email="baru@uji.example")
    assert new.staff_number == "198701012010011001"
    assert not new.has_usable_password()
    held = {(each.unit.code, each.role, *each.pokja) for each in new.memberships.all()}
    assert held == {("POLTEK", "anggota", "1", "2", "H"), ("BALAI", "ketua_tim")}
    assert User.objects.get(pk=cast.member.pk).name == "Ani Lain"
    assert not User.objects.get(pk=cast.nobody.pk).is_active
    assert cast.member.memberships.count() == 1


def test_the_same_file_twice_changes_nothing(cast: Cast) -> None:
    lines = ["baru@uji.example;Orang Baru;;;POLTEK;anggota;3", "ani.anggota@uji.example;;;;;;"]
    people(*lines)
    before = stand()
    assert people(*lines) == {}
    assert stand() == before


def test_a_role_in_the_file_sets_its_pokja(cast: Cast) -> None:
    line = "koko.koordinator@uji.example;;;;POLTEK;koordinator;"
    assert people(f"{line}2") == {}
    assert people(f"{line}2 4") == {"peran diubah": 1}
    assert cast.coordinator.memberships.get().pokja == ["2", "4"]


def test_every_wrong_row_of_people_is_told_and_nothing_changes(cast: Cast) -> None:
    problems = refused(
        PEOPLE,
        "benar@uji.example;Orang Benar;;;POLTEK;anggota;1",
        "bukan surel;Orang Baru;;;;;",
        "tanpa.nama@uji.example;;;;;;",
        "peran@uji.example;Orang;;;POLTEK;raja;",
        "unit@uji.example;Orang;;;TIDAK-ADA;anggota;",
        "pokja@uji.example;Orang;;;POLTEK;anggota;9",
        "batas@uji.example;Orang;;;POLTEK;auditor;1",
        "separuh@uji.example;Orang;;;;anggota;",
        "admin@uji.example;Orang;;;POLTEK;admin;",
    )
    assert [problem.split(":")[0] for problem in problems] == [
        "Baris 3, kolom surel",
        "Baris 4, kolom nama",
        "Baris 5, kolom peran",
        "Baris 6, kolom unit",
        "Baris 7, kolom pokja",
        "Baris 8, kolom pokja",
        "Baris 9, kolom unit",
        "Baris 10, kolom unit",
    ]


def test_rows_of_one_person_may_not_contradict_each_other(cast: Cast) -> None:
    problems = refused(
        PEOPLE,
        "baru@uji.example;Orang Baru;12345678;;POLTEK;anggota;",
        "baru@uji.example;Orang Lain;12345678;;BALAI;anggota;",
    )
    assert problems == ["Baris 3, kolom nama: Berbeda dari baris 2 dengan surel yang sama."]


@pytest.mark.parametrize("spoilt", ["1,98701E+17", "1.98701E+17", "2E+17"])
def test_a_number_that_a_spreadsheet_has_rounded_is_refused(cast: Cast, spoilt: str) -> None:
    problems = refused(PEOPLE, f"baru@uji.example;Orang Baru;{spoilt};;;;")
    assert problems[0].startswith("Baris 2, kolom nip: Nomor sudah diubah lembar kerja")


def test_the_last_admin_is_not_deactivated_by_a_file(cast: Cast) -> None:
    problems = refused(PEOPLE, "adi.admin@uji.example;;;tidak;;;")
    assert problems == [
        "Baris 2, kolom aktif: Instansi harus memiliki paling sedikit satu admin yang aktif."
    ]


# ── the page ────────────────────────────────────────────────────────────────
def upload(client: Client, model: str, data: bytes) -> str:
    page = reverse(f"admin:accounts_{model}_import")
    file = SimpleUploadedFile("berkas.csv", data, content_type="text/csv")
    return client.post(page, {"file": file}, follow=True).content.decode()


def test_the_page_takes_a_file_in_and_says_what_was_done(cast: Cast) -> None:
    page = upload(signed_in(cast.admin), "unit", b"kode,nama,induk\nBARU,Unit Baru,DITJEN\n")
    assert "Impor selesai: 1 unit dibuat." in page
    entry = TrailEntry.objects.latest("pk")
    assert (entry.verb, entry.target, entry.actor) == ("unit.created", "BARU", cast.admin)


def test_the_page_lists_what_is_wrong_by_row_and_column(cast: Cast) -> None:
    client = signed_in(cast.admin)
    before = stand()
    page = upload(client, "user", b"surel,nama\nsalah,<b>Orang</b>\n")
    assert "Baris 2, kolom surel:" in page
    assert "tidak ada yang berubah" in page
    assert stand() == before


def test_a_file_that_is_too_large_is_refused_by_the_page(cast: Cast) -> None:
    page = upload(signed_in(cast.admin), "unit", b"kode,nama\n" + b"x" * MAX_BYTES)
    assert "lebih dari 2 MB" in page


def test_a_long_list_of_problems_is_cut_and_counted(cast: Cast) -> None:
    rows = "".join(f"o{number}@uji.example,\n" for number in range(130))
    page = upload(signed_in(cast.admin), "user", f"surel,nama\n{rows}".encode())
    assert page.count("kolom nama") == 100
    assert "Dan 30 kesalahan lain." in page


def test_the_template_is_downloaded_and_only_by_an_admin(cast: Cast) -> None:
    address = reverse("admin:accounts_user_import_template")
    response = signed_in(cast.admin).get(address)
    assert response["Content-Disposition"] == 'attachment; filename="contoh-pengguna.csv"'
    assert response.content.startswith("\ufeffsurel;nama;nip".encode())
    for person in (cast.team_head, cast.leader, cast.auditor):
        assert signed_in(person).get(address).status_code == 403
        assert signed_in(person).post(reverse("admin:accounts_user_import")).status_code == 403
