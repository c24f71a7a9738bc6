"""The page of the admin that takes a CSV file in."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.views.decorators.http import require_safe

from accounts.importing import MAX_BYTES, MAX_ROWS, ImportRefused, Kind, bring_in
from accounts.trail import Actor

SHOWN_PROBLEMS = 100


class CsvForm(forms.Form):
    file = forms.FileField(
        label="Berkas CSV", widget=forms.FileInput(attrs={"accept": ".csv,text/csv"})
    )

    def clean_file(self) -> UploadedFile:
        file: UploadedFile = self.cleaned_data["file"]
        if file.size is None or file.size > MAX_BYTES:
            raise forms.ValidationError("Berkas lebih dari 2 MB.")
        return file


class ImportsCsv(admin.ModelAdmin):
    """Adds `impor/` and a template to download to a ModelAdmin; `importing` says what."""

    importing: Kind
    change_list_template = "admin/accounts/change_list_with_import.html"

    def get_urls(self) -> list[URLPattern]:
        name = f"accounts_{self.opts.model_name}_import"
        wrap = self.admin_site.admin_view
        return [
            path("impor/", wrap(self.import_view), name=name),
            path(
                "impor/contoh.csv", wrap(require_safe(self.template_view)), name=f"{name}_template"
            ),
            *super().get_urls(),
        ]

    def template_view(self, request: HttpRequest) -> HttpResponse:
        """A CSV file with the headings and an example."""
        name = f"contoh-{self.importing.title}.csv"
        return HttpResponse(
            self.importing.template(),
            content_type="text/csv; charset=utf-8",
            headers={"Content-Disposition": f'attachment; filename="{name}"'},
        )

    def import_view(self, request: HttpRequest) -> HttpResponse:
        """Upload; everything is taken in, or nothing and a list of what is wrong."""
        form = CsvForm(request.POST or None, request.FILES or None)
        problems: list[str] = []
        if request.method == "POST" and form.is_valid():
            try:
                done = bring_in(Actor.of(request), self.importing, form.cleaned_data["file"].read())
            except ImportRefused as refused:
                problems = [str(problem) for problem in refused.problems]
            else:
                counts = ", ".join(f"{count} {what}" for what, count in sorted(done.items()))
                self.message_user(
                    request, f"Impor selesai: {counts or 'tidak ada perubahan'}.", messages.SUCCESS
                )
                return redirect(reverse(f"admin:accounts_{self.opts.model_name}_changelist"))
        return TemplateResponse(
            request, "admin/accounts/import.html", self._context(request, form, problems)
        )

    def _context(self, request: HttpRequest, form: CsvForm, problems: list[str]) -> dict[str, Any]:
        return {
            **self.admin_site.each_context(request),
            "title": f"Impor {self.importing.title} dari CSV",
            "opts": self.opts,
            "form": form,
            "kind": self.importing,
            "max_rows": MAX_ROWS,
            "problems": problems[:SHOWN_PROBLEMS],
            "more_problems": max(0, len(problems) - SHOWN_PROBLEMS),
            "template_url": reverse(f"admin:accounts_{self.opts.model_name}_import_template"),
        }
