"""Every address × every role × own unit, other unit, signed out (security.md 15-18, 31)."""

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import pytest
from django.apps import apps
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.db import transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from pytest_django import Settings

from accounts import people, policy, trail
from accounts.models import TrailEntry, TrailHead
from accounts.policy import Action
from accounts.trail import OPERATOR
from assessment.models import InstrumentVersion
from tests.access_table import (
    ADMIN_PAGES,
    ROLES,
    SECRET,
    TABLE,
    VISITOR,
    Row,
    World,
    build,
    expect,
)
from tests.accounts.test_policy import ROLE_OF_CAST
from tests.conftest import Cast, Ministry, signed_in

DOWNLOADS = {"report.downloaded", "workbook.downloaded"}
"""The only entries that a GET may leave."""
SIGN_IN = "/akun/masuk/"


# ── walking the addresses ───────────────────────────────────────────────────
def addresses() -> dict[str, Callable[..., HttpResponse]]:
    """Every address of the portal: its name, or its pattern when it has none, and its view."""
    return dict(_walk(get_resolver().url_patterns, "", ""))


def _walk(
    patterns: list[URLPattern | URLResolver], namespace: str, route: str
) -> Iterator[tuple[str, Callable[..., HttpResponse]]]:
    for pattern in patterns:
        here = f"{route}{pattern.pattern}"
        if isinstance(pattern, URLResolver):
            inside = f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace
            yield from _walk(pattern.url_patterns, inside, here)
        else:
            yield (f"{namespace}{pattern.name}" if pattern.name else here), pattern.callback


VIEWS = addresses()
ADMIN_VIEWS = {url for url in VIEWS if url.startswith(("admin:", "admin/"))}


@pytest.fixture
def world(
    cast: Cast, ministry: Ministry, instrument_version: InstrumentVersion, settings: Settings
) -> World:
    cache.clear()
    in_memory = {"BACKEND": "django.core.files.storage.InMemoryStorage"}
    settings.STORAGES = {**settings.STORAGES, "default": in_memory}
    return build(cast, ministry, instrument_version)


@pytest.fixture
def clients(world: World) -> dict[str, Client]:
    """A browser for each role."""
    people = {role: getattr(world.cast, role) for role in ROLES if role != VISITOR}
    clients = {role: signed_in(person) for role, person in people.items()}
    return clients | {VISITOR: Client()}


def ask(client: Client, row: Row, world: World) -> HttpResponse:
    """Send the row's request and undo whatever it changed."""
    address = address_of(row, world)
    with transaction.atomic():
        response = getattr(client, row.method)(address, row.data)
        if response.streaming:
            b"".join(response)
        transaction.set_rollback(True)
    return response


def address_of(row: Row, world: World) -> str:
    arguments = dict(row.arguments(world))
    if "<" not in row.url:
        return reverse(row.url, kwargs=arguments)
    filled = {"url": "tidak-ada/", **arguments}
    return "/" + re.sub(
        r"<path:(\w+)>|\(\?P<(\w+)>[^)]*\)\$", lambda m: str(filled[m[1] or m[2]]), row.url
    )


def admin_rows() -> list[Row]:
    return [
        Row(url, "admin", _admin_arguments(url), expect(403, {status: "admin"}))
        for url, status in ADMIN_PAGES.items()
    ]


def _admin_arguments(url: str) -> Callable[[World], Mapping[str, Any]]:
    def arguments(world: World) -> dict[str, Any]:
        if url == "admin:app_list":
            return {"app_label": "accounts"}
        if not re.search(r"_(change|history|delete|password_link)$|object_id", url):
            return {}
        objects = {
            "user": world.cast.member,
            "unit": world.ministry.poltek,
            "membership": world.cast.member.memberships.get(),
            "period": world.draft.period,
            "instrumentversion": world.draft.period.instrument,
        }
        model = next(name for name in objects if re.search(rf"[_/]{name}[_/]", url))
        return {"object_id": objects[model].pk}

    return arguments


def rows_of(url: str) -> list[Row]:
    return [row for row in TABLE if row.url == url]


# ── the table is whole ──────────────────────────────────────────────────────
def test_every_address_is_listed_and_nothing_else_is() -> None:
    assert {row.url for row in TABLE} | set(ADMIN_PAGES) == set(VIEWS)
    assert set(ADMIN_PAGES) == ADMIN_VIEWS


@pytest.mark.parametrize("url", sorted(VIEWS))
def test_every_view_declares_who_may_come(url: str) -> None:
    access = getattr(VIEWS[url], "access", None)
    if url in ADMIN_VIEWS:
        assert access == {Action.ADMINISTER}
    else:
        assert access in ("public", "signed_in") or (access and access <= set(Action))


@pytest.mark.parametrize("url", sorted(set(VIEWS) - ADMIN_VIEWS))
def test_what_a_view_declares_and_what_the_table_expects_agree(url: str) -> None:
    access = VIEWS[url].access  # type: ignore[attr-defined]
    for row in rows_of(url):
        let_in = {role for role, status in row.expected.items() if status not in {302, 403, 404}}
        if access == "public":
            continue
        assert row.expected[VISITOR] == 302, row
        if access != "signed_in":
            holders = {role.value for action in access for role in policy.TABLE[action]}
            named = {role for role, held in ROLE_OF_CAST.items() if held.value in holders}
            assert let_in <= named, row


# ── and true ────────────────────────────────────────────────────────────────
@pytest.mark.parametrize("url", sorted({row.url for row in TABLE}))
def test_each_role_gets_what_the_table_says(
    world: World, clients: dict[str, Client], url: str
) -> None:
    """And nobody but the admin, whose role is at the ministry, meets a name from elsewhere."""
    for row in rows_of(url):
        answers = {role: ask(clients[role], row, world) for role in ROLES}
        statuses = {role: answer.status_code for role, answer in answers.items()}
        assert statuses == row.expected, row
        if VIEWS[url].access != "public":  # type: ignore[attr-defined]
            assert answers[VISITOR]["Location"].startswith(SIGN_IN), row
        for role in set(ROLES) - {"admin"}:
            assert SECRET not in all_of(answers[role]), (row, role)


def all_of(answer: HttpResponse) -> str:
    content = b"" if answer.streaming else answer.content
    return f"{answer.headers}{content.decode(errors='replace')}"


def test_the_administration_is_open_to_the_admin_alone(
    world: World, clients: dict[str, Client]
) -> None:
    for row in admin_rows():
        answers = {role: ask(clients[role], row, world) for role in ROLES}
        statuses = {role: answer.status_code for role, answer in answers.items()}
        assert statuses == row.expected, row
        assert answers[VISITOR]["Location"].startswith(SIGN_IN), row


def test_a_role_that_is_taken_away_closes_its_pages_at_the_next_request(
    world: World, clients: dict[str, Client]
) -> None:
    pages = [row for row in TABLE if row.method == "get" and "draft" in row.case]
    opened = [row for row in pages if row.expected["auditor"] == 200]
    assert all(ask(clients["auditor"], row, world).status_code == 200 for row in opened)
    people.revoke(OPERATOR, world.cast.auditor.memberships.get())
    assert all(ask(clients["auditor"], row, world).status_code == 404 for row in opened)


# ── looking changes nothing ─────────────────────────────────────────────────
def stand() -> dict[str, list[tuple[Any, ...]]]:
    """Everything in the database but sessions, and the entries of downloads."""
    tables = {}
    for model in apps.get_models():
        if model in {Session, TrailHead}:
            continue
        rows = model._base_manager.order_by("pk")
        if model is TrailEntry:
            rows = rows.exclude(verb__in=DOWNLOADS)
        tables[model._meta.label] = list(rows.values_list())
    return tables


@pytest.mark.parametrize("role", ["team_head", "tpi_head", "auditor", "admin", "nobody", VISITOR])
def test_looking_at_every_address_changes_nothing(
    world: World, clients: dict[str, Client], role: str
) -> None:
    before = stand()
    for row in [*TABLE, *admin_rows()]:
        for method in (clients[role].get, clients[role].head):
            response = method(address_of(row, world))
            assert response.status_code < 500, row
            if response.streaming:
                b"".join(response)
    assert stand() == before
    assert list(trail.verify_all()) == []
