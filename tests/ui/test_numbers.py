"""Figures as readers see them."""

import datetime as dt
from decimal import Decimal
from fractions import Fraction
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zi_portal.ui import numbers

FRACTIONS = st.fractions(min_value=-200, max_value=200, max_denominator=10**6)


def shown_value(text: str) -> Fraction:
    return Fraction(text.replace(",", ".").replace("−", "-").replace("+", ""))


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("78.99", "78,99"),
        ("0", "0,00"),
        ("100", "100,00"),
        ("1234.5", "1234,50"),
        ("0.005", "0,01"),
        ("0.0049999999999", "0,00"),
        ("1.775", "1,78"),
        ("2.675", "2,68"),
        ("-9.2", "−9,20"),
        ("-0.005", "−0,01"),
        ("-0.004", "0,00"),
        ("1/3", "0,33"),
        ("2/3", "0,67"),
    ],
)
def test_points_have_two_decimals_and_halves_go_up_on_the_exact_value(
    value: str, text: str
) -> None:
    assert numbers.points(Fraction(value)) == text


def test_stored_decimals_and_whole_numbers_are_shown_the_same_way() -> None:
    assert numbers.points(Decimal("84.715000")) == "84,72"
    assert numbers.points(75) == "75,00"


def test_a_value_is_rounded_only_once() -> None:
    assert numbers.points(Fraction("0.0149999")) == "0,01"
    assert numbers.number(Fraction("0.0149999"), 3) == "0,015"


def test_a_number_may_have_no_decimals() -> None:
    assert numbers.number(Fraction("2.5"), 0) == "3"
    assert numbers.number(4, 0) == "4"


@pytest.mark.parametrize(
    ("first", "second", "shown"),
    [
        ("74.996", "75", ("74,996", "75,000")),
        ("74.99", "75", ("74,99", "75,00")),
        ("74.9999999", "75", ("74,9999999", "75,0000000")),
        ("75", "75", ("75,00", "75,00")),
        ("4.2", "4.1999", ("4,2000", "4,1999")),
    ],
)
def test_two_figures_get_as_many_decimals_as_tell_them_apart(
    first: str, second: str, shown: tuple[str, str]
) -> None:
    assert numbers.apart(Fraction(first), Fraction(second)) == shown


@given(FRACTIONS, FRACTIONS)
def test_different_figures_never_look_equal_and_keep_their_order(
    first: Fraction, second: Fraction
) -> None:
    left, right = numbers.apart(first, second)
    assert (left == right) == (first == second)
    assert (shown_value(left) < shown_value(right)) == (first < second)


@given(FRACTIONS)
def test_what_is_shown_is_at_most_half_a_step_away(value: Fraction) -> None:
    assert abs(shown_value(numbers.points(value)) - value) <= Fraction(1, 200)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("3.99", "+3,99"),
        ("-9.2", "−9,20"),
        ("0", "0,00"),
        ("-0.004", "−0,004"),
        ("0.00006", "+0,0001"),
    ],
)
def test_a_difference_has_its_sign_and_never_looks_like_none(value: str, text: str) -> None:
    assert numbers.signed(Fraction(value)) == text


def test_percent_has_one_decimal_and_a_no_break_space() -> None:
    assert numbers.percent(Fraction("0.508")) == "50,8\u00a0%"
    assert numbers.percent(Fraction(1)) == "100,0\u00a0%"
    assert numbers.percent(Fraction(2, 3), 0) == "67\u00a0%"
    assert numbers.signed_percent(Fraction("-0.092")) == "−9,2\u00a0%"


def test_machines_get_six_decimals_with_a_point() -> None:
    assert numbers.plain(Fraction("84.7129166666")) == "84.712917"
    assert numbers.plain(Fraction("-0.65")) == "-0.650000"


@pytest.mark.parametrize(
    ("value", "text"), [(0, "0"), (999, "999"), (1234567, "1.234.567"), (-1200, "−1.200")]
)
def test_counts_have_points_between_thousands(value: int, text: str) -> None:
    assert numbers.count(value) == text


@pytest.mark.parametrize(
    ("size", "text"),
    [
        (0, "0\u00a0B"),
        (1023, "1023\u00a0B"),
        (1024, "1\u00a0KB"),
        (655_360, "640\u00a0KB"),
        (1_468_006, "1,4\u00a0MB"),
        (3 * 1024**3, "3,0\u00a0GB"),
    ],
)
def test_file_sizes(size: int, text: str) -> None:
    assert numbers.file_size(size) == text


@pytest.mark.parametrize(
    ("typed", "text"),
    [("3.7", "3,70"), (Decimal("3.70"), "3,70"), ("4", "4,00"), ("3.714", "3,714")],
)
def test_a_typed_figure_keeps_its_decimals_and_has_two(typed: Decimal | str, text: str) -> None:
    assert numbers.as_typed(typed) == text


def test_dates_are_written_in_indonesian() -> None:
    assert numbers.date(dt.date(2025, 6, 12)) == "12 Juni 2025"
    assert numbers.date(dt.date(2026, 12, 1)) == "1 Desember 2026"


def test_times_are_those_of_the_place() -> None:
    moment = dt.datetime(2025, 6, 12, 17, 32, tzinfo=dt.UTC)
    jakarta, jayapura = ZoneInfo("Asia/Jakarta"), ZoneInfo("Asia/Jayapura")
    assert numbers.time(moment, jakarta) == "00.32"
    assert numbers.local_date(moment, jakarta) == "13 Juni 2025"
    assert numbers.date_time(moment, jayapura) == "13 Juni 2025, 02.32 WIT"
    assert numbers.date_time(moment, ZoneInfo("Asia/Makassar")) == "13 Juni 2025, 01.32 WITA"
