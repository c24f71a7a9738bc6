"""What is wrong with a value that somebody wants to save: Indonesian sentences beside the field.

Problems refuse the value; warnings do not. The parsers turn typed text into what is stored and
raise `InputError` with a sentence that can stand beside the field.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction

from assessment import index_source, rincian
from assessment.instrument import Count, Indicator, Instrument, Limit
from assessment.values import (
    COUNT_MAXIMUM,
    Answers,
    Value,
    index_number,
    is_count,
    lower_first,
    resolved_count,
)
from zi_portal.ui import numbers

#: (field, sentence). The field is "choice", "index", the key of a count, or what stands beside
#: these (rincian.problems, index_source.problems).
FieldMessage = tuple[str, str]

INDEX_FORM = "Tulis nilai indeks dengan paling banyak empat desimal, misalnya 3,71."
COUNT_FORM = "Tulis bilangan bulat 0 atau lebih, hanya angka, misalnya 1234."
COUNT_RANGE = f"Tulis bilangan bulat dari 0 sampai {numbers.count(COUNT_MAXIMUM)}."


class InputError(ValueError):
    """Typed text that cannot be taken; the message is an Indonesian sentence."""


def parse_count(text: str) -> int:
    """A whole number ≥ 0 from typed text: digits only, spaces around them ignored.

    "1.234" is refused too: it could be a decimal number. Raises InputError.
    """
    digits = _stripped(text)
    if not re.fullmatch(r"[0-9]+", digits):
        raise InputError(COUNT_FORM)
    if int(digits) > COUNT_MAXIMUM:
        raise InputError(COUNT_RANGE)
    return int(digits)


def parse_index(text: str) -> str:
    """An index from typed text, as it is stored: "3,7" and "3.7" give "3.7".

    Only its form is judged here; its range is `value_problems`' matter. Raises InputError.
    """
    stripped = _stripped(text)
    if index_number(stripped) is None:
        raise InputError(INDEX_FORM)
    return stripped.replace(",", ".")


def _stripped(text: str) -> str:
    """The text without spaces around it; nothing at all when it is too long to be a number."""
    return text.strip(" \t\r\n") if len(text) <= 100 else ""


def value_problems(
    instrument: Instrument, code: str, value: Value, answers: Answers
) -> list[FieldMessage]:
    """Why `value` may not be saved for indicator `code`: (field, sentence) pairs.

    `answers` are the other answers of the same sheet, for counts that are shared. KeyError when
    the instrument has no such indicator.
    """
    indicator = instrument.indicator(code)
    if indicator.is_percentage:
        return list(_count_problems(indicator, value, answers))
    if indicator.is_index:
        return list(_index_problems(indicator, value))
    return list(_choice_problems(indicator, value))


def value_warnings(
    instrument: Instrument, code: str, value: Value, answers: Answers
) -> list[FieldMessage]:
    """What is odd about `value` but does not stop it from being saved."""
    indicator = instrument.indicator(code)
    merged = {**answers, code: value}
    return [
        warning
        for limit in indicator.limits
        if limit.warn_below
        for warning in _shortfall_warnings(indicator, limit, merged)
    ]


def _shortfall_warnings(
    indicator: Indicator, limit: Limit, answers: Answers
) -> Iterator[FieldMessage]:
    whole = resolved_count(indicator, limit.whole, answers)
    parts = [resolved_count(indicator, key, answers) for key in limit.parts]
    filled = [number for number in parts if number is not None]
    if whole is not None and len(filled) == len(parts) and sum(filled) < whole:
        sentence = (
            f"{_sum_label(indicator, limit.parts)} ({numbers.count(sum(filled))}) kurang dari"
        )
        yield limit.parts[0], f"{sentence} {_counted(indicator, limit.whole, whole)}."


def _choice_problems(indicator: Indicator, value: Value) -> Iterator[FieldMessage]:
    if set(value) & {"counts", "index"} or "choice" not in value:
        yield "choice", "Butir ini dijawab dengan memilih salah satu kriteria."
    elif indicator.option(value["choice"]) is None:
        keys = [option.key for option in indicator.options]
        choices = f"{', '.join(keys[:-1])} atau {keys[-1]}"
        yield "choice", f"Jawaban “{_excerpt(value['choice'])}” tidak ada; pilih {choices}."


def _index_problems(indicator: Indicator, value: Value) -> Iterator[FieldMessage]:
    beside = set(value) & set(index_source.FIELDS)
    if set(value) & {"counts", "choice"} or not ("index" in value or beside):
        yield "index", "Butir ini dijawab dengan nilai indeks."
        return
    yield from index_source.problems(value)
    if "index" not in value:  # the survey is known before its result is
        return
    number = index_number(value["index"])
    maximum = indicator.rule.maximum if indicator.rule else Fraction()
    if number is None:
        yield "index", INDEX_FORM
    elif number > maximum:
        shown = str(value["index"]).replace(".", ",")
        top = numbers.number(maximum, 0)
        yield "index", f"Nilai {shown} melebihi {top}. {_likely_cause(number)}"


def _likely_cause(number: Fraction) -> str:
    """What a number above 4 most likely is; nothing is converted silently (domain.md §2)."""
    if number <= 5:
        return "Mungkin berasal dari skala 0–5 (IPAK BPS); isi nilai pada skala 0–4."
    if number < 25:
        return "Mungkin berasal dari skala 0–100 (SPI); isi nilai pada skala 0–4."
    if number <= 100:
        return "Mungkin berasal dari IKM (25–100) atau SPI (0–100); isi nilai pada skala 0–4."
    return "Mungkin tanda desimalnya terlewat; isi nilai pada skala 0–4, misalnya 3,71."


def _count_problems(indicator: Indicator, value: Value, answers: Answers) -> Iterator[FieldMessage]:
    counts = value.get("counts")
    if set(value) & {"choice", "index"} or not isinstance(counts, Mapping):
        yield indicator.inputs[0].key, "Butir ini dijawab dengan isian jumlah."
        return
    known = {count.key: count for count in indicator.counts}
    wrong = False
    for key, number in counts.items():
        message = _count_problem(known.get(key), key, number)
        if message:
            wrong = True
            yield (key if key in known else indicator.inputs[0].key), message
    yield from rincian.problems(indicator, value)
    if not wrong:
        merged = {**answers, indicator.code: value}
        for limit in indicator.limits:
            yield from _limit_problems(indicator, limit, merged)


def _count_problem(count: Count | None, key: object, number: object) -> str | None:
    if count is None:
        return f"Isian “{_excerpt(key)}” tidak dikenal."
    if count.sum_of:
        return f"{count.label} dihitung dari rinciannya, tidak diisi."
    if count.same_as:
        return f"{count.label} diisi pada butir {count.same_as[0]}."
    return None if is_count(number) else COUNT_RANGE


def _limit_problems(indicator: Indicator, limit: Limit, answers: Answers) -> Iterator[FieldMessage]:
    """A sum of parts above its whole; a part not yet filled in counts as nothing."""
    whole = resolved_count(indicator, limit.whole, answers)
    parts = [(key, resolved_count(indicator, key, answers)) for key in limit.parts]
    filled = [(key, number) for key, number in parts if number is not None]
    total = sum(number for _, number in filled)
    if whole is not None and total > whole:
        label = _sum_label(indicator, [key for key, _ in filled])
        sentence = f"{label} ({numbers.count(total)}) tidak boleh melebihi"
        yield filled[0][0], f"{sentence} {_counted(indicator, limit.whole, whole)}."


def _sum_label(indicator: Indicator, keys: Sequence[str]) -> str:
    first, *others = [indicator.count(key).label for key in keys]
    return " ditambah ".join([first, *map(lower_first, others)])


def _counted(indicator: Indicator, key: str, number: int) -> str:
    return f"{lower_first(indicator.count(key).label)} ({numbers.count(number)})"


def _excerpt(value: object) -> str:
    """The beginning of what was sent, on one printable line: an error message is no echo."""
    text = value if isinstance(value, str) else type(value).__name__
    return "".join(char if char.isprintable() else "�" for char in text[:20])
