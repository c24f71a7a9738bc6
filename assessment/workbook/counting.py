"""Which of the rows below a percentage is which of its counts: by words of their labels."""

from collections.abc import Mapping, Sequence

CountRow = tuple[int, str, bool]
"""Row number, label, and whether the row says that it is a count."""


def match_counts(words: Mapping[str, str], rows: Sequence[CountRow]) -> dict[str, int]:
    """Row numbers by count key.

    `words`: for each key, in the order of the form, what its label holds. A label that fits one
    key alone goes first ("sasaran … tercapai" leaves "sasaran" to the other row). Where labels
    were reworded beyond recognition, as many rows as counts are taken in their order. What stays
    unclear is left out.
    """
    matched = _by_label(words, rows)
    declared = [number for number, _, is_count in rows if is_count]
    if len(matched) < len(words) and len(declared) == len(words):
        in_order = dict(zip(words, declared, strict=True))
        if all(in_order[key] == number for key, number in matched.items()):
            return in_order
    return matched


def _by_label(words: Mapping[str, str], rows: Sequence[CountRow]) -> dict[str, int]:
    free = {number: label.lower() for number, label, _ in rows}
    found: dict[str, int] = {}
    progress = True
    while progress:
        progress = False
        for key, word in words.items():
            if key in found:
                continue
            fitting = [number for number, label in free.items() if word in label]
            if len(fitting) == 1:
                found[key] = fitting[0]
                del free[fitting[0]]
                progress = True
    return found
