"""What can be wrong with a page as it stands, beyond what the browser itself complains about."""

from collections.abc import Iterator
from typing import Any, Literal, NamedTuple

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

COLOURS = {"runOnly": ["color-contrast"]}
ALL_BUT_COLOURS = {"rules": {"color-contrast": {"enabled": False}}}
QUICK = {"preload": False, "resultTypes": ["violations"]}
"""Axe need not fetch style sheets, nor report what is fine."""


class View(NamedTuple):
    """A way to look at a page, and the rules of axe that it can break."""

    width: int
    scheme: Literal["light", "dark"]
    rules: dict[str, Any]


VIEWS = (
    View(1440, "light", {}),
    View(1440, "dark", COLOURS),
    View(390, "dark", {}),
    View(390, "light", COLOURS),
    # The narrowest screens have the colours of the others, in both lights.
    View(320, "light", ALL_BUT_COLOURS),
)


def faults(page: Page) -> Iterator[str]:
    """What is wrong with the page in any size and light in which people see it."""
    for width, scheme, rules in VIEWS:
        page.set_viewport_size({"width": width, "height": 900})
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        for fault in (*overflow(page), *barriers(page, rules)):
            yield f"{width} px {scheme}: {fault}"


def overflow(page: Page) -> Iterator[str]:
    """Content that sticks out of the screen."""
    wide = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
    if wide > 0:
        yield f"{wide} px wider than the screen"


def barriers(page: Page, rules: dict[str, Any] | None = None) -> Iterator[str]:
    """Everything that axe-core objects to; `rules` are its options."""
    for violation in Axe().run(page, options={**QUICK, **(rules or {})}).response["violations"]:
        places = [node["html"][:160] for node in violation["nodes"][:3]]
        yield f"{violation['id']}: {violation['help']} {places}"
