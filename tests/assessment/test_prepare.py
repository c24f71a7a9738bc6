"""`prepare`: what stands between an installed portal and a running one."""

from pathlib import Path

import pytest
from django.core.management import call_command

from accounts.models import TrailEntry, Unit
from accounts.trail import OPERATOR
from accounts.units import create_unit
from assessment import demo
from assessment.models import InstrumentVersion
from tests.command_line import manage

PRODUCTION = {
    "PRODUCTION": "true",
    "SECRET_KEY": "k" * 60,
    "ALLOWED_HOSTS": "zi.contoh.go.id",
}


def test_an_empty_portal_gets_instrument_and_demonstration_and_its_accounts_are_told(
    db: None, capsys: pytest.CaptureFixture[str]
) -> None:
    call_command("prepare")

    told = capsys.readouterr().out
    assert InstrumentVersion.objects.count() == 1
    assert Unit.objects.filter(parent=None).count() == 1
    assert demo.PASSWORD in told
    assert all(account.email in told for account in demo.ACCOUNTS)


def test_preparing_again_changes_nothing(db: None) -> None:
    call_command("prepare")
    before = TrailEntry.objects.count()

    call_command("prepare")

    assert TrailEntry.objects.count() == before


def test_a_portal_in_use_gets_no_demonstration(
    db: None, capsys: pytest.CaptureFixture[str]
) -> None:
    create_unit(OPERATOR, code="KU", name="Kementerian Uji")

    call_command("prepare")

    assert [unit.code for unit in Unit.objects.all()] == ["KU"]
    assert capsys.readouterr().out == ""


def test_without_a_terminal_the_first_administrator_is_not_asked_for_but_pointed_at(
    tmp_path: Path,
) -> None:
    done = manage(tmp_path, "prepare", "--empty")

    assert done.returncode == 0
    assert done.stdout == ""
    assert "manage.py create_admin" in done.stderr


def test_production_gets_static_files_and_no_demonstration(tmp_path: Path) -> None:
    done = manage(tmp_path, "prepare", **PRODUCTION)

    assert done.returncode == 0, done.stderr
    assert demo.PASSWORD not in done.stdout
    assert (tmp_path / "static" / "staticfiles.json").exists()
    units = "from accounts.models import Unit; print(Unit.objects.count())"
    assert manage(tmp_path, "shell", "-v0", "-c", units, **PRODUCTION).stdout == "0\n"
