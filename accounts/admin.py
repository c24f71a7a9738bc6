"""Administration of people, units and roles. All is saved through people.py and units.py."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.db.models import Count, Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils.html import format_html
from django.utils.safestring import SafeString

from accounts import password_links, people, units
from accounts.admin_import import ImportsCsv
from accounts.admin_site import PolicyAdmin, VerbForm, VerbFormSet, VerbInline, ask
from accounts.importing import PEOPLE, UNITS
from accounts.models import Membership, Role, TrailEntry, Unit, User
from accounts.trail import Actor

ROMAN = ("I", "II", "III", "IV", "V", "VI")
POKJA_LABELS = [*((str(number), name) for number, name in enumerate(ROMAN, 1)), ("H", "Hasil")]


class SubtreeFilter(admin.SimpleListFilter):
    """Keeps what belongs to the ministry's echelons, sub-units included."""

    title = "lingkup"
    parameter_name = "lingkup"
    lookup = "path"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        echelons = Unit.objects.filter(parent__parent=None, parent__isnull=False)
        return [(unit.code, unit.name) for unit in echelons]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        unit = Unit.objects.filter(code=self.value() or "").first()
        if unit is None:
            return queryset
        return queryset.filter(**{f"{self.lookup}__startswith": unit.path}).distinct()


class MembershipSubtreeFilter(SubtreeFilter):
    lookup = "unit__path"


class UserSubtreeFilter(SubtreeFilter):
    lookup = "memberships__unit__path"


class UserRoleFilter(admin.SimpleListFilter):
    """Keeps people who have a role anywhere, or none at all."""

    title = "peran"
    parameter_name = "peran"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [*Role.choices, ("-", "Tanpa peran")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        if self.value() == "-":
            return queryset.filter(memberships=None)
        return (
            queryset.filter(memberships__role=self.value()).distinct() if self.value() else queryset
        )


class MembershipForm(VerbForm):
    """A role in a unit; the pokja as boxes to tick."""

    pokja = forms.MultipleChoiceField(
        label="pokja",
        required=False,
        choices=POKJA_LABELS,
        widget=forms.CheckboxSelectMultiple,
        help_text="Tanpa centang berarti semua pokja.",
    )

    class Meta:
        model = Membership
        fields = ("user", "unit", "role", "pokja")


def save_membership(actor: Actor, form: forms.ModelForm, user: User) -> Membership:
    """Grant or change the membership of a checked form."""
    unit, role = form.cleaned_data["unit"], Role(form.cleaned_data["role"])
    pokja = form.cleaned_data["pokja"]
    saved: Membership = (
        ask(form, people.grant, actor, user, unit=unit, role=role, pokja=pokja)
        if form.instance.pk is None
        else ask(
            form,
            people.change_membership,
            actor,
            form.instance,
            unit=unit,
            role=role,
            pokja=pokja,
        )
    )
    return saved


class MembershipInline(VerbInline):
    model = Membership
    form = MembershipForm
    fields = ("unit", "role", "pokja")
    autocomplete_fields = ("unit",)
    verbose_name = verbose_name_plural = "peran"


@admin.register(User)
class UserAdmin(ImportsCsv, PolicyAdmin):
    importing = PEOPLE
    list_display = ("name", "email", "staff_number", "roles", "has_password", "is_active")
    list_filter = ("is_active", UserRoleFilter, UserSubtreeFilter)
    search_fields = ("name", "email", "staff_number", "memberships__unit__name",
                     "memberships__unit__code")  # fmt: skip
    fields = ("name", "email", "staff_number", "is_active")
    inlines = (MembershipInline,)
    actions = ("mail_password_links", "deactivate")
    change_form_template = "admin/accounts/user/change_form.html"

    def get_queryset(self, request: HttpRequest) -> QuerySet[User]:
        return super().get_queryset(request).prefetch_related("memberships__unit")

    @admin.display(description="peran")
    def roles(self, user: User) -> str:
        return "; ".join(
            f"{membership.get_role_display()} {membership.unit.code}"
            for membership in user.memberships.all()
        )

    @admin.display(description="kata sandi", boolean=True)
    def has_password(self, user: User) -> bool:
        return user.has_usable_password()

    def trail_entries(self, obj: User) -> QuerySet[TrailEntry]:
        return super().trail_entries(obj.uuid)

    def save_model(
        self, request: HttpRequest, obj: User, form: forms.ModelForm, change: bool
    ) -> None:
        wanted = {field: form.cleaned_data[field] for field in self.fields}
        if change:
            ask(form, people.change_user, Actor.of(request), obj, **wanted)
        else:
            created = ask(form, people.create_user, Actor.of(request), **wanted)
            obj.pk, obj.uuid = created.pk, created.uuid

    def save_formset(
        self, request: HttpRequest, form: forms.ModelForm, formset: VerbFormSet, change: bool
    ) -> None:
        """Removals first, so that a row may be removed and its role given anew."""
        actor = Actor.of(request)
        removed = formset.deleted_forms
        for row in removed:
            if row.instance.pk is not None:
                ask(formset, people.revoke, actor, row.instance)
        for row in formset.forms:
            if row not in removed and row.has_changed():
                save_membership(actor, row, form.instance)

    def construct_change_message(self, *args: Any, **kwargs: Any) -> list[Any]:
        return []

    # ── passwords ───────────────────────────────────────────────────────────
    def get_urls(self) -> list[URLPattern]:
        link = path(
            "<path:object_id>/sandi/",
            self.admin_site.admin_view(self.password_link_view),
            name="accounts_user_password_link",
        )
        return [link, *super().get_urls()]

    def password_link_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Where an admin has a password link mailed, or made once to be handed over."""
        user = self.get_object(request, object_id)
        if user is None:
            raise Http404
        link, sent, refused = "", False, ""
        if request.method == "POST":
            try:
                if "kirim" in request.POST:
                    password_links.mail(request, user)
                    sent = True
                else:
                    link = password_links.make(request, user)
            except ValidationError as error:
                refused = " ".join(error.messages)
        context = {
            **self.admin_site.each_context(request),
            "title": "Tautan atur sandi",
            "subtitle": str(user),
            "opts": self.opts,
            "original": user,
            "link": link,
            "sent": sent,
            "refused": refused,
        }
        return TemplateResponse(request, "admin/accounts/user/password_link.html", context)

    @admin.action(description="Kirim tautan atur sandi lewat surel")
    def mail_password_links(self, request: HttpRequest, queryset: QuerySet[User]) -> None:
        self._for_each(request, queryset, lambda user: password_links.mail(request, user))

    @admin.action(description="Nonaktifkan akun")
    def deactivate(self, request: HttpRequest, queryset: QuerySet[User]) -> None:
        self._for_each(request, queryset, lambda user: people.deactivate(Actor.of(request), user))

    def _for_each(self, request: HttpRequest, chosen: Iterable[User], verb: Any) -> None:
        done = 0
        for user in chosen:
            try:
                verb(user)
                done += 1
            except ValidationError as error:
                self.message_user(request, f"{user}: {' '.join(error.messages)}", messages.ERROR)
        if done:
            self.message_user(request, f"Selesai untuk {done} pengguna.", messages.SUCCESS)


@admin.register(Unit)
class UnitAdmin(ImportsCsv, PolicyAdmin):
    importing = UNITS
    list_display = ("tree_name", "code", "people_count", "is_active")
    list_display_links = ("tree_name",)
    list_filter = ("is_active", SubtreeFilter)
    list_per_page = 100
    search_fields = ("code", "name")
    fields = ("code", "name", "parent", "is_active")
    autocomplete_fields = ("parent",)
    ordering = ("path",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Unit]:
        people_here = Count(
            "memberships__user", distinct=True, filter=Q(memberships__user__is_active=True)
        )
        rows: QuerySet[Unit] = super().get_queryset(request)
        return rows.annotate(people_here=people_here)

    @admin.display(description="unit", ordering="path")
    def tree_name(self, unit: Unit) -> SafeString:
        return format_html('<span class="tree-{}">{}</span>', min(unit.depth, 6), unit.name)

    @admin.display(description="orang", ordering="people_here")
    def people_count(self, unit: Unit) -> int:
        count: int = unit.people_here  # type: ignore[attr-defined]
        return count

    def get_readonly_fields(self, request: HttpRequest, obj: Unit | None = None) -> tuple[str, ...]:
        """A code stands in addresses and commands: it stays."""
        return ("code",) if obj else ()

    def get_fields(self, request: HttpRequest, obj: Unit | None = None) -> tuple[str, ...]:
        return self.fields if obj else self.fields[:3]

    def trail_entries(self, obj: Unit) -> QuerySet[TrailEntry]:
        return super().trail_entries(obj.code).filter(verb__startswith="unit.")

    def save_model(
        self, request: HttpRequest, obj: Unit, form: forms.ModelForm, change: bool
    ) -> None:
        wanted = {"name": form.cleaned_data["name"], "parent": form.cleaned_data["parent"]}
        actor = Actor.of(request)
        if change:
            active = form.cleaned_data["is_active"]
            ask(form, units.change_unit, actor, obj, **wanted, is_active=active)
        else:
            created = ask(form, units.create_unit, actor, code=form.cleaned_data["code"], **wanted)
            obj.pk = created.pk


@admin.register(Membership)
class MembershipAdmin(PolicyAdmin):
    form = MembershipForm
    list_display = ("user", "unit", "role", "pokja_labels")
    list_filter = ("role", MembershipSubtreeFilter)
    list_select_related = ("user", "unit")
    search_fields = ("user__name", "user__email", "user__staff_number", "unit__name", "unit__code")
    autocomplete_fields = ("user", "unit")
    ordering = ("unit__path", "role", "user__name")
    actions = ("revoke",)

    @admin.display(description="pokja")
    def pokja_labels(self, membership: Membership) -> str:
        labels = dict(POKJA_LABELS)
        return ", ".join(labels[key] for key in membership.pokja) or "Semua"

    def get_readonly_fields(
        self, request: HttpRequest, obj: Membership | None = None
    ) -> tuple[str, ...]:
        """A role goes to another person by being revoked and granted."""
        return ("user",) if obj else ()

    def trail_entries(self, obj: Membership) -> QuerySet[TrailEntry]:
        return super().trail_entries(obj.user.uuid).filter(verb__startswith="membership.")

    def save_model(
        self, request: HttpRequest, obj: Membership, form: forms.ModelForm, change: bool
    ) -> None:
        saved = save_membership(Actor.of(request), form, obj.user)
        obj.pk = saved.pk

    @admin.action(description="Cabut peran")
    def revoke(self, request: HttpRequest, queryset: QuerySet[Membership]) -> None:
        done = 0
        for membership in queryset.select_related("user", "unit"):
            try:
                people.revoke(Actor.of(request), membership)
                done += 1
            except ValidationError as error:
                text = f"{membership}: {' '.join(error.messages)}"
                self.message_user(request, text, messages.ERROR)
        if done:
            self.message_user(request, f"{done} peran dicabut.", messages.SUCCESS)
