"""The verbs that open a year: periods and assessments."""

from datetime import date
from itertools import pairwise

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from accounts import policy, trail
from accounts.models import Unit
from accounts.policy import Action
from accounts.trail import Actor, Event
from assessment import catalogue, scores, workflow
from assessment.models import Assessment, InstrumentVersion, Period, Purpose, Target

# A year goes through these in this order; any may still be open.
DATES_IN_ORDER = (
    "opens_on",
    "submission_deadline",
    "evaluation_until",
    "proposal_deadline",
    "announcement_on",
)


@transaction.atomic
def create_period(
    actor: Actor, *, year: int, instrument: InstrumentVersion, **settings: date | int | None
) -> Period:
    """Open an evaluation year; `settings` are the period's dates and its repair rounds and days.

    Raises ValidationError when it exists, the year is absurd or the dates are out of order.
    """
    period = Period(year=year, instrument=instrument, **settings)
    _check_period(period)
    period.save()
    trail.record(
        actor,
        trail.PORTAL,
        Event("period.created", str(year), _told(period)),
    )
    return period


@transaction.atomic
def change_period(
    actor: Actor, period: Period, *, instrument: InstrumentVersion, **settings: date | int | None
) -> Period:
    """Change the dates of a year, or its instrument. The year itself stays: addresses name it.

    Once the year has assessments only new wording is taken in, never another structure
    (model.md, InstrumentVersion). Raises ValidationError.
    """
    period = (
        Period.objects.select_for_update(of=("self",))
        .select_related("instrument")
        .get(pk=period.pk)
    )
    before = _told(period)
    same_structure = instrument.structure_digest == period.instrument.structure_digest
    if not same_structure and period.assessments.exists():
        raise ValidationError(
            {"instrument": "Periode sudah memiliki penilaian; susunan instrumennya tetap."}
        )
    period.instrument = instrument
    for name, value in settings.items():
        setattr(period, name, value)
    _check_period(period)
    after = _told(period)
    changed = {key: value for key, value in after.items() if value != before.get(key)}
    if changed:
        period.save()
        trail.record(actor, trail.PORTAL, Event("period.changed", str(period.year), changed))
    return period


def _check_period(period: Period) -> None:
    period.full_clean()
    given = [(name, getattr(period, name)) for name in DATES_IN_ORDER if getattr(period, name)]
    for (_, earlier), (name, later) in pairwise(given):
        if later < earlier:
            raise ValidationError({name: f"Tanggal ini mendahului {earlier:%d-%m-%Y}."})


def _told(period: Period) -> dict[str, str | int | None]:
    """What the trail keeps of a period: its instrument, dates and numbers."""
    told: dict[str, str | int | None] = {
        "instrument": f"{period.instrument.code}:{period.instrument.version}"
    }
    for field in Period._meta.concrete_fields:
        if field.name not in {"id", "year", "instrument"}:
            value = getattr(period, field.name)
            told[field.name] = value.isoformat() if isinstance(value, date) else value
    return told


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

    Raises PermissionDenied, or ValidationError when the unit already has one in that period.
    """
    if actor.user is not None:
        policy.require(actor.user, Action.OPEN, unit)
    # Two who open the same sheet at once: the second waits here and is then told.
    Unit.objects.select_for_update().get(pk=unit.pk)
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


@transaction.atomic
def change_assessment(
    actor: Actor, assessment: Assessment, *, target: Target, purpose: Purpose
) -> bool:
    """Choose another target or purpose while the assessment is a draft; whether that was new.

    The scores stay: they are judged by both targets. Raises PermissionDenied or workflow.Locked.
    """
    if actor.user is not None:
        policy.require(actor.user, Action.OPEN, assessment)
    head = trail.lock(assessment.chain)
    stored = Assessment.objects.get(pk=assessment.pk)
    if reason := workflow.aims_locked_reason(stored.state):
        raise workflow.Locked(reason)
    wanted = {"target": target.value, "purpose": purpose.value}
    changed = {name: value for name, value in wanted.items() if value != getattr(stored, name)}
    if changed:
        Assessment.objects.filter(pk=assessment.pk).update(**changed)
        event = Event("assessment.changed", "", changed)
        trail.record(actor, assessment.chain, event, head=head)
    return bool(changed)
