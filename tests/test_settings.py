"""Settings as an operator meets them: from the environment, in a process of their own."""

import os
import re
import secrets
import stat
import subprocess
import sys
from itertools import pairwise
from pathlib import Path

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory

from tests.command_line import manage
from tests.paths import REPOSITORY
from zi_portal.middleware import ClientAddress

HOST = "zi.contoh.go.id"


def named_in(file: Path) -> set[str]:
    """The variables that an environment file sets."""
    return set(re.findall(r"^([A-Z_]+)=", file.read_text(encoding="utf-8"), re.MULTILINE))


def read_in(file: Path) -> set[str]:
    """The variables that a Python file takes from the environment."""
    reads = r"""(?:env\.\w+|environ\.get)\(\s*["']([A-Z_]+)["']"""
    return set(re.findall(reads, file.read_text(encoding="utf-8")))


def test_production_without_a_secret_key_refuses_and_says_what_to_set(tmp_path: Path) -> None:
    done = manage(tmp_path / "data", "check", PRODUCTION="true", ALLOWED_HOSTS=HOST, SECRET_KEY="")

    assert done.returncode != 0
    assert "SECRET_KEY belum diatur. Isi SECRET_KEY" in done.stderr


def test_production_without_hosts_refuses_and_says_what_to_set(tmp_path: Path) -> None:
    done = manage(
        tmp_path / "data", "check", PRODUCTION="true", SECRET_KEY="k" * 60, ALLOWED_HOSTS=""
    )

    assert done.returncode != 0
    assert "ALLOWED_HOSTS belum diatur. Isi ALLOWED_HOSTS" in done.stderr


def test_production_settings_pass_all_of_djangos_deployment_checks(tmp_path: Path) -> None:
    done = manage(
        tmp_path / "data",
        *("check", "--deploy", "--fail-level", "INFO"),
        PRODUCTION="true",
        SECRET_KEY=secrets.token_urlsafe(64),
        ALLOWED_HOSTS=HOST,
    )

    assert done.returncode == 0, done.stderr


def test_debug_pages_stay_off_in_production(tmp_path: Path) -> None:
    done = manage(
        tmp_path / "data",
        *("shell", "-v0", "-c", "from django.conf import settings; print(settings.DEBUG)"),
        PRODUCTION="true",
        DEBUG="true",
        SECRET_KEY="k" * 60,
        ALLOWED_HOSTS=HOST,
    )

    assert done.stdout.strip() == "False"


def test_the_data_folder_is_closed_to_others(tmp_path: Path) -> None:
    assert manage(tmp_path / "data", "check", SECRET_KEY="").returncode == 0

    assert stat.S_IMODE((tmp_path / "data").stat().st_mode) == 0o700
    assert stat.S_IMODE((tmp_path / "data" / "secret_key").stat().st_mode) == 0o600


def test_processes_that_start_together_agree_on_one_made_key(tmp_path: Path) -> None:
    show = [sys.executable, "-c", "from zi_portal import settings; print(settings.SECRET_KEY)"]
    environment = {**os.environ, "DATA_DIR": str(tmp_path / "data"), "SECRET_KEY": ""}

    together = [
        subprocess.Popen(show, cwd=REPOSITORY, env=environment, stdout=subprocess.PIPE, text=True)
        for _ in range(4)
    ]
    keys = {process.communicate(timeout=60)[0].strip() for process in together}

    assert len(keys) == 1
    assert len(keys.pop()) >= 50
    assert [file.name for file in (tmp_path / "data").glob("secret_key*")] == ["secret_key"]


def test_empty_variables_count_as_unset(tmp_path: Path) -> None:
    blank = dict.fromkeys(["SECRET_KEY", "ALLOWED_HOSTS", "DATABASE_URL", "EMAIL_URL"], "")

    assert manage(tmp_path / "data", "check", **blank).returncode == 0


def test_the_example_explains_every_variable_and_no_other() -> None:
    read = read_in(REPOSITORY / "zi_portal" / "settings.py") | read_in(
        REPOSITORY / "deploy" / "gunicorn.conf.py"
    )

    assert named_in(REPOSITORY / ".env.example") == read


def test_every_variable_of_the_example_follows_an_explanation() -> None:
    lines = (REPOSITORY / ".env.example").read_text(encoding="utf-8").splitlines()

    bare = [line for above, line in pairwise(lines) if line[:1].isupper() and above[:1] != "#"]

    assert not bare


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("203.0.113.9", "203.0.113.9"),
        ("198.51.100.1, 203.0.113.9", "203.0.113.9"),
        ("", "127.0.0.1"),
    ],
)
def test_behind_a_proxy_the_address_is_the_one_that_the_proxy_added(
    header: str, expected: str
) -> None:
    seen: list[str] = []

    def view(request: HttpRequest) -> HttpResponse:
        seen.append(request.META["REMOTE_ADDR"])
        return HttpResponse()

    ClientAddress(view)(RequestFactory(headers={"X-Forwarded-For": header}).get("/"))

    assert seen == [expected]


def test_without_a_proxy_a_forged_address_is_not_believed(tmp_path: Path) -> None:
    code = "from django.conf import settings; print(settings.MIDDLEWARE[0])"

    bare = manage(tmp_path / "data", "shell", "-v0", "-c", code)
    behind = manage(tmp_path / "data", "shell", "-v0", "-c", code, BEHIND_PROXY="true")

    assert "ClientAddress" not in bare.stdout
    assert "ClientAddress" in behind.stdout


def test_the_health_address_says_that_database_and_storage_answer(db: None) -> None:
    response = Client().get("/sehat/")

    assert response.status_code == 200
    assert response.json() == {"database": True, "storage": True}
