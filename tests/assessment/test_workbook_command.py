"""`import_lke`: the workbook by command, for people and for programs."""

import json
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from assessment.models import Answer, Assessment, State
from tests.assessment.samples import sample_answers
from tests.assessment.workbooks import hostile, second
from tests.assessment.workbooks.build import Form, save
from tests.conftest import Cast


def run(capsys: pytest.CaptureFixture[str], file: Path, *options: str) -> str:
    call_command("import_lke", str(file), "--unit", "POLTEK", "--period", "2026", *options)
    return capsys.readouterr().out


def refusal(file: Path, *options: str, unit: str = "POLTEK", period: str = "2026") -> CommandError:
    with pytest.raises(CommandError) as refused:
        call_command("import_lke", str(file), "--unit", unit, "--period", period, *options)
    return refused.value


@pytest.fixture
def good(tmp_path: Path) -> Path:
    file = tmp_path / "lke.xlsx"
    file.write_bytes(Form(sample_answers()).filled())
    return file


@pytest.fixture
def partly_bad(tmp_path: Path) -> Path:
    form = Form(sample_answers())
    file = tmp_path / "lke.xlsx"
    file.write_bytes(form.filled(lambda sheet: sheet.__setitem__("K9", "Mungkin")))
    return file


def test_a_workbook_is_applied_and_its_difference_explained(
    assessment: Assessment, good: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    said = run(capsys, good)
    assert "113 jawaban diterapkan; nilai sekarang 84,71." in said
    assert "- L175 (A.II.5.iii" in said
    assert Answer.objects.count() == 113


def test_a_dry_run_says_the_same_and_writes_nothing(
    assessment: Assessment, good: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    said = run(capsys, good, "--dry-run")
    assert "Tidak ada yang disimpan; nilai akan menjadi 84,71." in said
    assert not Answer.objects.exists()


def test_the_output_for_programs_has_six_decimals(
    assessment: Assessment, good: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    found: dict[str, Any] = json.loads(run(capsys, good, "--json"))
    assert found["applied"] is True
    assert found["counts"]["new"] == 113
    assert (found["file_total"], found["total"]) == ("84.570060", "84.712917")
    (cause,) = found["difference"]
    assert (cause["cell"], cause["file"], cause["ours"]) == ("L175", "1.714286", "1.857143")
    assert cause["points"] == "-0.142857"


def test_one_unreadable_cell_stops_everything_and_is_listed(
    assessment: Assessment, partly_bad: Path
) -> None:
    refused = refusal(partly_bad)
    assert refused.returncode == 1
    assert "K9 (A.I.1.i.b)" in str(refused)
    assert not Answer.objects.exists()


def test_the_rest_is_taken_when_asked_for(
    assessment: Assessment, partly_bad: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    said = run(capsys, partly_bad, "--accept-partial")
    assert "- dilewati: K9 (A.I.1.i.b)" in said
    assert Answer.objects.count() == 112


def test_programs_get_the_list_of_unreadable_cells_with_the_refusal(
    assessment: Assessment, partly_bad: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert refusal(partly_bad, "--json").returncode == 1
    found = json.loads(capsys.readouterr().out)
    assert found["applied"] is False
    assert found["unreadable"][0]["cells"] == ["K9"]


def test_bad_arguments_and_bad_files_end_with_one_sentence(
    assessment: Assessment, good: Path, tmp_path: Path
) -> None:
    bad = tmp_path / "bukan.xlsx"
    bad.write_bytes(hostile.entity_bomb())
    large = tmp_path / "besar.xlsx"
    large.write_bytes(hostile.too_large())
    for refused in (
        refusal(tmp_path / "tidak-ada.xlsx"),
        refusal(tmp_path),
        refusal(bad),
        refusal(large),
        refusal(good, unit="TIDAKADA"),
        refusal(good, period="2019"),
        refusal(good, "--stage", "lain"),
        refusal(good, "--as", "tidak.ada@uji.example"),
    ):
        assert refused.returncode == 2
        assert "\n" not in str(refused).strip()
    assert not Answer.objects.exists()


def test_the_command_is_bound_by_state_and_a_person_by_role(
    assessment: Assessment, cast: Cast, good: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert refusal(good, "--as", cast.leader.email).returncode == 2
    assert refusal(good, "--stage", "tpi").returncode == 2
    said = run(capsys, good, "--as", cast.coordinator.email)
    assert "di luar pokja" in said
    assert set(Answer.objects.values_list("changed_by", flat=True)) == {cast.coordinator.pk}
    Assessment.objects.update(state=State.SUBMITTED)
    assert "Sudah diajukan" in str(refusal(good))


def test_tpi_s_workbook_lists_what_evaluators_wrote(
    assessment: Assessment, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    Assessment.objects.update(state=State.EVALUATION)
    book = Form(sample_answers()).workbook()
    sheet = book["Ctt Eval"]
    sheet["B3"], sheet["C3"], sheet["L3"] = "A.", "PENGUNGKIT", "Sudah baik."
    sheet["B4"], sheet["C4"], sheet["L4"] = "C.", "LAIN", "Tidak dikenal."
    file = tmp_path / "tpi.xlsx"
    file.write_bytes(save(book))
    found = json.loads(run(capsys, file, "--stage", "tpi", "--json"))
    assert found["stage"] == "tpi"
    assert [note["code"] for note in found["evaluator_notes"]] == ["A"]
    assert [note["cell"] for note in found["evaluator_unreadable"]] == ["Ctt Eval!L4"]
    assert "kolom K" in found["remarks"][0]
    assert set(Answer.objects.values_list("stage", flat=True)) == {"tpi"}


def test_the_second_layout_comes_in_by_command_too(
    assessment: Assessment, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "lke.xlsx"
    file.write_bytes(second.filled(sample_answers()))
    said = run(capsys, file)
    assert "LKE susunan 2026: 113 baru" in said
    assert "nilai sekarang 84,71." in said
