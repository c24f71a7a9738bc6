"""Bad instruments and broken files are refused with place and reason."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from assessment.instrument import InstrumentError, compile_instrument, load_yaml
from tests.assessment.documents import Data, count, node, threshold
from tests.assessment.samples import document


def problems_of(data: Any) -> list[tuple[str, str]]:
    with pytest.raises(InstrumentError) as caught:
        compile_instrument(data)
    return [(problem.place, problem.reason) for problem in caught.value.problems]


BAD: list[tuple[str, Callable[[Data], object], str, str]] = [
    (
        "weight of a component",
        lambda d: d["components"][1].update(weight="41"),
        "total",
        "101; seharusnya 100",
    ),
    (
        "weight of a sub-component",
        lambda d: node(d, "A.I.2.iii").update(weight="1"),
        "A.I.2",
        "Jumlah bobot di bawahnya 4; seharusnya 7/2.",
    ),
    (
        "a third that is not exact",
        lambda d: node(d, "A.I.1.ii.a").update(weight="0.333333"),
        "A.I.1.ii.a",
        "seharusnya 1 ÷ 3 = 1/3",
    ),
    (
        "indicators that do not share the weight equally",
        lambda d: [
            node(d, "A.I.1.i.a").update(weight="1/8"),
            node(d, "A.I.1.i.b").update(weight="3/8"),
        ],
        "A.I.1.i.b",
        "Bobot butir 3/8",
    ),
    (
        "a code used twice",
        lambda d: node(d, "A.I.1.i.b").update(code="A.I.1.i.a"),
        "A.I.1.i.a",
        "Kode ini dipakai 2 kali.",
    ),
    (
        "a code outside its parent",
        lambda d: node(d, "A.I.1.iv.d").update(code="A.I.2.iv.d"),
        "A.I.2.iv.d",
        "tidak diawali kode induknya, A.I.1.iv",
    ),
    (
        "a missing option",
        lambda d: node(d, "A.I.1.iii.a")["options"].pop(),
        "A.I.1.iii.a › options",
        "Pilihannya A, B, C; seharusnya A, B, C, D.",
    ),
    (
        "a score off the scale",
        lambda d: node(d, "A.I.1.iii.a")["options"][1].update(score="2/3"),
        "A.I.1.iii.a › options B",
        "Nilainya 2/3; pada skala 0.67.",
    ),
    (
        "an unknown type of answer",
        lambda d: node(d, "A.I.1.iii.a").update(type="abcdef"),
        "A.I.1.iii.a › type",
        "“abcdef” tidak dikenal",
    ),
    (
        "options where counts belong",
        lambda d: node(d, "A.II.4.i.a").pop("counts"),
        "A.II.4.i.a",
        "“counts” harus ada",
    ),
    (
        "a formula of an unknown count",
        lambda d: node(d, "A.II.4.i.a")["rule"].update(part="selesai"),
        "A.II.4.i.a › rule",
        "“selesai” tidak ada",
    ),
    (
        "a limit on an unknown count",
        lambda d: node(d, "A.II.4.i.a")["limits"][0].update(whole="target"),
        "A.II.4.i.a › limits",
        "“target” tidak ada",
    ),
    (
        "a sum of an unknown count",
        lambda d: count(d, "A.II.5.iii.a", "harus")["sum_of"].append("tamu"),
        "A.II.5.iii.a › counts harus",
        "“tamu” tidak ada",
    ),
    (
        "a sum of itself",
        lambda d: count(d, "A.II.5.iii.a", "harus")["sum_of"].append("harus"),
        "A.II.5.iii.a › counts harus",
        "tidak boleh berantai",
    ),
    (
        "a count shared with nothing",
        lambda d: count(d, "A.II.1.i.b", "perubahan").update(same_as="A.II.1.i.a.inovasi"),
        "A.II.1.i.b › counts perubahan",
        "“A.II.1.i.a.inovasi” bukan isian jumlah butir lain",
    ),
    (
        "two counts that are shared with each other",
        lambda d: count(d, "A.II.1.i.a", "perubahan").update(same_as="A.II.1.i.b.perubahan"),
        "A.II.1.i.a › counts perubahan",
        "tidak boleh berantai",
    ),
    (
        "a count of the formula marked as outside it",
        lambda d: count(d, "A.II.4.i.a", "sasaran").update(counts=False),
        "A.II.4.i.a › counts sasaran",
        "dipakai dalam rumus",
    ),
    (
        "a zero policy of another formula",
        lambda d: node(d, "A.II.4.i.a")["rule"].update(zero="one_if_both_zero"),
        "A.II.4.i.a › rule",
        "tidak berlaku pada rumus ratio",
    ),
    (
        "a threshold on an unknown node",
        lambda d: threshold(d, "area.6")["nodes"].append("A.III.6"),
        "syarat area.6",
        "“A.III.6” tidak ada",
    ),
    (
        "a threshold above the weight",
        lambda d: threshold(d, "B.II")["minimum"].update(WBBM="17.51"),
        "syarat B.II › WBBM",
        "paling banyak 35/2",
    ),
    (
        "a threshold above all percent",
        lambda d: threshold(d, "area.1")["percent"].update(WBK="101"),
        "syarat area.1 › WBK",
        "paling banyak 100",
    ),
    (
        "a threshold in points and percent",
        lambda d: threshold(d, "area.1").update(minimum={"WBK": "1", "WBBM": "1"}),
        "syarat area.1",
        "salah satu saja",
    ),
    (
        "eligibility from an unknown indicator",
        lambda d: d["eligibility"][7].update(derived_from=["A.II.5.iv"]),
        "syarat pengusulan lhkpn_lhkan",
        "“A.II.5.iv” tidak ada",
    ),
    (
        "an unknown field",
        lambda d: node(d, "A.I.1.i.a").update(bobot="1/4"),
        "A.I.1.i.a",
        "“bobot” tidak dikenal",
    ),
    (
        "a missing field",
        lambda d: node(d, "A.I.1.i.a").pop("kendali"),
        "A.I.1.i.a",
        "“kendali” harus ada",
    ),
    (
        "a missing code",
        lambda d: node(d, "A.I.1.i.b").pop("code"),
        "A.I.1.i › indicators › ke-2",
        "“code” harus ada",
    ),
    (
        "a weight that is a float",
        lambda d: node(d, "A.I.1.i.a").update(weight=0.25),
        "A.I.1.i.a › weight",
        "seharusnya teks dalam tanda kutip",
    ),
    (
        "a weight divided by zero",
        lambda d: node(d, "A.I.1.i.a").update(weight="1/0"),
        "A.I.1.i.a › weight",
        "tidak sesuai",
    ),
    (
        "an unknown kendali",
        lambda d: node(d, "A.I.1.i.a").update(kendali="pusat"),
        "A.I.1.i.a › kendali",
        "pilihannya “unit”, “instansi”, “fakta”",
    ),
    (
        "a formula as text",
        lambda d: node(d, "A.II.4.i.a").update(rule="tercapai / sasaran"),
        "A.II.4.i.a › rule",
        "seharusnya kumpulan bagian bernama",
    ),
]


@pytest.mark.parametrize(
    ("spoil", "place", "reason"), [case[1:] for case in BAD], ids=[case[0] for case in BAD]
)
def test_a_bad_instrument_is_refused_with_place_and_reason(
    spoil: Callable[[Data], object], place: str, reason: str
) -> None:
    data = document()
    spoil(data)
    assert [(at, why) for at, why in problems_of(data) if at == place and reason in why]


def test_all_problems_are_named_at_once_and_none_twice() -> None:
    data = document()
    node(data, "A.I.1.i.a").pop("kendali")
    node(data, "A.I.1.i.a").pop("type")
    node(data, "B.I.b").pop("text")
    problems = problems_of(data)
    assert {place for place, _ in problems} == {"A.I.1.i.a", "B.I.b"}
    assert len(problems) == len(set(problems))


@pytest.mark.parametrize("nonsense", [[], {}, "instrumen", None, {"components": []}])
def test_what_is_no_instrument_at_all_is_refused(nonsense: object) -> None:
    assert problems_of(nonsense)


# --- files -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("content", "place", "reason"),
    [
        (b"a: 1\nb: [", "i.yaml, baris 3", "tidak dapat dibaca"),
        (b"a: 1\nb: 2\na: 3\n", "i.yaml, baris 3", "“a” tertulis dua kali"),
        (b"a: &x [1]\nb: [*x, *x]\n", "i.yaml", "Rujukan YAML"),
        (b"- 1\n- 2\n", "i.yaml", "tidak berisi sebuah instrumen"),
        (b"", "i.yaml", "tidak berisi sebuah instrumen"),
        (b"a: \xff\xfe", "i.yaml", "bukan teks UTF-8"),
        (b"a: !!python/object/apply:os.getcwd []\n", "i.yaml, baris 1", "tidak dapat dibaca"),
        pytest.param(b"[" * 100_000, "i.yaml", "tidak dapat dibaca", id="deep"),
        pytest.param(b"a" * 5_000_001, "i.yaml", "lebih besar dari 5 MB", id="5 MB"),
    ],
)
def test_a_broken_file_is_refused_with_its_line(
    tmp_path: Path, content: bytes, place: str, reason: str
) -> None:
    file = tmp_path / "i.yaml"
    file.write_bytes(content)
    with pytest.raises(InstrumentError) as caught:
        load_yaml(file)
    [problem] = caught.value.problems
    assert problem.place.startswith(place)
    assert reason in problem.reason


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InstrumentError, match=r"kosong\.yaml: Berkas tidak dapat dibaca"):
        load_yaml(tmp_path / "kosong.yaml")
