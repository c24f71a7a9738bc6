"""The verdict page: which stage speaks, what is asked and reached, how a figure came about."""

import re
from datetime import UTC, date, datetime

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import TrailEntry
from accounts.trail import OPERATOR
from assessment import answering
from assessment.answering import Change
from assessment.models import Answer, Assessment, NationalResult, Stage, State
from tests.assessment.pages import empty_with_reason, fill, just_below_75, move, text_of
from tests.assessment.samples import all_best, instrument, worst
from tests.conftest import Cast, signed_in

PAGE = "/lke/POLTEK/2026/ringkasan/"
LOW = {"A.I.1.i.a": {"choice": "Tidak"}}


def page(client: Client, rest: str = "") -> str:
    response = client.get(PAGE + rest)
    assert response.status_code == 200, response.status_code
    return text_of(response)


def row(text: str, label: str) -> str:
    """What the requirement table says of one requirement, up to its outcome."""
    table = text.partition("Diminta")[2]
    found = re.search(rf"{re.escape(label)}[^≥]*≥.*?(Terpenuhi|Kurang|Belum)", table)
    assert found, f"no row {label}"
    return found[0].replace(", cara nilai dihitung", "")


def test_the_bare_address_leads_to_the_summary(assessment: Assessment, cast: Cast) -> None:
    assert signed_in(cast.member).get("/lke/POLTEK/2026/").headers["Location"] == PAGE


# ── the sentence ────────────────────────────────────────────────────────────
def test_the_verdict_names_its_stage(assessment: Assessment, cast: Cast) -> None:
    fill(assessment)
    text = page(signed_in(cast.member))
    assert "Menurut penilaian mandiri, memenuhi syarat nilai WBK" in text
    assert "Seluruh 12 syarat terpenuhi." in text


def test_the_target_switch_changes_every_requirement(assessment: Assessment, cast: Cast) -> None:
    fill(assessment)
    text = page(signed_in(cast.member), "?sasaran=WBBM")
    assert "Menurut penilaian mandiri, belum memenuhi syarat nilai WBBM" in text
    assert "8 dari 12 syarat terpenuhi." in text
    assert "Terjauh menurut bobotnya: Penataan Tatalaksana, kurang 0,65 poin dari bobot 7." in text
    short = [label for label in LABELS if row(text, label).endswith("Kurang")]
    assert short == [
        "Nilai total", "Pengungkit", "Penataan Tatalaksana", "Pelayanan Publik yang Prima (IPKP)",
    ]  # fmt: skip


LABELS = [threshold.label for threshold in instrument().thresholds["WBK"]]


def test_an_incomplete_sheet_is_that_before_anything_else(
    assessment: Assessment, cast: Cast
) -> None:
    fill(assessment, without=("A.I.2.i.a",))
    text = page(signed_in(cast.member))
    assert "Belum lengkap 1 dari 113 butir belum dijawab." in text
    assert "Menurut penilaian mandiri sejauh ini, 12 dari 12 syarat nilai WBK terpenuhi." in text
    assert "Menurut penilaian mandiri, memenuhi" not in text
    assert row(text, "Nilai total").endswith("Terpenuhi")


def test_what_can_still_be_answered_is_open_and_not_short(
    assessment: Assessment, cast: Cast
) -> None:
    tatalaksana = tuple(code for code in instrument().indicators if code.startswith("A.II.2"))
    fill(assessment, without=tatalaksana)
    text = page(signed_in(cast.member))
    assert row(text, "Penataan Tatalaksana").endswith("Belum")
    assert "Kurang" not in text


def test_a_requirement_that_filling_alone_cannot_reach_is_named_with_both_amounts(
    assessment: Assessment, cast: Cast
) -> None:
    part = "A.II.2."
    blank = "A.I.2.i.a"
    low = {
        code: worst(each) if code.startswith(part) else value
        for (code, each), value in zip(
            instrument().indicators.items(), all_best().values(), strict=True
        )
        if code != blank
    }
    fill(assessment, low)
    text = page(signed_in(cast.member))
    assert row(text, "Penataan Tatalaksana").endswith("Belum")
    assert (
        "Mengisi butir kosong saja belum cukup: Penataan Tatalaksana kurang 1,03 poin, "
        "butir kosongnya menambah paling banyak 0,33."
    ) in text


def test_nothing_is_beyond_reach_while_blanks_could_still_give_enough(
    assessment: Assessment, cast: Cast
) -> None:
    assert "belum cukup" not in page(signed_in(cast.member))


def test_without_the_survey_indices_the_result_waits_and_pengungkit_leads(
    assessment: Assessment, cast: Cast
) -> None:
    fill(assessment, without=("B.I.a", "B.II.a"))
    text = page(signed_in(cast.member))
    assert "Hasil menunggu survei" in text
    assert "Pengungkit 47,82/60 Nilai mandiri" in text
    assert row(text, "Pengungkit").endswith("Terpenuhi")


def test_an_indicator_emptied_with_a_reason_does_not_make_it_incomplete(
    assessment: Assessment, cast: Cast
) -> None:
    fill(assessment, without=("A.I.2.i.a",))
    Answer.objects.create(
        assessment=assessment, stage=Stage.UNIT, code="A.I.2.i.a", empty_reason="Tidak ada SOP",
        changed_at=assessment.created_at,
    )  # fmt: skip
    text = page(signed_in(cast.member))
    assert "Belum lengkap" not in text
    assert "113/113 1 dikosongkan" in text


def test_a_total_just_below_the_minimum_is_shown_as_what_it_is(
    assessment: Assessment, cast: Cast
) -> None:
    fill(assessment, just_below_75())
    text = page(signed_in(cast.member))
    assert row(text, "Nilai total") == "Nilai total ≥ 75,000 ▼ 74,996 −0,004 Kurang"
    assert "Nilai mandiri 74,996" in text
    assert "75,00 " not in text


def test_areas_are_asked_in_percent_and_shown_with_their_points(
    assessment: Assessment, cast: Cast
) -> None:
    fill(assessment)
    said = row(page(signed_in(cast.member)), "Penataan Tatalaksana")
    assert said == "Penataan Tatalaksana (4,60 dari 7 poin) ≥ 60,0 % 65,7 % +5,7 % Terpenuhi"


def test_a_survey_is_shown_with_its_index(assessment: Assessment, cast: Cast) -> None:
    fill(assessment)
    assert "(indeks 3,71)" in row(page(signed_in(cast.member)), "IPAK")
    answering.record(OPERATOR, assessment, Stage.UNIT, [Change("B.I.a", {"index": "3.7"})])
    assert "(indeks 3,70)" in row(page(signed_in(cast.member)), "IPAK")


# ── stages ──────────────────────────────────────────────────────────────────
def test_tpi_values_are_hidden_from_the_unit_until_released(
    assessment: Assessment, cast: Cast
) -> None:
    fill(assessment)
    move(assessment, State.EVALUATION)
    fill(assessment, LOW, stage=Stage.TPI)
    for person in (cast.member, cast.team_head, cast.unit_head, cast.leader, cast.auditor):
        client = signed_in(person)
        text = page(client)
        assert "Nilai TPI" not in text, person.name
        assert "84,46" not in text, person.name
        assert client.get(f"{PAGE}total/?tahap=tpi").status_code == 404, person.name
        assert "dinilai" not in text.replace("cara nilai", ""), person.name


def test_the_evaluator_sees_both_and_how_far_the_evaluation_is(
    assessment: Assessment, cast: Cast
) -> None:
    fill(assessment)
    move(assessment, State.EVALUATION)
    fill(assessment, LOW, stage=Stage.TPI)
    text = page(signed_in(cast.evaluator))
    assert "Nilai mandiri 84,71 Nilai TPI 84,46 dinilai 1/113" in text
    assert "Menurut penilaian mandiri, memenuhi" in text  # nothing of TPI is released yet
    assert "−0,25" in text


def test_after_closing_tpi_leads_for_everybody(assessment: Assessment, cast: Cast) -> None:
    fill(assessment)
    move(assessment, State.EVALUATION)
    fill(assessment, LOW, stage=Stage.TPI)
    move(assessment, State.TPI_CLOSED)
    text = page(signed_in(cast.member))
    assert "Menurut evaluasi TPI, memenuhi syarat nilai WBK" in text
    assert "Selisih TPI" in text
    assert "dinilai 1/113" not in text


def test_the_national_result_stands_beside_as_far_as_it_is_known(
    assessment: Assessment, cast: Cast
) -> None:
    fill(assessment)
    move(assessment, State.NATIONAL_RESULT)
    NationalResult.objects.create(
        assessment=assessment,
        outcome="Ditetapkan WBK",
        decided_on=date(2026, 11, 20),
        nodes={"total": "83.9", "A.I.1": "3.5", "A.II.1": "2.5", "A.I.2": "2"},
    )
    text = page(signed_in(cast.member))
    assert "Hasil TPN: Ditetapkan WBK Menurut evaluasi TPI, memenuhi syarat nilai WBK" in text
    assert "Nilai TPN 83,90" in text
    assert " 75,0 % +" in row(text, "Manajemen Perubahan")
    assert " – +" in row(text, "Penataan Tatalaksana")  # one of its two parts is unknown


# ── who and what next ───────────────────────────────────────────────────────
def test_strangers_and_people_without_a_role_find_nothing(
    assessment: Assessment, cast: Cast
) -> None:
    for person in (cast.stranger, cast.nobody, cast.admin, cast.evaluator):
        client = signed_in(person)
        for rest in ("", "total/", "A.I.1/"):
            assert client.get(PAGE + rest).status_code == 404, (person.name, rest)
        assert client.get("/lke/POLTEK/2026/").status_code == 404


def test_only_who_can_fill_now_is_told_to_go_on(assessment: Assessment, cast: Cast) -> None:
    assert "Mulai pengisian" in page(signed_in(cast.member))
    fill(assessment, LOW)
    assert "Lanjutkan pengisian" in page(signed_in(cast.member))
    assert "pengisian" not in page(signed_in(cast.leader))
    move(assessment, State.SUBMITTED)
    assert "pengisian" not in page(signed_in(cast.member))


def test_the_readiness_report_is_asked_for_by_a_form(assessment: Assessment, cast: Cast) -> None:
    html = signed_in(cast.auditor).get(PAGE).content.decode()
    assert 'method="post" action="/lke/POLTEK/2026/laporan/"' in html


def test_the_strip_shows_where_the_year_stands(assessment: Assessment, cast: Cast) -> None:
    assessment.period.submission_deadline = date(2026, 6, 30)
    assessment.period.save()
    html = signed_in(cast.member).get(PAGE).content.decode()
    assert re.search(r'aria-current="step">.*?<b>Draf</b>', html, re.DOTALL)
    assert "batas 30 Jun 2026" in html
    assert "Dikembalikan" not in html
    short = page(signed_in(cast.member))
    assert "Draf tahap 1 dari 8 Diajukan batas 30 Jun 2026" in short
    move(assessment, State.RETURNED)
    assert "Dikembalikan" in page(signed_in(cast.member))


def test_the_strip_says_when_the_assessment_was_opened_as_the_history_has_it(
    assessment: Assessment, cast: Cast
) -> None:
    opened = datetime(2026, 1, 5, 9, tzinfo=UTC)
    TrailEntry.objects.filter(verb="assessment.created").update(at=opened)
    move(assessment, State.SUBMITTED)
    assert "Draf dibuka 5 Jan 2026" in page(signed_in(cast.member))


def test_an_area_says_how_many_of_its_indicators_are_filled(
    assessment: Assessment, cast: Cast
) -> None:
    fill(assessment, without=("A.I.2.i.a", "A.II.2.i.a"))
    empty_with_reason(assessment, "A.II.2.i.a")
    assert "Penataan Tatalaksana 14/15 terisi" in page(signed_in(cast.member))


def test_reading_takes_as_many_queries_for_a_full_sheet_as_for_an_empty_one(
    assessment: Assessment, cast: Cast
) -> None:
    client = signed_in(cast.member)
    page(client)
    with CaptureQueriesContext(connection) as empty:
        page(client)
    fill(assessment)
    with CaptureQueriesContext(connection) as full:
        page(client)
    assert len(full) == len(empty)


# ── how a figure came about ─────────────────────────────────────────────────
def test_every_figure_of_the_page_opens_its_calculation(assessment: Assessment, cast: Cast) -> None:
    fill(assessment)
    client = signed_in(cast.member)
    links = set(re.findall(r'class="calc" href="([^"]+)"', client.get(PAGE).content.decode()))
    assert len(links) > 60
    for link in links:
        assert client.get(link).status_code == 200, link


def test_every_node_can_be_explained_down_to_its_answers(
    assessment: Assessment, cast: Cast
) -> None:
    fill(assessment)
    client = signed_in(cast.member)
    for code in ("A", "A.I", "A.I.1", "A.I.1.iii", "A.I.1.iii.a", "B", "B.I.a", "B.II", "area.3"):
        assert "Cara nilai dihitung" in page(client, f"{code}/")
    for code in ("A.I.9", "area.7", "Z"):
        assert client.get(f"{PAGE}{code}/").status_code == 404


def test_a_mean_is_shown_with_its_indicators_weight_and_value(
    assessment: Assessment, cast: Cast
) -> None:
    fill(assessment, {"A.I.1.iii.a": {"choice": "A"}, "A.I.1.iii.b": {"choice": "B"}})
    text = page(signed_in(cast.member), "A.I.1.iii/")
    assert "jawaban A 1,00" in text
    assert "jawaban B 0,67" in text
    assert "belum dijawab 0,00" in text
    assert "Rata-rata 3 butir 0,56 Dikali bobot × 1,00 Nilai A.I.1.iii 0,56" in text


def test_a_percentage_is_shown_with_the_numbers_it_is_made_of(
    assessment: Assessment, cast: Cast
) -> None:
    fill(assessment, {"A.II.5.ii.a": {"counts": {"harus": 0, "proses": 0, "selesai": 0}}})
    text = page(signed_in(cast.member), "A.II.5.ii.a/")
    assert "0 ÷ 0 1,00" in text
    assert "Tidak ada pengaduan: nilai 1" in text


def test_a_requirement_says_what_both_targets_ask(assessment: Assessment, cast: Cast) -> None:
    fill(assessment, just_below_75())
    text = page(signed_in(cast.member), "total/")
    assert "Nilai 74,996" in text
    assert "WBK meminta paling sedikit 75,000." in text
    assert "WBBM meminta paling sedikit 85,00." in text


def test_an_explanation_of_tpi_keeps_to_tpi(assessment: Assessment, cast: Cast) -> None:
    fill(assessment)
    move(assessment, State.EVALUATION)
    fill(assessment, LOW, stage=Stage.TPI)
    client = signed_in(cast.evaluator)
    assert "jawaban Tidak 0,00" in page(client, "A.I.1.i/?tahap=tpi")
    assert "jawaban Ya 1,00" in page(client, "A.I.1.i/")


def test_htmx_gets_the_panel_alone(assessment: Assessment, cast: Cast) -> None:
    reply = signed_in(cast.member).get(f"{PAGE}total/", headers={"HX-Request": "true"})
    assert reply.content.decode().lstrip().startswith("<section")


@pytest.mark.parametrize("name", ["<img src=x onerror=alert(1)>", "Balai & Co"])
def test_a_units_name_is_text(assessment: Assessment, cast: Cast, name: str) -> None:
    assessment.unit.name = name
    assessment.unit.save()
    answering.record(OPERATOR, assessment, Stage.UNIT, [Change("A.I.1.i.a", LOW["A.I.1.i.a"])])
    html = signed_in(cast.member).get(PAGE).content.decode()
    assert "<img src=x" not in html
    assert "Balai & Co" not in html


def test_the_reviewer_of_tpi_sees_its_column_before_it_is_released(
    assessment: Assessment, cast: Cast
) -> None:
    fill(assessment)
    move(assessment, State.EVALUATION)
    assert "Nilai TPI" in page(signed_in(cast.tpi_reviewer))
    assert "Nilai TPI" not in page(signed_in(cast.auditor))
