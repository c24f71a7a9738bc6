"""The exported workbook: the form's cells, formulas that LibreOffice recalculates to our scores,
text that stays text, and an import that loses nothing."""

import io
import re
import zipfile
from collections.abc import Mapping
from datetime import UTC, datetime
from fractions import Fraction
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from assessment import answering
from assessment.scoring import score
from assessment.workbook import cells
from assessment.workbook.formulas import Formulas
from assessment.workbook.layouts import TPI, UNIT, layouts_for
from assessment.workbook.parsed import Parsed, parse
from assessment.workbook.typed import clean
from assessment.workbook.writing import Source, split_note, write
from tests.assessment.samples import all_best, all_worst, instrument, sample_answers
from tests.assessment.workbooks.build import opened
from tests.assessment.workbooks.libreoffice import recalculated, resaved
from tests.assessment.workbooks.sheets import random_answers, seeded_answers, written

MARK = "6f1c1f52-0000-4000-8000-000000000000"
Answers = Mapping[str, Mapping[str, Any]]


def export(
    answers: Answers,
    tpi: Answers | None = None,
    notes: Mapping[str, str] | None = None,
    tpi_notes: Mapping[str, str] | None = None,
) -> bytes:
    source = Source(
        mark=MARK,
        unit="POLTEK Politeknik Uji",
        year=2026,
        made_at=datetime(2026, 3, 1, 8, 30, tzinfo=UTC),
        answers=written(answers, notes),
        tpi=None if tpi is None else written(tpi, tpi_notes),
    )
    return write(instrument(), source)


def read(data: bytes, stage: str = UNIT) -> Parsed:
    return parse(instrument(), data, stage)


def numbers(answers: Answers) -> dict[str, Any]:
    """Answers with an index as the number it is: a spreadsheet keeps no trailing zero."""
    return {
        code: Fraction(value["index"]) if "index" in value else dict(value)
        for code, value in answers.items()
    }


# ── formulas ────────────────────────────────────────────────────────────────
def value_cells(stage: str) -> dict[str, str]:
    """Where each node's value stands, and the total."""
    layout = layouts_for(instrument().code)[0]
    letter = "L" if stage == UNIT else "S"
    cells = {code: f"{letter}{layout.row(code)}" for code in instrument().nodes}
    return {**cells, "total": f"{letter}{layout.totals['total']}"}


def assert_equal_scores(book: Workbook, answers: Answers, stage: str = UNIT) -> None:
    """Every node's cell against ours, to 1e-9; an indicator's cell shows its ratio."""
    sheet, ours = book["LKE ZI"], score(instrument(), answers)
    for code, address in value_cells(stage).items():
        shown = sheet[address].value
        indicator = instrument().indicators.get(code)
        if code == "total":
            right = ours.total
        elif indicator and indicator.code != indicator.subcomponent:
            right = ours.ratio(code)
        else:
            right = ours.points(code)
        if indicator and code not in ours.answered:
            assert shown == "Belum diisi", (code, shown)
        else:
            assert abs(float(shown) - float(right)) < 1e-9, (code, address, shown, float(right))


def zero_counts() -> Answers:
    """Every denominator is 0."""
    return {
        code: {"counts": {count.key: 0 for count in indicator.inputs}}
        for code, indicator in instrument().indicators.items()
        if indicator.is_percentage
    }


def test_a_spreadsheet_program_arrives_at_our_scores(tmp_path: Path) -> None:
    """LHKASN takes part, blanks count 0, zero denominators and caps are as the rules have them."""
    sheets: list[Answers] = [
        sample_answers(), {}, all_best(), all_worst(), zero_counts(),
        {"A.II.3.iii.a": {"counts": {"lalu": 0, "ini": 3}},
         "A.II.1.i.a": {"counts": {"agen": 2, "perubahan": 9}}},
        *(seeded_answers(seed) for seed in range(6)),
    ]  # fmt: skip
    books = recalculated(tmp_path, [export(answers) for answers in sheets])
    for book, answers in zip(books, sheets, strict=True):
        assert_equal_scores(book, answers)
    assert round(books[0]["LKE ZI"]["L208"].value, 6) == 84.712917


def test_tpi_s_scores_are_recalculated_beside_the_unit_s(tmp_path: Path) -> None:
    """Where TPI has no answer the unit's counts, also below a shared count."""
    both: list[tuple[Answers, Answers]] = [
        (sample_answers(), {}),
        (sample_answers(), {"A.II.1.i.a": {"counts": {"agen": 9, "perubahan": 20}}}),
        *((seeded_answers(seed), seeded_answers(-seed, 0.6)) for seed in (7, 8, 9)),
    ]
    books = recalculated(tmp_path, [export(unit, tpi) for unit, tpi in both])
    for book, (unit, tpi) in zip(books, both, strict=True):
        assert_equal_scores(book, unit)
        assert_equal_scores(book, {**unit, **tpi}, TPI)


def test_what_libreoffice_saved_comes_back_the_same(tmp_path: Path) -> None:
    notes = {"A.I.1.i.a": "=1+1\nbaris dua", "A.I.1.i.b": "#REF! 'kutip' <b>"}
    (file,) = resaved(tmp_path, [export(sample_answers(), {}, notes)])
    parsed = read(file.read_bytes())
    assert parsed.reading.problems == ()
    assert parsed.reading.values() == sample_answers()
    assert {each.code: each.note for each in parsed.reading.entries if each.note} == notes
    assert parsed.comparison.is_equal
    assert parsed.comparison.causes == ()
    assert parsed.origin is not None
    assert len(parsed.origin.untouched) == 113


# ── import of our export ────────────────────────────────────────────────────
any_note = st.text(
    st.characters(exclude_categories=["Cs"]) | st.sampled_from("=+-@#_x0041\n\t'\""), max_size=60
)


@settings(max_examples=12, deadline=None)
@given(st.randoms(use_true_random=False), st.lists(any_note, max_size=113))
def test_nothing_is_lost_on_the_way_out_and_in(random: Random, texts: list[str]) -> None:
    unit, tpi = random_answers(random), random_answers(random, 0.7)
    notes = dict(zip(instrument().indicators, texts, strict=False))
    data = export(unit, tpi, notes, notes)
    for stage, answers in ((UNIT, unit), (TPI, tpi)):
        parsed = read(data, stage)
        assert parsed.reading.problems == ()
        assert parsed.reading.notices == ()
        assert numbers(parsed.reading.values()) == numbers(answers)
        for each in parsed.reading.entries:
            assert each.note == clean(notes.get(each.code, "")), each
        assert parsed.origin is not None
        assert parsed.origin.untouched == set(instrument().indicators)


def test_evidence_lines_of_a_note_stand_in_their_own_columns_and_come_back_as_lines() -> None:
    note = (
        "Tim dibentuk.\nDokumen data dukung: SK Tim; Notula\n"
        "Tautan data dukung: https://contoh.go.id/1\nTautan data dukung: https://contoh.go.id/2"
    )
    data = export({}, notes={"A.I.1.i.a": note})
    sheet = opened(data)["LKE ZI"]
    assert sheet["O8"].value == "Tim dibentuk."
    assert sheet["P8"].value == "SK Tim; Notula"
    assert sheet["Q8"].value == "https://contoh.go.id/1\nhttps://contoh.go.id/2"
    entry = read(data).reading.entries[0]
    assert "\n".join([entry.note, *entry.lines]) == note


@pytest.mark.parametrize(
    "note",
    [
        "Tautan data dukung: https://a.go.id\nlalu teks",
        "x\nTautan data dukung: https://a.go.id\nDokumen data dukung: SK",
        "x\nTautan data dukung: https://a.go.id\nTautan data dukung: https://a.go.id",
        "x\nDokumen data dukung: SK\nDokumen data dukung: Notula",
        "x\n\nTautan data dukung: https://a.go.id",
    ],
)
def test_a_note_that_would_not_come_back_the_same_stays_whole(note: str) -> None:
    assert split_note(note) == (note, "", "")


def test_a_changed_cell_is_no_longer_what_was_exported() -> None:
    book = opened(export(sample_answers()))
    book["LKE ZI"]["K9"] = "C"
    stream = io.BytesIO()
    book.save(stream)
    origin = read(stream.getvalue()).origin
    assert origin is not None
    assert origin.mark == MARK
    assert set(instrument().indicators) - origin.untouched == {"A.I.1.i.b"}
    assert origin.versions["A.I.1.i.b"] == 1


def test_a_workbook_that_claims_no_origin_has_none() -> None:
    book = opened(export(sample_answers()))
    book["Keterangan"]["A6"] = "Lain"
    stream = io.BytesIO()
    book.save(stream)
    assert read(stream.getvalue()).origin is None


def test_a_count_linked_to_another_cell_is_not_taken_for_typed() -> None:
    """Only a link to the owner's cell repeats nothing; any other formula is a problem."""
    book = opened(export(sample_answers()))
    book["LKE ZI"]["K132"] = "=K129"
    stream = io.BytesIO()
    book.save(stream)
    (problem,) = read(stream.getvalue()).reading.problems
    assert problem.cells == ("K132",)


# ── what it looks like ──────────────────────────────────────────────────────
def test_answers_are_where_the_published_form_has_them() -> None:
    sheet = opened(export(sample_answers()))["LKE ZI"]
    heads = {cell.column_letter: cell.value for cell in sheet[2] if cell.value}
    assert heads["B"] == "Penilaian"
    assert (heads["K"], heads["L"], heads["O"]) == (
        "Jawaban", "Nilai", "Catatan/Keterangan/Penjelasan",
    )  # fmt: skip
    assert (sheet["K8"].value, sheet["K129"].value, sheet["K202"].value) == ("Ya", 9, 3.71)
    assert sheet["G9"].value == instrument().indicator("A.I.1.i.b").text
    assert "R" not in heads


def test_the_sheets_of_evaluators_have_a_row_for_each_of_their_subjects() -> None:
    book = opened(export({}))
    assert book.sheetnames == ["LKE ZI", "Catatan Evaluasi", "Rekomendasi", "Keterangan"]
    assert all(sheet.sheet_state == "visible" for sheet in book.worksheets)
    codes = [cell.value for cell in book["Catatan Evaluasi"]["B"][1:]]
    assert codes == list(instrument().subcomponents)
    assert [c.value for c in book["Rekomendasi"]["B"][1:]] == [a.code for a in instrument().areas]


def test_what_evaluators_write_into_the_export_is_read_again() -> None:
    book = opened(export({}, {}))
    book["Catatan Evaluasi"]["D2"], book["Rekomendasi"]["D3"] = "Tim lengkap.", "Perbarui SOP."
    stream = io.BytesIO()
    book.save(stream)
    told = [(each.kind, each.code, each.text) for each in read(stream.getvalue(), TPI).evaluators]
    assert told == [
        ("catatan", "A.I.1.i", "Tim lengkap."), ("rekomendasi", "A.I.2", "Perbarui SOP."),
    ]  # fmt: skip


def test_cells_offer_and_check_what_can_be_typed() -> None:
    sheet = opened(export({}))["LKE ZI"]
    found = {}
    for rule in sheet.data_validations.dataValidation:
        for address in ("K8", "K9", "K26", "K129", "K202", "O8"):
            if address in rule.sqref:
                found[address] = (rule.type, rule.formula1)
    assert found == {
        "K8": ("list", '"Ya,Tidak"'), "K9": ("list", '"A,B,C"'), "K26": ("list", '"A,B,C,D,E"'),
        "K129": ("whole", "0"), "K202": ("decimal", "0"), "O8": ("textLength", "0"),
    }  # fmt: skip
    assert cells.NOTE_LIMIT == answering.NOTE_LIMIT


EVIL = ['=HYPERLINK("http://a.example","x")', "+1+1", "@SUM(A1)", "-2", "#REF!", "1/2", "\ttab"]


def test_what_a_person_wrote_is_text_and_never_a_formula() -> None:
    notes = dict(zip(instrument().indicators, EVIL, strict=False))
    data = export(sample_answers(), {}, notes, notes)
    sheet = opened(data)["LKE ZI"]
    layout = layouts_for(instrument().code)[0]
    for code, text in notes.items():
        for column in "OT":
            cell = sheet[f"{column}{layout.row(code)}"]
            assert (cell.value, cell.data_type, cell.quotePrefix) == (text, "s", True)
    own = {a for stage in (UNIT, TPI) for a, _ in Formulas(instrument(), layout, stage).all()}
    shares = {f"M{row}" for row in layout.headings.values()}
    formulas = {c.coordinate for row in sheet.iter_rows() for c in row if c.data_type == "f"}
    assert formulas == own | shares


def test_it_holds_no_macro_no_link_to_elsewhere_and_protects_nothing() -> None:
    with zipfile.ZipFile(io.BytesIO(export(sample_answers(), {}))) as archive:
        names = archive.namelist()
        xml = "".join(archive.read(name).decode() for name in names)
    assert not [name for name in names if re.search(r"vba|externalLink|connections", name)]
    assert "sheetProtection" not in xml
    assert "workbookProtection" not in xml
