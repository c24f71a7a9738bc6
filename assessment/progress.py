"""Where an assessment stands, as pages show it: a chip, and the strip of all steps."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from accounts.models import TrailEntry
from assessment.models import Assessment, Period, State

Position = Literal["done", "now", "next"]


@dataclass(frozen=True, slots=True)
class Chip:
    """A state as an icon and a word; colour comes third."""

    label: str
    icon: str
    tone: Literal["", "ok", "warn", "acc"]


_LOOKS: dict[State, tuple[str, Literal["", "ok", "warn", "acc"]]] = {
    State.DRAFT: ("circle-dashed", ""),
    State.AWAITING_APPROVAL: ("hourglass", "acc"),
    State.SUBMITTED: ("arrow-up-right", "acc"),
    State.EVALUATION: ("search-check", "acc"),
    State.RETURNED: ("undo-2", "warn"),
    State.TPI_CLOSED: ("check", "ok"),
    State.PROPOSED: ("send", "acc"),
    State.NATIONAL_RESULT: ("flag", "ok"),
    State.DECIDED: ("stamp", "ok"),
    State.CLOSED: ("lock", ""),
}


def chip(state: str) -> Chip:
    """The chip of a state."""
    icon, tone = _LOOKS[State(state)]
    return Chip(State(state).label, icon, tone)


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the year; `word` and `day` say since when, until when or planned for when."""

    label: str
    position: Position
    word: str = ""
    day: date | datetime | None = None


@dataclass(frozen=True, slots=True)
class Place:
    """The strip where it has no room: the present step, as which of how many, and the next step
    that has a date."""

    label: str
    number: int
    count: int
    next: Step | None


def place(way: Sequence[Step]) -> Place:
    """Where one stands on the way."""
    here = next(number for number, step in enumerate(way) if step.position == "now")
    dated = next((step for step in way[here + 1 :] if step.day), None)
    return Place(way[here].label, here + 1, len(way), dated)


def reached(assessment: Assessment) -> dict[str, datetime]:
    """When each state was last entered, as the trail has it (one query)."""
    verbs = ("assessment.created", "assessment.state")
    entries = TrailEntry.objects.filter(chain=assessment.chain, verb__in=verbs).order_by("seq")
    return {
        data.get("state", State.DRAFT.value): at for data, at in entries.values_list("data", "at")
    }


def steps(assessment: Assessment, days: Mapping[str, datetime]) -> tuple[Step, ...]:
    """The way of an assessment, passed, present and to come (domain.md §5).

    A return and the decision of the instansi are side ways: shown while one is on them. `days`:
    when the passed ones were reached, as far as that is known.
    """
    state = State(assessment.state)
    left_out = {State.RETURNED, State.DECIDED} - {state}
    if state == State.DECIDED:
        left_out.add(State.NATIONAL_RESULT)
    way = [each for each in State if each not in left_out]
    here = way.index(state)
    return tuple(
        _step(
            assessment,
            each,
            "done" if place < here else "now" if place == here else "next",
            days.get(each),
        )
        for place, each in enumerate(way)
    )


def _step(assessment: Assessment, state: State, position: Position, since: datetime | None) -> Step:
    word = ""
    day: date | datetime | None = since
    if position == "now":
        word, day = "sejak", assessment.state_since
    elif position == "next":
        word, day = _planned(assessment.period, state)
    elif state == State.DRAFT:
        word, day = "dibuka", since or assessment.created_at
    return Step(state.label, position, word if day else "", day)


def _planned(period: Period, state: State) -> tuple[str, date | None]:
    """The date that the period sets for a step to come."""
    planned: dict[State, tuple[str, date | None]] = {
        State.SUBMITTED: ("batas", period.submission_deadline),
        State.TPI_CLOSED: ("rencana", period.evaluation_until),
        State.PROPOSED: ("batas", period.proposal_deadline),
        State.NATIONAL_RESULT: ("rencana", period.announcement_on),
    }
    return planned.get(state, ("", None))
