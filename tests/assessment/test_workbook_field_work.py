"""Out with the workbook, work without the portal, and in again: downloads, conflicts, commands."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from openpyxl.worksheet.worksheet import Worksheet

from accounts import trail
from accounts.models import TrailEntry
from accounts.trail import OPERATOR, Actor
from assessment import answering, exporting, importing
from assessment.answering import Change
from assessment.importing import Group, Source
from assessment.models import Answer, Assessment, Stage, State
from assessment.workbook.parsed import parse
from tests.assessment.pages import fill, move, text_of
from tests.assessment.samples import instrument, sample_answers
from tests.assessment.workbooks.build import opened, save
from tests.conftest import Cast, signed_in

EXPORT = reverse("export_lke", args=["POLTEK", 2026])
UPLOAD = reverse("import_workbook", args=["POLTEK", 2026])
BOTH = (Stage.UNIT, Stage.TPI)


def answer(assessment: Assessment, code: str, **change: Any) -> None:
    answering.record(OPERATOR, assessment, Stage.UNIT, [Change(code, **change)])


def filled_on(data: bytes, change: Callable[[Worksheet], None]) -> bytes:
    """The workbook after somebody worked in it."""
    book = opened(data)
    change(book["LKE ZI"])
    return save(book)


def upload(client: Client, data: bytes) -> HttpResponse:
    file = SimpleUploadedFile("lapangan.xlsx", data)
    return client.post(UPLOAD, {"file": file}, follow=True)


def downloads() -> int:
    return TrailEntry.objects.filter(verb="workbook.downloaded").count()


# ── out and in ──────────────────────────────────────────────────────────────
def test_an_untouched_export_changes_nothing_when_it_comes_back(assessment: Assessment) -> None:
    fill(assessment)
    answer(assessment, "A.I.1.i.a", note="  dengan spasi di tepi ")
    answer(assessment, "B.I.a", value={"index": "3.70", "source": "tpi"})
    parsed = parse(instrument(), exporting.workbook(assessment, BOTH))
    found = importing.preview(assessment, Stage.UNIT, parsed)
    assert found.changes == []
    assert found.problems == ()


def test_an_export_fills_an_empty_assessment_with_the_same_answers(assessment: Assessment) -> None:
    """Its versions are those of another assessment, so nothing is a conflict."""
    fill(assessment)
    data = exporting.workbook(assessment, (Stage.UNIT,))
    Answer.objects.all().delete()
    assessment.uuid = "11111111-1111-4111-8111-111111111111"
    assessment.save(update_fields=["uuid"])
    found = importing.preview(assessment, Stage.UNIT, parse(instrument(), data))
    assert found.counts[Group.NEW] == 113
    importing.apply(OPERATOR, assessment, Stage.UNIT, found, Source("a.xlsx", "0" * 64))
    assert dict(Answer.objects.values_list("code", "value")) == sample_answers()


def test_rows_behind_a_count_stay_with_it(assessment: Assessment) -> None:
    """What a workbook does not carry is not lost by its import."""
    rows = {"agen": [["Ani", "", ""], ["Budi", "", ""]]}
    answer(assessment, "A.II.1.i.a", value={"counts": {"agen": 2, "perubahan": 1}, "rows": rows})
    data = exporting.workbook(assessment, (Stage.UNIT,))
    worked = filled_on(data, lambda sheet: sheet.__setitem__("K130", 2))
    found = importing.preview(assessment, Stage.UNIT, parse(instrument(), worked))
    importing.apply(OPERATOR, assessment, Stage.UNIT, found, Source("a.xlsx", "0" * 64))
    assert Answer.objects.get(code="A.II.1.i.a").value == {
        "counts": {"agen": 2, "perubahan": 2}, "rows": rows,
    }  # fmt: skip


def test_each_cell_of_field_work_is_new_left_alone_or_in_conflict(assessment: Assessment) -> None:
    fill(assessment, {"A.I.1.i.b": {"choice": "B"}, "A.I.1.ii.b": {"choice": "B"},
                      "A.I.1.ii.c": {"choice": "B"}})  # fmt: skip
    data = exporting.workbook(assessment, (Stage.UNIT,))
    answer(assessment, "A.I.1.i.b", value={"choice": "C"})  # in the portal and in the workbook
    answer(assessment, "A.I.1.ii.b", value={"choice": "C"})  # in the portal alone

    def work(sheet: Worksheet) -> None:
        sheet["K8"], sheet["K9"], sheet["K13"] = "Ya", "A", "A"

    found = importing.preview(assessment, Stage.UNIT, parse(instrument(), filled_on(data, work)))
    groups = {line.indicator.code: line.group for line in found.lines}
    assert groups["A.I.1.i.a"] is Group.NEW
    assert groups["A.I.1.ii.c"] is Group.CHANGED
    assert groups["A.I.1.i.b"] is Group.CONFLICT
    assert groups["A.I.1.ii.b"] is Group.NEWER
    importing.apply(OPERATOR, assessment, Stage.UNIT, found, Source("a.xlsx", "0" * 64))
    values = {row.code: row.value["choice"] for row in Answer.objects.all()}
    assert values == {
        "A.I.1.i.a": "Ya", "A.I.1.i.b": "C", "A.I.1.ii.b": "C", "A.I.1.ii.c": "A",
    }  # fmt: skip


def test_the_preview_shows_conflicts_and_what_is_newer_in_the_portal(
    assessment: Assessment, cast: Cast
) -> None:
    fill(assessment, {"A.I.1.i.b": {"choice": "B"}, "A.I.1.ii.b": {"choice": "B"}})
    client = signed_in(cast.member)
    data = client.get(EXPORT).content
    answer(assessment, "A.I.1.i.b", value={"choice": "C"})
    answer(assessment, "A.I.1.ii.b", value={"choice": "C"})
    worked = filled_on(data, lambda sheet: sheet.__setitem__("K9", "A"))
    shown = text_of(upload(client, worked))
    assert "Bentrok 1" in shown
    assert "Lebih baru di portal 1" in shown
    assert "Berubah di portal sesudah berkas diunduh, tidak diubah di berkas" in shown
    assert "Tidak ada yang perlu diterapkan" in shown


def test_an_evaluator_works_offline_in_tpi_s_columns(assessment: Assessment, cast: Cast) -> None:
    fill(assessment)
    move(assessment, State.EVALUATION)
    client = signed_in(cast.evaluator)
    worked = filled_on(
        client.get(EXPORT).content, lambda s: (s.__setitem__("R9", "C"), s.__setitem__("T9", "x"))
    )
    assert "Terapkan 1 jawaban" in text_of(upload(client, worked))


# ── who sees what ───────────────────────────────────────────────────────────
def test_tpi_s_work_is_in_the_file_only_for_those_who_may_see_it(
    assessment: Assessment, cast: Cast
) -> None:
    fill(assessment)
    move(assessment, State.EVALUATION)
    answering.record(
        OPERATOR, assessment, Stage.TPI,
        [Change("A.I.1.i.b", {"choice": "C"}, "Rahasia TPI")],
    )  # fmt: skip

    def seen_by(person: Any) -> tuple[Any, Any]:
        sheet = opened(signed_in(person).get(EXPORT).content)["LKE ZI"]
        return sheet["R9"].value, sheet["T9"].value

    assert seen_by(cast.evaluator) == ("C", "Rahasia TPI")
    assert seen_by(cast.member) == (None, None)
    move(assessment, State.TPI_CLOSED)
    assert seen_by(cast.member) == ("C", "Rahasia TPI")


def test_the_file_is_handed_over_to_be_saved_under_its_name(
    assessment: Assessment, cast: Cast
) -> None:
    response = signed_in(cast.auditor).get(EXPORT)
    assert response["Content-Type"] == exporting.CONTENT_TYPE
    assert response["Content-Disposition"] == 'attachment; filename="LKE POLTEK 2026.xlsx"'
    assert response["X-Content-Type-Options"] == "nosniff"
    assert "no-store" in response["Cache-Control"]


def test_the_buttons_lead_to_it(assessment: Assessment, cast: Cast) -> None:
    client = signed_in(cast.member)
    for page in (reverse("filling", args=["POLTEK", 2026, "A.I.1"]), UPLOAD):
        assert f'href="{EXPORT}"' in client.get(page).content.decode()


# ── the trail ───────────────────────────────────────────────────────────────
def test_one_entry_per_person_and_ten_minutes_and_none_for_the_head(
    assessment: Assessment, cast: Cast
) -> None:
    member, head = signed_in(cast.member), signed_in(cast.team_head)
    member.head(EXPORT)
    assert downloads() == 0
    member.get(EXPORT)
    member.get(EXPORT)
    assert downloads() == 1
    head.get(EXPORT)
    assert downloads() == 2
    TrailEntry.objects.filter(verb="workbook.downloaded").update(
        at=timezone.now() - exporting.ONE_DOWNLOAD
    )
    member.get(EXPORT)
    assert downloads() == 3


def test_a_download_with_tpi_s_work_is_hidden_from_the_unit_s_history(
    assessment: Assessment, cast: Cast
) -> None:
    move(assessment, State.EVALUATION)
    exporting.record_download(Actor(cast.evaluator), assessment, BOTH)
    history = reverse("history", args=["POLTEK", 2026])
    sentence = "mengunduh buku kerja LKE"
    assert sentence not in text_of(signed_in(cast.member).get(history))
    assert sentence in text_of(signed_in(cast.tpi_head).get(history))
    assert trail.verify(assessment.chain) is None


# ── commands ────────────────────────────────────────────────────────────────
def export(file: Path, *options: str, unit: str = "POLTEK") -> None:
    call_command("export_lke", "--unit", unit, "--period", "2026", "-o", str(file), *options)


def test_the_command_writes_the_file_and_leaves_an_entry(
    assessment: Assessment, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    fill(assessment)
    file = tmp_path / "lke.xlsx"
    export(file)
    assert str(file) in capsys.readouterr().out
    assert parse(instrument(), file.read_bytes()).reading.values() == sample_answers()
    assert downloads() == 1


def test_the_command_is_bound_by_the_rights_of_the_person_named(
    assessment: Assessment, cast: Cast, tmp_path: Path
) -> None:
    move(assessment, State.EVALUATION)
    file = tmp_path / "lke.xlsx"
    export(file, "--as", cast.evaluator.email)
    assert opened(file.read_bytes())["LKE ZI"]["R2"].value == "Jawaban TPI"
    export(file)
    assert opened(file.read_bytes())["LKE ZI"]["R2"].value is None
    for options in (["--as", cast.stranger.email], ["--as", "tidak.ada@uji.example"]):
        with pytest.raises(CommandError) as refused:
            export(tmp_path / "lain.xlsx", *options)
        assert refused.value.returncode == 2
    assert not (tmp_path / "lain.xlsx").exists()


def test_a_place_that_cannot_be_written_is_said_in_one_sentence(
    assessment: Assessment, tmp_path: Path
) -> None:
    with pytest.raises(CommandError, match="tidak dapat ditulis") as refused:
        export(tmp_path)
    assert refused.value.returncode == 2
    assert downloads() == 0


def test_a_conflict_stops_the_command_unless_it_may_be_skipped(
    assessment: Assessment, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    fill(assessment, {"A.I.1.i.b": {"choice": "B"}})
    data = exporting.workbook(assessment, (Stage.UNIT,))
    answer(assessment, "A.I.1.i.b", value={"choice": "C"})
    file = tmp_path / "lke.xlsx"
    file.write_bytes(
        filled_on(data, lambda s: (s.__setitem__("K8", "Ya"), s.__setitem__("K9", "A")))
    )
    arguments = ["import_lke", str(file), "--unit", "POLTEK", "--period", "2026"]
    with pytest.raises(CommandError, match="1 butir bentrok") as refused:
        call_command(*arguments)
    assert refused.value.returncode == 1
    assert not Answer.objects.filter(code="A.I.1.i.a").exists()
    call_command(*arguments, "--accept-partial", "--json")
    found = json.loads(capsys.readouterr().out)
    assert found["conflicts"] == [{"code": "A.I.1.i.b", "cells": "K9", "portal": "C", "file": "A"}]
    assert Answer.objects.get(code="A.I.1.i.a").value == {"choice": "Ya"}
    assert Answer.objects.get(code="A.I.1.i.b").value == {"choice": "C"}
