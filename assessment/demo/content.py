"""What the demonstration says, read from its two files; nothing here writes to the database."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from accounts.models import Role
from assessment.instrument import Indicator, Instrument, load_yaml

FOLDER = Path(__file__).parent
DOMAIN = "contoh.go.id"

UNANSWERED = "-"
EMPTIED = "0"
SHORT = {"Y": "Ya", "T": "Tidak"}
FILLED = "isi"
"""Where the note of counts or of an index stands; a choice has one note per option."""

Value = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Account:
    """A person of the demonstration with one role."""

    key: str
    name: str
    staff_number: str
    role: Role
    unit: str
    pokja: tuple[str, ...] = ()

    @property
    def email(self) -> str:
        return f"{self.key}@{DOMAIN}"


@lru_cache(maxsize=1)
def ministry() -> dict[str, Any]:
    """The file of units, people, periods and assessments."""
    return load_yaml(FOLDER / "ministry.yaml")


@lru_cache(maxsize=1)
def notes() -> Mapping[str, Mapping[str, str]]:
    """What stands beside an answer: indicator → option or "isi" → sentence with places."""
    return load_yaml(FOLDER / "notes.yaml")


def accounts() -> tuple[Account, ...]:
    """Everybody, in the order of the file."""
    return tuple(
        Account(
            key=person["email"],
            name=person["name"],
            staff_number=person["staff_number"],
            role=Role(person["role"]),
            unit=person["unit"],
            pokja=tuple(person.get("pokja", ())),
        )
        for person in ministry()["people"]
    )


def tokens(instrument: Instrument, sheet: Mapping[str, str]) -> Iterator[tuple[Indicator, str]]:
    """Each indicator of the areas in a sheet with what the file says about it.

    Raises ValueError when a line does not have as many answers as its area has indicators.
    """
    for area in instrument.areas:
        if area.code in sheet:
            parts = sheet[area.code].split("/")
            for subcomponent, part in zip(area.subcomponents, parts, strict=True):
                yield from zip(subcomponent.indicators, part.split(), strict=True)


def value(indicator: Indicator, token: str) -> Value | None:
    """The answer that a token stands for, as it is stored; None for none."""
    if token in (UNANSWERED, EMPTIED):
        return None
    if indicator.is_index:
        return {"index": token}
    if indicator.is_percentage:
        typed = zip(indicator.inputs, token.split(":"), strict=True)
        return {"counts": {count.key: int(text) for count, text in typed if text != UNANSWERED}}
    return {"choice": SHORT.get(token, token)}


def note(indicator: Indicator, answer: Value | None, facts: Mapping[str, str]) -> str:
    """The sentence beside an answer; "" where the team wrote none.

    `facts` fill its places: those of the unit, `tahun` and `tahun_lalu`.
    """
    if answer is None:
        return ""
    sentence = notes()[indicator.code].get(answer.get("choice", FILLED), "")
    counts = answer.get("counts", {})
    if "counts" in answer and len(counts) < len(indicator.inputs):
        return ""
    index = str(answer.get("index", "")).replace(".", ",")
    return sentence.format_map({**facts, **counts, "index": index})
