"""How figures, dates and sizes are written: Indonesian, halves up on the exact value.

Pure functions of exact values; no settings, no locale. Numbers are fractions or decimals, never
floats, because a float has already been rounded.
"""

import datetime as dt
from decimal import Decimal
from fractions import Fraction

Exact = Fraction | Decimal | int

MINUS = "\N{MINUS SIGN}"
NO_BREAK_SPACE = "\N{NO-BREAK SPACE}"

MONTHS = (
    "Januari",
    "Februari",
    "Maret",
    "April",
    "Mei",
    "Juni",
    "Juli",
    "Agustus",
    "September",
    "Oktober",
    "November",
    "Desember",
)


def _digits(value: Exact, decimals: int) -> tuple[str, str]:
    """Whole and fractional digits of |value|, rounded once, halves away from zero."""
    scaled = abs(Fraction(value)) * 10**decimals
    rounded = (2 * scaled.numerator + scaled.denominator) // (2 * scaled.denominator)
    digits = str(rounded).rjust(decimals + 1, "0")
    return (digits[:-decimals], digits[-decimals:]) if decimals else (digits, "")


def _is_shown_as_zero(value: Exact, decimals: int) -> bool:
    return not "".join(_digits(value, decimals)).strip("0")


def number(value: Exact, decimals: int = 2) -> str:
    """`1234,50`: an Indonesian number; what rounds to zero has no minus."""
    whole, part = _digits(value, decimals)
    minus = MINUS if value < 0 and not _is_shown_as_zero(value, decimals) else ""
    return f"{minus}{whole},{part}" if part else f"{minus}{whole}"


def points(value: Exact) -> str:
    """Points with two decimals: `78,99`."""
    return number(value)


def as_typed(value: Decimal | str, least: int = 2) -> str:
    """A figure with the decimals that it was given, at least two: `3,70`, `3,714`."""
    whole, _, part = str(value).partition(".")
    return f"{whole},{part.ljust(least, '0')}"


def signed(value: Exact, decimals: int = 2) -> str:
    """A difference with its sign: `+3,99`, `−9,20`, `0,00`.

    A difference too small for `decimals` gets as many more as show that there is one.
    """
    if value == 0:
        return number(0, decimals)
    while _is_shown_as_zero(value, decimals):
        decimals += 1
    return f"{'+' if value > 0 else ''}{number(value, decimals)}"


def apart(first: Exact, second: Exact, decimals: int = 2) -> tuple[str, str]:
    """Two figures with as many more decimals as tell them apart: 74,996 and 75,000.

    Equal values are shown alike.
    """
    if first != second:
        while number(first, decimals) == number(second, decimals):
            decimals += 1
    return number(first, decimals), number(second, decimals)


def percent(ratio: Exact, decimals: int = 1) -> str:
    """A ratio (0..1) as a percentage: `50,8 %`."""
    return f"{number(ratio * 100, decimals)}{NO_BREAK_SPACE}%"


def signed_percent(ratio: Exact, decimals: int = 1) -> str:
    """A difference of two ratios in percentage points, with its sign: `−9,2 %`."""
    return f"{signed(ratio * 100, decimals)}{NO_BREAK_SPACE}%"


def plain(value: Exact, decimals: int = 6) -> str:
    """For machines: decimal point, hyphen-minus, fixed decimals: `84.712917`."""
    return number(value, decimals).replace(",", ".").replace(MINUS, "-")


def count(value: int) -> str:
    """A whole number with points between thousands: `12.345`."""
    return f"{value:,}".replace(",", ".").replace("-", MINUS)


def file_size(size: int) -> str:
    """`812 B`, `640 KB`, `1,4 MB` (1 KB = 1024 B)."""
    amount, unit = Fraction(size), "B"
    for larger in ("KB", "MB", "GB"):
        if amount < 1024:
            break
        amount, unit = amount / 1024, larger
    decimals = 1 if unit in ("MB", "GB") else 0
    return f"{number(amount, decimals)}{NO_BREAK_SPACE}{unit}"


def date(day: dt.date) -> str:
    """`12 Juni 2025`. For a point in time use `local_date`: its date depends on the place."""
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


def local_date(moment: dt.datetime, zone: dt.tzinfo) -> str:
    """The date of an aware point in time, as the clock of `zone` has it: `12 Juni 2025`."""
    return date(moment.astimezone(zone).date())


def time(moment: dt.datetime, zone: dt.tzinfo) -> str:
    """The time of day of an aware point in time in `zone`: `10.32`."""
    return f"{moment.astimezone(zone):%H.%M}"


def date_time(moment: dt.datetime, zone: dt.tzinfo) -> str:
    """`12 Juni 2025, 10.32 WIB`; the abbreviation is the zone's own (WIB, WITA, WIT)."""
    local = moment.astimezone(zone)
    return f"{date(local.date())}, {local:%H.%M} {local.tzname()}"
