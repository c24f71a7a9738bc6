"""The write lock of the SQLite backend, on a database file of its own (zi_portal/sqlite)."""

import fcntl
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.db import IntegrityError, connections, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from pytest_django import DjangoDbBlocker

ALIAS = "file"
WRITERS = 8
WRITES = 25
PATIENCE = 60
"""Seconds after which a thread that does not end is taken to be stuck; it normally takes one."""


@pytest.fixture
def database(tmp_path: Path, django_db_blocker: DjangoDbBlocker) -> Iterator[Path]:
    """A file with one table; every thread gets a connection of its own by the alias."""
    path = tmp_path / "lock.sqlite3"
    configured = connections.configure_settings(
        {"default": {}, ALIAS: {**settings.SQLITE, "NAME": path}}
    )
    connections.settings[ALIAS] = configured[ALIAS]
    with django_db_blocker.unblock():
        run("CREATE TABLE counter (id INTEGER PRIMARY KEY, value INTEGER NOT NULL)")
        run("INSERT INTO counter VALUES (1, 0)")
        try:
            yield path
        finally:
            connection().close()
            del connections[ALIAS]
            del connections.settings[ALIAS]


def connection() -> BaseDatabaseWrapper:
    return connections[ALIAS]


def run(statement: str) -> list[tuple[int, ...]]:
    with connection().cursor() as cursor:
        cursor.execute(statement)
        return list(cursor.fetchall()) if cursor.description else []


def value() -> int:
    return run("SELECT value FROM counter WHERE id = 1")[0][0]


def count() -> int:
    return run("SELECT count(*) FROM counter")[0][0]


def is_free(path: Path) -> bool:
    """Whether anybody else could take the lock now."""
    with Path(f"{path}.lock").open("ab") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True


def at_once(write: Callable[[], None], writers: int = WRITERS) -> None:
    """Run `write` in so many threads at the same time; an error in one fails the test."""
    failed: list[BaseException] = []
    ready = threading.Barrier(writers)

    def work() -> None:
        try:
            ready.wait(PATIENCE)
            write()
        except BaseException as error:
            failed.append(error)
        finally:
            connection().close()

    threads = [threading.Thread(target=work, daemon=True) for _ in range(writers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(PATIENCE)
    assert not failed
    assert not any(thread.is_alive() for thread in threads)


# ── many writers ────────────────────────────────────────────────────────────
def test_no_change_of_many_transactions_is_lost(database: Path) -> None:
    def add() -> None:
        for _ in range(WRITES):
            with transaction.atomic(using=ALIAS):
                run(f"UPDATE counter SET value = {value() + 1} WHERE id = 1")  # noqa: S608

    at_once(add)
    assert value() == WRITERS * WRITES
    assert is_free(database)


def test_writes_outside_transactions_wait_their_turn(database: Path) -> None:
    def insert() -> None:
        for _ in range(WRITES):
            run("INSERT INTO counter (value) VALUES (0)")

    at_once(insert)
    assert count() == 1 + WRITERS * WRITES
    assert is_free(database)


def test_writers_of_both_kinds_get_on_together(database: Path) -> None:
    def both() -> None:
        for _ in range(WRITES):
            run("UPDATE counter SET value = value + 1 WHERE id = 1")
            with transaction.atomic(using=ALIAS):
                run("UPDATE counter SET value = value + 1 WHERE id = 1")

    at_once(both)
    assert value() == 2 * WRITERS * WRITES


def test_a_reader_does_not_wait_for_a_writer(database: Path) -> None:
    seen: list[int] = []
    with transaction.atomic(using=ALIAS):
        run("UPDATE counter SET value = 7 WHERE id = 1")
        at_once(lambda: seen.append(value()), writers=1)
    assert seen == [0]
    assert value() == 7


# ── when the lock is held, and when it is free again ────────────────────────
def test_a_transaction_holds_the_lock_from_its_begin_to_its_end(database: Path) -> None:
    with transaction.atomic(using=ALIAS):
        assert not is_free(database)
        with transaction.atomic(using=ALIAS):
            run("UPDATE counter SET value = 1 WHERE id = 1")
        assert not is_free(database)
    assert is_free(database)
    assert value() == 1


def test_a_read_outside_a_transaction_takes_no_lock(database: Path) -> None:
    with connection().cursor() as cursor:
        cursor.execute("SELECT value FROM counter")
        assert is_free(database)


def test_a_rolled_back_transaction_frees_the_lock(database: Path) -> None:
    with transaction.atomic(using=ALIAS):
        run("UPDATE counter SET value = 1 WHERE id = 1")
        transaction.set_rollback(True, using=ALIAS)
    assert is_free(database)
    assert value() == 0


def test_an_error_inside_a_transaction_frees_the_lock(database: Path) -> None:
    with pytest.raises(IntegrityError), transaction.atomic(using=ALIAS):
        run("INSERT INTO counter VALUES (1, 0)")
    assert is_free(database)


def test_an_error_of_an_inner_block_leaves_the_lock_with_the_outer_one(database: Path) -> None:
    with transaction.atomic(using=ALIAS):
        with pytest.raises(IntegrityError), transaction.atomic(using=ALIAS):
            run("INSERT INTO counter VALUES (1, 0)")
        assert not is_free(database)
        run("UPDATE counter SET value = 3 WHERE id = 1")
    assert is_free(database)
    assert value() == 3


def test_a_failed_write_outside_a_transaction_frees_the_lock(database: Path) -> None:
    with pytest.raises(IntegrityError):
        run("INSERT INTO counter VALUES (1, 0)")
    assert is_free(database)


def test_a_commit_that_fails_frees_the_lock(database: Path) -> None:
    run("CREATE TABLE child (id INTEGER PRIMARY KEY, of INTEGER NOT NULL "
        "REFERENCES counter (id) DEFERRABLE INITIALLY DEFERRED)")  # fmt: skip
    with pytest.raises(IntegrityError), transaction.atomic(using=ALIAS):
        run("INSERT INTO child VALUES (1, 99)")
    assert is_free(database)
    run("UPDATE counter SET value = 5 WHERE id = 1")
    assert value() == 5


def test_a_closed_connection_frees_the_lock(database: Path) -> None:
    opened = connection()
    opened.set_autocommit(False, force_begin_transaction_with_broken_autocommit=True)
    run("UPDATE counter SET value = 1 WHERE id = 1")
    assert not is_free(database)
    opened.close()
    assert is_free(database)
    assert value() == 0


def test_a_thread_that_died_in_a_transaction_does_not_stop_the_others(database: Path) -> None:
    class Died(Exception):
        pass

    def die() -> None:
        with transaction.atomic(using=ALIAS):
            run("UPDATE counter SET value = 9 WHERE id = 1")
            raise Died

    with pytest.raises(AssertionError, match="Died"):
        at_once(die)
    run("UPDATE counter SET value = value + 1 WHERE id = 1")
    assert value() == 1
