"""An assessment as an LKE workbook: the published form's columns and rows, our wording, live
formulas, and the answers, to be filled on without the portal and imported again.
"""

import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import chain
from typing import Any

from openpyxl import Workbook
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from assessment.instrument import Indicator, Instrument
from assessment.instrument_tree import walk
from assessment.values import index_number
from assessment.workbook import origin, typed
from assessment.workbook.cells import (
    answer_validation,
    arrange,
    note_validation,
    put_text,
    styles,
)
from assessment.workbook.formulas import Formulas
from assessment.workbook.layouts import TPI, TPI_PREFIX, UNIT, Layout, layouts_for
from assessment.workbook.reading import DOCUMENT_LINE, LINK_LINE, Entry

_HEADS = {
    "numbering": "Penilaian", "weight": "Bobot", "criteria": "Penjelasan",
    "type": "Pilihan Jawaban", "answer": "Jawaban", "value": "Nilai", "share": "%",
    "note": "Catatan/Keterangan/Penjelasan", "documents": "Dokumen Data Dukung",
    "links": "Tautan Data Dukung", "tpi_answer": "Jawaban TPI", "tpi_value": "Nilai TPI",
    "tpi_note": "Catatan TPI",
}  # fmt: skip
_WIDTHS = {
    "A": 13, "B": 4, "C": 5, "D": 4, "E": 5, "F": 4, "G": 52, "H": 9, "I": 62, "J": 14, "K": 14,
    "L": 12, "M": 9, "N": 3, "O": 55, "P": 34, "Q": 44, "R": 14, "S": 12, "T": 55,
}  # fmt: skip
_INDEX_TYPE = "Nilai (0-4)"
_GUIDE = (
    "Isi kolom Jawaban, Catatan, dan Tautan pada lembar LKE ZI; nilai dihitung rumus.",
    "Butir yang kosong dihitung 0. Jumlah yang dipakai dua butir diketik satu kali.",
    "Impor kembali berkas ini di portal. Sel yang dikosongkan tidak menghapus jawaban di portal.",
    "Jawaban yang berubah di portal sesudah diunduh ditampilkan sebagai bentrok, tidak ditimpa.",
    "Tabel di bawah dipakai untuk itu: versi jawaban saat diunduh dan sidik isi selnya.",
)


@dataclass(frozen=True, slots=True)
class Written:
    """One stored answer: its value as stored (None: unanswered), its note, its version."""

    value: Mapping[str, Any] | None
    note: str
    version: int


Answers = Mapping[str, Written]


@dataclass(frozen=True, slots=True)
class Source:
    """What a workbook is made of. `tpi` None: without columns for TPI. `mark` names the
    assessment; `made_at` is local time."""

    mark: str
    unit: str
    year: int
    made_at: datetime
    answers: Answers
    tpi: Answers | None = None

    @property
    def stages(self) -> dict[str, Answers]:
        return {UNIT: self.answers} if self.tpi is None else {UNIT: self.answers, TPI: self.tpi}


def write(instrument: Instrument, source: Source) -> bytes:
    """The workbook as an .xlsx file, in the first layout in which the instrument is written."""
    layout = next(each for each in layouts_for(instrument.code) if each.headings)
    return _Writer(instrument, layout, source).file()


class _Writer:
    def __init__(self, instrument: Instrument, layout: Layout, source: Source) -> None:
        self.instrument, self.layout, self.source = instrument, layout, source
        self.letters = {name: hint.letter for name, hint in layout.columns.items()}
        self.letters |= {"code": "A", "share": "M"}
        self.first = ord(self.letters["numbering"])
        self.book = Workbook()
        for style in styles():
            self.book.add_named_style(style)

    def file(self) -> bytes:
        self.book.remove(self.book.worksheets[0])
        sheet = self.book.create_sheet(self.layout.sheet)
        self._write_heads(sheet)
        self._write_nodes(sheet)
        prints = [
            (stage, code, answer, self._write_answer(sheet, stage, code, answer))
            for stage, answers in self.source.stages.items()
            for code, answer in self._all(answers)
        ]
        self._write_formulas(sheet)
        self._add_validation(sheet)
        arrange(sheet, _WIDTHS, "A3")
        self._write_evaluator_sheets()
        self._write_origin(prints)
        # The results are the program's to calculate: openpyxl stores none.
        self.book.calculation.fullCalcOnLoad = True
        self.book.security = None  # nothing is protected, not even by an empty word of it
        stream = io.BytesIO()
        self.book.save(stream)
        return stream.getvalue()

    def _all(self, answers: Answers) -> Iterator[tuple[str, Written]]:
        for code in self.instrument.indicators:
            yield code, answers.get(code, Written(None, "", 0))

    def _prefixes(self) -> tuple[str, ...]:
        return ("",) if self.source.tpi is None else ("", TPI_PREFIX)

    # --- the form -------------------------------------------------------------------------------

    def _write_heads(self, sheet: Worksheet) -> None:
        title = f"{self.instrument.title}: {self.source.unit}, {self.source.year}"
        put_text(sheet["B1"], title, "judul")
        for name, head in _HEADS.items():
            if name.startswith(TPI_PREFIX) and self.source.tpi is None:
                continue
            put_text(sheet[f"{self.letters[name]}2"], head, "kepala")
        for level in range(self.layout.levels):
            sheet[f"{chr(self.first + level)}2"].style = "kepala lebar"

    def _write_nodes(self, sheet: Worksheet) -> None:
        for component in self.instrument.components:
            for node in walk([component]):
                if isinstance(node, Indicator):
                    self._write_indicator(sheet, node)
                elif node.code not in self.instrument.indicators:
                    self._write_heading(sheet, node.code, node.name, float(node.weight))
            row = self.layout.totals[component.code]
            put_text(sheet[f"B{row}"], f"TOTAL {component.name.upper()}", "bagian")
        total = self.layout.totals["total"]
        put_text(sheet[f"B{total}"], "NILAI EVALUASI ZONA INTEGRITAS", "bagian")

    def _level(self, code: str) -> str:
        """The column in which the mark of a node stands."""
        return chr(self.first + code.count("."))

    def _write_heading(self, sheet: Worksheet, code: str, name: str, weight: float) -> None:
        row, level = self.layout.headings[code], self._level(code)
        mark = code.rpartition(".")[2]
        for letter in _WIDTHS:
            if letter <= self.letters["share"]:
                sheet[f"{letter}{row}"].style = "bagian"
        put_text(sheet[f"{self.letters['code']}{row}"], code, "bagian")
        put_text(sheet[f"{level}{row}"], f"{mark}.", "bagian")
        put_text(sheet[f"{chr(ord(level) + 1)}{row}"], name, "bagian")
        sheet[f"{self.letters['weight']}{row}"] = weight
        for prefix in self._prefixes():
            value = f"{self.letters[f'{prefix}value']}{row}"
            sheet[value].style = "nilai"
        share = sheet[f"{self.letters['share']}{row}"]
        share.value = f"={self.letters['value']}{row}/{self.letters['weight']}{row}"
        share.style = "bagi"

    def _write_indicator(self, sheet: Worksheet, indicator: Indicator) -> None:
        row = self.layout.row_hint(indicator.code)
        is_part = indicator.code == indicator.subcomponent
        level, following = (self._level(indicator.code), "E") if is_part else ("F", "G")
        mark = indicator.code.rpartition(".")[2]
        put_text(sheet[f"{self.letters['code']}{row}"], indicator.code, "teks")
        put_text(sheet[f"{level}{row}"], mark if is_part else f"{mark}.", "teks")
        put_text(sheet[f"{following}{row}"], indicator.text, "luas" if is_part else "teks")
        criteria = "\n".join(f"{each.key}. {each.criterion}" for each in indicator.options)
        put_text(sheet[f"{self.letters['criteria']}{row}"], criteria or indicator.note, "teks")
        kind = _INDEX_TYPE if indicator.is_index else "/".join(o.key for o in indicator.options)
        kind = self.layout.types["persen"] if indicator.is_percentage else kind
        put_text(sheet[f"{self.letters['type']}{row}"], kind, "teks")
        if is_part:
            sheet[f"{self.letters['weight']}{row}"] = float(indicator.weight)
        for prefix in self._prefixes():
            kind = "bagi" if indicator.is_percentage else "isian"
            sheet[f"{self.letters[f'{prefix}answer']}{row}"].style = kind
            sheet[f"{self.letters[f'{prefix}value']}{row}"].style = "nilai"
            sheet[f"{self.letters[f'{prefix}note']}{row}"].style = "isian"
        for name in ("documents", "links"):
            sheet[f"{self.letters[name]}{row}"].style = "isian"
        for key, place in self.layout.count_hints(indicator.code).items():
            self._write_count(sheet, indicator, key, place)

    def _write_count(self, sheet: Worksheet, indicator: Indicator, key: str, row: int) -> None:
        count = indicator.count(key)
        put_text(sheet[f"G{row}"], f"- {count.label}", "teks")
        put_text(sheet[f"{self.letters['type']}{row}"], "Jumlah", "teks")
        style = "jumlah" if count.sum_of or count.same_as else "isian"
        for prefix in self._prefixes():
            sheet[f"{self.letters[f'{prefix}answer']}{row}"].style = style

    # --- answers --------------------------------------------------------------------------------

    def _write_answer(self, sheet: Worksheet, stage: str, code: str, answer: Written) -> Entry:
        """Write one answer; the entry that reading its cells gives."""
        indicator, row = self.instrument.indicator(code), self.layout.row_hint(code)
        prefix = TPI_PREFIX if stage == TPI else ""
        cells = self._values(indicator, self.letters[f"{prefix}answer"], answer.value)
        for address, value in cells.items():
            sheet[address] = value
        note, documents, links = answer.note, "", ""
        if stage == UNIT:
            note, documents, links = split_note(answer.note)
        for name, text in (("note", note), ("documents", documents), ("links", links)):
            if text:
                put_text(sheet[f"{self.letters[f'{prefix}{name}']}{row}"], text, "isian")
        lines = [*(DOCUMENT_LINE + line for line in documents.split("\n") if line)]
        lines += [LINK_LINE + line for line in links.split("\n") if line]
        return Entry(code, _as_read(indicator, answer.value), typed.clean(note), tuple(lines))

    def _values(
        self, indicator: Indicator, column: str, value: Mapping[str, Any] | None
    ) -> dict[str, str | int | float]:
        """What is typed where for a stored value."""
        row, stored = self.layout.row_hint(indicator.code), value or {}
        if indicator.is_percentage:
            places = self.layout.count_hints(indicator.code)
            counts = stored.get("counts", {})
            return {f"{column}{places[c.key]}": counts[c.key] for c in indicator.inputs
                    if c.key in counts}  # fmt: skip
        if indicator.is_index:
            number = index_number(stored.get("index"))
            return {} if number is None else {f"{column}{row}": float(number)}
        return {f"{column}{row}": stored["choice"]} if stored.get("choice") else {}

    def _write_formulas(self, sheet: Worksheet) -> None:
        for stage in self.source.stages:
            for address, formula in Formulas(self.instrument, self.layout, stage).all():
                sheet[address] = formula
        for row in self.layout.totals.values():
            for prefix in self._prefixes():
                sheet[f"{self.letters[f'{prefix}value']}{row}"].style = "nilai"

    # --- validation -----------------------------------------------------------------------------

    def _add_validation(self, sheet: Worksheet) -> None:
        rules: dict[tuple[str, ...], DataValidation] = {}
        for indicator in self.instrument.indicators.values():
            for prefix in self._prefixes():
                answer, note = self.letters[f"{prefix}answer"], self.letters[f"{prefix}note"]
                row, places = self.layout.row_hint(indicator.code), self.layout.count_hints
                cells = [f"{answer}{row}"]
                if indicator.is_percentage:
                    cells = [f"{answer}{places(indicator.code)[c.key]}" for c in indicator.inputs]
                kind = tuple(option.key for option in indicator.options) or (indicator.type,)
                rule = rules.setdefault(kind, answer_validation(indicator))
                for cell in cells:
                    rule.add(cell)
                rules.setdefault(("note",), note_validation()).add(f"{note}{row}")
        for rule in rules.values():
            sheet.add_data_validation(rule)

    # --- other sheets ---------------------------------------------------------------------------

    def _write_evaluator_sheets(self) -> None:
        """Notes per sub-component and recommendations per area: rows to be filled."""
        areas = self.instrument.areas
        parts = [(part, area) for area in areas for part in area.subcomponents]
        notes = [(part.code, area.name, part.name) for part, area in parts]
        advice = [
            (area.code, above.name, area.name)
            for component in self.instrument.components
            for above in component.aspects or (component,)
            for area in above.areas
        ]
        for name, heads, rows in (
            ("Catatan Evaluasi", ("Area", "Subkomponen", "Catatan"), notes),
            ("Rekomendasi", ("Aspek", "Area", "Rekomendasi"), advice),
        ):
            sheet = self.book.create_sheet(name)
            above, node, column = heads
            for letter, text in zip("ABCD", (above, "Kode", node, column), strict=True):
                put_text(sheet[f"{letter}1"], text, "kepala")
            for row, (code, upper, text) in enumerate(rows, start=2):
                for letter, told in zip("ABC", (upper, code, text), strict=True):
                    put_text(sheet[f"{letter}{row}"], told, "teks")
                sheet[f"D{row}"].style = "isian"
            arrange(sheet, {"A": 34, "B": 11, "C": 52, "D": 90}, "A2")

    def _write_origin(self, prints: Sequence[tuple[str, str, Written, Entry]]) -> None:
        sheet = self.book.create_sheet(origin.SHEET)
        put_text(sheet["A1"], "Keterangan berkas", "judul")
        facts = {
            "Unit": self.source.unit,
            "Tahun": str(self.source.year),
            "Diunduh": f"{self.source.made_at:%d-%m-%Y %H.%M %Z}",
            "Susunan": self.layout.title,
            origin.MARK: self.source.mark,
        }
        rows: Iterator[Sequence[object]] = chain(
            facts.items(),
            [()],
            ((line,) for line in _GUIDE),
            [(), origin.HEADS],
            (
                (code, stage, answer.version, origin.fingerprint(entry))
                for stage, code, answer, entry in prints
            ),
        )
        for number, row in enumerate(rows, start=2):
            for letter, told in zip("ABCD", row, strict=False):
                cell = sheet[f"{letter}{number}"]
                if isinstance(told, int):
                    cell.value = told
                else:
                    put_text(cell, str(told), "kepala" if row is origin.HEADS else "luas")
        arrange(sheet, {"A": 16, "B": 40, "C": 10, "D": 22}, None)


def split_note(note: str) -> tuple[str, str, str]:
    """A unit's note as (text, documents, links) for the three columns of the form.

    Evidence lines that an import put at the end go back to their columns, if reading them gives
    the same note again; else the note stays whole.
    """
    lines = note.split("\n")
    count = 0
    while count < len(lines) and lines[-1 - count].startswith((DOCUMENT_LINE, LINK_LINE)):
        count += 1
    evidence = lines[len(lines) - count :]
    text = "\n".join(lines[: len(lines) - count])
    documents = [each.removeprefix(DOCUMENT_LINE) for each in evidence if DOCUMENT_LINE in each]
    links = [each.removeprefix(LINK_LINE) for each in evidence if each.startswith(LINK_LINE)]
    again = [*(DOCUMENT_LINE + each for each in documents), *(LINK_LINE + each for each in links)]
    is_same = (
        again == evidence
        and len(set(evidence)) == len(evidence)
        and len(documents) <= 1
        and text == typed.clean(text)
        and all(each and each == typed.clean(each) for each in (*documents, *links))
        and not set(evidence) & set(text.split("\n"))
    )
    return (text, "\n".join(documents), "\n".join(links)) if is_same else (note, "", "")


def _as_read(indicator: Indicator, value: Mapping[str, Any] | None) -> dict[str, Any] | None:
    """A stored value as reading finds it: without what a workbook does not carry."""
    stored = value or {}
    if indicator.is_percentage:
        counts = {c.key: stored["counts"][c.key] for c in indicator.inputs
                  if c.key in stored.get("counts", {})}  # fmt: skip
        return {"counts": counts} if counts else None
    if indicator.is_index:
        number = index_number(stored.get("index"))
        return None if number is None else {"index": format(float(number), ".15g")}
    return {"choice": stored["choice"]} if stored.get("choice") else None
