"""The verbs of the unit tree: create, rename, move. They keep paths and dated names.

The tree has one writer at a time (the lock of the portal's chain), and a parent is read anew
behind that lock: a copy from before a move would put a unit in the wrong place, or in a circle.
"""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F, Value
from django.db.models.functions import Concat, Substr
from django.utils import timezone

from accounts import trail
from accounts.models import Unit, UnitName
from accounts.trail import Actor, Event


def path_of(code: str, parent: Unit | None) -> str:
    """The materialised path of a unit: the codes from the ministry down, each closed by "/"."""
    return f"{parent.path if parent else '/'}{code}/"


@transaction.atomic
def create_unit(actor: Actor, *, code: str, name: str, parent: Unit | None = None) -> Unit:
    """A new unit below `parent` (None: the ministry, of which there is one).

    Raises ValidationError when the code is taken or malformed, or a second root is wanted.
    """
    head, parent = trail.lock(trail.PORTAL), _fresh(parent)
    if parent is None and (root := Unit.objects.filter(parent=None).first()):
        raise ValidationError(
            {"parent": f"Unit induk wajib diisi: {root.code} sudah menjadi instansi."}
        )
    unit = Unit(code=code.strip(), name=name.strip(), parent=parent)
    unit.path = path_of(unit.code, parent)
    unit.full_clean()
    unit.save()
    _remember(unit)
    trail.record(
        actor,
        trail.PORTAL,
        Event("unit.created", unit.code, {"name": unit.name, "path": unit.path}),
        head=head,
    )
    return unit


@transaction.atomic
def change_unit(
    actor: Actor, unit: Unit, *, name: str, parent: Unit | None, is_active: bool = True
) -> Unit:
    """Rename, move or (de)activate a unit; whatever lies below moves along.

    Raises ValidationError when a unit would come to lie below itself, or become a second root.
    """
    head, parent = trail.lock(trail.PORTAL), _fresh(parent)
    unit = Unit.objects.get(pk=unit.pk)
    before = {"name": unit.name, "path": unit.path, "is_active": unit.is_active}
    if parent is not None and parent.path.startswith(unit.path):
        raise ValidationError({"parent": "Unit tidak dapat dipindahkan ke bawah dirinya sendiri."})
    if parent is None and unit.parent_id is not None:
        raise ValidationError({"parent": "Unit induk wajib diisi."})
    old_path, unit.path = unit.path, path_of(unit.code, parent)
    unit.name, unit.parent, unit.is_active = name.strip(), parent, is_active
    unit.full_clean()
    unit.save()
    if unit.path != old_path:
        Unit.objects.filter(path__startswith=old_path).exclude(pk=unit.pk).update(
            path=Concat(Value(unit.path), Substr(F("path"), len(old_path) + 1))
        )
    after = {"name": unit.name, "path": unit.path, "is_active": unit.is_active}
    if after == before:
        return unit
    _remember(unit)
    changed = {key: value for key, value in after.items() if value != before[key]}
    trail.record(actor, trail.PORTAL, Event("unit.changed", unit.code, changed), head=head)
    return unit


def _fresh(unit: Unit | None) -> Unit | None:
    return unit and Unit.objects.get(pk=unit.pk)


def _remember(unit: Unit) -> None:
    UnitName.objects.create(unit=unit, name=unit.name, path=unit.path, since=timezone.localdate())
