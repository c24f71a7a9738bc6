"""What evaluators wrote on their own sheets: notes per sub-component, notes and recommendations per
area. Those sheets are stale drafts in the files that circulate, so a row is taken for a node only
where its name is the node's; what stands beside any other name is listed as it is.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from openpyxl.utils import column_index_from_string, get_column_letter

from assessment.instrument import Instrument, Node, child_nodes
from assessment.workbook import typed
from assessment.workbook.layouts import EvaluatorSheet
from assessment.workbook.opening import Grid

LEVELS = 4
"""Component, aspect, area, sub-component: as deep as these sheets go."""
_SIGNS = re.compile(r"[^a-z0-9]+")


@dataclass(frozen=True, slots=True)
class EvaluatorNote:
    """A note or recommendation (`kind`: "catatan", "rekomendasi") with the sheet and cell it stands
    in. `code` is empty where `name` is no name of the instrument."""

    kind: str
    code: str
    name: str
    cell: str
    text: str


def read_evaluators(
    instrument: Instrument, sheets: Sequence[EvaluatorSheet], grids: Sequence[Grid]
) -> tuple[EvaluatorNote, ...]:
    """All notes on the sheets that a layout names, in their order."""
    by_name = {grid.name.strip(): grid for grid in grids}
    return tuple(
        note
        for sheet in sheets
        if sheet.sheet in by_name
        for note in _notes(instrument, sheet, by_name[sheet.sheet])
    )


def _notes(instrument: Instrument, sheet: EvaluatorSheet, grid: Grid) -> Iterator[EvaluatorNote]:
    begun = False
    for row, node, name in _rows(instrument, sheet, grid):
        begun = begun or node is not None
        for kind, column in sheet.columns.items():
            cell = grid.cell(column, row)
            text = "" if cell.formula else typed.clean(cell.value or "")
            is_head = not begun and text.lower().startswith(kind)
            if text and not is_head:
                place = f"{grid.name.strip()}!{column}{row}"
                yield EvaluatorNote(kind, node.code if node else "", name, place, text)


def _rows(
    instrument: Instrument, sheet: EvaluatorSheet, grid: Grid
) -> Iterator[tuple[int, Node | None, str]]:
    """Every row with the node it is about, where there is one, and the name it bears."""
    if sheet.code:
        nodes = {**instrument.nodes, **instrument.subcomponents}
        for row in sorted(grid.rows):
            code = grid.text(sheet.code, row)
            node: Node | None = nodes.get(code)
            yield row, node, node.name if node else code
        return
    first = column_index_from_string(sheet.numbering)
    letters = [get_column_letter(first + level) for level in range(LEVELS + 1)]
    path: list[Node | None] = [None] * LEVELS
    for row in sorted(grid.rows):
        texts = [grid.text(letter, row) for letter in letters]
        level = next((index for index, text in enumerate(texts) if text), LEVELS)
        if level == LEVELS:
            yield row, None, texts[LEVELS]
            continue
        name = texts[level + 1] or texts[level]
        node = _named(instrument, path[level - 1] if level else None, name, top=not level)
        path[level:] = [node] + [None] * (LEVELS - level - 1)
        yield row, node, node.name if node else name


def _named(instrument: Instrument, parent: Node | None, name: str, *, top: bool) -> Node | None:
    """The node of this name below `parent`, or among the components."""
    siblings: Sequence[Node] = (
        instrument.components if top else child_nodes(parent) if parent else ()
    )
    names: Mapping[str, Node] = {_plain(node.name): node for node in siblings}
    return names.get(_plain(name))


def _plain(name: str) -> str:
    """A name without case, spaces and signs."""
    return _SIGNS.sub("", name.lower())
