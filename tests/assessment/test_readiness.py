"""The verdict: every requirement at its exact value and just below, for both targets."""

from fractions import Fraction

import pytest

from assessment.instrument import TARGETS, Threshold
from assessment.readiness import Requirement, Verdict, eligibility, verdict
from assessment.scoring import ScoreSheet, score
from tests.assessment.samples import (
    all_best,
    all_worst,
    instrument,
    sample_answers,
    sheet_with,
)
from zi_portal.ui import numbers

A_TINY_STEP = Fraction(1, 10**12)

#: domain.md §4, in points.
DEMANDED = {
    "WBK": {
        "total": "75", "A": "40",
        "area.1": "4.8", "area.2": "4.2", "area.3": "6", "area.4": "6", "area.5": "9",
        "area.6": "6",
        "B.I": "18.25", "B.I.a": "15.75", "B.I.b": "2.50", "B.II": "14.00",
    },
    "WBBM": {
        "total": "85", "A": "48",
        "area.1": "6", "area.2": "5.25", "area.3": "7.5", "area.4": "7.5", "area.5": "11.25",
        "area.6": "7.5",
        "B.I": "19.50", "B.I.a": "15.75", "B.I.b": "3.75", "B.II": "15.75",
    },
}  # fmt: skip


def judge(sheet: ScoreSheet, target: str, emptied: int = 0) -> Verdict:
    return verdict(instrument(), sheet, target, emptied=emptied)


def requirement(result: Verdict, code: str) -> Requirement:
    return {each.code: each for each in result.requirements}[code]


def sheet_reaching(threshold: Threshold, points: Fraction) -> ScoreSheet:
    """Full points everywhere, but the threshold's nodes together give just `points`."""
    nodes = {}
    for code in threshold.nodes:
        nodes[code] = min(points, instrument().nodes[code].weight)
        points -= nodes[code]
    return sheet_with(nodes)


ALL_THRESHOLDS = [
    pytest.param(target, threshold, id=f"{target} {threshold.code}")
    for target in TARGETS
    for threshold in instrument().thresholds[target]
]


def test_each_target_demands_what_the_regulation_says() -> None:
    for target, demanded in DEMANDED.items():
        result = judge(score(instrument(), {}), target)
        assert {each.code: each.required for each in result.requirements} == {
            code: Fraction(points) for code, points in demanded.items()
        }
        assert [each.code for each in result.requirements] == list(demanded)


@pytest.mark.parametrize(("target", "threshold"), ALL_THRESHOLDS)
def test_exactly_the_minimum_is_enough(target: str, threshold: Threshold) -> None:
    result = judge(sheet_reaching(threshold, threshold.minimum), target)
    found = requirement(result, threshold.code)
    assert found.passed
    assert found.gap == 0


@pytest.mark.parametrize(("target", "threshold"), ALL_THRESHOLDS)
def test_just_below_the_minimum_is_not_enough(target: str, threshold: Threshold) -> None:
    result = judge(sheet_reaching(threshold, threshold.minimum - A_TINY_STEP), target)
    found = requirement(result, threshold.code)
    assert not found.passed
    assert found.gap == -A_TINY_STEP
    assert not result.passed
    assert threshold.code in [each.code for each in result.unmet]


@pytest.mark.parametrize(
    ("target", "threshold"),
    [case for case in ALL_THRESHOLDS if case.id.split()[1] not in ("total", "A", "B.I", "B.I.a")],
)
def test_a_requirement_can_fail_alone(target: str, threshold: Threshold) -> None:
    result = judge(sheet_reaching(threshold, threshold.minimum - A_TINY_STEP), target)
    assert [each.code for each in result.unmet] == [threshold.code]


@pytest.mark.parametrize(
    ("code", "index", "passed"),
    [
        ("B.I.a", "3.60", {"WBK": True, "WBBM": True}),
        ("B.I.a", "3.5999", {"WBK": False, "WBBM": False}),
        ("B.II.a", "3.20", {"WBK": True, "WBBM": False}),
        ("B.II.a", "3.1999", {"WBK": False, "WBBM": False}),
        ("B.II.a", "3.60", {"WBK": True, "WBBM": True}),
        ("B.II.a", "3.5999", {"WBK": True, "WBBM": False}),
    ],
)
def test_the_indices_that_the_minima_stand_for(
    code: str, index: str, passed: dict[str, bool]
) -> None:
    sheet = score(instrument(), all_best() | {code: {"index": index}})
    requirement_code = "B.II" if code == "B.II.a" else code
    for target in TARGETS:
        assert requirement(judge(sheet, target), requirement_code).passed is passed[target]


def test_the_sample_sheet_meets_wbk_and_lacks_four_requirements_of_wbbm() -> None:
    sheet = score(instrument(), sample_answers())
    assert judge(sheet, "WBK").passed
    assert judge(sheet, "WBK").state == "memenuhi"
    wbbm = judge(sheet, "WBBM")
    assert [each.code for each in wbbm.unmet] == ["total", "A", "area.2", "B.II"]
    assert wbbm.state == "belum_memenuhi"
    assert numbers.signed(requirement(wbbm, "area.2").gap) == "−0,65"


def test_all_area_minima_together_do_not_reach_the_pengungkit_minimum() -> None:
    areas = {
        code: threshold.minimum / 2
        for threshold in instrument().thresholds["WBK"]
        if threshold.code.startswith("area.")
        for code in threshold.nodes
    }
    sheet = sheet_with({**areas, "A": sum(areas.values(), Fraction())})
    assert [each.code for each in judge(sheet, "WBK").unmet] == ["A"]


def test_74_996_is_not_75_and_does_not_look_like_it() -> None:
    sheet = sheet_with({"A": Fraction("44.996"), "B": Fraction(30)})
    total = requirement(judge(sheet, "WBK"), "total")
    assert not total.passed
    assert numbers.points(total.actual) == numbers.points(total.required)
    assert numbers.apart(total.actual, total.required) == ("74,996", "75,000")
    assert numbers.signed(total.gap) == "−0,004"


def test_one_blank_makes_a_sheet_incomplete_whatever_its_points() -> None:
    answers = all_best()
    del answers["A.I.3.i.a"]
    result = judge(score(instrument(), answers), "WBBM")
    assert result.passed
    assert not result.complete
    assert result.state == "belum_lengkap"


def test_what_was_emptied_with_a_reason_counts_0_but_completes_the_sheet() -> None:
    answers = all_best()
    del answers["A.I.3.i.a"]
    result = judge(score(instrument(), answers), "WBBM", emptied=1)
    assert result.state == "memenuhi"
    assert requirement(result, "area.3").actual == 10 - Fraction(1, 12)


def test_a_sheet_without_answers_is_incomplete_and_one_of_zeros_is_not() -> None:
    assert judge(score(instrument(), {}), "WBK").state == "belum_lengkap"
    assert judge(score(instrument(), all_worst()), "WBK").state == "belum_memenuhi"


def test_the_shortest_reason_is_what_lacks_the_largest_part_of_its_weight() -> None:
    sheet = score(instrument(), sample_answers())
    reason = judge(sheet, "WBBM").shortest_reason
    assert reason is not None
    assert (reason.code, reason.label) == ("area.2", "Penataan Tatalaksana")
    assert judge(sheet, "WBK").shortest_reason is None


def test_of_equal_reasons_the_first_is_named() -> None:
    reason = judge(
        sheet_with(
            {
                "A.I.1": Fraction(0),
                "A.II.1": Fraction(0),
                "A.I.3": Fraction(0),
                "A.II.3": Fraction(0),
            }
        ),
        "WBK",
    ).shortest_reason
    assert reason is not None
    assert reason.code == "area.1"


def test_another_target_is_an_error_of_the_caller() -> None:
    with pytest.raises(KeyError):
        judge(score(instrument(), {}), "WBM")


# --- beside the score --------------------------------------------------------------------------


def test_eligibility_lists_what_the_target_demands() -> None:
    sheet = score(instrument(), sample_answers())
    wbk = {each.item.code: each for each in eligibility(instrument(), sheet, "WBK", {})}
    wbbm = {each.item.code: each for each in eligibility(instrument(), sheet, "WBBM", {})}
    assert set(wbbm) - set(wbk) == {"predikat_wbk"}
    assert (wbk["sakip_unit"].demanded, wbbm["sakip_unit"].demanded) == (
        "paling rendah B",
        "paling rendah BB",
    )


def test_eligibility_is_awaited_until_it_is_entered() -> None:
    sheet = score(instrument(), {})
    found = eligibility(instrument(), sheet, "WBK", {"spip": "terpenuhi", "temuan": "belum"})
    states = {each.item.code: each.state for each in found}
    assert states["spip"] == "terpenuhi"
    assert states["temuan"] == "belum"
    assert states["opini_bpk"] == states["lhkpn_lhkan"] == "menunggu"


def test_asset_reports_are_eligible_only_when_all_have_reported() -> None:
    def state(answers: dict) -> str:
        found = eligibility(instrument(), score(instrument(), answers), "WBK", {})
        return {each.item.code: each.state for each in found}["lhkpn_lhkan"]

    assert state(all_best()) == "terpenuhi"
    assert state(sample_answers()) == "belum"
    late = {"lhkpn_lhkan": "afirmasi"}
    sheet = score(instrument(), sample_answers())
    found = {each.item.code: each for each in eligibility(instrument(), sheet, "WBK", late)}
    assert found["lhkpn_lhkan"].state == "afirmasi"
