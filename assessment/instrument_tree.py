"""The tree of an instrument: frozen dataclasses, from the components down to options and counts.

Weights and scores are exact fractions; points are on the instrument's scale of 100.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from itertools import chain
from types import MappingProxyType
from typing import Literal

#: The two types of answers that are no choice from a scale.
COUNT_TYPE = "persen"
INDEX_TYPE = "indeks"

Target = Literal["WBK", "WBBM"]
Kendali = Literal["unit", "instansi", "fakta"]
Validity = Literal["berlaku", "kegiatan", "tren"]
RuleName = Literal["ratio", "decrease", "index"]
ZeroPolicy = Literal["one", "zero_warn", "one_if_both_zero"]

TARGETS: tuple[Target, ...] = ("WBK", "WBBM")


@dataclass(frozen=True, slots=True)
class Option:
    """One choice of an indicator: its letter, its score (0..1) and the criterion to be met."""

    key: str
    score: Fraction
    criterion: str


@dataclass(frozen=True, slots=True)
class Count:
    """A whole number that a percentage is made of.

    `sum_of`: derived from these counts of the same indicator, read-only.
    `same_as`: (indicator code, count key) of the one input this count shares.
    `counts`: part of the formula; the others are asked but never block.
    """

    key: str
    label: str
    sum_of: tuple[str, ...] = ()
    same_as: tuple[str, str] | None = None
    counts: bool = True


@dataclass(frozen=True, slots=True)
class Limit:
    """The sum of `parts` may not exceed `whole`; with `warn_below` a smaller sum is a warning."""

    parts: tuple[str, ...]
    whole: str
    warn_below: bool = False


@dataclass(frozen=True, slots=True)
class Rule:
    """A named formula; `zero` is its policy where the whole is 0, `zero_text` says it in words.

    ratio: part ÷ whole, kept within 0..1. decrease: (whole − part) ÷ whole, never below 0.
    index: value ÷ maximum.
    """

    name: RuleName
    part: str = ""
    whole: str = ""
    zero: ZeroPolicy | None = None
    zero_text: str = ""
    maximum: Fraction = Fraction(1)


@dataclass(frozen=True, slots=True)
class Evidence:
    """A piece of evidence that is usually asked for, with its kind of validity."""

    kind: str
    text: str
    validity: Validity


@dataclass(frozen=True, slots=True)
class Indicator:
    """One question (butir). `area` and `subcomponent` are the codes of the nodes above it."""

    code: str
    text: str
    type: str
    weight: Fraction
    options: tuple[Option, ...]
    counts: tuple[Count, ...]
    limits: tuple[Limit, ...]
    rule: Rule | None
    kendali: Kendali
    note: str
    guidance: str
    evidence: tuple[Evidence, ...]
    subcomponent: str
    area: str
    pokja: str

    @property
    def name(self) -> str:
        """The question, so that every node has a name."""
        return self.text

    @property
    def is_choice(self) -> bool:
        return bool(self.options)

    @property
    def is_percentage(self) -> bool:
        return self.type == COUNT_TYPE

    @property
    def is_index(self) -> bool:
        return self.type == INDEX_TYPE

    @property
    def inputs(self) -> tuple[Count, ...]:
        """The counts that a person types here: neither derived nor shared."""
        return tuple(count for count in self.counts if not count.sum_of and not count.same_as)

    @property
    def required_counts(self) -> tuple[Count, ...]:
        """The counts without which there is no answer: those of the formula, a derived one
        standing for its parts."""
        return tuple(count for count in self.counts if count.counts and not count.sum_of)

    def count(self, key: str) -> Count:
        """The count named `key`; KeyError when there is none."""
        for count in self.counts:
            if count.key == key:
                return count
        raise KeyError(key)

    def option(self, key: object) -> Option | None:
        """The option named `key`, or None."""
        for option in self.options:
            if option.key == key:
                return option
        return None


@dataclass(frozen=True, slots=True)
class Subcomponent:
    """The level at which indicators are averaged."""

    code: str
    name: str
    weight: Fraction
    indicators: tuple[Indicator, ...]


@dataclass(frozen=True, slots=True)
class Area:
    """An area of one aspect, or a part of Hasil. `pokja`: "1".."6", or "H" for Hasil."""

    code: str
    name: str
    short_name: str
    weight: Fraction
    subcomponents: tuple[Subcomponent, ...]
    pokja: str

    @property
    def indicators(self) -> tuple[Indicator, ...]:
        return tuple(chain.from_iterable(part.indicators for part in self.subcomponents))


@dataclass(frozen=True, slots=True)
class Aspect:
    """Pemenuhan or Reform."""

    code: str
    name: str
    weight: Fraction
    areas: tuple[Area, ...]


@dataclass(frozen=True, slots=True)
class Component:
    """Pengungkit, which has aspects, or Hasil, which has its areas directly."""

    code: str
    name: str
    weight: Fraction
    aspects: tuple[Aspect, ...]
    areas: tuple[Area, ...]

    @property
    def all_areas(self) -> tuple[Area, ...]:
        """Its areas in official order, whether below aspects or not."""
        return self.areas or tuple(chain.from_iterable(aspect.areas for aspect in self.aspects))


Node = Component | Aspect | Area | Subcomponent | Indicator


@dataclass(frozen=True, slots=True)
class Threshold:
    """A requirement of a predicate: the sum of `nodes` must reach `minimum` (points).

    `weight` is what the nodes can give together. Source: PermenPANRB 5/2024.
    """

    code: str
    label: str
    minimum: Fraction
    nodes: tuple[str, ...]
    weight: Fraction


@dataclass(frozen=True, slots=True)
class Eligibility:
    """A requirement beside the score (PermenPANRB 5/2024, Table 5).

    `requirement` says what is demanded per target; a target that is absent does not demand it.
    `derived_from`: met when these indicators have their full value.
    """

    code: str
    label: str
    who: Literal["instansi", "unit"]
    requirement: Mapping[str, str]
    derived_from: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Condition:
    """Something that may hold of the answer to one indicator; exactly one test is set.

    `choices`: one of these options is chosen. `below`, `at_most`, `above`: its ratio (0..1) is so.
    `fewer`, `than`: the count `fewer` is smaller than the count `than`.
    """

    indicator: str
    choices: tuple[str, ...] = ()
    below: Fraction | None = None
    at_most: Fraction | None = None
    above: Fraction | None = None
    fewer: str = ""
    than: str = ""


@dataclass(frozen=True, slots=True)
class ConsistencyRule:
    """Two answers that contradict each other where both conditions hold; `text` says how."""

    when: Condition
    but: Condition
    text: str


@dataclass(frozen=True, eq=False)
class Instrument:
    """A whole instrument. Compared by identity: it is compiled once per version and process."""

    code: str
    title: str
    regulation: str
    amendment: str
    components: tuple[Component, ...]
    thresholds: Mapping[str, tuple[Threshold, ...]]
    eligibility: tuple[Eligibility, ...]
    consistency: tuple[ConsistencyRule, ...] = ()

    @cached_property
    def areas(self) -> tuple[Area, ...]:
        """All areas in official order."""
        return tuple(chain.from_iterable(component.all_areas for component in self.components))

    @cached_property
    def subcomponents(self) -> Mapping[str, Subcomponent]:
        """All sub-components by code, in official order."""
        parts = chain.from_iterable(area.subcomponents for area in self.areas)
        return MappingProxyType({part.code: part for part in parts})

    @cached_property
    def indicators(self) -> Mapping[str, Indicator]:
        """All indicators by code, in official order."""
        found = chain.from_iterable(area.indicators for area in self.areas)
        return MappingProxyType({indicator.code: indicator for indicator in found})

    @cached_property
    def nodes(self) -> Mapping[str, Node]:
        """Every node by code, in official order. A code that is sub-component and indicator at
        once gives the indicator: the sub-component adds nothing to it."""
        return MappingProxyType({node.code: node for node in walk(self.components)})

    @property
    def node_codes(self) -> tuple[str, ...]:
        return tuple(self.nodes)

    @cached_property
    def shared_by(self) -> Mapping[tuple[str, str], tuple[str, ...]]:
        """(indicator code, count key) of an input → the indicators that share it."""
        found: dict[tuple[str, str], tuple[str, ...]] = {}
        for indicator in self.indicators.values():
            for count in indicator.counts:
                if count.same_as:
                    found[count.same_as] = (*found.get(count.same_as, ()), indicator.code)
        return MappingProxyType(found)

    @cached_property
    def consistency_of(self) -> Mapping[str, tuple[ConsistencyRule, ...]]:
        """Indicator code → the rules it takes part in, on whichever side; absent without any."""
        found: dict[str, tuple[ConsistencyRule, ...]] = {}
        for rule in self.consistency:
            for code in (rule.when.indicator, rule.but.indicator):
                found[code] = (*found.get(code, ()), rule)
        return MappingProxyType(found)

    @cached_property
    def weight(self) -> Fraction:
        """What all components give together: 100."""
        return sum((component.weight for component in self.components), Fraction())

    def indicator(self, code: str) -> Indicator:
        """The indicator with this code; KeyError when there is none."""
        return self.indicators[code]

    def area(self, code: str) -> Area:
        """The area with this code; KeyError when there is none."""
        for area in self.areas:
            if area.code == code:
                return area
        raise KeyError(code)

    def pokja_areas(self, pokja: str) -> tuple[Area, ...]:
        """The areas that a working group owns: A.I.n with A.II.n, or the parts of Hasil."""
        return tuple(area for area in self.areas if area.pokja == pokja)


def child_nodes(node: Node) -> tuple[Node, ...]:
    """The nodes directly beneath one; none beneath an indicator."""
    match node:
        case Component():
            return node.aspects or node.areas
        case Aspect():
            return node.areas
        case Area():
            return node.subcomponents
        case Subcomponent():
            return node.indicators
        case Indicator():
            return ()


def walk(nodes: Iterable[Node]) -> Iterator[Node]:
    """All nodes of these branches, each before what is beneath it."""
    for node in nodes:
        yield node
        yield from walk(child_nodes(node))
