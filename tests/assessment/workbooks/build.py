"""An LKE workbook in the published layout with our own wording, live formulas and their stored
results, built when a test needs it.

It keeps the quirks of the files that circulate: hidden sheets first, merged cells, headings of
the form's own making, letters out of order, and the formula that leaves LHKASN out.
"""

import io
import re
import zipfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from random import Random
from typing import Any

from openpyxl import Workbook, load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from assessment.instrument import Area, Indicator, Subcomponent
from assessment.scoring import is_answered
from assessment.values import indicator_ratio
from assessment.workbook.layouts import Layout, layouts_for
from tests.assessment.samples import instrument

SHEET = "LKE ZI"
NOT_FILLED = "Blm Diisi"
DIVISION_BY_ZERO = "#DIV/0!"
ROMAN = ("i", "ii", "iii", "iv", "v", "vi")

Answers = Mapping[str, Mapping[str, Any]]
Stored = float | str


def layout() -> Layout:
    return layouts_for(instrument().code)[0]


def unmoved(row: int) -> int:
    return row


def moved(*before: int, by: int = 1) -> Callable[[int], int]:
    """Rows as they stand after `by` rows were inserted before each of `before`."""
    return lambda row: row + by * sum(row >= place for place in before)


@dataclass
class Form:
    """A form filled with `answers`. `at` says where a row of the untouched form stands; `notes`
    are written beside each indicator."""

    answers: Answers
    at: Callable[[int], int] = unmoved
    notes: bool = False

    def row(self, code: str) -> int:
        """The row of a node in the untouched form."""
        return self._rows[code]

    def cell(self, code: str, column: str = "K") -> str:
        """The address of a node's cell, or of a count's ("A.II.1.i.a.agen")."""
        if code in self._rows:
            return f"{column}{self.at(self._rows[code])}"
        owner, _, key = code.rpartition(".")
        return f"{column}{self.at(layout().count_hints(owner)[key])}"

    @cached_property
    def _rows(self) -> dict[str, int]:
        rows = {"A": 4, "A.I": 5, "A.II": 125, "B": 200, "B.I": 201, "B.II": 204}
        for area in instrument().areas:
            for part in area.subcomponents:
                for indicator in part.indicators:
                    row = layout().row_hint(indicator.code)
                    assert row is not None
                    rows[indicator.code] = row
                if part.code not in rows:
                    gap = {"A.I.5.iv": 2, "A.II.5.iii": 2}.get(part.code, 1)
                    rows[part.code] = rows[part.indicators[0].code] - gap
            if area.code not in rows:
                rows[area.code] = rows[area.subcomponents[0].code] - 1
        return rows

    # --- writing --------------------------------------------------------------------------------

    def workbook(self) -> Workbook:
        """The form as openpyxl has it: to be changed at will before `save`."""
        workbook = Workbook()
        for name in ("Utama", "Ctt Eval"):
            draft = workbook.create_sheet(name)
            draft.sheet_state = "hidden"
            draft["B1"], draft["H1"], draft["I1"] = "Penilaian", "Bobot", "Nilai"
            draft["B3"], draft["C3"], draft["H3"] = "A.", "PENGUNGKIT", 59
        workbook.remove(workbook.worksheets[0])
        sheet = workbook.create_sheet(SHEET)
        workbook.active = 2
        self._write_head(sheet)
        self._write_tree(sheet)
        return workbook

    def _write_head(self, sheet: Worksheet) -> None:
        sheet["B1"] = "Lembar kerja untuk pengujian"
        heads = {
            "B": "Penilaian", "H": "Bobot", "I": "Penjelasan", "J": "Pilihan Jawaban",
            "K": "Jawaban", "L": "Nilai", "M": " %", "O": "Catatan/Keterangan/Penjelasan",
        }  # fmt: skip
        for column, text in heads.items():
            sheet[f"{column}{self.at(2)}"] = text

    def _write_tree(self, sheet: Worksheet) -> None:
        pengungkit, hasil = instrument().components
        self._heading(sheet, "A", "B", "A.", "PENGUNGKIT ", 60, "=L{198}")
        for aspect, mark in zip(pengungkit.aspects, ("I.", "II."), strict=True):
            rows = ",".join(f"L{{{self.row(area.code)}}}" for area in aspect.areas)
            self._heading(
                sheet, aspect.code, "C", mark, aspect.name, aspect.weight, f"=SUM({rows})"
            )
            for number, area in enumerate(aspect.areas, start=1):
                self._write_area(sheet, area, f"{number}.")
        self._total(sheet, 198, "TOTAL PENGUNGKIT", "=SUM(L{125},L{5})")
        self._heading(sheet, "B", "B", "B.", "HASIL", 40, "=L{206}")
        for area, mark in zip(hasil.areas, ("I.", "II."), strict=True):
            rows = ",".join(f"L{{{self.row(part.code)}}}" for part in area.subcomponents)
            self._heading(sheet, area.code, "C", mark, area.name, area.weight, f"=SUM({rows})")
            for part in area.subcomponents:
                self._write_result(sheet, part.indicators[0])
        self._total(sheet, 206, "TOTAL HASIL", "=SUM(L{201},L{204})")
        self._total(sheet, 208, "NILAI EVALUASI ZONA INTEGRITAS", "=SUM(L{198},L{206})")

    def _heading(
        self,
        sheet: Worksheet,
        code: str,
        column: str,
        mark: str,
        name: str,
        weight: Any,
        formula: str,
    ) -> None:
        row = self.at(self.row(code))
        following = chr(ord(column) + 1)
        sheet[f"{column}{row}"], sheet[f"{following}{row}"] = mark, name
        sheet[f"H{row}"] = float(weight)
        sheet[f"L{row}"] = self._placed(formula)
        sheet[f"M{row}"] = f"=L{row}/H{row}"
        if following < "G":
            sheet.merge_cells(f"{following}{row}:G{row}")

    def _total(self, sheet: Worksheet, row: int, text: str, formula: str) -> None:
        sheet[f"B{self.at(row)}"], sheet[f"L{self.at(row)}"] = text, self._placed(formula)
        sheet.merge_cells(f"B{self.at(row)}:I{self.at(row)}")

    def _placed(self, formula: str) -> str:
        """Row numbers of the untouched form, in braces, as they stand in this one."""
        return re.sub(r"\{(\d+)\}", lambda match: str(self.at(int(match[1]))), formula)

    def _write_area(self, sheet: Worksheet, area: Area, mark: str) -> None:
        rows = ",".join(f"L{{{self.row(part.code)}}}" for part in area.subcomponents)
        self._heading(sheet, area.code, "D", mark, area.name.upper(), area.weight, f"=SUM({rows})")
        for part, roman in zip(area.subcomponents, ROMAN, strict=False):
            self._write_part(sheet, part, roman)

    def _write_part(self, sheet: Worksheet, part: Subcomponent, roman: str) -> None:
        first, last = self._average_range(part)
        average = f"=AVERAGE(L{{{first}}}:L{{{last}}})*H{{{self.row(part.code)}}}"
        self._heading(sheet, part.code, "E", f"{roman}.", f" {part.name} ", part.weight, average)
        if part.code == "A.II.5.iii":
            self._write_nested(sheet)
        for indicator in part.indicators:
            own = indicator.code.rpartition(".")[2]
            letter = layout().letters.get(indicator.code, own)
            mark = "-" if indicator.code.startswith("A.II.4") else f"{letter}. "
            self._write_indicator(sheet, indicator, mark)

    def _average_range(self, part: Subcomponent) -> tuple[int, int]:
        """The rows that the form averages; those of A.II.5.iii are the wrong ones."""
        if part.code == "A.II.5.iii":
            return 176, 179
        last = part.indicators[-1].code
        return self.row(part.indicators[0].code), max(
            [self.row(last), *layout().count_hints(last).values()]
        )

    def _write_nested(self, sheet: Worksheet) -> None:
        """The form numbers LHKPN "i." again, and gives LHKASN no number at all."""
        rows = {
            176: ("E", "i.", "L{177}:L{182}"),
            183: ("F", "Laporan kekayaan ASN", "L{184}:L{189}"),
        }
        for row, (column, text, averaged) in rows.items():
            sheet[f"{column}{self.at(row)}"] = text
            sheet[f"H{self.at(row)}"] = 1
            sheet[f"L{self.at(row)}"] = self._placed(f"=AVERAGE({averaged})*H{{{row}}}")
        sheet[f"F{self.at(176)}"] = "Laporan kekayaan pejabat negara"

    def _write_indicator(self, sheet: Worksheet, indicator: Indicator, mark: str) -> None:
        row = self.at(self.row(indicator.code))
        sheet[f"F{row}"], sheet[f"G{row}"] = mark, indicator.text
        sheet[f"I{row}"] = "\n".join(f"{each.key}. {each.criterion}" for each in indicator.options)
        if self.notes:
            sheet[f"O{row}"] = f"Penjelasan {indicator.code}"
        if indicator.is_percentage:
            self._write_percentage(sheet, indicator, row)
        else:
            sheet[f"J{row}"] = "/".join(option.key for option in indicator.options)
            sheet[f"K{row}"] = self.answers.get(indicator.code, {}).get("choice")
            sheet[f"L{row}"] = choice_formula(indicator, f"K{row}")

    def _write_percentage(self, sheet: Worksheet, indicator: Indicator, row: int) -> None:
        sheet[f"J{row}"], sheet[f"L{row}"] = "%", f'=IF(K{row}="","{NOT_FILLED}",K{row})'
        hints = layout().count_hints(indicator.code)
        for key, hint in hints.items():
            place, count = self.at(hint), indicator.count(key)
            if key in {"harus", "sudah"} and indicator.code.startswith("A.II.5.iii"):
                sheet[f"F{place}"] = "-"
            sheet[f"G{place}"], sheet[f"J{place}"] = f"- {COUNT_LABELS[key]}", "Jumlah"
            sheet[f"K{place}"] = self._count(indicator, key)
            if count.sum_of and indicator.code == "A.II.5.iii.a":
                parts = "+".join(f"K{self.at(hints[part])}" for part in count.sum_of)
                sheet[f"K{place}"] = f"={parts}"
        rule = indicator.rule
        assert rule is not None
        part, whole = (f"K{self.at(hints[key])}" for key in (rule.part, rule.whole))
        ratio = f"({whole}-{part})/{whole}" if rule.name == "decrease" else f"{part}/{whole}"
        sheet[f"K{row}"] = f'=IF(OR({part}="",{whole}=""),"{NOT_FILLED}",MAX(0,MIN(1,{ratio})))'

    def _count(self, indicator: Indicator, key: str) -> int | None:
        count = indicator.count(key)
        owner, own_key = count.same_as or (indicator.code, key)
        counts = self.answers.get(owner, {}).get("counts", {})
        if count.sum_of:
            return sum(counts[part] for part in count.sum_of) if counts else None
        number: int | None = counts.get(own_key)
        return number

    def _write_result(self, sheet: Worksheet, indicator: Indicator) -> None:
        row = self.at(self.row(indicator.code))
        sheet[f"D{row}"], sheet[f"E{row}"] = indicator.code.rpartition(".")[2], indicator.text
        sheet[f"H{row}"] = float(indicator.weight)
        value = self.answers.get(indicator.code, {})
        if indicator.is_index:
            sheet[f"J{row}"] = "Nilai\n(0-4)"
            sheet[f"K{row}"] = float(value["index"]) if "index" in value else None
            sheet[f"L{row}"] = f'=IF(K{row}="","{NOT_FILLED}",K{row}/4)*H{row}'
        else:
            sheet[f"J{row}"] = "/".join(option.key for option in indicator.options)
            sheet[f"K{row}"] = value.get("choice")
            sheet[f"L{row}"] = f"{choice_formula(indicator, f'K{row}')}*H{row}"

    # --- stored results -------------------------------------------------------------------------

    def stored(self) -> dict[str, Stored]:
        """What a spreadsheet program stores in column L, by address: blanks skipped, row 175
        averaging the wrong rows."""
        values: dict[str, Stored] = {}
        for component in instrument().components:
            for area in component.all_areas:
                for part in area.subcomponents:
                    self._store_part(part, values)
                self._store_sum(area.code, [part.code for part in area.subcomponents], values)
            for aspect in component.aspects:
                self._store_sum(aspect.code, [area.code for area in aspect.areas], values)
            parts = component.aspects or component.areas
            self._store_sum(component.code, [part.code for part in parts], values)
        values[f"L{self.at(198)}"] = values[self.cell("A", "L")]
        values[f"L{self.at(206)}"] = values[self.cell("B", "L")]
        values[f"L{self.at(208)}"] = _sum([values[self.cell(code, "L")] for code in ("A", "B")])
        return values

    def _store_sum(self, code: str, parts: list[str], values: dict[str, Stored]) -> None:
        values[self.cell(code, "L")] = _sum([values[self.cell(part, "L")] for part in parts])

    def _store_part(self, part: Subcomponent, values: dict[str, Stored]) -> None:
        ratios = [self._ratio(indicator) for indicator in part.indicators]
        for indicator, ratio in zip(part.indicators, ratios, strict=True):
            values[self.cell(indicator.code, "L")] = ratio
        if part.code in instrument().indicators:
            ratio = ratios[0]
            values[self.cell(part.code, "L")] = (
                ratio * float(part.weight) if isinstance(ratio, float) else ratio
            )
            return
        counted = ratios[:1] if part.code == "A.II.5.iii" else ratios
        numbers = [ratio for ratio in counted if isinstance(ratio, float)]
        values[self.cell(part.code, "L")] = (
            sum(numbers) / len(numbers) * float(part.weight) if numbers else DIVISION_BY_ZERO
        )

    def _ratio(self, indicator: Indicator) -> Stored:
        if not is_answered(indicator, self.answers):
            return NOT_FILLED
        return float(indicator_ratio(indicator, self.answers)[0])

    def filled(self, change: Callable[[Worksheet], None] | None = None) -> bytes:
        """The file with its stored results, after `change` was made by hand."""
        workbook = self.workbook()
        if change:
            change(workbook[SHEET])
        return with_stored(save(workbook), self.stored())


def _sum(values: list[Stored]) -> Stored:
    numbers = [value for value in values if isinstance(value, float)]
    return DIVISION_BY_ZERO if DIVISION_BY_ZERO in values else float(sum(numbers))


def choice_formula(indicator: Indicator, cell: str) -> str:
    formula = f'"{NOT_FILLED}"'
    for option in reversed(indicator.options):
        formula = f'IF({cell}="{option.key}",{float(option.score)},{formula})'
    return f"={formula}"


COUNT_LABELS = {
    "agen": "Jumlah agen perubahan ",
    "perubahan": "Jumlah perubahan yang dibuat",
    "terintegrasi": "Jumlah perubahan yang sudah diintegrasikan",
    "lalu": "Pelanggaran pada tahun sebelumnya",
    "ini": "Pelanggaran pada tahun ini",
    "sanksi": "Pelanggaran yang diberi sanksi",
    "sasaran": "Jumlah sasaran kinerja",
    "tercapai": "Jumlah sasaran kinerja yang tercapai",
    "harus": "Jumlah yang harus diselesaikan atau melapor",
    "proses": "Jumlah yang masih diproses",
    "selesai": "Jumlah yang selesai",
    "kepala": "Kepala satuan kerja",
    "wajib": "Pejabat yang diwajibkan",
    "lainnya": "Lainnya",
    "sudah": "Jumlah yang sudah melapor",
    "administrator": "Pejabat administrator",
    "pengawas": "Pejabat eselon IV",
    "fungsional_pelaksana": "Fungsional dan pelaksana",
    "terdata": "Jumlah layanan terdata",
    "dipermudah": "Jumlah layanan yang dipermudah",
}


def shuffled(form: Form, indicators: Sequence[Indicator]) -> Workbook:
    """The form after the rows of these indicators (choices) changed places at random."""
    book = form.workbook()
    sheet = book[SHEET]
    rows = [form.row(indicator.code) for indicator in indicators]
    order = rows[:]
    Random(3).shuffle(order)  # noqa: S311  no secret depends on it
    held = {row: {c: sheet[f"{c}{row}"].value for c in "FGIJKO"} for row in rows}
    for row, source in zip(rows, order, strict=True):
        for column, value in held[source].items():
            sheet[f"{column}{row}"] = value
    return book


def save(workbook: Workbook) -> bytes:
    stream = io.BytesIO()
    workbook.save(stream)
    return stream.getvalue()


def opened(data: bytes) -> Workbook:
    return load_workbook(io.BytesIO(data))


def with_stored(data: bytes, values: Mapping[str, Stored]) -> bytes:
    """The same file with results stored beside the formulas of the LKE sheet, as a spreadsheet
    program leaves them (openpyxl does not calculate)."""

    def result(match: re.Match[str]) -> str:
        value = values.get(match["address"])
        if value is None:
            return match[0]
        kind = "" if isinstance(value, float) else ' t="str"'
        start, formula = match["start"], match["formula"]
        return f"<c {start}{kind}>{formula}<v>{value}</v></c>"

    cell = re.compile(
        r'<c (?P<start>r="(?P<address>[A-Z]+\d+)"(?: s="\d+")?)>(?P<formula><f>[^<]*</f>)<v ?/></c>'
    )
    return rewritten(data, "xl/worksheets/sheet3.xml", lambda xml: cell.sub(result, xml))


def rewritten(data: bytes, member: str, change: Callable[[str], str]) -> bytes:
    """The zip with the text of one member changed."""
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(stream, "w") as new:
        for info in old.infolist():
            content = old.read(info)
            if info.filename == member:
                content = change(content.decode()).encode()
            new.writestr(info, content, zipfile.ZIP_DEFLATED)
    return stream.getvalue()
