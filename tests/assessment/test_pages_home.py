"""The home page: what a person has to do next, and beginning an assessment."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import Membership, Role, TrailEntry
from accounts.trail import OPERATOR
from accounts.units import create_unit
from assessment.assessments import create_assessment, create_period
from assessment.models import Assessment, InstrumentVersion, Period, Stage, State, Target
from tests.assessment.pages import empty_with_reason, fill, just_below_75, move, text_of
from tests.conftest import Cast, Ministry, signed_in


def home(client: Client, query: str = "") -> str:
    response = client.get(f"/{query}")
    assert response.status_code == 200
    return text_of(response)


def buttons(client: Client) -> str:
    """The page's filled buttons, as markup: there may be one."""
    html = client.get("/").content.decode()
    return html[html.find("btn-primary") :] if html.count("btn-primary") == 1 else ""


@pytest.fixture
def many(ministry: Ministry, period: Period) -> None:
    """Thirty more units below DITJEN, each with a draft."""
    for number in range(30):
        name = f"UPT {number}"
        unit = create_unit(OPERATOR, code=f"UPT{number:02}", name=name, parent=ministry.ditjen)
        create_assessment(OPERATOR, unit=unit, period=period, target=Target.WBK)


def test_a_member_sees_score_and_completeness_apart_and_one_button_to_go_on(
    assessment: Assessment, cast: Cast
) -> None:
    fill(assessment, without=("A.I.1.i.a", "A.I.1.ii.a"))
    client = signed_in(cast.member)
    text = home(client)
    assert "Politeknik Uji" in text
    assert "Draf" in text
    assert "Nilai sementara" in text
    assert "111/113 butir" in text
    assert "Belum lengkap 2 butir belum dijawab" in text
    assert "Lanjutkan pengisian" in buttons(client)


def test_unmet_requirements_are_named_once_the_sheet_is_complete(
    assessment: Assessment, cast: Cast
) -> None:
    fill(assessment)
    assessment.target = Target.WBBM
    assessment.save()
    text = home(signed_in(cast.member))
    assert "Kurang 4 syarat WBBM" in text
    assert "Nilai total, Pengungkit, Penataan Tatalaksana, dan 1 lainnya" in text


def test_a_score_just_below_the_minimum_is_not_rounded_up_to_it(
    assessment: Assessment, cast: Cast
) -> None:
    fill(assessment, just_below_75())
    text = home(signed_in(cast.member))
    assert "74,996" in text
    assert "75,00" not in text


def test_who_may_not_fill_is_led_to_the_summary(assessment: Assessment, cast: Cast) -> None:
    for person in (cast.unit_head, cast.leader, cast.auditor):
        text = home(signed_in(person))
        assert "Lihat ringkasan" in text
        assert "pengisian" not in text


def test_a_submitted_sheet_offers_no_filling(assessment: Assessment, cast: Cast) -> None:
    move(assessment, State.SUBMITTED)
    text = home(signed_in(cast.member))
    assert "Diajukan" in text
    assert "pengisian" not in text


def test_tpi_people_see_an_assessment_only_once_it_is_submitted(
    assessment: Assessment, cast: Cast
) -> None:
    assert "Belum ada penilaian yang diajukan" in home(signed_in(cast.evaluator))
    move(assessment, State.SUBMITTED)
    assert "Politeknik Uji" in home(signed_in(cast.evaluator))


def test_tpi_score_leads_only_after_tpi_has_closed(assessment: Assessment, cast: Cast) -> None:
    fill(assessment)
    move(assessment, State.EVALUATION)
    fill(assessment, {"A.I.1.i.a": {"choice": "Tidak"}}, stage=Stage.TPI)
    assert "84,71" in home(signed_in(cast.member))
    move(assessment, State.TPI_CLOSED)
    text = home(signed_in(cast.member))
    assert "Nilai TPI 84,46" in text


def test_each_line_names_the_stage_of_its_score_and_only_tpi_gives_a_verdict(
    many: None, assessment: Assessment, cast: Cast
) -> None:
    client = signed_in(cast.leader)
    fill(assessment)
    said = home(client, "?cari=POLTEK")
    assert "84,71 mandiri" in said
    assert "Memenuhi syarat nilai WBK sementara, masih dapat berubah" in said
    move(assessment, State.SUBMITTED)
    said = home(client, "?cari=POLTEK")
    assert "84,71 mandiri" in said
    assert "Memenuhi syarat nilai WBK menurut penilaian mandiri" in said
    fill(assessment, stage=Stage.TPI)
    move(assessment, State.TPI_CLOSED)
    html = client.get("/?cari=POLTEK").content.decode()
    assert "Memenuhi syarat nilai WBK menurut TPI" in home(client, "?cari=POLTEK")
    assert 'class="st t-ok"' in html


def test_a_draft_that_reaches_everything_is_not_shown_as_a_verdict(
    assessment: Assessment, cast: Cast
) -> None:
    fill(assessment)
    assert 'class="st t-ok"' not in signed_in(cast.member).get("/").content.decode()


def test_what_was_emptied_with_a_reason_counts_as_filled_and_is_said(
    assessment: Assessment, cast: Cast
) -> None:
    fill(assessment, without=("A.I.2.i.a",))
    empty_with_reason(assessment, "A.I.2.i.a")
    for query, said in (
        ("", "113/113 butir Termasuk 1 dikosongkan dengan alasan"),
        ("?cari=POLTEK", "113/113 terisi 1 dikosongkan"),
    ):
        assert said in home(signed_in(cast.member), query)


def test_nobody_sees_a_unit_outside_the_scope(assessment: Assessment, cast: Cast) -> None:
    for query in ("", "?cari=Politeknik", "?cari=POLTEK&tahun=2026"):
        assert "Politeknik Uji" not in home(signed_in(cast.stranger), query)


def test_earlier_years_stand_below_the_current_one(
    assessment: Assessment, instrument_version: InstrumentVersion, cast: Cast
) -> None:
    before = create_period(OPERATOR, year=2025, instrument=instrument_version)
    create_assessment(OPERATOR, unit=assessment.unit, period=before, target=Target.WBK)
    text = home(signed_in(cast.member))
    assert text.index("Tahun 2026") < text.index("Tahun 2025")


def test_many_units_become_a_paged_table_with_search_and_filters(many: None, cast: Cast) -> None:
    client = signed_in(cast.leader)
    assert "1–25 dari 30" in home(client)
    assert "26–30 dari 30" in home(client, "?halaman=2")
    assert "UPT 7" in home(client, "?cari=upt07")
    found = home(client, "?cari=upt07&tahun=2026&tahap=draf")
    assert "1 penilaian" in found
    assert "UPT 8" not in found


@pytest.mark.parametrize(
    "query", ["?cari=tiada", "?tahun=1999", "?tahun=kini", "?tahap=selesai", "?tahap=%00"]
)
def test_a_search_without_result_names_the_filters_and_offers_to_drop_them(
    many: None, cast: Cast, query: str
) -> None:
    text = home(signed_in(cast.leader), query)
    assert "Tidak ada penilaian yang cocok" in text
    assert "Hapus saringan" in text


def test_the_number_of_queries_does_not_grow_with_the_units(
    assessment: Assessment, cast: Cast, ministry: Ministry, period: Period
) -> None:
    client = signed_in(cast.leader)
    home(client)
    with CaptureQueriesContext(connection) as few:
        home(client)
    for number in range(24):
        unit = create_unit(OPERATOR, code=f"U{number}", name=f"U {number}", parent=ministry.ditjen)
        fill(create_assessment(OPERATOR, unit=unit, period=period, target=Target.WBK))
    with CaptureQueriesContext(connection) as more:
        home(client)
    assert len(more) == len(few)


def test_an_account_without_a_role_is_told_whom_to_ask(cast: Cast) -> None:
    text = home(signed_in(cast.nobody))
    assert "belum mempunyai peran" in text
    assert "Hubungi Adi Admin" in text


def test_a_member_of_a_unit_without_assessment_is_told_who_begins_it(
    cast: Cast, period: Period
) -> None:
    text = home(signed_in(cast.member))
    assert "Belum ada penilaian 2026" in text
    assert "Hubungi Kris Ketua" in text


def test_without_an_open_period_everybody_is_sent_to_the_admin(cast: Cast) -> None:
    assert "Belum ada periode penilaian yang dibuka" in home(signed_in(cast.team_head))


# ── beginning an assessment ─────────────────────────────────────────────────
def begin(client: Client, unit: str = "POLTEK", year: int = 2026, target: str = "WBK") -> int:
    return client.post(f"/lke/{unit}/{year}/mulai/", {"target": target}).status_code


def test_the_head_of_team_begins_the_assessment_of_the_unit(cast: Cast, period: Period) -> None:
    client = signed_in(cast.team_head)
    assert "Mulai penilaian" in buttons(client)
    assert begin(client, target="WBBM") == 302
    opened = Assessment.objects.get()
    assert (opened.unit.code, opened.target, opened.state) == ("POLTEK", "WBBM", State.DRAFT)
    assert TrailEntry.objects.filter(chain=opened.chain, actor=cast.team_head).count() == 1
    assert "Mulai penilaian" not in home(client)


def test_an_admin_begins_it_without_seeing_what_is_in_it(cast: Cast, period: Period) -> None:
    client = signed_in(cast.admin)
    assert "Politeknik Uji" in home(client)
    assert begin(client) == 302
    assert client.get("/lke/POLTEK/2026/ringkasan/").status_code == 404


def test_units_that_are_made_of_units_are_not_offered_except_to_the_head_of_their_team(
    cast: Cast, ministry: Ministry, period: Period
) -> None:
    text = home(signed_in(cast.admin))
    assert ministry.poltek.name in text
    assert ministry.ditjen.name not in text
    Membership.objects.create(user=cast.team_head, unit=ministry.ditjen, role=Role.TEAM_HEAD)
    assert ministry.ditjen.name in home(signed_in(cast.team_head))


def test_an_admin_is_told_what_the_page_lists(cast: Cast, period: Period) -> None:
    text = home(signed_in(cast.admin))
    assert "Penilaian unit" in text
    assert "Unit kerja tanpa penilaian 2026" in text
    assert "Isi penilaian tidak tampil untuk peran admin" in text


def test_an_assessment_is_begun_by_nobody_else(cast: Cast, period: Period) -> None:
    for person, refusal in (
        (cast.member, 403),
        (cast.unit_head, 403),
        (cast.leader, 403),
        (cast.auditor, 403),
        (cast.evaluator, 404),
        (cast.stranger, 404),
        (cast.nobody, 404),
    ):
        assert begin(signed_in(person)) == refusal, person.name
    assert not Assessment.objects.exists()


def test_a_second_one_or_a_nameless_target_changes_nothing(
    assessment: Assessment, cast: Cast
) -> None:
    client = signed_in(cast.team_head)
    assert begin(client, target="") == 302
    assert "Pilih sasaran WBK atau WBBM" in home(client)
    assert begin(client, target="WBBM") == 302
    assert "sudah memiliki penilaian tahun 2026" in home(client)
    assert Assessment.objects.get().target == "WBK"


def test_a_year_that_is_over_not_yet_open_or_unknown_cannot_be_begun(
    cast: Cast, period: Period
) -> None:
    today = timezone.localdate()
    client = signed_in(cast.team_head)
    assert begin(client, year=2031) == 404
    period.submission_deadline = today - timedelta(days=1)
    period.save()
    assert begin(client) == 404
    period.submission_deadline, period.opens_on = None, today + timedelta(days=1)
    period.save()
    assert begin(client) == 404
    assert not Assessment.objects.exists()


def test_a_person_with_two_units_finds_one_filled_button(
    assessment: Assessment, cast: Cast, ministry: Ministry, period: Period
) -> None:
    Membership.objects.create(user=cast.member, unit=ministry.balai, role=Role.MEMBER)
    fill(create_assessment(OPERATOR, unit=ministry.balai, period=period, target=Target.WBK))
    button = buttons(signed_in(cast.member))
    assert button.startswith('btn-primary" href="/lke/POLTEK/2026/isi/"')  # it has blanks
