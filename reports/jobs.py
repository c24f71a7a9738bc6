"""Long work with progress (model.md, Job).

A `Job` row is the truth; a task of django-tasks-db only carries it to a worker. A handler works in
steps that may be repeated without harm and calls its `Progress` between them and every second or
so while it waits: that beats, and stops the work when it was cancelled, taken over, or when the
worker is asked to quit. A job whose beat is older than STALE_AFTER is put back by the worker's own
round, PUT_BACK_LIMIT times at most.
"""

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from time import monotonic
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, F, OuterRef, QuerySet
from django.utils import timezone
from django.utils.module_loading import import_string
from django_tasks import task
from django_tasks.base import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from accounts import policy
from accounts.models import User
from accounts.policy import Action
from assessment.models import Assessment
from assessment.selectors import visible_assessments
from reports.models import Job, JobState

logger = logging.getLogger(__name__)

STALE_AFTER = timedelta(seconds=60)
PUT_BACK_LIMIT = 3
BEAT_SECONDS = 2.0
CARRIERS_KEPT = timedelta(days=1)

UNEXPECTED = (
    "Terjadi kesalahan di portal. Coba lagi; bila terulang, sampaikan waktu kejadian kepada admin."
)
GIVEN_UP = "Pekerjaan berkali-kali terhenti sebelum selesai. Coba lagi atau hubungi admin."

Handler = Callable[[Job, "Progress"], dict[str, Any]]
HANDLERS: Mapping[str, str] = {"report": "reports.register.work"}
"""Kind of job → dotted path of what does it; it returns the job's result."""


class JobFailure(Exception):
    """The work cannot be done; the message is a sentence that the owner may read."""


class Stopped(Exception):
    """Raised by `Progress` inside a handler, which lets it through."""


class Cancelled(Stopped):
    """The owner no longer wants it."""


class Lost(Stopped):
    """The job went to another worker, or is gone."""


class Interrupted(Stopped):
    """The worker has to quit; the job goes back to the queue."""


@dataclass(slots=True)
class Shutdown:
    """Whether this process was asked to quit; set by the worker's signal handler."""

    wanted: bool = False


SHUTDOWN = Shutdown()


class Progress:
    """What a handler calls between its steps and while it waits."""

    def __init__(self, job: Job) -> None:
        self._job = job
        self._beaten = monotonic()

    def step(self, done: int, total: int) -> None:
        """Report `done` of `total` steps, and beat."""
        self._beat(done=done, total=total)

    def tick(self) -> None:
        """Beat if the last one is a while ago; cheap enough to be called at any time."""
        if SHUTDOWN.wanted or monotonic() - self._beaten >= BEAT_SECONDS:
            self._beat()

    def _beat(self, **fields: int) -> None:
        if SHUTDOWN.wanted:
            raise Interrupted
        mine = _held(self._job)
        if not mine.update(heartbeat=timezone.now(), **fields):
            raise Lost
        if mine.filter(cancel_wanted=True).exists():
            raise Cancelled
        self._beaten = monotonic()


# ── from the page ───────────────────────────────────────────────────────────
@transaction.atomic
def enqueue(
    kind: str,
    arguments: dict[str, Any],
    *,
    owner: User | None,
    assessment: Assessment | None = None,
) -> Job:
    """Queue a piece of work, unless the same person already has the same under way."""
    job = Job.objects.filter(
        kind=kind,
        arguments=arguments,
        owner=owner,
        assessment=assessment,
        state__in=(JobState.WAITING, JobState.RUNNING),
        cancel_wanted=False,
    ).first()
    if job is None:
        job = Job.objects.create(kind=kind, arguments=arguments, owner=owner, assessment=assessment)
        _send(job)
    return job


def cancel(job: Job) -> None:
    """Stop a job: at once while it waits, at its next beat while it runs."""
    waiting = Job.objects.filter(pk=job.pk, state=JobState.WAITING)
    if not waiting.update(state=JobState.CANCELLED, finished_at=timezone.now()):
        Job.objects.filter(pk=job.pk, state=JobState.RUNNING).update(cancel_wanted=True)
    job.refresh_from_db()


def visible(user: User) -> QuerySet[Job]:
    """The person's own jobs, as long as they may still see what the job is about."""
    readable = visible_assessments(user).filter(policy.scope(user, Action.REPORT)).values("pk")
    own = Job.objects.filter(owner=user).select_related("assessment__unit", "assessment__period")
    return own.filter(assessment=None) | own.filter(assessment__in=readable)


# ── in the worker ───────────────────────────────────────────────────────────
@task()  # type: ignore[untyped-decorator]
def carry(job_uuid: str) -> None:
    """What django-tasks-db carries: the name of a job. Carrying it twice does it once."""
    run(job_uuid)


def run(job_uuid: str) -> None:
    """Do a waiting job; one that is not waiting is left alone. Never raises for the job's sake."""
    job = _claim(job_uuid)
    if job is None:
        return
    try:
        progress = Progress(job)
        progress.tick()
        handler: Handler = import_string(HANDLERS[job.kind])
        result = handler(job, progress)
    except Cancelled:
        _finish(job, JobState.CANCELLED)
    except Interrupted:
        if _held(job).update(state=JobState.WAITING, done=0):
            _send(job)
    except Lost:
        logger.warning("Job %s was taken over while it ran here", job.uuid)
    except JobFailure as failure:
        _finish(job, JobState.FAILED, problem=str(failure))
    except Exception:
        logger.exception("Job %s (%s) failed", job.uuid, job.kind)
        _finish(job, JobState.FAILED, problem=UNEXPECTED)
    else:
        _finish(job, JobState.DONE, result=result, done=F("total"))


def _claim(job_uuid: str) -> Job | None:
    claimed = Job.objects.filter(uuid=job_uuid, state=JobState.WAITING).update(
        state=JobState.RUNNING, attempts=F("attempts") + 1, heartbeat=timezone.now()
    )
    return Job.objects.get(uuid=job_uuid) if claimed else None


def _held(job: Job) -> QuerySet[Job]:
    """The job's row as long as this start of it is the one that counts."""
    return Job.objects.filter(pk=job.pk, state=JobState.RUNNING, attempts=job.attempts)


def _finish(job: Job, state: JobState, **fields: Any) -> None:
    _held(job).update(state=state, finished_at=timezone.now(), **fields)


def _send(job: Job) -> None:
    """Give the job a new carrier."""
    job.carrier = UUID(carry.enqueue(str(job.uuid)).id)
    job.heartbeat = timezone.now()
    job.save(update_fields=["carrier", "heartbeat"])


# ── the worker's round ──────────────────────────────────────────────────────
def tend() -> None:
    """Put back what is stale, and forget old carriers. Any number of workers may do it at once."""
    limit = timezone.now() - STALE_AFTER
    for job in Job.objects.filter(state=JobState.RUNNING, heartbeat__lt=limit):
        _rescue(job)
    carried = DBTaskResult.objects.filter(pk=OuterRef("carrier"), status=TaskResultStatus.READY)
    for job in Job.objects.filter(~Exists(carried), state=JobState.WAITING, heartbeat__lt=limit):
        _drop_carrier(job)
        _send(job)
    old = DBTaskResult.objects.finished().filter(finished_at__lt=timezone.now() - CARRIERS_KEPT)
    if old.exists():
        old.delete()


@transaction.atomic
def _rescue(job: Job) -> None:
    """Decide on a job whose worker has gone silent."""
    stale = _held(job).filter(heartbeat=job.heartbeat)
    if job.cancel_wanted:
        stale.update(state=JobState.CANCELLED, finished_at=timezone.now())
    elif job.put_back >= PUT_BACK_LIMIT:
        logger.error("Job %s (%s) was put back too often", job.uuid, job.kind)
        stale.update(state=JobState.FAILED, problem=GIVEN_UP, finished_at=timezone.now())
    elif stale.update(state=JobState.WAITING, done=0, put_back=F("put_back") + 1):
        logger.warning("Job %s (%s) put back: no beat since %s", job.uuid, job.kind, job.heartbeat)
        _drop_carrier(job)
        _send(job)


def _drop_carrier(job: Job) -> None:
    """A killed worker's task stays RUNNING for ever."""
    DBTaskResult.objects.filter(pk=job.carrier).delete()
