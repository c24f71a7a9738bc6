"""The demonstration ministry: written in bulk, yet as good as what people write."""

from io import StringIO
from typing import Any

import pytest
from django.apps import apps
from django.contrib.auth.password_validation import validate_password
from django.core.management import CommandError, call_command
from pytest_django import Settings

from accounts import policy, trail
from accounts.commands import BAD_ARGUMENTS
from accounts.models import Role, TrailEntry, TrailHead, Unit, User
from accounts.policy import Action
from accounts.trail import OPERATOR
from assessment import demo, scores
from assessment.demo import content
from assessment.models import Answer, Assessment, NationalResult, Purpose, Score, Stage, State
from assessment.scoring import is_answered, value_problems
from tests.assessment.samples import instrument
from tests.conftest import Ministry

STAGES = [Stage.UNIT, Stage.TPI]


@pytest.fixture
def seeded(db: None) -> None:
    demo.seed(OPERATOR)


def counts() -> dict[str, int]:
    """How many rows each table of ours has."""
    return {
        model._meta.label: model._default_manager.count()
        for app in ("accounts", "assessment")
        for model in apps.get_app_config(app).get_models()
    }


def score_of(unit: str, year: int, stage: str = "unit") -> Score:
    return Score.objects.get(
        assessment__unit__code=unit, assessment__period__year=year, stage=stage
    )


# ── as good as what people write ────────────────────────────────────────────
def test_stored_scores_and_trail_are_right(seeded: None) -> None:
    assert list(scores.rescore(write=False)) == []
    assert list(trail.verify_all()) == []


def test_seeding_twice_changes_nothing(seeded: None) -> None:
    before, heads = counts(), set(TrailHead.objects.values_list("chain", "hash"))
    assert demo.seed(OPERATOR) == content.accounts()
    assert counts() == before
    assert set(TrailHead.objects.values_list("chain", "hash")) == heads


def test_every_answer_could_have_been_saved(seeded: None) -> None:
    for assessment in Assessment.objects.all():
        for stage in STAGES:
            rows = Answer.objects.filter(assessment=assessment, stage=stage)
            values = {row.code: row.value for row in rows if row.value is not None}
            for code, value in values.items():
                assert value_problems(instrument(), code, value, values) == [], (assessment, code)


def test_the_trail_ends_with_the_answers_as_they_stand(seeded: None) -> None:
    last: dict[tuple[str, str, str], TrailEntry] = {}
    for entry in TrailEntry.objects.filter(verb="answer.changed").order_by("chain", "seq"):
        last[entry.chain, entry.data["stage"], entry.target] = entry
    rows = Answer.objects.select_related("assessment")

    assert len(last) == len(rows) > 1000
    for row in rows:
        entry = last[row.assessment.chain, row.stage, row.code]
        emptied = {"emptied": True} if row.empty_reason else {}
        told = {"stage": row.stage, "value": row.value, "version": row.version}
        assert entry.data == told | emptied
        assert (entry.personal or {})["note"] == row.note
        assert (entry.personal or {}).get("empty_reason", "") == row.empty_reason
        assert (entry.actor_id, entry.at) == (row.changed_by_id, row.changed_at)


def test_each_history_runs_forward_in_time(seeded: None) -> None:
    for assessment in Assessment.objects.all():
        times = list(
            TrailEntry.objects.filter(chain=assessment.chain)
            .order_by("seq")
            .values_list("at", flat=True)
        )
        assert times == sorted(times)


def test_everybody_acted_within_their_role(seeded: None) -> None:
    action = {Stage.UNIT: Action.FILL, Stage.TPI: Action.EVALUATE}
    for row in Answer.objects.select_related("assessment__unit", "changed_by"):
        pokja = instrument().indicator(row.code).pokja
        assert row.changed_by is not None
        assert policy.can(row.changed_by, action[Stage(row.stage)], row.assessment, pokja=pokja)


def test_notes_have_no_empty_places(seeded: None) -> None:
    notes = list(Answer.objects.exclude(note="").values_list("note", flat=True))
    assert len(notes) > 600
    for note in notes:
        assert "{" not in note
        assert note[0].isupper() or note[0].isdigit()
        assert note.endswith(".")


def test_every_sentence_belongs_to_an_answer_that_can_be_given() -> None:
    assert set(content.notes()) == set(instrument().indicators)
    for code, sentences in content.notes().items():
        options = {option.key for option in instrument().indicator(code).options}
        assert set(sentences) <= (options or {content.FILLED})


# ── accounts ────────────────────────────────────────────────────────────────
def test_there_is_one_account_per_role_and_each_opens_with_the_password(seeded: None) -> None:
    assert sorted(account.role for account in demo.ACCOUNTS) == sorted(Role)
    for account in demo.ACCOUNTS:
        user = User.objects.get(email=account.email)
        assert user.check_password(demo.PASSWORD)
        assert user.memberships.get().role == account.role
        validate_password(demo.PASSWORD, user)


# ── the stories ─────────────────────────────────────────────────────────────
def test_politeknik_nusantara_lacks_one_requirement_and_five_answers(seeded: None) -> None:
    score = score_of("POLTEK", 2026)
    assert (str(score.total), score.answered) == ("78.994080", 108)
    assert score.unmet_wbk == ["area.2"]
    assert score_of("POLTEK", 2025).answered == 113


@pytest.mark.parametrize(
    ("unit", "state", "story"),
    [
        ("BRK", State.DRAFT, {"answered": 0}),
        ("KLT-MDN", State.DRAFT, {"answered": 63}),
        ("RSBS", State.DRAFT, {"answered": 112, "emptied": 1, "unmet_wbk": []}),
        ("BPM", State.SUBMITTED, {"answered": 113, "unmet_wbk": ["B.I.a"]}),
        ("STC", State.EVALUATION, {"answered": 113, "unmet_wbk": []}),
        ("KLT-SBY", State.AWAITING_APPROVAL, {"answered": 113, "unmet_wbbm": []}),
        ("BPSM", State.TPI_CLOSED, {"answered": 113, "unmet_wbk": []}),
    ],
)
def test_each_unit_stands_somewhere_else(
    seeded: None, unit: str, state: State, story: dict[str, Any]
) -> None:
    score = score_of(unit, 2026)
    assert score.assessment.state == state
    assert {name: getattr(score, name) for name in story} == story


def test_one_complete_unit_meets_wbk_and_not_yet_wbbm(seeded: None) -> None:
    assert score_of("RSBS", 2026).unmet_wbbm != []
    emptied = Answer.objects.get(assessment__unit__code="RSBS", value__isnull=True)
    assert not is_answered(instrument().indicator(emptied.code), {})
    assert emptied.empty_reason


def test_tpi_judged_some_of_stc_s_answers_otherwise_and_said_why(seeded: None) -> None:
    rows = Answer.objects.filter(assessment__unit__code="STC")
    unit = {row.code: row for row in rows if row.stage == Stage.UNIT}
    judged = {row.code: row for row in rows if row.stage == Stage.TPI}
    changed = [code for code, row in judged.items() if row.value != unit[code].value]

    assert 0 < len(judged) < len(unit)
    assert len(changed) == 10
    assert all(judged[code].note for code in changed)
    assert score_of("STC", 2026, "tpi").total < score_of("STC", 2026).total


def test_a_holder_of_wbk_aims_at_wbbm_and_another_is_monitored(seeded: None) -> None:
    result = NationalResult.objects.get(assessment__unit__code="KLT-SBY")
    assert (result.assessment.period.year, result.assessment.state) == (2025, State.CLOSED)
    assert score_of("KLT-SBY", 2026).assessment.target == "WBBM"
    assert score_of("BPSM", 2026).assessment.purpose == Purpose.MONITORING


# ── the command ─────────────────────────────────────────────────────────────
def test_the_command_prints_the_accounts_and_the_password(db: None) -> None:
    first, second = StringIO(), StringIO()
    call_command("seed_demo", stdout=first)
    call_command("seed_demo", stdout=second)

    assert first.getvalue().startswith("Peragaan dimuat.")
    assert second.getvalue().startswith("Peragaan sudah ada, tidak berubah.")
    for account in demo.ACCOUNTS:
        assert account.email in first.getvalue()
    assert demo.PASSWORD in first.getvalue()


def test_it_is_refused_in_production(db: None, settings: Settings) -> None:
    settings.PRODUCTION = True
    with pytest.raises(CommandError, match="mode produksi") as caught:
        call_command("seed_demo")
    assert caught.value.returncode == BAD_ARGUMENTS
    assert not Unit.objects.exists()


def test_it_does_not_mix_with_a_real_ministry(ministry: Ministry) -> None:
    before = counts()
    with pytest.raises(CommandError, match="KU sudah ada") as caught:
        call_command("seed_demo")
    assert caught.value.returncode == BAD_ARGUMENTS
    assert counts() == before
