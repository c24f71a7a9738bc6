"""Saves whose reply got lost: the page cannot know what became of them, and sends again."""

import uuid

from django.http import HttpResponse
from django.test import Client

from assessment.models import Answer, Assessment, State
from tests.conftest import Cast, signed_in

SAVE = "/lke/POLTEK/2026/isi/butir/A.II.6.i.a/simpan/"


def post(client: Client, **fields: str) -> HttpResponse:
    return client.post(SAVE, {"version": "0", **fields}, headers={"HX-Request": "true"})


def test_more_text_after_a_lost_reply_is_no_conflict_with_oneself(
    assessment: Assessment, cast: Cast
) -> None:
    member, lost = signed_in(cast.member), str(uuid.uuid4())
    post(member, note="Setengah kalimat", save_id=lost)
    reply = post(member, note="Satu kalimat penuh.", save_id=str(uuid.uuid4()), unsure=lost)
    assert 'data-state="tersimpan"' in reply.content.decode()
    assert Answer.objects.get().note == "Satu kalimat penuh."


def test_what_somebody_else_wrote_meanwhile_is_still_a_conflict(
    assessment: Assessment, cast: Cast
) -> None:
    member, lost = signed_in(cast.member), str(uuid.uuid4())
    post(member, note="Setengah kalimat", save_id=lost)
    post(signed_in(cast.team_head), version="1", note="Kata ketua.", save_id=str(uuid.uuid4()))
    reply = post(member, note="Satu kalimat penuh.", save_id=str(uuid.uuid4()), unsure=lost)
    assert 'data-state="bentrok"' in reply.content.decode()
    assert Answer.objects.get().note == "Kata ketua."


def test_unreadable_save_ids_count_as_none(assessment: Assessment, cast: Cast) -> None:
    member = signed_in(cast.member)
    post(member, note="Yang ada.", save_id=str(uuid.uuid4()))
    reply = post(member, note="Yang lain.", save_id="apa", unsure="bukan id ' OR 1=1 " * 1000)
    assert 'data-state="bentrok"' in reply.content.decode()


def test_without_javascript_a_locked_sheet_gives_the_typed_text_back(
    assessment: Assessment, cast: Cast
) -> None:
    Assessment.objects.update(state=State.SUBMITTED)
    reply = signed_in(cast.member).post(SAVE, {"version": "0", "note": "Terlambat <b>ditulis</b>."})
    assert reply.status_code == 409
    assert "Terlambat &lt;b&gt;ditulis&lt;/b&gt;." in reply.content.decode()
    assert not Answer.objects.exists()
