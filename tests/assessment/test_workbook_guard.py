"""Two folders of files: each hostile or broken one is refused in one sentence, each odd but good
one is read rightly.

That it takes less than 5 s is not measured here (nothing is, on a shared machine) but enforced by
the limits of the child process, which the slow files run into.
"""

from collections.abc import Callable

import pytest

from assessment.workbook import child, guard, opening
from assessment.workbook.opening import WALL_SECONDS
from assessment.workbook.parsed import WorkbookRefused, parse
from tests.assessment.samples import instrument, sample_answers
from tests.assessment.workbooks import good, hostile


@pytest.mark.parametrize("make", hostile.REFUSED, ids=lambda make: make.__name__)
def test_a_bad_file_is_refused_in_one_sentence(make: Callable[[], bytes]) -> None:
    with pytest.raises(WorkbookRefused) as refused:
        parse(instrument(), make())
    sentence = str(refused.value)
    assert sentence.endswith(".")
    assert "\n" not in sentence


@pytest.mark.parametrize("file", good.ACCEPTED, ids=str)
def test_a_good_file_is_read_rightly_and_says_what_it_could_not_read(file: good.Good) -> None:
    parsed = parse(instrument(), file.make())
    assert parsed.reading.unreadable == file.unreadable
    right = {code: v for code, v in sample_answers().items() if code not in file.unreadable}
    assert parsed.reading.values() == right


def test_the_limits_keep_what_is_promised_of_any_file() -> None:
    """5 s with all around it, 300 MB."""
    assert WALL_SECONDS <= 4
    assert child.CPU_SECONDS < WALL_SECONDS
    assert child.MEMORY_LIMIT <= 300 * 1024 * 1024


@pytest.mark.parametrize(
    ("make", "sentence"),
    [
        (hostile.not_a_zip, guard.NOT_A_WORKBOOK),
        (hostile.plain_zip, guard.NOT_A_WORKBOOK),
        (hostile.old_or_encrypted, guard.PROTECTED),
        (hostile.encrypted_member, guard.PROTECTED),
        (hostile.cut_off, guard.BROKEN),
        (hostile.broken_xml, guard.BROKEN),
        (hostile.zip_bomb, guard.TOO_COMPLEX),
        (hostile.xml_bomb, guard.TOO_COMPLEX),
        (hostile.xml_under_another_name, guard.TOO_COMPLEX),
        (hostile.too_many_members, guard.TOO_COMPLEX),
        (hostile.entity_bomb, guard.UNSAFE),
        (hostile.outside_entity, guard.UNSAFE),
        (hostile.slow_strings, guard.TOO_COMPLEX),
        (hostile.million_rows, guard.TOO_COMPLEX),
        (hostile.too_large, guard.TOO_LARGE),
    ],
    ids=lambda value: getattr(value, "__name__", ""),
)
def test_the_sentence_names_the_likely_cause(make: Callable[[], bytes], sentence: str) -> None:
    with pytest.raises(WorkbookRefused) as refused:
        parse(instrument(), make())
    assert str(refused.value) == sentence


def test_a_bomb_is_stopped_while_it_inflates_not_after() -> None:
    """The guard alone refuses it: openpyxl never sees the file."""
    with pytest.raises(WorkbookRefused):
        guard.check_inside(hostile.zip_bomb())


def test_a_file_that_takes_too_long_on_a_busy_machine_may_be_tried_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(opening, "WALL_SECONDS", 0.001)
    with pytest.raises(WorkbookRefused) as refused:
        opening.open_workbook(hostile.workbook())
    assert str(refused.value) == guard.BUSY


def test_a_missing_sheet_is_named() -> None:
    with pytest.raises(WorkbookRefused, match="LKE ZI"):
        parse(instrument(), hostile.missing_sheet())


def test_the_child_reads_without_django_and_without_our_secrets(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Settings that cannot even be imported, and a secret that is not passed on, do no harm."""
    monkeypatch.setenv("DJANGO_SETTINGS_MODULE", "there.is.no.such.module")
    monkeypatch.setenv("SECRET_KEY", "not for the child")
    assert "SECRET_KEY" not in opening.child_environment()
    assert opening.open_workbook(hostile.workbook())
