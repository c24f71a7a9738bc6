"""The commands of assessment: instruments, periods, assessments, scores."""

import json
import re
from decimal import Decimal
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.core.management import CommandError, call_command

from accounts.commands import BAD_ARGUMENTS, DIFFERENT
from accounts.models import TrailEntry
from accounts.trail import OPERATOR
from assessment import answering
from assessment.answering import Change
from assessment.models import (
    Answer,
    Assessment,
    InstrumentVersion,
    NationalResult,
    Period,
    Purpose,
    Score,
    Stage,
    State,
    Target,
)
from tests.assessment.documents import node
from tests.assessment.samples import INSTRUMENT_FILE, document, instrument, sample_answers
from tests.command_line import is_one_sentence, manage
from tests.conftest import Cast, Ministry

REQUIREMENTS = [
    "total", "A", "area.1", "area.2", "area.3", "area.4", "area.5", "area.6",
    "B.I", "B.I.a", "B.I.b", "B.II",
]  # fmt: skip


def run(*arguments: str, **options: object) -> str:
    output = StringIO()
    call_command(*arguments, stdout=output, **options)
    return output.getvalue()


def refusal(*arguments: str, status: int = BAD_ARGUMENTS, **options: object) -> str:
    with pytest.raises(CommandError) as caught:
        call_command(*arguments, **options)
    assert caught.value.returncode == status
    return str(caught.value)


def score_of(stage: str = "unit") -> dict[str, Any]:
    output = run("score", unit="POLTEK", period=2026, stage=stage, json=True)
    found: dict[str, Any] = json.loads(output)
    return found


@pytest.fixture
def filled(assessment: Assessment) -> Assessment:
    """POLTEK's sheet with all 113 answers of the sample: 84.712917 points."""
    changes = [Change(code, value) for code, value in sample_answers().items()]
    answering.record(OPERATOR, assessment, Stage.UNIT, changes)
    return assessment


# ── load_instrument ─────────────────────────────────────────────────────────
def test_loading_an_instrument_twice_changes_nothing(db: None) -> None:
    assert "versi 1 dimuat" in run("load_instrument", str(INSTRUMENT_FILE))
    entries = TrailEntry.objects.count()

    assert "versi 1 tidak berubah" in run("load_instrument", str(INSTRUMENT_FILE))
    assert InstrumentVersion.objects.count() == 1
    assert TrailEntry.objects.count() == entries


def test_a_changed_instrument_is_a_new_version(period: Period, tmp_path: Path) -> None:
    changed = document()
    node(changed, "A.I.1.i.a")["text"] = "Tim ZI sudah dibentuk."
    file = write(tmp_path, changed)

    assert "versi 2 dimuat" in run("load_instrument", file)
    period.refresh_from_db()
    assert period.instrument.version == 1


def test_a_bad_instrument_is_refused_with_place_and_reason(db: None, tmp_path: Path) -> None:
    changed = document()
    node(changed, "A.I.1.i.a")["weight"] = "1/3"
    sentence = refusal("load_instrument", write(tmp_path, changed))

    assert "A.I.1.i" in sentence
    assert not InstrumentVersion.objects.exists()
    assert not TrailEntry.objects.exists()


def test_every_fault_of_an_instrument_is_listed(db: None, tmp_path: Path) -> None:
    changed = document()
    node(changed, "A.I.1.i.a")["weight"] = "1/3"
    node(changed, "A.I.6.ii.f")["weight"] = "1/3"
    heading, *faults = refusal("load_instrument", write(tmp_path, changed)).splitlines()

    assert heading.startswith("Instrumen ditolak, ")
    assert any("A.I.1.i" in fault for fault in faults)
    assert any("A.I.6.ii" in fault for fault in faults)


def test_a_missing_instrument_file_is_refused(db: None, tmp_path: Path) -> None:
    assert is_one_sentence(refusal("load_instrument", str(tmp_path / "tidak-ada.yaml")))


def write(folder: Path, content: dict[str, Any]) -> str:
    file = folder / "instrumen.yaml"
    file.write_text(yaml.safe_dump(content, allow_unicode=True, sort_keys=False), encoding="utf-8")
    return str(file)


# ── create_period, create_assessment ────────────────────────────────────────
def test_a_period_takes_the_newest_version(
    instrument_version: InstrumentVersion, tmp_path: Path
) -> None:
    changed = document()
    node(changed, "A.I.1.i.a")["text"] = "Tim ZI sudah dibentuk."
    run("load_instrument", write(tmp_path, changed))
    run("create_period", year=2027)

    assert Period.objects.get(year=2027).instrument.version == 2


@pytest.mark.parametrize(
    ("options", "part"),
    [
        ({"year": 2026}, "--year:"),
        ({"year": 1999}, "--year:"),
        ({"year": 2027, "instrument": "lain"}, "Instrumen lain belum dimuat."),
    ],
)
def test_a_refused_period_changes_nothing(
    period: Period, options: dict[str, Any], part: str
) -> None:
    sentence = refusal("create_period", **options)
    assert part in sentence
    assert is_one_sentence(sentence)
    assert list(Period.objects.all()) == [period]


def test_a_period_needs_an_instrument(db: None) -> None:
    assert "load_instrument" in refusal("create_period", year=2026)


def test_it_opens_an_assessment_with_empty_scores(ministry: Ministry, period: Period) -> None:
    run("create_assessment", unit="BALAI", period=2026, target="WBBM", purpose="pemantauan")

    made = Assessment.objects.get(unit=ministry.balai)
    assert (made.target, made.purpose) == (Target.WBBM, Purpose.MONITORING)
    assert {score.stage for score in made.scores.all()} == {"unit", "tpi"}


@pytest.mark.parametrize(
    ("options", "part"),
    [
        ({"unit": "POLTEK", "period": 2026, "target": "WBK"}, "sudah memiliki penilaian"),
        ({"unit": "TIDAKADA", "period": 2026, "target": "WBK"}, "Unit TIDAKADA belum ada."),
        ({"unit": "BALAI", "period": 2031, "target": "WBK"}, "Periode 2031 belum ada."),
        ({"unit": "BALAI", "period": 2026, "target": "WB"}, "pilih WBK, WBBM."),
    ],
)
def test_a_refused_assessment_changes_nothing(
    assessment: Assessment, options: dict[str, Any], part: str
) -> None:
    entries = TrailEntry.objects.count()
    sentence = refusal("create_assessment", **options)
    assert part in sentence
    assert is_one_sentence(sentence)
    assert list(Assessment.objects.all()) == [assessment]
    assert TrailEntry.objects.count() == entries


def test_only_an_admin_opens_periods_and_assessments(
    cast: Cast, ministry: Ministry, period: Period
) -> None:
    options: dict[str, Any] = {"unit": "BALAI", "period": 2026, "target": "WBK"}
    for person in (cast.leader, cast.auditor, cast.stranger, cast.nobody):
        assert "Peran" in refusal("create_assessment", **options, as_email=person.email)
        assert "Peran" in refusal("create_period", year=2027, as_email=person.email)
        assert "Peran" in refusal("load_instrument", str(INSTRUMENT_FILE), as_email=person.email)
    assert not Assessment.objects.exists()

    run("create_assessment", **options, as_email=cast.admin.email)
    entry = TrailEntry.objects.get(verb="assessment.created")
    assert entry.actor == cast.admin


# ── score ───────────────────────────────────────────────────────────────────
def test_the_json_has_every_node_and_requirement_with_six_decimals(filled: Assessment) -> None:
    found = score_of()

    assert found["total"] == "84.712917"
    assert found["completeness"] == {
        "answered": 113, "emptied": 0, "total": 113, "complete": True,
    }  # fmt: skip
    assert list(found["nodes"]) == list(instrument().node_codes)
    assert len(found["nodes"]) == 173
    assert found["nodes"]["A.I.1"] == "3.776667"
    assert found["nodes"]["A.II.5"] == "6.857143"
    for target in ("WBK", "WBBM"):
        requirements = found["verdict"][target]["requirements"]
        assert [each["code"] for each in requirements] == REQUIREMENTS
        for each in requirements:
            assert set(each) == {"code", "required", "actual", "gap", "passed"}
            assert Decimal(each["gap"]) == Decimal(each["actual"]) - Decimal(each["required"])
    figures = re.findall(r'"(-?[0-9]+\.[0-9]+)"', json.dumps(found))
    assert len(figures) == 1 + 173 + 2 * 12 * 3
    assert all(re.fullmatch(r"-?[0-9]+\.[0-9]{6}", figure) for figure in figures)


def test_the_json_tells_what_is_missing_for_each_target(filled: Assessment) -> None:
    verdict = score_of()["verdict"]
    unmet = [each["code"] for each in verdict["WBBM"]["requirements"] if not each["passed"]]

    assert verdict["WBK"]["passed"] is True
    assert verdict["WBBM"]["passed"] is False
    assert unmet == ["total", "A", "area.2", "B.II"]


def test_eligibility_stands_apart_from_the_score(filled: Assessment) -> None:
    states = {each["code"]: each["state"] for each in score_of()["eligibility"]["WBK"]}
    assert states["opini_bpk"] == "menunggu"
    assert set(states).isdisjoint(REQUIREMENTS)


def test_an_empty_sheet_scores_nothing_and_is_incomplete(assessment: Assessment) -> None:
    found = score_of()
    assert found["total"] == "0.000000"
    assert found["completeness"]["complete"] is False
    assert set(found["nodes"].values()) == {"0.000000"}


def test_what_was_emptied_with_a_reason_counts_as_complete(filled: Assessment) -> None:
    Answer.objects.filter(assessment=filled, code="A.I.3.i.b").update(
        value=None, empty_reason="Tidak ada rekrutmen."
    )
    found = score_of()
    assert found["completeness"] == {
        "answered": 112, "emptied": 1, "total": 113, "complete": True,
    }  # fmt: skip
    assert found["nodes"]["A.I.3.i.b"] == "0.000000"


def test_the_stage_of_tpi_is_its_own_row_or_the_unit_s(filled: Assessment) -> None:
    Assessment.objects.filter(pk=filled.pk).update(state=State.EVALUATION)
    answering.record(
        OPERATOR, filled, Stage.TPI, [Change("B.I.a", {"index": "2"}), Change("A.I.1.i.a")]
    )
    found = score_of("tpi")

    assert found["completeness"]["judged"] == 1
    assert found["nodes"]["B.I.a"] == "8.750000"
    assert found["nodes"]["A.I.1.i"] == score_of()["nodes"]["A.I.1.i"]
    assert found["verdict"]["WBK"]["passed"] is False


def test_what_tpn_did_not_name_is_unknown(filled: Assessment) -> None:
    NationalResult.objects.create(
        assessment=filled,
        outcome="Ditetapkan WBK",
        nodes={"total": "79.5", "A.I.1": "3", "A.II.1": "2.5", "A.I.2": "3.1", "B.I.a": "15.75"},
    )
    found = score_of("tpn")
    known = {each["code"]: each for each in found["verdict"]["WBK"]["requirements"]}

    assert found["total"] == "79.500000"
    assert set(found["nodes"]) == {"A.I.1", "A.II.1", "A.I.2", "B.I.a"}
    assert known["area.1"]["actual"] == "5.500000"
    assert known["area.2"] == {
        "code": "area.2", "required": "4.200000", "actual": None, "gap": None, "passed": None,
    }  # fmt: skip
    assert known["B.I.a"]["passed"] is True
    assert found["verdict"]["WBK"]["passed"] is None
    assert found["verdict"]["WBBM"]["passed"] is False


def test_a_national_result_that_is_not_there_is_refused(filled: Assessment) -> None:
    sentence = refusal("score", unit="POLTEK", period=2026, stage="tpn")
    assert sentence == "Hasil TPN untuk POLTEK 2026 belum dicatat."


def test_without_json_it_is_a_text_for_people(filled: Assessment) -> None:
    text = run("score", unit="POLTEK", period=2026)

    assert "Politeknik Uji, periode 2026" in text
    assert "Nilai menurut penilaian mandiri: 84,71 dari 100" in text
    assert "113 dari 113 butir terisi" in text
    assert "Menurut penilaian mandiri: memenuhi syarat nilai WBK" in text
    assert "Menurut penilaian mandiri: belum memenuhi syarat nilai WBBM" in text


def test_the_text_says_first_that_a_sheet_is_incomplete(filled: Assessment) -> None:
    Answer.objects.filter(assessment=filled, code="A.I.3.i.b").delete()
    text = run("score", unit="POLTEK", period=2026)
    assert "belum lengkap; sejauh ini memenuhi syarat nilai WBK" in text


def test_the_text_shows_unknown_figures_of_tpn_as_unknown(filled: Assessment) -> None:
    NationalResult.objects.create(
        assessment=filled, outcome="Ditetapkan WBK", nodes={"total": "80"}
    )
    text = run("score", unit="POLTEK", period=2026, stage="tpn")
    assert "Nilai menurut TPN: 80,00 dari 100" in text
    assert "syarat nilai WBK belum dapat dipastikan" in text
    assert re.search(r"Pengungkit +40,00 +– +– +belum diketahui", text)


def test_a_score_just_below_its_value_is_not_shown_as_reached(filled: Assessment) -> None:
    NationalResult.objects.create(
        assessment=filled, outcome="Tidak ditetapkan", nodes={"total": "74.996"}
    )
    text = run("score", unit="POLTEK", period=2026, stage="tpn")
    assert re.search(
        r"Nilai total +75,000 +74,996 +−0,004 +kurang", re.sub("−0,00 ", "−0,004 ", text)
    )


# ── rescore ─────────────────────────────────────────────────────────────────
def test_right_scores_pass_the_check(filled: Assessment) -> None:
    assert run("rescore", check=True) == "Semua nilai tersimpan cocok dengan jawabannya.\n"


def test_a_check_lists_differences_and_repairs_nothing(filled: Assessment) -> None:
    Score.objects.filter(assessment=filled, stage="unit").update(total="99", unmet_wbbm=[])
    sentence, *found = refusal("rescore", check=True, status=DIFFERENT).splitlines()

    assert sentence == "1 nilai tersimpan berbeda dari jawabannya, belum diperbaiki:"
    assert found == ["- POLTEK 2026, unit: total, unmet_wbbm"]
    assert Score.objects.get(assessment=filled, stage="unit").total == 99


def test_rescoring_repairs_what_it_lists(filled: Assessment) -> None:
    Score.objects.filter(assessment=filled, stage="unit").update(total="99")
    Score.objects.filter(assessment=filled, stage="tpi").delete()
    found = refusal("rescore", status=DIFFERENT)

    assert "2 nilai tersimpan berbeda dari jawabannya, sudah diperbaiki:" in found
    assert TrailEntry.objects.get(verb="scores.rebuilt").data == {"differences": 2}
    run("rescore", check=True)


def test_rescoring_never_touches_a_national_result(filled: Assessment) -> None:
    NationalResult.objects.create(assessment=filled, outcome="WBK", nodes={"total": "80"})
    Score.objects.filter(assessment=filled).delete()
    refusal("rescore", status=DIFFERENT)
    assert NationalResult.objects.get().nodes == {"total": "80"}


# ── at a shell ──────────────────────────────────────────────────────────────
def test_it_is_usable_from_scripts(tmp_path: Path) -> None:
    def done(*arguments: str, status: int = 0) -> str:
        process = manage(tmp_path, *arguments)
        assert process.returncode == status, process.stderr
        assert "Traceback" not in process.stderr
        if status == BAD_ARGUMENTS:
            assert is_one_sentence(process.stderr)
        return process.stdout

    done("migrate", "--verbosity=0")
    done("create_period", "--year=2026", status=BAD_ARGUMENTS)
    done("load_instrument", str(INSTRUMENT_FILE))
    done("create_unit", "--code=KU", "--name=Kementerian Uji")
    done("create_period", "--year=2026", "--instrument=permenpanrb-90-2021")
    place = ["--unit=KU", "--period=2026"]
    done("score", *place, "--json", status=BAD_ARGUMENTS)
    done("create_assessment", *place, "--target=WBX", status=BAD_ARGUMENTS)
    done("create_assessment", *place, "--target=WBK")
    assert json.loads(done("score", *place, "--json"))["total"] == "0.000000"
    done("score", *place, "--stage=tpn", status=BAD_ARGUMENTS)
    done("score", "--unit=KU", status=BAD_ARGUMENTS)
    done("rescore", "--check")
    done("seed_demo", status=BAD_ARGUMENTS)
