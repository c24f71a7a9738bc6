"""What a year aims at: chosen when it is opened, changed while it is a draft."""

import pytest
from django.test import Client

from accounts.models import TrailEntry
from accounts.trail import OPERATOR, Actor
from assessment import workflow
from assessment.assessments import change_assessment, create_assessment, create_period
from assessment.models import (
    Assessment,
    InstrumentVersion,
    Period,
    Purpose,
    Score,
    State,
    Target,
)
from tests.assessment.pages import fill, move, text_of
from tests.conftest import Cast, Ministry, signed_in

CHANGE = "/lke/POLTEK/2026/sasaran/"
SUMMARY = "/lke/POLTEK/2026/ringkasan/"


def change(client: Client, **fields: str) -> str:
    response = client.post(CHANGE, fields, follow=True)
    assert response.status_code == 200
    return text_of(response)


def aims(assessment: Assessment) -> tuple[str, str]:
    assessment.refresh_from_db()
    return assessment.target, assessment.purpose


def test_the_head_of_the_team_changes_target_and_purpose(
    assessment: Assessment, cast: Cast
) -> None:
    client = signed_in(cast.team_head)
    text = change(client, target="WBBM", purpose="pemantauan")
    assert aims(assessment) == (Target.WBBM, Purpose.MONITORING)
    assert "Sasaran WBBM, tujuan pemantauan tersimpan." in text
    assert "Sasaran WBBM, tujuan pemantauan" in text_of(client.get(SUMMARY))
    history = text_of(client.get("/lke/POLTEK/2026/riwayat/"))
    assert "Kris Ketua mengubah sasaran menjadi WBBM dan tujuan menjadi pemantauan" in history


def test_the_trail_keeps_what_is_new_and_nothing_when_nothing_is(
    assessment: Assessment, cast: Cast
) -> None:
    actor = Actor(cast.team_head)
    assert not change_assessment(actor, assessment, target=Target.WBK, purpose=Purpose.PROPOSAL)
    assert change_assessment(actor, assessment, target=Target.WBK, purpose=Purpose.COACHING)
    entry = TrailEntry.objects.get(verb="assessment.changed")
    assert entry.data == {"purpose": "pembinaan"}


def test_scores_stay_as_they_are(assessment: Assessment, cast: Cast) -> None:
    fill(assessment)
    before = list(Score.objects.order_by("stage").values())
    change(signed_in(cast.team_head), target="WBBM", purpose="pengusulan")
    assert list(Score.objects.order_by("stage").values()) == before


@pytest.mark.parametrize("state", [State.SUBMITTED, State.CLOSED])
def test_after_the_draft_both_stay(assessment: Assessment, cast: Cast, state: State) -> None:
    move(assessment, state)
    client = signed_in(cast.team_head)
    assert "hanya dapat diganti selama penilaian masih draf" in change(client, target="WBBM")
    assert "Ganti sasaran" not in text_of(client.get(SUMMARY))
    with pytest.raises(workflow.Locked):
        change_assessment(OPERATOR, assessment, target=Target.WBBM, purpose=Purpose.PROPOSAL)
    assert aims(assessment) == (Target.WBK, Purpose.PROPOSAL)


@pytest.mark.parametrize("wrong", [{"target": "WBX"}, {"purpose": "lain"}])
def test_an_unknown_choice_changes_nothing(
    assessment: Assessment, cast: Cast, wrong: dict[str, str]
) -> None:
    assert "Pilih sasaran dan tujuan" in change(signed_in(cast.team_head), **wrong)
    assert aims(assessment) == (Target.WBK, Purpose.PROPOSAL)


def test_only_those_who_open_assessments_are_offered_the_change(
    assessment: Assessment, cast: Cast
) -> None:
    assert CHANGE in signed_in(cast.team_head).get(SUMMARY).content.decode()
    for person in (cast.member, cast.unit_head, cast.auditor):
        assert CHANGE not in signed_in(person).get(SUMMARY).content.decode()


def test_an_assessment_is_opened_with_its_purpose(
    ministry: Ministry, period: Period, cast: Cast
) -> None:
    client = signed_in(cast.team_head)
    assert "Pemantauan" in text_of(client.get("/"))
    address = "/lke/POLTEK/2026/mulai/"
    client.post(address, {"target": "WBBM", "purpose": "lain"})
    assert not Assessment.objects.exists()
    client.post(address, {"target": "WBBM", "purpose": "pemantauan"})
    made = Assessment.objects.get()
    assert (made.target, made.purpose) == (Target.WBBM, Purpose.MONITORING)


def test_the_menu_of_periods_leads_to_the_same_page_of_another_year(
    assessment: Assessment, ministry: Ministry, instrument_version: InstrumentVersion, cast: Cast
) -> None:
    client = signed_in(cast.member)
    assert "/lke/POLTEK/2025/" not in client.get(SUMMARY).content.decode()
    period = create_period(OPERATOR, year=2025, instrument=instrument_version)
    create_assessment(OPERATOR, unit=ministry.poltek, period=period, target=Target.WBK)
    other = create_period(OPERATOR, year=2024, instrument=instrument_version)
    create_assessment(OPERATOR, unit=ministry.balai, period=other, target=Target.WBK)
    for page in ("ringkasan/", "ringkasan/A.I/", "isi/A.I.1/", "riwayat/"):
        text = client.get(f"/lke/POLTEK/2026/{page}").content.decode()
        assert f'href="/lke/POLTEK/2025/{page}"' in text
        assert "/lke/POLTEK/2024/" not in text
    assert 'href="/lke/POLTEK/2025/isi/"' in client.get("/lke/POLTEK/2026/salin/").content.decode()
