"""What leaves the portal, and the long work that makes it (model.md, Job)."""

import uuid
from typing import Any

from django.db import models
from django.utils import timezone

from accounts.models import User
from assessment.models import Assessment


class Kind(models.TextChoices):
    """The kinds of report."""

    READINESS = "kesiapan", "Laporan Kesiapan"


class JobState(models.TextChoices):
    """Where a piece of long work stands."""

    WAITING = "menunggu", "Menunggu giliran"
    RUNNING = "berjalan", "Sedang dikerjakan"
    DONE = "selesai", "Selesai"
    FAILED = "gagal", "Gagal"
    CANCELLED = "dibatalkan", "Dibatalkan"


class Job(models.Model):
    """Long work as pages show it. A task of django-tasks-db carries it to a worker; that task's
    own row says nothing (a killed one stays RUNNING for ever), so all truth is here."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    kind = models.CharField(max_length=40)
    arguments: models.JSONField[dict[str, Any], dict[str, Any]] = models.JSONField(default=dict)
    # What the work is about: who may no longer see it may no longer see the job.
    assessment = models.ForeignKey(Assessment, on_delete=models.CASCADE, null=True)
    # None: the operator of the command line.
    owner = models.ForeignKey(User, on_delete=models.SET_NULL, null=True)
    state = models.CharField(max_length=12, choices=JobState.choices, default=JobState.WAITING)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    cancel_wanted = models.BooleanField(default=False)
    # The last sign of life: of the queue while waiting, of the worker while running.
    heartbeat = models.DateTimeField(default=timezone.now)
    # Grows with every start, so that a worker which lost the job notices.
    attempts = models.PositiveSmallIntegerField(default=0)
    put_back = models.PositiveSmallIntegerField(default=0)
    carrier = models.UUIDField(null=True)
    result: models.JSONField[dict[str, Any], dict[str, Any]] = models.JSONField(default=dict)
    # One Indonesian sentence when it failed; the trace is in the log.
    problem = models.TextField(blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-created_at"]
        indexes = [models.Index(fields=["state", "heartbeat"])]

    def __str__(self) -> str:
        return f"{self.kind} {self.uuid} ({self.get_state_display()})"

    @property
    def is_over(self) -> bool:
        return self.state in {JobState.DONE, JobState.FAILED, JobState.CANCELLED}

    @property
    def mark(self) -> str:
        """Changes with whatever a page shows of the job."""
        return f"{self.state}.{self.done}.{self.cancel_wanted:d}"


class Report(models.Model):
    """An issued file. The same data give the same stored file, which is never rendered anew."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    kind = models.CharField(max_length=20, choices=Kind.choices)
    assessment = models.ForeignKey(Assessment, on_delete=models.PROTECT, related_name="reports")
    # Of its time: "Laporan Kesiapan WBK 2026, Politeknik Nusantara".
    title = models.CharField(max_length=300)
    fingerprint = models.CharField(max_length=64, help_text="SHA-256 of the data.")
    data_at = models.DateTimeField(help_text="When the data last changed.")
    # Made before the unit handed its sheet over: TPI's people do not see it.
    provisional = models.BooleanField()
    # Shows TPI's values, which are hidden from the unit until they are released.
    shows_tpi = models.BooleanField()
    file = models.CharField(max_length=200, help_text="Name in the private storage.")
    sha256 = models.CharField(max_length=64)
    size = models.PositiveBigIntegerField()
    created_at = models.DateTimeField(auto_now_add=True)
    issued_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")

    class Meta:
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["assessment", "kind", "fingerprint"], name="one_report_per_data"
            )
        ]

    def __str__(self) -> str:
        return self.title
