"""The instruments that are loaded: taking a file in, and the compiled tree of a version."""

import json
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from django.db import transaction

from accounts import trail
from accounts.trail import Actor, Event
from assessment.instrument import (
    Instrument,
    canonical_json,
    compile_instrument,
    structure_digest,
    wording_digest,
)
from assessment.models import InstrumentVersion


@transaction.atomic
def load(actor: Actor, document: Mapping[str, Any]) -> tuple[InstrumentVersion, bool]:
    """Take an instrument document in; (version, whether it is new).

    The same document twice changes nothing. Any difference makes a new version: a loaded one is
    never altered, since assessments of the past stand on it. Raises InstrumentError.
    """
    compiled = compile_instrument(document)
    structure, wording = structure_digest(document), wording_digest(document)
    latest = InstrumentVersion.objects.filter(code=compiled.code).order_by("-version").first()
    if latest and (latest.structure_digest, latest.wording_digest) == (structure, wording):
        return latest, False
    version = InstrumentVersion.objects.create(
        code=compiled.code,
        version=latest.version + 1 if latest else 1,
        title=compiled.title,
        document=canonical_json(document),
        structure_digest=structure,
        wording_digest=wording,
    )
    trail.record(
        actor,
        trail.PORTAL,
        Event(
            "instrument.loaded",
            f"{version.code}:{version.version}",
            {"structure": structure, "wording": wording},
        ),
    )
    return version, True


def is_loaded(document: Mapping[str, Any]) -> bool:
    """Whether some version, not only the latest, has this structure and this wording."""
    return InstrumentVersion.objects.filter(
        structure_digest=structure_digest(document), wording_digest=wording_digest(document)
    ).exists()


def compiled(version: InstrumentVersion) -> Instrument:
    """The immutable tree of a version: compiled once per process, since a version never changes.

    The row may come with `document` deferred; it is read only when the tree is not yet there.
    """
    return _compiled(version.structure_digest, version.wording_digest)


@lru_cache(maxsize=16)
def _compiled(structure: str, wording: str) -> Instrument:
    """The tree that both digests together determine, whichever row carries it."""
    documents = InstrumentVersion.objects.filter(
        structure_digest=structure, wording_digest=wording
    ).values_list("document", flat=True)
    return compile_instrument(json.loads(documents[0]))
