"""Where an index comes from: what may stand beside it, and the conversion that is offered."""

import pytest

from assessment import index_source
from assessment.scoring import value_problems
from tests.assessment.samples import instrument

FULL = {
    "index": "3.71",
    "source": "tpi",
    "period": ["2025-06", "2025-08"],
    "respondents": 120,
    "scale": "25-100",
    "original": "92.75",
}


def problems(value: dict[str, object]) -> dict[str, str]:
    return dict(value_problems(instrument(), "B.I.a", value, {}))


def test_an_index_with_its_whole_source_may_be_stored_and_is_said_in_words() -> None:
    assert problems(FULL) == {}
    assert index_source.words(FULL) == (
        "survei TPI",
        "Juni–Agustus 2025",
        "120 responden",
        "nilai asal 92,75 pada skala 25–100",
    )


def test_a_survey_may_be_known_before_its_result() -> None:
    assert problems({"source": "unit", "respondents": 40}) == {}


@pytest.mark.parametrize(
    ("field", "wrong"),
    [
        ("source", "kita"),
        ("source", None),
        ("period", ["2025-08", "2025-06"]),
        ("period", ["2025-13", "2025-13"]),
        ("period", "2025-06"),
        ("period", ["2025-06"]),
        ("respondents", -1),
        ("respondents", "40"),
        ("respondents", True),
        ("scale", "0-10"),
        ("original", "sembilan"),
        ("original", "24"),
        ("original", "100.5"),
    ],
)
def test_what_is_wrong_beside_an_index_is_named_by_its_field(field: str, wrong: object) -> None:
    assert list(problems({**FULL, field: wrong})) == [field]


@pytest.mark.parametrize("typed", ["2025-06", "6/2025", "06-2025", "Juni 2025", " jun 2025 "])
def test_a_month_is_read_as_people_write_it(typed: str) -> None:
    assert index_source.read_month(typed) == "2025-06"


@pytest.mark.parametrize("typed", ["2025-00", "13/2025", "Juli", "0202-06", "06-25"])
def test_what_is_no_month_is_not_guessed(typed: str) -> None:
    assert index_source.read_month(typed) is None


@pytest.mark.parametrize(
    ("scale", "original", "typed", "words"),
    [
        ("25-100", "92.5", "3,70", "92,5 pada skala 25–100 = 3,70 pada skala 0–4"),
        ("0-100", "83.33", "3,3332", "83,33 pada skala 0–100 = 3,3332 pada skala 0–4"),
        ("0-5", "4.5", "3,60", "4,5 pada skala 0–5 = 3,60 pada skala 0–4"),
        ("0-100", "83.3333", "3,3333", "83,3333 pada skala 0–100 = 3,3333 pada skala 0–4"),
    ],
)
def test_an_original_value_is_shown_on_the_scale_of_the_index(
    scale: str, original: str, typed: str, words: str
) -> None:
    found = index_source.conversion({"scale": scale, "original": original})
    assert found == index_source.Conversion(typed, words)


@pytest.mark.parametrize(
    "value",
    [{"scale": "0-4", "original": "3.7"}, {"scale": "1-4", "original": "3.7"}, {"scale": "0-5"},
     {"original": "92.5"}, {"scale": "25-100", "original": "3.7"}],
)  # fmt: skip
def test_nothing_is_offered_where_nothing_is_to_convert(value: dict[str, object]) -> None:
    assert index_source.conversion(value) is None


def test_few_respondents_are_a_warning_at_the_set_number() -> None:
    assert list(index_source.warnings({"respondents": 30}, 30)) == []
    assert "Responden 29, kurang dari 30" in next(index_source.warnings({"respondents": 29}, 30))


def test_an_index_that_is_not_its_own_original_is_a_warning() -> None:
    assert list(index_source.warnings({**FULL, "index": "3.71"}, 30)) == []
    assert list(index_source.warnings({**FULL, "index": "3.64"}, 30)) == [
        "Nilai 3,64 berbeda dari hasil hitungan: 92,75 pada skala 25–100 = 3,71 pada skala 0–4."
    ]


def test_a_period_of_one_month_and_over_a_year_end() -> None:
    assert index_source.period_words(["2025-06", "2025-06"]) == "Juni 2025"
    assert index_source.period_words(["2024-11", "2025-01"]) == "November 2024–Januari 2025"
