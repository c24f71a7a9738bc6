"""One assessment of the demonstration, day by day: opened, filled area by area, handed over,
judged, closed. Answers and trail are written in the order in which they happened."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any

from django.utils import timezone

from accounts import trail
from accounts.models import Role, Unit, User
from accounts.trail import Actor, Event
from assessment import catalogue, scores
from assessment.answering import event_of
from assessment.demo import content
from assessment.demo.content import EMPTIED, Account, Value
from assessment.instrument import Area, Indicator, Instrument
from assessment.models import (
    Answer,
    Assessment,
    NationalResult,
    Period,
    Purpose,
    Stage,
    State,
    Target,
)

People = dict[str, tuple[Account, User]]
"""Everybody of the demonstration by the part of the address before @."""

SITTING = timedelta(days=3)
"""One area is filled every three days."""
CORRECTED = timedelta(days=44)
HANDED_OVER = {
    State.AWAITING_APPROVAL: timedelta(days=45),
    State.SUBMITTED: timedelta(days=47),
    State.EVALUATION: timedelta(days=50),
    State.TPI_CLOSED: timedelta(days=66),
    State.PROPOSED: timedelta(days=71),
    State.CLOSED: timedelta(days=90),
}
"""When each state was reached, counted from the first day."""
AFTER_DECISION = {State.NATIONAL_RESULT: timedelta(days=2), State.CLOSED: timedelta(days=7)}
"""The same, counted from the day of TPN's decision where there is one."""


@dataclass
class _Year:
    """An assessment while it is written."""

    plan: Mapping[str, Any]
    assessment: Assessment
    instrument: Instrument
    facts: Mapping[str, str]
    people: People
    answers: dict[str, Answer] = field(default_factory=dict)
    judged: list[Answer] = field(default_factory=list)

    def moment(self, after: timedelta, minutes: int = 0) -> datetime:
        """A working day's morning, counted from the first day of filling."""
        return _morning(self.plan["begun"] + after, minutes)

    def record(self, user: User | None, at: datetime, events: Iterable[Event]) -> None:
        trail.record(Actor(user), self.assessment.chain, list(events), at=at)


def write_assessment(
    actor: Actor,
    plan: Mapping[str, Any],
    unit: Unit,
    period: Period,
    facts: Mapping[str, str],
    people: People,
) -> None:
    """Write what `plan` (one entry of ministry.yaml) tells about a unit's year."""
    opened = _morning(plan["begun"] - timedelta(days=7), 0)
    assessment = Assessment.objects.create(
        unit=unit,
        period=period,
        target=Target(plan["target"]),
        purpose=Purpose(plan.get("purpose", Purpose.PROPOSAL)),
        state_since=opened,
    )
    Assessment.objects.filter(pk=assessment.pk).update(created_at=opened)
    years = {"tahun": str(period.year), "tahun_lalu": str(period.year - 1)}
    instrument = catalogue.compiled(period.instrument)
    year = _Year(plan, assessment, instrument, {**facts, **years}, people)
    created = {"target": assessment.target, "purpose": assessment.purpose}
    year.record(actor.user, opened, [Event("assessment.created", "", created)])
    _fill(year)
    _correct(year)
    _hand_over(year)
    rows = [*year.answers.values(), *year.judged]
    Answer.objects.bulk_create(rows, batch_size=500)
    scores.store(assessment, instrument, rows)


def _morning(day: date, minutes: int) -> datetime:
    """09.00 and some minutes on this day, or on the Monday after a weekend."""
    if day.weekday() > 4:
        day += timedelta(days=7 - day.weekday())
    start = datetime.combine(day, time(9), tzinfo=timezone.get_default_timezone())
    return start + timedelta(minutes=minutes)


# ── the unit ────────────────────────────────────────────────────────────────
def _fill(year: _Year) -> None:
    """One area at a time, by a member whose pokja it is."""
    for place, area in enumerate(year.instrument.areas):
        if area.code not in year.plan["sheet"]:
            continue
        author = _author(year, area, place)
        at = year.moment(place * SITTING, minutes=place * 11 % 60)
        written = [
            _answer(year, indicator, token, author, at)
            for indicator, token in content.tokens(
                year.instrument, {area.code: year.plan["sheet"][area.code]}
            )
        ]
        rows = [row for row in written if row is not None]
        year.answers.update({row.code: row for row in rows})
        year.record(author, at, [event_of("answer.changed", Stage.UNIT, row) for row in rows])


def _author(year: _Year, area: Area, place: int) -> User:
    """Whose pokja it is, else those of the team without limits in turn."""
    team = [year.people[key] for key in year.plan["team"]]
    limited = [user for account, user in team if area.pokja in account.pokja]
    free = [user for account, user in team if not account.pokja]
    return limited[0] if limited else free[place % len(free)]


def _answer(
    year: _Year, indicator: Indicator, token: str, author: User, at: datetime
) -> Answer | None:
    """The answer as it was first given; `earlier` holds those that were corrected later."""
    value = content.value(indicator, year.plan.get("earlier", {}).get(indicator.code, token))
    emptied = token == EMPTIED
    if value is None and not emptied:
        return None
    return Answer(
        assessment=year.assessment,
        stage=Stage.UNIT,
        code=indicator.code,
        value=value,
        note=_note(year, indicator, value),
        empty_reason=year.plan["empty_reason"] if emptied else "",
        version=1,
        changed_at=at,
        changed_by=author,
    )


def _note(year: _Year, indicator: Indicator, value: Value | None) -> str:
    own: Mapping[str, str] = year.plan.get("notes", {})
    if indicator.code in own:
        return own[indicator.code]
    if indicator.area in year.plan.get("without_notes", ()):
        return ""
    return content.note(indicator, value, year.facts)


def _correct(year: _Year) -> None:
    """The head of the team goes over some answers again."""
    final = dict(content.tokens(year.instrument, year.plan["sheet"]))
    earlier = year.plan.get("earlier", {})
    author, at = year.people[year.plan["team"][-1]][1], year.moment(CORRECTED)
    for indicator, token in final.items():
        if indicator.code in earlier:
            row = year.answers[indicator.code]
            row.value = content.value(indicator, token)
            row.note = _note(year, indicator, row.value)
            row.version, row.changed_at, row.changed_by = 2, at, author
            year.record(author, at, [event_of("answer.changed", Stage.UNIT, row)])


# ── after the unit ──────────────────────────────────────────────────────────
def _hand_over(year: _Year) -> None:
    """Each state on the way to the one that the plan names, with what belongs to it."""
    for state in _way(year.plan):
        _reach(year, state)
        if state == State.EVALUATION:
            _judge(year)
    year.assessment.save()


def _way(plan: Mapping[str, Any]) -> list[State]:
    """The states that were passed, the present one included; none for a draft."""
    final = State(plan.get("state", State.DRAFT))
    way = [
        State.AWAITING_APPROVAL,
        State.SUBMITTED,
        State.EVALUATION,
        State.TPI_CLOSED,
        *([State.PROPOSED, State.NATIONAL_RESULT] if "national" in plan else []),
        State.CLOSED,
    ]
    return way[: way.index(final) + 1] if final in way else []


def _reach(year: _Year, state: State) -> None:
    assessment, before, at = year.assessment, year.assessment.state, _when(year, state)
    if state == State.SUBMITTED:
        assessment.unit_name, assessment.unit_path = assessment.unit.name, assessment.unit.path
    if state == State.NATIONAL_RESULT:
        NationalResult.objects.create(assessment=assessment, **year.plan["national"])
    assessment.state, assessment.state_since = state, at
    data = {"state": state.value, "before": before}
    year.record(_who(year, state), at, [Event("assessment.state", "", data)])


def _when(year: _Year, state: State) -> datetime:
    if "national" in year.plan and state in AFTER_DECISION:
        return _morning(year.plan["national"]["decided_on"] + AFTER_DECISION[state], 0)
    return year.moment(HANDED_OVER[state])


def _who(year: _Year, state: State) -> User:
    """Who takes the step that leads to a state (domain.md §5)."""
    heads = [
        user
        for account, user in year.people.values()
        if account.role == Role.UNIT_HEAD and account.unit == year.plan["unit"]
    ]
    if state == State.AWAITING_APPROVAL:
        return year.people[year.plan["team"][-1]][1]
    if state == State.SUBMITTED:
        return heads[0]
    if state == State.EVALUATION:
        return year.people[year.plan["judged_by"]][1]
    return year.people["pimpinan" if state == State.PROPOSED else "ketua.tpi"][1]


def _judge(year: _Year) -> None:
    """TPI goes through the areas, agrees or changes; a change has a note."""
    evaluator = year.people[year.plan["judged_by"]][1]
    codes = year.plan.get("judged_areas") or [area.code for area in year.instrument.areas]
    for place, code in enumerate(codes):
        at = year.moment(HANDED_OVER[State.EVALUATION] + timedelta(days=1 + place))
        rows = [
            _judgement(year, indicator, evaluator, at)
            for indicator in year.instrument.area(code).indicators
        ]
        year.judged += rows
        year.record(evaluator, at, [event_of("answer.changed", Stage.TPI, row) for row in rows])


def _judgement(year: _Year, indicator: Indicator, evaluator: User, at: datetime) -> Answer:
    unit = year.answers[indicator.code]
    token, note = year.plan.get("tpi", {}).get(indicator.code, (None, ""))
    return Answer(
        assessment=year.assessment,
        stage=Stage.TPI,
        code=indicator.code,
        value=unit.value if token is None else content.value(indicator, token),
        note=note,
        version=1,
        judged_version=unit.version,
        changed_at=at,
        changed_by=evaluator,
    )
