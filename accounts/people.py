"""The verbs of people and their roles. Each leaves one trail entry, or none when nothing changed.

Each begins by taking the lock of the portal's chain, so that what it checks (a free e-mail, an
admin who remains) still holds when it writes. Names and addresses go to the entry's personal part,
which retention may blank later; what a role covers is no personal matter and is hashed.
"""

from collections.abc import Iterable
from typing import Any

from allauth.account.models import EmailAddress
from django.core.exceptions import ValidationError
from django.db import transaction

from accounts import trail
from accounts.models import POKJA, Membership, Role, TrailHead, Unit, User
from accounts.trail import Actor, Event

POKJA_ROLES = frozenset({Role.MEMBER, Role.COORDINATOR, Role.EVALUATOR})
"""The roles that can be limited to some pokja; all others reach the whole unit."""

LAST_ADMIN = "Instansi harus memiliki paling sedikit satu admin yang aktif."


@transaction.atomic
def create_user(
    actor: Actor, *, email: str, name: str, staff_number: str | None = None, is_active: bool = True
) -> User:
    """A new account without a password: it opens by a password link.

    Raises ValidationError when the e-mail or staff number is taken or malformed.
    """
    head = trail.lock(trail.PORTAL)
    user = User(
        email=email.strip(),
        name=name.strip(),
        staff_number=_number(staff_number),
        is_active=is_active,
    )
    user.set_unusable_password()
    _check(user)
    user.save()
    trail.record(
        actor,
        trail.PORTAL,
        Event("user.created", str(user.uuid), {"is_active": user.is_active}, _personal(user)),
        head=head,
    )
    return user


@transaction.atomic
def change_user(
    actor: Actor, user: User, *, email: str, name: str, staff_number: str | None, is_active: bool
) -> User:
    """Change a person's details, or take the account out of use (`is_active` False).

    Raises ValidationError when e-mail or number is taken or malformed, or when the ministry would
    be left without an admin.
    """
    head = trail.lock(trail.PORTAL)
    user = User.objects.get(pk=user.pk)
    before = {**_personal(user), "is_active": user.is_active}
    user.email, user.name = email.strip(), name.strip()
    user.staff_number, user.is_active = _number(staff_number), is_active
    _check(user)
    after = {**_personal(user), "is_active": user.is_active}
    changed = {key: value for key, value in after.items() if value != before[key]}
    if not changed:
        return user
    if user.email != before["email"]:
        # An address that sign-in keeps of its own would go on opening the account.
        EmailAddress.objects.filter(user=user).delete()
    user.save(update_fields=["email", "name", "staff_number", "is_active"])
    if not user.is_active and user.memberships.filter(role=Role.ADMIN).exists():
        _require_an_admin("is_active")
    personal = {key: value for key, value in changed.items() if key != "is_active"}
    data: dict[str, Any] = {"fields": sorted(personal)} if personal else {}
    if "is_active" in changed:
        data["is_active"] = user.is_active
    event = Event("user.changed", str(user.uuid), data, personal)
    trail.record(actor, trail.PORTAL, event, head=head)
    return user


def deactivate(actor: Actor, user: User) -> User:
    """Take an account out of use: it loses access at its next request."""
    return change_user(
        actor,
        user,
        email=user.email,
        name=user.name,
        staff_number=user.staff_number,
        is_active=False,
    )


@transaction.atomic
def grant(
    actor: Actor, user: User, *, unit: Unit, role: Role, pokja: Iterable[str] = ()
) -> Membership:
    """Give a person a role in a unit (no pokja: all of them).

    A role that the person already has there gets the new pokja. Raises ValidationError.
    """
    head = trail.lock(trail.PORTAL)
    membership = Membership.objects.filter(user=user, unit=unit, role=role).first()
    if membership is not None:
        return _limit(actor, membership, pokja, head)
    membership = Membership(user=user, unit=unit, role=role, pokja=list(pokja))
    _check_membership(membership)
    membership.save()
    trail.record(
        actor, trail.PORTAL, _membership_event("membership.granted", membership), head=head
    )
    return membership


@transaction.atomic
def change_membership(
    actor: Actor, membership: Membership, *, unit: Unit, role: Role, pokja: Iterable[str] = ()
) -> Membership:
    """Move a membership to another unit, role or set of pokja. Raises ValidationError."""
    head = trail.lock(trail.PORTAL)
    membership = Membership.objects.get(pk=membership.pk)
    if (membership.unit_id, membership.role) == (unit.pk, role):
        return _limit(actor, membership, pokja, head)
    before = {"unit": membership.unit.code, "role": membership.role}
    membership.unit, membership.role, membership.pokja = unit, role, list(pokja)
    _check_membership(membership)
    membership.save()
    if before["role"] == Role.ADMIN:
        _require_an_admin("role")
    event = _membership_event("membership.changed", membership, before)
    trail.record(actor, trail.PORTAL, event, head=head)
    return membership


@transaction.atomic
def revoke(actor: Actor, membership: Membership) -> None:
    """Take a role away. Raises ValidationError when the ministry would be left without an admin."""
    head = trail.lock(trail.PORTAL)
    event = _membership_event("membership.revoked", membership)
    membership.delete()
    if membership.role == Role.ADMIN:
        _require_an_admin()
    trail.record(actor, trail.PORTAL, event, head=head)


def _limit(
    actor: Actor, membership: Membership, pokja: Iterable[str], head: TrailHead
) -> Membership:
    """Set the pokja that a membership reaches."""
    before, membership.pokja = membership.pokja, list(pokja)
    _check_membership(membership)
    if membership.pokja != before:
        membership.save(update_fields=["pokja"])
        event = _membership_event("membership.changed", membership)
        trail.record(actor, trail.PORTAL, event, head=head)
    return membership


def _number(staff_number: str | None) -> str | None:
    return (staff_number or "").strip() or None


def _personal(user: User) -> dict[str, Any]:
    return {"email": user.email, "name": user.name, "staff_number": user.staff_number}


def _membership_event(
    verb: str, membership: Membership, before: dict[str, str] | None = None
) -> Event:
    data: dict[str, Any] = {
        "unit": membership.unit.code,
        "role": membership.role,
        "pokja": membership.pokja,
    }
    return Event(verb, str(membership.user.uuid), {**data, "before": before} if before else data)


def _check(user: User) -> None:
    """Everything that is to be right about an account; sign-in ignores the case of a number."""
    user.full_clean()
    same = User.objects.exclude(pk=user.pk).filter(staff_number__iexact=user.staff_number)
    if user.staff_number and same.exists():
        raise ValidationError({"staff_number": "Nomor pegawai ini sudah dipakai pengguna lain."})


def _check_membership(membership: Membership) -> None:
    if unknown := set(membership.pokja) - set(POKJA):
        raise ValidationError({"pokja": f"Pokja tidak dikenal: {', '.join(sorted(unknown))}."})
    membership.pokja = [key for key in POKJA if key in membership.pokja]
    if membership.pokja and membership.role not in POKJA_ROLES:
        raise ValidationError(
            {"pokja": "Hanya anggota tim, koordinator, dan evaluator yang dibatasi pada pokja."}
        )
    if membership.role == Role.ADMIN and membership.unit.parent_id is not None:
        raise ValidationError({"unit": "Peran admin hanya diberikan pada instansi (unit teratas)."})
    membership.full_clean()


def _require_an_admin(field: str | None = None) -> None:
    """Called after a change, in its transaction: undoing it is what raising does."""
    admins = Membership.objects.filter(unit__parent=None, role=Role.ADMIN, user__is_active=True)
    if not admins.exists():
        raise ValidationError({field: LAST_ADMIN} if field else LAST_ADMIN)
