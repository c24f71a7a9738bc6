"""A workbook meets stored answers: what is new, changed, left alone, in conflict; then applied."""

from dataclasses import replace
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts import trail
from accounts.models import TrailEntry, User
from accounts.trail import OPERATOR, Actor
from assessment import answering, importing, scores
from assessment.answering import Change, InvalidAnswer, Result
from assessment.importing import Group, Preview, Source
from assessment.models import Answer, Assessment, Stage, State
from assessment.workbook.comparing import Comparison
from assessment.workbook.parsed import Parsed
from assessment.workbook.reading import Entry, Notice, Problem, Reading
from assessment.workflow import Locked
from tests.assessment.samples import instrument, sample_answers
from tests.conftest import Cast

SOURCE = Source("LKE.xlsx", "ab" * 32)


def parsed(
    values: dict[str, dict[str, Any]],
    *,
    problems: tuple[Problem, ...] = (),
    notes: dict[str, str] | None = None,
    lines: dict[str, tuple[str, ...]] | None = None,
) -> Parsed:
    """A workbook as it was read; what it does not name is blank in it."""
    entries = tuple(
        Entry(code, values.get(code), (notes or {}).get(code, ""), (lines or {}).get(code, ()))
        for code in instrument().indicators
    )
    reading = Reading(entries, problems, ())
    return Parsed(
        "LKE", "LKE ZI", reading, Comparison(None, scores.score(instrument(), {}).total, ())
    )


def see(assessment: Assessment, workbook: Parsed, **options: Any) -> Preview:
    return importing.preview(assessment, Stage.UNIT, workbook, **options)


def take(assessment: Assessment, workbook: Parsed) -> answering.Recorded:
    found = see(assessment, workbook)
    return importing.apply(OPERATOR, assessment, Stage.UNIT, found, SOURCE)


def answer(assessment: Assessment, code: str, **change: Any) -> None:
    answering.record(OPERATOR, assessment, Stage.UNIT, [Change(code, **change)])


def stored(assessment: Assessment, code: str) -> Answer:
    return Answer.objects.get(assessment=assessment, stage=Stage.UNIT, code=code)


def groups(found: Preview) -> dict[str, Group]:
    return {line.indicator.code: line.group for line in found.lines}


# ── preview ─────────────────────────────────────────────────────────────────
def test_each_indicator_is_in_one_group(assessment: Assessment) -> None:
    answer(assessment, "A.I.1.i.a", value={"choice": "Ya"})
    answer(assessment, "A.I.1.i.b", value={"choice": "B"})
    answer(assessment, "A.I.1.ii.b", value={"choice": "C"})
    answer(assessment, "A.I.1.iii.a", value={"choice": "C"})
    problem = Problem(("A.I.1.ii.a",), ("K11",), "Berisi rumus.")
    workbook = parsed(
        {
            "A.I.1.i.a": {"choice": "Ya"},
            "A.I.1.i.b": {"choice": "A"},
            "A.I.1.ii.c": {"choice": "A"},
        },
        problems=(problem,),
        notes={"A.I.1.iii.a": "Hanya penjelasan."},
    )
    found = see(assessment, workbook)
    assert groups(found)["A.I.1.iii.a"] is Group.CHANGED
    assert groups(found)["A.I.1.i.a"] is Group.UNCHANGED
    assert groups(found)["A.I.1.i.b"] is Group.CHANGED
    assert groups(found)["A.I.1.ii.c"] is Group.NEW
    assert groups(found)["A.I.1.ii.a"] is Group.UNREADABLE
    assert groups(found)["A.I.1.ii.b"] is Group.BLANK
    assert [line.indicator.code for line in found.left_alone] == ["A.I.1.ii.b", "A.I.1.iii.a"]
    assert sum(found.counts.values()) == 113


def test_a_preview_writes_nothing_and_foretells_score_and_verdict(assessment: Assessment) -> None:
    found = see(assessment, parsed(sample_answers()))
    assert not Answer.objects.exists()
    assert found.sheet_before.total == 0
    assert found.sheet_after.total == scores.score(instrument(), sample_answers()).total
    assert "memenuhi syarat nilai WBK" in found.verdict.heading


def test_a_changed_answer_shows_what_it_is_and_what_it_becomes(assessment: Assessment) -> None:
    answer(assessment, "A.I.1.i.b", value={"choice": "B"}, note="Lama.")
    found = see(assessment, parsed({"A.I.1.i.b": {"choice": "A"}}, notes={"A.I.1.i.b": "Baru."}))
    (line,) = found.group(Group.CHANGED)
    assert (line.before, line.after) == ("B", "A")
    assert (line.note_before, line.note_after) == ("Lama.", "Baru.")


# ── applying ────────────────────────────────────────────────────────────────
def test_a_filled_workbook_is_applied_whole_with_one_trail_entry_per_answer(
    assessment: Assessment, cast: Cast
) -> None:
    found = see(assessment, parsed(sample_answers()))
    entries = TrailEntry.objects.filter(chain=assessment.chain).count()
    recorded = importing.apply(Actor(cast.member), assessment, Stage.UNIT, found, SOURCE)

    assert recorded.saved == 113
    assert str(assessment.scores.get(stage=Stage.UNIT).total) == "84.712917"
    new = TrailEntry.objects.filter(chain=assessment.chain).order_by("seq")[entries:]
    assert len(new) == 113
    assert {entry.verb for entry in new} == {"answer.imported"}
    assert new[0].data["source"] == {"file_sha256": "ab" * 32, "name": "LKE.xlsx"}
    assert trail.verify(assessment.chain) is None
    assert not list(scores.rescore(write=False))


def test_applying_a_whole_workbook_takes_few_queries(assessment: Assessment, cast: Cast) -> None:
    workbook = parsed(sample_answers(), notes=dict.fromkeys(instrument().indicators, "Penjelasan."))
    with CaptureQueriesContext(
        connection,
    ) as queries:
        found = see(assessment, workbook, person=cast.member)
        importing.apply(Actor(cast.member), assessment, Stage.UNIT, found, SOURCE)
    assert len(queries) <= 40


def test_the_same_workbook_twice_changes_nothing(assessment: Assessment) -> None:
    workbook = parsed(
        sample_answers(),
        notes={"A.I.1.i.a": "Ada."},
        lines={"A.I.1.i.a": ("Tautan data dukung: https://contoh.go.id",)},
    )
    take(assessment, workbook)
    again = see(assessment, workbook)
    assert again.counts[Group.UNCHANGED] == 113
    assert again.changes == []


def test_a_blank_cell_deletes_neither_answer_nor_note_nor_count(assessment: Assessment) -> None:
    answer(assessment, "A.I.1.i.b", value={"choice": "B"}, note="Tetap.")
    answer(assessment, "A.II.1.i.a", value={"counts": {"agen": 9, "perubahan": 7}})
    take(
        assessment,
        parsed({"A.II.1.i.a": {"counts": {"agen": 10}}}, notes={"A.II.1.ii.a": "Catatan saja."}),
    )
    assert stored(assessment, "A.I.1.i.b").value == {"choice": "B"}
    assert stored(assessment, "A.I.1.i.b").note == "Tetap."
    assert stored(assessment, "A.II.1.i.a").value == {"counts": {"agen": 10, "perubahan": 7}}
    assert stored(assessment, "A.II.1.ii.a").value is None


def test_an_index_keeps_what_only_the_portal_knows(assessment: Assessment) -> None:
    known = {"index": "3.70", "respondents": 120}
    answer(assessment, "B.I.a", value=known)
    same = see(assessment, parsed({"B.I.a": {"index": "3.7"}}))
    assert groups(same)["B.I.a"] is Group.UNCHANGED
    take(assessment, parsed({"B.I.a": {"index": "3.8"}}))
    assert stored(assessment, "B.I.a").value == {"index": "3.8", "respondents": 120}


def test_evidence_lines_follow_the_note_once_and_survive_a_new_one(
    assessment: Assessment,
) -> None:
    code, link = "A.I.1.i.a", "Tautan data dukung: https://contoh.go.id/1"
    answer(assessment, code, note="Ditulis di portal.")
    take(assessment, parsed({}, lines={code: (link,)}))
    assert stored(assessment, code).note == f"Ditulis di portal.\n{link}"
    take(assessment, parsed({}, lines={code: (link,)}))
    assert stored(assessment, code).version == 2
    take(assessment, parsed({}, notes={code: "Dari berkas."}))
    assert stored(assessment, code).note == f"Dari berkas.\n{link}"


# ── rules, problems ─────────────────────────────────────────────────────────
def test_a_value_that_breaks_a_rule_is_unreadable_and_the_rest_is_applied(
    assessment: Assessment,
) -> None:
    workbook = parsed(
        {
            "B.I.a": {"index": "92.5"},
            "A.II.4.i.a": {"counts": {"sasaran": 7, "tercapai": 8}},
            "B.I.b": {"choice": "A"},
        }
    )
    found = see(assessment, workbook)
    assert found.counts[Group.UNREADABLE] == 2
    assert {problem.codes[0] for problem in found.problems} == {"B.I.a", "A.II.4.i.a"}
    assert any("IKM" in problem.reason for problem in found.problems)
    assert importing.apply(OPERATOR, assessment, Stage.UNIT, found, SOURCE).saved == 1


def test_a_shared_count_is_judged_together_with_the_answer_that_shares_it(
    assessment: Assessment,
) -> None:
    """Three changes were made, four are integrated already: the smaller number cannot come in."""
    answer(assessment, "A.II.1.i.a", value={"counts": {"agen": 9, "perubahan": 7}})
    answer(assessment, "A.II.1.i.b", value={"counts": {"terintegrasi": 4}})
    found = see(assessment, parsed({"A.II.1.i.a": {"counts": {"agen": 9, "perubahan": 3}}}))
    assert groups(found)["A.II.1.i.a"] is Group.UNREADABLE
    assert found.changes == []


def test_both_halves_of_a_shared_count_may_change_at_once(assessment: Assessment) -> None:
    answer(assessment, "A.II.1.i.a", value={"counts": {"agen": 9, "perubahan": 7}})
    answer(assessment, "A.II.1.i.b", value={"counts": {"terintegrasi": 4}})
    found = see(
        assessment,
        parsed(
            {
                "A.II.1.i.a": {"counts": {"agen": 9, "perubahan": 3}},
                "A.II.1.i.b": {"counts": {"terintegrasi": 3}},
            }
        ),
    )
    assert found.problems == ()
    assert importing.apply(OPERATOR, assessment, Stage.UNIT, found, SOURCE).saved == 2


def test_a_note_beyond_the_limit_is_refused_for_its_indicator_alone(
    assessment: Assessment,
) -> None:
    found = see(
        assessment,
        parsed({"A.I.1.i.b": {"choice": "A"}}, notes={"A.I.1.i.a": "x" * 20_001}),
    )
    assert groups(found)["A.I.1.i.a"] is Group.UNREADABLE
    assert groups(found)["A.I.1.i.b"] is Group.NEW


# ── others at work, rights, states ──────────────────────────────────────────
def test_an_answer_changed_after_the_preview_is_in_conflict_and_stays(
    assessment: Assessment,
) -> None:
    answer(assessment, "A.I.1.i.b", value={"choice": "B"})
    seen = importing.versions(assessment, Stage.UNIT)
    answer(assessment, "A.I.1.i.b", value={"choice": "C"})
    workbook = parsed({"A.I.1.i.b": {"choice": "A"}, "A.I.1.i.a": {"choice": "Ya"}})
    found = see(assessment, workbook, seen=seen)
    assert groups(found)["A.I.1.i.b"] is Group.CONFLICT
    importing.apply(OPERATOR, assessment, Stage.UNIT, found, SOURCE)
    assert stored(assessment, "A.I.1.i.b").value == {"choice": "C"}
    assert stored(assessment, "A.I.1.i.a").value == {"choice": "Ya"}


def test_what_changes_between_looking_and_writing_is_a_conflict_too(
    assessment: Assessment,
) -> None:
    found = see(assessment, parsed({"A.I.1.i.b": {"choice": "A"}}))
    answer(assessment, "A.I.1.i.b", value={"choice": "C"})
    recorded = importing.apply(OPERATOR, assessment, Stage.UNIT, found, SOURCE)
    assert [outcome.result for outcome in recorded.outcomes] == [Result.CONFLICT]
    assert stored(assessment, "A.I.1.i.b").value == {"choice": "C"}


def test_a_rule_that_breaks_only_meanwhile_applies_nothing(assessment: Assessment) -> None:
    answer(assessment, "A.II.1.i.a", value={"counts": {"agen": 9, "perubahan": 7}})
    workbook = parsed(
        {"A.II.1.i.b": {"counts": {"terintegrasi": 7}}, "A.I.1.i.a": {"choice": "Ya"}}
    )
    found = see(assessment, workbook)
    answer(assessment, "A.II.1.i.a", value={"counts": {"agen": 9, "perubahan": 5}})
    with pytest.raises(InvalidAnswer):
        importing.apply(OPERATOR, assessment, Stage.UNIT, found, SOURCE)
    assert Answer.objects.filter(assessment=assessment).count() == 1


def test_a_member_of_one_pokja_brings_in_that_pokja_only(
    assessment: Assessment, cast: Cast
) -> None:
    found = see(assessment, parsed(sample_answers()), person=cast.coordinator)
    outside = found.group(Group.OUTSIDE)
    assert {line.indicator.pokja for line in found.group(Group.NEW)} == {"2"}
    assert len(outside) + found.counts[Group.NEW] == 113
    recorded = importing.apply(Actor(cast.coordinator), assessment, Stage.UNIT, found, SOURCE)
    assert recorded.saved == found.counts[Group.NEW]


def test_nobody_applies_a_preview_that_they_may_not(assessment: Assessment, cast: Cast) -> None:
    found = see(assessment, parsed(sample_answers()))
    for person in (cast.leader, cast.evaluator, cast.stranger, cast.coordinator):
        with pytest.raises(PermissionDenied):
            importing.apply(Actor(person), assessment, Stage.UNIT, found, SOURCE)
    assert not Answer.objects.exists()


def test_a_submitted_sheet_takes_no_workbook(assessment: Assessment) -> None:
    found = see(assessment, parsed(sample_answers()))
    Assessment.objects.filter(pk=assessment.pk).update(state=State.SUBMITTED)
    with pytest.raises(Locked):
        importing.apply(OPERATOR, assessment, Stage.UNIT, found, SOURCE)


def test_a_workbook_of_tpi_fills_only_tpi_s_column(assessment: Assessment) -> None:
    take(assessment, parsed(sample_answers()))
    Assessment.objects.filter(pk=assessment.pk).update(state=State.EVALUATION)
    workbook = parsed({"A.I.1.i.b": {"choice": "C"}})
    found = importing.preview(assessment, Stage.TPI, workbook)
    assert (
        found.sheet_after.total
        == found.sheet_before.total - instrument().indicator("A.I.1.i.b").weight
    )
    importing.apply(OPERATOR, assessment, Stage.TPI, found, SOURCE)
    assert stored(assessment, "A.I.1.i.b").value == {"choice": "A"}
    assert Answer.objects.get(stage=Stage.TPI).value == {"choice": "C"}


# ── what is kept ────────────────────────────────────────────────────────────
def keep(assessment: Assessment, person: User, workbook: Parsed) -> Any:
    return importing.keep(person, assessment, Stage.UNIT, workbook, SOURCE)


def test_what_was_shown_is_kept_for_its_person_and_assessment_only(
    assessment: Assessment, cast: Cast
) -> None:
    workbook = parsed(sample_answers())
    workbook = replace(
        workbook,
        reading=replace(workbook.reading, notices=(Notice("A.I.1.i.a", "K8", "Perhatikan."),)),
    )
    pending = keep(assessment, cast.member, workbook)
    assert importing.kept(cast.member, assessment, pending.uuid) == pending
    assert importing.kept(cast.team_head, assessment, pending.uuid) is None
    shown = importing.preview_kept(pending, assessment, cast.member)
    assert shown.parsed == workbook


def test_a_later_upload_replaces_the_earlier_one(assessment: Assessment, cast: Cast) -> None:
    first = keep(assessment, cast.member, parsed({}))
    second = keep(assessment, cast.member, parsed(sample_answers()))
    assert importing.kept(cast.member, assessment, first.uuid) is None
    assert importing.kept(cast.member, assessment, second.uuid) == second


def test_what_is_kept_is_void_after_a_day(assessment: Assessment, cast: Cast) -> None:
    pending = keep(assessment, cast.member, parsed({}))
    pending.created_at -= importing.KEPT_FOR
    pending.save()
    assert importing.kept(cast.member, assessment, pending.uuid) is None
