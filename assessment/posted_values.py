"""What a card posts for counts and indices, read field by field: where one is bad, what is stored
of it stays, and a sentence says why.

Names of fields: `count-<key>`, `rows-<key>` (says that rows were on the form),
`row-<key>-<n>-<column>`, `paste-<key>`, `range-<key>-first` and `-last`, `remove` (a button:
`<key>-<n>`); for an index `index`, `take` (a button: the converted value), `source`,
`period-first`, `period-last`, `respondents`, `scale`, `original`.
"""

import datetime as dt
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from assessment import index_source, rincian
from assessment.instrument import Indicator
from assessment.value_checks import InputError, parse_count, parse_index
from assessment.values import index_number

Posted = Mapping[str, str]
Stored = Mapping[str, Any]
Problems = dict[str, str]


def count_field(key: str) -> str:
    """The name of a count's input."""
    return f"count-{key}"


def has_rows(posted: Posted, key: str) -> bool:
    """Whether the rows of a count were on the posted form."""
    return f"rows-{key}" in posted


def paste_text(posted: Posted, key: str) -> str:
    """What was pasted from a spreadsheet for a count."""
    return posted.get(f"paste-{key}", "")


def removes_row(posted: Posted, key: str) -> bool:
    """Whether the button that removes a row of this count was pressed."""
    return posted.get("remove", "").rpartition("-")[0] == key


def row_cells(posted: Posted, key: str) -> Iterator[tuple[int, list[str]]]:
    """(number on the form, cells) of each row as typed, in order; the removed one is left out."""
    removed = posted.get("remove", "")
    pattern = re.compile(rf"row-{re.escape(key)}-(\d{{1,4}})-0", re.ASCII)
    places = sorted(int(found[1]) for name in posted if (found := pattern.fullmatch(name)))
    for place in places:
        if removed != f"{key}-{place}":
            names = [f"row-{key}-{place}-{column}" for column in range(len(rincian.COLUMNS))]
            yield place, [posted.get(name, "") for name in names]


# ── counts ──────────────────────────────────────────────────────────────────
def read_counts(
    indicator: Indicator, posted: Posted, stored: Stored, year: int, problems: Problems
) -> dict[str, Any] | None:
    """Counts with their rows and time ranges; None when nothing is left of them."""
    counts = dict(stored.get("counts", {}))
    rows = dict(stored.get("rows", {}))
    ranges = dict(stored.get("ranges", {}))
    for count in indicator.inputs:
        key = count.key
        if has_rows(posted, key):
            _read_rows(posted, key, rows, counts, problems)
        if key not in rows:
            _read_count(posted, key, counts, problems)
        _read_range(indicator, posted, key, year, ranges, problems)
    found = {"counts": counts, "rows": rows, "ranges": ranges}
    value = {name: found[name] for name in found if found[name]}
    return {"counts": {}, **value} if value else None


def _read_count(posted: Posted, key: str, counts: dict[str, int], problems: Problems) -> None:
    typed = posted.get(count_field(key))
    if typed is None:
        return
    if not typed.strip():
        counts.pop(key, None)
        return
    try:
        counts[key] = parse_count(typed)
    except InputError as error:
        problems[key] = str(error)


def _read_rows(
    posted: Posted, key: str, rows: dict[str, Any], counts: dict[str, int], problems: Problems
) -> None:
    """Take over the rows of one count, all or none; the last one removed leaves no number."""
    found: list[rincian.Row] = []
    wrong = []
    for place, cells in row_cells(posted, key):
        if not any(cell.strip() for cell in cells):
            continue
        row = rincian.read_row(cells)
        if isinstance(row, str):
            wrong.append(f"Baris {place + 1}: {row}")
        else:
            found.append(row)
    pasted = rincian.read_paste(paste_text(posted, key))
    if wrong:
        problems[f"rows-{key}"] = f"Rincian belum tersimpan. {_first(wrong)}"
    if pasted.problems:
        problems[f"paste-{key}"] = f"Tempelan belum dijadikan baris. {_first(pasted.problems)}"
    total = len(found) + len(pasted.rows)
    if total > rincian.ROW_LIMIT:
        problems[f"paste-{key}"] = (
            f"Rincian paling banyak {rincian.ROW_LIMIT} baris; dengan tempelan ini menjadi {total}."
        )
    if wrong:
        return
    if f"paste-{key}" not in problems:
        found += pasted.rows
    if found:
        rows[key], counts[key] = found, len(found)
    elif rows.pop(key, None):
        counts.pop(key, None)


def _first(sentences: list[str] | tuple[str, ...], most: int = 5) -> str:
    left = len(sentences) - most
    return " ".join(sentences[:most]) + (f" Dan {left} baris lainnya." if left > 0 else "")


def _read_range(
    indicator: Indicator,
    posted: Posted,
    key: str,
    year: int,
    ranges: dict[str, Any],
    problems: Problems,
) -> None:
    """A count's own time range; the usual one, or two blanks, are not stored."""
    typed = [posted.get(f"range-{key}-{end}") for end in ("first", "last")]
    if None in typed:
        return
    if not any(text.strip() for text in typed if text):
        ranges.pop(key, None)
        return
    first, last = (rincian.read_date(text or "") for text in typed)
    if problem := rincian.range_problem(first, last):
        problems[f"range-{key}"] = problem
    elif first and last:
        _keep_range(indicator, key, year, (first, last), ranges)


def _keep_range(
    indicator: Indicator,
    key: str,
    year: int,
    span: tuple[dt.date, dt.date],
    ranges: dict[str, Any],
) -> None:
    if span == rincian.usual_range(indicator, key, year):
        ranges.pop(key, None)
    else:
        ranges[key] = [day.isoformat() for day in span]


# ── an index ────────────────────────────────────────────────────────────────
def read_index(posted: Posted, stored: Stored, problems: Problems) -> dict[str, Any] | None:
    """An index with what stands beside it; None when nothing is left of them."""
    value = dict(stored)
    for name, (fields, reader) in _INDEX_FIELDS.items():
        typed = [posted.get(field) for field in fields]
        if name == "index" and posted.get("take"):
            typed = [posted["take"]]
        texts = [text for text in typed if text is not None]
        if len(texts) < len(fields):
            continue
        if not any(text.strip() for text in texts):
            value.pop(name, None)
            continue
        try:
            value[name] = reader(*texts)
        except InputError as error:
            problems[name] = str(error)
    for name, sentence in list(index_source.problems(value)):
        problems.setdefault(name, sentence)
        # An original value outside its scale: which of the two is meant is not known.
        for field in ("original", "scale") if name == "original" else (name,):
            _restore(value, stored, field)
    return value or None


def _restore(value: dict[str, Any], stored: Stored, name: str) -> None:
    """A field that cannot be kept has what is stored of it again."""
    if name in stored:
        value[name] = stored[name]
    else:
        value.pop(name, None)


def without(value: Mapping[str, Any], stored: Stored, names: set[str]) -> dict[str, Any] | None:
    """A value in which these fields are what is stored of them."""
    kept = dict(value)
    for name in names:
        _restore(kept, stored, name)
    return kept or None


def _read_period(first: str, last: str) -> list[str]:
    """Two months; with one of them it is that month alone."""
    months = [index_source.read_month(text) for text in (first or last, last or first)]
    if None in months:
        raise InputError(index_source.PERIOD_FORM)
    period = [month for month in months if month]
    if problem := index_source.period_problem(period):
        raise InputError(problem)
    return period


def _read_original(text: str) -> str:
    stripped = text.strip()[:20]
    if index_number(stripped) is None:
        raise InputError(index_source.ORIGINAL_FORM)
    return stripped.replace(",", ".")


#: field of the value → (fields of the form, what reads them)
_INDEX_FIELDS: Mapping[str, tuple[tuple[str, ...], Callable[..., Any]]] = {
    "index": (("index",), parse_index),
    "source": (("source",), str.strip),
    "period": (("period-first", "period-last"), _read_period),
    "respondents": (("respondents",), parse_count),
    "scale": (("scale",), str.strip),
    "original": (("original",), _read_original),
}
