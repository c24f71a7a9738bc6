"""The only way in which an answer changes.

The form, the workbook import, the copy from last year and the command line all come through
here: policy and state are checked, the answer, its trail entry and the score are written in one
transaction, and an update that would silently overwrite somebody else's is refused (model.md,
Saving).
"""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from typing import Any, Final

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from accounts import policy, trail
from accounts.policy import Action
from accounts.trail import Actor, Event
from assessment import catalogue, rincian, scores, workflow
from assessment.instrument import Instrument
from assessment.models import Answer, Assessment, Stage
from assessment.scoring import ScoreSheet, value_problems
from zi_portal.ui import numbers

CONFIRMED = "answer.confirmed"

NOTE_LIMIT = 20_000
REASON_LIMIT = 2_000

Value = Mapping[str, Any]


class Keep(Enum):
    """Says that a field stays as it is."""

    KEEP = "keep"


KEEP: Final = Keep.KEEP

ACTION = {Stage.UNIT: Action.FILL, Stage.TPI: Action.EVALUATE}


@dataclass(frozen=True, slots=True)
class Change:
    """What is wanted of one answer.

    `version` is the version that the person saw (0: no answer yet); None overwrites whatever is
    there. `save_id` makes a repeated request harmless; `unsure` are saves before this one whose
    reply never came: what they wrote is nobody else's and may be written over. `empty_reason`
    leaves the indicator empty: it takes the value away and counts 0 (domain.md §2); "" takes that
    back, and so does a value.
    `review_again`: True for what was copied and must be looked at, False confirms it; any other
    change confirms by itself.
    """

    code: str
    value: Value | Keep | None = KEEP
    note: str | Keep = KEEP
    version: int | None = None
    save_id: uuid.UUID | None = None
    empty_reason: str | Keep = KEEP
    review_again: bool | Keep = KEEP
    unsure: frozenset[uuid.UUID] = frozenset()

    @property
    def empties(self) -> bool:
        """Whether it leaves the indicator empty with a reason."""
        return bool(self.empty_reason) and self.empty_reason is not KEEP


class Result(Enum):
    SAVED = "saved"
    UNCHANGED = "unchanged"
    CONFLICT = "conflict"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one change; `answer` is the row as it stands now (None: no answer)."""

    change: Change
    result: Result
    answer: Answer | None


@dataclass(frozen=True, slots=True)
class Recorded:
    """All outcomes of one write, with both stages' scores as they now stand."""

    outcomes: tuple[Outcome, ...]
    sheets: dict[Stage, ScoreSheet]
    answers: dict[str, Answer] = field(default_factory=dict)

    @property
    def saved(self) -> int:
        return sum(outcome.result is Result.SAVED for outcome in self.outcomes)


class InvalidAnswer(Exception):
    """A change breaks a rule of its indicator; `problems` are (code, field, sentence)."""

    def __init__(self, problems: Sequence[tuple[str, str, str]]) -> None:
        super().__init__("; ".join(f"{code}: {message}" for code, _, message in problems))
        self.problems = tuple(problems)


def record(
    actor: Actor,
    assessment: Assessment,
    stage: Stage,
    changes: Sequence[Change],
    *,
    verb: str = "answer.changed",
    source: Mapping[str, Any] | None = None,
) -> Recorded:
    """Apply changes to one stage of one assessment, all or none.

    A change that meets a newer version with other content is a CONFLICT and nothing of it is
    written; the others are. `source` says in the trail where the values came from. Raises
    PermissionDenied, workflow.Locked or InvalidAnswer, and then has changed nothing.
    """
    instrument = catalogue.compiled(assessment.period.instrument)
    _require_permission(actor, assessment, stage, instrument, changes)
    with transaction.atomic():
        head = trail.lock(assessment.chain)
        state = Assessment.objects.values_list("state", flat=True).get(pk=assessment.pk)
        assessment.state = state
        workflow.require_writable(assessment, stage)
        rows = list(Answer.objects.filter(assessment=assessment))
        own = {row.code: row for row in rows if row.stage == stage}
        unit = {row.code: row for row in rows if row.stage == Stage.UNIT}
        outcomes = [_apply(actor, assessment, stage, own, unit, change) for change in changes]
        saved = [(o.change, o.answer) for o in outcomes if o.result is Result.SAVED and o.answer]
        if written := [answer for _, answer in saved]:
            _require_valid(instrument, own, [answer.code for answer in written])
            _write(written)
            trail.record(
                actor,
                assessment.chain,
                [event_of(_verb(change, verb), stage, answer, source) for change, answer in saved],
                head=head,
            )
        everything = [row for row in rows if row.stage != stage] + list(own.values())
        if written:
            sheets = scores.store(assessment, instrument, everything)
        else:
            sheets = scores.compute(instrument, everything)
    return Recorded(tuple(outcomes), sheets, own)


def _require_permission(
    actor: Actor,
    assessment: Assessment,
    stage: Stage,
    instrument: Instrument,
    changes: Sequence[Change],
) -> None:
    """The operator of the command line is bound by state, not by role (model.md, Commands)."""
    if actor.user is None:
        return
    allowed = policy.pokja_of(actor.user, ACTION[stage], assessment)
    policy.require(actor.user, ACTION[stage], assessment)
    if allowed is None:
        return
    for change in changes:
        if instrument.indicator(change.code).pokja not in allowed:
            raise PermissionDenied(f"Butir {change.code} di luar pokja Anda.")


def _apply(
    actor: Actor,
    assessment: Assessment,
    stage: Stage,
    own: dict[str, Answer],
    unit: Mapping[str, Answer],
    change: Change,
) -> Outcome:
    """Decide on one change; a saved one stands in `own` afterwards, not yet in the database."""
    row = own.get(change.code)
    if row and change.save_id and row.last_save == change.save_id:
        return Outcome(change, Result.UNCHANGED, row)  # this very save was applied before
    content = _wanted(row, change)
    if content == _content(row) and change.review_again in (KEEP, _is_to_review(row)):
        return Outcome(change, Result.UNCHANGED, row)
    if not _saw(change, row):
        return Outcome(change, Result.CONFLICT, row)
    changed = row or Answer(assessment=assessment, stage=stage, code=change.code, version=0)
    changed.value, changed.note, changed.empty_reason = content
    changed.version += 1
    changed.last_save = change.save_id
    changed.review_again = change.review_again is True
    changed.changed_at = timezone.now()
    changed.changed_by = actor.user
    if stage == Stage.TPI:
        judged = unit.get(change.code)
        changed.judged_version = judged.version if judged else 0
    own[change.code] = changed
    return Outcome(change, Result.SAVED, changed)


def _saw(change: Change, row: Answer | None) -> bool:
    """Whether the person saw, or wrote without hearing of it, the answer as it stands."""
    if change.version is None or change.version == (row.version if row else 0):
        return True
    return row is not None and row.last_save in change.unsure


Content = tuple[Value | None, str, str]
"""Value, note and the reason why there is no value."""


def _content(row: Answer | None) -> Content:
    return (row.value, row.note, row.empty_reason) if row else (None, "", "")


def _wanted(row: Answer | None, change: Change) -> Content:
    """What an answer holds once the change is made."""
    value, note, reason = _content(row)
    if not isinstance(change.note, Keep):
        note = change.note
    if not isinstance(change.value, Keep):
        value = change.value
    if not isinstance(change.empty_reason, Keep):
        reason = change.empty_reason
        value = None if reason else value
    return value, note, "" if value is not None else reason


def _is_to_review(row: Answer | None) -> bool:
    return row is not None and row.review_again


def _require_valid(instrument: Instrument, own: Mapping[str, Answer], codes: Sequence[str]) -> None:
    """Raise InvalidAnswer when a written value, or one sharing a count with it, breaks a rule."""
    values = {code: row.value for code, row in own.items() if row.value is not None}
    sharing = [
        sharer
        for (owner, _), sharers in instrument.shared_by.items()
        if owner in codes
        for sharer in sharers
        if sharer not in codes
    ]
    problems = [
        (code, name, message)
        for code in (*codes, *sharing)
        if code in values
        for name, message in value_problems(instrument, code, values[code], values)
    ]
    for code in codes:
        if len(own[code].note) > NOTE_LIMIT:
            problems.append((code, "note", at_most("Penjelasan", NOTE_LIMIT)))
        if len(own[code].empty_reason) > REASON_LIMIT:
            problems.append((code, "empty_reason", at_most("Alasan", REASON_LIMIT)))
    if problems:
        raise InvalidAnswer(problems)


def at_most(what: str, limit: int) -> str:
    """What is said of a text that is too long."""
    return f"{what} paling banyak {numbers.count(limit)} karakter."


def _write(rows: Sequence[Answer]) -> None:
    Answer.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["assessment", "stage", "code"],
        update_fields=[
            "value", "note", "version", "last_save", "review_again", "empty_reason",
            "judged_version", "changed_at", "changed_by",
        ],
    )  # fmt: skip


def _verb(change: Change, verb: str) -> str:
    return CONFIRMED if change.review_again is False else verb


def event_of(
    verb: str, stage: Stage, answer: Answer, source: Mapping[str, Any] | None = None
) -> Event:
    """The new state of an answer; the old one stands in the entry before (model.md, Trail)."""
    value, rows = rincian.apart(answer.value)
    data: dict[str, Any] = {"stage": stage.value, "value": value, "version": answer.version}
    personal: dict[str, Any] = {"note": answer.note}
    if rows:  # free text, which may name people
        personal["rows"] = rows
    if answer.empty_reason:
        data["emptied"] = True
        personal["empty_reason"] = answer.empty_reason
    if answer.review_again:
        data["review_again"] = True
    if source:
        data["source"] = dict(source)
    return Event(verb, answer.code, data, personal)
