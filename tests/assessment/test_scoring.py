"""From answers to points: published figures, policies, properties, and what may not be saved."""

import os
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
import yaml
from openpyxl import load_workbook

from assessment.scoring import ScoreSheet, indicator_ratio, is_answered, score
from tests.assessment.samples import ROOT, all_best, all_worst, instrument, sample_answers
from zi_portal.ui import numbers

LKE = ROOT.parent / "shared" / "lke"

#: workbook.md: the filled workbook, with LHKASN counted.
PUBLISHED = {
    "A": "47.819167", "A.I": "23.430167", "A.II": "24.389001",
    "B": "36.893750", "B.I": "21.231250", "B.II": "15.662500",
    "A.I.1": "3.776667", "A.I.2": "2.181667", "A.I.3": "3.697917",
    "A.I.4": "4.427083", "A.I.5": "5.248500", "A.I.6": "4.098333",
    "A.II.1": "2.849206", "A.II.2": "2.418333", "A.II.3": "4.500000",
    "A.II.4": "3.745000", "A.II.5": "6.857143", "A.II.6": "4.019318",
}  # fmt: skip


def sheet(answers: dict[str, dict[str, Any]]) -> ScoreSheet:
    return score(instrument(), answers)


def choices(code: str, letters: str) -> dict[str, dict[str, Any]]:
    """Answers of the indicators beneath a sub-component, "Ya, A" in order."""
    indicators = instrument().subcomponents[code].indicators
    keys = letters.split(", ")
    return {each.code: {"choice": key} for each, key in zip(indicators, keys, strict=True)}


def counts(**numbers: int) -> dict[str, Any]:
    return {"counts": numbers}


# --- published figures -------------------------------------------------------------------------


def test_the_sample_sheet_has_the_published_total_and_nodes() -> None:
    result = sheet(sample_answers())
    assert numbers.plain(result.total) == "84.712917"
    assert {code: numbers.plain(result.points(code)) for code in PUBLISHED} == PUBLISHED
    assert len(result.answered) == 113


@pytest.fixture
def filled_workbook() -> Path:
    path = LKE / "lke-terisi.xlsx"
    if not path.exists():
        if os.environ.get("CI"):
            pytest.fail(f"{path.name} is missing beside the repository")
        pytest.skip(f"{path.name} is not beside the repository")
    return path


def test_the_filled_workbook_holds_the_answers_of_the_sample_sheet(filled_workbook: Path) -> None:
    lke = load_workbook(filled_workbook)["LKE ZI"]
    rows = dict(_indicator_rows(filled_workbook.with_name("instrument-90-2021.yaml")))
    first_count_row = {code: rows[code] + 1 for code in rows}
    answers = sample_answers()
    for code, indicator in instrument().indicators.items():
        typed = lke.cell(rows[code], 11).value
        if indicator.is_percentage:
            column = [lke.cell(first_count_row[code] + n, 11).value for n in range(5)]
            given = answers[code]["counts"]
            assert [given[count.key] for count in indicator.inputs] == [
                column[_row_offset(code, count.key)] for count in indicator.inputs
            ]
        else:
            assert str(typed).strip() == next(iter(answers[code].values()))


def _row_offset(code: str, key: str) -> int:
    """How far below the first count's row the form asks for a count (workbook.md)."""
    order = {
        "A.II.5.iii.a": ["harus", "kepala", "wajib", "lainnya", "sudah"],
        "A.II.5.iii.b": ["harus", "administrator", "pengawas", "fungsional_pelaksana", "sudah"],
    }
    keys = order.get(code) or [count.key for count in instrument().indicator(code).counts]
    return keys.index(key)


def _indicator_rows(path: Path) -> list[tuple[str, int]]:
    def walk(value: Any) -> list[tuple[str, int]]:
        if isinstance(value, list):
            return [row for item in value for row in walk(item)]
        if not isinstance(value, dict):
            return []
        own = [(value["code"], value["source"]["xlsx_row"])] if "source" in value else []
        return own + [row for item in value.values() for row in walk(item)]

    return walk(yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader))


def test_the_form_s_fault_in_row_175_is_what_the_two_totals_differ_by() -> None:
    answers = sample_answers()
    kpn, kasn = sheet(answers).ratio("A.II.5.iii.a"), sheet(answers).ratio("A.II.5.iii.b")
    by_the_form = sheet(answers).total - sheet(answers).points("A.II.5.iii") + 2 * kpn
    assert (kpn, kasn) == (Fraction(6, 7), 1)
    assert numbers.plain(by_the_form) == "84.570060"
    assert numbers.plain(sheet(answers).total - by_the_form) == "0.142857"


@pytest.mark.parametrize(
    ("subcomponent", "answers", "shown"),
    [
        ("A.I.1.i", "Ya, A", "0,50"),
        ("A.I.1.ii", "Ya, C, A", "0,67"),
    ],
)
def test_pn_serang_2022(subcomponent: str, answers: str, shown: str) -> None:
    result = sheet(choices(subcomponent, answers))
    assert numbers.points(result.points(subcomponent)) == shown


def test_pn_serang_2022_area_with_the_rest_full() -> None:
    result = sheet(all_best() | choices("A.I.1.i", "Ya, A") | choices("A.I.1.ii", "Ya, C, A"))
    assert numbers.points(result.points("A.I.1")) == "3,67"


@pytest.mark.parametrize(
    ("subcomponent", "answers", "shown"),
    [("A.I.2.i", "B, A, B", "0,81"), ("A.I.6.i", "B, B, B, Ya", "0,77")],
)
def test_pn_pekalongan(subcomponent: str, answers: str, shown: str) -> None:
    result = sheet(choices(subcomponent, answers))
    assert numbers.points(result.points(subcomponent)) == shown


# --- the scales --------------------------------------------------------------------------------


def test_b_of_four_is_0_67_and_not_two_thirds() -> None:
    ratio, _ = indicator_ratio(
        instrument().indicator("A.I.1.iii.a"), {"A.I.1.iii.a": {"choice": "B"}}
    )
    assert ratio == Fraction("0.67")
    ratio, _ = indicator_ratio(
        instrument().indicator("A.I.1.iii.a"), {"A.I.1.iii.a": {"choice": "C"}}
    )
    assert ratio == Fraction("0.33")


def test_three_times_b_of_four_stays_below_two_thirds() -> None:
    result = sheet(choices("A.I.1.iii", "B, B, B"))
    assert result.points("A.I.1.iii") == Fraction("0.67")
    assert result.points("A.I.1.iii.a") == Fraction(67, 300)


@pytest.mark.parametrize(
    ("typed", "ratio"), [("3.71", "0.9275"), ("3,71", "0.9275"), ("4", "1"), ("0", "0")]
)
def test_an_index_is_divided_by_four_whether_typed_with_point_or_comma(
    typed: str, ratio: str
) -> None:
    result = sheet({"B.I.a": {"index": typed}})
    assert result.ratio("B.I.a") == Fraction(ratio)
    assert result.points("B.I.a") == Fraction(ratio) * Fraction("17.5")


def test_capaian_kinerja_is_a_choice() -> None:
    assert sheet({"B.I.b": {"choice": "C"}}).points("B.I.b") == Fraction("2.5")


# --- percentages and zero policies -------------------------------------------------------------

CHANGES = "A.II.1.i.a"
INTEGRATED = "A.II.1.i.b"
DISCIPLINE = "A.II.3.iii.a"
TARGETS_MET = "A.II.4.i.a"
COMPLAINTS = "A.II.5.ii.a"
LHKPN = "A.II.5.iii.a"
LHKASN = "A.II.5.iii.b"
SERVICES = "A.II.6.i.b"


def reading(code: str, answers: dict[str, Any]) -> tuple[Fraction, str | None]:
    return indicator_ratio(instrument().indicator(code), answers)


@pytest.mark.parametrize(
    ("code", "value", "ratio"),
    [
        (CHANGES, counts(agen=9, perubahan=7), Fraction(7, 9)),
        (CHANGES, counts(agen=2, perubahan=5), Fraction(1)),
        (TARGETS_MET, counts(sasaran=8, tercapai=7), Fraction(7, 8)),
        (SERVICES, counts(terdata=12, dipermudah=9), Fraction(3, 4)),
        (COMPLAINTS, counts(harus=12, selesai=10), Fraction(5, 6)),
        (LHKPN, counts(kepala=1, wajib=4, lainnya=2, sudah=6), Fraction(6, 7)),
        (
            LHKASN,
            counts(administrator=3, pengawas=8, fungsional_pelaksana=61, sudah=18),
            Fraction(1, 4),
        ),
        (DISCIPLINE, counts(lalu=4, ini=1), Fraction(3, 4)),
        (DISCIPLINE, counts(lalu=4, ini=4), Fraction(0)),
        (DISCIPLINE, counts(lalu=4, ini=9), Fraction(0)),
        (DISCIPLINE, counts(lalu=4, ini=0), Fraction(1)),
    ],
)
def test_a_percentage_is_a_ratio_kept_between_0_and_1(
    code: str, value: dict[str, Any], ratio: Fraction
) -> None:
    assert reading(code, {code: value}) == (ratio, None)


@pytest.mark.parametrize(
    ("code", "value", "ratio", "words"),
    [
        (COMPLAINTS, counts(harus=0, selesai=0), 1, "Tidak ada pengaduan: nilai 1, dengan bukti"),
        (LHKPN, counts(kepala=0, wajib=0, lainnya=0, sudah=0), 1, "wajib melaporkan: nilai 1"),
        (
            LHKASN,
            counts(administrator=0, pengawas=0, fungsional_pelaksana=0, sudah=0),
            1,
            "wajib melaporkan: nilai 1",
        ),
        (DISCIPLINE, counts(lalu=0, ini=0), 1, "Tidak ada pelanggaran pada kedua tahun: nilai 1"),
        (DISCIPLINE, counts(lalu=0, ini=2), 0, "pelanggaran tahun ini 2: nilai 0"),
        (CHANGES, counts(agen=0, perubahan=0), 0, "Belum ada agen perubahan: nilai 0"),
        (CHANGES, counts(agen=0, perubahan=4), 0, "Belum ada agen perubahan: nilai 0"),
        (TARGETS_MET, counts(sasaran=0, tercapai=0), 0, "Belum ada sasaran kinerja: nilai 0"),
        (SERVICES, counts(terdata=0, dipermudah=0), 0, "terdata: nilai 0"),
    ],
)
def test_a_zero_denominator_follows_the_policy_and_says_so(
    code: str, value: dict[str, Any], ratio: int, words: str
) -> None:
    result, warning = reading(code, {code: value})
    assert result == ratio
    assert words in (warning or "")
    assert code in sheet({code: value}).answered


def test_no_changes_leave_nothing_to_integrate() -> None:
    answers = {CHANGES: counts(agen=3, perubahan=0), INTEGRATED: counts(terintegrasi=0)}
    assert reading(INTEGRATED, answers) == (0, "Belum ada perubahan yang dibuat: nilai 0.")


def test_a_shared_count_is_read_where_it_was_typed() -> None:
    answers = {CHANGES: counts(agen=9, perubahan=8), INTEGRATED: counts(terintegrasi=4)}
    assert sheet(answers).ratio(INTEGRATED) == Fraction(1, 2)
    answers[INTEGRATED]["counts"]["perubahan"] = 4
    assert sheet(answers).ratio(INTEGRATED) == Fraction(1, 2)


# --- answered or not ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("code", "value"),
    [
        ("A.I.1.i.a", {"choice": "Ya"}),
        ("B.II.a", {"index": "3,2"}),
        (COMPLAINTS, counts(harus=3, selesai=1)),
        (DISCIPLINE, counts(lalu=3, ini=1)),
        (LHKPN, counts(kepala=1, wajib=0, lainnya=0, sudah=1)),
    ],
)
def test_an_answer_needs_only_what_the_formula_uses(code: str, value: dict[str, Any]) -> None:
    assert is_answered(instrument().indicator(code), {code: value})


@pytest.mark.parametrize(
    ("code", "value"),
    [
        ("A.I.1.i.a", {}),
        ("A.I.1.i.a", {"choice": None}),
        ("A.I.1.i.a", {"choice": "A"}),
        ("A.I.1.i.a", counts(agen=1)),
        ("B.II.a", {"index": ""}),
        ("B.II.a", {"index": "4.01"}),
        ("B.II.a", {"source": "survei mandiri unit"}),
        (COMPLAINTS, counts(harus=3, proses=1)),
        (COMPLAINTS, counts(harus=3, selesai=-1)),
        (COMPLAINTS, {"counts": {"harus": True, "selesai": True}}),
        (COMPLAINTS, {"counts": None}),
        (LHKPN, counts(kepala=1, wajib=4, sudah=5)),
        (INTEGRATED, counts(terintegrasi=4)),
        (INTEGRATED, counts(perubahan=4, terintegrasi=4)),
    ],
)
def test_a_gap_or_a_value_that_does_not_fit_is_no_answer_and_counts_0(
    code: str, value: dict[str, Any]
) -> None:
    result = sheet({code: value})
    assert result.answered == frozenset()
    assert result.total == result.points(code) == 0


def test_answers_to_unknown_questions_are_ignored() -> None:
    assert sheet({"C.I": {"choice": "A"}}).as_nodes() == sheet({}).as_nodes()


def test_a_blank_does_not_leave_the_denominator() -> None:
    half = choices("A.I.1.i", "Ya, A")
    del half["A.I.1.i.b"]
    assert sheet(half).ratio("A.I.1.i") == Fraction(1, 2)


def test_all_best_answers_give_100_and_fill_every_node() -> None:
    result = sheet(all_best())
    assert result.total == 100
    assert all(result.ratio(code) == 1 for code in instrument().node_codes)


def test_all_worst_answers_give_0_though_all_are_answered() -> None:
    result = sheet(all_worst())
    assert result.total == 0
    assert len(result.answered) == 113


def test_stored_fractions_without_a_node_are_refused() -> None:
    nodes = sheet({}).as_nodes()
    del nodes["A.II.6"]
    with pytest.raises(KeyError):
        ScoreSheet.from_nodes(instrument(), nodes, ())


def test_areas_join_pemenuhan_and_reform() -> None:
    result = sheet(sample_answers())
    assert result.area_points("2") == result.points("A.I.2") + result.points("A.II.2")
    assert result.area_points("H") == result.points("B")
    assert (result.area_weight("5"), result.area_weight("H")) == (15, 40)
