"""One-time links by which a person sets a password: mailed, or handed over by an admin where
there is no mail. A link ends when it is used, or after PASSWORD_RESET_TIMEOUT."""

from allauth.account.adapter import get_adapter
from allauth.account.forms import ResetPasswordForm, default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django.core.exceptions import ValidationError
from django.http import HttpRequest

from accounts import trail
from accounts.models import User
from accounts.trail import Actor, Event


def mail(request: HttpRequest, user: User) -> None:
    """Send the person the same mail as "lupa sandi" does. Raises ValidationError if inactive."""
    _require_active(user)
    form = ResetPasswordForm(data={"email": user.email})
    if not form.is_valid():
        raise ValidationError(f"Surel {user.email} tidak dapat dikirimi tautan.")
    _record(request, user, "mail")
    form.save(request)


def make(request: HttpRequest, user: User) -> str:
    """The link itself, for the admin to hand over. Raises ValidationError if inactive."""
    _require_active(user)
    _record(request, user, "handed")
    key = f"{user_pk_to_url_str(user)}-{default_token_generator.make_token(user)}"
    url: str = get_adapter(request).get_reset_password_from_key_url(key)
    return url


def _require_active(user: User) -> None:
    if not user.is_active:
        raise ValidationError(f"Akun {user.name} tidak aktif.")


def _record(request: HttpRequest, user: User, way: str) -> None:
    trail.record(
        Actor.of(request),
        trail.PORTAL,
        Event("user.password_link", str(user.uuid), {"way": way}),
    )
