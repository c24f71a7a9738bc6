"""Cells of an exported workbook: text that stays text, how they look, what may be typed."""

import re
from collections.abc import Mapping
from typing import Any, Literal

from openpyxl.cell.cell import Cell
from openpyxl.styles import Alignment, Border, Font, NamedStyle, PatternFill, Side
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from assessment.instrument import Indicator
from assessment.values import COUNT_MAXIMUM

NOTE_LIMIT = 20_000

WIDE = 30
"""Columns from this width on, in characters, hold text that is wrapped."""
LINE_HEIGHT = 13.5
HIGHEST = 400
"""In points; a spreadsheet's rows end at 409."""

# What XML cannot carry, and what reads as if it were written for it (typed.clean undoes both).
_NOT_IN_XML = re.compile(r"[\x00-\x08\x0b-\x1f\ud800-\udfff\ufffe\uffff]|_(?=x[0-9A-Fa-f]{4}_)")


def put_text(cell: Cell, text: str, style: str) -> None:
    """Write text as text, whatever it looks like: never a formula, an error or a number."""
    cell.value = _NOT_IN_XML.sub(lambda match: f"_x{ord(match[0]):04X}_", text)
    cell.data_type = "s"
    cell.style = style
    cell.quotePrefix = True


def styles() -> list[NamedStyle]:
    """The looks of all cells, by name."""
    thin = Side("thin", color="B8C0CC")
    box = Border(left=thin, right=thin, top=thin, bottom=thin)
    wrapped = Alignment(wrap_text=True, vertical="top")
    font, bold = Font("Calibri", 10), Font("Calibri", 10, bold=True)
    blue, yellow = PatternFill("solid", "DCE6F1"), PatternFill("solid", "FFF9DB")
    grey = PatternFill("solid", "F1F3F6")
    named: dict[str, dict[str, Any]] = {
        "judul": {"font": Font("Calibri", 13, bold=True)},
        "kepala": {"font": bold, "fill": blue, "alignment": wrapped},
        "kepala lebar": {"font": bold, "fill": blue},
        "bagian": {"font": bold, "fill": grey},
        "teks": {"font": font, "border": box, "alignment": wrapped},
        "luas": {"font": font, "alignment": Alignment(vertical="top")},
        "isian": {"font": font, "fill": yellow, "border": box, "alignment": wrapped},
        "jumlah": {"font": font, "border": box, "alignment": wrapped},
        "nilai": {"font": bold, "border": box, "alignment": wrapped, "number_format": "0.00"},
        "bagi": {"font": font, "border": box, "alignment": wrapped, "number_format": "0.0%"},
    }
    return [NamedStyle(name, **look) for name, look in named.items()]


def arrange(sheet: Worksheet, widths: Mapping[str, float], frozen: str | None) -> None:
    """Widths by column letter, heights that show what is wrapped, the frozen part, and how it
    prints: landscape, as wide as a page."""
    wide = [(letter, width) for letter, width in widths.items() if width >= WIDE]
    for row in range(1, sheet.max_row + 1):
        # Programs do not fit the rows of a file that they did not write.
        lines = max(_lines(sheet[f"{letter}{row}"].value, width) for letter, width in wide)
        if lines > 1:
            sheet.row_dimensions[row].height = min(HIGHEST, 2 + LINE_HEIGHT * lines)
    for letter, width in widths.items():
        sheet.column_dimensions[letter].width = width
    sheet.freeze_panes = frozen
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = sheet.PAPERSIZE_A4
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)


def _lines(value: object, width: float) -> int:
    """About how many lines a text takes in a column."""
    if not isinstance(value, str) or value.startswith("="):
        return 1
    return sum(1 + int(len(line) / (0.95 * width)) for line in value.split("\n"))


def answer_validation(indicator: Indicator) -> DataValidation:
    """What may be typed as the answer."""
    if indicator.is_percentage:
        rule = _between("whole", COUNT_MAXIMUM)
        rule.error = "Isi bilangan bulat 0 atau lebih."
    elif indicator.is_index:
        rule = _between("decimal", 4)
        rule.error = "Isi nilai indeks pada skala 0–4."
    else:
        keys = [option.key for option in indicator.options]
        rule = DataValidation("list", formula1=f'"{",".join(keys)}"', allow_blank=True)
        rule.error = f"Pilih {', '.join(keys[:-1])} atau {keys[-1]}."
    rule.errorTitle, rule.showErrorMessage = "Jawaban", True
    return rule


def _between(kind: Literal["whole", "decimal", "textLength"], most: int) -> DataValidation:
    return DataValidation(
        type=kind, operator="between", formula1="0", formula2=str(most), allow_blank=True
    )


def note_validation() -> DataValidation:
    """How long a note may be."""
    rule = _between("textLength", NOTE_LIMIT)
    rule.error, rule.errorTitle = "Paling banyak 20.000 karakter.", "Catatan"
    rule.showErrorMessage = True
    return rule
