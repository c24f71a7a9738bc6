"""What the frame of every page says about the person and the place: role, unit, sections."""

from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from accounts import policy
from accounts.models import Membership, User
from accounts.policy import Action


def frame(request: HttpRequest) -> dict[str, Any]:
    """Context of the frame: `sections` (label, url, current), `person_role`, `person_unit`."""
    user = getattr(request, "user", None)
    if not isinstance(user, User):
        return {"sections": [], "person_role": "", "person_unit": ""}
    roles = policy.memberships(user)
    leading = _leading(roles)
    return {
        "sections": _sections(request, user),
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
    "history",
}
REPORTS = {"reports", "report", "make_report", "job"}


def _section(label: str, url: str, current: bool) -> dict[str, Any]:
    return {"label": label, "url": url, "current": current}
