"""Who may do what: the whole authorisation of the portal in one table.

A membership is a role in a unit and holds for all units below it. `can` answers for one thing,
`scope` gives the condition for a queryset, and both read the same table, so that lists never show
what a page would refuse. Whether the *state* of an assessment allows a verb is workflow's matter.
Roles: domain.md §6.
"""

from enum import StrEnum
from typing import Protocol, TypeVar

from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.db.models import Model, Q, QuerySet
from django.http import Http404

from accounts.models import Membership, Role, Unit, User


class Action(StrEnum):
    """What can be done to a unit or to something that belongs to one."""

    VIEW = "view"  # read a unit's assessments, answers, scores
    VIEW_SUBMITTED = "view_submitted"  # the same, once submitted (TPI's people)
    OPEN = "open"  # begin a unit's assessment of a year
    FILL = "fill"  # answer the LKE, import a workbook
    EVALUATE = "evaluate"  # write TPI's column
    VIEW_TPI = "view_tpi"  # read TPI's column before it is released
    REPORT = "report"  # make and download reports
    TRAIL = "trail"  # read the history
    ADMINISTER = "administer"  # units, people, periods; never an answer


_UNIT_TEAM = {Role.MEMBER, Role.COORDINATOR, Role.TEAM_HEAD, Role.UNIT_HEAD}
_TPI = {Role.EVALUATOR, Role.TPI_HEAD, Role.TPI_REVIEWER}

TABLE: dict[Action, frozenset[Role]] = {
    Action.VIEW: frozenset({*_UNIT_TEAM, Role.LEADER, Role.AUDITOR}),
    Action.VIEW_SUBMITTED: frozenset({*_UNIT_TEAM, *_TPI, Role.LEADER, Role.AUDITOR}),
    Action.OPEN: frozenset({Role.TEAM_HEAD, Role.ADMIN}),
    Action.FILL: frozenset({Role.MEMBER, Role.COORDINATOR, Role.TEAM_HEAD}),
    Action.EVALUATE: frozenset({Role.EVALUATOR, Role.TPI_HEAD}),
    Action.VIEW_TPI: frozenset(_TPI),
    Action.REPORT: frozenset({*_UNIT_TEAM, *_TPI, Role.LEADER, Role.AUDITOR}),
    Action.TRAIL: frozenset({*_UNIT_TEAM, *_TPI, Role.LEADER, Role.AUDITOR}),
    Action.ADMINISTER: frozenset({Role.ADMIN}),
}


class OwnedByUnit(Protocol):
    """Anything that belongs to a unit."""

    @property
    def unit(self) -> Unit: ...


Person = User | AnonymousUser
Row = TypeVar("Row", bound=Model)


def memberships(user: Person) -> tuple[Membership, ...]:
    """The person's roles, read once per request (the account itself is read per request too)."""
    if not isinstance(user, User) or not user.is_active:
        return ()
    cached: tuple[Membership, ...] | None = getattr(user, "_policy_memberships", None)
    if cached is None:
        cached = tuple(user.memberships.select_related("unit").order_by("unit__path", "role"))
        user._policy_memberships = cached  # type: ignore[attr-defined]
    return cached


def can(
    user: Person, action: Action, target: Unit | OwnedByUnit | None, *, pokja: str | None = None
) -> bool:
    """Whether the person may do `action` to a unit or to what belongs to it.

    `target` None asks for the whole installation: only a role at the root answers yes.
    `pokja` limits FILL and EVALUATE to the person's working groups.
    """
    unit = target if isinstance(target, Unit) or target is None else target.unit
    return any(
        membership.role in TABLE[action]
        and membership.covers(pokja)
        and (
            unit.path.startswith(membership.unit.path)
            if unit is not None
            else membership.unit.parent_id is None
        )
        for membership in memberships(user)
    )


def require(
    user: Person, action: Action, target: Unit | OwnedByUnit | None, *, pokja: str | None = None
) -> None:
    """Raise PermissionDenied unless `can`."""
    if not can(user, action, target, pokja=pokja):
        raise PermissionDenied("Peran Anda tidak mencakup tindakan ini.")


def pokja_of(user: Person, action: Action, target: Unit | OwnedByUnit) -> frozenset[str] | None:
    """The working groups for which the person may do `action`; None when all."""
    unit = target if isinstance(target, Unit) else target.unit
    found: set[str] = set()
    for membership in memberships(user):
        if membership.role in TABLE[action] and unit.path.startswith(membership.unit.path):
            if not membership.pokja:
                return None
            found |= set(membership.pokja)
    return frozenset(found)


def scope(user: Person, action: Action, *, prefix: str = "unit__") -> Q:
    """The condition that keeps the rows on which the person may do `action`.

    `prefix` is the lookup from the row to its unit ("" for units themselves).
    """
    condition = Q(pk__in=[])
    for membership in memberships(user):
        if membership.role in TABLE[action]:
            condition |= Q(**{f"{prefix}path__startswith": membership.unit.path})
    return condition


def units(user: Person, action: Action) -> QuerySet[Unit]:
    """The units on which the person may do `action`."""
    return Unit.objects.filter(scope(user, action, prefix=""))


def one_or_404(rows: QuerySet[Row]) -> Row:
    """The only row of a scoped queryset: outside the scope there is nothing to be seen."""
    row = rows.first()
    if row is None:
        raise Http404
    return row
