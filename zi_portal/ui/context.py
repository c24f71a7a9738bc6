"""Context processor for the frame."""

from collections.abc import Callable, Mapping
from typing import Any, cast

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject
from django.utils.module_loading import import_string

from zi_portal.ui.theme import chosen_theme

FrameSource = Callable[[HttpRequest], Mapping[str, Any]]
"""What the setting ZI_FRAME_SOURCE names by its dotted path: ui has no models and no rules, so
the project says what a person sees. Keys, each of which may be absent:

sections       main navigation, each with label, url, current; what the role lacks is left out
periods        the same, for the choice of a year; the current one is shown in the bar
roles          the same, with `detail` too, when a person can act in several roles
links          the same, further entries of the person's menu (change password)
person_role    role in which the person acts, in words
person_unit    name of the unit for which they act
"""


def frame(request: HttpRequest) -> dict[str, Any]:
    """`frame` (asked of its source only when a template shows it: fragments do not) and `theme`,
    the stored choice as Bootstrap names it: "light", "dark" or "" (the system decides)."""

    def ask() -> Mapping[str, Any]:
        source: str = getattr(settings, "ZI_FRAME_SOURCE", "")
        return cast("FrameSource", import_string(source))(request) if source else {}

    return {"frame": SimpleLazyObject(ask), "theme": chosen_theme(request)}
