"""Last year beside this year: what the cards say of it, and what can be copied from it."""

import uuid
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts import trail
from accounts.models import TrailEntry
from accounts.trail import OPERATOR
from assessment import answering, catalogue, scores
from assessment.answering import Change
from assessment.assessments import create_assessment, create_period
from assessment.models import Answer, Assessment, InstrumentVersion, Stage, State, Target
from tests.assessment.pages import fill, move, text_of
from tests.assessment.samples import all_best, document, sample_answers
from tests.conftest import Cast, Ministry, signed_in

AREA = "/lke/POLTEK/2026/isi/{}/"
COPY = "/lke/POLTEK/2026/salin/"
CODE = "A.I.1.i.b"
COUNTED = "A.II.1.i.a"
SHARING = "A.II.1.i.b"


@pytest.fixture
def before(
    assessment: Assessment, ministry: Ministry, instrument_version: InstrumentVersion
) -> Assessment:
    """POLTEK's closed assessment of 2025: every answer of the sample with a note."""
    return earlier(ministry, instrument_version, 2025, State.CLOSED)


def earlier(ministry: Ministry, version: InstrumentVersion, year: int, state: State) -> Assessment:
    period = create_period(OPERATOR, year=year, instrument=version)
    made = create_assessment(OPERATOR, unit=ministry.poltek, period=period, target=Target.WBK)
    changes = [Change(code, value, f"Catatan {year} {code}") for code, value in answers().items()]
    answering.record(OPERATOR, made, Stage.UNIT, changes)
    move(made, state)
    return made


def answers() -> dict[str, Any]:
    return sample_answers()


def judge(assessment: Assessment, code: str, value: dict[str, Any], note: str) -> None:
    """TPI's judgement, as it stands in an assessment of any state."""
    state = assessment.state
    move(assessment, State.EVALUATION)
    answering.record(OPERATOR, assessment, Stage.TPI, [Change(code, value, note)])
    move(assessment, State(state))


def card(client: Client, code: str) -> str:
    return client.get(f"/lke/POLTEK/2026/isi/butir/{code}/").content.decode()


def copy(client: Client, **fields: str) -> str:
    """Copy and read the page that follows."""
    response = client.post(COPY, fields, follow=True)
    assert response.status_code == 200
    return text_of(response)


def rows(assessment: Assessment) -> dict[str, Answer]:
    return {row.code: row for row in Answer.objects.filter(assessment=assessment, stage="unit")}


# ── what the cards say ──────────────────────────────────────────────────────
def test_a_card_says_what_both_answered_last_year(before: Assessment, cast: Cast) -> None:
    judge(before, CODE, {"choice": "C"}, "SK belum menyebut tugas.")
    client = signed_in(cast.member)
    own = answers()[CODE]["choice"]
    text = " ".join(card(client, CODE).split())
    assert f"Tahun 2025: mandiri {own} (" in text
    assert "TPI C (0,00)" in text or "TPI C (0,33)" in text
    assert f"Catatan 2025 {CODE}" in text
    assert "SK belum menyebut tugas." in text


def test_counts_and_indices_are_said_with_their_worth(before: Assessment, cast: Cast) -> None:
    client = signed_in(cast.member)
    index = answers()["B.I.a"]["index"].replace(".", ",")
    assert f"mandiri {index} (0," in card(client, "B.I.a")
    assert "% (" in card(client, SHARING).partition("Tahun 2025")[2]


def test_tpi_stays_hidden_until_last_year_was_released(before: Assessment, cast: Cast) -> None:
    judge(before, CODE, {"choice": "C"}, "Rahasia TPI.")
    move(before, State.EVALUATION)
    text = card(signed_in(cast.member), CODE)
    assert "Tahun 2025: mandiri" in text
    assert "TPI" not in text.partition("Tahun 2025")[2]
    assert "Rahasia TPI." not in text


def test_those_who_see_submitted_sheets_only_see_no_earlier_draft(
    before: Assessment, assessment: Assessment, cast: Cast
) -> None:
    move(assessment, State.SUBMITTED)
    move(before, State.DRAFT)
    client = signed_in(cast.evaluator)
    assert "Tahun 2025" not in card(client, CODE)
    move(before, State.CLOSED)
    assert "Tahun 2025" in card(client, CODE)


def test_the_latest_earlier_year_is_shown_and_never_a_later_one(
    before: Assessment, ministry: Ministry, instrument_version: InstrumentVersion, cast: Cast
) -> None:
    earlier(ministry, instrument_version, 2023, State.CLOSED)
    earlier(ministry, instrument_version, 2027, State.DRAFT)
    text = card(signed_in(cast.member), CODE)
    assert "Tahun 2025" in text
    assert "2023" not in text
    assert "2027" not in text


def test_another_unit_is_not_last_year(
    assessment: Assessment, ministry: Ministry, instrument_version: InstrumentVersion, cast: Cast
) -> None:
    period = create_period(OPERATOR, year=2025, instrument=instrument_version)
    other = create_assessment(OPERATOR, unit=ministry.balai, period=period, target=Target.WBK)
    fill(other)
    assert "Tahun 2025" not in card(signed_in(cast.member), CODE)


def test_a_page_takes_one_query_more_for_last_year(
    assessment: Assessment, ministry: Ministry, instrument_version: InstrumentVersion, cast: Cast
) -> None:
    client = signed_in(cast.member)

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            client.get(AREA.format("A.I.6"))
        return len(captured)

    without = queries()
    earlier(ministry, instrument_version, 2025, State.CLOSED)
    assert queries() == without


# ── copying ─────────────────────────────────────────────────────────────────
def test_notes_alone_are_copied_unless_answers_are_asked_for(
    before: Assessment, assessment: Assessment, cast: Cast
) -> None:
    text = copy(signed_in(cast.team_head))
    made = rows(assessment)
    assert len(made) == 113
    assert all(row.value is None and row.review_again for row in made.values())
    assert made[CODE].note == f"Catatan 2025 {CODE}"
    assert "113 penjelasan disalin dari tahun 2025; 113 butir perlu ditinjau." in text


def test_answers_are_copied_when_asked_for_and_score_the_same(
    before: Assessment, assessment: Assessment, cast: Cast
) -> None:
    text = copy(signed_in(cast.team_head), answers="1")
    made = rows(assessment)
    assert {code: row.value for code, row in made.items()} == answers()
    assert all(row.review_again for row in made.values())
    assert "113 penjelasan dan 113 jawaban disalin" in text
    totals = {
        s.assessment_id: s.total for s in assessment.scores.model.objects.filter(stage="unit")
    }
    assert totals[assessment.pk] == totals[before.pk]
    assert list(scores.rescore(write=False)) == []


def test_nothing_that_is_there_is_overwritten(
    before: Assessment, assessment: Assessment, cast: Cast
) -> None:
    answered, noted, emptied = "A.I.1.i.a", "A.I.1.i.b", "A.I.1.ii.a"
    answering.record(
        OPERATOR,
        assessment,
        Stage.UNIT,
        [
            Change(answered, {"choice": "Tidak"}),
            Change(noted, note="Catatan tahun ini."),
            Change(emptied, empty_reason="Belum ada."),
        ],
    )
    copy(signed_in(cast.team_head), answers="1")
    made = rows(assessment)
    assert (made[answered].value, made[answered].note) == ({"choice": "Tidak"}, "")
    assert not made[answered].review_again
    assert (made[noted].value, made[noted].note) == (answers()[noted], "Catatan tahun ini.")
    assert (made[emptied].value, made[emptied].empty_reason) == (None, "Belum ada.")


def test_a_second_copy_finds_nothing_left(
    before: Assessment, assessment: Assessment, cast: Cast
) -> None:
    client = signed_in(cast.team_head)
    copy(client, answers="1")
    seen = {code: row.version for code, row in rows(assessment).items()}
    assert "Tidak ada yang disalin" in copy(client, answers="1")
    assert {code: row.version for code, row in rows(assessment).items()} == seen


def test_a_pokja_copies_its_own_part_only(
    before: Assessment, assessment: Assessment, cast: Cast
) -> None:
    copy(signed_in(cast.coordinator), answers="1")
    areas = {code.rsplit(".", 2)[0] for code in rows(assessment)}
    assert areas == {"A.I.2", "A.II.2"}


def test_only_indicators_of_equal_code_and_type_are_matched(
    assessment: Assessment, ministry: Ministry, cast: Cast
) -> None:
    """Last year's instrument asked A.I.1.i.a with three criteria instead of Ya and Tidak."""
    changed = document()
    place = _indicator(changed, "A.I.1.i.a")
    like = _indicator(changed, CODE)
    place.update(type=like["type"], options=like["options"])
    changed.update(code="lain", konsistensi=[])
    other = catalogue.load(OPERATOR, changed)[0]
    period = create_period(OPERATOR, year=2025, instrument=other)
    made = create_assessment(OPERATOR, unit=ministry.poltek, period=period, target=Target.WBK)
    fill(made, {"A.I.1.i.a": {"choice": "A"}, CODE: {"choice": "A"}})
    client = signed_in(cast.team_head)
    assert "Tahun 2025" not in card(client, "A.I.1.i.a")
    copy(client, answers="1")
    assert set(rows(assessment)) == {CODE}


def _indicator(part: Any, code: str) -> dict[str, Any]:
    """The part of an instrument document that describes an indicator."""
    found = [each for each in _parts(part) if each.get("code") == code and "type" in each]
    return found[0]


def _parts(part: Any) -> list[dict[str, Any]]:
    if isinstance(part, dict):
        return [part, *(each for value in part.values() for each in _parts(value))]
    if isinstance(part, list):
        return [each for value in part for each in _parts(value)]
    return []


def test_an_answer_that_breaks_a_rule_beside_this_years_is_left_out(
    before: Assessment, assessment: Assessment, cast: Cast
) -> None:
    """This year fewer changes were counted than last year's integrated ones."""
    answering.record(
        OPERATOR,
        assessment,
        Stage.UNIT,
        [Change(COUNTED, {"counts": {"agen": 1, "perubahan": 0}})],
    )
    copy(signed_in(cast.team_head), answers="1")
    made = rows(assessment)
    assert made[COUNTED].value == {"counts": {"agen": 1, "perubahan": 0}}
    assert made[SHARING].value is None
    assert made[SHARING].note == f"Catatan 2025 {SHARING}"


def test_the_trail_names_the_source_and_the_history_tells_it(
    before: Assessment, assessment: Assessment, cast: Cast
) -> None:
    client = signed_in(cast.team_head)
    copy(client, answers="1")
    entries = TrailEntry.objects.filter(chain=assessment.chain, verb="answer.copied")
    assert entries.count() == 113
    entry = entries.get(target=CODE)
    assert entry.data["source"] == {"year": 2025, "assessment": str(before.uuid)}
    assert entry.data["review_again"] is True
    assert entry.actor == cast.team_head
    assert trail.verify(assessment.chain) is None
    history = text_of(client.get("/lke/POLTEK/2026/riwayat/"))
    assert "Kris Ketua menyalin jawaban 113 butir dari tahun 2025" in history


def test_a_locked_sheet_takes_no_copy(
    before: Assessment, assessment: Assessment, cast: Cast
) -> None:
    move(assessment, State.SUBMITTED)
    assert "Tidak ada yang disalin. Sudah diajukan kepada TPI." in copy(
        signed_in(cast.team_head), answers="1"
    )
    assert not rows(assessment)


def test_the_page_says_how_much_there_is_or_why_there_is_nothing(
    assessment: Assessment,
    ministry: Ministry,
    instrument_version: InstrumentVersion,
    cast: Cast,
) -> None:
    client = signed_in(cast.team_head)
    assert "Belum ada penilaian tahun sebelumnya" in text_of(client.get(COPY))
    assert COPY not in client.get(AREA.format("A.I.1")).content.decode()
    earlier(ministry, instrument_version, 2025, State.CLOSED)
    assert "113 penjelasan dapat disalin 113 jawaban dapat disalin" in text_of(client.get(COPY))
    assert COPY in client.get(AREA.format("A.I.1")).content.decode()
    fill(assessment, all_best())
    assert "Tidak ada yang dapat disalin dari 2025" in text_of(client.get(COPY))


# ── reviewing what was copied ───────────────────────────────────────────────
def save(client: Client, **fields: str) -> str:
    posted = {"save_id": str(uuid.uuid4()), **fields}
    address = f"/lke/POLTEK/2026/isi/butir/{CODE}/simpan/"
    return client.post(address, posted, headers={"HX-Request": "true"}).content.decode()


def test_a_copied_answer_waits_until_it_is_confirmed(
    before: Assessment, assessment: Assessment, cast: Cast
) -> None:
    client = signed_in(cast.team_head)
    copy(client, answers="1")
    page = client.get(AREA.format("A.I.1")).content.decode()
    assert 'data-state="ditinjau"' in page
    assert "Konfirmasi" in page
    row = rows(assessment)[CODE]
    text = save(client, version="1", choice=row.value["choice"], note=row.note, confirm="1")
    after = rows(assessment)[CODE]
    assert (after.review_again, after.version, after.value) == (False, 2, row.value)
    assert 'data-state="tersimpan"' in text
    assert 'id="ver-A-I-1-i-b" value="2"' in text
    assert TrailEntry.objects.get(verb="answer.confirmed").target == CODE
    assert f"Kris Ketua mengonfirmasi jawaban {CODE}" in text_of(
        client.get("/lke/POLTEK/2026/riwayat/")
    )


def test_saving_the_same_again_does_not_confirm(
    before: Assessment, assessment: Assessment, cast: Cast
) -> None:
    client = signed_in(cast.team_head)
    copy(client, answers="1")
    row = rows(assessment)[CODE]
    text = save(client, version="1", choice=row.value["choice"], note=row.note)
    assert rows(assessment)[CODE].review_again
    assert 'data-state="ditinjau"' in text


def test_changing_it_confirms_it(before: Assessment, assessment: Assessment, cast: Cast) -> None:
    client = signed_in(cast.team_head)
    copy(client, answers="1")
    save(client, version="1", note="Ditulis tahun ini.")
    assert not rows(assessment)[CODE].review_again
    assert not TrailEntry.objects.filter(verb="answer.confirmed").exists()


def test_a_confirmation_of_what_somebody_changed_meanwhile_changes_nothing(
    before: Assessment, assessment: Assessment, cast: Cast
) -> None:
    copy(signed_in(cast.team_head), answers="1")
    save(signed_in(cast.member), version="1", note="Milik anggota.")
    save(signed_in(cast.team_head), version="1", confirm="1")
    row = rows(assessment)[CODE]
    assert (row.note, row.version) == ("Milik anggota.", 2)
    assert not TrailEntry.objects.filter(verb="answer.confirmed").exists()


def test_the_tree_and_the_filter_count_what_waits(
    before: Assessment, assessment: Assessment, cast: Cast
) -> None:
    client = signed_in(cast.coordinator)
    copy(client, answers="1")
    count = len(rows(assessment))
    text = text_of(client.get(AREA.format("A.I.2")))
    assert f"Perlu ditinjau {count}" in text
    assert "perlu ditinjau, selesai" in text
