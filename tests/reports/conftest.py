"""What tests of reports share: a private storage of their own, and filled sheets."""

from pathlib import Path
from typing import Any

import pytest

from accounts.trail import OPERATOR
from assessment import answering
from assessment.answering import Change
from assessment.models import Assessment, Stage, State
from reports import register
from reports.models import Report
from tests.assessment.samples import sample_answers


@pytest.fixture(autouse=True)
def private_storage(settings: Any, tmp_path: Path) -> Path:
    """Files of a test lie in a folder of its own."""
    folder = tmp_path / "files"
    settings.STORAGES = {
        **settings.STORAGES,
        "default": {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": folder},
        },
    }
    return folder


def fill(assessment: Assessment, notes: dict[str, str] | None = None, *, skip: int = 0) -> None:
    """The plausible unit's answers (84,712917 points), all but the last `skip`."""
    answers = list(sample_answers().items())
    kept = answers[: len(answers) - skip]
    changes = [Change(code, value=value, note=(notes or {}).get(code, "")) for code, value in kept]
    answering.record(OPERATOR, assessment, Stage.UNIT, changes)


def move_to(assessment: Assessment, state: State) -> None:
    """Put the assessment into a state."""
    Assessment.objects.filter(pk=assessment.pk).update(state=state)
    assessment.refresh_from_db()


def issued(assessment: Assessment, reader: Any = None, content: bytes = b"%PDF-1.7 uji") -> Report:
    """A report in the register, with a file of a few bytes."""
    made = register.draft(reader, assessment)
    return made.issued() or register.issue(OPERATOR, made, content)


@pytest.fixture
def filled(assessment: Assessment) -> Assessment:
    """POLTEK's sheet of 2026, target WBK, complete: 84,712917 points."""
    fill(assessment)
    return assessment


@pytest.fixture
def submitted(filled: Assessment) -> Assessment:
    """The same, handed over to TPI."""
    move_to(filled, State.SUBMITTED)
    return filled
