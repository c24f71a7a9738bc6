"""Finding butir across the whole LKE: the filters of the tree head, and lists of what matches."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass

from assessment.filling.cards import Card, card
from assessment.filling.tree import above
from assessment.instrument import Area, Instrument
from assessment.models import Stage
from assessment.selectors import Lke
from assessment.stage_view import missing

PER_PAGE = 25


def blank(lke: Lke) -> frozenset[str]:
    """The butir that wait for an answer; what was emptied with a reason does not."""
    return missing(lke, Stage.UNIT)


@dataclass(frozen=True, slots=True)
class Kind:
    """A filter in words, what is said where it lets nothing through, and what it lets through."""

    label: str
    title: str
    nothing: str
    why: str
    chosen: Callable[[Lke], frozenset[str]]


KINDS: Mapping[str, Kind] = {
    "kosong": Kind(
        "Kosong",
        "Butir kosong",
        "Tidak ada butir kosong",
        "Setiap butir sudah dijawab atau dikosongkan dengan alasan.",
        blank,
    ),
    "perlu-ditinjau": Kind(
        "Perlu ditinjau",
        "Butir yang perlu ditinjau",
        "Tidak ada butir yang perlu ditinjau",
        "Jawaban yang disalin dari tahun lalu tampil di sini sampai dikonfirmasi.",
        Lke.to_review,
    ),
}
"""The filters by their names in the address."""


@dataclass(frozen=True, slots=True)
class Filter:
    """A filter with how many butir it lets through; kind "" is the whole LKE, area by area."""

    kind: str
    label: str
    count: int


def filters(lke: Lke) -> tuple[Filter, ...]:
    """All filters with their counts."""
    return (
        Filter("", "Semua", len(lke.instrument.indicators)),
        *(Filter(name, kind.label, len(kind.chosen(lke))) for name, kind in KINDS.items()),
    )


@dataclass(frozen=True, slots=True)
class Slice:
    """A part of the matching butir, in official order.

    A page begins at a butir, not at a number: answering those of a page empties it, and what
    follows would otherwise move up unseen. `previous` and `following` are the butir at which the
    pages beside begin, "" where there is none.
    """

    codes: tuple[str, ...]
    first: int
    count: int
    previous: str
    following: str

    @property
    def last(self) -> int:
        return self.first + len(self.codes) - 1


def slice_from(instrument: Instrument, codes: Collection[str], start: str) -> Slice:
    """The page of `codes` that begins at the butir `start`, or at the next that matches.

    The first page for a start that is no butir, the last where nothing follows.
    """
    order = list(instrument.indicators)
    matching = [code for code in order if code in codes]
    place = order.index(start) if start in instrument.indicators else 0
    begin = sum(order.index(code) < place for code in matching)
    if begin == len(matching):
        begin = max(0, begin - PER_PAGE)
    end = begin + PER_PAGE
    return Slice(
        codes=tuple(matching[begin:end]),
        first=begin + 1,
        count=len(matching),
        previous=matching[max(0, begin - PER_PAGE)] if begin else "",
        following=matching[end] if end < len(matching) else "",
    )


@dataclass(frozen=True, slots=True)
class AreaCards:
    """The matching cards of one area under its heading."""

    area: Area
    above: str
    cards: tuple[Card, ...]


def cards_by_area(
    lke: Lke, codes: Collection[str], locked: Mapping[str, str]
) -> tuple[AreaCards, ...]:
    """The cards of some butir; `locked` gives the reason by pokja ("" when open)."""
    sheet = lke.sheets[Stage.UNIT]
    return tuple(
        AreaCards(
            area,
            above(lke.instrument, area),
            tuple(
                card(lke, sheet, indicator, locked[area.pokja])
                for indicator in area.indicators
                if indicator.code in codes
            ),
        )
        for area in lke.instrument.areas
        if any(indicator.code in codes for indicator in area.indicators)
    )
