"""What one stage gives a unit: points, completeness and both verdicts, for people and programs.

Unit and TPI are scored from answers. The national result is typed, as far as it is known: what it
does not name is None, never 0 (domain.md §3).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from assessment.instrument import Instrument, Threshold
from assessment.models import NationalResult, Score, Stage, Target
from assessment.readiness import EligibilityFinding, eligibility, verdict
from assessment.scoring import ScoreSheet
from zi_portal.ui import numbers

NATIONAL = "tpn"


@dataclass(frozen=True, slots=True)
class Finding:
    """One requirement of a target: points asked for and reached (None: not known)."""

    code: str
    label: str
    required: Fraction
    actual: Fraction | None

    @property
    def gap(self) -> Fraction | None:
        return None if self.actual is None else self.actual - self.required

    @property
    def passed(self) -> bool | None:
        return None if self.actual is None else self.actual >= self.required


@dataclass(frozen=True, slots=True)
class Completeness:
    """How much of a sheet is there; `judged` is TPI's alone."""

    answered: int
    emptied: int
    total: int
    judged: int | None = None

    @property
    def complete(self) -> bool:
        return self.answered + self.emptied >= self.total


@dataclass(frozen=True, slots=True)
class StageScore:
    """The score of a stage. `nodes` holds what is known; `outcome` is TPN's own word."""

    stage: str
    total: Fraction | None
    nodes: Mapping[str, Fraction]
    findings: Mapping[str, tuple[Finding, ...]]
    completeness: Completeness | None = None
    eligibility: Mapping[str, tuple[EligibilityFinding, ...]] | None = None
    outcome: str = ""

    def passed(self, target: str) -> bool | None:
        """Failed by one known figure, passed by all of them, None while neither is certain."""
        results = {finding.passed for finding in self.findings[target]}
        if False in results:
            return False
        return None if None in results else True


def of_sheet(row: Score, sheet: ScoreSheet) -> StageScore:
    """A scored stage; `row` and `sheet` as `scores.score_row` makes them."""
    instrument = sheet.instrument
    return StageScore(
        stage=str(row.stage),
        total=sheet.total,
        nodes={code: sheet.points(code) for code in instrument.node_codes},
        findings={
            target: tuple(
                Finding(each.code, each.label, each.required, each.actual)
                for each in verdict(instrument, sheet, target).requirements
            )
            for target in Target.values
        },
        completeness=Completeness(
            answered=row.answered,
            emptied=row.emptied,
            total=len(instrument.indicators),
            judged=row.judged if row.stage == Stage.TPI else None,
        ),
        eligibility={
            target: eligibility(instrument, sheet, target, {}) for target in Target.values
        },
    )


def of_national_result(instrument: Instrument, result: NationalResult) -> StageScore:
    """TPN's result, as far as it is known."""
    known = {code: Fraction(points) for code, points in result.nodes.items()}
    return StageScore(
        stage=NATIONAL,
        total=known.get("total"),
        nodes={code: known[code] for code in instrument.node_codes if code in known},
        findings={
            target: tuple(
                Finding(each.code, each.label, each.minimum, _known_points(each, known))
                for each in instrument.thresholds[target]
            )
            for target in Target.values
        },
        outcome=result.outcome,
    )


def _known_points(threshold: Threshold, known: Mapping[str, Fraction]) -> Fraction | None:
    """The typed figure of a requirement, or the sum of its nodes where every one was typed."""
    if threshold.code in known:
        return known[threshold.code]
    parts = [known[node] for node in threshold.nodes if node in known]
    return sum(parts, Fraction()) if len(parts) == len(threshold.nodes) else None


def document(score: StageScore) -> dict[str, Any]:
    """The score for other programs: points with six decimals as strings, halves up.

    `passed` comes from the exact comparison. Unknown values are null, unknown nodes absent.
    """
    found = score.completeness
    completeness = found and {
        "answered": found.answered,
        "emptied": found.emptied,
        "total": found.total,
        "complete": found.complete,
        **({} if found.judged is None else {"judged": found.judged}),
    }
    return {
        "stage": score.stage,
        **({"outcome": score.outcome} if score.outcome else {}),
        "total": _plain(score.total),
        "completeness": completeness,
        "nodes": {code: _plain(points) for code, points in score.nodes.items()},
        "verdict": {
            target: {
                "passed": score.passed(target),
                "requirements": [
                    {
                        "code": each.code,
                        "required": _plain(each.required),
                        "actual": _plain(each.actual),
                        "gap": _plain(each.gap),
                        "passed": each.passed,
                    }
                    for each in findings
                ],
            }
            for target, findings in score.findings.items()
        },
        "eligibility": score.eligibility
        and {
            target: [
                {"code": each.item.code, "demanded": each.demanded, "state": each.state}
                for each in findings
            ]
            for target, findings in score.eligibility.items()
        },
    }


def _plain(points: Fraction | None) -> str | None:
    return None if points is None else numbers.plain(points)
