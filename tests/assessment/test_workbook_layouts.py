"""Layouts are data: the second one, TPI's columns, evaluators' sheets, and one nobody has seen."""

from pathlib import Path

import pytest
import yaml

from assessment.workbook.layouts import TPI, load_layout
from assessment.workbook.locating import locate
from assessment.workbook.opening import open_workbook
from assessment.workbook.parsed import Parsed, WorkbookRefused, parse
from assessment.workbook.reading import Entry, read
from tests.assessment.samples import instrument, sample_answers
from tests.assessment.workbooks import second
from tests.assessment.workbooks.build import Form, opened, save
from tests.paths import official_lke

WORSE = {"A.I.1.i.b": {"choice": "C"}, "A.II.1.i.a": {"counts": {"agen": 9, "perubahan": 5}}}


def entry(parsed: Parsed, code: str) -> Entry:
    return next(each for each in parsed.reading.entries if each.code == code)


# ── the layout of 2026 ──────────────────────────────────────────────────────
def test_both_layouts_give_the_same_answers() -> None:
    first = parse(instrument(), Form(sample_answers()).filled())
    other = parse(instrument(), second.filled(sample_answers()))
    assert other.reading.problems == ()
    assert other.reading.values() == first.reading.values() == sample_answers()
    assert other.comparison.total == first.comparison.total
    assert (other.layout, other.sheet) == ("LKE susunan 2026", "Jawaban")


def test_the_second_layout_has_the_rows_of_the_published_cell_map() -> None:
    published = yaml.safe_load(official_lke("layout-2026.yaml").read_text(encoding="utf-8"))
    known = second.layout()
    assert {name: hint.letter for name, hint in known.columns.items()} == {
        "answer": published["columns"]["answer"],
        "note": published["columns"]["note"],
        "links": published["columns"]["evidence"],
        "tpi_answer": published["columns"]["tpi_answer"],
        "tpi_note": published["columns"]["tpi_note"],
    }
    for code, row in published["rows"].items():
        told = row.get("indeks", row) if isinstance(row, dict) else row
        assert (known.count_hints(code) or known.row_hint(code)) == told, code


def test_its_notes_and_evidence_are_read_beside_the_answers() -> None:
    notes = {"L6": "Tim dibentuk.", "M6": "https://contoh.go.id/sk", "L126": "Sembilan agen."}
    parsed = parse(instrument(), second.filled(sample_answers(), notes=notes))
    assert entry(parsed, "A.I.1.i.a").note == "Tim dibentuk."
    assert entry(parsed, "A.I.1.i.a").lines == ("Tautan data dukung: https://contoh.go.id/sk",)
    assert entry(parsed, "A.II.1.i.a").note == "Sembilan agen."


def test_an_empty_second_form_gives_nothing_and_no_complaint() -> None:
    parsed = parse(instrument(), second.filled({}))
    assert parsed.reading.problems == ()
    assert all(each.is_blank for each in parsed.reading.entries)
    assert parsed.comparison.file_total is None


def test_what_cannot_be_read_names_the_cell_of_its_own_layout() -> None:
    parsed = parse(instrument(), second.filled({}, notes={"K7": "Mungkin"}))
    (problem,) = parsed.reading.problems
    assert (problem.codes, problem.cells) == (("A.I.1.i.b",), ("K7",))


def test_the_sheet_s_name_decides_before_heads_that_look_like_the_first_form_s() -> None:
    book = second.workbook(sample_answers(), WORSE)
    sheet = book["Jawaban"]
    for column, head in zip("BJKLNQ", ("Penilaian", "Pilihan Jawaban", "Jawaban", "Catatan",
                                       "Jawaban TPI", "Catatan TPI"), strict=True):  # fmt: skip
        sheet[f"{column}2"] = head
    assert parse(instrument(), save(book)).reading.values() == sample_answers()


# ── TPI's columns ───────────────────────────────────────────────────────────
def test_tpi_s_columns_are_read_as_tpi_s_stage_only() -> None:
    data = second.filled(sample_answers(), WORSE, {"Q7": "Tanpa notula seleksi."})
    unit, tpi = parse(instrument(), data), parse(instrument(), data, TPI)
    assert unit.reading.values() == sample_answers()
    assert entry(unit, "A.I.1.i.b").note == ""
    assert unit.remarks == ("Kolom TPI (N dan Q) tidak dibaca; impor ini untuk penilaian mandiri.",)
    assert tpi.reading.values() == WORSE
    assert entry(tpi, "A.I.1.i.b").note == "Tanpa notula seleksi."
    assert entry(tpi, "A.I.1.i.b").cells["choice"] == "N7"
    assert tpi.remarks == ()


def test_where_tpi_has_not_written_the_unit_s_answer_counts() -> None:
    tpi = parse(instrument(), second.filled(sample_answers(), WORSE), TPI)
    assert (
        tpi.comparison.total
        == parse(instrument(), Form({**sample_answers(), **WORSE}).filled()).comparison.total
    )


def test_nothing_is_said_of_tpi_s_columns_while_they_are_empty() -> None:
    assert parse(instrument(), second.filled(sample_answers())).remarks == ()


def test_the_first_form_filled_by_tpi_is_read_from_its_one_column_of_answers() -> None:
    parsed = parse(instrument(), Form(sample_answers()).filled(), TPI)
    assert parsed.reading.values() == sample_answers()
    assert parsed.remarks == ("Berkas tidak memiliki kolom TPI; yang dibaca kolom K (Jawaban).",)


def test_the_first_form_with_columns_for_tpi_keeps_both_apart() -> None:
    def change(sheet: object) -> None:
        sheet["R2"], sheet["T2"] = "Jawaban TPI", "Catatan TPI"  # type: ignore[index]
        sheet["R9"], sheet["T9"] = "C", "Tanpa notula."  # type: ignore[index]

    data = Form(sample_answers(), notes=True).filled(change)
    assert parse(instrument(), data).reading.values() == sample_answers()
    tpi = parse(instrument(), data, TPI)
    assert tpi.reading.values() == {"A.I.1.i.b": {"choice": "C"}}
    assert entry(tpi, "A.I.1.i.b").note == "Tanpa notula."
    assert entry(tpi, "A.I.1.i.a").note == ""


# ── evaluators' sheets ──────────────────────────────────────────────────────
def written_by_evaluators() -> bytes:
    book = Form(sample_answers()).workbook()
    notes, areas = book["Ctt Eval"], book["Utama"]
    for sheet in (notes, areas):
        sheet["L1"] = "Catatan/Keterangan/Penjelasan"
        sheet["B3"], sheet["C3"], sheet["C4"], sheet["D4"] = "A.", "PENGUNGKIT", "II.", "REFORM"
        sheet["D5"], sheet["E5"] = "1.", "MANAJEMEN PERUBAHAN"
    areas["M1"] = "Rekomendasi"
    areas["L5"], areas["M5"] = "Agen sudah ada.", "Ukur hasil perubahan."
    notes["E6"], notes["F6"], notes["L6"] = (
        "i.",
        "Komitmen dalam  Perubahan ",
        "Lima dari sembilan.",
    )
    notes["E7"], notes["F7"], notes["L7"] = "ii.", "Tim Reformasi Birokrasi", "Nama lama."
    notes["E8"], notes["F8"], notes["I8"] = "iii.", "Membangun Budaya Kerja", "='LKE ZI'!#REF!"
    return save(book)


def test_notes_of_evaluators_are_read_where_the_name_is_ours() -> None:
    parsed = parse(instrument(), written_by_evaluators(), TPI)
    told = [(each.kind, each.code, each.cell, each.text) for each in parsed.evaluators]
    assert told == [
        ("catatan", "A.II.1.i", "Ctt Eval!L6", "Lima dari sembilan."),
        ("catatan", "", "Ctt Eval!L7", "Nama lama."),
        ("catatan", "A.II.1", "Utama!L5", "Agen sudah ada."),
        ("rekomendasi", "A.II.1", "Utama!M5", "Ukur hasil perubahan."),
    ]
    assert parsed.evaluators[1].name == "Tim Reformasi Birokrasi"


def test_the_unit_s_import_does_not_read_what_evaluators_wrote() -> None:
    assert parse(instrument(), written_by_evaluators()).evaluators == ()


def test_the_ministry_s_evaluator_sheets_match_by_name_in_spite_of_their_order() -> None:
    """All but one name of Pengungkit's sub-components that is theirs alone, and the LHKPN rows."""
    book = opened(official_lke("lke-kosong.xlsx").read_bytes())
    sheet = book["Ctt Eval"]
    for row in range(4, 58):
        sheet[f"L{row}"] = f"Catatan {row}"
    parsed = parse(instrument(), save(book), TPI)
    unmatched = [note.cell for note in parsed.evaluators if not note.code]
    assert unmatched == ["Ctt Eval!L6", "Ctt Eval!L52", "Ctt Eval!L53"]
    assert {n.code: n.text for n in parsed.evaluators}["A.II.5.ii"] == "Catatan 54"


# ── a layout nobody has seen ────────────────────────────────────────────────
THIRD = """
code: uji-2030
title: LKE susunan uji
instrument: permenpanrb-90-2021
sheet: Isian 2030
columns:
  answer: {letter: C}
  note: {letter: D}
rows:
  A.I.1.i.a: 3
  A.I.1.i.b: 5
  A.II.1.i.a: {agen: 10, perubahan: 12}
"""


def test_a_third_layout_needs_a_file_and_no_code(tmp_path: Path) -> None:
    file = tmp_path / "uji.yaml"
    file.write_text(THIRD, encoding="utf-8")
    book = opened(second.filled({}))
    sheet = book.create_sheet("Isian 2030")
    for address, typed in {"C3": "Ya", "C5": "b", "C10": 4, "C12": 3, "D5": "Seleksi."}.items():
        sheet[address] = typed
    places = locate(instrument(), [load_layout(file)], open_workbook(save(book)))
    found = read(instrument(), places)
    assert found.values() == {
        "A.I.1.i.a": {"choice": "Ya"},
        "A.I.1.i.b": {"choice": "B"},
        "A.II.1.i.a": {"counts": {"agen": 4, "perubahan": 3}},
    }
    assert len(places.missing) == 110


def test_a_file_in_no_known_layout_is_told_the_sheets_that_are_known() -> None:
    book = opened(second.filled(sample_answers()))
    book["Jawaban"].title = "Lain"
    with pytest.raises(WorkbookRefused, match="“LKE ZI” atau “Jawaban”"):
        parse(instrument(), save(book))
