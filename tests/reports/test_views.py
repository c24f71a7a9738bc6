"""Reports in the browser: who may ask for one, see it, take it home; and what the trail keeps."""

import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.urls import reverse
from django.utils import timezone

from accounts import trail
from accounts.models import Membership, TrailEntry
from accounts.trail import OPERATOR
from assessment import answering
from assessment.answering import Change
from assessment.models import Assessment, Stage, State
from reports import jobs
from reports.models import Job, JobState, Report
from tests.conftest import Cast, signed_in
from tests.reports.conftest import issued, move_to

MAKE = "/lke/POLTEK/2026/laporan/"


def page(report: Report) -> str:
    return reverse("report", args=[report.uuid])


def file(report: Report) -> str:
    return reverse("report_file", args=[report.uuid])


def entries(verb: str) -> int:
    return TrailEntry.objects.filter(verb=verb).count()


# ── who may ask for one ─────────────────────────────────────────────────────
@pytest.mark.parametrize("who", ["member", "coordinator", "team_head", "unit_head", "leader",
                                 "auditor", "evaluator", "tpi_head", "tpi_reviewer"])  # fmt: skip
def test_those_with_a_role_for_the_unit_may_make_a_report(
    who: str, cast: Cast, submitted: Assessment
) -> None:
    response = signed_in(getattr(cast, who)).post(MAKE)
    job = Job.objects.get()
    assert response.url == reverse("job", args=[job.uuid])
    assert (job.state, job.owner) == (JobState.WAITING, getattr(cast, who))


@pytest.mark.parametrize("who", ["stranger", "nobody", "admin"])
def test_others_are_told_that_there_is_nothing(who: str, cast: Cast, submitted: Assessment) -> None:
    assert signed_in(getattr(cast, who)).post(MAKE).status_code == 404
    assert not Job.objects.exists()


def test_evaluators_cannot_make_one_before_the_sheet_was_handed_over(
    cast: Cast, filled: Assessment
) -> None:
    assert signed_in(cast.evaluator).post(MAKE).status_code == 404


def test_looking_at_the_address_makes_nothing(cast: Cast, filled: Assessment) -> None:
    assert signed_in(cast.member).get(MAKE).status_code == 405
    assert not Job.objects.exists()


def test_unchanged_data_lead_to_the_stored_report_at_once(cast: Cast, filled: Assessment) -> None:
    report = issued(filled)
    response = signed_in(cast.member).post(MAKE)
    assert response.url == page(report)
    assert not Job.objects.exists()


def test_changed_data_lead_to_new_work(cast: Cast, filled: Assessment) -> None:
    issued(filled)
    change = Change("A.I.1.i.a", value={"choice": "Tidak"})
    answering.record(OPERATOR, filled, Stage.UNIT, [change])
    assert "/pekerjaan/" in signed_in(cast.member).post(MAKE).url


def test_a_second_press_leads_to_the_same_job(cast: Cast, filled: Assessment) -> None:
    client = signed_in(cast.member)
    assert client.post(MAKE).url == client.post(MAKE).url


# ── the job's page ──────────────────────────────────────────────────────────
@pytest.fixture
def job(cast: Cast, filled: Assessment) -> Job:
    return jobs.enqueue("report", {}, owner=cast.member, assessment=filled)


def test_the_page_of_a_job_asks_again_every_second_and_works_without_script(
    cast: Cast, job: Job
) -> None:
    text = signed_in(cast.member).get(reverse("job", args=[job.uuid])).content.decode()
    assert 'hx-trigger="every 1s"' in text
    assert f'href="{reverse("job", args=[job.uuid])}">Muat ulang' in text


def test_nothing_is_sent_while_the_page_already_shows_how_things_stand(
    cast: Cast, job: Job
) -> None:
    client, address = signed_in(cast.member), reverse("job", args=[job.uuid])
    htmx = {"HX-Request": "true"}
    assert client.get(f"{address}?tampil={job.mark}", headers=htmx).status_code == 204
    Job.objects.filter(pk=job.pk).update(state=JobState.RUNNING)
    fragment = client.get(f"{address}?tampil={job.mark}", headers=htmx).content.decode()
    assert fragment.startswith('<section class="panel work"')


def test_a_finished_job_leads_to_its_report(cast: Cast, job: Job, filled: Assessment) -> None:
    report = issued(filled)
    Job.objects.filter(pk=job.pk).update(state=JobState.DONE, result={"report": str(report.uuid)})
    client, address = signed_in(cast.member), reverse("job", args=[job.uuid])
    assert client.get(address).url == page(report)
    assert client.get(address, headers={"HX-Request": "true"})["HX-Redirect"] == page(report)


def test_a_failed_job_says_why_and_polls_no_more(cast: Cast, job: Job) -> None:
    Job.objects.filter(pk=job.pk).update(state=JobState.FAILED, problem="Sebabnya <b>ini</b>.")
    text = signed_in(cast.member).get(reverse("job", args=[job.uuid])).content.decode()
    assert "Sebabnya &lt;b&gt;ini&lt;/b&gt;." in text
    assert "hx-trigger" not in text


def test_the_owner_can_cancel(cast: Cast, job: Job) -> None:
    signed_in(cast.member).post(reverse("cancel_job", args=[job.uuid]))
    job.refresh_from_db()
    assert job.state == JobState.CANCELLED


@pytest.mark.parametrize("who", ["team_head", "auditor", "stranger", "admin", "nobody"])
def test_a_job_is_its_owners_alone(who: str, cast: Cast, job: Job) -> None:
    client = signed_in(getattr(cast, who))
    assert client.get(reverse("job", args=[job.uuid])).status_code == 404
    assert client.post(reverse("cancel_job", args=[job.uuid])).status_code == 404
    job.refresh_from_db()
    assert job.state == JobState.WAITING


def test_who_lost_their_role_meanwhile_gets_no_report(cast: Cast, job: Job) -> None:
    Membership.objects.filter(user=cast.member).delete()
    jobs.run(str(job.uuid))
    job.refresh_from_db()
    assert job.state == JobState.FAILED
    assert not Report.objects.exists()


def test_the_job_makes_the_report_and_leaves_one_entry(cast: Cast, job: Job) -> None:
    jobs.run(str(job.uuid))
    job.refresh_from_db()
    report = Report.objects.get()
    assert (job.state, job.result) == (JobState.DONE, {"report": str(report.uuid)})
    assert report.issued_by == cast.member
    assert default_storage.open(report.file).read().startswith(b"%PDF-1.7")
    assert report.size == default_storage.size(report.file)
    entry = TrailEntry.objects.get(verb="report.issued")
    assert (entry.chain, entry.actor) == (report.assessment.chain, cast.member)
    assert entry.data["sha256"] == report.sha256
    assert trail.verify(entry.chain) is None


def test_a_job_run_again_makes_no_second_report(cast: Cast, job: Job, filled: Assessment) -> None:
    report = issued(filled)
    jobs.run(str(job.uuid))
    job.refresh_from_db()
    assert job.result == {"report": str(report.uuid)}
    assert Report.objects.count() == 1
    assert entries("report.issued") == 1


# ── finding and taking it ───────────────────────────────────────────────────
SEEING = ["member", "coordinator", "team_head", "unit_head", "leader", "auditor", "evaluator"]


@pytest.mark.parametrize("who", SEEING)
def test_those_who_may_see_it_find_it_in_their_list(
    who: str, cast: Cast, submitted: Assessment
) -> None:
    report, client = issued(submitted), signed_in(getattr(cast, who))
    assert page(report) in client.get(reverse("reports")).content.decode()
    assert report.sha256 in client.get(page(report)).content.decode()
    assert client.get(file(report)).status_code == 200


@pytest.mark.parametrize("who", ["stranger", "nobody", "admin"])
def test_nobody_else_learns_that_it_exists(who: str, cast: Cast, submitted: Assessment) -> None:
    report, client = issued(submitted), signed_in(getattr(cast, who))
    assert report.title not in client.get(reverse("reports")).content.decode()
    assert client.get(page(report)).status_code == 404
    assert client.get(file(report)).status_code == 404
    assert client.get(reverse("report", args=[uuid.uuid4()])).status_code == 404


def test_tpi_sees_no_report_from_before_the_sheet_was_handed_over(
    cast: Cast, filled: Assessment
) -> None:
    report = issued(filled)
    move_to(filled, State.SUBMITTED)
    assert signed_in(cast.evaluator).get(file(report)).status_code == 404
    assert signed_in(cast.member).get(file(report)).status_code == 200


def test_a_report_with_tpis_values_waits_for_their_release(
    cast: Cast, submitted: Assessment
) -> None:
    report = issued(submitted, cast.evaluator)
    assert report.shows_tpi
    for who in (cast.member, cast.unit_head, cast.leader, cast.auditor):
        assert signed_in(who).get(file(report)).status_code == 404
        assert report.title not in signed_in(who).get(reverse("reports")).content.decode()
    assert signed_in(cast.evaluator).get(file(report)).status_code == 200
    move_to(submitted, State.TPI_CLOSED)
    assert signed_in(cast.member).get(file(report)).status_code == 200


def test_an_entry_about_tpis_values_is_hidden_with_them(cast: Cast, submitted: Assessment) -> None:
    issued(submitted, cast.evaluator)
    assert TrailEntry.objects.get(verb="report.issued").data["stage"] == "tpi"


def test_the_list_is_paged(cast: Cast, filled: Assessment) -> None:
    report = issued(filled)
    Report.objects.bulk_create(
        Report(
            assessment=filled, kind=report.kind, title=f"Laporan ke-{n}", fingerprint=f"{n:064}",
            data_at=report.data_at, provisional=True, shows_tpi=False, file=report.file,
            sha256=report.sha256, size=report.size,
        )
        for n in range(30)
    )  # fmt: skip
    client = signed_in(cast.member)
    assert client.get(reverse("reports")).content.decode().count('<th scope="row">') == 25
    assert client.get("/laporan/?halaman=2").content.decode().count('<th scope="row">') == 6


def test_the_list_costs_the_same_for_many_reports(
    cast: Cast, filled: Assessment, django_assert_max_num_queries: Any
) -> None:
    for number in range(3):
        change = Change("A.I.1.i.a", note=f"Catatan {number}")
        answering.record(OPERATOR, filled, Stage.UNIT, [change])
        issued(filled)
    client = signed_in(cast.member)
    with django_assert_max_num_queries(6):
        assert client.get(reverse("reports")).status_code == 200


# ── the download ────────────────────────────────────────────────────────────
def test_the_file_goes_out_as_a_sealed_attachment(cast: Cast, filled: Assessment) -> None:
    response = signed_in(cast.member).get(file(issued(filled)))
    assert b"".join(response.streaming_content) == b"%PDF-1.7 uji"
    assert response["Content-Type"] == "application/pdf"
    assert response["Content-Disposition"] == (
        'attachment; filename="Laporan Kesiapan WBK 2026 Politeknik Uji.pdf"'
    )
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Security-Policy"].startswith("sandbox")
    assert response["Cache-Control"] == "private, no-store"


def test_a_name_beyond_ascii_is_sent_as_rfc_6266_says(cast: Cast, filled: Assessment) -> None:
    filled.unit.name = 'Balai "Jogjå"\r\nX: y'
    filled.unit.save()
    response = signed_in(cast.member).get(file(issued(filled)))
    assert response["Content-Disposition"] == (
        "attachment; filename*=utf-8''"
        "Laporan%20Kesiapan%20WBK%202026%20Balai%20Jogj%C3%A5%20X%20y.pdf"
    )


def test_a_download_leaves_one_entry_in_ten_minutes(cast: Cast, filled: Assessment) -> None:
    report, client = issued(filled), signed_in(cast.member)
    client.get(file(report))
    client.get(file(report))
    assert entries("report.downloaded") == 1
    TrailEntry.objects.filter(verb="report.downloaded").update(
        at=timezone.now() - timedelta(minutes=11)
    )
    client.get(file(report))
    assert entries("report.downloaded") == 2


def test_each_persons_download_is_an_entry_of_its_own(cast: Cast, filled: Assessment) -> None:
    report = issued(filled)
    signed_in(cast.member).get(file(report))
    signed_in(cast.auditor).get(file(report))
    assert entries("report.downloaded") == 2


def test_a_head_or_a_part_leaves_no_entry(cast: Cast, filled: Assessment) -> None:
    report, client = issued(filled), signed_in(cast.member)
    assert client.head(file(report))["Content-Length"] == "12"
    part = client.get(file(report), headers={"Range": "bytes=0-3"})
    assert (part.status_code, part.content) == (206, b"%PDF")
    assert part["Content-Range"] == "bytes 0-3/12"
    assert entries("report.downloaded") == 0


def test_all_bytes_asked_for_as_a_range_are_a_download(cast: Cast, filled: Assessment) -> None:
    report = issued(filled)
    assert (
        signed_in(cast.member).get(file(report), headers={"Range": "bytes=0-"}).status_code == 200
    )
    assert entries("report.downloaded") == 1


def test_a_refused_download_leaves_no_entry(cast: Cast, filled: Assessment) -> None:
    signed_in(cast.stranger).get(file(issued(filled)))
    assert entries("report.downloaded") == 0


def test_names_with_markup_are_text_on_every_page(cast: Cast, filled: Assessment) -> None:
    filled.unit.name = "<img src=x onerror=alert(1)>"
    filled.unit.save()
    report, client = issued(filled), signed_in(cast.member)
    for address in (reverse("reports"), page(report)):
        text = client.get(address).content.decode()
        assert "<img src=x" not in text
        assert "&lt;img src=x onerror=alert(1)&gt;" in text
