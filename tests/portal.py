"""The real portal for tests that meet it from outside: web server and worker as processes, on a
port, a data folder and a database of their own."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import psycopg
from django.conf import settings

from tests.command_line import environment, manage
from tests.paths import REPOSITORY

START_SECONDS = 60
"""How long a start may take before a test gives up; it normally takes about one second."""


class Portal:
    """One installation in `folder`. `kill` ends it as a power cut would; `start` begins again."""

    def __init__(self, folder: Path, database_url: str = "") -> None:
        self.folder = folder
        self.log = folder / "portal.log"
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self._settings = {
            "DATABASE_URL": database_url,
            "PORT": str(self.port),
            "ALLOWED_HOSTS": "127.0.0.1",
            "EMAIL_URL": "consolemail://",
            "PYTHONUNBUFFERED": "1",
        }
        self._processes: list[subprocess.Popen[bytes]] = []

    def manage(self, *arguments: str) -> str:
        """Run a command of manage.py on this installation; its standard output."""
        done = manage(self.folder / "data", *arguments, **self._settings)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def start(self) -> None:
        """Start web server and worker, and wait until the health address says all is well."""
        self._spawn("-m", "gunicorn", "-c", "deploy/gunicorn.conf.py")
        self._spawn("manage.py", "work")
        deadline = time.monotonic() + START_SECONDS
        while not self._answers():
            ended = [each.args for each in self._processes if each.poll() is not None]
            if ended or time.monotonic() > deadline:
                self.kill()
                raise AssertionError(f"The portal did not start {ended}:\n{self.log.read_text()}")
            time.sleep(0.05)

    def kill(self) -> None:
        """SIGKILL to every process, at once and without warning."""
        self._end(signal.SIGKILL)

    def stop(self) -> None:
        """Ask every process to end, and wait until it has."""
        self._end(signal.SIGTERM)

    def _spawn(self, *arguments: str) -> None:
        with self.log.open("ab") as log:
            self._processes.append(
                subprocess.Popen(
                    [sys.executable, *arguments],
                    cwd=REPOSITORY,
                    env=environment(self.folder / "data", **self._settings),
                    stdin=subprocess.DEVNULL,
                    stdout=log,
                    stderr=log,
                    start_new_session=True,
                )
            )

    def _end(self, how: signal.Signals) -> None:
        for process in self._processes:
            with suppress(ProcessLookupError):  # the whole group: gunicorn has children
                os.killpg(process.pid, how)
        for process in self._processes:
            process.wait(timeout=60)
        self._processes.clear()

    def _answers(self) -> bool:
        try:
            with urllib.request.urlopen(f"{self.url}/sehat/", timeout=5) as response:
                return bool(response.status == 200)
        except (urllib.error.URLError, OSError):
            return False


@contextmanager
def running(folder: Path, *prepare: str) -> Iterator[Portal]:
    """A portal that is prepared (`prepare`: arguments of that command), runs, and goes away.

    Its database is SQLite in `folder`, or a fresh one on the server that DATABASE_URL names.
    """
    with _fresh_database() as database_url:
        portal = Portal(folder, database_url)
        portal.manage("prepare", *prepare)
        try:
            portal.start()
            yield portal
        finally:
            portal.stop()


@contextmanager
def _fresh_database() -> Iterator[str]:
    """The URL of a new, empty PostgreSQL database; "" when the tests run on SQLite."""
    configured = os.environ.get("DATABASE_URL", "")
    if not configured:
        yield ""
        return
    name = f"zi_portal_{uuid.uuid4().hex[:12]}"
    _on_server(f"CREATE DATABASE {name}")
    try:
        yield f"{configured.rpartition('/')[0]}/{name}"
    finally:
        _on_server(f"DROP DATABASE {name} WITH (FORCE)")


def _on_server(statement: str) -> None:
    """Run a statement outside any database of ours (the cluster's own `postgres`)."""
    server = settings.DATABASES["default"]
    with psycopg.connect(
        host=server["HOST"] or None,
        port=server["PORT"] or None,
        user=server["USER"] or None,
        password=server["PASSWORD"] or None,
        dbname="postgres",
        autocommit=True,
    ) as connection:
        connection.execute(statement)


def free_port() -> int:
    """A port on which nobody listens now."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])
