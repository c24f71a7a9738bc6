"""From a document to the HTML of its pages: how it is said and placed, nothing more."""

import re
from dataclasses import dataclass
from math import ceil

from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from assessment.area_tables import AreaRow as SummedArea
from assessment.models import Stage, Target
from assessment.presenting import Summary
from reports.documents import AnswerText, AreaRow, IndicatorRow, Part, Readiness, SubcomponentRow
from zi_portal.ui import charts, radar, svg

COLUMNS = {Stage.UNIT: "Mandiri", Stage.TPI: "TPI"}
#: The requirements that have a bar of their own.
BARS = ("total", "A", "B.I", "B.II")

# A note is set at about this many characters a line, and half a page holds so many lines.
NOTE_LINE = 90
TALL_LINES = 28
LONG_NAME = 60

# The PDF engine takes a chart's alternative text from its <title> alone.
_CHART = re.compile(r'(<svg\b[^>]*\baria-label="([^"]*)"[^>]*>)')


def html(document: Readiness, fingerprint: str) -> str:
    """The pages of a Laporan Kesiapan."""
    own, *others = document.summaries
    page = render_to_string(
        "reports/kesiapan.html",
        {
            "report": document,
            "aim": Target(document.target).label,
            "long_name": len(document.unit) > LONG_NAME,
            "fingerprint": (fingerprint[:32], fingerprint[32:]),
            "columns": [COLUMNS[result.stage] for result in document.stages],
            "two_stages": len(document.stages) > 1,
            "own": own,
            "accent": svg.ACCENT,
            "open_targets": [
                summary.target
                for summary in document.summaries
                if any(row.outcome == "open" for row in summary.requirements)
            ],
            "bare": [row.label for row in own.areas if not row.ticks],
            "others": others,
            "radar": _radar(own),
            "legend": radar.legend(
                stages=_two(own.radar.stages),
                wbk=own.radar.wbk,
                wbbm=own.radar.wbbm,
                axes=own.radar.axes,
                minimum=own.radar.minimum,
            ),
            "bars": _bars(own),
            "parts": document.parts,
            "answers": [_answered_part(document, part) for part in document.parts],
        },
    )
    return _CHART.sub(r"\1<title>\2</title>", page)


# ── charts ──────────────────────────────────────────────────────────────────
def _two(names: tuple[str, ...]) -> tuple[str, str] | tuple[str]:
    return (names[0], names[1]) if len(names) > 1 else (names[0],)


def _radar(summary: Summary) -> SafeString:
    shown = summary.radar
    names = _two(shown.stages)
    return radar.radar(
        shown.axes,
        title="Capaian enam area",
        minimum=shown.minimum,
        wbk=shown.wbk,
        wbbm=shown.wbbm,
        stages=names if len(names) == 2 else (names[0], ""),
        font_size=15,
    )


@dataclass(frozen=True, slots=True)
class BarText:
    """A bar with the figure that it shows."""

    label: str
    value: str
    whole: str
    chart: SafeString


def _bars(summary: Summary) -> list[BarText]:
    """The requirements in points, by the leading stage."""
    rows = {row.code: row for row in summary.areas}
    return [_bar(rows[code]) for code in BARS]


def _bar(row: SummedArea) -> BarText:
    figure = next(cell.text for cell in row.cells if cell.leads)
    chart = charts.bar(
        row.points, row.whole, title=row.label, ticks=row.ticks, captions=True, height=9
    )
    return BarText(row.label, figure, charts.short(row.whole), chart)


# ── answers ─────────────────────────────────────────────────────────────────
@dataclass(frozen=True, slots=True)
class SaidText:
    """One stage's answer below a question. `who` is blank when only one stage is shown; `empty`
    stands in the place of an answer; `repeats`: the same as the first stage's."""

    who: str
    answer: AnswerText
    empty: str
    repeats: bool

    @property
    def box(self) -> str:
        """How wide the box of the chosen letter is: "letter-1" (A), "letter-2" (Ya), "letter-5"
        (Tidak); "" without one."""
        return f"letter-{len(self.answer.letter)}" if self.answer.letter else ""


@dataclass(frozen=True, slots=True)
class AnsweredRow:
    """An indicator with what was said. `tall`: higher than half a page, so it may be cut."""

    row: IndicatorRow
    said: tuple[SaidText, ...]
    tall: bool


AnsweredArea = list[tuple[SubcomponentRow, list[AnsweredRow]]]


@dataclass(frozen=True, slots=True)
class AnsweredPart:
    part: Part
    areas: list[tuple[AreaRow, AnsweredArea]]


def _answered_part(document: Readiness, part: Part) -> AnsweredPart:
    return AnsweredPart(part, [(area, _answered_area(document, area)) for area in part.areas])


def _answered_area(document: Readiness, area: AreaRow) -> AnsweredArea:
    return [
        (sub, [_answered(document, row) for row in sub.indicators]) for sub in area.subcomponents
    ]


def _answered(document: Readiness, row: IndicatorRow) -> AnsweredRow:
    first = row.answers[0]
    said = tuple(
        SaidText(
            who=COLUMNS[result.stage] if len(document.stages) > 1 else "",
            answer=answer,
            empty=_empty(answer),
            repeats=answer is not first and _same(answer, first),
        )
        for result, answer in zip(document.stages, row.answers, strict=True)
    )
    lines = sum(_lines(each.answer.note) + _lines(each.answer.reason) for each in said)
    return AnsweredRow(row, said, lines > TALL_LINES)


def _empty(answer: AnswerText) -> str:
    if answer.reason:
        return "Dikosongkan dengan alasan (nilai 0)"
    if not answer.judged:
        return "belum dinilai"
    return "" if answer.answered else "Belum dijawab"


def _same(one: AnswerText, other: AnswerText) -> bool:
    """Whether both say the same; what was not judged says nothing of its own."""
    return not one.judged or (one.letter, one.text) == (other.letter, other.text)


def _lines(text: str) -> int:
    """About how many printed lines a text takes."""
    return sum(ceil(max(len(line), 1) / NOTE_LINE) for line in text.splitlines())
