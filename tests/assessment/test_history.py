"""The history: the trail as sentences, what belongs together as one line, nothing too early."""

import re
import uuid
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts import trail
from accounts.models import TrailEntry, User
from accounts.trail import Actor, Event
from assessment import answering
from assessment.answering import KEEP, Change
from assessment.history import NOTE_WORDS
from assessment.models import Answer, Assessment, Stage, State
from tests.assessment.pages import fill, move, text_of
from tests.assessment.samples import instrument
from tests.conftest import Cast, signed_in

PAGE = "/lke/POLTEK/2026/riwayat/"
CODE = "A.I.1.iii.a"


def history(client: Client, query: str = "") -> str:
    response = client.get(PAGE + query)
    assert response.status_code == 200, response.status_code
    return text_of(response)


def say(
    assessment: Assessment,
    person: User | None,
    choice: str | None = None,
    *,
    note: str | None = None,
    code: str = CODE,
) -> None:
    """Answer as a person does in the form."""
    value: Any = KEEP if choice is None else {"choice": choice}
    change = Change(code, value, KEEP if note is None else note)
    answering.record(Actor(person), assessment, Stage.UNIT, [change])


def told(
    assessment: Assessment,
    person: User,
    minutes: int,
    choice: str,
    *,
    code: str = CODE,
    stage: Stage = Stage.UNIT,
) -> None:
    """An entry as it was written some minutes after the beginning of this test's morning."""
    data = {"stage": stage.value, "value": {"choice": choice}, "version": 1}
    event = Event("answer.changed", code, data, {"note": ""})
    trail.record(Actor(person), assessment.chain, event, at=_at(minutes))


def _at(minutes: int) -> datetime:
    morning = datetime(2026, 3, 2, 9, tzinfo=timezone.get_default_timezone())
    return morning + timedelta(minutes=minutes)


# ── sentences ───────────────────────────────────────────────────────────────
def test_a_change_is_told_with_who_what_and_from_what(assessment: Assessment, cast: Cast) -> None:
    say(assessment, cast.member, "A")
    say(assessment, cast.team_head, "B")
    text = history(signed_in(cast.member))
    assert f"Ani Anggota mengisi jawaban {CODE} dengan A" in text
    assert f"Kris Ketua mengubah jawaban {CODE} dari A menjadi B" in text
    assert "<del" not in signed_in(cast.member).get(PAGE).content.decode()
    assert text.index("Kris Ketua mengubah") < text.index("Ani Anggota mengisi")


def test_a_note_alone_is_told_as_a_note(assessment: Assessment, cast: Cast) -> None:
    say(assessment, cast.member, "A", note="Rencana kerja 2026")
    say(assessment, cast.team_head, note="Rencana kerja, dipantau bulanan")
    text = history(signed_in(cast.member))
    assert f"Kris Ketua mengubah penjelasan {CODE}" in text
    assert f"mengisi jawaban {CODE} dengan A" in text
    assert "Penjelasan: Rencana kerja 2026" in text
    assert "Sebelumnya Rencana kerja 2026 Menjadi Rencana kerja, dipantau bulanan" in text


def test_an_answer_taken_back_is_told_as_emptied(assessment: Assessment, cast: Cast) -> None:
    say(assessment, cast.member, "A")
    answering.record(Actor(cast.team_head), assessment, Stage.UNIT, [Change(CODE, None)])
    assert f"Kris Ketua mengosongkan jawaban {CODE}" in history(signed_in(cast.member))


def test_counts_are_told_by_their_names(assessment: Assessment, cast: Cast) -> None:
    counts = {"counts": {"agen": 9, "perubahan": 1200}}
    fill(assessment, {"A.II.1.i.a": counts}, actor=Actor(cast.member))
    text = history(signed_in(cast.member), "?butir=A.II.1.i.a")
    assert "Ani Anggota mengisi jawaban A.II.1.i.a" in text
    assert "1.200" in text


def test_of_counts_only_what_changed_is_told(assessment: Assessment, cast: Cast) -> None:
    for person, done in ((cast.member, 8), (cast.team_head, 9)):
        counts = {"counts": {"sasaran": 11, "tercapai": done}}
        fill(assessment, {"A.II.4.i.a": counts}, actor=Actor(person))
    html = signed_in(cast.member).get(f"{PAGE}?orang={cast.team_head.uuid}").content.decode()
    assert re.findall(r'<span class="was">(.*?)</span>', html) == ["8"]
    assert "dari 8 menjadi 9" in history(signed_in(cast.member))


def test_an_index_is_told_with_two_decimals(assessment: Assessment, cast: Cast) -> None:
    for person, index in ((cast.member, "3.7"), (cast.team_head, "3.65")):
        fill(assessment, {"B.I.a": {"index": index}}, actor=Actor(person))
    text = history(signed_in(cast.member))
    assert "Ani Anggota mengisi jawaban B.I.a dengan indeks 3,70" in text
    assert "Kris Ketua mengubah jawaban B.I.a indeks dari 3,70 menjadi 3,65" in text


def test_each_line_says_what_was_asked(assessment: Assessment, cast: Cast) -> None:
    say(assessment, cast.member, "A")
    question = instrument().indicator(CODE).text
    assert question in history(signed_in(cast.member))


def test_a_long_note_is_cut_between_words_and_opens(assessment: Assessment, cast: Cast) -> None:
    words = [f"kata{number}" for number in range(30)]
    say(assessment, cast.member, "A", note=" ".join(words))
    text = history(signed_in(cast.member))
    assert f"Penjelasan: {' '.join(words[:NOTE_WORDS])}…" in text
    assert " ".join(words) in text


def test_opening_and_states_are_told(assessment: Assessment, cast: Cast) -> None:
    data = {"state": State.SUBMITTED.value, "before": State.DRAFT.value}
    trail.record(Actor(cast.team_head), assessment.chain, Event("assessment.state", "", data))
    text = history(signed_in(cast.member))
    assert "Operator membuka penilaian dengan sasaran WBK" in text
    assert "Kris Ketua mengubah tahap menjadi Diajukan" in text


def test_reports_are_told_and_can_be_filtered_for(assessment: Assessment, cast: Cast) -> None:
    for verb in ("report.issued", "report.downloaded"):
        trail.record(Actor(cast.leader), assessment.chain, Event(verb, str(uuid.uuid4())))
    text = history(signed_in(cast.member), "?jenis=laporan")
    assert "Pita Pimpinan membuat laporan kesiapan" in text
    assert "Pita Pimpinan mengunduh laporan kesiapan" in text
    assert "2 catatan" in text


def test_an_entry_of_an_unknown_verb_is_shown_all_the_same(
    assessment: Assessment, cast: Cast
) -> None:
    trail.record(Actor(cast.team_head), assessment.chain, Event("evidence.attached", CODE))
    assert f"Kris Ketua mencatat evidence.attached {CODE}" in history(signed_in(cast.member))


def test_a_removed_account_leaves_its_entries(assessment: Assessment, cast: Cast) -> None:
    say(assessment, cast.member, "A")
    cast.member.delete()
    text = history(signed_in(cast.team_head))
    assert f"Akun yang dihapus mengisi jawaban {CODE} dengan A" in text


def test_a_blanked_note_is_gone_and_the_rest_stays(assessment: Assessment, cast: Cast) -> None:
    say(assessment, cast.member, "A", note="Rahasia")
    TrailEntry.objects.filter(verb="answer.changed").update(personal=None, salt="")
    text = history(signed_in(cast.member))
    assert "Rahasia" not in text
    assert f"mengisi jawaban {CODE} dengan A" in text


@pytest.mark.parametrize("note", ["<img src=x onerror=alert(1)>", "</details><script>"])
def test_a_note_is_text(assessment: Assessment, cast: Cast, note: str) -> None:
    say(assessment, cast.member, "A", note=note)
    assert note not in signed_in(cast.member).get(PAGE).content.decode()


# ── what is one line ────────────────────────────────────────────────────────
def test_one_person_on_one_answer_within_ten_minutes_is_one_line(
    assessment: Assessment, cast: Cast
) -> None:
    told(assessment, cast.team_head, 0, "D")
    for minute, choice in ((1, "A"), (4, "B"), (11, "C")):
        told(assessment, cast.member, minute, choice)
    text = history(signed_in(cast.member), f"?butir={CODE}")
    assert f"Ani Anggota mengubah jawaban {CODE} dari D menjadi C (3 kali) 09.01–09.11" in text
    assert "2 catatan" in text


def test_after_ten_minutes_a_new_line_begins(assessment: Assessment, cast: Cast) -> None:
    for minute, choice in ((0, "A"), (9, "B"), (11, "C"), (22, "A")):
        told(assessment, cast.member, minute, choice)
    assert "3 catatan" in history(signed_in(cast.member), f"?butir={CODE}")


def test_another_person_in_between_keeps_the_lines_apart(
    assessment: Assessment, cast: Cast
) -> None:
    told(assessment, cast.member, 0, "A")
    told(assessment, cast.team_head, 1, "B")
    told(assessment, cast.member, 2, "A")
    text = history(signed_in(cast.member), f"?butir={CODE}")
    assert "3 catatan" in text
    assert "dari B menjadi A" in text


def test_other_answers_in_between_do_not(assessment: Assessment, cast: Cast) -> None:
    told(assessment, cast.member, 0, "A")
    told(assessment, cast.member, 1, "B", code="A.I.1.iii.b")
    told(assessment, cast.member, 2, "C")
    text = history(signed_in(cast.member))
    assert f"mengisi jawaban {CODE} dengan C (2 kali)" in text


def test_an_import_is_one_line_with_its_answers(assessment: Assessment, cast: Cast) -> None:
    changes = [Change(code, {"choice": "A"}) for code in (CODE, "A.I.1.iii.b", "A.I.1.iii.c")]
    answering.record(
        Actor(cast.member),
        assessment,
        Stage.UNIT,
        changes,
        verb="answer.imported",
        source={"name": "lke 2026.xlsx", "file_sha256": "0" * 64},
    )
    client = signed_in(cast.member)
    text = history(client)
    assert "Ani Anggota mengimpor jawaban 3 butir dari berkas lke 2026.xlsx" in text
    assert "2 catatan" in text
    one = history(client, f"?butir={CODE}")
    assert f"Ani Anggota mengimpor jawaban {CODE} dari berkas lke 2026.xlsx" in one


# ── filters and pages ───────────────────────────────────────────────────────
def test_it_is_filtered_by_indicator_person_and_kind(assessment: Assessment, cast: Cast) -> None:
    say(assessment, cast.member, "A")
    say(assessment, cast.team_head, "B", code="A.I.1.iii.b")
    client = signed_in(cast.auditor)
    only = history(client, f"?butir={CODE}")
    assert "1 catatan" in only
    assert "A.I.1.iii.b" not in only
    mine = history(client, f"?orang={cast.team_head.uuid}")
    assert "Kris Ketua mengisi" in mine
    assert "Ani Anggota mengisi" not in mine
    opened = history(client, "?jenis=penilaian")
    assert "membuka penilaian" in opened
    assert "mengisi" not in opened
    assert "1 catatan" in history(client, "?orang=operator")


def test_a_filter_without_result_offers_to_drop_it(assessment: Assessment, cast: Cast) -> None:
    text = history(signed_in(cast.member), f"?orang={uuid.uuid4()}")
    assert "Tidak ada catatan yang cocok" in text
    assert "Hapus saringan" in text


def test_an_indicator_never_answered_says_so(assessment: Assessment, cast: Cast) -> None:
    text = history(signed_in(cast.member), f"?butir={CODE}")
    assert "Butir ini belum pernah dijawab." in text
    assert signed_in(cast.member).get(f"{PAGE}?butir=Z.9").status_code == 404


def test_it_is_paged_and_pages_keep_the_filter(assessment: Assessment, cast: Cast) -> None:
    for step in range(60):
        told(assessment, cast.member, step * 11, "AB"[step % 2])
    client = signed_in(cast.member)
    first = client.get(f"{PAGE}?butir={CODE}").content.decode()
    assert "1–50 dari 60" in first
    assert f"?butir={CODE}&amp;halaman=2" in first
    last = history(client, f"?butir={CODE}&halaman=2")
    assert "51–60 dari 60" in last
    assert f"Ani Anggota mengisi jawaban {CODE} dengan A" in last


def test_the_number_of_queries_does_not_grow_with_the_entries(
    assessment: Assessment, cast: Cast
) -> None:
    client = signed_in(cast.member)
    told(assessment, cast.member, 0, "A")
    history(client)
    with CaptureQueriesContext(connection) as few:
        history(client)
    for step in range(1, 120):
        told(assessment, (cast.member, cast.team_head)[step % 2], step * 11, "AB"[step % 2])
    with CaptureQueriesContext(connection) as more:
        history(client)
    assert len(more) == len(few)


# ── who sees what ───────────────────────────────────────────────────────────
def test_what_tpi_did_stays_hidden_until_released(assessment: Assessment, cast: Cast) -> None:
    say(assessment, cast.member, "A")
    move(assessment, State.EVALUATION)
    answering.record(
        Actor(cast.evaluator),
        assessment,
        Stage.TPI,
        [Change(CODE, {"choice": "D"}, "Bukti kurang")],
    )
    shown = f"Eka Evaluator mengisi nilai TPI {CODE} dengan D"
    for person in (cast.member, cast.unit_head, cast.leader, cast.auditor):
        for query in ("", f"?butir={CODE}", "?jenis=tpi"):
            text = history(signed_in(person), query)
            assert "Eka Evaluator" not in text, person.name
            assert "Nilai TPI" not in text, person.name
            assert "Bukti kurang" not in text, person.name
    assert shown in history(signed_in(cast.evaluator))
    move(assessment, State.TPI_CLOSED)
    assert shown in history(signed_in(cast.member))


def test_people_outside_the_scope_find_nothing(assessment: Assessment, cast: Cast) -> None:
    for person in (cast.stranger, cast.nobody, cast.admin, cast.evaluator):
        assert signed_in(person).get(PAGE).status_code == 404, person.name


def test_reading_changes_nothing(assessment: Assessment, cast: Cast) -> None:
    say(assessment, cast.member, "A")
    before = (TrailEntry.objects.count(), Answer.objects.get().version)
    history(signed_in(cast.member))
    assert (TrailEntry.objects.count(), Answer.objects.get().version) == before
    assert trail.verify(assessment.chain) is None
