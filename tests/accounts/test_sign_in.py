"""Signing in and out, passwords, and what is not offered at all (security.md 24-26, 33)."""

import re
from collections.abc import Iterator

import pytest
from django.core import mail
from django.core.cache import cache
from django.http import HttpResponse
from django.test import Client
from django.urls import NoReverseMatch, reverse
from pytest_django import Settings

from accounts import people, trail
from accounts.models import Role, TrailEntry, User
from accounts.trail import OPERATOR
from tests.conftest import Cast, signed_in

PASSWORD = "kereta malam ke utara"
OTHER_PASSWORD = "perahu pagi ke timur"
NIP = "198701012010011001"


@pytest.fixture(autouse=True)
def fresh_throttle() -> Iterator[None]:
    """Attempts of one test do not count in the next."""
    cache.clear()
    yield
    cache.clear()


@pytest.fixture(autouse=True)
def quick_hasher(settings: Settings) -> None:
    """The product's own hasher is slow on purpose (test_people.py holds it to Argon2)."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture
def person(cast: Cast) -> User:
    """The unit's team head, who has a staff number and a password."""
    person = cast.team_head
    person.staff_number = NIP
    person.set_password(PASSWORD)
    person.save()
    return person


def sign_in(client: Client, login: str, password: str = PASSWORD, next_: str = "") -> HttpResponse:
    form = {"login": login, "password": password, **({"next": next_} if next_ else {})}
    return client.post(reverse("account_login"), form)


def is_signed_in(client: Client) -> bool:
    return "_auth_user_id" in client.session


def error_of(response: HttpResponse) -> str:
    found = re.search(r'role="alert">.*?<span>(.*?)</span>', response.content.decode(), re.DOTALL)
    assert found, "the page shows no error"
    return found[1]


@pytest.mark.parametrize("login", ["kris.ketua@uji.example", "KRIS.Ketua@Uji.Example ", NIP])
def test_a_person_signs_in_by_email_or_staff_number(
    client: Client, person: User, login: str
) -> None:
    response = sign_in(client, login)
    assert response.status_code == 302
    assert response["Location"] == reverse("home")
    assert client.session["_auth_user_id"] == str(person.pk)


def test_the_session_key_changes_at_sign_in(client: Client, person: User) -> None:
    session = client.session
    session["before"] = True
    session.save()
    before = session.session_key
    sign_in(client, NIP)
    assert is_signed_in(client)
    assert client.session.session_key != before


def test_a_wrong_password_and_an_unknown_account_get_the_same_answer(
    client: Client, person: User
) -> None:
    wrong = sign_in(client, person.email, "bukan kata sandinya")
    unknown = sign_in(client, "tidak.ada@uji.example", "bukan kata sandinya")
    by_number = sign_in(client, "199912312020121999", "bukan kata sandinya")
    assert wrong.status_code == unknown.status_code == by_number.status_code == 200
    assert error_of(wrong) == error_of(unknown) == error_of(by_number)
    assert not is_signed_in(client)


def test_an_account_without_a_password_cannot_be_opened(client: Client, cast: Cast) -> None:
    for password in ("", "!", cast.member.password):
        sign_in(client, cast.member.email, password)
        assert not is_signed_in(client)


def test_a_deactivated_account_cannot_sign_in(client: Client, person: User) -> None:
    people.deactivate(OPERATOR, person)
    sign_in(client, person.email)
    assert not is_signed_in(client)


def test_a_deactivated_account_gives_nothing_away_to_a_wrong_password(
    client: Client, person: User
) -> None:
    people.deactivate(OPERATOR, person)
    wrong = sign_in(client, person.email, "bukan kata sandinya")
    unknown = sign_in(client, "tidak.ada@uji.example", "bukan kata sandinya")
    assert error_of(wrong) == error_of(unknown)


def test_many_wrong_passwords_close_an_account_for_a_while(client: Client, person: User) -> None:
    for _ in range(6):
        sign_in(client, person.email, "bukan kata sandinya")
    sign_in(client, person.email)
    assert not is_signed_in(client)


def test_signing_out_is_a_post_and_ends_the_session(client: Client, person: User) -> None:
    sign_in(client, person.email)
    key = client.session.session_key
    client.get(reverse("account_logout"))
    assert is_signed_in(client)
    client.post(reverse("account_logout"))
    assert not is_signed_in(client)
    client.cookies["sessionid"] = key or ""
    assert not is_signed_in(client)


@pytest.mark.parametrize(
    "target",
    [
        "https://jahat.example/",
        "//jahat.example/",
        "http:///jahat.example",
        "/\\jahat.example",
        "javascript:alert(1)",
        "\thttps://jahat.example",
    ],
)
def test_sign_in_does_not_lead_to_another_site(client: Client, person: User, target: str) -> None:
    response = sign_in(client, person.email, next_=target)
    assert response["Location"] == reverse("home")


def test_sign_in_leads_back_to_where_one_was(client: Client, person: User) -> None:
    asked = client.get(reverse("account_change_password"))
    assert asked.status_code == 302
    assert asked["Location"] == "/akun/masuk/?next=/akun/sandi/"
    response = sign_in(client, person.email, next_="/akun/sandi/")
    assert response["Location"] == "/akun/sandi/"


@pytest.mark.django_db
def test_a_visitor_is_sent_to_sign_in_with_the_way_back(client: Client) -> None:
    for page in (reverse("home"), reverse("admin:index"), "/admin/accounts/user/"):
        response = client.get(page)
        assert response["Location"] == f"/akun/masuk/?next={page}"


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["daftar/", "signup/", "surel/", "email/", "masuk/kode/"])
def test_there_is_no_sign_up_and_no_address_book(client: Client, path: str) -> None:
    assert client.get(f"/akun/{path}").status_code == 404
    assert client.post(f"/akun/{path}", {"email": "baru@uji.example"}).status_code == 404


@pytest.mark.parametrize("name", ["account_signup", "account_email", "account_request_login_code"])
def test_what_is_not_offered_has_no_address(name: str) -> None:
    with pytest.raises(NoReverseMatch):
        reverse(name)


@pytest.mark.django_db
def test_no_post_to_sign_in_makes_an_account(client: Client) -> None:
    form = {"login": "baru@uji.example", "email": "baru@uji.example", "password": PASSWORD,
            "password1": PASSWORD, "password2": PASSWORD}  # fmt: skip
    client.post(reverse("account_login"), form)
    assert not User.objects.exists()


# ── changing a password ─────────────────────────────────────────────────────
def change_password(client: Client, old: str, new: str) -> HttpResponse:
    form = {"oldpassword": old, "password1": new, "password2": new}
    return client.post(reverse("account_change_password"), form)


def test_a_changed_password_ends_the_other_sessions(client: Client, person: User) -> None:
    sign_in(client, person.email)
    elsewhere = Client()
    sign_in(elsewhere, person.email)
    change_password(client, PASSWORD, OTHER_PASSWORD)
    assert client.get(reverse("account_change_password")).status_code == 200
    assert elsewhere.get(reverse("account_change_password")).status_code == 302
    person.refresh_from_db()
    assert person.check_password(OTHER_PASSWORD)


def test_a_changed_password_leaves_one_entry_without_the_password(
    client: Client, person: User
) -> None:
    sign_in(client, person.email)
    change_password(client, PASSWORD, OTHER_PASSWORD)
    entry = TrailEntry.objects.get(verb="user.password_set")
    assert entry.actor == person
    assert entry.target == str(person.uuid)
    assert OTHER_PASSWORD not in f"{entry.data} {entry.personal}"
    assert trail.verify(trail.PORTAL) is None


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("salah sama sekali", OTHER_PASSWORD),
        (PASSWORD, "pendek"),
        (PASSWORD, "123456789012345"),
        (PASSWORD, "kris.ketua@uji.example"),
        (PASSWORD, NIP),
        (PASSWORD, "passwordpassword"[:8]),
    ],
)
def test_a_poor_password_or_a_wrong_old_one_changes_nothing(
    client: Client, person: User, old: str, new: str
) -> None:
    sign_in(client, person.email)
    response = change_password(client, old, new)
    assert response.status_code == 200
    person.refresh_from_db()
    assert person.check_password(PASSWORD)


# ── a forgotten password ────────────────────────────────────────────────────
def reset_link(client: Client, email: str) -> str:
    client.post(reverse("account_reset_password"), {"email": email})
    found = re.search(r"https?://testserver(\S+)", str(mail.outbox[-1].body))
    assert found
    return found[1]


def follow(client: Client, link: str, password: str) -> HttpResponse:
    form = client.get(link, follow=True)
    target = form.request["PATH_INFO"]
    return client.post(target, {"password1": password, "password2": password})


def test_a_mailed_link_sets_a_new_password_once(client: Client, person: User) -> None:
    link = reset_link(client, person.email)
    assert mail.outbox[0].to == [person.email]
    follow(client, link, OTHER_PASSWORD)
    person.refresh_from_db()
    assert person.check_password(OTHER_PASSWORD)
    again = Client().get(link, follow=True)
    assert "Tautan tidak berlaku" in again.content.decode()


def test_a_link_opens_an_account_that_never_had_a_password(client: Client, cast: Cast) -> None:
    follow(client, reset_link(client, cast.member.email), OTHER_PASSWORD)
    sign_in(client, cast.member.email, OTHER_PASSWORD)
    assert is_signed_in(client)


def test_a_reset_for_an_unknown_address_looks_the_same_and_sends_nothing(
    client: Client, person: User
) -> None:
    known = client.post(reverse("account_reset_password"), {"email": person.email})
    mail.outbox.clear()
    unknown = client.post(reverse("account_reset_password"), {"email": "tidak.ada@uji.example"})
    assert (known.status_code, known["Location"]) == (unknown.status_code, unknown["Location"])
    assert mail.outbox == []


def test_a_deactivated_account_gets_no_link(client: Client, person: User) -> None:
    people.deactivate(OPERATOR, person)
    client.post(reverse("account_reset_password"), {"email": person.email})
    assert mail.outbox == []


def test_a_link_ends_when_the_address_changes(client: Client, person: User) -> None:
    link = reset_link(client, person.email)
    people.change_user(
        OPERATOR,
        person,
        email="baru@uji.example",
        name=person.name,
        staff_number=NIP,
        is_active=True,
    )
    assert "Tautan tidak berlaku" in client.get(link, follow=True).content.decode()


def test_an_old_address_opens_nothing_after_it_was_changed(client: Client, person: User) -> None:
    reset_link(client, person.email)
    old = person.email
    people.change_user(
        OPERATOR,
        person,
        email="baru@uji.example",
        name=person.name,
        staff_number=NIP,
        is_active=True,
    )
    sign_in(client, old)
    assert not is_signed_in(client)
    mail.outbox.clear()
    client.post(reverse("account_reset_password"), {"email": old})
    assert mail.outbox == []


# ── at the next request ─────────────────────────────────────────────────────
def test_a_deactivated_account_is_out_at_its_next_request(cast: Cast) -> None:
    client = signed_in(cast.team_head)
    assert client.get(reverse("home")).status_code == 200
    people.deactivate(OPERATOR, cast.team_head)
    assert client.get(reverse("home")).status_code == 302


def test_a_revoked_role_is_gone_at_the_next_request(cast: Cast) -> None:
    role = cast.admin.memberships.get()
    people.grant(OPERATOR, cast.nobody, unit=role.unit, role=Role.ADMIN)
    client = signed_in(cast.admin)
    assert client.get(reverse("admin:index")).status_code == 200
    people.revoke(OPERATOR, role)
    assert client.get(reverse("admin:index")).status_code == 403
