"""The cast: one small ministry with one person per role, used by every test."""

from dataclasses import dataclass

import pytest
from django.test import Client

from accounts.models import Membership, Role, Unit, User
from accounts.trail import OPERATOR
from accounts.units import create_unit
from assessment import catalogue
from assessment.assessments import create_assessment, create_period
from assessment.models import Assessment, InstrumentVersion, Period, Target
from tests.assessment import samples


@dataclass(frozen=True)
class Ministry:
    """Kementerian Uji (KU): DITJEN with the units POLTEK and BALAI, SETJEN with BIRO."""

    root: Unit
    ditjen: Unit
    setjen: Unit
    poltek: Unit
    balai: Unit
    biro: Unit


@dataclass(frozen=True)
class Cast:
    """Those who act. Unit people belong to POLTEK, `stranger` heads BALAI's team; TPI, leader and
    auditor to the echelon DITJEN; the admin to the ministry; `nobody` has no role at all."""

    member: User
    coordinator: User
    team_head: User
    unit_head: User
    leader: User
    evaluator: User
    tpi_head: User
    tpi_reviewer: User
    auditor: User
    admin: User
    stranger: User
    nobody: User


@pytest.fixture
def ministry(db: None) -> Ministry:
    root = create_unit(OPERATOR, code="KU", name="Kementerian Uji")
    ditjen = create_unit(OPERATOR, code="DITJEN", name="Direktorat Jenderal Vokasi", parent=root)
    setjen = create_unit(OPERATOR, code="SETJEN", name="Sekretariat Jenderal", parent=root)
    return Ministry(
        root=root,
        ditjen=ditjen,
        setjen=setjen,
        poltek=create_unit(OPERATOR, code="POLTEK", name="Politeknik Uji", parent=ditjen),
        balai=create_unit(OPERATOR, code="BALAI", name="Balai Uji", parent=ditjen),
        biro=create_unit(OPERATOR, code="BIRO", name="Biro Uji", parent=setjen),
    )


def make_user(
    name: str, unit: Unit | None, role: Role | None, pokja: list[str] | None = None
) -> User:
    """A person with one role and no password: sign-in itself has tests of its own."""
    email = f"{name.lower().replace(' ', '.')}@uji.example"
    user = User(email=email, name=name)
    user.set_unusable_password()
    user.save()
    if unit and role:
        Membership.objects.create(user=user, unit=unit, role=role, pokja=pokja or [])
    return user


@pytest.fixture
def cast(ministry: Ministry) -> Cast:
    return Cast(
        member=make_user("Ani Anggota", ministry.poltek, Role.MEMBER),
        coordinator=make_user("Koko Koordinator", ministry.poltek, Role.COORDINATOR, ["2"]),
        team_head=make_user("Kris Ketua", ministry.poltek, Role.TEAM_HEAD),
        unit_head=make_user("Dedi Direktur", ministry.poltek, Role.UNIT_HEAD),
        leader=make_user("Pita Pimpinan", ministry.ditjen, Role.LEADER),
        evaluator=make_user("Eka Evaluator", ministry.ditjen, Role.EVALUATOR),
        tpi_head=make_user("Tari Ketua TPI", ministry.ditjen, Role.TPI_HEAD),
        tpi_reviewer=make_user("Dali Pengendali", ministry.ditjen, Role.TPI_REVIEWER),
        auditor=make_user("Audi Auditor", ministry.ditjen, Role.AUDITOR),
        admin=make_user("Adi Admin", ministry.root, Role.ADMIN),
        stranger=make_user("Bala Balai", ministry.balai, Role.TEAM_HEAD),
        nobody=make_user("Nana Nirperan", None, None),
    )


@pytest.fixture
def instrument_version(db: None) -> InstrumentVersion:
    return catalogue.load(OPERATOR, samples.document())[0]


@pytest.fixture
def period(instrument_version: InstrumentVersion) -> Period:
    return create_period(OPERATOR, year=2026, instrument=instrument_version)


@pytest.fixture
def assessment(ministry: Ministry, period: Period) -> Assessment:
    """POLTEK's draft of 2026, target WBK, still empty."""
    return create_assessment(OPERATOR, unit=ministry.poltek, period=period, target=Target.WBK)


def signed_in(user: User) -> Client:
    """A client in which the person is signed in."""
    client = Client()
    client.force_login(user)
    return client


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--database-only",
        action="store_true",
        help="only tests that touch a database, and the journeys meant for every database",
    )


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """The second run, on PostgreSQL, repeats only what a database could change."""
    if config.getoption("--database-only"):
        chosen = [item for item in items if _depends_on_database(item)]
        config.hook.pytest_deselected(items=[item for item in items if item not in chosen])
        items[:] = chosen


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Figures that tests tell (`record_property("told", …)`), such as the slowest save."""
    for report in terminalreporter.getreports("passed"):
        for name, told in report.user_properties:
            if name == "told":
                terminalreporter.write_line(f"{report.nodeid.partition('::')[2]}: {told}")


def _depends_on_database(item: pytest.Item) -> bool:
    if item.get_closest_marker("browser"):
        return item.get_closest_marker("every_database") is not None
    return (
        item.get_closest_marker("django_db") is not None
        or item.get_closest_marker("load") is not None
        or not {"db", "transactional_db"}.isdisjoint(getattr(item, "fixturenames", ()))
    )
