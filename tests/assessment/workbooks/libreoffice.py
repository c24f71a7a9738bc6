"""LibreOffice as a witness: it recalculates a workbook that nobody calculated before."""

import os
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook

FORMAT = "xlsx:Calc MS Excel 2007 XML"


def recalculated(folder: Path, files: Sequence[bytes]) -> list[Workbook]:
    """The workbooks after LibreOffice opened and saved them, with its results as values.

    Without LibreOffice (libreoffice-calc) the test is skipped; under CI it fails.
    """
    saved = resaved(folder, files)
    return [load_workbook(file, data_only=True) for file in saved]


def resaved(folder: Path, files: Sequence[bytes]) -> list[Path]:
    """The files as LibreOffice saves them."""
    program = shutil.which("soffice")
    if program is None:
        if os.environ.get("CI"):
            pytest.fail("soffice wajib ada di CI (script/bootstrap --test)", pytrace=False)
        pytest.skip("soffice tidak terpasang (script/bootstrap --test)")
    given, taken, profile = folder / "given", folder / "taken", (folder / "profile").as_uri()
    given.mkdir()
    names = [f"{number}.xlsx" for number in range(len(files))]
    for name, data in zip(names, files, strict=True):
        (given / name).write_bytes(data)
    done = subprocess.run(
        [
            program, "--headless", "--norestore", f"-env:UserInstallation={profile}",
            "--convert-to", FORMAT, "--outdir", str(taken), *(str(given / name) for name in names),
        ],
        capture_output=True,
        timeout=180,
        check=False,
    )  # fmt: skip
    assert all((taken / name).exists() for name in names), done.stderr.decode()
    return [taken / name for name in names]
