"""A workbook in the layout of 2026: answers where its cell map has them, under heads of our own."""

from collections.abc import Mapping
from typing import Any

from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from assessment.workbook.layouts import Layout, layouts_for
from tests.assessment.samples import instrument
from tests.assessment.workbooks.build import save

SHEET = "Jawaban"

Answers = Mapping[str, Mapping[str, Any]]


def layout() -> Layout:
    return next(each for each in layouts_for(instrument().code) if each.code == "lke-2026")


def workbook(
    answers: Answers, tpi: Answers | None = None, notes: Mapping[str, str] | None = None
) -> Workbook:
    """Filled by the unit and, in the columns beside, by TPI; `notes` by column and row ("L6")."""
    book = Workbook()
    book.create_sheet("Petunjuk")["A1"] = "Kertas kerja"
    book.remove(book.worksheets[0])
    sheet = book.create_sheet(SHEET)
    sheet["K2"], sheet["L2"], sheet["N2"] = "Isian unit", "Uraian", "Isian penilai"
    fill(sheet, "K", answers)
    fill(sheet, "N", tpi or {})
    for address, text in (notes or {}).items():
        sheet[address] = text
    return book


def fill(sheet: Worksheet, column: str, answers: Answers) -> None:
    for code, value in answers.items():
        for address, typed in cells(column, code, value).items():
            sheet[address] = typed


def cells(column: str, code: str, value: Mapping[str, Any]) -> dict[str, object]:
    """What stands where for one answer. A shared count stands at both of its places."""
    indicator = instrument().indicator(code)
    if not indicator.is_percentage:
        typed = float(value["index"]) if indicator.is_index else value["choice"]
        return {f"{column}{layout().row_hint(code)}": typed}
    placed = {f"{column}{layout().count_hints(code)[key]}": n for key, n in value["counts"].items()}
    for key in value["counts"]:
        for sharer in instrument().shared_by.get((code, key), ()):
            count = next(c for c in instrument().indicator(sharer).counts if c.same_as)
            row = layout().count_hints(sharer)[count.key]
            placed[f"{column}{row}"] = value["counts"][key]
    return placed


def filled(
    answers: Answers, tpi: Answers | None = None, notes: Mapping[str, str] | None = None
) -> bytes:
    return save(workbook(answers, tpi, notes))
