"""The trail: who did what, when, to what. Append-only and hash-chained within a scope.

There is one chain per assessment, one per unit and one for the portal, so that people who work
on different things never wait for each other. The hash of an entry covers the entry before it;
`verify` recomputes a chain and names the first entry that does not fit.
"""

import hashlib
import json
import secrets
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone

from accounts.models import TrailEntry, TrailHead, Unit, User

PORTAL = "portal"


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts: a person, or the operator of the command line (`user` is None)."""

    user: User | None = None
    address: str = ""

    @property
    def label(self) -> str:
        """How the trail names the actor for ever: personal data stay with the account."""
        return f"user:{self.user.uuid}" if self.user else "operator"

    @classmethod
    def of(cls, request: HttpRequest) -> "Actor":
        """The signed-in person behind a request, with the address it came from."""
        user = request.user
        return cls(
            user if isinstance(user, User) else None, request.META.get("REMOTE_ADDR", "") or ""
        )


OPERATOR = Actor()


@dataclass(frozen=True, slots=True)
class Event:
    """What is to be recorded. `personal` (free text) is kept beside the hashed part."""

    verb: str
    target: str = ""
    data: dict[str, Any] = field(default_factory=dict)
    personal: dict[str, Any] = field(default_factory=dict)


def unit_chain(unit: Unit) -> str:
    return f"unit:{unit.pk}"


def lock(chain: str) -> TrailHead:
    """The chain's head, held until the transaction ends: it serialises all writers of the chain.

    Must be called inside a transaction.
    """
    head = TrailHead.objects.select_for_update().filter(chain=chain).first()
    if head is None:
        TrailHead.objects.bulk_create([TrailHead(chain=chain)], ignore_conflicts=True)
        head = TrailHead.objects.select_for_update().get(chain=chain)
    return head


@transaction.atomic(savepoint=False)
def record(
    actor: Actor,
    chain: str,
    events: Event | Sequence[Event],
    *,
    head: TrailHead | None = None,
    at: datetime | None = None,
) -> list[TrailEntry]:
    """Append events to a chain, in order, in the caller's transaction.

    `head` is the head that the caller already locked, if it did.
    """
    head = head or lock(chain)
    at = at or timezone.now()
    entries = []
    for event in [events] if isinstance(events, Event) else events:
        entry = _entry(actor, chain, event, head.seq + 1, head.hash, at)
        head.seq, head.hash = entry.seq, entry.hash
        entries.append(entry)
    TrailEntry.objects.bulk_create(entries, batch_size=500)
    TrailHead.objects.filter(chain=chain).update(seq=head.seq, hash=head.hash)
    return entries


def _entry(actor: Actor, chain: str, event: Event, seq: int, prev: str, at: datetime) -> TrailEntry:
    personal = {**event.personal, **({"address": actor.address} if actor.address else {})}
    salt = secrets.token_hex(16)
    entry = TrailEntry(
        chain=chain,
        seq=seq,
        at=at,
        actor=actor.user,
        actor_label=actor.label,
        verb=event.verb,
        target=event.target,
        data=event.data,
        personal=personal,
        salt=salt,
        personal_digest=_personal_digest(salt, personal),
        prev=prev,
    )
    entry.hash = _digest(entry)
    return entry


def _canonical(value: Any) -> bytes:
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def _personal_digest(salt: str, personal: dict[str, Any]) -> str:
    return hashlib.sha256(salt.encode() + _canonical(personal)).hexdigest()


def _digest(entry: TrailEntry) -> str:
    hashed = {
        "chain": entry.chain,
        "seq": entry.seq,
        # Databases keep microseconds; the offset is normalised so that both agree.
        "at": entry.at.astimezone(UTC).isoformat(timespec="microseconds"),
        "actor": entry.actor_label,
        "verb": entry.verb,
        "target": entry.target,
        "data": entry.data,
        "personal": entry.personal_digest,
        "prev": entry.prev,
    }
    return hashlib.sha256(_canonical(hashed)).hexdigest()


@dataclass(frozen=True, slots=True)
class Broken:
    """The first entry of a chain that does not verify, and why."""

    chain: str
    seq: int
    reason: str


def verify(chain: str) -> Broken | None:
    """Recompute a chain; None when every entry stands as it was written."""
    expected_seq, prev = 1, ""
    for entry in TrailEntry.objects.filter(chain=chain).order_by("seq").iterator(2000):
        if entry.seq != expected_seq:
            return Broken(chain, expected_seq, "entri hilang")
        if entry.prev != prev or entry.hash != _digest(entry):
            return Broken(chain, entry.seq, "isi tidak cocok dengan kode keaslian")
        blanked = entry.personal is None and not entry.salt
        if not blanked and entry.personal_digest != _personal_digest(
            entry.salt, entry.personal or {}
        ):
            return Broken(chain, entry.seq, "catatan pribadi tidak cocok dengan kode keaslian")
        expected_seq, prev = entry.seq + 1, entry.hash
    head = TrailHead.objects.filter(chain=chain).first()
    if (head.seq if head else 0) != expected_seq - 1 or (head and head.hash != prev):
        return Broken(chain, expected_seq, "ujung rantai tidak cocok")
    return None


def verify_all() -> Iterator[Broken]:
    """The first broken entry of every chain that does not verify."""
    chains: Iterable[str] = set(TrailHead.objects.values_list("chain", flat=True)) | set(
        TrailEntry.objects.values_list("chain", flat=True).distinct()
    )
    for chain in sorted(chains):
        if broken := verify(chain):
            yield broken
