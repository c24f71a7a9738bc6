"""Taking an LKE workbook over into an assessment: first shown, then applied as it was shown.

Reading is `assessment.workbook`'s matter. Here its answers meet those that are stored: a blank
cell never deletes an answer, one that cannot be read leaves the stored one alone, and what
somebody changed after the preview is a conflict and stays.
"""

import hashlib
import uuid
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from functools import cached_property
from typing import Any

from django.core.exceptions import PermissionDenied
from django.utils import timezone

from accounts import policy
from accounts.models import User
from accounts.trail import Actor
from assessment import answering, presenting, selectors, workflow
from assessment.answer_words import value_words
from assessment.answering import ACTION, KEEP, NOTE_LIMIT, Change, Recorded
from assessment.instrument import Indicator
from assessment.models import Answer, Assessment, PendingImport, Stage
from assessment.scoring import ScoreSheet, value_problems
from assessment.selectors import Lke
from assessment.values import index_number
from assessment.workbook import parsed as workbook
from assessment.workbook import typed
from assessment.workbook.parsed import Parsed
from assessment.workbook.reading import DOCUMENT_LINE, LINK_LINE, Entry, Problem
from zi_portal.ui import numbers

VERB = "answer.imported"
NAME_LIMIT = 200
KEPT_FOR = timedelta(days=1)
_EVIDENCE = (DOCUMENT_LINE, LINK_LINE)


class Group(StrEnum):
    """What becomes of an indicator; the values name the groups in JSON.

    NEWER: changed in the portal since the workbook was exported, untouched in the workbook.
    """

    NEW = "new"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    NEWER = "newer"
    BLANK = "blank"
    UNREADABLE = "unreadable"
    OUTSIDE = "outside"
    CONFLICT = "conflict"


@dataclass(frozen=True, slots=True)
class Source:
    """The file that answers come from, as the trail names it."""

    name: str
    sha256: str

    @classmethod
    def of(cls, name: str, data: bytes) -> "Source":
        return cls(typed.clean(name)[-NAME_LIMIT:], hashlib.sha256(data).hexdigest())

    def as_data(self) -> dict[str, Any]:
        return {"file_sha256": self.sha256, "name": self.name}


@dataclass(frozen=True, slots=True)
class Line:
    """One indicator in a preview. `change` is None unless the group is NEW or CHANGED.

    `is_left`: answered, but blank in the workbook; the answer stays.
    """

    indicator: Indicator
    group: Group
    cells: str
    before: str
    after: str
    note_before: str
    note_after: str
    is_left: bool = False
    change: Change | None = None

    @property
    def has_value(self) -> bool:
        return self.before != self.after

    @property
    def has_note(self) -> bool:
        return self.note_before != self.note_after


@dataclass(frozen=True)
class Preview:
    """What an import would do to one stage of an assessment, and what comes of it."""

    parsed: Parsed
    stage: Stage
    lines: tuple[Line, ...]
    problems: tuple[Problem, ...]
    before: Lke
    after: Lke

    def group(self, group: Group) -> list[Line]:
        return [line for line in self.lines if line.group == group]

    @cached_property
    def counts(self) -> dict[Group, int]:
        return {group: len(self.group(group)) for group in Group}

    @property
    def changes(self) -> list[Change]:
        return [line.change for line in self.lines if line.change]

    @property
    def left_alone(self) -> list[Line]:
        """Blank in the workbook although there is an answer: it stays."""
        return [line for line in self.lines if line.is_left]

    @property
    def sheet_before(self) -> ScoreSheet:
        return self.before.sheets[self.stage]

    @property
    def sheet_after(self) -> ScoreSheet:
        return self.after.sheets[self.stage]

    @cached_property
    def verdict(self) -> presenting.Say:
        """The verdict of this stage after the import, in one sentence."""
        return presenting.say_of(self.after, self.stage, self.after.assessment.target)


def stage_of(person: User, assessment: Assessment) -> Stage:
    """Whose column a person's workbook goes into: the unit's for those who fill, TPI's for its
    evaluators. For somebody who may both, the one that the state opens. Raises PermissionDenied."""
    own = [stage for stage in Stage if policy.can(person, ACTION[stage], assessment)]
    if not own:
        raise PermissionDenied("Peran Anda tidak mencakup impor LKE.")
    return next((each for each in own if not workflow.locked_reason(assessment, each)), own[0])


def versions(assessment: Assessment, stage: Stage) -> dict[str, int]:
    """The versions of all answers of a stage, by code: what a person sees from now on."""
    return dict(
        Answer.objects.filter(assessment=assessment, stage=stage).values_list("code", "version")
    )


def exported_versions(assessment: Assessment, parsed: Parsed) -> Mapping[str, int] | None:
    """The versions of the answers when the workbook was exported from this assessment; None for
    any other workbook."""
    origin = parsed.origin
    return origin.versions if origin and origin.mark == str(assessment.uuid) else None


def preview(
    assessment: Assessment,
    stage: Stage,
    parsed: Parsed,
    *,
    person: User | None = None,
    seen: Mapping[str, int] | None = None,
) -> Preview:
    """Compare a workbook with the answers as they stand now; nothing is written.

    `person` limits it to their pokja. `seen`: answers with another version than this are
    conflicts; None takes those for seen that the workbook was exported with, if it was.
    """
    if seen is None:
        seen = exported_versions(assessment, parsed)
    lke = selectors.load_lke(assessment)
    pokja = policy.pokja_of(person, ACTION[stage], assessment) if person else None
    return _Comparison(lke, stage, parsed, pokja, seen).preview()


def apply(
    actor: Actor, assessment: Assessment, stage: Stage, found: Preview, source: Source
) -> Recorded:
    """Write what the preview shows, in one transaction.

    Raises PermissionDenied, workflow.Locked, or answering.InvalidAnswer when answers changed
    meanwhile so that a rule breaks; then nothing was changed.
    """
    return answering.record(
        actor, assessment, stage, found.changes, verb=VERB, source=source.as_data()
    )


class _Comparison:
    """One workbook against one stage."""

    def __init__(
        self,
        lke: Lke,
        stage: Stage,
        parsed: Parsed,
        pokja: frozenset[str] | None,
        seen: Mapping[str, int] | None,
    ) -> None:
        self.lke, self.stage, self.parsed, self.pokja, self.seen = lke, stage, parsed, pokja, seen
        self.own = lke.answers[stage]
        is_export = exported_versions(lke.assessment, parsed) is not None
        self.untouched = parsed.origin.untouched if parsed.origin and is_export else frozenset()
        self.problems = list(parsed.reading.problems)
        self.unreadable = set(parsed.reading.unreadable)
        known = lke.instrument.indicators
        self.entries = {each.code: each for each in parsed.reading.entries if each.code in known}

    def preview(self) -> Preview:
        lines = {code: self._line(entry) for code, entry in self.entries.items()}
        while broken := self._broken(lines):
            # One answer less may break the rule of another; so look again until all hold.
            for code in broken:
                lines[code] = self._line(self.entries[code])
        return Preview(
            parsed=self.parsed,
            stage=self.stage,
            lines=tuple(lines.values()),
            problems=tuple(self.problems),
            before=self.lke,
            after=self._simulated(lines.values()),
        )

    def _line(self, entry: Entry) -> Line:
        row = self.own.get(entry.code)
        value, note = _merged_value(entry, row), _merged_note(entry, row)
        group = self._group(entry, row, value, note)
        indicator = self.lke.instrument.indicator(entry.code)
        is_shown = group not in {Group.BLANK, Group.UNREADABLE, Group.NEWER}
        before = value_words(indicator, row.value if row else None)
        note_before = row.note if row else ""
        return Line(
            indicator=indicator,
            group=group,
            cells=_cells(indicator, entry),
            before=before,
            after=value_words(indicator, value) if is_shown else "",
            note_before=note_before,
            note_after=note if is_shown else note_before,
            is_left=entry.value is None and bool(before) and group is not Group.UNREADABLE,
            change=self._change(entry, row, value, note)
            if group in {Group.NEW, Group.CHANGED}
            else None,
        )

    def _group(self, entry: Entry, row: Answer | None, value: Any, note: str) -> Group:
        if entry.code in self.unreadable:
            return Group.UNREADABLE
        if entry.is_blank:
            return Group.BLANK
        if value == (row.value if row else None) and note == (row.note if row else ""):
            return Group.UNCHANGED
        if entry.code in self.untouched:
            return Group.NEWER
        if self.pokja is not None:
            indicator = self.lke.instrument.indicator(entry.code)
            if indicator.pokja not in self.pokja:
                return Group.OUTSIDE
        version = row.version if row else 0
        if self.seen is not None and self.seen.get(entry.code, 0) != version:
            return Group.CONFLICT
        return Group.NEW if row is None or row.value is None else Group.CHANGED

    def _change(self, entry: Entry, row: Answer | None, value: Any, note: str) -> Change:
        return Change(
            code=entry.code,
            value=KEEP if entry.value is None else value,
            note=note,
            version=row.version if row else 0,
        )

    # --- rules of the instrument ------------------------------------------------------------------

    def _broken(self, lines: Mapping[str, Line]) -> set[str]:
        """The answers that would break a rule; each has its problem now and is unreadable."""
        changes = {code: line.change for code, line in lines.items() if line.change}
        wanted = {
            code: change.value
            for code, change in changes.items()
            if change.value is not KEEP and change.value is not None
        }
        stored = {code: row.value for code, row in self.own.items() if row.value is not None}
        values = {**stored, **wanted}
        blamed: set[str] = set()
        for judged, code in self._to_judge(wanted, values):
            for name, sentence in value_problems(
                self.lke.instrument, judged, values[judged], values
            ):
                self._blame(code, judged, name, sentence)
                blamed.add(code)
        for code in changes:
            if len(lines[code].note_after) > NOTE_LIMIT:
                limit = numbers.count(NOTE_LIMIT)
                self._blame(code, code, "note", f"Penjelasan lebih dari {limit} karakter.")
                blamed.add(code)
        return blamed

    def _to_judge(
        self, wanted: Mapping[str, Any], values: Mapping[str, Any]
    ) -> Iterator[tuple[str, str]]:
        """(indicator to judge, wanted one to blame): each wanted value itself, and the stored
        values that share a count with one."""
        for code in wanted:
            yield code, code
        for (owner, _), sharers in self.lke.instrument.shared_by.items():
            for sharer in sharers:
                if owner in wanted and sharer not in wanted and sharer in values:
                    yield sharer, owner

    def _blame(self, code: str, judged: str, name: str, sentence: str) -> None:
        cell = self.entries[judged].cells.get(name) if judged in self.entries else None
        self.problems.append(Problem((code,), (cell,) if cell else (), sentence))
        self.unreadable.add(code)

    # --- afterwards -------------------------------------------------------------------------------

    def _simulated(self, lines: Iterable[Line]) -> Lke:
        """The assessment as it would be, without writing it."""
        own = dict(self.own)
        for line in lines:
            if line.change is None:
                continue
            code, row = line.indicator.code, own.get(line.indicator.code)
            change = line.change
            value = (row.value if row else None) if change.value is KEEP else change.value
            own[code] = Answer(
                assessment=self.lke.assessment,
                stage=self.stage,
                code=code,
                value=value,
                note=line.note_after,
                empty_reason=row.empty_reason if row and value is None else "",
            )
        answers = {**self.lke.answers, self.stage: own}
        return Lke(self.lke.assessment, self.lke.instrument, answers)


def _merged_value(entry: Entry, row: Answer | None) -> Any:
    """The workbook's value over the stored one: blank counts and what only the portal knows (the
    rows of a count, an index's source) stay; an index of the same number stays as it was typed."""
    stored = row.value if row and isinstance(row.value, dict) else None
    if entry.value is None or stored is None:
        return entry.value if entry.value is not None else stored
    if "counts" in entry.value:
        return {**stored, "counts": {**stored.get("counts", {}), **entry.value["counts"]}}
    if "index" in entry.value:
        if index_number(stored.get("index")) == index_number(entry.value["index"]):
            return stored
        return {**stored, **entry.value}
    return entry.value


def _merged_note(entry: Entry, row: Answer | None) -> str:
    """The workbook's note instead of the stored one, unless blank; evidence named beside it
    follows as lines, each once, however often the file is imported."""
    stored = row.note if row else ""
    if not entry.note and not entry.lines:
        return stored
    lines = stored.split("\n")
    evidence = [line for line in lines if line.startswith(_EVIDENCE)]
    text = entry.note or "\n".join(line for line in lines if line not in evidence)
    said = set(text.split("\n"))
    named = [line for line in dict.fromkeys((*evidence, *entry.lines)) if line not in said]
    return "\n".join([text, *named] if text else named)


def _cells(indicator: Indicator, entry: Entry) -> str:
    """The answer's cells: "K8", or "K129–K130" for counts."""
    keys = [count.key for count in indicator.inputs] if indicator.is_percentage else []
    names = keys or (["index"] if indicator.is_index else ["choice"])
    found = [entry.cells[name] for name in names if name in entry.cells]
    if not found:
        return ""
    return found[0] if len(found) == 1 else f"{found[0]}–{found[-1]}"


# ── between preview and confirmation ────────────────────────────────────────
def keep(
    user: User, assessment: Assessment, stage: Stage, parsed: Parsed, source: Source
) -> PendingImport:
    """Keep a workbook that was read until the person confirms it; it replaces their last one."""
    PendingImport.objects.filter(created_at__lt=timezone.now() - KEPT_FOR).delete()
    pending, _ = PendingImport.objects.update_or_create(
        user=user,
        assessment=assessment,
        stage=stage,
        defaults={
            "uuid": uuid.uuid4(),
            "name": source.name,
            "sha256": source.sha256,
            "parsed": workbook.as_json(parsed),
            "versions": dict(exported_versions(assessment, parsed) or versions(assessment, stage)),
            "created_at": timezone.now(),
        },
    )
    return pending


def kept(user: User, assessment: Assessment, identity: uuid.UUID) -> PendingImport | None:
    """What a person keeps for an assessment under this identity; None once applied or too old."""
    return PendingImport.objects.filter(
        uuid=identity,
        user=user,
        assessment=assessment,
        created_at__gte=timezone.now() - KEPT_FOR,
    ).first()


def preview_kept(pending: PendingImport, assessment: Assessment, person: User) -> Preview:
    """The preview of what is kept; what was answered since it was made is in conflict."""
    return preview(
        assessment,
        Stage(pending.stage),
        workbook.from_json(pending.parsed),
        person=person,
        seen=pending.versions,
    )


def accept_current(pending: PendingImport, assessment: Assessment) -> None:
    """Take the answers as they are now for seen: what was in conflict is a change from now on."""
    pending.versions = versions(assessment, Stage(pending.stage))
    pending.save(update_fields=["versions"])
