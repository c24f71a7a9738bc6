"""The child process that opens an uploaded workbook: `python -m assessment.workbook.child`.

Takes the file on standard input and writes JSON: `{"sheets": [...]}` or `{"refused": sentence}`.
Whatever a hostile file does to the XML parser or to openpyxl happens here, under limits of memory
and time, without Django, secrets or the right to write a file. Only values are read: no macro,
no link to elsewhere is ever followed.
"""

import io
import json
import math
import resource
import sys
import zipfile
from collections.abc import Iterator
from typing import Any

import openpyxl
from defusedxml.ElementTree import fromstring, iterparse
from openpyxl.utils.cell import coordinate_from_string

from assessment.workbook.guard import BROKEN, TOO_COMPLEX, WorkbookRefused, check_inside

MEMORY_LIMIT = 300 * 1024 * 1024
CPU_SECONDS = 3

SHEET_LIMIT = 30
ROW_LIMIT = 2_000
COLUMN_LIMIT = 60
CELL_LIMIT = 60_000
TEXT_LIMIT = 32_768  # Excel's own limit of one cell is 32,767
ALL_TEXT_LIMIT = 4_000_000

Cell = dict[str, Any]


def main() -> None:
    """Read standard input, answer on standard output; never fails in another way."""
    _limit_process()
    try:
        data = sys.stdin.buffer.read()
        check_inside(data)
        answer: dict[str, Any] = {"sheets": _Reader(data).sheets()}
    except WorkbookRefused as refused:
        answer = {"refused": str(refused)}
    except (MemoryError, RecursionError):
        answer = {"refused": TOO_COMPLEX}
    except Exception:  # openpyxl raises anything on a broken file
        answer = {"refused": BROKEN}
    json.dump(answer, sys.stdout)


def _limit_process() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_LIMIT, MEMORY_LIMIT))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


class _Reader:
    """Turns one workbook into plain data, counting what it gives out."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.cells = 0
        self.text = 0

    def sheets(self) -> list[dict[str, Any]]:
        """Every sheet: name, hidden, and its cells by row and column letter."""
        # Read-only sheets are parsed while they are walked; so the second workbook, which gives
        # the values that the last program stored beside the formulas, costs no memory.
        options: dict[str, Any] = {"read_only": True, "keep_links": False}
        written = openpyxl.load_workbook(io.BytesIO(self.data), **options)
        stored = openpyxl.load_workbook(io.BytesIO(self.data), data_only=True, **options)
        if len(written.worksheets) > SHEET_LIMIT:
            raise WorkbookRefused(TOO_COMPLEX)
        return [
            self._sheet(sheet, twin)
            for sheet, twin in zip(written.worksheets, stored.worksheets, strict=True)
        ]

    def _sheet(self, written: Any, stored: Any) -> dict[str, Any]:
        rows: dict[int, dict[str, Cell]] = {}
        for cell in self._filled(written):
            given = self._text(cell.value)
            rows.setdefault(cell.row, {})[cell.column_letter] = (
                {"formula": given, "value": None} if cell.data_type == "f" else {"value": given}
            )
        for cell in self._filled(stored):
            found = rows.get(cell.row, {}).get(cell.column_letter)
            if found is not None and "formula" in found:
                found["value"] = self._text(cell.value)
        self._add_links(rows, written)
        return {"name": written.title, "hidden": written.sheet_state != "visible", "rows": rows}

    def _filled(self, sheet: Any) -> Iterator[Any]:
        """The cells of a sheet that hold something, in order."""
        sheet.reset_dimensions()  # what a sheet says about its size is often wrong
        for number, row in enumerate(sheet.iter_rows(max_col=COLUMN_LIMIT), start=1):
            for cell in row:
                if cell.value is None:
                    continue
                self.cells += 1
                if number > ROW_LIMIT or self.cells > 2 * CELL_LIMIT:
                    raise WorkbookRefused(TOO_COMPLEX)
                yield cell

    def _text(self, value: Any) -> Any:
        """The value as JSON has it: numbers and truth values stay, all else is text."""
        if isinstance(value, bool | int) or (isinstance(value, float) and math.isfinite(value)):
            return value
        # An array formula is an object that carries its text.
        text = str(getattr(value, "text", value))[:TEXT_LIMIT]
        self.text += len(text)
        if self.text > ALL_TEXT_LIMIT:
            raise WorkbookRefused(TOO_COMPLEX)
        return text

    def _add_links(self, rows: dict[int, dict[str, Cell]], sheet: Any) -> None:
        """The addresses behind cells that are links; read-only sheets do not offer them."""
        path: str = sheet._worksheet_path
        with zipfile.ZipFile(io.BytesIO(self.data)) as archive:
            targets = _link_targets(archive, path)
            if not targets:
                return
            with archive.open(path) as stream:
                for reference, identity in _hyperlinks(stream):
                    column, row = coordinate_from_string(reference)
                    cell = rows.get(row, {}).get(column)
                    if cell is not None and identity in targets:
                        cell["link"] = self._text(targets[identity])


def _link_targets(archive: zipfile.ZipFile, path: str) -> dict[str, str]:
    """The addresses that a sheet links to, by the identity of their relation."""
    folder, _, name = path.rpartition("/")
    relations = f"{folder}/_rels/{name}.rels"
    if relations not in archive.namelist():
        return {}
    return {
        each.get("Id", ""): each.get("Target", "")
        for each in fromstring(archive.read(relations))
        if each.get("Type", "").endswith("/hyperlink")
    }


def _hyperlinks(stream: Any) -> Iterator[tuple[str, str]]:
    """(first cell, identity of the relation) of every link of a sheet."""
    for _, element in iterparse(stream):
        kind = element.tag.rpartition("}")[2]
        if kind == "hyperlink":
            identities = [value for key, value in element.items() if key.endswith("}id")]
            if identities:
                yield element.get("ref", "").split(":")[0], identities[0]
        elif kind == "row":
            element.clear()


if __name__ == "__main__":
    main()
