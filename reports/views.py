"""Reports: ask for one, watch it being made, find it again, take it home."""

import uuid
from typing import cast

from django.core.files.storage import default_storage
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe
from django_htmx.http import HttpResponseClientRedirect

from accounts import policy
from accounts.access import permits, signed_in
from accounts.models import User
from accounts.policy import Action
from accounts.trail import Actor
from assessment import selectors
from reports import jobs, register, serving
from reports.models import Job, JobState

PER_PAGE = 25
JOB_TEMPLATES = {True: "reports/_pekerjaan.html", False: "reports/pekerjaan.html"}


def _person(request: HttpRequest) -> User:
    """The signed-in person; middleware lets nobody else come here."""
    return cast("User", request.user)


@signed_in
@never_cache
@require_safe
def report_list(request: HttpRequest) -> HttpResponse:
    """The reports that the person may see, newest first."""
    pages = Paginator(register.visible(_person(request)), PER_PAGE)
    page = pages.get_page(request.GET.get("halaman"))
    return render(request, "reports/daftar.html", {"page": page})


@permits(Action.REPORT)
@never_cache
@require_safe
def report(request: HttpRequest, report_uuid: uuid.UUID) -> HttpResponse:
    """One issued report: what it is, and the way to its file."""
    found = register.get(_person(request), report_uuid)
    return render(request, "reports/laporan.html", {"report": found})


@permits(Action.REPORT)
@require_safe
def report_file(request: HttpRequest, report_uuid: uuid.UUID) -> HttpResponseBase:
    """The file. A part of it, or its head alone, leaves no entry in the trail (model.md)."""
    found = register.get(_person(request), report_uuid)
    if not default_storage.exists(found.file):
        raise Http404
    part = serving.part_wanted(request, found.size)
    if request.method == "GET" and part is None:
        register.record_download(Actor.of(request), found)
    return serving.attachment(
        lambda: default_storage.open(found.file),
        name=serving.file_name(found.title, "pdf"),
        content_type="application/pdf",
        size=found.size,
        part=part,
    )


@permits(Action.REPORT)
@require_POST
def make_report(request: HttpRequest, unit_code: str, year: int) -> HttpResponse:
    """Lead to the report of the data as they are now: the stored one, or a job that makes it."""
    assessment = selectors.get_assessment(request.user, unit_code, year, Action.REPORT)
    person = _person(request)
    if issued := register.draft(person, assessment).issued():
        return redirect("report", issued.uuid)
    job = jobs.enqueue("report", {}, owner=person, assessment=assessment)
    return redirect("job", job.uuid)


# ── long work ───────────────────────────────────────────────────────────────
def _job(request: HttpRequest, job_uuid: uuid.UUID) -> Job:
    """The person's own job. Raises Http404."""
    return policy.one_or_404(jobs.visible(_person(request)).filter(uuid=job_uuid))


@signed_in
@never_cache
@require_safe
def job(request: HttpRequest, job_uuid: uuid.UUID) -> HttpResponse:
    """How far a job is. For htmx the changing part alone, nothing while the page already shows it
    (`tampil`), and at the end the way to the result."""
    found = _job(request, job_uuid)
    partial = bool(request.headers.get("HX-Request"))
    if found.state == JobState.DONE:
        result = reverse("report", args=[found.result["report"]])
        return HttpResponseClientRedirect(result) if partial else redirect(result)
    if partial and request.GET.get("tampil") == found.mark:
        return HttpResponse(status=204)
    return render(request, JOB_TEMPLATES[partial], {"job": found})


@signed_in
@require_POST
def cancel_job(request: HttpRequest, job_uuid: uuid.UUID) -> HttpResponse:
    """Stop the person's own job."""
    found = _job(request, job_uuid)
    jobs.cancel(found)
    return redirect("job", found.uuid)
