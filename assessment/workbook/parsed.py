"""A workbook as it was read, from bytes to answers in one call; also as JSON, so that what a
person was shown can be kept until it is confirmed."""

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from fractions import Fraction
from typing import Any

from assessment.instrument import Instrument
from assessment.workbook import origin
from assessment.workbook.comparing import Cause, Comparison, compare
from assessment.workbook.evaluators import EvaluatorNote, read_evaluators
from assessment.workbook.guard import WorkbookRefused
from assessment.workbook.layouts import TPI, UNIT, layouts_for
from assessment.workbook.locating import Places, locate
from assessment.workbook.opening import open_workbook
from assessment.workbook.origin import Origin, read_origin
from assessment.workbook.reading import Entry, Notice, Problem, Reading, read

__all__ = ["Parsed", "WorkbookRefused", "as_json", "from_json", "parse"]


@dataclass(frozen=True, slots=True)
class Parsed:
    """What a workbook says: by which layout and on which sheet, its answers, its own total.

    `remarks`: sentences about the file as a whole. `evaluators`: what TPI wrote on its own sheets.
    `origin`: the export that the workbook says it is.
    """

    layout: str
    sheet: str
    reading: Reading
    comparison: Comparison
    remarks: tuple[str, ...] = ()
    evaluators: tuple[EvaluatorNote, ...] = ()
    origin: Origin | None = None


def parse(instrument: Instrument, data: bytes, stage: str = UNIT) -> Parsed:
    """Read the answers of one stage from an .xlsx file. Raises WorkbookRefused with a sentence for
    the person."""
    grids = open_workbook(data)
    found = locate(instrument, layouts_for(instrument.code), grids)
    unit = read(instrument, found.of(UNIT))
    places, reading, beneath = found.of(stage), unit, None
    evaluators: tuple[EvaluatorNote, ...] = ()
    if stage == TPI:
        evaluators = read_evaluators(instrument, found.layout.evaluator, grids)
        if found.has_tpi:
            reading, beneath = read(instrument, places), unit.values()
    return Parsed(
        found.layout.title,
        found.grid.name,
        reading,
        compare(instrument, places, reading, beneath),
        tuple(_remarks(found, stage)),
        evaluators,
        read_origin(grids, stage, reading.entries),
    )


def _remarks(found: Places, stage: str) -> Iterator[str]:
    if stage == TPI and not found.has_tpi:
        column = found.columns["answer"]
        yield f"Berkas tidak memiliki kolom TPI; yang dibaca kolom {column} (Jawaban)."
    if stage != TPI and found.has_tpi and (filled := found.filled_tpi_columns()):
        columns = " dan ".join(filled)
        yield f"Kolom TPI ({columns}) tidak dibaca; impor ini untuk penilaian mandiri."


def as_json(parsed: Parsed) -> dict[str, Any]:
    """Plain data; fractions as text."""
    return {
        "layout": parsed.layout,
        "sheet": parsed.sheet,
        "entries": [asdict(entry) for entry in parsed.reading.entries],
        "problems": [asdict(problem) for problem in parsed.reading.problems],
        "notices": [asdict(notice) for notice in parsed.reading.notices],
        "file_total": _text(parsed.comparison.file_total),
        "total": _text(parsed.comparison.total),
        "remarks": parsed.remarks,
        "evaluators": [asdict(note) for note in parsed.evaluators],
        "origin": parsed.origin and origin.as_json(parsed.origin),
        "causes": [
            {
                **asdict(cause),
                "file": _text(cause.file),
                "ours": _text(cause.ours),
                "points": _text(cause.points),
            }
            for cause in parsed.comparison.causes
        ],
    }


def from_json(data: Mapping[str, Any]) -> Parsed:
    """What `as_json` made, back again."""
    reading = Reading(
        entries=tuple(
            Entry(**{**entry, "lines": tuple(entry["lines"])}) for entry in data["entries"]
        ),
        problems=tuple(
            Problem(tuple(problem["codes"]), tuple(problem["cells"]), problem["reason"])
            for problem in data["problems"]
        ),
        notices=tuple(Notice(**notice) for notice in data["notices"]),
    )
    causes = tuple(
        Cause(
            **{
                **cause,
                "file": _fraction(cause["file"]),
                "ours": Fraction(cause["ours"]),
                "points": Fraction(cause["points"]),
            }
        )
        for cause in data["causes"]
    )
    comparison = Comparison(_fraction(data["file_total"]), Fraction(data["total"]), causes)
    return Parsed(
        data["layout"],
        data["sheet"],
        reading,
        comparison,
        tuple(data.get("remarks", ())),
        tuple(EvaluatorNote(**note) for note in data.get("evaluators", ())),
        origin.from_json(data["origin"]) if data.get("origin") else None,
    )


def _text(value: Fraction | None) -> str | None:
    return None if value is None else str(value)


def _fraction(text: str | None) -> Fraction | None:
    return None if text is None else Fraction(text)
