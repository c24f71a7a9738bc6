"""Writing the demonstration: the ministry, its people, its periods, then each assessment."""

from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.core.exceptions import ValidationError
from django.db import transaction

from accounts import people
from accounts.models import Unit, User
from accounts.trail import Actor
from accounts.units import create_unit
from assessment import catalogue
from assessment.assessments import create_period
from assessment.demo import content
from assessment.demo.content import Account
from assessment.demo.year import People, write_assessment
from assessment.instrument import load_yaml
from assessment.models import InstrumentVersion, Period

PASSWORD = "zona-integritas-2026"  # noqa: S105  printed at every start of a demonstration
INSTRUMENT = settings.BASE_DIR / "assessment" / "instruments" / "permenpanrb-90-2021.yaml"


@transaction.atomic
def seed(actor: Actor) -> tuple[Account, ...]:
    """Write the demonstration, or nothing when it is there already; its accounts.

    Raises ValidationError when the database belongs to another ministry.
    """
    data = content.ministry()
    root = Unit.objects.filter(parent=None).first()
    if root is not None:
        if root.code != data["units"][0]["code"]:
            raise ValidationError(
                f"Instansi {root.code} sudah ada; peragaan hanya dimuat ke basis data kosong."
            )
        return content.accounts()
    instrument, _ = catalogue.load(actor, load_yaml(INSTRUMENT))
    units = _units(actor, data["units"])
    persons = _people(actor, units)
    periods = {each["year"]: _period(actor, each, instrument) for each in data["periods"]}
    facts = {each["code"]: each.get("facts", {}) for each in data["units"]}
    for plan in data["assessments"]:
        unit, period = units[plan["unit"]], periods[plan["year"]]
        write_assessment(actor, plan, unit, period, facts[unit.code], persons)
    return content.accounts()


def _units(actor: Actor, plans: list[dict[str, Any]]) -> dict[str, Unit]:
    made: dict[str, Unit] = {}
    for plan in plans:
        parent = made[plan["parent"]] if "parent" in plan else None
        made[plan["code"]] = create_unit(actor, code=plan["code"], name=plan["name"], parent=parent)
    return made


def _people(actor: Actor, units: Mapping[str, Unit]) -> People:
    """All accounts, with one hash of the one password: hashing is slow on purpose."""
    password = make_password(PASSWORD)
    made: People = {}
    for account in content.accounts():
        user = people.create_user(
            actor, email=account.email, name=account.name, staff_number=account.staff_number
        )
        user.password = password
        people.grant(actor, user, unit=units[account.unit], role=account.role, pokja=account.pokja)
        made[account.key] = (account, user)
    User.objects.bulk_update([user for _, user in made.values()], ["password"])
    return made


def _period(actor: Actor, plan: dict[str, Any], instrument: InstrumentVersion) -> Period:
    """The period of a year; one that is open already stays as it is."""
    existing = Period.objects.filter(year=plan["year"]).first()
    dates = {key: day for key, day in plan.items() if key != "year"}
    return existing or create_period(actor, year=plan["year"], instrument=instrument, **dates)
