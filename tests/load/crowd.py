"""Runs inside the portal under load (`manage.py shell`): makes the crowd, and says what is kept."""

import json
import sys
from typing import Any

from django.test import Client

from accounts.models import Membership, Role, TrailEntry, Unit, User
from accounts.trail import OPERATOR
from accounts.units import create_unit
from assessment.assessments import create_assessment, create_period
from assessment.models import Answer, Assessment, InstrumentVersion, Target

YEAR = 2026


def build(units: int, people: int) -> None:
    """Units with an empty LKE and `people` team heads each; prints a session key per person."""
    root = create_unit(OPERATOR, code="BEBAN", name="Kementerian Beban")
    period = create_period(OPERATOR, year=YEAR, instrument=InstrumentVersion.objects.get())
    crowd = [_person(_unit(root, period, number), each) for number in range(units)
             for each in range(people)]  # fmt: skip
    json.dump(crowd, sys.stdout)


def _unit(root: Unit, period: Any, number: int) -> Unit:
    code = f"UNIT{number}"
    if existing := Unit.objects.filter(code=code).first():
        return existing
    unit = create_unit(OPERATOR, code=code, name=f"Unit {number}", parent=root)
    create_assessment(OPERATOR, unit=unit, period=period, target=Target.WBK)
    return unit


def _person(unit: Unit, number: int) -> dict[str, str]:
    """Fifty sign-ins from one address would be throttled, so the session is made here."""
    user = User(email=f"{unit.code}.{number}@beban.example".lower(), name=f"Penulis {number}")
    user.set_unusable_password()
    user.save()
    Membership.objects.create(user=user, unit=unit, role=Role.TEAM_HEAD)
    client = Client()
    client.force_login(user)
    return {"unit": unit.code, "session": client.cookies["sessionid"].value}


def dump() -> None:
    """Every answer as it stands, and every version that its trail remembers, as JSON."""
    unit_of = {each.chain: each.unit.code for each in Assessment.objects.select_related("unit")}
    answers = [
        [row.assessment.unit.code, row.code, row.version, row.note]
        for row in Answer.objects.select_related("assessment__unit")
    ]
    trail = [
        [unit_of[entry.chain], entry.target, entry.data["version"], entry.personal["note"]]
        for entry in TrailEntry.objects.filter(verb="answer.changed").order_by("chain", "seq")
    ]
    json.dump({"answers": answers, "trail": trail}, sys.stdout)
