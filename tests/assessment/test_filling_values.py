"""Cards of counts and indices through the real address: rows, time ranges, sources."""

import re
import uuid
from fractions import Fraction
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client

from accounts.models import TrailEntry
from accounts.trail import OPERATOR, verify
from assessment import answering, importing
from assessment.answering import Change
from assessment.importing import Group
from assessment.models import Answer, Assessment, Stage, State
from assessment.workbook.comparing import Comparison
from assessment.workbook.parsed import Parsed
from assessment.workbook.reading import Entry, Reading
from tests.assessment.pages import move, text_of
from tests.conftest import Cast, signed_in

AGENTS = "A.II.1.i.a"
ANI = ["Ani", "2025-01-12", "selesai"]
BUDI = ["Budi", "", ""]
THREE = "Ani\t12/1/2025\tselesai\nBudi\t3 Maret 2025\tproses\nCici\n"
USUAL = {"range-agen-first": "2025-01-01", "range-agen-last": "2025-12-31"}
SURVEY = {
    "source": "tpi",
    "period-first": "2025-06",
    "period-last": "2025-08",
    "respondents": "120",
    "scale": "25-100",
    "original": "92,5",
}


def post(client: Client, code: str = AGENTS, *, htmx: bool = True, **fields: str) -> HttpResponse:
    """Save a card of which rows of agents are on the form."""
    posted = {"version": "0", "save_id": str(uuid.uuid4()), "note": "", "rows-agen": "1", **fields}
    headers = {"HX-Request": "true"} if htmx else {}
    address = f"/lke/POLTEK/2026/isi/butir/{code}/simpan/"
    return client.post(address, posted, headers=headers)


def rows(*each: list[str]) -> dict[str, str]:
    """The fields of these rows."""
    return {
        f"row-agen-{place}-{column}": cell
        for place, row in enumerate(each)
        for column, cell in enumerate(row)
    }


def value(code: str = AGENTS) -> Any:
    return Answer.objects.get(stage=Stage.UNIT, code=code).value


def message(response: HttpResponse, field: str, code: str = AGENTS) -> str:
    place = rf'id="e-{code.replace(".", "-")}-{field}"[^>]*>(.*?)</div>'
    found = re.search(place, response.content.decode(), re.DOTALL)
    assert found, f"no place for messages of {field}"
    return re.sub(r"<[^>]+>", "", found[1]).strip()


def give(assessment: Assessment, code: str, stored: dict[str, Any]) -> None:
    answering.record(OPERATOR, assessment, Stage.UNIT, [Change(code, stored)])


def page(client: Client, area: str = "A.II.1") -> str:
    return client.get(f"/lke/POLTEK/2026/isi/{area}/").content.decode()


# ── rows ────────────────────────────────────────────────────────────────────
def test_pasted_lines_become_rows_and_the_count_is_their_number(
    assessment: Assessment, cast: Cast
) -> None:
    client = signed_in(cast.member)
    reply = post(client, **{"count-agen": "9", "count-perubahan": "3", "paste-agen": THREE})
    assert value() == {
        "counts": {"agen": 3, "perubahan": 3},
        "rows": {"agen": [ANI, ["Budi", "2025-03-03", "proses"], ["Cici", "", ""]]},
    }
    text = reply.content.decode()
    assert re.search(r'<output class="num-in" id="c-A-II-1-i-a-agen">3</output>', text)
    assert text.count('aria-label="Uraian baris') == 4
    assert "100,0" in text  # 3 changes of 3 agents
    assert ">1,00</a>" in text  # the header's total


def test_a_pasted_line_that_is_no_row_is_named_and_the_rest_of_the_card_saved(
    assessment: Assessment, cast: Cast
) -> None:
    pasted = "Ani\t12/1/2025\nBudi\tkemarin\n"
    reply = post(
        signed_in(cast.member),
        **{"count-perubahan": "3", "paste-agen": pasted, "note": "Dicatat."},
    )
    assert "Baris 2: tanggal “kemarin” tidak dikenal" in message(reply, "paste-agen")
    assert value() == {"counts": {"perubahan": 3}}
    assert Answer.objects.get(code=AGENTS).note == "Dicatat."
    # What was pasted stands in the field, which the reply leaves alone.
    assert 'name="paste-agen"' not in reply.content.decode()


def test_without_javascript_a_bad_paste_comes_back_as_it_was(
    assessment: Assessment, cast: Cast
) -> None:
    reply = post(signed_in(cast.member), htmx=False, **{"paste-agen": "Budi\tkemarin"})
    assert reply.status_code == 422
    assert "Budi\tkemarin</textarea>" in reply.content.decode()
    assert "Baris 1" in message(reply, "paste-agen")


def test_rows_are_changed_added_and_removed(assessment: Assessment, cast: Cast) -> None:
    client = signed_in(cast.member)
    give(assessment, AGENTS, {"counts": {"agen": 2}, "rows": {"agen": [ANI, BUDI]}})
    changed = rows(
        ["Ani Wijaya", "12 Januari 2025", "selesai"], BUDI, ["Cici", "", ""], ["", "", ""]
    )
    post(client, version="1", **changed)
    assert [row[0] for row in value()["rows"]["agen"]] == ["Ani Wijaya", "Budi", "Cici"]
    assert value()["counts"]["agen"] == 3
    reply = post(client, version="2", remove="agen-1", **changed)
    assert [row[0] for row in value()["rows"]["agen"]] == ["Ani Wijaya", "Cici"]
    assert reply.content.decode().count('aria-label="Uraian baris') == 3


def test_the_blank_row_that_was_used_is_followed_by_another_one(
    assessment: Assessment, cast: Cast
) -> None:
    reply = post(signed_in(cast.member), **rows(["Ani", "", ""])).content.decode()
    assert 'hx-swap-oob="beforeend:#rl-A-II-1-i-a-agen"' in reply
    assert 'name="row-agen-1-0"' in reply
    # The rows that are being typed in stay as they are.
    assert 'name="row-agen-0-0"' not in reply


def test_the_last_row_removed_leaves_the_number_to_be_typed(
    assessment: Assessment, cast: Cast
) -> None:
    give(assessment, AGENTS, {"counts": {"agen": 1, "perubahan": 1}, "rows": {"agen": [ANI]}})
    reply = post(signed_in(cast.member), version="1", **rows(["", "", ""]))
    assert value() == {"counts": {"perubahan": 1}}
    assert 'name="count-agen"' in reply.content.decode()


def test_a_bad_row_keeps_the_stored_rows_and_is_named_by_its_number(
    assessment: Assessment, cast: Cast
) -> None:
    stored = {"counts": {"agen": 1}, "rows": {"agen": [ANI]}}
    give(assessment, AGENTS, stored)
    client = signed_in(cast.member)
    typed = rows(ANI, ["Budi", "32/1/2025", ""])
    reply = post(client, version="1", **typed, **{"count-perubahan": "4"})
    assert "Baris 2: tanggal “32/1/2025”" in message(reply, "rows-agen")
    assert value() == {"counts": {"agen": 1, "perubahan": 4}, "rows": {"agen": [ANI]}}
    whole = post(client, htmx=False, version="2", **typed)
    assert 'value="32/1/2025"' in whole.content.decode()


def test_more_rows_than_a_count_may_have_are_refused_in_words(
    assessment: Assessment, cast: Cast
) -> None:
    reply = post(signed_in(cast.member), **{"paste-agen": "Ani\n" * 501})
    assert "paling banyak 500 baris" in message(reply, "paste-agen")
    assert not Answer.objects.filter(value__isnull=False).exists()


def test_five_hundred_rows_fit_into_one_card(assessment: Assessment, cast: Cast) -> None:
    client = signed_in(cast.member)
    post(client, **{"paste-agen": "Ani\t12/1/2025\tselesai\n" * 500})
    reply = post(client, version="1", **rows(*[["Ani", "12/1/2025", "selesai"]] * 499))
    assert reply.status_code == 200
    assert value()["counts"] == {"agen": 499}


def test_rows_above_a_limit_are_refused_and_stay_on_the_page(
    assessment: Assessment, cast: Cast
) -> None:
    code = "A.II.6.i.b"
    fields = {
        "count-terdata": "2",
        "rows-dipermudah": "1",
        "paste-dipermudah": "Izin A\nIzin B\nIzin C",
    }
    reply = post(signed_in(cast.member), code, **fields)
    assert "tidak boleh melebihi" in message(reply, "dipermudah", code)
    assert not Answer.objects.filter(value__isnull=False).exists()
    whole = post(signed_in(cast.member), code, htmx=False, **fields)
    assert "Izin A\nIzin B\nIzin C</textarea>" in whole.content.decode()


def test_a_rule_of_a_card_that_shares_the_count_is_said_at_that_count(
    assessment: Assessment, cast: Cast
) -> None:
    give(assessment, AGENTS, {"counts": {"perubahan": 8}})
    give(assessment, "A.II.1.i.b", {"counts": {"terintegrasi": 6}})
    fields = {"rows-perubahan": "1", "paste-perubahan": "Antrean daring"}
    reply = post(signed_in(cast.member), version="1", htmx=False, **fields)
    said = message(reply, "perubahan")
    assert said.startswith("Butir A.II.1.i.b: ")
    assert "(6) tidak boleh melebihi" in said
    assert value() == {"counts": {"perubahan": 8}}
    text = reply.content.decode()
    assert 'id="rd-A-II-1-i-a-perubahan" open' in text  # what was pasted is in sight
    assert "Antrean daring</textarea>" in text


def test_a_form_without_the_rows_leaves_them_alone(assessment: Assessment, cast: Cast) -> None:
    give(assessment, AGENTS, {"counts": {"agen": 1}, "rows": {"agen": [ANI]}})
    address = f"/lke/POLTEK/2026/isi/butir/{AGENTS}/simpan/"
    signed_in(cast.member).post(
        address, {"version": "1", "count-perubahan": "2", "count-agen": "7"}
    )
    assert value() == {"counts": {"agen": 1, "perubahan": 2}, "rows": {"agen": [ANI]}}


def test_a_row_is_never_markup(assessment: Assessment, cast: Cast) -> None:
    client = signed_in(cast.member)
    post(client, **{"paste-agen": '"><img src=x>'})
    assert "<img" not in page(client)
    assert value()["rows"]["agen"] == [['"><img src=x>', "", ""]]


def test_readers_see_the_rows_without_fields(assessment: Assessment, cast: Cast) -> None:
    give(assessment, AGENTS, {"counts": {"agen": 2}, "rows": {"agen": [ANI, BUDI]}})
    text = page(signed_in(cast.leader))
    assert "Ani, 12 Januari 2025, selesai" in text
    assert "rincian 2 baris" in text
    assert 'name="row-' not in text


def test_a_collision_of_rows_names_what_only_one_side_has(
    assessment: Assessment, cast: Cast
) -> None:
    post(signed_in(cast.team_head), **rows(["Ani", "", ""], ["Budi", "", ""]))
    reply = post(signed_in(cast.member), **rows(["Ani", "", ""], ["Cici", "5/1/2025", "proses"]))
    said = text_of(reply)
    assert "rincian 2 baris, hanya di sini: Cici, 5 Januari 2025, proses" in said
    assert "rincian 2 baris, hanya di sini: Budi" in said
    assert [row[0] for row in value()["rows"]["agen"]] == ["Ani", "Budi"]
    assert 'name="row-' not in reply.content.decode()  # what was typed stays in its fields


# ── time ranges ─────────────────────────────────────────────────────────────
def test_a_range_is_kept_only_where_it_is_not_the_usual_one(
    assessment: Assessment, cast: Cast
) -> None:
    client = signed_in(cast.member)
    post(client, **{"count-agen": "2"}, **USUAL)
    assert value() == {"counts": {"agen": 2}}
    own = {"range-agen-first": "2025-01-01", "range-agen-last": "2025-06-30"}
    reply = post(client, version="1", **{"count-agen": "2"}, **own)
    assert value() == {"counts": {"agen": 2}, "ranges": {"agen": ["2025-01-01", "2025-06-30"]}}
    assert "1 Januari–30 Juni 2025" in text_of(reply)
    post(client, version="2", **{"count-agen": "2"}, **USUAL)
    assert value() == {"counts": {"agen": 2}}


def test_the_violations_of_the_two_last_years_are_compared(
    assessment: Assessment, cast: Cast
) -> None:
    said = text_of(signed_in(cast.member).get("/lke/POLTEK/2026/isi/A.II.3/"))
    assert "Jumlah pelanggaran tahun sebelumnya, 1 Januari–31 Desember 2024" in said
    assert "Jumlah pelanggaran tahun ini, 1 Januari–31 Desember 2025" in said


@pytest.mark.parametrize(
    ("first", "last"), [("2025-12-31", "2025-01-01"), ("", "2025-01-01"), ("0202-01-01", "x")]
)
def test_a_bad_range_is_refused_beside_it_and_the_count_saved(
    assessment: Assessment, cast: Cast, first: str, last: str
) -> None:
    fields = {"count-agen": "2", "range-agen-first": first, "range-agen-last": last}
    reply = post(signed_in(cast.member), **fields)
    assert "rentang" in message(reply, "range-agen")
    assert value() == {"counts": {"agen": 2}}


# ── indices ─────────────────────────────────────────────────────────────────
def test_an_index_is_kept_with_where_it_comes_from(assessment: Assessment, cast: Cast) -> None:
    post(signed_in(cast.member), "B.I.a", index="3,7", **SURVEY)
    assert value("B.I.a") == {
        "index": "3.7",
        "source": "tpi",
        "period": ["2025-06", "2025-08"],
        "respondents": 120,
        "scale": "25-100",
        "original": "92.5",
    }
    said = text_of(signed_in(cast.leader).get("/lke/POLTEK/2026/isi/B.I/"))
    assert "Nilai 3,7; survei TPI; Juni–Agustus 2025; 120 responden; nilai asal 92,5" in said


def test_a_conversion_is_offered_and_never_made(assessment: Assessment, cast: Cast) -> None:
    client = signed_in(cast.member)
    reply = post(client, "B.I.a", index="", **SURVEY)
    assert "92,5 pada skala 25–100 = 3,70 pada skala 0–4" in text_of(reply)
    assert "index" not in value("B.I.a")
    taken = post(client, "B.I.a", version="1", index="", take="3,70", **SURVEY)
    assert value("B.I.a")["index"] == "3.70"
    assert re.search(r'name="index"[^>]* value="3,70"', taken.content.decode())
    assert "Pakai 3,70" not in text_of(taken)


def test_an_index_off_its_scale_costs_only_itself(assessment: Assessment, cast: Cast) -> None:
    reply = post(signed_in(cast.member), "B.I.a", index="92,5", source="tpi", respondents="40")
    assert "IKM" in message(reply, "index", "B.I.a")
    assert value("B.I.a") == {"source": "tpi", "respondents": 40}


@pytest.mark.parametrize(
    ("field", "typed", "place"),
    [
        ("respondents", "tiga puluh", "respondents"),
        ("respondents", "-3", "respondents"),
        ("source", "kita", "source"),
        ("period-first", "besok", "period"),
        ("period-first", "2025-09", "period"),
        ("scale", "0-10", "scale"),
        ("original", "x" * 1000, "original"),
        ("original", "3,7", "original"),
    ],
)
def test_bad_input_beside_an_index_gets_its_message_and_the_rest_is_saved(
    assessment: Assessment, cast: Cast, field: str, typed: str, place: str
) -> None:
    reply = post(signed_in(cast.member), "B.I.a", index="3,7", **{**SURVEY, field: typed})
    assert message(reply, place, "B.I.a")
    assert value("B.I.a")["index"] == "3.7"
    assert "original" in value("B.I.a") or place == "original" or place == "scale"


def test_few_respondents_are_a_warning_at_the_number_that_is_set(
    assessment: Assessment, cast: Cast, settings: Any
) -> None:
    settings.MIN_RESPONDENTS = 100
    reply = post(signed_in(cast.member), "B.I.a", index="3,7", respondents="99")
    assert "Responden 99, kurang dari 100" in text_of(reply)
    assert value("B.I.a") == {"index": "3.7", "respondents": 99}


# ── elsewhere ───────────────────────────────────────────────────────────────
def test_the_history_tells_rows_and_sources_and_the_hashed_part_has_no_rows(
    assessment: Assessment, cast: Cast
) -> None:
    client = signed_in(cast.member)
    post(client, **rows(["Ani", "", ""], ["Budi", "", ""]))
    post(client, "B.I.a", index="3,7", **SURVEY)
    said = text_of(client.get("/lke/POLTEK/2026/riwayat/"))
    assert "rincian 2 baris: Ani; Budi" in said
    assert "indeks 3,7" in said
    assert "survei TPI; Juni–Agustus 2025; 120 responden" in said
    entry = TrailEntry.objects.get(chain=assessment.chain, target=AGENTS)
    assert "Ani" not in str(entry.data)
    assert entry.personal["rows"] == {"agen": [["Ani", "", ""], ["Budi", "", ""]]}
    assert verify(assessment.chain) is None


def test_a_workbook_keeps_rows_range_and_source_and_a_contradicting_count_names_the_rows(
    assessment: Assessment,
) -> None:
    stored = {
        "counts": {"agen": 2, "perubahan": 2},
        "rows": {"agen": [ANI, BUDI]},
        "ranges": {"perubahan": ["2025-01-01", "2025-06-30"]},
    }
    give(assessment, AGENTS, stored)
    give(assessment, "B.I.a", {"index": "3.64", "source": "tpi", "respondents": 40})

    def preview(agents: int) -> importing.Preview:
        entries = (
            Entry(AGENTS, {"counts": {"agen": agents, "perubahan": 3}}, "", (), {"agen": "K129"}),
            Entry("B.I.a", {"index": "3.7"}, "", (), {}),
        )
        parsed = Parsed("LKE", "LKE", Reading(entries, (), ()), Comparison(None, Fraction(0), ()))
        return importing.preview(assessment, Stage.UNIT, parsed)

    changes = {change.code: change.value for change in preview(2).changes}
    assert changes[AGENTS] == {**stored, "counts": {"agen": 2, "perubahan": 3}}
    assert changes["B.I.a"] == {"index": "3.7", "source": "tpi", "respondents": 40}
    contradicting = preview(12)
    assert [line.indicator.code for line in contradicting.group(Group.UNREADABLE)] == [AGENTS]
    problem = contradicting.problems[0]
    assert problem.cells == ("K129",)
    assert "(12) berbeda dari rinciannya (2 baris: Ani; Budi)" in problem.reason


def test_a_submitted_sheet_shows_rows_to_tpi(assessment: Assessment, cast: Cast) -> None:
    give(assessment, AGENTS, {"counts": {"agen": 1}, "rows": {"agen": [ANI]}})
    move(assessment, State.SUBMITTED)
    assert "Ani, 12 Januari 2025, selesai" in page(signed_in(cast.evaluator))
