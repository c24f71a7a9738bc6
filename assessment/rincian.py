"""Rincian: the rows that a count is made of, and the time range in which it was counted.

Stored beside the counts of an answer: `rows` {count key: [[description, date, status], …]} and
`ranges` {count key: [first day, last day]}. Days are ISO dates; a row's date and status may be
blank. Where there are rows, the count is their number; a range is stored only when it is not the
usual one (domain.md §2).
"""

import csv
import datetime as dt
import io
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from assessment.instrument import Indicator
from assessment.typed_text import has_unseen_controls
from zi_portal.ui import numbers

ROW_LIMIT = 500
CELL_LIMIT = 300
COLUMNS = ("uraian", "tanggal", "status")
#: Years outside are typing mistakes; a browser also sends half-typed ones such as 0202.
YEARS = range(1990, 2101)

DATE_FORM = "tulis misalnya 12 Maret 2025 atau 12/3/2025"

#: description, ISO date or "", status.
Row = list[str]
Range = tuple[dt.date, dt.date]

_NUMERIC = re.compile(r"(\d{1,2})\s*[/.-]\s*(\d{1,2})\s*[/.-]\s*(\d{4})", re.ASCII)
_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[ T]00:00(?::00)?)?", re.ASCII)
_NAMED = re.compile(r"(\d{1,2})[\s-]+([A-Za-z]{3,})\.?[\s-]+(\d{4})", re.ASCII)
#: Beside the month's first letters: spellings that are in use but begin otherwise.
_SPELLINGS = {"agt": 8, "ags": 8, "agst": 8, "nop": 11, "nopember": 11, "peb": 2, "pebruari": 2}


@dataclass(frozen=True, slots=True)
class Reading:
    """Rows as they are stored, and a sentence for each line that cannot be one."""

    rows: list[Row]
    problems: tuple[str, ...] = ()


# ── reading what was typed or pasted ────────────────────────────────────────
def read_paste(text: str) -> Reading:
    """Lines of a spreadsheet, cells parted by tabs: description, date, status.

    Blank lines and a line of headings are skipped; a line that cannot be read is named by its
    number.
    """
    rows: list[Row] = []
    problems: list[str] = []
    for number, cells in _lines(text):
        if not any(cells) or _is_heading(cells):
            continue
        row = read_row(cells)
        if isinstance(row, str):
            problems.append(f"Baris {number}: {row}")
        else:
            rows.append(row)
    return Reading(rows, tuple(problems))


def _lines(text: str) -> Iterator[tuple[int, list[str]]]:
    """(number, cells) of each line; a cell in quotes may hold line breaks, as spreadsheets copy
    them."""
    unified = text.replace("\r\n", "\n").replace("\r", "\n")
    if unified.count('"') % 2 == 0 and len(unified) < csv.field_size_limit():
        lines: Iterator[Sequence[str]] = csv.reader(io.StringIO(unified), delimiter="\t")
    else:
        lines = (line.split("\t") for line in unified.split("\n"))
    for number, cells in enumerate(lines, start=1):
        cleaned = [" ".join(cell.split(" ")).replace("\n", " ").strip() for cell in cells]
        while cleaned and not cleaned[-1]:
            cleaned.pop()
        yield number, cleaned


def _is_heading(cells: Sequence[str]) -> bool:
    return len(cells) > 1 and cells[1].casefold().startswith("tanggal")


def read_row(cells: Sequence[str]) -> Row | str:
    """A row from its cells, or why it is none, as the rest of a sentence."""
    if len(cells) > len(COLUMNS):
        return f"ada {len(cells)} kolom; yang dibaca hanya {', '.join(COLUMNS)}."
    description, day, status = [*(cell.strip() for cell in cells), "", "", ""][:3]
    if not description:
        return "uraian belum diisi."
    for name, cell in zip(COLUMNS, (description, day, status), strict=True):
        if len(cell) > CELL_LIMIT:
            return f"{name} lebih dari {CELL_LIMIT} karakter."
        if not _is_plain(cell):
            return f"{name} memuat karakter kendali; hapus lalu ketik."
    if not day:
        return [description, "", status]
    date = read_date(day)
    if date is None:
        return f"tanggal “{day[:30]}” tidak dikenal; {DATE_FORM}."
    return [description, date.isoformat(), status]


def _is_plain(text: str) -> bool:
    return not ({"\n", "\t"} & set(text) or has_unseen_controls(text))


def read_date(text: str) -> dt.date | None:
    """A day from 12/3/2025, 12-03-2025, 12.3.2025, 2025-03-12 or 12 Maret 2025; else None."""
    text = text.strip()
    if found := _ISO.fullmatch(text):
        year, month, day = map(int, found.groups())
    elif found := _NUMERIC.fullmatch(text):
        day, month, year = map(int, found.groups())
    elif found := _NAMED.fullmatch(text):
        day, month, year = int(found[1]), month_number(found[2]), int(found[3])
    else:
        return None
    try:
        return dt.date(year, month, day) if year in YEARS else None
    except ValueError:
        return None


def month_number(name: str) -> int:
    """1 to 12 of an Indonesian month name or its first letters (three at least); 0 for others."""
    wanted = name.casefold()
    if len(wanted) < 3:
        return 0
    for number, month in enumerate(numbers.MONTHS, start=1):
        if month.casefold().startswith(wanted):
            return number
    return _SPELLINGS.get(wanted, 0)


# ── time ranges ─────────────────────────────────────────────────────────────
def usual_range(indicator: Indicator, key: str, year: int) -> Range:
    """The last full year before the period's `year`; what a decrease is measured against is the
    year before that (A.II.3.iii)."""
    rule = indicator.rule
    before = 2 if rule and rule.name == "decrease" and key == rule.whole else 1
    return dt.date(year - before, 1, 1), dt.date(year - before, 12, 31)


def range_of(indicator: Indicator, value: Mapping[str, Any], key: str, year: int) -> Range:
    """The time range of a count: its own when one is stored, else the usual one."""
    return stored_range(value, key) or usual_range(indicator, key, year)


def stored_range(value: Mapping[str, Any], key: str) -> Range | None:
    """The range kept with a count, if there is one that can be read."""
    ranges = value.get("ranges")
    days = ranges.get(key) if isinstance(ranges, Mapping) else None
    if not isinstance(days, Sequence) or isinstance(days, str) or len(days) != 2:
        return None
    first, last = (_stored_day(day) for day in days)
    return (first, last) if first and last else None


def range_problem(first: dt.date | None, last: dt.date | None) -> str | None:
    """Why two days are no range, if so."""
    if first is None or last is None:
        return "Isi kedua tanggal rentang, dengan tahun empat angka."
    if first > last:
        return "Tanggal awal rentang melewati tanggal akhirnya."
    return None


def range_words(span: Range) -> str:
    """`1 Januari–31 Desember 2025`; the year twice only when there are two."""
    first, last = span
    shown = numbers.date(first)
    if first.year == last.year:
        shown = shown.removesuffix(f" {first.year}")
    return f"{shown}–{numbers.date(last)}"


# ── what is stored ──────────────────────────────────────────────────────────
def rows_of(value: object, key: str) -> list[Row]:
    """The rows kept with a count; none when the value has no such rows."""
    rows = value.get("rows") if isinstance(value, Mapping) else None
    found = rows.get(key) if isinstance(rows, Mapping) else None
    return [row for row in found if _is_row(row)] if isinstance(found, list) else []


def apart(value: Any) -> tuple[Any, Any]:
    """(a value without its rows, the rows or None): rows are free text, which the trail keeps
    beside what it hashes (model.md, Trail)."""
    if not isinstance(value, Mapping) or "rows" not in value:
        return value, None
    return {name: part for name, part in value.items() if name != "rows"}, value["rows"]


def together(value: Any, rows: Any) -> Any:
    """A value with the rows that `apart` took from it."""
    return {**value, "rows": rows} if rows and isinstance(value, Mapping) else value


def problems(indicator: Indicator, value: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """What is wrong with the rows and ranges of a value: (field, sentence).

    Fields: the count's key, or "rows-…", "range-…" with it.
    """
    labels = {count.key: count.label for count in indicator.inputs}
    first = indicator.inputs[0].key
    for name, all_of in (("rows", value.get("rows", {})), ("ranges", value.get("ranges", {}))):
        if not isinstance(all_of, Mapping) or set(all_of) - set(labels):
            yield f"rows-{first}", "Rincian atau rentang ini bukan milik isian jumlah butir ini."
            return
        for key in all_of:
            yield from (
                _rows_problems(value, key, labels[key])
                if name == "rows"
                else _range_problems(value, key)
            )


def _rows_problems(value: Mapping[str, Any], key: str, label: str) -> Iterator[tuple[str, str]]:
    stored, rows = value["rows"][key], rows_of(value, key)
    if not isinstance(stored, list) or len(rows) != len(stored) or not rows:
        yield f"rows-{key}", "Rincian berisi baris yang tidak dapat dibaca."
    elif len(rows) > ROW_LIMIT:
        yield f"rows-{key}", f"Rincian paling banyak {ROW_LIMIT} baris; ada {len(rows)}."
    else:
        number = value["counts"].get(key)
        if number != len(rows):
            shown = numbers.count(number) if type(number) is int else "kosong"
            behind = f"{numbers.count(len(rows))} baris: {_some(rows)}"
            sentence = f"{label} ({shown}) berbeda dari rinciannya ({behind})."
            yield key, f"{sentence} Ubah rinciannya di halaman pengisian."


def _range_problems(value: Mapping[str, Any], key: str) -> Iterator[tuple[str, str]]:
    problem = range_problem(*(stored_range(value, key) or (None, None)))
    if problem:
        yield f"range-{key}", problem


def warnings(indicator: Indicator, value: Mapping[str, Any], year: int) -> Iterator[str]:
    """Rows that lie outside their count's time range: said, not refused."""
    for count in indicator.inputs:
        first, last = span = range_of(indicator, value, count.key, year)
        days = [_stored_day(row[1]) for row in rows_of(value, count.key)]
        outside = sum(day is not None and not first <= day <= last for day in days)
        if outside:
            yield (
                f"{count.label}: {outside} baris rincian bertanggal di luar {range_words(span)}."
            )


def _is_row(row: object) -> bool:
    return (
        isinstance(row, list)
        and len(row) == len(COLUMNS)
        and all(isinstance(cell, str) and len(cell) <= CELL_LIMIT for cell in row)
        and all(map(_is_plain, row))
        and bool(row[0])
        and (not row[1] or _stored_day(row[1]) is not None)
    )


def _stored_day(text: object) -> dt.date | None:
    try:
        day = dt.date.fromisoformat(text) if isinstance(text, str) else None
    except ValueError:
        return None
    return day if day and day.year in YEARS else None


# ── words ───────────────────────────────────────────────────────────────────
def day_words(iso: str) -> str:
    """A row's date as people write it: `12 Maret 2025`; "" stays blank."""
    day = _stored_day(iso)
    return numbers.date(day) if day else ""


def brief_words(value: Mapping[str, Any], key: str) -> str:
    """What stands behind a count without naming it: `rincian 3 baris`, and its own time range."""
    number = len(rows_of(value, key))
    return _joined(value, key, f"rincian {numbers.count(number)} baris" if number else "")


def words(value: Mapping[str, Any], key: str, other: object = None) -> str:
    """What stands behind a count: `rincian 3 baris: Ani; Budi; Cici`, and its own time range.

    With `other`, a value to be told apart from, rows that both have are left out.
    """
    rows, shared = rows_of(value, key), rows_of(other, key)
    own = [row for row in rows if row not in shared]
    listed = f": {_some(rows)}"
    if shared:
        listed = f", hanya di sini: {_some(own, full=True)}" if own else ""
    return _joined(value, key, f"rincian {numbers.count(len(rows))} baris{listed}" if rows else "")


def _joined(value: Mapping[str, Any], key: str, about_rows: str) -> str:
    """Both things that stand behind a count, where there are any."""
    said = [about_rows] if about_rows else []
    if span := stored_range(value, key):
        said.append(range_words(span))
    return "; ".join(said)


def _some(rows: Sequence[Row], *, full: bool = False, most: int = 5) -> str:
    """The first rows, by description or in full, and how many more there are."""
    shown = [
        ", ".join(filter(None, (row[0][:60], day_words(row[1]), row[2][:40])))
        if full
        else row[0][:60]
        for row in rows[:most]
    ]
    left = len(rows) - most
    return "; ".join(shown) + (f"; dan {numbers.count(left)} lainnya" if left > 0 else "")
