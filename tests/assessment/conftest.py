"""What the tests of this floor have in common."""

import pytest

from assessment.workbook import opening


@pytest.fixture(autouse=True)
def _patience(monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine that is busy with other tests is no reason to give up on an honest workbook; the
    child's limit of processor time, which hostile files run into, stays."""
    monkeypatch.setattr(opening, "WALL_SECONDS", 60)
