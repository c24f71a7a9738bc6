"""Every view says who may come: a declared access, which the URL matrix test reads.

The declaration is documentation that is tested, not a second check: the getter of the object is
the check (policy.py). Sign-in itself is required of every view by middleware unless `public`.
"""

from collections.abc import Callable
from typing import Any, TypeVar

from django.contrib.auth.decorators import login_not_required

from accounts.policy import Action

View = TypeVar("View", bound=Callable[..., Any])


def public(view: View) -> View:
    """Anybody, signed in or not."""
    view.access = "public"  # type: ignore[attr-defined]
    return login_not_required(view)


def signed_in(view: View) -> View:
    """Anybody with an account; shows nothing beyond the person's own scope."""
    view.access = "signed_in"  # type: ignore[attr-defined]
    return view


def permits(*actions: Action) -> Callable[[View], View]:
    """Those who may do one of `actions` to the unit that the URL names."""

    def declare(view: View) -> View:
        view.access = frozenset(actions)  # type: ignore[attr-defined]
        return view

    return declare
