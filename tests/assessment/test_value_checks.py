"""What may not be saved as an answer, and what only deserves a warning."""

from typing import Any

import pytest

from assessment.scoring import (
    InputError,
    parse_count,
    parse_index,
    value_problems,
    value_warnings,
)
from tests.assessment.samples import all_best, all_worst, instrument, sample_answers


def problems(code: str, value: Any, answers: dict[str, Any] | None = None) -> list[tuple[str, str]]:
    return value_problems(instrument(), code, value, answers or {})


def counts(**numbers: object) -> dict[str, Any]:
    return {"counts": numbers}


# --- good values -------------------------------------------------------------------------------


@pytest.mark.parametrize("answers", [all_best(), all_worst(), sample_answers()])
def test_good_answers_have_no_problems(answers: dict[str, Any]) -> None:
    for code, value in answers.items():
        assert problems(code, value, answers) == []


def test_more_changes_than_agents_are_no_problem() -> None:
    assert problems("A.II.1.i.a", counts(agen=2, perubahan=9)) == []


def test_a_half_filled_card_can_be_saved() -> None:
    assert problems("A.II.5.ii.a", counts(selesai=9)) == []
    assert problems("A.II.5.iii.a", counts(kepala=1, sudah=9)) == []


def test_the_source_of_an_index_is_kept_with_it() -> None:
    assert problems("B.I.a", {"index": "3,71", "sumber": "survei TPI", "responden": 120}) == []


# --- parts above their whole -------------------------------------------------------------------


@pytest.mark.parametrize(
    ("code", "value", "field", "labels"),
    [
        (
            "A.II.4.i.a",
            counts(sasaran=8, tercapai=9),
            "tercapai",
            (
                "Jumlah sasaran kinerja yang tercapai 100% atau lebih (9) tidak boleh melebihi "
                "jumlah sasaran kinerja (8)."
            ),
        ),
        (
            "A.II.6.i.b",
            counts(terdata=1000, dipermudah=1001),
            "dipermudah",
            (
                "Jumlah perizinan/pelayanan yang telah dipermudah (1.001) tidak boleh melebihi "
                "jumlah perizinan/pelayanan yang terdata/terdaftar (1.000)."
            ),
        ),
        (
            "A.II.5.iii.a",
            counts(kepala=1, wajib=4, lainnya=2, sudah=8),
            "sudah",
            (
                "Jumlah yang sudah melaporkan LHKPN (8) tidak boleh melebihi "
                "jumlah yang harus melaporkan LHKPN (7)."
            ),
        ),
        (
            "A.II.3.iii.a",
            counts(lalu=4, ini=1, sanksi=2),
            "sanksi",
            (
                "Jumlah pelanggaran yang telah diberi sanksi/hukuman (2) tidak boleh melebihi "
                "jumlah pelanggaran tahun ini (1)."
            ),
        ),
        (
            "A.II.5.ii.a",
            counts(harus=12, proses=3, selesai=10),
            "selesai",
            (
                "Jumlah pengaduan masyarakat yang selesai ditindaklanjuti ditambah jumlah "
                "pengaduan masyarakat yang sedang diproses (13) tidak boleh melebihi jumlah "
                "pengaduan masyarakat yang harus ditindaklanjuti (12)."
            ),
        ),
    ],
)
def test_a_part_above_its_whole_is_refused_with_both_labels(
    code: str, value: dict[str, Any], field: str, labels: str
) -> None:
    assert problems(code, value) == [(field, labels)]


@pytest.mark.parametrize(
    ("code", "value"),
    [
        ("A.II.4.i.a", counts(sasaran=8, tercapai=8)),
        ("A.II.5.ii.a", counts(harus=12, proses=2, selesai=10)),
        ("A.II.5.iii.a", counts(kepala=1, wajib=4, lainnya=2, sudah=7)),
    ],
)
def test_a_part_equal_to_its_whole_is_fine(code: str, value: dict[str, Any]) -> None:
    assert problems(code, value) == []


def test_one_part_alone_may_not_exceed_the_whole_either() -> None:
    [(field, _)] = problems("A.II.5.ii.a", counts(harus=3, proses=4))
    assert field == "proses"


def test_no_more_can_be_integrated_than_was_changed() -> None:
    answers = {"A.II.1.i.a": counts(agen=9, perubahan=3)}
    [(field, message)] = problems("A.II.1.i.b", counts(terintegrasi=4), answers)
    assert field == "terintegrasi"
    assert message.endswith("tidak boleh melebihi jumlah perubahan yang dibuat (3).")
    assert problems("A.II.1.i.b", counts(terintegrasi=3), answers) == []


# --- counts ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "number", [-1, 1.5, "9", None, True, 1_000_000_000, pytest.param(10**5000, id="5000 digits")]
)
def test_a_count_is_a_whole_number_of_reasonable_size(number: object) -> None:
    [(field, message)] = problems("A.II.4.i.a", counts(sasaran=number))
    assert (field, message) == (
        "sasaran",
        "Tulis bilangan bulat dari 0 sampai 999.999.999.",
    )


def test_an_unknown_count_is_refused() -> None:
    [(field, message)] = problems("A.II.4.i.a", counts(sasaran=1, agen=1))
    assert (field, message) == ("sasaran", "Isian “agen” tidak dikenal.")


def test_a_derived_count_is_not_typed() -> None:
    [(field, message)] = problems("A.II.5.iii.a", counts(kepala=1, harus=7))
    assert field == "harus"
    assert "dihitung dari rinciannya" in message


def test_a_shared_count_is_typed_where_it_belongs() -> None:
    [(field, message)] = problems("A.II.1.i.b", counts(perubahan=7, terintegrasi=4))
    assert field == "perubahan"
    assert "diisi pada butir A.II.1.i.a" in message


# --- indices -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("4,01", ("4,01 melebihi 4", "0–5", "IPAK BPS")),
        ("4.8", ("4,8 melebihi 4", "0–5", "IPAK BPS")),
        ("12", ("12 melebihi 4", "0–100", "SPI")),
        ("88.31", ("88,31 melebihi 4", "IKM", "25–100", "SPI")),
        ("371", ("371 melebihi 4", "tanda desimal")),
    ],
)
def test_an_index_above_4_is_refused_with_the_likely_cause(
    typed: str, words: tuple[str, ...]
) -> None:
    [(field, message)] = problems("B.I.a", {"index": typed})
    assert field == "index"
    assert all(word in message for word in words)


@pytest.mark.parametrize("typed", ["", "abc", "-1", "3.71234", "3,,7", "NaN", "1e3", 3.71, None])
def test_what_is_no_index_is_refused(typed: object) -> None:
    [(field, message)] = problems("B.II.a", {"index": typed})
    assert field == "index"
    assert "misalnya 3,71" in message


# --- choices and kinds -------------------------------------------------------------------------


def test_an_unknown_choice_names_the_choices() -> None:
    [message] = problems("A.I.1.i.b", {"choice": "D"})
    assert message == ("choice", "Jawaban “D” tidak ada; pilih A, B atau C.")
    [message] = problems("A.I.1.i.a", {"choice": "ya"})
    assert message == ("choice", "Jawaban “ya” tidak ada; pilih Ya atau Tidak.")


@pytest.mark.parametrize(
    "sent", [pytest.param("x" * 10_000_000, id="10 MB"), "A\x00\u202e\n", ["A"], 1, None]
)
def test_a_refusal_does_not_echo_what_was_sent(sent: object) -> None:
    [(_, message)] = problems("A.I.1.i.b", {"choice": sent})
    assert len(message) < 80
    assert message.isprintable()


@pytest.mark.parametrize(
    ("code", "value"),
    [
        ("A.I.1.i.a", {}),
        ("A.I.1.i.a", {"index": "3"}),
        ("A.I.1.i.a", {"choice": "Ya", "counts": {}}),
        ("B.I.a", {}),
        ("B.I.a", {"choice": "A"}),
        ("A.II.4.i.a", {}),
        ("A.II.4.i.a", {"counts": [1, 2]}),
        ("A.II.4.i.a", {"counts": {}, "index": "1"}),
    ],
)
def test_a_value_of_another_kind_of_question_is_refused(code: str, value: dict[str, Any]) -> None:
    [(_, message)] = problems(code, value)
    assert message.startswith("Butir ini dijawab dengan")


def test_an_unknown_question_is_an_error_of_the_caller() -> None:
    with pytest.raises(KeyError):
        problems("C.I.a", {"choice": "A"})


# --- warnings ----------------------------------------------------------------------------------


def warnings(**numbers: int) -> list[tuple[str, str]]:
    return value_warnings(instrument(), "A.II.5.ii.a", counts(**numbers), {})


def test_complaints_that_are_neither_done_nor_under_way_are_a_warning() -> None:
    [(field, message)] = warnings(harus=12, proses=1, selesai=10)
    assert field == "selesai"
    assert "(11) kurang dari jumlah pengaduan masyarakat yang harus" in message
    assert problems("A.II.5.ii.a", counts(harus=12, proses=1, selesai=10)) == []


def test_there_is_no_warning_when_all_complaints_are_accounted_for_or_not_yet_known() -> None:
    assert warnings(harus=12, proses=2, selesai=10) == []
    assert warnings(harus=12, selesai=10) == []
    assert value_warnings(instrument(), "A.I.1.i.a", {"choice": "Ya"}, {}) == []


# --- typed text --------------------------------------------------------------------------------


@pytest.mark.parametrize(("typed", "number"), [("0", 0), (" 12 ", 12), ("007", 7), ("\t9\n", 9)])
def test_a_count_is_read_from_digits(typed: str, number: int) -> None:
    assert parse_count(typed) == number


@pytest.mark.parametrize(
    "typed",
    [
        "",
        " ",
        "3,5",
        "1.234",
        "-3",
        "+3",
        "abc",
        "1 2",
        "٣",
        "1\x00",
        pytest.param("9" * 10_000_000, id="10 MB"),
        "a" * 101,
    ],
)
def test_what_is_no_count_is_refused_in_one_sentence(typed: str) -> None:
    with pytest.raises(InputError, match=r"^Tulis bilangan bulat .*\.$"):
        parse_count(typed)


def test_a_count_that_is_too_large_names_the_range() -> None:
    with pytest.raises(InputError, match=r"0 sampai 999\.999\.999"):
        parse_count("1000000000")


@pytest.mark.parametrize(
    ("typed", "stored"), [("3,7", "3.7"), ("3.7", "3.7"), (" 3,7125 ", "3.7125"), ("4", "4")]
)
def test_an_index_is_read_with_comma_or_point(typed: str, stored: str) -> None:
    assert parse_index(typed) == stored


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "3,71255",
        "-3",
        ",5",
        "3,",
        "tiga",
        "3.7\x00",
        "٣",
        pytest.param("3" * 10_000_000, id="10 MB"),
    ],
)
def test_what_is_no_index_is_refused_in_one_sentence(typed: str) -> None:
    with pytest.raises(InputError, match="paling banyak empat desimal"):
        parse_index(typed)
