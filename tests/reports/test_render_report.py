"""`render_report`: the report from the command line."""

from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from accounts.models import TrailEntry
from assessment.models import Assessment
from reports.models import Report
from tests.conftest import Cast
from tests.reports.conftest import issued


def render(output: Path, **options: Any) -> None:
    call_command(
        "render_report",
        **{"unit": "POLTEK", "period": 2026, "kind": "kesiapan", "output": output, **options},
    )


def test_it_writes_the_report_and_registers_it(filled: Assessment, tmp_path: Path) -> None:
    target = tmp_path / "laporan.pdf"
    render(target)
    assert target.read_bytes().startswith(b"%PDF-1.7")
    assert Report.objects.get().size == target.stat().st_size
    assert TrailEntry.objects.get(verb="report.issued").actor_label == "operator"


def test_it_gives_the_stored_file_of_unchanged_data(filled: Assessment, tmp_path: Path) -> None:
    issued(filled, content=b"%PDF-1.7 tersimpan")
    render(tmp_path / "laporan.pdf")
    assert (tmp_path / "laporan.pdf").read_bytes() == b"%PDF-1.7 tersimpan"


@pytest.mark.parametrize(("options", "sentence"), [
    ({"unit": "TIADA"}, "Unit TIADA belum ada."),
    ({"period": 2031}, "Periode 2031 belum ada."),
    ({"unit": "BALAI"}, "Unit BALAI belum memiliki penilaian tahun 2026."),
    ({"kind": "lhe"}, "--kind tidak dapat berisi 'lhe'; pilih kesiapan."),
    ({"as_email": "tiada@uji.example"}, "Tidak ada pengguna dengan surel tiada@uji.example."),
])  # fmt: skip
def test_bad_arguments_are_refused_in_a_sentence(
    options: dict[str, Any], sentence: str, filled: Assessment, tmp_path: Path
) -> None:
    arguments = {"unit": "POLTEK", "period": 2026, "kind": "kesiapan", **options}
    as_email = arguments.pop("as_email", None)
    line = [f"--{name}={value}" for name, value in arguments.items()]
    line += [f"--as={as_email}"] if as_email else []
    with pytest.raises(CommandError, match=sentence) as refused:
        call_command("render_report", *line, "-o", str(tmp_path / "x.pdf"))
    assert refused.value.returncode == 2
    assert not Report.objects.exists()
    assert not (tmp_path / "x.pdf").exists()


def test_a_folder_that_is_not_there_is_refused_before_the_work(
    filled: Assessment, tmp_path: Path
) -> None:
    with pytest.raises(CommandError, match="foldernya tidak ada"):
        render(tmp_path / "tiada" / "x.pdf")
    assert not Report.objects.exists()


@pytest.mark.parametrize("who", ["stranger", "admin", "evaluator"])
def test_as_a_person_it_is_bound_by_that_persons_role(
    who: str, cast: Cast, filled: Assessment, tmp_path: Path
) -> None:
    with pytest.raises(CommandError) as refused:
        render(tmp_path / "x.pdf", as_email=getattr(cast, who).email)
    assert refused.value.returncode == 2
    assert not Report.objects.exists()


def test_as_a_member_it_acts_in_that_name(cast: Cast, filled: Assessment, tmp_path: Path) -> None:
    render(tmp_path / "x.pdf", as_email=cast.member.email)
    assert Report.objects.get().issued_by == cast.member
