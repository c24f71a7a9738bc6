"""Long work: queue, progress, cancel, failure, and what happens when a worker dies."""

import logging
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from django_tasks.base import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from accounts.models import Membership
from assessment.models import Assessment
from reports import jobs
from reports.models import Job, JobState
from tests.conftest import Cast

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def test_handlers(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("counting", "refusing", "breaking", "cancelled_midway", "overtaken",
                 "overtaken_midway"):  # fmt: skip
        monkeypatch.setitem(jobs.HANDLERS, name, f"tests.reports.handlers.{name}")


def queued(kind: str = "counting", **arguments: Any) -> Job:
    return jobs.enqueue(kind, arguments or {"steps": 3}, owner=None)


def ran(job: Job) -> Job:
    """The job after a worker has had it."""
    jobs.run(str(job.uuid))
    job.refresh_from_db()
    return job


def silent_for(job: Job, seconds: int, **fields: Any) -> None:
    """As a killed worker leaves it."""
    beat = timezone.now() - timedelta(seconds=seconds)
    Job.objects.filter(pk=job.pk).update(
        state=JobState.RUNNING, attempts=1, heartbeat=beat, **fields
    )
    DBTaskResult.objects.filter(pk=job.carrier).update(status=TaskResultStatus.RUNNING)
    job.refresh_from_db()


def carriers(job: Job) -> int:
    """How many tasks stand in the queue for the job."""
    ready = DBTaskResult.objects.ready().values_list("args_kwargs", flat=True)
    return sum(carried["args"] == [str(job.uuid)] for carried in ready)


def test_a_queued_job_waits_with_one_carrier() -> None:
    job = queued()
    assert (job.state, carriers(job)) == (JobState.WAITING, 1)


def test_asking_twice_for_the_same_work_gives_the_same_job() -> None:
    assert queued(steps=3) == queued(steps=3)
    assert queued(steps=3) != queued(steps=4)


def test_work_that_is_over_can_be_asked_for_again() -> None:
    assert ran(queued()) != queued()


def test_a_job_that_ran_is_done_with_its_result_and_all_its_steps() -> None:
    job = ran(queued(steps=5))
    assert (job.state, job.result, job.done, job.total) == (JobState.DONE, {"counted": 5}, 5, 5)
    assert job.finished_at is not None


def test_a_job_carried_twice_is_done_once() -> None:
    job = ran(ran(queued()))
    assert job.attempts == 1


def test_a_refusal_leaves_its_own_sentence() -> None:
    job = ran(queued("refusing"))
    assert (job.state, job.problem) == (JobState.FAILED, "Unit ini belum punya penilaian.")


def test_a_fault_leaves_one_plain_sentence_and_its_trace_in_the_log(
    caplog: pytest.LogCaptureFixture,
) -> None:
    with caplog.at_level(logging.ERROR, logger="reports.jobs"):
        job = ran(queued("breaking"))
    assert (job.state, job.problem) == (JobState.FAILED, jobs.UNEXPECTED)
    assert "rahasia" not in job.problem
    assert "RuntimeError" in caplog.text


def test_a_waiting_job_is_cancelled_at_once_and_never_runs() -> None:
    job = queued()
    jobs.cancel(job)
    assert job.state == JobState.CANCELLED
    assert ran(job).attempts == 0


def test_a_running_job_stops_at_its_next_beat() -> None:
    job = ran(queued("cancelled_midway"))
    assert (job.state, job.result) == (JobState.CANCELLED, {})


def test_a_job_that_is_over_cannot_be_cancelled() -> None:
    job = ran(queued())
    jobs.cancel(job)
    assert (job.state, job.cancel_wanted) == (JobState.DONE, False)


@pytest.mark.parametrize("kind", ["overtaken", "overtaken_midway"])
def test_a_worker_that_lost_its_job_writes_nothing_more(kind: str) -> None:
    job = ran(queued(kind))
    assert (job.state, job.attempts, job.result) == (JobState.RUNNING, 2, {})


def test_a_worker_that_must_quit_puts_its_job_back(monkeypatch: pytest.MonkeyPatch) -> None:
    job = queued()
    DBTaskResult.objects.all().delete()
    monkeypatch.setattr(jobs.SHUTDOWN, "wanted", True)
    ran(job)
    assert (job.state, job.put_back, carriers(job)) == (JobState.WAITING, 0, 1)


def test_a_job_without_a_beat_for_a_minute_is_put_back_and_then_done() -> None:
    job = queued()
    silent_for(job, 61)
    jobs.tend()
    job.refresh_from_db()
    assert (job.state, job.put_back, carriers(job)) == (JobState.WAITING, 1, 1)
    assert ran(job).state == JobState.DONE


def test_the_task_of_a_killed_worker_does_not_stay_for_ever() -> None:
    job = queued()
    silent_for(job, 61)
    assert DBTaskResult.objects.running().exists()
    jobs.tend()
    assert not DBTaskResult.objects.running().exists()


def test_a_job_that_still_beats_is_left_alone() -> None:
    job = queued()
    silent_for(job, 50)
    jobs.tend()
    job.refresh_from_db()
    assert (job.state, job.put_back) == (JobState.RUNNING, 0)


def test_a_job_is_put_back_three_times_at_most() -> None:
    job = queued()
    for _ in range(3):
        silent_for(job, 61)
        jobs.tend()
        job.refresh_from_db()
        assert job.state == JobState.WAITING
    silent_for(job, 61)
    jobs.tend()
    job.refresh_from_db()
    assert (job.state, job.put_back, job.problem) == (JobState.FAILED, 3, jobs.GIVEN_UP)


def test_a_silent_job_that_nobody_wants_any_more_is_cancelled() -> None:
    job = queued()
    silent_for(job, 61, cancel_wanted=True)
    jobs.tend()
    job.refresh_from_db()
    assert job.state == JobState.CANCELLED


def test_two_rounds_at_once_put_a_job_back_once() -> None:
    job = queued()
    silent_for(job, 61)
    jobs.tend()
    jobs._rescue(job)  # the second worker read the row before the first one wrote
    assert carriers(job) == 1


def test_a_waiting_job_whose_carrier_died_gets_another() -> None:
    job = queued()
    DBTaskResult.objects.filter(pk=job.carrier).update(status=TaskResultStatus.RUNNING)
    Job.objects.filter(pk=job.pk).update(heartbeat=timezone.now() - timedelta(seconds=61))
    jobs.tend()
    assert carriers(job) == 1


def test_a_job_that_waits_long_in_a_full_queue_keeps_its_place() -> None:
    job = queued()
    Job.objects.filter(pk=job.pk).update(heartbeat=timezone.now() - timedelta(hours=1))
    jobs.tend()
    carrier = job.carrier
    job.refresh_from_db()
    assert job.carrier == carrier


def test_people_see_their_own_jobs_only(cast: Cast, assessment: Assessment) -> None:
    job = jobs.enqueue("counting", {"steps": 1}, owner=cast.member, assessment=assessment)
    assert list(jobs.visible(cast.member)) == [job]
    assert not jobs.visible(cast.team_head).exists()


def test_who_lost_their_role_no_longer_sees_their_job(cast: Cast, assessment: Assessment) -> None:
    jobs.enqueue("counting", {"steps": 1}, owner=cast.member, assessment=assessment)
    Membership.objects.filter(user=cast.member).delete()
    assert not jobs.visible(cast.member).exists()
