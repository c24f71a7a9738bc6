"""The register of issued reports: who may see which, and how a new one comes in.

The same data are one report: its file is stored once and never rendered anew.
"""

import hashlib
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from accounts import policy, trail
from accounts.models import TrailEntry, User
from accounts.policy import Action, Person
from accounts.trail import Actor, Event
from assessment import selectors, workflow
from assessment.models import Assessment, NationalResult, Stage
from reports import documents, layout, pdf
from reports.documents import Readiness
from reports.jobs import JobFailure, Progress
from reports.models import Job, Kind, Report

ONE_DOWNLOAD = timedelta(minutes=10)
"""Downloads of one report by one person within this time are one entry of the trail."""


# ── reading ─────────────────────────────────────────────────────────────────
def visible(user: User) -> QuerySet[Report]:
    """The reports that the person may see now.

    TPI's people see none from before the sheet was handed over, and nobody sees TPI's values
    before they may be seen (selectors.visible_stages).
    """
    place = "assessment__unit__"
    submitted = Q(assessment__state__in=workflow.SUBMITTED_STATES)
    released = [state for state in workflow.SUBMITTED_STATES if workflow.tpi_is_released(state)]
    readable = policy.scope(user, Action.VIEW, prefix=place) | (
        policy.scope(user, Action.VIEW_SUBMITTED, prefix=place) & submitted & Q(provisional=False)
    )
    tpi_readable = Q(assessment__state__in=released) | (
        policy.scope(user, Action.VIEW_TPI, prefix=place) & submitted
    )
    return Report.objects.filter(
        policy.scope(user, Action.REPORT, prefix=place),
        readable,
        Q(shows_tpi=False) | tpi_readable,
    ).select_related("assessment__unit", "assessment__period", "issued_by")


def get(user: User, report_uuid: uuid.UUID) -> Report:
    """The report, if the person may see it. Raises Http404."""
    return policy.one_or_404(visible(user).filter(uuid=report_uuid))


# ── making ──────────────────────────────────────────────────────────────────
@dataclass(frozen=True, slots=True)
class Draft:
    """A document ready to be issued, with the fingerprint of its data."""

    assessment: Assessment
    document: Readiness
    fingerprint: str

    def issued(self) -> Report | None:
        """The report that was already made of these data."""
        return Report.objects.filter(
            assessment=self.assessment, kind=Kind.READINESS, fingerprint=self.fingerprint
        ).first()


def draft(reader: Person | None, assessment: Assessment) -> Draft:
    """The Laporan Kesiapan as `reader` may see it (None: the operator of the command line)."""
    stages = selectors.visible_stages(reader or AnonymousUser(), assessment)
    national = NationalResult.objects.filter(assessment=assessment).first()
    document = documents.readiness(selectors.load_lke(assessment), stages, national)
    return Draft(assessment, document, documents.fingerprint(document))


def make(actor: Actor, made: Draft, tick: Callable[[], None] = lambda: None) -> Report:
    """The stored report of a draft; rendered and issued unless there is one. Raises RenderError."""
    if issued := made.issued():
        return issued
    html = layout.html(made.document, made.fingerprint)
    source = pdf.Source(html, made.fingerprint[:32], made.document.data_at)
    return issue(actor, made, pdf.render(source, tick))


def issue(actor: Actor, made: Draft, content: bytes) -> Report:
    """Store the file and register it, with an entry in the assessment's trail."""
    report = Report(
        kind=Kind.READINESS,
        assessment=made.assessment,
        title=made.document.title,
        fingerprint=made.fingerprint,
        data_at=made.document.data_at,
        provisional=made.document.provisional,
        shows_tpi=made.document.shows_tpi,
        sha256=hashlib.sha256(content).hexdigest(),
        size=len(content),
        issued_by=actor.user,
    )
    name = f"reports/{made.document.year}/{report.uuid}.pdf"
    report.file = default_storage.save(name, ContentFile(content))
    try:
        with transaction.atomic():
            report.save()
            _record(actor, report, "report.issued", {"fingerprint": report.fingerprint})
    except IntegrityError:
        # Somebody issued the same data meanwhile: that report is the one.
        default_storage.delete(report.file)
        if (other := made.issued()) is None:
            raise
        return other
    return report


def _record(actor: Actor, report: Report, verb: str, more: dict[str, str]) -> None:
    # Entries that tell of TPI's work are hidden with it (history).
    stage = {"stage": Stage.TPI.value} if report.shows_tpi else {}
    data = {"kind": report.kind, "sha256": report.sha256, **more, **stage}
    trail.record(actor, report.assessment.chain, Event(verb, str(report.uuid), data))


def work(job: Job, progress: Progress) -> dict[str, Any]:
    """The job that makes a report for its owner, with the rights that the owner has by now."""
    progress.step(0, 2)
    made = draft(job.owner, _still_visible(job))
    progress.step(1, 2)
    try:
        report = make(Actor(job.owner), made, progress.tick)
    except pdf.RenderError:
        raise JobFailure(
            "Halaman laporan tidak dapat disusun. Coba lagi; bila terulang, hubungi admin."
        ) from None
    return {"report": str(report.uuid)}


def _still_visible(job: Job) -> Assessment:
    rows = Assessment.objects.select_related("unit", "period__instrument")
    if job.owner is not None:
        rows = selectors.visible_assessments(job.owner).filter(
            policy.scope(job.owner, Action.REPORT)
        )
    assessment = rows.filter(job=job).first()
    if assessment is None:
        raise JobFailure("Penilaian ini tidak lagi dapat dilihat dengan peran sekarang.")
    return assessment


# ── downloads ───────────────────────────────────────────────────────────────
@transaction.atomic
def record_download(actor: Actor, report: Report) -> None:
    """Leave an entry of a download, unless the same person left one a moment ago."""
    trail.lock(report.assessment.chain)
    recent = TrailEntry.objects.filter(
        chain=report.assessment.chain,
        target=str(report.uuid),
        verb="report.downloaded",
        actor=actor.user,
        at__gt=timezone.now() - ONE_DOWNLOAD,
    )
    if not recent.exists():
        _record(actor, report, "report.downloaded", {})
