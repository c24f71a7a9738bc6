"""Where tests find things outside their own folder."""

import os
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).parent.parent
"""The root of the working tree."""

LKE_FOLDER = REPOSITORY.parent / "shared" / "lke"


def official_lke(name: str) -> Path:
    """A file of the ministry's own LKE material, which lies beside the repository, not in it.

    Without it the test is skipped; under CI (the variable CI is set) it fails, so that a run that
    counts never passes by leaving out what it should have shown.
    """
    path = LKE_FOLDER / name
    if not path.exists():
        reason = f"{name} tidak ada di {LKE_FOLDER.parent.name}/{LKE_FOLDER.name}"
        if os.environ.get("CI"):
            pytest.fail(f"{reason}: wajib ada di CI", pytrace=False)
        pytest.skip(reason)
    return path
