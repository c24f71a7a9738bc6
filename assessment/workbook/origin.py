"""Where an exported workbook came from: the visible sheet *Keterangan*, written and read here.

It carries the version of every answer at the export and a fingerprint of what was written, so that
a workbook that was filled offline says at its import which cells were changed in it, and which
answers were changed in the portal meanwhile.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from assessment.workbook.opening import Grid
from assessment.workbook.reading import Entry

SHEET = "Keterangan"
MARK = "Penanda LKE"
HEADS = ("Butir", "Penilaian", "Versi", "Sidik")
"""Columns A–D of the table: indicator, stage, version at the export, fingerprint."""
ROW_LIMIT = 1_000


@dataclass(frozen=True, slots=True)
class Origin:
    """The assessment (by its uuid) and the answers of one stage that a workbook was made from.

    `versions`: of each answer at the export, 0 where there was none. `untouched`: indicators whose
    cells still are what the export wrote.
    """

    mark: str
    versions: Mapping[str, int]
    untouched: frozenset[str]


def fingerprint(entry: Entry) -> str:
    """What tells whether an indicator's cells were changed: 16 hexadecimal digits."""
    told = json.dumps([entry.value, entry.note, entry.lines], sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(told.encode("utf-8", "surrogatepass")).hexdigest()[:16]


def read_origin(grids: Sequence[Grid], stage: str, entries: Iterable[Entry]) -> Origin | None:
    """The origin that a workbook claims; None without a sheet that does."""
    grid = next((grid for grid in grids if grid.name.strip() == SHEET), None)
    if grid is None:
        return None
    mark, versions, prints = "", {}, {}
    for row in sorted(grid.rows)[:ROW_LIMIT]:
        code, of_stage, version, told = (grid.text(column, row) for column in "ABCD")
        if code == MARK:
            mark = of_stage
        elif of_stage == stage and version.isdecimal():
            versions[code], prints[code] = int(version[:9]), told
    if not mark:
        return None
    untouched = (each.code for each in entries if prints.get(each.code) == fingerprint(each))
    return Origin(mark, versions, frozenset(untouched))


def as_json(origin: Origin) -> dict[str, Any]:
    return {
        "mark": origin.mark,
        "versions": dict(origin.versions),
        "untouched": sorted(origin.untouched),
    }


def from_json(data: Mapping[str, Any]) -> Origin:
    return Origin(data["mark"], data["versions"], frozenset(data["untouched"]))
