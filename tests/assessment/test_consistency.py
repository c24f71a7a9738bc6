"""Answers that contradict each other: the rules of the official instrument, and rules as data."""

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assessment import consistency
from assessment.consistency import ConsistencyWarning
from assessment.instrument import (
    InstrumentError,
    compile_instrument,
    structure_digest,
    wording_digest,
)
from tests.assessment.documents import Data
from tests.assessment.samples import (
    all_best,
    all_worst,
    document,
    instrument,
    sample_answers,
)

RULES = instrument().consistency
PROPERTY = settings(max_examples=50, deadline=None)


def choice(key: str) -> dict[str, Any]:
    return {"choice": key}


def counts(**numbers: int) -> dict[str, Any]:
    return {"counts": numbers}


def pairs(answers: dict[str, Any]) -> set[tuple[str, str]]:
    return {(each.code, each.other) for each in consistency.warnings(instrument(), answers)}


# --- the official rules ------------------------------------------------------------------------

CONTRADICTIONS: list[tuple[str, dict[str, Any], str, dict[str, Any]]] = [
    ("A.I.5.iii.b", choice("Ya"), "A.II.5.ii.a", counts(harus=8, selesai=7)),
    ("A.I.1.iv.b", choice("A"), "A.II.1.i.a", counts(agen=9, perubahan=0)),
    ("A.I.1.iv.b", choice("A"), "A.II.1.i.a", counts(agen=0, perubahan=0)),
    ("A.I.1.iv.b", choice("C"), "A.II.1.i.a", counts(agen=9, perubahan=1)),
    ("A.I.6.ii.f", choice("E"), "A.II.6.i.a", choice("B")),
    ("B.I.b", choice("A"), "A.II.4.i.a", counts(sasaran=5, tercapai=4)),
    ("A.I.3.v.a", choice("B"), "A.II.3.iii.a", counts(lalu=4, ini=3, sanksi=2)),
    ("A.I.1.iii.b", choice("D"), "A.I.1.iii.c", choice("C")),
    ("A.I.6.iv.a", choice("E"), "A.I.6.iv.c", choice("A")),
    ("A.II.6.i.a", choice("A"), "A.II.6.i.b", counts(terdata=11, dipermudah=6)),
]
HARMONY: list[tuple[str, dict[str, Any], str, dict[str, Any]]] = [
    ("A.I.5.iii.b", choice("Ya"), "A.II.5.ii.a", counts(harus=8, selesai=8)),
    ("A.I.5.iii.b", choice("Ya"), "A.II.5.ii.a", counts(harus=0, selesai=0)),
    ("A.I.5.iii.b", choice("Tidak"), "A.II.5.ii.a", counts(harus=8, selesai=7)),
    ("A.I.1.iv.b", choice("A"), "A.II.1.i.a", counts(agen=9, perubahan=1)),
    ("A.I.1.iv.b", choice("B"), "A.II.1.i.a", counts(agen=9, perubahan=0)),
    ("A.I.6.ii.f", choice("E"), "A.II.6.i.a", choice("D")),
    ("B.I.b", choice("D"), "A.II.4.i.a", counts(sasaran=5, tercapai=4)),
    ("B.I.b", choice("A"), "A.II.4.i.a", counts(sasaran=5, tercapai=5)),
    ("A.I.3.v.a", choice("B"), "A.II.3.iii.a", counts(lalu=4, ini=3, sanksi=3)),
]


@pytest.mark.parametrize(("code", "value", "other", "other_value"), CONTRADICTIONS)
def test_answers_that_contradict_each_other_are_named(
    code: str, value: dict[str, Any], other: str, other_value: dict[str, Any]
) -> None:
    assert pairs({code: value, other: other_value}) == {(code, other)}


@pytest.mark.parametrize(("code", "value", "other", "other_value"), HARMONY)
def test_answers_that_go_together_are_not(
    code: str, value: dict[str, Any], other: str, other_value: dict[str, Any]
) -> None:
    assert pairs({code: value, other: other_value}) == set()


@pytest.mark.parametrize(("code", "value", "other", "other_value"), CONTRADICTIONS)
def test_a_question_without_an_answer_contradicts_nothing(
    code: str, value: dict[str, Any], other: str, other_value: dict[str, Any]
) -> None:
    assert pairs({code: value}) == pairs({other: other_value}) == set()


def test_a_count_outside_the_formula_that_is_not_filled_in_contradicts_nothing() -> None:
    breaches = {"A.I.3.v.a": choice("A"), "A.II.3.iii.a": counts(lalu=4, ini=3)}
    assert pairs(breaches) == set()


def test_a_sheet_that_is_best_or_worst_throughout_is_consistent() -> None:
    assert pairs(all_best()) == pairs(all_worst()) == set()


def test_the_sample_sheet_contradicts_itself_where_an_evaluator_would_ask() -> None:
    assert pairs(sample_answers()) == {
        ("A.I.5.iii.b", "A.II.5.ii.a"),
        ("A.I.5.iii.c", "A.I.5.iii.d"),
        ("A.I.6.i.b", "A.I.6.i.d"),
        ("B.I.b", "A.II.4.i.a"),
    }


def test_an_indicator_sees_its_contradictions_from_its_own_side() -> None:
    answers = sample_answers()
    [mine] = consistency.for_indicator(instrument(), answers, "A.I.5.iii.b")
    [theirs] = consistency.for_indicator(instrument(), answers, "A.II.5.ii.a")
    assert (mine.code, mine.other) == ("A.I.5.iii.b", "A.II.5.ii.a")
    assert (theirs.code, theirs.other) == ("A.II.5.ii.a", "A.I.5.iii.b")
    assert mine.text == theirs.text
    assert consistency.for_indicator(instrument(), answers, "A.I.1.i.a") == ()
    assert consistency.for_indicator(instrument(), answers, "A.IX") == ()


def test_each_rule_has_a_sentence_of_its_own() -> None:
    texts = [rule.text for rule in RULES]
    assert len(RULES) >= 12
    assert len(set(texts)) == len(texts)
    for text in texts:
        assert 60 <= len(text) <= 200
        assert text.endswith(".")
        assert ", padahal " in text


# --- any answers -------------------------------------------------------------------------------

CODES = sorted({code for rule in RULES for code in (rule.when.indicator, rule.but.indicator)})
SCALARS = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5)
JSON = st.recursive(
    SCALARS,
    lambda each: st.lists(each, max_size=3) | st.dictionaries(st.text(max_size=9), each),
    max_leaves=3,
)
KEYS = sorted({count.key for each in instrument().indicators.values() for count in each.counts})
NUMBERS = st.dictionaries(st.sampled_from(KEYS), st.integers(-1, 3) | JSON)
VALUES = (
    st.sampled_from([choice(key) for key in ("A", "B", "C", "D", "E", "Ya", "Tidak")])
    | NUMBERS.map(lambda numbers: {"counts": numbers})
    | st.dictionaries(st.sampled_from(["choice", "counts", "index"]), JSON)
)
SHEETS = st.dictionaries(st.sampled_from([*CODES, "A.IX"]), VALUES, max_size=20)


@PROPERTY
@given(SHEETS)
def test_any_answers_can_be_read(answers: dict[str, Any]) -> None:
    for each in consistency.warnings(instrument(), answers):
        assert {each.code, each.other} <= set(answers)


@PROPERTY
@given(SHEETS)
def test_the_views_of_single_indicators_add_up_to_the_whole(answers: dict[str, Any]) -> None:
    whole = consistency.warnings(instrument(), answers)
    mirrored = {ConsistencyWarning(each.other, each.code, each.text) for each in whole}
    views = {
        each for code in CODES for each in consistency.for_indicator(instrument(), answers, code)
    }
    assert views == set(whole) | mirrored


@PROPERTY
@given(SHEETS, st.sampled_from(CODES))
def test_taking_an_answer_away_never_adds_a_contradiction(
    answers: dict[str, Any], code: str
) -> None:
    fewer = {key: value for key, value in answers.items() if key != code}
    assert pairs(fewer) <= pairs(answers)


# --- rules as data -----------------------------------------------------------------------------


def test_an_instrument_may_have_no_rules() -> None:
    data = document()
    del data["konsistensi"]
    bare = compile_instrument(data)
    assert consistency.warnings(bare, sample_answers()) == ()
    assert consistency.for_indicator(bare, sample_answers(), "A.I.5.iii.b") == ()


def rule(data: Data, when: Data, but: Data) -> None:
    data["konsistensi"].append({"when": when, "but": but, "text": "Keduanya bertentangan."})


def against(condition: Data) -> Callable[[Data], None]:
    """A rule with a good first condition and this second one."""
    return lambda data: rule(data, {"indicator": "A.I.1.i.a", "is": ["Ya"]}, condition)


PERCENTAGE, BREACHES = "A.II.4.i.a", "A.II.3.iii.a"
BAD_CONDITIONS: list[tuple[str, Data, str]] = [
    ("unknown indicator", {"indicator": "A.I.9.i.a", "is": ["Ya"]}, "“A.I.9.i.a” tidak ada"),
    ("unknown option", {"indicator": "A.I.1.i.b", "is": ["D"]}, "“D” tidak ada"),
    ("all options", {"indicator": "A.I.1.i.b", "is": ["A", "B", "C"]}, "selalu terpenuhi"),
    ("options of counts", {"indicator": PERCENTAGE, "is": ["A"]}, "“A” tidak ada"),
    ("ratio of a choice", {"indicator": "A.I.1.i.b", "below": "1"}, "memakai “is”"),
    ("never below", {"indicator": PERCENTAGE, "below": "0"}, "tidak pernah membedakan"),
    ("always at most", {"indicator": PERCENTAGE, "at_most": "1.0"}, "tidak pernah membedakan"),
    ("never above", {"indicator": PERCENTAGE, "above": "3/2"}, "tidak pernah membedakan"),
    ("no test", {"indicator": PERCENTAGE}, "tepat satu"),
    ("two tests", {"indicator": PERCENTAGE, "below": "1", "above": "0"}, "tepat satu"),
    ("half a comparison", {"indicator": BREACHES, "fewer": "sanksi"}, "tepat satu"),
    ("unknown count", {"indicator": BREACHES, "fewer": "sanksi", "than": "x"}, "“x” tidak ada"),
    ("a count and itself", {"indicator": BREACHES, "fewer": "ini", "than": "ini"}, "sendiri"),
]


@pytest.mark.parametrize(
    ("condition", "reason"),
    [case[1:] for case in BAD_CONDITIONS],
    ids=[case[0] for case in BAD_CONDITIONS],
)
def test_a_condition_that_cannot_be_meant_is_refused(condition: Data, reason: str) -> None:
    data = document()
    against(condition)(data)
    with pytest.raises(InstrumentError) as caught:
        compile_instrument(data)
    [problem] = caught.value.problems
    assert problem.place == f"konsistensi ke-{len(RULES) + 1} › but"
    assert reason in problem.reason


def compare_with_itself(data: Data) -> None:
    rule(data, {"indicator": PERCENTAGE, "below": "1"}, {"indicator": PERCENTAGE, "above": "0"})


def write_twice(data: Data) -> None:
    data["konsistensi"].append({**data["konsistensi"][0], "text": "Kata lain."})


def compute(data: Data) -> None:
    against({"indicator": PERCENTAGE, "if": "tercapai < sasaran"})(data)


def leave_out_the_sentence(data: Data) -> None:
    del data["konsistensi"][0]["text"]


@pytest.mark.parametrize(
    ("spoil", "reason"),
    [
        (compare_with_itself, "dua butir yang berbeda"),
        (write_twice, "sudah tertulis"),
        (compute, "“if” tidak dikenal"),
        (leave_out_the_sentence, "“text” harus ada"),
    ],
)
def test_a_rule_that_cannot_be_meant_is_refused(spoil: Callable[[Data], None], reason: str) -> None:
    data = document()
    spoil(data)
    with pytest.raises(InstrumentError, match=reason):
        compile_instrument(data)


def test_a_rule_s_sentence_is_wording() -> None:
    data = document()
    data["konsistensi"][0]["text"] = "Kedua jawaban itu tidak sejalan."
    assert structure_digest(data) == structure_digest(document())
    assert wording_digest(data) != wording_digest(document())


def widen(data: Data) -> None:
    data["konsistensi"][0]["but"]["is"].append("C")


def drop(data: Data) -> None:
    data["konsistensi"].pop()


@pytest.mark.parametrize("change", [widen, drop, against({"indicator": PERCENTAGE, "below": "1"})])
def test_what_a_rule_compares_is_structure(change: Callable[[Data], None]) -> None:
    data = document()
    change(data)
    assert structure_digest(data) != structure_digest(document())


def test_another_spelling_of_a_bound_is_the_same_structure() -> None:
    one, other = document(), document()
    against({"indicator": PERCENTAGE, "below": "1/2"})(one)
    against({"indicator": PERCENTAGE, "below": "0.5"})(other)
    assert structure_digest(one) == structure_digest(other)


@pytest.mark.parametrize(
    ("bound", "reached", "warned"),
    [("below", 1, True), ("below", 2, False), ("at_most", 2, True), ("at_most", 3, False),
     ("above", 2, False), ("above", 3, True)],
)  # fmt: skip
def test_bounds_are_compared_exactly(bound: str, reached: int, warned: bool) -> None:
    data = document()
    against({"indicator": PERCENTAGE, bound: "2/3"})(data)
    answers = {"A.I.1.i.a": choice("Ya"), PERCENTAGE: counts(sasaran=3, tercapai=reached)}
    found = consistency.warnings(compile_instrument(data), answers)
    assert bool(found) is warned
