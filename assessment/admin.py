"""Administration of periods, and which instruments are loaded. Answers, scores and evidence have
no page here: they change through the portal's own pages alone (model.md, Django admin)."""

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import Count, QuerySet
from django.http import HttpRequest

from accounts.admin_site import PolicyAdmin, ask
from accounts.models import TrailEntry
from accounts.trail import Actor
from assessment import assessments
from assessment.models import InstrumentVersion, Period


@admin.register(Period)
class PeriodAdmin(PolicyAdmin):
    list_display = (
        "year",
        "instrument",
        "opens_on",
        "submission_deadline",
        "evaluation_until",
        "proposal_deadline",
        "assessment_count",
    )
    list_filter = ("instrument",)
    list_select_related = ("instrument",)
    search_fields = ("year",)
    fieldsets = (
        (None, {"fields": ("year", "instrument", "evidence_from")}),
        (
            "Tanggal (setiap tanggal berakhir pukul 23.59)",
            {
                "fields": (
                    "opens_on",
                    "submission_deadline",
                    "evaluation_until",
                    "panel_on",
                    "proposal_deadline",
                    "announcement_on",
                )
            },
        ),
        ("Masa perbaikan", {"fields": ("repair_rounds", "repair_days")}),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Period]:
        periods: QuerySet[Period] = super().get_queryset(request)
        return periods.defer("instrument__document").annotate(assessment_count=Count("assessments"))

    @admin.display(description="penilaian", ordering="assessment_count")
    def assessment_count(self, period: Period) -> int:
        count: int = period.assessment_count  # type: ignore[attr-defined]
        return count

    def get_readonly_fields(
        self, request: HttpRequest, obj: Period | None = None
    ) -> tuple[str, ...]:
        """A year stands in addresses: it stays."""
        return ("year",) if obj else ()

    def trail_entries(self, obj: Period) -> QuerySet[TrailEntry]:
        return super().trail_entries(obj.year).filter(verb__startswith="period.")

    def save_model(
        self, request: HttpRequest, obj: Period, form: forms.ModelForm, change: bool
    ) -> None:
        actor = Actor.of(request)
        if change:
            ask(form, assessments.change_period, actor, obj, **form.cleaned_data)
        else:
            created = ask(form, assessments.create_period, actor, **form.cleaned_data)
            obj.pk = created.pk


@admin.register(InstrumentVersion)
class InstrumentVersionAdmin(PolicyAdmin):
    """To be read: an instrument comes in by `manage.py load_instrument`, checked as a whole."""

    list_display = ("title", "code", "version", "loaded_at")
    search_fields = ("title", "code")
    fields = ("title", "code", "version", "loaded_at", "structure_digest", "wording_digest")
    actions = None

    def get_queryset(self, request: HttpRequest) -> QuerySet[InstrumentVersion]:
        versions: QuerySet[InstrumentVersion] = super().get_queryset(request)
        return versions.defer("document")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def trail_entries(self, obj: InstrumentVersion) -> QuerySet[TrailEntry]:
        return super().trail_entries(f"{obj.code}:{obj.version}")
