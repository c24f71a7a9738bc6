"""Leaving a butir empty with a reason: value 0, done, taken back, and never by surprise."""

import re
import uuid

import pytest
from django.http import HttpResponse
from django.test import Client

from accounts import trail
from accounts.models import TrailEntry
from assessment import scores
from assessment.models import Answer, Assessment, Score, Stage, State
from tests.assessment.pages import move, text_of
from tests.conftest import Cast, signed_in

CODE = "A.II.6.i.a"
SLUG = "A-II-6-i-a"
PAGE = "/lke/POLTEK/2026/isi/A.II.6/"
SAVE = f"/lke/POLTEK/2026/isi/butir/{CODE}/simpan/"
REASON = "Tidak ada pelayanan yang dipermudah tahun ini."


def post(client: Client, *, htmx: bool = True, **fields: str) -> HttpResponse:
    posted = {"version": "0", "save_id": str(uuid.uuid4()), **fields}
    return client.post(SAVE, posted, headers={"HX-Request": "true"} if htmx else {})


def empty(client: Client, reason: str = REASON, **fields: str) -> HttpResponse:
    return post(client, empty="kosongkan", empty_reason=reason, **fields)


def answer() -> Answer:
    return Answer.objects.get(stage=Stage.UNIT, code=CODE)


def message(response: HttpResponse) -> str:
    found = re.search(
        rf'id="e-{SLUG}-empty_reason"[^>]*>(.*?)</div>', response.content.decode(), re.DOTALL
    )
    assert found
    return re.sub(r"<[^>]+>", "", found[1]).strip()


def test_a_butir_left_empty_counts_0_and_is_done(assessment: Assessment, cast: Cast) -> None:
    client = signed_in(cast.member)
    post(client, choice="A")
    reply = empty(client, version="1", choice="A", note="Dicatat.")
    stored = answer()
    assert (stored.value, stored.note, stored.empty_reason) == (None, "Dicatat.", REASON)
    score = Score.objects.get(assessment=assessment, stage=Stage.UNIT)
    assert (score.total, score.answered, score.emptied) == (0, 0, 1)
    text = reply.content.decode()
    assert "Dikosongkan dengan alasan (nilai 0)" in text
    assert REASON in text
    assert "1 dikosongkan" in text
    assert re.search(r'id="t-A-II-6"[^>]*>.*?1/3', text)
    assert list(scores.rescore(write=False)) == []


def test_the_reply_brings_the_card_anew_so_that_nothing_stays_chosen(
    assessment: Assessment, cast: Cast
) -> None:
    client = signed_in(cast.member)
    post(client, choice="A")
    reply = empty(client, version="1", choice="A")
    assert (reply["HX-Retarget"], reply["HX-Reswap"]) == (f"#b-{SLUG}", "outerHTML")
    card = reply.content.decode().partition("</article>")[0]
    assert "<article" in card
    assert "checked" not in card
    assert "hx-swap-oob" not in card


@pytest.mark.parametrize(
    ("reason", "words"),
    [
        ("", "Tulis alasan"),
        ("  \r\n ", "Tulis alasan"),
        ("x" * 2001, "paling banyak 2.000 karakter"),
        ("a\x00b", "karakter kendali"),
    ],
)
def test_a_reason_is_required_and_costs_nothing_else_when_it_is_bad(
    assessment: Assessment, cast: Cast, reason: str, words: str
) -> None:
    reply = empty(signed_in(cast.member), reason, choice="B", note="Dicatat.")
    assert words in message(reply)
    stored = answer()
    assert (stored.value, stored.note, stored.empty_reason) == ({"choice": "B"}, "Dicatat.", "")
    assert 'data-state="sebagian"' in reply.content.decode()


def test_a_reason_may_have_2000_characters(assessment: Assessment, cast: Cast) -> None:
    empty(signed_in(cast.member), "x" * 2000)
    assert len(answer().empty_reason) == 2000


def test_an_answer_ends_the_emptiness(assessment: Assessment, cast: Cast) -> None:
    client = signed_in(cast.member)
    empty(client)
    text = post(client, choice="B", version="1").content.decode()
    assert (answer().value, answer().empty_reason) == ({"choice": "B"}, "")
    assert 'data-state="tersimpan"' in text
    assert "Dikosongkan dengan alasan" not in text


def test_a_note_alone_leaves_it_empty(assessment: Assessment, cast: Cast) -> None:
    client = signed_in(cast.member)
    empty(client)
    text = post(client, note="Lihat notula.", version="1").content.decode()
    assert (answer().note, answer().empty_reason) == ("Lihat notula.", REASON)
    assert 'data-state="dikosongkan"' in text


def test_it_can_be_taken_back(assessment: Assessment, cast: Cast) -> None:
    client = signed_in(cast.member)
    empty(client)
    assert "Batalkan pengosongan" in client.get(PAGE).content.decode()
    post(client, empty="batal", version="1")
    assert (answer().value, answer().empty_reason, answer().version) == (None, "", 2)
    assert "dikosongkan" not in text_of(client.get(PAGE)).split("Kosongkan")[0]


def test_a_collision_shows_both_and_the_choice_empties_it(
    assessment: Assessment, cast: Cast
) -> None:
    post(signed_in(cast.team_head), choice="C", note="Milik ketua.")
    client = signed_in(cast.member)
    text = empty(client).content.decode()
    assert answer().value == {"choice": "C"}
    assert "Butir ini baru diubah Kris Ketua" in text
    assert f"Dikosongkan dengan alasan (nilai 0): {REASON}" in text
    assert '<input type="hidden" name="empty" value="kosongkan">' in text
    empty(client, accept_version="1")
    assert (answer().value, answer().empty_reason) == (None, REASON)


def test_a_stored_emptiness_is_told_to_those_who_answer_meanwhile(
    assessment: Assessment, cast: Cast
) -> None:
    empty(signed_in(cast.team_head))
    text = post(signed_in(cast.member), choice="A").content.decode()
    assert f"Dikosongkan dengan alasan (nilai 0): {REASON}" in text
    assert answer().empty_reason == REASON


def test_the_same_reason_twice_is_one_change(assessment: Assessment, cast: Cast) -> None:
    empty(signed_in(cast.team_head))
    empty(signed_in(cast.member))
    assert answer().version == 1


def test_the_trail_keeps_the_reason_beside_what_is_hashed(
    assessment: Assessment, cast: Cast
) -> None:
    member, head = signed_in(cast.member), signed_in(cast.team_head)
    empty(member)
    entry = TrailEntry.objects.get(verb="answer.changed")
    assert entry.data == {"stage": "unit", "value": None, "version": 1, "emptied": True}
    assert entry.personal["empty_reason"] == REASON
    post(head, empty="batal", version="1")
    history = text_of(head.get("/lke/POLTEK/2026/riwayat/"))
    assert f"Ani Anggota mengosongkan jawaban {CODE} dengan alasan (nilai 0)" in history
    assert f"Alasan: {REASON}" in history
    assert f"Kris Ketua membatalkan pengosongan jawaban {CODE}" in history
    TrailEntry.objects.filter(pk=entry.pk).update(personal=None, salt="")
    assert trail.verify(assessment.chain) is None
    assert REASON not in text_of(head.get("/lke/POLTEK/2026/riwayat/"))


def test_without_javascript_it_leads_back_to_the_card_or_says_what_is_missing(
    assessment: Assessment, cast: Cast
) -> None:
    client = signed_in(cast.member)
    refused = post(client, htmx=False, empty="kosongkan", empty_reason="")
    assert refused.status_code == 422
    assert "Tulis alasan" in message(refused)
    done = post(client, htmx=False, empty="kosongkan", empty_reason=REASON)
    assert done["Location"] == f"{PAGE}#b-{SLUG}"


def test_a_reader_sees_the_reason_but_no_way_to_take_it_back(
    assessment: Assessment, cast: Cast
) -> None:
    empty(signed_in(cast.member))
    text = signed_in(cast.auditor).get(PAGE).content.decode()
    assert f"Dikosongkan dengan alasan (nilai 0): {REASON}" in text
    assert "Batalkan pengosongan" not in text
    assert "Kosongkan butir ini" not in text


def test_a_submitted_sheet_is_not_emptied(assessment: Assessment, cast: Cast) -> None:
    move(assessment, State.SUBMITTED)
    assert empty(signed_in(cast.member)).status_code == 409
    assert not Answer.objects.exists()


def test_counts_are_taken_away_by_emptying(assessment: Assessment, cast: Cast) -> None:
    client = signed_in(cast.member)
    address = "/lke/POLTEK/2026/isi/butir/A.II.6.i.b/simpan/"
    counts = {"count-terdata": "12", "count-dipermudah": "9"}
    client.post(address, {"version": "0", **counts}, headers={"HX-Request": "true"})
    emptied = {"empty": "kosongkan", "empty_reason": REASON}
    client.post(address, {"version": "1", **counts, **emptied}, headers={"HX-Request": "true"})
    assert Answer.objects.get(code="A.II.6.i.b").value is None
