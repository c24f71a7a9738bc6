"""How one figure was calculated, as a page shows it: the lines, the way up, what is asked of it."""

from collections.abc import Iterable
from dataclasses import dataclass

from assessment.explaining import Explanation, Part
from assessment.instrument import Instrument, Node, child_nodes
from assessment.models import Stage
from assessment.scoring import ScoreSheet, resolved_count
from assessment.selectors import Lke
from zi_portal.ui import numbers
from zi_portal.ui.charts import short

STAGE_LABELS = {Stage.UNIT: "Penilaian mandiri", Stage.TPI: "Evaluasi TPI"}


@dataclass(frozen=True, slots=True)
class Line:
    """One step of a calculation; with a `code` it opens the calculation of that node."""

    text: str
    value: str
    code: str = ""
    answer: str = ""
    is_result: bool = False


@dataclass(frozen=True, slots=True)
class Calculation:
    """The calculation of one node or requirement at one stage.

    `path` leads from the total down to the node above (code, name). `area` names the page on
    which an indicator is answered.
    """

    code: str
    name: str
    stage: str
    stage_label: str
    value: str
    of: str
    lines: tuple[Line, ...]
    path: tuple[tuple[str, str], ...]
    demands: tuple[str, ...]
    criterion: str = ""
    warning: str = ""
    area: str = ""

    @property
    def slug(self) -> str:
        """The indicator's anchor on the page where it is answered."""
        return self.code.replace(".", "-")

    @property
    def is_node(self) -> bool:
        """Whether the code says something to a reader: that of a requirement does not."""
        return bool(self.path)


def calculate(lke: Lke, stage: Stage, code: str) -> Calculation:
    """How `code`, a node or a requirement ("total", "area.1"), came about at `stage`.

    KeyError when the instrument has neither.
    """
    sheet = lke.sheets[stage]
    explanation = sheet.explain(code)
    node = lke.instrument.nodes.get(code)
    demands = tuple(_demands(lke.instrument, sheet, code))
    decimals = max((decimals for _, decimals in demands), default=2)
    area = ""
    if code in lke.instrument.indicators:
        area = lke.instrument.indicator(code).area
    return Calculation(
        code=code,
        name=explanation.node.name,
        stage=stage.value,
        stage_label=STAGE_LABELS[stage],
        value=numbers.number(explanation.node.points, decimals),
        of=short(explanation.node.weight),
        lines=tuple(_lines(sheet, explanation, decimals)),
        path=_path(lke.instrument, node),
        demands=tuple(text for text, _ in demands),
        criterion=_criterion(lke, sheet, code),
        warning=explanation.warning or "",
        area=area,
    )


def _lines(sheet: ScoreSheet, explanation: Explanation, decimals: int) -> Iterable[Line]:
    """The parts, then mean and weight where there are any, then the value."""
    node = explanation.node
    value = numbers.number(node.points, decimals)
    if explanation.kind == "butir":
        yield from _count_lines(sheet, node.code)
        yield Line(node.answer[:1].upper() + node.answer[1:], numbers.points(node.ratio))
    for part in explanation.parts:
        yield _part_line(part, decimals)
    if explanation.mean is not None:
        yield Line(f"Rata-rata {len(explanation.parts)} butir", numbers.points(explanation.mean))
    if explanation.mean is not None or explanation.kind == "butir":
        yield Line("Dikali bobot", f"× {_weight(node)}")
    elif len(explanation.parts) > 1:
        yield Line("Bobot seluruhnya", f"dari {_weight(node)}")
    name = "Nilai" if explanation.kind == "syarat" else f"Nilai {node.code}"
    yield Line(name, value, is_result=True)


def _count_lines(sheet: ScoreSheet, code: str) -> Iterable[Line]:
    """The numbers of a percentage, by their names, as they enter its formula."""
    indicator = sheet.instrument.indicator(code)
    if not indicator.is_percentage or indicator.rule is None or sheet.answers is None:
        return
    for key in dict.fromkeys((indicator.rule.part, indicator.rule.whole)):
        number = resolved_count(indicator, key, sheet.answers)
        shown = "kosong" if number is None else numbers.count(number)
        yield Line(indicator.count(key).label, shown)


def _weight(part: Part) -> str:
    """A weight as it is: exact with two decimals, or as the fraction that it is."""
    if (part.weight * 100).denominator == 1:
        return numbers.points(part.weight)
    return f"{part.weight.numerator}/{part.weight.denominator}"


def _part_line(part: Part, decimals: int) -> Line:
    """An indicator gives its ratio to the mean, any other node its points to the sum."""
    if part.answer:
        return Line(part.name, numbers.points(part.ratio), part.code, part.answer)
    return Line(part.name, numbers.number(part.points, decimals), part.code)


def _path(instrument: Instrument, node: Node | None) -> tuple[tuple[str, str], ...]:
    """From the total down to the parent of a node; nothing for a requirement."""
    if node is None:
        return ()
    return (("total", "Nilai total"), *(_above(instrument.components, node) or ()))


def _above(nodes: Iterable[Node], node: Node) -> tuple[tuple[str, str], ...] | None:
    """The nodes above `node` within these branches; None when it is not there.

    A sub-component that is an indicator at once is one step, not two.
    """
    for each in nodes:
        if each.code == node.code:
            return ()
        below = _above(child_nodes(each), node)
        if below is not None:
            return ((each.code, each.name), *below)
    return None


def _demands(instrument: Instrument, sheet: ScoreSheet, code: str) -> Iterable[tuple[str, int]]:
    """What each target asks of a requirement, with the decimals that tell it from the value."""
    for target, thresholds in instrument.thresholds.items():
        for each in thresholds:
            if each.code == code:
                actual = sum((sheet.points(node) for node in each.nodes), start=each.minimum * 0)
                _, required = numbers.apart(actual, each.minimum)
                decimals = len(required.partition(",")[2])
                share = ""
                if code.startswith("area."):
                    share = f" ({numbers.percent(each.minimum / each.weight)} dari bobot)"
                yield f"{target} meminta paling sedikit {required}{share}", decimals


def _criterion(lke: Lke, sheet: ScoreSheet, code: str) -> str:
    """The criterion that was chosen, in its own words."""
    if code not in lke.instrument.indicators or sheet.answers is None:
        return ""
    option = lke.instrument.indicator(code).option(sheet.answers.get(code, {}).get("choice"))
    return option.criterion if option else ""
