"""Importing by browser: upload → preview → confirm, without JavaScript."""

import io
import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from accounts.models import Role
from accounts.trail import OPERATOR
from assessment import answering
from assessment.answering import Change
from assessment.models import Answer, Assessment, PendingImport, Score, Stage, State
from tests.assessment.pages import fill
from tests.assessment.samples import sample_answers
from tests.assessment.workbooks import hostile, second
from tests.assessment.workbooks.build import Form, save
from tests.conftest import Cast, make_user, signed_in

UPLOAD = reverse("import_workbook", args=["POLTEK", 2026])


@pytest.fixture
def filled_form() -> bytes:
    return Form(sample_answers(), notes=True).filled()


def upload(client: Client, data: bytes, name: str = "LKE unit.xlsx") -> HttpResponse:
    return client.post(UPLOAD, {"file": SimpleUploadedFile(name, data)})


def preview_address(response: HttpResponse) -> str:
    assert response.status_code == 302
    return str(response["Location"])


def text(response: HttpResponse) -> str:
    """What a reader sees of a page, in one line."""
    body = re.sub(r"<(script|style|svg).*?</\1>", " ", response.content.decode(), flags=re.DOTALL)
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", body))


def answer(assessment: Assessment, code: str, **value: str) -> None:
    answering.record(OPERATOR, assessment, Stage.UNIT, [Change(code, value)])


# ── the main way ────────────────────────────────────────────────────────────
def test_a_workbook_is_shown_then_applied_and_the_summary_says_so(
    assessment: Assessment, cast: Cast, filled_form: bytes
) -> None:
    client = signed_in(cast.member)
    address = preview_address(upload(client, filled_form))
    assert not Answer.objects.exists()

    shown = text(client.get(address))
    assert "LKE unit.xlsx" in shown
    assert "Terapkan 113 jawaban" in shown
    assert "Nilai akhir di berkas 84,57, hasil hitungan jawabannya 84,71" in shown
    assert "L175" in shown
    assert "A.II.5.iii.b (baris 184)" in shown
    assert "memenuhi syarat nilai WBK" in shown

    response = client.post(address, follow=True)
    assert response.redirect_chain[-1][0] == reverse("summary", args=["POLTEK", 2026])
    assert "113 jawaban diterapkan dari LKE unit.xlsx; nilai mandiri 84,71" in text(response)
    assert Answer.objects.filter(changed_by=cast.member).count() == 113
    assert str(Score.objects.get(assessment=assessment, stage=Stage.UNIT).total) == "84.712917"
    assert not PendingImport.objects.exists()


def test_a_second_click_on_the_button_does_no_harm(
    assessment: Assessment, cast: Cast, filled_form: bytes
) -> None:
    client = signed_in(cast.member)
    address = preview_address(upload(client, filled_form))
    client.post(address)
    response = client.post(address, follow=True)
    assert "sudah diterapkan" in text(response)
    assert set(Answer.objects.values_list("version", flat=True)) == {1}
    assert client.get(address).status_code == 404


def test_looking_at_pages_changes_nothing(
    assessment: Assessment, cast: Cast, filled_form: bytes
) -> None:
    client = signed_in(cast.member)
    address = preview_address(upload(client, filled_form))
    before = list(PendingImport.objects.values())
    answer(assessment, "A.I.1.i.b", choice="C")
    for place in (UPLOAD, address, address):
        assert client.get(place).status_code == 200
    assert list(PendingImport.objects.values()) == before
    assert Answer.objects.count() == 1


def test_what_cannot_be_read_stands_first_with_cell_and_reason(
    assessment: Assessment, cast: Cast
) -> None:
    form = Form(sample_answers())
    data = form.filled(lambda sheet: sheet.__setitem__(form.cell("A.I.1.i.b"), "Mungkin"))
    client = signed_in(cast.member)
    address = preview_address(upload(client, data))
    shown = text(client.get(address))
    assert shown.index("Tidak terbaca dilewati") < shown.index("Nilai akhir di berkas")
    assert "K9 A.I.1.i.b Isinya “Mungkin”; jawaban yang ada A, B atau C." in shown
    assert "112 jawaban akan diterapkan; 1 butir tidak terbaca dilewati" in shown
    client.post(address)
    assert Answer.objects.count() == 112


def test_answers_blank_in_the_workbook_are_named_and_left_alone(
    assessment: Assessment, cast: Cast
) -> None:
    answer(assessment, "A.I.1.i.b", choice="C")
    answers = sample_answers()
    del answers["A.I.1.i.b"]
    client = signed_in(cast.member)
    address = preview_address(upload(client, Form(answers).filled()))
    assert "Kosong di buku kerja, dibiarkan: A.I.1.i.b." in text(client.get(address))
    client.post(address)
    assert Answer.objects.get(code="A.I.1.i.b").value == {"choice": "C"}


# ── conflicts ───────────────────────────────────────────────────────────────
def test_what_somebody_changed_meanwhile_is_shown_and_not_overwritten(
    assessment: Assessment, cast: Cast, filled_form: bytes
) -> None:
    answer(assessment, "A.I.1.i.b", choice="B")
    client = signed_in(cast.member)
    address = preview_address(upload(client, filled_form))
    answer(assessment, "A.I.1.i.b", choice="C")

    assert "Bentrok" in text(client.get(address))
    response = client.post(address, follow=True)
    assert "112 jawaban diterapkan." in text(response)
    assert "Bentrok" in text(response)
    assert Answer.objects.get(code="A.I.1.i.b").value == {"choice": "C"}

    # Only after taking it into the preview can the workbook's answer be chosen.
    shown = text(client.post(address, {"action": "refresh"}, follow=True))
    assert "Terapkan 1 jawaban" in shown
    client.post(address)
    assert Answer.objects.get(code="A.I.1.i.b").value == {"choice": "A"}


# ── refusals ────────────────────────────────────────────────────────────────
@pytest.mark.parametrize(
    "make",
    [hostile.not_a_zip, hostile.entity_bomb, hostile.missing_sheet],
    ids=lambda m: m.__name__,
)
def test_a_bad_file_is_refused_beside_the_field(
    assessment: Assessment, cast: Cast, make: object
) -> None:
    response = upload(signed_in(cast.member), make())  # type: ignore[operator]
    assert response.status_code == 422
    assert 'aria-invalid="true"' in response.content.decode()
    assert not PendingImport.objects.exists()


def test_no_file_and_an_empty_file_are_refused(assessment: Assessment, cast: Cast) -> None:
    client = signed_in(cast.member)
    assert "Pilih dahulu berkas" in text(client.post(UPLOAD))
    assert client.post(UPLOAD).status_code == 422
    assert upload(client, b"").status_code == 422


def test_a_file_above_the_limit_is_refused_before_it_is_read(
    assessment: Assessment, cast: Cast
) -> None:
    """The body is never touched: reading it would fail here."""

    class Unreadable(io.BytesIO):
        def read(self, *args: object) -> bytes:
            raise AssertionError("the body was read")

        readline = read

    response = signed_in(cast.member).generic(
        "POST", UPLOAD, b"", "multipart/form-data; boundary=x",
        **{"CONTENT_LENGTH": str(11 * 1024 * 1024), "wsgi.input": Unreadable()},
    )  # fmt: skip
    assert response.status_code == 413
    assert "10" in text(response)
    assert "melebihi" in text(response)


def test_a_post_without_the_token_is_refused(
    assessment: Assessment, cast: Cast, filled_form: bytes
) -> None:
    """The upload view is exempt only until the size is known."""
    client = Client(enforce_csrf_checks=True)
    client.force_login(cast.member)
    assert upload(client, filled_form).status_code == 403
    assert not PendingImport.objects.exists()


def test_a_locked_sheet_says_why_and_offers_no_form(
    assessment: Assessment, cast: Cast, filled_form: bytes
) -> None:
    client = signed_in(cast.member)
    address = preview_address(upload(client, filled_form))
    Assessment.objects.update(state=State.SUBMITTED)
    page = client.get(UPLOAD)
    assert "Sudah diajukan kepada TPI." in text(page)
    assert 'type="file"' not in page.content.decode()
    assert upload(client, filled_form).status_code == 409
    assert "Terapkan 113" not in text(client.get(address))
    assert client.post(address).status_code == 409
    assert not Answer.objects.exists()


# ── who ─────────────────────────────────────────────────────────────────────
def test_only_those_who_fill_may_import(
    assessment: Assessment, cast: Cast, filled_form: bytes
) -> None:
    address = preview_address(upload(signed_in(cast.member), filled_form))
    for person, status in (
        (cast.unit_head, 403),
        (cast.leader, 403),
        (cast.auditor, 403),
        (cast.stranger, 404),
        (cast.nobody, 404),
        (cast.evaluator, 404),
    ):
        client = signed_in(person)
        assert client.get(UPLOAD).status_code == status
        assert upload(client, filled_form).status_code == status
        assert client.get(address).status_code == status
        assert client.post(address).status_code == status
    assert not Answer.objects.exists()


def test_a_preview_belongs_to_the_person_who_uploaded_it(
    assessment: Assessment, cast: Cast, filled_form: bytes
) -> None:
    address = preview_address(upload(signed_in(cast.member), filled_form))
    other = signed_in(cast.team_head)
    assert other.get(address).status_code == 404
    other.post(address)
    assert not Answer.objects.exists()


def test_a_pokja_member_sees_what_lies_outside_and_applies_the_rest(
    assessment: Assessment, cast: Cast, filled_form: bytes
) -> None:
    client = signed_in(make_user("Pipit Pokja", assessment.unit, Role.MEMBER, ["6"]))
    address = preview_address(upload(client, filled_form))
    assert "Di luar pokja" in text(client.get(address))
    client.post(address)
    codes = set(Answer.objects.values_list("code", flat=True))
    assert codes
    assert all(code.startswith(("A.I.6.", "A.II.6.")) for code in codes)


def test_a_name_and_a_note_that_look_like_markup_stay_text(
    assessment: Assessment, cast: Cast
) -> None:
    evil = '<img src=x onerror="alert(1)">'
    form = Form(sample_answers())

    def change(sheet: object) -> None:
        sheet["O8"], sheet["K9"] = evil, evil  # type: ignore[index]

    client = signed_in(cast.member)
    address = preview_address(upload(client, form.filled(change), name=f"{evil}.xlsx"))
    body = client.get(address).content.decode()
    assert "<img" not in body
    assert "&lt;img" in body


# ── TPI ─────────────────────────────────────────────────────────────────────
WORSE = {"A.I.1.i.b": {"choice": "C"}}


def test_an_evaluator_s_workbook_goes_into_tpi_s_column(assessment: Assessment, cast: Cast) -> None:
    fill(assessment)
    Assessment.objects.update(state=State.EVALUATION)
    client = signed_in(cast.evaluator)
    assert "Nilai dan catatan TPI" in text(client.get(UPLOAD))
    address = preview_address(upload(client, second.filled({}, WORSE, {"Q7": "Tanpa notula."})))
    shown = text(client.get(address))
    assert "Nilai TPI sekarang" in shown
    assert "Terapkan 1 jawaban" in shown
    response = client.post(address, follow=True)
    assert "1 jawaban diterapkan dari LKE unit.xlsx; nilai TPI" in text(response)
    judged = Answer.objects.get(stage=Stage.TPI)
    assert (judged.code, judged.value, judged.note) == (
        "A.I.1.i.b", {"choice": "C"}, "Tanpa notula.",
    )  # fmt: skip
    assert Answer.objects.get(stage=Stage.UNIT, code="A.I.1.i.b").value == {"choice": "A"}


def test_tpi_s_columns_in_a_unit_s_workbook_change_nothing_and_it_says_so(
    assessment: Assessment, cast: Cast
) -> None:
    client = signed_in(cast.member)
    address = preview_address(upload(client, second.filled(sample_answers(), WORSE)))
    assert "Kolom TPI (N) tidak dibaca" in text(client.get(address))
    client.post(address)
    assert set(Answer.objects.values_list("stage", flat=True)) == {Stage.UNIT}
    assert Answer.objects.get(code="A.I.1.i.b").value == {"choice": "A"}


def test_an_evaluator_imports_nothing_once_the_evaluation_is_closed(
    assessment: Assessment, cast: Cast
) -> None:
    Assessment.objects.update(state=State.TPI_CLOSED)
    client = signed_in(cast.evaluator)
    assert "Evaluasi TPI sudah selesai." in text(client.get(UPLOAD))
    assert upload(client, second.filled({}, WORSE)).status_code == 409
    assert not Answer.objects.exists()


def test_what_evaluators_wrote_is_listed_and_not_stored(assessment: Assessment, cast: Cast) -> None:
    Assessment.objects.update(state=State.EVALUATION)
    form = Form(sample_answers())
    book = form.workbook()
    sheet = book["Ctt Eval"]
    sheet["B3"], sheet["C3"], sheet["L3"] = "A.", "PENGUNGKIT", "Sudah baik."
    sheet["C4"], sheet["D4"], sheet["L4"] = "I.", "NAMA LAMA", "Tidak dikenal."
    client = signed_in(cast.evaluator)
    address = preview_address(upload(client, save(book)))
    shown = text(client.get(address))
    assert "Catatan evaluator yang terbaca" in shown
    assert "A Pengungkit catatan Sudah baik." in shown
    assert "Tidak terbaca: “NAMA LAMA” bukan nama bagian LKE" in shown
    client.post(address)
    assert not Answer.objects.filter(note__contains="Sudah baik").exists()
