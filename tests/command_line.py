"""manage.py as a process of its own, on an installation of its own: exit status and outputs."""

import os
import subprocess
import sys
from pathlib import Path

from tests.paths import REPOSITORY


def environment(folder: Path, **changes: str) -> dict[str, str]:
    """The variables of the SQLite installation in `folder`, not in production, with `changes`."""
    return {
        **os.environ,
        "DATA_DIR": str(folder),
        "DATABASE_URL": "",
        "PRODUCTION": "false",
        "DEBUG": "false",
        **changes,
    }


def start(folder: Path, *arguments: str, **changes: str) -> subprocess.Popen[str]:
    """Start a command on that installation, without a terminal."""
    return subprocess.Popen(
        [sys.executable, "manage.py", *arguments],
        cwd=REPOSITORY,
        env=environment(folder, **changes),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def manage(folder: Path, *arguments: str, **changes: str) -> subprocess.CompletedProcess[str]:
    """Run a command to its end."""
    process = start(folder, *arguments, **changes)
    stdout, stderr = process.communicate(timeout=300)
    return subprocess.CompletedProcess(process.args, process.returncode, stdout, stderr)


def is_one_sentence(text: str) -> bool:
    """Whether it is a single line that ends as a sentence does."""
    return len(text.splitlines()) == 1 and text.rstrip("\n").endswith(".")
