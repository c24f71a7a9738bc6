"""How a score is explained, line by line."""

from typing import Any

import pytest

from assessment.scoring import ScoreSheet, score
from tests.assessment.samples import instrument, sample_answers

DISCIPLINE = "A.II.3.iii.a"
COMPLAINTS = "A.II.5.ii.a"


def sheet(answers: dict[str, dict[str, Any]]) -> ScoreSheet:
    return score(instrument(), answers)


def counts(**numbers: int) -> dict[str, Any]:
    return {"counts": numbers}


def test_a_subcomponent_is_explained_down_to_its_answers() -> None:
    answers = {
        "A.II.6.i.a": {"choice": "B"},
        "A.II.6.i.b": counts(terdata=12, dipermudah=9),
    }
    assert sheet(answers).explain("A.II.6.i").lines == (
        "A.II.6.i.a jawaban B → 0,67",
        "A.II.6.i.b 9 ÷ 12 → 0,75",
        "Rata-rata 2 butir → 0,71",
        "Bobot × 2,50",
        "Nilai A.II.6.i 1,78",
    )


@pytest.mark.parametrize(
    ("code", "value", "lines"),
    [
        (
            "B.I.a",
            {"index": "3.71"},
            ("B.I.a 3,71 ÷ 4 → 0,93", "Bobot × 17,50", "Nilai B.I.a 16,23"),
        ),
        (
            "B.I.a",
            {"index": "3.7"},
            ("B.I.a 3,70 ÷ 4 → 0,93", "Bobot × 17,50", "Nilai B.I.a 16,19"),
        ),
        (
            DISCIPLINE,
            counts(lalu=4, ini=1),
            (f"{DISCIPLINE} (4 − 1) ÷ 4 → 0,75", "Bobot × 2,00", f"Nilai {DISCIPLINE} 1,50"),
        ),
        (
            COMPLAINTS,
            counts(harus=0, selesai=0),
            (
                f"{COMPLAINTS} 0 ÷ 0 → 1,00",
                "Tidak ada pengaduan: nilai 1, dengan bukti rekap nihil.",
                "Bobot × 3,00",
                f"Nilai {COMPLAINTS} 3,00",
            ),
        ),
        (
            "A.I.1.i.a",
            {},
            ("A.I.1.i.a belum dijawab → 0,00", "Bobot × 0,25", "Nilai A.I.1.i.a 0,00"),
        ),
    ],
)
def test_an_indicator_is_explained(code: str, value: dict[str, Any], lines: tuple[str]) -> None:
    assert sheet({code: value}).explain(code).lines == lines


def test_every_node_and_requirement_can_be_explained() -> None:
    result = sheet(sample_answers())
    for code in (*instrument().node_codes, "total", *(f"area.{n}" for n in range(1, 7))):
        explanation = result.explain(code)
        assert explanation.lines
        if explanation.mean is None and explanation.parts:
            assert sum(part.points for part in explanation.parts) == explanation.node.points
    assert result.explain("total").lines == (
        "A Pengungkit → 47,82",
        "B Hasil → 36,89",
        "Nilai 84,71 dari 100,00",
    )


def test_points_rebuilt_from_stored_fractions_are_explained_without_the_answers() -> None:
    result = sheet(sample_answers())
    stored = ScoreSheet.from_nodes(instrument(), result.as_nodes(), result.answered)
    assert stored.explain("A.II.6.i").lines[-1] == result.explain("A.II.6.i").lines[-1]
    assert stored.explain("A.II.6.i").lines[0] == "A.II.6.i.a nilai butir → 0,67"


def test_an_unknown_node_has_no_explanation() -> None:
    with pytest.raises(KeyError):
        sheet({}).explain("C.III")
