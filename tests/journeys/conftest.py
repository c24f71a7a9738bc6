"""The stage of the journeys: the demonstration portal, running, and a real browser."""

import os
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from tests.journeys.looking import faults
from tests.journeys.visitor import CHROMIUM, CHROMIUM_FLAGS, Visitor
from tests.portal import Portal, running


@pytest.fixture(scope="package")
def portal(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Portal]:
    """The portal with its demonstration ministry. Each journey keeps to a unit of its own."""
    with running(tmp_path_factory.mktemp("portal")) as portal:
        yield portal


@pytest.fixture(scope="package")
def chromium() -> Iterator[Browser]:
    # Ends with this package: while it runs, its event loop keeps Django's ORM from being used.
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=os.environ.get("CHROMIUM", CHROMIUM), args=CHROMIUM_FLAGS
        )
        yield browser
        browser.close()


@pytest.fixture
def visit(chromium: Browser, portal: Portal) -> Iterator["Visits"]:
    """Opens a browser window of its own for each person; fails when a page complained."""
    visits = Visits(chromium, portal)
    yield visits
    visits.close()


class Visits:
    """Everybody who takes part in one journey."""

    def __init__(self, chromium: Browser, portal: Portal) -> None:
        self._chromium = chromium
        self._portal = portal
        self._contexts: list[BrowserContext] = []
        self._visitors: dict[Visitor, dict[str, object]] = {}
        self._examined: dict[Visitor, Page] = {}

    def __call__(self, email: str | None = None, **window: object) -> Visitor:
        """A new window, signed in as `email` when given; `window` are options of the context."""
        visitor = Visitor(self._open(window), self._portal)
        self._visitors[visitor] = window
        if email:
            visitor.sign_in(email)
        return visitor

    def examine(self, visitor: Visitor) -> list[str]:
        """What is wrong with the page before the visitor, in all sizes and lights.

        It is looked at in a second window of the same person, in which the content security
        policy does not hinder axe-core and nobody listens to complaints.
        """
        if visitor not in self._examined:
            window = {**self._visitors[visitor], "bypass_csp": True}
            window["storage_state"] = visitor.page.context.storage_state()
            self._examined[visitor] = self._open(window)
        beside = self._examined[visitor]
        beside.goto(visitor.page.url)
        return list(faults(beside))

    def close(self) -> None:
        for context in self._contexts:
            context.close()
        complaints = [line for visitor in self._visitors for line in visitor.complaints]
        assert not complaints, "\n".join(complaints)

    def _open(self, window: dict[str, object]) -> Page:
        context = self._chromium.new_context(locale="id-ID", **window)
        context.set_default_timeout(15_000)
        self._contexts.append(context)
        return context.new_page()
