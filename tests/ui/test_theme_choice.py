"""Light, dark or as the system: stored in a cookie by a form, without script."""

import pytest
from django.test import Client
from django.urls import reverse


@pytest.fixture
def client() -> Client:
    return Client()


def choose(client: Client, theme: str, target: str = "/akun/masuk/") -> str:
    response = client.post(reverse("set_theme"), {"theme": theme, "next": target})
    assert response.status_code == 302
    return str(response["Location"])


@pytest.mark.django_db
@pytest.mark.parametrize(("theme", "attribute"), [("terang", "light"), ("gelap", "dark")])
def test_a_choice_is_on_every_page_from_then_on(client: Client, theme: str, attribute: str) -> None:
    choose(client, theme)
    page = client.get(reverse("account_login")).content.decode()
    assert f'<html lang="id" data-bs-theme="{attribute}">' in page


@pytest.mark.django_db
def test_the_system_decides_again_when_the_choice_is_taken_back(client: Client) -> None:
    choose(client, "gelap")
    choose(client, "sistem")
    assert '<html lang="id">' in client.get(reverse("account_login")).content.decode()


def test_it_goes_back_to_where_it_was_asked(client: Client) -> None:
    assert (
        choose(client, "gelap", "/lke/POLTEK/2025/isi/A.I.1/?a=b")
        == "/lke/POLTEK/2025/isi/A.I.1/?a=b"
    )


@pytest.mark.parametrize(
    "target", ["https://jahat.example/", "//jahat.example/", "javascript:x", ""]
)
def test_it_leads_to_no_other_site(client: Client, target: str) -> None:
    assert choose(client, "gelap", target) == "/"


def test_the_cookie_is_out_of_reach_of_scripts(client: Client) -> None:
    choose(client, "gelap")
    assert client.cookies["zi_tema"]["httponly"]
    assert client.cookies["zi_tema"]["samesite"] == "Lax"


def test_looking_at_the_address_changes_nothing(client: Client) -> None:
    assert client.get(reverse("set_theme")).status_code == 405
    assert "zi_tema" not in client.cookies


@pytest.mark.django_db
def test_a_forged_cookie_is_ignored(client: Client) -> None:
    client.cookies["zi_tema"] = '"><script>'
    assert '<html lang="id">' in client.get(reverse("account_login")).content.decode()
