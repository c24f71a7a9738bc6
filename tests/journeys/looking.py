"""What can be wrong with a page as it stands, beyond what the browser itself complains about."""

from collections.abc import Iterator

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

SERIOUS = {"serious", "critical"}


def overflow(page: Page) -> Iterator[str]:
    """Content that sticks out of the screen."""
    wide = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
    if wide > 0:
        yield f"{wide} px wider than the screen"


def barriers(page: Page) -> Iterator[str]:
    """What axe-core calls serious or critical."""
    for violation in Axe().run(page).response["violations"]:
        if violation["impact"] in SERIOUS:
            places = [node["html"][:160] for node in violation["nodes"][:3]]
            yield f"{violation['id']}: {violation['help']} {places}"
