"""An instrument as a document: reading the YAML file, its canonical form and its two fingerprints.

The document is plain data (mappings, lists, strings). `structure_digest` changes when anything
that can move a score or a verdict changes; `wording_digest` when a sentence does. A new wording
of an unchanged structure may be taken into running periods; a new structure is a new version.
"""

import hashlib
import json
from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

import yaml

Document = Mapping[str, Any]

_Loader = yaml.CSafeLoader if yaml.__with_libyaml__ else yaml.SafeLoader

MAX_FILE_BYTES = 5_000_000

#: Fields that are sentences or names: they can be reworded without touching a score.
WORDING_KEYS = frozenset(
    {
        "title",
        "regulation",
        "amendment",
        "name",
        "short_name",
        "text",
        "label",
        "criterion",
        "note",
        "guidance",
        "evidence",
        "zero_text",
    }
)
#: Fields that say which thing a sentence belongs to.
IDENTITY_KEYS = frozenset({"code", "key"})
#: Fields that hold an exact number, so that "0.5" and "1/2" are the same structure.
NUMBER_KEYS = frozenset(
    {"weight", "score", "maximum", "minimum", "percent", "below", "at_most", "above"}
)


@dataclass(frozen=True, slots=True)
class Problem:
    """One fault of an instrument: where it is (code path) and an Indonesian sentence why."""

    place: str
    reason: str

    def __str__(self) -> str:
        return f"{self.place}: {self.reason}"


class InstrumentError(Exception):
    """The document is no usable instrument. `problems` lists every fault that was found."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__("\n".join(map(str, problems)))
        self.problems = tuple(problems)


class _StrictLoader(_Loader):  # type: ignore[misc,valid-type]
    """A safe loader that refuses the same key twice, which YAML would let win silently."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, Any]:
        seen: set[str] = set()
        for key, _value in node.value:
            if key.value in seen:
                raise yaml.MarkedYAMLError(
                    problem=f"bagian “{key.value}” tertulis dua kali", problem_mark=key.start_mark
                )
            seen.add(key.value)
        mapping: dict[Hashable, Any] = super().construct_mapping(node, deep)
        return mapping


def load_yaml(path: str | Path) -> dict[str, Any]:
    """The document in the file at `path`.

    Raises InstrumentError when the file cannot be read or is not a plain YAML mapping; whether
    the mapping is a good instrument is `compile_instrument`'s matter.
    """
    place = Path(path).name
    try:
        data = Path(path).read_bytes()
        if len(data) > MAX_FILE_BYTES:
            raise InstrumentError([Problem(place, "Berkas lebih besar dari 5 MB.")])
        text = data.decode("utf-8")
        if any(isinstance(event, yaml.AliasEvent) for event in yaml.parse(text, Loader=_Loader)):
            raise InstrumentError([Problem(place, "Rujukan YAML (* dan &) tidak boleh dipakai.")])
        document = yaml.load(text, Loader=_StrictLoader)  # noqa: S506  a SafeLoader's child
    except OSError as error:
        reason = f"Berkas tidak dapat dibaca: {error.strerror or error}."
        raise InstrumentError([Problem(place, reason)]) from error
    except UnicodeDecodeError as error:
        raise InstrumentError([Problem(place, "Berkas bukan teks UTF-8.")]) from error
    except RecursionError as error:
        raise InstrumentError([Problem(place, "Berkas bertingkat terlalu dalam.")]) from error
    except yaml.YAMLError as error:
        raise InstrumentError([_yaml_problem(place, error)]) from error
    if not isinstance(document, dict):
        raise InstrumentError([Problem(place, "Berkas tidak berisi sebuah instrumen.")])
    return document


def _yaml_problem(file_name: str, error: yaml.YAMLError) -> Problem:
    mark = getattr(error, "problem_mark", None)
    place = f"{file_name}, baris {mark.line + 1}" if mark else file_name
    return Problem(place, f"YAML tidak dapat dibaca: {getattr(error, 'problem', None) or error}.")


def canonical_json(document: Document) -> str:
    """The one spelling of a document that is stored: keys sorted, no white space, UTF-8 text."""
    return json.dumps(document, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def structure_digest(document: Document) -> str:
    """SHA-256 (hex) of all that scores: codes, scales, weights, formulas, policies, thresholds,
    limits, kendali, pokja, the demands of eligibility and what the consistency rules compare."""
    return _sha256(_structure(document))


def wording_digest(document: Document) -> str:
    """SHA-256 (hex) of all sentences and names, each with the code or key it belongs to."""
    return _sha256(_wording(document))


def _sha256(value: Any) -> str:
    return hashlib.sha256(canonical_json(value).encode()).hexdigest()


def _structure(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {
            key: _exact(item) if key in NUMBER_KEYS else _structure(item)
            for key, item in value.items()
            if key not in WORDING_KEYS
        }
    if isinstance(value, list):
        return [_structure(item) for item in value]
    return value


def _exact(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: _exact(item) for key, item in value.items()}
    return str(Fraction(value))


def _wording(value: Any) -> Any:
    if isinstance(value, Mapping):
        kept = {}
        for key, item in value.items():
            if key in WORDING_KEYS or key in IDENTITY_KEYS:
                kept[key] = item
            elif isinstance(item, Mapping | list):
                kept[key] = _wording(item)
        return kept
    if isinstance(value, list):
        return [_wording(item) for item in value if isinstance(item, Mapping | list)]
    return value
