"""From the bytes of a workbook to answers, with our own form: quirks, moved rows, bad cells."""

import json
import re
from fractions import Fraction
from typing import Any

import pytest
from openpyxl.worksheet.worksheet import Worksheet

from assessment.scoring import score
from assessment.workbook import parsed as workbook
from assessment.workbook.comparing import Cause
from assessment.workbook.parsed import Parsed, parse
from assessment.workbook.reading import Entry, Problem
from tests.assessment.samples import instrument, sample_answers
from tests.assessment.workbooks.build import Form, moved, opened, rewritten, save


def read(data: bytes) -> Parsed:
    return parse(instrument(), data)


def read_with(cells: dict[str, Any], form: Form | None = None) -> Parsed:
    """The filled form after these cells were typed over."""

    def change(sheet: Worksheet) -> None:
        for address, value in cells.items():
            sheet[address] = value

    return read((form or Form(sample_answers())).filled(change))


def entry(parsed: Parsed, code: str) -> Entry:
    return next(each for each in parsed.reading.entries if each.code == code)


def the_problem(parsed: Parsed) -> Problem:
    (problem,) = parsed.reading.problems
    return problem


def the_cause(parsed: Parsed) -> Cause:
    (cause,) = parsed.comparison.causes
    return cause


FORM = Form({})


# ── the whole form ──────────────────────────────────────────────────────────
def test_a_filled_form_gives_every_answer() -> None:
    parsed = read(Form(sample_answers()).filled())
    assert parsed.reading.problems == ()
    assert parsed.reading.values() == sample_answers()


def test_an_empty_form_gives_nothing_and_no_complaint() -> None:
    parsed = read(save(Form({}).workbook()))
    assert parsed.reading.values() == {}
    assert parsed.reading.problems == ()
    assert all(each.is_blank for each in parsed.reading.entries)
    assert parsed.comparison.file_total is None
    assert parsed.comparison.causes == ()


def test_rows_are_found_after_rows_were_inserted_anywhere() -> None:
    form = Form(sample_answers(), at=moved(3, 9, 25, 61, 130, 179, 186, 203, by=3))
    parsed = read(form.filled())
    assert parsed.reading.problems == ()
    assert parsed.reading.values() == sample_answers()
    assert entry(parsed, "A.II.5.iii.b").cells["sudah"] == form.cell("A.II.5.iii.b.sudah")


def test_columns_are_found_after_a_column_was_inserted() -> None:
    book = Form(sample_answers(), notes=True).workbook()
    sheet = book["LKE ZI"]
    sheet.insert_cols(9)  # before the criteria
    parsed = read(save(book))
    assert parsed.reading.values() == sample_answers()
    assert entry(parsed, "A.I.1.i.a").cells["choice"] == "L8"
    assert entry(parsed, "A.I.1.i.a").note == "Penjelasan A.I.1.i.a"


def test_a_missing_number_is_made_up_for_by_the_rows_around_it() -> None:
    """The mark of a sub-component is gone, and rows were inserted above it."""
    form = Form(sample_answers(), at=moved(5, by=4))
    book = form.workbook()
    sheet = book["LKE ZI"]
    sheet[form.cell("A.I.1.ii", "E")] = None
    parsed = read(save(book))
    assert parsed.reading.values() == sample_answers()


def test_letters_out_of_order_are_read_as_the_form_means_them() -> None:
    answers = {**sample_answers(), "A.I.6.v.b": {"choice": "Tidak"}, "A.I.6.v.c": {"choice": "B"}}
    printed = read(Form(answers).filled())
    corrected = read_with({"F123": "b.", "F124": "c."}, Form(answers))
    for parsed in (printed, corrected):
        assert entry(parsed, "A.I.6.v.b").value == {"choice": "Tidak"}
        assert entry(parsed, "A.I.6.v.c").value == {"choice": "B"}


def test_swapped_rows_are_told_apart_by_their_letters() -> None:
    """Rows b and c of one sub-component, both A/B/C/D, changed places with all they hold."""
    form = Form(sample_answers())
    book = form.workbook()
    sheet = book["LKE ZI"]
    first, second = form.row("A.I.6.i.b"), form.row("A.I.6.i.c")
    for column in "FGIJKO":
        one, other = sheet[f"{column}{first}"], sheet[f"{column}{second}"]
        one.value, other.value = other.value, one.value
    assert read(save(book)).reading.values() == sample_answers()


def test_a_cleared_answer_type_does_not_hide_a_row() -> None:
    addresses = [FORM.cell(code, "J") for code in ("A.I.1.i.b", "A.II.5.iii.a", "B.I.b")]
    parsed = read_with({**dict.fromkeys(addresses), FORM.cell("A.II.1.i.a.perubahan", "J"): None})
    assert parsed.reading.values() == sample_answers()


def test_the_file_says_nothing_true_about_its_size() -> None:
    """Some programs write a wrong dimension; cells beyond it count all the same."""
    data = rewritten(
        Form(sample_answers()).filled(),
        "xl/worksheets/sheet3.xml",
        lambda xml: re.sub(r'<dimension ref="[^"]*"', '<dimension ref="A1"', xml),
    )
    assert read(data).reading.values() == sample_answers()


# ── what people type ────────────────────────────────────────────────────────
@pytest.mark.parametrize(
    ("code", "typed", "value"),
    [
        ("A.I.1.i.a", "ya", {"choice": "Ya"}),
        ("A.I.1.i.a", " TIDAK ", {"choice": "Tidak"}),
        ("A.I.1.i.b", "a", {"choice": "A"}),
        ("A.I.1.i.b", "\u00a0B.\u00a0", {"choice": "B"}),
        ("A.I.1.i.b", "c)", {"choice": "C"}),
        ("B.I.a", 3.71, {"index": "3.71"}),
        ("B.I.a", "3,71", {"index": "3.71"}),
        ("B.I.a", " 3.7 ", {"index": "3.7"}),
        ("B.I.a", 3.7099999999999997, {"index": "3.71"}),
        ("B.II.a", 4, {"index": "4"}),
    ],
)
def test_good_answers_are_read_however_they_are_written(
    code: str, typed: object, value: dict[str, str]
) -> None:
    parsed = read_with({FORM.cell(code): typed})
    assert parsed.reading.problems == ()
    assert entry(parsed, code).value == value


@pytest.mark.parametrize("typed", [9, 9.0, "9", " 9 "])
def test_counts_are_read_as_numbers_or_text(typed: object) -> None:
    parsed = read_with({FORM.cell("A.II.1.i.a.agen"): typed})
    value = entry(parsed, "A.II.1.i.a").value
    assert value is not None
    assert value["counts"]["agen"] == 9


@pytest.mark.parametrize(
    ("cell", "typed", "says"),
    [
        ("A.I.1.i.a", "Mungkin", "“Mungkin”; jawaban yang ada Ya atau Tidak"),
        ("A.I.1.i.b", "D", "“D”; jawaban yang ada A, B atau C"),
        ("A.I.1.i.b", 0.5, "“0.5”"),
        ("A.I.1.i.b", "=B1", "Berisi rumus"),
        ("A.I.1.i.b", True, "“True”"),
        ("A.I.1.i.b", "-", "“-”"),
        ("A.II.1.i.a.agen", "sembilan", "bilangan bulat"),
        ("A.II.1.i.a.agen", 8.5, "“8.5”"),
        ("A.II.1.i.a.agen", -1, "“-1”"),
        ("A.II.1.i.a.agen", "1.234", "bilangan bulat"),
        ("A.II.1.i.a.agen", "=4+5", "Berisi rumus"),
        ("A.II.1.i.a.agen", True, "bilangan bulat"),
        ("B.I.a", "tinggi", "indeks"),
        ("B.I.a", "=3.5", "Berisi rumus"),
        ("B.I.a", 3.123456, "empat desimal"),
        ("B.I.a", -1, "indeks"),
    ],
)
def test_what_cannot_be_read_names_its_cell_and_why(cell: str, typed: object, says: str) -> None:
    parsed = read_with({FORM.cell(cell): typed})
    problem = the_problem(parsed)
    assert problem.cells == (FORM.cell(cell),)
    assert says in problem.reason
    assert problem.codes[0] not in parsed.reading.values()


def test_a_row_of_another_answer_type_is_not_guessed() -> None:
    parsed = read_with({FORM.cell("A.I.1.i.b", "J"): "A/B/C/D"})
    problem = the_problem(parsed)
    assert problem.codes == ("A.I.1.i.b",)
    assert problem.cells == ("J9",)


def test_a_deleted_row_is_missed_and_its_neighbours_are_read() -> None:
    form = Form(sample_answers())
    book = form.workbook()
    book["LKE ZI"].delete_rows(form.row("A.I.1.iii.b"))
    parsed = read(save(book))
    problem = the_problem(parsed)
    assert problem.codes == ("A.I.1.iii.b",)
    assert "tidak ditemukan" in problem.reason
    assert len(parsed.reading.values()) == 112


# ── counts that stand in two places ─────────────────────────────────────────
def test_two_values_of_the_one_shared_count_are_an_error_that_names_both_cells() -> None:
    parsed = read_with({FORM.cell("A.II.1.i.b.perubahan"): 8})
    problem = the_problem(parsed)
    assert problem.cells == ("K130", "K132")
    assert problem.codes == ("A.II.1.i.a", "A.II.1.i.b")
    assert "K130 berisi 7 dan K132 berisi 8" in problem.reason


def test_the_shared_count_may_stand_in_either_cell() -> None:
    parsed = read_with({FORM.cell("A.II.1.i.a.perubahan"): None})
    assert parsed.reading.values() == sample_answers()
    assert entry(parsed, "A.II.1.i.a").cells["perubahan"] == "K132"


def test_a_typed_sum_that_differs_is_told_and_the_details_count() -> None:
    parsed = read_with({FORM.cell("A.II.5.iii.b.harus"): 75})
    (notice,) = parsed.reading.notices
    assert (notice.code, notice.cell) == ("A.II.5.iii.b", "K185")
    assert "75" in notice.text
    assert "72" in notice.text
    assert parsed.reading.values() == sample_answers()


def test_a_typed_sum_without_details_is_not_lost_silently() -> None:
    keys = ("administrator", "pengawas", "fungsional_pelaksana")
    parsed = read_with({FORM.cell(f"A.II.5.iii.b.{key}"): None for key in keys})
    assert the_problem(parsed).cells == ("K185",)


def test_a_percentage_typed_over_its_formula_needs_the_counts() -> None:
    cells = [FORM.cell(f"A.II.6.i.b.{key}") for key in ("terdata", "dipermudah")]
    typed = read_with({FORM.cell("A.II.6.i.b"): 0.9, **dict.fromkeys(cells)})
    assert the_problem(typed).cells == ("K193",)
    beside = read_with({FORM.cell("A.II.6.i.b"): 0.9})
    assert beside.reading.values() == sample_answers()
    assert beside.reading.notices[0].cell == "K193"


def test_counts_filled_in_part_are_read_in_part() -> None:
    parsed = read_with({FORM.cell("A.II.5.ii.a.selesai"): None})
    assert entry(parsed, "A.II.5.ii.a").value == {"counts": {"harus": 12, "proses": 2}}


# ── notes and evidence ──────────────────────────────────────────────────────
def test_documents_and_links_follow_the_note_as_lines() -> None:
    parsed = read_with(
        {
            "O8": "Tim dibentuk.\r\nLihat SK.",
            "P8": "SK Tim\nNotula rapat",
            "Q8": "https://contoh.go.id/sk\nhttps://contoh.go.id/notula",
            "O129": "Sembilan agen.",
        }
    )
    first = entry(parsed, "A.I.1.i.a")
    assert first.note == "Tim dibentuk.\nLihat SK."
    assert first.lines == (
        "Dokumen data dukung: SK Tim; Notula rapat",
        "Tautan data dukung: https://contoh.go.id/sk",
        "Tautan data dukung: https://contoh.go.id/notula",
    )
    assert entry(parsed, "A.II.1.i.a").note == "Sembilan agen."


def test_the_address_behind_a_link_is_kept() -> None:
    def change(sheet: Worksheet) -> None:
        sheet["Q8"] = "SK tim"
        sheet["Q8"].hyperlink = "https://contoh.go.id/sk"
        sheet["Q9"] = '=HYPERLINK("https://contoh.go.id/b","Notula")'

    parsed = read(Form(sample_answers()).filled(change))
    assert entry(parsed, "A.I.1.i.a").lines == (
        "Tautan data dukung: SK tim (https://contoh.go.id/sk)",
    )
    assert entry(parsed, "A.I.1.i.b").lines == ("Tautan data dukung: https://contoh.go.id/b",)


def test_control_characters_do_not_come_in() -> None:
    parsed = read_with({"O8": "satu_x0000__x000D_\ndua\u200b"})
    assert entry(parsed, "A.I.1.i.a").note == "satu\ndua\u200b"


# ── the file's own totals ───────────────────────────────────────────────────
def test_the_row_that_leaves_lhkasn_out_is_named_as_the_cause() -> None:
    parsed = read(Form(sample_answers()).filled())
    assert parsed.comparison.total == score(instrument(), sample_answers()).total
    assert round(float(parsed.comparison.file_total or 0), 6) == 84.57006
    cause = the_cause(parsed)
    assert (cause.code, cause.cell) == ("A.II.5.iii", "L175")
    assert "A.II.5.iii.b (baris 184)" in cause.reason
    assert round(float(cause.points), 6) == -0.142857


def test_the_cause_is_found_where_rows_were_inserted() -> None:
    form = Form(sample_answers(), at=moved(9, 130, by=2))
    cause = the_cause(read(form.filled()))
    assert cause.cell == "L179"
    assert "(baris 188)" in cause.reason


def full_lhkasn() -> dict[str, Any]:
    """Answers for which the fault of row 175 makes no difference."""
    answers = sample_answers()
    answers["A.II.5.iii.a"] = {"counts": {"kepala": 1, "wajib": 4, "lainnya": 2, "sudah": 7}}
    return answers


def test_equal_totals_need_no_explanation() -> None:
    parsed = read(Form(full_lhkasn()).filled())
    assert parsed.comparison.is_equal
    assert parsed.comparison.causes == ()


def test_blanks_that_the_form_skips_are_named() -> None:
    answers = full_lhkasn()
    del answers["A.I.1.i.b"]
    cause = the_cause(read(Form(answers).filled()))
    assert cause.cell == "L7"
    assert "A.I.1.i.b (baris 9)" in cause.reason
    assert cause.points == Fraction(1, 4)


def stored_with(cell: str, value: float, *, typed: bool = False) -> Parsed:
    """The form with another stored result in one cell; `typed`: without its formula."""
    form = Form(full_lhkasn())
    data = form.filled()

    def change(xml: str) -> str:
        start = xml.index(f'<c r="{cell}">')
        end = xml.index("</c>", start)
        formula = re.findall(r"<f>.*?</f>", xml[start:end])[0]
        return f'{xml[:start]}<c r="{cell}">{"" if typed else formula}<v>{value}</v>{xml[end:]}'

    return read(rewritten(data, "xl/worksheets/sheet3.xml", change))


def test_a_number_typed_over_a_formula_is_named() -> None:
    cause = next(c for c in stored_with("L6", 4, typed=True).comparison.causes if c.cell == "L6")
    assert "diketik" in cause.reason


def test_a_stored_result_that_nobody_recalculated_is_called_that() -> None:
    cause = next(c for c in stored_with("L8", 0).comparison.causes if c.cell == "L8")
    assert "simpan ulang" in cause.reason


def test_an_answer_that_could_not_be_read_explains_its_difference() -> None:
    parsed = read_with({"K8": "Betul"}, Form(full_lhkasn()))
    cause = the_cause(parsed)
    assert cause.cell == "L8"
    assert "tidak terbaca" in cause.reason


def test_a_form_full_of_errors_has_no_total_and_says_why() -> None:
    parsed = read(Form({"A.I.1.i.a": {"choice": "Ya"}}).filled())
    assert parsed.comparison.file_total is None
    assert all("#DIV/0!" in cause.reason for cause in parsed.comparison.causes if not cause.file)


def test_formulas_in_a_circle_come_to_an_end() -> None:
    """Rows 176 and 183 are none of ours, so what they refer to is followed."""
    parsed = read_with({"L176": "=L183", "L183": "=L176", "L175": "=L176*H175"})
    cause = the_cause(parsed)
    assert cause.cell == "L175"
    assert "A.II.5.iii.a (baris 177), A.II.5.iii.b (baris 184)" in cause.reason


def test_a_number_that_is_no_score_is_not_compared() -> None:
    assert stored_with("L208", 1e300).comparison.file_total is None


# ── kept between preview and confirmation ───────────────────────────────────
def test_what_was_read_survives_being_kept() -> None:
    parsed = read_with({"K9": "X", "K132": 8, "K185": 75, "Q8": "https://contoh.go.id"})
    kept = json.loads(json.dumps(workbook.as_json(parsed)))
    assert workbook.from_json(kept) == parsed


def test_values_of_formulas_are_taken_as_stored_and_never_followed() -> None:
    """A link to another workbook in the notes: its last value is text like any other."""
    parsed = read_with({"O8": "='[rahasia.xlsx]Data'!$A$1"})
    assert entry(parsed, "A.I.1.i.a").note == ""


def test_the_fixture_has_the_layout_it_claims() -> None:
    """Its hidden drafts stand before the sheet, and the row of the fault is where it was."""
    book = opened(Form(sample_answers()).filled())
    assert book.sheetnames == ["Utama", "Ctt Eval", "LKE ZI"]
    assert book["Utama"].sheet_state == "hidden"
    assert book["LKE ZI"]["L175"].value == "=AVERAGE(L176:L179)*H175"
