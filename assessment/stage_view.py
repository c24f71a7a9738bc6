"""One stage of a sheet as pages show it, and what their tables have in common."""

from collections.abc import Collection
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from assessment.instrument import Instrument, Threshold
from assessment.instrument_tree import walk
from assessment.models import Stage
from assessment.readiness import Requirement, Verdict, verdict
from assessment.scoring import ScoreSheet
from assessment.selectors import Lke
from assessment.stage_score import NATIONAL
from zi_portal.ui import numbers

COLUMN_LABELS = {Stage.UNIT.value: "Mandiri", Stage.TPI.value: "TPI", NATIONAL: "TPN"}

Ticks = tuple[tuple[str, Fraction], ...]
Outcome = Literal["met", "short", "open"]


@dataclass(frozen=True, slots=True)
class Cell:
    """A figure of node or requirement `code` at a stage; `leads`: of the leading stage.

    What was scored opens its calculation; what TPN decided was typed and has none.
    """

    text: str
    code: str
    stage: str
    leads: bool = False

    @property
    def is_scored(self) -> bool:
        return self.stage != NATIONAL


@dataclass(frozen=True, slots=True)
class StageView:
    """One stage: its sheet, its verdict, and which indicators have neither an answer nor a reason.
    The leading one is that whose verdict, gaps and bars are shown."""

    key: str
    sheet: ScoreSheet
    verdict: Verdict
    missing: frozenset[str]
    leads: bool


def view_stage(lke: Lke, stage: Stage, target: str, *, leads: bool) -> StageView:
    """The stage of a sheet, judged by `target`. What the unit emptied with a reason is not
    missing at either stage."""
    sheet = lke.sheets[stage]
    blank = missing(lke, stage)
    unanswered = len(lke.instrument.indicators) - len(sheet.answered)
    return StageView(
        key=stage.value,
        sheet=sheet,
        verdict=verdict(lke.instrument, sheet, target, emptied=unanswered - len(blank)),
        missing=blank,
        leads=leads,
    )


def missing(lke: Lke, stage: Stage) -> frozenset[str]:
    """The indicators with neither an answer at the stage nor the unit's reason for leaving it."""
    emptied = {code for code, row in lke.answers[Stage.UNIT].items() if row.empty_reason}
    return frozenset(lke.instrument.indicators.keys() - lke.sheets[stage].answered - emptied)


def awaits_surveys(instrument: Instrument, blank: Collection[str]) -> bool:
    """Whether nothing but survey indices is missing."""
    return bool(blank) and all(instrument.indicator(code).is_index for code in blank)


def waiting_words(instrument: Instrument, blank: Collection[str]) -> tuple[str, str]:
    """What an incomplete sheet reads before any verdict (domain.md §4), and the icon beside it."""
    if awaits_surveys(instrument, blank):
        return "Hasil menunggu survei", "hourglass"
    return "Belum lengkap", "circle-dashed"


def ticks(instrument: Instrument, code: str) -> Ticks:
    """The minimum of each target for a requirement, in points; nothing for other nodes."""
    return tuple(
        (target, threshold.minimum)
        for target, thresholds in instrument.thresholds.items()
        for threshold in thresholds
        if threshold.code == code
    )


def points_apart(points: Fraction, minima: Ticks) -> str:
    """Points with as many decimals as tell them apart from every minimum: 74,996, not 75,00."""
    written = [numbers.apart(points, minimum)[0] for _, minimum in minima]
    return max([numbers.points(points), *written], key=len)


def indicators_of(instrument: Instrument, threshold: Threshold) -> list[str]:
    """The indicators that a requirement is about."""
    beneath = walk(instrument.nodes[code] for code in threshold.nodes)
    return list(dict.fromkeys(node.code for node in beneath if node.code in instrument.indicators))


def outcome(
    instrument: Instrument, view: StageView, requirement: Requirement, threshold: Threshold
) -> Outcome:
    """met, short, or open: not reached while the part it is about has unanswered indicators."""
    if requirement.passed:
        return "met"
    return "short" if view.missing.isdisjoint(indicators_of(instrument, threshold)) else "open"
