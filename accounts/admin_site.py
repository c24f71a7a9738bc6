"""The administration pages: Django's admin, opened by the policy and by nothing else.

What is saved there goes through the verbs of the floors, and what was done is told by the trail:
Django's permission tables and its own log are not used.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, ClassVar

from django import forms
from django.contrib import admin
from django.contrib.admin.widgets import RelatedFieldWidgetWrapper
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, URLResolver

from accounts import policy, trail
from accounts.access import permits
from accounts.models import TrailEntry
from accounts.policy import Action
from accounts.trail_words import sentence

# Sign-in, sign-out and passwords have one place, below /akun/; nothing has a page outside.
NOT_OFFERED = {"login", "logout", "password_change", "password_change_done", "view_on_site"}
HISTORY_LENGTH = 200


class PortalAdminSite(admin.AdminSite):
    site_header = "Portal Zona Integritas"
    site_title = "Portal Zona Integritas"
    index_title = "Administrasi"
    site_url = "/"

    def has_permission(self, request: HttpRequest) -> bool:
        return policy.can(request.user, Action.ADMINISTER, None)

    def register(
        self, model_or_iterable: Any, admin_class: type[Any] | None = None, **options: Any
    ) -> None:
        """Take in only what asks the policy: packages register tables of their own too."""
        if admin_class is not None and issubclass(admin_class, PolicyAdmin):
            super().register(model_or_iterable, admin_class, **options)

    def admin_view(self, view: Any, cacheable: bool = False) -> Any:
        """Whoever is signed in without the role is refused, not asked to sign in once more."""
        inner: Callable[..., HttpResponse] = super().admin_view(view, cacheable)

        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            policy.require(request.user, Action.ADMINISTER, None)
            return inner(request, *args, **kwargs)

        return guarded

    def get_urls(self) -> list[URLPattern | URLResolver]:
        """Django's addresses without those that the portal has elsewhere, with their access."""
        urls = [url for url in super().get_urls() if getattr(url, "name", "") not in NOT_OFFERED]
        for view in _views(urls):
            permits(Action.ADMINISTER)(view)
            view.login_url = None  # type: ignore[attr-defined]  # sign-in is the portal's own
        return urls

    def get_log_entries(self, request: HttpRequest) -> models.QuerySet[Any]:
        """None: the trail is the one history."""
        return super().get_log_entries(request).none()


def _views(urls: list[URLPattern | URLResolver]) -> Iterator[Callable[..., object]]:
    for url in urls:
        if isinstance(url, URLResolver):
            yield from _views(url.url_patterns)
        else:
            yield url.callback


@dataclass(frozen=True, slots=True)
class _Refusal:
    """What a verb found wrong, and the form (by its prefix) that asked for it."""

    prefix: str | None
    error: ValidationError


class _Refused(Exception):
    """Carries a refusal out of the half-done save, so that all of it is rolled back."""

    def __init__(self, refusal: _Refusal) -> None:
        super().__init__(refusal.error)
        self.refusal = refusal


class VerbForm(forms.ModelForm):
    """A form of the admin. What a verb refuses appears beside the field that caused it."""

    refusal: ClassVar[_Refusal | None] = None

    def _post_clean(self) -> None:
        super()._post_clean()  # type: ignore[misc]
        if self.refusal is None or self.refusal.prefix != self.prefix:
            return
        error = self.refusal.error
        by_field = error.error_dict if hasattr(error, "error_dict") else {"": error.error_list}
        for field, errors in by_field.items():
            self.add_error(field if field in self.fields else None, errors)


class VerbFormSet(forms.BaseInlineFormSet):
    """Rows of a form of the admin. What is refused for a row that was ticked for removal, which
    is not validated itself, appears above the rows."""

    refusal: ClassVar[_Refusal | None] = None

    def add_fields(self, form: Any, index: int | None) -> None:
        """Fields in a table have no label of their own; the heading is not read with them."""
        super().add_fields(form, index)
        for field in form.fields.values():
            if not isinstance(field.widget, forms.CheckboxSelectMultiple):
                field.widget.attrs["aria-label"] = str(field.label or "")

    def clean(self) -> None:
        super().clean()
        if self.refusal is not None and self.refusal.prefix == self.prefix:
            raise ValidationError(self.refusal.error.messages)


def ask(
    form: forms.BaseForm | forms.BaseFormSet, verb: Callable[..., Any], *args: Any, **kwargs: Any
) -> Any:
    """Run a verb for a form of the admin; a ValidationError goes back to that form."""
    try:
        return verb(*args, **kwargs)
    except ValidationError as error:
        raise _Refused(_Refusal(form.prefix, error)) from error


class _PlainFields:
    """Related things are chosen, not made or changed in a window of their own."""

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        field = super().formfield_for_dbfield(db_field, request, **kwargs)  # type: ignore[misc]
        if field is not None and isinstance(field.widget, RelatedFieldWidgetWrapper):
            field.widget = field.widget.widget
        return field


class VerbInline(_PlainFields, admin.TabularInline):
    """Rows on the page of a PolicyAdmin, which saves them through verbs in `save_formset`."""

    form = VerbForm
    formset = VerbFormSet
    extra = 0

    def get_formset(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> Any:
        formset = super().get_formset(request, obj, **kwargs)
        formset.refusal = formset.form.refusal = refusal_of(request)  # type: ignore[attr-defined]
        return formset

    def _may(self, request: HttpRequest, obj: Any = None) -> bool:
        return policy.can(request.user, Action.ADMINISTER, None)

    has_view_permission = has_add_permission = _may
    has_change_permission = has_delete_permission = _may


def refusal_of(request: HttpRequest) -> _Refusal | None:
    """What a verb refused when this request was first tried."""
    return getattr(request, "_verb_refusal", None)


class PolicyAdmin(_PlainFields, admin.ModelAdmin):
    """A ModelAdmin that asks the policy where Django would ask its permission tables.

    Subclasses save through `ask` in `save_model`. Saving runs in one transaction; when a verb
    refuses, all of it is undone and the same form is shown again with the reason.
    """

    form = VerbForm
    list_per_page = 50
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER
    object_history_template = "admin/trail.html"

    def _may(self, request: HttpRequest) -> bool:
        return policy.can(request.user, Action.ADMINISTER, None)

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self._may(request)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self._may(request)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return self._may(request)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self._may(request)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nothing that the trail speaks of is deleted; it is deactivated."""
        return False

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> Any:
        title = str(self.opts.verbose_name_plural).capitalize()
        return super().changelist_view(request, {"title": title, **(extra_context or {})})

    # ── saving through verbs ────────────────────────────────────────────────
    def _changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None,
        form_url: str,
        extra_context: dict[str, Any] | None,
    ) -> Any:
        try:
            with transaction.atomic():
                return super()._changeform_view(  # type: ignore[misc]
                    request, object_id, form_url, extra_context
                )
        except _Refused as refused:
            request._verb_refusal = refused.refusal  # type: ignore[attr-defined]
            return super()._changeform_view(  # type: ignore[misc]
                request, object_id, form_url, extra_context
            )

    def get_form(
        self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any
    ) -> Any:
        form = super().get_form(request, obj, change=change, **kwargs)
        return type(form.__name__, (form,), {"refusal": refusal_of(request)})

    def log_addition(self, request: HttpRequest, obj: Any, message: Any) -> Any:
        """Nothing: the verb has left its trail entry."""

    def log_change(self, request: HttpRequest, obj: Any, message: Any) -> Any:
        """Nothing: the verb has left its trail entry."""

    def log_deletions(self, request: HttpRequest, queryset: Any) -> Any:
        """Nothing: the verb has left its trail entry."""

    # ── what was done, as the trail tells it ────────────────────────────────
    def trail_entries(self, obj: Any) -> models.QuerySet[TrailEntry]:
        """The portal's entries about an object."""
        return TrailEntry.objects.filter(chain=trail.PORTAL, target=str(obj))

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        obj = self.get_object(request, object_id)
        if obj is None:
            raise Http404
        entries = self.trail_entries(obj).select_related("actor").order_by("-seq")
        context = {
            **self.admin_site.each_context(request),
            "title": "Riwayat",
            "subtitle": str(obj),
            "entries": [(entry, sentence(entry)) for entry in entries[:HISTORY_LENGTH]],
            "object": obj,
            "opts": self.opts,
            "module_name": str(self.opts.verbose_name_plural).capitalize(),
            **(extra_context or {}),
        }
        return TemplateResponse(request, self.object_history_template, context)
