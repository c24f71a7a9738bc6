"""How a private file leaves: its name and its parts."""

import pytest
from django.test import RequestFactory

from reports.serving import file_name, part_wanted


@pytest.mark.parametrize(("title", "name"), [
    ("Laporan Kesiapan WBK 2026, Politeknik Nusantara",
     "Laporan Kesiapan WBK 2026 Politeknik Nusantara.pdf"),
    ('Unit "A"; \\ B/C', "Unit A ; B C.pdf"),
    ("baris\r\nSet-Cookie: x=1", "baris Set-Cookie x=1.pdf"),
    ("../../etc/passwd", ".. .. etc passwd.pdf"),
    ("akhir.exe\N{RIGHT-TO-LEFT OVERRIDE}fdp", "akhir.exe fdp.pdf"),
    ("Balai Kebudayaan Jogjå ☂", "Balai Kebudayaan Jogjå ☂.pdf"),
    ("titik. ", "titik.pdf"),
])  # fmt: skip
def test_a_title_becomes_a_name_that_every_system_can_store(title: str, name: str) -> None:
    assert file_name(title, "pdf") == name


def test_a_very_long_title_is_cut() -> None:
    assert len(file_name("x" * 400, "pdf")) < 200


@pytest.mark.parametrize(("asked", "part"), [
    ("", None),
    ("bytes=0-99", None),  # all of it
    ("bytes=0-", None),
    ("bytes=0-9", (0, 9)),
    ("bytes=90-", (90, 99)),
    ("bytes=90-500", (90, 99)),
    ("bytes=100-", None),
    ("bytes=9-3", None),
    ("bytes=-5", None),
    ("bytes=0-1,4-5", None),
    ("lines=0-9", None),
])  # fmt: skip
def test_which_part_of_a_hundred_bytes_is_served(asked: str, part: tuple[int, int] | None) -> None:
    request = RequestFactory().get("/", headers={"Range": asked})
    assert part_wanted(request, 100) == part
