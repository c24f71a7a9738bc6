"""The one table: what `can` answers and what `scope` lists are the same (security.md 15-18)."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.http import Http404
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts import people, policy
from accounts.models import POKJA, Membership, Role, Unit, User
from accounts.policy import Action
from accounts.trail import OPERATOR
from accounts.units import create_unit
from tests.conftest import Cast, Ministry, make_user

ROLE_OF_CAST = {
    "member": Role.MEMBER,
    "coordinator": Role.COORDINATOR,
    "team_head": Role.TEAM_HEAD,
    "unit_head": Role.UNIT_HEAD,
    "leader": Role.LEADER,
    "evaluator": Role.EVALUATOR,
    "tpi_head": Role.TPI_HEAD,
    "tpi_reviewer": Role.TPI_REVIEWER,
    "auditor": Role.AUDITOR,
    "admin": Role.ADMIN,
}

# domain.md §6, restated by hand so that a slip in the table is seen.
ALLOWED: dict[Action, set[str]] = {
    Action.VIEW: {"member", "coordinator", "team_head", "unit_head", "leader", "auditor"},
    Action.VIEW_SUBMITTED: set(ROLE_OF_CAST) - {"admin"},
    Action.FILL: {"member", "coordinator", "team_head"},
    Action.EVALUATE: {"evaluator", "tpi_head"},
    Action.VIEW_TPI: {"evaluator", "tpi_head", "tpi_reviewer"},
    Action.REPORT: set(ROLE_OF_CAST) - {"admin"},
    Action.TRAIL: set(ROLE_OF_CAST) - {"admin"},
    Action.OPEN: {"team_head", "admin"},
    Action.ADMINISTER: {"admin"},
}


def reload(user: User) -> User:
    """The person as the next request reads it."""
    return User.objects.get(pk=user.pk)


@pytest.mark.parametrize("action", ALLOWED)
def test_each_role_may_exactly_what_the_regulation_says(
    cast: Cast, ministry: Ministry, action: Action
) -> None:
    may = {
        name for name in ROLE_OF_CAST if policy.can(getattr(cast, name), action, ministry.poltek)
    }
    assert may == ALLOWED[action]


def test_every_action_is_tested() -> None:
    assert set(ALLOWED) == set(Action) == set(policy.TABLE)


@pytest.mark.parametrize("action", Action)
def test_nobody_and_a_visitor_may_do_nothing(
    cast: Cast, ministry: Ministry, action: Action
) -> None:
    for person in (cast.nobody, AnonymousUser()):
        assert not policy.can(person, action, ministry.poltek)
        assert not policy.can(person, action, None)
        assert not policy.units(person, action).exists()


def test_a_role_reaches_down_the_tree_and_never_up_or_aside(cast: Cast, ministry: Ministry) -> None:
    reached = {unit.code for unit in policy.units(cast.leader, Action.VIEW)}
    assert reached == {"DITJEN", "POLTEK", "BALAI"}
    assert not policy.can(cast.leader, Action.VIEW, ministry.root)
    assert not policy.can(cast.leader, Action.VIEW, ministry.biro)
    assert not policy.can(cast.stranger, Action.VIEW, ministry.poltek)


def test_a_code_that_begins_like_another_opens_nothing(cast: Cast, ministry: Ministry) -> None:
    near = create_unit(OPERATOR, code="POLTEK2", name="Politeknik Lain", parent=ministry.ditjen)
    assert not policy.can(cast.member, Action.VIEW, near)


def test_the_whole_installation_needs_a_role_at_the_root(cast: Cast, ministry: Ministry) -> None:
    assert policy.can(cast.admin, Action.ADMINISTER, None)
    assert not policy.can(cast.leader, Action.VIEW, None)


def test_pokja_limit_filling_and_nothing_else(cast: Cast, ministry: Ministry) -> None:
    coordinator = cast.coordinator  # limited to pokja II
    assert policy.can(coordinator, Action.FILL, ministry.poltek, pokja="2")
    assert not policy.can(coordinator, Action.FILL, ministry.poltek, pokja="3")
    assert policy.can(coordinator, Action.VIEW, ministry.poltek)
    assert policy.pokja_of(coordinator, Action.FILL, ministry.poltek) == {"2"}
    assert policy.pokja_of(cast.member, Action.FILL, ministry.poltek) is None
    assert policy.pokja_of(cast.stranger, Action.FILL, ministry.poltek) == frozenset()


def test_roles_of_one_person_add_up(cast: Cast, ministry: Ministry) -> None:
    people.grant(
        OPERATOR, cast.coordinator, unit=ministry.poltek, role=Role.MEMBER, pokja=["3", "H"]
    )
    person = reload(cast.coordinator)
    assert policy.pokja_of(person, Action.FILL, ministry.poltek) == {"2", "3", "H"}


def test_a_deactivated_person_may_nothing(cast: Cast, ministry: Ministry) -> None:
    people.deactivate(OPERATOR, cast.member)
    assert not policy.can(reload(cast.member), Action.VIEW, ministry.poltek)


def test_require_refuses_and_one_or_404_hides(cast: Cast, ministry: Ministry) -> None:
    with pytest.raises(PermissionDenied):
        policy.require(cast.unit_head, Action.FILL, ministry.poltek)
    with pytest.raises(Http404):
        policy.one_or_404(policy.units(cast.member, Action.VIEW).filter(code="BIRO"))
    assert policy.one_or_404(policy.units(cast.member, Action.VIEW)) == ministry.poltek


# ── can and scope agree, whatever the tree and the roles ────────────────────
@pytest.fixture
def person(db: None) -> User:
    return make_user("Siapa Saja", None, None)


roles = st.lists(
    st.tuples(
        st.integers(0, 5),
        st.sampled_from(Role.values),
        st.lists(st.sampled_from(POKJA), max_size=3, unique=True),
    ),
    max_size=4,
    unique_by=lambda role: role[:2],
)


@given(held=roles, active=st.booleans())
@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_what_can_answers_is_what_scope_lists(
    ministry: Ministry, person: User, held: list[tuple[int, str, list[str]]], active: bool
) -> None:
    tree = list(Unit.objects.order_by("path"))
    person.memberships.all().delete()
    Membership.objects.bulk_create(
        Membership(user=person, unit=tree[place], role=role, pokja=pokja)
        for place, role, pokja in held
    )
    User.objects.filter(pk=person.pk).update(is_active=active)
    asked = reload(person)
    for action in Action:
        listed = set(policy.units(asked, action))
        assert listed == {unit for unit in tree if policy.can(asked, action, unit)}
        assert policy.can(asked, action, None) == (tree[0] in listed)
        for unit in tree:
            pokja = policy.pokja_of(asked, action, unit)
            reached = {key for key in POKJA if policy.can(asked, action, unit, pokja=key)}
            assert reached == (set(POKJA) if pokja is None else pokja)
