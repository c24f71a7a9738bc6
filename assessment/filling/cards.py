"""The cards of one area: an indicator with its question, answer, messages and state of saving."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from django.conf import settings

from assessment import consistency, index_source, rincian
from assessment.filling.details import CountDetail, IndexDetail, count_details, index_detail
from assessment.filling.last_year import LastYear, last_year
from assessment.filling.places import last, slug
from assessment.instrument import Area, Count, Indicator, Instrument
from assessment.models import Answer
from assessment.posted_values import count_field
from assessment.scoring import Answers, ScoreSheet, resolved_count, value_warnings
from assessment.selectors import Lke
from assessment.values import indicator_ratio
from zi_portal.ui import numbers


@dataclass(frozen=True, slots=True)
class Choice:
    """One criterion of a card."""

    key: str
    criterion: str
    score: Fraction
    chosen: bool


@dataclass(frozen=True, slots=True)
class Term:
    """One number of a percentage's formula, with the operator before it.

    It is typed here unless `shared_with` names the indicator where it is typed, or `is_output`.
    `detail`: the rows and the time range of a number that is typed here.
    """

    key: str
    label: str
    operator: str
    value: str
    field: str = ""
    shared_with: str = ""
    error: str = ""
    detail: CountDetail | None = None

    @property
    def is_output(self) -> bool:
        return not self.field


@dataclass(frozen=True, slots=True)
class TermRow:
    """A line of the formula; the one with `is_result` ends in the percentage."""

    terms: tuple[Term, ...]
    is_result: bool = False
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Side:
    """One of two answers that collided, in words."""

    letter: str
    lines: tuple[str, ...]
    note: str


@dataclass(frozen=True, slots=True)
class Conflict:
    """Both answers of a collision; nothing is overwritten before a choice.

    `empties`: mine leaves the indicator empty with a reason.
    """

    mine: Side
    theirs: Side
    by: str
    answer: Answer | None
    empties: bool = False

    @property
    def version(self) -> int:
        return self.answer.version if self.answer else 0


@dataclass(frozen=True, slots=True)
class Contradiction:
    """An answer elsewhere that does not go together with this one, and where it stands."""

    text: str
    other: str
    area: str
    slug: str


@dataclass(frozen=True, slots=True)
class Card:
    """One indicator as the page shows it."""

    indicator: Indicator
    slug: str
    answer: Answer | None
    points: Fraction
    ratio: Fraction
    is_answered: bool
    locked: str
    choices: tuple[Choice, ...] = ()
    rows: tuple[TermRow, ...] = ()
    index: str = ""
    index_detail: IndexDetail | None = None
    note: str = ""
    note_error: str = ""
    index_error: str = ""
    choice_error: str = ""
    warnings: tuple[str, ...] = ()
    contradictions: tuple[Contradiction, ...] = ()
    conflict: Conflict | None = None
    problems: Mapping[str, str] = field(default_factory=dict)
    empty_typed: str = ""
    last_year: LastYear | None = None
    letter: str = ""
    said: tuple[str, ...] = ()

    @property
    def version(self) -> int:
        return self.answer.version if self.answer else 0

    @property
    def emptied(self) -> str:
        """Why it was left empty; "" when it was not."""
        return self.answer.empty_reason if self.answer and self.answer.is_emptied else ""

    @property
    def empty_error(self) -> str:
        return self.problems.get("empty_reason", "")

    @property
    def is_to_review(self) -> bool:
        return self.answer is not None and self.answer.review_again

    @property
    def state(self) -> str:
        """The state of saving in the words of `{% save_state %}`."""
        if self.conflict:
            return "bentrok"
        if self.locked:
            return "terkunci"
        if self.problems:
            return "sebagian"
        if self.is_to_review:
            return "ditinjau"
        if self.emptied:
            return "dikosongkan"
        return "tersimpan" if self.is_answered or self.answer else "belum"


@dataclass(frozen=True, slots=True)
class Bound:
    """What a person just typed into a card, with what was wrong about it.

    `refused`: the typed value as a whole was not taken over.
    """

    posted: Mapping[str, str]
    problems: Mapping[str, str]
    conflict: Conflict | None = None
    refused: bool = False


def card(
    lke: Lke, sheet: ScoreSheet, indicator: Indicator, locked: str, bound: Bound | None = None
) -> Card:
    """The card of an indicator from the unit's answers; `bound` keeps what was typed."""
    code = indicator.code
    answer = lke.answer(code)
    value = (answer.value if answer else None) or {}
    posted = bound.posted if bound else {}
    problems = bound.problems if bound else {}
    values = lke.values()
    _, zero_warning = indicator_ratio(indicator, values)
    warnings = [zero_warning] if zero_warning else []
    warnings += [text for _, text in value_warnings(lke.instrument, code, value, values)]
    warnings += _source_warnings(lke, indicator, value)
    side = describe(lke, indicator, answer.value if answer else None, "")
    if answer and answer.is_emptied:
        side = emptied_side(answer.empty_reason, "")
    return Card(
        indicator=indicator,
        slug=slug(code),
        answer=answer,
        points=sheet.points(code),
        ratio=sheet.ratio(code),
        is_answered=code in sheet.answered,
        locked=locked,
        choices=_choices(indicator, posted.get("choice") or value.get("choice")),
        rows=_rows(lke, indicator, value, bound) if indicator.is_percentage else (),
        index=_typed_index(value, posted),
        index_detail=index_detail(value, posted, problems) if indicator.is_index else None,
        note=posted.get("note", answer.note if answer else ""),
        note_error=problems.get("note", ""),
        index_error=problems.get("index", ""),
        choice_error=problems.get("choice", ""),
        warnings=tuple(warnings),
        contradictions=_contradictions(lke.instrument, values, code),
        conflict=bound.conflict if bound else None,
        problems=problems,
        empty_typed=posted.get("empty_reason", ""),
        last_year=last_year(lke, indicator),
        letter=side.letter,
        said=side.lines,
    )


def _typed_index(value: Mapping[str, Any], posted: Mapping[str, str]) -> str:
    """The index as typed; as stored when the converted value was taken over."""
    stored = str(value.get("index", "")).replace(".", ",")
    return stored if "take" in posted else posted.get("index", stored)


def _source_warnings(lke: Lke, indicator: Indicator, value: Mapping[str, Any]) -> Iterator[str]:
    """What is odd about where counts and indices come from."""
    if indicator.is_percentage:
        yield from rincian.warnings(indicator, value, lke.assessment.period.year)
    elif indicator.is_index:
        yield from index_source.warnings(value, settings.MIN_RESPONDENTS)


def emptied_side(reason: str, note: str) -> Side:
    """What is left empty with a reason, in words."""
    return Side("", (f"Dikosongkan dengan alasan (nilai 0): {reason}",), note)


def _contradictions(
    instrument: Instrument, values: Answers, code: str
) -> tuple[Contradiction, ...]:
    return tuple(
        Contradiction(
            warning.text,
            warning.other,
            instrument.indicator(warning.other).area,
            slug(warning.other),
        )
        for warning in consistency.for_indicator(instrument, values, code)
    )


def neighbours(instrument: Instrument, code: str) -> tuple[str, ...]:
    """The indicators of the same page whose messages a change of `code` may alter."""
    area = instrument.area(instrument.indicator(code).area)
    beside = {
        other
        for rule in instrument.consistency_of.get(code, ())
        for other in (rule.when.indicator, rule.but.indicator)
    }
    return tuple(
        indicator.code
        for indicator in area.indicators
        if indicator.code in beside and indicator.code != code
    )


def _choices(indicator: Indicator, chosen: str | None) -> tuple[Choice, ...]:
    return tuple(
        Choice(option.key, option.criterion, option.score, option.key == chosen)
        for option in indicator.options
    )


def describe(
    lke: Lke, indicator: Indicator, value: object, note: str, other: object = None
) -> Side:
    """An answer in words: the letter and its criterion, or each number with its label and what
    stands behind it. `other`: a value that it must be told apart from."""
    if not isinstance(value, Mapping):
        return Side("", ("Belum dijawab",), note)
    if indicator.is_percentage:
        return Side("", tuple(_count_lines(indicator, value, other)), note)
    if indicator.is_index:
        index = str(value.get("index", "")).replace(".", ",")
        said = (f"Nilai {index}" if index else "Nilai belum diisi", *index_source.words(value))
        return Side("", said, note)
    option = indicator.option(value.get("choice"))
    return Side(option.key, (option.criterion,), note) if option else Side("", (), note)


def _count_lines(indicator: Indicator, value: Mapping[str, Any], other: object) -> Iterator[str]:
    counts = value.get("counts", {})
    for count in indicator.inputs:
        number = numbers.count(counts[count.key]) if count.key in counts else "belum diisi"
        behind = rincian.words(value, count.key, other)
        if count.key in counts or behind:
            yield f"{count.label}: {number}{f' ({behind})' if behind else ''}"


def _rows(
    lke: Lke, indicator: Indicator, value: Mapping[str, Any], bound: Bound | None
) -> tuple[TermRow, ...]:
    """The formula in its own order: sums first, then the quotient, then what is only asked."""
    rule = indicator.rule
    if rule is None:
        return ()
    values = lke.values()
    posted = bound.posted if bound else {}
    problems = bound.problems if bound else {}
    kept = not (bound and (bound.conflict or bound.refused))
    year = lke.assessment.period.year
    details = count_details(indicator, value, year, posted, problems, kept=kept)

    def term(count: Count, operator: str = "", *, echo: bool = False) -> Term:
        number = resolved_count(indicator, count.key, values)
        typed_here = not (count.sum_of or count.same_as or echo)
        name = count_field(count.key) if typed_here else ""
        detail = details.get(count.key) if typed_here else None
        shown = "" if number is None else str(number)
        return Term(
            key=count.key,
            label=count.label,
            operator=operator,
            value=shown if detail and detail.stored_rows else posted.get(name, shown),
            field=name,
            shared_with=count.same_as[0] if count.same_as else "",
            error=problems.get(count.key, ""),
            detail=detail,
        )

    part, whole = indicator.count(rule.part), indicator.count(rule.whole)
    rows = []
    if whole.sum_of:
        summed = [indicator.count(key) for key in whole.sum_of]
        terms = [term(count, "+" if place else "") for place, count in enumerate(summed)]
        rows.append(TermRow((*terms, term(whole, "="))))
    if rule.name == "decrease":
        main = [term(whole, "("), term(part, "−"), term(whole, ") ÷", echo=True)]
    else:
        main = [term(part), term(whole, "÷", echo=bool(whole.sum_of))]
    rows.append(TermRow(tuple(main), is_result=True))
    asked = tuple(term(count) for count in indicator.counts if not count.counts)
    if asked:
        rows.append(TermRow(asked, hint="Diminta formulir, tidak masuk rumus."))
    return tuple(rows)


@dataclass(frozen=True, slots=True)
class SubcomponentCards:
    """The cards of a sub-component under its heading."""

    code: str
    slug: str
    number: str
    name: str
    points: Fraction
    weight: Fraction
    cards: tuple[Card, ...]


def area_cards(
    lke: Lke,
    sheet: ScoreSheet,
    area: Area,
    locked: Mapping[str, str],
    bound: Mapping[str, Bound] | None = None,
) -> tuple[SubcomponentCards, ...]:
    """The area's cards by sub-component; `locked` gives the reason by pokja ("" when open)."""
    reason = locked[area.pokja]
    return tuple(
        SubcomponentCards(
            code=part.code,
            slug=slug(part.code),
            number=last(part.code),
            name=part.name,
            points=sheet.points(part.code),
            weight=part.weight,
            cards=tuple(
                card(lke, sheet, indicator, reason, (bound or {}).get(indicator.code))
                for indicator in part.indicators
            ),
        )
        for part in area.subcomponents
    )
