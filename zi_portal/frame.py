"""What the frame of every page says about the person and the place: role, unit, sections."""

from typing import Any

from django.http import HttpRequest
from django.urls import ResolverMatch, reverse

from accounts import policy
from accounts.models import Membership, User
from accounts.policy import Action
from assessment import selectors


def frame(request: HttpRequest) -> dict[str, Any]:
    """Context of the frame: `sections` and `periods` (label, url, current), `person_role`,
    `person_unit`."""
    user = getattr(request, "user", None)
    if not isinstance(user, User):
        return {"sections": [], "periods": [], "person_role": "", "person_unit": ""}
    roles = policy.memberships(user)
    leading = _leading(roles)
    return {
        "sections": _sections(request, user),
        "periods": _periods(request, user),
        "person_role": leading.get_role_display() if leading else "",
        "person_unit": leading.unit.name if leading else "",
    }


def _leading(roles: tuple[Membership, ...]) -> Membership | None:
    """The membership that the frame names: the highest unit in which the person has a role."""
    return min(roles, key=lambda role: role.unit.depth, default=None)


def _sections(request: HttpRequest, user: User) -> list[dict[str, Any]]:
    match = request.resolver_match
    current = match.url_name if match else None
    sections = [_section("Beranda", reverse("home"), current == "home")]
    place = match.kwargs if match else {}
    if "unit_code" in place and "year" in place:
        at = [place["unit_code"], place["year"]]
        sections += [
            _section("Pengisian", reverse("filling_start", args=at), current in FILLING),
            _section("Ringkasan", reverse("summary", args=at), current in {"summary", "explain"}),
        ]
    sections.append(_section("Laporan", reverse("reports"), current in REPORTS))
    if policy.can(user, Action.ADMINISTER, None):
        here = match is not None and match.app_name == "admin"
        sections.append(_section("Administrasi", reverse("admin:index"), here))
    return sections


FILLING = {
    "filling",
    "filling_start",
    "filling_search",
    "filling_filtered",
    "import_workbook",
    "import_preview",
    "copy_last_year",
    "history",
}
REPORTS = {"reports", "report", "make_report", "job"}


def _periods(request: HttpRequest, user: User) -> list[dict[str, Any]]:
    """The years of the unit whose assessment the page is about, each leading to the same page."""
    match = request.resolver_match
    if match is None or not {"unit_code", "year"} <= match.kwargs.keys():
        return []
    here, unit = match.kwargs["year"], match.kwargs["unit_code"]
    name, more = _same_page(match)
    years = (
        selectors.visible_assessments(user)
        .filter(unit__code=unit)
        .order_by("-period__year")
        .values_list("period__year", flat=True)
    )
    return [
        _section(
            str(year),
            reverse(name, kwargs={**more, "unit_code": unit, "year": year}),
            current=year == here,
        )
        for year in years
    ]


def _same_page(match: ResolverMatch) -> tuple[str, dict[str, Any]]:
    """The page's address in another year, as name and arguments; what another year need not have
    (an import under way, one card) leads to the whole it belongs to."""
    if match.url_name in SAME_EVERY_YEAR:
        place = {"unit_code", "year"}
        return match.url_name, {k: value for k, value in match.kwargs.items() if k not in place}
    return ("filling_start" if match.url_name in FILLING else "summary"), {}


SAME_EVERY_YEAR = {
    "summary",
    "explain",
    "history",
    "filling",
    "filling_filtered",
}


def _section(label: str, url: str, current: bool) -> dict[str, Any]:
    return {"label": label, "url": url, "current": current}
