"""The administration pages: opened by the policy, saved by the verbs, told by the trail."""

import re
from typing import Any

import pytest
from django.contrib import admin
from django.contrib.admin.models import LogEntry
from django.core import mail
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from accounts import people, trail
from accounts.models import Membership, Role, TrailEntry, Unit, User
from accounts.trail import OPERATOR
from assessment.models import Assessment, InstrumentVersion, Period
from tests.conftest import Cast, Ministry, signed_in


@pytest.fixture
def client(cast: Cast) -> Client:
    """The ministry's admin at work."""
    return signed_in(cast.admin)


def entries() -> int:
    return TrailEntry.objects.count()


def last() -> TrailEntry:
    return TrailEntry.objects.filter(chain=trail.PORTAL).latest("seq")


def user_form(user: User | None = None, *rows: dict[str, Any], **fields: Any) -> dict[str, Any]:
    """The posted form of a person with its rows of roles."""
    form = {
        "name": user.name if user else "Orang Baru",
        "email": user.email if user else "baru@uji.example",
        "staff_number": (user and user.staff_number) or "",
        "is_active": "on",
        "memberships-TOTAL_FORMS": len(rows),
        "memberships-INITIAL_FORMS": sum("id" in row for row in rows),
    }
    for number, row in enumerate(rows):
        form |= {f"memberships-{number}-{name}": value for name, value in row.items()}
        if user:
            form[f"memberships-{number}-user"] = user.pk
    return {name: value for name, value in {**form, **fields}.items() if value is not None}


def row(membership: Membership, **changes: Any) -> dict[str, Any]:
    """A row of the form for a role that the person has."""
    return {
        "id": membership.pk,
        "unit": membership.unit_id,
        "role": membership.role,
        "pokja": membership.pokja,
        **changes,
    }


def post_user(client: Client, user: User, *rows: dict[str, Any], **fields: Any) -> HttpResponse:
    page = reverse("admin:accounts_user_change", args=[user.pk])
    return client.post(page, user_form(user, *rows, **fields))


def errors(response: HttpResponse) -> str:
    return " ".join(
        re.findall(r'class="errorlist[^"]*"[^>]*>(.*?)</ul>', response.content.decode(), re.DOTALL)
    )


# ── who comes in, and to what ───────────────────────────────────────────────
def test_only_an_admin_of_the_ministry_comes_in(cast: Cast) -> None:
    for name in vars(cast):
        status = signed_in(getattr(cast, name)).get(reverse("admin:index")).status_code
        assert (name, status) == (name, 200 if name == "admin" else 403)


def test_answers_scores_and_trail_are_not_registered() -> None:
    registered = {model._meta.label for model in admin.site._registry}
    assert registered == {
        "accounts.User",
        "accounts.Unit",
        "accounts.Membership",
        "assessment.Period",
        "assessment.InstrumentVersion",
    }


@pytest.mark.parametrize("model", ["user", "unit", "membership"])
def test_nothing_can_be_deleted(client: Client, cast: Cast, model: str) -> None:
    some = {"user": cast.member, "unit": cast.member.memberships.get().unit,
            "membership": cast.member.memberships.get()}[model]  # fmt: skip
    page = reverse(f"admin:accounts_{model}_delete", args=[some.pk])
    assert client.post(page, {"post": "yes"}).status_code == 403
    assert (
        "delete_selected"
        not in client.get(reverse(f"admin:accounts_{model}_changelist")).content.decode()
    )


def test_no_page_has_inline_style_or_script(
    client: Client, cast: Cast, period: Period, ministry: Ministry
) -> None:
    pages = [
        reverse("admin:index"),
        *(
            reverse(f"admin:accounts_{model}_changelist")
            for model in ("user", "unit", "membership")
        ),
        *(reverse(f"admin:accounts_{model}_add") for model in ("user", "unit", "membership")),
        reverse("admin:accounts_user_change", args=[cast.member.pk]),
        reverse("admin:accounts_user_history", args=[cast.member.pk]),
        reverse("admin:accounts_user_import"),
        reverse("admin:accounts_user_password_link", args=[cast.member.pk]),
        reverse("admin:assessment_period_change", args=[period.pk]),
        reverse("admin:assessment_instrumentversion_changelist"),
    ]
    for page in pages:
        html = client.get(page).content.decode()
        assert not re.search(r"<style|\sstyle=|\son[a-z]+=\"", html), page
        assert not re.search(r"<script(?![^>]*\ssrc=)(?![^>]*application/json)", html), page
        assert "unsafe-inline" not in client.get(page)["Content-Security-Policy"]


# ── people ──────────────────────────────────────────────────────────────────
def test_a_new_person_comes_with_roles_and_one_entry_for_each_deed(
    client: Client, cast: Cast, ministry: Ministry
) -> None:
    before = entries()
    rows = [
        {"unit": ministry.poltek.pk, "role": Role.MEMBER, "pokja": ["1", "H"]},
        {"unit": ministry.balai.pk, "role": Role.TEAM_HEAD},
    ]
    response = client.post(reverse("admin:accounts_user_add"), user_form(None, *rows))
    assert response.status_code == 302
    user = User.objects.get(email="baru@uji.example")
    assert not user.has_usable_password()
    held = {(each.unit.code, each.role, *each.pokja) for each in user.memberships.all()}
    assert held == {("POLTEK", "anggota", "1", "H"), ("BALAI", "ketua_tim")}
    verbs = list(TrailEntry.objects.order_by("-pk").values_list("verb", flat=True)[:3])
    assert verbs == ["membership.granted", "membership.granted", "user.created"]
    assert entries() == before + 3
    assert last().actor == cast.admin
    assert last().personal["address"] == "127.0.0.1"
    assert not LogEntry.objects.exists()


def test_saving_without_a_change_leaves_no_entry(client: Client, cast: Cast) -> None:
    before = entries()
    post_user(client, cast.coordinator, row(cast.coordinator.memberships.get()))
    assert entries() == before


def test_a_person_is_changed_and_a_role_narrowed_and_removed(
    client: Client, cast: Cast, ministry: Ministry
) -> None:
    kept = cast.coordinator.memberships.get()
    gone = people.grant(OPERATOR, cast.coordinator, unit=ministry.balai, role=Role.MEMBER)
    before = entries()
    post_user(
        client,
        cast.coordinator,
        row(kept, pokja=["2", "5"]),
        row(gone, DELETE="on"),
        name="Koko Baru",
    )
    user = User.objects.get(pk=cast.coordinator.pk)
    assert user.name == "Koko Baru"
    assert [membership.pokja for membership in user.memberships.all()] == [["2", "5"]]
    assert entries() == before + 3


def test_what_a_verb_refuses_stands_beside_its_field_and_nothing_is_saved(
    client: Client, cast: Cast, ministry: Ministry
) -> None:
    before = entries()
    new = {"unit": ministry.poltek.pk, "role": Role.AUDITOR, "pokja": ["1"]}
    response = post_user(client, cast.nobody, new, name="Nama Baru")
    assert response.status_code == 200
    assert "dibatasi pada pokja" in errors(response)
    cast.nobody.refresh_from_db()
    assert cast.nobody.name == "Nana Nirperan"
    assert not cast.nobody.memberships.exists()
    assert entries() == before


def test_a_staff_number_that_differs_in_case_only_is_refused_beside_it(
    client: Client, cast: Cast
) -> None:
    people.change_user(OPERATOR, cast.member, email=cast.member.email, name=cast.member.name,
                       staff_number="KDP-0012", is_active=True)  # fmt: skip
    response = post_user(client, cast.nobody, staff_number="kdp-0012")
    assert "sudah dipakai" in errors(response)


def test_the_last_admin_cannot_be_deactivated_or_lose_the_role(client: Client, cast: Cast) -> None:
    own = cast.admin.memberships.get()
    off = post_user(client, cast.admin, row(own), is_active=None)
    assert "admin yang aktif" in errors(off)
    removed = post_user(client, cast.admin, row(own, DELETE="on"))
    assert "admin yang aktif" in errors(removed)
    moved = post_user(client, cast.admin, row(own, role=Role.LEADER))
    assert "admin yang aktif" in errors(moved)
    cast.admin.refresh_from_db()
    assert cast.admin.is_active
    assert cast.admin.memberships.get().role == Role.ADMIN


def test_people_are_found_by_name_address_number_and_unit(client: Client, cast: Cast) -> None:
    people.change_user(OPERATOR, cast.member, email=cast.member.email, name=cast.member.name,
                       staff_number="KDP-0012", is_active=True)  # fmt: skip
    for words in ("ani anggota", "ani.anggota@", "KDP-0012"):
        page = client.get(reverse("admin:accounts_user_changelist"), {"q": words}).content.decode()
        assert "Ani Anggota" in page
        assert "Kris Ketua" not in page
    page = client.get(reverse("admin:accounts_user_changelist"), {"q": "BALAI"}).content.decode()
    assert "Bala Balai" in page
    assert "Ani Anggota" not in page


def test_people_are_filtered_by_scope_and_role(client: Client, cast: Cast) -> None:
    page = reverse("admin:accounts_user_changelist")
    below = client.get(page, {"lingkup": "DITJEN"}).content.decode()
    assert "Ani Anggota" in below
    assert "Adi Admin</a>" not in below
    auditors = client.get(page, {"peran": "auditor"}).content.decode()
    assert "Audi Auditor" in auditors
    assert "Ani Anggota" not in auditors
    assert "Nana Nirperan" in client.get(page, {"peran": "-"}).content.decode()


def test_the_list_of_people_costs_the_same_with_many(
    client: Client, cast: Cast, ministry: Ministry, django_assert_max_num_queries: Any
) -> None:
    for number in range(20):
        user = people.create_user(OPERATOR, email=f"o{number}@uji.example", name=f"Orang {number}")
        people.grant(OPERATOR, user, unit=ministry.poltek, role=Role.MEMBER)
    for model in ("user", "membership", "unit"):
        with django_assert_max_num_queries(12):
            client.get(reverse(f"admin:accounts_{model}_changelist"))


# ── password links ──────────────────────────────────────────────────────────
def test_a_link_is_mailed_to_its_person_alone(client: Client, cast: Cast) -> None:
    page = reverse("admin:accounts_user_password_link", args=[cast.member.pk])
    response = client.post(page, {"kirim": "1"})
    assert [message.to for message in mail.outbox] == [[cast.member.email]]
    assert "/akun/sandi/lupa/" in mail.outbox[0].body
    assert "/akun/sandi/lupa/" not in response.content.decode()
    assert (last().verb, last().data) == ("user.password_link", {"way": "mail"})


def test_a_link_to_hand_over_opens_the_account_once_and_is_in_the_trail(
    client: Client, cast: Cast
) -> None:
    page = reverse("admin:accounts_user_password_link", args=[cast.member.pk])
    shown = client.post(page, {"buat": "1"}).content.decode()
    link = re.search(r'value="http://testserver([^"]+)"', shown)
    assert link
    assert (last().verb, last().data) == ("user.password_link", {"way": "handed"})
    assert last().actor == cast.admin
    assert mail.outbox == []
    visitor = Client()
    form = visitor.get(link[1], follow=True)
    password = {"password1": "perahu pagi ke timur", "password2": "perahu pagi ke timur"}
    visitor.post(form.request["PATH_INFO"], password)
    assert User.objects.get(pk=cast.member.pk).check_password("perahu pagi ke timur")
    assert "Tautan tidak berlaku" in Client().get(link[1], follow=True).content.decode()


def test_an_inactive_account_gets_no_link(client: Client, cast: Cast) -> None:
    people.deactivate(OPERATOR, cast.member)
    before = entries()
    page = reverse("admin:accounts_user_password_link", args=[cast.member.pk])
    assert "tidak aktif" in client.post(page, {"buat": "1"}).content.decode()
    assert "tidak aktif" in client.post(page, {"kirim": "1"}).content.decode()
    assert entries() == before
    assert mail.outbox == []


def test_links_and_deactivation_work_for_several_people_at_once(client: Client, cast: Cast) -> None:
    page = reverse("admin:accounts_user_changelist")
    chosen = [cast.member.pk, cast.team_head.pk]
    client.post(page, {"action": "mail_password_links", "_selected_action": chosen})
    assert len(mail.outbox) == 2
    client.post(page, {"action": "deactivate", "_selected_action": [*chosen, cast.admin.pk]})
    active = set(User.objects.filter(is_active=True).values_list("pk", flat=True))
    assert cast.admin.pk in active
    assert not active & set(chosen)


# ── units ───────────────────────────────────────────────────────────────────
def test_a_unit_is_made_renamed_and_moved(client: Client, ministry: Ministry) -> None:
    form = {"code": "AKADEMI", "name": "Akademi Uji", "parent": ministry.ditjen.pk}
    client.post(reverse("admin:accounts_unit_add"), form)
    unit = Unit.objects.get(code="AKADEMI")
    assert unit.path == "/KU/DITJEN/AKADEMI/"
    page = reverse("admin:accounts_unit_change", args=[unit.pk])
    client.post(page, {"code": "LAIN", "name": "Akademi Baru", "parent": ministry.setjen.pk,
                       "is_active": "on"})  # fmt: skip
    unit.refresh_from_db()
    assert (unit.code, unit.name, unit.path) == ("AKADEMI", "Akademi Baru", "/KU/SETJEN/AKADEMI/")
    assert last().data == {"name": "Akademi Baru", "path": "/KU/SETJEN/AKADEMI/"}
    history = client.get(reverse("admin:accounts_unit_history", args=[unit.pk])).content.decode()
    assert "Unit dibuat dengan nama “Akademi Uji”." in history
    assert "Adi Admin" in history


def test_a_circle_of_units_is_refused_beside_the_parent(client: Client, ministry: Ministry) -> None:
    page = reverse("admin:accounts_unit_change", args=[ministry.ditjen.pk])
    response = client.post(
        page, {"name": "Ditjen", "parent": ministry.poltek.pk, "is_active": "on"}
    )
    assert "dirinya sendiri" in errors(response)
    response = client.post(page, {"name": "Ditjen", "parent": "", "is_active": "on"})
    assert "wajib diisi" in errors(response)


def test_units_are_shown_as_a_tree(client: Client, ministry: Ministry) -> None:
    page = client.get(reverse("admin:accounts_unit_changelist")).content.decode()
    shown = re.findall(r'<span class="tree-(\d)">([^<]+)</span>', page)
    assert shown == [
        ("0", "Kementerian Uji"),
        ("1", "Direktorat Jenderal Vokasi"),
        ("2", "Balai Uji"),
        ("2", "Politeknik Uji"),
        ("1", "Sekretariat Jenderal"),
        ("2", "Biro Uji"),
    ]


def test_units_and_people_can_be_looked_up_while_typing(
    client: Client, cast: Cast, ministry: Ministry
) -> None:
    ask = {"app_label": "accounts", "model_name": "membership"}
    found = client.get(reverse("admin:autocomplete"), {**ask, "field_name": "unit", "term": "pol"})
    assert [each["text"] for each in found.json()["results"]] == ["Politeknik Uji (POLTEK)"]
    refused = signed_in(cast.member).get(
        reverse("admin:autocomplete"), {**ask, "field_name": "user", "term": "a"}
    )
    assert refused.status_code == 403


# ── memberships on their own page ───────────────────────────────────────────
def test_a_role_is_given_changed_and_revoked_on_its_own_page(
    client: Client, cast: Cast, ministry: Ministry
) -> None:
    form = {"user": cast.nobody.pk, "unit": ministry.biro.pk, "role": Role.MEMBER, "pokja": ["4"]}
    client.post(reverse("admin:accounts_membership_add"), form)
    held = cast.nobody.memberships.get()
    assert held.pokja == ["4"]
    page = reverse("admin:accounts_membership_change", args=[held.pk])
    client.post(page, {**form, "user": cast.admin.pk, "role": Role.UNIT_HEAD, "pokja": []})
    held.refresh_from_db()
    assert (held.user, held.role, held.pokja) == (cast.nobody, Role.UNIT_HEAD, [])
    client.post(
        reverse("admin:accounts_membership_changelist"),
        {"action": "revoke", "_selected_action": [held.pk]},
    )
    assert not cast.nobody.memberships.exists()
    assert last().verb == "membership.revoked"


def test_the_history_of_a_person_tells_of_roles_in_words(
    client: Client, cast: Cast, ministry: Ministry
) -> None:
    people.grant(OPERATOR, cast.nobody, unit=ministry.biro, role=Role.MEMBER, pokja=["4"])
    page = client.get(reverse("admin:accounts_user_history", args=[cast.nobody.pk]))
    assert "Peran diberikan: Anggota tim ZI di BIRO, pokja 4." in page.content.decode()
    assert "Operator" in page.content.decode()


# ── periods and instruments ─────────────────────────────────────────────────
def period_form(period: Period, **fields: Any) -> dict[str, Any]:
    return {
        "instrument": period.instrument_id,
        "repair_rounds": period.repair_rounds,
        "repair_days": period.repair_days,
        **fields,
    }


def test_a_period_is_opened_and_dated_with_one_entry_each(client: Client, period: Period) -> None:
    before = entries()
    client.post(reverse("admin:assessment_period_add"), period_form(period, year=2027))
    opened = Period.objects.get(year=2027)
    page = reverse("admin:assessment_period_change", args=[opened.pk])
    form = period_form(opened, year=2030, submission_deadline="2027-06-12")
    assert client.post(page, form).status_code == 302
    opened.refresh_from_db()
    assert (opened.year, str(opened.submission_deadline)) == (2027, "2027-06-12")
    assert last().data == {"submission_deadline": "2027-06-12"}
    assert entries() == before + 2
    client.post(page, form)
    assert entries() == before + 2


def test_dates_out_of_order_are_refused_beside_the_later_one(
    client: Client, period: Period
) -> None:
    page = reverse("admin:assessment_period_change", args=[period.pk])
    form = period_form(period, opens_on="2026-07-01", submission_deadline="2026-06-12")
    assert "mendahului 01-07-2026" in errors(client.post(page, form))
    period.refresh_from_db()
    assert period.opens_on is None


def test_a_period_in_use_keeps_the_structure_of_its_instrument(
    client: Client, assessment: Assessment, instrument_version: InstrumentVersion
) -> None:
    other = InstrumentVersion.objects.get(pk=instrument_version.pk)
    other.pk, other.version, other.structure_digest = None, 2, "0" * 64
    other.save()
    page = reverse("admin:assessment_period_change", args=[assessment.period.pk])
    response = client.post(page, period_form(assessment.period, instrument=other.pk))
    assert "sudah memiliki penilaian" in errors(response)


def test_an_instrument_is_read_only(client: Client, instrument_version: InstrumentVersion) -> None:
    page = reverse("admin:assessment_instrumentversion_change", args=[instrument_version.pk])
    assert instrument_version.structure_digest in client.get(page).content.decode()
    assert client.post(page, {"title": "Lain"}).status_code == 403
    assert client.get(reverse("admin:assessment_instrumentversion_add")).status_code == 403
