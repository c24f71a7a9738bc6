"""The history of an assessment: its trail, as Indonesian sentences, newest first.

The trail keeps what an answer became; what it was stands in the entry before (model.md, Trail).
Entries of one person on one answer within ten minutes are shown as one line, and what one import
wrote at once is one line too. What TPI did stays hidden until it may be seen (security.md, 21):
every entry of TPI's column says so in its data (`stage`).
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Q, QuerySet
from django.db.models.fields.json import KeyTextTransform
from django.utils import timezone
from django.utils.text import Truncator

from accounts.models import TrailEntry, User
from assessment import rincian
from assessment.answer_words import Difference, differences, value_words
from assessment.instrument import Instrument
from assessment.models import Assessment, Purpose, Stage, State, Target

TOGETHER = timedelta(minutes=10)
NOTE_WORDS = 18
"""A longer note is shown by so many words, and the rest when opened."""
TYPED_VERBS = ("answer.changed", "answer.confirmed")
BROUGHT_VERBS = ("answer.imported", "answer.copied")
ANSWER_VERBS = (*TYPED_VERBS, *BROUGHT_VERBS)
OPERATOR = "operator"
REMOVED_ACCOUNT = "Akun yang dihapus"

KINDS = {
    "jawaban": "Jawaban",
    "tpi": "Nilai TPI",
    "impor": "Impor dan salinan",
    "penilaian": "Penilaian",
    "laporan": "Laporan",
    "lain": "Lainnya",
}
"""What can be filtered for: the word in the address and on the page."""

_KIND_OF = {"assessment": "penilaian", "report": "laporan"}

_ICONS = {
    "jawaban": "pencil",
    "tpi": "search-check",
    "impor": "file-up",
    "penilaian": "flag",
    "laporan": "file-text",
    "lain": "circle",
}


@dataclass(frozen=True, slots=True)
class Group:
    """Entries that are shown as one line, by their numbers in the chain, oldest first."""

    seqs: tuple[int, ...]
    at: datetime
    actor: str
    verb: str
    target: str
    stage: str
    is_batch: bool = False

    @property
    def kind(self) -> str:
        if self.verb in ANSWER_VERBS:
            if self.stage == Stage.TPI:
                return "tpi"
            return "jawaban" if self.verb in TYPED_VERBS else "impor"
        return _KIND_OF.get(self.verb.partition(".")[0], "lain")


@dataclass(frozen=True, slots=True)
class Change:
    """One answer from → to, in words; empty when only the other half changed.

    `question` is the indicator's text. `differences` are the parts of the answer that changed.
    `reason` says why it is left empty, `was_emptied` that it had been before.
    """

    code: str
    question: str = ""
    before: str = ""
    after: str = ""
    differences: tuple[Difference, ...] = ()
    note_before: str = ""
    note_after: str = ""
    reason: str = ""
    is_emptied: bool = False
    was_emptied: bool = False

    @property
    def inline(self) -> Difference | None:
        """What the line's sentence ends with: the answer, where it is as short as a letter."""
        return next((each for each in self.differences if each.is_short), None)

    @property
    def listed(self) -> tuple[Difference, ...]:
        """What stands below the sentence."""
        return tuple(each for each in self.differences if not each.is_short)

    @property
    def has_value(self) -> bool:
        return self.before != self.after

    @property
    def has_note(self) -> bool:
        return self.note_before != self.note_after

    @property
    def note_start(self) -> str:
        """The note on one line, the beginning of a long one."""
        return Truncator(self.note_after).words(NOTE_WORDS)


@dataclass(frozen=True, slots=True)
class Line:
    """One shown line: who did what when, and the changes that belong to it."""

    at: datetime
    since: datetime
    who: str
    sentence: str
    kind: str
    times: int
    changes: tuple[Change, ...]

    @property
    def only(self) -> Change | None:
        """The change, where there is one alone."""
        return self.changes[0] if len(self.changes) == 1 else None

    @property
    def note_name(self) -> str:
        """What the free text of an answer is called at this stage."""
        return "Catatan TPI" if self.kind == "tpi" else "Penjelasan"

    @property
    def icon(self) -> str:
        return _ICONS[self.kind]


# ── reading ─────────────────────────────────────────────────────────────────
def groups(assessment: Assessment, *, with_tpi: bool, code: str = "") -> list[Group]:
    """All lines of the history, newest first, without their content (one query).

    `code` keeps one indicator only. The grouping never depends on a filter by person or kind.
    """
    entries = _entries(assessment, with_tpi=with_tpi)
    if code:
        entries = entries.filter(target=code)
    rows = (
        entries.annotate(stage=KeyTextTransform("stage", "data"))
        .order_by("seq")
        .values_list("seq", "at", "actor_label", "verb", "target", "stage")
    )
    return _group(rows.iterator(2000))


def _entries(assessment: Assessment, *, with_tpi: bool) -> QuerySet[TrailEntry]:
    entries = TrailEntry.objects.filter(chain=assessment.chain)
    if with_tpi:
        return entries
    return entries.filter(Q(data__stage=Stage.UNIT.value) | Q(data__stage__isnull=True))


def _group(rows: Iterable[tuple[int, datetime, str, str, str, str | None]]) -> list[Group]:
    made: list[Group] = []
    latest: dict[tuple[str, str], int] = {}  # (stage, target) → its last group's place
    for seq, at, actor, verb, target, stage in rows:
        entry = Group((seq,), at, actor, verb, target, stage or "")
        place = latest.get((entry.stage, target)) if verb in ANSWER_VERBS else None
        if made and _same_batch(made[-1], entry):
            place = len(made) - 1
            made[place] = replace(made[place], seqs=(*made[place].seqs, seq), is_batch=True)
        elif place is not None and _continues(made[place], entry):
            made[place] = replace(made[place], seqs=(*made[place].seqs, seq))
        else:
            place = len(made)
            made.append(entry)
        latest[entry.stage, target] = place
    # A line stands where its last entry stands.
    return sorted(made, key=lambda group: group.seqs[-1], reverse=True)


def _same_batch(group: Group, entry: Group) -> bool:
    """Whether both were written by one import: one transaction, one moment, one person."""
    return entry.verb in BROUGHT_VERBS and (group.at, group.actor, group.verb, group.stage) == (
        entry.at,
        entry.actor,
        entry.verb,
        entry.stage,
    )


def _continues(group: Group, entry: Group) -> bool:
    """Whether an entry is more of the same: the same person on the same answer, soon after the
    first, and nobody else in between (then the answer's last group is another one)."""
    return (
        not group.is_batch
        and (group.actor, group.verb) == (entry.actor, entry.verb)
        and entry.at - group.at <= TOGETHER
    )


def lines(
    assessment: Assessment, instrument: Instrument, shown: Sequence[Group], *, with_tpi: bool
) -> list[Line]:
    """The lines of some groups, with their content (a fixed number of queries)."""
    seqs = [seq for group in shown for seq in group.seqs]
    entries = {
        entry.seq: entry
        for entry in _entries(assessment, with_tpi=with_tpi)
        .filter(seq__in=seqs)
        .select_related("actor")
    }
    before = _before(assessment, entries.values(), with_tpi=with_tpi)
    return [
        _line(instrument, group, [entries[seq] for seq in group.seqs], before) for group in shown
    ]


def by_day(shown: Iterable[Line]) -> list[tuple[date, list[Line]]]:
    """The lines under the days of their last entry, as they come."""
    days: dict[date, list[Line]] = {}
    for line in shown:
        days.setdefault(timezone.localdate(line.at), []).append(line)
    return list(days.items())


Before = Mapping[int, TrailEntry]


def _before(assessment: Assessment, entries: Iterable[TrailEntry], *, with_tpi: bool) -> Before:
    """For each entry about an answer the one before it on the same answer, where there is one."""
    wanted = {entry.seq: entry for entry in entries if entry.verb in ANSWER_VERBS}
    targets = {entry.target for entry in wanted.values()}
    found: dict[int, TrailEntry] = {}
    last: dict[tuple[str, str], TrailEntry] = {}
    earlier = _entries(assessment, with_tpi=with_tpi).filter(
        verb__in=ANSWER_VERBS, target__in=targets, seq__lte=max(wanted, default=0)
    )
    for entry in earlier.order_by("seq").only("seq", "target", "data", "personal"):
        place = (entry.data.get("stage", ""), entry.target)
        if entry.seq in wanted and place in last:
            found[entry.seq] = last[place]
        last[place] = entry
    return found


# ── sentences ───────────────────────────────────────────────────────────────
def _line(
    instrument: Instrument, group: Group, entries: Sequence[TrailEntry], before: Before
) -> Line:
    first, last = entries[0], entries[-1]
    if group.verb not in ANSWER_VERBS:
        changes: tuple[Change, ...] = ()
    elif group.is_batch:
        changes = tuple(_change(instrument, before.get(each.seq), each) for each in entries)
    else:
        changes = (_change(instrument, before.get(first.seq), last),)
    who = _who(last)
    said = _SENTENCES.get(group.verb, _unknown)(last, changes)
    return Line(
        at=last.at,
        since=first.at,
        who=who,
        sentence=f"{who} {said}",
        kind=group.kind,
        times=1 if group.is_batch else len(entries),
        changes=changes,
    )


def _who(entry: TrailEntry) -> str:
    if entry.actor is not None:
        return entry.actor.name
    return "Operator" if entry.actor_label == OPERATOR else REMOVED_ACCOUNT


def _change(instrument: Instrument, before: TrailEntry | None, after: TrailEntry) -> Change:
    indicator = instrument.indicators.get(after.target)
    return Change(
        code=after.target,
        question=indicator.text if indicator else "",
        differences=differences(indicator, _value(before), _value(after)),
        before=value_words(indicator, _value(before), _value(after)),
        after=value_words(indicator, _value(after), _value(before)),
        note_before=_text(before, "note"),
        note_after=_text(after, "note"),
        reason=_text(after, "empty_reason"),
        is_emptied="emptied" in after.data,
        was_emptied=before is not None and "emptied" in before.data,
    )


def _value(entry: TrailEntry | None) -> Any:
    """The value of an entry, its rows included unless they were blanked."""
    if entry is None:
        return None
    return rincian.together(entry.data.get("value"), (entry.personal or {}).get("rows"))


def _text(entry: TrailEntry | None, name: str) -> str:
    """A free text of an entry; nothing when it was blanked."""
    return str((entry.personal or {}).get(name, "")) if entry else ""


def _answer_changed(entry: TrailEntry, changes: Sequence[Change]) -> str:
    change = changes[0]
    what = "nilai TPI" if entry.data.get("stage") == Stage.TPI else "jawaban"
    note = "catatan" if entry.data.get("stage") == Stage.TPI else "penjelasan"
    if change.is_emptied:
        return f"mengosongkan {what} {change.code} dengan alasan (nilai 0)"
    if change.was_emptied and not change.after:
        return f"membatalkan pengosongan {what} {change.code}"
    if not change.has_value:
        if change.has_note:
            return f"mengubah {note} {change.code}"
        return f"menyimpan kembali {what} {change.code}"
    if not change.after:
        return f"mengosongkan {what} {change.code}"
    return f"{'mengubah' if change.before else 'mengisi'} {what} {change.code}"


def _answers_brought(verb: str) -> Callable[[TrailEntry, Sequence[Change]], str]:
    def say(entry: TrailEntry, changes: Sequence[Change]) -> str:
        what = "nilai TPI" if entry.data.get("stage") == Stage.TPI else "jawaban"
        source = entry.data.get("source") or {}
        name = source.get("file") or source.get("name") or ""
        origin = f" dari berkas {name}" if name else ""
        if "year" in source:
            origin = f" dari tahun {source['year']}"
        if len(changes) > 1:
            return f"{verb} {what} {len(changes)} butir{origin}"
        return f"{verb} {what} {changes[0].code}{origin}"

    return say


def _answer_confirmed(entry: TrailEntry, changes: Sequence[Change]) -> str:
    return f"mengonfirmasi jawaban {changes[0].code}"


def _created(entry: TrailEntry, changes: Sequence[Change]) -> str:
    target = Target(entry.data["target"]).value
    return f"membuka penilaian dengan sasaran {target}"


def _assessment_changed(entry: TrailEntry, changes: Sequence[Change]) -> str:
    named = []
    if "target" in entry.data:
        named.append(f"sasaran menjadi {entry.data['target']}")
    if "purpose" in entry.data:
        named.append(f"tujuan menjadi {Purpose(entry.data['purpose']).label.lower()}")
    return f"mengubah {' dan '.join(named)}"


def _state_changed(entry: TrailEntry, changes: Sequence[Change]) -> str:
    """A transition; the words of its verbs come with the verbs."""
    return f"mengubah tahap menjadi {State(entry.data['state']).label}"


def _report_issued(entry: TrailEntry, changes: Sequence[Change]) -> str:
    return "membuat laporan kesiapan"


def _report_downloaded(entry: TrailEntry, changes: Sequence[Change]) -> str:
    return "mengunduh laporan kesiapan"


def _workbook_downloaded(entry: TrailEntry, changes: Sequence[Change]) -> str:
    return "mengunduh buku kerja LKE"


def _unknown(entry: TrailEntry, changes: Sequence[Change]) -> str:
    """An entry of a verb that has no sentence yet is shown, not hidden."""
    return f"mencatat {entry.verb} {entry.target}".rstrip()


_SENTENCES: dict[str, Callable[[TrailEntry, Sequence[Change]], str]] = {
    "answer.changed": _answer_changed,
    "answer.imported": _answers_brought("mengimpor"),
    "answer.copied": _answers_brought("menyalin"),
    "answer.confirmed": _answer_confirmed,
    "assessment.created": _created,
    "assessment.changed": _assessment_changed,
    "assessment.state": _state_changed,
    "report.issued": _report_issued,
    "report.downloaded": _report_downloaded,
    "workbook.downloaded": _workbook_downloaded,
}


# ── filters ─────────────────────────────────────────────────────────────────
@dataclass(frozen=True, slots=True)
class Choice:
    """One entry of a filter."""

    value: str
    label: str


def people(found: Iterable[Group]) -> list[Choice]:
    """Those who stand in these lines, by name (one query)."""
    labels = {group.actor for group in found}
    uuids = [label.removeprefix("user:") for label in labels if label.startswith("user:")]
    names = {
        f"user:{uuid}": name
        for uuid, name in User.objects.filter(uuid__in=uuids).values_list("uuid", "name")
    }
    choices = [
        Choice(label.removeprefix("user:"), names.get(label, _nameless(label))) for label in labels
    ]
    return sorted(choices, key=lambda choice: (choice.label, choice.value))


def _nameless(label: str) -> str:
    return "Operator" if label == OPERATOR else REMOVED_ACCOUNT


def kinds(found: Iterable[Group]) -> list[Choice]:
    """The kinds that occur, in a fixed order."""
    occurring = {group.kind for group in found}
    return [Choice(kind, label) for kind, label in KINDS.items() if kind in occurring]


def by(found: Iterable[Group], *, person: str = "", kind: str = "") -> list[Group]:
    """The lines of one person (uuid or "operator") and one kind; "" leaves all."""
    return [
        group
        for group in found
        if (not person or group.actor.removeprefix("user:") == person)
        and (not kind or group.kind == kind)
    ]
