"""Finding butir: the tree's arrangements, filters, search, and going on to the next blank one."""

import json
import re

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext

from assessment.filling import finding, search
from assessment.models import Answer, Assessment, State
from tests.assessment.pages import fill, move, text_of
from tests.assessment.samples import all_best, instrument
from tests.conftest import Cast, signed_in

LKE = "/lke/POLTEK/2026/"
AREA = LKE + "isi/A.I.2/"
BLANK = LKE + "isi/saring/kosong/"
REVIEW = LKE + "isi/saring/perlu-ditinjau/"
SAVE = LKE + "isi/butir/{}/simpan/"
SURVEYS = ("B.I.a", "B.II.a")


def codes(response: HttpResponse) -> list[str]:
    """The butir whose cards a page shows, in its order."""
    return re.findall(r'<article class="[^"]*"[^>]* id="b-([\w-]+)"', response.content.decode())


def found(client: Client, query: str) -> list[str]:
    return codes(client.get(LKE + "isi/cari/", {"cari": query}))


def save(client: Client, code: str, *, htmx: bool = True, **fields: str) -> HttpResponse:
    headers = {"HX-Request": "true"} if htmx else {}
    return client.post(SAVE.format(code), {"version": "0", **fields}, headers=headers)


def went_on(response: HttpResponse) -> dict[str, str]:
    """Where the reply to a save leads."""
    return json.loads(response["HX-Trigger-After-Settle"])["lanjut"]


def groups(response: HttpResponse) -> list[str]:
    """The headings of the tree that stands beside the page."""
    beside = response.content.decode().partition("<aside")[2].partition("</aside>")[0]
    return re.findall(r"<h2><span>(.*?)</span>", beside)


# ── tree ────────────────────────────────────────────────────────────────────
OFFICIAL = ["Pemenuhan", "Reform", "Hasil"]
BY_POKJA = [
    "Pokja I Manajemen Perubahan",
    "Pokja II Tatalaksana",
    "Pokja III SDM Aparatur",
    "Pokja IV Akuntabilitas",
    "Pokja V Pengawasan",
    "Pokja VI Pelayanan Publik",
    "Hasil",
]


def test_the_tree_follows_the_form_and_for_members_of_a_pokja_the_pokja(
    assessment: Assessment, cast: Cast
) -> None:
    assert groups(signed_in(cast.member).get(AREA)) == OFFICIAL
    assert groups(signed_in(cast.coordinator).get(AREA)) == BY_POKJA


def test_a_chosen_arrangement_is_remembered(assessment: Assessment, cast: Cast) -> None:
    client = signed_in(cast.coordinator)
    assert groups(client.get(AREA + "?susunan=lke")) == OFFICIAL
    assert groups(client.get(BLANK)) == OFFICIAL
    assert groups(client.get(AREA + "?susunan=pokja")) == BY_POKJA
    assert groups(client.get(BLANK)) == BY_POKJA


@pytest.mark.parametrize("nonsense", ["", "huruf", "%00"])
def test_an_unknown_arrangement_changes_nothing(
    assessment: Assessment, cast: Cast, nonsense: str
) -> None:
    response = signed_in(cast.member).get(f"{AREA}?susunan={nonsense}")
    assert groups(response) == OFFICIAL
    assert "susunan" not in response.cookies


def test_a_pokja_has_its_two_areas_and_their_points(assessment: Assessment, cast: Cast) -> None:
    fill(assessment, all_best())
    beside = signed_in(cast.coordinator).get(AREA).content.decode().partition("<aside")[2]
    second = beside.partition("Pokja II ")[2].partition("Pokja III")[0]
    assert "7,00 / 7" in second
    assert re.findall(r'href="/lke/POLTEK/2026/isi/([\w.]+)/"', second) == ["A.I.2", "A.II.2"]


def test_a_save_brings_the_points_of_both_arrangements(assessment: Assessment, cast: Cast) -> None:
    text = save(signed_in(cast.member), "A.II.6.i.a", choice="A").content.decode()
    assert re.search(r'id="tp-A-II"[^>]*>1,25 / 30', text)
    assert re.search(r'id="tp-pokja-6"[^>]*>1,25 / 10', text)
    assert re.search(r'id="t-A-II-6"[^>]*>.*?1/3', text)


# ── filters ─────────────────────────────────────────────────────────────────
def test_the_filter_of_blanks_lists_them_across_areas_with_their_number(
    assessment: Assessment, cast: Cast
) -> None:
    fill(assessment, without=("A.I.1.i.a", "A.II.3.i.a", "B.I.a"))
    response = signed_in(cast.member).get(BLANK)
    assert codes(response) == ["A-I-1-i-a", "A-II-3-i-a", "B-I-a"]
    assert re.search(r"Kosong 3\b", text_of(response))
    assert "Buka area" in text_of(response)


def test_what_was_emptied_with_a_reason_is_not_blank(assessment: Assessment, cast: Cast) -> None:
    fill(assessment, without=("A.I.1.i.a",))
    save(signed_in(cast.member), "A.I.1.i.a", note="Belum ada.")
    Answer.objects.filter(code="A.I.1.i.a").update(empty_reason="Tidak dibentuk tahun ini.")
    text = text_of(signed_in(cast.member).get(BLANK))
    assert "Tidak ada butir kosong" in text
    assert "Hapus saringan" in text


def test_answers_to_be_confirmed_again_have_a_filter(assessment: Assessment, cast: Cast) -> None:
    fill(assessment)
    assert codes(signed_in(cast.member).get(REVIEW)) == []
    Answer.objects.filter(code__in=["A.I.4.i.a", "B.I.b"]).update(review_again=True)
    response = signed_in(cast.member).get(REVIEW)
    assert codes(response) == ["A-I-4-i-a", "B-I-b"]
    assert re.search(r"Perlu ditinjau 2\b", text_of(response))


def test_an_unknown_filter_is_not_found(assessment: Assessment, cast: Cast) -> None:
    assert signed_in(cast.member).get(LKE + "isi/saring/semua/").status_code == 404


def test_pages_of_blanks_lose_none_when_those_before_are_answered(
    assessment: Assessment, cast: Cast
) -> None:
    client = signed_in(cast.member)
    first = client.get(BLANK)
    following = re.search(r'rel="next" href="\?mulai=([\w.]+)"', first.content.decode())
    assert following
    assert len(codes(first)) == finding.PER_PAGE
    answered = [code for code in all_best() if code.replace(".", "-") in codes(first)]
    fill(assessment, {code: all_best()[code] for code in answered})

    second = client.get(BLANK, {"mulai": following[1]})

    order = [code.replace(".", "-") for code in instrument().indicators]
    assert codes(second) == order[25:50]
    assert "1–25 dari 88 butir" in text_of(second)


def test_a_search_is_paged_with_its_words(assessment: Assessment, cast: Cast) -> None:
    client = signed_in(cast.member)
    seen, address = [], LKE + "isi/cari/?cari=A.I."
    while address:
        response = client.get(address)
        seen += codes(response)
        following = re.search(r'rel="next" href="(\?[^"]+)"', response.content.decode())
        address = LKE + "isi/cari/" + following[1].replace("&amp;", "&") if following else ""
    assert seen == [c.replace(".", "-") for c in instrument().indicators if c.startswith("A.I.")]


@pytest.mark.parametrize("start", ["B.II.a", "ZZZ", "%00"])
def test_a_list_never_begins_behind_its_end(assessment: Assessment, cast: Cast, start: str) -> None:
    fill(assessment, without=("A.I.1.i.a",))
    assert codes(signed_in(cast.member).get(f"{BLANK}?mulai={start}")) == ["A-I-1-i-a"]


def test_cards_of_other_pokja_are_locked_in_a_list_too(assessment: Assessment, cast: Cast) -> None:
    fill(assessment, without=("A.I.1.i.a", "A.I.2.i.a"))
    response = signed_in(cast.coordinator).get(BLANK)
    assert codes(response) == ["A-I-1-i-a", "A-I-2-i-a"]
    assert response.content.decode().count('name="note"') == 1
    assert text_of(response).count("Diisi oleh pokja lain.") == 1


def test_a_submitted_sheet_can_be_searched_but_not_filled(
    assessment: Assessment, cast: Cast
) -> None:
    fill(assessment)
    move(assessment, State.SUBMITTED)
    response = signed_in(cast.evaluator).get(LKE + "isi/cari/?cari=pengaduan")
    assert codes(response)
    assert "<textarea" not in response.content.decode()


@pytest.mark.parametrize("address", [AREA, BLANK, REVIEW, LKE + "isi/cari/?cari=unit"])
def test_pages_take_the_same_few_queries_for_an_empty_and_a_full_sheet(
    assessment: Assessment, cast: Cast, address: str
) -> None:
    client = signed_in(cast.member)

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert client.get(address).status_code == 200
        return len(captured)

    empty = queries()
    fill(assessment)
    # A list without cards does not even ask for last year.
    assert queries() in (empty, empty - 1)
    assert empty <= 9


# ── search ──────────────────────────────────────────────────────────────────
@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("A.II.5.iii.a", "A.II.5.iii.a"),  # code
        ("a.ii.5.III.A", "A.II.5.iii.a"),
        ("anti korupsi ipak", "B.I.a"),  # question
        ("DIMONITOR pengukuran", "A.I.2.ii.d"),
        ("pengükuran dimonitor", "A.I.2.ii.d"),
        ("monev tidak berkala", "A.I.2.ii.d"),  # criteria
        ("terbuka informasi", "A.I.2.iii.a"),  # name of the sub-component
    ],
)
def test_a_search_finds_by_code_question_criteria_and_subcomponent(query: str, code: str) -> None:
    assert code in search.find(instrument(), query)


def test_every_word_must_match() -> None:
    both = search.find(instrument(), "pengaduan masyarakat")
    assert both
    assert both <= search.find(instrument(), "pengaduan") & search.find(instrument(), "masyarakat")
    assert not search.find(instrument(), "pengaduan xyzzy")
    assert not search.find(instrument(), " ")


def test_a_search_shows_the_matching_cards(assessment: Assessment, cast: Cast) -> None:
    assert found(signed_in(cast.member), "dimonitor pengukuran") == ["A-I-2-ii-d"]


def test_a_search_without_result_names_it_and_offers_to_end_it(
    assessment: Assessment, cast: Cast
) -> None:
    response = signed_in(cast.member).get(LKE + "isi/cari/", {"cari": " <b>xyzzy  0\x00"})
    assert "Pencarian: &lt;b&gt;xyzzy 0." in response.content.decode()
    assert "Tidak ada butir yang cocok" in text_of(response)
    assert "Hapus saringan" in text_of(response)


@pytest.mark.parametrize("query", ["", "   ", "\x00"])
def test_an_empty_search_leads_back_to_filling(
    assessment: Assessment, cast: Cast, query: str
) -> None:
    response = signed_in(cast.member).get(LKE + "isi/cari/", {"cari": query})
    assert (response.status_code, response["Location"]) == (302, LKE + "isi/")


# ── save and go on ──────────────────────────────────────────────────────────
def test_save_and_go_on_names_the_next_blank_behind_this_one(
    assessment: Assessment, cast: Cast
) -> None:
    fill(assessment, without=("A.I.1.i.a", "A.I.2.i.a", "A.II.3.i.a"))
    client = signed_in(cast.member)
    there = went_on(save(client, "A.I.2.i.a", choice="A", lanjut="1"))
    assert there == {"card": "b-A-II-3-i-a", "address": LKE + "isi/A.II.3/#b-A-II-3-i-a"}
    # Behind the last one it begins at the front.
    there = went_on(save(client, "A.II.3.i.a", choice="A", lanjut="1"))
    assert there["card"] == "b-A-I-1-i-a"


def test_it_keeps_to_the_persons_own_pokja(assessment: Assessment, cast: Cast) -> None:
    fill(assessment, without=("A.I.2.i.a", "A.I.3.i.a", "A.II.2.i.a"))
    there = went_on(save(signed_in(cast.coordinator), "A.I.2.i.a", choice="A", lanjut="1"))
    assert there["card"] == "b-A-II-2-i-a"


def test_after_the_last_blank_it_leads_to_the_summary_and_says_so(
    assessment: Assessment, cast: Cast
) -> None:
    fill(assessment, without=("A.I.2.i.a",))
    client = signed_in(cast.member)
    there = went_on(save(client, "A.I.2.i.a", choice="A", lanjut="1"))
    assert there == {"card": "", "address": LKE + "ringkasan/"}
    assert "Tidak ada lagi butir kosong" in text_of(client.get(there["address"]))


def test_it_does_not_leave_a_card_with_something_wrong(assessment: Assessment, cast: Cast) -> None:
    reply = save(signed_in(cast.member), "B.I.a", index="92,5", lanjut="1")
    assert "HX-Trigger-After-Settle" not in reply
    assert "IKM" in reply.content.decode()


def test_without_javascript_it_leads_to_the_next_card(assessment: Assessment, cast: Cast) -> None:
    reply = save(signed_in(cast.member), "A.I.1.i.a", htmx=False, choice="Ya", lanjut="1")
    assert (reply.status_code, reply["Location"]) == (302, LKE + "isi/A.I.1/#b-A-I-1-i-b")
    assert Answer.objects.get(code="A.I.1.i.a").value == {"choice": "Ya"}


# ── header ──────────────────────────────────────────────────────────────────
def requirements(response: HttpResponse) -> str:
    """What the header says of the requirements."""
    block = re.search(r'<a class="s-gap".*?</a>', response.content.decode(), re.DOTALL)
    assert block
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", block[0])).strip()


def test_an_incomplete_draft_reads_so_before_any_verdict(
    assessment: Assessment, cast: Cast
) -> None:
    client = signed_in(cast.member)
    fill(assessment, all_best(), without=("A.I.1.i.a", *SURVEYS))
    said = requirements(client.get(AREA))
    assert said == "Syarat nilai WBK Belum lengkap 8 dari 12 terpenuhi sejauh ini"
    assert 'href="/lke/POLTEK/2026/ringkasan/">64,' in client.get(AREA).content.decode()


def test_a_draft_that_lacks_only_surveys_waits_for_them(assessment: Assessment, cast: Cast) -> None:
    fill(assessment, all_best(), without=SURVEYS)
    said = requirements(signed_in(cast.member).get(AREA))
    assert said == "Syarat nilai WBK Hasil menunggu survei 8 dari 12 terpenuhi sejauh ini"


def test_a_complete_draft_reads_its_verdict_and_a_save_renews_it(
    assessment: Assessment, cast: Cast
) -> None:
    fill(assessment, all_best(), without=("A.I.1.i.a",))
    reply = save(signed_in(cast.member), "A.I.1.i.a", choice="Tidak")
    assert requirements(reply) == "Syarat nilai WBK Semua terpenuhi 12 dari 12"
