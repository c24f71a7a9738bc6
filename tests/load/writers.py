"""People who save without pause, over HTTP, as the filling page does."""

import http.client
import re
import threading
import time
import uuid
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from urllib.parse import urlencode

from tests.load.crowd import YEAR
from tests.portal import Portal

# Cards of area A.I.1: each person of a unit has one alone, and all of them share the last one.
OWN_CARDS = ("A.I.1.i.b", "A.I.1.ii.b", "A.I.1.ii.c", "A.I.1.iv.b", "A.I.1.iv.c")
SHARED_CARD = "A.I.1.iii.a"
PATIENCE = 120
"""Seconds for which one request is repeated while the server is away."""
MOST_SAVES = 5000
"""A bound for every writer, far above what one reaches."""

VERSION = re.compile(r'name="version"[^>]* value="(\d+)"')
OFFERED = re.compile(r'name="accept_version" value="(\d+)"')


@dataclass(frozen=True)
class Saved:
    """One save that the portal acknowledged."""

    unit: str
    code: str
    version: int
    note: str
    seconds: float


@dataclass
class Writer:
    """One signed-in person. `saved` and `conflicts` are what the portal answered."""

    portal: Portal
    name: str
    unit: str
    session: str
    own_card: str
    saved: list[Saved] = field(default_factory=list)
    conflicts: int = 0
    refused: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._connection = http.client.HTTPConnection("127.0.0.1", self.portal.port, timeout=60)
        self._token = ""
        self._seen = {self.own_card: 0, SHARED_CARD: 0}

    def write(self, stop: threading.Event) -> None:
        """Save one card and the other in turn until told to stop."""
        for number in range(MOST_SAVES):
            if stop.is_set() or self.refused:
                return
            self._save(self.own_card if number % 3 else SHARED_CARD, number)

    def open_page(self) -> None:
        """Open the area's page, which brings the token that every save carries."""
        response, _ = self._request("GET", f"/lke/{self.unit}/{YEAR}/isi/A.I.1/")
        cookie = response.headers["Set-Cookie"] or ""
        found = re.search(r"csrftoken=(\w+)", cookie)
        assert response.status == 200, response.status
        assert found, cookie
        self._token = found[1]

    def _save(self, code: str, number: int) -> None:
        note = f"{self.name} {number}"
        body = {
            "choice": "AB"[number % 2],
            "note": note,
            "version": str(self._seen[code]),
            "save_id": str(uuid.uuid4()),
        }
        began = time.monotonic()
        response, text = self._request("POST", f"/lke/{self.unit}/{YEAR}/isi/butir/{code}/simpan/",
                                       urlencode(body))  # fmt: skip
        seconds = time.monotonic() - began
        if response.status != 200:
            self.refused.append(f"{code}: {response.status} {text[:300]}")
        elif offered := OFFERED.search(text):
            self.conflicts += 1
            self._seen[code] = int(offered[1])
        else:
            version = int(VERSION.search(text)[1])
            self._seen[code] = version
            self.saved.append(Saved(self.unit, code, version, note, seconds))

    def _request(
        self, method: str, path: str, body: str = ""
    ) -> tuple[http.client.HTTPResponse, str]:
        """One exchange; a connection that the other side closed is opened anew, as browsers do.

        A repeated save is harmless: it carries the same save id.
        """
        headers = {
            "Cookie": f"sessionid={self.session}; csrftoken={self._token}",
            "Content-Type": "application/x-www-form-urlencoded",
            "X-CSRFToken": self._token,
            "HX-Request": "true",
        }
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            try:
                self._connection.request(method, path, body, headers)
                response = self._connection.getresponse()
                return response, response.read().decode()
            except (http.client.HTTPException, OSError):
                self._connection.close()
                time.sleep(0.2)
        raise AssertionError(f"{path}: no answer")


def crowd(portal: Portal, people: list[dict[str, str]]) -> list[Writer]:
    """A writer per person; those of one unit get different cards of their own."""
    return [
        Writer(portal, f"w{n}", each["unit"], each["session"], OWN_CARDS[n % len(OWN_CARDS)])
        for n, each in enumerate(people)
    ]


@contextmanager
def writing(writers: list[Writer]) -> Iterator[None]:
    """All write at once as long as the block lasts."""
    stop = threading.Event()
    with ThreadPoolExecutor(len(writers)) as pool:
        list(pool.map(Writer.open_page, writers))
        running = [pool.submit(writer.write, stop) for writer in writers]
        try:
            yield
        finally:
            stop.set()
        for each in running:
            each.result()
