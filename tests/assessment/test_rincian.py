"""Rows of a count and its time range: reading what is typed and pasted, and what may be stored."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessment import rincian
from assessment.scoring import value_problems
from tests.assessment.samples import instrument

AGENTS = instrument().indicator("A.II.1.i.a")
VIOLATIONS = instrument().indicator("A.II.3.iii.a")


def counted(*rows: list[str], number: int | None = None) -> dict[str, object]:
    """The answer to A.II.1.i.a with these rows of agents."""
    agents = len(rows) if number is None else number
    return {"counts": {"agen": agents, "perubahan": 1}, "rows": {"agen": list(rows)}}


def problems(value: dict[str, object], code: str = "A.II.1.i.a") -> dict[str, str]:
    return dict(value_problems(instrument(), code, value, {}))


@pytest.mark.parametrize(
    "typed",
    [
        "12/3/2025",
        "12-03-2025",
        "12.3.2025",
        "2025-03-12",
        "2025-03-12 00:00:00",
        "12 Maret 2025",
        "12 maret 2025",
        "12-Mar-2025",
        " 12 Mar. 2025 ",
    ],
)
def test_a_date_is_read_as_people_and_spreadsheets_write_it(typed: str) -> None:
    assert rincian.read_date(typed) == dt.date(2025, 3, 12)


@pytest.mark.parametrize(
    ("typed", "month"), [("1 Agt 2025", 8), ("1 Nopember 2025", 11), ("1 Pebruari 2025", 2)]
)
def test_other_spellings_of_months_are_understood(typed: str, month: int) -> None:
    assert rincian.read_date(typed) == dt.date(2025, month, 1)


@pytest.mark.parametrize(
    "typed", ["32/1/2025", "29/2/2025", "1/13/2025", "12/3/25", "kemarin", "1 Ma 2025", "1/1/0202"]
)
def test_what_is_no_date_is_not_guessed(typed: str) -> None:
    assert rincian.read_date(typed) is None


@given(st.dates(dt.date(1990, 1, 1), dt.date(2100, 12, 31)))
def test_a_date_as_it_is_shown_is_read_back(day: dt.date) -> None:
    assert rincian.read_date(rincian.day_words(day.isoformat())) == day


def test_pasted_lines_become_rows_without_headings_and_blank_lines() -> None:
    text = "Uraian\tTanggal\tStatus\r\nAni\t12/1/2025\tselesai\r\n\r\nBudi\t\t\r\nCici\r\n"
    reading = rincian.read_paste(text)
    assert reading.problems == ()
    assert reading.rows == [["Ani", "2025-01-12", "selesai"], ["Budi", "", ""], ["Cici", "", ""]]


def test_a_cell_in_quotes_may_hold_a_line_break_and_a_tab() -> None:
    reading = rincian.read_paste('"Ani\nWijaya"\t12/1/2025\t"kata ""baik"""\n')
    assert reading.rows == [["Ani Wijaya", "2025-01-12", 'kata "baik"']]


def test_a_lone_quote_is_text_and_swallows_nothing() -> None:
    reading = rincian.read_paste('"Ani\t12/1/2025\nBudi\t13/1/2025\n')
    assert [row[0] for row in reading.rows] == ['"Ani', "Budi"]


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("Budi\tkemarin", "tanggal “kemarin” tidak dikenal"),
        ("\t12/1/2025", "uraian belum diisi"),
        ("1\tBudi\t12/1/2025\tselesai", "ada 4 kolom"),
        (f"{'x' * 301}\t12/1/2025", "lebih dari 300 karakter"),
        ("Bu\x00di\t12/1/2025", "karakter kendali"),
    ],
)
def test_a_line_that_cannot_be_a_row_is_named_by_its_number(line: str, words: str) -> None:
    reading = rincian.read_paste(f"Ani\t12/1/2025\n\n{line}\n")
    assert len(reading.problems) == 1
    assert reading.problems[0].startswith("Baris 3: ")
    assert words in reading.problems[0]


@given(st.text(max_size=400))
def test_whatever_is_pasted_gives_rows_that_may_be_stored(text: str) -> None:
    rows = rincian.read_paste(text).rows
    if 0 < len(rows) <= rincian.ROW_LIMIT:
        assert problems(counted(*rows)) == {}


def test_the_usual_range_is_the_last_full_year_and_the_one_before_for_what_shrank() -> None:
    last = (dt.date(2025, 1, 1), dt.date(2025, 12, 31))
    before = (dt.date(2024, 1, 1), dt.date(2024, 12, 31))
    assert rincian.usual_range(AGENTS, "agen", 2026) == last
    assert rincian.usual_range(VIOLATIONS, "lalu", 2026) == before
    assert rincian.usual_range(VIOLATIONS, "ini", 2026) == last
    assert rincian.usual_range(VIOLATIONS, "sanksi", 2026) == last


def test_a_range_names_its_year_once_when_there_is_one() -> None:
    assert (
        rincian.range_words((dt.date(2025, 1, 1), dt.date(2025, 12, 31)))
        == "1 Januari–31 Desember 2025"
    )
    assert (
        rincian.range_words((dt.date(2024, 7, 1), dt.date(2025, 6, 30)))
        == "1 Juli 2024–30 Juni 2025"
    )


def test_rows_whose_number_is_the_count_may_be_stored() -> None:
    value = counted(["Ani", "2025-01-12", "selesai"], ["Budi", "", ""])
    assert problems(value | {"ranges": {"agen": ["2025-01-01", "2025-06-30"]}}) == {}


def test_a_count_that_contradicts_its_rows_is_refused_and_the_rows_are_named() -> None:
    found = problems(counted(["Ani", "", ""], ["Budi", "", ""], number=12))
    assert found == {
        "agen": "Jumlah agen perubahan (12) berbeda dari rinciannya (2 baris: Ani; Budi). "
        "Ubah rinciannya di halaman pengisian."
    }


@pytest.mark.parametrize(
    "row",
    [
        "Ani",
        ["Ani"],
        ["", "2025-01-12", ""],
        ["Ani", "12/1/2025", ""],
        ["Ani", "2025-01-12", "x" * 301],
        ["Ani", "2025-01-12", "a\x00"],
        ["Ani", 3, ""],
    ],
)
def test_a_row_of_another_shape_is_refused(row: object) -> None:
    assert "rows-agen" in problems(counted(row))  # type: ignore[arg-type]


@pytest.mark.parametrize("rows", [[], {}, None, [["Ani", "", ""]] * 501])
def test_no_rows_at_all_or_too_many_are_refused(rows: object) -> None:
    value = {"counts": {"agen": 501}, "rows": {"agen": rows}}
    assert "rows-agen" in problems(value)


@pytest.mark.parametrize("beside", [{"rows": []}, {"rows": {"lain": []}}, {"ranges": {"x": 1}}])
def test_rows_and_ranges_of_no_count_are_refused(beside: dict[str, object]) -> None:
    assert problems({"counts": {"agen": 1}, **beside}) != {}


@pytest.mark.parametrize(
    "days", [["2025-02-01", "2025-01-01"], ["2025-01-01"], ["x", "y"], "2025-01-01", None]
)
def test_a_range_that_is_none_is_refused(days: object) -> None:
    value = {"counts": {"agen": 1}, "ranges": {"agen": days}}
    assert "range-agen" in problems(value)


def test_rows_outside_the_time_range_are_a_warning() -> None:
    value = counted(["Ani", "2024-12-31", ""], ["Budi", "2025-01-01", ""], ["Cici", "", ""])
    assert list(rincian.warnings(AGENTS, value, 2026)) == [
        "Jumlah agen perubahan: 1 baris rincian bertanggal di luar 1 Januari–31 Desember 2025."
    ]


def test_rows_in_words_tell_two_answers_apart() -> None:
    mine = counted(["Ani", "2025-01-12", "selesai"], ["Budi", "", ""])
    theirs = counted(["Ani", "2025-01-12", "selesai"], ["Cici", "", ""])
    assert rincian.words(mine, "agen") == "rincian 2 baris: Ani; Budi"
    assert rincian.words(mine, "agen", theirs) == "rincian 2 baris, hanya di sini: Budi"
    assert rincian.words(theirs, "agen", mine) == "rincian 2 baris, hanya di sini: Cici"


def test_many_rows_are_shortened_in_words() -> None:
    value = counted(*([f"Orang {number}", "", ""] for number in range(7)))
    assert rincian.words(value, "agen").endswith("Orang 4; dan 2 lainnya")
