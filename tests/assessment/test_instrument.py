"""The instrument's file and what is refused in one."""

import json
from collections.abc import Callable, Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from assessment.instrument import (
    InstrumentError,
    canonical_json,
    compile_instrument,
    load_yaml,
    structure_digest,
    wording_digest,
)
from tests.assessment.samples import document, instrument

Data = dict[str, Any]


def nodes(data: Data) -> Iterator[Data]:
    """Every mapping with a code in a document's components."""
    for level in ("components", "aspects", "areas", "subcomponents", "indicators"):
        for child in data.get(level, ()):
            yield child
            yield from nodes(child)


def node(data: Data, code: str) -> Data:
    """The innermost node with this code."""
    return [each for each in nodes(data) if each["code"] == code][-1]


def count(data: Data, code: str, key: str) -> Data:
    return next(each for each in node(data, code)["counts"] if each["key"] == key)


def threshold(data: Data, code: str) -> Data:
    return next(each for each in data["thresholds"] if each["code"] == code)


# --- the official instrument -------------------------------------------------------------------


def test_it_has_the_official_numbers_of_everything() -> None:
    tree = instrument()
    types = [indicator.type for indicator in tree.indicators.values()]
    assert {kind: types.count(kind) for kind in set(types)} == {
        "ya_tidak": 17,
        "abc": 36,
        "abcd": 33,
        "abcde": 17,
        "persen": 8,
        "indeks": 2,
    }
    assert len(tree.indicators) == 113
    assert len(tree.subcomponents) == 45
    assert [area.code for area in tree.areas] == [
        *(f"A.I.{n}" for n in range(1, 7)),
        *(f"A.II.{n}" for n in range(1, 7)),
        "B.I",
        "B.II",
    ]
    assert len(tree.node_codes) == len(set(tree.node_codes)) == 173
    counts = [count for each in tree.indicators.values() for count in each.counts]
    assert len([count for count in counts if not count.sum_of]) == 22
    assert tree.weight == 100


def test_the_two_halves_of_an_area_weigh_the_same_and_belong_to_one_pokja() -> None:
    weights = {
        pokja: [area.weight for area in instrument().pokja_areas(pokja)] for pokja in "123456H"
    }
    assert {pokja: sum(both) for pokja, both in weights.items()} == {
        "1": 8, "2": 7, "3": 10, "4": 10, "5": 15, "6": 10, "H": 40,
    }  # fmt: skip
    assert all(weights[pokja][0] == weights[pokja][1] for pokja in "123456")


def test_codes_that_are_subcomponent_and_indicator_at_once_are_one_node() -> None:
    tree = instrument()
    for code in ("B.I.a", "B.I.b", "B.II.a"):
        assert tree.nodes[code] is tree.indicators[code]
        assert tree.subcomponents[code].weight == tree.indicators[code].weight


def test_what_nobody_can_change_any_more_is_fakta() -> None:
    facts = {code for code, each in instrument().indicators.items() if each.kendali == "fakta"}
    measured = {
        code
        for code, each in instrument().indicators.items()
        if each.is_percentage or each.is_index
    }
    assert facts == measured | {"B.I.b"}


def test_systems_and_staffing_of_the_ministry_are_not_in_the_unit_s_hands() -> None:
    kendali = {code: each.kendali for code, each in instrument().indicators.items()}
    assert kendali["A.I.2.ii.b"] == kendali["A.I.3.i.b"] == kendali["A.II.3.ii.a"] == "instansi"
    assert kendali["A.I.1.i.a"] == kendali["A.I.3.vi.a"] == "unit"


def test_a_derived_count_is_not_typed_and_stands_for_its_parts() -> None:
    indicator = instrument().indicator("A.II.5.iii.b")
    typed = ["administrator", "pengawas", "fungsional_pelaksana", "sudah"]
    assert [count.key for count in indicator.inputs] == typed
    assert [count.key for count in indicator.required_counts] == typed


def test_a_shared_count_is_required_but_typed_elsewhere() -> None:
    indicator = instrument().indicator("A.II.1.i.b")
    assert [count.key for count in indicator.inputs] == ["terintegrasi"]
    assert [count.key for count in indicator.required_counts] == ["perubahan", "terintegrasi"]
    assert instrument().shared_by == {("A.II.1.i.a", "perubahan"): ("A.II.1.i.b",)}


@pytest.mark.parametrize(("code", "key"), [("A.II.3.iii.a", "sanksi"), ("A.II.5.ii.a", "proses")])
def test_counts_outside_the_formula_are_asked_but_not_required(code: str, key: str) -> None:
    indicator = instrument().indicator(code)
    assert key in [count.key for count in indicator.inputs]
    assert key not in [count.key for count in indicator.required_counts]


def test_area_minima_are_kept_in_points() -> None:
    minima = {
        target: {each.code: each.minimum for each in instrument().thresholds[target]}
        for target in ("WBK", "WBBM")
    }
    assert minima["WBK"]["area.2"] == Fraction("4.2")
    assert minima["WBBM"]["area.5"] == Fraction("11.25")
    assert len(minima["WBK"]) == len(minima["WBBM"]) == 12


def test_wbbm_alone_asks_for_the_wbk_predicate() -> None:
    items = {item.code: item for item in instrument().eligibility}
    assert set(items["predikat_wbk"].requirement) == {"WBBM"}
    assert items["sakip_unit"].requirement == {"WBK": "paling rendah B", "WBBM": "paling rendah BB"}
    assert {code for code, item in items.items() if item.who == "instansi"} == {
        "opini_bpk", "sakip_instansi", "indeks_rb", "spip",
    }  # fmt: skip


def test_the_canonical_json_compiles_to_the_same_tree() -> None:
    again = compile_instrument(json.loads(canonical_json(document())))
    assert again.components == instrument().components
    assert again.thresholds == instrument().thresholds


def test_the_canonical_json_does_not_depend_on_the_order_of_fields() -> None:
    data = document()
    reversed_fields = dict(reversed(data.items()))
    assert canonical_json(reversed_fields) == canonical_json(data)
    assert ": " not in canonical_json({"a": [1, 2]})


# --- fingerprints ------------------------------------------------------------------------------


def reword_a_question(data: Data) -> None:
    node(data, "A.I.1.i.a")["text"] = "Tim pembangunan Zona Integritas sudah dibentuk."


def reword_a_criterion(data: Data) -> None:
    node(data, "A.I.1.i.b")["options"][0]["criterion"] = "Kriteria lain"


def relabel_a_count(data: Data) -> None:
    count(data, "A.II.1.i.a", "agen")["label"] = "Banyaknya agen"


def add_guidance_and_evidence(data: Data) -> None:
    slot = {"kind": "SK", "text": "SK tim kerja", "validity": "berlaku"}
    node(data, "A.I.1.i.a")["guidance"] = "Lampirkan surat keputusan."
    node(data, "A.I.1.i.a")["evidence"] = [slot]


@pytest.mark.parametrize(
    "reword",
    [reword_a_question, reword_a_criterion, relabel_a_count, add_guidance_and_evidence],
)
def test_a_new_wording_keeps_the_structure(reword: Callable[[Data], None]) -> None:
    data = document()
    reword(data)
    compile_instrument(data)
    assert structure_digest(data) == structure_digest(document())
    assert wording_digest(data) != wording_digest(document())


def test_another_spelling_of_a_number_is_the_same_structure() -> None:
    data = document()
    node(data, "A.I.1.i")["weight"] = "0.50"
    assert structure_digest(data) == structure_digest(document())


def change_kendali(data: Data) -> None:
    node(data, "A.I.1.i.a")["kendali"] = "instansi"


def change_zero_policy(data: Data) -> None:
    node(data, "A.II.5.ii.a")["rule"]["zero"] = "zero_warn"


def drop_a_limit(data: Data) -> None:
    del node(data, "A.II.4.i.a")["limits"]


def lower_a_threshold(data: Data) -> None:
    threshold(data, "total")["minimum"]["WBK"] = "74"


def change_the_scale(data: Data) -> None:
    data["scales"]["abcd"][1]["score"] = "2/3"


@pytest.mark.parametrize(
    "change",
    [change_kendali, change_zero_policy, drop_a_limit, lower_a_threshold, change_the_scale],
)
def test_what_moves_a_score_or_verdict_changes_the_structure(
    change: Callable[[Data], None],
) -> None:
    data = document()
    change(data)
    assert structure_digest(data) != structure_digest(document())


# --- bad instruments ---------------------------------------------------------------------------


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
