"""Who may begin which assessment now, and whom the others can ask."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from accounts import policy
from accounts.models import Membership, Role, Unit, User
from accounts.policy import Action, Person
from assessment.models import Assessment, Period

LISTED = 10
"""So many units are offered at once; the search finds the others."""

ASKED = 3
"""So many people are named as those to ask."""


def open_period() -> Period | None:
    """The year in which assessments begin: the latest that was opened, until its unit's date."""
    today = timezone.localdate()
    begun = Q(opens_on=None) | Q(opens_on__lte=today)
    period = Period.objects.filter(begun).order_by("-year").first()
    if period and period.submission_deadline and period.submission_deadline < today:
        return None
    return period


@dataclass(frozen=True, slots=True)
class Startable:
    """Units without an assessment in a period that a person may begin: some, and how many."""

    units: Sequence[Unit]
    count: int

    @property
    def more(self) -> int:
        return self.count - len(self.units)


def startable_units(user: Person, period: Period | None, search: str = "") -> Startable:
    """The units for which the person may begin an assessment.

    The ministry itself has none; a unit just below it only when it has no units of its own, for
    those below it are the ones that are assessed, or when the person heads its team.
    """
    if period is None:
        return Startable((), 0)
    begun = Assessment.objects.filter(unit=OuterRef("pk"), period=period)
    parts = Unit.objects.filter(parent=OuterRef("pk"), is_active=True)
    headed = [role.unit_id for role in policy.memberships(user) if role.role == Role.TEAM_HEAD]
    units = policy.units(user, Action.OPEN).filter(
        Q(parent__parent__isnull=False) | ~Exists(parts) | Q(pk__in=headed),
        ~Exists(begun),
        is_active=True,
        parent__isnull=False,
    )
    if search:
        units = units.filter(Q(name__icontains=search) | Q(code__icontains=search))
    return Startable(list(units.order_by("path")[:LISTED]), units.count())


def get_unit(user: Person, code: str) -> Unit:
    """The unit for which to begin an assessment.

    Raises Http404 when the person has nothing to do with it and PermissionDenied when the role
    is too little.
    """
    known = policy.scope(user, Action.VIEW, prefix="") | policy.scope(user, Action.OPEN, prefix="")
    unit = policy.one_or_404(Unit.objects.filter(known, code=code))
    policy.require(user, Action.OPEN, unit)
    return unit


def people_with(role: Role, units: Sequence[Unit] = ()) -> tuple[User, ...]:
    """Active people who hold a role, by name, at most a few: in one of `units` or above it;
    without units, anywhere."""
    held = Membership.objects.filter(role=role, user__is_active=True)
    if units:
        held = held.filter(unit__path__in={path for unit in units for path in _paths_to(unit)})
    return tuple(User.objects.filter(memberships__in=held).distinct().order_by("name")[:ASKED])


def _paths_to(unit: Unit) -> list[str]:
    """The paths of a unit and of all units above it: "/KU/", "/KU/DITJEN/", …"""
    codes = unit.path.strip("/").split("/")
    return ["/" + "/".join(codes[:depth]) + "/" for depth in range(1, len(codes) + 1)]
