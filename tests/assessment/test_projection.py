"""The verdict with assumed survey indices, on the summary of a draft."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from assessment.models import Answer, Assessment, Score, State
from tests.assessment.pages import fill, move, text_of
from tests.assessment.samples import all_best
from tests.conftest import Cast, signed_in

PAGE = "/lke/POLTEK/2026/ringkasan/"
BAND = "Perkiraan, belum disimpan"
SURVEYS = ("B.I.a", "B.II.a")


def band(text: str) -> str:
    """What the dashed band says, "" when there is none."""
    return text.partition(BAND)[2].partition("Hapus perkiraan")[0]


def test_assumed_indices_give_the_projected_total_and_verdict(
    assessment: Assessment, cast: Cast
) -> None:
    fill(assessment, all_best(), without=SURVEYS)
    client = signed_in(cast.member)

    text = text_of(client.get(PAGE + "?ipak=3,6&ipkp=3.4"))

    # 65 without the surveys, 17.5 × 3.6 / 4 and 17.5 × 3.4 / 4 with them.
    assert "Perkiraan nilai 95,63" in band(text)
    assert "Bila IPAK 3,6 dan IPKP 3,4." in band(text)
    assert "Menurut penilaian mandiri, memenuhi syarat nilai WBK" in band(text)
    assert "Hasil menunggu survei" in text.partition(BAND)[0]


def test_a_projection_stores_nothing(assessment: Assessment, cast: Cast) -> None:
    fill(assessment, all_best(), without=SURVEYS)
    before = list(Score.objects.order_by("pk").values())

    signed_in(cast.member).get(PAGE + "?ipak=3,6&ipkp=3,4")

    assert not Answer.objects.filter(code__in=SURVEYS).exists()
    assert list(Score.objects.order_by("pk").values()) == before


@pytest.mark.parametrize(
    ("ipak", "verdict"), [("3,6", "memenuhi syarat"), ("3,5999", "belum memenuhi syarat")]
)
def test_the_projected_verdict_is_exact_at_the_minimum(
    assessment: Assessment, cast: Cast, ipak: str, verdict: str
) -> None:
    fill(assessment, all_best(), without=SURVEYS)
    text = text_of(signed_in(cast.member).get(f"{PAGE}?ipak={ipak}&ipkp=4"))
    assert f"Menurut penilaian mandiri, {verdict} nilai WBK" in band(text)


def test_other_blanks_keep_the_projection_incomplete(assessment: Assessment, cast: Cast) -> None:
    fill(assessment, all_best(), without=(*SURVEYS, "A.I.1.i.a"))
    text = text_of(signed_in(cast.member).get(PAGE + "?ipak=3,6&ipkp=3,4"))
    assert "Belum lengkap" in band(text)
    assert "1 dari 113 butir belum dijawab." in band(text)


def test_one_index_alone_leaves_the_other_awaited(assessment: Assessment, cast: Cast) -> None:
    fill(assessment, all_best(), without=SURVEYS)
    text = text_of(signed_in(cast.member).get(PAGE + "?ipak=3,6&ipkp="))
    assert "Hasil menunggu survei" in band(text)
    assert "Bila IPAK 3,6." in band(text)


@pytest.mark.parametrize(
    ("typed", "words"),
    [("92,5", "IKM"), ("5", "IPAK BPS"), ("empat", "3,71"), ("-1", "3,71"), ("%00", "3,71")],
)
def test_what_is_no_index_is_refused_beside_its_field_and_stays_as_typed(
    assessment: Assessment, cast: Cast, typed: str, words: str
) -> None:
    response = signed_in(cast.member).get(f"{PAGE}?ipak={typed}&ipkp=3,4")
    page = response.content.decode()
    error = re.search(r'id="p-ipak-salah">(.*?)</p>', page, re.DOTALL)
    assert error
    assert words in error[1]
    assert 'id="p-ipkp-salah"' not in page
    assert 'name="ipkp" value="3,4"' in page
    assert BAND not in page


def test_the_chosen_target_judges_the_projection(assessment: Assessment, cast: Cast) -> None:
    fill(assessment, all_best(), without=SURVEYS)
    text = text_of(signed_in(cast.member).get(PAGE + "?sasaran=WBBM&ipak=3,6&ipkp=3,5"))
    assert "belum memenuhi syarat nilai WBBM" in band(text)


def test_the_other_target_keeps_what_was_assumed(assessment: Assessment, cast: Cast) -> None:
    page = signed_in(cast.member).get(PAGE + "?ipak=3,6&ipkp=3,5").content.decode()
    assert 'href="?sasaran=WBBM&amp;ipak=3%2C6&amp;ipkp=3%2C5"' in page
    plain = signed_in(cast.member).get(PAGE).content.decode()
    assert 'href="?sasaran=WBBM"' in plain


def test_a_draft_offers_it_always_with_what_is_answered_a_complete_submission_does_not(
    assessment: Assessment, cast: Cast
) -> None:
    fill(assessment)
    client = signed_in(cast.member)
    ipak = Answer.objects.get(code="B.I.a").value["index"].replace(".", ",")
    assert f'name="ipak" value="{ipak}"' in client.get(PAGE).content.decode()
    move(assessment, State.SUBMITTED)
    assert "Perkiraan bila" not in text_of(client.get(PAGE + "?ipak=3,6"))


def test_a_projection_takes_no_further_query(assessment: Assessment, cast: Cast) -> None:
    client = signed_in(cast.member)

    def queries(query: str) -> int:
        with CaptureQueriesContext(connection) as captured:
            client.get(PAGE + query)
        return len(captured)

    plain = queries("")
    assert queries("?ipak=3,6&ipkp=3,4") == plain
    fill(assessment)
    assert queries("?ipak=3,6&ipkp=3,4") == plain
