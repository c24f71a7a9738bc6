"""Every page, in the sizes and lights in which people see it: nothing that the browser objects to,
no barrier, nothing that sticks out of a small screen."""

from collections.abc import Iterator

import pytest
from django.urls import URLPattern, get_resolver, resolve

from accounts.models import Role
from assessment import demo
from tests.journeys.conftest import Visits

pytestmark = pytest.mark.browser

LKE = "/lke/POLTEK/2026"
PAGES: dict[Role | None, list[str]] = {
    None: [
        "/akun/masuk/",
        "/akun/sandi/lupa/",
        "/akun/sandi/lupa/terkirim/",
        "/akun/sandi/lupa/1-salah/",
        "/akun/sandi/lupa/selesai/",
        "/akun/nonaktif/",
    ],
    Role.TEAM_HEAD: [
        "/",
        f"{LKE}/ringkasan/",
        f"{LKE}/ringkasan/?sasaran=WBBM",
        f"{LKE}/ringkasan/A.I.1/",
        f"{LKE}/ringkasan/A.II.1.i.a/",
        f"{LKE}/isi/A.I.1/",
        f"{LKE}/isi/A.II.1/",
        f"{LKE}/isi/B.I/",
        f"{LKE}/isi/B.II/",
        f"{LKE}/isi/A.I.1/?susunan=pokja",
        f"{LKE}/isi/saring/kosong/",
        f"{LKE}/isi/saring/perlu-ditinjau/",
        f"{LKE}/isi/cari/?cari=pengaduan",
        f"{LKE}/isi/cari/?cari=tidak+ada+yang+begini",
        f"{LKE}/riwayat/",
        f"{LKE}/impor/",
        f"{LKE}/salin/",
        "/lke/POLTEK/2025/ringkasan/",
        "/lke/POLTEK/2025/isi/A.I.1/",
        "/laporan/",
        "/akun/sandi/",
        "/akun/konfirmasi/",
        "/akun/keluar/",
    ],
    Role.LEADER: ["/", "/lke/STC/2026/ringkasan/", "/lke/BPSM/2026/ringkasan/", "/laporan/"],
    Role.ADMIN: [
        "/admin/",
        "/admin/accounts/",
        "/admin/accounts/user/",
        "/admin/accounts/user/?q=putri",
        "/admin/accounts/user/add/",
        "/admin/accounts/user/1/change/",
        "/admin/accounts/user/1/history/",
        "/admin/accounts/user/1/sandi/",
        "/admin/accounts/user/impor/",
        "/admin/accounts/unit/",
        "/admin/accounts/unit/add/",
        "/admin/accounts/unit/1/change/",
        "/admin/accounts/unit/1/history/",
        "/admin/accounts/unit/impor/",
        "/admin/accounts/membership/",
        "/admin/accounts/membership/add/",
        "/admin/accounts/membership/1/change/",
        "/admin/accounts/membership/1/history/",
        "/admin/assessment/period/",
        "/admin/assessment/period/add/",
        "/admin/assessment/period/1/change/",
        "/admin/assessment/period/1/history/",
        "/admin/assessment/instrumentversion/",
        "/admin/assessment/instrumentversion/1/change/",
        "/admin/assessment/instrumentversion/1/history/",
    ],
}
"""Addresses by the role that opens them; None is a visitor without an account."""

ELSEWHERE = {
    "import_preview": "test_workbook.py",
    "report": "test_workbook.py",
    "job": "test_workbook.py",
}
"""Pages that exist only in the course of another journey, which looks at them."""

NO_PAGE = {
    "health",
    "session",
    "set_theme",
    "assessment",
    "open_assessment",
    "filling_start",
    "filling_card",
    "save_answer",
    "make_report",
    "report_file",
    "export_lke",
    "change_assessment",
    "cancel_job",
    "account_set_password",  # redirects whoever has a password
    "admin:autocomplete",
    "admin:jsi18n",
    "admin:accounts_user_import_template",
    "admin:accounts_unit_import_template",
    "admin:accounts_user_delete",
    "admin:accounts_unit_delete",
    "admin:accounts_membership_delete",
    "admin:assessment_period_delete",
    "admin:assessment_instrumentversion_add",
    "admin:assessment_instrumentversion_delete",
}
"""Addresses that answer with a redirect, a fragment, a file or a refusal."""


@pytest.mark.parametrize("role", PAGES, ids=lambda role: role.value if role else "tamu")
def test_pages_are_without_complaint_barrier_or_overflow(visit: Visits, role: Role | None) -> None:
    visitor = visit(_email(role))
    problems = []
    for address in PAGES[role]:
        status = visitor.open(address)
        if status != 200:
            problems.append(f"{address}: {status}")
        problems += [f"{address}: {each}" for each in visit.examine(visitor)]
    assert not problems, "\n".join(problems)


def test_no_page_is_left_out() -> None:
    seen = {resolve(each.partition("?")[0]).view_name for pages in PAGES.values() for each in pages}

    assert set(_names(get_resolver().url_patterns)) - seen == {*NO_PAGE, *ELSEWHERE}


def _email(role: Role | None) -> str | None:
    return next((account.email for account in demo.ACCOUNTS if account.role == role), None)


def _names(patterns: list, namespace: str = "") -> Iterator[str]:
    for each in patterns:
        if not isinstance(each, URLPattern):
            inner = f"{each.namespace}:" if each.namespace else ""
            yield from _names(each.url_patterns, namespace + inner)
        elif each.name:
            yield namespace + each.name
