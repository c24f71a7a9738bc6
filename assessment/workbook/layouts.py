"""Layouts of the LKE workbook as data: `assessment/layouts/*.yaml`."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

FOLDER = Path(__file__).resolve().parents[1] / "layouts"

OWN_ROW = "%"
"""In `rows`, the key of a percentage's own row beside those of its counts."""


@dataclass(frozen=True, slots=True)
class ColumnHint:
    """How a column is found: by the beginning of its head (in small letters), else by its letter
    in the untouched form."""

    letter: str
    head: str = ""


@dataclass(frozen=True, slots=True)
class Layout:
    """One published form: what stands where. The comments of the YAML file explain each part."""

    code: str
    title: str
    instrument: str
    sheet: str
    columns: Mapping[str, ColumnHint]
    levels: int
    types: Mapping[str, str]
    letters: Mapping[str, str]
    labels: Mapping[str, Mapping[str, str]]
    total: str
    rows: Mapping[str, int | Mapping[str, int]]

    def row_hint(self, code: str) -> int | None:
        """The row of an indicator in the untouched form."""
        hint = self.rows.get(code)
        return hint.get(OWN_ROW) if isinstance(hint, Mapping) else hint

    def count_hints(self, code: str) -> Mapping[str, int]:
        """The rows of an indicator's counts in the untouched form, in their order."""
        hint = self.rows.get(code)
        if not isinstance(hint, Mapping):
            return {}
        return {key: row for key, row in hint.items() if key != OWN_ROW}


@cache
def layouts() -> tuple[Layout, ...]:
    """All layouts that the portal knows, by code."""
    return tuple(_load(path) for path in sorted(FOLDER.glob("*.yaml")))


def layouts_for(instrument_code: str) -> tuple[Layout, ...]:
    """The layouts in which an instrument circulates."""
    return tuple(each for each in layouts() if each.instrument == instrument_code)


def _load(path: Path) -> Layout:
    document: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
    columns = {name: ColumnHint(**hint) for name, hint in document.pop("columns").items()}
    return Layout(columns=columns, **document)
