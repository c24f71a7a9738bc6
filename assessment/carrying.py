"""Carrying last year's notes, and answers when asked for, into what is still unanswered this year.

Matched by code and equal type (model.md, InstrumentVersion). Nothing is overwritten, and each
answer that was carried over must be looked at: it is "perlu ditinjau" until confirmed or changed.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from accounts import policy
from accounts.policy import Action, Person
from accounts.trail import Actor
from assessment import answering
from assessment.answering import KEEP, Change, Result
from assessment.filling.last_year import same_indicator
from assessment.instrument import Instrument
from assessment.models import Answer, Assessment, Stage
from assessment.scoring import value_problems
from assessment.selectors import Lke

VERB = "answer.copied"

Value = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Amount:
    """How many cards, and of them how many notes and answers."""

    cards: int
    notes: int
    answers: int

    @classmethod
    def of(cls, changes: Collection[Change]) -> "Amount":
        return cls(
            cards=len(changes),
            notes=sum(change.note is not KEEP for change in changes),
            answers=sum(change.value is not KEEP for change in changes),
        )


def pokja_of(person: Person, assessment: Assessment) -> frozenset[str] | None:
    """The working groups into which the person may carry; None when all."""
    return policy.pokja_of(person, Action.FILL, assessment)


def changes(lke: Lke, pokja: frozenset[str] | None, *, with_answers: bool) -> list[Change]:
    """What would be carried over; nothing without an earlier year (`selectors.with_previous`).

    Into cards without an answer and without a reason for being empty; a note only where there is
    none. An answer that breaks a rule beside this year's answers is left out.
    """
    open_codes = _open_codes(lke, pokja)
    answers = _sound(lke, _answers(lke, open_codes)) if with_answers else {}
    made = []
    for code in open_codes:
        row, before = lke.answer(code), _before(lke, code)
        note = before.note if before and not (row and row.note) else ""
        if note or code in answers:
            made.append(
                Change(
                    code,
                    value=answers.get(code, KEEP),
                    note=note or KEEP,
                    version=row.version if row else 0,
                    review_again=True,
                )
            )
    return made


def carry(actor: Actor, lke: Lke, pokja: frozenset[str] | None, *, with_answers: bool) -> Amount:
    """Write what `changes` tells, in one transaction; how much was written.

    A card that somebody filled meanwhile stays as it is. Raises PermissionDenied, workflow.Locked
    or answering.InvalidAnswer, and then has changed nothing.
    """
    wanted = changes(lke, pokja, with_answers=with_answers)
    if lke.previous is None or not wanted:
        return Amount.of(())
    before = lke.previous.assessment
    source = {"year": before.period.year, "assessment": str(before.uuid)}
    recorded = answering.record(actor, lke.assessment, Stage.UNIT, wanted, verb=VERB, source=source)
    return Amount.of([each.change for each in recorded.outcomes if each.result is Result.SAVED])


def _open_codes(lke: Lke, pokja: frozenset[str] | None) -> list[str]:
    """The indicators with neither answer nor reason that the person may fill, in order."""
    return [
        code
        for code, indicator in lke.instrument.indicators.items()
        if (pokja is None or indicator.pokja in pokja)
        and not ((row := lke.answer(code)) and (row.value is not None or row.empty_reason))
    ]


def _before(lke: Lke, code: str) -> Answer | None:
    """The earlier answer of the indicator that this one continues."""
    if lke.previous is None or same_indicator(lke, lke.instrument.indicator(code)) is None:
        return None
    return lke.previous.answer(code)


def _answers(lke: Lke, codes: Collection[str]) -> dict[str, Value]:
    rows = {code: _before(lke, code) for code in codes}
    return {code: row.value for code, row in rows.items() if row and row.value is not None}


def _sound(lke: Lke, wanted: Mapping[str, Value]) -> dict[str, Value]:
    """Those of the answers that keep every rule together with this year's.

    One answer less may break the rule of another, so it looks again until all hold.
    """
    left, stored = dict(wanted), lke.values()
    while broken := _broken(lke.instrument, left, {**stored, **left}):
        left = {code: value for code, value in left.items() if code not in broken}
    return left


def _broken(
    instrument: Instrument, wanted: Collection[str], values: Mapping[str, Value]
) -> set[str]:
    """The wanted answers that break a rule, or make one that shares a count with them break it."""

    def breaks(code: str) -> bool:
        return code in values and bool(value_problems(instrument, code, values[code], values))

    blamed = {code for code in wanted if breaks(code)}
    for (owner, _), sharers in instrument.shared_by.items():
        if owner in wanted and any(breaks(code) for code in sharers if code not in wanted):
            blamed.add(owner)
    return blamed
