"""A workbook as it was read, from bytes to answers in one call; also as JSON, so that what a
person was shown can be kept until it is confirmed."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from fractions import Fraction
from typing import Any

from assessment.instrument import Instrument
from assessment.workbook.comparing import Cause, Comparison, compare
from assessment.workbook.guard import WorkbookRefused
from assessment.workbook.layouts import layouts_for
from assessment.workbook.locating import locate
from assessment.workbook.opening import open_workbook
from assessment.workbook.reading import Entry, Notice, Problem, Reading, read

__all__ = ["Parsed", "WorkbookRefused", "as_json", "from_json", "parse"]


@dataclass(frozen=True, slots=True)
class Parsed:
    """What a workbook says: by which layout and on which sheet, its answers, its own total."""

    layout: str
    sheet: str
    reading: Reading
    comparison: Comparison


def parse(instrument: Instrument, data: bytes) -> Parsed:
    """Read an .xlsx file. Raises WorkbookRefused with a sentence for the person."""
    places = locate(instrument, layouts_for(instrument.code), open_workbook(data))
    reading = read(instrument, places)
    comparison = compare(instrument, places, reading)
    return Parsed(places.layout.title, places.grid.name, reading, comparison)


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
    return Parsed(data["layout"], data["sheet"], reading, comparison)


def _text(value: Fraction | None) -> str | None:
    return None if value is None else str(value)


def _fraction(text: str | None) -> Fraction | None:
    return None if text is None else Fraction(text)
