"""The first page: my assessments, and opening a new one."""

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Page, Paginator
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from accounts import policy
from accounts.access import permits, signed_in
from accounts.models import Role, User
from accounts.policy import Action
from accounts.trail import Actor
from assessment import assessments, overview, selectors, starting
from assessment.models import Assessment, Period, Purpose, State, Target

PER_PAGE = 25
FEW = 4
"""So many assessments of one year are shown as cards; more become a table with a search."""


@dataclass(frozen=True, slots=True)
class Filters:
    """What the address asks for: `cari` (name or code of a unit), `tahun`, `tahap`."""

    search: str
    year: str
    state: str

    @classmethod
    def of(cls, request: HttpRequest) -> "Filters":
        get = request.GET.get
        # PostgreSQL knows no NUL in a text.
        search = get("cari", "").replace("\0", "").strip()[:100]
        return cls(search, get("tahun", ""), get("tahap", ""))

    def __bool__(self) -> bool:
        return bool(self.search or self.year or self.state)

    @property
    def query(self) -> str:
        named = {"cari": self.search, "tahun": self.year, "tahap": self.state}
        return urlencode({name: value for name, value in named.items() if value})

    @property
    def words(self) -> str:
        """The active filters in words, for a page without results."""
        said = [
            f"Pencarian: {self.search}" if self.search else "",
            f"Tahun: {self.year}" if self.year else "",
            f"Tahap: {State(self.state).label}" if self.state in State.values else "",
        ]
        return ". ".join(filter(None, said)) + "." if any(said) else ""

    def apply(self, rows: QuerySet[Assessment]) -> QuerySet[Assessment]:
        if self.search:
            rows = rows.filter(
                Q(unit__name__icontains=self.search)
                | Q(unit__code__icontains=self.search)
                | Q(unit_name__icontains=self.search)
            )
        if self.year:
            rows = rows.filter(period__year=int(self.year)) if _is_year(self.year) else rows.none()
        if self.state:
            rows = rows.filter(state=self.state) if self.state in State.values else rows.none()
        return rows


def _is_year(text: str) -> bool:
    return text.isdecimal() and len(text) == 4


@signed_in
@never_cache
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """My assessments: the current year first; cards for a few, a table for many."""
    filters = Filters.of(request)
    visible = selectors.visible_assessments(request.user)
    page: Page[Assessment] = Paginator(
        selectors.with_scores(filters.apply(visible)), PER_PAGE
    ).get_page(request.GET.get("halaman"))
    shown = overview.glances(request.user, page.object_list)
    years = list(
        visible.order_by("-period__year").values_list("period__year", flat=True).distinct()
    )
    this_year = [each for each in shown if years and each.assessment.period.year == years[0]]
    as_table = bool(filters) or page.paginator.num_pages > 1 or len(this_year) > FEW
    period = starting.open_period()
    startable = starting.startable_units(request.user, period, filters.search)
    only_admin = {role.role for role in policy.memberships(request.user)} == {Role.ADMIN}
    return render(
        request,
        "assessment/home/home.html",
        {
            "heading": "Penilaian unit" if as_table or only_admin else "Penilaian saya",
            "only_admin": only_admin,
            "filters": filters,
            "page": page,
            "glances": shown,
            "by_year": _by_year(shown),
            "as_table": as_table,
            "next": _next(shown),
            "years": years,
            "states": State.choices,
            "period": period,
            "startable": startable,
            "targets": Target.choices,
            "purposes": Purpose.choices,
            "empty": None if shown or filters else _empty(request, period, startable),
        },
    )


def _next(shown: Sequence[overview.Glance]) -> overview.Glance | None:
    """The assessment to go on with: one that I may fill, one with blanks before the others."""
    fillable = [each for each in shown if each.may_fill]
    return next((each for each in fillable if not each.is_full), fillable[0] if fillable else None)


def _by_year(shown: Sequence[overview.Glance]) -> list[tuple[int, list[overview.Glance]]]:
    """The lines under their years, as they come."""
    years: dict[int, list[overview.Glance]] = {}
    for glance in shown:
        years.setdefault(glance.assessment.period.year, []).append(glance)
    return list(years.items())


@dataclass(frozen=True, slots=True)
class Empty:
    """What is missing, why, and whom to ask."""

    title: str
    why: str
    ask: tuple[User, ...] = ()


def _empty(request: HttpRequest, period: Period | None, startable: starting.Startable) -> Empty:
    roles = policy.memberships(request.user)
    if not roles:
        return Empty(
            "Akun ini belum mempunyai peran",
            "Penilaian tampil setelah admin memberi peran di suatu unit.",
            starting.people_with(Role.ADMIN),
        )
    held = {role.role for role in roles}
    if period is None:
        return Empty(
            "Belum ada periode penilaian yang dibuka",
            "Penilaian dapat dimulai setelah admin membuka periode.",
            () if Role.ADMIN in held else starting.people_with(Role.ADMIN),
        )
    if startable.count:
        return Empty("", "")
    if held & {Role.EVALUATOR, Role.TPI_HEAD, Role.TPI_REVIEWER}:
        return Empty(
            "Belum ada penilaian yang diajukan",
            "Penilaian unit tampil di sini setelah diajukan kepada TPI.",
        )
    if held == {Role.ADMIN}:
        return Empty(
            f"Semua unit sudah memiliki penilaian {period.year}",
            "Isi penilaian tidak tampil untuk peran admin.",
        )
    heads = starting.people_with(Role.TEAM_HEAD, [role.unit for role in roles])
    return Empty(
        f"Belum ada penilaian {period.year}",
        "Penilaian dimulai oleh ketua tim ZI unit.",
        heads or starting.people_with(Role.ADMIN),
    )


@permits(Action.OPEN)
@require_POST
def open_assessment(request: HttpRequest, unit_code: str, year: int) -> HttpResponse:
    """Begin the assessment of a unit in the open period, with the posted target and purpose."""
    unit = starting.get_unit(request.user, unit_code)
    period = starting.open_period()
    if period is None or period.year != year:
        raise Http404
    try:
        target = Target(request.POST.get("target", ""))
        purpose = Purpose(request.POST.get("purpose", Purpose.PROPOSAL))
    except ValueError:
        messages.error(request, "Pilih sasaran WBK atau WBBM dan tujuan, lalu mulai penilaian.")
        return redirect("home")
    try:
        assessments.create_assessment(
            Actor.of(request), unit=unit, period=period, target=target, purpose=purpose
        )
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return redirect("home")
    if policy.can(request.user, Action.FILL, unit):
        return redirect("filling_start", unit.code, year)
    messages.success(request, f"Penilaian {unit.name} tahun {year} dibuka.")
    return redirect("home")
