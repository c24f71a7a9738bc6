"""The frame, the account pages and the error pages as they arrive."""

import re
from collections.abc import Mapping
from typing import Any

import pytest
from django.conf import settings
from django.contrib.messages import get_messages
from django.core import mail
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.test import Client, RequestFactory, override_settings
from django.urls import reverse

from accounts.adapter import AccountAdapter
from tests.conftest import Cast

PUBLIC = ["account_login", "account_reset_password", "account_reset_password_done",
          "account_reset_password_from_key_done", "account_inactive"]  # fmt: skip
ERRORS = ["400.html", "403.html", "403_csrf.html", "404.html", "429.html", "500.html"]


def sections(request: HttpRequest) -> Mapping[str, Any]:
    """A source of the frame for these tests: two sections, two periods, two roles."""
    return {
        "sections": [
            {"label": "Beranda", "url": "/", "current": False},
            {"label": "Laporan", "url": "/laporan/", "current": True},
        ],
        "periods": [
            {"label": "Periode 2025", "url": "/?2025", "current": True},
            {"label": "Periode 2024", "url": "/?2024", "current": False},
        ],
        "roles": [
            {"label": "Ketua tim ZI", "detail": "Politeknik", "url": "/?a", "current": True},
            {"label": "Admin", "detail": "Kementerian", "url": "/?b", "current": False},
        ],
        "person_role": "Ketua tim ZI",
        "person_unit": "Politeknik <Nusantara>",
    }


def has_one_heading_and_main(page: str) -> bool:
    return page.count("<h1>") == 1 and page.count("<main") == 1 and 'href="#isi"' in page


def own_page(cast: Cast) -> str:
    """A page of one's own account, in the frame that `sections` describes."""
    cast.member.set_password("kata-sandi-uji")
    cast.member.save()
    client = Client()
    client.force_login(cast.member)
    with override_settings(ZI_FRAME_SOURCE="tests.ui.test_pages.sections"):
        response = client.get(reverse("account_change_password"))
    assert response.status_code == 200
    return response.content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize("name", PUBLIC)
def test_a_public_account_page_is_ours_and_offers_no_sign_up(client: Client, name: str) -> None:
    page = client.get(reverse(name)).content.decode()
    assert has_one_heading_and_main(page)
    assert "Portal Zona Integritas" in page
    assert not re.search(r"sign ?up|daftar akun", page, re.IGNORECASE)


@pytest.mark.django_db
def test_the_sign_in_form_can_be_filled_by_a_password_manager(client: Client) -> None:
    page = client.get(reverse("account_login")).content.decode()
    assert 'autocomplete="username"' in page
    assert 'autocomplete="current-password"' in page
    assert 'data-show-password="id_password"' in page


@pytest.mark.django_db
def test_a_refused_sign_in_shows_one_line_and_keeps_the_name(client: Client) -> None:
    data = {"login": "19850101", "password": "salah-sekali"}
    page = client.post(reverse("account_login"), data).content.decode()
    assert page.count('class="err"') == 1
    assert str(AccountAdapter.error_messages["username_password_mismatch"]) in page
    assert 'value="19850101"' in page
    assert "salah-sekali" not in page


@pytest.mark.django_db
def test_an_unknown_account_and_a_wrong_password_read_the_same(client: Client, cast: Cast) -> None:
    lines = set()
    for login in (cast.member.email, "tidak.ada@contoh.go.id", "99999999"):
        data = {"login": login, "password": "salah-sekali"}
        page = client.post(reverse("account_login"), data).content.decode()
        lines.add(re.findall(r'class="err".*?</p>', page, re.DOTALL)[0])
    assert len(lines) == 1


@pytest.mark.django_db
def test_asking_for_a_new_password_tells_nobody_which_accounts_exist(
    client: Client, cast: Cast
) -> None:
    pages = [
        client.post(reverse("account_reset_password"), {"email": email}, follow=True)
        for email in (cast.member.email, "tidak.ada@contoh.go.id")
    ]
    assert {page.status_code for page in pages} == {200}
    assert pages[0].content == pages[1].content
    assert [sent.to for sent in mail.outbox] == [[cast.member.email]]
    assert "Buka tautan berikut" in mail.outbox[0].body


@pytest.mark.django_db
def test_own_password_is_changed_in_the_frame(cast: Cast) -> None:
    page = own_page(cast)
    assert has_one_heading_and_main(page)
    least = next(
        rule["OPTIONS"]["min_length"]
        for rule in settings.AUTH_PASSWORD_VALIDATORS
        if rule["NAME"].endswith("MinimumLengthValidator")
    )
    assert f"Paling sedikit {least} karakter" in page


@pytest.mark.django_db
def test_the_frame_shows_what_its_source_says(cast: Cast) -> None:
    page = own_page(cast)
    assert '<a href="/laporan/" aria-current="page">Laporan</a>' in page
    assert "Periode 2024" in page
    assert "Bertindak sebagai" in page
    assert "Politeknik &lt;Nusantara&gt;" in page
    assert cast.member.name in page
    assert page.count('role="status"') == 1  # one polite live region


@pytest.mark.django_db
def test_signing_out_and_the_theme_are_forms_not_links(cast: Cast) -> None:
    page = own_page(cast)
    assert f'<form method="post" action="{reverse("account_logout")}"' in page
    assert f'<a href="{reverse("account_logout")}"' not in page
    assert re.search(rf'method="post" action="{reverse("set_theme")}"', page)


@pytest.mark.django_db
def test_signing_in_and_out_is_quiet(cast: Cast) -> None:
    cast.member.set_password("kata-sandi-uji")
    cast.member.save()
    client = Client()
    response = client.post(
        reverse("account_login"), {"login": cast.member.email, "password": "kata-sandi-uji"}
    )
    assert response.status_code == 302
    assert list(get_messages(response.wsgi_request)) == []
    assert list(get_messages(client.post(reverse("account_logout")).wsgi_request)) == []


@pytest.mark.parametrize("name", ERRORS)
def test_an_error_page_needs_neither_request_nor_database(name: str) -> None:
    page = render_to_string(name)
    assert has_one_heading_and_main(page)
    assert "csrf" not in page.lower()


@pytest.mark.parametrize("name", ERRORS)
def test_an_error_page_shows_nothing_of_the_request(name: str) -> None:
    request = RequestFactory().get("/rahasia-sekali/?q=rahasia-sekali")
    assert "rahasia-sekali" not in render_to_string(name, {"exception": "rahasia-sekali"}, request)


def test_htmx_runs_no_code_from_markup() -> None:
    page = render_to_string("base.html", {}, RequestFactory().get("/"))
    for setting in (
        '"allowEval":false',
        '"includeIndicatorStyles":false',
        '"selfRequestsOnly":true',
    ):
        assert setting in page
