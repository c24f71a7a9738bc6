"""Taking official texts into the instrument: a new version of its wording, never of its structure.

It goes into the open periods at once, because that is what it is loaded for: the pages of this
year shall show it. Periods that are over keep the wording under which they were judged.
"""

import json
from collections.abc import Iterable
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from accounts import trail
from accounts.trail import Actor, Event
from assessment import catalogue
from assessment.models import Assessment, InstrumentVersion, Period, State
from assessment.workbook.wording import Wording


@dataclass(frozen=True, slots=True)
class Taken:
    """The version with the new wording, whether it is new, and the periods that took it."""

    version: InstrumentVersion
    is_new: bool
    periods: tuple[int, ...]


def document_of(version: InstrumentVersion) -> dict[str, Any]:
    """A copy of a version's document, to be changed at will."""
    document: dict[str, Any] = json.loads(version.document)
    return document


def reword(document: dict[str, Any], wordings: Iterable[Wording]) -> dict[str, Any]:
    """The same document with other texts of questions and criteria, and nothing else changed."""
    changed = deepcopy(document)
    by_code = {wording.code: wording for wording in wordings}
    for component in changed["components"]:
        aspects = [component, *component.get("aspects", ())]
        areas = [area for each in aspects for area in each.get("areas", ())]
        parts = [part for area in areas for part in area["subcomponents"]]
        for indicator in (each for part in parts for each in part["indicators"]):
            wording = by_code.get(indicator["code"])
            if wording is None:
                continue
            indicator["text"] = wording.text
            for option in indicator.get("options", ()):
                option["criterion"] = wording.criteria.get(option["key"], option["criterion"])
    return changed


@transaction.atomic
def take(actor: Actor, base: InstrumentVersion, wordings: Iterable[Wording]) -> Taken:
    """Load the texts as a new version of `base` and let the open periods have it.

    The same texts again change nothing. Raises InstrumentError when they make no good instrument.
    """
    version, is_new = catalogue.load(actor, reword(document_of(base), wordings))
    periods = _open_periods().filter(
        instrument__code=version.code, instrument__structure_digest=version.structure_digest
    )
    taking = periods.exclude(instrument=version)
    years = tuple(taking.order_by("year").values_list("year", flat=True))
    if years:
        Period.objects.filter(year__in=years).update(instrument=version)
        name = f"{version.code}:{version.version}"
        trail.record(actor, trail.PORTAL, Event("instrument.taken", name, {"periods": list(years)}))
    return Taken(version, is_new, years)


def _open_periods() -> Any:
    """Periods before their announcement in which something may still be going on."""
    assessments = Assessment.objects.filter(period=OuterRef("pk"))
    announced = Q(announcement_on__lt=timezone.localdate())
    return Period.objects.exclude(announced).filter(
        Exists(assessments.exclude(state=State.CLOSED)) | ~Exists(assessments)
    )
