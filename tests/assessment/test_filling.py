"""The filling page and the saving of one card, through the real address."""

import re
import uuid

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.trail import OPERATOR
from assessment import answering
from assessment.answering import Change
from assessment.models import Answer, Assessment, Stage, State
from tests.assessment.samples import sample_answers
from tests.conftest import Cast, signed_in

PAGE = "/lke/POLTEK/2026/isi/{}/"
SAVE = "/lke/POLTEK/2026/isi/butir/{}/simpan/"
CODE = "A.II.6.i.a"
SHARE = "A.II.6.i.b"


def post(client: Client, code: str = CODE, *, htmx: bool = True, **fields: str) -> HttpResponse:
    posted = {"version": "0", "save_id": str(uuid.uuid4()), "note": "", **fields}
    headers = {"HX-Request": "true"} if htmx else {}
    return client.post(SAVE.format(code), posted, headers=headers)


def answer(code: str = CODE) -> Answer:
    return Answer.objects.get(stage=Stage.UNIT, code=code)


def message(response: HttpResponse, field: str, code: str = CODE) -> str:
    """What stands beside a field of a card."""
    place = rf'id="e-{code.replace(".", "-")}-{field}"[^>]*>(.*?)</div>'
    found = re.search(place, response.content.decode(), re.DOTALL)
    assert found, f"no place for messages of {field}"
    return re.sub(r"<[^>]+>", "", found[1]).strip()


def test_the_page_shows_every_card_of_the_area_with_nothing_chosen(
    assessment: Assessment, cast: Cast
) -> None:
    text = signed_in(cast.member).get(PAGE.format("A.II.6")).content.decode()
    assert text.count("<article") == 3
    assert "checked" not in text.split('id="pakai-pintasan"')[0]
    assert "Belum dijawab" in text
    assert "0/113" in re.sub(r"</?b>", "", text)


def test_a_choice_is_saved_and_the_reply_carries_all_that_it_changes(
    assessment: Assessment, cast: Cast
) -> None:
    text = post(signed_in(cast.member), choice="B").content.decode()
    assert answer().value == {"choice": "B"}
    assert 'data-state="tersimpan"' in text
    assert "<b>0,84</b> dari 1,25" in text  # the card
    assert ">0,84</a>" in text  # the header's total
    assert re.search(r'id="t-A-II-6"[^>]*>.*?1/3', text)
    assert 'name="version" id="ver-A-II-6-i-a" value="1"' in text


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("tiga", "bilangan bulat"),
        ("-3", "bilangan bulat"),
        ("3,5", "bilangan bulat"),
        ("9" * 10_000_000, "bilangan bulat"),
        ("4\x00", "bilangan bulat"),
    ],
)
def test_a_bad_count_gets_its_message_and_costs_nothing_else(
    assessment: Assessment, cast: Cast, typed: str, words: str
) -> None:
    client = signed_in(cast.member)
    post(client, SHARE, **{"count-terdata": "12", "count-dipermudah": "9"})
    reply = post(
        client,
        SHARE,
        version="1",
        note="Dicatat.",
        **{"count-terdata": "14", "count-dipermudah": typed},
    )
    assert words in message(reply, "dipermudah", SHARE)
    assert answer(SHARE).value == {"counts": {"terdata": 14, "dipermudah": 9}}
    assert answer(SHARE).note == "Dicatat."
    assert 'data-state="sebagian"' in reply.content.decode()


def test_a_part_above_its_whole_is_refused_beside_the_field_and_the_note_saved(
    assessment: Assessment, cast: Cast
) -> None:
    reply = post(
        signed_in(cast.member),
        SHARE,
        note="Dicatat.",
        **{"count-terdata": "3", "count-dipermudah": "4"},
    )
    assert "tidak boleh melebihi" in message(reply, "dipermudah", SHARE)
    assert (answer(SHARE).value, answer(SHARE).note) == (None, "Dicatat.")


@pytest.mark.parametrize(
    ("typed", "words"), [("92,5", "IKM"), ("5", "IPAK BPS"), ("empat", "3,71"), ("-1", "3,71")]
)
def test_a_bad_index_is_refused_with_its_likely_cause(
    assessment: Assessment, cast: Cast, typed: str, words: str
) -> None:
    reply = post(signed_in(cast.member), "B.I.a", index=typed)
    assert words in message(reply, "index", "B.I.a")
    assert not Answer.objects.filter(value__isnull=False).exists()


@pytest.mark.parametrize("typed", ["3,7", "3.7", " 3,7 "])
def test_comma_and_point_are_both_good_for_an_index(
    assessment: Assessment, cast: Cast, typed: str
) -> None:
    post(signed_in(cast.member), "B.I.a", index=typed)
    assert answer("B.I.a").value == {"index": "3.7"}


@pytest.mark.parametrize("note", ["a\x00b", "a\x07b", "a\u202eb", "a\u200fb", "x" * 20_001])
def test_a_note_that_cannot_be_kept_leaves_the_choice_saved(
    assessment: Assessment, cast: Cast, note: str
) -> None:
    reply = post(signed_in(cast.member), choice="A", note=note)
    assert message(reply, "note").startswith("Penjelasan")
    assert (answer().value, answer().note) == ({"choice": "A"}, "")


def test_an_unknown_choice_is_refused(assessment: Assessment, cast: Cast) -> None:
    reply = post(signed_in(cast.member), choice="Z")
    assert "pilih A, B, C atau D" in message(reply, "choice")
    assert not Answer.objects.filter(value__isnull=False).exists()


def test_a_collision_shows_both_answers_and_writes_neither(
    assessment: Assessment, cast: Cast
) -> None:
    post(signed_in(cast.team_head), choice="C", note="Milik ketua.")
    reply = post(signed_in(cast.member), choice="A", note="Milik anggota.")
    text = reply.content.decode()
    assert answer().value == {"choice": "C"}
    assert "Butir ini baru diubah Kris Ketua" in text
    assert "Milik ketua." in text
    assert "Milik anggota." in text
    # The version seen stays as it was: the next autosave must not overwrite by itself.
    assert 'id="ver-A-II-6-i-a"' not in text


def test_choosing_ones_own_answer_after_a_collision_saves_it(
    assessment: Assessment, cast: Cast
) -> None:
    post(signed_in(cast.team_head), choice="C")
    post(signed_in(cast.member), choice="A")
    post(signed_in(cast.member), choice="A", accept_version="1")
    assert (answer().value, answer().version) == ({"choice": "A"}, 2)


def test_without_javascript_saving_leads_back_to_the_card(
    assessment: Assessment, cast: Cast
) -> None:
    reply = post(signed_in(cast.member), htmx=False, choice="B")
    assert (reply.status_code, reply["Location"]) == (302, PAGE.format("A.II.6") + "#b-A-II-6-i-a")


def test_without_javascript_bad_input_comes_back_as_typed(
    assessment: Assessment, cast: Cast
) -> None:
    reply = post(
        signed_in(cast.member),
        SHARE,
        htmx=False,
        **{"count-terdata": "banyak", "count-dipermudah": "2"},
    )
    assert reply.status_code == 422
    assert 'value="banyak"' in reply.content.decode()
    assert "bilangan bulat" in message(reply, "terdata", SHARE)


def test_a_submitted_sheet_is_locked_and_says_why(assessment: Assessment, cast: Cast) -> None:
    Assessment.objects.filter(pk=assessment.pk).update(state=State.SUBMITTED)
    client = signed_in(cast.member)
    text = client.get(PAGE.format("A.II.6")).content.decode()
    assert "Sudah diajukan kepada TPI." in text
    assert "<textarea" not in text
    reply = post(client, choice="B")
    assert reply.status_code == 409
    assert "Sudah diajukan kepada TPI." in reply.content.decode()
    assert not Answer.objects.exists()


def test_a_reader_sees_the_cards_but_no_fields(assessment: Assessment, cast: Cast) -> None:
    for reader in (cast.unit_head, cast.leader, cast.auditor):
        client = signed_in(reader)
        assert "<textarea" not in client.get(PAGE.format("A.II.6")).content.decode()
        assert post(client, choice="B").status_code == 403


def test_a_stranger_and_tpi_before_submission_find_nothing(
    assessment: Assessment, cast: Cast
) -> None:
    for person in (cast.stranger, cast.evaluator, cast.nobody, cast.admin):
        client = signed_in(person)
        assert client.get(PAGE.format("A.II.6")).status_code == 404
        assert post(client, choice="B").status_code == 404


def test_a_pokja_member_fills_only_that_pokja(assessment: Assessment, cast: Cast) -> None:
    client = signed_in(cast.coordinator)
    assert "<textarea" in client.get(PAGE.format("A.II.2")).content.decode()
    assert "Diisi oleh pokja lain." in client.get(PAGE.format("A.II.6")).content.decode()
    assert post(client, choice="B").status_code == 403


def test_an_ended_session_is_told_to_the_card_instead_of_a_sign_in_page(
    assessment: Assessment,
) -> None:
    assert post(Client(), choice="B").status_code == 401
    assert post(Client(), htmx=False, choice="B").status_code == 302


def test_text_of_a_note_is_never_markup(assessment: Assessment, cast: Cast) -> None:
    client = signed_in(cast.member)
    post(client, note="</textarea><img src=x onerror=alert(1)>")
    text = client.get(PAGE.format("A.II.6")).content.decode()
    assert "<img" not in text
    assert "&lt;img src=x onerror=alert(1)&gt;" in text


@pytest.mark.parametrize("place", ["isi/A.II.9/", "isi/A.II.6.i/", "isi/butir/A.II.6/"])
def test_an_unknown_area_or_indicator_is_not_found(
    assessment: Assessment, cast: Cast, place: str
) -> None:
    assert signed_in(cast.member).get(f"/lke/POLTEK/2026/{place}").status_code == 404


def test_pages_take_few_queries_and_no_more_when_the_sheet_is_full(
    assessment: Assessment, cast: Cast
) -> None:
    client = signed_in(cast.member)

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            client.get(PAGE.format("A.I.6"))
        return len(captured)

    empty = queries()
    answering.record(
        OPERATOR,
        assessment,
        Stage.UNIT,
        [Change(c, v, "Catatan.") for c, v in sample_answers().items()],
    )
    assert queries() == empty <= 7


def test_start_leads_to_the_first_unanswered_indicator_that_the_person_may_fill(
    assessment: Assessment, cast: Cast
) -> None:
    start = "/lke/POLTEK/2026/isi/"
    assert signed_in(cast.member).get(start)["Location"].endswith("/A.I.1/#b-A-I-1-i-a")
    assert signed_in(cast.coordinator).get(start)["Location"].endswith("/A.I.2/#b-A-I-2-i-a")


@pytest.mark.parametrize("code", ["POL%00TEK", "POL%20TEK", "%F0%9F%92%A3", "P" * 41])
def test_an_address_that_no_unit_can_have_is_not_found(
    assessment: Assessment, cast: Cast, code: str
) -> None:
    assert signed_in(cast.member).get(f"/lke/{code}/2026/isi/A.II.6/").status_code == 404


def test_a_contradiction_is_said_on_both_cards_and_links_to_the_other(
    assessment: Assessment, cast: Cast
) -> None:
    client = signed_in(cast.member)
    post(client, SHARE, **{"count-terdata": "12", "count-dipermudah": "9"})
    text = post(client, choice="A").content.decode()
    assert text.count("padahal menurut hitungannya ada pelayanan yang belum dipermudah") == 2
    assert 'href="/lke/POLTEK/2026/isi/A.II.6/#b-A-II-6-i-b"' in text
    assert 'href="/lke/POLTEK/2026/isi/A.II.6/#b-A-II-6-i-a"' in text
    cured = post(client, choice="B", version="1").content.decode()
    assert "padahal" not in cured


def test_a_card_says_what_separates_the_answers_and_which_evidence_is_usual(
    assessment: Assessment, cast: Cast
) -> None:
    text = signed_in(cast.member).get(PAGE.format("A.I.1")).content.decode()
    assert "draf, atau SK yang separuh anggotanya sudah pindah tugas" in text
    assert text.count("Yang lazim diminta") == 12


@pytest.mark.parametrize(
    ("referer", "page"),
    [
        ("http://testserver/lke/POLTEK/2026/isi/A.II.6/", "/lke/POLTEK/2026/isi/A.II.6/"),
        ("https://elsewhere.example/lke/", "/"),
        ("", "/"),
    ],
)
def test_after_an_ended_session_without_javascript_one_returns_to_the_page_of_the_form(
    assessment: Assessment, referer: str, page: str
) -> None:
    reply = Client().post(SAVE.format(CODE), {"choice": "B"}, headers={"Referer": referer})
    assert reply["Location"] == f"/akun/masuk/?next={page}"


@pytest.mark.parametrize(
    ("state", "label"),
    [
        (State.DRAFT, "Nilai sementara"),
        (State.AWAITING_APPROVAL, "Nilai sementara"),
        (State.SUBMITTED, "Nilai mandiri"),
    ],
)
def test_a_score_is_provisional_until_it_is_handed_over(
    assessment: Assessment, cast: Cast, state: State, label: str
) -> None:
    Assessment.objects.filter(pk=assessment.pk).update(state=state)
    text = signed_in(cast.member).get(PAGE.format("A.II.6")).content.decode()
    assert f'<span class="label">{label}</span>' in text
