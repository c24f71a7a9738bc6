"""What a person typed into a cell, as an answer takes it: lenient in form, strict in meaning."""

import re

from assessment.instrument import Indicator
from assessment.scoring import InputError, parse_count, parse_index
from assessment.workbook.opening import Cell

NOT_A_FORMULA = "Berisi rumus; ketik nilainya."
_EXCERPT = 40
_BREAKS = re.compile(r"\r\n?")
# How spreadsheets write a character that XML does not allow, or an underscore that looks so.
_ESCAPE = re.compile(r"_x([0-9A-Fa-f]{4})_")
# Control characters but line feed and tab, and halves of a pair that is none.
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")
_HYPERLINK = re.compile(r'HYPERLINK\(\s*"([^"]+)"', re.IGNORECASE)


def clean(value: object) -> str:
    """Text as it can be kept: line breaks as such, no control characters, no space around it."""
    unescaped = _ESCAPE.sub(lambda match: chr(int(match[1], 16)), str(value))
    return _CONTROL.sub("", _BREAKS.sub("\n", unescaped)).strip()


def is_blank(cell: Cell) -> bool:
    """Whether nobody typed anything; spaces are nothing."""
    return cell.formula is None and (cell.value is None or not _word(cell.value))


def _word(value: object) -> str:
    """The value as one line; numbers as a spreadsheet shows them, with 15 digits at most."""
    text = format(value, ".15g") if isinstance(value, float) else str(value)
    return " ".join(clean(text).split())


def shown(cell: Cell) -> str:
    """The beginning of what stands in a cell, for a message."""
    word = _word(cell.value) if cell.value is not None else (cell.formula or "")
    return word if len(word) <= _EXCERPT else word[: _EXCERPT - 1] + "…"


def choice(indicator: Indicator, cell: Cell) -> str:
    """The key of the option that was typed: "ya", " A ", "b." are good. Raises InputError."""
    _require_typed(cell)
    word = _word(cell.value).rstrip(".) ").casefold()
    for option in indicator.options:
        if option.key.casefold() == word:
            return option.key
    keys = [option.key for option in indicator.options]
    raise InputError(
        f"Isinya “{shown(cell)}”; jawaban yang ada {', '.join(keys[:-1])} atau {keys[-1]}."
    )


def count(cell: Cell) -> int:
    """A whole number, typed as a number or as text. Raises InputError."""
    _require_typed(cell)
    value = cell.value
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    try:
        return parse_count("" if isinstance(value, bool) else _word(value))
    except InputError as error:
        raise InputError(f"Isinya “{shown(cell)}”. {error}") from error


def index(cell: Cell) -> str:
    """An index as it is stored; 3.71, "3,71" and " 3.71 " give "3.71". Raises InputError."""
    _require_typed(cell)
    try:
        return parse_index("" if isinstance(cell.value, bool) else _word(cell.value))
    except InputError as error:
        raise InputError(f"Isinya “{shown(cell)}”. {error}") from error


def _require_typed(cell: Cell) -> None:
    if cell.formula is not None:
        raise InputError(NOT_A_FORMULA)


def link_lines(cell: Cell) -> list[str]:
    """The addresses in a cell, one line each: typed, behind its text, or of =HYPERLINK()."""
    hidden = cell.link
    if hidden is None and cell.formula and (match := _HYPERLINK.search(cell.formula)):
        hidden = match[1]
    lines = [line.strip() for line in clean(cell.value or "").split("\n") if line.strip()]
    hidden = clean(hidden or "")
    if hidden and hidden not in lines:
        lines = [f"{' '.join(lines)} ({hidden})" if lines else hidden]
    return lines
