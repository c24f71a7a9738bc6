"""script/server as a person uses it: one command, one portal, nothing left behind."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from tests.command_line import environment
from tests.paths import REPOSITORY
from tests.portal import START_SECONDS, free_port

pytestmark = pytest.mark.skipif(
    Path(sys.prefix) != REPOSITORY / ".venv", reason="script/server runs in .venv"
)


class Server:
    """script/server in a terminal of its own; `said` is what it has printed so far."""

    def __init__(self, folder: Path) -> None:
        self.port = free_port()
        self._log = folder / "server.log"
        with self._log.open("wb") as log:
            self.process = subprocess.Popen(
                [REPOSITORY / "script" / "server", "--empty"],
                env=environment(folder / "data", PORT=str(self.port)),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    @property
    def said(self) -> str:
        return self._log.read_text()

    def wait_for(self, words: str) -> None:
        deadline = time.monotonic() + START_SECONDS
        while words not in self.said:
            assert time.monotonic() < deadline, self.said
            assert self.process.poll() is None, self.said
            time.sleep(0.05)

    def listens(self) -> bool:
        with socket.socket() as client:
            return client.connect_ex(("127.0.0.1", self.port)) == 0

    def stops_listening(self) -> bool:
        """Whether the port is given up, soon: gunicorn's workers look for their master by turns."""
        deadline = time.monotonic() + START_SECONDS
        while self.listens() and time.monotonic() < deadline:
            time.sleep(0.1)
        return not self.listens()

    def processes(self, part: str = "") -> list[int]:
        """Those of its session whose command line contains `part`."""
        found = []
        for process in Path("/proc").glob("[0-9]*"):
            with suppress(ProcessLookupError, FileNotFoundError):
                in_session = os.getsid(int(process.name)) == self.process.pid
                if in_session and part.encode() in (process / "cmdline").read_bytes():
                    found.append(int(process.name))
        return found


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    server = Server(tmp_path)
    yield server
    if server.processes():
        os.killpg(server.process.pid, signal.SIGKILL)


def test_it_says_where_the_portal_is_once_it_answers_and_ctrl_c_ends_all(server: Server) -> None:
    server.wait_for(f"http://127.0.0.1:{server.port}")
    with urllib.request.urlopen(f"http://127.0.0.1:{server.port}/sehat/", timeout=10) as health:
        assert health.status == 200

    os.killpg(server.process.pid, signal.SIGINT)

    assert server.process.wait(timeout=60) == 130
    assert not server.listens()
    assert not server.processes()


@pytest.mark.parametrize("part", ["manage.py\0work", "gunicorn"], ids=["worker", "web"])
def test_when_one_of_its_two_processes_ends_so_does_the_other(server: Server, part: str) -> None:
    server.wait_for("Hentikan dengan Ctrl-C")

    os.kill(min(server.processes(part)), signal.SIGKILL)

    assert server.process.wait(timeout=60) == 1
    assert "Salah satu proses berhenti" in server.said
    assert server.stops_listening()


def test_a_taken_port_is_named_and_nothing_is_started(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        done = subprocess.run(
            [REPOSITORY / "script" / "server"],
            env=environment(tmp_path / "data", PORT=str(port)),
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )

    assert done.returncode == 1
    assert f"Port {port} sedang dipakai" in done.stderr
    assert not (tmp_path / "data").exists()
