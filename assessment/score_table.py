"""A stage's score as a text for the terminal, in Indonesian."""

from collections.abc import Iterator, Sequence
from fractions import Fraction

from assessment.instrument import Area, Aspect, Component, Instrument
from assessment.stage_score import Finding, StageScore
from zi_portal.ui import numbers

STAGES = {"unit": "penilaian mandiri", "tpi": "evaluasi TPI", "tpn": "TPN"}
UNKNOWN = "–"


def lines(instrument: Instrument, score: StageScore) -> Iterator[str]:
    """The score line by line: total, completeness, areas, then each target's requirements."""
    stage = STAGES[score.stage]
    yield f"Nilai menurut {stage}: {_points(score.total)} dari 100"
    yield _completeness(score)
    yield ""
    yield from _table(("", "Area", "Bobot", "Nilai"), list(_areas(instrument, score)), {2, 3})
    for target, findings in score.findings.items():
        yield ""
        yield f"Menurut {stage}: {_verdict(score, target)}"
        yield from _table(
            ("Syarat", "Diminta", "Nilai", "Selisih", "Hasil"), list(map(_row, findings)), {1, 2, 3}
        )


def _areas(instrument: Instrument, score: StageScore) -> Iterator[tuple[str, ...]]:
    """Components, aspects and areas: a page full, not all 173 nodes."""
    for code, node in instrument.nodes.items():
        if isinstance(node, Component | Aspect | Area):
            yield code, node.name, numbers.points(node.weight), _points(score.nodes.get(code))


def _points(points: Fraction | None) -> str:
    return UNKNOWN if points is None else numbers.points(points)


def _completeness(score: StageScore) -> str:
    found = score.completeness
    if found is None:
        return f"Hasil: {score.outcome}"
    parts = [f"Kelengkapan: {found.answered} dari {found.total} butir terisi"]
    if found.emptied:
        parts.append(f"{found.emptied} dikosongkan dengan alasan")
    if found.judged is not None:
        parts.append(f"{found.judged} dinilai TPI")
    return ", ".join(parts)


def _verdict(score: StageScore, target: str) -> str:
    """An incomplete sheet is that before anything else (domain.md §4)."""
    words = {
        True: f"memenuhi syarat nilai {target}",
        False: f"belum memenuhi syarat nilai {target}",
        None: f"syarat nilai {target} belum dapat dipastikan",
    }[score.passed(target)]
    if score.completeness is None or score.completeness.complete:
        return words
    return f"belum lengkap; sejauh ini {words}"


def _row(finding: Finding) -> tuple[str, ...]:
    if finding.actual is None or finding.gap is None:
        required = numbers.points(finding.required)
        return finding.label, required, UNKNOWN, UNKNOWN, "belum diketahui"
    required, actual = numbers.apart(finding.required, finding.actual)
    result = "terpenuhi" if finding.passed else "kurang"
    return finding.label, required, actual, numbers.signed(finding.gap), result


def _table(head: Sequence[str], rows: Sequence[Sequence[str]], figures: set[int]) -> Iterator[str]:
    """Aligned columns; those of `figures` hold numbers and stand to the right."""
    widths = [max(map(len, column)) for column in zip(head, *rows, strict=True)]
    for row in (head, *rows):
        cells = [
            cell.rjust(width) if at in figures else cell.ljust(width)
            for at, (cell, width) in enumerate(zip(row, widths, strict=True))
        ]
        yield "  ".join(cells).rstrip()
