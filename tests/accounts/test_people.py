"""The verbs of accounts and roles: one entry each, and never a ministry without an admin."""

import pytest
from allauth.account.models import EmailAddress
from django.core.exceptions import ValidationError

from accounts import people, trail
from accounts.models import Membership, Role, TrailEntry, User
from accounts.trail import OPERATOR, Actor
from tests.conftest import Cast, Ministry

NIP = "198701012010011001"


def create(email: str = "baru@uji.example", number: str | None = None) -> User:
    return people.create_user(OPERATOR, email=email, name="Orang Baru", staff_number=number)


def change(user: User, **details: object) -> User:
    now = {
        "email": user.email,
        "name": user.name,
        "staff_number": user.staff_number,
        "is_active": user.is_active,
    }
    return people.change_user(OPERATOR, user, **{**now, **details})  # type: ignore[arg-type]


def last() -> TrailEntry:
    return TrailEntry.objects.filter(chain=trail.PORTAL).latest("seq")


def entries() -> int:
    return TrailEntry.objects.count()


@pytest.mark.django_db
def test_a_new_account_has_no_password_and_one_entry() -> None:
    user = create(" Baru@UJI.example ", NIP)
    assert not user.has_usable_password()
    assert user.email == "baru@uji.example"
    assert last().verb == "user.created"
    assert last().target == str(user.uuid)
    assert last().personal == {"email": user.email, "name": user.name, "staff_number": NIP}


@pytest.mark.django_db
def test_names_and_addresses_stay_out_of_the_hashed_part() -> None:
    user = change(create(), name="Nama Lain", email="lain@uji.example", staff_number=NIP)
    hashed = "".join(f"{entry.data}{entry.target}" for entry in TrailEntry.objects.all())
    for secret in ("Orang Baru", "Nama Lain", "uji.example", NIP):
        assert secret not in hashed
    assert last().data == {"fields": ["email", "name", "staff_number"]}
    assert user.name == "Nama Lain"


@pytest.mark.parametrize(
    "email", ["", "bukan surel", "ani.anggota@uji.example", "ANI.ANGGOTA@uji.example"]
)
def test_a_taken_or_malformed_email_is_refused(cast: Cast, email: str) -> None:
    with pytest.raises(ValidationError) as refused:
        create(email)
    assert "email" in refused.value.message_dict


@pytest.mark.parametrize("number", ["12", "dengan spasi", "kdp-0012", "KDP-0012"])
def test_a_taken_or_malformed_staff_number_is_refused(cast: Cast, number: str) -> None:
    create("pertama@uji.example", "KDP-0012")
    with pytest.raises(ValidationError) as refused:
        create("kedua@uji.example", number)
    assert "staff_number" in refused.value.message_dict


@pytest.mark.django_db
def test_several_people_may_have_no_staff_number() -> None:
    create("satu@uji.example", "")
    assert create("dua@uji.example", "").staff_number is None


def test_no_change_leaves_no_entry(cast: Cast) -> None:
    before = entries()
    change(cast.member)
    assert entries() == before


def test_a_new_address_takes_the_old_one_out_of_sign_in(cast: Cast) -> None:
    EmailAddress.objects.create(user=cast.member, email=cast.member.email, verified=True)
    change(cast.member, email="baru@uji.example")
    assert not EmailAddress.objects.filter(user=cast.member).exists()


def test_a_change_of_details_leaves_the_password_alone(cast: Cast) -> None:
    stale = User.objects.get(pk=cast.member.pk)
    cast.member.set_password("perahu pagi ke timur")
    cast.member.save()
    change(stale, name="Ani Lain")
    assert User.objects.get(pk=stale.pk).check_password("perahu pagi ke timur")


@pytest.mark.django_db
def test_passwords_are_kept_with_argon2() -> None:
    user = create()
    user.set_password("perahu pagi ke timur")
    assert user.password.startswith("argon2$")


# ── roles ───────────────────────────────────────────────────────────────────
def test_a_role_is_granted_changed_and_revoked_with_one_entry_each(
    cast: Cast, ministry: Ministry
) -> None:
    before = entries()
    held = people.grant(
        Actor(cast.admin), cast.nobody, unit=ministry.poltek, role=Role.MEMBER, pokja=["H", "2"]
    )
    assert held.pokja == ["2", "H"]
    assert last().data == {"unit": "POLTEK", "role": "anggota", "pokja": ["2", "H"]}
    held = people.change_membership(OPERATOR, held, unit=ministry.balai, role=Role.TEAM_HEAD)
    assert last().data["before"] == {"unit": "POLTEK", "role": "anggota"}
    people.revoke(OPERATOR, held)
    assert last().verb == "membership.revoked"
    assert entries() == before + 3
    assert trail.verify(trail.PORTAL) is None


def test_a_role_given_again_changes_only_its_pokja(cast: Cast, ministry: Ministry) -> None:
    before = entries()
    people.grant(
        OPERATOR, cast.coordinator, unit=ministry.poltek, role=Role.COORDINATOR, pokja=["2"]
    )
    assert entries() == before
    people.grant(
        OPERATOR, cast.coordinator, unit=ministry.poltek, role=Role.COORDINATOR, pokja=["3"]
    )
    assert entries() == before + 1
    assert cast.coordinator.memberships.get().pokja == ["3"]


@pytest.mark.parametrize("role", [Role.TEAM_HEAD, Role.UNIT_HEAD, Role.LEADER, Role.AUDITOR])
def test_only_team_and_evaluators_are_limited_to_pokja(
    cast: Cast, ministry: Ministry, role: Role
) -> None:
    with pytest.raises(ValidationError) as refused:
        people.grant(OPERATOR, cast.nobody, unit=ministry.poltek, role=role, pokja=["1"])
    assert "pokja" in refused.value.message_dict


def test_an_unknown_pokja_is_refused(cast: Cast, ministry: Ministry) -> None:
    with pytest.raises(ValidationError, match="7"):
        people.grant(OPERATOR, cast.nobody, unit=ministry.poltek, role=Role.MEMBER, pokja=["7"])


def test_admin_is_a_role_of_the_whole_ministry(cast: Cast, ministry: Ministry) -> None:
    with pytest.raises(ValidationError, match="instansi"):
        people.grant(OPERATOR, cast.nobody, unit=ministry.poltek, role=Role.ADMIN)


def test_an_admin_who_takes_a_role_is_in_the_trail(cast: Cast, ministry: Ministry) -> None:
    people.grant(Actor(cast.admin), cast.admin, unit=ministry.poltek, role=Role.TEAM_HEAD)
    assert last().actor == cast.admin
    assert last().target == str(cast.admin.uuid)


# ── the last admin ──────────────────────────────────────────────────────────
def test_the_last_admin_is_neither_deactivated_nor_revoked_nor_moved(
    cast: Cast, ministry: Ministry
) -> None:
    role = cast.admin.memberships.get()
    before = entries()
    with pytest.raises(ValidationError, match="admin yang aktif"):
        people.deactivate(OPERATOR, cast.admin)
    with pytest.raises(ValidationError, match="admin yang aktif"):
        people.revoke(OPERATOR, Membership.objects.get(pk=role.pk))
    with pytest.raises(ValidationError, match="admin yang aktif"):
        people.change_membership(OPERATOR, role, unit=ministry.root, role=Role.LEADER)
    assert User.objects.get(pk=cast.admin.pk).is_active
    assert Membership.objects.get(pk=role.pk).role == Role.ADMIN
    assert entries() == before


def test_a_deactivated_admin_does_not_count_as_one(cast: Cast, ministry: Ministry) -> None:
    people.grant(OPERATOR, cast.nobody, unit=ministry.root, role=Role.ADMIN)
    people.deactivate(OPERATOR, cast.nobody)
    with pytest.raises(ValidationError, match="admin yang aktif"):
        people.deactivate(OPERATOR, cast.admin)


def test_one_of_two_admins_may_go(cast: Cast, ministry: Ministry) -> None:
    people.grant(OPERATOR, cast.nobody, unit=ministry.root, role=Role.ADMIN)
    people.deactivate(OPERATOR, cast.admin)
    assert not User.objects.get(pk=cast.admin.pk).is_active
