"""The official instrument, and the two fingerprints of a document."""

import json
from collections.abc import Callable
from fractions import Fraction

import pytest

from assessment.instrument import (
    canonical_json,
    compile_instrument,
    structure_digest,
    wording_digest,
)
from tests.assessment.documents import Data, count, node, threshold
from tests.assessment.samples import document, instrument

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
