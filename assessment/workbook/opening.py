"""From the bytes of an upload to grids of cells, by way of the child process."""

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from assessment.workbook.guard import BROKEN, BUSY, TOO_COMPLEX, WorkbookRefused, check_outside

WALL_SECONDS = 4
"""An honest LKE takes a third of a second; a refusal must come within 5, with all around it. What
is too much work runs into the child's own limit of processor time before this."""

_ROOT = Path(__file__).resolve().parents[2]
_PASSED_ON = ("PATH", "LD_LIBRARY_PATH", "LANG", "LC_ALL", "PYTHONPATH")

CellValue = str | int | float | bool | None


@dataclass(frozen=True, slots=True)
class Cell:
    """A filled cell. Of a formula, `value` is what the last program stored as its result."""

    value: CellValue
    formula: str | None = None
    link: str | None = None


EMPTY = Cell(None)


@dataclass(frozen=True, slots=True)
class Grid:
    """The filled cells of one sheet, by row number and column letter."""

    name: str
    hidden: bool
    rows: Mapping[int, Mapping[str, Cell]]

    def cell(self, column: str, row: int) -> Cell:
        """The cell at an address; an empty one where nothing stands."""
        return self.rows.get(row, {}).get(column, EMPTY)

    def text(self, column: str, row: int) -> str:
        """What a reader sees in the cell, in one line without spaces around it."""
        value = self.cell(column, row).value
        return "" if value is None else " ".join(str(value).split())


def open_workbook(data: bytes) -> tuple[Grid, ...]:
    """All sheets of an .xlsx file. Raises WorkbookRefused, within 5 s for any file."""
    check_outside(data)
    try:
        done = subprocess.run(
            [sys.executable, "-m", "assessment.workbook.child"],
            input=data,
            capture_output=True,
            timeout=WALL_SECONDS,
            cwd=_ROOT,
            env=child_environment(),
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise WorkbookRefused(BUSY) from error
    if done.returncode < 0:  # killed: its own limit of time, or the machine's of memory
        raise WorkbookRefused(TOO_COMPLEX)
    try:
        answer = json.loads(done.stdout)
    except ValueError as error:
        raise WorkbookRefused(BROKEN) from error
    if "refused" in answer:
        raise WorkbookRefused(answer["refused"])
    return tuple(_grid(sheet) for sheet in answer["sheets"])


def child_environment() -> dict[str, str]:
    """What the child gets to see of our environment: no settings, no secrets."""
    return {name: os.environ[name] for name in _PASSED_ON if name in os.environ}


def _grid(sheet: Mapping[str, Any]) -> Grid:
    return Grid(
        name=sheet["name"],
        hidden=sheet["hidden"],
        rows={
            int(number): {column: Cell(**cell) for column, cell in row.items()}
            for number, row in sheet["rows"].items()
        },
    )
