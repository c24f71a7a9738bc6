"""What holds for every sheet of answers, complete or not."""

import random
from fractions import Fraction
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from assessment.instrument import Indicator, child_nodes
from assessment.scoring import ScoreSheet, indicator_ratio, score
from tests.assessment.samples import instrument
from zi_portal.ui import numbers


def sheet(answers: dict[str, dict[str, Any]]) -> ScoreSheet:
    return score(instrument(), answers)


def values(indicator: Indicator) -> st.SearchStrategy[dict[str, Any]]:
    if indicator.is_choice:
        keys = [option.key for option in indicator.options]
        return st.sampled_from(keys).map(lambda key: {"choice": key})
    if indicator.is_index:
        return st.integers(0, 40_000).map(
            lambda n: {"index": numbers.plain(Fraction(n, 10_000), 4)}
        )
    number = st.integers(0, 30)
    keys = [count.key for count in indicator.inputs]
    return st.fixed_dictionaries(dict.fromkeys(keys, number)).map(lambda each: {"counts": each})


CODES = list(instrument().indicators)
FULL_SHEETS = st.fixed_dictionaries(
    {code: values(indicator) for code, indicator in instrument().indicators.items()}
)
SHEETS = st.tuples(FULL_SHEETS, st.sets(st.sampled_from(CODES))).map(
    lambda drawn: {code: value for code, value in drawn[0].items() if code not in drawn[1]}
)
PROPERTY = settings(max_examples=60, deadline=None)


def better(indicator: Indicator, value: dict[str, Any]) -> dict[str, Any]:
    """One step up: the next criterion, a higher index, one more done or one less owed."""
    rule = indicator.rule
    if rule is None:
        keys = [option.key for option in indicator.options]
        return {"choice": keys[max(0, keys.index(value["choice"]) - 1)]}
    if indicator.is_index:
        return {
            "index": numbers.plain(min(Fraction(4), Fraction(value["index"]) + Fraction("0.1")), 4)
        }
    typed = value["counts"]
    if rule.name == "decrease":
        return {"counts": {**typed, rule.part: max(0, typed[rule.part] - 1)}}
    if (indicator.code, rule.part) in instrument().shared_by:
        # one more change is also one more to be integrated, so here it is one agent less
        return {
            "counts": {**typed, rule.whole: max(min(1, typed[rule.whole]), typed[rule.whole] - 1)}
        }
    return {"counts": {**typed, rule.part: typed[rule.part] + 1}}


@PROPERTY
@given(FULL_SHEETS, st.sampled_from(CODES))
def test_improving_an_answer_never_lowers_any_node(answers: dict[str, Any], code: str) -> None:
    before = sheet(answers)
    after = sheet({**answers, code: better(instrument().indicator(code), answers[code])})
    assert all(after.points(node) >= before.points(node) for node in instrument().node_codes)


@PROPERTY
@given(SHEETS, st.sampled_from(CODES))
def test_unanswered_is_never_above_answered(answers: dict[str, Any], code: str) -> None:
    with_it, without = sheet(answers), sheet({k: v for k, v in answers.items() if k != code})
    assert all(without.points(node) <= with_it.points(node) for node in instrument().node_codes)


@PROPERTY
@given(SHEETS)
def test_children_add_up_to_their_parent_and_stay_within_their_weight(
    answers: dict[str, Any],
) -> None:
    result = sheet(answers)
    for code, node in instrument().nodes.items():
        children = child_nodes(node)
        assert 0 <= result.points(code) <= node.weight
        if children:
            assert result.points(code) == sum(result.points(child.code) for child in children)
    assert result.total == result.points("A") + result.points("B")


@PROPERTY
@given(SHEETS)
def test_a_subcomponent_is_the_mean_of_its_indicators_times_its_weight(
    answers: dict[str, Any],
) -> None:
    result = sheet(answers)
    for code, subcomponent in instrument().subcomponents.items():
        ratios = [indicator_ratio(each, answers)[0] for each in subcomponent.indicators]
        assert result.points(code) == sum(ratios) / len(ratios) * subcomponent.weight


@PROPERTY
@given(SHEETS, st.randoms(use_true_random=False))
def test_the_order_of_answers_does_not_matter(
    answers: dict[str, Any], shuffler: random.Random
) -> None:
    shuffled = list(answers.items())
    shuffler.shuffle(shuffled)
    assert sheet(dict(shuffled)).as_nodes() == sheet(answers).as_nodes()


@PROPERTY
@given(SHEETS)
def test_a_sheet_survives_being_stored_as_fractions(answers: dict[str, Any]) -> None:
    result = sheet(answers)
    again = ScoreSheet.from_nodes(instrument(), result.as_nodes(), result.answered)
    assert again.as_nodes() == result.as_nodes()
    assert (again.total, again.answered) == (result.total, result.answered)
