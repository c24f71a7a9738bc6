"""Where a survey index comes from: who surveyed, when, how many answered, on which scale.

Stored beside the index of an answer: `source`, `period` [first month, last month] as "2025-06",
`respondents` (whole number), `scale` and `original` (the value on that scale). A conversion to the
index's own scale of 0–4 is shown, never made: a person takes it over (domain.md §2).
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from types import MappingProxyType
from typing import Any

from assessment.rincian import YEARS, month_number
from assessment.values import index_number, is_count
from zi_portal.ui import numbers

#: The fields beside the index itself.
FIELDS = ("source", "period", "respondents", "scale", "original")

SOURCES: Mapping[str, str] = MappingProxyType(
    {
        "unit": "survei mandiri unit",
        "instansi": "survei instansi",
        "tpi": "survei TPI",
        "tpn": "survei TPN",
    }
)
#: The highest value of an index in the LKE.
MAXIMUM = 4
#: Lowest and highest value of each scale; all are proportional to 0–4 by their highest value.
SCALES: Mapping[str, tuple[int, int]] = MappingProxyType(
    {"0-4": (0, 4), "1-4": (1, 4), "0-5": (0, 5), "0-100": (0, 100), "25-100": (25, 100)}
)

ORIGINAL_FORM = "Tulis nilai asal dengan paling banyak empat desimal, misalnya 92,5."
PERIOD_FORM = "Isi bulan awal dan bulan akhir survei, misalnya Juni 2025."

_ISO = re.compile(r"(\d{4})-(\d{1,2})", re.ASCII)
_NUMERIC = re.compile(r"(\d{1,2})\s*[/-]\s*(\d{4})", re.ASCII)
_NAMED = re.compile(r"([A-Za-z]{3,})\.?\s+(\d{4})", re.ASCII)


@dataclass(frozen=True, slots=True)
class Conversion:
    """An original value on the scale of the index: what is offered, and in words."""

    typed: str
    words: str


def scale_words(scale: str) -> str:
    """`25–100`."""
    return scale.replace("-", "–")


def read_month(text: str) -> str | None:
    """A month as it is stored ("2025-06") from 2025-06, 6/2025 or Juni 2025; else None."""
    text = text.strip()
    if found := _ISO.fullmatch(text):
        year, month = int(found[1]), int(found[2])
    elif found := _NUMERIC.fullmatch(text):
        month, year = int(found[1]), int(found[2])
    elif found := _NAMED.fullmatch(text):
        month, year = month_number(found[1]), int(found[2])
    else:
        return None
    return f"{year}-{month:02}" if year in YEARS and 1 <= month <= 12 else None


def conversion(value: Mapping[str, Any]) -> Conversion | None:
    """The original value on the scale 0–4; None without scale and value, or where they are the
    same already."""
    bounds, original = SCALES.get(_text(value, "scale")), index_number(value.get("original"))
    if bounds is None or original is None or bounds[1] == MAXIMUM:
        return None
    if not bounds[0] <= original <= bounds[1]:
        return None
    typed = _shown(original * MAXIMUM / bounds[1])
    return Conversion(
        typed,
        f"{_shown(original, least=0)} pada skala {scale_words(value['scale'])} = {typed} "
        "pada skala 0–4",
    )


def _shown(number: Fraction, least: int = 2, most: int = 4) -> str:
    """With as few decimals as keep it exact, within these bounds."""
    for decimals in range(least, most):
        if (number * 10**decimals).denominator == 1:
            return numbers.number(number, decimals)
    return numbers.number(number, most)


def problems(value: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """What is wrong with what stands beside an index: (field, sentence)."""
    if "source" in value and _text(value, "source") not in SOURCES:
        yield "source", f"Pilih salah satu: {', '.join(SOURCES.values())}."
    if "period" in value:
        problem = period_problem(value["period"])
        if problem:
            yield "period", problem
    if "respondents" in value and not is_count(value["respondents"]):
        yield "respondents", "Tulis jumlah responden dengan bilangan bulat 0 atau lebih."
    if "scale" in value and _text(value, "scale") not in SCALES:
        yield "scale", f"Pilih salah satu skala: {', '.join(map(scale_words, SCALES))}."
    if "original" in value:
        yield from _original_problems(value)


def _original_problems(value: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    original, bounds = index_number(value["original"]), SCALES.get(_text(value, "scale"))
    if original is None:
        yield "original", ORIGINAL_FORM
    elif bounds and not bounds[0] <= original <= bounds[1]:
        scale = scale_words(value["scale"])
        yield "original", f"Nilai asal {_shown(original, least=0)} di luar skala {scale}."


def period_problem(period: object) -> str | None:
    """Why this is no period of two months in order, if so."""
    if not isinstance(period, Sequence) or isinstance(period, str) or len(period) != 2:
        return PERIOD_FORM
    if any(not isinstance(month, str) or read_month(month) != month for month in period):
        return PERIOD_FORM
    return None if period[0] <= period[1] else "Bulan awal survei melewati bulan akhirnya."


def warnings(value: Mapping[str, Any], least_respondents: int) -> Iterator[str]:
    """What is odd about the survey: few respondents, an index that is not its own original."""
    respondents = value.get("respondents")
    if isinstance(respondents, int) and respondents < least_respondents:
        yield (
            f"Responden {numbers.count(respondents)}, kurang dari {least_respondents}: "
            "hasil survei belum cukup mewakili."
        )
    index, converted = index_number(value.get("index")), conversion(value)
    if index is not None and converted and index_number(converted.typed) != index:
        yield f"Nilai {_shown(index)} berbeda dari hasil hitungan: {converted.words}."


def period_words(period: Sequence[str]) -> str:
    """`Juni–Agustus 2025`, `November 2024–Januari 2025`, or `Juni 2025`."""
    first, last = ((*map(int, month.split("-")),) for month in period)
    ending = f"{numbers.MONTHS[last[1] - 1]} {last[0]}"
    if first == last:
        return ending
    beginning = numbers.MONTHS[first[1] - 1]
    return f"{beginning}{'' if first[0] == last[0] else f' {first[0]}'}–{ending}"


def words(value: Mapping[str, Any]) -> tuple[str, ...]:
    """What stands beside an index, in words; what cannot be read is left out."""
    wrong = {name for name, _ in problems(value)}
    said = []
    if "source" in value and "source" not in wrong:
        said.append(SOURCES[value["source"]])
    if "period" in value and "period" not in wrong:
        said.append(period_words(value["period"]))
    if "respondents" in value and "respondents" not in wrong:
        said.append(f"{numbers.count(value['respondents'])} responden")
    if "original" in value and "original" not in wrong:
        original = f"nilai asal {str(value['original']).replace('.', ',')}"
        known = "scale" in value and "scale" not in wrong
        scale = f" pada skala {scale_words(value['scale'])}" if known else ""
        said.append(original + scale)
    return tuple(said)


def _text(value: Mapping[str, Any], name: str) -> str:
    """A field as text; JSON could hold anything there."""
    found = value.get(name)
    return found if isinstance(found, str) else ""
