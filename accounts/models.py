"""Who there is: people, units in a tree, the roles that people hold, and the trail's rows."""

import uuid
from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.core.validators import RegexValidator
from django.db import models
from django.utils import timezone

POKJA = ("1", "2", "3", "4", "5", "6", "H")
"""Working groups I–VI, one per area, and H for the two Hasil parts."""


class UserManager(BaseUserManager["User"]):
    def create_user(
        self, email: str, password: str | None = None, *, name: str, **fields: Any
    ) -> "User":
        """Make an account; without a password it can only be opened by a reset."""
        user = self.model(email=self.normalize_email(email).lower(), name=name, **fields)
        user.set_password(password)
        user.save()
        return user

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(email__iexact=username)


class User(AbstractBaseUser):
    """A person. Signs in by e-mail or staff number; what it may do is told by memberships."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    email = models.EmailField("surel", unique=True)
    staff_number = models.CharField(
        "NIP/NRP",
        max_length=40,
        unique=True,
        null=True,  # several people without a number must not collide
        blank=True,
        validators=[
            RegexValidator(
                r"^[A-Za-z0-9][A-Za-z0-9./-]{3,39}$", "Isi nomor pegawai dengan huruf dan angka."
            )
        ],
        help_text="NIP atau NI PPPK 18 angka, NRP 8 angka, atau kode pegawai instansi.",
    )
    name = models.CharField("nama", max_length=150)
    is_active = models.BooleanField("aktif", default=True)
    date_joined = models.DateTimeField("dibuat", default=timezone.now, editable=False)

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]

    objects: ClassVar[UserManager] = UserManager()

    class Meta:
        verbose_name = "pengguna"
        verbose_name_plural = "pengguna"
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        super().clean()
        self.email = self.email.lower()
        self.staff_number = self.staff_number or None

    def get_full_name(self) -> str:
        return self.name

    @property
    def initials(self) -> str:
        """Two letters that stand for the person in the frame."""
        words = [word for word in self.name.split() if word[0].isalpha()] or ["?"]
        return (words[0][0] + (words[-1][0] if len(words) > 1 else "")).upper()


class Unit(models.Model):
    """A node of the ministry's tree: the ministry (no parent), an echelon, a work unit."""

    code = models.CharField(
        "kode",
        max_length=40,
        unique=True,
        validators=[
            RegexValidator(
                r"^[A-Za-z0-9][A-Za-z0-9._-]*$",
                "Kode berisi huruf, angka, titik, garis bawah, atau tanda hubung.",
            )
        ],
        help_text="Tetap dan unik; dipakai di alamat halaman dan perintah.",
    )
    name = models.CharField("nama", max_length=200)
    parent = models.ForeignKey(
        "self",
        verbose_name="induk",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="children",
    )
    # "/KC/SETJEN/POLTEK/": scope is a prefix match. Kept by accounts.units alone.
    path = models.CharField(max_length=500, unique=True, editable=False, db_index=True)
    is_active = models.BooleanField("aktif", default=True)

    class Meta:
        verbose_name = "unit"
        verbose_name_plural = "unit"
        ordering = ["path"]

    def __str__(self) -> str:
        return f"{self.name} ({self.code})"

    @property
    def depth(self) -> int:
        """0 for the ministry, 1 for an echelon, and so on."""
        return self.path.count("/") - 2


class UnitName(models.Model):
    """What a unit was called, and where it stood, from a day on: papers show the name of their
    time."""

    unit = models.ForeignKey(Unit, on_delete=models.CASCADE, related_name="names")
    name = models.CharField(max_length=200)
    path = models.CharField(max_length=500)
    since = models.DateField()

    class Meta:
        ordering = ["-since", "-id"]

    def __str__(self) -> str:
        return f"{self.name} ({self.since:%Y-%m-%d})"


class Role(models.TextChoices):
    """The roles of domain.md §6. A role in a unit holds for its sub-units too."""

    MEMBER = "anggota", "Anggota tim ZI"
    COORDINATOR = "koordinator", "Koordinator pokja"
    TEAM_HEAD = "ketua_tim", "Ketua tim ZI"
    UNIT_HEAD = "kepala_unit", "Kepala unit"
    LEADER = "pimpinan", "Pimpinan"
    EVALUATOR = "evaluator", "Evaluator TPI"
    TPI_HEAD = "ketua_tpi", "Ketua TPI"
    TPI_REVIEWER = "pengendali", "Pengendali teknis TPI"
    AUDITOR = "auditor", "Auditor"
    ADMIN = "admin", "Admin"


class Membership(models.Model):
    """One role of one person in one unit, optionally limited to some pokja."""

    user = models.ForeignKey(
        User, verbose_name="pengguna", on_delete=models.CASCADE, related_name="memberships"
    )
    unit = models.ForeignKey(
        Unit, verbose_name="unit", on_delete=models.CASCADE, related_name="memberships"
    )
    role = models.CharField("peran", max_length=20, choices=Role.choices)
    pokja = models.JSONField(
        "pokja",
        default=list,
        blank=True,
        help_text="Kosong berarti semua pokja; selain itu daftar dari 1 sampai 6 dan H (Hasil).",
    )

    class Meta:
        verbose_name = "keanggotaan"
        verbose_name_plural = "keanggotaan"
        ordering = ["user", "unit", "role"]
        constraints = [
            models.UniqueConstraint(fields=["user", "unit", "role"], name="one_role_once_per_unit")
        ]

    def __str__(self) -> str:
        return f"{self.user}: {self.get_role_display()}, {self.unit.name}"

    def covers(self, pokja: str | None) -> bool:
        """Whether this membership reaches the pokja (None: does not matter)."""
        return pokja is None or not self.pokja or pokja in self.pokja


class TrailHead(models.Model):
    """The end of one chain; locked while an entry is added, so that numbers have no gap."""

    chain = models.CharField(max_length=60, primary_key=True)
    seq = models.PositiveBigIntegerField(default=0)
    hash = models.CharField(max_length=64, blank=True)

    def __str__(self) -> str:
        return f"{self.chain} #{self.seq}"


class TrailEntry(models.Model):
    """One thing that was done. Never changed or deleted; `personal` alone may be blanked later,
    since the chain hashes only its salted digest."""

    chain = models.CharField(max_length=60)
    seq = models.PositiveBigIntegerField()
    at = models.DateTimeField()
    # The row outlives the account; the id and the name then are part of what is hashed.
    actor = models.ForeignKey(
        User, on_delete=models.SET_NULL, null=True, related_name="+", db_constraint=False
    )
    actor_label = models.CharField(max_length=60)
    verb = models.CharField(max_length=60)
    target = models.CharField(max_length=100, blank=True)
    data = models.JSONField(default=dict)
    personal = models.JSONField(null=True)
    salt = models.CharField(max_length=32, blank=True)
    personal_digest = models.CharField(max_length=64)
    prev = models.CharField(max_length=64, blank=True)
    hash = models.CharField(max_length=64)

    class Meta:
        ordering = ["chain", "seq"]
        constraints = [
            models.UniqueConstraint(fields=["chain", "seq"], name="one_entry_per_number")
        ]
        indexes = [models.Index(fields=["chain", "target", "seq"])]

    def __str__(self) -> str:
        return f"{self.chain} #{self.seq} {self.verb}"
