"""What the verdict would be if the survey indices were as assumed. Nothing is stored.

The surveys come in late in the year; until then a unit can see where it would stand (domain.md §2).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from assessment import presenting
from assessment.instrument import Instrument
from assessment.models import Answer, Stage, State
from assessment.presenting import Say
from assessment.scoring import InputError, parse_index, value_problems
from assessment.selectors import Lke
from assessment.stage_view import missing, points_apart, ticks

SURVEYS = {"ipak": "B.I.a", "ipkp": "B.II.a"}
"""The indices by their names in the address, which are also what people call them."""


@dataclass(frozen=True, slots=True)
class Assumption:
    """One index to be assumed: its field, what stands in it and what is wrong with that."""

    name: str
    label: str
    typed: str
    error: str = ""


@dataclass(frozen=True, slots=True)
class Outlook:
    """What the sheet would be worth, and the verdict on it. `given` repeats what was assumed."""

    given: str
    total: str
    say: Say


@dataclass(frozen=True, slots=True)
class Projection:
    """The form, and its outcome once something valid was assumed."""

    assumptions: tuple[Assumption, ...]
    outlook: Outlook | None = None

    @property
    def query(self) -> str:
        """What keeps the assumptions in an address of the same page, "" when nothing is assumed."""
        if self.outlook is None:
            return ""
        return "&" + urlencode({each.name: each.typed for each in self.assumptions})


def is_offered(lke: Lke, stage: Stage) -> bool:
    """Whether there is something to assume: in a draft, and as long as an index is missing."""
    if stage != Stage.UNIT:
        return False
    waits = not missing(lke, stage).isdisjoint(SURVEYS.values())
    return waits or lke.assessment.state == State.DRAFT


def project(lke: Lke, stage: Stage, target: str, typed: Mapping[str, str]) -> Projection:
    """The sheet judged by `target` with the typed indices instead of what is answered.

    A field that is left empty assumes nothing: the answer counts, if there is one.
    """
    assumed: dict[str, str] = {}
    assumptions = []
    for name, code in SURVEYS.items():
        stored = (lke.values(stage).get(code) or {}).get("index", "")
        text = typed.get(name, str(stored).replace(".", ","))[:20]
        index, error = (
            _read(lke.instrument, code, text) if typed.get(name, "").strip() else ("", "")
        )
        if index:
            assumed[name] = index
        assumptions.append(Assumption(name, name.upper(), text, error))
    sound = assumed and not any(each.error for each in assumptions)
    outlook = _outlook(lke, stage, target, assumed) if sound else None
    return Projection(tuple(assumptions), outlook)


def _read(instrument: Instrument, code: str, text: str) -> tuple[str, str]:
    """The index as it would be stored, or a sentence on why it cannot be one."""
    try:
        index = parse_index(text)
    except InputError as error:
        return "", str(error)
    problems = dict(value_problems(instrument, code, {"index": index}, {}))
    return ("", problems["index"]) if "index" in problems else (index, "")


def _outlook(lke: Lke, stage: Stage, target: str, assumed: Mapping[str, str]) -> Outlook:
    rows = dict(lke.answers[stage])
    for name, index in assumed.items():
        code = SURVEYS[name]
        rows[code] = Answer(stage=stage, code=code, value={"index": index})
    then = Lke(lke.assessment, lke.instrument, {**lke.answers, stage: rows})
    given = [f"{name.upper()} {index.replace('.', ',')}" for name, index in assumed.items()]
    return Outlook(
        given=" dan ".join(given),
        total=points_apart(then.sheets[stage].total, ticks(lke.instrument, "total")),
        say=presenting.say_of(then, stage, target),
    )
