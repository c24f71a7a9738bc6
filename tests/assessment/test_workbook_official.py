"""The ministry's own file, which lies beside the repository: the figures that are published."""

import pytest

from assessment.scoring import score
from assessment.workbook.parsed import Parsed, parse
from tests.assessment.samples import instrument
from tests.paths import official_lke

NODES = {
    "A": "47.819167", "A.I": "23.430167", "A.II": "24.389001", "B": "36.893750",
    "B.I": "21.231250", "B.II": "15.662500",
    "A.I.1": "3.776667", "A.I.2": "2.181667", "A.I.3": "3.697917", "A.I.4": "4.427083",
    "A.I.5": "5.248500", "A.I.6": "4.098333",
    "A.II.1": "2.849206", "A.II.2": "2.418333", "A.II.3": "4.500000", "A.II.4": "3.745000",
    "A.II.5": "6.857143", "A.II.6": "4.019318",
}  # fmt: skip


@pytest.fixture(scope="module")
def filled() -> Parsed:
    return parse(instrument(), official_lke("lke-terisi.xlsx").read_bytes())


def test_the_filled_workbook_gives_the_published_figures(filled: Parsed) -> None:
    assert filled.reading.problems == ()
    sheet = score(instrument(), filled.reading.values())
    assert len(sheet.answered) == 113
    for code, points in {"total": "84.712917", **NODES}.items():
        found = sheet.total if code == "total" else sheet.points(code)
        assert round(float(found), 6) == float(points), code


def test_its_own_total_is_explained_by_row_175(filled: Parsed) -> None:
    assert round(float(filled.comparison.file_total or 0), 6) == 84.57006
    (cause,) = filled.comparison.causes
    assert (cause.cell, cause.code) == ("L175", "A.II.5.iii")
    assert "A.II.5.iii.b (baris 184)" in cause.reason
    assert round(float(cause.points), 6) == -0.142857


def test_every_row_is_found_where_the_form_has_it(filled: Parsed) -> None:
    cells = {entry.code: entry.cells for entry in filled.reading.entries}
    assert cells["A.I.6.v.b"]["choice"] == "K123"
    assert cells["A.II.5.iii.b"]["fungsional_pelaksana"] == "K188"
    assert cells["B.II.a"]["index"] == "K205"


def test_its_notes_are_read(filled: Parsed) -> None:
    notes = [entry for entry in filled.reading.entries if entry.note]
    assert len(notes) > 90
    assert all(entry.code in entry.note for entry in notes)


def test_the_empty_workbook_gives_nothing() -> None:
    empty = parse(instrument(), official_lke("lke-kosong.xlsx").read_bytes())
    assert empty.reading.problems == ()
    assert all(entry.is_blank for entry in empty.reading.entries)
    assert empty.comparison.file_total is None
