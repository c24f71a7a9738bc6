"""SQLite with one fair write lock.

SQLite lets one writer work at a time and makes the others poll, so that under load some wait
for ever or fail with "database is locked". Here every write transaction first queues for a file
lock beside the database; the kernel wakes the waiters in the order in which they came. Reads
never wait. Nothing outside this module knows of it.
"""

import fcntl
import os
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django.db.backends.sqlite3 import base

# The stubs do not know the hooks that a backend overrides.
DjangoCursor: Any = base.SQLiteCursorWrapper
DjangoDatabase: Any = base.DatabaseWrapper

WRITES = ("INSERT", "UPDATE", "DELETE", "REPLACE")


class WriteLock:
    """An exclusive lock on a file, held by one connection at a time; freed if its process dies."""

    def __init__(self, path: str) -> None:
        self._path = path
        self._handle: int | None = None

    @property
    def held(self) -> bool:
        return self._handle is not None

    def acquire(self) -> None:
        if self.held:
            return
        handle = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX)
        except BaseException:
            os.close(handle)
            raise
        self._handle = handle

    def release(self) -> None:
        if self._handle is not None:
            handle, self._handle = self._handle, None
            os.close(handle)


class LockedCursor(DjangoCursor):
    """A cursor whose writes outside a transaction hold the write lock while they run."""

    write_lock: WriteLock

    def _run(self, run: Callable[[], Any], query: str) -> Any:
        alone = not self.connection.in_transaction and query.lstrip()[:7].upper().startswith(WRITES)
        if not alone or self.write_lock.held:
            return run()
        self.write_lock.acquire()
        try:
            return run()
        finally:
            self.write_lock.release()

    def execute(self, query: str, params: Sequence[Any] | Mapping[str, Any] | None = None) -> Any:
        return self._run(lambda: super(LockedCursor, self).execute(query, params), query)

    def executemany(self, query: str, param_list: Any) -> Any:
        return self._run(lambda: super(LockedCursor, self).executemany(query, param_list), query)


class DatabaseWrapper(DjangoDatabase):
    """Django's SQLite backend; a write transaction holds the lock from BEGIN to its end."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._write_lock: WriteLock | None = None

    @property
    def write_lock(self) -> WriteLock | None:
        """None for a database in memory, which no other process can open."""
        if self._write_lock is None and not self.is_in_memory_db():
            self._write_lock = WriteLock(f"{self.settings_dict['NAME']}.lock")
        return self._write_lock

    def create_cursor(self, name: str | None = None) -> Any:
        if self.write_lock is None:
            return super().create_cursor(name)
        cursor = self.connection.cursor(factory=LockedCursor)
        cursor.write_lock = self.write_lock
        return cursor

    def _start_transaction_under_autocommit(self) -> None:
        if self.write_lock is not None:
            self.write_lock.acquire()
        try:
            super()._start_transaction_under_autocommit()
        except BaseException:
            self._release()
            raise

    def _commit(self) -> None:
        super()._commit()  # when it fails the transaction is still open: _rollback frees the lock
        self._release()

    def _rollback(self) -> None:
        try:
            super()._rollback()
        finally:
            self._release()

    def _close(self) -> None:
        try:
            super()._close()
        finally:
            self._release()

    def _release(self) -> None:
        if self._write_lock is not None:
            self._write_lock.release()
