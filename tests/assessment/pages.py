"""What the tests of pages share: filled assessments, and a page as its text."""

import html
import re
from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from django.http import HttpResponse

from accounts.trail import OPERATOR, Actor
from assessment import answering
from assessment.answering import Change
from assessment.models import Assessment, Stage, State
from tests.assessment.samples import all_best, instrument, sample_answers, worst

Answers = Mapping[str, Mapping[str, Any]]


def fill(
    assessment: Assessment,
    answers: Answers | None = None,
    *,
    actor: Actor = OPERATOR,
    stage: Stage = Stage.UNIT,
    without: tuple[str, ...] = (),
) -> None:
    """Answer as the sample does (84.712917), or as told."""
    chosen = sample_answers() if answers is None else answers
    changes = [Change(code, value) for code, value in chosen.items() if code not in without]
    answering.record(actor, assessment, stage, changes)


def move(assessment: Assessment, state: State) -> None:
    """Put an assessment into a state; the verbs that do it are not part of these pages."""
    assessment.state = state
    assessment.save(update_fields=["state"])


def empty_with_reason(assessment: Assessment, code: str) -> None:
    """Leave one indicator empty and say why."""
    change = Change(code, empty_reason="Tidak ada SOP")
    answering.record(OPERATOR, assessment, Stage.UNIT, [change])


def just_below_75() -> dict[str, dict[str, Any]]:
    """All 113 answers, worth 74.996 points: 25 points lost by whole answers, 0.004 by one count."""
    indicators = instrument().indicators
    half = next(code for code, each in indicators.items() if each.weight == Fraction(1, 2))
    lost = ("B.I.a", "A.II.1.i.a", "A.II.1.i.b", "A.II.3.iii.a", "A.II.5.ii.a", half)
    answers = all_best() | {code: worst(indicators[code]) for code in lost}
    return answers | {"A.II.4.i.a": {"counts": {"sasaran": 500, "tercapai": 499}}}


def text_of(response: HttpResponse) -> str:
    """What a page says: its text without tags, on one line."""
    body = re.sub(r"<(script|style|head)\b.*?</\1>", " ", response.content.decode(), flags=re.S)
    spaced = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", body))
    return html.unescape(re.sub(r" (?=[/.,):])", "", spaced)).replace("\N{NO-BREAK SPACE}", " ")
