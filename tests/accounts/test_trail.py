"""The trail is a chain: what was written stays, or is seen to be changed (security.md 35-36)."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import RequestFactory

from accounts import trail
from accounts.models import TrailEntry, TrailHead, User
from accounts.trail import OPERATOR, Actor, Event
from tests.conftest import Cast

CHAIN = "assessment:1"


def write(actor: Actor, *verbs: str) -> list[TrailEntry]:
    return trail.record(
        actor,
        CHAIN,
        [Event(verb, "A.I.1.i.a", {"to": "B"}, {"note": "Catatan Ani"}) for verb in verbs],
    )


@pytest.fixture
def chain(cast: Cast) -> list[TrailEntry]:
    """Four entries by a person and the operator, in three transactions."""
    ani = Actor(cast.member, "10.0.0.1")
    return [*write(ani, "one"), *write(OPERATOR, "two", "three"), *write(ani, "four")]


def test_a_chain_verifies_and_numbers_its_entries(chain: list[TrailEntry]) -> None:
    assert [entry.seq for entry in chain] == [1, 2, 3, 4]
    assert [entry.prev for entry in chain] == ["", *(entry.hash for entry in chain[:3])]
    assert trail.verify(CHAIN) is None


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("verb", "another"),
        ("target", "A.I.1.i.b"),
        ("data", {"to": "A"}),
        ("actor_label", "operator"),
        ("personal", {"note": "Catatan lain", "address": "10.0.0.1"}),
        ("salt", "0" * 32),
        ("personal_digest", "0" * 64),
        ("prev", "0" * 64),
        ("hash", "0" * 64),
    ],
)
def test_a_changed_field_is_found_at_its_entry(
    chain: list[TrailEntry], field: str, value: Any
) -> None:
    TrailEntry.objects.filter(pk=chain[3].pk).update(**{field: value})
    broken = trail.verify(CHAIN)
    assert broken is not None
    assert broken.seq == 4


def test_a_changed_time_is_found(chain: list[TrailEntry]) -> None:
    TrailEntry.objects.filter(pk=chain[1].pk).update(at=chain[1].at + timedelta(microseconds=1))
    broken = trail.verify(CHAIN)
    assert broken is not None
    assert broken.seq == 2


@pytest.mark.parametrize("gone", [0, 1, 3])
def test_a_missing_entry_is_found(chain: list[TrailEntry], gone: int) -> None:
    chain[gone].delete()
    broken = trail.verify(CHAIN)
    assert broken is not None
    assert broken.seq == gone + 1


def test_a_chain_cut_at_its_end_with_its_head_gone_is_found(chain: list[TrailEntry]) -> None:
    TrailHead.objects.filter(chain=CHAIN).delete()
    assert trail.verify(CHAIN) is not None
    assert [broken.chain for broken in trail.verify_all()] == [CHAIN]


def test_an_entry_moved_to_another_chain_is_found(chain: list[TrailEntry]) -> None:
    TrailEntry.objects.filter(pk=chain[3].pk).update(chain="assessment:2", seq=1)
    assert {broken.chain for broken in trail.verify_all()} == {CHAIN, "assessment:2"}


def test_two_entries_cannot_share_a_number(chain: list[TrailEntry]) -> None:
    twin = TrailEntry.objects.get(pk=chain[3].pk)
    twin.pk = None
    with pytest.raises(IntegrityError), transaction.atomic():
        twin.save()


def test_blanking_what_is_personal_leaves_the_chain_true(chain: list[TrailEntry]) -> None:
    TrailEntry.objects.filter(chain=CHAIN).update(personal=None, salt="")
    assert trail.verify(CHAIN) is None


def test_blanking_the_words_but_keeping_the_salt_is_found(chain: list[TrailEntry]) -> None:
    TrailEntry.objects.filter(pk=chain[0].pk).update(personal=None)
    broken = trail.verify(CHAIN)
    assert broken is not None
    assert broken.seq == 1


def test_what_is_personal_is_not_in_the_hashed_part(chain: list[TrailEntry]) -> None:
    for entry in chain:
        assert "Catatan Ani" not in f"{entry.data}{entry.target}{entry.actor_label}"
        assert "10.0.0.1" not in f"{entry.data}{entry.target}{entry.actor_label}"


def test_the_same_words_have_another_digest_each_time(cast: Cast) -> None:
    first, second = write(OPERATOR, "one", "two")
    assert first.personal == second.personal
    assert first.personal_digest != second.personal_digest


def test_the_trail_survives_the_deletion_of_its_person(cast: Cast, chain: list[TrailEntry]) -> None:
    uuid = cast.member.uuid
    User.objects.get(pk=cast.member.pk).delete()
    entry = TrailEntry.objects.get(chain=CHAIN, seq=1)
    assert entry.actor is None
    assert entry.actor_label == f"user:{uuid}"
    assert trail.verify(CHAIN) is None


def test_an_entry_is_undone_with_what_it_tells_of(cast: Cast, chain: list[TrailEntry]) -> None:
    with transaction.atomic():
        write(OPERATOR, "five")
        transaction.set_rollback(True)
    assert TrailEntry.objects.filter(chain=CHAIN).count() == 4
    write(OPERATOR, "five")
    assert trail.verify(CHAIN) is None


def test_the_actor_of_a_request_is_its_person_and_address(cast: Cast) -> None:
    request = RequestFactory().get("/", REMOTE_ADDR="10.0.0.9")
    request.user = cast.member
    (entry,) = trail.record(Actor.of(request), CHAIN, Event("seen"))
    assert entry.actor == cast.member
    assert entry.personal == {"address": "10.0.0.9"}
