"""Which row of a sheet is which question.

The head of the table names the columns. Below it the form numbers itself: a mark in the first
column is a component, in the next an aspect, and so on down to the letter of an indicator, with
the rows of its counts beneath. So rows that people inserted or moved do no harm; where a mark is
missing the row numbers of the untouched form help, shifted like the neighbours. Of a form that is
known by its cells alone the sheet's name and the rows are taken as they are told.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from openpyxl.utils import column_index_from_string, get_column_letter

from assessment.instrument import Indicator, Instrument, Node, Subcomponent, child_nodes
from assessment.workbook.counting import match_counts
from assessment.workbook.guard import WorkbookRefused
from assessment.workbook.layouts import TPI, TPI_PREFIX, Layout
from assessment.workbook.opening import EMPTY, Cell, Grid

HEAD_ROWS = 20
"""The table's head stands within the first rows."""
SHUFFLED_AREAS = 2
SHUFFLED = (
    "Baris-baris lembar ini tidak lagi berurutan seperti LKE; kembalikan urutannya, lalu coba lagi."
)
_NEEDED_HEADS = ("numbering", "type", "answer")
_MARK = re.compile(r"(?:[A-Za-z]|[IVXivx]{1,5}|[0-9]{1,2}|-)[.)]?")
TOTAL = "total"


@dataclass(frozen=True, slots=True)
class Places:
    """Where everything stands on a sheet.

    `rows`: of nodes by code (and of the final value as "total"); `counts`: of an indicator's
    counts by key. `missing`: indicators whose row was not found.
    """

    layout: Layout
    grid: Grid
    columns: Mapping[str, str]
    rows: Mapping[str, int]
    counts: Mapping[str, Mapping[str, int]]
    missing: tuple[str, ...]

    def address(self, column: str, row: int) -> str:
        """The address of a cell by what its column holds: "K128"."""
        return f"{self.columns[column]}{row}"

    def cell(self, column: str, row: int) -> Cell:
        """The cell of a row by what its column holds; an empty one without such a column."""
        letter = self.columns.get(column)
        return EMPTY if letter is None else self.grid.cell(letter, row)

    @property
    def has_tpi(self) -> bool:
        """Whether TPI's answers stand in a column of their own, beside the unit's."""
        return TPI_PREFIX + "answer" in self.columns

    def of(self, stage: str) -> "Places":
        """The same with the columns of one stage. Where TPI has none of its own, its workbook is
        the form filled anew: the ordinary columns."""
        own = {
            name.removeprefix(TPI_PREFIX): letter
            for name, letter in self.columns.items()
            if name.startswith(TPI_PREFIX)
        }
        if stage == TPI and self.has_tpi:
            type_ = {name: letter for name, letter in self.columns.items() if name == "type"}
            return replace(self, columns={**type_, **own})
        ordinary = {n: c for n, c in self.columns.items() if not n.startswith(TPI_PREFIX)}
        return replace(self, columns=ordinary)

    def filled_tpi_columns(self) -> list[str]:
        """The letters of TPI's columns of answers and notes that hold something at a question."""
        rows = {*self.rows.values(), *(r for each in self.counts.values() for r in each.values())}
        names = (TPI_PREFIX + "answer", TPI_PREFIX + "note")
        return [
            self.columns[name]
            for name in names
            if any(self.cell(name, row).value and not self.cell(name, row).formula for row in rows)
        ]


def locate(instrument: Instrument, layouts: Sequence[Layout], grids: Sequence[Grid]) -> Places:
    """Find the LKE among the sheets. Raises WorkbookRefused when no sheet is one."""
    for layout, grid in _candidates(layouts, grids):
        places = _places(instrument, layout, grid)
        if places is not None and len(places.missing) < len(instrument.indicators):
            return places
    names = " atau ".join(f"“{layout.sheet}”" for layout in layouts)
    raise WorkbookRefused(
        f"Lembar LKE tidak ditemukan; berkas harus memuat lembar {names} dengan kepala kolom dan "
        "penomoran aslinya."
    )


def _candidates(layouts: Sequence[Layout], grids: Sequence[Grid]) -> Iterator[tuple[Layout, Grid]]:
    """Which sheet may be which form, the likeliest first: by its name, then by its heads alone."""
    visible_first = sorted(grids, key=lambda grid: grid.hidden)
    pairs = [(layout, grid) for layout in layouts for grid in visible_first]
    yield from (pair for pair in pairs if pair[1].name.strip() == pair[0].sheet)
    yield from (pair for pair in pairs if not pair[0].is_fixed)


def _places(instrument: Instrument, layout: Layout, grid: Grid) -> Places | None:
    if layout.is_fixed:
        return _told_places(instrument, layout, grid)
    head = _find_head(layout, grid)
    if head is None:
        return None
    row, columns = head
    return _Walk(instrument, layout, grid, columns, row).places()


def _told_places(instrument: Instrument, layout: Layout, grid: Grid) -> Places:
    rows = {code: layout.row_hint(code) for code in instrument.indicators}
    counts = {code: layout.count_hints(code) for code in instrument.indicators}
    return Places(
        layout,
        grid,
        {name: hint.letter for name, hint in layout.columns.items()},
        {code: row for code, row in rows.items() if row is not None},
        {code: found for code, found in counts.items() if found},
        tuple(code for code, row in rows.items() if row is None),
    )


def _find_head(layout: Layout, grid: Grid) -> tuple[int, dict[str, str]] | None:
    """The row of the table's head, and the letter of every column."""
    for number in sorted(row for row in grid.rows if row <= HEAD_ROWS):
        found: dict[str, str] = {}
        for letter in sorted(grid.rows[number], key=column_index_from_string):
            text = grid.text(letter, number).lower()
            for name, hint in layout.columns.items():
                if hint.head and name not in found and text.startswith(hint.head):
                    found[name] = letter
        if all(name in found for name in _NEEDED_HEADS):
            return number, _complete(layout, found)
    return None


def _complete(layout: Layout, found: Mapping[str, str]) -> dict[str, str]:
    """The columns without a head stand as far from their left neighbour as in the form."""
    complete: dict[str, str] = {}
    shift = 0
    for name, hint in sorted(
        layout.columns.items(), key=lambda item: column_index_from_string(item[1].letter)
    ):
        if hint.optional and name not in found:
            continue
        index = column_index_from_string(hint.letter)
        if name in found:
            shift = column_index_from_string(found[name]) - index
        complete[name] = get_column_letter(max(1, index + shift))
    return complete


@dataclass(slots=True)
class _Item:
    """A row below a sub-component: an indicator with its counts, or one of those."""

    row: int
    mark: str
    label: str
    type: str
    counts: "list[_Item]" = field(default_factory=list)


class _Walk:
    """One way down the sheet."""

    def __init__(
        self,
        instrument: Instrument,
        layout: Layout,
        grid: Grid,
        columns: Mapping[str, str],
        head_row: int,
    ) -> None:
        self.instrument, self.layout, self.grid, self.columns = instrument, layout, grid, columns
        self.levels = _level_letters(layout, columns)
        self.data_rows = [row for row in sorted(grid.rows) if row > head_row]
        self.rows: dict[str, int] = {}
        self.counts: dict[str, dict[str, int]] = {}
        self.path: list[Node | None] = [None] * layout.levels
        self.items: dict[str, list[_Item]] = {}
        self.shuffled: set[str] = set()

    def places(self) -> Places:
        for row in self.data_rows:
            self._take(row)
        for code, items in self.items.items():
            if code not in self.instrument.indicators:
                self._assign(self.instrument.subcomponents[code], items)
        self._forget_shuffled()
        self._use_hints()
        missing = tuple(code for code in self.instrument.indicators if code not in self.rows)
        self._refuse_if_lost(len(self.instrument.indicators) - len(missing))
        return Places(self.layout, self.grid, self.columns, self.rows, self.counts, missing)

    # --- numbering ------------------------------------------------------------------------------

    def _take(self, row: int) -> None:
        texts = [self.grid.text(letter, row) for letter in self.levels]
        level = next((index for index, text in enumerate(texts) if text), None)
        if level is None:
            return
        if texts[level].lower().startswith(self.layout.total):
            self.rows.setdefault(TOTAL, row)
            return
        mark = texts[level].rstrip(".)").strip() if _MARK.fullmatch(texts[level]) else ""
        node = self._child(level, mark) if mark else None
        if node is not None and node.code not in self.rows:
            self.rows[node.code] = row
            self.path[level:] = [node] + [None] * (len(self.path) - level - 1)
            return
        # An unknown or repeated number above the letters is a heading of the form's own making.
        part = next((node for node in self.path if isinstance(node, Subcomponent)), None)
        if part is not None and level >= self.layout.levels - 2:
            label = next((text for text in reversed(texts) if text), "")
            item = _Item(row, mark.lower(), label, self._type(row))
            self.items.setdefault(part.code, []).append(item)

    def _child(self, level: int, mark: str) -> Node | None:
        """The node that a mark names at this level, below the one that was named last."""
        siblings: Iterable[Node]
        if level == 0:
            siblings = self.instrument.components
        else:
            parent = self.path[level - 1]
            is_above = parent is not None and not isinstance(parent, Subcomponent)
            siblings = child_nodes(parent) if parent and is_above else ()
        return next(
            (node for node in siblings if node.code.rpartition(".")[2].lower() == mark.lower()),
            None,
        )

    # --- indicators -----------------------------------------------------------------------------

    def _is_indicator(self, item: _Item, *, first: bool) -> bool:
        """By the answer type that the row prints; where that was cleared, by its mark."""
        if item.type:
            return item.type != self.layout.types["jumlah"]
        return item.mark not in {"", "-"} or (first and bool(item.mark))

    def _assign(self, part: Subcomponent, items: Sequence[_Item]) -> None:
        """Give the rows of a sub-component to its indicators, by order or by letter."""
        heads: list[_Item] = []
        for item in items:
            if self._is_indicator(item, first=not heads):
                heads.append(item)
            elif heads:
                heads[-1].counts.append(item)
        for indicator, item in self._pairs(part.indicators, heads):
            self.rows[indicator.code] = item.row
            if indicator.counts:
                self._assign_counts(indicator, item)

    def _pairs(
        self, indicators: Sequence[Indicator], heads: Sequence[_Item]
    ) -> Iterator[tuple[Indicator, _Item]]:
        if _is_shuffled([item.mark for item in heads if item.mark not in {"", "-"}]):
            self.shuffled.add(indicators[0].area)
        own = [indicator.code.rpartition(".")[2] for indicator in indicators]
        printed = [
            self.layout.letters.get(indicator.code, letter)
            for indicator, letter in zip(indicators, own, strict=True)
        ]
        marks = [item.mark for item in heads]
        unlettered = not any(mark not in {"", "-"} for mark in marks)
        if len(heads) == len(own) and (marks in (own, printed) or unlettered):
            yield from zip(indicators, heads, strict=True)
            return
        for indicator, letter in zip(indicators, own, strict=True):
            item = next((item for item in heads if item.mark == letter), None)
            if item is not None:
                yield indicator, item

    def _assign_counts(self, indicator: Indicator, item: _Item) -> None:
        words = self.layout.labels.get(indicator.code, {})
        self.counts[indicator.code] = match_counts(
            words, [(each.row, each.label, bool(each.type)) for each in item.counts]
        )

    def _refuse_if_lost(self, found: int) -> None:
        """Raise WorkbookRefused when most rows that ask something were not found: what was found
        is then no more certain. A sheet of one area alone is whole in itself."""
        types = (self._type(row) for row in self.data_rows)
        asking = sum(bool(type_) and type_ != self.layout.types["jumlah"] for type_ in types)
        if 0 < found < asking / 2:
            raise WorkbookRefused(SHUFFLED)

    def _forget_shuffled(self) -> None:
        """A letter that stands twice below one heading came from below another one, so no row of
        the area can be trusted to be what its letter says. Raises WorkbookRefused when that is so
        in much of the sheet."""
        if len(self.shuffled) > SHUFFLED_AREAS:
            raise WorkbookRefused(SHUFFLED)
        for code, indicator in self.instrument.indicators.items():
            if indicator.area in self.shuffled:
                self.rows.pop(code, None)
                self.counts.pop(code, None)

    # --- hints ----------------------------------------------------------------------------------

    def _use_hints(self) -> None:
        """Look for what the numbering did not give where the untouched form has it, shifted as
        far as the indicator before it."""
        shift = 0
        for code, indicator in self.instrument.indicators.items():
            hint = self.layout.row_hint(code)
            if hint is None or indicator.area in self.shuffled:
                continue
            if code in self.rows:
                shift = self.rows[code] - hint
            elif self._fits(indicator, hint + shift):
                self.rows[code] = hint + shift
                if indicator.counts:
                    hints = self.layout.count_hints(code).items()
                    self.counts[code] = {
                        key: row + shift
                        for key, row in hints
                        if self._type(row + shift) == self.layout.types["jumlah"]
                    }

    def _fits(self, indicator: Indicator, row: int) -> bool:
        type_ = self._type(row)
        is_right = bool(type_) and fits_type(self.layout, indicator, type_)
        return is_right and row not in self.rows.values()

    def _type(self, row: int) -> str:
        return printed_type(self.grid, self.columns, row)


def _is_shuffled(letters: Sequence[str]) -> bool:
    """Whether a letter stands twice, other than by beginning with "a" again: that is what follows
    when a heading lost its number."""
    seen: list[str] = []
    for letter in letters:
        if letter in seen:
            if letter != "a" or seen != sorted(seen):
                return True
            seen = []
        seen.append(letter)
    return len(seen) < len(letters) and seen != sorted(seen)


def level_letters(places: Places) -> list[str]:
    """The columns of the numbering, one per level; the last holds the questions."""
    return _level_letters(places.layout, places.columns)


def _level_letters(layout: Layout, columns: Mapping[str, str]) -> list[str]:
    first = column_index_from_string(columns["numbering"])
    return [get_column_letter(first + level) for level in range(layout.levels)]


def printed_type(grid: Grid, columns: Mapping[str, str], row: int) -> str:
    """The answer type that a row prints, in small letters without spaces; often cleared."""
    letter = columns.get("type")
    return grid.text(letter, row).lower().replace(" ", "") if letter else ""


def fits_type(layout: Layout, indicator: Indicator, text: str) -> bool:
    """Whether a printed answer type is the indicator's; a cleared one contradicts nothing."""
    if not text:
        return True
    if indicator.is_choice:
        return text == "/".join(option.key.lower() for option in indicator.options)
    return text.startswith(layout.types["persen" if indicator.is_percentage else "indeks"])
