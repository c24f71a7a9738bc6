"""Light, dark, or as the system: a choice of this browser, kept in a cookie."""

from django.http import HttpRequest

COOKIE = "zi_tema"
THEMES = {"terang": "light", "gelap": "dark"}
"""The stored word → Bootstrap's. "sistem" is the absence of a choice."""


def chosen_theme(request: HttpRequest) -> str:
    """Bootstrap's name of the choice, or "" when the system decides."""
    return THEMES.get(request.COOKIES.get(COOKIE, ""), "")
