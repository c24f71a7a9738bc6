"""The verbs that open a year: periods and assessments."""

from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from accounts import trail
from accounts.models import Unit
from accounts.trail import Actor, Event
from assessment import catalogue, scores
from assessment.models import Assessment, InstrumentVersion, Period, Purpose, Target


@transaction.atomic
def create_period(
    actor: Actor, *, year: int, instrument: InstrumentVersion, **dates: date | None
) -> Period:
    """Open an evaluation year. Raises ValidationError when it exists or the year is absurd."""
    period = Period(year=year, instrument=instrument, **dates)
    period.full_clean()
    period.save()
    trail.record(
        actor,
        trail.PORTAL,
        Event(
            "period.created", str(year), {"instrument": f"{instrument.code}:{instrument.version}"}
        ),
    )
    return period


@transaction.atomic
def create_assessment(
    actor: Actor,
    *,
    unit: Unit,
    period: Period,
    target: Target,
    purpose: Purpose = Purpose.PROPOSAL,
) -> Assessment:
    """Open the LKE of a unit in a period, with its (empty) scores.

    Raises ValidationError when the unit already has one in that period.
    """
    if Assessment.objects.filter(unit=unit, period=period).exists():
        raise ValidationError(f"Unit {unit.code} sudah memiliki penilaian tahun {period.year}.")
    assessment = Assessment.objects.create(
        unit=unit, period=period, target=target, purpose=purpose, state_since=timezone.now()
    )
    scores.store(assessment, catalogue.compiled(period.instrument), [])
    trail.record(
        actor,
        assessment.chain,
        Event("assessment.created", "", {"target": target.value, "purpose": purpose.value}),
    )
    return assessment
