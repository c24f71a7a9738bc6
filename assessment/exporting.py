"""An assessment as an LKE workbook, to be filled without the portal and imported again."""

from datetime import timedelta

from django.contrib.auth.models import AnonymousUser
from django.db import transaction
from django.utils import timezone

from accounts import trail
from accounts.models import TrailEntry
from accounts.policy import Person
from accounts.trail import Actor, Event
from assessment import selectors
from assessment.models import Assessment, Stage
from assessment.workbook.writing import Source, Written, write

VERB = "workbook.downloaded"
CONTENT_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
ONE_DOWNLOAD = timedelta(minutes=10)
"""Downloads of one assessment by one person within this time are one entry of the trail."""


def stages_for(reader: Person | None, assessment: Assessment) -> tuple[Stage, ...]:
    """Whose answers the workbook shows to `reader` (None: the operator, who sees what the unit
    sees)."""
    return selectors.visible_stages(reader or AnonymousUser(), assessment)


def workbook(assessment: Assessment, stages: tuple[Stage, ...]) -> bytes:
    """The .xlsx file of the answers as they are now, with TPI's columns if `stages` has them."""
    lke = selectors.load_lke(assessment)
    answers = {
        stage: {
            code: Written(row.value, row.note, row.version)
            for code, row in lke.answers[stage].items()
        }
        for stage in stages
    }
    return write(
        lke.instrument,
        Source(
            mark=str(assessment.uuid),
            unit=f"{assessment.unit.code} {assessment.shown_unit_name}",
            year=assessment.period.year,
            made_at=timezone.localtime(),
            answers=answers[Stage.UNIT],
            tpi=answers.get(Stage.TPI),
        ),
    )


def file_name(assessment: Assessment) -> str:
    """Unit codes are letters, digits and signs that no system minds."""
    return f"LKE {assessment.unit.code} {assessment.period.year}.xlsx"


@transaction.atomic
def record_download(actor: Actor, assessment: Assessment, stages: tuple[Stage, ...]) -> None:
    """Leave an entry of a download, unless the same person left one a moment ago."""
    head = trail.lock(assessment.chain)
    # Entries that tell of TPI's work are hidden with it (history).
    data = {"stage": Stage.TPI.value} if Stage.TPI in stages else {}
    recent = TrailEntry.objects.filter(
        chain=assessment.chain,
        verb=VERB,
        actor=actor.user,
        data=data,
        at__gt=timezone.now() - ONE_DOWNLOAD,
    )
    if not recent.exists():
        trail.record(actor, assessment.chain, Event(VERB, "", data), head=head)
