"""What a filled card posts, turned into a change: bad input costs only its own field."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from assessment.answering import KEEP, NOTE_LIMIT, Change, Keep
from assessment.instrument import Indicator
from assessment.scoring import InputError, parse_count, parse_index
from zi_portal.ui import numbers

NOTE_TOO_LONG = f"Penjelasan paling banyak {numbers.count(NOTE_LIMIT)} karakter."
UNSURE_MOST = 50
NOTE_UNREADABLE = "Penjelasan memuat karakter kendali yang tidak dapat disimpan; hapus lalu ketik."

Posted = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Parsed:
    """A posted card: the change that can be saved, and a sentence for each field that cannot.

    Fields are "choice", "index", "note" or the key of a count.
    """

    change: Change
    problems: dict[str, str]


def count_field(key: str) -> str:
    """The name of a count's input."""
    return f"count-{key}"


def parse_card(indicator: Indicator, posted: Posted, stored: Mapping[str, Any] | None) -> Parsed:
    """Read a posted card. `stored` is the answer's value now: what stays where a field is bad."""
    problems: dict[str, str] = {}
    change = Change(
        code=indicator.code,
        value=_value(indicator, posted, stored, problems),
        note=_note(posted, problems),
        version=_version(posted),
        save_id=_uuid(posted.get("save_id", "")),
        unsure=frozenset(filter(None, map(_uuid, posted.get("unsure", "").split()[-UNSURE_MOST:]))),
    )
    return Parsed(change, problems)


def _value(
    indicator: Indicator,
    posted: Posted,
    stored: Mapping[str, Any] | None,
    problems: dict[str, str],
) -> Mapping[str, Any] | Keep | None:
    if indicator.is_percentage:
        return _counts(indicator, posted, stored, problems)
    if indicator.is_index:
        return _index(posted, stored, problems)
    # Radio buttons that are all empty post nothing; a choice once made is changed, not unmade.
    return {"choice": posted["choice"]} if posted.get("choice") else KEEP


def _counts(
    indicator: Indicator,
    posted: Posted,
    stored: Mapping[str, Any] | None,
    problems: dict[str, str],
) -> Mapping[str, Any] | None:
    counts = dict((stored or {}).get("counts", {}))
    for count in indicator.inputs:
        typed = posted.get(count_field(count.key))
        if typed is None:
            continue
        if not typed.strip():
            counts.pop(count.key, None)
            continue
        try:
            counts[count.key] = parse_count(typed)
        except InputError as error:
            problems[count.key] = str(error)
    return {"counts": counts} if counts else None


def _index(
    posted: Posted, stored: Mapping[str, Any] | None, problems: dict[str, str]
) -> Mapping[str, Any] | Keep | None:
    typed = posted.get("index")
    if typed is None:
        return KEEP
    if not typed.strip():
        return None
    try:
        return {**(stored or {}), "index": parse_index(typed)}
    except InputError as error:
        problems["index"] = str(error)
        return KEEP


def _note(posted: Posted, problems: dict[str, str]) -> str | Keep:
    typed = posted.get("note")
    if typed is None:
        return KEEP
    note = typed.replace("\r\n", "\n").replace("\r", "\n").strip()
    if len(note) > NOTE_LIMIT:
        problems["note"] = NOTE_TOO_LONG
    elif any(ord(char) < 32 and char not in "\n\t" for char in note):
        problems["note"] = NOTE_UNREADABLE
    else:
        return note
    return KEEP


def _version(posted: Posted) -> int:
    """The version that the person saw, or accepted when choosing between two answers."""
    seen = posted.get("accept_version") or posted.get("version") or "0"
    return int(seen) if seen.isdecimal() and len(seen) < 10 else 0


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
