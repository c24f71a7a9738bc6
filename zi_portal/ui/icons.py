"""Lucide icons as inline SVG, so that no request and no icon font is needed."""

import re
from functools import cache, lru_cache
from importlib.resources import files
from io import BytesIO
from zipfile import ZipFile

from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe

_INNER = re.compile(r"<svg[^>]*>(.*)</svg>", re.DOTALL)


class UnknownIconError(LookupError):
    """The installed Lucide set has no icon of this name."""


@lru_cache(maxsize=1)
def _archive() -> ZipFile:
    """The package's own archive, read once: half a megabyte for some 1,700 icons."""
    return ZipFile(BytesIO(files("lucide").joinpath("lucide.zip").read_bytes()))


@cache
def _shapes(name: str) -> str:
    """The shapes of one icon, without the surrounding <svg>."""
    try:
        source = _archive().read(f"{name}.svg").decode("utf-8")
    except KeyError as error:
        raise UnknownIconError(f"Lucide has no icon named {name!r}") from error
    match = _INNER.search(source)
    if match is None:
        raise UnknownIconError(f"Lucide's icon {name!r} cannot be read")
    return " ".join(match[1].split())


def icon(name: str, label: str = "", css: str = "") -> SafeString:
    """The icon `name` as SVG of class "i" (and `css`), as large as the text around it.

    Without `label` it is decoration and hidden from assistive technology: it must then stand
    beside a word. Raises UnknownIconError, so that a misspelt name is found by the first test
    that renders the page.
    """
    role = f'role="img" aria-label="{conditional_escape(label)}"' if label else 'aria-hidden="true"'
    classes = conditional_escape(f"i {css}".strip())
    return mark_safe(  # noqa: S308  (shapes come from the package, the rest is escaped)
        f'<svg class="{classes}" width="16" height="16" viewBox="0 0 24 24" fill="none" '
        f'stroke="currentColor" stroke-width="1.9" stroke-linecap="round" stroke-linejoin="round" '
        f"{role}>{_shapes(name)}</svg>"
    )
