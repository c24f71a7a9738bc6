"""What an open page learns about the session behind it."""

from django.test import Client

from tests.conftest import Cast, signed_in

ADDRESS = "/akun/sesi/"


def test_a_page_learns_whose_session_it_is_and_gets_a_token(cast: Cast) -> None:
    reply = signed_in(cast.member).get(ADDRESS)
    assert reply.json()["person"] == str(cast.member.uuid)
    assert len(reply.json()["token"]) > 30
    assert "no-store" in reply.headers["Cache-Control"]


def test_a_visitor_is_nobody_and_still_gets_the_token_to_sign_in_with(db: None) -> None:
    client = Client(enforce_csrf_checks=True)
    asked = client.get(ADDRESS).json()
    assert asked["person"] == ""
    tried = client.post(
        "/akun/masuk/",
        {"login": "siapa@uji.example", "password": "salah"},
        headers={"X-CSRFToken": asked["token"], "X-Requested-With": "XMLHttpRequest"},
    )
    assert tried.status_code == 400
    assert tried.json()["form"]["errors"] == ["NIP, surel, atau kata sandi tidak benar."]
