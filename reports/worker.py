"""The worker: django-tasks-db's loop, one task at a time, and our round between the tasks."""

import logging
import time
from types import FrameType

from django.db import OperationalError, close_old_connections, connections
from django.utils.crypto import get_random_string
from django_tasks_db.management.commands.db_worker import Worker as TaskWorker
from django_tasks_db.models import DBTaskResult

from reports import jobs

logger = logging.getLogger(__name__)

IDLE_SECONDS = 0.5
ROUND_SECONDS = 10.0
RETRY_SECONDS = 5.0


class Worker(TaskWorker):
    """Runs tasks until it is told to quit (SIGTERM, SIGINT).

    An idle worker only reads; the library's own loop would open a write transaction every time.
    """

    def __init__(self) -> None:
        super().__init__(
            queue_names=["*"],
            excluded_queue_names=[],
            interval=0,
            batch=True,
            backend_name="default",
            startup_delay=False,
            max_tasks=1,
            worker_id=get_random_string(32),
        )
        self._next_round = 0.0

    def shutdown(self, signum: int, frame: FrameType | None) -> None:
        """Quit soon: at once when idle, at the running job's next beat otherwise."""
        self.running = False
        jobs.SHUTDOWN.wanted = True

    def run(self) -> None:
        self._turn()  # a database that cannot be used from the start is the operator's matter
        while self.running:
            try:
                self._turn()
            except OperationalError:
                # The database is away or busy: nothing is lost by trying again later.
                logger.exception("The worker cannot reach the database")
                connections.close_all()
                self._sleep(RETRY_SECONDS)

    def _turn(self) -> None:
        close_old_connections()
        if time.monotonic() >= self._next_round:
            self._next_round = time.monotonic() + ROUND_SECONDS
            jobs.tend()
        if DBTaskResult.objects.ready().exists():
            self._run_tasks = 0
            super().run()  # one task
        else:
            self._sleep(IDLE_SECONDS)

    def _sleep(self, seconds: float) -> None:
        """Sleep in short pieces: a signal does not cut a sleep short."""
        end = time.monotonic() + seconds
        while self.running and (left := end - time.monotonic()) > 0:
            time.sleep(min(left, IDLE_SECONDS))
