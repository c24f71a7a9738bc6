"""The sticky header: score and completeness, which are two things."""

from dataclasses import dataclass
from fractions import Fraction

from assessment import workflow
from assessment.filling.places import last
from assessment.instrument import Instrument
from assessment.models import Stage
from assessment.readiness import Verdict
from assessment.selectors import Lke
from assessment.stage_view import Ticks, points_apart, ticks, view_stage, waiting_words
from zi_portal.ui import numbers


@dataclass(frozen=True, slots=True)
class Header:
    """The sticky header: score and completeness, which are two things."""

    label: str
    target: str
    total: Fraction
    total_ticks: Ticks
    pengungkit: Fraction
    pengungkit_weight: Fraction
    pengungkit_ticks: Ticks
    answered: int
    emptied: int
    total_indicators: int
    requirements: int
    unmet: int
    reason: str
    waiting: str = ""
    waiting_icon: str = ""

    @property
    def total_text(self) -> str:
        """The total with as many decimals as tell it apart from every minimum."""
        return points_apart(self.total, self.total_ticks)

    @property
    def met(self) -> int:
        """How many requirements the points reach."""
        return self.requirements - self.unmet

    @property
    def done(self) -> int:
        """How many indicators are answered or left empty with a reason."""
        return self.answered + self.emptied

    @property
    def announcement(self) -> str:
        """The header in one short sentence for those who hear the page."""
        return (
            f"Nilai {self.total_text}, {self.answered} dari {self.total_indicators} butir terisi."
        )


def header(lke: Lke) -> Header:
    """The header of the unit's sheet for the target aimed at.

    `waiting` is what an incomplete sheet reads before any verdict, "" for a complete one.
    """
    instrument, target = lke.instrument, lke.assessment.target
    view = view_stage(lke, Stage.UNIT, target, leads=True)
    sheet, result = view.sheet, view.verdict
    waiting, icon = waiting_words(instrument, view.missing) if view.missing else ("", "")
    submitted = workflow.is_submitted(lke.assessment.state)
    return Header(
        label="Nilai mandiri" if submitted else "Nilai sementara",
        target=target,
        total=sheet.total,
        total_ticks=ticks(instrument, "total"),
        pengungkit=sheet.points("A"),
        pengungkit_weight=instrument.nodes["A"].weight,
        pengungkit_ticks=ticks(instrument, "A"),
        answered=len(sheet.answered),
        emptied=lke.emptied(),
        total_indicators=len(instrument.indicators),
        requirements=len(result.requirements),
        unmet=len(result.unmet),
        reason=_main_reason(instrument, result),
        waiting=waiting,
        waiting_icon=icon,
    )


def _main_reason(instrument: Instrument, result: Verdict) -> str:
    """The one requirement to name when something is lacking, with what is reached and asked for."""
    reason = result.shortest_reason
    if reason is None:
        return ""
    if reason.is_area:
        name = instrument.pokja_areas(last(reason.code))[0].short_name
        actual = numbers.percent(reason.actual / reason.weight)
        return f"{name} {actual} dari {numbers.percent(reason.required / reason.weight, 0)}"
    actual, required = numbers.apart(reason.actual, reason.required)
    return f"{reason.label.partition(' (')[0]} {actual} dari {required}"
