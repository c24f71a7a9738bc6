"""From located cells to answers: what was typed, what cannot be read and why."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from assessment.instrument import Count, Indicator, Instrument
from assessment.scoring import InputError
from assessment.workbook import typed
from assessment.workbook.locating import Places, fits_type, printed_type
from assessment.workbook.opening import EMPTY, Cell
from zi_portal.ui import numbers

LINK_LINE = "Tautan data dukung: "
DOCUMENT_LINE = "Dokumen data dukung: "


@dataclass(frozen=True, slots=True)
class Problem:
    """Why some indicators cannot be taken over: the cells and an Indonesian sentence."""

    codes: tuple[str, ...]
    cells: tuple[str, ...]
    reason: str


@dataclass(frozen=True, slots=True)
class Notice:
    """What a person should know about a cell that was read all the same."""

    code: str
    cell: str
    text: str


@dataclass(frozen=True, slots=True)
class Entry:
    """What the sheet holds for one indicator.

    `value` as it is stored, with the filled counts only, or None when all is blank; `note` and
    `lines` (evidence named beside it) are empty when blank. `cells`: addresses by field
    ("choice", "index", "note" or a count's key).
    """

    code: str
    value: dict[str, Any] | None = None
    note: str = ""
    lines: tuple[str, ...] = ()
    cells: Mapping[str, str] = field(default_factory=dict)

    @property
    def is_blank(self) -> bool:
        return self.value is None and not self.note and not self.lines


@dataclass(frozen=True, slots=True)
class Reading:
    """A whole sheet, in official order."""

    entries: tuple[Entry, ...]
    problems: tuple[Problem, ...]
    notices: tuple[Notice, ...]

    @property
    def unreadable(self) -> frozenset[str]:
        """The indicators that have a problem."""
        return frozenset(code for problem in self.problems for code in problem.codes)

    def values(self) -> dict[str, dict[str, Any]]:
        """The answers of the sheet alone, without those that have a problem."""
        return {
            entry.code: entry.value
            for entry in self.entries
            if entry.value is not None and entry.code not in self.unreadable
        }


def read(instrument: Instrument, places: Places) -> Reading:
    """Everything that the sheet says about the instrument's indicators."""
    reader = _Reader(instrument, places)
    entries = tuple(reader.entry(indicator) for indicator in instrument.indicators.values())
    return Reading(entries, tuple(reader.problems), tuple(reader.notices))


class _Reader:
    def __init__(self, instrument: Instrument, places: Places) -> None:
        self.instrument, self.places = instrument, places
        self.problems: list[Problem] = []
        self.notices: list[Notice] = []

    def entry(self, indicator: Indicator) -> Entry:
        row = self.places.rows.get(indicator.code)
        if row is None:
            sheet = self.places.grid.name
            self._problem(indicator, (), f"Barisnya tidak ditemukan di lembar “{sheet}”.")
            return Entry(indicator.code)
        type_ = printed_type(self.places.grid, self.places.columns, row)
        if not fits_type(self.places.layout, indicator, type_):
            cell = self.places.address("type", row)
            reason = f"Jenis jawaban “{type_[:20]}” bukan jenis butir {indicator.code}."
            self._problem(indicator, (cell,), reason)
            return Entry(indicator.code)
        if indicator.is_percentage:
            value, cells = self._counts(indicator, row)
        else:
            value, cells = self._single(indicator, row)
        note, lines = self._note(indicator, row)
        if "note" in self.places.columns:
            cells["note"] = self.places.address("note", row)
        return Entry(indicator.code, value, note, lines, cells)

    # --- values ---------------------------------------------------------------------------------

    def _single(
        self, indicator: Indicator, row: int
    ) -> tuple[dict[str, Any] | None, dict[str, str]]:
        """A choice or an index: one cell."""
        name = "index" if indicator.is_index else "choice"
        cell, address = self._cell(row), self._address(row)
        if typed.is_blank(cell):
            return None, {name: address}
        try:
            value = typed.index(cell) if indicator.is_index else typed.choice(indicator, cell)
        except InputError as error:
            self._problem(indicator, (address,), str(error))
            return None, {name: address}
        return {name: value}, {name: address}

    def _counts(
        self, indicator: Indicator, row: int
    ) -> tuple[dict[str, Any] | None, dict[str, str]]:
        """The counts below a percentage; what is derived or shared is not taken from its cell."""
        rows = self.places.counts.get(indicator.code, {})
        cells = {key: self._address(each) for key, each in rows.items()}
        counts: dict[str, int] = {}
        for count in indicator.inputs:
            if count.key not in rows:
                self._problem(indicator, (), f"Baris “{count.label}” tidak ditemukan.")
                continue
            number = self._count(indicator, rows[count.key])
            number, address = self._with_shared(indicator, count, number, cells[count.key])
            cells[count.key] = address
            if number is not None:
                counts[count.key] = number
        self._check_derived(indicator, rows, counts)
        self._check_typed_percentage(indicator, row, counts, [cells[key] for key in rows])
        return ({"counts": counts} if counts else None), cells

    def _count(self, indicator: Indicator, row: int) -> int | None:
        """The whole number in a count's cell; None when blank or, with a problem, unreadable."""
        cell = self._cell(row)
        if typed.is_blank(cell):
            return None
        try:
            return typed.count(cell)
        except InputError as error:
            self._problem(indicator, (self._address(row),), str(error))
            return None

    def _with_shared(
        self, indicator: Indicator, count: Count, number: int | None, address: str
    ) -> tuple[int | None, str]:
        """The count as other indicators' cells repeat it, and the cell it came from. One that is
        only a link to the owner's cell repeats nothing."""
        own_address = address
        for code in self.instrument.shared_by.get((indicator.code, count.key), ()):
            row = self._shared_row(code, indicator.code, count.key)
            if row is None or _refers_to(self._cell(row), own_address):
                continue
            other = self._count(self.instrument.indicator(code), row)
            if other is None:
                continue
            if number is None:
                number, address = other, self._address(row)
            elif number != other:
                cells = (address, self._address(row))
                reason = (
                    f"{cells[0]} berisi {number} dan {cells[1]} berisi {other}, padahal keduanya "
                    f"hal yang sama: {count.label}."
                )
                self.problems.append(Problem((indicator.code, code), cells, reason))
        return number, address

    def _shared_row(self, code: str, owner: str, key: str) -> int | None:
        rows = self.places.counts.get(code, {})
        for count in self.instrument.indicator(code).counts:
            if count.same_as == (owner, key):
                return rows.get(count.key)
        return None

    # --- what is typed although it follows from other cells --------------------------------------

    def _check_derived(
        self, indicator: Indicator, rows: Mapping[str, int], counts: Mapping[str, int]
    ) -> None:
        for count in indicator.counts:
            cell = self._cell(rows[count.key]) if count.key in rows else EMPTY
            if not count.sum_of or cell.formula is not None or typed.is_blank(cell):
                continue
            address = self._address(rows[count.key])
            parts = [counts[key] for key in count.sum_of if key in counts]
            if not parts:
                reason = f"Berisi {typed.shown(cell)}, tetapi rinciannya kosong; isi rinciannya."
                self._problem(indicator, (address,), reason)
            elif typed.shown(cell) != str(sum(parts)) or len(parts) < len(count.sum_of):
                total = numbers.count(sum(parts))
                text = f"Tertulis {typed.shown(cell)}; yang dipakai jumlah rinciannya, {total}."
                self.notices.append(Notice(indicator.code, address, text))

    def _check_typed_percentage(
        self, indicator: Indicator, row: int, counts: Mapping[str, int], cells: Sequence[str]
    ) -> None:
        cell = self._cell(row)
        is_own = row not in self.places.counts.get(indicator.code, {}).values()
        if not is_own or cell.formula is not None or typed.is_blank(cell):
            return
        places = f"{cells[0]}–{cells[-1]}" if cells else "di bawahnya"
        if counts:
            text = f"Persentase {typed.shown(cell)} diketik; yang dipakai isian jumlah {places}."
            self.notices.append(Notice(indicator.code, self._address(row), text))
        else:
            reason = (
                f"Persentase {typed.shown(cell)} diketik, sedangkan isian jumlah {places} kosong."
            )
            self._problem(indicator, (self._address(row),), reason)

    # --- notes ----------------------------------------------------------------------------------

    def _note(self, indicator: Indicator, row: int) -> tuple[str, tuple[str, ...]]:
        """The note of an indicator with its counts' notes, and a line per piece of evidence."""
        rows = sorted({row, *self.places.counts.get(indicator.code, {}).values()})
        notes = [typed.clean(value) for value in self._values("note", rows)]
        documents = [
            "; ".join(line.strip() for line in typed.clean(value).split("\n") if line.strip())
            for value in self._values("documents", rows)
        ]
        links = [
            line for each in rows for line in typed.link_lines(self.places.cell("links", each))
        ]
        lines = [
            *(DOCUMENT_LINE + text for text in documents if text),
            *(LINK_LINE + line for line in links),
        ]
        return "\n".join(note for note in notes if note), tuple(dict.fromkeys(lines))

    def _values(self, column: str, rows: Sequence[int]) -> Iterator[object]:
        for row in rows:
            value = self.places.cell(column, row).value
            if value is not None:
                yield value

    # --- small things ---------------------------------------------------------------------------

    def _cell(self, row: int) -> Cell:
        return self.places.cell("answer", row)

    def _address(self, row: int) -> str:
        return self.places.address("answer", row)

    def _problem(self, indicator: Indicator, cells: tuple[str, ...], reason: str) -> None:
        self.problems.append(Problem((indicator.code,), cells, reason))


def _refers_to(cell: Cell, address: str) -> bool:
    """Whether a cell holds a formula over the cell at `address` of its own sheet."""
    formula = (cell.formula or "").replace("$", "")
    return re.search(rf"(?<![A-Z0-9!]){address}(?![0-9])", formula) is not None
