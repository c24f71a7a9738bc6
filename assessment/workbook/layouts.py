"""Layouts of the LKE workbook as data: `assessment/layouts/*.yaml`."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import yaml

FOLDER = Path(__file__).resolve().parents[1] / "layouts"

OWN_ROW = "%"
"""In `rows`, the key of a percentage's own row beside those of its counts."""

UNIT, TPI = "unit", "tpi"
"""Whose answers are meant, as the stages are stored."""
TPI_PREFIX = "tpi_"
"""Columns of TPI's own: "tpi_answer" stands for "answer" where TPI's answers are meant."""


@dataclass(frozen=True, slots=True)
class ColumnHint:
    """How a column is found: by the beginning of its head (in small letters), else by its letter
    in the untouched form. An optional one is there only where its head says so."""

    letter: str
    head: str = ""
    optional: bool = False


@dataclass(frozen=True, slots=True)
class EvaluatorSheet:
    """A sheet on which evaluators write. Its rows are nodes, found by the code in column `code` or
    by the names beside the marks from column `numbering` on; `columns`: what is written where."""

    sheet: str
    columns: Mapping[str, str]
    numbering: str = ""
    code: str = ""


@dataclass(frozen=True, slots=True)
class Layout:
    """One published form: what stands where. The comments of the YAML files explain each part.

    Sheet, columns and rows are enough; then the rows are taken as they are told. With heads and
    numbering (`levels`, `types`, `labels` …) rows and columns are found where people moved them.
    """

    code: str
    title: str
    instrument: str
    sheet: str
    columns: Mapping[str, ColumnHint]
    rows: Mapping[str, int | Mapping[str, int]]
    levels: int = 0
    types: Mapping[str, str] = field(default_factory=dict)
    letters: Mapping[str, str] = field(default_factory=dict)
    labels: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    total: str = ""
    headings: Mapping[str, int] = field(default_factory=dict)
    totals: Mapping[str, int] = field(default_factory=dict)
    evaluator: tuple[EvaluatorSheet, ...] = ()

    @property
    def is_fixed(self) -> bool:
        """Whether it is known by its sheet and its rows alone."""
        return not self.levels

    def row_hint(self, code: str) -> int | None:
        """The row of an indicator in the untouched form; that of its first count where a
        percentage has none of its own."""
        hint = self.rows.get(code)
        if isinstance(hint, Mapping):
            return hint.get(OWN_ROW, min(hint.values()))
        return hint

    def row(self, code: str) -> int:
        """The row of a node in the untouched form of a layout that is written; KeyError if none."""
        row = self.headings.get(code) or self.row_hint(code)
        if row is None:
            raise KeyError(code)
        return row

    def count_hints(self, code: str) -> Mapping[str, int]:
        """The rows of an indicator's counts in the untouched form, in their order."""
        hint = self.rows.get(code)
        if not isinstance(hint, Mapping):
            return {}
        return {key: row for key, row in hint.items() if key != OWN_ROW}


@cache
def layouts() -> tuple[Layout, ...]:
    """All layouts that the portal knows, by code."""
    return tuple(load_layout(path) for path in sorted(FOLDER.glob("*.yaml")))


def layouts_for(instrument_code: str) -> tuple[Layout, ...]:
    """The layouts in which an instrument circulates."""
    return tuple(each for each in layouts() if each.instrument == instrument_code)


def load_layout(path: Path) -> Layout:
    """The layout that a YAML file describes."""
    document: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
    columns = {name: ColumnHint(**hint) for name, hint in document.pop("columns").items()}
    evaluator = tuple(EvaluatorSheet(**sheet) for sheet in document.pop("evaluator", ()))
    return Layout(columns=columns, evaluator=evaluator, **document)
