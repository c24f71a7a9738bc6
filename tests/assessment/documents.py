"""Finding one's way in an instrument's document, to change it."""

from collections.abc import Iterator
from typing import Any

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
