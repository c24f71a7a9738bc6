"""Many people save at once, on the same cards and on different ones, against the real portal."""

import json
import os
import time
from collections.abc import Callable, Iterator

import pytest

from tests.load.writers import Writer, crowd, writing
from tests.portal import Portal, running

pytestmark = pytest.mark.load

LONG = bool(os.environ.get("LONG_TESTS"))
SECONDS = 20 if LONG else 5
KILLS = 5 if LONG else 1
UNITS, PEOPLE = 10, 5

Tell = Callable[[str, object], None]


@pytest.fixture
def portal(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Portal]:
    with running(tmp_path_factory.mktemp("portal"), "--empty") as portal:
        yield portal


@pytest.fixture
def writers(portal: Portal) -> list[Writer]:
    """Fifty people in ten units, each with an empty LKE."""
    make = f"from tests.load.crowd import build; build({UNITS}, {PEOPLE})"
    return crowd(portal, json.loads(portal.manage("shell", "-v0", "-c", make)))


def test_fifty_writers_without_pause_lose_nothing_and_meet_no_lock(
    portal: Portal, writers: list[Writer], record_property: Tell
) -> None:
    with writing(writers):
        time.sleep(SECONDS)

    report(record_property, writers)
    assert not [refusal for writer in writers for refusal in writer.refused]
    assert all(writer.saved for writer in writers)
    assert any(writer.conflicts for writer in writers)
    assert_nothing_is_lost(portal, writers)
    assert "Traceback" not in portal.log.read_text()
    assert "locked" not in portal.log.read_text()


def test_a_server_killed_while_fifty_write_has_kept_all_that_it_acknowledged(
    portal: Portal, writers: list[Writer], record_property: Tell
) -> None:
    with writing(writers):
        for _ in range(KILLS):
            time.sleep(2)
            portal.kill()
            portal.start()
        time.sleep(2)

    report(record_property, writers)
    assert not [refusal for writer in writers for refusal in writer.refused]
    assert_nothing_is_lost(portal, writers)


def assert_nothing_is_lost(portal: Portal, writers: list[Writer]) -> None:
    """Every acknowledged save is in the trail under its version; answers are the last of it."""
    kept = json.loads(
        portal.manage("shell", "-v0", "-c", "from tests.load.crowd import dump; dump()")
    )
    history = {(unit, code, version): note for unit, code, version, note in kept["trail"]}
    acknowledged = {
        (save.unit, save.code, save.version): save.note
        for writer in writers
        for save in writer.saved
    }
    assert len(acknowledged) == sum(len(writer.saved) for writer in writers)
    lost = {key for key, note in acknowledged.items() if history.get(key) != note}
    assert not lost
    assert len(kept["trail"]) == len(history)
    for unit, code, version, note in kept["answers"]:
        assert history[unit, code, version] == note
        assert (unit, code, version + 1) not in history
    portal.manage("rescore", "--check")
    portal.manage("verify_trail")


def report(record_property: Tell, writers: list[Writer]) -> None:
    """Figures for the run's summary; they are told, not judged: machines differ."""
    saves = sorted(save.seconds for writer in writers for save in writer.saved)
    record_property(
        "told",
        f"{len(saves)} saves, {sum(writer.conflicts for writer in writers)} conflicts, "
        f"median {saves[len(saves) // 2]:.2f} s, slowest {saves[-1]:.2f} s",
    )
