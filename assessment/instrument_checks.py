"""What makes a document a good instrument: its shape (JSON Schema), then its meaning.

Every check adds to one list, so that the author of an instrument sees all faults at once. Reasons
are Indonesian sentences; a place is the code of the node, followed by the field.
"""

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator, ValidationError

from assessment.instrument_document import Document, Problem
from assessment.instrument_tree import COUNT_TYPE, INDEX_TYPE

Node = Mapping[str, Any]

FULL_WEIGHT = Fraction(100)
#: The zero policies each rule of counts knows.
ZERO_POLICIES = {"ratio": {"one", "zero_warn"}, "decrease": {"one_if_both_zero"}}
#: The tests a consistency condition can be: one of these sets of fields beside the indicator.
CONDITION_TESTS = ({"is"}, {"below"}, {"at_most"}, {"above"}, {"fewer", "than"})
#: The bound that would make a test of a ratio (0..1) always or never true.
IDLE_BOUNDS = {"below": 0, "at_most": 1, "above": 1}


def find_problems(document: Document) -> list[Problem]:
    """Every fault of `document`; empty when it is a good instrument.

    Meaning is only checked once the shape is right, since it would stumble over every gap.
    """
    shape = dict.fromkeys(_shape_problems(document))
    return list(shape) or list(_meaning_problems(document))


# --- shape -------------------------------------------------------------------------------------


@cache
def _validator() -> Draft202012Validator:
    schema = Path(__file__).with_name("instrument_schema.json").read_text(encoding="utf-8")
    return Draft202012Validator(json.loads(schema))


def _shape_problems(document: Document) -> Iterator[Problem]:
    for error in sorted(_validator().iter_errors(document), key=lambda e: list(map(str, e.path))):
        yield Problem(_place(document, list(error.absolute_path)), _shape_reason(error))


def _place(document: Any, path: Sequence[str | int]) -> str:
    """The path as a reader knows it: the innermost code, then the fields beneath it."""
    code, value = "instrumen", document
    rest: list[str] = []
    for step in path:
        value = value[step]
        name = str(step) if isinstance(step, str) else f"ke-{step + 1}"
        if isinstance(value, Mapping) and isinstance(value.get("code"), str):
            code, rest = value["code"], []
        elif isinstance(value, Mapping) and isinstance(value.get("key"), str):
            rest[-1:] = [f"{rest[-1]} {value['key']}" if rest else value["key"]]
        else:
            rest.append(name)
    return " › ".join([code, *rest])


def _shape_reason(error: ValidationError) -> str:
    value: Any = error.validator_value
    found: Any = error.instance
    shown = json.dumps(found, ensure_ascii=False, default=str)[:60]
    match error.validator:
        case "required":
            missing = [name for name in value if name not in found]
            return f"Bagian {_quoted(missing)} harus ada."
        case "additionalProperties":
            known = error.schema.get("properties", {}) if isinstance(error.schema, Mapping) else {}
            unknown = [str(name) for name in found if name not in known]
            return f"Bagian {_quoted(unknown)} tidak dikenal."
        case "enum":
            return f"Isinya {shown}; pilihannya {_quoted(value)}."
        case "type":
            return f"Isinya {shown}; seharusnya {_TYPE_NAMES.get(value, value)}."
        case "minItems" | "minProperties":
            return f"Isinya terlalu sedikit; paling sedikit {value}."
        case "minLength":
            return "Isinya kosong."
        case "maxLength":
            return f"Isinya terlalu panjang; paling banyak {value} huruf."
        case _:
            return f"Penulisan {shown} tidak sesuai."


_TYPE_NAMES = {
    "string": "teks dalam tanda kutip",
    "object": "kumpulan bagian bernama",
    "array": "daftar",
    "boolean": "true atau false",
}


def _quoted(names: Iterable[str]) -> str:
    return ", ".join(f"“{name}”" for name in names)


# --- meaning -----------------------------------------------------------------------------------


def _meaning_problems(document: Document) -> Iterator[Problem]:
    yield from _scale_problems(document)
    yield from _node_problems(document)
    yield from _sum_problems("total", FULL_WEIGHT, document["components"])
    indicators: dict[str, Node] = {}
    for component in document["components"]:
        if ("aspects" in component) == ("areas" in component):
            reason = "Komponen harus memuat aspek atau area, salah satu saja."
            yield Problem(component["code"], reason)
            continue
        yield from _branch_problems(component)
        indicators |= {node["code"]: node for node in _leaves(component)}
    for indicator in indicators.values():
        yield from _indicator_problems(indicator, indicators, document["scales"])
    yield from _threshold_problems(document)
    yield from _eligibility_problems(document, indicators)
    yield from _consistency_problems(document, indicators)


def children(node: Node) -> list[Node]:
    """The nodes directly beneath one, whatever its level; none beneath an indicator."""
    for level in ("aspects", "areas", "subcomponents", "indicators"):
        if level in node:
            return list(node[level])
    return []


def _walk(nodes: Iterable[Node]) -> Iterator[Node]:
    for node in nodes:
        yield node
        yield from _walk(children(node))


def _leaves(node: Node) -> Iterator[Node]:
    return (each for each in _walk([node]) if not children(each))


def _is_own_subcomponent(parent: Node, child: Node) -> bool:
    """Whether a sub-component and its only indicator are one and share their code (B.I.a)."""
    return bool(parent["code"] == child["code"] and len(parent.get("indicators", [])) == 1)


def _scale_problems(document: Document) -> Iterator[Problem]:
    for name, options in document["scales"].items():
        place = f"skala {name}"
        scores = [Fraction(option["score"]) for option in options]
        if len({option["key"] for option in options}) != len(options):
            yield Problem(place, "Pilihannya ada yang sama.")
        if scores != sorted(set(scores), reverse=True) or scores[0] != 1 or scores[-1] != 0:
            yield Problem(place, "Nilainya harus menurun dari 1 sampai 0.")
        if name in (COUNT_TYPE, INDEX_TYPE):
            yield Problem(place, "Nama ini milik jenis jawaban tanpa pilihan.")


def _node_problems(document: Document) -> Iterator[Problem]:
    seen: Counter[str] = Counter()
    for node in _walk(document["components"]):
        seen[node["code"]] += 1
        if Fraction(node["weight"]) == 0:
            yield Problem(node["code"], "Bobotnya 0.")
        for child in children(node):
            if _is_own_subcomponent(node, child):
                seen[child["code"]] -= 1
            elif not child["code"].startswith(node["code"] + "."):
                reason = f"Kode ini tidak diawali kode induknya, {node['code']}."
                yield Problem(child["code"], reason)
    for code, times in seen.items():
        if times > 1:
            yield Problem(code, f"Kode ini dipakai {times} kali.")


def _branch_problems(node: Node) -> Iterator[Problem]:
    """The sums below a node; the indicators of a sub-component also share its weight equally,
    because a sub-component is the plain mean of its indicators times its weight."""
    parts = children(node)
    if not parts:
        return
    weight = Fraction(node["weight"])
    yield from _sum_problems(node["code"], weight, parts)
    for part in parts:
        if "indicators" in node and Fraction(part["weight"]) != weight / len(parts):
            share = f"{weight} ÷ {len(parts)} = {weight / len(parts)}"
            yield Problem(part["code"], f"Bobot butir {part['weight']}; seharusnya {share}.")
        yield from _branch_problems(part)


def _sum_problems(place: str, weight: Fraction, parts: Iterable[Node]) -> Iterator[Problem]:
    total = sum((Fraction(part["weight"]) for part in parts), Fraction())
    if total != weight:
        yield Problem(place, f"Jumlah bobot di bawahnya {total}; seharusnya {weight}.")


# --- indicators --------------------------------------------------------------------------------


def _indicator_problems(
    indicator: Node, indicators: Mapping[str, Node], scales: Mapping[str, Any]
) -> Iterator[Problem]:
    code, type_ = indicator["code"], indicator["type"]
    if type_ not in (COUNT_TYPE, INDEX_TYPE, *scales):
        yield Problem(f"{code} › type", f"Jenis jawaban “{type_}” tidak dikenal.")
        return
    expected = {COUNT_TYPE: {"counts", "rule"}, INDEX_TYPE: {"rule"}}.get(type_, {"options"})
    allowed = expected | ({"limits"} if type_ == COUNT_TYPE else set())
    present = {name for name in ("options", "counts", "limits", "rule") if name in indicator}
    for name in sorted(expected - present):
        yield Problem(code, f"Bagian “{name}” harus ada pada jenis {type_}.")
    for name in sorted(present - allowed):
        yield Problem(code, f"Bagian “{name}” tidak berlaku pada jenis {type_}.")
    if present >= expected and present <= allowed:
        if type_ == COUNT_TYPE:
            yield from _count_problems(indicator, indicators)
        elif type_ == INDEX_TYPE:
            yield from _index_problems(indicator)
        else:
            yield from _option_problems(indicator, scales[type_])


def _option_problems(indicator: Node, scale: Sequence[Node]) -> Iterator[Problem]:
    place = f"{indicator['code']} › options"
    keys = [option["key"] for option in indicator["options"]]
    scale_keys = [option["key"] for option in scale]
    if keys != scale_keys:
        reason = f"Pilihannya {', '.join(keys)}; seharusnya {', '.join(scale_keys)}."
        yield Problem(place, reason)
        return
    for option, norm in zip(indicator["options"], scale, strict=True):
        if Fraction(option["score"]) != Fraction(norm["score"]):
            reason = f"Nilainya {option['score']}; pada skala {norm['score']}."
            yield Problem(f"{place} {option['key']}", reason)


def _index_problems(indicator: Node) -> Iterator[Problem]:
    place, rule = f"{indicator['code']} › rule", indicator["rule"]
    if set(rule) != {"name", "maximum"} or rule["name"] != "index":
        yield Problem(place, "Jenis indeks memakai rumus “index” dengan “maximum” saja.")
    elif Fraction(rule["maximum"]) == 0:
        yield Problem(place, "Nilai tertinggi indeks tidak boleh 0.")


def _count_problems(indicator: Node, indicators: Mapping[str, Node]) -> Iterator[Problem]:
    code, rule = indicator["code"], indicator["rule"]
    counts = {count["key"]: count for count in indicator["counts"]}
    if len(counts) != len(indicator["counts"]):
        yield Problem(f"{code} › counts", "Ada isian jumlah dengan kunci yang sama.")
    fields = {"name", "part", "whole", "zero", "zero_text"}
    if rule["name"] not in ZERO_POLICIES or set(rule) != fields:
        wanted = "name, part, whole, zero, zero_text"
        reason = f"Rumus persentase adalah “ratio” atau “decrease” dengan bagian {wanted}."
        yield Problem(f"{code} › rule", reason)
        return
    if rule["zero"] not in ZERO_POLICIES[rule["name"]]:
        reason = f"Kebijakan nol “{rule['zero']}” tidak berlaku pada rumus {rule['name']}."
        yield Problem(f"{code} › rule", reason)
    if rule["part"] == rule["whole"]:
        yield Problem(f"{code} › rule", "Pembilang dan penyebutnya isian yang sama.")
    references = [("rule", key) for key in (rule["part"], rule["whole"])]
    for limit in indicator.get("limits", []):
        references += [("limits", key) for key in (*limit["parts"], limit["whole"])]
        if limit["whole"] in limit["parts"] or len(set(limit["parts"])) != len(limit["parts"]):
            yield Problem(f"{code} › limits", "Isian yang sama tertulis lebih dari sekali.")
    for count in counts.values():
        references += [(f"counts {count['key']}", key) for key in count.get("sum_of", [])]
    unknown = [(field, key) for field, key in references if key not in counts]
    for field, key in unknown:
        yield Problem(f"{code} › {field}", f"Isian jumlah “{key}” tidak ada pada butir ini.")
    for count in counts.values():
        yield from _derived_problems(code, count, counts, indicators)
    if not unknown:
        yield from _use_problems(code, rule, counts)


def _derived_problems(
    code: str, count: Node, counts: Mapping[str, Node], indicators: Mapping[str, Node]
) -> Iterator[Problem]:
    """A sum is of counts of the same indicator and a shared count is typed elsewhere, one step
    away: so no chain and no circle can arise."""
    place = f"{code} › counts {count['key']}"
    parts = count.get("sum_of", [])
    if parts and "same_as" in count:
        yield Problem(place, "Isian tidak dapat dijumlahkan dan sekaligus disamakan.")
    if len(set(parts)) != len(parts):
        yield Problem(place, "Isian yang sama dijumlahkan lebih dari sekali.")
    for key in parts:
        if key == count["key"] or "sum_of" in counts.get(key, {}):
            reason = f"“{key}” sendiri hasil penjumlahan; penjumlahan tidak boleh berantai."
            yield Problem(place, reason)
    if "same_as" not in count:
        return
    owner, _, key = count["same_as"].rpartition(".")
    targets = {each["key"]: each for each in indicators.get(owner, {}).get("counts", [])}
    if owner == code or key not in targets:
        yield Problem(place, f"“{count['same_as']}” bukan isian jumlah butir lain.")
    elif {"sum_of", "same_as"} & set(targets[key]):
        reason = f"“{count['same_as']}” tidak diisi langsung; penyamaan tidak boleh berantai."
        yield Problem(place, reason)


def _use_problems(code: str, rule: Node, counts: Mapping[str, Node]) -> Iterator[Problem]:
    used = {rule["part"], rule["whole"]}
    used |= {part for key in used for part in counts[key].get("sum_of", [])}
    for key, count in counts.items():
        if (key in used) != count.get("counts", True):
            reason = "dipakai dalam rumus" if key in used else "tidak dipakai dalam rumus"
            yield Problem(f"{code} › counts {key}", f"Isian ini {reason}; “counts” berkata lain.")


# --- requirements ------------------------------------------------------------------------------


def _threshold_problems(document: Document) -> Iterator[Problem]:
    weights = {node["code"]: Fraction(node["weight"]) for node in _walk(document["components"])}
    codes = [threshold["code"] for threshold in document["thresholds"]]
    for code, times in Counter(codes).items():
        if times > 1:
            yield Problem(f"syarat {code}", f"Syarat ini tertulis {times} kali.")
    for threshold in document["thresholds"]:
        place = f"syarat {threshold['code']}"
        unknown = [node for node in threshold["nodes"] if node not in weights]
        for node in unknown:
            yield Problem(place, f"Simpul “{node}” tidak ada pada instrumen.")
        if ("minimum" in threshold) == ("percent" in threshold):
            yield Problem(place, "Syarat memuat “minimum” atau “percent”, salah satu saja.")
            continue
        if len(set(threshold["nodes"])) != len(threshold["nodes"]):
            yield Problem(place, "Simpul yang sama tertulis lebih dari sekali.")
        if threshold["code"] in weights and threshold["nodes"] != [threshold["code"]]:
            yield Problem(place, "Kode simpul dipakai untuk syarat atas simpul lain.")
        if unknown:
            continue
        field = "minimum" if "minimum" in threshold else "percent"
        whole = sum((weights[node] for node in threshold["nodes"]), Fraction())
        limit = whole if field == "minimum" else FULL_WEIGHT
        for target, value in threshold[field].items():
            if Fraction(value) > limit:
                yield Problem(f"{place} › {target}", f"Diminta {value}; paling banyak {limit}.")


def _eligibility_problems(document: Document, indicators: Mapping[str, Node]) -> Iterator[Problem]:
    codes = Counter(item["code"] for item in document["eligibility"])
    for item in document["eligibility"]:
        place = f"syarat pengusulan {item['code']}"
        if codes[item["code"]] > 1:
            yield Problem(place, "Kode ini dipakai lebih dari sekali.")
        for code in item.get("derived_from", []):
            if code not in indicators:
                yield Problem(place, f"Butir “{code}” tidak ada pada instrumen.")


# --- consistency -------------------------------------------------------------------------------


def _consistency_problems(document: Document, indicators: Mapping[str, Node]) -> Iterator[Problem]:
    seen: list[tuple[Node, Node]] = []
    for number, rule in enumerate(document.get("konsistensi", []), start=1):
        place, sides = f"konsistensi ke-{number}", (rule["when"], rule["but"])
        if sides[0]["indicator"] == sides[1]["indicator"]:
            yield Problem(place, "Aturan harus membandingkan dua butir yang berbeda.")
        if sides in seen:
            yield Problem(place, "Aturan yang sama sudah tertulis.")
        seen.append(sides)
        for name, condition in zip(("when", "but"), sides, strict=True):
            for reason in _condition_faults(condition, indicators):
                yield Problem(f"{place} › {name}", reason)


def _condition_faults(condition: Node, indicators: Mapping[str, Node]) -> Iterator[str]:
    indicator = indicators.get(condition["indicator"])
    tests = set(condition) - {"indicator"}
    if indicator is None:
        yield f"Butir “{condition['indicator']}” tidak ada pada instrumen."
    elif tests not in CONDITION_TESTS:
        known = _quoted(" dan ".join(sorted(test)) for test in CONDITION_TESTS)
        yield f"Syarat memuat tepat satu dari {known}."
    elif "is" in tests:
        yield from _choice_faults(condition["is"], indicator)
    elif "fewer" in tests:
        yield from _comparison_faults(condition, indicator)
    else:
        yield from _ratio_faults(condition, indicator)


def _choice_faults(keys: Sequence[str], indicator: Node) -> Iterator[str]:
    options = [option["key"] for option in indicator.get("options", [])]
    for key in keys:
        if key not in options:
            yield f"Pilihan “{key}” tidak ada pada butir {indicator['code']}."
    if options and set(keys) >= set(options):
        yield "Semua pilihan disebut, sehingga syarat ini selalu terpenuhi."


def _comparison_faults(condition: Node, indicator: Node) -> Iterator[str]:
    counts = {count["key"] for count in indicator.get("counts", [])}
    for key in (condition["fewer"], condition["than"]):
        if key not in counts:
            yield f"Isian jumlah “{key}” tidak ada pada butir {indicator['code']}."
    if condition["fewer"] == condition["than"]:
        yield "Isian jumlah dibandingkan dengan dirinya sendiri."


def _ratio_faults(condition: Node, indicator: Node) -> Iterator[str]:
    if "options" in indicator:
        yield f"Butir {indicator['code']} berupa pilihan; syaratnya memakai “is”."
    for name, idle in IDLE_BOUNDS.items():
        if name in condition and not _decides(Fraction(condition[name]), idle):
            yield f"Batas “{name}” {condition[name]} tidak pernah membedakan nilai 0 sampai 1."


def _decides(bound: Fraction, idle: int) -> bool:
    return 0 <= bound <= 1 and bound != idle
