"""Handlers of jobs for tests; what they do is told by the job's arguments."""

from typing import Any

from django.utils import timezone

from reports import jobs
from reports.jobs import JobFailure, Progress
from reports.models import Job


def counting(job: Job, progress: Progress) -> dict[str, Any]:
    """Takes as many steps as `steps` says and counts them."""
    steps = job.arguments["steps"]
    for step in range(steps):
        progress.step(step, steps)
    return {"counted": steps}


def refusing(job: Job, progress: Progress) -> dict[str, Any]:
    raise JobFailure("Unit ini belum punya penilaian.")


def breaking(job: Job, progress: Progress) -> dict[str, Any]:
    raise RuntimeError("sandi basis data: rahasia")


def cancelled_midway(job: Job, progress: Progress) -> dict[str, Any]:
    """Its owner loses patience after the first step."""
    progress.step(1, 3)
    jobs.cancel(Job.objects.get(pk=job.pk))
    progress.step(2, 3)
    return {"reached": True}


def overtaken(job: Job, progress: Progress) -> dict[str, Any]:
    """Silent for so long that another worker starts the job anew."""
    Job.objects.filter(pk=job.pk).update(attempts=job.attempts + 1, heartbeat=timezone.now())
    return {"late": True}


def overtaken_midway(job: Job, progress: Progress) -> dict[str, Any]:
    overtaken(job, progress)
    progress.step(2, 3)
    return {"late": True}
