"""The totals that the last program stored in the file, against ours, and why they differ.

Forms in use contain faults: a formula that leaves a row out, an average that skips blanks, a
number typed over a formula. A reader who sees another total than in the own spreadsheet must be
told which cell makes the difference. So each stored value is compared with ours, node by node; a
node is a cause as far as its difference is not already explained by what stands beneath it.
"""

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

from openpyxl.utils import column_index_from_string

from assessment.instrument import Indicator, Instrument, Node, child_nodes
from assessment.scoring import Answers, ScoreSheet, score
from assessment.workbook import typed
from assessment.workbook.locating import TOTAL, Places
from assessment.workbook.opening import EMPTY, Cell
from assessment.workbook.reading import Reading
from zi_portal.ui import numbers

TOLERANCE = Fraction(1, 2_000_000)
"""Spreadsheets calculate with 15 digits; nothing that a reader can see is this small."""

LARGEST = 1_000_000
FORMULA_LIMIT = 500
"""Letters of a formula that are looked at; a sum in the form has a hundred at most."""
STEP_LIMIT = 100_000
"""Rows that are followed in all; formulas made to be endless are given up."""

_REFERENCE = re.compile(r"\$?([A-Z]{1,3})\$?([0-9]{1,7})(?::\$?([A-Z]{1,3})\$?([0-9]{1,7}))?")
_OTHER_SHEET = re.compile(r"(?:'[^']*'|[\w.]+)!\$?[A-Z]+\$?[0-9]+(?::\$?[A-Z]+\$?[0-9]+)?")
_STALE = "Nilai yang tersimpan bukan hasil hitungan isinya; buka dan simpan ulang berkasnya."
FINAL_VALUE = "Nilai akhir"


@dataclass(frozen=True, slots=True)
class Cause:
    """A cell that makes the file's total differ. `file` None: the cell shows an error.

    Both values as the cell has them: a ratio for an indicator, else points. `points`: what it
    takes from (negative) or adds to the file's total, as far as known.
    """

    code: str
    name: str
    cell: str
    file: Fraction | None
    ours: Fraction
    points: Fraction
    reason: str

    @property
    def figures(self) -> tuple[str, str]:
        """What the cell shows and what it should, with as many decimals as tell them apart."""
        if self.file is None:
            return "–", numbers.points(self.ours)
        return numbers.apart(self.file, self.ours)

    @property
    def sentence(self) -> str:
        """The cause in one line: cell, node, both values, reason."""
        shown, right = self.figures
        place = f"{self.cell} ({self.code} {self.name})"
        return f"{place}: {shown} di berkas, {right} hasil hitungan. {self.reason}"


@dataclass(frozen=True, slots=True)
class Comparison:
    """The file's stored total (None: it has none), ours of the same answers, and the causes."""

    file_total: Fraction | None
    total: Fraction
    causes: tuple[Cause, ...]

    @property
    def difference(self) -> Fraction | None:
        """File minus ours; None when the file has no total."""
        return None if self.file_total is None else self.file_total - self.total

    @property
    def is_equal(self) -> bool:
        return self.difference is not None and abs(self.difference) <= TOLERANCE

    @property
    def sentence(self) -> str:
        """How the two totals stand to each other."""
        right = numbers.points(self.total)
        if self.file_total is None:
            what = "tidak menunjukkan" if self.causes else "tidak menyimpan"
            return f"Berkas {what} nilai akhir; hasil hitungan jawabannya {right}."
        if self.is_equal:
            return f"Nilai akhir di berkas {right}, sama dengan hasil hitungan."
        shown, right = numbers.apart(self.file_total, self.total)
        by = numbers.signed(self.file_total - self.total)
        return f"Nilai akhir di berkas {shown}, hasil hitungan jawabannya {right} (selisih {by})."


def compare(
    instrument: Instrument, places: Places, reading: Reading, beneath: Answers | None = None
) -> Comparison:
    """Compare what the file stored with what its answers are worth. `beneath`: the answers that
    stand where `reading` has none (the unit's below TPI's)."""
    return _Comparer(instrument, places, reading, beneath or {}).comparison()


@dataclass(frozen=True, slots=True)
class _Root:
    """The final value as a node above the components."""

    code: str
    name: str


class _Comparer:
    def __init__(
        self, instrument: Instrument, places: Places, reading: Reading, beneath: Answers
    ) -> None:
        self.instrument, self.places, self.reading = instrument, places, reading
        self.sheet: ScoreSheet = score(instrument, {**beneath, **reading.values()})
        self.steps = 0

    def comparison(self) -> Comparison:
        has_stored_values = any(
            self._stored(code) is not None or self._error(code) for code in self.places.rows
        )
        causes = tuple(self._causes(_Root(TOTAL, FINAL_VALUE))) if has_stored_values else ()
        return Comparison(self._stored(TOTAL), self.sheet.total, causes)

    # --- values ---------------------------------------------------------------------------------

    def _value_cell(self, code: str) -> Cell:
        row = self.places.rows.get(code)
        return EMPTY if row is None else self.places.cell("value", row)

    def _address(self, code: str) -> str:
        row = self.places.rows.get(code)
        return "" if row is None else self.places.address("value", row)

    def _stored(self, code: str) -> Fraction | None:
        value = self._value_cell(code).value
        if isinstance(value, bool) or not isinstance(value, int | float):
            return None
        # A larger number is no score of anything, and would only make for endless lines.
        return Fraction(format(value, ".15g")) if abs(value) < LARGEST else None

    def _error(self, code: str) -> str:
        """ "#DIV/0!" and the like, where the cell shows one."""
        value = self._value_cell(code).value
        return value if isinstance(value, str) and value.startswith("#") else ""

    def _ours(self, node: Node | _Root) -> Fraction:
        if isinstance(node, _Root):
            return self.sheet.total
        if _shows_ratio(node):
            return self.sheet.ratio(node.code)
        return self.sheet.points(node.code)

    def _children(self, node: Node | _Root) -> Sequence[Node]:
        if isinstance(node, _Root):
            return self.instrument.components
        if isinstance(node, Indicator):
            return ()
        # A sub-component that is its own only indicator adds nothing to it.
        return [self.instrument.nodes[child.code] for child in child_nodes(node)]

    # --- causes ---------------------------------------------------------------------------------

    def _causes(self, node: Node | _Root) -> Iterator[Cause]:
        """The causes at and beneath a node."""
        below = [cause for child in self._children(node) for cause in self._causes(child)]
        yield from below
        stored, ours = self._stored(node.code), self._ours(node)
        if stored is None:
            if self._error(node.code) and not any(cause.file is None for cause in below):
                yield self._cause(node, None, Fraction(), self._error_reason(node))
            return
        difference = stored - ours
        if not isinstance(node, _Root) and _shows_ratio(node):
            difference *= node.weight
        unexplained = difference - sum((cause.points for cause in below), Fraction())
        if abs(unexplained) > TOLERANCE:
            yield self._cause(node, stored, unexplained, self._reason(node, stored))

    def _cause(
        self, node: Node | _Root, stored: Fraction | None, points: Fraction, reason: str
    ) -> Cause:
        address = self._address(node.code)
        return Cause(node.code, node.name, address, stored, self._ours(node), points, reason)

    def _reason(self, node: Node | _Root, stored: Fraction) -> str:
        if self._value_cell(node.code).formula is None:
            return "Angka ini diketik, bukan dihitung dengan rumus."
        if isinstance(node, Indicator):
            return self._indicator_reason(node)
        left_out = self._left_out(node)
        if left_out:
            return f"Rumusnya tidak memasukkan {self._named(left_out)}."
        skipped = self._skipped(node, stored)
        if skipped:
            return f"Rata-ratanya melewati yang menurut rumus belum diisi: {self._named(skipped)}."
        return _STALE

    def _indicator_reason(self, indicator: Indicator) -> str:
        if indicator.code in self.reading.unreadable:
            return "Isiannya tidak terbaca, sehingga tidak kami hitung."
        row = self.places.rows[indicator.code]
        answer = self.places.cell("answer", row)
        if indicator.is_percentage and answer.formula is None and not typed.is_blank(answer):
            return f"Persentase di {self.places.address('answer', row)} diketik, bukan dihitung."
        for notice in self.reading.notices:
            if notice.code == indicator.code:
                return f"{notice.cell}: {notice.text}"
        explanation = self.sheet.explain(indicator.code)
        return explanation.warning or _STALE

    def _error_reason(self, node: Node | _Root) -> str:
        """Why the file shows an error where we have a value: mostly a division by zero."""
        shown = self._error(node.code)
        if isinstance(node, Indicator) and (warning := self.sheet.explain(node.code).warning):
            return f"Berkas menunjukkan {shown}. {warning}"
        return f"Berkas menunjukkan {shown}; kami menghitung butir yang belum diisi sebagai 0."

    # --- formulas -------------------------------------------------------------------------------

    def _left_out(self, node: Node | _Root) -> list[Node]:
        """The parts of a node that its formula does not reach."""
        reached = self._reached(self._value_cell(node.code))
        return [
            child
            for child in self._children(node)
            if child.code in self.places.rows
            and self.places.rows[child.code] not in reached
            and self._ours(child)
        ]

    def _reached(self, cell: Cell) -> Collection[int]:
        """The rows whose values a formula takes in. Rows that are no node of ours (a sum in
        between, a heading with a mean of its own) stand for what they take in themselves."""
        column = self.places.columns["value"]
        reached: set[int] = set()
        waiting = [cell]
        while waiting:
            formula = (waiting.pop().formula or "")[:FORMULA_LIMIT]
            for row in _rows_in(formula, column_index_from_string(column), self._last_row):
                self.steps += 1
                if self.steps > STEP_LIMIT:
                    return self._node_rows
                if row not in reached and row not in self._node_rows:
                    waiting.append(self.places.grid.cell(column, row))
                reached.add(row)
        return reached

    @cached_property
    def _node_rows(self) -> frozenset[int]:
        return frozenset(self.places.rows.values())

    @cached_property
    def _last_row(self) -> int:
        return max(self.places.grid.rows, default=0)

    def _skipped(self, node: Node | _Root, stored: Fraction) -> list[Node]:
        """The indicators that an average skipped, if skipping them gives the stored value."""
        children = self._children(node)
        if isinstance(node, _Root) or not all(isinstance(each, Indicator) for each in children):
            return []
        numbers = [self._stored(child.code) for child in children]
        filled = [number for number in numbers if number is not None]
        if not filled or len(filled) == len(numbers):
            return []
        mean = sum(filled, Fraction()) / len(filled) * node.weight
        if abs(mean - stored) > TOLERANCE:
            return []
        return [child for child, number in zip(children, numbers, strict=True) if number is None]

    def _named(self, nodes: Sequence[Node]) -> str:
        """`A.II.5.iii.b (baris 184)`, several joined by commas; a single one with its name."""
        rows = self.places.rows
        named = ", ".join(
            f"{node.code} (baris {rows[node.code]})" if node.code in rows else node.code
            for node in nodes
        )
        return f"{named}: {nodes[0].name.rstrip('.')}" if len(nodes) == 1 else named


def _shows_ratio(node: Node) -> bool:
    """An indicator's cell shows 0..1; the few that are a sub-component at once show points."""
    return isinstance(node, Indicator) and node.code != node.subcomponent


def _rows_in(formula: str, column: int, last_row: int) -> Iterator[int]:
    """The rows of one column to which a formula refers on its own sheet."""
    own_sheet = _OTHER_SHEET.sub("", formula)
    for first_column, first, second_column, second in _REFERENCE.findall(own_sheet):
        columns = (first_column, second_column or first_column)
        low, high = sorted(map(column_index_from_string, columns))
        if low <= column <= high:
            start, stop = sorted((int(first), int(second or first)))
            yield from range(start, min(stop, last_row) + 1)
