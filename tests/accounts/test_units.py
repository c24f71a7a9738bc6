"""The tree of units: made, renamed and moved in one place."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from accounts import trail
from accounts.models import TrailEntry, Unit
from accounts.trail import OPERATOR
from accounts.units import change_unit, create_unit
from tests.conftest import Ministry


def paths() -> dict[str, str]:
    return dict(Unit.objects.values_list("code", "path"))


def move(unit: Unit, parent: Unit | None) -> Unit:
    return change_unit(OPERATOR, unit, name=unit.name, parent=parent)


def test_a_unit_stands_below_its_parent(ministry: Ministry) -> None:
    assert paths()["POLTEK"] == "/KU/DITJEN/POLTEK/"
    assert ministry.poltek.depth == 2


@pytest.mark.parametrize("code", ["", "dua kata", "a/b", "-depan", "x" * 41, "POLTEK"])
def test_a_malformed_or_taken_code_is_refused(ministry: Ministry, code: str) -> None:
    with pytest.raises(ValidationError):
        create_unit(OPERATOR, code=code, name="Unit", parent=ministry.ditjen)
    assert Unit.objects.count() == 6


def test_there_is_one_root(ministry: Ministry) -> None:
    with pytest.raises(ValidationError, match="KU"):
        create_unit(OPERATOR, code="KD", name="Kementerian Kedua")
    with pytest.raises(ValidationError):
        move(ministry.ditjen, None)


def test_a_moved_unit_takes_its_subtree_along(ministry: Ministry) -> None:
    move(ministry.ditjen, ministry.setjen)
    assert paths() == {
        "KU": "/KU/",
        "SETJEN": "/KU/SETJEN/",
        "BIRO": "/KU/SETJEN/BIRO/",
        "DITJEN": "/KU/SETJEN/DITJEN/",
        "POLTEK": "/KU/SETJEN/DITJEN/POLTEK/",
        "BALAI": "/KU/SETJEN/DITJEN/BALAI/",
    }


def test_a_neighbour_whose_code_begins_alike_stays(ministry: Ministry) -> None:
    create_unit(OPERATOR, code="DITJEN2", name="Ditjen Lain", parent=ministry.root)
    move(ministry.ditjen, ministry.setjen)
    assert paths()["DITJEN2"] == "/KU/DITJEN2/"


def test_a_unit_cannot_come_below_itself(ministry: Ministry) -> None:
    before = paths()
    for below in (ministry.ditjen, ministry.poltek):
        with pytest.raises(ValidationError, match="dirinya sendiri"):
            move(ministry.ditjen, below)
    assert paths() == before


def test_a_moved_unit_stands_right_even_for_one_who_holds_an_old_copy(
    ministry: Ministry,
) -> None:
    move(ministry.ditjen, ministry.setjen)
    stale_parent = ministry.ditjen  # its path is still the old one
    create_unit(OPERATOR, code="BARU", name="Unit Baru", parent=stale_parent)
    assert paths()["BARU"] == "/KU/SETJEN/DITJEN/BARU/"


def test_two_moves_from_old_copies_make_no_circle(ministry: Ministry) -> None:
    move(ministry.ditjen, ministry.biro)
    with pytest.raises(ValidationError, match="dirinya sendiri"):
        move(ministry.setjen, ministry.poltek)  # poltek now lies below setjen


def test_a_renamed_unit_keeps_the_names_of_its_time(ministry: Ministry) -> None:
    change_unit(OPERATOR, ministry.poltek, name="Politeknik Baru", parent=ministry.ditjen)
    names = list(ministry.poltek.names.values_list("name", flat=True))
    assert names == ["Politeknik Baru", "Politeknik Uji"]
    since: date = ministry.poltek.names.earliest("id").since
    assert since == timezone.localdate()


def test_every_change_leaves_one_entry_and_none_leaves_none(ministry: Ministry) -> None:
    before = TrailEntry.objects.count()
    change_unit(OPERATOR, ministry.poltek, name="Politeknik Uji", parent=ministry.ditjen)
    assert TrailEntry.objects.count() == before
    change_unit(OPERATOR, ministry.poltek, name="Politeknik Baru", parent=ministry.setjen)
    entry = TrailEntry.objects.latest("seq")
    assert TrailEntry.objects.count() == before + 1
    assert entry.target == "POLTEK"
    assert entry.data == {"name": "Politeknik Baru", "path": "/KU/SETJEN/POLTEK/"}
    assert trail.verify(trail.PORTAL) is None


def test_a_unit_can_be_taken_out_of_use_and_back(ministry: Ministry) -> None:
    off = change_unit(
        OPERATOR, ministry.balai, name=ministry.balai.name, parent=ministry.ditjen, is_active=False
    )
    assert not Unit.objects.get(pk=off.pk).is_active
    on = change_unit(OPERATOR, off, name=off.name, parent=ministry.ditjen)
    assert Unit.objects.get(pk=on.pk).is_active
