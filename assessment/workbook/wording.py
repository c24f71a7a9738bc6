"""The official texts in an office's own LKE workbook: questions, and criteria by option.

The portal's instrument restates the regulation in its own words. An office that wants the
ministry's sentences takes them from the workbook it has; they are matched by code, as the answers
are.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from assessment.instrument import Indicator, Instrument
from assessment.workbook import typed
from assessment.workbook.guard import WorkbookRefused
from assessment.workbook.layouts import layouts_for
from assessment.workbook.locating import Places, level_letters, locate
from assessment.workbook.opening import open_workbook

NO_TEXTS = "Lembar ini tidak memuat teks pertanyaan dan kriteria; pakai LKE susunan 2021."


@dataclass(frozen=True, slots=True)
class Wording:
    """What a workbook says of one indicator. `criteria`: by option key, those that it states."""

    code: str
    text: str
    criteria: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Wordings:
    """All texts of a workbook, and the indicators whose texts could not be read."""

    found: tuple[Wording, ...]
    unreadable: tuple[str, ...]


def read_wording(instrument: Instrument, data: bytes) -> Wordings:
    """The texts in an .xlsx file. Raises WorkbookRefused with a sentence for the person."""
    places = locate(instrument, layouts_for(instrument.code), open_workbook(data))
    if "criteria" not in places.columns:
        raise WorkbookRefused(NO_TEXTS)
    read = {code: _wording(places, each) for code, each in instrument.indicators.items()}
    return Wordings(
        tuple(each for each in read.values() if each is not None),
        tuple(code for code, each in read.items() if each is None),
    )


def _wording(places: Places, indicator: Indicator) -> Wording | None:
    row = places.rows.get(indicator.code)
    if row is None:
        return None
    # The question is the last text of the numbering's columns; what precedes it is its mark.
    texts = [places.grid.text(letter, row) for letter in level_letters(places)]
    text = next((each for each in reversed(texts) if each), "")
    stated = typed.clean(places.cell("criteria", row).value or "")
    criteria = split_criteria(indicator, stated) if indicator.is_choice else {}
    return None if len(text) < 2 or criteria is None else Wording(indicator.code, text, criteria)


def split_criteria(indicator: Indicator, stated: str) -> dict[str, str] | None:
    """Criteria by option key, from "a. … b. …", one to a line, or from "Ya, jika …".

    The form states none for Tidak. None when one that it should state is missing, out of order or
    empty.
    """
    keys = "|".join(re.escape(option.key) for option in indicator.options)
    start = re.compile(rf"^[ \t]*({keys})[ \t]*[.,:)][ \t]*", re.IGNORECASE | re.MULTILINE)
    marks = list(start.finditer(stated))
    ends = [*(mark.start() for mark in marks[1:]), len(stated)]
    own = {option.key.casefold(): option.key for option in indicator.options}
    found = [
        (own[mark[1].casefold()], _one_line(stated[mark.end() : end]))
        for mark, end in zip(marks, ends, strict=False)  # no mark, no criterion
    ]
    expected = [option.key for option in indicator.options]
    stated_keys = [key for key, _ in found]
    is_whole = stated_keys == expected or (stated_keys == expected[:1] and len(expected) == 2)
    return dict(found) if is_whole and all(text for _, text in found) else None


def _one_line(text: str) -> str:
    """A criterion as the page shows it: without breaks, beginning with a capital."""
    line = " ".join(text.split()).rstrip(";")
    return line[:1].upper() + line[1:]
