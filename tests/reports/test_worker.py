"""The worker as a process: it takes jobs from the database, quits when told, survives being killed
in the sense that the next worker finishes what it had begun."""

import signal
import sqlite3
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.command_line import is_one_sentence, manage, start

PATIENCE_SECONDS = 120
SETUP = """
from accounts.trail import OPERATOR
from accounts.units import create_unit
from assessment import catalogue
from assessment.assessments import create_assessment, create_period
from assessment.instrument import load_yaml
from assessment.models import Target
version, _ = catalogue.load(
    OPERATOR, load_yaml("assessment/instruments/permenpanrb-90-2021.yaml"))
period = create_period(OPERATOR, year=2026, instrument=version)
unit = create_unit(OPERATOR, code="KU", name="Kementerian Uji")
create_assessment(OPERATOR, unit=unit, period=period, target=Target.WBK)
"""
ENQUEUE = """
from assessment.models import Assessment
from reports import jobs
jobs.enqueue("report", {}, owner=None, assessment=Assessment.objects.get())
"""


class Installation:
    """A portal of its own in a folder, with one empty assessment and one queued report."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.workers: list[subprocess.Popen[str]] = []
        for arguments in (("migrate",), ("shell", "-c", SETUP), ("shell", "-c", ENQUEUE)):
            done = manage(folder, *arguments)
            assert done.returncode == 0, done.stderr

    def work(self) -> subprocess.Popen[str]:
        worker = start(self.folder, "work")
        self.workers.append(worker)
        return worker

    def sql(self, statement: str) -> list[tuple[object, ...]]:
        with sqlite3.connect(self.folder / "zi.sqlite3", timeout=20) as connection:
            return connection.execute(statement).fetchall()

    def job(self) -> tuple[object, ...]:
        """(state, attempts, times put back) of the only job."""
        return self.sql("SELECT state, attempts, put_back FROM reports_job")[0]

    def wait_for(self, state: str) -> None:
        deadline = time.monotonic() + PATIENCE_SECONDS
        while self.job()[0] != state:
            assert time.monotonic() < deadline, f"The job is still {self.job()}"
            time.sleep(0.05)


@pytest.fixture
def installation(tmp_path: Path) -> Iterator[Installation]:
    made = Installation(tmp_path)
    yield made
    for worker in made.workers:
        worker.kill()
        worker.communicate()


def test_a_worker_makes_the_report_and_quits_cleanly_when_told(
    installation: Installation,
) -> None:
    worker = installation.work()
    installation.wait_for("selesai")
    [(name, size)] = installation.sql("SELECT file, size FROM reports_report")
    stored = installation.folder / "files" / str(name)
    assert stored.read_bytes().startswith(b"%PDF-1.7")
    assert stored.stat().st_size == size
    worker.send_signal(signal.SIGTERM)
    assert worker.wait(timeout=30) == 0


def test_a_worker_told_to_quit_amid_a_job_puts_it_back_for_the_next(
    installation: Installation,
) -> None:
    worker = installation.work()
    installation.wait_for("berjalan")
    worker.send_signal(signal.SIGTERM)
    assert worker.wait(timeout=30) == 0
    assert installation.job() == ("menunggu", 1, 0)
    installation.work()
    installation.wait_for("selesai")


def test_the_job_of_a_killed_worker_is_taken_up_again(installation: Installation) -> None:
    worker = installation.work()
    installation.wait_for("berjalan")
    worker.kill()
    worker.wait(timeout=30)
    # A minute passes.
    installation.sql("UPDATE reports_job SET heartbeat = '2026-01-01 00:00:00'")
    installation.work()
    installation.wait_for("selesai")
    assert installation.job() == ("selesai", 2, 1)
    assert installation.sql("SELECT count(*) FROM reports_report") == [(1,)]


def test_without_a_database_it_says_what_to_do_and_ends(tmp_path: Path) -> None:
    done = manage(tmp_path, "work")
    assert done.returncode == 2
    assert is_one_sentence(done.stderr)
    assert "migrate" in done.stderr
