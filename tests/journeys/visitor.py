"""A person in front of a browser."""

from playwright.sync_api import ConsoleMessage, Page, Response

from assessment import demo
from tests.portal import Portal

CHROMIUM = "/usr/bin/chromium"
CHROMIUM_FLAGS = [
    "--no-sandbox",  # the tests may run as root
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
]


class Visitor:
    """One window. `complaints` collects what the browser objects to: script errors, violations of
    the content security policy, and answers of 500 and above."""

    def __init__(self, page: Page, portal: Portal) -> None:
        self.page = page
        self.portal = portal
        self.complaints: list[str] = []
        page.on("console", self._hear)
        page.on("pageerror", lambda error: self.complaints.append(f"{page.url}: {error}"))
        page.on("response", self._check)

    def go(self, path: str) -> Page:
        """Open an address of the portal and wait until the page stands."""
        self.page.goto(f"{self.portal.url}{path}")
        return self.page

    def open(self, path: str) -> int:
        """Open an address of the portal; the status of its answer."""
        response = self.page.goto(f"{self.portal.url}{path}")
        return response.status if response else 0

    def sign_in(self, email: str, password: str = demo.PASSWORD) -> None:
        """Sign in by the form and arrive on the front page."""
        page = self.go("/akun/masuk/")
        page.get_by_label("NIP atau alamat surel").fill(email)
        page.get_by_label("Kata sandi", exact=True).fill(password)
        page.get_by_role("button", name="Masuk", exact=True).click()
        page.wait_for_url(f"{self.portal.url}/")

    def _hear(self, message: ConsoleMessage) -> None:
        # A refused answer (409 conflict, 422) is part of the conversation, not a fault.
        if message.type == "error" and "Failed to load resource" not in message.text:
            self.complaints.append(f"{self.page.url}: {message.text[:300]}")

    def _check(self, response: Response) -> None:
        if response.status >= 500:
            self.complaints.append(f"{response.url}: {response.status}")
