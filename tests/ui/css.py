"""Reading our stylesheets in tests."""

import re
from pathlib import Path

CSS = Path(__file__).resolve().parents[2] / "static" / "css"

_PLAIN = re.compile(r"--zi-([\w-]+): (#[0-9a-f]{3,6});")
_PAIR = re.compile(r"--zi-([\w-]+): light-dark\((#[0-9a-f]{3,6}), (#[0-9a-f]{3,6})\);")


def _tokens() -> str:
    return (CSS / "tokens.css").read_text(encoding="utf-8")


def light_tokens() -> dict[str, str]:
    """Plain colour values by name, as an old browser and the PDF engine read them."""
    return dict(_PLAIN.findall(_tokens()))


def paired_tokens() -> dict[str, tuple[str, str]]:
    """Light and dark colour by name."""
    return {name: (light, dark) for name, light, dark in _PAIR.findall(_tokens())}


def contrast(one: str, two: str) -> float:
    """WCAG 2 contrast ratio of two colours `#rgb` or `#rrggbb`, 1..21."""
    brighter, darker = sorted((_luminance(one), _luminance(two)), reverse=True)
    return (brighter + 0.05) / (darker + 0.05)


def _luminance(colour: str) -> float:
    digits = colour.removeprefix("#")
    if len(digits) == 3:
        digits = "".join(2 * digit for digit in digits)
    channels = [int(digits[at : at + 2], 16) / 255 for at in (0, 2, 4)]
    red, green, blue = (
        c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def class_names(css: str) -> set[str]:
    """Every class that a stylesheet selects by."""
    bare = re.sub(r"/\*.*?\*/|url\([^)]*\)|\"[^\"]*\"", "", css, flags=re.DOTALL)
    selectors = re.findall(r"([^{};]+)\{", bare)
    return set(re.findall(r"\.(-?[a-zA-Z_][\w-]*)", " ".join(selectors)))
