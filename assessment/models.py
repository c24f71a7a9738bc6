"""What is judged: instruments, periods, assessments, answers, scores (model.md)."""

import uuid
from typing import Any

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models

from accounts.models import Unit, User


class Stage(models.TextChoices):
    """The columns of one answer sheet. The national result is typed, not scored."""

    UNIT = "unit", "Penilaian mandiri"
    TPI = "tpi", "Evaluasi TPI"


class Target(models.TextChoices):
    """The predicate that a unit aims at."""

    WBK = "WBK", "Wilayah Bebas dari Korupsi (WBK)"
    WBBM = "WBBM", "Wilayah Birokrasi Bersih dan Melayani (WBBM)"


class Purpose(models.TextChoices):
    """Why a unit is assessed (domain.md §5)."""

    PROPOSAL = "pengusulan", "Pengusulan"
    MONITORING = "pemantauan", "Pemantauan"
    COACHING = "pembinaan", "Pembinaan"


class State(models.TextChoices):
    """Where an assessment stands in its year (domain.md §5); `workflow` has the rules."""

    DRAFT = "draf", "Draf"
    AWAITING_APPROVAL = "menunggu_persetujuan", "Menunggu persetujuan"
    SUBMITTED = "diajukan", "Diajukan"
    EVALUATION = "evaluasi_tpi", "Evaluasi TPI"
    RETURNED = "dikembalikan", "Dikembalikan"
    TPI_CLOSED = "selesai_tpi", "Selesai TPI"
    PROPOSED = "diusulkan", "Diusulkan"
    NATIONAL_RESULT = "hasil_tpn", "Hasil TPN"
    DECIDED = "ditetapkan_instansi", "Ditetapkan instansi"
    CLOSED = "selesai", "Selesai"


class InstrumentVersion(models.Model):
    """One loaded instrument. The database's copy is the truth; a changed file is a new version."""

    code = models.SlugField("kode", max_length=60)
    version = models.PositiveIntegerField("versi")
    title = models.CharField("judul", max_length=200)
    document = models.TextField(help_text="Canonical JSON of the instrument file.")
    structure_digest = models.CharField(max_length=64)
    wording_digest = models.CharField(max_length=64)
    loaded_at = models.DateTimeField("dimuat", auto_now_add=True)

    class Meta:
        verbose_name = "instrumen"
        verbose_name_plural = "instrumen"
        ordering = ["code", "-version"]
        constraints = [
            models.UniqueConstraint(fields=["code", "version"], name="one_instrument_per_version")
        ]

    def __str__(self) -> str:
        return f"{self.title} (versi {self.version})"


class Period(models.Model):
    """An evaluation year: its instrument and its dates. A date ends at 23.59.59."""

    year = models.PositiveSmallIntegerField(
        "tahun", unique=True, validators=[MinValueValidator(2020), MaxValueValidator(2100)]
    )
    instrument = models.ForeignKey(
        InstrumentVersion, verbose_name="instrumen", on_delete=models.PROTECT
    )
    evidence_from = models.DateField(
        "data dukung sejak",
        null=True,
        blank=True,
        help_text="Kosong berarti 1 Januari tahun sebelumnya.",
    )
    opens_on = models.DateField("buka pengisian", null=True, blank=True)
    submission_deadline = models.DateField("batas pengajuan unit", null=True, blank=True)
    evaluation_until = models.DateField("evaluasi TPI sampai", null=True, blank=True)
    repair_rounds = models.PositiveSmallIntegerField("putaran perbaikan", default=1)
    repair_days = models.PositiveSmallIntegerField("hari kerja perbaikan", default=10)
    panel_on = models.DateField("panel TPI", null=True, blank=True)
    proposal_deadline = models.DateField("batas usulan ke TPN", null=True, blank=True)
    announcement_on = models.DateField("pengumuman", null=True, blank=True)

    class Meta:
        verbose_name = "periode"
        verbose_name_plural = "periode"
        ordering = ["-year"]

    def __str__(self) -> str:
        return f"Periode {self.year}"


class Assessment(models.Model):
    """The LKE of one unit in one period."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="assessments")
    period = models.ForeignKey(Period, on_delete=models.PROTECT, related_name="assessments")
    target = models.CharField(max_length=4, choices=Target.choices)
    purpose = models.CharField(max_length=12, choices=Purpose.choices, default=Purpose.PROPOSAL)
    state = models.CharField(max_length=24, choices=State.choices, default=State.DRAFT)
    state_since = models.DateTimeField()
    # As they were at submission: offices are renamed, papers show the name of their time.
    unit_name = models.CharField(max_length=200, blank=True)
    unit_path = models.CharField(max_length=500, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-period__year", "unit__path"]
        constraints = [
            models.UniqueConstraint(
                fields=["unit", "period"], name="one_assessment_per_unit_and_period"
            )
        ]

    def __str__(self) -> str:
        return f"{self.unit.code} {self.period.year}"

    @property
    def chain(self) -> str:
        """The trail chain of everything that happens to this assessment."""
        return f"assessment:{self.pk}"

    @property
    def shown_unit_name(self) -> str:
        """The unit's name of the assessment's time."""
        return self.unit_name or self.unit.name


class Answer(models.Model):
    """One cell of the sheet. No row, or no complete value, is an unanswered indicator."""

    assessment = models.ForeignKey(Assessment, on_delete=models.CASCADE, related_name="answers")
    stage = models.CharField(max_length=4, choices=Stage.choices)
    code = models.CharField(max_length=20)
    # As typed: {"choice": "B"} | {"counts": {"agen": 9}} | {"index": "3.71"}; what may stand beside
    # counts is in rincian.py, beside an index in index_source.py.
    value: models.JSONField[Any, Any] = models.JSONField(null=True)
    note = models.TextField(blank=True)
    version = models.PositiveIntegerField(default=1)
    last_save = models.UUIDField(null=True)
    review_again = models.BooleanField(default=False)
    empty_reason = models.TextField(blank=True)
    # TPI only: the version of the unit's answer that was judged.
    judged_version = models.PositiveIntegerField(null=True)
    changed_at = models.DateTimeField()
    changed_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["assessment", "stage", "code"], name="one_answer_per_stage_and_code"
            )
        ]

    def __str__(self) -> str:
        return f"{self.code} ({self.stage})"

    @property
    def is_emptied(self) -> bool:
        """Whether it was left empty with a reason, which counts 0 but is done (domain.md §2)."""
        return bool(self.empty_reason) and self.value is None


class Score(models.Model):
    """The stored score of one stage: derived data, rebuilt by `rescore`.

    The decimals serve sorting; thresholds were compared exactly when the row was written, and
    `nodes` keeps every value as "numerator/denominator".
    """

    assessment = models.ForeignKey(Assessment, on_delete=models.CASCADE, related_name="scores")
    stage = models.CharField(max_length=4, choices=Stage.choices)
    total = models.DecimalField(max_digits=9, decimal_places=6)
    pengungkit = models.DecimalField(max_digits=9, decimal_places=6)
    area_1 = models.DecimalField(max_digits=9, decimal_places=6)
    area_2 = models.DecimalField(max_digits=9, decimal_places=6)
    area_3 = models.DecimalField(max_digits=9, decimal_places=6)
    area_4 = models.DecimalField(max_digits=9, decimal_places=6)
    area_5 = models.DecimalField(max_digits=9, decimal_places=6)
    area_6 = models.DecimalField(max_digits=9, decimal_places=6)
    bersih = models.DecimalField("B.I", max_digits=9, decimal_places=6)
    ipak = models.DecimalField("B.I.a", max_digits=9, decimal_places=6)
    kinerja = models.DecimalField("B.I.b", max_digits=9, decimal_places=6)
    prima = models.DecimalField("B.II", max_digits=9, decimal_places=6)
    answered = models.PositiveSmallIntegerField()
    emptied = models.PositiveSmallIntegerField()
    evidenced = models.PositiveSmallIntegerField(default=0)
    judged = models.PositiveSmallIntegerField(default=0)
    # Codes of the requirements not met, in order.
    unmet_wbk: models.JSONField[list[str], list[str]] = models.JSONField(default=list)
    unmet_wbbm: models.JSONField[list[str], list[str]] = models.JSONField(default=list)
    nodes: models.JSONField[dict[str, str], dict[str, str]] = models.JSONField(default=dict)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["assessment", "stage"], name="one_score_per_stage")
        ]

    def __str__(self) -> str:
        return f"{self.stage}: {self.total}"


class NationalResult(models.Model):
    """What TPN decided, as far as it is known: typed, never derived (domain.md §3)."""

    assessment = models.OneToOneField(
        Assessment, on_delete=models.CASCADE, related_name="national_result"
    )
    outcome = models.CharField(max_length=200)
    document = models.CharField(max_length=200, blank=True)
    decided_on = models.DateField(null=True)
    # {node code or "total": points as a decimal string}; a node that is not given is unknown.
    nodes: models.JSONField[dict[str, str], dict[str, str]] = models.JSONField(default=dict)

    def __str__(self) -> str:
        return f"{self.assessment}: {self.outcome}"


class PendingImport(models.Model):
    """A workbook that was read and shown but not yet confirmed: what is applied is exactly this.

    Bound to the person who uploaded it; a day old it is void (importing.py).
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    assessment = models.ForeignKey(
        Assessment, on_delete=models.CASCADE, related_name="pending_imports"
    )
    stage = models.CharField(max_length=4, choices=Stage.choices)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    name = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64)
    parsed: models.JSONField[dict[str, Any], dict[str, Any]] = models.JSONField()
    # The answers' versions when the preview was made: what changed since is not overwritten.
    versions: models.JSONField[dict[str, int], dict[str, int]] = models.JSONField()
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user", "assessment", "stage"], name="one_pending_import_per_person"
            )
        ]

    def __str__(self) -> str:
        return f"{self.assessment}: {self.name}"
