"""Icons: inline SVG from the installed Lucide set."""

import pytest
from defusedxml.ElementTree import fromstring

from zi_portal.ui.icons import UnknownIconError, icon


def test_an_icon_without_label_is_hidden_from_assistive_technology() -> None:
    svg = fromstring(icon("lock"))
    assert svg.get("aria-hidden") == "true"
    assert svg.get("aria-label") is None
    assert len(svg) > 0


def test_a_labelled_icon_is_an_image_with_that_name() -> None:
    svg = fromstring(icon("lock", label='Terkunci & "tetap"'))
    assert svg.get("role") == "img"
    assert svg.get("aria-label") == 'Terkunci & "tetap"'
    assert svg.get("aria-hidden") is None


def test_it_takes_further_classes_beside_its_own() -> None:
    assert fromstring(icon("loader-circle", css="spin")).get("class") == "i spin"


def test_a_misspelt_name_is_an_error() -> None:
    with pytest.raises(UnknownIconError, match="lokc"):
        icon("lokc")
