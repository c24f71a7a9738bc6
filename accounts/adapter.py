"""django-allauth as we use it: accounts are made by an admin, never by a visitor."""

from allauth.account.adapter import DefaultAccountAdapter
from django.db import transaction
from django.http import HttpRequest

from accounts import trail
from accounts.models import User
from accounts.trail import Actor, Event

MISMATCH = "NIP, surel, atau kata sandi tidak benar."


class AccountAdapter(DefaultAccountAdapter):
    # One sentence, whatever was wrong: it says nothing about which accounts there are.
    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "email_password_mismatch": MISMATCH,
        "username_password_mismatch": MISMATCH,
        "enter_current_password": "Kata sandi sekarang tidak benar.",
        "too_many_login_attempts": "Terlalu banyak percobaan. Coba lagi beberapa menit lagi.",
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    @transaction.atomic
    def set_password(self, user: User, password: str) -> None:
        """Changed, set or reset: always by the person, so the trail names that person."""
        super().set_password(user, password)
        actor = Actor(user, Actor.of(self.request).address)
        trail.record(actor, trail.PORTAL, Event("user.password_set", str(user.uuid)))
