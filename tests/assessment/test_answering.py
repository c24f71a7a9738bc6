"""The one way in which an answer changes: policy, state, version, trail and score at once."""

import uuid

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts import trail
from accounts.models import TrailEntry
from accounts.trail import OPERATOR, Actor
from assessment import answering, scores
from assessment.answering import KEEP, Change, InvalidAnswer, Recorded, Result
from assessment.models import Answer, Assessment, Score, Stage, State
from assessment.workflow import Locked
from tests.assessment.samples import sample_answers
from tests.conftest import Cast

CODE = "A.II.6.i.a"


def save(assessment: Assessment, actor: Actor = OPERATOR, **change: object) -> Recorded:
    return answering.record(
        actor,
        assessment,
        Stage.UNIT,
        [Change(**{"code": CODE, **change})],  # type: ignore[arg-type]
    )


def stored(assessment: Assessment, code: str = CODE) -> Answer:
    return Answer.objects.get(assessment=assessment, stage=Stage.UNIT, code=code)


def test_a_saved_answer_stands_with_its_score_and_one_trail_entry(
    assessment: Assessment, cast: Cast
) -> None:
    entries = TrailEntry.objects.count()
    recorded = save(assessment, Actor(cast.member, "10.0.0.7"), value={"choice": "B"}, note="Dua.")

    assert recorded.outcomes[0].result is Result.SAVED
    assert stored(assessment).value == {"choice": "B"}
    assert str(Score.objects.get(assessment=assessment, stage=Stage.UNIT).total) == "0.837500"
    entry = TrailEntry.objects.latest("pk")
    assert TrailEntry.objects.count() == entries + 1
    assert (entry.target, entry.data["value"], entry.actor) == (CODE, {"choice": "B"}, cast.member)
    assert entry.personal == {"note": "Dua.", "address": "10.0.0.7"}
    assert trail.verify(assessment.chain) is None


def test_the_note_and_the_value_are_kept_when_only_the_other_changes(
    assessment: Assessment,
) -> None:
    save(assessment, value={"choice": "B"}, note="Tetap.")
    save(assessment, value={"choice": "A"}, version=1)
    assert (stored(assessment).value, stored(assessment).note) == ({"choice": "A"}, "Tetap.")
    save(assessment, value=KEEP, note="Baru.", version=2)
    assert (stored(assessment).value, stored(assessment).note) == ({"choice": "A"}, "Baru.")


def test_a_newer_answer_of_somebody_else_is_a_conflict_and_stays(assessment: Assessment) -> None:
    save(assessment, value={"choice": "B"})
    recorded = save(assessment, value={"choice": "D"}, version=0)
    assert recorded.outcomes[0].result is Result.CONFLICT
    assert stored(assessment).value == {"choice": "B"}


def test_the_same_value_from_somebody_else_is_no_conflict(assessment: Assessment) -> None:
    save(assessment, value={"choice": "B"})
    recorded = save(assessment, value={"choice": "B"}, version=0)
    assert recorded.outcomes[0].result is Result.UNCHANGED


def test_a_repeated_save_is_answered_as_done_and_changes_nothing(assessment: Assessment) -> None:
    save_id = uuid.uuid4()
    save(assessment, value={"choice": "B"}, version=0, save_id=save_id)
    entries = TrailEntry.objects.count()
    recorded = save(assessment, value={"choice": "B"}, version=0, save_id=save_id)
    assert recorded.outcomes[0].result is Result.UNCHANGED
    assert (stored(assessment).version, TrailEntry.objects.count()) == (1, entries)


def test_an_invalid_value_among_several_changes_nothing_at_all(assessment: Assessment) -> None:
    changes = [
        Change("A.I.1.i.a", {"choice": "Ya"}),
        Change("A.II.6.i.b", {"counts": {"terdata": 3, "dipermudah": 4}}),
    ]
    with pytest.raises(InvalidAnswer) as refused:
        answering.record(OPERATOR, assessment, Stage.UNIT, changes)
    assert refused.value.problems[0][:2] == ("A.II.6.i.b", "dipermudah")
    assert not Answer.objects.exists()


def test_lowering_a_shared_count_below_what_depends_on_it_is_refused(
    assessment: Assessment,
) -> None:
    answering.record(
        OPERATOR,
        assessment,
        Stage.UNIT,
        [
            Change("A.II.1.i.a", {"counts": {"agen": 9, "perubahan": 7}}),
            Change("A.II.1.i.b", {"counts": {"terintegrasi": 5}}),
        ],
    )
    with pytest.raises(InvalidAnswer) as refused:
        save(assessment, code="A.II.1.i.a", value={"counts": {"agen": 9, "perubahan": 4}})
    assert refused.value.problems[0][0] == "A.II.1.i.b"
    assert stored(assessment, "A.II.1.i.a").value["counts"]["perubahan"] == 7


def test_a_note_that_is_too_long_is_refused(assessment: Assessment) -> None:
    with pytest.raises(InvalidAnswer, match="20\\.000"):
        save(assessment, value={"choice": "B"}, note="x" * 20_001)


@pytest.mark.parametrize(
    "who", ["unit_head", "leader", "evaluator", "auditor", "admin", "stranger"]
)
def test_only_the_units_team_fills(assessment: Assessment, cast: Cast, who: str) -> None:
    with pytest.raises(PermissionDenied):
        save(assessment, Actor(getattr(cast, who)), value={"choice": "B"})


def test_a_member_limited_to_a_pokja_fills_only_its_indicators(
    assessment: Assessment, cast: Cast
) -> None:
    actor = Actor(cast.coordinator)
    save(assessment, actor, code="A.II.2.i.a", value={"choice": "B"})
    with pytest.raises(PermissionDenied):
        save(assessment, actor, code=CODE, value={"choice": "B"})


@pytest.mark.parametrize("state", [state for state in State if state is not State.DRAFT])
def test_outside_the_draft_nobody_writes_the_units_answers(
    assessment: Assessment, state: State
) -> None:
    Assessment.objects.filter(pk=assessment.pk).update(state=state)
    with pytest.raises(Locked):
        save(assessment, value={"choice": "B"})  # the object in hand still says draft


def test_tpi_writes_its_own_column_and_its_sheet_starts_from_the_units(
    assessment: Assessment, cast: Cast
) -> None:
    answering.record(
        OPERATOR, assessment, Stage.UNIT, [Change(c, v) for c, v in sample_answers().items()]
    )
    Assessment.objects.filter(pk=assessment.pk).update(state=State.EVALUATION)
    before = Score.objects.get(assessment=assessment, stage=Stage.TPI)
    assert str(before.total) == "84.712917"
    assert before.judged == 0

    answering.record(
        Actor(cast.evaluator),
        assessment,
        Stage.TPI,
        [Change("A.II.6.ii.a", {"choice": "B"}, "Kanal masih terbatas.")],
    )
    tpi = Score.objects.get(assessment=assessment, stage=Stage.TPI)
    unit = Score.objects.get(assessment=assessment, stage=Stage.UNIT)
    assert (str(tpi.total), tpi.judged) == ("83.887917", 1)
    assert str(unit.total) == "84.712917"
    judged = Answer.objects.get(assessment=assessment, stage=Stage.TPI)
    assert judged.judged_version == stored(assessment, "A.II.6.ii.a").version


def test_one_save_takes_the_same_few_queries_however_full_the_sheet_is(
    assessment: Assessment, cast: Cast
) -> None:
    def queries(version: int, letter: str) -> int:
        with CaptureQueriesContext(connection) as captured:
            save(assessment, Actor(cast.member), value={"choice": letter}, version=version)
        return len(captured)

    empty = queries(0, "B")
    others = [Change(c, v) for c, v in sample_answers().items() if c != CODE]
    answering.record(OPERATOR, assessment, Stage.UNIT, others)
    full = queries(1, "A")
    assert full <= 11  # BEGIN and COMMIT among them; session and person come on top
    assert full <= empty


def test_rescore_finds_a_falsified_score_and_mends_it(assessment: Assessment) -> None:
    save(assessment, value={"choice": "B"})
    assert list(scores.rescore(write=False)) == []
    Score.objects.filter(assessment=assessment, stage=Stage.UNIT).update(total=99)
    (difference,) = scores.rescore(write=False)
    assert (difference.stage, difference.fields) == (Stage.UNIT, ("total",))
    assert len(list(scores.rescore(write=True))) == 1
    assert list(scores.rescore(write=False)) == []
