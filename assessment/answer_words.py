"""Stored answers in words, whole or as what differs between two of them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from assessment import index_source, rincian
from assessment.instrument import Indicator
from zi_portal.ui import numbers

INDEX = "indeks"
SOURCE = "asal:"


@dataclass(frozen=True, slots=True)
class Difference:
    """One part of an answer that is not what it was; "" where there was or is nothing.

    `label` names the part: that of a count ends in a colon, a choice has none.
    """

    label: str
    before: str
    after: str

    @property
    def is_short(self) -> bool:
        """Whether it can stand within a sentence: a choice, or an index."""
        return self.label in ("", INDEX)


def value_words(indicator: Indicator | None, value: Any, other: Any = None) -> str:
    """A stored answer in words: "B", "indeks 3,71", "agen: 9; perubahan: 12"; "" for none.

    With what stands behind counts and indices; `other` is a value to be told apart from.
    """
    said = _parts(indicator, value, other)
    return "; ".join(f"{label} {words}".lstrip() for label, words in said.items())


def differences(indicator: Indicator | None, before: Any, after: Any) -> tuple[Difference, ...]:
    """The parts in which two stored answers differ, in the order of the later one."""
    old, new = _parts(indicator, before, after), _parts(indicator, after, before)
    return tuple(
        Difference(label, old.get(label, ""), new.get(label, ""))
        for label in {**new, **old}
        if old.get(label) != new.get(label)
    )


def _parts(indicator: Indicator | None, value: Any, other: Any) -> dict[str, str]:
    """The parts of an answer by their labels."""
    if not isinstance(value, Mapping):
        return {}
    if "choice" in value:
        return {"": str(value["choice"])}
    counts = value.get("counts")
    if not isinstance(counts, Mapping):
        return _index_parts(value)
    labels = {count.key: count.label for count in indicator.counts} if indicator else {}
    behind = {key: rincian.words(value, key, other) for key in counts}
    return {
        f"{labels.get(key, key)}:": numbers.count(number)
        + (f" ({behind[key]})" if behind[key] else "")
        for key, number in counts.items()
    }


def _index_parts(value: Mapping[str, Any]) -> dict[str, str]:
    parts = {INDEX: numbers.as_typed(value["index"])} if "index" in value else {}
    source = "; ".join(index_source.words(value))
    return parts | ({SOURCE: source} if source else {})
