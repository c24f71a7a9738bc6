"""The verdict: does a sheet reach what a predicate asks for? All figures are points, compared
exactly. Eligibility, which no score can replace, stands beside it.

Only a decree grants a predicate; "passed" means "memenuhi syarat nilai".
Source: PermenPANRB 5/2024 (requirements and Table 5), as data of the instrument.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from assessment.instrument import Eligibility, Instrument
from assessment.scoring import ScoreSheet

#: Not enough answered to judge · every requirement reached · at least one not reached.
VerdictState = Literal["belum_lengkap", "memenuhi", "belum_memenuhi"]
EligibilityState = Literal["terpenuhi", "belum", "menunggu", "afirmasi"]


@dataclass(frozen=True, slots=True)
class Requirement:
    """One requirement of a target: points asked for and reached, out of `weight`."""

    code: str
    label: str
    required: Fraction
    actual: Fraction
    weight: Fraction

    @property
    def gap(self) -> Fraction:
        """actual − required: negative means short of it."""
        return self.actual - self.required

    @property
    def passed(self) -> bool:
        return self.actual >= self.required

    @property
    def is_area(self) -> bool:
        """Whether it is a minimum of a working group's area, which is asked for in percent."""
        return self.code.startswith("area.")


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a sheet reaches of a target.

    `passed` is by points alone; `complete` says whether every indicator is answered or emptied
    with a reason. Pages show `state`: an incomplete sheet is that before anything else.
    """

    target: str
    requirements: tuple[Requirement, ...]
    complete: bool

    @property
    def unmet(self) -> tuple[Requirement, ...]:
        """The requirements that are not reached, in official order."""
        return tuple(each for each in self.requirements if not each.passed)

    @property
    def passed(self) -> bool:
        return not self.unmet

    @property
    def state(self) -> VerdictState:
        if not self.complete:
            return "belum_lengkap"
        return "memenuhi" if self.passed else "belum_memenuhi"

    @property
    def shortest_reason(self) -> Requirement | None:
        """The one requirement to name when there is room for one: that which lacks the largest
        part of what it can give; the first in official order where two lack the same."""
        return min(self.unmet, key=lambda each: each.gap / each.weight, default=None)


def verdict(instrument: Instrument, sheet: ScoreSheet, target: str, *, emptied: int = 0) -> Verdict:
    """The verdict on a sheet for "WBK" or "WBBM" (KeyError for another target).

    `emptied`: how many unanswered indicators were left empty with a reason; they count 0 but do
    not make the sheet incomplete.
    """
    return Verdict(
        target=target,
        requirements=tuple(
            Requirement(
                code=threshold.code,
                label=threshold.label,
                required=threshold.minimum,
                actual=sum((sheet.points(node) for node in threshold.nodes), Fraction()),
                weight=threshold.weight,
            )
            for threshold in instrument.thresholds[target]
        ),
        complete=len(sheet.answered) + emptied >= len(instrument.indicators),
    )


@dataclass(frozen=True, slots=True)
class EligibilityFinding:
    """One requirement beside the score, what is demanded for the target, and how it stands."""

    item: Eligibility
    demanded: str
    state: EligibilityState


def eligibility(
    instrument: Instrument,
    sheet: ScoreSheet,
    target: str,
    known: Mapping[str, EligibilityState],
) -> tuple[EligibilityFinding, ...]:
    """How each requirement beside the score stands for a target, in official order.

    `known`: what was entered, by code; absent means still awaited. A requirement that follows
    from answers (LHKPN and LHKAN) is derived, unless an entry overrides it (afirmasi).
    """
    return tuple(
        EligibilityFinding(
            item, item.requirement[target], known.get(item.code) or _derived_state(item, sheet)
        )
        for item in instrument.eligibility
        if target in item.requirement
    )


def _derived_state(item: Eligibility, sheet: ScoreSheet) -> EligibilityState:
    if not item.derived_from or not sheet.answered.issuperset(item.derived_from):
        return "menunggu"
    full = all(sheet.ratio(code) == 1 for code in item.derived_from)
    return "terpenuhi" if full else "belum"
