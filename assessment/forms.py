"""What a filled card posts, turned into a change: bad input costs only its own field."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from assessment import posted_values
from assessment.answering import KEEP, NOTE_LIMIT, REASON_LIMIT, Change, Keep, at_most
from assessment.instrument import Indicator
from assessment.typed_text import has_unseen_controls

NOTE_TOO_LONG = at_most("Penjelasan", NOTE_LIMIT)
UNSURE_MOST = 50
NOTE_UNREADABLE = "Penjelasan memuat karakter kendali yang tidak dapat disimpan; hapus lalu ketik."
REASON_MISSING = "Tulis alasan butir ini dikosongkan."
REASON_UNREADABLE = "Alasan memuat karakter kendali yang tidak dapat disimpan; hapus lalu ketik."

Posted = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Parsed:
    """A posted card: the change that can be saved, and a sentence for each field that cannot.

    Fields are "choice", "note" or those of `posted_values`.
    """

    change: Change
    problems: dict[str, str]


def parse_card(
    indicator: Indicator, posted: Posted, stored: Mapping[str, Any] | None, year: int
) -> Parsed:
    """Read a posted card of the period `year`. `stored` is the answer's value now: what stays
    where a field is bad or was not on the form."""
    problems: dict[str, str] = {}
    change = Change(
        code=indicator.code,
        value=_value(indicator, posted, stored or {}, year, problems),
        note=_note(posted, problems),
        empty_reason=_empty_reason(posted, problems),
        review_again=False if "confirm" in posted else KEEP,
        version=_version(posted),
        save_id=_uuid(posted.get("save_id", "")),
        unsure=frozenset(filter(None, map(_uuid, posted.get("unsure", "").split()[-UNSURE_MOST:]))),
    )
    return Parsed(change, problems)


def _value(
    indicator: Indicator,
    posted: Posted,
    stored: Mapping[str, Any],
    year: int,
    problems: dict[str, str],
) -> Mapping[str, Any] | Keep | None:
    if indicator.is_percentage:
        return posted_values.read_counts(indicator, posted, stored, year, problems)
    if indicator.is_index:
        return posted_values.read_index(posted, stored, problems)
    # Radio buttons that are all empty post nothing; a choice once made is changed, not unmade.
    return {"choice": posted["choice"]} if posted.get("choice") else KEEP


def _note(posted: Posted, problems: dict[str, str]) -> str | Keep:
    typed = posted.get("note")
    if typed is None:
        return KEEP
    note = _lines(typed)
    if len(note) > NOTE_LIMIT:
        problems["note"] = NOTE_TOO_LONG
    elif has_unseen_controls(note):
        problems["note"] = NOTE_UNREADABLE
    else:
        return note
    return KEEP


def _empty_reason(posted: Posted, problems: dict[str, str]) -> str | Keep:
    """Why the indicator is left empty, when that button was pressed; "" takes it back."""
    asked = posted.get("empty")
    if asked == "batal":
        return ""
    if asked != "kosongkan":
        return KEEP
    reason = _lines(posted.get("empty_reason", ""))
    if not reason:
        problems["empty_reason"] = REASON_MISSING
    elif len(reason) > REASON_LIMIT:
        problems["empty_reason"] = at_most("Alasan", REASON_LIMIT)
    elif has_unseen_controls(reason):
        problems["empty_reason"] = REASON_UNREADABLE
    else:
        return reason
    return KEEP


def _lines(typed: str) -> str:
    """A text with one kind of line break, without blanks around it."""
    return typed.replace("\r\n", "\n").replace("\r", "\n").strip()


def _version(posted: Posted) -> int:
    """The version that the person saw, or accepted when choosing between two answers."""
    seen = posted.get("accept_version") or posted.get("version") or "0"
    return int(seen) if seen.isdecimal() and len(seen) < 10 else 0


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
