"""Official texts from an office's own workbook: a new wording of the same structure."""

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse
from django.utils import timezone

from accounts import trail
from accounts.models import TrailEntry
from assessment import catalogue
from assessment.instrument import load_yaml
from assessment.models import Assessment, InstrumentVersion, Period, State
from assessment.workbook.layouts import layouts_for
from assessment.workbook.wording import split_criteria
from tests.assessment.documents import node
from tests.assessment.pages import move, text_of
from tests.assessment.samples import INSTRUMENT_FILE, instrument
from tests.assessment.workbooks import second
from tests.assessment.workbooks.build import Form, opened, save
from tests.conftest import Cast, signed_in
from tests.paths import official_lke

TEXTS = {
    "G8": "Tim sudah ada (teks resmi)",
    "I8": "Ya, jika tim sudah ada.",
    "G9": "Cara memilih anggota (teks resmi)",
    "I9": "a. Jika jelas\n   dan merata\nb.Jika sebagian;\nC) tidak dipilih",
    "I11": "Ya, jika ada rencana",
}


@pytest.fixture
def workbook(tmp_path: Path) -> Path:
    """Our own form with some texts of another wording."""
    book = Form({}).workbook()
    for address, text in TEXTS.items():
        book["LKE ZI"][address] = text
    file = tmp_path / "lke resmi.xlsx"
    file.write_bytes(save(book))
    return file


def run(capsys: pytest.CaptureFixture[str], *options: str) -> str:
    call_command("load_instrument", *options)
    return capsys.readouterr().out


def refusal(*options: str) -> CommandError:
    with pytest.raises(CommandError) as refused:
        call_command("load_instrument", *options)
    return refused.value


def latest() -> InstrumentVersion:
    return InstrumentVersion.objects.order_by("-version")[0]


def document(version: InstrumentVersion) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(version.document)
    return found


# ── texts ───────────────────────────────────────────────────────────────────
@pytest.mark.parametrize(
    ("code", "stated", "criteria"),
    [
        ("A.I.1.i.a", "Ya, jika tim ada.", {"Ya": "Jika tim ada."}),
        ("A.I.1.i.a", "ya,tim ada", {"Ya": "Tim ada"}),
        ("A.I.1.i.a", "Ya. Ada\nTidak. Belum", {"Ya": "Ada", "Tidak": "Belum"}),
        ("A.I.1.i.b", "a. Satu\nb.Dua;\nc)  Ti\n ga", {"A": "Satu", "B": "Dua", "C": "Ti ga"}),
        ("A.I.1.i.b", "a. Satu\nc. Tiga", None),
        ("A.I.1.i.b", "a. Satu\nb.\nc. Tiga", None),
        ("A.I.1.i.b", "b. Dua\na. Satu\nc. Tiga", None),
        ("A.I.1.i.b", "", None),
        ("A.I.1.i.a", "Tim ada", None),
    ],
)  # fmt: skip
def test_criteria_are_split_by_their_letters(
    code: str, stated: str, criteria: dict[str, str] | None
) -> None:
    assert split_criteria(instrument().indicator(code), stated) == criteria


def test_the_ministry_s_form_states_the_texts_of_all_indicators(
    instrument_version: InstrumentVersion, capsys: pytest.CaptureFixture[str]
) -> None:
    said = run(capsys, "--wording", str(official_lke("lke-kosong.xlsx")))
    assert "versi 2 dimuat" in said
    assert "Teks 113 butir diambil" in said
    assert "tidak terbaca" not in said
    sheet = opened(official_lke("lke-kosong.xlsx").read_bytes())["LKE ZI"]
    layout = layouts_for(instrument().code)[0]
    for code, indicator in catalogue.compiled(latest()).indicators.items():
        row = layout.row(code)
        question = sheet[f"{'E' if code.startswith('B') else 'G'}{row}"].value
        assert indicator.text == " ".join(question.split()), code
        stated = " ".join(str(sheet[f"I{row}"].value).split()).lower()
        for option in indicator.options:
            is_stated = option.criterion.lower() in stated
            assert is_stated is (option.key != "Tidak"), (code, option.key)


# ── a new version ───────────────────────────────────────────────────────────
def test_only_the_texts_change_and_the_open_period_takes_them(
    assessment: Assessment, cast: Cast, workbook: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = assessment.period.instrument
    said = run(capsys, "--wording", str(workbook))
    assert "versi 2 dimuat" in said
    assert "Dipakai periode yang masih berjalan: 2026." in said
    version = latest()
    assert version.structure_digest == before.structure_digest
    assert version.wording_digest != before.wording_digest
    first = node(document(version), "A.I.1.i.b")
    assert first["text"] == TEXTS["G9"]
    assert [option["criterion"] for option in first["options"]] == [
        "Jika jelas dan merata", "Jika sebagian", "Tidak dipilih",
    ]  # fmt: skip
    assert (
        node(document(version), "A.I.1.i.a")["options"][1]
        == (node(document(before), "A.I.1.i.a")["options"][1])
    )
    assert first["guidance"] == node(document(before), "A.I.1.i.b")["guidance"]
    page = signed_in(cast.member).get(reverse("filling", args=["POLTEK", 2026, "A.I.1"]))
    assert "Cara memilih anggota (teks resmi)" in text_of(page)
    assert "Jika jelas dan merata" in text_of(page)


def test_one_trail_entry_says_which_periods_took_it(
    period: Period, workbook: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run(capsys, "--wording", str(workbook))
    entry = TrailEntry.objects.get(verb="instrument.taken")
    assert entry.target == f"{instrument().code}:2"
    assert entry.data == {"periods": [2026]}
    assert trail.verify(trail.PORTAL) is None


def test_the_same_texts_twice_change_nothing(
    period: Period, workbook: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run(capsys, "--wording", str(workbook))
    entries = TrailEntry.objects.count()
    assert "versi 2 tidak berubah" in run(capsys, "--wording", str(workbook))
    assert TrailEntry.objects.count() == entries


def test_a_start_of_the_portal_does_not_undo_them(
    period: Period, workbook: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run(capsys, "--wording", str(workbook))
    assert catalogue.is_loaded(load_yaml(INSTRUMENT_FILE))
    assert latest().version == 2


@pytest.mark.parametrize("how", ["announced", "all closed"])
def test_a_period_that_is_over_keeps_its_wording(
    assessment: Assessment, workbook: Path, how: str, capsys: pytest.CaptureFixture[str]
) -> None:
    if how == "announced":
        Period.objects.update(announcement_on=timezone.localdate() - timedelta(days=1))
    else:
        move(assessment, State.CLOSED)
    assert "Dipakai periode" not in run(capsys, "--wording", str(workbook))
    assert Period.objects.get().instrument.version == 1


def test_a_period_of_another_structure_keeps_its_instrument(
    period: Period, workbook: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    InstrumentVersion.objects.update(structure_digest="0" * 64)
    run(capsys, str(INSTRUMENT_FILE))
    run(capsys, "--wording", str(workbook))
    assert latest().version == 3
    assert Period.objects.get().instrument.version == 1


# ── refusals ────────────────────────────────────────────────────────────────
def test_what_cannot_be_read_is_listed_and_keeps_its_text(
    period: Period, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    book = Form({}).workbook()
    book["LKE ZI"]["I9"], book["LKE ZI"]["G12"] = "tanpa huruf", "Pertanyaan lain"
    file = tmp_path / "lke.xlsx"
    file.write_bytes(save(book))
    said = run(capsys, "--wording", str(file))
    assert "Teks 111 butir" in said
    # Our form states no criteria in the rows of Hasil.
    assert "tidak terbaca, teks yang ada dipertahankan: A.I.1.i.b, B.I.b" in said


def test_bad_arguments_and_bad_files_change_nothing(
    instrument_version: InstrumentVersion, workbook: Path, tmp_path: Path, cast: Cast
) -> None:
    no_workbook, other_layout = tmp_path / "a.xlsx", tmp_path / "b.xlsx"
    no_workbook.write_bytes(b"bukan")
    other_layout.write_bytes(second.filled({}))
    for refused in (
        refusal(),
        refusal(str(INSTRUMENT_FILE), "--wording", str(workbook)),
        refusal("--wording", str(tmp_path / "tidak-ada.xlsx")),
        refusal("--wording", str(no_workbook)),
        refusal("--wording", str(other_layout)),
        refusal("--wording", str(workbook), "--instrument", "lain"),
        refusal("--wording", str(workbook), "--as", cast.team_head.email),
    ):
        assert refused.returncode == 2
        assert "\n" not in str(refused).strip()
    assert InstrumentVersion.objects.count() == 1
